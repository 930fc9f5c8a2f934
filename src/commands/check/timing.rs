//! Evaluates the response times of a case.

use crate::commands::check::observed_response::ObservedResponse;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::percentiles::nearest_rank;
use crate::domain::time::format_duration;
use crate::engine::conformance::advice;
use crate::engine::conformance::expect::{ExpectedResponse, time_consequence};
use crate::providers::provider::Provider;
use std::time::Duration;

/// The responses of a case of response times.
pub(super) struct TimingResults<'t> {
    pub(super) observed: &'t [ObservedResponse],
    /// The maximum response time.
    pub(super) budget: Duration,
    pub(super) provider: &'t Provider,
}

impl TimingResults<'_> {
    /// Returns the report with the percentiles and, if a delivery failed, with the first failure.
    pub(super) fn judge(&self, mut report: CaseReport) -> CaseReport {
        let retry = &self.provider.retry;
        let budget = format_duration(self.budget);
        report.expected = format!("every response within {budget}");
        report.outcome = CaseOutcome::Pass;
        let mut times: Vec<_> = self.observed.iter().map(|response| response.duration).collect();
        times.sort_unstable();
        let [p50, p95, max] = [50, 95, 100]
            .map(|percent| format_duration(nearest_rank(&times, percent).unwrap_or_default()));
        report.observed = format!("p50 {p50}, p95 {p95}, max {max}, of {budget} allowed");
        let is_delivered =
            |response: &&ObservedResponse| retry.outcome(&response.result) == Outcome::Delivered;
        let Some(failure) = self.observed.iter().find(|response| !is_delivered(response)) else {
            return report;
        };
        report.outcome = CaseOutcome::Fail;
        report.observed = format!("{}; {}", failure.describe(), report.observed);
        report.next_step = Some(retry.next_step(1, retry.outcome(&failure.result)));
        report.advice = advice::for_result(
            &report.advice,
            ExpectedResponse::Accepted,
            self.provider,
            failure.result,
        );
        report.consequence = Some(match failure.result {
            AttemptResult::Timeout => time_consequence(self.provider),
            _ => ExpectedResponse::Accepted
                .consequence(self.provider, failure.result)
                .unwrap_or_default(),
        });
        report
    }
}
