//! A folder with one file a request.

use super::entry::{Entry, Keep};
use crate::io::private_file::{create_new, sync_folder};
use std::collections::VecDeque;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// How many files are synced side by side.
const SIDE_BY_SIDE: usize = 8;

/// The folder, and what of ours is in it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The number of the next file.
    next: u64,
    keep: Keep,
    /// Names and sizes, the oldest first; empty where all are kept.
    files: VecDeque<(String, u64)>,
    bytes: u64,
}

impl Folder {
    pub(super) fn open(
        path: &Path,
        keep: Keep,
        chance: u64,
        notes: &mut Vec<String>,
    ) -> io::Result<Self> {
        let is_new = fs::symlink_metadata(path).is_err();
        make_folder(path)?;
        if fs::symlink_metadata(path)?.file_type().is_symlink() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a symbolic link"));
        }
        // Fails now, and not at the first request, if nothing can be written there. The name is that of
        // this run alone: another one of the same process may open the folder at the same time.
        let probe = path.join(format!(".{chance:016x}.probe"));
        drop(create_new(&probe)?);
        fs::remove_file(&probe)?;
        if is_new {
            create_new(&path.join(".gitignore"))?.write_all(b"*\n")?;
        }
        let mut folder =
            Self { path: path.to_owned(), next: 1, keep, files: VecDeque::new(), bytes: 0 };
        folder.look_around(notes)?;
        Ok(folder)
    }

    /// Finds what is there already, and sweeps away what was never finished.
    fn look_around(&mut self, notes: &mut Vec<String>) -> io::Result<()> {
        let (mut found, mut swept) = (Vec::new(), 0);
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if let Some(number) = number(&name) {
                self.next = self.next.max(number.saturating_add(1));
                if !self.keep.is_all() {
                    found.push((number, name, entry.metadata()?.len()));
                }
            } else if is_unfinished(&name) {
                fs::remove_file(entry.path())?;
                swept += 1;
            }
        }
        if swept > 0 {
            let path = self.path.display();
            notes.push(format!("`{path}` held {swept} captures that were never finished: swept"));
        }
        found.sort();
        self.bytes = found.iter().map(|(_, _, size)| size).sum();
        self.files = found.into_iter().map(|(_, name, size)| (name, size)).collect();
        Ok(())
    }

    /// Writes each aside, syncs it, gives it its name; then the names are synced, all at once.
    pub(super) fn write(&mut self, entries: &[Entry]) -> Vec<io::Result<PathBuf>> {
        let named: Vec<_> = entries
            .iter()
            .map(|entry| {
                let number = self.next;
                self.next = self.next.saturating_add(1);
                (name(entry, number), entry)
            })
            .collect();
        let path = &self.path;
        let mut outcomes: Vec<io::Result<PathBuf>> = Vec::with_capacity(named.len());
        for some in named.chunks(SIDE_BY_SIDE) {
            if let [(name, entry)] = some {
                outcomes.push(write(path, name, &entry.line));
                continue;
            }
            std::thread::scope(|scope| {
                let threads: Vec<_> = some
                    .iter()
                    .map(|(name, entry)| scope.spawn(|| write(path, name, &entry.line)))
                    .collect();
                outcomes.extend(threads.into_iter().map(|thread| {
                    thread.join().unwrap_or_else(|_| Err(io::Error::other("writing failed")))
                }));
            });
        }
        if let Err(error) = sync_folder(path) {
            return named.iter().map(|_| Err(again(&error))).collect();
        }
        if !self.keep.is_all() {
            for ((name, entry), outcome) in named.into_iter().zip(&outcomes) {
                if outcome.is_ok() {
                    self.bytes += entry.line.len() as u64;
                    self.files.push_back((name, entry.line.len() as u64));
                }
            }
        }
        outcomes
    }

    /// Takes the oldest away where there are too many, and says how many that were.
    pub(super) fn prune(&mut self) -> u64 {
        let mut pruned = 0;
        // The newest stays, however large it is.
        while self.files.len() > 1 && self.keep.is_over(self.files.len() as u64, self.bytes) {
            let Some((name, size)) = self.files.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(size);
            // It may be gone already, or stay: nothing depends on it.
            pruned += u64::from(fs::remove_file(self.path.join(name)).is_ok());
        }
        pruned
    }
}

/// The name of a file: time, number and hash, and nothing of the request.
fn name(entry: &Entry, number: u64) -> String {
    let time = entry.at.strftime("%Y%m%dT%H%M%SZ");
    format!("{time}-{number:08}-{:08x}.json", entry.hash)
}

/// The number in a name of ours.
fn number(name: &str) -> Option<u64> {
    let parts: Vec<_> = name.strip_suffix(".json")?.split('-').collect();
    let [time, number, hash] = parts[..] else { return None };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = time.len() == 16 && time.is_ascii() && digits(&time[..8]) && time.ends_with('Z');
    let is_hash = (6..=8).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_hexdigit());
    (is_time && is_hash && digits(number)).then(|| number.parse().ok()).flatten()
}

/// Whether it is a file of ours that never got its name.
fn is_unfinished(name: &str) -> bool {
    name.strip_prefix('.').and_then(|name| name.strip_suffix(".part")).and_then(number).is_some()
}

/// Writes aside, syncs, then gives the file its name: a name is only ever that of a whole file.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let part = folder.join(format!(".{name}.part"));
    let path = folder.join(name);
    let published = create_new(&part)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_data()
        })
        .and_then(|()| publish(&part, &path));
    // Gone already where it was renamed; what else is left of it is swept with the folder.
    let _ = fs::remove_file(&part);
    published?;
    Ok(path)
}

/// Gives a file its name. A link, unlike a renaming, never replaces what is there; some file
/// systems have no links.
fn publish(part: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(part, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
            fs::rename(part, path)
        }
        linked => linked,
    }
}

/// The same error for another of those it concerns.
fn again(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}

#[cfg(unix)]
fn make_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}
