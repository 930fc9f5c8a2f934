//! The conformance runner: sends the requests of each case and evaluates the responses.

use crate::commands::check::effects::EffectCounter;
use crate::commands::check::failed_requests::FailedRequests;
use crate::commands::check::limits::RunLimits;
use crate::commands::check::observed_response::ObservedResponse;
use crate::commands::check::options::CheckArgs;
use crate::commands::check::probe_stability::NumberChange;
use crate::commands::check::result_stream::ResultStream;
use crate::commands::check::sending::RequestSender;
use crate::commands::check::signature_questions::SignatureFailures;
use crate::commands::check::size_limit::error_of_case;
use crate::commands::check::started_receiver::StartedReceiver;
use crate::commands::check::stop::{RunEnd, Stop};
use crate::commands::fetch_server::FetchService;
use crate::commands::redaction::Redaction;
use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport};
use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::message::Message;
use crate::domain::target::Target;
use crate::engine::conformance::advice;
use crate::engine::conformance::case::{Action, ConformanceCase, Transport, Trial, TrialStep};
use crate::engine::conformance::case_seed;
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::conformance::handshake::body_problem as body_problem_of;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};
use crate::engine::conformance::refusals::RefusalTally;
use crate::engine::status_causes::RequestFacts;
use crate::error::{Error, Exit};
use crate::io::client::ConnectOptions;
use crate::io::environment::Environment;
use crate::io::probe::Probe;
use crate::output::printer::Printer;
use std::time::{Duration, Instant};

/// Runs the cases one after the other.
pub(super) struct Runner<'r> {
    args: &'r CheckArgs,
    pub(super) case_context: CaseContext<'r>,
    pub(super) seed: u64,
    pub(super) sender: RequestSender<'r>,
    pub(super) effects: EffectCounter<'r>,
    pub(super) limits: RunLimits,
    /// The refusals so far, which may have one cause.
    tally: RefusalTally<'r>,
    /// `true` once a genuine delivery was accepted.
    has_accepted: bool,
    /// `true` if the probe counts messages and not leads; `None` until this is known.
    pub(super) counts_messages: Option<bool>,
    /// `true` if the receiver has stopped responding, and a started one if no restart helped.
    pub(super) is_receiver_gone: bool,
    /// `true` if the deadline cut the current case off.
    pub(super) is_cut_off: bool,
    /// The receiver, if the check has started it.
    receiver: Option<&'r mut StartedReceiver>,
    pub(super) signature_failures: SignatureFailures,
    /// The requests of the current case that were sent.
    pub(super) sent: Vec<TrialStep>,
    /// The response times of the current case.
    response_times: Vec<Duration>,
    /// The requests of failed cases.
    failed: FailedRequests,
    /// The server of `--fetch`, if there is one.
    pub(super) fetch: Option<&'r FetchService>,
}

/// Returns what is wrong with the response to a handshake, apart from its status.
fn body_problem(step: &TrialStep, observed: &ObservedResponse) -> Option<String> {
    let handshake = step.handshake.as_ref()?;
    body_problem_of(step.expect, &handshake.challenge, observed.response.as_ref()?)
}

impl<'r> Runner<'r> {
    pub(super) fn new(
        args: &'r CheckArgs,
        env: &'r Environment,
        target: &'r Target,
        options: ConnectOptions,
        case_context: CaseContext<'r>,
        probe: Option<Probe>,
        seed: u64,
    ) -> Result<Self, Error> {
        let folder = args.failure_folder()?;
        let failed = FailedRequests::new(target, &options, case_context.now, folder)
            .with_secrets(case_context.pack.provider.signature.clone(), case_context.secrets);
        // Watch signals before the first probe: a command interrupted by a signal must not outlive
        // the check.
        let limits = RunLimits::new(env.watch_signals()?, args.stop.deadline);
        let provider = &case_context.pack.provider;
        let mut effects = EffectCounter::new(probe, env, &provider.id, args.probe.settle());
        effects.check(args.probe.quiet(), &limits)?;
        let tally = RefusalTally::new(RequestFacts { provider, path: case_context.path });
        Ok(Self {
            args,
            case_context,
            seed,
            sender: RequestSender::new(target, options, case_context.sent_secrets()),
            effects,
            limits,
            tally,
            has_accepted: false,
            counts_messages: None,
            is_receiver_gone: false,
            is_cut_off: false,
            receiver: None,
            signature_failures: SignatureFailures::default(),
            sent: Vec::new(),
            response_times: Vec::new(),
            failed,
            fetch: None,
        })
    }

