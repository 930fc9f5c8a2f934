//! Where requests are answered: judged, entered, kept, passed on. Nothing here prints.

use crate::commands::listen::Stance;
use crate::commands::listen::report::Counts;
use crate::commands::listen::report::Forwarded;
use crate::commands::listen::report::Request;
use crate::commands::listen::report::Shown;
use crate::domain::capture::Capture;
use crate::domain::message::Message;
use crate::domain::message::Response;
use crate::domain::secret::Keyring;
use crate::domain::status::ResponseScript;
use crate::domain::target::Target;
use crate::domain::verdict::PayloadStatus;
use crate::domain::verdict::SignatureStatus;
use crate::domain::verdict::SignatureVerdict;
use crate::domain::verdict::Verdict;
use crate::engine::judge::Judge;
use crate::engine::judge::Judgement;
use crate::engine::ledger::Entry;
use crate::engine::ledger::Identity;
use crate::engine::ledger::Ledger;
use crate::error::Error;
use crate::io::client::Client;
use crate::io::client::ConnectOptions;
use crate::io::environment::Environment;
use crate::io::listener::Answer;
use crate::io::listener::Answering;
use crate::io::listener::Handler;
use crate::io::listener::Received;
use crate::io::listener::Refusal;
use crate::io::store::Store;
use crate::protocols::http1::end_to_end;
use jiff::SignedDuration;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

/// What the operator is told.
#[derive(Debug)]
pub(super) enum News {
    /// A delivery was answered.
    Request(Box<Request>),
    /// Something went wrong that is nobody's delivery.
    Trouble(String),
    /// Somebody asked something else than to deliver.
    Visit(String),
}

/// The least time between two closer looks: a flood of forgeries must not keep a core busy.
const BETWEEN_LOOKS: SignedDuration = SignedDuration::from_millis(500);

/// The largest body of which the whole is kept for a closer look.
const MOST_LOOKED_AT: usize = 64 << 10;

/// What is done with deliveries.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) unverified: Stance,
    pub(super) invalid: Stance,
    pub(super) respond: Option<ResponseScript>,
}

/// Where deliveries are passed on to.
#[derive(Debug)]
pub(super) struct Forward {
    pub(super) client: Client,
    pub(super) target: Target,
}

impl Forward {
    /// A client of this target, with one deadline a delivery, if any.
    pub(super) fn to(target: Target, timeout: Option<Duration>) -> Result<Self, Error> {
        if target.is_link_local() {
            return Err(Error::LinkLocal { url: target.to_string() });
        }
        let options = ConnectOptions { timeout, ..ConnectOptions::default() };
        Ok(Self { client: Client::shared(&target, &options)?, target })
    }
}

/// Answers requests, from several threads at once.
#[derive(Debug)]
pub(super) struct Desk {
    judge: Judge,
    book: Mutex<Book>,
    store: Option<Store>,
    forward: Option<Forward>,
    policy: Policy,
    shown: Shown,
    env: Environment,
    news: SyncSender<News>,
    dropped: AtomicU64,
    chance: u64,
}

/// What must be done in the order of arrival.
#[derive(Debug, Default)]
struct Book {
    ledger: Ledger,
    requests: u64,
    scripted: u64,
    counts: Counts,
    looked_at: Option<Timestamp>,
}

/// A place in the book.
struct Place {
    seq: u64,
    entry: Entry,
    /// The answer of the script, where there is one and the delivery is taken.
    scripted: Option<u16>,
}

impl Desk {
    pub(super) fn new(
        judge: Judge,
        store: Option<Store>,
        forward: Option<Forward>,
        policy: Policy,
        shown: Shown,
        env: Environment,
        news: SyncSender<News>,
    ) -> Self {
        let chance = env.chance();
        let (book, dropped) = (Mutex::default(), AtomicU64::new(0));
        Self { judge, book, store, forward, policy, shown, env, news, dropped, chance }
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
        self.dropped.load(Ordering::Relaxed)
    }

    /// Whether deliveries are passed on to the listener itself.
    pub(super) fn forwards_to(&self, local: SocketAddr) -> bool {
        let is_local = |forward: &Forward| {
            let port = forward.target.url().port_or_known_default();
            forward.target.is_loopback() && port == Some(local.port())
        };
        self.forward.as_ref().is_some_and(is_local)
    }

