//! Output in the background: a thread writes, so that a reader who does not read blocks nobody else.
//!
//! A write to a full pipe, or to a stopped terminal, blocks the thread that makes it for as long as
//! the reader pleases. Whoever has a signal to obey hands its output to this thread, asks for room
//! before it makes more, and decides how long to wait at the end.

use crate::io::error::Error;
use crate::io::streams::OutputStream;
use std::collections::VecDeque;
use std::io;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many bytes wait before there is no room for more. One output may be longer.
const ROOM: usize = 64 * 1024;

/// How much is written at once: whether a reader reads shows between two parts.
const PART: usize = 16 * 1024;

/// One of the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Out,
    Err,
}

/// Both standard streams, written to by a thread of their own in the order in which they are given.
///
/// Dropping it neither waits nor loses what was handed over, unless the process ends first.
#[derive(Debug)]
pub struct BackgroundOutput(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    waiting: VecDeque<(Stream, Vec<u8>)>,
    /// Bytes that were handed over and are not written, those of a write that goes on included.
    bytes: usize,
    /// Outputs of which not all is written.
    outputs: u64,
    /// When a part was written last, or handed over to an idle thread.
    progress: Instant,
    /// The error of the last write to each stream that failed, until the next output is told of it.
    failed: [Option<io::Error>; 2],
    closed: bool,
}

impl BackgroundOutput {
    /// Starts the thread that writes to these streams.
    pub fn start(stdout: OutputStream, stderr: OutputStream) -> Result<Self, Error> {
        let state = State {
            waiting: VecDeque::new(),
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

    /// Returns a stream to standard output, which accepts everything at once.
    #[must_use]
    pub fn stdout(&self) -> OutputStream {
        OutputStream::to(Handle { shared: Arc::clone(&self.0), stream: Stream::Out })
    }

    /// Returns a stream to standard error, which accepts everything at once.
    #[must_use]
    pub fn stderr(&self) -> OutputStream {
        OutputStream::to(Handle { shared: Arc::clone(&self.0), stream: Stream::Err })
    }

    /// Waits until there is room for more, up to the timeout. Returns `false` if there is none.
    #[must_use]
    pub fn wait_for_room(&self, timeout: Duration) -> bool {
        self.0.wait(timeout, |state| state.bytes < ROOM)
    }

    /// Waits until everything is written, up to the timeout. Returns `false` if it is not.
    #[must_use]
    pub fn wait_until_written(&self, timeout: Duration) -> bool {
        self.0.wait(timeout, |state| state.outputs == 0)
    }

    /// Returns how many outputs are not written, or not to their end.
    #[must_use]
    pub fn unwritten(&self) -> u64 {
        self.0.state().outputs
    }

    /// Returns for how long nothing could be written, counted from `since` at the earliest.
    #[must_use]
    pub fn stalled_since(&self, since: Instant) -> Duration {
        let state = self.0.state();
        if state.outputs == 0 { Duration::ZERO } else { state.progress.max(since).elapsed() }
    }

    /// Takes the error of the last write to standard output, where no output was told of it.
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
    /// Every change is whole before anything can panic.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, timeout: Duration, until: impl Fn(&State) -> bool) -> bool {
        let state = self.state();
        let waited = self.changed.wait_timeout_while(state, timeout, |state| !until(state));
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        until(&state)
    }

    /// Writes what is handed over, until nothing can be any more.
    fn write_all(&self, mut streams: [OutputStream; 2]) {
        let idle = |state: &mut State| state.waiting.is_empty() && !state.closed;
        loop {
            let state = self.changed.wait_while(self.state(), idle);
            let next = state.unwrap_or_else(PoisonError::into_inner).waiting.pop_front();
            let Some((stream, output)) = next else { return };
            let mut failed = None;
            for part in output.chunks(PART) {
                // One that failed is not continued: its end alone would be of no use.
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

/// Each call is one output. It fails with the error of the one before it, where that has failed.
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
            state.waiting.push_back((self.stream, bytes.to_vec()));
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

    const PATIENCE: Duration = Duration::from_secs(60);

    /// Writes as often as it is let, and then blocks.
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
    fn both_streams_get_everything_in_the_order_in_which_it_was_given() {
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
        assert!(output.wait_until_written(PATIENCE));
        assert_eq!((both.bytes(), output.unwritten()), (expected, 0));
        out.write_all(b"last").unwrap();
        drop(output);
        eventually(|| both.bytes().ends_with(b"last"));
    }

    fn eventually(check: impl Fn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !check() {
            assert!(Instant::now() < end);
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_blocked_reader_takes_room_and_not_the_thread_that_hands_over() {
        let (open, gate) = channel();
        let out = SharedBuffer::default();
        let stdout = OutputStream::to(Gate { open: gate, out: out.clone() });
        let output = BackgroundOutput::start(stdout, OutputStream::to(io::sink())).unwrap();
        let begun = Instant::now();
        output.stdout().write_all(&vec![b'x'; ROOM]).unwrap();
        output.stdout().write_all(b"y").unwrap();
        assert!(!output.wait_for_room(Duration::ZERO) && output.unwritten() == 2);
        assert!(!output.wait_until_written(Duration::from_millis(1)));
        let now = Instant::now();
        assert!(output.stalled_since(now) <= output.stalled_since(begun));
        assert!(output.stalled_since(begun) > Duration::ZERO);
        open.send(()).unwrap();
        assert!(output.wait_for_room(PATIENCE), "a part of it is written");
        assert_eq!(output.unwritten(), 2);
        (0..4).for_each(|_| open.send(()).unwrap());
        assert!(output.wait_until_written(PATIENCE));
        assert_eq!((out.bytes().len(), output.stalled_since(begun)), (ROOM + 1, Duration::ZERO));
    }

    #[test]
    fn an_error_is_told_once_to_the_next_output_or_at_the_end() {
        let (open, gate) = channel();
        let stdout = OutputStream::to(Gate { open: gate, out: SharedBuffer::default() });
        let output = BackgroundOutput::start(stdout, OutputStream::to(io::sink())).unwrap();
        drop(open);
        let mut out = output.stdout();
        for _ in 0..2 {
            out.write_all(b"x").unwrap();
            assert!(output.wait_until_written(PATIENCE));
            assert!(out.write_all(b"y").is_err(), "of the one before");
        }
        out.write_all(b"z").unwrap();
        assert!(output.wait_until_written(PATIENCE));
        assert!(output.take_error().is_some() && output.take_error().is_none());
        output.stderr().write_all(b"fine").unwrap();
    }
}
