//! Evaluates the response times of a case.

use crate::commands::check::observed_response::ObservedResponse;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::percentiles::nearest_rank;
use crate::domain::time::format_duration;
use crate::engine::conformance::advice;
use crate::engine::conformance::expect::{ExpectedResponse, time_consequence};
use crate::engine::status_causes::RequestFacts;
use std::time::Duration;

/// The responses of a case of response times.
pub(super) struct TimingResults<'t> {
    pub(super) observed: &'t [ObservedResponse],
    /// The maximum response time.
    pub(super) budget: Duration,
    pub(super) facts: RequestFacts<'t>,
}

impl TimingResults<'_> {
    /// Returns the result of the first delivery that failed, if one did.
    pub(super) fn first_failure(&self) -> Option<AttemptResult> {
        self.failure().map(|failure| failure.result)
    }

    fn failure(&self) -> Option<&ObservedResponse> {
        let retry = &self.facts.provider.retry;
        let is_delivered =
            |response: &&ObservedResponse| retry.outcome(&response.result) == Outcome::Delivered;
        self.observed.iter().find(|response| !is_delivered(response))
    }

    /// Returns the report with the percentiles and, if a delivery failed, with the first failure.
    pub(super) fn judge(&self, mut report: CaseReport) -> CaseReport {
        let provider = self.facts.provider;
        let retry = &provider.retry;
        let budget = format_duration(self.budget);
        report.expected = format!("every response within {budget}");
        report.outcome = CaseOutcome::Pass;
        let mut times: Vec<_> = self.observed.iter().map(|response| response.duration).collect();
        times.sort_unstable();
        let [p50, p95, max] = [50, 95, 100]
            .map(|percent| format_duration(nearest_rank(&times, percent).unwrap_or_default()));
        report.observed = format!("p50 {p50}, p95 {p95}, max {max}; limit {budget}");
        let Some(failure) = self.failure() else { return report };
        report.outcome = CaseOutcome::Fail;
        report.observed = format!("{}; {}", failure.describe(), report.observed);
        report.next_step = Some(retry.next_step(1, retry.outcome(&failure.result)));
        report.advice = advice::for_result(
            &report.advice,
            ExpectedResponse::Accepted,
            &self.facts,
            failure.result,
        );
        report.consequence = Some(match failure.result {
            AttemptResult::Timeout => time_consequence(provider),
            _ => {
                ExpectedResponse::Accepted.consequence(provider, failure.result).unwrap_or_default()
            }
        });
        report
    }
}
