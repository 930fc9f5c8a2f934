//! Request exchange: receives one request, passes it to the handler and returns the response.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::ext::ReasonPhrase;
use hyper::header::{CONNECTION, DATE, HeaderName, HeaderValue};
use hyper::{HeaderMap, Request, StatusCode, Uri, Version};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use thiserror::Error;

use crate::domain::message::{Headers, Message, Response};
use crate::io::memory::{Budgeted, Reservation};
use crate::protocols::http1::{ProtocolError, RequestHead};

use super::handler::{ReceivedRequest, Reply, ReplyFuture};
use super::lock::lock;
use super::refusal::{Refusal, RefusedPart};
use super::server::Server;
use super::session::{Connection, io_cause, is_out_of_memory, is_timeout};

/// The headers of framing and connection, which are left out of a handler's response: the listener
/// sets them itself.
const LISTENER_HEADERS: [&str; 7] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

type HyperResponse = hyper::Response<Full<Bytes>>;

/// The error that makes hyper close the connection without a response, on [`Reply::Drop`].
#[derive(Debug, Error)]
#[error("no response")]
pub(super) struct NoReply;

/// Returns the response to a request whose head is complete.
pub(super) async fn exchange(
    request: Request<Incoming>,
    connection: Arc<Connection>,
) -> Result<HyperResponse, NoReply> {
    // If the slot is closing, hyper stops serving the connection and the refusal is never written.
    let response = if connection.slot.head_received() {
        match receive(request, &connection).await {
            Ok(message) if connection.slot.request_received() => handle(message, &connection).await,
            Ok(_) => Ok(refuse(connection.close_reason(), &connection)),
            Err(refusal) => Ok(refuse(refusal, &connection)),
        }
    } else {
        Ok(refuse(connection.close_reason(), &connection))
    };
    connection.slot.response_ready();
    response.map(|response| with_date(response, connection.server.handler.date()))
}

/// Adds the `Date` header. hyper's own date panics after the year 9999.
fn with_date(mut response: HyperResponse, now: Option<Timestamp>) -> HyperResponse {
    let date = now.and_then(|now| DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok());
    if let Some(date) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().entry(DATE).or_insert(date);
    }
    response
}

/// Reads the complete request, or returns the reason for its refusal.
async fn receive(
    request: Request<Incoming>,
    connection: &Connection,
) -> Result<Budgeted<Message>, Refusal> {
    let server = &connection.server;
    let head = head_of(&request, connection);
    head.check().map_err(|error| Refusal::Malformed { error })?;
    let limit = server.limits.max_target;
    if head.target.len() > limit {
        return Err(Refusal::TargetTooLong { limit });
    }
    let RequestHead { method, target, http_version, headers, .. } = head;
    let http_version = http_version.to_owned();
    let mut message = Message { method, target, http_version, headers, body: Bytes::new() };
    let mut buffer =
        BodyBuffer { body: Vec::new(), reservation: server.load.memory.empty_reservation() };
    buffer.reserve(message.size_in_memory() as u64)?;
    let BodyBuffer { body, reservation } = read_body(request.into_body(), server, buffer).await?;
    message.body = body.into();
    Ok(Budgeted::new(message, reservation))
}

/// Returns the head as it was written, or as hyper parsed it if the recorder stopped.
fn head_of(request: &Request<Incoming>, connection: &Connection) -> RequestHead {
    let mut recorder = lock(&connection.recorder);
    let written = recorder.next_head().filter(|head| is_same_head(head, request));
    if written.is_none() {
        recorder.stop();
    }
    connection.slot.buffers.head_ended(recorder.bytes_in_memory());
    drop(recorder);
    written.unwrap_or_else(|| head_parsed_by_hyper(request))
}

/// Returns `true` if hyper parsed the same head.
fn is_same_head<B>(head: &RequestHead, request: &Request<B>) -> bool {
    // hyper keeps one of several equal `Content-Length` headers, and none if there is a transfer
    // coding.
    let count = |name: &str| head.headers.get_all(name).count();
    let parsed = request.headers();
    let lengths = parsed.get_all("content-length").iter().count();
    head.method == request.method().as_str()
        && head.http_version == version_name(request.version())
        && head.target.parse::<Uri>().is_ok_and(|target| target == *request.uri())
        && head.headers.len() - count("content-length") == parsed.len() - lengths
        && parsed.keys().all(|name| has_same_values(head, parsed, name))
}

/// Returns `true` if hyper parsed the same values of one header.
fn has_same_values(head: &RequestHead, parsed: &HeaderMap, name: &HeaderName) -> bool {
    let mut written = head.headers.get_all(name.as_str());
    let mut values = parsed.get_all(name).iter().map(HeaderValue::as_bytes);
    if name == "content-length" {
        return values.all(|value| written.any(|other| other == value));
    }
    written.eq(values)
}

