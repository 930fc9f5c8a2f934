//! The practice receiver's socket: `tiny_http`, a few requests at a time, answered one by one.
//!
//! `tiny_http` is small and plain, which is what is wanted here; it is not fit to face a sender
//! (no deadlines, no bounds, and it drains what is left of a body with a buffer of the length
//! that was claimed). So it is bound to loopback only, and bodies that claim too much are let go
//! without being drained. The listener that faces senders is [`super::listener`].

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

/// More than any payload; a claim above it is refused.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// How often the worker looks whether it is to stop.
const POLL: Duration = Duration::from_millis(50);

/// Requests that are read at once: one that stalls must not stop the others.
const READERS: usize = 4;

/// What a request is answered with.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The answer.
    pub response: Response,
    /// How long the receiver works before.
    pub after: Duration,
    /// Whether others wait meanwhile.
    pub blocks: bool,
}

impl Reply {
    /// An answer that takes no time.
    #[must_use]
    pub fn at_once(response: Response) -> Self {
        Self { response, after: Duration::ZERO, blocks: false }
    }
}

/// A bound socket that is not served yet.
pub struct PracticeServer {
    server: Arc<Server>,
    local: SocketAddr,
}

impl PracticeServer {
    /// Binds `address`; port 0 lets the system choose.
    pub fn bind(address: SocketAddr) -> Result<Self, Error> {
        Self::bound(address).map_err(|source| Error::Bind { address, source })
    }

    fn bound(address: SocketAddr) -> io::Result<Self> {
        let socket = std::net::TcpListener::bind(address)?;
        let local = socket.local_addr()?;
        let server = Server::from_listener(socket, None).map_err(io::Error::other)?;
        Ok(Self { server: Arc::new(server), local })
    }

    /// The address in use, with the port the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Hands every request to `take` until `ended` says so. A request in hand is answered first.
    pub fn serve(
        &self,
        mut ended: impl FnMut() -> bool,
        mut take: impl FnMut(&Message) -> Reply,
    ) -> Result<(), Error> {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, requests) = sync_channel(READERS);
        for _ in 0..READERS {
            let (server, stop, sender) =
                (Arc::clone(&self.server), Arc::clone(&stop), sender.clone());
            // Not joined: one that waits for the rest of a body may wait for ever.
            std::thread::Builder::new()
                .name("practice".to_owned())
                .spawn(move || read_all(&server, &stop, &sender))
                .map_err(Error::Serve)?;
        }
        while !ended() {
            match requests.recv_timeout(POLL) {
                Ok((request, message)) => guarded(|| {
                    let Reply { response, after, blocks } = take(&message);
                    if blocks || after.is_zero() {
                        std::thread::sleep(after);
                        return answer(request, &response);
                    }
                    // Not joined: whoever waits for it may long be gone.
                    std::thread::spawn(move || {
                        std::thread::sleep(after);
                        guarded(|| answer(request, &response));
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

/// A request that was read, and what it says.
type Whole = (Request, Message);

/// Reads requests until it is told to stop, or nobody wants them any more.
fn read_all(server: &Server, stop: &AtomicBool, requests: &SyncSender<Whole>) {
    while !stop.load(Ordering::Relaxed) {
        let Ok(received) = server.recv_timeout(POLL) else { return };
        let Some(mut request) = received else { continue };
        guarded(|| match read(&mut request) {
            Ok(message) => {
                // The receiver is gone: so is the sender's hope for an answer.
                let _ = requests.send((request, message));
            }
            Err(Unreadable::TooLarge) => let_go(request),
            Err(Unreadable::BrokenOff) => {
                answer(request, &Response::text(400, "the body broke off\n"));
            }
        });
    }
}

/// `tiny_http` panics where a sender is gone at the wrong moment: that ends one request.
fn guarded(work: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(work));
}

enum Unreadable {
    TooLarge,
    BrokenOff,
}

fn read(request: &mut Request) -> Result<Message, Unreadable> {
    let claimed = request.body_length();
    if claimed.is_some_and(|length| length > MAX_BODY) {
        return Err(Unreadable::TooLarge);
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
    reader.read_to_end(&mut body).map_err(|_| Unreadable::BrokenOff)?;
    match body.len() {
        length if length > MAX_BODY => Err(Unreadable::TooLarge),
        // tiny_http takes an early end for the end.
        length if claimed.is_some_and(|claimed| claimed != length) => Err(Unreadable::BrokenOff),
        _ => Ok(Message { method, target, http_version, headers, body: body.into() }),
    }
}

/// Writes the response without `tiny_http`, which ignores a `Connection: close` of the response.
fn answer(request: Request, response: &Response) {
    let head_only = request.method() == &tiny_http::Method::Head;
    let mut bytes = write_response_head(response, reason(response.status));
    if !head_only {
        bytes.extend_from_slice(&response.body);
    }
    let mut writer = request.into_writer();
    // A sender that is gone needs no answer.
    let _ = writer.write_all(&bytes).and_then(|()| writer.flush());
}

/// Answers 413 and forgets the connection: dropping the request would allocate what was claimed.
fn let_go(request: Request) {
    // `upgrade` is the one way to the socket that leaves the body alone. The head it insists on, which
    // has no length, goes out as an interim answer that senders pass over (RFC 9110, section 15.2).
    let mut stream = request.upgrade("close", tiny_http::Response::empty(100));
    let response =
        Response { status: 413, headers: Headers::new(), body: Vec::new(), truncated: false };
    let head = write_response_head(&response, reason(response.status));
    // A sender that is gone needs no answer.
    let _ = stream.write_all(&head).and_then(|()| stream.flush());
    std::mem::forget(stream);
}

fn reason(status: u16) -> &'static str {
    tiny_http::StatusCode(status).default_reason_phrase()
}
