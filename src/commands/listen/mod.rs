//! The `leadhook listen` command: receives webhooks, verifies, prints, saves and forwards them.

mod admin;
mod admin_hosts;
mod delivery_kind;
mod delivery_view;
mod display;
mod embedded;
mod enforcement;
mod event;
mod event_queue;
mod forward_options;
mod handshake_view;
mod health;
mod kept_parts;
mod limits;
mod memory;
mod metrics;
mod outcome;
mod received_delivery;
mod redact;
mod rejected_budget;
mod report;
mod respond_control;
mod response_args;
mod save_body;
mod save_path;
mod servers;
mod service;
mod tunnel_options;
mod until_options;

pub(crate) use embedded::{EmbeddedListener, EmbeddedParts};
pub(crate) use kept_parts::KeptParts;
pub use received_delivery::ReceivedDelivery;

use crate::commands::context::Context;
use crate::commands::fetch_server::{FetchArgs, FetchServer, FetchService};
use crate::commands::handshake_args::HandshakeArgs;
use crate::commands::value_parsers::{address_argument, positive_duration_argument, size_argument};
use crate::domain::verdict::Proof;
use crate::engine::explain::Explainer;
use crate::engine::judge::{Judge, PayloadScope, Strictness};
use crate::engine::ledger::Ledger;
use crate::engine::recognise;
use crate::error::{Error, Exit};
use crate::io::forward::ForwardQueues;
use crate::io::listener::HttpListener;
use crate::io::output_file;
use crate::io::output_file::PendingPipeWrite;
use crate::io::store::{OpenedStore, Retention, Store};
use crate::io::tunnel::Tunnel;
use crate::providers::pack::Pack;
use admin_hosts::AdminHosts;
use clap::Args;
use display::{Display, DisplayStep};
use enforcement::Enforcement;
use event::ServiceEvent;
use event_queue::{EventSender, event_queue};
use forward_options::ForwardArgs;
use limits::LimitArgs;
use memory::{Memory, Workspace};
use report::{Counts, Ready};
use respond_control::RespondControl;
use response_args::ResponseArgs;
use save_body::{BodyFilter, SaveBody};
use servers::Servers;
use service::{Policy, ServiceParts, WebhookService};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tunnel_options::TunnelArgs;
use until_options::UntilArgs;

/// Receive webhooks, verify and print them
///
/// All providers can post to the same port: the provider is detected from the request. A delivery
/// whose signature does not verify gets 401 (`--unverified warn` accepts it), one with an invalid
/// payload gets 200 (`--invalid reject` responds 422). Without a secret nothing is verified, and
/// every delivery is accepted.
///
/// `GET /healthz` and `/readyz` report whether it is alive and can save captures, `/metrics`
/// exports metrics for Prometheus, `/health/PROVIDER` reports whether the deliveries of a provider
/// get through.
///
/// SIGINT and SIGTERM end it once everything in flight has a response; on Unix, SIGQUIT, SIGUSR1
/// and SIGHUP do as well. Without a controlling terminal, or if it was ignored at start (`nohup`),
/// SIGHUP reopens the file or folder of `--save` instead. If the output was not read for 5 s after
/// a signal, the rest is not shown. A second SIGINT, SIGTERM or SIGQUIT ends it at once.
///
/// Exit status with `--count`: 0 if all deliveries were valid, 1 if any was not, 5 if too few
/// arrived in time or nothing could be verified. With `--until`: 0 once all awaited deliveries have
/// come, 5 if any did not come in time.
#[derive(Args, Debug)]
pub struct Listen {
    /// Address to listen on; without a host on loopback only, with port 0 on a free port
    #[arg(value_name = "ADDR", default_value = ":9090", value_parser = address_argument)]
    address: SocketAddr,

    /// Save every delivery: one file each in a folder, or one line each in a `.jsonl` file
    ///
    /// A delivery is acknowledged once it is on disk under this name; otherwise the sender gets
    /// 503. A file or folder that was moved, removed or replaced is reopened before that. Of
    /// rejected requests (401, 422) a run saves at most 10,000 and 64 MiB.
    #[arg(long, value_name = "DIR|FILE.jsonl")]
    save: Option<PathBuf>,

    /// Keep at most N captures, deleting the oldest (a file is trimmed once it exceeds N by an
    /// eighth or by 1,000)
    #[arg(long, value_name = "N", requires = "save", value_parser = clap::value_parser!(u64).range(1..))]
    keep: Option<u64>,

