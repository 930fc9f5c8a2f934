//! Standard streams of one run: those of the process, or ones that a caller supplies.

use std::fmt::Arguments;
use std::io::{BufRead, Cursor, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

/// Standard input. Clones share one position, like all handles of the process's standard input.
///
/// The default is an empty input.
#[derive(Clone, Debug)]
pub struct InputStream(Source);

#[derive(Clone, Debug)]
enum Source {
    Process,
    Bytes(Arc<Mutex<Cursor<Vec<u8>>>>),
}

impl InputStream {
    /// Returns standard input of the process.
    pub(super) fn of_process() -> Self {
        Self(Source::Process)
    }

    /// Returns an input that consists of these bytes.
    pub fn of_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Source::Bytes(Arc::new(Mutex::new(Cursor::new(bytes.into())))))
    }

    /// Reads one line, without its newline, of an input that a caller supplies; `None` for standard
    /// input of the process, where a line may come from a terminal.
    pub(super) fn supplied_line(&self) -> Option<io::Result<String>> {
        let Source::Bytes(bytes) = &self.0 else { return None };
        let mut line = String::new();
        let read = lock(bytes).read_line(&mut line);
        Some(read.map(|_| line.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Returns a reader of the input that was not read yet.
    #[must_use]
    pub fn reader(&self) -> Box<dyn Read + Send> {
        match &self.0 {
            // Not wrapped: a wrapper cannot pass on `read_buf`, and without it each buffer of a
            // large input is zeroed before it is filled.
            Source::Process => Box::new(io::stdin()),
            Source::Bytes(bytes) => Box::new(SharedReader(Arc::clone(bytes))),
        }
    }
}

impl Default for InputStream {
    fn default() -> Self {
        Self::of_bytes([])
    }
}

struct SharedReader(Arc<Mutex<Cursor<Vec<u8>>>>);

impl Read for SharedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        lock(&self.0).read(buffer)
    }
}

/// Standard output or standard error. Clones write to the same destination.
#[derive(Clone)]
pub struct OutputStream(Destination);

#[derive(Clone)]
enum Destination {
    Stdout,
    Stderr,
    Writer(Arc<Mutex<dyn Write + Send>>),
}

impl OutputStream {
    /// Returns standard output of the process.
    pub(super) fn stdout() -> Self {
        Self(Destination::Stdout)
    }

    /// Returns standard error of the process.
    pub(super) fn stderr() -> Self {
        Self(Destination::Stderr)
    }

    /// Returns a stream that writes to `writer`.
    pub fn to(writer: impl Write + Send + 'static) -> Self {
        Self(Destination::Writer(Arc::new(Mutex::new(writer))))
    }

    /// Returns `true` for a stream of the process, which may be a terminal.
    #[must_use]
    pub fn is_of_process(&self) -> bool {
        match self.0 {
            Destination::Stdout | Destination::Stderr => true,
            Destination::Writer(_) => false,
        }
    }

    /// Calls `work` with the locked writer.
    fn with_writer<T>(&self, work: impl FnOnce(&mut dyn Write) -> T) -> T {
        match &self.0 {
            Destination::Stdout => count_write(|| work(&mut io::stdout().lock())),
            Destination::Stderr => count_write(|| work(&mut io::stderr().lock())),
            Destination::Writer(writer) => work(&mut *lock(writer)),
        }
    }
}

/// The numbers of writes to the streams of the process that have begun and that have ended.
static BEGUN: AtomicU64 = AtomicU64::new(0);
static ENDED: AtomicU64 = AtomicU64::new(0);

/// Runs a write to a stream of the process, and counts its begin and its end.
fn count_write<T>(write: impl FnOnce() -> T) -> T {
    BEGUN.fetch_add(1, Ordering::Relaxed);
    let written = write();
    ENDED.fetch_add(1, Ordering::Relaxed);
    written
}

/// A snapshot of the writes to the streams of the process.
///
/// Two equal snapshots with a pending write show that the reader accepted nothing between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WriteSnapshot {
    begun: u64,
    ended: u64,
}

impl WriteSnapshot {
    pub(super) fn now() -> Self {
        Self { ended: ENDED.load(Ordering::Relaxed), begun: BEGUN.load(Ordering::Relaxed) }
    }

    /// Returns `true` if a write has not ended.
    pub(super) fn is_pending(self) -> bool {
        self.begun > self.ended
    }
}

/// Each call holds the lock of the stream until all of it is written.
impl Write for OutputStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with_writer(|out| out.write(bytes))
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.with_writer(|out| out.write_all(bytes))
    }

    fn write_fmt(&mut self, arguments: Arguments<'_>) -> io::Result<()> {
        self.with_writer(|out| out.write_fmt(arguments))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with_writer(|out| out.flush())
    }
}

impl fmt::Debug for OutputStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Destination::Stdout => "OutputStream(stdout)",
            Destination::Stderr => "OutputStream(stderr)",
            Destination::Writer(_) => "OutputStream(writer)",
        })
    }
}

/// A writer that keeps the bytes written to it. Clones share one buffer.
#[derive(Clone, Debug, Default)]
pub struct SharedBuffer(Arc<Mutex<Vec<u8>>>);

impl SharedBuffer {
    /// Returns a copy of everything written so far.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        lock(&self.0).clone()
    }
}

impl Write for SharedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Locks a stream even if it is poisoned: a panic in a write or read leaves its bytes valid.
fn lock<T: ?Sized>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_an_input_share_one_position() {
        let input = InputStream::of_bytes("ab\r\ncd\n");
        let mut first = [0];
        input.reader().read_exact(&mut first).unwrap();
        assert_eq!(input.clone().supplied_line().unwrap().unwrap(), "b");
        let mut rest = String::new();
        input.clone().reader().read_to_string(&mut rest).unwrap();
        assert_eq!((first, rest.as_str()), (*b"a", "cd\n"));
    }

    #[test]
    fn clones_of_an_output_write_to_one_buffer() {
        let buffer = SharedBuffer::default();
        let mut out = OutputStream::to(buffer.clone());
        write!(out, "{}{}", 1, 2).unwrap();
        out.clone().write_all(b"3").unwrap();
        assert_eq!(buffer.bytes(), b"123");
    }
}
