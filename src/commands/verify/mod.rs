//! `leadhook verify`: verifies the signatures of captured requests and validates their payloads.

mod batch;
mod failure_explainer;
mod pipeline;
mod report;
mod selected_results;

use crate::commands::context::Context;
use crate::commands::filter_args::{FilterArgs, Selection};
use crate::commands::value_parsers::{now_argument, received_header_argument};
use crate::commands::verify::batch::{Batch, BatchItem, Session};
use crate::commands::verify::failure_explainer::FailureExplainer;
use crate::commands::verify::report::VerifySummary;
use crate::commands::verify::selected_results::SelectedResults;
use crate::domain::capture::Capture;
use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::engine::explain::Explainer;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::error::{Error, Exit};
use crate::io::error::Error as IoError;
use crate::io::lines::Lines;
use crate::io::{captures, input};
use crate::protocols::requests;
use crate::protocols::requests::{FoundRequest, RequestLocation};
use clap::Args;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Verify captured requests: signature, then payload
///
/// Reads captures of `leadhook listen --save`, JSON Lines of them, `{"headers": …, "body": …}` and
/// other JSON of request inspectors, HAR, HTTP/1.1 messages, and `curl` commands, detected from
/// their content; or a body with its headers. If a signature does not verify, the command looks for
/// the reason and a fix. A signature covers the body (or the claims of the token) and nothing else:
/// not the time, the id or the address. Exit status 0 if all are valid, 1 if any is not, 3 if a
/// file contains no request, 5 if no secret was available to verify with.
///
/// A file with one request per line may have any size, with up to 128 MiB per line. Any other file
/// may have up to 256 MiB, and a file of candidates up to 1 MiB.
#[derive(Args, Debug)]
pub struct Verify {
    /// Files to verify, `-` for standard input
    #[arg(value_name = "FILE", required_unless_present = "body")]
    files: Vec<PathBuf>,

    /// File with only a body, byte for byte
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    body: Option<PathBuf>,

    /// Header of that body (can be repeated)
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = received_header_argument, requires = "body")]
    headers: Vec<(String, String)>,

    /// Warnings make a payload invalid
    #[arg(long)]
    strict: bool,

    /// Verify the signature only
    #[arg(long, conflicts_with = "strict")]
    no_payload: bool,

    /// Time at which tokens are checked, instead of that of the capture
    #[arg(long, value_name = "TIME", value_parser = now_argument)]
    now: Option<Timestamp>,

    /// Try each line of this file as the secret if a signature does not verify
    ///
    /// A line that verifies is reported by its number, and never shown. `NAME=value` lines of an
    /// `.env` file are tried as a whole and as the value.
    #[arg(long, value_name = "FILE")]
    candidates: Option<PathBuf>,

    /// Show the signature that the first secret would produce
    #[arg(long)]
    show_expected: bool,

    #[command(flatten)]
    filters: FilterArgs,
}

