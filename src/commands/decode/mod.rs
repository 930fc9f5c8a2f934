//! `leadhook decode`: shows the parts of a token or a signature header in words.

mod captured;
mod report;
mod verification;

use crate::commands::context::Context;
use crate::commands::decode::report::{ARGUMENT, Verification};
use crate::commands::decode::verification::{cannot_decode, of_signature, of_token, verify_token};
use crate::commands::one_request::RequestArgument;
use crate::commands::value_parsers::now_argument;
use crate::domain::secret::Keyring;
use crate::engine::decode::{self, DecodeError, Decoded, FoundValue, Note};
use crate::error::{Error, Exit};
use crate::io::input;
use crate::providers::pack::Pack;
use clap::Args;
use jiff::Timestamp;
use std::path::PathBuf;

/// The examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  leadhook decode - < token.txt
  pbpaste | leadhook decode - --secret-file secret.txt
  leadhook decode request.json --secret-file secret.txt
  leadhook decode 'X-Signature: t=1700000000,v1=5257a8…' --now @1700000300";

/// Show what a token or a signature header says, in words
///
/// Accepts a JSON Web Token (three parts, with or without `Bearer`), a signature (a digest in hex
/// or base64, `sha256=…`, `v1,…`, `t=…,v0=…`), a line such as `X-Signature: …`, or a file with one
/// of these or with a captured request, whose signature header is decoded. Prefer `-`, standard
/// input: a token holds the whole lead, and every user of the machine can read arguments in the
/// process list.
///
/// Without a secret nothing is verified, and everyone can write such a token: `not verified` is the
/// first line. With a secret, a token is verified; a digest only if the input is a request, because
/// the digest covers its body. Times are given relative to now, or to `--now`.
///
/// Exit status 0 if the value was decoded, 1 if its signature is wrong, 3 if it cannot be read. 0
/// does not mean verified.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Decode {
    /// Token, signature or header line; or a file with one or with a captured request, `-` for
    /// standard input
    #[arg(value_name = "TOKEN|FILE")]
    input: PathBuf,

    /// Time that ages and expiry are relative to, instead of now: RFC 3339, or `@` and Unix seconds
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,
}

/// The values to decode, and what is known about them.
struct Source {
    /// The name of the input in reports.
    name: String,
    values: Vec<FoundValue>,
}

impl Decode {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let argument = RequestArgument::parse(&self.input);
        context.check_stdin([&argument.path])?;
        let keyring = context.keyring()?;
        let at = context.now(self.now);
        if let Some(source) = self.value_in_arguments() {
            return decode_values(context, &keyring, &source, at);
        }
        if argument.path.is_file() || argument.path.as_os_str() == "-" {
            let name = argument.path.display().to_string();
            let bytes =
                input::read(context.env.stdin(), "input", &argument.path, input::MAX_INPUT)?;
            let values = decode::find_values(&bytes);
            if !values.is_empty() && values.iter().all(is_decodable) {
                return decode_values(context, &keyring, &Source { name, values }, at);
            }
            return captured::decode(context, keyring, &argument, Some(&bytes), self.now);
        }
        captured::decode(context, keyring, &argument, None, self.now)
    }

    /// Returns the value if the argument is one, and not the name of a file.
    fn value_in_arguments(&self) -> Option<Source> {
        let text = self.input.to_str().filter(|text| *text != "-")?;
        let values = || {
            Some(Source { name: ARGUMENT.to_owned(), values: decode::find_values(text.as_bytes()) })
        };
        if decode::is_token_argument(text) {
            return values();
        }
        if self.input.exists() {
            return None;
        }
        values()
            .filter(|source| !source.values.is_empty() && source.values.iter().all(is_decodable))
    }
}

/// Returns `true` if a value is a token or a signature, possibly one that cannot be read.
fn is_decodable(found: &FoundValue) -> bool {
    let decoded = decode::decode(&found.value, found.name.is_some(), Timestamp::UNIX_EPOCH);
    !matches!(decoded, Err(DecodeError::Unknown))
}

/// Decodes values that are not part of a request, and prints a report on each.
fn decode_values(
    context: &mut Context<'_>,
    keyring: &Keyring,
    source: &Source,
    at: Timestamp,
) -> Result<Exit, Error> {
    let mut worst = Exit::Success;
    for found in &source.values {
        let is_named = found.name.is_some();
        let decoded = decode::decode(&found.value, is_named, at)
            .map_err(|error| cannot_decode(&source.name, found, &error))?;
        let pack = pack_of(context, found, &decoded).cloned();
        let pack = pack.as_deref();
        let report = match decoded {
            Decoded::Token(mut token) => {
                if found.was_folded {
                    token.notes.insert(0, folded_note());
                }
                token.note_issue_time(at);
                let verification = verify_token(context, keyring, pack, &token);
                of_token(context, &source.name, found, *token, pack, verification)
            }
            Decoded::Signature(signature) => {
                let reason = if keyring.is_empty() {
                    "no secret was given, and a digest covers the body: pass the whole captured \
                     request with `--secret-file FILE`"
                } else {
                    "a digest covers the body: pass the whole captured request instead of the header"
                };
                let verification = Verification::not_verified(reason);
                of_signature(context, &source.name, found, signature, pack, verification)
            }
        };
        worst = worse(worst, report.exit());
        context.printer.report(&report)?;
    }
    Ok(worst)
}

fn folded_note() -> Note {
    let message = "the token was spread over several lines, which were joined".to_owned();
    Note { code: "folded", message }
}

/// Returns the status with the higher number: unreadable before wrong before decoded.
fn worse(one: Exit, other: Exit) -> Exit {
    if other.code() > one.code() { other } else { one }
}

/// Returns the pack of `--provider`, or else the only one that sends this header.
fn pack_of<'c>(
    context: &'c Context<'_>,
    found: &FoundValue,
    decoded: &Decoded,
) -> Option<&'c std::sync::Arc<Pack>> {
    if let Some(id) = context.provider() {
        return context.packs.find(id).ok();
    }
    let name = found.name.as_deref()?;
    let sends = |pack: &&std::sync::Arc<Pack>| {
        pack.provider.signature.header().is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    let mut senders = context.packs.iter().filter(sends);
    let first = senders.next()?;
    // Many APIs send tokens in `Authorization`.
    let is_distinctive = matches!(decoded, Decoded::Signature(_));
    (is_distinctive && senders.next().is_none()).then_some(first)
}
