//! `/health/<provider>`: the health of the deliveries of one provider.
//!
//! The keys are those of the health check that providers recommend to receivers, so that one
//! monitor can watch both.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// The age from which a webhook is no longer recent.
const MAX_RECENT_AGE: SignedDuration = SignedDuration::from_hours(1);

/// The maximum time for which a delivery may wait before the status is degraded.
const MAX_LAG: SignedDuration = SignedDuration::from_mins(5);

/// The observations about one provider at one time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Observations {
    /// `true` if all targets accept connections; `None` without targets.
    pub(super) reachable: Option<bool>,
    /// The arrival time of its last delivery.
    pub(super) last_arrival: Option<Timestamp>,
    /// The time since its oldest unacknowledged delivery arrived.
    pub(super) oldest_undelivered: Option<SignedDuration>,
}

/// The response body, as JSON.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Health {
    status: Status,
    checks: Checks,
    timestamp: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Healthy,
    /// Deliveries arrive, but wait too long.
    Degraded,
    /// The target cannot be reached.
    Unhealthy,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Checks {
    /// `null` if nothing is forwarded.
    api_connectivity: Option<bool>,
    recent_webhooks: bool,
    /// In milliseconds.
    sync_lag: i64,
}

impl Health {
    /// Returns the health for the observations at the time `at`.
    pub(super) fn of(observed: Observations, at: Timestamp) -> Self {
        let lag = observed.oldest_undelivered.unwrap_or(SignedDuration::ZERO);
        let status = match observed.reachable {
            Some(false) => Status::Unhealthy,
            Some(true) | None if lag > MAX_LAG => Status::Degraded,
            Some(true) | None => Status::Healthy,
        };
        let checks = Checks {
            api_connectivity: observed.reachable,
            recent_webhooks: observed
                .last_arrival
                .is_some_and(|last| at.duration_since(last) < MAX_RECENT_AGE),
            sync_lag: i64::try_from(lag.as_millis()).unwrap_or(i64::MAX),
        };
        Self { status, checks, timestamp: at.to_string() }
    }

    /// Returns 200 if the status is healthy, else 503.
    pub(super) fn http_status(&self) -> u16 {
        if self.status == Status::Healthy { 200 } else { 503 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(reachable: Option<bool>, lag: i64) -> (Status, u16) {
        let oldest_undelivered = Some(SignedDuration::from_secs(lag));
        let observed = Observations { reachable, last_arrival: None, oldest_undelivered };
        let health = Health::of(observed, Timestamp::UNIX_EPOCH);
        (health.status, health.http_status())
    }

    #[test]
    fn a_long_lag_is_degraded_and_an_unreachable_target_is_unhealthy() {
        assert_eq!(status(Some(true), 300), (Status::Healthy, 200));
        assert_eq!(status(Some(true), 301), (Status::Degraded, 503));
        assert_eq!(status(None, 301), (Status::Degraded, 503));
        assert_eq!(status(Some(false), 0), (Status::Unhealthy, 503));
        assert_eq!(status(Some(false), 301), (Status::Unhealthy, 503));
    }

    #[test]
    fn an_hour_without_a_webhook_is_reported_but_healthy() {
        let recent = |seconds| {
            let observed = Observations {
                last_arrival: Some(Timestamp::UNIX_EPOCH),
                ..Observations::default()
            };
            Health::of(observed, Timestamp::from_second(seconds).unwrap())
        };
        assert!(recent(3599).checks.recent_webhooks && !recent(3600).checks.recent_webhooks);
        assert_eq!(recent(3600).http_status(), 200);
        assert!(!Health::of(Observations::default(), Timestamp::UNIX_EPOCH).checks.recent_webhooks);
    }

    #[test]
    fn the_json_has_the_keys_of_the_recommended_health_check() {
        let observed = Observations { reachable: Some(true), ..Observations::default() };
        let json = serde_json::to_string(&Health::of(observed, Timestamp::UNIX_EPOCH)).unwrap();
        assert_eq!(
            json,
            r#"{"status":"healthy","checks":{"apiConnectivity":true,"recentWebhooks":false,"syncLag":0},"timestamp":"1970-01-01T00:00:00Z"}"#
        );
    }
}