    /// Returns the change of the probe's number while nothing was sent, if there was one.
    pub(super) fn probe_change(&self) -> Option<NumberChange> {
        self.effects.change()
    }

    /// Sets the receiver that the check has started, if it has.
    pub(super) fn with_receiver(mut self, mut receiver: Option<&'r mut StartedReceiver>) -> Self {
        // A signal may have arrived between the start of the receiver and `new`.
        if let Some(signals) = receiver.as_mut().and_then(|receiver| receiver.take_signals()) {
            self.limits.watch(signals);
        }
        self.receiver = receiver;
        self
    }

    /// Sets the server of `--fetch`.
    pub(super) fn with_fetch(self, fetch: Option<&'r FetchService>) -> Self {
        Self { fetch, ..self }
    }

    /// Redacts the requests of failed cases, and hides what the receiver returns, which may contain
    /// what it was sent.
    pub(super) fn with_redaction(mut self, redaction: Option<Redaction>) -> Self {
        if let Some(redaction) = redaction {
            self.failed.redact_with(redaction);
            self.sender.hide_locations();
            self.effects.hide_output();
        }
        self
    }

    /// Runs the cases and passes each report to `results`, also those of cases that are not run
    /// because the run has stopped.
    pub(super) fn run(
        mut self,
        cases: &[ConformanceCase],
        results: &mut ResultStream<'_>,
        printer: &mut Printer,
    ) -> Result<RunEnd, Error> {
        let mut stop = None;
        let mut ran = 0;
        for case in cases {
            self.case_context.seed = case_seed(self.seed, &case.id);
            results.begin(printer, case)?;
            stop = stop.or_else(|| self.stop_before_next(results));
            if let Some(stop) = &stop {
                let report = self.report_without_response(case, &stop.not_run());
                results.not_run(printer, report, stop)?;
                continue;
            }
            let report = self.run_case(case)?;
            ran += 1;
            let is_last = cases.get(ran).is_none_or(|next| next.group != case.group);
            self.ask_about_signatures(case.group, is_last);
            results.ran(printer, report, self.causes())?;
            if let Some(note) = self.effects.take_note() {
                printer.note(&note);
            }
        }
        // A case that was cut off may be the last one.
        let stop =
            stop.or_else(|| self.is_cut_off.then_some(Stop::Deadline(self.args.stop.deadline)));
        let exit = self.limits.signal().map(Exit::from);
        Ok(RunEnd {
            causes: self.causes(),
            stop,
            ran,
            saved: self.failed.saved(),
            redaction: self.failed.into_redaction(),
            exit,
        })
    }

    /// Returns the causes that are known so far.
    fn causes(&self) -> Vec<Cause> {
        let mut causes = self.tally.causes();
        let Some(found) = self.signature_failures.cause() else { return causes };
        match causes.iter_mut().find(|cause| cause.code == found.code) {
            // The tally only has the refusals of this kind.
            Some(known) => {
                let is_new = |case: &String| !known.cases.contains(case);
                let added: Vec<_> = found.cases.into_iter().filter(is_new).collect();
                known.cases.extend(added);
            }
            None => causes.push(found),
        }
        causes
    }

