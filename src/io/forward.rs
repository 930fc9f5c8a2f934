//! Forwarding queues: send deliveries to the targets behind a listener.
//!
//! Each target has its own queue. The deliveries of one lead keep their order: the next one is sent
//! once the previous one has its response or has failed, because two concurrent ones could overtake
//! each other on their connections. Deliveries without a lead keep their order among themselves.
//! Different leads, and different targets, never wait for one another, up to a number of concurrent
//! deliveries for each target.
//!
//! A delivery reserves its position when it arrives, and is sent only after its capture is on disk.
//! A position that is dropped is skipped.

mod availability;
mod lanes;
mod worker;

pub use availability::TargetChange;
pub use lanes::LaneKey;
pub use worker::{ForwardOptions, ForwardResult};

use crate::domain::message::Message;
use crate::domain::route::Route;
use crate::domain::target::Target;
use crate::io::client::{Client, ConnectOptions};
use crate::io::error::Error;
use crate::io::memory::{Budgeted, MemoryBudget, Reservation};
use lanes::{Lanes, Turn};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use worker::{Job, Worker};

/// The maximum number of deliveries in the queue of one target.
const MAX_QUEUED: u64 = 10_000;

/// The forwarding queues of all targets.
#[derive(Debug)]
pub struct ForwardQueues {
    /// `None` while it is dropped.
    runtime: Option<Runtime>,
    queues: Vec<Queue>,
    /// Counts the bytes that wait for further targets.
    waiting: Arc<MemoryBudget>,
    is_ordered: bool,
}

/// The queue of one target.
#[derive(Debug)]
struct Queue {
    route: Route,
    lanes: Arc<Lanes>,
    worker: Arc<Worker>,
}

/// A reserved position in the queue of one target, given up on drop.
#[derive(Debug)]
pub struct QueueReservation {
    worker: Arc<Worker>,
    /// `None` if the queue is full.
    position: Option<QueuePosition>,
}

/// A position in a queue, with its turn in a lane. It counts until it is dropped.
#[derive(Debug)]
struct QueuePosition {
    worker: Arc<Worker>,
    /// `None` once the delivery waits for it.
    turn: Option<Turn>,
}

/// The pending result of forwarding a delivery to one target. Dropping it does not cancel the
/// delivery.
#[derive(Debug)]
pub struct PendingForward {
    url: Arc<str>,
    done: Result<oneshot::Receiver<ForwardResult>, &'static str>,
}

/// The state of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetState {
    /// The target.
    pub target: Target,
    /// `true` if it responded to the last delivery, or has got none yet and accepted a connection
    /// at the start.
    pub is_up: bool,
    /// The number of queued deliveries, including those in transit.
    pub waiting: u64,
}

/// A target that did not accept a connection at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadTarget {
    /// The target.
    pub url: Arc<str>,
    /// The reason.
    pub reason: String,
}

impl ForwardQueues {
    /// Starts one queue for each route, in their order.
    pub fn new(
        routes: Vec<Route>,
        options: ForwardOptions,
        connect: &ConnectOptions,
    ) -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("forward")
            .enable_all()
            .build()
            .map_err(Error::Serve)?;
        let queue = |route: Route| {
            let target = route.target.clone();
            if target.is_link_local() {
                return Err(Error::LinkLocal { url: target.to_string() });
            }
            let client = Client::shared(&target, connect)?;
            let worker = Arc::new(Worker::new(client, target, options));
            Ok(Queue { route, lanes: Arc::default(), worker })
        };
        let queues = routes.into_iter().map(queue).collect::<Result<_, _>>()?;
        let waiting = MemoryBudget::new(options.max_waiting);
        let is_ordered = options.concurrency.get() == 1;
        Ok(Self { runtime: Some(runtime), queues, waiting, is_ordered })
    }

    /// Connects once to every target, without waiting, and passes those that do not accept a
    /// connection to `report`.
    pub fn probe(&self, report: impl Fn(DeadTarget) + Clone + Send + Sync + 'static) {
        let Some(runtime) = &self.runtime else { return };
        for queue in &self.queues {
            let (worker, report) = (Arc::clone(&queue.worker), report.clone());
            runtime.spawn(async move {
                if let Some(reason) = worker.probe().await {
                    report(DeadTarget { url: Arc::clone(worker.url()), reason });
                }
            });
        }
    }

    /// Reserves a position in the queue of every target of the event, in the order of the calls.
    #[must_use]
    pub fn reserve(
        &self,
        provider: Option<&str>,
        event: Option<&str>,
        lead: Option<&str>,
    ) -> Vec<QueueReservation> {
        let key = if self.is_ordered { LaneKey::common() } else { LaneKey::new(provider, lead) };
        let accepts = |queue: &&Queue| queue.route.matches(provider, event);
        self.queues.iter().filter(accepts).map(|queue| queue.reserve(key)).collect()
    }

    /// Sends a delivery to each of its targets, when its turn comes in their queues.
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
        let first = self.start(first, message, None);
        let send = |reservation: QueueReservation| {
            if let Some(waiting) = &waiting {
                return self.start(reservation, message, Some(Arc::clone(waiting)));
            }
            let url = Arc::clone(reservation.worker.url());
            PendingForward { url, done: Err("too many bytes are queued for further targets") }
        };
        (first, others.into_iter().map(send).collect())
    }

    /// Starts a task that sends the delivery at its reserved position.
    fn start(
        &self,
        reservation: QueueReservation,
        message: &Arc<Budgeted<Message>>,
        waiting: Option<Arc<Reservation>>,
    ) -> PendingForward {
        let QueueReservation { worker, position } = reservation;
        let url = Arc::clone(worker.url());
        let done = match (position, &self.runtime) {
            (Some(mut position), Some(runtime)) => {
                let job =
                    Job { message: Arc::clone(message), _waiting: waiting, since: Instant::now() };
                let (done, result) = oneshot::channel();
                runtime.spawn(async move {
                    if let Some(turn) = position.turn.take() {
                        // The caller may have stopped waiting.
                        let _ = done.send(worker.run(job, turn).await);
                    }
                    drop(position);
                });
                Ok(result)
            }
            (Some(_), None) => Err("the listener is stopping"),
            (None, _) => Err("its queue is full"),
        };
        PendingForward { url, done }
    }

    /// Returns the state of every target.
    pub fn states(&self) -> impl Iterator<Item = TargetState> {
        self.queues.iter().map(|queue| {
            let availability = queue.worker.availability();
            TargetState {
                target: queue.worker.target().clone(),
                is_up: !availability.is_down(),
                waiting: availability.waiting(),
            }
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
    fn reserve(&self, key: LaneKey) -> QueueReservation {
        let worker = Arc::clone(&self.worker);
        if worker.availability().waiting() >= MAX_QUEUED {
            return QueueReservation { worker, position: None };
        }
        worker.availability().count_queued();
        let turn = Some(self.lanes.enter(key));
        let position = QueuePosition { worker: Arc::clone(&worker), turn };
        QueueReservation { worker, position: Some(position) }
    }
}

impl Drop for QueuePosition {
    fn drop(&mut self) {
        self.worker.availability().count_done();
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
