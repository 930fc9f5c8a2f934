//! Folder store: writes each capture to its own file in a folder.

use super::directory::{Directory, is_removed};
use super::entry::{EntryOrigin, MAX_ATTEMPTS, Retention, StoreEntry};
use super::jsonl_file::copy_error;
use super::probe::write_probe;
use crate::io::private_file::{self, other_writers};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::thread::Builder;
use std::{fs, io};

/// The number of files that are synced in parallel.
const PARALLEL_SYNCS: usize = 8;

/// A path, and the folder that was opened at it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The number of the next file.
    next: u64,
    keep: Retention,
    random: u64,
    /// The number of times that the path was opened.
    pub(super) epoch: u64,
    /// `None` while the path cannot be opened.
    open: Option<OpenFolder>,
}

/// A folder, and the captures in it.
#[derive(Debug)]
pub(super) struct OpenFolder {
    directory: Directory,
    /// The names and sizes, the oldest first; empty if no capture is ever deleted.
    files: VecDeque<(String, u64)>,
    bytes: u64,
}

impl Folder {
    pub(super) fn open(
        path: &Path,
        keep: Retention,
        random: u64,
        notes: &mut Vec<String>,
    ) -> io::Result<Self> {
        if let Some(parent) = path.parent() {
            // Only at the start: if a parent folder is missing later, a disk may be unmounted.
            private_file::folder_builder().recursive(true).create(parent)?;
        }
        let mut folder =
            Self { path: path.to_owned(), next: 1, keep, random, epoch: 0, open: None };
        folder.open_if_closed(notes)?;
        if let Some(who) = other_writers(path)? {
            notes.push(format!(
                "the folder `{}` is not safe for captures: {who}, so captures can be \
                 removed or replaced",
                path.display()
            ));
        }
        Ok(folder)
    }

    /// Closes the folder, so that the path is reopened before the next entry.
    pub(super) fn close(&mut self) {
        self.open = None;
    }

    /// Returns `true` if the folder is open.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Opens the folder if it is closed, and creates it if it is missing.
    pub(super) fn open_if_closed(&mut self, notes: &mut Vec<String>) -> io::Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        let is_new = create_folder(&self.path)?;
        if fs::symlink_metadata(&self.path)?.file_type().is_symlink() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a symbolic link"));
        }
        let directory = Directory::open(&self.path)?;
        // Fails now, and not at the first request, if nothing can be written there. The file name
        // is unique to this run, because another run may open the folder at the same time.
        let probe = format!(".{:016x}.probe", self.random);
        let probed = directory.create_new(&probe).and_then(|file| write_probe(&file));
        let _ = directory.remove(&probe);
        probed?;
        if is_new {
            directory.create_new(".gitignore")?.write_all(b"*\n")?;
        }
        let mut open = OpenFolder { directory, files: VecDeque::new(), bytes: 0 };
        let (newest, removed) = open.scan(self.keep)?;
        self.next = self.next.max(newest.saturating_add(1));
        if removed > 0 {
            let path = self.path.display();
            notes.push(format!("removed {removed} unfinished captures from `{path}`"));
        }
        self.open = Some(open);
        self.epoch += 1;
        Ok(())
    }

    /// Returns `true` if the open folder still has the path.
    pub(super) fn still_has_path(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.directory.is_at(&self.path))
    }

    /// Writes each entry to a file, in the folder that has the path after the sync.
    ///
    /// If the folder lost its path meanwhile, it may have been deleted with the new files, so the
    /// batch is written again to the folder that has the path now. An entry can be in both folders.
    pub(super) fn write(
        &mut self,
        entries: &[StoreEntry],
        notes: &mut Vec<String>,
    ) -> Vec<io::Result<PathBuf>> {
        self.write_with(entries, notes, OpenFolder::write)
    }

    /// Calls `write`, which writes all entries, until the folder that it wrote to still has the
    /// path.
    pub(super) fn write_with(
        &mut self,
        entries: &[StoreEntry],
        notes: &mut Vec<String>,
        mut write: impl FnMut(&OpenFolder, &[(String, &StoreEntry)]) -> Vec<io::Result<()>>,
    ) -> Vec<io::Result<PathBuf>> {
        let fail = |error: &io::Error| entries.iter().map(|_| Err(copy_error(error))).collect();
        for _ in 0..MAX_ATTEMPTS {
            if let Err(error) = self.reopen_if_replaced(notes) {
                return fail(&error);
            }
            let Some(open) = &mut self.open else { break };
            let named: Vec<_> = entries
                .iter()
                .map(|entry| {
                    let number = self.next;
                    self.next = self.next.saturating_add(1);
                    (file_name(entry, number), entry)
                })
                .collect();
            let written = write(open, &named);
            if !open.directory.is_at(&self.path) {
                continue;
            }
            let written = written.into_iter().zip(named);
            return written
                .map(|(done, (name, entry))| {
                    done?;
                    if !self.keep.is_unlimited() {
                        open.add(name.clone(), entry.line.len() as u64);
                    }
                    Ok(self.path.join(name))
                })
                .collect();
        }
        fail(&io::Error::other("other programs keep replacing the folder at this path"))
    }

    /// Reopens the path if it no longer leads to the open folder.
    fn reopen_if_replaced(&mut self, notes: &mut Vec<String>) -> io::Result<()> {
        if self.open.as_ref().is_some_and(|open| !open.directory.is_at(&self.path)) {
            self.close();
            self.open_if_closed(notes)?;
            let path = self.path.display();
            notes.push(format!(
                "`{path}` was moved, removed or replaced by another program: reopened"
            ));
        }
        self.open_if_closed(notes)
    }

    /// Removes the oldest captures over the limit, and returns their number.
    pub(super) fn prune(&mut self) -> u64 {
        let mut removed = 0;
        let Some(open) = &mut self.open else { return 0 };
        // The newest capture is kept even if it exceeds the limit alone.
        while open.files.len() > 1 && self.keep.is_exceeded_by(open.files.len() as u64, open.bytes)
        {
            let Some((name, size)) = open.files.pop_front() else { break };
            open.bytes = open.bytes.saturating_sub(size);
            // A failed removal is ignored: the file is no longer counted. The same applies to a
            // file of another program with such a name.
            let is_ours = open.origin(&name).is_ok_and(|origin| origin == EntryOrigin::Capture);
            removed += u64::from(is_ours && open.directory.remove(&name).is_ok());
        }
        removed
    }
}

