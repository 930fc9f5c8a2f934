//! Sends the requests of cases to the receiver.

use crate::commands::check::observed_response::ObservedResponse;
use crate::commands::check::wire;
use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::target::Target;
use crate::engine::conformance::case::{Transport, TrialStep};
use crate::error::Error;
use crate::io::client::{Client, ConnectOptions, Exchange, NoResponse};
use crate::io::{client, wire_client};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The time in which a receiver must accept a connection to count as running.
const ALIVE_TIMEOUT: Duration = Duration::from_millis(500);

/// Sends requests to one receiver.
pub(super) struct RequestSender<'r> {
    target: &'r Target,
    options: ConnectOptions,
    /// `true` if the targets of redirects are not shown.
    hides_locations: bool,
    /// What requests contain and results do not show.
    secrets: Vec<Secret>,
}

impl<'r> RequestSender<'r> {
    pub(super) fn new(target: &'r Target, options: ConnectOptions, secrets: Vec<Secret>) -> Self {
        Self { target, options, hides_locations: false, secrets }
    }

    /// Hides the targets of redirects from now on: a receiver may repeat in them what it was sent.
    pub(super) fn hide_locations(&mut self) {
        self.hides_locations = true;
    }

    /// Returns the maximum response time.
    pub(super) fn budget(&self) -> Duration {
        self.options.timeout.unwrap_or_default()
    }

    /// Returns `true` if bytes can be written to the receiver directly: without TLS and a proxy.
    pub(super) fn is_plain(&self) -> bool {
        !self.target.is_tls() && self.options.proxy.is_none()
    }

    /// Checks if the receiver accepts connections. A proxy says nothing about the receiver behind
    /// it.
    pub(super) fn is_receiver_up(&self) -> bool {
        let is_up = || client::wait_until_up(self.target, self.options.connect, ALIVE_TIMEOUT);
        self.options.proxy.is_some() || is_up().is_ok()
    }

    /// Sends the requests of a step, each for at most `limit`.
    pub(super) fn send(
        &self,
        step: &TrialStep,
        limit: Duration,
    ) -> Result<Vec<ObservedResponse>, Error> {
        match step.messages.as_slice() {
            [message] => Ok(vec![self.send_as(message, step.transport, limit)?]),
            messages => self.send_together(messages, limit),
        }
    }

    /// Sends one request in this form.
    fn send_as(
        &self,
        message: &Message,
        transport: Transport,
        limit: Duration,
    ) -> Result<ObservedResponse, Error> {
        let encode_error =
            |source| Error::Print { what: "the request".to_owned(), form: "http", source };
        let steps = wire::wire_steps(message, transport, self.target).map_err(encode_error)?;
        let Some(steps) = steps else { return self.send_one(message, limit) };
        let start = Instant::now();
        let statuses = wire_client::run_steps(self.target, self.options.connect, &steps, limit);
        // A sender that hangs up reads no response.
        let status = statuses.map(|statuses| statuses.last().copied().unwrap_or(200));
        Ok(ObservedResponse::new(status, start.elapsed()))
    }

    /// Sends one request as most clients do.
    pub(super) fn send_one(
        &self,
        message: &Message,
        limit: Duration,
    ) -> Result<ObservedResponse, Error> {
        let address = self.target.with_path(&message.target);
        let client = Client::new(&address, &self.options(limit), message)?;
        Ok(self.observed(client.send(message)))
    }

    /// Sends several requests concurrently.
    pub(super) fn send_together(
        &self,
        messages: &[Message],
        limit: Duration,
    ) -> Result<Vec<ObservedResponse>, Error> {
        let Some(first) = messages.first() else { return Ok(Vec::new()) };
        // The secret may be in the query, so that the path is that of the messages.
        let address = self.target.at_path(&first.target);
        let client = Arc::new(Client::new(&address, &self.options(limit), first)?);
        Ok(client.send_all(messages).into_iter().map(|result| self.observed(result)).collect())
    }

    fn observed(&self, result: Result<Exchange, NoResponse>) -> ObservedResponse {
        let observed = ObservedResponse::of(result, &self.secrets);
        if self.hides_locations { observed.without_location() } else { observed }
    }

    fn options(&self, limit: Duration) -> ConnectOptions {
        ConnectOptions { timeout: Some(limit), ..self.options.clone() }
    }
}
