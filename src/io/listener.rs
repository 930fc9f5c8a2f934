//! HTTP listener: accepts connections and passes complete requests to a handler, within limits.
//!
//! hyper parses HTTP/1.0 and HTTP/1.1; `head_recorder` keeps the heads as they were written.
//! [`HttpListener::serve`] blocks. The [`Handler`] runs on the threads of the connections, so that
//! a request without I/O needs no thread switch.
//!
//! A request is passed on when it is complete and unambiguous. It is refused, and its connection
//! closed, if it exceeds a limit, if the sender disconnects, and if two parsers could read it in
//! different ways (RFC 9112): lines without CR, no `Host` in HTTP/1.1 or two of them, two lengths,
//! a length together with a transfer coding. `CONNECT` is refused too. `Upgrade` and unknown
//! expectations are ignored.

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
pub use self::handler::{Handler, ReceivedRequest, Reply, ReplyFuture};
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

/// The time to wait before the next attempt to accept after the system ran out of resources.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);

/// The maximum number of connections in the kernel's backlog; most systems lower it.
const BACKLOG: u32 = 4096;

/// The number of threads that serve connections.
const THREADS: usize = 2;

/// The divisor of the memory limit that gives the limit for the buffers of connections.
///
/// The remaining memory stays available to bodies if a client opens connections and never finishes
/// a head.
const BUFFERS_DIVISOR: u64 = 4;

/// The maximum of every timeout, so that no sum of times overflows.
const MAX_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

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
    /// Binds `addr`; with port 0 the system chooses the port.
    ///
    /// Must not be called from async code, nor must [`serve`](Self::serve).
    pub fn bind(addr: SocketAddr, limits: Limits) -> Result<Self, Error> {
        let memory = MemoryBudget::new(limits.max_memory);
        Self::bind_with_memory(addr, limits, memory)
    }

    /// Binds `addr` as [`bind`](Self::bind) does, and counts heads and bodies in `memory`.
    pub fn bind_with_memory(
        addr: SocketAddr,
        limits: Limits,
        memory: Arc<MemoryBudget>,
    ) -> Result<Self, Error> {
        let bound = Self::try_bind(addr, limits, memory);
        bound.map_err(|source| Error::Bind { address: addr, source })
    }

    fn try_bind(
        addr: SocketAddr,
        mut limits: Limits,
        memory: Arc<MemoryBudget>,
    ) -> io::Result<Self> {
        for timeout in [
            &mut limits.idle_timeout,
            &mut limits.read_timeout,
            &mut limits.request_timeout,
            &mut limits.write_timeout,
        ] {
            *timeout = (*timeout).min(MAX_TIMEOUT);
        }
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("listener")
            .enable_io()
            .enable_time()
            .build()?;
        let socket = runtime.block_on(async { bind(addr) })?;
        let local = socket.local_addr()?;
        let buffers = memory.share(memory.limit() / BUFFERS_DIVISOR);
        let load = Load { slots: ConnectionSlots::new(limits.max_connections, buffers), memory };
        Ok(Self { runtime, socket, local, limits, load })
    }

    /// Returns the bound address, with the port that the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Returns the memory budget that all requests in flight share.
    #[must_use]
    pub fn memory(&self) -> &Arc<MemoryBudget> {
        &self.load.memory
    }

    /// Returns the current load.
    #[must_use]
    pub fn load(&self) -> Load {
        self.load.clone()
    }

    /// Serves until `stop` is set, then stops accepting, responds to requests in flight within
    /// [`Limits::drain_timeout`], and returns. Requests that are incomplete by then are dropped
    /// without a response, and handlers that still run are not waited for.
    ///
    /// Fails only if the listening socket fails permanently.
    pub fn serve(self, handler: Arc<dyn Handler>, stop: StopSignal) -> Result<(), Error> {
        let Self { runtime, socket, limits, load, .. } = self;
        let http = connection::http_builder(&limits);
        let server = Arc::new(Server { http, handler, limits, stop, load });
        let outcome = runtime.block_on(server.run(socket));
        // Dropping the runtime would wait for handlers without a limit.
        runtime.shutdown_background();
        outcome.map_err(Error::Serve)
    }
}

impl Server {
    async fn run(self: Arc<Self>, socket: TcpListener) -> io::Result<()> {
        // Nothing is ever sent: the channel closes when the last connection drops its sender.
        let (open, mut closed) = mpsc::channel::<Infallible>(1);
        let outcome = tokio::select! {
            biased;
            () = self.stop.wait_until_stopped() => Ok(()),
            error = self.accept(&socket, &open) => Err(error),
        };
        drop((socket, open));
        let _ = time::timeout(self.limits.drain_timeout, closed.recv()).await;
        outcome
    }

    /// Accepts connections until the socket fails permanently.
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
                    // Most likely no descriptors or memory are left. With fewer connections, some
                    // are freed.
                    _ => {
                        self.load.slots.shrink();
                        time::sleep(ACCEPT_BACKOFF).await;
                    }
                },
            }
        }
    }

    /// Waits for a slot, then serves the connection on a task.
    async fn admit(
        self: &Arc<Self>,
        stream: TcpStream,
        remote: SocketAddr,
        open: mpsc::Sender<Infallible>,
    ) {
        let guard = self.load.slots.acquire().await;
        // Without it a small response may wait for an acknowledgement. An error is no reason to
        // refuse the connection.
        let _ = stream.set_nodelay(true);
        let server = Arc::clone(self);
        tokio::spawn(async move {
            connection::serve(server, stream, remote, guard).await;
            drop(open);
        });
    }
}

/// Binds a listening socket like [`TcpListener::bind`], with a larger backlog.
fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On Windows it would let two listeners share one port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

#[cfg(test)]
mod tests;
