//! Line reader: reads a file or standard input in chunks of whole lines, in bounded memory.
//!
//! The buffer contains lines that were read but not returned. Callers first look ahead
//! ([`Lines::look_ahead`], [`Lines::read_ahead`]) to detect the format, and then read either
//! everything or chunk by chunk. A look-ahead can be as large as one line of [`MAX_LINE`], with
//! thousands of short lines after it. So a chunk copies only the bytes that it returns, and nothing
//! is moved while the buffer still has the lines of a full chunk: otherwise the cost would be
//! quadratic.

use crate::io::error::Error;
use crate::io::special_file;
use crate::io::streams::InputStream;
use crate::protocols::byte_order_mark;
use memchr::{memchr, memchr_iter};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The maximum number of bytes of a line.
///
/// A body of 16 MiB, the default maximum of `listen`, can grow sixfold when its characters are
/// escaped.
pub const MAX_LINE: usize = 128 << 20;

/// The limits of a chunk and of a line.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// The number of bytes of a chunk, unless a single line is longer.
    chunk: usize,
    /// The maximum number of lines of a chunk.
    lines: usize,
    /// The maximum number of bytes of a line, at least `chunk`.
    line: usize,
}

impl Bounds {
    /// A chunk fits into the cache of a core, and passing it to another thread is cheap compared to
    /// the work. The number of lines is limited as well, because the result of a very short line is
    /// longer than the line.
    const DEFAULT: Self = Self { chunk: 256 * 1024, lines: 2048, line: MAX_LINE };
}

/// Reads lines, chunk by chunk.
///
/// The end of a chunk depends only on the bytes, not on the sizes of the reads.
pub struct Lines {
    what: &'static str,
    path: PathBuf,
    input: Box<dyn Read + Send>,
    /// The bytes that were read; those before `start` were returned.
    pending: Vec<u8>,
    start: usize,
    at_end: bool,
    next_line: usize,
    bounds: Bounds,
    /// The size of a regular file when it was opened.
    size: Option<u64>,
}

/// The next piece of the input.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinePiece {
    /// Complete lines.
    Chunk(Chunk),
    /// A line with more than [`MAX_LINE`] bytes, which was skipped.
    TooLong {
        /// Its number, counted from 1.
        line: usize,
    },
}

/// Complete lines; the last one of the input may have no newline.
#[derive(Debug, PartialEq, Eq)]
pub struct Chunk {
    bytes: Vec<u8>,
    first_line: usize,
}

impl Chunk {
    /// Returns every line that is not blank, without its newline, with its number counted from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &[u8])> {
        // An editor on Windows may have added a BOM, which is not part of the first line.
        let is_first = self.first_line == 1;
        let bytes = if is_first { byte_order_mark::strip(&self.bytes) } else { &self.bytes };
        let mut start = 0;
        let ends = memchr_iter(b'\n', bytes).chain([bytes.len()]);
        let lines = ends.map(move |end| &bytes[std::mem::replace(&mut start, end + 1)..end]);
        (self.first_line..).zip(lines).filter(|(_, line)| !line.trim_ascii().is_empty())
    }
}

impl Lines {
    /// Opens a file, or standard input if the path is `-`. `what` names it in errors.
    pub fn open(stdin: &InputStream, what: &'static str, path: &Path) -> Result<Self, Error> {
        if path.as_os_str() == "-" {
            return Ok(Self::new(what, path, stdin.reader(), Bounds::DEFAULT));
        }
        Self::open_file(what, path)
    }

