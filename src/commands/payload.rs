//! Options of every command that makes a delivery, and the delivery they make.

mod edits;

use crate::commands::context::Context;
use crate::commands::payload::edits::EditArgs;
use crate::commands::secrets::Unsigned;
use crate::commands::values::{header_argument, message_id_argument, now_argument};
use crate::domain::event::EventRef;
use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::domain::target::Target;
use crate::engine::compose::{RequestDraft, compose};
use crate::engine::generate::Recipe;
use crate::engine::seeded_rng::SeededRng;
use crate::engine::tamper;
use crate::engine::{generate, recognise};
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::input;
use crate::protocols::json;
use crate::protocols::schemes::scheme::Tamper;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, Provider, Shape};
use bytes::Bytes;
use clap::Args;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use jiff::Timestamp;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;

/// What is delivered.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Payload")]
pub struct PayloadArgs {
    /// Send the bytes of this file as they are, `-` for standard input
    ///
    /// The file may have 64 MiB, as may those of `--merge`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seed", "variant", "set", "set_json", "unset", "add", "add_json", "merge"])]
    data: Option<PathBuf>,

    /// Another made-up lead for every number; the same for the same number and time
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// A named variant of the payload, such as `minimal`, `maximal` or `unicode`: `leadhook events`
    /// lists those of each event
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,

    #[command(flatten)]
    edits: EditArgs,

    /// One defect on purpose, as far as the provider's signature can have it
    #[arg(long, value_name = "KIND", value_parser = TamperNames)]
    tamper: Option<String>,

    /// Send without a signature, as a provider does whose user set no secret
    #[arg(long, conflicts_with_all = ["tamper", "secret_file"])]
    unsigned: bool,

    /// Message id to send under; a new one if it is not given
    #[arg(long, value_name = "ID", value_parser = message_id_argument)]
    message_id: Option<String>,

    /// Time of sending: RFC 3339, or `@` and Unix seconds
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,

    /// Another header (can be repeated)
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header_argument)]
    headers: Vec<(String, String)>,
}

/// A delivery that is ready to be sent.
#[derive(Debug)]
pub struct Prepared {
    /// The pack of the provider that sends it, shared by all messages of a run.
    pub pack: Arc<Pack>,
    /// What it tells.
    pub event: String,
    /// The id all its attempts share, where there is one.
    pub message_id: Option<String>,
    /// When it is sent.
    pub now: Timestamp,
    /// The request.
    pub message: Message,
    /// Whether it is signed.
    pub signed: bool,
}

/// What makes one delivery another than the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw {
    /// Which lead is made up; that of the sample where there is none.
    pub(super) lead: Option<u64>,
    /// What the message id is drawn from.
    pub(super) id: u64,
    /// When it is sent.
    pub(super) now: Timestamp,
}

impl PayloadArgs {
    /// Which lead was asked for.
    pub(super) fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// The time that was asked for.
    pub(super) fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// Whether it is sent without a signature.
    pub(super) fn is_unsigned(&self) -> bool {
        self.unsigned
    }

    /// Refuses to read standard input for two things.
    pub(super) fn check_stdin(&self, context: &Context<'_>) -> Result<(), Error> {
        context.check_stdin(self.data.iter().chain(self.edits.files()))
    }

    /// Refuses what makes all of several messages the same one, and what can be read only once.
    pub(super) fn check_for_several(&self) -> Result<(), Error> {
        let mut files = self.edits.files();
        let (option, why) = match (&self.data, &self.message_id) {
            (Some(_), _) => ("--data", "is one lead"),
            (_, Some(_)) => ("--message-id", "is the id of one message"),
            _ if files.any(|file| file.as_os_str() == "-") => ("--merge -", "can be read once"),
            _ => return Ok(()),
        };
        Err(Error::Option {
            message: format!("`{option}` {why}, and several are to be sent"),
            hint: "`--seed N` makes up the same leads again".to_owned(),
        })
    }

    /// The sample as it is, with this defect.
    pub(super) fn with_tamper(tamper: Option<&str>) -> Self {
        Self { tamper: tamper.map(str::to_owned), ..Self::default() }
    }

    /// Prepares the delivery of an event that was typed as `typed`, and prints the notes on it.
    pub(super) fn prepare(
        &self,
        context: &mut Context<'_>,
        typed: &EventRef,
        (pack, event): (&Arc<Pack>, &EventFacts),
        target: &Target,
    ) -> Result<Prepared, Error> {
        self.check_stdin(context)?;
        let secret = if self.unsigned {
            None
        } else {
            Some(context.signing_secret(&pack.provider, Some(typed), Unsigned::Possible)?)
        };
        self.prepare_with(context, pack, event, target, secret.as_ref())
    }

    /// The same with the pack and the secret at hand.
    pub(super) fn prepare_with(
        &self,
        context: &mut Context<'_>,
        pack: &Arc<Pack>,
        event: &EventFacts,
        target: &Target,
        secret: Option<&Secret>,
    ) -> Result<Prepared, Error> {
        let id = self.seed.unwrap_or_else(|| context.env.random_u64());
        let draw = Draw { lead: self.seed, id, now: context.now(self.now) };
        let (prepared, notes) = self.draw(context.env, pack, event, target, secret, draw)?;
        for note in &notes {
            context.printer.note(note);
        }
        Ok(prepared)
    }