impl Verify {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let start = Instant::now();
        context.check_stdin(self.files.iter().chain(&self.body).chain(&self.candidates))?;
        let keyring = context.keyring()?;
        let selection = self.filters.selection(context, &keyring, context.now(self.now))?;
        let mut results = SelectedResults::new(selection);
        let strictness = Strictness {
            strict: self.strict,
            payloads: if self.no_payload { PayloadScope::None } else { PayloadScope::All },
        };
        let assumed = context.provider().map(str::to_owned);
        let judge = Judge::new(context.packs.clone(), keyring, assumed, strictness);
        if context.printer.verbose() > 0 && judge.keyring().all().any(Secret::is_weak) {
            context.printer.detail("a secret is shorter than the 32 bytes that RFC 7518 requires");
        }
        let candidates = context.candidates(self.candidates.as_deref())?;
        let mut explainer = FailureExplainer::new(&judge, Explainer::new(candidates), &self.files);
        let mut summary = VerifySummary::default();
        if let Some(path) = &self.body {
            let body = input::read(context.env.stdin(), "body", path, input::MAX_INPUT)?;
            let message =
                Message::post("/", self.headers.iter().cloned().collect::<Headers>(), body);
            let capture = Capture { received_at: None, remote: None, message };
            let found =
                FoundRequest { capture, bytes_were_lost: false, location: RequestLocation::Whole };
            let session = self.session(context, &judge, path, &results.selection);
            let batch = session.verify_all(vec![Ok(found)])?;
            let batch = results.select(path, batch);
            print_batch(context, path, batch, &mut explainer, &mut summary)?;
        }
        for path in &self.files {
            let (explainer, summary) = (&mut explainer, &mut summary);
            match self.verify_file(context, &judge, path, &mut results, explainer, summary) {
                Err(error) if error.concerns_one_input() => {
                    context.printer.error(&error);
                    summary.unreadable += 1;
                }
                result => result?,
            }
        }
        for (path, batch) in results.take_last() {
            print_batch(context, &path, batch, &mut explainer, &mut summary)?;
        }
        summary.excluded = results.result.exclusions.total();
        if summary.requests + summary.unreadable + summary.excluded > 1 {
            let took = start.elapsed().as_millis();
            summary.duration_ms = u64::try_from(took).unwrap_or(u64::MAX);
            context.printer.report(&summary)?;
        }
        Ok(results.result.finish(context, summary.requests, summary.exit()))
    }

    /// Verifies the requests of a file: one per line in parallel, any other form as a whole.
    fn verify_file(
        &self,
        context: &mut Context<'_>,
        judge: &Judge,
        path: &Path,
        results: &mut SelectedResults,
        explainer: &mut FailureExplainer<'_>,
        summary: &mut VerifySummary,
    ) -> Result<(), Error> {
        let selection = results.selection.clone();
        let session = self.session(context, judge, path, &selection);
        let mut lines = Lines::open(context.env.stdin(), "request", path)?;
        if captures::has_one_request_per_line(&mut lines)? {
            return pipeline::verify_lines(lines, &session, |batch| {
                let batch = results.select(path, batch);
                print_batch(context, path, batch, explainer, summary)
            });
        }
        let bytes = lines.read_to_end(input::MAX_INPUT)?;
        let found = requests::read(&bytes)
            .map_err(|source| IoError::NotARequest { path: path.to_owned(), source })?;
        let batch = results.select(path, session.verify_all(found)?);
        print_batch(context, path, batch, explainer, summary)
    }

    /// Returns the settings for the requests of one input.
    fn session<'a>(
        &self,
        context: &Context<'a>,
        judge: &'a Judge,
        path: &'a Path,
        selection: &'a Selection,
    ) -> Session<'a> {
        Session {
            path,
            selection,
            judge,
            env: context.env,
            renderer: context.printer.renderer(),
            now: self.now,
            strict: self.strict,
            show_expected: self.show_expected,
        }
    }
}

/// Prints the results of a batch, and counts them.
fn print_batch(
    context: &mut Context<'_>,
    path: &Path,
    batch: Batch,
    explainer: &mut FailureExplainer<'_>,
    summary: &mut VerifySummary,
) -> Result<(), Error> {
    let renderer = context.printer.renderer();
    let mut out = Vec::new();
    for item in batch.items {
        match item {
            BatchItem::Valid(run) => {
                summary.requests += run.count;
                summary.valid += run.count;
                if out.is_empty() {
                    out = run.text;
                } else {
                    out.extend(run.text);
                }
            }
            BatchItem::Unverified(mut unverified) => {
                explainer.explain(&mut unverified, path, &batch.requests);
                summary.count(&unverified.report.verdict);
                renderer.render(&unverified.report, &mut out)?;
            }
            BatchItem::Unreadable(source) => {
                // Flush the results before it, so that the order is right if both streams are the
                // same terminal.
                context.printer.raw(&std::mem::take(&mut out))?;
                let error = IoError::NotARequest { path: path.to_owned(), source };
                context.printer.error(&Error::from(error));
                summary.unreadable += 1;
            }
        }
    }
    Ok(context.printer.raw(&out)?)
}