    /// Keep at most SIZE bytes of captures, deleting the oldest (a file is trimmed once it exceeds
    /// SIZE by an eighth)
    #[arg(long, value_name = "SIZE", requires = "save", value_parser = size_argument)]
    keep_size: Option<u64>,

    /// Part of each body to save
    ///
    /// With `redacted`, a capture has what `convert --redact` leaves of the request: synthetic
    /// values, documented headers only, and the signature of a throw-away secret. With `none`, its
    /// body is empty, and a token among its headers, which holds a copy of the payload, is redacted.
    /// `verify` reports such captures as not checked, and `replay` rejects them.
    #[arg(long, value_name = "PART", value_enum, default_value = "full", requires = "save")]
    save_body: SaveBody,

    #[command(flatten)]
    forwarding: ForwardArgs,

    #[command(flatten)]
    tunnel: TunnelArgs,

    /// Handling of a signature that does not verify
    #[arg(long, value_name = "WHAT", value_enum, default_value = "reject")]
    unverified: Enforcement,

    /// Handling of an invalid payload
    #[arg(long, value_name = "WHAT", value_enum, default_value = "warn")]
    invalid: Enforcement,

    /// Treat warnings as errors: they make a payload invalid
    #[arg(long)]
    strict: bool,

    /// Stop after N deliveries
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    #[command(flatten)]
    until: UntilArgs,

    /// Stop after TIME
    #[arg(id = "listen_timeout", long = "timeout", value_name = "TIME", value_parser = positive_duration_argument)]
    timeout: Option<Duration>,

    /// Write the URL to this file once the socket accepts; with `--tunnel`, the public URL
    ///
    /// A regular file is replaced atomically. A named pipe gets the URL once it has a reader, for
    /// which the listener does not wait.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,

    /// Serve `/healthz`, `/readyz`, `/metrics` and `/health/PROVIDER` on this address instead
    #[arg(long, value_name = "ADDR", value_parser = address_argument)]
    admin: Option<SocketAddr>,

    /// Host name under which `/readyz`, `/metrics` and `/health/PROVIDER` respond (can be repeated)
    ///
    /// They always respond under `localhost` and IP addresses; any other host name gets 421.
    /// Otherwise a web page could read them through its own host name (DNS rebinding).
    #[arg(long, value_name = "NAME")]
    admin_host: Vec<String>,

    /// Redact personal data: names of persons, values, queries, unknown field names and headers
    ///
    /// It applies to human and JSON output. A finding keeps its pointer and the expected value; the
    /// path, the message id and the names of headers are kept. Captures are saved unchanged.
    #[arg(long)]
    redact: bool,

    /// Remember at most N messages and N leads, to detect repeats and out-of-order deliveries
    #[arg(long, value_name = "N", default_value = "50000", value_parser = clap::value_parser!(u32).range(1..))]
    remember: u32,

    #[command(flatten)]
    handshake: HandshakeArgs,

    #[command(flatten)]
    fetch: FetchArgs,

    #[command(flatten)]
    response_args: ResponseArgs,

    #[command(flatten)]
    limits: LimitArgs,
}

