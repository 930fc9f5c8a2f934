//! Compares the effects of a case, as counted by the probe, with the expectation.

use crate::commands::check::runner::Runner;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::delivery::NextStep;
use crate::domain::message::Message;
use crate::engine::conformance::advice;
use crate::engine::conformance::case::{ConformanceCase, Effect};
use crate::engine::conformance::expect::effect_consequence;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};

/// The reason to skip a case for which a count of leads is not enough.
const NEEDS_MESSAGES: &str = "the probe counts leads, and this case needs a count of messages";

/// The observation if no delivery of the whole check had an effect.
const NEVER_CHANGED: &str = "the probe's number never changed, although deliveries were accepted";

/// The advice in this case.
const CHECK_PROBE: &str = "Look whether the probe counts what the receiver stores, without a cache. \
                           For work done more than 5 s after a response, add `--settle TIME`. \
                           If neither is the reason, every lead is lost.";

impl Runner<'_> {
    /// Compares the effect of a case, as counted by the probe, with the expectation.
    pub(super) fn judge_effect(
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
                self.effects.missing().clone_into(&mut report.observed);
                report.consequence = None;
            }
            return Ok(report);
        };
        let growth = self.wait_for_growth(case, before, effect.min)?;
        if growth < effect.min && self.effects.take_stuck() {
            report.outcome = CaseOutcome::Fail;
            report.expected = effect.description();
            NEVER_CHANGED.clone_into(&mut report.observed);
            CHECK_PROBE.clone_into(&mut report.advice);
            report.consequence = None;
            return Ok(report);
        }
        if effect.counts_messages && growth < effect.min && !self.counts_messages(case)? {
            return Ok(CaseReport {
                outcome: CaseOutcome::Skipped,
                observed: NEEDS_MESSAGES.to_owned(),
                ..self.report_without_response(case, "")
            });
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
            report.advice = advice::for_effect(&report.advice, effect.max);
            report.next_step = Some(NextStep::None);
            report.consequence = Some(consequence);
        }
        Ok(report)
    }

    /// Waits until the number of the probe has grown by `min`, and returns the growth.
    pub(super) fn wait_for_growth(
        &mut self,
        case: &ConformanceCase,
        before: u64,
        min: u64,
    ) -> Result<u64, String> {
        self.effects.wait_for_growth(&case.id, &self.limits, before, min)
    }

    /// Returns `true` if the probe counts messages and not leads: after two messages about one lead
    /// its number has grown by two.
    fn counts_messages(&mut self, case: &ConformanceCase) -> Result<bool, String> {
        if let Some(known) = self.counts_messages {
            return Ok(known);
        }
        let case_context = CaseContext { seed: self.seed, ..self.case_context };
        let Ok(pair) = two_messages_about_one_lead(&case_context) else { return Ok(false) };
        let before = self.effects.count(&case.id, &self.limits)?.unwrap_or(0);
        for message in pair {
            let limit = self.limits.cut(self.sender.budget());
            let sent = self.sender.send_one(&message, limit);
            sent.map_err(|error| error.message_with_causes())?;
        }
        let counts = self.wait_for_growth(case, before, 2)? >= 2;
        self.counts_messages = Some(counts);
        Ok(counts)
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
