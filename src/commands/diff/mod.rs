//! `leadhook diff`: compares two captured requests and names the cause of the difference.

mod report;

use crate::commands::context::Context;
use crate::commands::diff::report::DifferenceReport;
use crate::commands::one_request::RequestArgument;
use crate::engine::difference::{Scope, Side, compare};
use crate::engine::recognise;
use crate::error::{Error, Exit};
use crate::io::captures::CapturedRequest;
use crate::output::labelled::Columns;
use crate::protocols::json;
use crate::protocols::schemes::masking::{MASK, Masking};
use clap::Args;
use std::path::PathBuf;

/// The examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  leadhook diff sent.json received.json
  leadhook diff caps.jsonl:3 caps.jsonl:7
  leadhook diff good.har#2 - --body-only < request.http
  leadhook diff sent.json received.json --format json | jq -r .cause.message";

/// Compare two captured requests and name the cause of the difference
///
/// The first line is the cause, such as `same JSON, B was printed by PHP's json_encode`. It is
/// followed by the method, target and headers that differ, the first byte of the body that differs,
/// and the JSON values that differ. Nothing is hidden: the output has what the files have.
///
/// Reads what `verify` reads. Of a file with several requests, one is selected by its line or its
/// number: `FILE:3`, `FILE#2`.
///
/// Exit status 0 if method, target, headers and body have the same bytes, 1 if they differ, 3 if a
/// file cannot be read or does not have exactly one request.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Diff {
    /// First request, such as the one that was sent; `-` for standard input
    #[arg(value_name = "A")]
    a: PathBuf,

    /// Second request, such as the one that was received; `-` for standard input
    #[arg(value_name = "B")]
    b: PathBuf,

    /// Compare only the bodies: proxies and captures change method, target and headers
    #[arg(long)]
    body_only: bool,
}

impl Diff {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let arguments = [&self.a, &self.b].map(|argument| RequestArgument::parse(argument));
        context.check_stdin(arguments.iter().map(|argument| &argument.path))?;
        let [a, b] = &arguments;
        let (a, b) = (a.read(context)?, b.read(context)?);
        let scope = if self.body_only { Scope::Body } else { Scope::Request };
        let (mut a, mut b) = (a, b);
        mask(context, &mut a, &mut b);
        let difference = compare(side(&a), side(&b), scope);
        let exit = if difference.same { Exit::Success } else { Exit::Failure };
        let columns = Columns::new(context.env.output_columns(), report::LABEL_WIDTH);
        context.printer.report(&DifferenceReport {
            a: a.source,
            b: b.source,
            difference,
            columns,
        })?;
        Ok(exit)
    }
}

/// Masks the secret in two requests of a provider that sends it, so that they still differ if their
/// secrets do.
fn mask(context: &Context<'_>, a: &mut CapturedRequest, b: &mut CapturedRequest) {
    let [first, second] = [a, b].map(|captured| &mut captured.found.capture.message);
    let json = json::read(&first.body).ok();
    let named = context.providers();
    let Some(pack) = recognise::recognise(&context.packs, named, first, json.as_ref()) else {
        return;
    };
    let masking = Masking { scheme: &*pack.provider.signature, secrets: &[] };
    if !masking.applies() {
        return;
    }
    let place = pack.provider.signature.place();
    let is_same = place.values(first) == place.values(second);
    place.replace_all(MASK, first);
    place.replace_all(if is_same { MASK } else { "*** (another one)" }, second);
}

fn side(captured: &CapturedRequest) -> Side<'_> {
    Side {
        message: &captured.found.capture.message,
        bytes_were_lost: captured.found.bytes_were_lost,
    }
}