impl Listen {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        self.check_files(context)?;
        let memory = Memory::new(self.limits.max_memory(), self.save.is_some());
        let (sender, events) = event_queue(Arc::clone(&memory.output));
        let limits = self.limits.limits();
        let bind = |address| {
            HttpListener::bind_with_memory(address, limits.clone(), memory.requests.clone())
        };
        let listener = bind(self.address)?;
        let admin = self.admin.map(bind).transpose()?;
        let sender = Arc::new(sender);
        let fetch_events = Arc::clone(&sender);
        let fetch = self.fetch.start(
            &context.packs.of(context.providers()),
            context.env,
            move |event| {
                fetch_events.send(ServiceEvent::Fetched(event));
            },
        )?;
        let served = fetch.as_ref().map(|server| Arc::clone(server.service()));
        let parts = self.parts(context, &listener, sender, memory.workspace, served)?;
        let capacity = usize::try_from(self.remember).unwrap_or(usize::MAX);
        let service = Arc::new(WebhookService::new(parts, Ledger::with_capacity(capacity)));
        context.note_unverifiable(service.keyring());
        if let Some(server) = &fetch {
            context.printer.note(&server.note());
        }
        if service.keyring().is_empty() && !self.address.ip().is_loopback() {
            context.printer.note(&format!(
                "anyone who can reach {} can post here: with `--secret` only the provider can",
                self.address
            ));
        }
        let explainer = Explainer::new(context.candidates(None)?);
        // Weak: the signal thread outlives this run, and must not keep the service alive.
        let weak_service = Arc::downgrade(&service);
        let signals = context.env.watch_signals_and_reopen(move || {
            if let Some(service) = weak_service.upgrade() {
                service.reopen_store();
            }
        })?;
        let mut display = Display::start(context, events, signals, explainer, self.redact)?;
        let control = RespondControl::new(context.env, context.provider());
        let note = control.note();
        let mut servers = Servers::start(listener, admin, &service, control)?;
        servers.fetch_url = fetch.as_ref().map(FetchServer::url);
        service.probe_targets();
        // A ready file that is a pipe without a reader must not delay the listener: another thread
        // writes it, which gives up when this guard is dropped.
        let mut tunnel = None;
        let ready_file = self.open(context, &servers, &note, &mut tunnel, &mut display);
        let tunnel_failure = match &ready_file {
            Ok(_) => self.follow(context, &servers, &service, &mut tunnel, &mut display),
            Err(_) => None,
        };
        let signal_exit = display.signal();
        let served = servers.stop();
        // It has a sender of events: without this, the display would wait for more of them.
        drop(fetch);
        // Only now: the responses to the last deliveries went through it.
        drop(tunnel);
        if let Err(error) = ready_file {
            display.restore(context, 0);
            return Err(error);
        }
        let saved_to = self.save.as_ref().map(|path| path.display().to_string());
        let reason = |counts: &Counts| match (signal_exit, &tunnel_failure) {
            (None, None) => self.missing_evidence(counts, &service.awaited()),
            _ => None,
        };
        let printed = display.end(context, &service, saved_to, &reason);
        served?;
        printed?;
        if let Some(error) = tunnel_failure {
            return Err(error);
        }
        Ok(signal_exit.unwrap_or_else(|| self.exit(&service.counts(), &service.awaited())))
    }

    /// Checks the ready file. It must not be the file of `--save`: one would overwrite the other.
    fn check_files(&self, context: &Context<'_>) -> Result<(), Error> {
        if let Some(ready) = &self.ready_file {
            context.check_output("--ready-file", ready)?;
        }
        if let Some(save) = &self.save {
            save_path::check(save)?;
        }
        let both = self.ready_file.as_ref().zip(self.save.as_ref());
        match both.filter(|(ready, save)| output_file::leads_to_same_file(ready, save)) {
            None => Ok(()),
            Some((ready, _)) => Err(Error::Option {
                message: format!("`--ready-file` and `--save` both name `{}`", ready.display()),
                hint: "use a separate file for each".to_owned(),
            }),
        }
    }

    /// Creates the parts of the service that handles requests.
    fn parts(
        &self,
        context: &mut Context<'_>,
        listener: &HttpListener,
        events: Arc<EventSender>,
        workspace: Workspace,
        fetch: Option<Arc<FetchService>>,
    ) -> Result<ServiceParts, Error> {
        let keyring = context.keyring()?;
        self.tunnel.check(&keyring)?;
        let awaited = self.until.awaited(context, &keyring)?;
        let strictness = Strictness {
            strict: self.strict,
            payloads: match self.unverified {
                Enforcement::Warn => PayloadScope::All,
                Enforcement::Reject => PayloadScope::Verified,
            },
        };
        let named = context.providers().to_vec();
        let judge = Judge::new(context.packs.clone(), keyring, named, strictness);
        let store = self.open_store(context)?;
        let routes = self.forwarding.routes(context, listener.local_addr())?;
        let connect = self.forwarding.connect_options(context, &routes)?;
        let options = self.forwarding.options(listener.memory());
        let notes = self.forwarding.transport_notes(&routes);
        let forwards = ForwardQueues::new(routes, options, &connect)?;
        for note in notes {
            context.printer.note(note);
        }
        for event in self.response_args.events() {
            context.packs.find_event(event, context.provider())?;
        }
        let policy = Policy {
            unverified: self.unverified,
            invalid: self.invalid,
            respond: self.response_args.scripts()?,
            faults: self.response_args.faults(),
            has_notes: true,
        };
        Ok(ServiceParts {
            judge,
            store,
            body_filter: BodyFilter::new(self.save_body, &context.packs, context.env.random_u64()),
            forwards,
            policy,
            awaited,
            kept_parts: KeptParts::for_printer(context.printer),
            env: context.env.clone(),
            events,
            workspace,
            load: listener.load(),
            has_admin_port: self.admin.is_some(),
            admin_hosts: AdminHosts::new(self.admin_host.clone()),
            handshake_tokens: self.handshake.tokens(context)?,
            fetch,
        })
    }

    /// Opens the file or folder of `--save`, and prints what was found there.
    fn open_store(&self, context: &mut Context<'_>) -> Result<Option<Store>, Error> {
        let Some(path) = &self.save else { return Ok(None) };
        let packs = context.providers().iter().filter_map(|id| context.packs.find(id).ok());
        let sends_secret =
            |pack: &&Arc<Pack>| pack.provider.signature.proof() == Proof::SharedSecret;
        let names: Vec<_> = packs.filter(sends_secret).map(|it| it.provider.name.clone()).collect();
        for name in names {
            context.printer.note(&format!("the captures of {name} contain its secret"));
        }
        let keep = Retention { captures: self.keep, bytes: self.keep_size };
        let OpenedStore { store, notes } = Store::open(path, keep, context.env.random_u64())?;
        for note in notes {
            context.printer.note(&note);
        }
        Ok(Some(store))
    }

    /// Starts the tunnel, if one was requested, and reports that the listener accepts connections.
    fn open(
        &self,
        context: &mut Context<'_>,
        servers: &Servers,
        note: &str,
        tunnel: &mut Option<Tunnel>,
        display: &mut Display,
    ) -> Result<Option<PendingPipeWrite>, Error> {
        let mut interrupted = || display.is_interrupted();
        *tunnel = self.tunnel.start(context, servers.address(), &mut interrupted)?;
        if display.is_interrupted() {
            return Ok(None);
        }
        let public_url = tunnel.as_ref().map(|tunnel| tunnel.url().to_string());
        let ready_file = self.announce(context, servers, public_url.as_deref(), display)?;
        if let Some(url) = servers.admin_url() {
            context.printer.note(&format!("on {url}, {note}"));
        }
        Ok(ready_file)
    }

    /// Reports that the socket accepts connections, on standard output and in the ready file.
    fn announce(
        &self,
        context: &mut Context<'_>,
        servers: &Servers,
        public_url: Option<&str>,
        display: &mut Display,
    ) -> Result<Option<PendingPipeWrite>, Error> {
        let url = &servers.url();
        let recognised = recognise::candidates(&context.packs, context.providers());
        let providers = recognised.map(|pack| pack.provider.id.clone()).collect();
        let saving_to = self.save.as_ref().map(|path| path.display().to_string());
        let forwarding_to = self.forwarding.target_list();
        let admin = servers.admin_url();
        let fetch = servers.fetch_url.clone();
        let ready = Ready { url, public_url, providers, saving_to, forwarding_to, admin, fetch };
        display.show(context, &ready);
        let Some(path) = &self.ready_file else { return Ok(None) };
        let line = format!("{}\n", public_url.unwrap_or(url));
        Ok(output_file::write_or_wait_for_reader("ready file", path, line.into_bytes())?)
    }

    /// Prints deliveries until a signal, the count, the awaited deliveries or the timeout ends the
    /// run. Returns the failure of the tunnel, if that has ended it.
    fn follow(
        &self,
        context: &mut Context<'_>,
        servers: &Servers,
        service: &WebhookService,
        tunnel: &mut Option<Tunnel>,
        display: &mut Display,
    ) -> Option<Error> {
        // A timeout that exceeds the range of the clock is unlimited.
        let end = self.timeout.and_then(|limit| Instant::now().checked_add(limit));
        while display.step(context, service) == DisplayStep::Continue {
            let is_complete = service.has_all_awaited()
                || self.count.is_some_and(|count| service.counts().requests >= count);
            let is_over = end.is_some_and(|end| Instant::now() >= end);
            if is_complete || is_over || servers.is_finished() {
                return None;
            }
            if let Some(failure) = tunnel.as_mut().and_then(Tunnel::failure) {
                return Some(failure.into());
            }
        }
        None
    }
}
