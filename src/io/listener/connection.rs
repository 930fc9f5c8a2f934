//! Connection lifecycle: serves the requests of one connection and reports how it ended.

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

/// The maximum time to continue reading after the last response.
///
/// Closing a socket with unread bytes resets the connection, and the sender may lose the response.
const LINGER: Duration = Duration::from_secs(2);

/// The maximum time to write an error response that hyper does not write.
const ERROR_WRITE_TIMEOUT: Duration = Duration::from_millis(500);

/// The minimum buffer size that hyper accepts; it is added to the maximum size of a head.
const MIN_BUFFER: usize = 8 * 1024;

/// The reason why HTTP on a connection ended.
enum ConnectionEnd {
    /// hyper finished.
    Served(hyper::Result<()>),
    /// The connection was evicted, or was idle when the listener stopped.
    Evicted,
}

/// The refusal with which a connection ended.
struct FinalRefusal {
    refusal: Refusal,
    /// `true` if hyper has written the status.
    is_sent: bool,
}

/// Returns the hyper configuration for every connection.
pub(super) fn http_builder(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    // `Socket` applies all deadlines, because it knows the phase of the request.
    http.header_read_timeout(None)
        // A sender may close its side after the request and still wait for the response.
        .half_close(true)
        // The handler has the clock.
        .auto_date_header(false)
        .max_headers(MAX_REQUEST_FIELDS)
        .max_header_size(limits.max_header)
        .max_buf_size(limits.max_header.saturating_add(MIN_BUFFER))
        .title_case_headers(true);
    http
}

/// Serves the requests of a connection, and reports anything else that arrived on it.
pub(super) async fn serve(
    server: Arc<Server>,
    stream: TcpStream,
    remote: SocketAddr,
    guard: SlotGuard,
) {
    let slot = Arc::clone(&guard.slot);
    let recorder = Arc::new(Mutex::new(HeadRecorder::new(server.limits.max_header)));
    let slots = Arc::clone(&server.load.slots);
    let socket =
        Socket::new(stream, Arc::clone(&recorder), Arc::clone(&slot), slots, &server.limits);
    let (refusal, requests) = (Mutex::new(None), AtomicU64::new(0));
    let connection = Arc::new(Connection { server, remote, recorder, slot, refusal, requests });

    let (end, mut stream) = connection.serve_http(socket).await;
    let refused = connection.final_refusal(&end);
    // hyper's buffer is dropped and the recorded head was used: release the memory of both now,
    // because the sender may take long to read the response.
    lock(&connection.recorder).stop();
    connection.slot.buffers.release();
    if let Some(FinalRefusal { refusal, is_sent: false }) = &refused
        && !connection.slot.is_writing()
    {
        write_refusal(&mut stream, refusal).await;
    }
    let server = &connection.server;
    if let Some(refused) = refused {
        server.report(remote, &refused.refusal);
    }
    guard.slot.set_idle();
    if let ConnectionEnd::Served(_) = end {
        tokio::select! {
            () = drain(&mut stream) => {}
            () = guard.slot.wait_until_closing() => {}
            () = server.stop.wait_until_stopped() => {}
        }
    }
}

impl Connection {
    /// Lets hyper serve the socket until it finishes or the connection is evicted.
    async fn serve_http(self: &Arc<Self>, socket: Socket) -> (ConnectionEnd, TcpStream) {
        let service = service_fn(|request| exchange::exchange(request, Arc::clone(self)));
        let mut http = self.server.http.serve_connection(TokioIo::new(socket), service);
        let mut stopped = pin!(self.server.stop.wait_until_stopped());
        let mut stopping = false;
        let end = loop {
            tokio::select! {
                served = &mut http => break ConnectionEnd::Served(served),
                () = self.slot.wait_until_closing() => break ConnectionEnd::Evicted,
                () = &mut stopped, if !stopping => {
                    stopping = true;
                    // A request in flight still gets its response.
                    self.slot.close_if_idle();
                    std::pin::Pin::new(&mut http).graceful_shutdown();
                }
            }
        };
        (end, http.into_parts().io.into_inner().stream)
    }

    /// Returns the refusal with which the connection ended, if a request was refused or incomplete.
    fn final_refusal(&self, end: &ConnectionEnd) -> Option<FinalRefusal> {
        if let Some(refusal) = lock(&self.refusal).take() {
            return Some(FinalRefusal { refusal, is_sent: true });
        }
        let limits = &self.server.limits;
        let recorder = lock(&self.recorder);
        let error = match end {
            ConnectionEnd::Served(Ok(())) => return None,
            ConnectionEnd::Served(Err(error)) => error,
            ConnectionEnd::Evicted => {
                let refusal = self.close_reason();
                let begun = recorder.unfinished_head().is_some() || self.slot.was_evicted_in_body();
                return begun.then_some(FinalRefusal { refusal, is_sent: false });
            }
        };
        if is_out_of_memory(error) {
            let limit = self.server.load.memory.limit();
            return Some(FinalRefusal { refusal: Refusal::Busy { limit }, is_sent: false });
        }
        if error.is_parse() {
            let refusal = Refusal::diagnose(recorder.pending_head(), limits).unwrap_or_else(|| {
                if error.is_parse_too_large() {
                    Refusal::HeadTooLarge { limit: limits.max_header }
                } else {
                    Refusal::NotHttp { reason: error.to_string(), looks_like_tls: false }
                }
            });
            // hyper writes no response to a client of HTTP/2.
            return Some(FinalRefusal { refusal, is_sent: !error.is_parse_version_h2() });
        }
        let raw = recorder.unfinished_head()?;
        let refusal = Refusal::diagnose(raw, limits).unwrap_or_else(|| {
            if is_timeout(error) {
                Refusal::TooSlow { part: RefusedPart::Head }
            } else {
                let received = raw.len() as u64;
                Refusal::BrokenOff { part: RefusedPart::Head, received, expected: None }
            }
        });
        Some(FinalRefusal { refusal, is_sent: false })
    }
}

/// Writes the error response of a refusal to which hyper does not respond.
async fn write_refusal(stream: &mut TcpStream, refusal: &Refusal) {
    let status = refusal.status();
    let name = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let response = Response::text(status, format!("{refusal}\n"));
    let mut bytes = write_response_head(&response, name.unwrap_or_default());
    bytes.extend_from_slice(&response.body);
    // The sender may have closed the connection.
    let _ = time::timeout(ERROR_WRITE_TIMEOUT, stream.write_all(&bytes)).await;
}

/// Closes the write side, and reads until the sender closes or [`LINGER`] is over.
async fn drain(stream: &mut TcpStream) {
    let _ = stream.shutdown().await;
    let _ = time::timeout(LINGER, tokio::io::copy(stream, &mut tokio::io::sink())).await;
}
