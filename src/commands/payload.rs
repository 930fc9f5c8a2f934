//! The payload options of the commands that create deliveries, and the creation of deliveries.

mod edits;

use crate::commands::context::Context;
pub(super) use crate::commands::payload::edits::EditArgs;
use crate::commands::secrets::UnsignedOption;
use crate::commands::value_parsers::{
    date_argument, header_argument, message_id_argument, now_argument,
};
use crate::domain::event_ref::EventRef;
use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::domain::target::Target;
use crate::domain::verdict::Proof;
use crate::engine::compose::{RequestDraft, compose};
use crate::engine::generate::PayloadOptions;
use crate::engine::seeded_rng::SeededRng;
use crate::engine::tamper;
use crate::engine::{generate, recognise};
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::input;
use crate::protocols::json;
use crate::protocols::schemes::masking::Masking;
use crate::protocols::schemes::scheme::Tamper;
use crate::providers::Packs;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, Provider, ShapeConfidence};
use bytes::Bytes;
use clap::Args;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;

/// The payload options.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Payload")]
pub struct PayloadArgs {
    /// Send the bytes of this file unchanged, `-` for standard input
    ///
    /// The maximum size is 64 MiB, as for the files of `--merge`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seed", "variant", "set", "set_json", "unset", "add", "add_json", "merge"])]
    data: Option<PathBuf>,

    /// Generate another lead; the same seed and `--now` give the same bytes
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Variant of the payload, such as `minimal`: see `leadhook events`
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,

    /// Send what the sender sent on this date, such as `2025-08-01`, without newer fields
    ///
    /// The packs say since when a field or a header exists: see `leadhook docs`.
    #[arg(long, value_name = "DATE", value_parser = date_argument, conflicts_with = "data")]
    as_of: Option<Date>,

    #[command(flatten)]
    edits: EditArgs,

    /// Introduce one deliberate defect, such as `body` or `wrong-secret`
    #[arg(
        long,
        value_name = "KIND",
        value_parser = TamperNames,
        hide_possible_values = true,
        long_help = tamper_help()
    )]
    tamper: Option<String>,

    /// Send without a signature, like a provider without a configured secret
    #[arg(long, conflicts_with_all = ["tamper", "secret_file"])]
    unsigned: bool,

    /// Message id [default: a new one]
    #[arg(long, value_name = "ID", value_parser = message_id_argument)]
    message_id: Option<String>,

    /// Time of sending: RFC 3339, or `@` and Unix seconds
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,

    /// Additional header (can be repeated)
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header_argument)]
    headers: Vec<(String, String)>,
}

/// A delivery that is ready to be sent.
#[derive(Debug)]
pub struct PreparedDelivery {
    /// The pack of the provider that sends it, shared by all messages of a run.
    pub pack: Arc<Pack>,
    /// The name of the event.
    pub event: String,
    /// The id that all its attempts share, if there is one.
    pub message_id: Option<String>,
    /// The time of sending.
    pub now: Timestamp,
    /// The request.
    pub message: Message,
    /// The body before a defect changed it.
    body: Bytes,
    /// `true` if the request is signed.
    pub signed: bool,
    /// The secret that it was signed with, which is masked if the request contains it.
    secret: Option<Secret>,
}

impl PreparedDelivery {
    /// Returns the masking of the secret, if the request contains it.
    pub(super) fn masking(&self) -> Masking<'_> {
        Masking { scheme: &*self.pack.provider.signature, secrets: self.secret.as_slice() }
    }

    /// Returns a target as it is shown.
    pub(super) fn shown_target(&self, target: &Target) -> Target {
        let path = target.path_and_query();
        target.at_path(&self.masking().masked_url(&path))
    }
}

/// The values that differ between the deliveries of one run.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeliverySeeds {
    /// The seed of the lead; `None` for the lead of the sample.
    pub(super) lead_seed: Option<u64>,
    /// The seed of the message id.
    pub(super) id_seed: u64,
    /// The time of sending.
    pub(super) now: Timestamp,
}

