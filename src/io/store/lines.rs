//! A file with one line a request.

use super::entry::{Entry, Keep};
use crate::io::private_file::{create_new, open_to_append, sync_folder};
use crate::protocols::{capture_file, requests};
use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// So many lines more than are to be kept may be there before the file is written anew, and an
/// eighth of what is to be kept: each time costs a copy of the whole.
const SLACK: u64 = 1000;

/// The file, open and ours alone.
#[derive(Debug)]
pub(super) struct Lines {
    path: PathBuf,
    pub(super) file: File,
    /// Where the last whole line ends.
    pub(super) end: u64,
    /// Something may stand behind that end.
    torn: bool,
    keep: Keep,
    /// The length of each line, the oldest first; empty where all are kept.
    lengths: VecDeque<u64>,
}

impl Lines {
    pub(super) fn open(path: &Path, keep: Keep, notes: &mut Vec<String>) -> io::Result<Self> {
        let mut file = open_to_append(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other("another listener is writing to it"));
            }
            // Some file systems know no locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mended = mend_last_line(&mut file)?;
        notes.extend(mended.map(|what| format!("`{}` {what}", path.display())));
        let end = file.metadata()?.len();
        let lengths = if keep.is_all() { VecDeque::new() } else { lengths(&mut file)? };
        Ok(Self { path: path.to_owned(), file, end, torn: false, keep, lengths })
    }

    /// Appends all and syncs once. Where that fails, each is tried by itself: one that is too large
    /// for what is left of a disk must not take the others with it.
    pub(super) fn write(&mut self, entries: &[Entry]) -> Vec<io::Result<PathBuf>> {
        let lines: Vec<_> = entries.iter().map(|entry| entry.line.as_slice()).collect();
        match self.append(&lines) {
            Ok(()) => entries.iter().map(|_| Ok(self.path.clone())).collect(),
            Err(error) if entries.len() == 1 => vec![Err(error)],
            Err(_) => {
                lines.iter().map(|line| self.append(&[line]).map(|()| self.path.clone())).collect()
            }
        }
    }

    /// Appends lines that are on disk when this returns, or leaves the file as it was.
    fn append(&mut self, lines: &[&[u8]]) -> io::Result<()> {
        let bytes = lines.concat();
        self.mend()?;
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // After a sync that failed nobody knows what is on disk: only what was there counts.
            self.torn = true;
            // Where that fails as well it is done before the next line.
            let _ = self.mend();
            return Err(error);
        }
        self.end += bytes.len() as u64;
        if !self.keep.is_all() {
            self.lengths.extend(lines.iter().map(|line| line.len() as u64));
        }
        Ok(())
    }

    /// Cuts off what a failed write left.
    fn mend(&mut self) -> io::Result<()> {
        if self.torn {
            self.file.set_len(self.end)?;
            self.torn = false;
        }
        Ok(())
    }

    /// Writes the file anew without the oldest where it is well over what is to be kept, and says
    /// how many lines that took away.
    pub(super) fn prune(&mut self) -> u64 {
        let relaxed = Keep {
            captures: self.keep.captures.map(|most| most.saturating_add((most / 8).max(SLACK))),
            bytes: self.keep.bytes.map(|most| most.saturating_add(most / 8)),
        };
        if !relaxed.is_over(self.lengths.len() as u64, self.end) {
            return 0;
        }
        let (mut pruned, mut start) = (0, 0);
        // The newest stays, however large it is.
        while pruned + 1 < self.lengths.len()
            && self.keep.is_over((self.lengths.len() - pruned) as u64, self.end - start)
        {
            start += self.lengths[pruned];
            pruned += 1;
        }
        // Where there is no room for a copy, the lines stay and are counted again next time.
        let Ok(file) = self.copy_from(start) else { return 0 };
        self.file = file;
        self.end -= start;
        self.lengths.drain(..pruned);
        pruned as u64
    }

    /// The file from there on, under its own name. At every moment the name is that of a whole
    /// file, the old one or the new.
    fn copy_from(&mut self, start: u64) -> io::Result<File> {
        let mut name = std::ffi::OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".part");
        let part = self.path.with_file_name(name);
        // One of an earlier run that did not come to its end.
        let _ = fs::remove_file(&part);
        let copied = create_new(&part).and_then(|mut copy| {
            self.file.seek(SeekFrom::Start(start))?;
            io::copy(&mut (&self.file).take(self.end - start), &mut copy)?;
            copy.sync_all()?;
            let new = open_to_append(&part)?;
            // It has no other name yet, so nobody else can hold it.
            let _ = new.try_lock();
            fs::rename(&part, &self.path)?;
            Ok(new)
        });
        if copied.is_err() {
            let _ = fs::remove_file(&part);
            return copied;
        }
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // The lines are in both files, so whichever name survives a crash is whole.
        let _ = sync_folder(folder.unwrap_or(Path::new(".")));
        copied
    }
}

/// The length of every line.
fn lengths(file: &mut File) -> io::Result<VecDeque<u64>> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::new(file);
    let mut lengths = VecDeque::new();
    let mut length = 0;
    loop {
        let block = reader.fill_buf()?;
        if block.is_empty() {
            return Ok(lengths);
        }
        let found = memchr::memchr(b'\n', block);
        let taken = found.map_or(block.len(), |at| at + 1);
        reader.consume(taken);
        length += taken as u64;
        if found.is_some() {
            lengths.push_back(std::mem::take(&mut length));
        }
    }
}

/// Mends what stands after the last line end, if anything does, and says what was done.
///
/// Only the beginning of a capture of our own is ever cut off: it was never answered. A whole
/// capture gets its line end, and a file that is somebody else's is left alone.
fn mend_last_line(file: &mut File) -> io::Result<Option<String>> {
    let size = file.metadata()?.len();
    let start = last_line(file, size)?;
    if start == size {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(start))?;
    let mut line = Vec::new();
    file.read_to_end(&mut line)?;
    if requests::read_line(&line, 1).is_ok() {
        file.write_all(b"\n")?;
        file.sync_data()?;
        return Ok(Some("ended without a line end, which was added".to_owned()));
    }
    let ours = capture_file::START.as_bytes();
    if !line.starts_with(&ours[..ours.len().min(line.len())]) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its last line is no capture"));
    }
    file.set_len(start)?;
    file.sync_data()?;
    Ok(Some(format!("ended in a torn line: {} bytes were cut off", size - start)))
}

/// Where the line begins that has no end.
fn last_line(file: &mut File, size: u64) -> io::Result<u64> {
    let mut end = size;
    let mut block = [0; 4096];
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let part = &mut block[..usize::try_from(end - start).unwrap_or(0)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(last) = part.iter().rposition(|&byte| byte == b'\n') {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}
