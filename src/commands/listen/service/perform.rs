//! Performs decisions: creates the response, or forwards the delivery to the targets for it.

use super::WebhookService;
use super::decision::Decision;
use crate::commands::listen::event::{ForwardReport, RecordedDelivery, ServiceEvent};
use crate::commands::listen::metrics::target_label;
use crate::domain::message::{Message, Response};
use crate::domain::time::Wait;
use crate::io::forward::{DeadTarget, ForwardResult, PendingForward, TargetChange};
use crate::io::memory::Budgeted;
use crate::io::task;
use crate::providers::pack::Pack;
use std::sync::Arc;

impl WebhookService {
    /// Performs a decision. Returns the response, and the result of forwarding to the first target.
    pub(super) async fn perform(
        self: &Arc<Self>,
        decision: Decision,
        recorded: &RecordedDelivery,
        message: &Arc<Budgeted<Message>>,
    ) -> (Response, Option<ForwardReport>) {
        match decision {
            Decision::NotSaved(error) => (self.save_failure_response(recorded, &error), None),
            Decision::Reject(rejection) => (rejection.response(), None),
            // A dropped delivery is recorded with the status that the sender would have got.
            Decision::Fail | Decision::Drop => (Response::text(500, "injected failure\n"), None),
            Decision::Respond(status) => (Response::text(status, ""), None),
            Decision::Forward { first, others, scripted } => {
                let (first, others) = self.parts.forwards.send(first, others, message);
                self.report_other_forwards(others, recorded);
                let result = first.wait().await;
                let (response, forwarded) =
                    self.finish_forward(result, recorded.seq, recorded.pack());
                let scripted = scripted.map(|status| Response::text(status, ""));
                (scripted.unwrap_or(response), Some(forwarded))
            }
        }
    }

    /// Connects to every target once, without waiting, and warns about those that do not respond.
    pub(in crate::commands::listen) fn probe_targets(self: &Arc<Self>) {
        // Weak: a probe must not keep the service alive.
        let service = Arc::downgrade(self);
        self.parts.forwards.probe(move |DeadTarget { url, reason }| {
            if let Some(service) = service.upgrade() {
                let warning = format!("{} does not respond: {reason}", target_label(&url));
                service.emit(ServiceEvent::Warning(warning));
            }
        });
    }

    /// Reports the results of forwarding to further targets, for which the sender does not wait.
    fn report_other_forwards(
        self: &Arc<Self>,
        others: Vec<PendingForward>,
        recorded: &RecordedDelivery,
    ) {
        for other in others {
            let (service, seq) = (Arc::clone(self), recorded.seq);
            let pack = recorded.judgement.pack.clone();
            task::spawn(async move {
                let (_, forwarded) =
                    service.finish_forward(other.wait().await, seq, pack.as_deref());
                service.emit(ServiceEvent::Forwarded(seq, forwarded));
            });
        }
    }

    /// Counts the result of forwarding a delivery, and warns the operator if the target went down
    /// or came back. Returns the response of the target, or 502.
    fn finish_forward(
        &self,
        passed: ForwardResult,
        seq: u64,
        pack: Option<&Pack>,
    ) -> (Response, ForwardReport) {
        let ForwardResult { url, took, status, result, change } = passed;
        match change {
            None => {}
            Some(TargetChange::Down) => {
                let reason = result.as_ref().err().map_or("no response", String::as_str);
                self.emit(ServiceEvent::Warning(format!(
                    "{} does not respond, from #{seq} on: {reason}; its deliveries get 502",
                    target_label(&url)
                )));
            }
            Some(TargetChange::Back { after, missed }) => {
                self.emit(ServiceEvent::Warning(format!(
                    "{} responds again after {}; deliveries missed: {missed}",
                    target_label(&url),
                    Wait(after.as_secs())
                )));
            }
        }
        let (response, error) = match result {
            Ok(response) => (response, None),
            Err(error) => (Response::text(502, "the target did not respond\n"), Some(error)),
        };
        let forwarded = ForwardReport { url: url.to_string(), status, error, took };
        self.metrics.count_forward(&forwarded, pack);
        (response, forwarded)
    }
}
