//! Deliveries on their way to the targets behind a listener.
//!
//! Each target has a line of its own, in the order of arrival, and gets one delivery at a time: two
//! at once could overtake each other on their connections. Targets never wait for one another.

use crate::domain::message::{Message, Response};
use crate::domain::route::Route;
use crate::domain::target::Target;
use crate::io::client::{Client, ConnectOptions, NoResponse, NoResponseKind};
use crate::io::error::Error;
use crate::io::memory::{Counted, MemoryBudget, Reservation};
use crate::protocols::http1;
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::{mpsc, oneshot};

/// How many deliveries may be in line for one target.
const MOST_IN_LINE: u64 = 10_000;

/// How deliveries are passed on.
#[derive(Clone, Copy, Debug)]
pub struct ForwardOptions {
    /// One deadline a delivery, with the time in line; none waits for ever.
    pub timeout: Option<Duration>,
    /// The target sees the `Host` that the sender asked for, and not its own.
    pub keep_host: bool,
    /// Most bytes of deliveries that wait for further targets. Their senders have their response:
    /// what is beyond it is not sent there.
    pub max_waiting: u64,
}

/// All targets.
#[derive(Debug)]
pub struct Forwards {
    /// There until it is dropped.
    runtime: Option<Runtime>,
    lines: Vec<Line>,
    /// Counts the bytes that wait for further targets.
    waiting: Arc<MemoryBudget>,
}

/// The line of one target.
#[derive(Debug)]
struct Line {
    route: Route,
    url: Arc<str>,
    places: UnboundedSender<oneshot::Receiver<Job>>,
    seen: Arc<Seen>,
}

/// What others may know of a target.
#[derive(Debug, Default)]
struct Seen {
    waiting: AtomicU64,
    down: AtomicBool,
}

/// A delivery that may be sent when its turn comes.
#[derive(Debug)]
struct Job {
    message: Arc<Counted<Message>>,
    /// The bytes that wait for a further target, counted once for all of them.
    _waiting: Option<Arc<Reservation>>,
    since: Instant,
    done: oneshot::Sender<Passed>,
}

/// A place in the line of one target. Dropping it gives it up.
#[derive(Debug)]
pub struct QueuePlace {
    url: Arc<str>,
    /// None where the line is full.
    turn: Option<oneshot::Sender<Job>>,
}

/// A delivery on its way. Dropping this does not stop it.
#[derive(Debug)]
pub struct Passing {
    url: Arc<str>,
    done: Result<oneshot::Receiver<Passed>, &'static str>,
}

/// What came of passing a delivery on.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The target.
    pub url: Arc<str>,
    /// From its turn to its end.
    pub took: Duration,
    /// The status of its answer, also where the rest of that did not come.
    pub status: Option<u16>,
    /// What the target answered, or why there is no whole answer.
    pub result: Result<Response, String>,
    /// Whether the target went away with this one, or came back.
    pub change: Option<TargetChange>,
}

/// A target went away or came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetChange {
    /// It does not answer any more.
    Down,
    /// It answers again.
    Back {
        /// How long it did not.
        after: Duration,
        /// How many deliveries it missed.
        missed: u64,
    },
}

/// How a target is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetState {
    /// The target.
    pub target: Target,
    /// Whether it answered the last delivery; until there was one, it is taken to.
    pub is_up: bool,
    /// Deliveries in line, the one that is being answered included.
    pub waiting: u64,
}

