//! The webhook service: judges, records, saves and forwards deliveries, and responds. Nothing here
//! prints.

mod decision;
mod passing;
mod saving;
mod state;

use crate::commands::listen::admin_hosts::AdminHosts;
use crate::commands::listen::event::{DeliveredEvent, RecordedDelivery, ServiceEvent};
use crate::commands::listen::event_queue::EventSender;
use crate::commands::listen::memory::Workspace;
use crate::commands::listen::metrics::Metrics;
use crate::commands::listen::rejected::RejectedBudget;
use crate::commands::listen::report::Counts;
use crate::commands::listen::shown::Shown;
use crate::commands::listen::stance::Stance;
use crate::domain::delivery;
use crate::domain::delivery::Outcome;
use crate::domain::message::{Message, Response};
use crate::domain::script::ResponseScripts;
use crate::domain::secret::Keyring;
use crate::domain::verdict::{PayloadStatus, SignatureStatus, Verdict};
use crate::engine::delivery_notes;
use crate::engine::delivery_notes::DeliveryNote;
use crate::engine::fault_injection::{FaultEffect, FaultInjection, InjectedFault};
use crate::engine::judge::{Judge, Judgement};
use crate::engine::ledger::{Identity, Ledger, LedgerEntry};
use crate::io::environment::Environment;
use crate::io::forward::Forwards;
use crate::io::listener::{Handler, Load, Received, Refusal, Reply, ReplyFuture};
use crate::io::memory::Counted;
use crate::io::store::Store;
use crate::io::task;
use decision::{Decision, Directives, Rejection};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The least time between two closer looks: a flood of forgeries must not keep a core busy.
const BETWEEN_LOOKS: SignedDuration = SignedDuration::from_millis(500);

/// The largest body that is judged on the thread of its connection.
const MOST_JUDGED_AT_ONCE: usize = 64 << 10;

/// The largest body of which the whole is kept for a closer look.
const MOST_LOOKED_AT: usize = 64 << 10;

/// What is done with deliveries.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) unverified: Stance,
    pub(super) invalid: Stance,
    pub(super) respond: ResponseScripts,
    pub(super) mishaps: FaultInjection,
    /// Whether what is odd about an arrival is said: not where time is not real.
    pub(super) remarks: bool,
}

/// Answers requests, several at once.
#[derive(Debug)]
pub(super) struct WebhookService {
    judge: Judge,
    state: Mutex<ServiceState>,
    store: Option<Store>,
    forwards: Forwards,
    policy: Policy,
    shown: Shown,
    env: Environment,
    events: EventSender,
    workspace: Workspace,
    metrics: Metrics,
    load: Load,
    /// What can be seen is shown on a port of its own.
    has_admin: bool,
    admin_hosts: AdminHosts,
    rejected: RejectedBudget,
}

/// What a desk is made of.
#[derive(Debug)]
pub(super) struct ServiceParts {
    pub(super) judge: Judge,
    pub(super) store: Option<Store>,
    pub(super) forwards: Forwards,
    pub(super) policy: Policy,
    pub(super) shown: Shown,
    pub(super) env: Environment,
    pub(super) news: EventSender,
    pub(super) workspace: Workspace,
    pub(super) load: Load,
    pub(super) has_admin: bool,
    /// The host names under which the state is shown.
    pub(super) admin_hosts: AdminHosts,
    pub(super) ledger: Ledger,
}

/// What must be done in the order of arrival.
#[derive(Debug)]
struct ServiceState {
    answers: ResponseScripts,
    ledger: Ledger,
    requests: u64,
    counts: Counts,
    looked_at: Option<Timestamp>,
    /// When the last delivery of each provider came.
    last: BTreeMap<String, Timestamp>,
}

impl WebhookService {
    pub(super) fn new(equipment: ServiceParts) -> Self {
        let ServiceParts { judge, store, forwards, policy, shown, env, news, .. } = equipment;
        let ServiceParts { workspace, load, has_admin, admin_hosts, ledger, .. } = equipment;
        let metrics = Metrics::new(judge.packs(), env.now());
        Self {
            judge,
            state: Mutex::new(ServiceState {
                answers: policy.respond.clone(),
                ledger,
                requests: 0,
                counts: Counts::default(),
                looked_at: None,
                last: BTreeMap::new(),
            }),
            store,
            forwards,
            policy,
            shown,
            env,
            events: news,
            workspace,
            metrics,
            load,
            has_admin,
            admin_hosts,
            rejected: RejectedBudget::default(),
        }
    }

    /// What judges deliveries.
    pub(super) fn judge(&self) -> &Judge {
        &self.judge
    }

    /// The secrets it verifies with.
    pub(super) fn keyring(&self) -> &Keyring {
        self.judge.keyring()
    }

    /// How many deliveries came, and what became of them: of all, printed or not.
    pub(super) fn counts(&self) -> Counts {
        self.lock_state().counts
    }

