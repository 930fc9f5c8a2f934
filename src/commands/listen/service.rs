//! The webhook service: judges, records, saves and forwards deliveries, and responds to them.
//!
//! It prints nothing: it queues events, which another thread prints.

mod awaiting;
mod decision;
mod perform;
mod saving;
mod sender_needs;
mod state;

use crate::commands::fetch_server::FetchService;
use crate::commands::listen::admin_hosts::AdminHosts;
use crate::commands::listen::delivery_kind::delivery_kind;
use crate::commands::listen::enforcement::Enforcement;
use crate::commands::listen::event::{DeliveredEvent, RecordedDelivery, ServiceEvent};
use crate::commands::listen::event_queue::EventSender;
use crate::commands::listen::kept_parts::KeptParts;
use crate::commands::listen::memory::Workspace;
use crate::commands::listen::metrics::Metrics;
use crate::commands::listen::rejected_budget::RejectedBudget;
use crate::commands::listen::report::Counts;
use crate::commands::listen::save_body::BodyFilter;
use crate::domain::delivery;
use crate::domain::delivery::Outcome;
use crate::domain::message::{Message, Response};
use crate::domain::response_scripts::ResponseScripts;
use crate::domain::secret::Keyring;
use crate::domain::verdict::{PayloadStatus, SignatureStatus, Verdict};
use crate::engine::awaited::AwaitedDeliveries;
use crate::engine::delivery_notes;
use crate::engine::delivery_notes::DeliveryNote;
use crate::engine::fault_injection::{FaultEffect, FaultInjection, InjectedFault};
use crate::engine::judge::{Judge, Judgement};
use crate::engine::ledger::{Identity, Ledger, LedgerEntry};
use crate::io::environment::Environment;
use crate::io::forward::ForwardQueues;
use crate::io::listener::{Handler, Load, ReceivedRequest, Refusal, Reply, ReplyFuture};
use crate::io::memory::Budgeted;
use crate::io::store::Store;
use crate::io::task;
use decision::{Decision, Directives, Rejection};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The minimum interval between two explanations.
///
/// An explanation searches many hypotheses: a flood of forgeries must not keep a core busy.
const EXPLANATION_INTERVAL: SignedDuration = SignedDuration::from_millis(500);

/// The maximum size of a body that is judged on the thread of its connection.
const MAX_JUDGED_INLINE: usize = 64 << 10;

/// The maximum size of a body that is kept whole to explain its invalid signature.
const MAX_EXPLAINED_BODY: usize = 64 << 10;

/// The configured handling of deliveries.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) unverified: Enforcement,
    pub(super) invalid: Enforcement,
    pub(super) respond: ResponseScripts,
    pub(super) faults: FaultInjection,
    /// `true` if events have notes on the arrival. They make no sense with a simulated clock.
    pub(super) has_notes: bool,
}

/// The handler of all requests, shared by all connections.
#[derive(Debug)]
pub(super) struct WebhookService {
    parts: ServiceParts,
    state: Mutex<ServiceState>,
    metrics: Metrics,
    rejected_budget: RejectedBudget,
}

/// The parts of a webhook service.
#[derive(Debug)]
pub(super) struct ServiceParts {
    pub(super) judge: Judge,
    pub(super) store: Option<Store>,
    pub(super) body_filter: BodyFilter,
    pub(super) forwards: ForwardQueues,
    pub(super) policy: Policy,
    /// The deliveries that end the run, before the first has come.
    pub(super) awaited: AwaitedDeliveries,
    pub(super) kept_parts: KeptParts,
    pub(super) env: Environment,
    pub(super) events: Arc<EventSender>,
    pub(super) workspace: Workspace,
    pub(super) load: Load,
    /// `true` if the admin endpoints have a separate port (`--admin`).
    pub(super) has_admin_port: bool,
    /// The host names under which the admin endpoints respond.
    pub(super) admin_hosts: AdminHosts,
    /// The tokens with which the handshakes of providers are answered.
    pub(super) handshake_tokens: Keyring,
    /// What receivers fetch after deliveries that hold ids only, if it is served.
    pub(super) fetch: Option<Arc<FetchService>>,
}

