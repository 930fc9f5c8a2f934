//! Listens on a socket and turns what arrives into messages, under limits.
//!
//! hyper reads HTTP/1.0 and HTTP/1.1; `head_recorder` keeps the heads as they were written.
//! [`Listener::serve`] blocks; a [`Handler`] is asked on the threads of the connections, so that a
//! request which nothing has to be waited for costs no change of threads.
//!
//! A request is handed on when it is complete and has one reading only. It is refused, and its
//! connection closed, when a limit is passed, when the sender breaks off, and where RFC 9112 lets
//! two readers disagree: lines without CR, no `Host` in HTTP/1.1, two of them, two lengths, a
//! length beside a transfer coding; `CONNECT` is refused too. `Upgrade` and unknown expectations
//! are ignored.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::{runtime, time};

use crate::io::error::Error;
use crate::io::memory::MemoryBudget;

use self::connection_slots::ConnectionSlots;
pub use self::handler::{Handler, Received, Reply, ReplyFuture};
pub use self::limits::Limits;
pub use self::refusal::{Refusal, RefusedPart};
use self::server::Server;
pub use self::server::{Load, StopSignal};

mod buffers;
mod connection;
mod connection_slots;
mod exchange;
mod handler;
mod head_recorder;
mod limits;
mod lock;
mod refusal;
mod server;
mod session;
mod socket;

/// How long to wait when the system gives no socket.
const BACK_OFF: Duration = Duration::from_millis(50);

/// How many connections may wait to be accepted; most systems have a bound of their own.
const BACKLOG: u32 = 4096;

/// Threads that serve connections.
const THREADS: usize = 2;

/// The part of the memory that the buffers of connections may take. What is left keeps bodies coming
/// while somebody opens connections and never finishes a head.
const BUFFERS_SHARE: u64 = 4;

/// No deadline is longer, so that no sum of times overflows.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A bound socket that is not served yet.
#[derive(Debug)]
pub struct HttpListener {
    runtime: Runtime,
    socket: TcpListener,
    local: SocketAddr,
    limits: Limits,
    load: Load,
}

impl HttpListener {
    /// Binds `addr`; port 0 lets the system choose. Not to be called from async code, nor is
    /// [`serve`](Self::serve).
    pub fn bind(addr: SocketAddr, limits: Limits) -> Result<Self, Error> {
        let memory = MemoryBudget::new(limits.max_memory);
        Self::bind_sharing(addr, limits, memory)
    }

    /// Binds `addr` as [`bind`](Self::bind) does, and counts what it holds in `memory`.
    pub fn bind_sharing(
        addr: SocketAddr,
        limits: Limits,
        memory: Arc<MemoryBudget>,
    ) -> Result<Self, Error> {
        let bound = Self::bound(addr, limits, memory);
        bound.map_err(|source| Error::Bind { address: addr, source })
    }

    fn bound(addr: SocketAddr, mut limits: Limits, memory: Arc<MemoryBudget>) -> io::Result<Self> {
        for timeout in [
            &mut limits.idle_timeout,
            &mut limits.read_timeout,
            &mut limits.request_timeout,
            &mut limits.write_timeout,
        ] {
            *timeout = (*timeout).min(LONGEST);
        }
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("listener")
            .enable_io()
            .enable_time()
            .build()?;
        let socket = runtime.block_on(async { bind(addr) })?;
        let local = socket.local_addr()?;
        let buffers = memory.share(memory.limit() / BUFFERS_SHARE);
        let load = Load { seats: ConnectionSlots::new(limits.max_connections, buffers), memory };
        Ok(Self { runtime, socket, local, limits, load })
    }

    /// The address in use, with the port the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// The memory that everything in flight shares.
    #[must_use]
    pub fn memory(&self) -> &Arc<MemoryBudget> {
        &self.load.memory
    }

    /// How much is going on.
    #[must_use]
    pub fn load(&self) -> Load {
        self.load.clone()
    }

    /// Serves until `stop` is set, then stops accepting, answers what is in flight within
    /// [`Limits::drain_timeout`], and returns. What is incomplete by then is dropped without an
    /// answer, and a handler that is still at work is left behind.
    ///
    /// Errors only when the socket itself is of no use any more.
    pub fn serve(self, handler: Arc<dyn Handler>, stop: StopSignal) -> Result<(), Error> {
        let Self { runtime, socket, limits, load, .. } = self;
        let http = connection::http(&limits);
        let server = Arc::new(Server { http, handler, limits, stop, load });
        let outcome = runtime.block_on(server.run(socket));
        // Dropping the runtime would wait for handlers, however long they take.
        runtime.shutdown_background();
        outcome.map_err(Error::Serve)
    }
}

impl Server {
    async fn run(self: Arc<Self>, socket: TcpListener) -> io::Result<()> {
        // Nothing is ever sent: the channel closes when the last connection has dropped its end.
        let (open, mut closed) = mpsc::channel::<Infallible>(1);
        let outcome = tokio::select! {
            biased;
            () = self.stop.stopped() => Ok(()),
            error = self.accept(&socket, &open) => Err(error),
        };
        drop((socket, open));
        let _ = time::timeout(self.limits.drain_timeout, closed.recv()).await;
        outcome
    }

    /// Accepts connections until the socket fails for good.
    async fn accept(
        self: &Arc<Self>,
        socket: &TcpListener,
        open: &mpsc::Sender<Infallible>,
    ) -> io::Error {
        loop {
            match socket.accept().await {
                Ok((stream, remote)) => self.admit(stream, remote, open.clone()).await,
                Err(error) => match error.kind() {
                    io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported => return error,
                    io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::Interrupted => {}
                    // Out of descriptors or memory, most likely.
                    _ => {
                        self.load.seats.shrink();
                        time::sleep(BACK_OFF).await;
                    }
                },
            }
        }
    }

    async fn admit(
        self: &Arc<Self>,
        stream: TcpStream,
        remote: SocketAddr,
        open: mpsc::Sender<Infallible>,
    ) {
        let seated = self.load.seats.take().await;
        // Without it a small answer may wait for an acknowledgement; it is served all the same.
        let _ = stream.set_nodelay(true);
        let server = Arc::clone(self);
        tokio::spawn(async move {
            connection::serve(server, stream, remote, seated).await;
            drop(open);
        });
    }
}

/// A socket that listens, as [`TcpListener::bind`] makes one, for more newcomers at once.
fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On Windows it would let two listeners have one port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

#[cfg(test)]
mod tests;