/// Returns the head as hyper parsed it: names in lower case, repetitions grouped.
fn head_parsed_by_hyper<B>(request: &Request<B>) -> RequestHead {
    let headers = request.headers().iter();
    RequestHead {
        method: request.method().as_str().to_owned(),
        target: request.uri().to_string(),
        http_version: version_name(request.version()),
        headers: headers.map(|(name, value)| (name.as_str(), value.as_bytes())).collect(),
        has_bare_line_feed: false,
    }
}

/// Returns the name of an HTTP version. hyper serves these two only.
fn version_name(version: Version) -> &'static str {
    if version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" }
}

/// Reads a body to its end, within the limits of size, memory and time.
async fn read_body(
    mut body: Incoming,
    server: &Server,
    mut buffer: BodyBuffer,
) -> Result<BodyBuffer, Refusal> {
    let limits = &server.limits;
    let limit = limits.max_body;
    let expected = body.size_hint().exact();
    if expected.is_some_and(|expected| expected > limit) {
        return Err(Refusal::BodyTooLarge { limit });
    }
    loop {
        let frame = body.frame().await;
        let received = buffer.body.len() as u64;
        let cut_off = Refusal::BrokenOff { part: RefusedPart::Body, received, expected };
        match frame {
            None if expected.is_some_and(|expected| expected != received) => return Err(cut_off),
            None => return Ok(buffer.into_shrunk()),
            Some(Err(error)) if is_malformed(&error) => {
                return Err(Refusal::Malformed { error: ProtocolError::InvalidChunks });
            }
            Some(Err(error)) if is_timeout(&error) => {
                return Err(Refusal::TooSlow { part: RefusedPart::Body });
            }
            Some(Err(error)) if is_out_of_memory(&error) => return Err(buffer.busy_refusal()),
            Some(Err(_)) => return Err(cut_off),
            Some(Ok(frame)) => {
                // Any other frame contains trailers, which are dropped.
                let Ok(data) = frame.into_data() else { continue };
                if received + data.len() as u64 > limit {
                    return Err(Refusal::BodyTooLarge { limit });
                }
                buffer.add(&data, expected)?;
            }
        }
    }
}

/// Returns `true` if the bytes of a body are invalid, and not only incomplete.
fn is_malformed(error: &hyper::Error) -> bool {
    io_cause(error).is_some_and(|cause| {
        matches!(cause.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
    })
}

/// The received part of a body, with the memory reserved for the request.
struct BodyBuffer {
    body: Vec<u8>,
    reservation: Reservation,
}

impl BodyBuffer {
    fn reserve(&mut self, bytes: u64) -> Result<(), Refusal> {
        if self.reservation.grow(bytes) { Ok(()) } else { Err(self.busy_refusal()) }
    }

    fn busy_refusal(&self) -> Refusal {
        Refusal::Busy { limit: self.reservation.limit() }
    }

    /// Appends received bytes, and reserves their memory before it is allocated.
    ///
    /// The capacity doubles like that of a `Vec`, up to the announced length. Announcing a length
    /// reserves nothing: otherwise a sender could exhaust the budget without sending a body.
    fn add(&mut self, data: &[u8], expected: Option<u64>) -> Result<(), Refusal> {
        let (length, room) = (self.body.len() + data.len(), self.body.capacity());
        if length > room {
            let announced = expected.and_then(|expected| usize::try_from(expected).ok());
            let doubled = (2 * room).min(announced.unwrap_or(usize::MAX)).max(length);
            self.reserve((doubled - room) as u64)?;
            self.body.reserve_exact(doubled - self.body.len());
        }
        self.body.extend_from_slice(data);
        Ok(())
    }

    /// Returns the complete body without excess capacity.
    fn into_shrunk(mut self) -> Self {
        let excess = self.body.capacity() - self.body.len();
        self.body.shrink_to_fit();
        self.reservation.shrink(excess as u64);
        self
    }
}

/// Passes the request to the handler, and returns its response.
async fn handle(
    message: Budgeted<Message>,
    connection: &Connection,
) -> Result<HyperResponse, NoReply> {
    let Connection { server, remote, requests, .. } = connection;
    let received = ReceivedRequest { remote: *remote, message };
    let reply = CatchUnwind::new(|| Arc::clone(&server.handler).respond(received)).await;
    let last = requests.fetch_add(1, Ordering::Relaxed) + 1 >= server.limits.max_requests;
    match reply {
        Some(Reply::Respond(response)) if last || server.stop.is_stopped() => {
            Ok(closing_response(response))
        }
        Some(Reply::Respond(response)) => Ok(to_hyper(response)),
        Some(Reply::Drop) => Err(NoReply),
        None => Ok(closing_response(Response::text(500, "the listener failed\n"))),
    }
}

/// A handler's future that resolves to `None` if the handler panics.
struct CatchUnwind(Option<ReplyFuture>);

impl CatchUnwind {
    fn new(begin: impl FnOnce() -> ReplyFuture) -> Self {
        Self(catch_unwind(AssertUnwindSafe(begin)).ok())
    }
}

impl Future for CatchUnwind {
    type Output = Option<Reply>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(reply) = &mut self.0 else { return Poll::Ready(None) };
        match catch_unwind(AssertUnwindSafe(|| reply.as_mut().poll(cx))) {
            Ok(polled) => polled.map(Some),
            Err(_) => Poll::Ready(None),
        }
    }
}

