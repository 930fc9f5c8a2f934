//! Background output: a thread writes the standard streams, so that a blocked reader blocks no
//! other thread.
//!
//! A write to a full pipe or a stopped terminal blocks without a limit. A command that must react
//! to signals passes its output to this thread, waits for room before it produces more, and decides
//! how long to wait at the end.

use crate::io::error::Error;
use crate::io::streams::OutputStream;
use std::collections::VecDeque;
use std::io;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The number of queued bytes from which callers wait for room. A single output can be longer.
const MAX_QUEUED: usize = 64 * 1024;

/// The maximum number of bytes of one write. Progress is recorded between two writes.
const MAX_WRITE: usize = 16 * 1024;

/// A standard output stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Out,
    Err,
}

/// Writes both standard output streams on a thread, in the order of the calls.
///
/// Dropping it does not wait. Queued output is still written unless the process ends first.
#[derive(Debug)]
pub struct BackgroundOutput(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    queue: VecDeque<(Stream, Vec<u8>)>,
    /// The number of bytes that are not written yet, including those of the current write.
    bytes: usize,
    /// The number of outputs that are not completely written.
    outputs: u64,
    /// The time of the last write, or of the last output that was passed to an idle thread.
    progress: Instant,
    /// The last error of each stream, until the next output to it reports the error.
    failed: [Option<io::Error>; 2],
    closed: bool,
}

impl BackgroundOutput {
    /// Starts the thread that writes to these streams.
    pub fn start(stdout: OutputStream, stderr: OutputStream) -> Result<Self, Error> {
        let state = State {
            queue: VecDeque::new(),
            bytes: 0,
            outputs: 0,
            progress: Instant::now(),
            failed: [None, None],
            closed: false,
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let writer = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || writer.write_all([stdout, stderr]))
            .map_err(Error::Serve)?;
        Ok(Self(shared))
    }

    /// Returns a stream to standard output that never blocks.
    #[must_use]
    pub fn stdout(&self) -> OutputStream {
        OutputStream::to(Handle { shared: Arc::clone(&self.0), stream: Stream::Out })
    }

    /// Returns a stream to standard error that never blocks.
    #[must_use]
    pub fn stderr(&self) -> OutputStream {
        OutputStream::to(Handle { shared: Arc::clone(&self.0), stream: Stream::Err })
    }

    /// Waits until there is room for more, up to the timeout. Returns `false` if there is none.
    #[must_use]
    pub fn wait_for_room(&self, timeout: Duration) -> bool {
        self.0.wait(timeout, |state| state.bytes < MAX_QUEUED)
    }

    /// Waits until everything is written, up to the timeout. Returns `false` if it is not.
    #[must_use]
    pub fn wait_until_written(&self, timeout: Duration) -> bool {
        self.0.wait(timeout, |state| state.outputs == 0)
    }

    /// Returns the number of outputs that are not completely written.
    #[must_use]
    pub fn unwritten(&self) -> u64 {
        self.0.state().outputs
    }

    /// Returns the time without progress of a pending write, counted from `since` at the earliest.
    #[must_use]
    pub fn stalled_since(&self, since: Instant) -> Duration {
        let state = self.0.state();
        if state.outputs == 0 { Duration::ZERO } else { state.progress.max(since).elapsed() }
    }

    /// Returns and clears the last error of standard output if no later output has reported it.
    #[must_use]
    pub fn take_error(&self) -> Option<io::Error> {
        self.0.state().failed[Stream::Out as usize].take()
    }
}

impl Drop for BackgroundOutput {
    fn drop(&mut self) {
        self.0.state().closed = true;
        self.0.changed.notify_all();
    }
}

impl Shared {
    /// Locks the state. A poisoned lock is safe: no change can panic before it is complete.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the condition is met, up to the timeout. Returns `false` if it is not.
    fn wait(&self, timeout: Duration, is_met: impl Fn(&State) -> bool) -> bool {
        let state = self.state();
        let waited = self.changed.wait_timeout_while(state, timeout, |state| !is_met(state));
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        is_met(&state)
    }

    /// Writes queued output until the queue is empty and closed.
    fn write_all(&self, mut streams: [OutputStream; 2]) {
        let idle = |state: &mut State| state.queue.is_empty() && !state.closed;
        loop {
            let state = self.changed.wait_while(self.state(), idle);
            let next = state.unwrap_or_else(PoisonError::into_inner).queue.pop_front();
            let Some((stream, output)) = next else { return };
            let mut failed = None;
            for part in output.chunks(MAX_WRITE) {
                // After a failure, the remaining bytes of this output are skipped: a part of a line
                // is useless to the reader.
                if failed.is_none() {
                    let out = &mut streams[stream as usize];
                    failed = out.write_all(part).and_then(|()| out.flush()).err();
                }
                let mut state = self.state();
                state.bytes -= part.len();
                state.progress = Instant::now();
                drop(state);
                self.changed.notify_all();
            }
            let mut state = self.state();
            state.outputs -= 1;
            if failed.is_some() {
                state.failed[stream as usize] = failed;
            }
            drop(state);
            self.changed.notify_all();
        }
    }
}

