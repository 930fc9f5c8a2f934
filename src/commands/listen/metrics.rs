//! The metrics of `/metrics`, in the text format of Prometheus.
//!
//! Metrics of a provider have its id as a prefix and the names that providers recommend for
//! receivers, so that the dashboard of a receiver works for the listener as well. Metrics of the
//! listener itself begin with `leadhook_`. Metric names and labels are an interface: dashboards
//! depend on them, so that some differ from the terms of the code (`answers` are responses).

use crate::commands::listen::event::{DeliveredEvent, ForwardReport, RecordedDelivery};
use crate::domain::verdict::{PayloadStatus, SignatureStatus, Verdict};
use crate::providers::Packs;
use crate::providers::pack::Pack;
use jiff::Timestamp;
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::collections::BTreeMap;

/// The upper bounds of the buckets of every histogram, in seconds: from the time to verify a
/// delivery to the longest timeout of a sender.
const BUCKETS: [f64; 12] =
    [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0];

/// The label for deliveries with an event that the pack does not define.
const UNKNOWN_EVENT: &str = "unknown";

/// A set of one label.
type Label = [(&'static str, String); 1];

/// A set of two labels.
type Labels = [(&'static str, String); 2];

/// All metrics of a listener.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    providers: BTreeMap<String, ProviderMetrics>,
    /// Deliveries that no provider recognises.
    unrecognised: Counter,
    responses: Family<Label, Counter>,
    /// Connections whose request could not be read.
    refused: Family<Label, Counter>,
    /// Deliveries of a message that the ledger contains already.
    repeats: Counter,
    saved: Counter,
    forwards: Family<Labels, Counter>,
    forward_seconds: Family<Label, Histogram, fn() -> Histogram>,
    /// Messages that the ledger evicted.
    evicted: Counter,
    gauges: Gauges,
}

/// The metrics of one provider.
#[derive(Debug)]
struct ProviderMetrics {
    /// Deliveries by event.
    received: BTreeMap<String, Counter>,
    /// Deliveries with an event that the pack does not define.
    unknown: Counter,
    processing: Histogram,
    errors: Family<Label, Counter>,
}

/// The metrics that are set from the state of the service on each scrape of `/metrics`.
///
/// `pruned` and `dropped_events` are totals that other parts of the service count. They are gauges
/// because a counter cannot be set.
#[derive(Debug, Default)]
struct Gauges {
    connections: Gauge,
    held_bytes: Gauge,
    ledger_messages: Gauge,
    pruned: Gauge,
    dropped_events: Gauge,
    up: Family<Label, Gauge>,
    queued: Family<Label, Gauge>,
}

/// The values of the gauges, read from the service for one scrape.
#[derive(Debug, Default)]
pub(super) struct GaugeValues {
    /// Open connections.
    pub(super) connections: u64,
    /// Bytes of header sections, bodies and queued output in memory. The metric is called
    /// `bodies_held_bytes` because bodies are most of it.
    pub(super) held_bytes: u64,
    /// Messages in the ledger, by which repeated deliveries are recognised.
    pub(super) ledger_messages: u64,
    /// Captures that were deleted for newer ones since the start.
    pub(super) pruned: u64,
    /// Events that were not printed since the start, because the reader of the output was too slow.
    pub(super) dropped_events: u64,
    pub(super) targets: Vec<TargetGaugeValues>,
}

/// The gauge values of one forwarding target.
#[derive(Debug)]
pub(super) struct TargetGaugeValues {
    /// Its address, as [`target_label`] returns it.
    pub(super) url: String,
    /// `true` if it responded to the last delivery, or has got none yet.
    pub(super) is_up: bool,
    /// The number of deliveries that wait for it.
    pub(super) queued: u64,
}

/// The kind of a failed delivery; each is a value of the label `error_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    Signature(SignatureStatus),
    Payload,
    NotSaved,
    NotForwarded,
}

impl FailureKind {
    /// Every kind.
    const ALL: [Self; 6] = [
        Self::Signature(SignatureStatus::Invalid),
        Self::Signature(SignatureStatus::Missing),
        Self::Signature(SignatureStatus::Malformed),
        Self::Payload,
        Self::NotSaved,
        Self::NotForwarded,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Signature(SignatureStatus::Missing) => "signature-missing",
            Self::Signature(SignatureStatus::Malformed) => "signature-malformed",
            Self::Signature(_) => "signature-invalid",
            Self::Payload => "payload-invalid",
            Self::NotSaved => "not-saved",
            Self::NotForwarded => "not-forwarded",
        }
    }

    /// Returns the kind of failure of a delivery with this verdict; `None` if it is valid.
    fn of(verdict: &Verdict) -> Option<Self> {
        match verdict.signature.status {
            SignatureStatus::Valid | SignatureStatus::Unchecked | SignatureStatus::Unsigned => {
                (verdict.payload.status == PayloadStatus::Invalid).then_some(Self::Payload)
            }
            status => Some(Self::Signature(status)),
        }
    }
}

impl Metrics {
    /// Creates the metrics. The series of every event and of every kind of failure exist from the
    /// start, at zero: a rate over a series that appears with its first error would miss that
    /// error. Series by status, by reason and by target appear with their first value.
    pub(super) fn new(packs: &Packs, started: Timestamp) -> Self {
        let mut registry = Registry::default();
        let providers = packs.iter().map(|pack| {
            let metrics = ProviderMetrics::register(&mut registry, pack);
            (pack.provider.id.clone(), metrics)
        });
        let providers = providers.collect();
        let leadhook = registry.sub_registry_with_prefix("leadhook");
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        leadhook.register("build", "Build information", build);
        let start: Gauge<i64> = Gauge::default();
        start.set(started.as_second());
        leadhook.register("start_time_seconds", "Start time in Unix seconds", start);
        let counter = |registry: &mut Registry, name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let unrecognised =
            counter(leadhook, "webhooks_unrecognised", "Deliveries that no provider recognises");
        let repeats =
            counter(leadhook, "webhooks_repeated", "Deliveries of a message that arrived before");
        let saved = counter(leadhook, "captures_saved", "Deliveries saved to disk");
        let evicted = counter(
            leadhook,
            "messages_forgotten",
            "Messages evicted from the ledger for newer ones",
        );
        let (responses, refused, forwards) =
            (Family::default(), Family::default(), Family::default());
        leadhook.register(
            "answers",
            "Responses to deliveries, by HTTP status code",
            responses.clone(),
        );
        leadhook.register(
            "requests_refused",
            "Connections whose request was incomplete, malformed or too large, by reason",
            refused.clone(),
        );
        leadhook.register(
            "forwards",
            "Forwarding attempts, by target and outcome: answered (with any status) or failed",
            forwards.clone(),
        );
        let forward_seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        leadhook.register(
            "forward_seconds",
            "Time to forward a delivery, until its response or failure",
            forward_seconds.clone(),
        );
        let gauges = Gauges::register(leadhook);
        Self {
            registry,
            providers,
            unrecognised,
            responses,
            refused,
            repeats,
            saved,
            forwards,
            forward_seconds,
            evicted,
            gauges,
        }
    }

    /// Counts a delivery that was recorded.
    pub(super) fn count_delivery(&self, recorded: &RecordedDelivery) {
        let verdict = recorded.verdict();
        self.repeats.inc_by(u64::from(recorded.is_repeat()));
        let Some(provider) = self.provider_metrics(recorded.pack()) else {
            self.unrecognised.inc();
            return;
        };
        let event_counter = verdict.event.as_ref().and_then(|event| provider.received.get(event));
        event_counter.unwrap_or(&provider.unknown).inc();
        if let Some(failure) = FailureKind::of(verdict) {
            provider.count_error(failure);
        }
    }

    /// Counts the response to a delivery, even one that an injected fault did not send.
    pub(super) fn count_response(&self, delivered: &DeliveredEvent) {
        self.responses.get_or_create(&[("status", delivered.status.to_string())]).inc();
        if let Some(provider) = self.provider_metrics(delivered.recorded.pack()) {
            provider.processing.observe(delivered.took.as_secs_f64());
        }
    }

    /// Counts a failure to process a delivery of the provider.
    pub(super) fn count_failure(&self, pack: Option<&Pack>, failure: FailureKind) {
        if let Some(provider) = self.provider_metrics(pack) {
            provider.count_error(failure);
        }
    }

    /// Counts a delivery that is on disk.
    pub(super) fn count_saved(&self) {
        self.saved.inc();
    }

    /// Counts the result of forwarding a delivery of the provider. A response of any status counts
    /// as answered, even 500; an attempt without a complete response has failed.
    pub(super) fn count_forward(&self, forwarded: &ForwardReport, pack: Option<&Pack>) {
        let is_success = forwarded.error.is_none();
        let outcome = if is_success { "answered" } else { "failed" };
        let target = ("target", target_label(&forwarded.url));
        self.forwards.get_or_create(&[target.clone(), ("outcome", outcome.to_owned())]).inc();
        self.forward_seconds.get_or_create(&[target]).observe(forwarded.took.as_secs_f64());
        if !is_success {
            self.count_failure(pack, FailureKind::NotForwarded);
        }
    }

    /// Counts a connection whose request the listener could not read, such as one over a size
    /// limit. A complete request that is answered with an error is not counted here.
    pub(super) fn count_refused(&self, reason: &str) {
        self.refused.get_or_create(&[("reason", reason.to_owned())]).inc();
    }

    /// Counts messages that were evicted from the ledger.
    pub(super) fn count_evicted(&self, messages: u64) {
        self.evicted.inc_by(messages);
    }

    /// Returns all metrics as text, and its media type.
    pub(super) fn encode(&self, state: &GaugeValues) -> (String, &'static str) {
        self.gauges.set(state);
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = prometheus_text::encode(&mut text, &self.registry);
        (text, prometheus_text::CONTENT_TYPE)
    }

    fn provider_metrics(&self, pack: Option<&Pack>) -> Option<&ProviderMetrics> {
        self.providers.get(&pack?.provider.id)
    }
}

impl ProviderMetrics {
    fn register(registry: &mut Registry, pack: &Pack) -> Self {
        let registry = registry.sub_registry_with_prefix(metric_prefix(&pack.provider.id));
        let received: Family<Label, Counter> = Family::default();
        registry.register("webhooks_received", "Deliveries received", received.clone());
        let processing = histogram();
        let help = "Time from the last byte of a delivery to its response";
        registry.register("webhook_processing_seconds", help, processing.clone());
        let errors: Family<Label, Counter> = Family::default();
        // Providers recommend this name to receivers, which sync the deliveries to their own
        // system.
        registry.register("sync_errors", "Failed deliveries, by kind", errors.clone());
        for failure in FailureKind::ALL {
            // Creates the series, at zero. The guard holds a lock, so that it is dropped at once.
            drop(errors.get_or_create(&[("error_type", failure.code().to_owned())]));
        }
        let event_counter =
            |event: &str| received.get_or_create_owned(&[("event", event.to_owned())]);
        let events = pack.provider.events.iter();
        let received =
            events.map(|event| (event.name.clone(), event_counter(&event.name))).collect();
        Self { received, unknown: event_counter(UNKNOWN_EVENT), processing, errors }
    }

    fn count_error(&self, failure: FailureKind) {
        self.errors.get_or_create(&[("error_type", failure.code().to_owned())]).inc();
    }
}

impl Gauges {
    fn register(registry: &mut Registry) -> Self {
        let gauges = Self::default();
        let mut add = |name: &str, help: &str, gauge: &Gauge| {
            registry.register(name, help, gauge.clone());
        };
        add("connections", "Open connections", &gauges.connections);
        add(
            "bodies_held_bytes",
            "Bytes of header sections, bodies and queued output in memory",
            &gauges.held_bytes,
        );
        add(
            "messages_remembered",
            "Messages in the ledger, by which repeated deliveries are recognised",
            &gauges.ledger_messages,
        );
        add("captures_pruned", "Captures deleted for newer ones", &gauges.pruned);
        add(
            "lines_not_shown",
            "Events that were not printed because the output was read too slowly",
            &gauges.dropped_events,
        );
        registry.register("forward_up", "1 if a target responds", gauges.up.clone());
        registry.register(
            "forward_waiting",
            "Deliveries queued for a target",
            gauges.queued.clone(),
        );
        gauges
    }

    fn set(&self, state: &GaugeValues) {
        let clamped = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.connections.set(clamped(state.connections));
        self.held_bytes.set(clamped(state.held_bytes));
        self.ledger_messages.set(clamped(state.ledger_messages));
        self.pruned.set(clamped(state.pruned));
        self.dropped_events.set(clamped(state.dropped_events));
        for target in &state.targets {
            let label = [("target", target.url.clone())];
            self.up.get_or_create(&label).set(i64::from(target.is_up));
            self.queued.get_or_create(&label).set(clamped(target.queued));
        }
    }
}

/// Returns the address of a target without its query, which may contain a token.
pub(super) fn target_label(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

/// Returns the id of a provider as a metric prefix, in which `-` is not allowed.
fn metric_prefix(id: &str) -> String {
    id.replace('-', "_")
}
