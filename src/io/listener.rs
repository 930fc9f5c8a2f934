//! Listens on a socket and turns what arrives into messages, under limits.
//!
//! hyper reads HTTP/1.0 and HTTP/1.1; `io::wire` keeps the heads as they were written.
//! [`Listener::serve`] blocks; a [`Handler`] is asked on the threads of the connections, so that a
//! request which nothing has to be waited for costs no change of threads.
//!
//! A request is handed on when it is complete and has one reading only. It is refused, and its
//! connection closed, when a limit is passed, when the sender breaks off, and where RFC 9112 lets
//! two readers disagree: lines without CR, no `Host` in HTTP/1.1, two of them, two lengths, a
//! length beside a transfer coding; `CONNECT` is refused too. `Upgrade` and unknown expectations
//! are ignored.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use std::{fmt, io};

use hyper::server::conn::http1;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};
use tokio::{runtime, time};

use crate::domain::message::{Message, Response};
use crate::io::error::Error;
pub use crate::io::wire::Fault;

pub use self::refusal::{Part, Refusal};
use self::seats::Seats;

mod connection;
mod exchange;
mod refusal;
mod seats;
mod socket;

/// How long to wait when the system gives no socket.
const BACK_OFF: Duration = Duration::from_millis(50);

/// How many connections may wait to be accepted; most systems have a bound of their own.
const BACKLOG: u32 = 4096;

/// Threads that serve connections.
const THREADS: usize = 2;

/// No deadline is longer, so that no sum of times overflows.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What a sender may ask of the listener.
///
/// Besides these, a head has at most 256 header lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one body.
    pub max_body: u64,
    /// Bytes of all bodies held at once.
    pub max_bodies: u64,
    /// Bytes of a request line with its headers.
    pub max_header: usize,
    /// Bytes of a request target; hyper's own limit is 65,534.
    pub max_target: usize,
    /// Connections; one more makes the oldest idle one leave.
    pub max_connections: usize,
    /// Requests of one connection; the answer to the last one closes it.
    pub max_requests: u64,
    /// The time to the first byte of a request, from the connection or the last answer on.
    pub idle_timeout: Duration,
    /// The time between two parts of a request.
    pub read_timeout: Duration,
    /// The time from the first byte of a request to the last.
    pub request_timeout: Duration,
    /// The time for a sender to take a part of the answer; three times as long in all.
    pub write_timeout: Duration,
    /// The time to answer what is in flight after the stop signal.
    pub drain_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body: 16 * 1024 * 1024,
            max_bodies: 256 * 1024 * 1024,
            // A LeadPro token of 131 KB is one header.
            max_header: 256 * 1024,
            // RFC 9110, section 4.1, asks for 8000 at least.
            max_target: 8 * 1024,
            max_connections: 1024,
            max_requests: 10_000,
            idle_timeout: Duration::from_secs(15),
            read_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(10),
            drain_timeout: Duration::from_secs(5),
        }
    }
}

/// One complete request and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The sender's address.
    pub remote: SocketAddr,
    /// The request, byte for byte.
    pub message: Message,
}

/// What a handler makes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// This goes back.
    ///
    /// The framing is the listener's: `Content-Length`, `Transfer-Encoding` and the like in the
    /// response are left out, as is every header that HTTP could not carry. `Connection: close`
    /// closes. A status under 200 or over 999 becomes 500.
    Respond(Response),
    /// Nothing goes back: the connection is closed.
    Drop,
}

/// An answer that is on its way.
pub type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// What answers the requests, several at once.
pub trait Handler: Send + Sync + 'static {
    /// Answers one complete request.
    ///
    /// It must not block: others wait for the same thread. A panic, here or in what it gives, is
    /// answered with 500, and everything else lives on.
    fn answer(self: Arc<Self>, received: Received) -> Answering;

    /// Is told of what never became a request; the sender has got its status already. It must not
    /// block either.
    fn refused(&self, remote: SocketAddr, refusal: &Refusal);
}

/// Ends [`Listener::serve`] from any thread. Clones are one signal.
#[derive(Clone, Debug, Default)]
pub struct StopSignal(watch::Sender<bool>);

impl StopSignal {
    /// A signal that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the signal; it stays set.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether the signal is set.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the signal is set.
    async fn stopped(&self) {
        // The sender is `self`, so the channel cannot close before.
        let _ = self.0.subscribe().wait_for(|stopped| *stopped).await;
    }
}

/// A bound socket that is not served yet.
#[derive(Debug)]
pub struct Listener {
    runtime: Runtime,
    socket: TcpListener,
    local: SocketAddr,
    limits: Limits,
    load: Load,
}

/// How much is going on. Clones look at the same listener.
#[derive(Clone)]
pub struct Load {
    seats: Arc<Seats>,
    /// Bytes of bodies held now.
    held: Arc<AtomicU64>,
}

impl Load {
    /// Open connections.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.seats.open() as u64
    }

    /// Bytes of bodies held.
    #[must_use]
    pub fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (connections, held) = (self.connections(), self.held());
        f.debug_struct("Load").field("connections", &connections).field("held", &held).finish()
    }
}

/// What all connections share.
struct Server {
    http: http1::Builder,
    handler: Arc<dyn Handler>,
    limits: Limits,
    stop: StopSignal,
    load: Load,
}

impl Listener {
    /// Binds `addr`; port 0 lets the system choose. Not to be called from async code, nor is
    /// [`serve`](Self::serve).
    pub fn bind(addr: SocketAddr, limits: Limits) -> Result<Self, Error> {
        Self::bound(addr, limits).map_err(|source| Error::Bind { address: addr, source })
    }

    fn bound(addr: SocketAddr, mut limits: Limits) -> io::Result<Self> {
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
        let load = Load { seats: Seats::new(limits.max_connections), held: Arc::default() };
        Ok(Self { runtime, socket, local, limits, load })
    }

    /// The address in use, with the port the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
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

    /// Tells the handler.
    fn report(&self, remote: SocketAddr, refusal: &Refusal) {
        // A panic in there is the handler's own affair.
        let tell = AssertUnwindSafe(|| self.handler.refused(remote, refusal));
        let _ = std::panic::catch_unwind(tell);
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