    /// One of several deliveries, and what is to be said of it.
    pub(super) fn draw(
        &self,
        env: &Environment,
        pack: &Arc<Pack>,
        event: &EventFacts,
        target: &Target,
        secret: Option<&Secret>,
        draw: Draw,
    ) -> Result<(Prepared, Vec<String>), Error> {
        let provider = &pack.provider;
        let now = draw.now;
        self.check_headers(provider)?;
        let tamper = self.tamper.as_deref().map(|name| find_tamper(name, provider)).transpose()?;
        let mut notes = Vec::new();
        let (body, message_id) = self.body(env, pack, event, draw, &mut notes)?;
        if event.shape == Shape::Guess && self.data.is_none() {
            notes.push(format!(
                "{} names `{}` and shows no payload of it: what is inside `data` is a guess",
                provider.name, event.name
            ));
        }
        let letter = RequestDraft {
            event: Some(&event.name),
            message_id: message_id.as_deref(),
            now,
            path: &target.path_and_query(),
            body,
            extra: &self.headers,
        };
        let composed = compose(provider, letter, secret, tamper)?;
        notes.extend(composed.notes);
        let prepared = Prepared {
            pack: Arc::clone(pack),
            event: event.name.clone(),
            message_id,
            now,
            signed: composed.message.headers.contains(provider.signature.header()),
            message: composed.message,
        };
        Ok((prepared, notes))
    }

    /// The bytes of the body, and the id that goes with them.
    fn body(
        &self,
        env: &Environment,
        pack: &Pack,
        event: &EventFacts,
        draw: Draw,
        notes: &mut Vec<String>,
    ) -> Result<(Bytes, Option<String>), Error> {
        let provider = &pack.provider;
        let mut dice = SeededRng::new(draw.id, "message-id");
        let mut new_id =
            || self.message_id.clone().or_else(|| generate::message_id(provider, &mut dice));
        if let Some(path) = &self.data {
            let body = Bytes::from(input::read(env.stdin(), "payload", path, input::MAX_BODY)?);
            let in_body =
                provider.message_id.as_ref().is_some_and(|facts| facts.at.pointer.is_some());
            if in_body && self.message_id.is_some() {
                return Err(Error::Option {
                    message: format!(
                        "`--message-id` cannot change `--data`: {} keeps the id in the body",
                        provider.name
                    ),
                    hint: "write the id into the file".to_owned(),
                });
            }
            if body.ends_with(b"\n") {
                notes.push(
                    "the payload ends in a line end, which is sent and signed with it".to_owned(),
                );
            }
            let json = json::read(&body).ok();
            let message = Message::post("/", Headers::new(), body);
            let id = recognise::message_id(provider, &message, json.as_ref());
            let id = if in_body { id } else { new_id() };
            return Ok((message.body, id));
        }
        let message_id = new_id();
        let recipe = Recipe {
            variant: self.variant.as_deref(),
            seed: draw.lead,
            message_id: message_id.as_deref(),
            now: draw.now,
            edits: &self.edits.read(env)?,
        };
        Ok((generate::payload(pack, event, &recipe)?.into(), message_id))
    }

    /// A user's header may not take the place of the signature, or of what is signed with the body:
    /// that would say it was checked.
    fn check_headers(&self, provider: &Provider) -> Result<(), Error> {
        let names =
            |wanted: &str| self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let signature = provider.signature.header();
        if names(signature) {
            return Err(Error::Option {
                message: format!("`-H` may not name `{signature}`: it carries the signature"),
                hint: "spoil it with `--tamper`, or leave it out with `--unsigned`".to_owned(),
            });
        }
        let mut signed = provider.signature.signed_headers().into_iter();
        if let Some(signed) = signed.find(|header| names(header.name)) {
            return Err(Error::Option {
                message: format!("`-H` may not name `{}`: it is signed with the body", signed.name),
                hint: "`--message-id` and `--now` set what is signed".to_owned(),
            });
        }
        check_message_id(provider, self.message_id.as_deref())
    }
}

/// Refuses an id for a provider whose messages have none.
pub(super) fn check_message_id(provider: &Provider, id: Option<&str>) -> Result<(), Error> {
    if id.is_some() && provider.message_id.is_none() {
        return Err(Error::Option {
            message: format!(
                "`--message-id` has no place: messages of {} have no id",
                provider.name
            ),
            hint: "its repeats are told by the event and the bytes".to_owned(),
        });
    }
    Ok(())
}

/// Takes any name: which of them the provider can have is known when the pack is.
///
/// The help and the completions list every one, with what it does.
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
        let named = |tamper: &Tamper| PossibleValue::new(tamper.name).help(tamper.about);
        Some(Box::new(tamper::all().into_iter().map(named)))
    }
}

/// The defect called `name`, where a delivery of this provider can have it.
fn find_tamper(name: &str, provider: &Provider) -> Result<&'static Tamper, Error> {
    let scheme = &provider.signature;
    if let Some(tamper) = tamper::find(scheme, name) {
        return Ok(tamper);
    }
    let known = tamper::all_of(scheme).map(|tamper| tamper.name);
    if tamper::all().iter().any(|tamper| tamper.name == name) {
        return Err(Error::Option {
            message: format!(
                "`--tamper {name}` is not for {}, which signs with `{}`",
                provider.name,
                scheme.name()
            ),
            hint: format!(
                "there is {}",
                known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
        });
    }
    Err(Error::UnknownName {
        what: "tamper",
        name: name.to_owned(),
        known: known.map(str::to_owned).collect(),
    })
}