/// The state that is updated in the order of arrival, under one lock.
#[derive(Debug)]
struct ServiceState {
    scripts: ResponseScripts,
    ledger: Ledger,
    awaited: AwaitedDeliveries,
    requests: u64,
    counts: Counts,
    last_explained: Option<Timestamp>,
    /// The arrival time of the last delivery of each provider.
    last_arrivals: BTreeMap<String, Timestamp>,
}

impl WebhookService {
    /// Creates a service that records deliveries in `ledger`.
    pub(super) fn new(parts: ServiceParts, ledger: Ledger) -> Self {
        Self {
            metrics: Metrics::new(parts.judge.packs(), parts.env.now()),
            state: Mutex::new(ServiceState {
                scripts: parts.policy.respond.clone(),
                ledger,
                awaited: parts.awaited.clone(),
                requests: 0,
                counts: Counts::default(),
                last_explained: None,
                last_arrivals: BTreeMap::new(),
            }),
            rejected_budget: RejectedBudget::default(),
            parts,
        }
    }

    /// Returns the judge that verifies and validates deliveries.
    pub(super) fn judge(&self) -> &Judge {
        &self.parts.judge
    }

    /// Returns the secrets that signatures are verified with.
    pub(super) fn keyring(&self) -> &Keyring {
        self.parts.judge.keyring()
    }

    /// Returns the counts of all deliveries and their outcomes, printed or not.
    pub(super) fn counts(&self) -> Counts {
        self.lock_state().counts
    }

    /// Returns the number of events that were dropped because the output was too slow.
    pub(super) fn dropped(&self) -> u64 {
        self.parts.events.dropped()
    }

    /// Locks the state. A poisoned lock is safe to use: each update is a single call, so that a
    /// panic leaves complete entries behind.
    fn lock_state(&self) -> MutexGuard<'_, ServiceState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues an event. The printing thread may be slow or gone: a response never waits for it.
    fn emit(&self, event: ServiceEvent) {
        self.parts.events.send(event);
    }

    /// Processes a delivery from its request to its response.
    ///
    /// The order is fixed: judge, record, save, decide, forward, respond. A delivery is on disk
    /// before it is forwarded or acknowledged. Its file may be moved or deleted while it waits for
    /// a target or an injected latency, so that it is confirmed, and saved again if necessary,
    /// after any wait.
    async fn deliver(self: Arc<Self>, remote: SocketAddr, message: Budgeted<Message>) -> Reply {
        let arrived = Instant::now();
        let at = self.parts.env.now();
        let message = Arc::new(message);
        let judgement = self.judge_delivery(&message, at).await;
        let hits = self.match_delivery(&judgement, &message).await;
        let (recorded, directives) = self.record(judgement, &message, at, remote, &hits);
        self.metrics.count_delivery(&recorded);
        self.learn_resources(&recorded, &message);
        let wait = directives.fault.wait;
        let (mut saved, save_error) = match self.save(&message, &recorded).await {
            Ok(saved) => (saved, None),
            Err(error) => (None, Some(error)),
        };
        let mut is_taken = save_error.is_none();
        let decision = Decision::new(directives, save_error);
        let is_dropped = matches!(decision, Decision::Drop);
        let (response, forward) = self.perform(decision, &recorded, &message).await;
        if !wait.is_zero() {
            task::sleep(wait).await;
        }
        let has_waited = forward.is_some() || !wait.is_zero();
        let confirmed = if has_waited {
            self.ensure_saved(&mut saved, &message, &recorded).await
        } else {
            Ok(())
        };
        let (response, is_dropped) = match confirmed {
            Ok(()) => (response, is_dropped),
            Err(error) => {
                is_taken = false;
                (self.save_failure_response(&recorded, &error), false)
            }
        };
        self.settle(&recorded, &response);
        let seq = recorded.seq;
        self.publish(DeliveredEvent {
            message: self.parts.kept_parts.excerpt(&message),
            to_explain: self.message_to_explain(&recorded, &message),
            notes: self.notes(&recorded, &message),
            saved: saved.map(|capture| capture.path.display().to_string()),
            forward,
            status: response.status,
            is_dropped,
            took: arrived.elapsed(),
            recorded,
        });
        self.settle_awaited(seq, is_taken);
        if is_dropped { Reply::Drop } else { Reply::Respond(response) }
    }

