//! `leadhook listen`: receives webhooks, verifies and prints them, saves and passes them on.

mod admin_hosts;
mod delivery_view;
mod display;
mod embedded;
mod event;
mod event_queue;
mod forward_options;
mod health;
mod limits;
mod memory;
mod metrics;
mod received;
mod redact;
mod rejected;
mod report;
mod response_args;
mod service;
mod shown;
mod stance;
mod visits;

pub(crate) use embedded::{EmbeddedListener, EmbeddedParts};
pub use received::ReceivedDelivery;
pub(crate) use shown::Shown;

use crate::commands::context::Context;
use crate::commands::values::{address_argument, limit_argument, size_argument};
use crate::engine::explain::Explainer;
use crate::engine::judge::{Judge, Payloads, Strictness};
use crate::engine::ledger::Ledger;
use crate::error::{Error, Exit};
use crate::io::error::Error as IoError;
use crate::io::forward::Forwards;
use crate::io::listener::{HttpListener, StopSignal};
use crate::io::output_file;
use crate::io::output_file::Offer;
use crate::io::store::{Keep, Opened, Store};
use admin_hosts::AdminHosts;
use clap::Args;
use display::{Display, DisplayStep};
use embedded::joined;
use event_queue::{EventSender, event_queue};
use forward_options::ForwardArgs;
use limits::LimitArgs;
use memory::{Memory, Workspace};
use report::{Counts, Ready};
use response_args::ResponseArgs;
use service::{Policy, ServiceParts, WebhookService};
use stance::Stance;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use visits::Admin;

/// Receive webhooks, verify and print them
///
/// Every provider may post to the one port: it is told from the request. A signature that does not
/// hold is answered with 401 (`--unverified warn` takes it), a payload that is not as it should be
/// with 200 (`--invalid reject` answers 422). With no secret at hand nothing is verified, and every
/// delivery is taken.
///
/// `GET /healthz` and `/readyz` say whether it lives and can keep what comes, `/metrics` shows its
/// figures for Prometheus, `/health/PROVIDER` whether what a provider sends gets through.
///
/// SIGINT and SIGTERM end it once everything in flight is answered; on Unix, SIGQUIT, SIGUSR1 and SIGHUP
/// do as well. Without a controlling terminal, or where it was ignored at start (`nohup`), SIGHUP
/// opens what `--save` names anew instead.
/// If nobody has read the output for 5 s after a signal, the rest is not shown. A second SIGINT, SIGTERM
/// or SIGQUIT ends it at once.
///
/// With `--count`, the exit status is 0 when all were valid, 1 when any was not, 5 when too few
/// came in time or nothing could be verified.
#[derive(Args, Debug)]
pub struct Listen {
    /// Address to listen on; without a host this machine alone, port 0 takes a free one
    #[arg(value_name = "ADDR", default_value = ":9090", value_parser = address_argument)]
    address: SocketAddr,

    /// Keep every delivery: a folder gets a file each, a `.jsonl` file a line each
    ///
    /// A delivery is acknowledged once it is on disk under this name, else answered 503. A file or
    /// folder that was moved, removed or replaced is opened anew before that. Of rejected requests (401,
    /// 422) one run saves up to 10,000 and 64 MiB.
    #[arg(long, value_name = "DIR|FILE.jsonl")]
    save: Option<PathBuf>,

    /// Keep at most N captures, deleting the oldest (a file is trimmed once it exceeds N by an eighth or
    /// by 1,000)
    #[arg(long, value_name = "N", requires = "save", value_parser = clap::value_parser!(u64).range(1..))]
    keep: Option<u64>,

    /// Keep at most SIZE bytes of captures, deleting the oldest (a file is trimmed once it exceeds SIZE by
    /// an eighth)
    #[arg(long, value_name = "SIZE", requires = "save", value_parser = size_argument)]
    keep_size: Option<u64>,

    #[command(flatten)]
    forwarding: ForwardArgs,

    /// What to do with a signature that does not hold
    #[arg(long, value_name = "WHAT", value_enum, default_value = "reject")]
    unverified: Stance,

    /// What to do with a payload that is not as it should be
    #[arg(long, value_name = "WHAT", value_enum, default_value = "warn")]
    invalid: Stance,

