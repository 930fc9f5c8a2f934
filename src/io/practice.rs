//! HTTP server of the practice receiver, built on `tiny_http`: handles requests one by one.
//!
//! `tiny_http` is small and sufficient here, but not safe for untrusted senders: it has no
//! deadlines and no limits, and reads the unread part of a body into a buffer of the announced
//! length. So it is bound to loopback only, and bodies with too large an announced length are
//! dropped without draining. The listener for real senders is [`super::listener`].

use crate::domain::message::{Headers, Message, Response};
use crate::io::error::Error;
use crate::protocols::http1::write_response_head;
use std::io;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;
use tiny_http::{Request, Server};

/// The maximum number of bytes of a body, larger than any payload.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The interval at which the threads check whether the server stops.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The number of threads that read requests, so that one that stalls does not block the others.
const READERS: usize = 4;

/// The response to a request, with its delay.
#[derive(Clone, Debug)]
pub struct PracticeReply {
    /// The response.
    pub response: Response,
    /// The delay before the response.
    pub delay: Duration,
    /// `true` if no other request is handled during the delay.
    pub blocks_others: bool,
}

impl PracticeReply {
    /// Returns a reply without a delay.
    #[must_use]
    pub fn at_once(response: Response) -> Self {
        Self { response, delay: Duration::ZERO, blocks_others: false }
    }
}

/// A bound socket that is not served yet.
pub struct PracticeServer {
    server: Arc<Server>,
    local: SocketAddr,
}

impl PracticeServer {
    /// Binds `address`; with port 0 the system chooses the port.
    pub fn bind(address: SocketAddr) -> Result<Self, Error> {
        Self::try_bind(address).map_err(|source| Error::Bind { address, source })
    }

    fn try_bind(address: SocketAddr) -> io::Result<Self> {
        let socket = std::net::TcpListener::bind(address)?;
        let local = socket.local_addr()?;
        let server = Server::from_listener(socket, None).map_err(io::Error::other)?;
        Ok(Self { server: Arc::new(server), local })
    }

    /// Returns the bound address, with the port that the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Passes every request to `handle` until `should_stop` returns `true`; the current request
    /// still gets its response.
    pub fn serve(
        &self,
        mut should_stop: impl FnMut() -> bool,
        mut handle: impl FnMut(&Message) -> PracticeReply,
    ) -> Result<(), Error> {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, requests) = sync_channel(READERS);
        for _ in 0..READERS {
            let (server, stop, sender) =
                (Arc::clone(&self.server), Arc::clone(&stop), sender.clone());
            // Not joined: a thread may wait forever for the rest of a body.
            std::thread::Builder::new()
                .name("practice".to_owned())
                .spawn(move || read_all(&server, &stop, &sender))
                .map_err(Error::Serve)?;
        }
        while !should_stop() {
            match requests.recv_timeout(POLL_INTERVAL) {
                Ok((request, message)) => catch_panic(|| {
                    let PracticeReply { response, delay: after, blocks_others: blocks } =
                        handle(&message);
                    if blocks || after.is_zero() {
                        std::thread::sleep(after);
                        return respond(request, &response);
                    }
                    // Not joined: the sender may have disconnected long before the end of the
                    // delay.
                    std::thread::spawn(move || {
                        std::thread::sleep(after);
                        catch_panic(|| respond(request, &response));
                    });
                }),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        stop.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// A request to respond to, and its message.
type ReadRequest = (Request, Message);

/// Reads requests until `stop` is set or the socket fails.
fn read_all(server: &Server, stop: &AtomicBool, requests: &SyncSender<ReadRequest>) {
    while !stop.load(Ordering::Relaxed) {
        let Ok(received) = server.recv_timeout(POLL_INTERVAL) else { return };
        let Some(mut request) = received else { continue };
        catch_panic(|| match read_message(&mut request) {
            Ok(message) => {
                // Fails if the server has stopped; then the request gets no response.
                let _ = requests.send((request, message));
            }
            Err(ReadError::TooLarge) => reject_too_large(request),
            Err(ReadError::Incomplete) => {
                respond(request, &Response::text(400, "the body is incomplete\n"));
            }
        });
    }
}

/// Runs `work` and ignores a panic: `tiny_http` panics if a sender disconnects at the wrong moment.
fn catch_panic(work: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(work));
}

/// The reason why a request could not be read.
enum ReadError {
    /// The body is longer than [`MAX_BODY`].
    TooLarge,
    /// The body is shorter than announced.
    Incomplete,
}

fn read_message(request: &mut Request) -> Result<Message, ReadError> {
    let announced = request.body_length();
    if announced.is_some_and(|length| length > MAX_BODY) {
        return Err(ReadError::TooLarge);
    }
    let headers = request
        .headers()
        .iter()
        .map(|header| (header.field.as_str().as_str(), header.value.as_str()));
    let headers = headers.collect();
    let (method, target) = (request.method().as_str().to_owned(), request.url().to_owned());
    let http_version = format!("HTTP/{}", request.http_version());
    let mut body = Vec::new();
    let mut reader = request.as_reader().take(MAX_BODY as u64 + 1);
    reader.read_to_end(&mut body).map_err(|_| ReadError::Incomplete)?;
    match body.len() {
        length if length > MAX_BODY => Err(ReadError::TooLarge),
        // tiny_http does not report an incomplete body.
        length if announced.is_some_and(|announced| announced != length) => {
            Err(ReadError::Incomplete)
        }
        _ => Ok(Message { method, target, http_version, headers, body: body.into() }),
    }
}

/// Writes the response without `tiny_http`, which ignores a `Connection: close` of the response.
fn respond(request: Request, response: &Response) {
    let head_only = request.method() == &tiny_http::Method::Head;
    let mut bytes = write_response_head(response, reason(response.status));
    if !head_only {
        bytes.extend_from_slice(&response.body);
    }
    let mut writer = request.into_writer();
    // The sender may have disconnected.
    let _ = writer.write_all(&bytes).and_then(|()| writer.flush());
}

/// Responds with 413 and leaks the connection: dropping it would allocate the announced length.
fn reject_too_large(request: Request) {
    // Only `upgrade` gives access to the socket without reading the body. It always writes a head
    // without a length, so that is an interim response, which senders skip (RFC 9110, section
    // 15.2).
    let mut stream = request.upgrade("close", tiny_http::Response::empty(100));
    let response =
        Response { status: 413, headers: Headers::new(), body: Vec::new(), truncated: false };
    let head = write_response_head(&response, reason(response.status));
    // The sender may have disconnected.
    let _ = stream.write_all(&head).and_then(|()| stream.flush());
    std::mem::forget(stream);
}

fn reason(status: u16) -> &'static str {
    tiny_http::StatusCode(status).default_reason_phrase()
}