impl Forwards {
    /// Targets in the order in which they were named.
    pub fn new(routes: Vec<Route>, options: ForwardOptions) -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("forward")
            .enable_all()
            .build()
            .map_err(Error::Serve)?;
        let line = |route: Route| {
            let Route { target, .. } = &route;
            if target.is_link_local() {
                return Err(Error::LinkLocal { url: target.to_string() });
            }
            let client = Client::shared(target, &ConnectOptions::default())?;
            let (places, turns) = mpsc::unbounded_channel();
            let (url, seen) = (Arc::from(target.to_string()), Arc::new(Seen::default()));
            let server = Server { client, options, url: Arc::clone(&url), seen: Arc::clone(&seen) };
            runtime.spawn(server.serve(turns));
            Ok(Line { route, url, places, seen })
        };
        let lines = routes.into_iter().map(line).collect::<Result<_, _>>()?;
        let waiting = MemoryBudget::new(options.max_waiting);
        Ok(Self { runtime: Some(runtime), lines, waiting })
    }

    /// Takes a place in line at every target of the event; called in the order of arrival.
    #[must_use]
    pub fn reserve(&self, provider: Option<&str>, event: Option<&str>) -> Vec<QueuePlace> {
        let takes = |line: &&Line| line.route.takes(provider, event);
        self.lines.iter().filter(takes).map(Line::reserve).collect()
    }

    /// Lets a delivery go to each of its targets when its turn comes there.
    ///
    /// Whoever sent it waits for the first target, so its request is in flight. What waits for the
    /// others after that has a bound of its own: a target that hangs must not keep requests out.
    #[must_use]
    pub fn send(
        &self,
        first: QueuePlace,
        others: Vec<QueuePlace>,
        message: &Arc<Counted<Message>>,
    ) -> (Passing, Vec<Passing>) {
        let reserve = || self.waiting.reserve(message.bytes()).map(Arc::new);
        let waiting = if others.is_empty() { None } else { reserve() };
        let first = first.send(message, None);
        let send = |place: QueuePlace| match &waiting {
            Some(waiting) => place.send(message, Some(Arc::clone(waiting))),
            None => place.give_up(),
        };
        (first, others.into_iter().map(send).collect())
    }

    /// How the targets of a provider, or all of them, are doing.
    pub fn states(&self) -> impl Iterator<Item = TargetState> {
        self.lines.iter().map(|line| TargetState {
            target: line.route.target.clone(),
            is_up: !line.seen.down.load(Ordering::Relaxed),
            waiting: line.seen.waiting.load(Ordering::Relaxed),
        })
    }
}

impl Drop for Forwards {
    /// Does not wait: it may be dropped on a thread of another runtime, where waiting is a panic.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Line {
    fn reserve(&self) -> QueuePlace {
        let url = Arc::clone(&self.url);
        if self.seen.waiting.load(Ordering::Relaxed) >= MOST_IN_LINE {
            return QueuePlace { url, turn: None };
        }
        let (turn, job) = oneshot::channel();
        self.seen.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = self.places.send(job).is_ok();
        QueuePlace { url, turn: sent.then_some(turn) }
    }
}

impl QueuePlace {
    /// Lets the delivery go when its turn comes.
    fn send(self, message: &Arc<Counted<Message>>, waiting: Option<Arc<Reservation>>) -> Passing {
        let (done, passed) = oneshot::channel();
        let (message, since) = (Arc::clone(message), Instant::now());
        let job = Job { message, _waiting: waiting, since, done };
        let done = match self.turn {
            None => Err("too many are in line for it"),
            Some(turn) => turn.send(job).map(|()| passed).map_err(|_| "the listener stops"),
        };
        Passing { url: self.url, done }
    }

    /// Gives the place up, where no more bytes may wait.
    fn give_up(self) -> Passing {
        Passing { url: self.url, done: Err("too many bytes wait for further targets") }
    }
}

impl Passing {
    /// Waits until the target has answered, or has not.
    pub async fn done(self) -> Passed {
        let failed = |reason: &str| Passed {
            url: Arc::clone(&self.url),
            took: Duration::ZERO,
            status: None,
            result: Err(reason.to_owned()),
            change: None,
        };
        match self.done {
            Ok(passed) => passed.await.unwrap_or_else(|_| failed("the listener stops")),
            Err(reason) => failed(reason),
        }
    }
}

/// Who sends what is in line for one target.
struct Server {
    client: Client,
    options: ForwardOptions,
    url: Arc<str>,
    seen: Arc<Seen>,
}

