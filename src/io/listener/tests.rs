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
const TEST_TIMEOUT: Duration = Duration::from_secs(20);

/// A running listener, stopped at the end of the test.
struct TestListener {
    addr: SocketAddr,
    stop: StopSignal,
    calls: std::sync::mpsc::Receiver<HandlerCall>,
    thread: Option<JoinHandle<Result<(), Error>>>,
}

/// A call of the handler.
#[derive(Debug, PartialEq)]
enum HandlerCall {
    Request(Message),
    Refused(Refusal),
}

/// Records its calls. It drops a request if the status of its response is 444.
struct RecordingHandler<F> {
    seen: Mutex<std::sync::mpsc::Sender<HandlerCall>>,
    respond: F,
}

impl<F: Fn(&Message) -> Response + Send + Sync + 'static> Handler for RecordingHandler<F> {
    fn respond(self: Arc<Self>, received: ReceivedRequest) -> ReplyFuture {
        Box::pin(async move {
            assert!(received.remote.ip().is_loopback());
            self.seen.lock().unwrap().send(HandlerCall::Request(received.message.clone())).unwrap();
            let work = tokio::task::spawn_blocking(move || (self.respond)(&received.message));
            match work.await {
                Ok(response) if response.status == 444 => Reply::Drop,
                Ok(response) => Reply::Respond(response),
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            }
        })
    }

    fn refused(&self, _remote: SocketAddr, refusal: &Refusal) {
        self.seen.lock().unwrap().send(HandlerCall::Refused(refusal.clone())).unwrap();
    }
}

impl TestListener {
    fn new() -> Self {
        Self::with(Limits::default(), |_| Response::text(200, "ok"))
    }

    fn with(
        limits: Limits,
        respond: impl Fn(&Message) -> Response + Send + Sync + 'static,
    ) -> Self {
        let (sender, seen) = std::sync::mpsc::channel();
        let handler = Arc::new(RecordingHandler { seen: Mutex::new(sender), respond });
        let listener = HttpListener::bind(([127, 0, 0, 1], 0).into(), limits).unwrap();
        let (addr, stop) = (listener.local_addr(), StopSignal::new());
        let signal = stop.clone();
        let thread = Some(thread::spawn(move || listener.serve(handler, signal)));
        Self { addr, stop, calls: seen, thread }
    }

    fn connect(&self) -> Client {
        Client::new(self.addr)
    }

    /// Sends `bytes` on a new connection and reads until the listener closes it.
    fn send(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut client = self.connect();
        client.write(bytes);
        client.read_to_end()
    }

    /// Returns the request with which the handler was called next.
    fn request(&self) -> Message {
        match self.calls.recv_timeout(TEST_TIMEOUT).unwrap() {
            HandlerCall::Request(message) => message,
            HandlerCall::Refused(refusal) => panic!("refused: {refusal}"),
        }
    }

    /// Returns the refusal with which the handler was called next.
    fn refusal(&self) -> Refusal {
        match self.calls.recv_timeout(TEST_TIMEOUT).unwrap() {
            HandlerCall::Request(message) => panic!("served: {message:?}"),
            HandlerCall::Refused(refusal) => refusal,
        }
    }

    /// Stops the listener, and returns the calls of the handler since the last check.
    fn stop_and_take_calls(mut self) -> Vec<HandlerCall> {
        self.stop.stop();
        self.thread.take().unwrap().join().unwrap().unwrap();
        self.calls.try_iter().collect()
    }
}

impl Drop for TestListener {
    fn drop(&mut self) {
        self.stop.stop();
    }
}

struct Client(std::net::TcpStream);

impl Client {
    fn new(addr: SocketAddr) -> Self {
        let stream = std::net::TcpStream::connect(addr).unwrap();
        stream.set_read_timeout(Some(TEST_TIMEOUT)).unwrap();
        stream.set_write_timeout(Some(TEST_TIMEOUT)).unwrap();
        Self(stream)
    }

    fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).unwrap();
    }

    fn shutdown_write(&self) {
        self.0.shutdown(Shutdown::Write).unwrap();
    }

    fn read_to_end(&mut self) -> String {
        let mut response = Vec::new();
        self.0.read_to_end(&mut response).unwrap();
        String::from_utf8(response).unwrap()
    }

    /// Reads up to the first `end`.
    fn read_until(&mut self, end: &str) -> String {
        let mut response = Vec::new();
        while !response.ends_with(end.as_bytes()) {
            let mut byte = [0];
            self.0.read_exact(&mut byte).unwrap();
            response.push(byte[0]);
        }
        String::from_utf8(response).unwrap()
    }

    /// Sends a request and reads the response, on a connection that stays open.
    fn get(&mut self, target: &str) -> String {
        self.write(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"));
        self.read_until("\r\n\r\nok")
    }
}

/// Returns the status of the first response.
fn status(response: &str) -> &str {
    response.split(' ').nth(1).unwrap_or("none")
}
