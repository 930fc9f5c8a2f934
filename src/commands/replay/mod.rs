//! `leadhook replay`: sends captured requests again.

mod args;
mod dry_run;
mod endpoints;
mod limited_warnings;
mod prepared_request;
mod replay_run;
mod report;

pub use args::Replay;

use crate::commands::context::Context;
use crate::commands::filter_args::SelectedCaptures;
use crate::commands::replay::args::Order;
use crate::commands::replay::prepared_request::Preparation;
use crate::commands::replay::replay_run::ReplayRun;
use crate::commands::secrets::several_secrets_error;
use crate::domain::secret::Keyring;
use crate::domain::speed::Speed;
use crate::domain::target::Target;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::engine::payload_edit;
use crate::engine::replay::baseline::Baseline;
use crate::engine::seeded_rng::SeededRng;
use crate::error::{Error, Exit};
use crate::io::captures::{CapturedRequest, Captures};
use crate::io::environment::Environment;
use crate::io::error::Error as IoError;
use crate::io::input;
use std::net::IpAddr;
use std::path::Path;

/// The clap ids of the edits, in the order of the help.
const EDIT_OPTIONS: &[&str] = &["set", "set_json", "unset", "add", "add_json", "merge"];

/// The maximum size of all captures that are kept in memory to change their order.
const MAX_IN_MEMORY: usize = 256 << 20;

/// The maximum size of a baseline: half a million deliveries.
const MAX_BASELINE: u64 = 256 << 20;

impl Replay {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        self.check(context)?;
        let baseline =
            self.baseline.as_deref().map(|path| read_baseline(context.env, path)).transpose()?;
        let keyring = context.keyring()?;
        if self.resign {
            check_signing(context, &keyring)?;
        }
        let edits = self.edits.read(context.env)?;
        payload_edit::check_paths(&edits)?;
        let captures = Captures::new(context.env.stdin(), self.captures.iter().cloned());
        let Some((captures, unreadable)) = check_inputs(context, captures) else {
            return Ok(Exit::Input);
        };
        let now = context.now(self.now);
        let selection = self.filters.selection(context, &keyring, now)?;
        let filter_keyring = keyring.clone();
        let strictness = Strictness { strict: false, payloads: PayloadScope::None };
        let named = context.providers().to_vec();
        let judge = Judge::new(context.packs.clone(), keyring, named, strictness);
        let preparation = Preparation { options: &self, judge, edits };
        let mut captures =
            SelectedCaptures::new(context, captures, selection, filter_keyring, self.now);
        if self.order == Order::Original {
            let mut replay_run = ReplayRun::new(context, preparation, baseline, None)?;
            replay_run.count_unreadable(unreadable);
            replay_run.send_all(&mut captures)?;
            return replay_run.finish(&captures);
        }
        let (mut read, further_unreadable) = read_all(context, &mut captures)?;
        self.reorder(context, &mut read);
        let count = Some(read.len());
        let mut replay_run = ReplayRun::new(context, preparation, baseline, count)?;
        replay_run.count_unreadable(unreadable + further_unreadable);
        replay_run.send_all(read.into_iter().map(Ok))?;
        replay_run.finish(&captures)
    }

    /// Rejects options that contradict each other.
    fn check(&self, context: &Context<'_>) -> Result<(), Error> {
        self.check_captures()?;
        let merge_files = self.edits.merge_files();
        context.check_stdin(self.captures.iter().chain(&self.baseline).chain(merge_files))?;
        self.check_edits(context)?;
        if self.order != Order::Original && self.speed != Speed::Immediate {
            return Err(Error::Option {
                message: "`--speed` needs the original order of the captures, and `--order` \
                          changes it"
                    .to_owned(),
                hint: "remove one of the two".to_owned(),
            });
        }
        if self.order != Order::Shuffle && context.explicit.contains_key("seed") {
            return Err(Error::Option {
                message: "`--seed` has no effect: nothing is shuffled".to_owned(),
                hint: "add `--order shuffle`, or remove `--seed`".to_owned(),
            });
        }
        Ok(())
    }

    /// Rejects a target in place of a capture, before the captures beside it are sent to another
    /// target.
    fn check_captures(&self) -> Result<(), Error> {
        let is_target = |text: &&str| is_target(text) && !Path::new(text).exists();
        match self.captures.iter().filter_map(|path| path.to_str()).find(is_target) {
            Some(target) => Err(Error::Option {
                message: format!("`{target}` is a target, not a capture"),
                hint: format!("did you mean `--to {target}`?"),
            }),
            None => Ok(()),
        }
    }

    /// Rejects edits of requests that keep their signature.
    fn check_edits(&self, context: &Context<'_>) -> Result<(), Error> {
        if self.resign || self.edits.is_empty() {
            return Ok(());
        }
        let is_given = |id: &&&str| context.explicit.contains_key(**id);
        let option = EDIT_OPTIONS.iter().find(is_given).map_or("set", |id| *id).replace('_', "-");
        Err(Error::Option {
            message: format!(
                "`--{option}` needs `--resign`: the captured signature does not cover the edited \
                 body"
            ),
            hint: "add `--resign`, which signs with the configured secret".to_owned(),
        })
    }

    /// Brings the captures into the order of `--order`.
    fn reorder(&self, context: &mut Context<'_>, captures: &mut [CapturedRequest]) {
        match self.order {
            Order::Original => {}
            Order::Reverse => captures.reverse(),
            Order::Shuffle => {
                let seed = self.seed.unwrap_or_else(|| context.env.random_u64());
                if self.seed.is_none() {
                    context.printer.note(&format!("`--seed {seed}` repeats this order"));
                }
                SeededRng::new(seed, "order").shuffle(captures);
            }
        }
    }
}

