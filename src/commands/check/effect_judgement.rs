//! Compares the effects of a case, as counted by the probe, with the expectation.

use crate::commands::check::runner::Runner;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::delivery::NextStep;
use crate::domain::message::Message;
use crate::engine::conformance::case::{ConformanceCase, Effect};
use crate::engine::conformance::expect::effect_consequence;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};

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

    /// Waits until the number of the probe has grown by `min`, and returns the growth.
    pub(super) fn wait_for_growth(
        &self,
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