impl PayloadArgs {
    /// Returns the seed, if one was given.
    pub(super) fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// Returns the time of sending, if one was given.
    pub(super) fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// Returns `true` if deliveries are sent without a signature.
    pub(super) fn is_unsigned(&self) -> bool {
        self.unsigned
    }

    /// Returns `true` if deliveries have a deliberate defect.
    pub(super) fn is_tampered(&self) -> bool {
        self.tamper.is_some()
    }

    /// Rejects reading standard input twice.
    pub(super) fn check_stdin(&self, context: &Context<'_>) -> Result<(), Error> {
        context.check_stdin(self.data.iter().chain(self.edits.merge_files()))
    }

    /// Rejects options that would make several messages identical, or that can be read only once.
    pub(super) fn check_for_several(&self) -> Result<(), Error> {
        let mut files = self.edits.merge_files();
        let (option, why) = match (&self.data, &self.message_id) {
            (Some(_), _) => ("--data", "is one lead"),
            (_, Some(_)) => ("--message-id", "is the id of one message"),
            _ if files.any(|file| file.as_os_str() == "-") => ("--merge -", "can be read once"),
            _ => return Ok(()),
        };
        Err(Error::Option {
            message: format!("`{option}` {why}, but several are to be sent"),
            hint: "`--seed N` generates the same leads again".to_owned(),
        })
    }

    /// Prepares the delivery of an event, and prints the notes on it. `requested` is the event as
    /// given on the command line.
    pub(super) fn prepare(
        &self,
        context: &mut Context<'_>,
        requested: &EventRef,
        (pack, event): (&Arc<Pack>, &EventFacts),
        target: &Target,
    ) -> Result<PreparedDelivery, Error> {
        self.check_stdin(context)?;
        let secret = if self.unsigned || pack.provider.signature.proof() == Proof::None {
            None
        } else {
            Some(context.signing_secret(
                &pack.provider,
                Some(requested),
                UnsignedOption::Available,
            )?)
        };
        self.prepare_with(context, pack, event, target, secret.as_ref())
    }

    /// Prepares the delivery with a known pack and secret, and prints the notes on it.
    pub(super) fn prepare_with(
        &self,
        context: &mut Context<'_>,
        pack: &Arc<Pack>,
        event: &EventFacts,
        target: &Target,
        secret: Option<&Secret>,
    ) -> Result<PreparedDelivery, Error> {
        let id_seed = self.seed.unwrap_or_else(|| context.env.random_u64());
        let seeds = DeliverySeeds { lead_seed: self.seed, id_seed, now: context.now(self.now) };
        let (prepared, notes) = self.generate(context.env, pack, event, target, secret, seeds)?;
        for note in &notes {
            context.printer.note(note);
        }
        Ok(prepared)
    }

    /// Creates one of several deliveries. Returns it with the notes on it.
    pub(super) fn generate(
        &self,
        env: &Environment,
        pack: &Arc<Pack>,
        event: &EventFacts,
        target: &Target,
        secret: Option<&Secret>,
        seeds: DeliverySeeds,
    ) -> Result<(PreparedDelivery, Vec<String>), Error> {
        let provider = &pack.provider;
        let now = seeds.now;
        self.check_headers(provider)?;
        let tamper = self.tamper.as_deref().map(|name| find_tamper(name, provider)).transpose()?;
        let mut notes = Vec::new();
        let (body, message_id) = self.body(env, pack, event, seeds, &mut notes)?;
        if event.shape == ShapeConfidence::Guess && self.data.is_none() {
            notes.push(format!(
                "{} documents no payload for `{}`: the content of `data` is a guess",
                provider.name, event.name
            ));
        }
        let draft = RequestDraft {
            event: Some(&event.name),
            message_id: message_id.as_deref(),
            now,
            path: &target.path_and_query(),
            body: body.clone(),
            as_of: self.as_of,
            extra_headers: &self.headers,
        };
        let composed = compose(provider, draft, secret, tamper)?;
        if self.as_of.is_some() && provider.versions.before_newest().is_none() {
            notes.push(format!(
                "`--as-of` changes nothing: the pack of {} has no dates of fields",
                provider.name
            ));
        }
        notes.extend(composed.notes);
        let prepared = PreparedDelivery {
            pack: Arc::clone(pack),
            event: event.name.clone(),
            message_id,
            now,
            signed: composed.is_signed,
            secret: secret.cloned(),
            message: composed.message,
            body,
        };
        Ok((prepared, notes))
    }

