//! Captures in a folder, one in a file.

use super::directory::{Directory, is_removed};
use super::entry::{EntryOrigin, FolderEntry, Keep, MAX_ATTEMPTS};
use super::jsonl_file::copy_error;
use super::probe::write_probe;
use crate::io::private_file::other_writers;
use std::collections::VecDeque;
use std::fs::{DirBuilder, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::thread::Builder;
use std::{fs, io};

/// How many files are synced side by side.
const SIDE_BY_SIDE: usize = 8;

/// A name, and the folder that is open under it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The number of the next file.
    next: u64,
    keep: Keep,
    random: u64,
    /// How often the name was opened.
    pub(super) epoch: u64,
    /// None while the name cannot be opened.
    open: Option<OpenFolder>,
}

/// A folder, and the captures in it.
#[derive(Debug)]
pub(super) struct OpenFolder {
    directory: Directory,
    /// Names and sizes, the oldest first; empty where all are kept.
    files: VecDeque<(String, u64)>,
    bytes: u64,
}

impl Folder {
    pub(super) fn open(
        path: &Path,
        keep: Keep,
        random: u64,
        notes: &mut Vec<String>,
    ) -> io::Result<Self> {
        if let Some(above) = path.parent() {
            // Only at the start: a folder above that is gone later may be a disk that is not there.
            folder_builder().recursive(true).create(above)?;
        }
        let mut folder =
            Self { path: path.to_owned(), next: 1, keep, random, epoch: 0, open: None };
        folder.open_if_closed(notes)?;
        if let Some(who) = other_writers(path)? {
            notes.push(format!(
                "the folder `{}` is not safe for captures: {who}; whoever writes to it can remove or \
                 replace them",
                path.display()
            ));
        }
        Ok(folder)
    }

    /// Closes the folder, so that the name is opened anew before the next entry.
    pub(super) fn close(&mut self) {
        self.open = None;
    }

