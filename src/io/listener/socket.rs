//! Socket for hyper: passes each read to the head recorder, and applies the read and write
//! deadlines.

use std::io;
use std::io::IoSlice;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time;
use tokio::time::{Instant, Sleep};

use super::connection_slots::{AwaitedInput, ConnectionSlots, Slot};
use super::head_recorder::HeadRecorder;
use super::limits::Limits;
use super::lock::lock;

/// A connection's socket.
pub(super) struct Socket {
    pub(super) stream: TcpStream,
    recorder: Arc<Mutex<HeadRecorder>>,
    slot: Arc<Slot>,
    slots: Arc<ConnectionSlots>,
    timeouts: Timeouts,
    /// The time of the last read.
    last_read: Instant,
    /// Wakes the reader when a deadline may have passed.
    read_timer: Option<Pin<Box<Sleep>>>,
    /// The time since which a part of the response has waited for the sender to read.
    write_blocked_since: Option<Instant>,
    /// Wakes the writer when a deadline may have passed.
    write_timer: Option<Pin<Box<Sleep>>>,
}

/// The deadlines of a socket, from [`Limits`].
#[derive(Clone, Copy)]
struct Timeouts {
    idle: Duration,
    read: Duration,
    request: Duration,
    write: Duration,
}

impl Socket {
    pub(super) fn new(
        stream: TcpStream,
        recorder: Arc<Mutex<HeadRecorder>>,
        slot: Arc<Slot>,
        slots: Arc<ConnectionSlots>,
        limits: &Limits,
    ) -> Self {
        let timeouts = Timeouts {
            idle: limits.idle_timeout,
            read: limits.read_timeout,
            request: limits.request_timeout,
            write: limits.write_timeout,
        };
        let last_read = Instant::now();
        Self {
            stream,
            recorder,
            slot,
            slots,
            timeouts,
            last_read,
            read_timer: None,
            write_blocked_since: None,
            write_timer: None,
        }
    }

    /// Passes bytes that were read to the recorder, and counts them.
    ///
    /// Fails if no memory is left for them and no other connection can be evicted.
    fn record_read(&mut self, bytes: &[u8]) -> io::Result<()> {
        let recorded = {
            let mut recorder = lock(&self.recorder);
            recorder.follow(bytes);
            recorder.bytes_in_memory()
        };
        let is_in_head = self.slot.bytes_received();
        self.last_read = Instant::now();
        let Err(missing) = self.slot.buffers.count_read(bytes.len(), is_in_head, recorded) else {
            return Ok(());
        };
        if !self.slots.make_room(&self.slot, missing) {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.slot.buffers.overdraw(missing);
        Ok(())
    }

    /// Returns the deadline of the current read.
    fn read_deadline(&self) -> Option<Instant> {
        match self.slot.awaited_input() {
            AwaitedInput::Request { since } => Some(Instant::from_std(since) + self.timeouts.idle),
            AwaitedInput::RestOfRequest { begun } => {
                let whole = Instant::from_std(begun) + self.timeouts.request;
                Some(whole.min(self.last_read + self.timeouts.read))
            }
            AwaitedInput::Nothing => None,
        }
    }

    /// Waits for input up to the read deadline.
    ///
    /// The deadline moves with every read, but resetting a timer is expensive. So the timer only
    /// moves when the deadline becomes earlier, and when it fires the deadline is checked again.
    fn poll_read_deadline(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(mut deadline) = self.read_deadline() else { return Poll::Pending };
        loop {
            let timer =
                self.read_timer.get_or_insert_with(|| Box::pin(time::sleep_until(deadline)));
            if timer.deadline() > deadline {
                timer.as_mut().reset(deadline);
            }
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if deadline <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            timer.as_mut().reset(deadline);
            let Some(next) = self.read_deadline() else { return Poll::Pending };
            deadline = next;
        }
    }

    /// Applies the write deadline to a pending write.
    fn poll_write_deadline(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.write_timer = None;
            return written;
        }
        let now = Instant::now();
        let end = *self.write_blocked_since.get_or_insert(now) + self.timeouts.write * 3;
        let deadline = self
            .write_timer
            .get_or_insert_with(|| Box::pin(time::sleep_until(end.min(now + self.timeouts.write))));
        deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if Pin::new(&mut self.stream).poll_read(cx, buf)?.is_pending() {
            return self.poll_read_deadline(cx);
        }
        let bytes = &buf.filled()[before..];
        Poll::Ready(if bytes.is_empty() { Ok(()) } else { self.record_read(bytes) })
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if !self.slot.begin_write() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.poll_write_deadline(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if flushed.is_ready() {
            self.write_blocked_since = None;
            self.slot.flushed();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