    /// A thread that panicked with it left whole entries behind: each is one call.
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The printing thread may be slow, or gone: an answer never waits for it.
    fn tell(&self, news: News) {
        if self.news.try_send(news).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn deliver(&self, remote: SocketAddr, message: Message) -> Response {
        let at = self.env.now();
        let judgement = self.judge.judge(&message, at);
        let refusal = self.refusal(&judgement.verdict);
        let place = self.enter(&judgement, &message, at, refusal.is_some());
        let remote = remote.to_string();
        let (saved, mut response) = match self.save(&message, at, &remote) {
            Ok(saved) => (saved, None),
            Err(error) => {
                self.tell(News::Trouble(format!(
                    "#{} could not be saved, and was answered 503: {error}",
                    place.seq
                )));
                (None, Some(Response::text(503, "cannot be kept now\n")))
            }
        };
        let refused = refusal.is_some();
        response = response.or(refusal);
        let mut forwarded = None;
        if response.is_none()
            && let Some(forward) = &self.forward
        {
            let (passed, report) = pass_on(forward, &message);
            forwarded = Some(report);
            // A script says what the provider sees, whatever the app behind it says.
            response = place.scripted.is_none().then_some(passed);
        }
        let scripted = || Response::text(place.scripted.unwrap_or(200), "");
        let response = response.unwrap_or_else(scripted);
        let kept = self.kept(&judgement.verdict.signature, &message, at);
        let mut request = Request::new(
            place.seq,
            at,
            remote,
            message,
            self.shown,
            judgement,
            place.entry,
            response.status,
            saved,
            forwarded,
        );
        request.keep(kept);
        self.book().counts.count(&request, refused);
        self.tell(News::Request(Box::new(request)));
        response
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
    ) -> Place {
        let verdict = &judgement.verdict;
        let pack = verdict.provider.as_deref().and_then(|id| self.judge.packs().find(id).ok());
        let identity = Identity {
            provider: verdict.provider.as_deref(),
            event: verdict.event.as_deref(),
            message_id: verdict.message_id.as_deref(),
            lead_id: judgement.lead_id.as_deref(),
            order: pack.and_then(|pack| pack.provider.order.as_ref()),
        };
        let mut book = self.book();
        book.requests += 1;
        // What is refused is not the provider's: it neither is a repeat nor makes one.
        let entry = if refused {
            Entry { attempt: 1, wait: None, early: false, changed: false }
        } else {
            book.ledger.enter(&identity, message, at)
        };
        let scripted = match &self.policy.respond {
            Some(script) if !refused => {
                let status = script.answer(book.scripted);
                book.scripted += 1;
                Some(status)
            }
            Some(_) | None => None,
        };
        Place { seq: book.requests, entry, scripted }
    }

    fn save(
        &self,
        message: &Message,
        at: Timestamp,
        remote: &str,
    ) -> std::io::Result<Option<PathBuf>> {
        let Some(store) = &self.store else { return Ok(None) };
        let capture = Capture {
            received_at: Some(at),
            remote: Some(remote.to_owned()),
            message: message.clone(),
        };
        store.save(&capture, at, self.chance).map(Some)
    }
}

impl Handler for Desk {
    fn answer(self: Arc<Self>, received: Received) -> Answering {
        Box::pin(async move {
            let desk = Arc::clone(&self);
            let answer = crate::io::task::blocking(move || desk.response(received)).await;
            Answer::Respond(answer.unwrap_or_else(|| Response::text(500, "the listener failed\n")))
        })
    }

    fn refused(&self, remote: SocketAddr, refusal: &Refusal) {
        self.tell(News::Trouble(format!("from {remote}: {refusal}")));
    }
}

impl Desk {
    fn response(&self, received: Received) -> Response {
        let Received { remote, message } = received;
        let path = message.target.split('?').next().unwrap_or_default();
        match (message.method.as_str(), path) {
            ("POST", _) => self.deliver(remote, message),
            ("GET" | "HEAD", "/healthz" | "/readyz") => Response::text(200, "ok\n"),
            (method, path) => {
                self.tell(News::Visit(format!("{method} {path} from {remote}: answered 405")));
                let mut response = Response::text(405, "POST a webhook here\n");
                response.headers.push("Allow", "POST");
                response
            }
        }
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

/// Passes the raw request on and gives back the target's answer, or 502 where there is none.
fn pass_on(forward: &Forward, message: &Message) -> (Response, Forwarded) {
    let url = forward.target.to_string();
    match forward.client.send(&Message { headers: end_to_end(&message.headers), ..message.clone() })
    {
        Ok(exchange) if exchange.response.truncated => {
            let response = Response::text(502, "the target's answer is not whole\n");
            let error = "its answer broke off, or is larger than anything a webhook gets";
            let status = Some(exchange.response.status);
            (response, Forwarded { url, status, error: Some(error.to_owned()) })
        }
        Ok(exchange) => {
            let mut response = exchange.response;
            response.headers = end_to_end(&response.headers);
            let status = response.status;
            (response, Forwarded { url, status: Some(status), error: None })
        }
        Err(failure) => {
            let response = Response::text(502, "the target did not answer\n");
            (response, Forwarded { url, status: None, error: Some(failure.reason) })
        }
    }
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
