//! The lines of a file or of standard input, in chunks of whole lines: memory stays flat however
//! many there are.

use crate::io::error::Error;
use crate::io::special_file;
use crate::io::streams::InputStream;
use crate::protocols::byte_order_mark;
use memchr::{memchr, memchr_iter};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes that a line may have: a body of 16 MiB, the most that `listen` takes unasked, can grow
/// sixfold when its letters are escaped.
pub const MAX_LINE: usize = 128 << 20;

/// How much is read and handed out at once.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// Bytes of a chunk, unless a single line is longer.
    chunk: usize,
    /// Lines of a chunk.
    lines: usize,
    /// Bytes of a line, at least those of a chunk.
    line: usize,
}

impl Bounds {
    /// A chunk fits the cache of a core, and handing it on costs nothing beside the work. Very
    /// short lines are fewer: what is said of one is longer than itself.
    const USUAL: Self = Self { chunk: 256 * 1024, lines: 2048, line: MAX_LINE };
}

/// Reads lines, chunk by chunk. Where a chunk ends depends on the bytes alone, not on how they come.
pub struct Lines {
    what: &'static str,
    path: PathBuf,
    input: Box<dyn Read + Send>,
    /// Read, and from `start` on not handed out yet.
    pending: Vec<u8>,
    start: usize,
    at_end: bool,
    next_line: usize,
    bounds: Bounds,
    /// The size of a file, where it has one; it may grow meanwhile.
    size: Option<u64>,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinePiece {
    /// Lines, each of them whole.
    Chunk(Chunk),
    /// A line with more than [`MAX_LINE`] bytes, which were passed over.
    TooLong {
        /// Its number, counted from 1.
        line: usize,
    },
}

/// Whole lines, the last of which may have no line end.
#[derive(Debug, PartialEq, Eq)]
pub struct Chunk {
    bytes: Vec<u8>,
    first_line: usize,
}

impl Chunk {
    /// Every line that is not blank, without its line end, with its number counted from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &[u8])> {
        // An editor on Windows may have put a BOM before the first: that is not part of any line.
        let is_first = self.first_line == 1;
        let bytes = if is_first { byte_order_mark::without(&self.bytes) } else { &self.bytes };
        let mut start = 0;
        let ends = memchr_iter(b'\n', bytes).chain([bytes.len()]);
        let lines = ends.map(move |end| &bytes[std::mem::replace(&mut start, end + 1)..end]);
        (self.first_line..).zip(lines).filter(|(_, line)| !line.trim_ascii().is_empty())
    }
}

impl Lines {
    /// Opens a file, or standard input where the path is `-`. `what` names it in errors.
    pub fn open(stdin: &InputStream, what: &'static str, path: &Path) -> Result<Self, Error> {
        if path.as_os_str() == "-" {
            return Ok(Self::new(what, path, stdin.reader(), Bounds::USUAL));
        }
        Self::open_file(what, path)
    }

