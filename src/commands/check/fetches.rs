//! Runs the case of a receiver that fetches what its deliveries only name.

use crate::commands::check::runner::Runner;
use crate::commands::check::size_limit::error_of_case;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::engine::conformance::case::{ConformanceCase, TrialStep, step};
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::fetch;
use crate::error::Error;
use std::time::{Duration, Instant};

/// The time that a receiver has to fetch after its response: it may do so in the background.
const FETCH_TIMEOUT: Duration = Duration::from_secs(3);

/// The interval at which the fetches are counted.
const POLL: Duration = Duration::from_millis(10);

impl Runner<'_> {
    /// Makes the resources of genuine deliveries known to the server of `--fetch`.
    pub(super) fn learn_resources(&self, step: &TrialStep) {
        let Some(service) = self.fetch.filter(|_| step.expect.is_genuine()) else { return };
        let pack = self.case_context.pack;
        for message in &step.messages {
            // A case may send any event of the pack, and its id decides what is fetched.
            let events = pack.provider.events.iter();
            service.learn(
                events.flat_map(|event| fetch::of_pack(pack, Some(&event.name), &message.body)),
            );
        }
    }

    /// Sends deliveries, and counts those after which their resource was fetched.
    pub(super) fn run_fetches(
        &mut self,
        case: &ConformanceCase,
        deliveries: u64,
    ) -> Result<CaseReport, Error> {
        let mut report = self.report_without_response(case, "");
        report.expected =
            format!("{deliveries} of {deliveries} deliveries are followed by a fetch");
        let Some(service) = self.fetch else {
            report.outcome = CaseOutcome::Skipped;
            "not run: needs `--fetch ADDR`, and a receiver that fetches from there"
                .clone_into(&mut report.observed);
            return Ok(report);
        };
        let pack = self.case_context.pack;
        let (mut fetched, mut delivered) = (0, 0);
        for number in 0..deliveries {
            let mut builder = self.case_context.fetch_builder();
            (builder.lead_number, builder.message_number) = (number, number);
            let event = builder.event_name().to_owned();
            let message = builder.build().map_err(error_of_case)?;
            let resources = fetch::of_pack(pack, Some(&event), &message.body);
            let step = step(vec![message], ExpectedResponse::Accepted);
            if self.limits.is_past_deadline() {
                self.is_cut_off = true;
                return Ok(report);
            }
            let observed = self.send(case, &step)?;
            self.sent.push(step.clone());
            if self.judge(&step, &observed, &mut report) {
                report.outcome = CaseOutcome::Fail;
                return Ok(report);
            }
            delivered += 1;
            let end = Instant::now() + FETCH_TIMEOUT;
            while !service.has_fetched(&resources) && Instant::now() < end && !self.limits.is_over()
            {
                std::thread::sleep(POLL);
            }
            fetched += u64::from(service.has_fetched(&resources));
            if fetched < delivered {
                // The others would take as long, and tell nothing new.
                break;
            }
        }
        report.expected =
            format!("{deliveries} of {deliveries} deliveries are followed by a fetch");
        report.observed = format!("{fetched} of {delivered} deliveries were followed by a fetch");
        report.next_step = None;
        report.consequence = None;
        report.outcome = CaseOutcome::Pass;
        if fetched < delivered {
            report.outcome = CaseOutcome::Fail;
            report.consequence =
                Some("The lead is never read: the delivery holds ids only.".to_owned());
        }
        Ok(report)
    }
}