    /// How many lines nobody read in time.
    pub(super) fn dropped(&self) -> u64 {
        self.events.dropped()
    }

    /// A thread that panicked with it left whole entries behind: each is one call.
    fn lock_state(&self) -> MutexGuard<'_, ServiceState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The printing thread may be slow, or gone: an answer never waits for it.
    fn tell(&self, event: ServiceEvent) {
        self.events.send(event);
    }

    /// Takes a delivery from its request to its response.
    async fn deliver(self: Arc<Self>, remote: SocketAddr, message: Counted<Message>) -> Reply {
        let arrived = Instant::now();
        let at = self.env.now();
        let message = Arc::new(message);
        let judgement = self.judged(&message, at).await;
        let (recorded, directives) = self.record(judgement, &message, at, remote);
        self.metrics.received(&recorded);
        let wait = directives.fault.wait;
        let (mut saved, unsaved) = match self.save(&message, &recorded).await {
            Ok(saved) => (saved, None),
            Err(error) => (None, Some(error)),
        };
        let decision = Decision::of(directives, unsaved);
        let is_dropped = matches!(decision, Decision::Drop);
        let (response, forward) = self.perform(decision, &recorded, &message).await;
        if !wait.is_zero() {
            task::pause(wait).await;
        }
        let has_waited = forward.is_some() || !wait.is_zero();
        let kept = if has_waited {
            self.keep_saved(&mut saved, &message, &recorded).await
        } else {
            Ok(())
        };
        let (response, is_dropped) = match kept {
            Ok(()) => (response, is_dropped),
            Err(error) => (self.not_saved(&recorded, &error), false),
        };
        self.settle(&recorded, &response);
        self.publish(DeliveredEvent {
            message: self.shown.excerpt(&message),
            unexplained: self.unexplained(&recorded, &message),
            remarks: self.remarks(&recorded, &message),
            saved: saved.map(|saved| saved.path.display().to_string()),
            forward,
            status: response.status,
            is_dropped,
            took: arrived.elapsed(),
            recorded,
        });
        if is_dropped { Reply::Drop } else { Reply::Respond(response) }
    }

    /// Returns the injected fault. One that is rejected is not worked on anyway.
    fn fault(&self, seq: u64, rejection: Option<Rejection>) -> InjectedFault {
        if rejection.is_some() || self.policy.mishaps.is_none() {
            return InjectedFault { wait: Duration::ZERO, ending: FaultEffect::Answer };
        }
        self.policy.mishaps.draw(seq)
    }

    /// Remembers that the sender was told that the delivery is received.
    fn settle(&self, recorded: &RecordedDelivery, response: &Response) {
        let answer = delivery::AttemptResult::Status(response.status);
        let outcome = recorded.pack().map(|pack| pack.provider.retry.outcome(&answer));
        if outcome == Some(Outcome::Delivered) {
            self.lock_state().ledger.settle(&recorded.entry);
        }
    }

    /// Counts a delivery, and hands the same event to whoever prints or takes it.
    fn publish(&self, delivered: DeliveredEvent) {
        self.metrics.answered(&delivered);
        self.lock_state().counts.count(&delivered);
        if self.shown.requests() {
            self.tell(ServiceEvent::Delivered(Box::new(delivered.shortened(self.shown))));
        }
    }

    /// Counts what the ledger had to forget, and says so the first time.
    fn note_forgotten(&self, before: u64, ledger: &Ledger) {
        let more = ledger.forgotten() - before;
        self.metrics.forgot(more);
        if more > 0 && before == 0 {
            self.tell(ServiceEvent::Trouble(format!(
                "{} messages are remembered, and the oldest is forgotten for each new one from now \
                 on: a late repeat of those will pass as new",
                ledger.len()
            )));
        }
    }

    /// Judges, beside the connections where it takes long.
    async fn judged(self: &Arc<Self>, message: &Arc<Counted<Message>>, at: Timestamp) -> Judgement {
        if message.body.len() > MOST_JUDGED_AT_ONCE {
            // Anybody can send bodies that take a hundred times their size when they are parsed.
            let _turn = self.workspace.parse(message).await;
            let (desk, large) = (Arc::clone(self), Arc::clone(message));
            if let Some(judgement) = task::blocking(move || desk.judge.judge(&large, at)).await {
                return judgement;
            }
        }
        self.judge.judge(message, at)
    }

    /// Returns notes on how a delivery arrived, where they are shown.
    fn remarks(&self, recorded: &RecordedDelivery, message: &Message) -> Vec<DeliveryNote> {
        if !self.shown.requests() || !self.policy.remarks {
            return Vec::new();
        }
        let provider = recorded.pack().map(|pack| &pack.provider);
        delivery_notes::delivery_notes(provider, &recorded.entry, message, recorded.at)
    }