    /// Opens a file, even if its name is `-`.
    pub fn open_file(what: &'static str, path: &Path) -> Result<Self, Error> {
        let file = File::open(path);
        let file = file.map_err(|source| Error::Read { what, path: path.to_owned(), source })?;
        let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file);
        let size = metadata.map(|metadata| metadata.len());
        Ok(Self { size, ..Self::new(what, path, Box::new(file), Bounds::DEFAULT) })
    }

    /// Opens a regular file. Anything else is an error, such as a pipe without a writer.
    pub fn open_regular(what: &'static str, path: &Path) -> Result<Self, Error> {
        let file = special_file::open_regular(path);
        let file = file.map_err(|source| Error::Read { what, path: path.to_owned(), source })?;
        Ok(Self::new(what, path, Box::new(file), Bounds::DEFAULT))
    }

    fn new(what: &'static str, path: &Path, input: Box<dyn Read + Send>, bounds: Bounds) -> Self {
        let path = path.to_owned();
        let pending = Vec::new();
        let (at_end, next_line, size) = (false, 1, None);
        Self { what, path, input, pending, start: 0, at_end, next_line, bounds, size }
    }

    /// Returns `true` if the input is a regular file, which can be opened again.
    #[must_use]
    pub fn is_regular_file(&self) -> bool {
        self.size.is_some()
    }

    /// Returns the bytes that were read but not returned, and `true` if the input ends with them.
    #[must_use]
    pub fn look_ahead(&self) -> (&[u8], bool) {
        (&self.pending[self.start..], self.at_end)
    }

    /// Doubles the look-ahead, up to one byte more than a line can have.
    ///
    /// That byte shows that a line is too long, so no more has to be read.
    pub fn read_ahead(&mut self) -> Result<(), Error> {
        self.compact();
        let Bounds { chunk, line, .. } = self.bounds;
        let room = (line + 1).saturating_sub(self.pending.len());
        self.read(self.pending.len().max(chunk).min(room))
    }

    /// Reads to the end, and returns all bytes that were not returned yet, at most `limit`.
    ///
    /// A larger regular file is an error before it is read.
    pub fn read_to_end(mut self, limit: u64) -> Result<Vec<u8>, Error> {
        if self.next_line == 1 && self.size.is_some_and(|size| size > limit) {
            return Err(Error::TooLarge { what: self.what, path: self.path, limit });
        }
        self.compact();
        let limit_len = usize::try_from(limit).unwrap_or(usize::MAX);
        // One byte more than allowed distinguishes an input that is too large from one that just
        // fits.
        let room = limit_len.saturating_sub(self.pending.len()).saturating_add(1);
        self.read(room)?;
        if self.pending.len() > limit_len {
            return Err(Error::TooLarge { what: self.what, path: self.path, limit });
        }
        Ok(self.pending)
    }

    /// Returns the next piece; `None` at the end.
    fn next_piece(&mut self) -> Result<Option<LinePiece>, Error> {
        // With the maximum number of lines, the end of the chunk does not depend on the bytes after
        // it, so nothing is read or moved: otherwise each chunk would move a long look-ahead.
        let is_full = |&(_, newlines): &(usize, usize)| newlines == self.bounds.lines;
        if let Some((end, newlines)) = self.chunk_end().filter(is_full) {
            return Ok(Some(self.take_chunk(end, newlines)));
        }
        self.compact();
        if let Some(missing) = self.bounds.chunk.checked_sub(self.pending.len()) {
            self.read(missing)?;
        }
        loop {
            if self.pending.is_empty() {
                return Ok(None);
            }
            if let Some((end, newlines)) = self.chunk_end() {
                return Ok(Some(self.take_chunk(end, newlines)));
            }
            if self.pending.len() > self.bounds.line {
                return self.skip_line().map(Some);
            }
            self.read_ahead()?;
        }
    }

    /// Returns the lines up to `end`, and copies at most as many bytes as it returns.
    fn take_chunk(&mut self, end: usize, newlines: usize) -> LinePiece {
        let first_line = self.next_line;
        self.next_line += newlines;
        // A chunk that is most of the buffer takes the allocation, and the few bytes after it are
        // copied. A smaller chunk is copied itself, so that it does not keep the large allocation
        // alive.
        let bytes = if self.start == 0 && self.pending.len() - end <= end {
            self.split(end)
        } else {
            let bytes = self.pending[self.start..end].to_vec();
            self.start = end;
            bytes
        };
        LinePiece::Chunk(Chunk { bytes, first_line })
    }

    /// Drops the bytes that were returned, with their memory.
    fn compact(&mut self) {
        if self.start > 0 {
            self.split(self.start);
            self.start = 0;
        }
    }

    /// Returns the bytes before `end` in their allocation, and copies the rest into a new one.
    fn split(&mut self, end: usize) -> Vec<u8> {
        let mut rest = Vec::with_capacity(self.bounds.chunk.max(self.pending.len() - end));
        rest.extend_from_slice(&self.pending[end..]);
        let mut bytes = std::mem::replace(&mut self.pending, rest);
        bytes.truncate(end);
        bytes
    }

    /// Drops everything up to the next newline.
    fn skip_line(&mut self) -> Result<LinePiece, Error> {
        let line = self.next_line;
        self.next_line += 1;
        // Releases the memory of the long line; the next lines need less.
        self.pending = Vec::new();
        loop {
            self.read(self.bounds.chunk)?;
            let end = memchr(b'\n', &self.pending);
            self.pending.drain(..end.map_or(self.pending.len(), |end| end + 1));
            if end.is_some() || self.at_end {
                return Ok(LinePiece::TooLong { line });
            }
        }
    }

    /// Reads `count` more bytes; fewer only at the end.
    fn read(&mut self, count: usize) -> Result<(), Error> {
        if self.at_end {
            return Ok(());
        }
        let before = self.pending.len();
        let read = self.input.by_ref().take(count as u64).read_to_end(&mut self.pending);
        read.map_err(|source| Error::Read { what: self.what, path: self.path.clone(), source })?;
        self.at_end = self.pending.len() - before < count;
        Ok(())
    }

    /// Returns the end of the next chunk in `pending` and the number of its newlines; `None` if no
    /// line is complete.
    fn chunk_end(&self) -> Option<(usize, usize)> {
        let (unread, max) = (&self.pending[self.start..], self.bounds.lines);
        let (last, newlines) = last_of_first(memchr_iter(b'\n', unread), max);
        // The bytes after the last newline are a line only at the end of the input.
        if self.at_end && newlines < max {
            return Some((self.pending.len(), newlines));
        }
        last.map(|last| (self.start + last + 1, newlines))
    }
}

