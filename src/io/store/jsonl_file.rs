//! JSON Lines store: appends captures to a file, one per line.

use super::entry::{EntryOrigin, MAX_ATTEMPTS, Retention, StoreEntry};
use super::file_id::FileId;
use super::probe::check_disk_space;
use super::{tail, trim};
use crate::io::private_file::{open_to_append, other_readers, other_writers, parent, sync_folder};
use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::io::{BufRead, BufReader, IoSlice, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The minimum number of lines over the limit before the file is trimmed.
///
/// Each trim copies the kept lines, so the file may exceed its limit by an eighth, or by this
/// number of lines if that is more.
const TRIM_SLACK: u64 = 1000;

/// A path, and the file that was opened at it.
#[derive(Debug)]
pub(super) struct JsonlFile {
    path: PathBuf,
    keep: Retention,
    random: u64,
    /// The number of times that the path was opened.
    pub(super) epoch: u64,
    /// The file length at which a trim is tried again after one that failed.
    trim_again_at: u64,
    /// `None` while the path cannot be opened.
    pub(super) open: Option<OpenFile>,
}

/// A file that is locked by this listener.
#[derive(Debug)]
pub(super) struct OpenFile {
    pub(super) file: File,
    id: FileId,
    /// The end of the last complete line.
    end: u64,
    /// `true` if bytes of a failed write may follow `end`.
    torn: bool,
    /// `false` on a file system without locks, where another listener may append as well.
    is_locked: bool,
    /// The length of each line, the oldest first; `None` if no line is ever deleted.
    lengths: Option<VecDeque<u64>>,
}

impl JsonlFile {
    pub(super) fn open(
        path: &Path,
        keep: Retention,
        random: u64,
        notes: &mut Vec<String>,
    ) -> io::Result<Self> {
        let (epoch, trim_again_at) = (0, 0);
        let mut file =
            Self { path: path.to_owned(), keep, random, epoch, trim_again_at, open: None };
        file.open_if_closed(notes)?;
        notes.extend(trim::abandoned_copies(path).into_iter().map(|copy| {
            let copy = copy.display();
            format!("`{copy}` is left over from an interrupted trim: delete it")
        }));
        if let Some(who) = other_writers(parent(path))? {
            let folder = parent(path).display();
            notes.push(format!(
                "the folder `{folder}` is not safe for captures: {who}, so the file can be \
                 removed or replaced"
            ));
        }
        Ok(file)
    }

    /// Appends all entries with one sync, to the file that has the path after the sync.
    ///
    /// If the file lost its path meanwhile, it may have been deleted with the new entries, so the
    /// batch is written again to the file that has the path now. An entry can be in both files.
    pub(super) fn write(
        &mut self,
        entries: &[StoreEntry],
        notes: &mut Vec<String>,
    ) -> Vec<io::Result<PathBuf>> {
        self.write_with(entries, notes, OpenFile::write)
    }

    /// Calls `write`, which appends all entries, until the file that it wrote to still has the
    /// path.
    pub(super) fn write_with(
        &mut self,
        entries: &[StoreEntry],
        notes: &mut Vec<String>,
        mut write: impl FnMut(&mut OpenFile, &[StoreEntry]) -> Vec<io::Result<()>>,
    ) -> Vec<io::Result<PathBuf>> {
        let fail = |error: &io::Error| entries.iter().map(|_| Err(copy_error(error))).collect();
        for _ in 0..MAX_ATTEMPTS {
            let path = self.path.clone();
            let open = match self.current(notes) {
                Ok(open) => open,
                Err(error) => return fail(&error),
            };
            let outcomes = write(open, entries);
            if open.is_at(&path) {
                return outcomes.into_iter().map(|done| done.map(|()| path.clone())).collect();
            }
        }
        fail(&io::Error::other("other programs keep replacing the file at this path"))
    }

    /// Returns the file that has the path, and reopens it if another file has the path now.
    fn current(&mut self, notes: &mut Vec<String>) -> io::Result<&mut OpenFile> {
        if self.open.as_ref().is_some_and(|open| !open.is_at(&self.path)) {
            self.close();
            self.open_if_closed(notes)?;
            let path = self.path.display();
            notes.push(format!(
                "`{path}` was moved, removed, replaced or changed by another program: reopened"
            ));
        }
        self.open_if_closed(notes)
    }

    /// Closes the file, so that the path is reopened before the next entry.
    pub(super) fn close(&mut self) {
        self.open = None;
    }

    /// Opens the path if it is closed.
    pub(super) fn open_if_closed(&mut self, notes: &mut Vec<String>) -> io::Result<&mut OpenFile> {
        let open = if let Some(open) = self.open.take() {
            open
        } else {
            let open = OpenFile::open(&self.path, self.keep, notes)?;
            self.epoch += 1;
            open
        };
        Ok(self.open.insert(open))
    }

    /// Returns `true` if the open file still has the path.
    pub(super) fn still_has_path(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.is_at(&self.path))
    }

    /// Checks that the disk has room, without writing to the file.
    pub(super) fn probe(&self) -> io::Result<()> {
        check_disk_space(&self.path, self.random)
    }

    /// Trims the file if it is well over its limit, and returns the number of removed lines.
    pub(super) fn trim(&mut self, notes: &mut Vec<String>) -> u64 {
        let relaxed = Retention {
            captures: self.keep.captures.map(|max| max.saturating_add((max / 8).max(TRIM_SLACK))),
            bytes: self.keep.bytes.map(|max| max.saturating_add(max / 8)),
        };
        let Some(open) = &mut self.open else { return 0 };
        let lines = open.lengths.as_ref().map_or(0, VecDeque::len);
        if !relaxed.is_exceeded_by(lines as u64, open.end) || open.end < self.trim_again_at {
            return 0;
        }
        // If a copy could not be removed, the next one needs another name.
        self.random = self.random.wrapping_add(1);
        match open.trim(&self.path, self.keep, self.random) {
            Ok(removed) => {
                self.trim_again_at = 0;
                removed
            }
            Err(error) => {
                // Each attempt copies the kept lines, so wait until the file is an eighth longer.
                if self.trim_again_at == 0 {
                    let path = self.path.display();
                    notes.push(format!(
                        "`{path}` cannot be trimmed, and grows beyond its limit: {error}"
                    ));
                }
                self.trim_again_at = open.end.saturating_add(open.end / 8);
                0
            }
        }
    }
}

