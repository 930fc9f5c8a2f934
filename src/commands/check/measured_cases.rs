//! Runs the cases that measure: the response times, and the size limit.

use crate::commands::check::runner::Runner;
use crate::commands::check::size_limit;
use crate::commands::check::size_limit::error_of_case;
use crate::commands::check::timing::TimingResults;
use crate::domain::conformance::CaseReport;
use crate::domain::message::Message;
use crate::engine::conformance::case::{ConformanceCase, step};
use crate::engine::conformance::expect::ExpectedResponse;
use crate::error::Error;
use std::cell::Cell;
use std::slice;

impl Runner<'_> {
    /// Runs a case of response times: sends the requests in groups of `at_once`.
    pub(super) fn run_timing(
        &mut self,
        case: &ConformanceCase,
        requests: usize,
        at_once: usize,
    ) -> Result<CaseReport, Error> {
        let mut messages = Vec::new();
        for lead in 0..requests as u64 {
            let mut builder = self.case_context.creation_builder();
            (builder.lead_number, builder.message_number) = (lead, lead);
            messages.push(builder.build().map_err(error_of_case)?);
        }
        let mut observed = Vec::new();
        for group in messages.chunks(at_once) {
            if self.limits.is_past_deadline() {
                self.is_cut_off = true;
                break;
            }
            let limit = self.limits.cut(self.sender.budget());
            let responses = self.sender.send_together(group, limit)?;
            self.record(case, ExpectedResponse::Accepted, &responses, limit);
            observed.extend(responses);
            self.sent.push(step(group.to_vec(), ExpectedResponse::Accepted));
            if self.stops_for_cause() {
                break;
            }
        }
        if observed.iter().any(|response| response.is_unreachable) {
            self.update_is_receiver_gone();
        }
        let (budget, facts) = (self.sender.budget(), self.facts());
        let results = TimingResults { observed: &observed, budget, facts };
        if let Some(result) = results.first_failure().filter(|_| !self.is_cut_off) {
            let expected = ExpectedResponse::Accepted;
            self.signature_failures.note(&case.id, expected, result, facts.provider);
        }
        Ok(results.judge(self.report_without_response(case, "")))
    }

    /// Runs the case that searches the size limit.
    pub(super) fn run_size_limit(&mut self, case: &ConformanceCase) -> Result<CaseReport, Error> {
        let (report, context) = (self.report_without_response(case, ""), self.case_context);
        let budget = self.sender.budget();
        // The time that the last request had.
        let limit = Cell::new(budget);
        let is_over = || self.limits.is_over();
        let send = |message: &Message| {
            limit.set(self.limits.cut(budget));
            self.sender.send_one(message, limit.get())
        };
        let search = size_limit::run(&context, report, &is_over, &send)?;
        self.is_cut_off |= search.was_interrupted && self.limits.is_past_deadline();
        self.is_cut_off |= search.has_timeout && limit.get() < budget;
        let mut report = search.report;
        // If no size is accepted, the cause is that of other genuine deliveries.
        if let Some(refusal) = search.refused_at_any_size.filter(|_| !self.is_cut_off) {
            let expected = ExpectedResponse::Accepted;
            self.record(case, expected, slice::from_ref(&refusal), budget);
            let provider = &context.pack.provider;
            self.signature_failures.note(&case.id, expected, refusal.result, provider);
        }
        if search.was_unreachable {
            self.update_is_receiver_gone();
        }
        if self.is_receiver_gone {
            report.observed.push_str(", and the receiver stopped responding");
        }
        let refused = search.refused.map(|message| step(vec![message], ExpectedResponse::Accepted));
        self.sent.extend(refused);
        Ok(report)
    }
}
