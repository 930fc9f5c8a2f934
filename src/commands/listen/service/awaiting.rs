//! The deliveries that `--until` waits for, recorded in the order of arrival.

use super::{MAX_JUDGED_INLINE, WebhookService};
use crate::domain::message::Message;
use crate::engine::awaited::{AwaitedDeliveries, DeliveryMatch};
use crate::engine::judge::Judgement;
use crate::io::memory::Budgeted;
use crate::io::task;
use crate::protocols::json;
use std::sync::Arc;

impl WebhookService {
    /// Returns for each match if a delivery satisfies it. One that is rejected may be forged, and
    /// satisfies none.
    pub(super) async fn match_delivery(
        self: &Arc<Self>,
        judgement: &Judgement,
        message: &Arc<Budgeted<Message>>,
    ) -> Vec<bool> {
        let matches = self.parts.awaited.matches();
        if self.rejection(&judgement.verdict).is_some() {
            return vec![false; matches.len()];
        }
        let reads_payload = matches.iter().any(DeliveryMatch::reads_payload);
        if reads_payload && message.body.len() > MAX_JUDGED_INLINE {
            // As when it is judged: a large body is parsed in turn, on another thread.
            let _permit = self.parts.workspace.reserve_parsing(message).await;
            let (all, large) = (Arc::clone(matches), Arc::clone(message));
            let judgement = judgement.clone();
            let found = task::run_blocking(move || hits(&all, &judgement, &large)).await;
            return found.unwrap_or_else(|| vec![false; matches.len()]);
        }
        hits(matches, judgement, message)
    }

    /// Records that a delivery was responded to. One that `is_taken` counts; otherwise its sender
    /// will repeat it.
    pub(super) fn settle_awaited(&self, seq: u64, is_taken: bool) {
        if self.parts.awaited.is_active() {
            let awaited = &mut self.lock_state().awaited;
            if is_taken { awaited.settle(seq) } else { awaited.revoke(seq) }
        }
    }

    /// Returns `true` if deliveries are awaited and all have come.
    pub(in crate::commands::listen) fn has_all_awaited(&self) -> bool {
        self.parts.awaited.is_active() && self.lock_state().awaited.is_complete()
    }

    /// Returns the awaited deliveries, and what came so far.
    pub(in crate::commands::listen) fn awaited(&self) -> AwaitedDeliveries {
        self.lock_state().awaited.clone()
    }
}

/// Returns for each match if a delivery satisfies it.
fn hits(matches: &[DeliveryMatch], judgement: &Judgement, message: &Message) -> Vec<bool> {
    let reads_payload = matches.iter().any(DeliveryMatch::reads_payload);
    let payload = reads_payload.then(|| json::read(&message.body).ok()).flatten();
    matches.iter().map(|awaited| awaited.matches(judgement, payload.as_ref())).collect()
}
