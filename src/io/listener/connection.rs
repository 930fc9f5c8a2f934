//! The life of one connection, from the first byte to the last.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::StatusCode;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time;

use crate::domain::message::Response;
use crate::protocols::http1::{MAX_REQUEST_FIELDS, write_response_head};

use super::connection_slots::SlotGuard;
use super::exchange;
use super::head_recorder::HeadRecorder;
use super::limits::Limits;
use super::lock::lock;
use super::refusal::{Refusal, RefusedPart};
use super::server::Server;
use super::session::{Connection, is_out_of_memory, is_timeout};
use super::socket::Socket;

/// How long to go on reading after the last answer. Closing with unread bytes would reset the
/// connection, and take the answer away before the sender has read it.
const LINGER: Duration = Duration::from_secs(2);

/// How long a status may take that hyper does not write.
const LAST_WORD: Duration = Duration::from_millis(500);

/// The smallest buffer that hyper takes, and what it gets beyond the longest head.
const LEAST_BUFFER: usize = 8 * 1024;

/// How the HTTP on a connection ended.
enum End {
    /// hyper is done.
    Served(hyper::Result<()>),
    /// The connection was idle and had to leave.
    Gone,
}

/// A refusal, and who has to tell the sender.
struct Verdict {
    refusal: Refusal,
    /// Whether hyper has written the status.
    told: bool,
}

/// What hyper is to do on every connection.
pub(super) fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    // All deadlines are the socket's, which knows what it waits for.
    http.header_read_timeout(None)
        // A sender may close its side after the request and still wait for the answer.
        .half_close(true)
        // The clock is the handler's.
        .auto_date_header(false)
        .max_headers(MAX_REQUEST_FIELDS)
        .max_header_size(limits.max_header)
        .max_buf_size(limits.max_header.saturating_add(LEAST_BUFFER))
        .title_case_headers(true);
    http
}

/// Serves the requests of a connection, and says what else arrived on it.
pub(super) async fn serve(
    server: Arc<Server>,
    stream: TcpStream,
    remote: SocketAddr,
    seated: SlotGuard,
) {
    let seat = Arc::clone(&seated.seat);
    let recorder = Arc::new(Mutex::new(HeadRecorder::new(server.limits.max_header)));
    let seats = Arc::clone(&server.load.seats);
    let socket =
        Socket::new(stream, Arc::clone(&recorder), Arc::clone(&seat), seats, &server.limits);
    let (refusal, requests) = (Mutex::new(None), AtomicU64::new(0));
    let connection = Arc::new(Connection { server, remote, recorder, seat, refusal, requests });

    let (end, mut stream) = connection.talk(socket).await;
    let verdict = connection.judge(&end);
    // hyper's buffer is gone, and what was recorded has had its use: neither waits for the sender.
    lock(&connection.recorder).stop();
    connection.seat.buffers.release();
    if let Some(Verdict { refusal, told: false }) = &verdict
        && !connection.seat.is_writing()
    {
        tell(&mut stream, refusal).await;
    }
    let server = &connection.server;
    if let Some(verdict) = verdict {
        server.report(remote, &verdict.refusal);
    }
    seated.seat.rest();
    if let End::Served(_) = end {
        tokio::select! {
            () = drain(&mut stream) => {}
            () = seated.seat.evicted() => {}
            () = server.stop.stopped() => {}
        }
    }
}

impl Connection {
    /// Lets hyper serve the socket until it is done or the connection has to leave.
    async fn talk(self: &Arc<Self>, socket: Socket) -> (End, TcpStream) {
        let service = service_fn(|request| exchange::exchange(request, Arc::clone(self)));
        let mut http = self.server.http.serve_connection(TokioIo::new(socket), service);
        let mut stopped = pin!(self.server.stop.stopped());
        let mut stopping = false;
        let end = loop {
            tokio::select! {
                served = &mut http => break End::Served(served),
                () = self.seat.evicted() => break End::Gone,
                () = &mut stopped, if !stopping => {
                    stopping = true;
                    // One that is not idle goes on, up to the end of its answer.
                    self.seat.leave();
                    std::pin::Pin::new(&mut http).graceful_shutdown();
                }
            }
        };
        (end, http.into_parts().io.into_inner().stream)
    }

    /// Why the connection ended, if that is worth telling.
    fn judge(&self, end: &End) -> Option<Verdict> {
        if let Some(refusal) = lock(&self.refusal).take() {
            return Some(Verdict { refusal, told: true });
        }
        let limits = &self.server.limits;
        let recorder = lock(&self.recorder);
        let error = match end {
            End::Served(Ok(())) => return None,
            End::Served(Err(error)) => error,
            End::Gone => {
                let refusal = self.farewell();
                let begun = recorder.begun().is_some() || self.seat.was_cut();
                return begun.then_some(Verdict { refusal, told: false });
            }
        };
        if is_out_of_memory(error) {
            let limit = self.server.load.memory.limit();
            return Some(Verdict { refusal: Refusal::Busy { limit }, told: false });
        }
        if error.is_parse() {
            let refusal = Refusal::diagnose(recorder.pending(), limits).unwrap_or_else(|| {
                if error.is_parse_too_large() {
                    Refusal::HeadTooLarge { limit: limits.max_header }
                } else {
                    Refusal::NotHttp { reason: error.to_string(), looks_like_tls: false }
                }
            });
            // hyper has nothing to say to a client of HTTP/2.
            return Some(Verdict { refusal, told: !error.is_parse_version_h2() });
        }
        let raw = recorder.begun()?;
        let refusal = Refusal::diagnose(raw, limits).unwrap_or_else(|| {
            if is_timeout(error) {
                Refusal::TooSlow { part: RefusedPart::Head }
            } else {
                let received = raw.len() as u64;
                Refusal::BrokenOff { part: RefusedPart::Head, received, expected: None }
            }
        });
        Some(Verdict { refusal, told: false })
    }
}

/// Writes the status of a refusal which hyper leaves to us.
async fn tell(stream: &mut TcpStream, refusal: &Refusal) {
    let status = refusal.status();
    let name = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let response = Response::text(status, format!("{refusal}\n"));
    let mut bytes = write_response_head(&response, name.unwrap_or_default());
    bytes.extend_from_slice(&response.body);
    // The sender may be gone already.
    let _ = time::timeout(LAST_WORD, stream.write_all(&bytes)).await;
}

/// Closes the writing side and reads what still arrives, for a while.
async fn drain(stream: &mut TcpStream) {
    let _ = stream.shutdown().await;
    let _ = time::timeout(LINGER, tokio::io::copy(stream, &mut tokio::io::sink())).await;
}