impl OpenFile {
    /// Opens and locks the file, and creates it if it is missing.
    fn open(path: &Path, keep: Retention, notes: &mut Vec<String>) -> io::Result<Self> {
        for _ in 0..MAX_ATTEMPTS {
            let mut file = open_to_append(path)?;
            let is_locked = match file.try_lock() {
                Err(TryLockError::WouldBlock) => {
                    return Err(io::Error::other("another listener is writing to it"));
                }
                Err(TryLockError::Error(_)) => false,
                Ok(()) => true,
            };
            let id = FileId::of_file(&file)?;
            // The listener that held the lock may have renamed a trimmed copy to the path before it
            // released the lock.
            if FileId::of_path(path)? != id {
                continue;
            }
            if let Some(who) = other_readers(&file)? {
                let path = path.display();
                notes.push(format!("`{path}` can be read by {who}: `chmod 600` it"));
            }
            let repaired = tail::repair(&mut file)?;
            notes.extend(repaired.map(|note| format!("`{}` {note}", path.display())));
            let end = file.metadata()?.len();
            let lengths = if keep.is_unlimited() { None } else { Some(line_lengths(&mut file)?) };
            // The name of a new file must be on disk as well; some systems cannot sync a folder.
            let _ = sync_folder(parent(path));
            return Ok(Self { file, id, end, torn: false, is_locked, lengths });
        }
        Err(io::Error::other("other programs keep replacing the file at this path"))
    }

    /// Returns `true` if the path still leads to this file, and no other program changed its
    /// length.
    fn is_at(&self, path: &Path) -> bool {
        let is_whole = || {
            let length = fs::symlink_metadata(path).map(|found| found.len());
            // After a failed write the length is corrected, not compared.
            self.torn || !self.is_locked || length.is_ok_and(|length| length == self.end)
        };
        FileId::of_path(path).is_ok_and(|found| found == self.id) && is_whole()
    }

