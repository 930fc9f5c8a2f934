//! Where requests are answered: judged, entered, kept, passed on. Nothing here prints.

mod passing;
mod saving;
mod state;

use crate::commands::listen::admin_hosts::AdminHosts;
use crate::commands::listen::event_queue::{EventSender, News};
use crate::commands::listen::memory::Workspace;
use crate::commands::listen::metrics::Metrics;
use crate::commands::listen::rejected::RejectedBudget;
use crate::commands::listen::report::{Counts, Forwarded, Request};
use crate::commands::listen::shown::Shown;
use crate::commands::listen::stance::Stance;
use crate::domain::delivery;
use crate::domain::delivery::Outcome;
use crate::domain::message::{Message, Response};
use crate::domain::script::Answers;
use crate::domain::secret::Keyring;
use crate::domain::verdict::{PayloadStatus, SignatureStatus, SignatureVerdict, Verdict};
use crate::engine::arrival;
use crate::engine::judge::{Judge, Judgement};
use crate::engine::ledger::{Entry, Identity, Ledger};
use crate::engine::mishap::{Ending, Fate, Mishaps};
use crate::io::environment::Environment;
use crate::io::forward::{Forwards, Place};
use crate::io::listener::{Answer, Answering, Handler, Load, Received, Refusal};
use crate::io::memory::Counted;
use crate::io::store::{Saved, Store};
use crate::io::task;
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
    pub(super) respond: Answers,
    pub(super) mishaps: Mishaps,
    /// Whether what is odd about an arrival is said: not where time is not real.
    pub(super) remarks: bool,
}

