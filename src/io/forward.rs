//! Forwarding queues: send deliveries to the targets behind a listener.
//!
//! Each target has its own queue, in the order of arrival, and gets one delivery at a time: two
//! concurrent ones could overtake each other on their connections. Targets never wait for one
//! another.
//!
//! A delivery reserves its position when it arrives, and is sent only after its capture is on disk.
//! So a queue contains receivers of jobs rather than jobs: the sending task waits for the job of
//! the first position, and skips a position that was dropped.

use crate::domain::message::{Message, Response};
use crate::domain::route::Route;
use crate::domain::target::Target;
use crate::io::client::{Client, ConnectOptions, NoResponse, NoResponseKind};
use crate::io::error::Error;
use crate::io::memory::{Budgeted, MemoryBudget, Reservation};
use crate::protocols::http1;
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::{mpsc, oneshot};

/// The maximum number of deliveries in the queue of one target.
const MAX_QUEUED: u64 = 10_000;

/// The options for forwarding deliveries.
#[derive(Clone, Copy, Debug)]
pub struct ForwardOptions {
    /// The deadline of a delivery, including its time in the queue; `None` waits without a limit.
    pub timeout: Option<Duration>,
    /// `true` to keep the `Host` header of the sender instead of the target's.
    pub keep_host: bool,
    /// The maximum number of bytes of deliveries that wait for further targets. Their senders
    /// already have a response, so deliveries beyond the limit are not sent to these targets.
    pub max_waiting: u64,
}

/// The forwarding queues of all targets.
#[derive(Debug)]
pub struct ForwardQueues {
    /// `None` while it is dropped.
    runtime: Option<Runtime>,
    queues: Vec<Queue>,
    /// Counts the bytes that wait for further targets.
    waiting: Arc<MemoryBudget>,
}

/// The queue of one target.
#[derive(Debug)]
struct Queue {
    route: Route,
    url: Arc<str>,
    jobs: UnboundedSender<oneshot::Receiver<Job>>,
    status: Arc<SharedStatus>,
}

/// The status of a target, for other threads.
#[derive(Debug, Default)]
struct SharedStatus {
    waiting: AtomicU64,
    down: AtomicBool,
}

/// A delivery that is sent when it is the first in its queue.
#[derive(Debug)]
struct Job {
    message: Arc<Budgeted<Message>>,
    /// The reservation of the bytes that wait for further targets, counted once for all targets.
    _waiting: Option<Arc<Reservation>>,
    since: Instant,
    done: oneshot::Sender<ForwardResult>,
}

/// A reserved position in the queue of one target, given up on drop.
#[derive(Debug)]
pub struct QueueReservation {
    url: Arc<str>,
    /// `None` if the queue is full.
    job: Option<oneshot::Sender<Job>>,
}

/// The pending result of forwarding a delivery to one target. Dropping it does not cancel the
/// delivery.
#[derive(Debug)]
pub struct PendingForward {
    url: Arc<str>,
    done: Result<oneshot::Receiver<ForwardResult>, &'static str>,
}

/// The result of forwarding a delivery to one target.
#[derive(Clone, Debug)]
pub struct ForwardResult {
    /// The target.
    pub url: Arc<str>,
    /// The time from the start of sending to the end of the response.
    pub took: Duration,
    /// The status of the response, even if its body is incomplete.
    pub status: Option<u16>,
    /// The response, or the reason why it is missing or incomplete.
    pub result: Result<Response, String>,
    /// The change of the target's availability with this delivery.
    pub change: Option<TargetChange>,
}

/// A change of a target's availability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetChange {
    /// The target stopped responding.
    Down,
    /// The target responds again.
    Back {
        /// The time without a response.
        after: Duration,
        /// The number of deliveries that it missed.
        missed: u64,
    },
}

/// The state of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetState {
    /// The target.
    pub target: Target,
    /// `true` if it responded to the last delivery, or has got none yet.
    pub is_up: bool,
    /// The number of queued deliveries, including the one in transit.
    pub waiting: u64,
}