/// Returns the last of the first `max` newlines and their number, without searching beyond them.
fn last_of_first(ends: impl Iterator<Item = usize>, max: usize) -> (Option<usize>, usize) {
    ends.take(max).fold((None, 0), |(_, count), end| (Some(end), count + 1))
}

/// Returns the pieces in order, and nothing after an error.
impl Iterator for Lines {
    type Item = Result<LinePiece, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = self.next_piece();
        if piece.is_err() {
            self.at_end = true;
            self.pending.clear();
            self.start = 0;
        }
        piece.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io;

    const SMALL: Bounds = Bounds { chunk: 16, lines: 4, line: 24 };

    fn lines(bytes: impl Into<Vec<u8>>, bounds: Bounds) -> Lines {
        Lines::new("x", Path::new("-"), Box::new(io::Cursor::new(bytes.into())), bounds)
    }

    fn pieces(lines: Lines) -> Vec<LinePiece> {
        lines.map(Result::unwrap).collect()
    }

    /// Returns every line that is not blank with its number; `None` for one that is too long.
    fn numbered(pieces: &[LinePiece]) -> Vec<(usize, Option<&[u8]>)> {
        let mut numbered = Vec::new();
        for piece in pieces {
            match piece {
                LinePiece::Chunk(chunk) => {
                    numbered.extend(chunk.lines().map(|(number, line)| (number, Some(line))));
                }
                LinePiece::TooLong { line } => numbered.push((*line, None)),
            }
        }
        numbered
    }

    /// Returns the result that is expected of [`numbered`], computed from all bytes at once.
    fn expected(bytes: &[u8]) -> Vec<(usize, Option<&[u8]>)> {
        let lines = (1..).zip(bytes.split(|&byte| byte == b'\n'));
        let limited =
            lines.map(|(number, line)| (number, (line.len() <= SMALL.line).then_some(line)));
        limited.filter(|(_, line)| line.is_none_or(|line| !line.trim_ascii().is_empty())).collect()
    }

    /// Returns one byte per read, like a slow pipe.
    struct SlowReader(io::Cursor<Vec<u8>>);