    /// Warnings make a payload invalid
    #[arg(long)]
    strict: bool,

    /// Stop after so many deliveries
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    /// Stop after so long
    #[arg(id = "listen_timeout", long = "timeout", value_name = "TIME", value_parser = limit_argument)]
    timeout: Option<Duration>,

    /// Write the URL to this file once the socket accepts
    ///
    /// A regular file is replaced atomically. A named pipe gets the URL as soon as somebody reads it,
    /// and the listener does not wait for that.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,

    /// Show `/healthz`, `/readyz`, `/metrics` and `/health/PROVIDER` on this address instead
    #[arg(long, value_name = "ADDR", value_parser = address_argument)]
    admin: Option<SocketAddr>,

    /// Host name under which `/readyz`, `/metrics` and `/health/PROVIDER` are shown (can be repeated)
    ///
    /// They are always shown under `localhost` and IP addresses, and answer any other host with 421: a
    /// web page could otherwise read them through a name of its own.
    #[arg(long, value_name = "NAME")]
    admin_host: Vec<String>,

    /// Show nothing that tells of a person: no names, values, queries, unknown names or headers
    ///
    /// It holds for people and for JSON. Of a finding stays where it is and what was expected; the path,
    /// the message id and the names of headers stay. Captures are saved as they came.
    #[arg(long)]
    redact: bool,

    /// Remember so many messages and as many leads, to tell repeats and what comes too early
    #[arg(long, value_name = "N", default_value = "50000", value_parser = clap::value_parser!(u32).range(1..))]
    remember: u32,

    #[command(flatten)]
    answers: ResponseArgs,

    #[command(flatten)]
    limits: LimitArgs,
}

