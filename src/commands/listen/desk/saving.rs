//! Saving of deliveries: before the response, and again if the file was lost while it waited.

use super::{Delivery, Desk};
use crate::commands::listen::event_queue::News;
use crate::commands::listen::metrics::Trouble;
use crate::commands::listen::rejected;
use crate::commands::listen::rejected::Admission;
use crate::domain::capture::Capture;
use crate::domain::message::{Message, Response};
use crate::domain::verdict::Verdict;
use crate::io::memory::Counted;
use crate::io::store::Saved;
use jiff::Timestamp;

impl Desk {
    /// Saves a delivery again whose file was moved or removed while its response had to wait.
    pub(super) async fn keep_saved(
        &self,
        message: &Counted<Message>,
        delivery: &mut Delivery,
    ) -> std::io::Result<()> {
        if let (Some(store), Some(saved)) = (&self.store, &delivery.saved)
            && !store.confirm(saved).await
        {
            delivery.saved = self.save(message, delivery.at, delivery).await?;
        }
        Ok(())
    }

    /// Saves the delivery, and returns once it is on disk. A rejected one is saved within a bound.
    pub(super) async fn save(
        &self,
        message: &Message,
        at: Timestamp,
        delivery: &Delivery,
    ) -> std::io::Result<Option<Saved>> {
        let Some(store) = &self.store else { return Ok(None) };
        if delivery.refused {
            match self.rejected.admit(message.headers.size() + message.body.len()) {
                Admission::Saved => {}
                Admission::FirstLeftOut => {
                    self.tell(News::Trouble(rejected::left_out()));
                    return Ok(None);
                }
                Admission::LeftOut => return Ok(None),
            }
        }
        let _copies = self.workspace.copy(message).await;
        let (message, remote) = (message.clone(), Some(delivery.remote.clone()));
        let capture = Capture { received_at: Some(at), remote, message };
        let saved = store.save(&capture).await?;
        self.metrics.saved();
        Ok(Some(saved))
    }

    pub(super) fn not_saved(
        &self,
        verdict: &Verdict,
        seq: u64,
        error: &std::io::Error,
    ) -> Response {
        self.metrics.trouble(verdict, Trouble::NotSaved);
        self.tell(News::Trouble(format!(
            "#{seq} could not be saved, and was answered 503: {error}"
        )));
        Response::text(503, "cannot be kept now\n")
    }
}
