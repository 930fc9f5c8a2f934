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
        let provider = &self.case_context.pack.provider;
        let results = TimingResults { observed: &observed, budget: self.sender.budget(), provider };
        Ok(results.judge(self.report_without_response(case, "")))
    }

    /// Runs the case that searches the size limit.
    pub(super) fn run_size_limit(&mut self, case: &ConformanceCase) -> Result<CaseReport, Error> {
        let (report, context) = (self.report_without_response(case, ""), self.case_context);
        let is_over = || self.limits.is_over();
        let limit = || self.limits.cut(self.sender.budget());
        let send = |message: &Message| self.sender.send_one(message, limit());
        let search = size_limit::run(&context, report, &is_over, &send)?;
        self.is_cut_off |= self.limits.is_past_deadline();
        let mut report = search.report;
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