    /// Returns `true` if the name could be opened.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Opens the name unless it is open, and makes the folder if there is none.
    pub(super) fn open_if_closed(&mut self, notes: &mut Vec<String>) -> io::Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        let is_new = make_folder(&self.path)?;
        if fs::symlink_metadata(&self.path)?.file_type().is_symlink() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a symbolic link"));
        }
        let directory = Directory::open(&self.path)?;
        // Fails now, and not at the first request, if nothing can be written there. The name is that of
        // this run alone: another one of the same process may open the folder at the same time.
        let probe = format!(".{:016x}.probe", self.random);
        let probed = directory.create_new(&probe).and_then(|file| write_probe(&file));
        let _ = directory.remove(&probe);
        probed?;
        if is_new {
            directory.create_new(".gitignore")?.write_all(b"*\n")?;
        }
        let mut open = OpenFolder { directory, files: VecDeque::new(), bytes: 0 };
        let (newest, swept) = open.look_around(self.keep)?;
        self.next = self.next.max(newest.saturating_add(1));
        if swept > 0 {
            let path = self.path.display();
            notes.push(format!("removed {swept} unfinished captures from `{path}`"));
        }
        self.open = Some(open);
        self.epoch += 1;
        Ok(())
    }

    /// Returns `true` if the folder that is open has the name.
    pub(super) fn is_named(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.directory.is_named(&self.path))
    }

    /// Writes each entry to a file, in the folder that has the name once they are on disk.
    ///
    /// A folder that lost its name meanwhile may have been deleted with what was just written, so the
    /// batch is written again to the one that has the name now. An entry can be in both folders.
    pub(super) fn write(
        &mut self,
        entries: &[FolderEntry],
        notes: &mut Vec<String>,
    ) -> Vec<io::Result<PathBuf>> {
        self.write_with(entries, notes, OpenFolder::write)
    }

    /// Calls `write`, which writes all entries, until the folder it wrote to has the name afterwards.
    pub(super) fn write_with(
        &mut self,
        entries: &[FolderEntry],
        notes: &mut Vec<String>,
        mut write: impl FnMut(&OpenFolder, &[(String, &FolderEntry)]) -> Vec<io::Result<()>>,
    ) -> Vec<io::Result<PathBuf>> {
        let fail = |error: &io::Error| entries.iter().map(|_| Err(copy_error(error))).collect();
        for _ in 0..MAX_ATTEMPTS {
            if let Err(error) = self.ensure_named(notes) {
                return fail(&error);
            }
            let Some(open) = &mut self.open else { break };
            let named: Vec<_> = entries
                .iter()
                .map(|entry| {
                    let number = self.next;
                    self.next = self.next.saturating_add(1);
                    (name(entry, number), entry)
                })
                .collect();
            let written = write(open, &named);
            if !open.directory.is_named(&self.path) {
                continue;
            }
            let written = written.into_iter().zip(named);
            return written
                .map(|(done, (name, entry))| {
                    done?;
                    if !self.keep.is_all() {
                        open.add(name.clone(), entry.line.len() as u64);
                    }
                    Ok(self.path.join(name))
                })
                .collect();
        }
        fail(&io::Error::other("its name is given to other folders again and again"))
    }

    /// Opens the name anew if the folder that is open no longer has it.
    fn ensure_named(&mut self, notes: &mut Vec<String>) -> io::Result<()> {
        if self.open.as_ref().is_some_and(|open| !open.directory.is_named(&self.path)) {
            self.close();
            self.open_if_closed(notes)?;
            let path = self.path.display();
            notes.push(format!(
                "`{path}` was moved, removed or replaced by another program: opened anew"
            ));
        }
        self.open_if_closed(notes)
    }

    /// Removes the oldest captures beyond what is to be kept, and returns how many.
    pub(super) fn prune(&mut self) -> u64 {
        let mut removed = 0;
        let Some(open) = &mut self.open else { return 0 };
        // The newest stays, however large it is.
        while open.files.len() > 1 && self.keep.is_over(open.files.len() as u64, open.bytes) {
            let Some((name, size)) = open.files.pop_front() else { break };
            open.bytes = open.bytes.saturating_sub(size);
            // It may be gone already, or stay: nothing depends on it. A file that another program gave
            // such a name is neither counted any more nor removed.
            let is_ours = open.origin(&name).is_ok_and(|origin| origin == EntryOrigin::Capture);
            removed += u64::from(is_ours && open.directory.remove(&name).is_ok());
        }
        removed
    }
}

impl OpenFolder {
    /// Finds the captures that are there, and removes those that were never finished. Returns the highest
    /// number and how many were removed.
    fn look_around(&mut self, keep: Keep) -> io::Result<(u64, u64)> {
        let (mut found, mut newest, mut swept) = (Vec::new(), 0, 0);
        for name in self.directory.names()? {
            if let Some(number) = number(&name) {
                newest = newest.max(number);
                if !keep.is_all() {
                    let size = self.directory.size(&name).unwrap_or_default();
                    found.push((number, name, size));
                }
            } else if is_unfinished(&name) {
                // What cannot be opened or removed stays: nothing depends on it.
                swept += u64::from(self.sweep(&name).unwrap_or(false));
            }
        }
        found.sort();
        for (_, name, size) in found {
            self.add(name, size);
        }
        Ok((newest, swept))
    }

