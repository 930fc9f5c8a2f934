//! What a desk tells of itself, for whoever asks how it is doing.

use super::WebhookService;
use crate::commands::listen::admin_hosts::AdminHosts;
use crate::commands::listen::health::Observed;
use crate::commands::listen::metrics::{Metrics, State, target_label};
use crate::io::forward::TargetState;
use crate::io::store::Store;
use crate::providers::provider::Provider;
use jiff::Timestamp;
use std::time::Duration;

impl WebhookService {
    /// Returns the host names under which the state is shown.
    pub(in crate::commands::listen) fn admin_hosts(&self) -> &AdminHosts {
        &self.admin_hosts
    }

    /// What is counted.
    pub(in crate::commands::listen) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The time it is.
    pub(in crate::commands::listen) fn now(&self) -> Timestamp {
        self.env.now()
    }

    /// Whether deliveries can be taken: the last one could be kept.
    pub(in crate::commands::listen) fn is_ready(&self) -> bool {
        self.store.as_ref().is_none_or(Store::is_writable)
    }

    /// Opens the captures anew, where there are any.
    pub(in crate::commands::listen) fn reopen_store(&self) {
        if let Some(store) = &self.store {
            store.reopen();
        }
    }

    /// Takes what the store has to tell since the last call.
    pub(in crate::commands::listen) fn store_notes(&self) -> Vec<String> {
        self.store.as_ref().map(Store::take_notes).unwrap_or_default()
    }

    /// How those are doing that deliveries are passed on to.
    pub(in crate::commands::listen) fn targets(&self) -> Vec<TargetState> {
        self.forwards.states().collect()
    }

    /// What is known of a provider from what came.
    pub(in crate::commands::listen) fn observed(
        &self,
        provider: &Provider,
        at: Timestamp,
    ) -> Observed {
        let ladder = provider.retry.plan().last().map_or(0, |last| last.at.0);
        // With a tenth for attempts that come late; what nobody sends again is missed for an hour.
        let waited = Duration::from_secs((ladder + ladder / 10).max(3600));
        let since = at.checked_sub(waited).unwrap_or(Timestamp::UNIX_EPOCH);
        let state = self.lock_state();
        let oldest = state.ledger.oldest_unsettled(&provider.id, since);
        Observed {
            reachable: None,
            last: state.last.get(&provider.id).copied(),
            oldest_undelivered: oldest.map(|oldest| at.duration_since(oldest)),
        }
    }

    /// How much is going on.
    pub(in crate::commands::listen) fn state(&self) -> State {
        State {
            remembered: self.lock_state().ledger.len() as u64,
            connections: self.load.connections(),
            held: self.load.held() + self.events.held(),
            not_shown: self.dropped(),
            targets: self
                .forwards
                .states()
                .map(|state| (target_label(&state.target.to_string()), state.is_up, state.waiting))
                .collect(),
            pruned: self.store.as_ref().map_or(0, Store::pruned),
        }
    }
}