impl Listen {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        self.check_files(context)?;
        let memory = Memory::new(self.limits.max_memory(), self.save.is_some());
        let (sender, news) = event_queue(Arc::clone(&memory.output));
        let limits = self.limits.limits();
        let bind =
            |address| HttpListener::bind_sharing(address, limits.clone(), memory.requests.clone());
        let listener = bind(self.address)?;
        let admin = self.admin.map(bind).transpose()?;
        let desk = Arc::new(self.desk(context, &listener, sender, memory.workspace)?);
        context.note_unverifiable(desk.keyring());
        if desk.keyring().is_empty() && !self.address.ip().is_loopback() {
            context.printer.note(&format!(
                "everybody who can reach {} can post here: with `--secret` only the provider can",
                self.address
            ));
        }
        let explainer = Explainer::new(context.candidates(None)?);
        // Weak: the thread that watches outlives this run, and the desk must not.
        let reopening = Arc::downgrade(&desk);
        let signals = context.env.watch_signals_and_reopen(move || {
            if let Some(desk) = reopening.upgrade() {
                desk.reopen_store();
            }
        })?;
        let mut display = Display::start(context, news, signals, explainer, self.redact)?;
        let url = format!("http://{}/", listener.local_addr());
        let stop = StopSignal::new();
        let (handler, signal) = (Arc::clone(&desk), stop.clone());
        let server = embedded::spawn("listener", move || listener.serve(handler, signal))?;
        let admin = admin.map(|admin| {
            let (url, signal) = (format!("http://{}/", admin.local_addr()), stop.clone());
            let handler = Arc::new(Admin(Arc::clone(&desk)));
            let server = embedded::spawn("admin", move || admin.serve(handler, signal));
            server.map(|server| (url, server))
        });
        let admin = admin.transpose()?;
        let admin_url = admin.as_ref().map(|(url, _)| url.clone());
        // A pipe that nobody reads keeps nothing waiting, and is left when the listener ends.
        let announced = self.announce(context, &url, admin_url, &mut display);
        if announced.is_ok() {
            self.follow(context, &server, &desk, &mut display);
        }
        let ended = display.signal();
        stop.stop();
        let outcome = joined(server);
        let admin = admin.map_or(Ok(()), |(_, admin)| joined(admin));
        if let Err(error) = announced {
            display.restore(context, 0);
            return Err(error);
        }
        let saved_to = self.save.as_ref().map(|path| path.display().to_string());
        let printed = display.end(context, &desk, saved_to);
        outcome.and(admin)?;
        printed?;
        Ok(ended.unwrap_or_else(|| self.exit(&desk.counts())))
    }

    /// Refuses one file for two purposes, of which one would replace what the other has saved.
    fn check_files(&self, context: &Context<'_>) -> Result<(), Error> {
        if let Some(ready) = &self.ready_file {
            context.check_output("--ready-file", ready)?;
        }
        let pair = self.ready_file.as_ref().zip(self.save.as_ref());
        match pair.filter(|(ready, save)| output_file::leads_to_same_file(ready, save)) {
            None => Ok(()),
            Some((ready, _)) => Err(Error::Option {
                message: format!("`--ready-file` and `--save` both name `{}`", ready.display()),
                hint: "give each a file of its own".to_owned(),
            }),
        }
    }

    /// Everything that answers requests.
    fn desk(
        &self,
        context: &mut Context<'_>,
        listener: &HttpListener,
        news: EventSender,
        workspace: Workspace,
    ) -> Result<WebhookService, Error> {
        let keyring = context.keyring()?;
        let strictness = Strictness {
            strict: self.strict,
            payloads: match self.unverified {
                Stance::Warn => Payloads::All,
                Stance::Reject => Payloads::Verified,
            },
        };
        let assumed = context.provider().map(str::to_owned);
        let judge = Judge::new(context.packs.clone(), keyring, assumed, strictness);
        let store = match &self.save {
            None => None,
            Some(path) => {
                let keep = Keep { captures: self.keep, bytes: self.keep_size };
                let Opened { store, notes } = Store::open(path, keep, context.env.random_u64())?;
                for note in notes {
                    context.printer.note(&note);
                }
                Some(store)
            }
        };
        let routes = self.forwarding.routes(context, listener.local_addr())?;
        let forwards = Forwards::new(routes, self.forwarding.options(listener.memory()))?;
        for event in self.answers.events() {
            context.packs.of_event(event, context.provider())?;
        }
        let policy = Policy {
            unverified: self.unverified,
            invalid: self.invalid,
            respond: self.answers.answers()?,
            mishaps: self.answers.mishaps(),
            remarks: true,
        };
        Ok(WebhookService::new(ServiceParts {
            judge,
            store,
            forwards,
            policy,
            shown: Shown::of(context.printer),
            env: context.env.clone(),
            news,
            workspace,
            load: listener.load(),
            has_admin: self.admin.is_some(),
            admin_hosts: AdminHosts::new(self.admin_host.clone()),
            ledger: Ledger::with_capacity(usize::try_from(self.remember).unwrap_or(usize::MAX)),
        }))
    }

    /// Says that the socket accepts, on standard output and in the file.
    fn announce(
        &self,
        context: &mut Context<'_>,
        url: &str,
        admin: Option<String>,
        display: &mut Display,
    ) -> Result<Option<Offer>, Error> {
        let providers = context.packs.iter().map(|pack| pack.provider.id.clone()).collect();
        let saving_to = self.save.as_ref().map(|path| path.display().to_string());
        let forwarding_to = self.forwarding.shown();
        display.show(context, &Ready { url, providers, saving_to, forwarding_to, admin });
        let Some(path) = &self.ready_file else { return Ok(None) };
        Ok(output_file::offer("ready file", path, format!("{url}\n").into_bytes())?)
    }

    /// Prints what arrives until a signal, the count or the time ends it.
    fn follow(
        &self,
        context: &mut Context<'_>,
        server: &JoinHandle<Result<(), IoError>>,
        desk: &WebhookService,
        display: &mut Display,
    ) {
        // A time beyond the clock's end is as good as none.
        let end = self.timeout.and_then(|limit| Instant::now().checked_add(limit));
        while display.step(context, desk) == DisplayStep::GoOn {
            let enough = self.count.is_some_and(|count| desk.counts().requests >= count);
            let late = end.is_some_and(|end| Instant::now() >= end);
            if enough || late || server.is_finished() {
                return;
            }
        }
    }

    fn exit(&self, counts: &Counts) -> Exit {
        match self.count {
            Some(count) if counts.requests < count => Exit::Incomplete,
            Some(_) if counts.invalid > 0 => Exit::No,
            Some(_) if counts.unchecked > 0 => Exit::Incomplete,
            Some(_) | None => Exit::Yes,
        }
    }
}
