//! A webhook listener for tests, in the process of the test.

use crate::commands::listen::{EmbeddedListener, EmbeddedParts, KeptParts, ReceivedDelivery};
use crate::domain::secret::Secret;
use crate::domain::status::ResponseScript;
use crate::engine::judge::Judge;
use crate::io::environment::Environment;
use crate::providers::pack::Pack;
use crate::testing::blocking::off_runtime;
use jiff::Timestamp;
use std::error::Error;
use std::time::Duration;

/// A webhook receiver on a free port of this machine, which stops when it is dropped.
///
/// Dropping it waits up to five seconds for a request that is in flight.
///
/// It responds with 401 if a signature does not verify, and otherwise as configured: with 200,
/// or from a [script](ListenerBuilder::respond). It keeps up to 10,000 deliveries until the test
/// takes them. Further deliveries get a response, but are only [counted](Self::count).
#[derive(Debug)]
pub struct Listener {
    embedded: EmbeddedListener,
    url: String,
}

/// The settings of a [`Listener`].
#[derive(Debug)]
pub struct ListenerBuilder {
    judge: Judge,
    respond: Option<ResponseScript>,
    clock: Option<Timestamp>,
}

/// The reason why a listener did not start: the system gave no socket or no thread.
#[derive(Debug, thiserror::Error)]
#[error("cannot start the listener: {0}")]
pub struct StartError(#[source] Box<dyn Error + Send + Sync>);

impl Listener {
    /// Starts a listener for the deliveries of one provider.
    pub fn start(pack: &Pack, secret: &Secret) -> Result<Self, StartError> {
        Self::builder(Judge::for_pack(pack, vec![secret.clone()])).start()
    }

    /// Configures a listener that verifies with this judge, for several providers or secrets.
    #[must_use]
    pub fn builder(judge: Judge) -> ListenerBuilder {
        ListenerBuilder { judge, respond: None, clock: None }
    }

    /// Returns the URL to send to. Any path below it is received as well.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the number of deliveries that were received.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.embedded.delivery_count()
    }

    /// Returns the next delivery, in the order of arrival, and waits for it until the timeout.
    ///
    /// A delivery is recorded before its response is sent: a sender that has the response needs no
    /// timeout. Concurrent calls are served one after the other. Up to 10,000 deliveries and
    /// 256 MiB are kept to be returned; more are only counted.
    #[must_use]
    pub fn next(&self, timeout: Duration) -> Option<ReceivedDelivery> {
        self.embedded.wait_for_delivery(timeout)
    }

    /// Returns every delivery that has arrived and was not returned before.
    #[must_use]
    pub fn deliveries(&self) -> Vec<ReceivedDelivery> {
        std::iter::from_fn(|| self.next(Duration::ZERO)).collect()
    }
}

impl ListenerBuilder {
    /// Sets the statuses of the responses to accepted deliveries, such as `503x2,200`; the last one
    /// repeats.
    #[must_use]
    pub fn respond(mut self, script: ResponseScript) -> Self {
        self.respond = Some(script);
        self
    }

    /// Stops the clock of the listener at this time, for requests that were signed at that time.
    #[must_use]
    pub fn clock(mut self, now: Timestamp) -> Self {
        self.clock = Some(now);
        self
    }

    /// Starts the listener.
    pub fn start(self) -> Result<Listener, StartError> {
        let Self { judge, respond, clock } = self;
        let env = clock.map_or_else(Environment::capture, |now| Environment::fixed(&[], now));
        let parts =
            EmbeddedParts { judge, env: &env, kept_parts: KeptParts::ALL, forward: None, respond };
        let result = off_runtime(|| EmbeddedListener::start(parts));
        let embedded = result.map_err(|error| StartError(Box::new(error)))?;
        let url = embedded.url().to_string();
        Ok(Listener { embedded, url })
    }
}