impl ForwardQueues {
    /// Starts one queue for each route, in their order.
    pub fn new(routes: Vec<Route>, options: ForwardOptions) -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("forward")
            .enable_all()
            .build()
            .map_err(Error::Serve)?;
        let queue = |route: Route| {
            let Route { target, .. } = &route;
            if target.is_link_local() {
                return Err(Error::LinkLocal { url: target.to_string() });
            }
            let client = Client::shared(target, &ConnectOptions::default())?;
            let (jobs, queued) = mpsc::unbounded_channel();
            let (url, status) = (Arc::from(target.to_string()), Arc::new(SharedStatus::default()));
            let (own_url, own_status) = (Arc::clone(&url), Arc::clone(&status));
            let worker = Worker { client, options, url: own_url, status: own_status };
            runtime.spawn(worker.run(queued));
            Ok(Queue { route, url, jobs, status })
        };
        let queues = routes.into_iter().map(queue).collect::<Result<_, _>>()?;
        let waiting = MemoryBudget::new(options.max_waiting);
        Ok(Self { runtime: Some(runtime), queues, waiting })
    }

    /// Reserves a position in the queue of every target of the event, in the order of the calls.
    #[must_use]
    pub fn reserve(&self, provider: Option<&str>, event: Option<&str>) -> Vec<QueueReservation> {
        let accepts = |queue: &&Queue| queue.route.matches(provider, event);
        self.queues.iter().filter(accepts).map(Queue::reserve).collect()
    }

    /// Sends a delivery to each of its targets, when it is the first in their queues.
    ///
    /// The sender waits for the first target, so until then the listener's limits apply. Deliveries
    /// that wait for the other targets have their own limit, so that a target that hangs cannot use
    /// up the memory for new requests.
    #[must_use]
    pub fn send(
        &self,
        first: QueueReservation,
        others: Vec<QueueReservation>,
        message: &Arc<Budgeted<Message>>,
    ) -> (PendingForward, Vec<PendingForward>) {
        let reserve = || self.waiting.reserve(message.bytes()).map(Arc::new);
        let waiting = if others.is_empty() { None } else { reserve() };
        let first = first.send(message, None);
        let send = |reservation: QueueReservation| match &waiting {
            Some(waiting) => reservation.send(message, Some(Arc::clone(waiting))),
            None => reservation.give_up(),
        };
        (first, others.into_iter().map(send).collect())
    }

    /// Returns the state of every target.
    pub fn states(&self) -> impl Iterator<Item = TargetState> {
        self.queues.iter().map(|queue| TargetState {
            target: queue.route.target.clone(),
            is_up: !queue.status.down.load(Ordering::Relaxed),
            waiting: queue.status.waiting.load(Ordering::Relaxed),
        })
    }
}

impl Drop for ForwardQueues {
    /// Does not wait: it may be dropped on a thread of another runtime, where blocking panics.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Queue {
    fn reserve(&self) -> QueueReservation {
        let url = Arc::clone(&self.url);
        if self.status.waiting.load(Ordering::Relaxed) >= MAX_QUEUED {
            return QueueReservation { url, job: None };
        }
        let (job, queued) = oneshot::channel();
        self.status.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = self.jobs.send(queued).is_ok();
        QueueReservation { url, job: sent.then_some(job) }
    }
}

impl QueueReservation {
    /// Provides the delivery to send at this position.
    fn send(
        self,
        message: &Arc<Budgeted<Message>>,
        waiting: Option<Arc<Reservation>>,
    ) -> PendingForward {
        let (done, passed) = oneshot::channel();
        let (message, since) = (Arc::clone(message), Instant::now());
        let job = Job { message, _waiting: waiting, since, done };
        let done = match self.job {
            None => Err("its queue is full"),
            Some(sender) => {
                sender.send(job).map(|()| passed).map_err(|_| "the listener is stopping")
            }
        };
        PendingForward { url: self.url, done }
    }

    /// Gives up the position because of [`ForwardOptions::max_waiting`].
    fn give_up(self) -> PendingForward {
        PendingForward { url: self.url, done: Err("too many bytes are queued for further targets") }
    }
}

impl PendingForward {
    /// Waits for the response of the target, or for the failure to get one.
    pub async fn wait(self) -> ForwardResult {
        let failed = |reason: &str| ForwardResult {
            url: Arc::clone(&self.url),
            took: Duration::ZERO,
            status: None,
            result: Err(reason.to_owned()),
            change: None,
        };
        match self.done {
            Ok(passed) => passed.await.unwrap_or_else(|_| failed("the listener is stopping")),
            Err(reason) => failed(reason),
        }
    }
}

