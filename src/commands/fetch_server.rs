//! The server of `--fetch`: what a receiver fetches after deliveries that hold ids only.

use crate::commands::server_thread::{join_server, spawn_server};
use crate::commands::value_parsers::address_argument;
use crate::domain::message::Message;
use crate::engine::fetch::{KnownResources, Resource};
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::error::Error as IoError;
use crate::io::listener::{
    Handler, HttpListener, Limits, ReceivedRequest, Refusal, Reply, ReplyFuture, StopSignal,
};
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::providers::Packs;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// The maximum number of characters of a path that is reported.
const MAX_SHOWN_PATH: usize = 200;

/// The option for the address of the server.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct FetchArgs {
    /// Serve what a receiver fetches after a delivery that holds ids only, on this address
    ///
    /// Without a host on loopback only. Only what a delivery named is found; everything else gets
    /// 404. A token of the request is not checked.
    #[arg(long, value_name = "ADDR", value_parser = address_argument)]
    fetch: Option<SocketAddr>,
}

/// A request to the server.
#[derive(Debug, Serialize)]
pub(super) struct FetchEvent {
    method: String,
    /// The path without the query, in which a token may be.
    path: String,
    status: u16,
}

/// The resources that are served, shared by the server and the code that learns them.
pub(super) struct FetchService {
    packs: Packs,
    known: Mutex<KnownResources>,
    env: Environment,
    report: Box<dyn Fn(FetchEvent) + Send + Sync>,
}

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub(super) struct FetchServer {
    service: Arc<FetchService>,
    address: SocketAddr,
    stop: StopSignal,
    thread: Option<JoinHandle<Result<(), IoError>>>,
}

impl FetchEvent {
    /// Returns the number of bytes that its strings take in memory.
    pub(super) fn size_in_memory(&self) -> usize {
        self.method.capacity() + self.path.capacity()
    }
}

impl FetchArgs {
    /// Starts the server, if it was requested. `report` gets each request and must not block.
    pub(super) fn start(
        &self,
        packs: &Packs,
        env: &Environment,
        report: impl Fn(FetchEvent) + Send + Sync + 'static,
    ) -> Result<Option<FetchServer>, Error> {
        let Some(address) = self.fetch else { return Ok(None) };
        if packs.iter().all(|pack| pack.provider.fetch.is_empty()) {
            return Err(Error::Option {
                message: "`--fetch` has nothing to serve: no pack has `[fetch]`".to_owned(),
                hint: "add the pack of a provider whose deliveries hold ids only: `--pack DIR`"
                    .to_owned(),
            });
        }
        let listener = HttpListener::bind(address, Limits::default())?;
        let address = listener.local_addr();
        let service = Arc::new(FetchService {
            packs: packs.clone(),
            known: Mutex::default(),
            env: env.clone(),
            report: Box::new(report),
        });
        let stop = StopSignal::new();
        let (handler, signal) = (Arc::clone(&service), stop.clone());
        let thread = spawn_server("fetch", move || listener.serve(handler, signal))?;
        Ok(Some(FetchServer { service, address, stop, thread: Some(thread) }))
    }
}

impl FetchServer {
    /// Returns the URL of the server.
    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Returns the note that says where to point the receiver.
    pub(super) fn note(&self) -> String {
        format!(
            "on {}, what deliveries name is served: point the receiver there instead of to the \
             vendor's API",
            self.url()
        )
    }

    /// Returns the resources that are served.
    pub(super) fn service(&self) -> &Arc<FetchService> {
        &self.service
    }
}

impl Drop for FetchServer {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            // A destructor cannot report a failure.
            let _ = join_server(thread);
        }
    }
}

impl FetchService {
    /// Makes the resources of a delivery known.
    pub(super) fn learn(&self, resources: impl IntoIterator<Item = Resource>) {
        self.lock().learn(resources);
    }

    /// Returns `true` if one of these resources was fetched.
    pub(super) fn has_fetched(&self, resources: &[Resource]) -> bool {
        let known = self.lock();
        resources.iter().any(|resource| known.is_fetched(resource))
    }

    /// Locks the resources. A poisoned lock is safe to use: each update leaves complete entries.
    fn lock(&self) -> MutexGuard<'_, KnownResources> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, message: &Message, status: u16) {
        let path = message.target.split('?').next().unwrap_or_default();
        let path = path.chars().take(MAX_SHOWN_PATH).collect();
        let method = message.method.chars().take(MAX_SHOWN_PATH).collect();
        (self.report)(FetchEvent { method, path, status });
    }
}

impl std::fmt::Debug for FetchService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FetchService").finish_non_exhaustive()
    }
}

impl Handler for FetchService {
    fn respond(self: Arc<Self>, received: ReceivedRequest) -> ReplyFuture {
        Box::pin(async move {
            let message = received.message;
            let response = self.lock().answer(&self.packs, &message);
            self.report(&message, response.status);
            Reply::Respond(response)
        })
    }

    fn date(&self) -> Option<Timestamp> {
        self.env.try_now()
    }

    fn refused(&self, _remote: SocketAddr, refusal: &Refusal) {
        let (method, path) = (String::new(), String::new());
        (self.report)(FetchEvent { method, path, status: refusal.status() });
    }
}

impl Report for FetchEvent {
    const KIND: &'static str = "fetched";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let status = self.status.to_string();
        let is_good = (200..300).contains(&self.status);
        let status = if is_good { look.theme.good(&status) } else { look.theme.bad(&status) };
        let subject = sanitize::line(&format!("{} {}", self.method, self.path));
        writeln!(out, "          fetch {}  {status}", subject.trim())
    }
}
