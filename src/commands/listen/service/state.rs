//! Read access to the state of a webhook service, for the admin endpoints and the display.

use super::WebhookService;
use crate::commands::listen::admin_hosts::AdminHosts;
use crate::commands::listen::event::ServiceEvent;
use crate::commands::listen::health::Observations;
use crate::commands::listen::metrics::{GaugeValues, Metrics, TargetGaugeValues, target_label};
use crate::domain::response_scripts::ResponseScripts;
use crate::io::forward::TargetState;
use crate::io::store::Store;
use crate::providers::provider::Provider;
use jiff::Timestamp;
use std::time::Duration;

impl WebhookService {
    /// Returns the host names under which the admin endpoints respond.
    pub(in crate::commands::listen) fn admin_hosts(&self) -> &AdminHosts {
        &self.parts.admin_hosts
    }

    /// Returns the metrics.
    pub(in crate::commands::listen) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Returns the current time.
    pub(in crate::commands::listen) fn now(&self) -> Timestamp {
        self.parts.env.now()
    }

    /// Returns `true` if deliveries can be accepted: captures are off, or the last one was saved.
    pub(in crate::commands::listen) fn is_ready(&self) -> bool {
        self.parts.store.as_ref().is_none_or(Store::is_writable)
    }

    /// Reopens the capture file or folder, if captures are saved.
    pub(in crate::commands::listen) fn reopen_store(&self) {
        if let Some(store) = &self.parts.store {
            store.reopen();
        }
    }

    /// Returns the notes of the store since the last call.
    pub(in crate::commands::listen) fn store_notes(&self) -> Vec<String> {
        self.parts.store.as_ref().map(Store::take_notes).unwrap_or_default()
    }

    /// Returns the scripts of the responses.
    pub(in crate::commands::listen) fn scripts(&self) -> ResponseScripts {
        self.lock_state().scripts.clone()
    }

    /// Replaces the scripts of the responses, for deliveries that arrive from now on.
    pub(in crate::commands::listen) fn set_scripts(&self, scripts: ResponseScripts) {
        self.lock_state().scripts = scripts;
    }

    /// Queues an event for the operator.
    pub(in crate::commands::listen) fn announce(&self, event: ServiceEvent) {
        self.emit(event);
    }

    /// Returns the states of the targets that deliveries are forwarded to.
    pub(in crate::commands::listen) fn targets(&self) -> Vec<TargetState> {
        self.parts.forwards.states().collect()
    }

    /// Returns the observations about a provider, made from its deliveries.
    pub(in crate::commands::listen) fn observations(
        &self,
        provider: &Provider,
        at: Timestamp,
    ) -> Observations {
        let schedule = provider.retry.plan().last().map_or(0, |last| last.at.0);
        // A delivery counts as undelivered until its retry schedule has ended, plus a tenth for
        // attempts that are late. Without retries it counts for an hour.
        let period = Duration::from_secs((schedule + schedule / 10).max(3600));
        let since = at.checked_sub(period).unwrap_or(Timestamp::UNIX_EPOCH);
        let state = self.lock_state();
        let oldest = state.ledger.oldest_unsettled(&provider.id, since);
        Observations {
            reachable: None,
            last_arrival: state.last_arrivals.get(&provider.id).copied(),
            oldest_undelivered: oldest.map(|arrival| at.duration_since(arrival)),
        }
    }

    /// Returns the values of the gauges.
    pub(in crate::commands::listen) fn gauge_values(&self) -> GaugeValues {
        GaugeValues {
            ledger_messages: self.lock_state().ledger.len() as u64,
            connections: self.parts.load.connections(),
            held_bytes: self.parts.load.memory_in_use() + self.parts.events.held_bytes(),
            dropped_events: self.dropped(),
            targets: self
                .parts
                .forwards
                .states()
                .map(|state| TargetGaugeValues {
                    url: target_label(&state.target.to_string()),
                    is_up: state.is_up,
                    queued: state.waiting,
                })
                .collect(),
            pruned: self.parts.store.as_ref().map_or(0, Store::pruned),
        }
    }
}