/// Records a refusal for its report, and returns its response, which closes the connection.
fn refuse(refusal: Refusal, connection: &Connection) -> HyperResponse {
    let response = Response::text(refusal.status(), format!("{refusal}\n"));
    *lock(&connection.refusal) = Some(refusal);
    closing_response(response)
}

/// Converts a response for hyper, and closes the connection after it.
fn closing_response(response: Response) -> HyperResponse {
    let mut response = to_hyper(response);
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Converts a response for hyper, and leaves out headers that are not valid in HTTP.
fn to_hyper(response: Response) -> HyperResponse {
    let Response { status, headers, body, .. } = response;
    let mut converted = HyperResponse::new(Full::new(Bytes::from(body)));
    let status = StatusCode::from_u16(status).ok().filter(|status| !status.is_informational());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *converted.status_mut() = status;
    if status.canonical_reason().is_none() {
        converted.extensions_mut().insert(const { ReasonPhrase::from_static(b"") });
    }
    if asks_to_close(&headers) {
        converted.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    for (name, value) in headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value))
            && !LISTENER_HEADERS.contains(&name.as_str())
        {
            // Fails at 32,768 headers; further ones are left out.
            let _ = converted.headers_mut().try_append(name, value);
        }
    }
    converted
}

fn asks_to_close(headers: &Headers) -> bool {
    let mut options =
        headers.get_all("connection").flat_map(|value| value.split(|byte| *byte == b','));
    options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::io::memory::MemoryBudget;

    const RAW: &str = "POST /a#b HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nB: 2\r\nx-a: 3\r\n\r\n";

    fn head(raw: &str) -> RequestHead {
        RequestHead::parse(raw.as_bytes()).unwrap().0
    }

    /// Returns [`RAW`] as hyper parses it.
    fn request() -> Request<()> {
        let mut request = Request::new(());
        *request.method_mut() = "POST".parse().unwrap();
        *request.uri_mut() = "/a#b".parse().unwrap();
        for (name, value) in [("host", "x"), ("x-a", "1"), ("b", "2"), ("x-a", "3")] {
            request.headers_mut().append(name, HeaderValue::from_static(value));
        }
        request
    }

    #[test]
    fn uses_the_recorded_head_only_if_hyper_parsed_the_same() {
        assert!(is_same_head(&head(RAW), &request()));
        for (from, to) in [
            ("POST", "PUT"),
            ("/a", "/b"),
            ("1.1", "1.0"),
            ("B: 2", "B: 3"),
            ("B: 2", "C: 2"),
            ("B: 2\r\n", ""),
            ("B: 2\r\n", "B: 2\r\nB: 2\r\n"),
            ("B: 2\r\n", "B: 2\r\nC: 2\r\n"),
            ("X-A: 1", "X-A: 3"),
        ] {
            assert!(!is_same_head(&head(&RAW.replace(from, to)), &request()), "{from} {to}");
        }
        // hyper drops one of two equal lengths; the recorded head must still show the violation.
        let raw = RAW.replace("B: 2\r\n", "B: 2\r\nContent-Length: 1\r\nContent-Length: 1\r\n");
        let mut request = request();
        assert!(is_same_head(&head(&raw), &request));
        request.headers_mut().append("content-length", HeaderValue::from_static("1"));
        assert!(is_same_head(&head(&raw), &request));
        request.headers_mut().insert("content-length", HeaderValue::from_static("2"));
        assert!(!is_same_head(&head(&raw), &request));
    }

    #[test]
    fn a_body_of_announced_length_is_shared_and_not_copied() {
        let budget = MemoryBudget::new(100);
        let mut buffer = BodyBuffer { body: Vec::new(), reservation: budget.empty_reservation() };
        buffer.add(b"abcdef", Some(6)).unwrap();
        let address = buffer.body.as_ptr();
        let BodyBuffer { body, reservation } = buffer.into_shrunk();
        assert_eq!((Bytes::from(body).as_ptr(), reservation.bytes()), (address, 6));
    }

    #[test]
    fn falls_back_to_the_head_that_hyper_parsed() {
        let head = head_parsed_by_hyper(&request());
        assert_eq!((&*head.method, &*head.target), ("POST", "/a"));
        assert_eq!(head.http_version, "HTTP/1.1");
        let pairs: Vec<_> = head.headers.iter().collect();
        let expected: [(&str, &[u8]); 4] =
            [("host", b"x"), ("x-a", b"1"), ("x-a", b"3"), ("b", b"2")];
        assert_eq!(pairs, expected);
    }
}
