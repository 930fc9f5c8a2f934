//! `leadhook verify`: verifies the signatures of captured requests and validates their payloads.

mod batch;
mod failure_explainer;
mod pipeline;
mod report;
mod selected_results;

use crate::commands::context::Context;
use crate::commands::filter_args::{FilterArgs, Selection};
use crate::commands::value_parsers::{now_argument, own_digest_argument, received_header_argument};
use crate::commands::verify::batch::{Batch, BatchItem, Session};
use crate::commands::verify::failure_explainer::FailureExplainer;
use crate::commands::verify::report::VerifySummary;
use crate::commands::verify::selected_results::SelectedResults;
use crate::domain::capture::Capture;
use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::engine::explain::Explainer;
use crate::engine::explain::own_digest::OwnDigest;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::error::{Error, Exit};
use crate::io::error::Error as IoError;
use crate::io::lines::Lines;
use crate::io::{captures, input};
use crate::protocols::requests;
use crate::protocols::requests::{FoundRequest, RequestError, RequestLocation};
use clap::Args;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Verify captured requests: signature, then payload
///
/// Reads captures of `leadhook listen --save`, JSON Lines of them, `{"headers": …, "body": …}` and
/// other JSON of request inspectors, HAR, HTTP/1.1 messages, `.http` files, `curl` commands, calls
/// of `fetch`, Hurl and Bruno files, logs, and tokens, detected from their content; folders of
/// them; or a body with its headers. In a log, a line without a request is skipped and counted. If a signature does not verify, the command looks for
/// the reason and a fix. A signature covers the body (or the claims of the token) and nothing else:
/// not the time, the id or the address. Exit status 0 if all are valid, 1 if any is not, 3 if a
/// file contains no request, 5 if no secret was available to verify with.
///
/// A file with one request per line may have any size, with up to 128 MiB per line. Any other file
/// may have up to 256 MiB, and a file of candidates up to 1 MiB.
#[derive(Args, Debug)]
pub struct Verify {
    /// Files or folders to verify, `-` for standard input [default: `-`, unless it is a terminal]
    #[arg(value_name = "FILE")]
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

    /// Try each value of this file as the secret if a signature does not verify
    ///
    /// The file may be a list, an `.env` file, YAML, JSON, TOML, properties, or a Kubernetes Secret
    /// (whose values are decoded from base64), in UTF-8 or UTF-16. A value that verifies is
    /// reported by its line or JSON pointer, and never shown. At most 20,000 values are tried.
    #[arg(long, value_name = "FILE")]
    candidates: Option<PathBuf>,

    /// Find what your own code hashed to get this digest, with the fix
    ///
    /// The digest is in hex or base64, with or without a prefix such as `sha256=`. The input must
    /// contain exactly one request: the one over which your code computed it. If the digest is the
    /// right one, its comparison with the header is explained instead.
    #[arg(long, value_name = "DIGEST", value_parser = own_digest_argument)]
    mine: Option<OwnDigest>,

    /// Show the signature that the first secret would produce
    #[arg(long)]
    show_expected: bool,

    #[command(flatten)]
    filters: FilterArgs,
}

impl Verify {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let start = Instant::now();
        let inputs = self.inputs(context)?;
        context.check_stdin(inputs.iter().chain(&self.body).chain(&self.candidates))?;
        let files = captures::expand_folders(&inputs);
        let paths: Vec<_> = files.iter().flatten().cloned().collect();
        self.check_one_file(&paths)?;
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
        let own_explainer = Explainer::new(candidates.clone());
        let mut explainer = FailureExplainer::new(&judge, Explainer::new(candidates), &paths);
        let mut summary = VerifySummary::default();
        if let Some(path) = &self.body {
            let body = input::read(context.env.stdin(), "body", path, input::MAX_INPUT)?;
            let message =
                Message::post("/", self.headers.iter().cloned().collect::<Headers>(), body);
            let capture = Capture { received_at: None, remote: None, message };
            let found = FoundRequest {
                capture,
                bytes_were_lost: false,
                alternatives: Vec::new(),
                location: RequestLocation::Whole,
            };
            let session = self.session(context, &judge, path, &own_explainer, &results.selection);
            let batch = session.verify_all(vec![Ok(found)])?;
            let batch = results.select(path, batch);
            print_batch(context, path, batch, &mut explainer, &mut summary)?;
        }
        for path in files {
            let result = path.map_err(Error::from).and_then(|path| {
                self.verify_file(
                    context,
                    &judge,
                    &path,
                    &own_explainer,
                    &mut results,
                    &mut explainer,
                    &mut summary,
                )
            });
            match result {
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
        } else if summary.skipped > 0 && summary.requests > 0 {
            let lines = summary.skipped;
            let (noun, verb) = if lines == 1 { ("line", "was") } else { ("lines", "were") };
            context.printer.note(&format!("{lines} {noun} without a request {verb} skipped"));
        }
        Ok(results.result.finish(context, summary.requests, summary.exit()))
    }

