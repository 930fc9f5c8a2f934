//! The conformance runner: sends the requests of each case and evaluates the responses.

use crate::commands::check::failed_requests::FailedRequests;
use crate::commands::check::observed_response::ObservedResponse;
use crate::commands::check::options::CheckArgs;
use crate::commands::check::wire;
use crate::commands::context::Context;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::delivery::{AttemptResult, NextStep, Outcome};
use crate::domain::message::Message;
use crate::domain::percentiles::nearest_rank;
use crate::domain::target::Target;
use crate::domain::time::format_duration;
use crate::engine::conformance::case::{
    Action, ConformanceCase, Effect, Transport, Trial, TrialStep, step,
};
use crate::engine::conformance::case_seed;
use crate::engine::conformance::expect::{ExpectedResponse, effect_consequence, time_consequence};
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};
use crate::error::{Error, Exit};
use crate::io::client::{Client, ConnectOptions};
use crate::io::error::Error as IoError;
use crate::io::probe::{Probe, ProbeContext};
use crate::io::signals::Signal;
use crate::io::{client, wire_client};
use crate::output::progress::Progress;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// The interval between two readings of the probe while its number should grow.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The time in which a receiver must accept a connection to count as running.
const ALIVE_TIMEOUT: Duration = Duration::from_millis(500);

/// Runs the cases one after the other.
pub(super) struct Runner<'r, 'c> {
    args: &'r CheckArgs,
    context: &'r mut Context<'c>,
    target: &'r Target,
    options: ConnectOptions,
    case_context: CaseContext<'r>,
    probe: Option<Probe>,
    seed: u64,
    limit: Duration,
    signals: Receiver<Signal>,
    /// The first signal that arrived.
    signal: Cell<Option<Signal>>,
    /// `true` if the probe counts messages and not leads; `None` until this is known.
    counts_messages: Option<bool>,
    /// `true` if the receiver has stopped responding.
    is_receiver_gone: bool,
    /// The steps of the current case that were sent.
    sent: Vec<TrialStep>,
    /// The requests of failed cases.
    failed: FailedRequests,
}

impl<'r, 'c> Runner<'r, 'c> {
    pub(super) fn new(
        args: &'r CheckArgs,
        context: &'r mut Context<'c>,
        target: &'r Target,
        options: ConnectOptions,
        case_context: CaseContext<'r>,
        probe: Option<Probe>,
        seed: u64,
    ) -> Result<Self, Error> {
        let limit = options.timeout.unwrap_or_default();
        let folder = args.failure_folder()?;
        let failed = FailedRequests::new(target, &options, case_context.now, folder);
        // Watch signals before the first probe: a command interrupted by a signal must not outlive
        // the check.
        let signals = context.env.watch_signals()?;
        let runner = Self {
            args,
            context,
            target,
            options,
            case_context,
            probe,
            seed,
            limit,
            signals,
            signal: Cell::new(None),
            counts_messages: None,
            is_receiver_gone: false,
            sent: Vec::new(),
            failed,
        };
        // Find out that a probe does not work before anything is sent.
        match runner.read_probe("none") {
            Some(Err(error)) if !runner.is_interrupted() => Err(error.into()),
            _ => Ok(runner),
        }
    }

    /// Runs every case. Returns the reports, and the exit status if a signal ended the run.
    pub(super) fn run(
        mut self,
        cases: &[ConformanceCase],
    ) -> Result<(Vec<CaseReport>, Option<Exit>), Error> {
        let progress = Progress::bar(self.context.printer, cases.len());
        let mut reports = Vec::new();
        for case in cases {
            self.case_context.seed = case_seed(self.seed, &case.id);
            progress.set_message(&case.id);
            reports.push(if self.is_interrupted() {
                self.report_without_response(case, "not run: the check was interrupted")
            } else if self.is_receiver_gone {
                self.report_without_response(case, "not run: the receiver stopped responding")
            } else {
                self.run_case(case)?
            });
            progress.step(&case.id);
        }
        progress.finish();
        self.note_saved_requests();
        Ok((reports, self.signal.get().map(Exit::from)))
    }

    /// Returns `true` once a signal has arrived.
    fn is_interrupted(&self) -> bool {
        if self.signal.get().is_none() {
            self.signal.set(self.signals.try_recv().ok());
        }
        self.signal.get().is_some()
    }

