//! Tests that send raw bytes to a listener on its own port.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::Shutdown;
use std::sync::Mutex;
use std::thread;
use std::thread::JoinHandle;

use crate::domain::message::{Headers, Message, Response};

use super::*;

mod framing;
mod lifetime;
mod limits;

/// A timeout longer than every test takes, so that a hanging test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running listener, stopped at the end of the test.
struct Rig {
    addr: SocketAddr,
    stop: StopSignal,
    seen: std::sync::mpsc::Receiver<Seen>,
    thread: Option<JoinHandle<Result<(), Error>>>,
}

/// A call of the handler.
#[derive(Debug, PartialEq)]
enum Seen {
    Request(Message),
    Refused(Refusal),
}

/// Records its calls. It drops a request if the status of its response is 444.
struct Recorder<F> {
    seen: Mutex<std::sync::mpsc::Sender<Seen>>,
    respond: F,
}

impl<F: Fn(&Message) -> Response + Send + Sync + 'static> Handler for Recorder<F> {
    fn answer(self: Arc<Self>, received: Received) -> ReplyFuture {
        Box::pin(async move {
            assert!(received.remote.ip().is_loopback());
            self.seen.lock().unwrap().send(Seen::Request(received.message.clone())).unwrap();
            let work = tokio::task::spawn_blocking(move || (self.respond)(&received.message));
            match work.await {
                Ok(response) if response.status == 444 => Reply::Drop,
                Ok(response) => Reply::Respond(response),
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            }
        })
    }

    fn refused(&self, _remote: SocketAddr, refusal: &Refusal) {
        self.seen.lock().unwrap().send(Seen::Refused(refusal.clone())).unwrap();
    }
}

impl Rig {
    fn new() -> Self {
        Self::with(Limits::default(), |_| Response::text(200, "ok"))
    }

    fn with(
        limits: Limits,
        respond: impl Fn(&Message) -> Response + Send + Sync + 'static,
    ) -> Self {
        let (sender, seen) = std::sync::mpsc::channel();
        let handler = Arc::new(Recorder { seen: Mutex::new(sender), respond });
        let listener = HttpListener::bind(([127, 0, 0, 1], 0).into(), limits).unwrap();
        let (addr, stop) = (listener.local_addr(), StopSignal::new());
        let signal = stop.clone();
        let thread = Some(thread::spawn(move || listener.serve(handler, signal)));
        Self { addr, stop, seen, thread }
    }

    fn connect(&self) -> Client {
        Client::new(self.addr)
    }

    /// Sends `bytes` on a new connection and reads until the listener closes it.
    fn send(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut client = self.connect();
        client.write(bytes);
        client.rest()
    }

    /// Returns the request with which the handler was called next.
    fn request(&self) -> Message {
        match self.seen.recv_timeout(PATIENCE).unwrap() {
            Seen::Request(message) => message,
            Seen::Refused(refusal) => panic!("refused: {refusal}"),
        }
    }

    /// Returns the refusal with which the handler was called next.
    fn refusal(&self) -> Refusal {
        match self.seen.recv_timeout(PATIENCE).unwrap() {
            Seen::Request(message) => panic!("served: {message:?}"),
            Seen::Refused(refusal) => refusal,
        }
    }

    /// Stops the listener, and returns the calls of the handler since the last check.
    fn finish(mut self) -> Vec<Seen> {
        self.stop.stop();
        self.thread.take().unwrap().join().unwrap().unwrap();
        self.seen.try_iter().collect()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.stop.stop();
    }
}

struct Client(std::net::TcpStream);

impl Client {
    fn new(addr: SocketAddr) -> Self {
        let stream = std::net::TcpStream::connect(addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).unwrap();
    }

    fn end(&self) {
        self.0.shutdown(Shutdown::Write).unwrap();
    }

    fn rest(&mut self) -> String {
        let mut response = Vec::new();
        self.0.read_to_end(&mut response).unwrap();
        String::from_utf8(response).unwrap()
    }

    /// Reads up to the first `end`.
    fn until(&mut self, end: &str) -> String {
        let mut response = Vec::new();
        while !response.ends_with(end.as_bytes()) {
            let mut byte = [0];
            self.0.read_exact(&mut byte).unwrap();
            response.push(byte[0]);
        }
        String::from_utf8(response).unwrap()
    }

    /// Sends a request and reads the response, on a connection that stays open.
    fn ask(&mut self, target: &str) -> String {
        self.write(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"));
        self.until("\r\n\r\nok")
    }
}

/// Returns the status of the first response.
fn status(response: &str) -> &str {
    response.split(' ').nth(1).unwrap_or("none")
}