    /// Returns the request if its signature is not valid and an explanation is due.
    fn unexplained(&self, recorded: &RecordedDelivery, message: &Message) -> Option<Message> {
        let is_doubtful = !matches!(
            recorded.verdict().signature.status,
            SignatureStatus::Valid | SignatureStatus::Unchecked
        );
        let is_looked_at = is_doubtful && message.body.len() <= MOST_LOOKED_AT;
        if !is_looked_at || !self.shown.requests() {
            return None;
        }
        let mut state = self.lock_state();
        is_due(&mut state.looked_at, recorded.at).then(|| message.clone())
    }

    /// Returns the reason not to accept a delivery, if there is one.
    fn rejection(&self, verdict: &Verdict) -> Option<Rejection> {
        let is_unverified = !self.judge.verified(&verdict.signature);
        if is_unverified && self.policy.unverified == Stance::Reject {
            return Some(Rejection::Unverified);
        }
        let is_invalid = verdict.payload.status == PayloadStatus::Invalid;
        (is_invalid && self.policy.invalid == Stance::Reject).then_some(Rejection::Invalid)
    }

    /// Does what must be done in the order of arrival: counts the delivery, compares it with earlier
    /// ones, and takes its response from the script and its places in the queues of the targets.
    fn record(
        &self,
        judgement: Judgement,
        message: &Message,
        at: Timestamp,
        remote: SocketAddr,
    ) -> (RecordedDelivery, Directives) {
        let verdict = &judgement.verdict;
        let rejection = self.rejection(verdict);
        let pack = judgement.pack.as_deref();
        let identity = Identity {
            provider: verdict.provider.as_deref(),
            event: verdict.event.as_deref(),
            message_id: verdict.message_id.as_deref(),
            lead_id: judgement.lead_id.as_deref(),
            order: pack.and_then(|pack| pack.provider.order.as_ref()),
        };
        let mut state = self.lock_state();
        state.requests += 1;
        let seq = state.requests;
        let (mut entry, mut scripted, mut places) = (LedgerEntry::NONE, None, Vec::new());
        // A rejected delivery may not be the provider's: it is no repeat, and does not make one.
        if rejection.is_none() {
            if let Some(id) = &verdict.provider {
                match state.last.get_mut(id) {
                    Some(last) => *last = at,
                    None => drop(state.last.insert(id.clone(), at)),
                }
            }
            let forgotten = state.ledger.forgotten();
            entry = state.ledger.enter(&identity, message, at);
            self.note_forgotten(forgotten, &state.ledger);
            scripted = state.answers.answer(identity.provider, identity.event);
            places = self.forwards.reserve(identity.provider, identity.event);
        }
        drop(state);
        let fault = self.fault(seq, rejection);
        let is_rejected = rejection.is_some();
        let recorded = RecordedDelivery { seq, at, remote, judgement, entry, is_rejected };
        (recorded, Directives { rejection, fault, scripted, places })
    }
}

impl Handler for WebhookService {
    fn answer(self: Arc<Self>, received: Received) -> ReplyFuture {
        let Received { remote, message } = received;
        if message.method == "POST" {
            return Box::pin(self.deliver(remote, message));
        }
        Box::pin(async move {
            let path = message.target.split('?').next().unwrap_or_default();
            let is_asking = matches!(message.method.as_str(), "GET" | "HEAD");
            if is_asking
                && !self.has_admin
                && let Some(response) = self.shown_at(path, &message).await
            {
                return Reply::Respond(response);
            }
            self.tell(ServiceEvent::Visit(format!(
                "{} {path} from {remote}: answered 405",
                message.method
            )));
            let mut response = Response::text(405, "POST a webhook here\n");
            response.headers.push("Allow", "POST");
            Reply::Respond(response)
        })
    }

    fn date(&self) -> Option<Timestamp> {
        self.env.time()
    }

    fn refused(&self, remote: SocketAddr, refusal: &Refusal) {
        self.metrics.refused(refusal.code());
        self.tell(ServiceEvent::Trouble(format!("from {remote}: {refusal}")));
    }
}

/// Whether a closer look is due after the last one; if so, this is the last one now.
fn is_due(last: &mut Option<Timestamp>, at: Timestamp) -> bool {
    let due = last.is_none_or(|last| at.duration_since(last).abs() >= BETWEEN_LOOKS);
    if due {
        *last = Some(at);
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_gets_two_closer_looks_a_second_and_a_clock_that_jumps_back_no_less() {
        let mut last = None;
        let at = |milliseconds: i64| Timestamp::from_millisecond(1_000_000 + milliseconds).unwrap();
        let due = |milliseconds: i64| is_due(&mut last, at(milliseconds));
        let answers: Vec<_> = [0, 1, 499, 500, 999, 1000, 100, 101].into_iter().map(due).collect();
        assert_eq!(answers, [true, false, false, true, false, true, true, false]);
    }
}
