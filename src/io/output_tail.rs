//! The last lines of a child process's output, read by a thread so that the child never blocks.

use crate::domain::excerpt::MAX_STORED_BYTES;
use std::collections::VecDeque;
use std::io;
use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The maximum number of lines that are kept.
const MAX_LINES: usize = 20;

/// A function that receives each line of the output as it is complete, without its newline.
pub type LineSink = Arc<dyn Fn(&[u8]) + Send + Sync>;

/// The last lines of an output.
pub(super) struct OutputTail(Arc<Shared>);

#[derive(Default)]
struct Shared {
    ring: Mutex<LineRing>,
    completed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, LineRing> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OutputTail {
    /// Reads `pipe` until its end on a thread, and passes each line to `show`.
    pub(super) fn read(
        pipe: impl Read + Send + 'static,
        show: Option<LineSink>,
    ) -> io::Result<Self> {
        let tail = Self(Arc::default());
        let shared = Arc::clone(&tail.0);
        // Not joined: a process that left the group of the child may keep the pipe open forever.
        std::thread::Builder::new().name("receiver output".to_owned()).spawn(move || {
            read_all(pipe, &shared, show.as_ref());
            shared.lock().is_complete = true;
            shared.completed.notify_all();
        })?;
        Ok(tail)
    }

    /// Returns `true` once every process has closed the output.
    pub(super) fn is_complete(&self) -> bool {
        self.0.lock().is_complete
    }

    /// Waits up to `limit` until every process has closed the output.
    pub(super) fn wait_until_complete(&self, limit: Duration) {
        let ring = self.0.lock();
        // A poisoned lock ends the wait: what was read is complete enough.
        drop(self.0.completed.wait_timeout_while(ring, limit, |ring| !ring.is_complete));
    }

    /// Returns the last lines.
    pub(super) fn lines(&self) -> Vec<String> {
        let ring = self.0.lock();
        let lines = ring.lines.iter().chain((!ring.current.is_empty()).then_some(&ring.current));
        let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        let surplus = lines.len().saturating_sub(MAX_LINES);
        lines.into_iter().skip(surplus).collect()
    }
}

/// Reads a pipe until its end or its first error.
fn read_all(mut pipe: impl Read, shared: &Shared, show: Option<&LineSink>) {
    let mut buffer = [0; 8192];
    loop {
        let complete = match pipe.read(&mut buffer) {
            Ok(0) => {
                let last = shared.lock().complete_line();
                if let (Some(line), Some(show)) = (last, show) {
                    show(&line);
                }
                return;
            }
            Ok(length) => shared.lock().push(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        // The lock is free by now: a blocked reader of standard error must not block its users.
        if let Some(show) = show {
            for line in &complete {
                show(line);
            }
        }
    }
}

/// The last lines, and the line that is not complete yet. Each is cut to [`MAX_STORED_BYTES`].
#[derive(Default)]
struct LineRing {
    lines: VecDeque<Vec<u8>>,
    current: Vec<u8>,
    is_complete: bool,
}

impl LineRing {
    /// Adds output, and returns the lines that it completes.
    fn push(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut complete = Vec::new();
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            let text = part.strip_suffix(b"\n").unwrap_or(part);
            let room = MAX_STORED_BYTES - self.current.len();
            self.current.extend_from_slice(&text[..text.len().min(room)]);
            if part.len() > text.len() {
                complete.extend(self.complete_line());
            }
        }
        complete
    }

    /// Moves the current line to the complete ones, unless it is blank, and returns it.
    fn complete_line(&mut self) -> Option<Vec<u8>> {
        let line = std::mem::take(&mut self.current);
        let line = line.trim_ascii_end();
        if line.is_empty() {
            return None;
        }
        self.lines.push_back(line.to_vec());
        if self.lines.len() > MAX_LINES {
            self.lines.pop_front();
        }
        Some(line.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn tail_of(output: &[u8]) -> (Vec<String>, Vec<Vec<u8>>) {
        let shown = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&shown);
        let show: LineSink = Arc::new(move |line| sink.lock().unwrap().push(line.to_vec()));
        let tail = OutputTail::read(io::Cursor::new(output.to_vec()), Some(show)).unwrap();
        tail.wait_until_complete(LONG);
        assert!(tail.is_complete());
        let shown = shown.lock().unwrap().clone();
        (tail.lines(), shown)
    }

    #[test]
    fn the_last_lines_are_kept_and_every_line_is_shown() {
        let mut output: Vec<_> = (0..30).map(|number| format!("line {number}\r")).collect();
        output.extend(["", "", "the end"].map(str::to_owned));
        let (lines, shown) = tail_of(output.join("\n").as_bytes());
        assert_eq!(lines.len(), MAX_LINES);
        assert_eq!((lines[0].as_str(), lines[MAX_LINES - 1].as_str()), ("line 11", "the end"));
        assert_eq!(shown.len(), 31);
    }

    #[test]
    fn long_lines_and_foreign_bytes_are_bounded() {
        let (lines, shown) = tail_of(&[&*b"a".repeat(100_000), b"\nb\xff"].concat());
        assert_eq!(lines[0].len(), MAX_STORED_BYTES);
        assert_eq!(lines[1], "b\u{fffd}");
        assert_eq!(shown[1], b"b\xff");
    }

    #[test]
    fn an_incomplete_line_counts_while_the_output_is_open() {
        let (reader, mut writer) = io::pipe().unwrap();
        let tail = OutputTail::read(reader, None).unwrap();
        io::Write::write_all(&mut writer, b"1\n2").unwrap();
        let end = std::time::Instant::now() + LONG;
        while tail.lines().len() < 2 {
            assert!(std::time::Instant::now() < end, "nothing was read");
            std::thread::yield_now();
        }
        assert_eq!(tail.lines(), ["1", "2"]);
        assert!(!tail.is_complete());
    }
}