    /// Returns the facts of a request that a cause or an advice names.
    pub(super) fn facts(&self) -> RequestFacts<'r> {
        RequestFacts { provider: &self.case_context.pack.provider, path: self.case_context.path }
    }

    /// Asks the receiver for the cause of failures that are about signatures: when the run would
    /// stop for the weaker cause, and after the last case of a group.
    fn ask_about_signatures(&mut self, group: CaseGroup, is_last: bool) {
        let would_stop = self.tally.take_signature_question();
        if !would_stop && !is_last {
            return;
        }
        let mut failures = std::mem::take(&mut self.signature_failures);
        let context = CaseContext { seed: self.seed, ..self.case_context };
        let mut send = |message: &Message| {
            let is_over = self.is_receiver_gone || self.limits.is_over();
            let limit = self.limits.cut(self.sender.budget());
            let observed = if is_over { None } else { self.sender.send_one(message, limit).ok() };
            observed.map_or(AttemptResult::Unreachable, |observed| observed.result)
        };
        failures.ask(group, &mut send, &context);
        if let Some(cause) = failures.cause() {
            self.tally.explain_signature(cause);
        }
        self.signature_failures = failures;
    }

    /// Returns the reason not to run another case, if there is one.
    fn stop_before_next(&self, results: &ResultStream<'_>) -> Option<Stop> {
        let has_counted_failure = || results.has_failure_from(self.args.counts_from());
        if self.limits.signal().is_some() {
            Some(Stop::Interrupted)
        } else if self.is_receiver_gone {
            Some(Stop::ReceiverGone)
        } else if self.stops_for_cause() {
            self.causes().into_iter().next().map(Stop::Cause)
        } else if self.args.stop.fail_fast && has_counted_failure() {
            Some(Stop::FirstFailure)
        } else if self.limits.is_past_deadline() {
            Some(Stop::Deadline(self.args.stop.deadline))
        } else {
            None
        }
    }

    /// Returns `true` if there is a cause for which the rest of the run would fail as well.
    pub(super) fn stops_for_cause(&self) -> bool {
        !self.args.stop.keep_going && self.tally.has_cause()
    }

    /// Runs one case and measures its duration.
    fn run_case(&mut self, case: &ConformanceCase) -> Result<CaseReport, Error> {
        let began = Instant::now();
        self.is_cut_off = false;
        let mut report = match &case.action {
            Action::Timing { requests, concurrent: at_once } => {
                self.run_timing(case, *requests, *at_once)?
            }
            Action::Fetches { deliveries } => self.run_fetches(case, *deliveries)?,
            Action::SizeLimit => self.run_size_limit(case)?,
            Action::Trial(build) => match build(&self.case_context) {
                Ok(trial) => self.run_trial(case, &trial)?,
                Err(CaseError::MissingInput(what)) => CaseReport {
                    outcome: CaseOutcome::Skipped,
                    observed: what.to_owned(),
                    ..self.report_without_response(case, "")
                },
                Err(error) => return Err(error_of_case(error)),
            },
        };
        if self.is_cut_off {
            let deadline = Stop::Deadline(self.args.stop.deadline);
            report = self.report_without_response(case, &deadline.cut_off());
        }
        report.duration = began.elapsed();
        self.add_crash(&mut report);
        report.response_times = std::mem::take(&mut self.response_times);
        let sent = std::mem::take(&mut self.sent);
        if report.outcome == CaseOutcome::Fail {
            self.failed.record(&mut report, &sent)?;
        }
        Ok(report)
    }

    /// Returns the report of a case of which nothing is known but `observed`.
    pub(super) fn report_without_response(
        &self,
        case: &ConformanceCase,
        observed: &str,
    ) -> CaseReport {
        let documentation = &self.case_context.pack.provider.documentation;
        CaseReport {
            about: case.about.clone(),
            observed: observed.to_owned(),
            advice: case.advice.to_owned(),
            source: case.source.replace("the provider's documentation", documentation),
            ..CaseReport::new(&case.id, case.group, case.level)
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
        if needs_wire && !self.sender.is_plain() {
            report.outcome = CaseOutcome::Skipped;
            "not run: needs plain HTTP without a proxy".clone_into(&mut report.observed);
            return Ok(report);
        }
        let before = match self.count_before(case, trial) {
            Ok(before) => before,
            Err(problem) => return Ok(self.inconclusive(report, problem)),
        };
        report.outcome = CaseOutcome::Pass;
        for step in &trial.steps {
            if self.limits.is_past_deadline() {
                self.is_cut_off = true;
                return Ok(report);
            }
            let observed = self.send(case, step)?;
            self.sent.push(step.as_shown());
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
            let judged = match self.judge_effect(case, effect, before, report.clone()) {
                Ok(judged) => judged,
                Err(problem) => self.inconclusive(report, problem),
            };
            // The number may have had too little time to grow.
            let is_late = before.is_some() && self.limits.is_past_deadline();
            self.is_cut_off |= is_late && judged.outcome == CaseOutcome::Fail;
            return Ok(judged);
        }
        Ok(report)
    }

    /// Returns the number of the probe before a case, when the effects of earlier ones are counted.
    fn count_before(
        &mut self,
        case: &ConformanceCase,
        trial: &Trial,
    ) -> Result<Option<u64>, String> {
        if self.has_accepted && trial.effect.is_some_and(|effect| effect.needs_probe) {
            self.effects.wait_for_earlier(&case.id, &self.limits)?;
        }
        self.effects.count(&case.id, &self.limits)
    }

    /// Returns the report of a case whose effect is unknown because the probe failed.
    pub(super) fn inconclusive(&mut self, report: CaseReport, problem: String) -> CaseReport {
        self.is_cut_off |= self.limits.is_past_deadline();
        self.update_is_receiver_gone();
        CaseReport {
            outcome: CaseOutcome::Incomplete,
            observed: problem,
            consequence: None,
            ..report
        }
    }

    /// Restarts a started receiver that crashed in this case, and adds the crash to the report.
    fn add_crash(&mut self, report: &mut CaseReport) {
        let Some(receiver) = self.receiver.take() else { return };
        self.is_receiver_gone = !receiver.is_up_after_case(report, &|| self.limits.is_over());
        self.receiver = Some(receiver);
    }

    /// Checks if the receiver accepts connections. A started one is restarted if it does not.
    pub(super) fn update_is_receiver_gone(&mut self) {
        if let Some(receiver) = self.receiver.take() {
            self.is_receiver_gone = !receiver.is_up_after_failure(&|| self.limits.is_over());
            self.receiver = Some(receiver);
            return;
        }
        self.is_receiver_gone = !self.sender.is_receiver_up();
    }

    /// Compares the responses of a step with the expectation. Returns `true` if one does not match.
    ///
    /// The report shows the first response that does not match, or else the last one.
    pub(super) fn judge(
        &mut self,
        step: &TrialStep,
        observed: &[ObservedResponse],
        report: &mut CaseReport,
    ) -> bool {
        let provider = &self.case_context.pack.provider;
        let retry = &provider.retry;
        let is_expected = |observed: &&ObservedResponse| {
            step.expect.matches(retry, observed.result) && body_problem(step, observed).is_none()
        };
        let unexpected = observed.iter().position(|observed| !is_expected(&observed));
        let Some(index) = unexpected.or(observed.len().checked_sub(1)) else { return false };
        let response = &observed[index];
        if step.expect == ExpectedResponse::Anything {
            return false;
        }
        report.expected = step.expect.description(retry);
        report.observed = match body_problem(step, response) {
            Some(problem) => format!("{}: {problem}", response.describe()),
            None => response.describe(),
        };
        report.next_step = Some(step.expect.next_step(retry, response.result));
        let is_deviation = unexpected.is_some() || !step.expect.is_handshake();
        report.consequence =
            step.expect.consequence(provider, response.result).filter(|_| is_deviation);
        if unexpected.is_some() {
            report.advice =
                advice::for_result(&report.advice, step.expect, &self.facts(), response.result);
        }
        if observed.iter().any(|observed| observed.is_unreachable) {
            self.update_is_receiver_gone();
        }
        let has_failed = unexpected.is_some() || self.is_receiver_gone;
        if has_failed {
            report.outcome = CaseOutcome::Fail;
            self.signature_failures.note(&report.id, step.expect, response.result, provider);
        }
        if self.is_receiver_gone {
            report.observed.push_str(", and the receiver stopped responding");
        }
        has_failed
    }

    /// Sends the requests of a step.
    pub(super) fn send(
        &mut self,
        case: &ConformanceCase,
        step: &TrialStep,
    ) -> Result<Vec<ObservedResponse>, Error> {
        self.learn_resources(step);
        let limit = self.limits.cut(self.sender.budget());
        let observed = self.sender.send(step, limit)?;
        // A sender that hangs up has observed nothing.
        if step.transport != Transport::HangUp {
            self.record(case, step.expect, &observed, limit);
        }
        Ok(observed)
    }

    /// Records the responses to requests that were sent together, as evidence for a cause.
    pub(super) fn record(
        &mut self,
        case: &ConformanceCase,
        expect: ExpectedResponse,
        observed: &[ObservedResponse],
        limit: Duration,
    ) {
        let evidence: Vec<_> = observed.iter().map(ObservedResponse::evidence).collect();
        let has_timeout = observed.iter().any(|observed| observed.result.is_timeout());
        if has_timeout && limit < self.sender.budget() {
            // The deadline cut it off: the receiver had less time than it is allowed.
            self.is_cut_off = true;
            return;
        }
        // Without a connection there is no response to measure.
        let measured = observed.iter().filter(|observed| !observed.is_unreachable);
        self.response_times.extend(measured.map(|observed| observed.duration));
        self.tally.record_exchange(&case.id, &evidence);
        if !expect.is_genuine() {
            return;
        }
        let retry = &self.case_context.pack.provider.retry;
        for result in evidence {
            let is_accepted = retry.outcome(&result.result) == Outcome::Delivered;
            // A refusal that is as good as a success is evidence of nothing.
            self.has_accepted |= is_accepted;
            if is_accepted || !expect.matches(retry, result.result) {
                self.tally.record_genuine(&case.id, is_accepted, result);
            }
        }
    }
}
