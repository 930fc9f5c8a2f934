//! A webhook sender for tests, in the process of the test.

use crate::api::{Event, EventError, sample, sign};
use crate::commands::connection::DEFAULT_TIMEOUT;
use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::message::{Message, Response};
use crate::domain::secret::Secret;
use crate::domain::target::{Target, TargetError};
use crate::domain::time::Wait;
use crate::io::client::{Client, ConnectOptions};
use crate::providers::pack::Pack;
use crate::testing::blocking::off_runtime;
use std::time::Duration;
use thiserror::Error;

/// Sends events to an endpoint as one provider does.
///
/// It waits for a response as long as the provider does, or for 30 seconds if the provider's
/// timeout is not documented.
#[derive(Clone, Debug)]
pub struct Sender {
    pack: Pack,
    secret: Secret,
    timeout: Duration,
}

/// A delivery that was sent, with its response and outcome.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SentDelivery {
    /// The request.
    pub message: Message,
    /// The response, or the reason why none came.
    pub response: Result<Response, String>,
    /// The outcome for the provider: delivered, or to be retried.
    pub outcome: Outcome,
    /// The duration of the exchange.
    pub took: Duration,
}

/// The reason why a delivery was not sent.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SendError {
    /// The payload of the event cannot be generated or signed.
    #[error(transparent)]
    Event(Box<EventError>),
    /// The URL is not valid.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The URL is the address of a metadata service or of a neighbour on the link.
    #[error("`{url}` is a link-local address: leads are not sent there")]
    LinkLocal {
        /// The URL.
        url: String,
    },
    /// The HTTP client could not be created, for example because the system's certificates are
    /// missing.
    #[error("cannot create the HTTP client: {0}")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<EventError> for SendError {
    fn from(error: EventError) -> Self {
        Self::Event(Box::new(error))
    }
}

impl Sender {
    /// Creates a sender that signs with this secret.
    #[must_use]
    pub fn new(pack: &Pack, secret: &Secret) -> Self {
        let timeout = pack.provider.retry.timeout.map_or(DEFAULT_TIMEOUT, Wait::duration);
        Self { pack: pack.clone(), secret: secret.clone(), timeout }
    }

    /// Sets the time to wait for a response.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Generates the payload of an event, signs and sends it.
    pub fn send(&self, url: &str, event: &Event) -> Result<SentDelivery, SendError> {
        let body = sample(&self.pack, event)?;
        let message = sign(&self.pack, &self.secret, event, body)?;
        let target = Target::parse(url)?;
        let path = target.path_and_query();
        let path = self.pack.provider.path_of_event(&path, event.name());
        self.send_to(&target.at_path(&path), message)
    }

    /// Sends a request without changing its method, headers and body, such as one that was tampered
    /// with after signing. The path is that of the URL.
    pub fn send_message(&self, url: &str, message: Message) -> Result<SentDelivery, SendError> {
        self.send_to(&Target::parse(url)?, message)
    }

    fn send_to(&self, target: &Target, message: Message) -> Result<SentDelivery, SendError> {
        if target.is_link_local() {
            return Err(SendError::LinkLocal { url: target.to_string() });
        }
        let message = Message { target: target.path_and_query(), ..message };
        let options = ConnectOptions { timeout: Some(self.timeout), ..ConnectOptions::default() };
        let result = off_runtime(|| {
            let client = Client::new(target, &options, &message)
                .map_err(|error| SendError::Client(Box::new(error)))?;
            Ok::<_, SendError>(client.send(&message))
        })?;
        let (result, response, took) = match result {
            Ok(exchange) => {
                let result = AttemptResult::Status(exchange.response.status);
                (result, Ok(exchange.response), exchange.took)
            }
            Err(failure) => (failure.attempt_result(), Err(failure.reason), failure.took),
        };
        let outcome = self.pack.provider.retry.outcome(&result);
        Ok(SentDelivery { message, response, outcome, took })
    }
}
