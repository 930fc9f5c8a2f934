//! One replay run: sends each capture to its endpoint when it is due.

use crate::commands::context::Context;
use crate::commands::delivery::{
    DeliveryIdentity, DeliveryReport, no_response_error, write_contents,
};
use crate::commands::filter_args::SelectedCaptures;
use crate::commands::lost_bytes;
use crate::commands::pacer::Pacer;
use crate::commands::replay::dry_run::PlannedRequest;
use crate::commands::replay::endpoints::Endpoints;
use crate::commands::replay::limited_warnings::LimitedWarnings;
use crate::commands::replay::prepared_request::{Preparation, PreparedRequest};
use crate::commands::replay::report::{Outgoing, ReplaySummary, ReplayedDelivery};
use crate::domain::retry::PlannedAttempt;
use crate::domain::target::Target;
use crate::engine::judge::Judgement;
use crate::engine::replay::baseline::Baseline;
use crate::engine::replay::{Pace, capture_digest};
use crate::error::{Error, Exit};
use crate::io::captures::CapturedRequest;
use crate::output::progress::Progress;
use std::time::Instant;

/// The maximum number of missing captures that are named.
const MAX_NAMED: usize = 3;

/// Sends captures one after the other.
pub(super) struct ReplayRun<'r, 'c> {
    context: &'r mut Context<'c>,
    preparation: Preparation<'r>,
    endpoints: Endpoints<'r>,
    baseline: Option<Baseline>,
    pace: Pace,
    pacer: Pacer,
    warnings: LimitedWarnings,
    summary: ReplaySummary,
    /// The number of captures that were due so far.
    due_captures: usize,
    /// The time at which the last capture was sent.
    last_sent: Option<Instant>,
}

impl<'r, 'c> ReplayRun<'r, 'c> {
    /// Creates a run; `captures` is their number, if it is known.
    pub(super) fn new(
        context: &'r mut Context<'c>,
        preparation: Preparation<'r>,
        baseline: Option<Baseline>,
        captures: Option<usize>,
    ) -> Result<Self, Error> {
        let options = preparation.options;
        let to = options.to.as_deref();
        let endpoints = Endpoints::new(context, to, &options.connection, options.dry_run)?;
        let progress = match captures {
            Some(captures) => Progress::bar(context.printer, captures),
            None => Progress::spinner(context.printer, ""),
        };
        let pacer = Pacer::new(progress, context.env.watch_signals()?);
        Ok(Self {
            summary: ReplaySummary::new(options),
            context,
            preparation,
            endpoints,
            baseline,
            pace: Pace::new(options.speed),
            pacer,
            warnings: LimitedWarnings::default(),
            due_captures: 0,
            last_sent: None,
        })
    }

    /// Counts inputs without a request, whose errors were already printed.
    pub(super) fn count_unreadable(&mut self, count: usize) {
        self.summary.unreadable += count;
    }