/// Answers requests, several at once.
#[derive(Debug)]
pub(super) struct Desk {
    judge: Judge,
    book: Mutex<Book>,
    store: Option<Store>,
    forwards: Forwards,
    policy: Policy,
    shown: Shown,
    env: Environment,
    news: EventSender,
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
pub(super) struct Equipment {
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
struct Book {
    answers: Answers,
    ledger: Ledger,
    requests: u64,
    counts: Counts,
    looked_at: Option<Timestamp>,
    /// When the last delivery of each provider came.
    last: BTreeMap<String, Timestamp>,
}

/// What is written in the book of a delivery.
struct Entered {
    seq: u64,
    entry: Entry,
    /// The answer of the script, where there is one and the delivery is taken.
    scripted: Option<u16>,
    /// Its places in the lines of the targets.
    forwards: Vec<Place>,
}

/// What became of a delivery so far.
struct Delivery {
    at: Timestamp,
    remote: String,
    refused: bool,
    saved: Option<Saved>,
    forwarded: Option<Forwarded>,
}

impl Desk {
    pub(super) fn new(equipment: Equipment) -> Self {
        let Equipment { judge, store, forwards, policy, shown, env, news, .. } = equipment;
        let Equipment { workspace, load, has_admin, admin_hosts, ledger, .. } = equipment;
        let metrics = Metrics::new(judge.packs(), env.now());
        Self {
            judge,
            book: Mutex::new(Book {
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
            news,
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
        self.book().counts
    }

    /// How many lines nobody read in time.
    pub(super) fn dropped(&self) -> u64 {
        self.news.dropped()
    }

    /// A thread that panicked with it left whole entries behind: each is one call.
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The printing thread may be slow, or gone: an answer never waits for it.
    fn tell(&self, news: News) {
        self.news.send(news);
    }

    async fn deliver(self: Arc<Self>, remote: SocketAddr, message: Counted<Message>) -> Answer {
        let arrived = Instant::now();
        let at = self.env.now();
        let message = Arc::new(message);
        let judgement = self.judged(&message, at).await;
        let refusal = self.refusal(&judgement.verdict);
        let mut place = self.enter(&judgement, &message, at, refusal.is_some());
        self.metrics.received(&judgement.verdict, place.entry.attempt > 1);
        let mut delivery = Delivery {
            at,
            remote: remote.to_string(),
            refused: refusal.is_some(),
            saved: None,
            forwarded: None,
        };
        let fate = self.fate(&place, refusal.is_some());
        let unsaved = match self.save(&message, at, &delivery).await {
            Ok(saved) => {
                delivery.saved = saved;
                None
            }
            Err(error) => Some(self.not_saved(&judgement.verdict, place.seq, &error)),
        };
        let mut response = unsaved.or(refusal);
        if response.is_none() && fate.ending != Ending::Answer {
            place.forwards.clear();
            response = Some(Response::text(500, "failed on purpose\n"));
        }
        if response.is_none() {
            let places = std::mem::take(&mut place.forwards);
            let passed = self.pass_on(places, place.seq, &judgement.verdict, &message).await;
            delivery.forwarded = passed.as_ref().map(|(_, report)| report.clone());
            // A script says what the provider sees, whatever the app behind it says.
            response = passed.map(|(response, _)| response).filter(|_| place.scripted.is_none());
        }
        let scripted = || Response::text(place.scripted.unwrap_or(200), "");
        let mut response = response.unwrap_or_else(scripted);
        if !fate.wait.is_zero() {
            task::pause(fate.wait).await;
        }
        if (delivery.forwarded.is_some() || !fate.wait.is_zero())
            && let Err(error) = self.keep_saved(&message, &mut delivery).await
        {
            response = self.not_saved(&judgement.verdict, place.seq, &error);
        }
        self.settle(&judgement, &place.entry, &response);
        self.metrics.answered(&judgement.verdict, &response, arrived.elapsed());
        let dropped = fate.ending == Ending::Drop;
        let status = (!dropped).then_some(response.status);
        self.tell_of(&place, delivery, judgement, &message, status);
        if dropped { Answer::Drop } else { Answer::Respond(response) }
    }

    /// What befalls the delivery. What is not taken is not worth a mishap.
    fn fate(&self, place: &Entered, refused: bool) -> Fate {
        if refused || self.policy.mishaps.is_none() {
            return Fate { wait: Duration::ZERO, ending: Ending::Answer };
        }
        self.policy.mishaps.befall(place.seq)
    }

    /// Remembers that the sender was told that the delivery is received.
    fn settle(&self, judgement: &Judgement, entry: &Entry, response: &Response) {
        let pack = judgement.pack.as_deref();
        let outcome = pack
            .map(|pack| pack.provider.retry.outcome(&delivery::Answer::Status(response.status)));
        if outcome == Some(Outcome::Delivered) {
            self.book().ledger.settle(entry);
        }
    }

    /// Counts what the ledger had to forget, and says so the first time.
    fn note_forgotten(&self, before: u64, ledger: &Ledger) {
        let more = ledger.forgotten() - before;
        self.metrics.forgot(more);
        if more > 0 && before == 0 {
            self.tell(News::Trouble(format!(
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

    /// Counts the delivery, and tells the operator of it where anybody looks.
    fn tell_of(
        &self,
        place: &Entered,
        delivery: Delivery,
        judgement: Judgement,
        message: &Message,
        status: Option<u16>,
    ) {
        let Delivery { at, remote, refused, saved, forwarded } = delivery;
        self.book().counts.count(&judgement.verdict, &place.entry, refused, saved.is_some());
        if !self.shown.requests() {
            return;
        }
        let kept = self.kept(&judgement.verdict.signature, message, at);
        let provider = judgement.pack.as_deref().map(|pack| &pack.provider);
        let provider = provider.filter(|_| self.policy.remarks);
        let remarks = arrival::remarks(provider, &place.entry, message, at);
        let mut request = Request::new(
            place.seq,
            at,
            remote,
            message,
            self.shown,
            judgement,
            place.entry,
            status,
            saved.map(|saved| saved.path),
            forwarded,
        );
        request.keep(kept);
        request.remark(remarks);
        request.shorten(self.shown);
        self.tell(News::Request(Box::new(request)));
    }

    /// The request for a closer look, where its signature does not hold and the last one is past.
    fn kept(
        &self,
        signature: &SignatureVerdict,
        message: &Message,
        at: Timestamp,
    ) -> Option<Message> {
        let doubtful =
            !matches!(signature.status, SignatureStatus::Valid | SignatureStatus::Unchecked);
        if !doubtful || message.body.len() > MOST_LOOKED_AT {
            return None;
        }
        let mut book = self.book();
        is_due(&mut book.looked_at, at).then(|| message.clone())
    }

    /// The answer to a delivery that is not taken, if it is not.
    ///
    /// The reason goes to the operator and never on the wire: it would teach a forger.
    fn refusal(&self, verdict: &Verdict) -> Option<Response> {
        let unverified = !self.judge.verified(&verdict.signature);
        if unverified && self.policy.unverified == Stance::Reject {
            return Some(Response::text(401, "not verified\n"));
        }
        let invalid = verdict.payload.status == PayloadStatus::Invalid;
        (invalid && self.policy.invalid == Stance::Reject)
            .then(|| Response::text(422, "not valid\n"))
    }

    fn enter(
        &self,
        judgement: &Judgement,
        message: &Message,
        at: Timestamp,
        refused: bool,
    ) -> Entered {
        let verdict = &judgement.verdict;
        let pack = judgement.pack.as_deref();
        let identity = Identity {
            provider: verdict.provider.as_deref(),
            event: verdict.event.as_deref(),
            message_id: verdict.message_id.as_deref(),
            lead_id: judgement.lead_id.as_deref(),
            order: pack.and_then(|pack| pack.provider.order.as_ref()),
        };
        let mut book = self.book();
        book.requests += 1;
        if !refused && let Some(id) = &verdict.provider {
            match book.last.get_mut(id) {
                Some(last) => *last = at,
                None => drop(book.last.insert(id.clone(), at)),
            }
        }
        // What is refused is not the provider's: it neither is a repeat nor makes one.
        let entry = if refused {
            Entry::NONE
        } else {
            let forgotten = book.ledger.forgotten();
            let entry = book.ledger.enter(&identity, message, at);
            self.note_forgotten(forgotten, &book.ledger);
            entry
        };
        let scripted =
            if refused { None } else { book.answers.answer(identity.provider, identity.event) };
        let forwards = if refused {
            Vec::new()
        } else {
            self.forwards.reserve(identity.provider, identity.event)
        };
        Entered { seq: book.requests, entry, scripted, forwards }
    }
}

impl Handler for Desk {
    fn answer(self: Arc<Self>, received: Received) -> Answering {
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
                return Answer::Respond(response);
            }
            self.tell(News::Visit(format!(
                "{} {path} from {remote}: answered 405",
                message.method
            )));
            let mut response = Response::text(405, "POST a webhook here\n");
            response.headers.push("Allow", "POST");
            Answer::Respond(response)
        })
    }

    fn date(&self) -> Option<Timestamp> {
        self.env.time()
    }

    fn refused(&self, remote: SocketAddr, refusal: &Refusal) {
        self.metrics.refused(refusal.code());
        self.tell(News::Trouble(format!("from {remote}: {refusal}")));
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