impl OpenFolder {
    /// Finds the existing captures, and removes unfinished ones. Returns the highest number in a
    /// name and the number of removed files.
    fn scan(&mut self, keep: Retention) -> io::Result<(u64, u64)> {
        let (mut found, mut newest, mut removed) = (Vec::new(), 0, 0);
        for name in self.directory.names()? {
            if let Some(number) = capture_number(&name) {
                newest = newest.max(number);
                if !keep.is_unlimited() {
                    let size = self.directory.size(&name).unwrap_or_default();
                    found.push((number, name, size));
                }
            } else if is_unfinished(&name) {
                // A file that cannot be opened or removed is left: it does no harm.
                removed += u64::from(self.remove_if_abandoned(&name).unwrap_or(false));
            }
        }
        found.sort();
        for (_, name, size) in found {
            self.add(name, size);
        }
        Ok((newest, removed))
    }

    /// Removes an unfinished capture whose writer has ended, and returns `true` if it had content.
    ///
    /// A running writer locks the file right after its creation, until it is complete and loses its
    /// temporary name. The writer of an empty file may be about to lock it; it then finds the file
    /// removed and creates another. On a file system without locks, nothing is removed.
    fn remove_if_abandoned(&self, name: &str) -> io::Result<bool> {
        let file = self.directory.open_file(name)?;
        // If it has no name left, another listener removed it, and the name may be in use again.
        if file.try_lock().is_err() || is_removed(&file) || origin(&file)? == EntryOrigin::Foreign {
            return Ok(false);
        }
        self.directory.remove(name)?;
        Ok(file.metadata()?.len() > 0)
    }

    fn origin(&self, name: &str) -> io::Result<EntryOrigin> {
        origin(&self.directory.open_file(name)?)
    }

    fn add(&mut self, name: String, size: u64) {
        self.files.push_back((name, size));
        self.bytes += size;
    }