/// One stream of a [`BackgroundOutput`].
struct Handle {
    shared: Arc<Shared>,
    stream: Stream,
}

/// Queues one output per call. A call fails with the error of the previous output to the stream.
impl Write for Handle {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.shared.state();
        if let Some(error) = state.failed[self.stream as usize].take() {
            return Err(error);
        }
        if !bytes.is_empty() {
            if state.outputs == 0 {
                state.progress = Instant::now();
            }
            state.queue.push_back((self.stream, bytes.to_vec()));
            state.bytes += bytes.len();
            state.outputs += 1;
            drop(state);
            self.shared.changed.notify_all();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::streams::SharedBuffer;
    use std::sync::mpsc::{Receiver, channel};

    const TIMEOUT: Duration = Duration::from_secs(60);

    /// Blocks each write until it is released.
    struct Gate {
        open: Receiver<()>,
        out: SharedBuffer,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.open.recv().map_err(io::Error::other)?;
            self.out.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn both_streams_are_written_in_the_order_of_the_calls() {
        let both = SharedBuffer::default();
        let output =
            BackgroundOutput::start(OutputStream::to(both.clone()), OutputStream::to(both.clone()));
        let output = output.unwrap();
        let (mut out, mut err) = (output.stdout(), output.stderr());
        let mut expected = Vec::new();
        for number in 0..1000 {
            let line = format!("{number}\n");
            let stream = if number % 3 == 0 { &mut err } else { &mut out };
            stream.write_all(line.as_bytes()).unwrap();
            expected.extend(line.into_bytes());
        }
        assert!(output.wait_until_written(TIMEOUT));
        assert_eq!((both.bytes(), output.unwritten()), (expected, 0));
        out.write_all(b"last").unwrap();
        drop(output);
        eventually(|| both.bytes().ends_with(b"last"));
    }

    fn eventually(check: impl Fn() -> bool) {
        let end = Instant::now() + TIMEOUT;
        while !check() {
            assert!(Instant::now() < end);
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_blocked_reader_fills_the_queue_and_blocks_no_caller() {
        let (open, gate) = channel();
        let out = SharedBuffer::default();
        let stdout = OutputStream::to(Gate { open: gate, out: out.clone() });
        let output = BackgroundOutput::start(stdout, OutputStream::to(io::sink())).unwrap();
        let begun = Instant::now();
        output.stdout().write_all(&vec![b'x'; MAX_QUEUED]).unwrap();
        output.stdout().write_all(b"y").unwrap();
        assert!(!output.wait_for_room(Duration::ZERO) && output.unwritten() == 2);
        assert!(!output.wait_until_written(Duration::from_millis(1)));
        let now = Instant::now();
        assert!(output.stalled_since(now) <= output.stalled_since(begun));
        assert!(output.stalled_since(begun) > Duration::ZERO);
        open.send(()).unwrap();
        assert!(output.wait_for_room(TIMEOUT), "a part of the output is written");
        assert_eq!(output.unwritten(), 2);
        (0..4).for_each(|_| open.send(()).unwrap());
        assert!(output.wait_until_written(TIMEOUT));
        assert_eq!(
            (out.bytes().len(), output.stalled_since(begun)),
            (MAX_QUEUED + 1, Duration::ZERO)
        );
    }

    #[test]
    fn an_error_is_reported_once_by_the_next_output_or_at_the_end() {
        let (open, gate) = channel();
        let stdout = OutputStream::to(Gate { open: gate, out: SharedBuffer::default() });
        let output = BackgroundOutput::start(stdout, OutputStream::to(io::sink())).unwrap();
        drop(open);
        let mut out = output.stdout();
        for _ in 0..2 {
            out.write_all(b"x").unwrap();
            assert!(output.wait_until_written(TIMEOUT));
            assert!(out.write_all(b"y").is_err(), "the error of the previous output");
        }
        out.write_all(b"z").unwrap();
        assert!(output.wait_until_written(TIMEOUT));
        assert!(output.take_error().is_some() && output.take_error().is_none());
        output.stderr().write_all(b"fine").unwrap();
    }
}
