//! One request: its head, its body, its answer.

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
use crate::io::memory::{Counted, Reservation};
use crate::protocols::http1::{ProtocolError, RequestHead};

use super::handler::{Received, Reply, ReplyFuture};
use super::lock::lock;
use super::refusal::{Refusal, RefusedPart};
use super::server::Server;
use super::session::{Connection, cause, is_out_of_memory, is_timeout};

/// Headers which belong to the framing or to the connection, not to the handler.
const OURS: [&str; 7] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

type Written = hyper::Response<Full<Bytes>>;

/// There is no answer, on purpose: hyper closes the connection.
#[derive(Debug, Error)]
#[error("no answer")]
pub(super) struct NoAnswer;

/// Answers a request whose head is complete.
pub(super) async fn exchange(
    request: Request<Incoming>,
    connection: Arc<Connection>,
) -> Result<Written, NoAnswer> {
    // Where it says no, the connection is on its way out, and this is never written.
    let answer = if connection.seat.begin() {
        match receive(request, &connection).await {
            Ok(message) if connection.seat.received() => handle(message, &connection).await,
            Ok(_) => Ok(refuse(connection.farewell(), &connection)),
            Err(refusal) => Ok(refuse(refusal, &connection)),
        }
    } else {
        Ok(refuse(connection.farewell(), &connection))
    };
    connection.seat.answered();
    answer.map(|answer| dated(answer, connection.server.handler.date()))
}

/// Adds the time, as hyper would from a clock of its own: that one panics after the year 9999.
fn dated(mut answer: Written, now: Option<Timestamp>) -> Written {
    let text = now.and_then(|now| DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok());
    if let Some(date) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
        answer.headers_mut().entry(DATE).or_insert(date);
    }
    answer
}

/// Reads the request to its end.
async fn receive(
    request: Request<Incoming>,
    connection: &Connection,
) -> Result<Counted<Message>, Refusal> {
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
    let mut kept = Kept { body: Vec::new(), held: server.load.memory.reservation() };
    kept.reserve(message.size_in_memory() as u64)?;
    let Kept { body, held } = read(request.into_body(), server, kept).await?;
    message.body = body.into();
    Ok(Counted::new(message, held))
}

/// The head as it was written, or as hyper understood it if the recorder could not follow.
fn head_of(request: &Request<Incoming>, connection: &Connection) -> RequestHead {
    let mut recorder = lock(&connection.recorder);
    let written = recorder.next_head().filter(|head| agrees(head, request));
    if written.is_none() {
        recorder.stop();
    }
    connection.seat.buffers.handed_out(recorder.held());
    drop(recorder);
    written.unwrap_or_else(|| understood(request))
}

/// Whether hyper read the same head.
fn agrees<B>(head: &RequestHead, request: &Request<B>) -> bool {
    // hyper keeps one of several equal lengths, and none beside a transfer coding.
    let count = |name: &str| head.headers.all(name).count();
    let known = request.headers();
    let lengths = known.get_all("content-length").iter().count();
    head.method == request.method().as_str()
        && head.http_version == version(request.version())
        && head.target.parse::<Uri>().is_ok_and(|target| target == *request.uri())
        && head.headers.len() - count("content-length") == known.len() - lengths
        && known.keys().all(|name| same(head, known, name))
}

/// Whether hyper read the same values of one header.
fn same(head: &RequestHead, known: &HeaderMap, name: &HeaderName) -> bool {
    let mut written = head.headers.all(name.as_str());
    let mut read = known.get_all(name).iter().map(HeaderValue::as_bytes);
    if name == "content-length" {
        return read.all(|value| written.any(|other| other == value));
    }
    written.eq(read)
}

/// The head as hyper understood it: names in lower case, repetitions side by side.
fn understood<B>(request: &Request<B>) -> RequestHead {
    let headers = request.headers().iter();
    RequestHead {
        method: request.method().as_str().to_owned(),
        target: request.uri().to_string(),
        http_version: version(request.version()),
        headers: headers.map(|(name, value)| (name.as_str(), value.as_bytes())).collect(),
        has_bare_line_feed: false,
    }
}

/// hyper serves these two versions only.
fn version(version: Version) -> &'static str {
    if version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" }
}

/// Reads a body to its end, within the limits of size, memory and time.
async fn read(mut body: Incoming, server: &Server, mut kept: Kept) -> Result<Kept, Refusal> {
    let limits = &server.limits;
    let limit = limits.max_body;
    let expected = body.size_hint().exact();
    if expected.is_some_and(|expected| expected > limit) {
        return Err(Refusal::BodyTooLarge { limit });
    }
    loop {
        let frame = body.frame().await;
        let received = kept.body.len() as u64;
        let cut = Refusal::BrokenOff { part: RefusedPart::Body, received, expected };
        match frame {
            None if expected.is_some_and(|expected| expected != received) => return Err(cut),
            None => return Ok(kept.whole()),
            Some(Err(error)) if is_malformed(&error) => {
                return Err(Refusal::Malformed { error: ProtocolError::Chunks });
            }
            Some(Err(error)) if is_timeout(&error) => {
                return Err(Refusal::TooSlow { part: RefusedPart::Body });
            }
            Some(Err(error)) if is_out_of_memory(&error) => return Err(kept.busy()),
            Some(Err(_)) => return Err(cut),
            Some(Ok(frame)) => {
                // Anything else is trailers, which are not headers.
                let Ok(data) = frame.into_data() else { continue };
                if received + data.len() as u64 > limit {
                    return Err(Refusal::BodyTooLarge { limit });
                }
                kept.add(&data, expected)?;
            }
        }
    }
}

