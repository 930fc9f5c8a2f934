//! Listens on a socket and turns what arrives into messages, under limits.
//!
//! hyper reads HTTP/1.0 and HTTP/1.1; `io::wire` keeps the heads as they were written. Async ends
//! in this module: [`Listener::serve`] blocks, and a [`Handler`] is called on a thread of its own.
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
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use hyper::server::conn::http1;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::sync::watch;
use tokio::time;

use crate::domain::message::Message;
use crate::domain::message::Response;
pub use crate::io::wire::Fault;

pub use self::refusal::Part;
pub use self::refusal::Refusal;
use self::seats::Seats;

mod connection;
mod exchange;
mod refusal;
mod seats;
mod socket;

/// How long to wait when the system gives no socket.
const BACK_OFF: Duration = Duration::from_millis(50);

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
    /// Threads on which a handler works.
    pub max_workers: usize,
    /// The time for a head, from the first byte or the last answer on; also for each part of a
    /// body, which has three times as long in all.
    pub read_timeout: Duration,
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
            max_workers: 64,
            read_timeout: Duration::from_secs(10),
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

/// What answers the requests.
///
/// Both functions are called on threads that may block, several at once. A panic in
/// [`answer`](Self::answer) is answered with 500; everything else lives on.
pub trait Handler: Send + Sync + 'static {
    /// Answers one complete request.
    ///
    /// The framing is the listener's: `Content-Length`, `Transfer-Encoding` and the like in the
    /// response are left out, as is every header that HTTP could not carry. `Connection: close`
    /// closes. A status under 200 or over 999 becomes 500.
    fn answer(&self, received: Received) -> Response;

    /// Is told of what never became a request; the sender has got its status already.
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
}

/// What all connections share.
struct Server {
    http: http1::Builder,
    handler: Arc<dyn Handler>,
    limits: Limits,
    stop: StopSignal,
    seats: Arc<Seats>,
    /// Bytes of bodies held now.
    held: AtomicU64,
}

impl Listener {
    /// Binds `addr`; port 0 lets the system choose. Not to be called from async code, nor is
    /// [`serve`](Self::serve).
    pub fn bind(addr: SocketAddr, mut limits: Limits) -> io::Result<Self> {
        limits.read_timeout = limits.read_timeout.min(LONGEST);
        limits.write_timeout = limits.write_timeout.min(LONGEST);
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(limits.max_workers.max(1))
            .thread_name("listener")
            .enable_io()
            .enable_time()
            .build()?;
        let socket = runtime.block_on(TcpListener::bind(addr))?;
        let local = socket.local_addr()?;
        Ok(Self { runtime, socket, local, limits })
    }

    /// The address in use, with the port the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Serves until `stop` is set, then stops accepting, answers what is in flight within
    /// [`Limits::drain_timeout`], and returns. What is incomplete by then is dropped without an
    /// answer, and a handler that is still at work is left behind.
    ///
    /// Errors only when the socket itself is of no use any more.
    pub fn serve(self, handler: Arc<dyn Handler>, stop: StopSignal) -> io::Result<()> {
        let Self { runtime, socket, limits, .. } = self;
        let seats = Seats::new(limits.max_connections);
        let http = connection::http(&limits);
        let held = AtomicU64::new(0);
        let server = Arc::new(Server { http, handler, limits, stop, seats, held });
        let outcome = runtime.block_on(server.run(socket));
        // Dropping the runtime would wait for handlers, however long they take.
        runtime.shutdown_background();
        outcome
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
                        self.seats.shrink();
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
        let seated = self.seats.take().await;
        // Without it a small answer may wait for an acknowledgement; it is served all the same.
        let _ = stream.set_nodelay(true);
        let server = Arc::clone(self);
        tokio::spawn(async move {
            connection::serve(server, stream, remote, seated).await;
            drop(open);
        });
    }

    /// Tells the handler, on a thread that may block.
    async fn report(self: &Arc<Self>, remote: SocketAddr, refusal: Refusal) {
        let handler = Arc::clone(&self.handler);
        // A panic in there is the handler's own affair.
        let _ = tokio::task::spawn_blocking(move || handler.refused(remote, &refusal)).await;
    }
}

#[cfg(test)]
mod tests;