    /// Runs one case and measures its duration.
    fn run_case(&mut self, case: &ConformanceCase) -> Result<CaseReport, Error> {
        let began = Instant::now();
        let mut report = match &case.action {
            Action::Timing { requests, concurrent: at_once } => {
                self.run_timing(case, *requests, *at_once)?
            }
            Action::Trial(build) => match build(&self.case_context) {
                Ok(trial) => self.run_trial(case, &trial)?,
                Err(CaseError::MissingInput(what)) => CaseReport {
                    outcome: CaseOutcome::Skipped,
                    observed: what.to_owned(),
                    ..self.report_without_response(case, "")
                },
                Err(CaseError::Generate(error)) => return Err(error.into()),
                Err(CaseError::Sign(error)) => return Err(error.into()),
            },
        };
        report.duration = began.elapsed();
        let sent = std::mem::take(&mut self.sent);
        if report.outcome == CaseOutcome::Fail {
            self.failed.record(&mut report, &sent)?;
        }
        Ok(report)
    }

    /// Prints where the requests of failed cases are.
    fn note_saved_requests(&mut self) {
        if let Some(folder) = self.failed.folder().filter(|_| self.failed.saved > 0) {
            let (count, path) = (self.failed.saved, folder.path().display());
            let requests = if count == 1 { "request" } else { "requests" };
            self.context.printer.note(&format!(
                "saved {count} {requests} of failed cases in `{path}`, for `verify` and `replay`"
            ));
        }
    }

    /// Returns the report of a case of which nothing is known but `observed`.
    fn report_without_response(&self, case: &ConformanceCase, observed: &str) -> CaseReport {
        let documentation = &self.case_context.pack.provider.documentation;
        CaseReport {
            id: case.id.clone(),
            group: case.group,
            level: case.level,
            about: case.about.clone(),
            outcome: CaseOutcome::Incomplete,
            expected: String::new(),
            observed: observed.to_owned(),
            next_step: None,
            consequence: None,
            advice: case.advice.to_owned(),
            source: case.source.replace("the provider's documentation", documentation),
            duration: Duration::ZERO,
            curl: None,
            no_curl: None,
        }
    }

    /// Runs a case of requests with expected responses and, if there is a probe, expected effects.
    ///
    /// The probe is read before the first request, so that effects of earlier cases do not count.
    /// The effect is evaluated only if every response is as expected: a wrong response alone fails
    /// the case.
    fn run_trial(&mut self, case: &ConformanceCase, trial: &Trial) -> Result<CaseReport, Error> {
        let mut report = self.report_without_response(case, "");
        let needs_wire = trial.steps.iter().any(|step| step.transport != Transport::Usual);
        if needs_wire && (self.target.is_tls() || self.options.proxy.is_some()) {
            report.outcome = CaseOutcome::Skipped;
            "not run: needs plain HTTP without a proxy".clone_into(&mut report.observed);
            return Ok(report);
        }
        let before = match self.probe_count(case) {
            Ok(before) => before,
            Err(problem) => return Ok(self.inconclusive(report, problem)),
        };
        report.outcome = CaseOutcome::Pass;
        for step in &trial.steps {
            let observed = self.send(step)?;
            self.sent.push(step.clone());
            // A provider retries after minutes. By then the receiver has finished with the delivery
            // whose sender hung up; here it may still be processing it. Wait, so that the effect of
            // the retry is counted after it.
            if let (Transport::HangUp, Some(before)) = (step.transport, before)
                && let Err(problem) = self.wait_for_growth(case, before, 1)
            {
                return Ok(self.inconclusive(report, problem));
            }
            if self.judge(step, &observed, &mut report) {
                break;
            }
        }
        if report.outcome == CaseOutcome::Pass
            && let Some(effect) = trial.effect
        {
            return match self.judge_effect(case, effect, before, report.clone()) {
                Ok(judged) => Ok(judged),
                Err(problem) => Ok(self.inconclusive(report, problem)),
            };
        }
        Ok(report)
    }

    /// Returns the report of a case whose effect is unknown because the probe failed.
    fn inconclusive(&mut self, report: CaseReport, problem: String) -> CaseReport {
        self.update_is_receiver_gone();
        CaseReport {
            outcome: CaseOutcome::Incomplete,
            observed: problem,
            consequence: None,
            ..report
        }
    }

    /// Checks again if the receiver accepts connections.
    fn update_is_receiver_gone(&mut self) {
        let is_up =
            || client::wait_until_up(self.target, self.options.connect, ALIVE_TIMEOUT).is_ok();
        self.is_receiver_gone = self.options.proxy.is_none() && !is_up();
    }

