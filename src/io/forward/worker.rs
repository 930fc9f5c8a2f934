//! The worker of a target: sends its deliveries, each when its turn comes and a slot is free.

use super::availability::{Availability, TargetChange};
use super::lanes::Turn;
use crate::domain::message::{Message, Response};
use crate::domain::target::Target;
use crate::io::client::{Client, NoResponse, NoResponseKind};
use crate::io::memory::{Budgeted, Reservation};
use crate::protocols::http1;
use crate::protocols::requests::address::split_url;
use bytes::Bytes;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

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
    /// The maximum number of deliveries that are sent to a target at the same time. With one, all
    /// deliveries keep their order, otherwise those of one lead.
    pub concurrency: NonZeroU16,
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

/// The time that a delivery took, the status, and the response or the reason why it is missing or
/// incomplete.
type Delivered = (Duration, Option<u16>, Result<Response, String>);

/// A delivery to send.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) message: Arc<Budgeted<Message>>,
    /// The reservation of the bytes that wait for further targets, counted once for all targets.
    pub(super) _waiting: Option<Arc<Reservation>>,
    pub(super) since: Instant,
}

/// Sends the deliveries of one target.
#[derive(Debug)]
pub(super) struct Worker {
    client: Client,
    target: Target,
    options: ForwardOptions,
    url: Arc<str>,
    slots: Semaphore,
    availability: Availability,
}

impl Worker {
    pub(super) fn new(client: Client, target: Target, options: ForwardOptions) -> Self {
        let url = Arc::from(target.to_string());
        let slots = Semaphore::new(usize::from(options.concurrency.get()));
        Self { client, target, options, url, slots, availability: Availability::default() }
    }

    pub(super) fn url(&self) -> &Arc<str> {
        &self.url
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    pub(super) fn availability(&self) -> &Availability {
        &self.availability
    }

    /// Connects to the target once. Returns the reason if it does not accept the connection, unless
    /// a delivery has shown that already.
    pub(super) async fn probe(&self) -> Option<String> {
        let failure = self.client.probe().await.err()?;
        self.availability.record_failed_probe(Instant::now()).then(|| failure.explained())
    }

    /// Sends a delivery when its turn comes and a slot is free, and returns the result.
    pub(super) async fn run(&self, job: Job, mut turn: Turn) -> ForwardResult {
        turn.wait().await;
        // It is never closed. A delivery takes a slot only when it can be sent: those that wait for
        // an earlier one of their lead do not hold up other leads.
        let _slot = self.slots.acquire().await;
        let (start, (took, status, result)) = match self.time_left(&job) {
            // In a box, so that a queued delivery does not take the memory of an exchange.
            Ok(left) => (Instant::now(), Box::pin(self.deliver(&job, left)).await),
            // The target is not down if it has responded to others in the meantime.
            Err(late) => (job.since, (Duration::ZERO, None, Err(late))),
        };
        let change = self.availability.record(start, Instant::now(), status.is_some());
        ForwardResult { url: Arc::clone(&self.url), took, status, result, change }
    }

    /// Returns the request to the target. All targets share one body.
    pub(super) fn request(&self, delivery: &Arc<Budgeted<Message>>) -> Message {
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

    /// Returns the time until the deadline of a delivery, `None` if it has none, or an error if the
    /// deadline has passed.
    fn time_left(&self, job: &Job) -> Result<Option<Duration>, String> {
        let left = self.options.timeout.map(|timeout| timeout.saturating_sub(job.since.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            return Err("its timeout passed while it was queued".to_owned());
        }
        Ok(left)
    }

    /// Sends one delivery.
    async fn deliver(&self, job: &Job, left: Option<Duration>) -> Delivered {
        let request = self.request(&job.message);
        let address = self.target.for_request(&split_url(&request.target).1);
        match self.client.exchange_at(&address, &request, left).await {
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
            Err(failure) => (failure.took, None, Err(self.explain(failure).await)),
        }
    }

    /// Returns the reason of a failure. A closed connection is examined at the start of an outage
    /// only, so that an app which crashes gets no further connection for every delivery.
    async fn explain(&self, failure: NoResponse) -> String {
        if self.availability.is_down() {
            return failure.explained();
        }
        self.client.diagnose(failure).await.explained()
    }
}

/// The body of a delivery in transit. It counts in the listener's memory until the HTTP client
/// drops it.
struct BudgetedBody(Arc<Budgeted<Message>>);

impl AsRef<[u8]> for BudgetedBody {
    fn as_ref(&self) -> &[u8] {
        &self.0.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;
    use crate::io::client::ConnectOptions;
    use crate::io::memory::MemoryBudget;

    #[test]
    fn the_forwarded_body_is_shared_and_counts_until_it_is_dropped() {
        let target = Target::parse("http://127.0.0.1:9/").unwrap();
        let client = Client::shared(&target, &ConnectOptions::default()).unwrap();
        let concurrency = NonZeroU16::MIN;
        let options =
            ForwardOptions { timeout: None, keep_host: false, max_waiting: 0, concurrency };
        let worker = Worker::new(client, target, options);
        let budget = MemoryBudget::new(1000);
        let message = Message::post("/", Headers::new(), vec![b'x'; 100]);
        let received = message.body.as_ptr();
        let reserved = budget.reserve(100).unwrap();
        let delivery = Arc::new(Budgeted::new(message, reserved));
        let request = worker.request(&delivery);
        assert_eq!(request.body.as_ptr(), received);
        let sent = worker.client.plain_request(&worker.target, &request, true).unwrap();
        drop((delivery, request));
        assert_eq!(budget.used(), 100);
        drop(sent);
        assert_eq!(budget.used(), 0);
    }
}
