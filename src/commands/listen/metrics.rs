//! The metrics of `/metrics`, in the text format of Prometheus.
//!
//! Metrics of a provider have its id as a prefix and the names that providers recommend for
//! receivers, so that the dashboard of a receiver works for the listener as well. Metrics of the
//! listener itself begin with `leadhook_`.

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

/// The upper bounds of the buckets of every histogram, in seconds: from the time to judge a
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
    unrecognised: Counter,
    responses: Family<Label, Counter>,
    refused: Family<Label, Counter>,
    repeats: Counter,
    saved: Counter,
    forwards: Family<Labels, Counter>,
    forward_seconds: Family<Label, Histogram, fn() -> Histogram>,
    evicted: Counter,
    gauges: Gauges,
}

/// The metrics of one provider.
#[derive(Debug)]
struct ProviderMetrics {
    received: BTreeMap<String, Counter>,
    unknown: Counter,
    processing: Histogram,
    errors: Family<Label, Counter>,
}

/// The metrics that are set from the state of the service at each request.
#[derive(Debug, Default)]
struct Gauges {
    connections: Gauge,
    held_bytes: Gauge,
    remembered: Gauge,
    pruned: Gauge,
    dropped_lines: Gauge,
    up: Family<Label, Gauge>,
    waiting: Family<Label, Gauge>,
}

/// The values of the gauges at one moment.
#[derive(Debug, Default)]
pub(super) struct GaugeValues {
    /// Open connections.
    pub(super) connections: u64,
    /// Bytes of heads, bodies and queued output held.
    pub(super) held_bytes: u64,
    /// Messages in the ledger.
    pub(super) remembered: u64,
    /// Captures that were deleted for newer ones.
    pub(super) pruned: u64,
    /// Lines that were not printed because the reader of the output was too slow.
    pub(super) dropped_lines: u64,
    /// For each target: its address, `true` if it responds, and the number of queued deliveries.
    pub(super) targets: Vec<(String, bool, u64)>,
}

/// The kind of a failed delivery; each is a value of `error_type`.
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

    /// Returns the kind of failure of a delivery with this verdict; `None` if it is good.
    fn of(verdict: &Verdict) -> Option<Self> {
        match verdict.signature.status {
            SignatureStatus::Valid | SignatureStatus::Unchecked => {
                (verdict.payload.status == PayloadStatus::Invalid).then_some(Self::Payload)
            }
            status => Some(Self::Signature(status)),
        }
    }
}

impl Metrics {
    /// Creates the metrics. Every series exists from the start, at zero: a rate over a series that
    /// appears with its first error would miss that error.
    pub(super) fn new(packs: &Packs, started: Timestamp) -> Self {
        let mut registry = Registry::default();
        let providers = packs.iter().map(|pack| {
            let metrics = ProviderMetrics::register(&mut registry, pack);
            (pack.provider.id.clone(), metrics)
        });
        let providers = providers.collect();
        let leadhook = registry.sub_registry_with_prefix("leadhook");
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        leadhook.register("build", "The program", build);
        let start: Gauge<i64> = Gauge::default();
        start.set(started.as_second());
        leadhook.register("start_time_seconds", "Start time in Unix seconds", start);
        let counter = |registry: &mut Registry, name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let unrecognised =
            counter(leadhook, "webhooks_unrecognised", "Deliveries of an unknown provider");
        let repeats = counter(leadhook, "webhooks_repeated", "Repeated deliveries");
        let saved = counter(leadhook, "captures_saved", "Deliveries saved to disk");
        let evicted = counter(leadhook, "messages_forgotten", "Messages evicted from the ledger");
        let (responses, refused, forwards) =
            (Family::default(), Family::default(), Family::default());
        leadhook.register(
            "answers",
            "Deliveries by the status of their response",
            responses.clone(),
        );
        leadhook.register(
            "requests_refused",
            "Input that never became a request, by reason",
            refused.clone(),
        );
        leadhook.register(
            "forwards",
            "Forwarded deliveries, by target and outcome",
            forwards.clone(),
        );
        let forward_seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        leadhook.register("forward_seconds", "Response times of targets", forward_seconds.clone());
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

    /// Counts the response to a delivery.
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

    /// Counts the result of forwarding a delivery of the provider.
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

    /// Counts an input that never became a request.
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
        // Writing to a string does not fail.
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
        registry.register("sync_errors", "Failed deliveries, by kind", errors.clone());
        for failure in FailureKind::ALL {
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
            "Bytes of heads, bodies and queued output held now",
            &gauges.held_bytes,
        );
        add("messages_remembered", "Messages in the ledger", &gauges.remembered);
        add("captures_pruned", "Captures deleted for newer ones", &gauges.pruned);
        add("lines_not_shown", "Lines that were not read in time", &gauges.dropped_lines);
        registry.register("forward_up", "1 if a target responds", gauges.up.clone());
        registry.register(
            "forward_waiting",
            "Deliveries queued for a target",
            gauges.waiting.clone(),
        );
        gauges
    }

    fn set(&self, state: &GaugeValues) {
        let clamped = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.connections.set(clamped(state.connections));
        self.held_bytes.set(clamped(state.held_bytes));
        self.remembered.set(clamped(state.remembered));
        self.pruned.set(clamped(state.pruned));
        self.dropped_lines.set(clamped(state.dropped_lines));
        for (target, is_up, waiting) in &state.targets {
            let label = [("target", target.clone())];
            self.up.get_or_create(&label).set(i64::from(*is_up));
            self.waiting.get_or_create(&label).set(clamped(*waiting));
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
