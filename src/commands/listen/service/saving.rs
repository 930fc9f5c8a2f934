//! Saves deliveries before their response, and again if the file disappears before it is sent.

use super::{MAX_JUDGED_INLINE, WebhookService};
use crate::commands::listen::event::{RecordedDelivery, ServiceEvent};
use crate::commands::listen::metrics::FailureKind;
use crate::commands::listen::rejected_budget;
use crate::commands::listen::rejected_budget::Admission;
use crate::domain::capture::Capture;
use crate::domain::message::{Message, Response};
use crate::io::memory::Budgeted;
use crate::io::store::SavedCapture;
use crate::io::task;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::sync::Arc;

impl WebhookService {
    /// Saves the delivery, and returns once it is on disk. Returns `None` if it is not to be saved:
    /// a rejected one over the limit, or any without `--save`.
    pub(super) async fn save(
        self: &Arc<Self>,
        message: &Arc<Budgeted<Message>>,
        recorded: &RecordedDelivery,
    ) -> std::io::Result<Option<SavedCapture>> {
        let Some(store) = &self.parts.store else { return Ok(None) };
        if recorded.is_rejected {
            match self.rejected_budget.admit(message.headers.wire_size() + message.body.len()) {
                Admission::Saved => {}
                Admission::FirstSkipped => {
                    self.emit(ServiceEvent::Warning(rejected_budget::limit_warning()));
                    return Ok(None);
                }
                Admission::Skipped => return Ok(None),
            }
        }
        let _copies = self.parts.workspace.reserve_copies(message).await;
        let saved = store.save(&self.filtered_capture(message, recorded).await?).await?;
        self.metrics.count_saved();
        Ok(Some(saved))
    }

    /// Returns the capture of a delivery, with the part of its body that is to be saved.
    async fn filtered_capture(
        self: &Arc<Self>,
        message: &Arc<Budgeted<Message>>,
        recorded: &RecordedDelivery,
    ) -> std::io::Result<Capture> {
        let capture = capture(message, recorded.at, recorded.remote);
        let filter = &self.parts.body_filter;
        if !filter.parses_bodies() || message.body.len() <= MAX_JUDGED_INLINE {
            return Ok(filter.apply(capture, &recorded.judgement));
        }
        // As when it is judged: a large body is parsed in turn, on another thread.
        let _permit = self.parts.workspace.reserve_parsing(message).await;
        let (service, judgement) = (Arc::clone(self), recorded.judgement.clone());
        task::run_blocking(move || service.parts.body_filter.apply(capture, &judgement))
            .await
            .ok_or_else(|| std::io::Error::other("the body could not be redacted"))
    }

    /// Saves a delivery again if its file was moved or removed while its response had to wait.
    pub(super) async fn ensure_saved(
        self: &Arc<Self>,
        saved: &mut Option<SavedCapture>,
        message: &Arc<Budgeted<Message>>,
        recorded: &RecordedDelivery,
    ) -> std::io::Result<()> {
        if let (Some(store), Some(first)) = (&self.parts.store, &*saved)
            && !store.confirm(first).await
        {
            *saved = self.save(message, recorded).await?;
        }
        Ok(())
    }

    /// Counts and reports a delivery that cannot be saved, and returns its response.
    pub(super) fn save_failure_response(
        &self,
        recorded: &RecordedDelivery,
        error: &std::io::Error,
    ) -> Response {
        self.metrics.count_failure(recorded.pack(), FailureKind::NotSaved);
        self.emit(ServiceEvent::Warning(format!(
            "#{} could not be saved, and its sender got 503: {error}",
            recorded.seq
        )));
        Response::text(503, "cannot be saved now\n")
    }
}

/// Returns the capture of a delivery, which shares its body.
fn capture(message: &Message, at: Timestamp, remote: SocketAddr) -> Capture {
    let remote = Some(remote.to_string());
    Capture::new(Some(at), remote, message.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    #[test]
    fn a_capture_shares_the_body_of_the_request() {
        let message = Message::post("/", Headers::new(), vec![b'x'; 100]);
        let remote = SocketAddr::from(([127, 0, 0, 1], 5000));
        let capture = capture(&message, Timestamp::UNIX_EPOCH, remote);
        assert_eq!(capture.message.body.as_ptr(), message.body.as_ptr());
    }
}