    /// Sends every capture until a signal arrives.
    pub(super) fn send_all(
        &mut self,
        captures: impl Iterator<Item = Result<CapturedRequest, Error>>,
    ) -> Result<(), Error> {
        for result in captures {
            match result {
                Ok(request) => self.process(request)?,
                Err(error) if error.concerns_one_input() => {
                    self.pacer.suspend(|| self.context.printer.error(&error));
                    self.summary.unreadable += 1;
                }
                Err(error) => return Err(error),
            }
            if self.pacer.run.interrupted.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Prints the summary and returns the exit status. `captures` has counted those that the
    /// filters excluded.
    pub(super) fn finish(mut self, captures: &SelectedCaptures<'_>) -> Result<Exit, Error> {
        self.summary.skipped = captures.skipped_lines();
        let run = self.pacer.finish();
        let printer = &mut *self.context.printer;
        self.warnings.print_remaining(printer);
        if let Some(baseline) = &self.baseline {
            let missing = baseline.missing();
            self.summary.set_missing(missing.len());
            if !missing.is_empty() {
                printer.note(&format!("in the baseline, but not sent: {}", join_names(&missing)));
            }
        }
        self.summary.complete(run.elapsed());
        if self.summary.has_several() {
            printer.report(&self.summary)?;
        }
        if let Some(error) = run.no_response.filter(|_| !self.summary.any_response()) {
            printer.error(&error);
        }
        if let Some(interrupted) = run.interrupted {
            return Ok(interrupted);
        }
        Ok(captures.result.finish(self.context, captures.selected, self.summary.exit()))
    }

    /// Sends one capture when it is due.
    fn process(&mut self, mut captured: CapturedRequest) -> Result<(), Error> {
        if !self.wait(&captured) {
            return Ok(());
        }
        let Preparation { options, judge, .. } = &self.preparation;
        let now = self.context.now(options.now);
        lost_bytes::restore(judge, &mut captured, now);
        let captured = &captured;
        let judgement = judge.judge(&captured.found.capture.message, now);
        let base = self.endpoints.base(self.context, judgement.verdict.provider.as_deref())?;
        if let Some(pack) = &judgement.pack {
            self.context.check_pack_target(pack, &base, options.dry_run)?;
        }
        let mut warnings = Vec::new();
        let prepared = self.preparation.prepare(captured, &judgement, &base, now, &mut warnings);
        for warning in &warnings {
            let source = &captured.source;
            self.warnings.warn(warning, source, self.context.printer, &self.pacer);
        }
        match prepared {
            Ok(request) if options.dry_run => self.show(captured, &judgement, &base, &request),
            Ok(request) => self.send(captured, &judgement, &base, &request),
            Err(source) => {
                let error = Error::CannotReplay { capture: captured.source.clone(), source };
                self.pacer.suspend(|| self.context.printer.error(&error));
                self.summary.count_left_out(error.exit());
                Ok(())
            }
        }
    }

    /// Waits until a capture is due. The wait begins when the previous capture was sent. Returns
    /// `false` if a signal has arrived.
    fn wait(&mut self, captured: &CapturedRequest) -> bool {
        self.due_captures += 1;
        let wait = self.pace.wait(captured.found.capture.received_at);
        let start = self.last_sent.unwrap_or_else(Instant::now);
        let next = format!("capture {} ({})", self.due_captures, captured.source);
        self.pacer.wait_until(|| wait.saturating_sub(start.elapsed()), &next)
    }

    /// Prints the request of a capture, which is not sent.
    fn show(
        &mut self,
        captured: &CapturedRequest,
        judgement: &Judgement,
        base: &Target,
        request: &PreparedRequest,
    ) -> Result<(), Error> {
        self.endpoints.options(self.context, base)?;
        let at = self.context.now(self.preparation.options.now);
        let shown = self.preparation.shown(judgement, request);
        let outgoing = Outgoing::new(captured, judgement, &shown);
        self.summary.would_send += 1;
        let planned = PlannedRequest::new(&outgoing, at);
        self.pacer.suspend(|| self.context.printer.report(&planned))?;
        Ok(())
    }

    /// Sends the request of a capture, and prints and counts its result.
    fn send(
        &mut self,
        captured: &CapturedRequest,
        judgement: &Judgement,
        base: &Target,
        request: &PreparedRequest,
    ) -> Result<(), Error> {
        let PreparedRequest { message, address, .. } = request;
        let pack = judgement.pack.as_deref();
        let retry = pack.map(|pack| &pack.provider.retry);
        let endpoints = &mut self.endpoints;
        let client =
            self.pacer.suspend(|| endpoints.client(self.context, base, address, message, retry))?;
        let shown = self.preparation.shown(judgement, request);
        let outgoing = Outgoing::new(captured, judgement, &shown);
        self.pacer.suspend(|| {
            self.endpoints.print_url(self.context, &shown.address)?;
            self.context.printer.text(|out, look| {
                outgoing.human(out, look)?;
                write_contents(out, look, &shown.message)
            })?;
            Ok::<(), Error>(())
        })?;
        let at = self.context.env.now();
        self.last_sent = Some(Instant::now());
        let result = client.send(message);
        let subject = DeliveryIdentity {
            provider: pack.map(|pack| &pack.provider),
            event: request.event.as_deref(),
            message_id: request.message_id.as_deref(),
            masking: self.preparation.masking(judgement),
        };
        let mut delivery =
            DeliveryReport::with_identity(&subject, address, PlannedAttempt::FIRST, at, &result);
        delivery.check_expectation(&self.preparation.options.expect);
        let digest = capture_digest(&captured.found.capture.message, &judgement.verdict);
        let succeeded = delivery.is_success();
        let baseline = self.baseline.as_mut().map(|known| known.compare(&digest, succeeded));
        let replayed =
            ReplayedDelivery { delivery, source: captured.source.clone(), digest, baseline };
        self.summary.count(&replayed);
        self.pacer.step(&self.summary.progress());
        self.pacer.suspend(|| self.context.printer.report(&replayed))?;
        if let Err(failure) = result {
            self.pacer
                .run
                .no_response
                .get_or_insert_with(|| no_response_error(&shown.address, &failure));
        }
        Ok(())
    }
}

/// Formats the first names, and the number of the others.
fn join_names(names: &[&str]) -> String {
    let first: Vec<_> = names.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MAX_NAMED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
