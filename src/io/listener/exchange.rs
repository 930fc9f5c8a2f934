//! One request: its head, its body, its answer.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::Full;
use hyper::HeaderMap;
use hyper::Request;
use hyper::StatusCode;
use hyper::Uri;
use hyper::Version;
use hyper::body::Body;
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::header::CONNECTION;
use hyper::header::HeaderName;
use hyper::header::HeaderValue;
use tokio::task;
use tokio::time;
use tokio::time::Instant;

use crate::domain::message::Headers;
use crate::domain::message::Message;
use crate::domain::message::Response;
use crate::io::wire::Fault;
use crate::io::wire::Head;

use super::Part;
use super::Received;
use super::Refusal;
use super::Server;
use super::connection::Connection;
use super::seats::lock;

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

type Answer = hyper::Response<Full<Bytes>>;

/// Answers a request whose head is complete.
pub(super) async fn exchange(
    request: Request<Incoming>,
    connection: Arc<Connection>,
) -> Result<Answer, Infallible> {
    // Where it says no, the connection is on its way out, and this is never written.
    let answer = if connection.seat.begin() {
        match receive(request, &connection).await {
            Ok((message, held)) => handle(message, held, &connection).await,
            Err(refusal) => refuse(refusal, &connection),
        }
    } else {
        refuse(connection.farewell(), &connection)
    };
    connection.seat.answered();
    Ok(answer)
}

/// Reads the request to its end.
async fn receive(
    request: Request<Incoming>,
    connection: &Connection,
) -> Result<(Message, Held), Refusal> {
    let server = &connection.server;
    let head = head_of(&request, connection);
    head.check().map_err(|fault| Refusal::Malformed { fault })?;
    let limit = server.limits.max_target;
    if head.target.len() > limit {
        return Err(Refusal::TargetTooLong { limit });
    }
    let (body, share) = read(request.into_body(), server).await?;
    let Head { method, target, http_version, headers, .. } = head;
    let http_version = http_version.to_owned();
    Ok((Message { method, target, http_version, headers, body }, share))
}

/// The head as it was written, or as hyper understood it where the tap has lost its way.
fn head_of(request: &Request<Incoming>, connection: &Connection) -> Head {
    let mut tap = lock(&connection.tap);
    if let Some(head) = tap.next_head().filter(|head| agrees(head, request)) {
        return head;
    }
    tap.lose();
    understood(request)
}

/// Whether hyper read the same head.
fn agrees<B>(head: &Head, request: &Request<B>) -> bool {
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
fn same(head: &Head, known: &HeaderMap, name: &HeaderName) -> bool {
    let mut written = head.headers.all(name.as_str());
    let mut read = known.get_all(name).iter().map(HeaderValue::as_bytes);
    if name == "content-length" {
        return read.all(|value| written.any(|other| other == value));
    }
    written.eq(read)
}

/// The head as hyper understood it: names in lower case, repetitions side by side.
fn understood<B>(request: &Request<B>) -> Head {
    let headers = request.headers().iter();
    Head {
        method: request.method().as_str().to_owned(),
        target: request.uri().to_string(),
        http_version: version(request.version()),
        headers: headers.map(|(name, value)| (name.as_str(), value.as_bytes())).collect(),
        bare_line_feed: false,
    }
}

/// hyper serves these two versions only.
fn version(version: Version) -> &'static str {
    if version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" }
}

/// Reads a body to its end, within the limits of size and time.
async fn read(mut body: Incoming, server: &Arc<Server>) -> Result<(Vec<u8>, Held), Refusal> {
    let limits = &server.limits;
    let limit = limits.max_body;
    let expected = body.size_hint().exact();
    if expected.is_some_and(|expected| expected > limit) {
        return Err(Refusal::BodyTooLarge { limit });
    }
    let mut kept = Vec::new();
    let mut held = Held { server: Arc::clone(server), bytes: 0 };
    let start = Instant::now();
    loop {
        let end = Instant::now().min(start + limits.read_timeout * 2) + limits.read_timeout;
        let Ok(frame) = time::timeout_at(end, body.frame()).await else {
            return Err(Refusal::TooSlow { part: Part::Body });
        };
        let received = kept.len() as u64;
        let cut = Refusal::BrokenOff { part: Part::Body, received, expected };
        match frame {
            None if expected.is_some_and(|expected| expected != received) => return Err(cut),
            None => return Ok((kept, held)),
            Some(Err(error)) if is_malformed(&error) => {
                return Err(Refusal::Malformed { fault: Fault::Chunks });
            }
            Some(Err(_)) => return Err(cut),
            Some(Ok(frame)) => {
                // Anything else is trailers, which are not headers.
                let Ok(data) = frame.into_data() else { continue };
                if received + data.len() as u64 > limit {
                    return Err(Refusal::BodyTooLarge { limit });
                }
                held.add(data.len() as u64)?;
                kept.extend_from_slice(&data);
            }
        }
    }
}

/// Whether a body failed by what it holds, and not by its end.
fn is_malformed(error: &hyper::Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref());
    cause.is_some_and(|cause: &io::Error| {
        matches!(cause.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
    })
}

/// A part of the memory for bodies, given back when this is dropped.
struct Held {
    server: Arc<Server>,
    bytes: u64,
}

impl Held {
    fn add(&mut self, bytes: u64) -> Result<(), Refusal> {
        self.bytes += bytes;
        let limit = self.server.limits.max_bodies;
        let others = self.server.held.fetch_add(bytes, Ordering::Relaxed);
        if others + bytes > limit { Err(Refusal::Busy { limit }) } else { Ok(()) }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.server.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Lets the handler answer, on a thread that may block.
async fn handle(message: Message, held: Held, connection: &Connection) -> Answer {
    let handler = Arc::clone(&connection.server.handler);
    let received = Received { remote: connection.remote, message };
    let work = task::spawn_blocking(move || {
        let response = handler.answer(received);
        drop(held);
        response
    });
    match work.await {
        Ok(response) if connection.server.stop.is_stopped() => closing(response),
        Ok(response) => answer(response),
        // It panicked.
        Err(_) => closing(Response::text(500, "the listener failed\n")),
    }
}

fn refuse(refusal: Refusal, connection: &Connection) -> Answer {
    let response = Response::text(refusal.status(), format!("{refusal}\n"));
    *lock(&connection.refusal) = Some(refusal);
    closing(response)
}

/// A response after which the connection ends.
fn closing(response: Response) -> Answer {
    let mut answer = answer(response);
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// A response as hyper writes it, without what HTTP could not carry.
fn answer(response: Response) -> Answer {
    let Response { status, headers, body, .. } = response;
    let mut answer = Answer::new(Full::new(Bytes::from(body)));
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

    const RAW: &str = "POST /a#b HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nB: 2\r\nx-a: 3\r\n\r\n";

    fn head(raw: &str) -> Head {
        Head::parse(raw.as_bytes()).unwrap()
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
    fn trusts_the_tap_only_where_hyper_read_the_same() {
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