    /// Draws the injected fault. A rejected delivery gets none, since it is not processed anyway.
    fn fault(&self, seq: u64, rejection: Option<Rejection>) -> InjectedFault {
        if rejection.is_some() || self.parts.policy.faults.is_disabled() {
            return InjectedFault { wait: Duration::ZERO, effect: FaultEffect::Respond };
        }
        self.parts.policy.faults.draw(seq)
    }

    /// Marks the delivery as acknowledged if the provider counts the response as a success.
    fn settle(&self, recorded: &RecordedDelivery, response: &Response) {
        let result = delivery::AttemptResult::Status(response.status);
        let outcome = recorded.pack().map(|pack| pack.provider.retry.outcome(&result));
        if outcome == Some(Outcome::Delivered) {
            self.lock_state().ledger.settle(&recorded.entry);
        }
    }

    /// Counts a delivery and queues its event for the output.
    fn publish(&self, delivered: DeliveredEvent) {
        self.metrics.count_response(&delivered);
        self.lock_state().counts.count(&delivered);
        if self.parts.kept_parts.prints_requests() {
            self.emit(ServiceEvent::Delivered(Box::new(
                delivered.with_truncated_strings(self.parts.kept_parts),
            )));
        }
    }

    /// Counts messages that the ledger evicted, and warns the first time.
    fn report_evicted(&self, before: u64, ledger: &Ledger) {
        let evicted = ledger.evicted() - before;
        self.metrics.count_evicted(evicted);
        if evicted > 0 && before == 0 {
            self.emit(ServiceEvent::Warning(format!(
                "{} messages are remembered; from now on the oldest is forgotten for each new one, \
                 and a late repeat of a forgotten message counts as new",
                ledger.len()
            )));
        }
    }

    /// Judges a delivery. A large body is judged on a blocking thread, so that other connections do
    /// not wait for it.
    async fn judge_delivery(
        self: &Arc<Self>,
        message: &Arc<Budgeted<Message>>,
        at: Timestamp,
    ) -> Judgement {
        if message.body.len() > MAX_JUDGED_INLINE {
            // A hostile body can take a hundred times its size in memory once it is parsed, so that
            // large bodies are parsed in turn.
            let _permit = self.parts.workspace.reserve_parsing(message).await;
            let (service, large) = (Arc::clone(self), Arc::clone(message));
            if let Some(judgement) =
                task::run_blocking(move || service.parts.judge.judge(&large, at)).await
            {
                return judgement;
            }
        }
        self.parts.judge.judge(message, at)
    }

    /// Returns the notes on the arrival of a delivery, if they are printed.
    fn notes(&self, recorded: &RecordedDelivery, message: &Message) -> Vec<DeliveryNote> {
        if !self.parts.kept_parts.prints_requests() || !self.parts.policy.has_notes {
            return Vec::new();
        }
        let provider = recorded.pack().map(|pack| &pack.provider);
        delivery_notes::delivery_notes(provider, &recorded.entry, message, recorded.at)
    }

    /// Returns the request if its signature is not valid and an explanation is due.
    fn message_to_explain(
        &self,
        recorded: &RecordedDelivery,
        message: &Message,
    ) -> Option<Message> {
        let is_unverified = !matches!(
            recorded.verdict().signature.status,
            SignatureStatus::Valid | SignatureStatus::Unchecked | SignatureStatus::Unsigned
        );
        let is_explainable = is_unverified && message.body.len() <= MAX_EXPLAINED_BODY;
        if !is_explainable || !self.parts.kept_parts.prints_requests() {
            return None;
        }
        let mut state = self.lock_state();
        is_explanation_due(&mut state.last_explained, recorded.at).then(|| message.clone())
    }

    /// Returns the reason not to accept a delivery, if there is one.
    fn rejection(&self, verdict: &Verdict) -> Option<Rejection> {
        let is_unverified = !self.parts.judge.accepts_signature(&verdict.signature);
        if is_unverified && self.parts.policy.unverified == Enforcement::Reject {
            return Some(Rejection::Unverified);
        }
        let is_invalid = verdict.payload.status == PayloadStatus::Invalid;
        (is_invalid && self.parts.policy.invalid == Enforcement::Reject)
            .then_some(Rejection::Invalid)
    }

