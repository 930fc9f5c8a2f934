//! Performs decisions: creates the response, or forwards the delivery to the targets for it.

use super::WebhookService;
use super::decision::Decision;
use crate::commands::listen::event::{Forwarded, RecordedDelivery, ServiceEvent};
use crate::domain::message::{Message, Response};
use crate::domain::time::Wait;
use crate::io::forward::{Passed, Passing, TargetChange};
use crate::io::memory::Counted;
use crate::io::task;
use crate::providers::pack::Pack;
use std::sync::Arc;

impl WebhookService {
    /// Performs a decision. Returns the response, and the result of forwarding to the first target.
    pub(super) async fn perform(
        self: &Arc<Self>,
        decision: Decision,
        recorded: &RecordedDelivery,
        message: &Arc<Counted<Message>>,
    ) -> (Response, Option<Forwarded>) {
        match decision {
            Decision::NotSaved(error) => (self.not_saved(recorded, &error), None),
            Decision::Reject(rejection) => (rejection.response(), None),
            // A dropped delivery is recorded with the status that the sender would have got.
            Decision::Fail | Decision::Drop => (Response::text(500, "injected failure\n"), None),
            Decision::Respond(status) => (Response::text(status, ""), None),
            Decision::Forward { first, others, scripted } => {
                let (first, others) = self.parts.forwards.send(first, others, message);
                self.report_later(others, recorded);
                let result = first.done().await;
                let (response, forwarded) = self.passed(result, recorded.seq, recorded.pack());
                let scripted = scripted.map(|status| Response::text(status, ""));
                (scripted.unwrap_or(response), Some(forwarded))
            }
        }
    }

    /// Reports the results of forwarding to further targets, for which the sender does not wait.
    fn report_later(self: &Arc<Self>, others: Vec<Passing>, recorded: &RecordedDelivery) {
        for other in others {
            let (service, seq) = (Arc::clone(self), recorded.seq);
            let pack = recorded.judgement.pack.clone();
            task::aside(async move {
                let (_, forwarded) = service.passed(other.done().await, seq, pack.as_deref());
                service.emit(ServiceEvent::Forwarded(seq, forwarded));
            });
        }
    }

    /// Counts the result of forwarding a delivery, and warns the operator if the target went down
    /// or came back. Returns the response of the target, or 502.
    fn passed(&self, passed: Passed, seq: u64, pack: Option<&Pack>) -> (Response, Forwarded) {
        let Passed { url, took, status, result, change } = passed;
        match change {
            None => {}
            Some(TargetChange::Down) => self.emit(ServiceEvent::Warning(format!(
                "{url} does not respond, from #{seq} on; its deliveries get 502"
            ))),
            Some(TargetChange::Back { after, missed }) => {
                self.emit(ServiceEvent::Warning(format!(
                    "{url} responds again after {}; deliveries missed: {missed}",
                    Wait(after.as_secs())
                )));
            }
        }
        let (response, error) = match result {
            Ok(response) => (response, None),
            Err(error) => (Response::text(502, "the target did not respond\n"), Some(error)),
        };
        let forwarded = Forwarded { url: url.to_string(), status, error, took };
        self.metrics.forwarded(&forwarded, pack);
        (response, forwarded)
    }
}