    /// Opens a file, whatever its name is.
    pub fn open_file(what: &'static str, path: &Path) -> Result<Self, Error> {
        let file = File::open(path);
        let file = file.map_err(|source| Error::Read { what, path: path.to_owned(), source })?;
        let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file);
        let size = metadata.map(|metadata| metadata.len());
        Ok(Self { size, ..Self::new(what, path, Box::new(file), Bounds::USUAL) })
    }

    /// Opens a regular file, and refuses what is none, such as a pipe that nobody writes to.
    pub fn open_regular(what: &'static str, path: &Path) -> Result<Self, Error> {
        let file = special_file::open_regular(path);
        let file = file.map_err(|source| Error::Read { what, path: path.to_owned(), source })?;
        Ok(Self::new(what, path, Box::new(file), Bounds::USUAL))
    }

    fn new(what: &'static str, path: &Path, input: Box<dyn Read + Send>, bounds: Bounds) -> Self {
        let path = path.to_owned();
        let pending = Vec::new();
        let (at_end, next_line, size) = (false, 1, None);
        Self { what, path, input, pending, start: 0, at_end, next_line, bounds, size }
    }

    /// What was read and not handed out yet, and whether that is all there is.
    #[must_use]
    pub fn head(&self) -> (&[u8], bool) {
        (&self.pending[self.start..], self.at_end)
    }

    /// Reads as much again into the head as is there, but not beyond the bound of a line.
    ///
    /// Whether a line is too long shows one byte after the bound: a head of that size stays as it
    /// is.
    pub fn more(&mut self) -> Result<(), Error> {
        self.move_up();
        let Bounds { chunk, line, .. } = self.bounds;
        let room = (line + 1).saturating_sub(self.pending.len());
        self.read(self.pending.len().max(chunk).min(room))
    }

    /// Reads the rest, and gives all that was not handed out yet: at most `limit` bytes. A file that
    /// is larger is not read.
    pub fn whole(mut self, limit: u64) -> Result<Vec<u8>, Error> {
        if self.next_line == 1 && self.size.is_some_and(|size| size > limit) {
            return Err(Error::TooLarge { what: self.what, path: self.path, limit });
        }
        self.move_up();
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        // One byte more than allowed tells an input that is too large from one that just fits.
        let room = most.saturating_sub(self.pending.len()).saturating_add(1);
        self.read(room)?;
        if self.pending.len() > most {
            return Err(Error::TooLarge { what: self.what, path: self.path, limit });
        }
        Ok(self.pending)
    }

    /// The next lines; none at the end.
    fn piece(&mut self) -> Result<Option<LinePiece>, Error> {
        // What follows as many lines as a chunk may have does not change where it ends, so nothing
        // is read or moved for it: else a long look-ahead of short lines is moved for each chunk.
        if let Some((end, line_ends)) = self.cut().filter(|&(_, ends)| ends == self.bounds.lines) {
            return Ok(Some(self.hand_out(end, line_ends)));
        }
        self.move_up();
        if let Some(missing) = self.bounds.chunk.checked_sub(self.pending.len()) {
            self.read(missing)?;
        }
        loop {
            if self.pending.is_empty() {
                return Ok(None);
            }
            if let Some((end, line_ends)) = self.cut() {
                return Ok(Some(self.hand_out(end, line_ends)));
            }
            if self.pending.len() > self.bounds.line {
                return self.pass_over().map(Some);
            }
            self.more()?;
        }
    }

    /// The lines up to `end`. No more bytes are copied than are handed out.
    fn hand_out(&mut self, end: usize, line_ends: usize) -> LinePiece {
        let first_line = self.next_line;
        self.next_line += line_ends;
        // A long line goes with its room; a small part must not take the room of all.
        let bytes = if self.start == 0 && self.pending.len() - end <= end {
            self.split(end)
        } else {
            let bytes = self.pending[self.start..end].to_vec();
            self.start = end;
            bytes
        };
        LinePiece::Chunk(Chunk { bytes, first_line })
    }

    /// Drops what was handed out, with its room.
    fn move_up(&mut self) {
        if self.start > 0 {
            self.split(self.start);
            self.start = 0;
        }
    }

    /// Takes the bytes before `end` away, and copies those after it into room of their own.
    fn split(&mut self, end: usize) -> Vec<u8> {
        let mut rest = Vec::with_capacity(self.bounds.chunk.max(self.pending.len() - end));
        rest.extend_from_slice(&self.pending[end..]);
        let mut bytes = std::mem::replace(&mut self.pending, rest);
        bytes.truncate(end);
        bytes
    }

    /// Drops everything up to the next line end.
    fn pass_over(&mut self) -> Result<LinePiece, Error> {
        let line = self.next_line;
        self.next_line += 1;
        // Its room is given back, not kept for the lines to come.
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

    /// Reads `count` bytes more, fewer only at the end.
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

    /// Where in `pending` the lines end that can be handed out, and how many line ends are before
    /// that; none where no line is whole yet.
    fn cut(&self) -> Option<(usize, usize)> {
        let (waiting, most) = (&self.pending[self.start..], self.bounds.lines);
        let (last, line_ends) = last_of(memchr_iter(b'\n', waiting), most);
        // What follows the last line end is a line as well, but only when nothing can be added.
        if self.at_end && line_ends < most {
            return Some((self.pending.len(), line_ends));
        }
        last.map(|last| (self.start + last + 1, line_ends))
    }
}

/// The last of the first `most` line ends, and how many these are. None beyond them is looked for.
fn last_of(ends: impl Iterator<Item = usize>, most: usize) -> (Option<usize>, usize) {
    ends.take(most).fold((None, 0), |(_, count), end| (Some(end), count + 1))
}

/// Every piece in turn; nothing comes after an error.
impl Iterator for Lines {
    type Item = Result<LinePiece, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = self.piece();
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

    /// Every line that is not blank with its number, and none for one that is too long.
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

    /// The same, from all bytes at once.
    fn at_once(bytes: &[u8]) -> Vec<(usize, Option<&[u8]>)> {
        let lines = (1..).zip(bytes.split(|&byte| byte == b'\n'));
        let judged =
            lines.map(|(number, line)| (number, (line.len() <= SMALL.line).then_some(line)));
        judged.filter(|(_, line)| line.is_none_or(|line| !line.trim_ascii().is_empty())).collect()
    }

    /// Gives one byte a time, as a slow pipe may.
    struct Dripping(io::Cursor<Vec<u8>>);

