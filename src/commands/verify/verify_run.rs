//! One run of `verify`: its inputs one after the other, and what is counted over all of them.

use crate::commands::context::Context;
use crate::commands::filter_args::Selection;
use crate::commands::verify::batch::{Batch, BatchItem, Session};
use crate::commands::verify::failure_explainer::FailureExplainer;
use crate::commands::verify::pipeline;
use crate::commands::verify::report::VerifySummary;
use crate::commands::verify::selected_results::SelectedResults;
use crate::domain::capture::Capture;
use crate::domain::message::{Headers, Message};
use crate::engine::explain::Explainer;
use crate::engine::explain::own_digest::OwnDigest;
use crate::engine::judge::Judge;
use crate::error::{Error, Exit};
use crate::io::error::Error as IoError;
use crate::io::lines::Lines;
use crate::io::{captures, input};
use crate::protocols::requests;
use crate::protocols::requests::{FoundRequest, RequestError, RequestLocation, SkippedLines};
use jiff::Timestamp;
use std::path::Path;
use std::time::Instant;

/// The options of a run that concern each request.
pub(super) struct RunOptions {
    /// The headers of a body that is verified alone.
    pub(super) headers: Headers,
    /// The digest that the user's own code computed.
    pub(super) mine: Option<OwnDigest>,
    pub(super) now: Option<Timestamp>,
    pub(super) strict: bool,
    pub(super) show_expected: bool,
}

/// A run over all inputs.
pub(super) struct VerifyRun<'r> {
    options: &'r RunOptions,
    judge: &'r Judge,
    /// Explains the digest of `--mine`.
    own_explainer: &'r Explainer,
    explainer: FailureExplainer<'r>,
    results: SelectedResults,
    summary: VerifySummary,
}

impl<'r> VerifyRun<'r> {
    /// Starts a run in which nothing is verified yet.
    pub(super) fn new(
        options: &'r RunOptions,
        judge: &'r Judge,
        own_explainer: &'r Explainer,
        explainer: FailureExplainer<'r>,
        results: SelectedResults,
    ) -> Self {
        let summary = VerifySummary::default();
        Self { options, judge, own_explainer, explainer, results, summary }
    }

    /// Verifies a file that contains only a body, with the headers of the options.
    pub(super) fn verify_body(
        &mut self,
        context: &mut Context<'_>,
        path: &Path,
    ) -> Result<(), Error> {
        let body = input::read(context.env.stdin(), "body", path, input::MAX_INPUT)?;
        let message = Message::post("/", self.options.headers.clone(), body);
        let found = FoundRequest {
            capture: Capture::new(None, None, message),
            bytes_were_lost: false,
            alternatives: Vec::new(),
            local_time: None,
            location: RequestLocation::Whole,
        };
        let selection = self.results.selection.clone();
        let batch = self.session(context, path, &selection).verify_all(vec![Ok(found)])?;
        self.print_selected(context, path, batch)
    }

    /// Verifies the requests of a file: one per line in parallel, any other form as a whole.
    pub(super) fn verify_file(
        &mut self,
        context: &mut Context<'_>,
        path: &Path,
    ) -> Result<(), Error> {
        let selection = self.results.selection.clone();
        let session = self.session(context, path, &selection);
        let mut lines = Lines::open(context.env.stdin(), "request", path)?;
        let is_own_digest = self.options.mine.is_some();
        if !is_own_digest && captures::has_one_request_per_line(&mut lines)? {
            let (mut skipped, mut has_any) = (SkippedLines::default(), false);
            pipeline::verify_lines(lines, &session, |batch| {
                skipped.extend(batch.skipped);
                has_any |= !batch.items.is_empty() || batch.excluded.exclusions.total() > 0;
                self.print_selected(context, path, batch)
            })?;
            if !has_any {
                let source = RequestError::of_skipped_lines(skipped);
                return Err(IoError::NotARequest { path: path.to_owned(), source }.into());
            }
            self.summary.skipped += skipped.count;
            return Ok(());
        }
        let bytes = lines.read_to_end(input::MAX_INPUT)?;
        let mut found = requests::read(&bytes)
            .map_err(|source| IoError::NotARequest { path: path.to_owned(), source })?;
        if is_own_digest && found.len() > 1 {
            found = only_selected(&session, found, path)?;
        }
        let batch = session.verify_all(found)?;
        self.print_selected(context, path, batch)
    }