    /// Returns the inputs: those given, or else standard input if it is not a terminal.
    fn inputs(&self, context: &Context<'_>) -> Result<Vec<PathBuf>, Error> {
        if !self.files.is_empty() || self.body.is_some() {
            return Ok(self.files.clone());
        }
        if context.env.stdin_is_terminal {
            return Err(Error::Option {
                message: "no file was given, and standard input is a terminal".to_owned(),
                hint: "name a file or a folder, or pipe a request into `leadhook verify`"
                    .to_owned(),
            });
        }
        Ok(vec![PathBuf::from("-")])
    }

    /// Verifies the requests of a file: one per line in parallel, any other form as a whole.
    fn verify_file(
        &self,
        context: &mut Context<'_>,
        judge: &Judge,
        path: &Path,
        own_explainer: &Explainer,
        results: &mut SelectedResults,
        explainer: &mut FailureExplainer<'_>,
        summary: &mut VerifySummary,
    ) -> Result<(), Error> {
        let selection = results.selection.clone();
        let session = self.session(context, judge, path, own_explainer, &selection);
        let mut lines = Lines::open(context.env.stdin(), "request", path)?;
        if self.mine.is_none() && captures::has_one_request_per_line(&mut lines)? {
            let (mut skipped, mut has_any) = (0, false);
            pipeline::verify_lines(lines, &session, |batch| {
                skipped += batch.skipped;
                has_any |= !batch.items.is_empty() || batch.excluded.exclusions.total() > 0;
                let batch = results.select(path, batch);
                print_batch(context, path, batch, explainer, summary)
            })?;
            if !has_any {
                let source = RequestError::NoRequest { lines: skipped };
                return Err(IoError::NotARequest { path: path.to_owned(), source }.into());
            }
            summary.skipped += skipped;
            return Ok(());
        }
        let bytes = lines.read_to_end(input::MAX_INPUT)?;
        let found = requests::read(&bytes)
            .map_err(|source| IoError::NotARequest { path: path.to_owned(), source })?;
        self.check_one_request(path, found.len())?;
        let batch = results.select(path, session.verify_all(found)?);
        print_batch(context, path, batch, explainer, summary)
    }

    /// Rejects `--mine` with several files: a digest belongs to one request.
    fn check_one_file(&self, paths: &[PathBuf]) -> Result<(), Error> {
        match (&self.mine, paths.len()) {
            (Some(_), 2..) => Err(several_requests(&format!("{} files", paths.len()))),
            _ => Ok(()),
        }
    }

    /// Rejects `--mine` with a file of several requests.
    fn check_one_request(&self, path: &Path, count: usize) -> Result<(), Error> {
        match (&self.mine, count) {
            (Some(_), 2..) => {
                Err(several_requests(&format!("{count} requests in `{}`", path.display())))
            }
            _ => Ok(()),
        }
    }

    /// Returns the settings for the requests of one input.
    fn session<'a>(
        &'a self,
        context: &Context<'a>,
        judge: &'a Judge,
        path: &'a Path,
        own_explainer: &'a Explainer,
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
            mine: self.mine.as_ref().map(|digest| (digest, own_explainer)),
        }
    }
}

/// Returns the error for `--mine` with more than one request.
fn several_requests(found: &str) -> Error {
    Error::Option {
        message: format!("`--mine` needs exactly one request, found {found}"),
        hint: "save the request that your code hashed in a file of its own, and name only that"
            .to_owned(),
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