/// Returns `true` if an argument has the form of a target, but not of a path.
fn is_target(text: &str) -> bool {
    let is_port = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let authority = text.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let is_address = || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    is_port || host == "localhost" || Target::looks_like_target(text) || is_address()
}

/// Opens every input, and prints the errors. Returns the inputs with a request, and the number of
/// the others; `None` if one cannot be opened, so that nothing must be sent.
fn check_inputs(context: &mut Context<'_>, mut captures: Captures) -> Option<(Captures, usize)> {
    let errors: Vec<_> = captures.check().into_iter().map(Error::from).collect();
    for error in &errors {
        context.printer.error(error);
    }
    // A wrong name is a mistake in the command line. If the rest were sent now, it would be sent
    // again with the corrected command.
    if errors.iter().any(|error| matches!(error, Error::Io(IoError::Read { .. }))) {
        context.printer.note("nothing was sent, because an input cannot be opened");
        return None;
    }
    Some((captures, errors.len()))
}

/// Rejects signing without a secret, or with several, before anything is sent.
fn check_signing(context: &Context<'_>, keyring: &Keyring) -> Result<(), Error> {
    let mut counts = context.packs.iter().map(|pack| keyring.secrets_for(&pack.provider.id).len());
    if counts.any(|count| count > 1) {
        return Err(several_secrets_error());
    }
    if keyring.is_empty() {
        return Err(Error::NoSecret {
            provider: "`--resign`".to_owned(),
            variable: "LEADHOOK_SECRET".to_owned(),
            unsigned: false,
        });
    }
    Ok(())
}

fn read_baseline(env: &Environment, path: &Path) -> Result<Baseline, Error> {
    let bytes = input::read(env.stdin(), "baseline", path, MAX_BASELINE)?;
    Baseline::read(&bytes).map_err(|source| Error::NotABaseline { path: path.to_owned(), source })
}

/// Reads all captures into memory. Returns them with the number of unreadable inputs.
fn read_all(
    context: &mut Context<'_>,
    captures: impl Iterator<Item = Result<CapturedRequest, Error>>,
) -> Result<(Vec<CapturedRequest>, usize), Error> {
    let (mut read, mut unreadable, mut size) = (Vec::new(), 0, 0_usize);
    for result in captures {
        match result {
            Ok(request) => {
                let message = &request.found.capture.message;
                size = size
                    .saturating_add(message.headers.wire_size())
                    .saturating_add(message.body.len());
                read.push(request);
            }
            Err(error) if error.concerns_one_input() => {
                context.printer.error(&error);
                unreadable += 1;
            }
            Err(error) => return Err(error),
        }
        if size > MAX_IN_MEMORY {
            return Err(Error::Option {
                message: format!(
                    "the captures have more than {MAX_IN_MEMORY} bytes, the maximum for `--order`"
                ),
                hint: "send fewer at a time, or in their original order".to_owned(),
            });
        }
    }
    Ok((read, unreadable))
}
