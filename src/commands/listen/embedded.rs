//! An in-process listener on a free loopback port, for `demo` and for `leadhook::testing`.

use crate::commands::listen::admin_hosts::AdminHosts;
use crate::commands::listen::delivery_view::{DeliveryView, ForwardedView};
use crate::commands::listen::event::ServiceEvent;
use crate::commands::listen::event_queue::{EventReceiver, event_queue};
use crate::commands::listen::memory;
use crate::commands::listen::memory::Workspace;
use crate::commands::listen::received::ReceivedDelivery;
use crate::commands::listen::service::{Policy, ServiceParts, WebhookService};
use crate::commands::listen::shown::Shown;
use crate::commands::listen::stance::Stance;
use crate::domain::route::Route;
use crate::domain::script::ResponseScripts;
use crate::domain::status::ResponseScript;
use crate::domain::target::Target;
use crate::engine::fault_injection::FaultInjection;
use crate::engine::judge::Judge;
use crate::engine::ledger::Ledger;
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::error::Error as IoError;
use crate::io::forward::{ForwardOptions, Forwards};
use crate::io::listener::{HttpListener, Limits, StopSignal};
use crate::io::memory::MemoryBudget;
use crate::output::printer::Printer;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// Bytes of deliveries that may wait to be printed or taken. Whoever takes them wants them whole, so
/// they are no part of what requests may hold.
const WAITING_EVENTS: u64 = 256 << 20;

/// Bytes of documents that are judged at once.
const PARSING: u64 = 64 << 20;

/// Deadline of a forwarded delivery.
const FORWARD_TIMEOUT: Duration = Duration::from_secs(10);

/// The parts of an embedded listener.
#[derive(Debug)]
pub(crate) struct EmbeddedParts<'a> {
    /// Verifies and validates deliveries.
    pub(crate) judge: Judge,
    /// Gives the time.
    pub(crate) env: &'a Environment,
    /// How much of each delivery its report keeps.
    pub(crate) shown: Shown,
    /// Where deliveries are forwarded to; its response is then the response.
    pub(crate) forward: Option<&'a Target>,
    /// The statuses to respond with; 200 where there are none.
    pub(crate) respond: Option<ResponseScript>,
}

/// A running listener. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct EmbeddedListener {
    target: Target,
    desk: Arc<WebhookService>,
    news: Mutex<EventReceiver>,
    stop: StopSignal,
    /// The thread that serves, until it is joined.
    thread: Option<JoinHandle<Result<(), IoError>>>,
}

impl EmbeddedListener {
    /// Binds a free port of this machine and serves it on a thread of its own.
    ///
    /// An unverified delivery is rejected with 401, an invalid payload is accepted.
    pub(crate) fn start(parts: EmbeddedParts<'_>) -> Result<Self, Error> {
        let routes = parts.forward.cloned().map(|target| Route { event: None, target });
        let policy = Policy {
            unverified: Stance::Reject,
            invalid: Stance::Warn,
            respond: parts.respond.map_or_else(ResponseScripts::default, ResponseScripts::all),
            mishaps: FaultInjection::default(),
            remarks: false,
        };
        let (sender, news) = event_queue(MemoryBudget::new(WAITING_EVENTS));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = HttpListener::bind(address, Limits::default())?;
        let max_waiting = memory::waiting(listener.memory());
        let timeout = Some(FORWARD_TIMEOUT);
        let options = ForwardOptions { timeout, keep_host: false, max_waiting };
        let forwards = Forwards::new(routes.into_iter().collect(), options)?;
        let desk = Arc::new(WebhookService::new(ServiceParts {
            judge: parts.judge,
            store: None,
            forwards,
            policy,
            shown: parts.shown,
            env: parts.env.clone(),
            news: sender,
            // Nothing is saved.
            workspace: Workspace::new(0, PARSING),
            load: listener.load(),
            has_admin: false,
            admin_hosts: AdminHosts::default(),
            ledger: Ledger::default(),
        }));
        let target = Target::parse(&format!("http://{}/", listener.local_addr()))?;
        let stop = StopSignal::new();
        let (handler, signal) = (Arc::clone(&desk), stop.clone());
        let thread = spawn("listener", move || listener.serve(handler, signal))?;
        Ok(Self { target, desk, news: Mutex::new(news), stop, thread: Some(thread) })
    }

    /// Returns its address.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Returns the number of received deliveries.
    pub(crate) fn count(&self) -> u64 {
        self.desk.counts().requests
    }

    /// Takes the next delivery, and waits for it until the timeout.
    ///
    /// A delivery is recorded before its response is sent: whoever has the response finds it here.
    pub(crate) fn next(&self, timeout: Duration) -> Option<ReceivedDelivery> {
        let end = Instant::now().checked_add(timeout);
        let news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let left = end.map_or(timeout, |end| end.saturating_duration_since(Instant::now()));
            match news.recv_timeout(left).ok()? {
                ServiceEvent::Delivered(delivered) => return Some(delivered.into_received()),
                ServiceEvent::Forwarded(..) | ServiceEvent::Trouble(_) | ServiceEvent::Visit(_) => {
                }
            }
        }
    }

    /// Prints what has arrived and was neither printed nor taken before.
    pub(crate) fn print_news(&self, printer: &mut Printer) -> Result<(), Error> {
        let waiting = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        while let Ok(event) = waiting.try_recv() {
            match event {
                ServiceEvent::Delivered(delivered) => {
                    printer.report(&DeliveryView::new(&delivered))?;
                }
                ServiceEvent::Forwarded(seq, forward) => {
                    printer.report(&ForwardedView { seq, forward })?;
                }
                ServiceEvent::Trouble(text) => printer.note(&text),
                ServiceEvent::Visit(text) => printer.detail(&text),
            }
        }
        Ok(())
    }

    /// Finishes the requests in flight, then stops, and returns what made the server fail.
    pub(crate) fn stop(mut self) -> Result<(), Error> {
        self.stop.stop();
        self.thread.take().map_or(Ok(()), joined)
    }
}

impl Drop for EmbeddedListener {
    /// Waits until the port is free again, up to the drain timeout if a request is in flight.
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            // There is nobody left to be told of a failure.
            let _ = joined(thread);
        }
    }
}

/// Starts a thread that serves, or returns the error of a system that has none to give.
pub(super) fn spawn(
    name: &str,
    serve: impl FnOnce() -> Result<(), IoError> + Send + 'static,
) -> Result<JoinHandle<Result<(), IoError>>, IoError> {
    Builder::new().name(name.to_owned()).spawn(serve).map_err(IoError::Serve)
}

/// Waits for the thread that serves.
pub(super) fn joined(server: JoinHandle<Result<(), IoError>>) -> Result<(), Error> {
    let panicked = |_| Err(IoError::Serve(io::Error::other("the server panicked")));
    Ok(server.join().unwrap_or_else(panicked)?)
}