    impl Read for SlowReader {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(1);
            self.0.read(&mut buffer[..length])
        }
    }

    proptest! {
        #[test]
        fn every_line_is_returned_once_with_its_number(
            bytes in proptest::collection::vec(prop_oneof![
                1 => Just(b"\n".to_vec()),
                1 => Just(b"\r\n".to_vec()),
                4 => proptest::collection::vec(b' '..b'z', 1..12),
            ], 0..40),
        ) {
            let bytes = bytes.concat();
            let fast = pieces(lines(bytes.clone(), SMALL));
            prop_assert_eq!(numbered(&fast), expected(&bytes));
            let slow = Box::new(SlowReader(io::Cursor::new(bytes.clone())));
            let slow = pieces(Lines::new("x", Path::new("-"), slow, SMALL));
            prop_assert_eq!(&slow, &fast, "the end of a chunk depends only on the bytes");
            let mut looked_at = lines(bytes.clone(), SMALL);
            looked_at.read_ahead().unwrap();
            looked_at.read_ahead().unwrap();
            let looked_at = pieces(looked_at);
            prop_assert_eq!(numbered(&looked_at), expected(&bytes));
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_reported() {
        for (length, fits) in [(24, true), (25, false), (26, false), (500, false)] {
            let long = "x".repeat(length);
            for end in ["", "\n", "\r\nlast", "\nlast\n\n"] {
                // With a carriage return it is one byte longer.
                let fits = fits && !end.starts_with('\r');
                let text = format!("first\n\n{long}{end}");
                let pieces = pieces(lines(text.as_str(), SMALL));
                let numbered = numbered(&pieces);
                assert_eq!(numbered[1], (3, fits.then_some(long.as_bytes())), "{text:?}");
                assert_eq!(numbered, expected(text.as_bytes()), "{text:?}");
            }
        }
    }

    #[test]
    fn a_chunk_of_very_short_lines_has_a_limited_number_of_lines() {
        let pieces = pieces(lines("a\n".repeat(13), Bounds { chunk: 1000, line: 1000, ..SMALL }));
        let sizes = pieces.iter().map(|piece| numbered(std::slice::from_ref(piece)).len());
        assert_eq!(sizes.collect::<Vec<_>>(), [4, 4, 4, 1]);
    }

    #[test]
    fn a_long_look_ahead_is_not_moved_for_each_chunk_of_short_lines() {
        let bounds = Bounds { line: 100_000, ..SMALL };
        let short = "\n".repeat(40_000);
        let long = "x".repeat(40_000);
        for (text, looks) in [(format!("a{short}b"), 20), (format!("{long}{short}b"), 0)] {
            let mut lines = lines(text.as_str(), bounds);
            for _ in 0..looks {
                lines.read_ahead().unwrap();
            }
            let (mut moved, mut held) = (0, 0);
            loop {
                let before = lines.look_ahead().0.as_ptr() as usize;
                let Some(piece) = lines.next() else { break };
                let Ok(LinePiece::Chunk(Chunk { bytes, .. })) = piece else { panic!("{piece:?}") };
                held += bytes.capacity();
                let after = lines.look_ahead().0;
                if after.as_ptr() as usize != before + bytes.len() {
                    moved += after.len();
                }
            }
            assert!(moved <= 2 * text.len(), "{moved} bytes moved of {}", text.len());
            assert!(held <= 4 * text.len(), "{held} bytes held for {}", text.len());
        }
    }

    #[test]
    fn the_search_for_newlines_stops_at_the_last_one_of_a_chunk() {
        for (available, expected) in [(0, (None, 0)), (3, (Some(2), 3)), (4, (Some(3), 4))] {
            assert_eq!(last_of_first(0..available, 4), expected);
        }
        let mut searched = 0;
        assert_eq!(last_of_first((0..100).inspect(|_| searched += 1), 4), (Some(3), 4));
        assert_eq!(searched, 4);
    }

    #[test]
    fn returned_lines_are_not_returned_again() {
        let text = "a\n".repeat(20);
        let mut begun = lines(text.as_str(), SMALL);
        begun.read_ahead().unwrap();
        begun.read_ahead().unwrap();
        begun.next().unwrap().unwrap();
        assert_eq!(begun.look_ahead(), (&text.as_bytes()[8..25], false));
        assert_eq!(begun.read_to_end(32).unwrap(), &text.as_bytes()[8..]);
    }

    #[test]
    fn the_whole_input_includes_the_look_ahead_up_to_a_limit() {
        let text = "x".repeat(48);
        let mut looked_at = lines(text.as_str(), SMALL);
        looked_at.read_ahead().unwrap();
        assert_eq!(looked_at.look_ahead(), (&text.as_bytes()[..16], false));
        assert_eq!(looked_at.read_to_end(48).unwrap(), text.as_bytes());
        let error = lines(text, SMALL).read_to_end(47).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    }

    #[test]
    fn a_file_over_the_limit_is_an_error_before_it_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        // A sparse file, which would use all memory if it were read.
        file.as_file().set_len(1 << 42).unwrap();
        let opened = Lines::open_file("x", file.path()).unwrap();
        let error = opened.read_to_end(1 << 41).unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit, .. } if limit == 1 << 41), "{error}");
    }

    #[test]
    fn a_byte_order_mark_is_removed_from_the_first_line_only() {
        let mark = "\u{feff}";
        let pieces = pieces(lines(format!("{mark}a\n{mark}b"), SMALL));
        let second = format!("{mark}b");
        assert_eq!(numbered(&pieces), [(1, Some(b"a".as_slice())), (2, Some(second.as_bytes()))]);
    }
}