    /// Compares the responses of a step with the expectation. Returns `true` if one does not match.
    ///
    /// The report shows the first response that does not match, or else the last one.
    fn judge(
        &mut self,
        step: &TrialStep,
        observed: &[ObservedResponse],
        report: &mut CaseReport,
    ) -> bool {
        let provider = &self.case_context.pack.provider;
        let retry = &provider.retry;
        let is_expected =
            |observed: &&ObservedResponse| step.expect.matches(retry, observed.result);
        let unexpected = observed.iter().position(|observed| !is_expected(&observed));
        let Some(index) = unexpected.or(observed.len().checked_sub(1)) else { return false };
        let response = &observed[index];
        if step.expect == ExpectedResponse::Anything {
            return false;
        }
        report.expected = step.expect.description(retry);
        report.observed = response.describe();
        let outcome = retry.outcome(&response.result);
        report.next_step = Some(retry.next_step(1, outcome));
        report.consequence = step.expect.consequence(provider, response.result);
        if observed.iter().any(|observed| observed.is_unreachable) {
            self.update_is_receiver_gone();
        }
        let has_failed = unexpected.is_some() || self.is_receiver_gone;
        if has_failed {
            report.outcome = CaseOutcome::Fail;
        }
        if self.is_receiver_gone {
            report.observed.push_str(", and the receiver stopped responding");
        }
        has_failed
    }

    /// Compares the effect of a case, as counted by the probe, with the expectation.
    fn judge_effect(
        &mut self,
        case: &ConformanceCase,
        effect: Effect,
        before: Option<u64>,
        mut report: CaseReport,
    ) -> Result<CaseReport, String> {
        let Some(before) = before else {
            if effect.needs_probe {
                report.outcome = CaseOutcome::Incomplete;
                report.expected = effect.description();
                "response accepted; add `--probe-url` to verify side effects"
                    .clone_into(&mut report.observed);
                report.consequence = None;
            }
            return Ok(report);
        };
        let growth = self.wait_for_growth(case, before, effect.min)?;
        if effect.counts_messages && growth < effect.min && !self.counts_messages(case)? {
            report.outcome = CaseOutcome::Incomplete;
            report.expected = effect.description();
            "the probe counts leads, but this case needs a count of messages"
                .clone_into(&mut report.observed);
            report.consequence = None;
            return Ok(report);
        }
        if effect.needs_probe || growth > effect.max {
            report.expected = effect.description();
            report.observed = match growth {
                1 => "1 effect".to_owned(),
                many => format!("{many} effects"),
            };
        }
        if let Some(consequence) = effect_consequence(growth, effect.min, effect.max) {
            report.outcome = CaseOutcome::Fail;
            report.next_step = Some(NextStep::None);
            report.consequence = Some(consequence);
        }
        Ok(report)
    }

    /// Waits until the probe's number has grown by `min`, up to `--settle`. Returns the growth.
    fn wait_for_growth(
        &self,
        case: &ConformanceCase,
        before: u64,
        min: u64,
    ) -> Result<u64, String> {
        let end = Instant::now() + self.args.settle();
        loop {
            let growth = self.probe_count(case)?.unwrap_or(before).saturating_sub(before);
            if growth >= min || Instant::now() >= end {
                return Ok(growth);
            }
            std::thread::sleep(POLL_INTERVAL);
        }
    }

    /// Returns `true` if the probe counts messages and not leads: after two messages about one lead
    /// its number has grown by two.
    fn counts_messages(&mut self, case: &ConformanceCase) -> Result<bool, String> {
        if let Some(known) = self.counts_messages {
            return Ok(known);
        }
        let case_context = CaseContext { seed: self.seed, ..self.case_context };
        let Ok(pair) = two_messages_about_one_lead(&case_context) else { return Ok(false) };
        let before = self.probe_count(case)?.unwrap_or(0);
        for message in pair {
            self.send_one(&message).map_err(|error| error.message_with_causes())?;
        }
        let counts = self.wait_for_growth(case, before, 2)? >= 2;
        self.counts_messages = Some(counts);
        Ok(counts)
    }

    /// Returns the current number of the probe, if there is one, or the reason why it failed.
    fn probe_count(&self, case: &ConformanceCase) -> Result<Option<u64>, String> {
        self.read_probe(&case.id)
            .transpose()
            .map_err(|error| Error::from(error).message_with_causes())
    }

    /// Reads the probe, if there is one.
    fn read_probe(&self, case: &str) -> Option<Result<u64, IoError>> {
        let source = ProbeContext { case, provider: &self.case_context.pack.provider.id };
        let probe = self.probe.as_ref()?;
        Some(probe.count(self.context.env, source, &|| self.is_interrupted()))
    }