    /// Removes an unfinished capture whose writer is dead, and returns `true` if it was one with content.
    ///
    /// A live writer holds a lock from right after the creation until the file is finished and loses its
    /// temporary name. An empty file may be one whose writer is about to lock it, which then creates
    /// another. Where the file system has no locks, nothing is removed.
    fn sweep(&self, name: &str) -> io::Result<bool> {
        let file = self.directory.open_file(name)?;
        // Without its last name it was removed by another listener, and the name may be in use again.
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

    /// Writes each aside, syncs it, gives it its name; then the names are synced, all at once.
    pub(super) fn write(&self, named: &[(String, &FolderEntry)]) -> Vec<io::Result<()>> {
        let directory = &self.directory;
        let mut outcomes = Vec::with_capacity(named.len());
        for some in named.chunks(SIDE_BY_SIDE) {
            if let [(name, entry)] = some {
                outcomes.push(write(directory, name, &entry.line));
                continue;
            }
            std::thread::scope(|scope| {
                let begun = some.iter().map(|(name, entry)| {
                    let work = || write(directory, name, &entry.line);
                    // Where the system has no thread to give, this one does the work.
                    Builder::new().spawn_scoped(scope, work).map_err(|_| work())
                });
                let begun: Vec<_> = begun.collect();
                let failed = |_| Err(io::Error::other("writing failed"));
                outcomes.extend(begun.into_iter().map(|begun| match begun {
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

/// Returns the name of a file: time, number and hash, and nothing of the request.
fn name(entry: &FolderEntry, number: u64) -> String {
    let time = entry.at.strftime("%Y%m%dT%H%M%SZ");
    format!("{time}-{number:08}-{:08x}.json", entry.hash)
}

/// Returns the number in the name of a capture.
fn number(name: &str) -> Option<u64> {
    let parts: Vec<_> = name.strip_suffix(".json")?.split('-').collect();
    let [time, number, hash] = parts[..] else { return None };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let time = time.strip_suffix('Z')?.split_once('T')?;
    let is_time = time.0.len() == 8 && time.1.len() == 6 && is_digits(time.0) && is_digits(time.1);
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_hash = hash.len() == 8 && hash.bytes().all(is_hex);
    let is_number = number.len() >= 8 && is_digits(number);
    (is_time && is_hash && is_number).then(|| number.parse().ok()).flatten()
}

/// Returns `true` if it is the temporary name of a capture that is being written.
fn is_unfinished(name: &str) -> bool {
    name.strip_prefix('.').and_then(|name| name.strip_suffix(".part")).and_then(number).is_some()
}

/// Classifies a file by its first bytes.
fn origin(file: &File) -> io::Result<EntryOrigin> {
    let mut head = Vec::new();
    file.take(EntryOrigin::BYTES as u64).read_to_end(&mut head)?;
    Ok(EntryOrigin::of(&head))
}

/// Writes aside, syncs, then gives the file its name: a name is only ever that of a whole file.
fn write(directory: &Directory, name: &str, bytes: &[u8]) -> io::Result<()> {
    let part = format!(".{name}.part");
    let mut file = create_part(directory, &part)?;
    let published = file
        .write_all(bytes)
        .and_then(|()| file.sync_data())
        .and_then(|()| publish(directory, &part, name));
    // Gone already where it was renamed; what else is left of it is swept with the folder.
    let _ = directory.remove(&part);
    // Not before: the lock keeps other listeners from sweeping it.
    drop(file);
    published
}

/// Creates a file under a temporary name and locks it, so that no other listener sweeps it.
fn create_part(directory: &Directory, part: &str) -> io::Result<File> {
    for _ in 0..MAX_ATTEMPTS {
        let file = directory.create_new(part)?;
        // Waits only for a listener that starts, found the file before this lock, and is about to remove
        // it. Some file systems have no locks, and then nobody removes it.
        let _ = file.lock();
        if !is_removed(&file) {
            return Ok(file);
        }
    }
    Err(io::Error::other("another program removes its files again and again"))
}

/// Gives a file its name. A link, unlike a renaming, never replaces what is there; some file
/// systems have no links.
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

/// Makes the folder for its owner alone, and returns `true` if there was none.
fn make_folder(path: &Path) -> io::Result<bool> {
    match folder_builder().create(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn folder_builder() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn folder_builder() -> DirBuilder {
    DirBuilder::new()
}
