//! Tests that send raw bytes to a listener on its own port.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says no by panicking")]

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

/// A running listener, stopped when the test ends.
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

struct Recorder<F> {
    seen: Mutex<std::sync::mpsc::Sender<Seen>>,
    answer: F,
}

impl<F: Fn(&Message) -> Response + Send + Sync + 'static> Handler for Recorder<F> {
    fn answer(self: Arc<Self>, received: Received) -> ReplyFuture {
        Box::pin(async move {
            assert!(received.remote.ip().is_loopback());
            self.seen.lock().unwrap().send(Seen::Request(received.message.clone())).unwrap();
            let work = tokio::task::spawn_blocking(move || (self.answer)(&received.message));
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

    fn with(limits: Limits, answer: impl Fn(&Message) -> Response + Send + Sync + 'static) -> Self {
        let (sender, seen) = std::sync::mpsc::channel();
        let handler = Arc::new(Recorder { seen: Mutex::new(sender), answer });
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

    fn request(&self) -> Message {
        match self.seen.recv_timeout(PATIENCE).unwrap() {
            Seen::Request(message) => message,
            Seen::Refused(refusal) => panic!("refused: {refusal}"),
        }
    }

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
        let mut answer = Vec::new();
        self.0.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    /// Reads up to the first `end`.
    fn until(&mut self, end: &str) -> String {
        let mut answer = Vec::new();
        while !answer.ends_with(end.as_bytes()) {
            let mut byte = [0];
            self.0.read_exact(&mut byte).unwrap();
            answer.push(byte[0]);
        }
        String::from_utf8(answer).unwrap()
    }

    /// Sends a request and reads the response, on a connection that stays open.
    fn ask(&mut self, target: &str) -> String {
        self.write(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"));
        self.until("\r\n\r\nok")
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}