    /// Runs a case of response times: sends the requests in groups of `at_once`.
    fn run_timing(
        &mut self,
        case: &ConformanceCase,
        requests: usize,
        at_once: usize,
    ) -> Result<CaseReport, Error> {
        let mut report = self.report_without_response(case, "");
        let budget = format_duration(self.limit);
        report.expected = format!("every response within {budget}");
        let mut messages = Vec::new();
        for lead in 0..requests as u64 {
            let mut builder = self.case_context.creation_builder();
            (builder.lead_number, builder.message_number) = (lead, lead);
            messages.push(builder.build().map_err(error_of_case)?);
        }
        let mut failure = None;
        let retry = &self.case_context.pack.provider.retry;
        let mut observed = Vec::new();
        for group in messages.chunks(at_once) {
            observed.extend(self.send_together(group)?);
            self.sent.push(step(group.to_vec(), ExpectedResponse::Accepted));
        }
        for response in &observed {
            if retry.outcome(&response.result) != Outcome::Delivered {
                failure.get_or_insert(response);
            }
        }
        report.outcome = CaseOutcome::Pass;
        let mut times: Vec<_> = observed.iter().map(|response| response.duration).collect();
        times.sort_unstable();
        let [p50, p95, max] = [50, 95, 100]
            .map(|percent| format_duration(nearest_rank(&times, percent).unwrap_or_default()));
        report.observed = format!("p50 {p50}, p95 {p95}, max {max}, of {budget} allowed");
        if let Some(response) = failure {
            report.outcome = CaseOutcome::Fail;
            report.observed = format!("{}; {}", response.describe(), report.observed);
            let outcome = retry.outcome(&response.result);
            report.next_step = Some(retry.next_step(1, outcome));
            let provider = &self.case_context.pack.provider;
            report.consequence = Some(match response.result {
                AttemptResult::Timeout => time_consequence(provider),
                _ => ExpectedResponse::Accepted
                    .consequence(provider, response.result)
                    .unwrap_or_default(),
            });
        }
        if observed.iter().any(|response| response.is_unreachable) {
            self.update_is_receiver_gone();
        }
        Ok(report)
    }

    /// Sends the requests of a step.
    fn send(&self, step: &TrialStep) -> Result<Vec<ObservedResponse>, Error> {
        match step.messages.as_slice() {
            [message] => {
                let encode_error =
                    |source| Error::Print { what: "the request".to_owned(), form: "http", source };
                match wire::wire_steps(message, step.transport, self.target)
                    .map_err(encode_error)?
                {
                    None => Ok(vec![self.send_one(message)?]),
                    Some(steps) => {
                        let start = Instant::now();
                        let statuses = wire_client::run_steps(
                            self.target,
                            self.options.connect,
                            &steps,
                            self.limit,
                        );
                        // A sender that hangs up reads no response.
                        let status =
                            statuses.map(|statuses| statuses.last().copied().unwrap_or(200));
                        Ok(vec![ObservedResponse::new(status, start.elapsed())])
                    }
                }
            }
            messages => self.send_together(messages),
        }
    }

    fn send_one(&self, message: &Message) -> Result<ObservedResponse, Error> {
        let address = self.target.with_path(&message.target);
        let client = Client::new(&address, &self.options, message)?;
        Ok(ObservedResponse::of(client.send(message)))
    }

    /// Sends several requests concurrently.
    fn send_together(&self, messages: &[Message]) -> Result<Vec<ObservedResponse>, Error> {
        let Some(first) = messages.first() else { return Ok(Vec::new()) };
        let client = Arc::new(Client::new(self.target, &self.options, first)?);
        Ok(client.send_all(messages).into_iter().map(ObservedResponse::of).collect())
    }
}

/// Returns two messages about one lead, if the provider has an event that follows the first.
fn two_messages_about_one_lead(case_context: &CaseContext<'_>) -> Result<Vec<Message>, CaseError> {
    let event = case_context
        .later_events()
        .next()
        .ok_or(CaseError::MissingInput("it needs a later event"))?;
    let mut second = case_context.builder(event);
    second.message_number = 1;
    Ok(vec![case_context.creation_builder().build()?, second.build()?])
}

fn error_of_case(error: CaseError) -> Error {
    match error {
        CaseError::Generate(error) => error.into(),
        CaseError::Sign(error) => error.into(),
        CaseError::MissingInput(what) => {
            Error::Option { message: what.to_owned(), hint: String::new() }
        }
    }
}