/// Whether a body failed by what it holds, and not by its end.
fn is_malformed(error: &hyper::Error) -> bool {
    cause(error).is_some_and(|cause| {
        matches!(cause.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
    })
}

/// A body as far as it has come, with the memory reserved for the request.
struct Kept {
    body: Vec<u8>,
    held: Reservation,
}

impl Kept {
    fn reserve(&mut self, bytes: u64) -> Result<(), Refusal> {
        if self.held.grow(bytes) { Ok(()) } else { Err(self.busy()) }
    }

    fn busy(&self) -> Refusal {
        Refusal::Busy { limit: self.held.limit() }
    }

    /// Adds what came. The room is reserved before it is allocated: it doubles as a vector's does,
    /// up to the length that was announced, which by itself reserves nothing.
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

    /// The whole body, without room for more.
    fn whole(mut self) -> Self {
        let excess = self.body.capacity() - self.body.len();
        self.body.shrink_to_fit();
        self.held.shrink(excess as u64);
        self
    }
}

/// Lets the handler answer.
async fn handle(message: Counted<Message>, connection: &Connection) -> Result<Written, NoAnswer> {
    let Connection { server, remote, requests, .. } = connection;
    let received = Received { remote: *remote, message };
    let answering = Guarded::new(|| Arc::clone(&server.handler).answer(received));
    let answer = answering.await;
    let last = requests.fetch_add(1, Ordering::Relaxed) + 1 >= server.limits.max_requests;
    match answer {
        Some(Reply::Respond(response)) if last || server.stop.is_stopped() => Ok(closing(response)),
        Some(Reply::Respond(response)) => Ok(answer_of(response)),
        Some(Reply::Drop) => Err(NoAnswer),
        None => Ok(closing(Response::text(500, "the listener failed\n"))),
    }
}

/// Work of a handler; nothing where it panicked.
struct Guarded(Option<ReplyFuture>);

impl Guarded {
    fn new(begin: impl FnOnce() -> ReplyFuture) -> Self {
        Self(catch_unwind(AssertUnwindSafe(begin)).ok())
    }
}

impl Future for Guarded {
    type Output = Option<Reply>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(answering) = &mut self.0 else { return Poll::Ready(None) };
        match catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(cx))) {
            Ok(polled) => polled.map(Some),
            Err(_) => Poll::Ready(None),
        }
    }
}

fn refuse(refusal: Refusal, connection: &Connection) -> Written {
    let response = Response::text(refusal.status(), format!("{refusal}\n"));
    *lock(&connection.refusal) = Some(refusal);
    closing(response)
}

/// A response after which the connection ends.
fn closing(response: Response) -> Written {
    let mut answer = answer_of(response);
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// A response as hyper writes it, without what HTTP could not carry.
fn answer_of(response: Response) -> Written {
    let Response { status, headers, body, .. } = response;
    let mut answer = Written::new(Full::new(Bytes::from(body)));
    let status = StatusCode::from_u16(status).ok().filter(|status| !status.is_informational());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *answer.status_mut() = status;
    if status.canonical_reason().is_none() {
        answer.extensions_mut().insert(const { ReasonPhrase::from_static(b"") });
    }
    if asks_to_close(&headers) {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    for (name, value) in headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value))
            && !OURS.contains(&name.as_str())
        {
            // Fails at 32,768 headers, where leaving out the rest is as good as anything.
            let _ = answer.headers_mut().try_append(name, value);
        }
    }
    answer
}

fn asks_to_close(headers: &Headers) -> bool {
    let mut options = headers.all("connection").flat_map(|value| value.split(|byte| *byte == b','));
    options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says no by panicking")]

    use super::*;
    use crate::io::memory::MemoryBudget;

    const RAW: &str = "POST /a#b HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nB: 2\r\nx-a: 3\r\n\r\n";

    fn head(raw: &str) -> RequestHead {
        RequestHead::parse(raw.as_bytes()).unwrap().0
    }

    /// What hyper makes of [`RAW`].
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
    fn trusts_the_recorder_only_where_hyper_read_the_same() {
        assert!(agrees(&head(RAW), &request()));
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
            assert!(!agrees(&head(&RAW.replace(from, to)), &request()), "{from} {to}");
        }
        // hyper drops one of two equal lengths, and the fault is to be seen nonetheless.
        let raw = RAW.replace("B: 2\r\n", "B: 2\r\nContent-Length: 1\r\nContent-Length: 1\r\n");
        let mut request = request();
        assert!(agrees(&head(&raw), &request));
        request.headers_mut().append("content-length", HeaderValue::from_static("1"));
        assert!(agrees(&head(&raw), &request));
        request.headers_mut().insert("content-length", HeaderValue::from_static("2"));
        assert!(!agrees(&head(&raw), &request));
    }

    #[test]
    fn a_body_of_announced_length_is_shared_from_where_it_was_read_to() {
        let budget = MemoryBudget::new(100);
        let mut kept = Kept { body: Vec::new(), held: budget.reservation() };
        kept.add(b"abcdef", Some(6)).unwrap();
        let read_to = kept.body.as_ptr();
        let Kept { body, held } = kept.whole();
        assert_eq!((Bytes::from(body).as_ptr(), held.bytes()), (read_to, 6));
    }

    #[test]
    fn falls_back_on_what_hyper_understood() {
        let head = understood(&request());
        assert_eq!((&*head.method, &*head.target), ("POST", "/a"));
        assert_eq!(head.http_version, "HTTP/1.1");
        let pairs: Vec<_> = head.headers.iter().collect();
        let expected: [(&str, &[u8]); 4] =
            [("host", b"x"), ("x-a", b"1"), ("x-a", b"3"), ("b", b"2")];
        assert_eq!(pairs, expected);
    }
}