    /// Signs a delivery again for a later attempt, with the time `at`: the body and the id stay.
    ///
    /// Returns `None` if the scheme signs no time, or if the user chose the time.
    pub(super) fn sign_again(
        &self,
        prepared: &PreparedDelivery,
        secret: Option<&Secret>,
        at: Timestamp,
    ) -> Result<Option<PreparedDelivery>, Error> {
        let provider = &prepared.pack.provider;
        if !provider.signature.signs_time() || self.now.is_some() {
            return Ok(None);
        }
        let tamper = self.tamper.as_deref().map(|name| find_tamper(name, provider)).transpose()?;
        let draft = RequestDraft {
            event: Some(&prepared.event),
            message_id: prepared.message_id.as_deref(),
            now: at,
            path: &prepared.message.target,
            body: prepared.body.clone(),
            as_of: self.as_of,
            extra_headers: &self.headers,
        };
        let message = compose(provider, draft, secret, tamper)?.message;
        Ok(Some(PreparedDelivery {
            pack: Arc::clone(&prepared.pack),
            event: prepared.event.clone(),
            message_id: prepared.message_id.clone(),
            now: at,
            message,
            body: prepared.body.clone(),
            signed: prepared.signed,
            secret: prepared.secret.clone(),
        }))
    }

    /// Returns the body and its message id.
    fn body(
        &self,
        env: &Environment,
        pack: &Pack,
        event: &EventFacts,
        seeds: DeliverySeeds,
        notes: &mut Vec<String>,
    ) -> Result<(Bytes, Option<String>), Error> {
        let provider = &pack.provider;
        let mut rng = SeededRng::new(seeds.id_seed, "message-id");
        let mut new_id =
            || self.message_id.clone().or_else(|| generate::message_id(provider, &mut rng));
        if let Some(path) = &self.data {
            let body = Bytes::from(input::read(env.stdin(), "payload", path, input::MAX_BODY)?);
            let id_is_in_body =
                provider.message_id.as_ref().is_some_and(|facts| facts.location.pointer.is_some());
            if id_is_in_body && self.message_id.is_some() {
                return Err(Error::Option {
                    message: format!(
                        "`--message-id` cannot change `--data`: {} has the id in the body",
                        provider.name
                    ),
                    hint: "write the id into the file".to_owned(),
                });
            }
            if body.ends_with(b"\n") {
                notes.push(
                    "the payload ends in a newline, which is sent and signed with it".to_owned(),
                );
            }
            let json = json::read(&body).ok();
            let message = Message::post("/", Headers::new(), body);
            let id = recognise::message_id(provider, &message, json.as_ref());
            let id = if id_is_in_body { id } else { new_id() };
            return Ok((message.body, id));
        }
        let message_id = new_id();
        let recipe = PayloadOptions {
            variant: self.variant.as_deref(),
            seed: seeds.lead_seed,
            message_id: message_id.as_deref(),
            now: seeds.now,
            edits: &self.edits.read(env)?,
        };
        Ok((generate::payload_as_of(pack, event, &recipe, self.as_of)?.into(), message_id))
    }