    /// Writes each entry to a synced file, then syncs all names with one call.
    ///
    /// The sync of a file mostly waits for the disk, so several run in parallel.
    pub(super) fn write(&self, named: &[(String, &StoreEntry)]) -> Vec<io::Result<()>> {
        let directory = &self.directory;
        let mut outcomes = Vec::with_capacity(named.len());
        for chunk in named.chunks(PARALLEL_SYNCS) {
            if let [(name, entry)] = chunk {
                outcomes.push(write_capture(directory, name, &entry.line));
                continue;
            }
            std::thread::scope(|scope| {
                let threads = chunk.iter().map(|(name, entry)| {
                    let work = || write_capture(directory, name, &entry.line);
                    // If no thread can be started, the entry is written on this thread.
                    Builder::new().spawn_scoped(scope, work).map_err(|_| work())
                });
                let threads: Vec<_> = threads.collect();
                let failed = |_| Err(io::Error::other("writing failed"));
                outcomes.extend(threads.into_iter().map(|thread| match thread {
                    Ok(thread) => thread.join().unwrap_or_else(failed),
                    Err(done) => done,
                }));
            });
        }
        match directory.sync() {
            Ok(()) => outcomes,
            Err(error) => named.iter().map(|_| Err(copy_error(&error))).collect(),
        }
    }
}

/// Returns the name of a file: time, number and hash, without data of the request.
fn file_name(entry: &StoreEntry, number: u64) -> String {
    let time = entry.received_at.strftime("%Y%m%dT%H%M%SZ");
    format!("{time}-{number:08}-{:08x}.json", entry.hash)
}

/// Returns the number in the name of a capture.
fn capture_number(name: &str) -> Option<u64> {
    let parts: Vec<_> = name.strip_suffix(".json")?.split('-').collect();
    let [time, number, hash] = parts[..] else { return None };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let time = time.strip_suffix('Z')?.split_once('T')?;
    let is_time = time.0.len() == 8 && time.1.len() == 6 && is_digits(time.0) && is_digits(time.1);
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_hash = hash.len() == 8 && hash.bytes().all(is_hex);
    let is_number = number.len() >= 8 && is_digits(number);
    (is_time && is_hash && is_number).then(|| number.parse().ok()).flatten()
}

/// Returns `true` if `name` is the temporary name of a capture that is being written.
fn is_unfinished(name: &str) -> bool {
    name.strip_prefix('.')
        .and_then(|name| name.strip_suffix(".part"))
        .and_then(capture_number)
        .is_some()
}

/// Classifies a file by its first bytes.
fn origin(file: &File) -> io::Result<EntryOrigin> {
    let mut head = Vec::new();
    file.take(EntryOrigin::BYTES as u64).read_to_end(&mut head)?;
    Ok(EntryOrigin::of(&head))
}

/// Writes a temporary file, syncs it, and then publishes it under its name, so that every capture
/// file is complete.
fn write_capture(directory: &Directory, name: &str, bytes: &[u8]) -> io::Result<()> {
    let part = format!(".{name}.part");
    let mut file = create_part(directory, &part)?;
    let published = file
        .write_all(bytes)
        .and_then(|()| file.sync_data())
        .and_then(|()| publish(directory, &part, name));
    // Fails if it was renamed. A remaining file is removed when the folder is opened next time.
    let _ = directory.remove(&part);
    // Unlock last: the lock keeps other listeners from removing the temporary file.
    drop(file);
    published
}

/// Creates a file under a temporary name and locks it, so that no other listener removes it.
fn create_part(directory: &Directory, part: &str) -> io::Result<File> {
    for _ in 0..MAX_ATTEMPTS {
        let file = directory.create_new(part)?;
        // Waits only for a listener that found the unlocked file at its start and is about to
        // remove it. On a file system without locks, no listener removes it.
        let _ = file.lock();
        if !is_removed(&file) {
            return Ok(file);
        }
    }
    Err(io::Error::other("another program keeps removing the files of this folder"))
}

/// Gives a temporary file its final name. A hard link, unlike a rename, never replaces an existing
/// file; on a file system without hard links, the file is renamed.
fn publish(directory: &Directory, part: &str, name: &str) -> io::Result<()> {
    match directory.link(part, name) {
        Err(error)
            if error.kind() != io::ErrorKind::AlreadyExists && directory.size(name).is_err() =>
        {
            directory.rename(part, name)
        }
        linked => linked,
    }
}

/// Creates the folder for its owner only, and returns `true` if it did not exist.
fn create_folder(path: &Path) -> io::Result<bool> {
    match private_file::folder_builder().create(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}
