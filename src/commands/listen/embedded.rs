//! An in-process listener on a free loopback port, for `demo` and for `leadhook::testing`.

use crate::commands::listen::admin_hosts::AdminHosts;
use crate::commands::listen::enforcement::Enforcement;
use crate::commands::listen::event::ServiceEvent;
use crate::commands::listen::event_queue::{EventReceiver, event_queue};
use crate::commands::listen::kept_parts::KeptParts;
use crate::commands::listen::memory;
use crate::commands::listen::memory::Workspace;
use crate::commands::listen::received_delivery::ReceivedDelivery;
use crate::commands::listen::save_body::BodyFilter;
use crate::commands::listen::service::{Policy, ServiceParts, WebhookService};
use crate::commands::server_thread::{join_server, spawn_server};
use crate::domain::response_scripts::ResponseScripts;
use crate::domain::route::Route;
use crate::domain::secret::Keyring;
use crate::domain::status::ResponseScript;
use crate::domain::target::Target;
use crate::engine::awaited::AwaitedDeliveries;
use crate::engine::fault_injection::FaultInjection;
use crate::engine::judge::Judge;
use crate::engine::ledger::Ledger;
use crate::error::Error;
use crate::io::client::ConnectOptions;
use crate::io::environment::Environment;
use crate::io::error::Error as IoError;
use crate::io::forward::{ForwardOptions, ForwardQueues};
use crate::io::listener::{HttpListener, Limits, StopSignal};
use crate::io::memory::MemoryBudget;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The maximum number of bytes of queued events. They contain whole requests and have a separate
/// budget, so that they do not use up that of new requests.
const MAX_EVENT_BYTES: u64 = 256 << 20;

/// The maximum number of bytes of bodies that are parsed at the same time.
const MAX_PARSING_BYTES: u64 = 64 << 20;

/// The maximum time that a target may take to respond to a forwarded delivery.
const FORWARD_TIMEOUT: Duration = Duration::from_secs(10);

/// The parts of an embedded listener.
#[derive(Debug)]
pub(crate) struct EmbeddedParts<'a> {
    /// Verifies the signature and validates the payload of each delivery.
    pub(crate) judge: Judge,
    /// The source of the time.
    pub(crate) env: &'a Environment,
    /// The parts of each request that its event keeps.
    pub(crate) kept_parts: KeptParts,
    /// The target that deliveries are forwarded to and whose response is returned, if any.
    pub(crate) forward: Option<&'a Target>,
    /// The statuses to respond with; 200 if there are none.
    pub(crate) respond: Option<ResponseScript>,
}

/// A running listener. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct EmbeddedListener {
    /// The URL of the listener, as a target for requests.
    url: Target,
    service: Arc<WebhookService>,
    events: Mutex<EventReceiver>,
    stop_signal: StopSignal,
    /// The thread that serves, until it is joined.
    thread: Option<JoinHandle<Result<(), IoError>>>,
}

impl EmbeddedListener {
    /// Binds a free loopback port and serves it on a separate thread.
    ///
    /// An unverified delivery is rejected with 401, an invalid payload is accepted.
    pub(crate) fn start(parts: EmbeddedParts<'_>) -> Result<Self, Error> {
        let routes = parts.forward.cloned().map(|target| Route { event: None, target });
        let policy = Policy {
            unverified: Enforcement::Reject,
            invalid: Enforcement::Warn,
            respond: parts
                .respond
                .map_or_else(ResponseScripts::default, ResponseScripts::for_all_events),
            faults: FaultInjection::default(),
            // The clock may be fixed, and notes compare it with the times in the delivery.
            has_notes: false,
        };
        let (sender, events) = event_queue(MemoryBudget::new(MAX_EVENT_BYTES));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = HttpListener::bind(address, Limits::default())?;
        let max_waiting = memory::max_forward_queue(listener.memory());
        let timeout = Some(FORWARD_TIMEOUT);
        // One by one: a demo and a test expect the order of arrival.
        let concurrency = NonZeroU16::MIN;
        let options = ForwardOptions { timeout, keep_host: false, max_waiting, concurrency };
        let routes = routes.into_iter().collect();
        let forwards = ForwardQueues::new(routes, options, &ConnectOptions::default())?;
        let service_parts = ServiceParts {
            judge: parts.judge,
            store: None,
            body_filter: BodyFilter::default(),
            forwards,
            policy,
            awaited: AwaitedDeliveries::default(),
            kept_parts: parts.kept_parts,
            env: parts.env.clone(),
            events: Arc::new(sender),
            // The memory for saving and parsing: 0 bytes for saving, since nothing is saved.
            workspace: Workspace::new(0, MAX_PARSING_BYTES),
            load: listener.load(),
            has_admin_port: false,
            admin_hosts: AdminHosts::default(),
            handshake_tokens: Keyring::default(),
            fetch: None,
        };
        let service = Arc::new(WebhookService::new(service_parts, Ledger::default()));
        let url = Target::parse(&format!("http://{}/", listener.local_addr()))?;
        let stop_signal = StopSignal::new();
        let (handler, signal) = (Arc::clone(&service), stop_signal.clone());
        let thread = spawn_server("listener", move || listener.serve(handler, signal))?;
        let events = Mutex::new(events);
        Ok(Self { url, service, events, stop_signal, thread: Some(thread) })
    }

    /// Returns the URL of the listener.
    pub(crate) fn url(&self) -> &Target {
        &self.url
    }

    /// Returns the number of received deliveries.
    pub(crate) fn delivery_count(&self) -> u64 {
        self.service.counts().requests
    }

    /// Waits up to `timeout` for the next delivery and returns it; discards other events.
    ///
    /// The event is queued before the response is sent: a sender that has the response finds its
    /// delivery here. Concurrent calls wait for each other, since the queue is locked meanwhile.
    pub(crate) fn wait_for_delivery(&self, timeout: Duration) -> Option<ReceivedDelivery> {
        let end = Instant::now().checked_add(timeout);
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let remaining =
                end.map_or(timeout, |end| end.saturating_duration_since(Instant::now()));
            match events.recv_timeout(remaining).ok()? {
                ServiceEvent::Delivered(delivered) => return Some(delivered.into_received()),
                ServiceEvent::Forwarded(..)
                | ServiceEvent::Warning(_)
                | ServiceEvent::OtherRequest(_)
                | ServiceEvent::Handshake(_)
                | ServiceEvent::Fetched(_) => {}
            }
        }
    }

    /// Finishes the requests in flight and stops. Returns the error of the server, if it failed.
    pub(crate) fn stop(mut self) -> Result<(), Error> {
        self.stop_signal.stop();
        self.thread.take().map_or(Ok(()), join_server)
    }
}

impl Drop for EmbeddedListener {
    /// Waits until the port is free again, up to the drain timeout if a request is in flight.
    fn drop(&mut self) {
        self.stop_signal.stop();
        if let Some(thread) = self.thread.take() {
            // A destructor cannot report a failure.
            let _ = join_server(thread);
        }
    }
}