    impl Read for Dripping {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(1);
            self.0.read(&mut buffer[..most])
        }
    }

    proptest! {
        #[test]
        fn every_line_comes_once_with_its_number_however_the_bytes_come(
            bytes in proptest::collection::vec(prop_oneof![
                1 => Just(b"\n".to_vec()),
                1 => Just(b"\r\n".to_vec()),
                4 => proptest::collection::vec(b' '..b'z', 1..12),
            ], 0..40),
        ) {
            let bytes = bytes.concat();
            let fast = pieces(lines(bytes.clone(), SMALL));
            prop_assert_eq!(numbered(&fast), at_once(&bytes));
            let slow = Box::new(Dripping(io::Cursor::new(bytes.clone())));
            let slow = pieces(Lines::new("x", Path::new("-"), slow, SMALL));
            prop_assert_eq!(&slow, &fast, "where a chunk ends depends on the bytes alone");
            let mut looked_at = lines(bytes.clone(), SMALL);
            looked_at.more().unwrap();
            looked_at.more().unwrap();
            let looked_at = pieces(looked_at);
            prop_assert_eq!(numbered(&looked_at), at_once(&bytes));
        }
    }

    #[test]
    fn a_line_beyond_the_bound_is_passed_over_and_named() {
        for (length, fits) in [(24, true), (25, false), (26, false), (500, false)] {
            let long = "x".repeat(length);
            for end in ["", "\n", "\r\nlast", "\nlast\n\n"] {
                // With a carriage return it is one byte longer.
                let fits = fits && !end.starts_with('\r');
                let text = format!("first\n\n{long}{end}");
                let pieces = pieces(lines(text.as_str(), SMALL));
                let numbered = numbered(&pieces);
                assert_eq!(numbered[1], (3, fits.then_some(long.as_bytes())), "{text:?}");
                assert_eq!(numbered, at_once(text.as_bytes()), "{text:?}");
            }
        }
    }

    #[test]
    fn very_short_lines_come_in_small_chunks() {
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
                lines.more().unwrap();
            }
            let (mut moved, mut held) = (0, 0);
            loop {
                let before = lines.head().0.as_ptr() as usize;
                let Some(piece) = lines.next() else { break };
                let Ok(LinePiece::Chunk(Chunk { bytes, .. })) = piece else { panic!("{piece:?}") };
                held += bytes.capacity();
                let after = lines.head().0;
                if after.as_ptr() as usize != before + bytes.len() {
                    moved += after.len();
                }
            }
            assert!(moved <= 2 * text.len(), "{moved} bytes moved of {}", text.len());
            assert!(held <= 4 * text.len(), "{held} bytes held for {}", text.len());
        }
    }

    #[test]
    fn no_line_end_is_looked_for_beyond_those_of_a_chunk() {
        for (there, expected) in [(0, (None, 0)), (3, (Some(2), 3)), (4, (Some(3), 4))] {
            assert_eq!(last_of(0..there, 4), expected);
        }
        let mut looked_for = 0;
        assert_eq!(last_of((0..100).inspect(|_| looked_for += 1), 4), (Some(3), 4));
        assert_eq!(looked_for, 4);
    }

    #[test]
    fn what_was_handed_out_is_no_part_of_the_head_or_the_whole() {
        let text = "a\n".repeat(20);
        let mut begun = lines(text.as_str(), SMALL);
        begun.more().unwrap();
        begun.more().unwrap();
        begun.next().unwrap().unwrap();
        assert_eq!(begun.head(), (&text.as_bytes()[8..25], false));
        assert_eq!(begun.whole(32).unwrap(), &text.as_bytes()[8..]);
    }

    #[test]
    fn the_whole_is_what_was_looked_at_and_what_follows_up_to_a_bound() {
        let text = "x".repeat(48);
        let mut looked_at = lines(text.as_str(), SMALL);
        looked_at.more().unwrap();
        assert_eq!(looked_at.head(), (&text.as_bytes()[..16], false));
        assert_eq!(looked_at.whole(48).unwrap(), text.as_bytes());
        let error = lines(text, SMALL).whole(47).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    }

    #[test]
    fn a_file_beyond_the_bound_is_refused_before_it_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        // Without blocks on disk; read, it would take all the memory there is.
        file.as_file().set_len(1 << 42).unwrap();
        let opened = Lines::open_file("x", file.path()).unwrap();
        let error = opened.whole(1 << 41).unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit, .. } if limit == 1 << 41), "{error}");
    }

    #[test]
    fn a_mark_of_an_editor_is_no_part_of_the_first_line_and_of_no_other() {
        let mark = "\u{feff}";
        let pieces = pieces(lines(format!("{mark}a\n{mark}b"), SMALL));
        let second = format!("{mark}b");
        assert_eq!(numbered(&pieces), [(1, Some(b"a".as_slice())), (2, Some(second.as_bytes()))]);
    }
}