/// The task that sends the queued deliveries of one target.
struct Worker {
    client: Client,
    options: ForwardOptions,
    url: Arc<str>,
    status: Arc<SharedStatus>,
}

impl Worker {
    /// Sends the deliveries of the queue one by one, until the queue is dropped.
    async fn run(self, mut queued: UnboundedReceiver<oneshot::Receiver<Job>>) {
        let mut down: Option<(Instant, u64)> = None;
        while let Some(position) = queued.recv().await {
            // A position that was given up is skipped.
            if let Ok(job) = position.await {
                let (took, status, result) = self.deliver(&job).await;
                let change = update_outage(&mut down, status.is_some());
                self.status.down.store(down.is_some(), Ordering::Relaxed);
                let url = Arc::clone(&self.url);
                // The caller may have stopped waiting.
                let _ = job.done.send(ForwardResult { url, took, status, result, change });
            }
            self.status.waiting.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Returns the request to the target. All targets share one body.
    fn request(&self, delivery: &Arc<Budgeted<Message>>) -> Message {
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
            body: Bytes::from_owner(BudgetedBody(Arc::clone(delivery))),
        }
    }

    /// Sends one delivery. Returns the time it took, the status, and the response or the reason why
    /// it is missing or incomplete.
    async fn deliver(&self, job: &Job) -> (Duration, Option<u16>, Result<Response, String>) {
        let left = self.options.timeout.map(|timeout| timeout.saturating_sub(job.since.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            let late = "its timeout passed while it was queued";
            return (Duration::ZERO, None, Err(late.to_owned()));
        }
        match self.client.exchange(&self.request(&job.message), left).await {
            Ok(exchange) if exchange.response.truncated => {
                let error = "its response is incomplete or too large";
                (exchange.took, Some(exchange.response.status), Err(error.to_owned()))
            }
            Ok(exchange) => {
                let mut response = exchange.response;
                response.headers = http1::end_to_end(&response.headers);
                (exchange.took, Some(response.status), Ok(response))
            }
            // Report the configured timeout, not the part of it that was left after the queue.
            Err(NoResponse { kind: NoResponseKind::Timeout, took, .. }) => {
                let timeout = humantime::format_duration(self.options.timeout.unwrap_or_default());
                (took, None, Err(format!("no response within {timeout}")))
            }
            Err(failure) => (failure.took, None, Err(failure.reason)),
        }
    }
}

/// The body of a delivery in transit. It counts in the listener's memory until the HTTP client
/// drops it, which may be after the deadline.
struct BudgetedBody(Arc<Budgeted<Message>>);

impl AsRef<[u8]> for BudgetedBody {
    fn as_ref(&self) -> &[u8] {
        &self.0.body
    }
}

/// Updates the outage of a target after a delivery, and returns the change of its availability.
fn update_outage(down: &mut Option<(Instant, u64)>, responded: bool) -> Option<TargetChange> {
    match (down.as_mut(), responded) {
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
    fn the_forwarded_body_is_shared_and_counts_until_it_is_dropped() {
        let target = Target::parse("http://127.0.0.1:9/").unwrap();
        let worker = Worker {
            client: Client::shared(&target, &ConnectOptions::default()).unwrap(),
            options: ForwardOptions { timeout: None, keep_host: false, max_waiting: 0 },
            url: Arc::from(target.to_string()),
            status: Arc::default(),
        };
        let budget = MemoryBudget::new(1000);
        let message = Message::post("/", Headers::new(), vec![b'x'; 100]);
        let received = message.body.as_ptr();
        let reserved = budget.reserve(100).unwrap();
        let delivery = Arc::new(Budgeted::new(message, reserved));
        let request = worker.request(&delivery);
        let mut http_request = worker.client.http_request(&request).unwrap();
        let body = http_request.body_mut().take().unwrap();
        assert_eq!(body.as_bytes().unwrap().as_ptr(), received);
        drop((delivery, request, http_request));
        assert_eq!(budget.used(), 100);
        drop(body);
        assert_eq!(budget.used(), 0);
    }
}