impl Server {
    async fn serve(self, mut turns: UnboundedReceiver<oneshot::Receiver<Job>>) {
        let mut down: Option<(Instant, u64)> = None;
        while let Some(turn) = turns.recv().await {
            // A place that was given up is passed over.
            if let Ok(job) = turn.await {
                let (took, status, result) = self.pass(&job).await;
                let change = change(&mut down, status.is_some());
                self.seen.down.store(down.is_some(), Ordering::Relaxed);
                let url = Arc::clone(&self.url);
                // Whoever asked may be gone.
                let _ = job.done.send(Passed { url, took, status, result, change });
            }
            self.seen.waiting.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Returns the request to the target. It shares the body, however many targets there are.
    fn request(&self, delivery: &Arc<Counted<Message>>) -> Message {
        let Message { method, target, http_version, headers, .. } = &***delivery;
        let mut forwarded = http1::end_to_end(headers);
        if self.options.keep_host
            && let Some(host) = headers.get("Host")
        {
            forwarded.push("Host", host);
        }
        Message {
            method: method.clone(),
            target: target.clone(),
            http_version: http_version.clone(),
            headers: forwarded,
            body: Bytes::from_owner(CountedBody(Arc::clone(delivery))),
        }
    }

    async fn pass(&self, job: &Job) -> (Duration, Option<u16>, Result<Response, String>) {
        let left = self.options.timeout.map(|whole| whole.saturating_sub(job.since.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            let late = "its time was over while it waited in line";
            return (Duration::ZERO, None, Err(late.to_owned()));
        }
        match self.client.exchange(&self.request(&job.message), left).await {
            Ok(exchange) if exchange.response.truncated => {
                let error = "its answer broke off, or is larger than anything a webhook gets";
                (exchange.took, Some(exchange.response.status), Err(error.to_owned()))
            }
            Ok(exchange) => {
                let mut response = exchange.response;
                response.headers = http1::end_to_end(&response.headers);
                (exchange.took, Some(response.status), Ok(response))
            }
            // Of the whole time, and not of what the line left of it.
            Err(NoResponse { kind: NoResponseKind::Timeout, took, .. }) => {
                let whole = humantime::format_duration(self.options.timeout.unwrap_or_default());
                (took, None, Err(format!("no answer within {whole}")))
            }
            Err(failure) => (failure.took, None, Err(failure.reason)),
        }
    }
}

/// The body of a delivery on its way to a target. The delivery counts in the listener's memory until
/// the HTTP client drops it, which may be after the deadline.
struct CountedBody(Arc<Counted<Message>>);

impl AsRef<[u8]> for CountedBody {
    fn as_ref(&self) -> &[u8] {
        &self.0.body
    }
}

/// What an answer, or none, means to what was known of the target.
fn change(down: &mut Option<(Instant, u64)>, answered: bool) -> Option<TargetChange> {
    match (down.as_mut(), answered) {
        (None, true) => None,
        (None, false) => {
            *down = Some((Instant::now(), 1));
            Some(TargetChange::Down)
        }
        (Some((_, missed)), false) => {
            *missed += 1;
            None
        }
        (Some((since, missed)), true) => {
            let back = TargetChange::Back { after: since.elapsed(), missed: *missed };
            *down = None;
            Some(back)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;

    #[test]
    fn the_body_on_the_wire_is_the_one_received_and_counts_until_the_client_drops_it() {
        let target = Target::parse("http://127.0.0.1:9/").unwrap();
        let server = Server {
            client: Client::shared(&target, &ConnectOptions::default()).unwrap(),
            options: ForwardOptions { timeout: None, keep_host: false, max_waiting: 0 },
            url: Arc::from(target.to_string()),
            seen: Arc::default(),
        };
        let budget = MemoryBudget::new(1000);
        let message = Message::post("/", Headers::new(), vec![b'x'; 100]);
        let received = message.body.as_ptr();
        let reserved = budget.reserve(100).unwrap();
        let delivery = Arc::new(Counted::new(message, reserved));
        let request = server.request(&delivery);
        let mut on_the_wire = server.client.http_request(&request).unwrap();
        let body = on_the_wire.body_mut().take().unwrap();
        assert_eq!(body.as_bytes().unwrap().as_ptr(), received);
        drop((delivery, request, on_the_wire));
        assert_eq!(budget.used(), 100);
        drop(body);
        assert_eq!(budget.used(), 0);
    }
}