    /// Appends all entries and syncs once.
    ///
    /// If that fails, each is tried alone: one that is too large for the free space must not fail
    /// the others.
    pub(super) fn write(&mut self, entries: &[StoreEntry]) -> Vec<io::Result<()>> {
        let lines: Vec<_> = entries.iter().map(|entry| entry.line.as_slice()).collect();
        match self.append(&lines) {
            Ok(()) => entries.iter().map(|_| Ok(())).collect(),
            Err(error) if entries.len() == 1 => vec![Err(error)],
            Err(_) => lines.iter().map(|line| self.append(&[line])).collect(),
        }
    }

    /// Appends lines and syncs them; on failure the file keeps its old content.
    fn append(&mut self, lines: &[&[u8]]) -> io::Result<()> {
        self.cut_torn_bytes()?;
        let written = write_lines(&self.file, lines).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // After a failed sync the state on disk is unknown, so everything after `end` is cut
            // off.
            self.torn = true;
            // If that fails as well, it is repeated before the next write.
            let _ = self.cut_torn_bytes();
            return Err(error);
        }
        self.end += lines.iter().map(|line| line.len() as u64).sum::<u64>();
        if let Some(lengths) = &mut self.lengths {
            lengths.extend(lines.iter().map(|line| line.len() as u64));
        }
        Ok(())
    }

    /// Cuts off the bytes of a failed write.
    fn cut_torn_bytes(&mut self) -> io::Result<()> {
        if self.torn {
            self.file.set_len(self.end)?;
            self.torn = false;
        }
        Ok(())
    }

    /// Removes the oldest lines over the limit, and returns their number.
    fn trim(&mut self, path: &Path, keep: Retention, random: u64) -> io::Result<u64> {
        let Some(lengths) = &mut self.lengths else { return Ok(0) };
        let (mut removed, mut start) = (0, 0);
        // The newest line is kept even if it exceeds the limit alone.
        while removed + 1 < lengths.len()
            && keep.is_exceeded_by((lengths.len() - removed) as u64, self.end - start)
        {
            start += lengths[removed];
            removed += 1;
        }
        // If there is no room for a copy, or another file has the path by now, the lines are kept
        // and counted again next time.
        let file = trim::replace_with_tail(path, &self.file, start, self.end, random)?;
        let id = FileId::of_file(&file)?;
        (self.file, self.id) = (file, id);
        self.end -= start;
        lengths.drain(..removed);
        Ok(removed as u64)
    }
}

/// Writes lines with one vectored call if the system accepts that many.
///
/// The lines are not copied into one buffer, because each contains a whole body.
fn write_lines(mut file: &File, lines: &[&[u8]]) -> io::Result<()> {
    let mut slices: Vec<_> = lines.iter().map(|line| IoSlice::new(line)).collect();
    let mut left = slices.as_mut_slice();
    while !left.is_empty() {
        match file.write_vectored(left) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut left, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Returns the length of every line. A line that leadhook did not write is an error, because
/// trimming would delete it.
fn line_lengths(file: &mut File) -> io::Result<VecDeque<u64>> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::new(file);
    let mut lengths = VecDeque::new();
    // The first bytes of a line, and its length so far: a foreign line can have any length, so it
    // is not kept whole.
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let block = reader.fill_buf()?;
        if block.is_empty() {
            return Ok(lengths);
        }
        let found = memchr::memchr(b'\n', block);
        let consumed = found.map_or(block.len(), |at| at + 1);
        head.extend(block[..consumed].iter().take(EntryOrigin::BYTES - head.len()));
        reader.consume(consumed);
        length += consumed as u64;
        if found.is_some() {
            if EntryOrigin::of(&head) != EntryOrigin::Capture {
                let number = lengths.len() + 1;
                let reason = format!(
                    "line {number} is not a capture that leadhook wrote, and would be deleted by a trim: \
                     name another file, or leave out `--keep` and `--keep-size`"
                );
                return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
            }
            lengths.push_back(std::mem::take(&mut length));
            head.clear();
        }
    }
}

/// Returns a copy of an error, for each entry of a failed batch.
pub(super) fn copy_error(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}
