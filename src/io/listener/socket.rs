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

use super::connection_slots::{Awaited, ConnectionSlots, Slot};
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
    read: Instant,
    /// Wakes the reader when a deadline may have passed.
    reading: Option<Pin<Box<Sleep>>>,
    /// The time since which a part of the response has waited for the sender to read.
    waiting: Option<Instant>,
    /// Wakes the writer when a deadline may have passed.
    writing: Option<Pin<Box<Sleep>>>,
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
            read: last_read,
            reading: None,
            waiting: None,
            writing: None,
        }
    }

    /// Passes bytes that were read to the recorder, and counts them.
    ///
    /// Fails if no memory is left for them and no other connection can be evicted.
    fn follow(&mut self, bytes: &[u8]) -> io::Result<()> {
        let recorded = {
            let mut recorder = lock(&self.recorder);
            recorder.follow(bytes);
            recorder.held()
        };
        let is_in_head = self.slot.read();
        self.read = Instant::now();
        let Err(missing) = self.slot.buffers.read(bytes.len(), is_in_head, recorded) else {
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
        match self.slot.awaited() {
            Awaited::Request { since } => Some(Instant::from_std(since) + self.timeouts.idle),
            Awaited::Rest { begun } => {
                let whole = Instant::from_std(begun) + self.timeouts.request;
                Some(whole.min(self.read + self.timeouts.read))
            }
            Awaited::Nothing => None,
        }
    }

    /// Waits for input up to the read deadline.
    ///
    /// The deadline moves with every read, but resetting a timer is expensive. So the timer only
    /// moves when the deadline becomes earlier, and when it fires the deadline is checked again.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(mut deadline) = self.read_deadline() else { return Poll::Pending };
        loop {
            let timer = self.reading.get_or_insert_with(|| Box::pin(time::sleep_until(deadline)));
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
    fn limit(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.writing = None;
            return written;
        }
        let now = Instant::now();
        let end = *self.waiting.get_or_insert(now) + self.timeouts.write * 3;
        let deadline = self
            .writing
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
            return self.wait(cx);
        }
        let bytes = &buf.filled()[before..];
        Poll::Ready(if bytes.is_empty() { Ok(()) } else { self.follow(bytes) })
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
        if !self.slot.write() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.limit(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if flushed.is_ready() {
            self.waiting = None;
            self.slot.flushed();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