    /// Reports an input that could not be read.
    pub(super) fn report_unreadable(&mut self, context: &mut Context<'_>, error: &Error) {
        context.printer.error(error);
        self.summary.unreadable += 1;
    }

    /// Prints the requests that `--last` kept, then the summary, and returns the exit status.
    pub(super) fn finish(
        mut self,
        context: &mut Context<'_>,
        start: Instant,
    ) -> Result<Exit, Error> {
        for (path, batch) in self.results.take_last() {
            self.print_batch(context, &path, batch)?;
        }
        let summary = &mut self.summary;
        summary.excluded = self.results.result.exclusions.total();
        if summary.requests + summary.unreadable + summary.excluded > 1 {
            let took = start.elapsed().as_millis();
            summary.duration_ms = u64::try_from(took).unwrap_or(u64::MAX);
            context.printer.report(summary)?;
        } else if summary.skipped > 0 && summary.requests > 0 {
            let lines = summary.skipped;
            let (noun, verb) = if lines == 1 { ("line", "was") } else { ("lines", "were") };
            context.printer.note(&format!("{lines} {noun} without a request {verb} skipped"));
        }
        Ok(self.results.result.finish(context, summary.requests, summary.exit()))
    }

    /// Returns the settings for the requests of one input.
    fn session<'s>(
        &self,
        context: &Context<'s>,
        path: &'s Path,
        selection: &'s Selection,
    ) -> Session<'s>
    where
        'r: 's,
    {
        let options = self.options;
        Session {
            path,
            selection,
            judge: self.judge,
            env: context.env,
            renderer: context.printer.renderer(),
            now: options.now,
            strict: options.strict,
            show_expected: options.show_expected,
            mine: options.mine.as_ref().map(|digest| (digest, self.own_explainer)),
        }
    }

    /// Prints the selected results of a batch.
    fn print_selected(
        &mut self,
        context: &mut Context<'_>,
        path: &Path,
        batch: Batch,
    ) -> Result<(), Error> {
        let batch = self.results.select(path, batch);
        self.print_batch(context, path, batch)
    }

    /// Prints the results of a batch, and counts them.
    fn print_batch(
        &mut self,
        context: &mut Context<'_>,
        path: &Path,
        batch: Batch,
    ) -> Result<(), Error> {
        let renderer = context.printer.renderer();
        let summary = &mut self.summary;
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
                    self.explainer.explain(&mut unverified, path, &batch.requests);
                    summary.count(&unverified.report.verdict);
                    renderer.render(&unverified.report, &mut out)?;
                }
                BatchItem::Unreadable(source) => {
                    // Flush the results before it, so that the order is right if both streams are
                    // the same terminal.
                    context.printer.raw(&std::mem::take(&mut out))?;
                    let error = IoError::NotARequest { path: path.to_owned(), source };
                    context.printer.error(&Error::from(error));
                    summary.unreadable += 1;
                }
            }
        }
        Ok(context.printer.raw(&out)?)
    }
}

/// Returns the one request that the filters select, for `--mine`.
fn only_selected(
    session: &Session<'_>,
    found: Vec<Result<FoundRequest, RequestError>>,
    path: &Path,
) -> Result<Vec<Result<FoundRequest, RequestError>>, Error> {
    let is_selected =
        |found: &Result<_, _>| found.as_ref().map_or(true, |found| session.selects(found));
    let mut selected: Vec<_> = found.into_iter().filter(is_selected).collect();
    if let Some(last) = session.selection.last {
        selected.drain(..selected.len().saturating_sub(last.get()));
    }
    match selected.len() {
        1 => Ok(selected),
        count => Err(several_requests(&format!("{count} requests in `{}`", path.display()))),
    }
}

/// Returns the error for `--mine` with more than one request.
pub(super) fn several_requests(found: &str) -> Error {
    Error::Option {
        message: format!("`--mine` needs exactly one request, found {found}"),
        hint: "choose the request that your code hashed with `--id`, `--event` or `--last 1`, or \
               save it in a file of its own"
            .to_owned(),
    }
}