    /// Records the delivery: numbers it, compares it with earlier ones, assigns its scripted
    /// response and reserves its positions in the queues of the targets.
    ///
    /// All of this happens under one lock, so that numbers, scripted responses and queue positions
    /// have the same order for deliveries that arrive at the same time.
    fn record(
        &self,
        judgement: Judgement,
        message: &Message,
        at: Timestamp,
        remote: SocketAddr,
        hits: &[bool],
    ) -> (RecordedDelivery, Directives) {
        let verdict = &judgement.verdict;
        let rejection = self.rejection(verdict);
        let pack = judgement.pack.as_deref();
        let identity = Identity {
            provider: verdict.provider.as_deref(),
            event: verdict.event.as_deref(),
            message_id: verdict.message_id.as_deref(),
            identifying_values: judgement.identifying_values.as_deref(),
            lead_id: judgement.lead_id.as_deref(),
            order: pack.and_then(|pack| pack.provider.order.as_ref()),
        };
        let mut state = self.lock_state();
        state.requests += 1;
        let seq = state.requests;
        let (mut entry, mut scripted, mut reservations) = (LedgerEntry::NONE, None, Vec::new());
        // A rejected delivery may be forged: it must neither count as a repeat nor turn the genuine
        // delivery into one.
        if rejection.is_none() {
            if let Some(id) = &verdict.provider {
                match state.last_arrivals.get_mut(id) {
                    Some(last) => *last = at,
                    None => drop(state.last_arrivals.insert(id.clone(), at)),
                }
            }
            let forgotten_before = state.ledger.evicted();
            entry = state.ledger.record(&identity, message, at);
            self.report_evicted(forgotten_before, &state.ledger);
            scripted = state.scripts.next_status(identity.provider, identity.event);
            let Identity { provider, event, lead_id, .. } = identity;
            reservations = self.parts.forwards.reserve(provider, event, lead_id);
        }
        let is_rejected = rejection.is_some();
        if self.parts.awaited.is_active() {
            state.awaited.observe(seq, hits, || delivery_kind(&judgement, is_rejected));
        }
        drop(state);
        let fault = self.fault(seq, rejection);
        let recorded = RecordedDelivery { seq, at, remote, judgement, entry, is_rejected };
        (recorded, Directives { rejection, fault, scripted, reservations })
    }
}

impl Handler for WebhookService {
    fn respond(self: Arc<Self>, received: ReceivedRequest) -> ReplyFuture {
        let ReceivedRequest { remote, message } = received;
        if message.method == "POST" {
            return Box::pin(self.deliver(remote, message));
        }
        Box::pin(async move {
            let path = message.target.split('?').next().unwrap_or_default();
            let is_get = matches!(message.method.as_str(), "GET" | "HEAD");
            if is_get
                && !self.parts.has_admin_port
                && let Some(response) = self.admin_response(path, &message).await
            {
                return Reply::Respond(response);
            }
            if let Some(response) = self.handshake_response(remote, &message) {
                return Reply::Respond(response);
            }
            self.emit(ServiceEvent::OtherRequest(format!(
                "{} {path} from {remote}: responded 405",
                message.method
            )));
            let mut response = Response::text(405, "POST a webhook here\n");
            response.headers.push("Allow", "POST");
            Reply::Respond(response)
        })
    }

    fn date(&self) -> Option<Timestamp> {
        self.parts.env.try_now()
    }

    fn refused(&self, remote: SocketAddr, refusal: &Refusal) {
        self.metrics.count_refused(refusal.code());
        self.emit(ServiceEvent::Warning(format!("from {remote}: {refusal}")));
    }
}

/// Returns `true` if an explanation is due, and then sets `last` to `at`.
///
/// The absolute difference is compared, so that a clock that jumps back does not stop explanations.
fn is_explanation_due(last: &mut Option<Timestamp>, at: Timestamp) -> bool {
    let is_due = last.is_none_or(|last| at.duration_since(last).abs() >= EXPLANATION_INTERVAL);
    if is_due {
        *last = Some(at);
    }
    is_due
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_gets_two_explanations_a_second_even_if_the_clock_jumps_back() {
        let mut last = None;
        let at = |milliseconds: i64| Timestamp::from_millisecond(1_000_000 + milliseconds).unwrap();
        let due = |milliseconds: i64| is_explanation_due(&mut last, at(milliseconds));
        let found: Vec<_> = [0, 1, 499, 500, 999, 1000, 100, 101].into_iter().map(due).collect();
        assert_eq!(found, [true, false, false, true, false, true, true, false]);
    }
}