    /// Rejects user headers that would replace the signature, or a value that is signed with the
    /// body: the request would not be what the command claims to send.
    fn check_headers(&self, provider: &Provider) -> Result<(), Error> {
        let is_set =
            |header: &str| self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(header));
        if let Some(signature) = provider.signature.header().filter(|header| is_set(header)) {
            return Err(Error::Option {
                message: format!("`-H` cannot set `{signature}`: it contains the signature"),
                hint: "use `--tamper` for an invalid one, or `--unsigned` for none".to_owned(),
            });
        }
        let mut signed = provider.signature.signed_headers().into_iter();
        if let Some(signed) = signed.find(|header| is_set(header.name)) {
            return Err(Error::Option {
                message: format!("`-H` cannot set `{}`: it is signed with the body", signed.name),
                hint: "set the signed values with `--message-id` and `--now`".to_owned(),
            });
        }
        check_message_id(provider, self.message_id.as_deref())
    }
}

/// Rejects `--message-id` for a provider whose messages have no id.
pub(super) fn check_message_id(provider: &Provider, id: Option<&str>) -> Result<(), Error> {
    if id.is_some() && provider.message_id.is_none() {
        return Err(Error::Option {
            message: format!(
                "`--message-id` cannot be used: messages of {} have no id",
                provider.name
            ),
            hint: "its duplicates are detected from the event and the bytes".to_owned(),
        });
    }
    Ok(())
}

/// Returns the long help of `--tamper`: the short help would be mostly the list of names.
fn tamper_help() -> String {
    let shown = builtin_tampers();
    let rows = tamper::all().into_iter().filter(|tamper| shown.contains(&tamper.name));
    let rows: Vec<_> = rows.map(|row| format!("- {}: {}", row.name, row.about)).collect();
    format!(
        "Introduce one deliberate defect, such as `body` or `wrong-secret`\n\nThe kinds are those \
         that a built-in provider can have. With the name of a provider, an unknown KIND lists those \
         that its signature can have.\n\nPossible values:\n{}",
        rows.join("\n")
    )
}

/// The parser of `--tamper`. It accepts any name, because the valid ones depend on the pack, which
/// is not known yet.
///
/// The help and the completions list every name with a description.
#[derive(Clone, Copy, Debug)]
struct TamperNames;

impl TypedValueParser for TamperNames {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let shown = builtin_tampers();
        let possible = move |tamper: &Tamper| {
            let is_hidden = !shown.contains(&tamper.name);
            PossibleValue::new(tamper.name).help(tamper.about).hide(is_hidden)
        };
        Some(Box::new(tamper::all().into_iter().map(possible)))
    }
}

/// Returns the names of the defects that a delivery of a built-in provider can have. The other ones
/// would only make the help longer for most users.
fn builtin_tampers() -> BTreeSet<&'static str> {
    // A built-in pack that cannot be read is an error of every command that uses packs.
    let packs =
        Packs::builtin().into_iter().flat_map(|packs| packs.iter().cloned().collect::<Vec<_>>());
    let names = packs.flat_map(|pack| {
        tamper::for_scheme(&pack.provider.signature).map(|tamper| tamper.name).collect::<Vec<_>>()
    });
    names.collect()
}

/// Returns the defect called `name`, if it applies to deliveries of this provider.
fn find_tamper(name: &str, provider: &Provider) -> Result<&'static Tamper, Error> {
    let scheme = &provider.signature;
    if let Some(tamper) = tamper::find(scheme, name) {
        return Ok(tamper);
    }
    let available = tamper::for_scheme(scheme).map(|tamper| tamper.name);
    if tamper::all().iter().any(|tamper| tamper.name == name) {
        return Err(Error::Option {
            message: format!(
                "`--tamper {name}` does not apply to {}, which signs with `{}`",
                provider.name,
                scheme.name()
            ),
            hint: format!(
                "available: {}",
                available.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
        });
    }
    Err(Error::UnknownName {
        what: "tamper",
        name: name.to_owned(),
        known: available.map(str::to_owned).collect(),
    })
}
