//! A listener on a free port, for commands that need one beside them.

use crate::commands::context::Context;
use crate::commands::listen::desk::{Desk, Equipment, News, Policy};
use crate::commands::listen::report::{Also, Shown};
use crate::commands::listen::stance::Stance;
use crate::domain::route::Route;
use crate::domain::script::Answers;
use crate::domain::secret::Keyring;
use crate::domain::status::ResponseScript;
use crate::domain::target::Target;
use crate::engine::judge::{Judge, Strictness};
use crate::engine::ledger::Ledger;
use crate::engine::mishap::Mishaps;
use crate::error::Error;
use crate::io::forward::{ForwardOptions, Forwards};
use crate::io::listener::{Limits, Listener, StopSignal};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How many lines may wait between two looks.
const LINES_WAITING: usize = 100;

/// Deadline of a delivery that is passed on.
const FORWARD_TIMEOUT: Duration = Duration::from_secs(10);

/// A running listener.
pub struct Wiretap {
    /// Its address.
    pub target: Target,
    news: Receiver<News>,
    stop: StopSignal,
    thread: JoinHandle<io::Result<()>>,
}

impl Wiretap {
    /// Starts it. It passes on to `forward`, or answers after `respond`, or with 200.
    pub fn start(
        context: &Context<'_>,
        keyring: Keyring,
        forward: Option<&Target>,
        respond: Option<ResponseScript>,
    ) -> Result<Self, Error> {
        let judge = Judge::new(context.packs.clone(), keyring, None, Strictness::default());
        let routes = forward.cloned().map(|target| Route { event: None, target });
        let options = ForwardOptions { timeout: Some(FORWARD_TIMEOUT), keep_host: false };
        let forwards = Forwards::new(routes.into_iter().collect(), options)?;
        let respond = respond.map_or_else(Answers::default, Answers::all);
        let policy = Policy {
            unverified: Stance::Reject,
            invalid: Stance::Warn,
            respond,
            mishaps: Mishaps::default(),
            remarks: false,
        };
        let (sender, news) = sync_channel(LINES_WAITING);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = Listener::bind(address, Limits::default());
        let listener = listener.map_err(|source| Error::Bind { address, source })?;
        let desk = Arc::new(Desk::new(Equipment {
            judge,
            store: None,
            forwards,
            policy,
            shown: Shown::of(context.printer),
            env: context.env.clone(),
            news: sender,
            load: listener.load(),
            has_admin: false,
            ledger: Ledger::default(),
        }));
        let target = Target::parse(&format!("http://{}/", listener.local_addr()))?;
        let stop = StopSignal::new();
        let signal = stop.clone();
        let thread = std::thread::spawn(move || listener.serve(desk, signal));
        Ok(Self { target, news, stop, thread })
    }

    /// Prints what arrived since the last look. A request is news before it is answered.
    pub fn print_news(&self, context: &mut Context<'_>) -> Result<(), Error> {
        while let Ok(news) = self.news.try_recv() {
            match news {
                News::Request(request) => context.printer.report(&*request)?,
                News::Forwarded(seq, forward) => context.printer.report(&Also { seq, forward })?,
                News::Trouble(text) => context.printer.note(&text),
                News::Visit(text) => context.printer.detail(&text),
            }
        }
        Ok(())
    }

    /// Stops it when everything in flight is answered.
    pub fn stop(self) -> Result<(), Error> {
        self.stop.stop();
        joined(self.thread)
    }
}

/// Waits for the thread that serves.
pub(super) fn joined(server: JoinHandle<io::Result<()>>) -> Result<(), Error> {
    let panicked = |_| Err(io::Error::other("the server panicked"));
    server.join().unwrap_or_else(panicked).map_err(Error::Serve)
}
