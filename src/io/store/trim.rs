//! Trimming of a JSON Lines file: replaces the file by a copy of its newest lines.
//!
//! At every moment, also after a crash, the path leads to a complete file: the old one or the copy.
//!
//! A file that another program, or another listener, put at the path is never replaced. On Linux
//! and macOS this is certain: the names of the file and the copy are exchanged atomically, and
//! exchanged back if the replaced file is not the one that was copied. If the system or the file
//! system cannot exchange names (Windows, NFS), the file at the path is compared right before the
//! copy is renamed: only a file that is put there between these two calls is lost.

use super::file_id::FileId;
use crate::io::private_file::{create_new, parent, sync_folder};
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Replaces `old`, the file at `path`, by a copy of its bytes from `start` to `end`, and returns
/// the locked copy. `random` makes the name of the copy unique to this run.
pub(super) fn replace_with_tail(
    path: &Path,
    old: &File,
    start: u64,
    end: u64,
    random: u64,
) -> io::Result<File> {
    let part = part_path(path, random);
    // Fails if the file exists, so the file that is removed below was created by this call.
    let mut copy = create_new(&part)?;
    let id = FileId::of_file(&copy)?;
    let replaced = copy_tail(old, start, end, &mut copy)
        .and_then(|()| replace_path(&part, &id, path, old, end));
    if let Err(error) = replaced {
        remove_if(&part, &id);
        return Err(error);
    }
    // Both files contain the kept lines, so the path leads to a complete file even if a crash
    // undoes the exchange.
    let _ = sync_folder(parent(path));
    Ok(copy)
}

/// Returns the path of the copy: a hidden file in the same folder.
fn part_path(path: &Path, random: u64) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{random:016x}.part"));
    path.with_file_name(name)
}

/// Locks the copy, fills it, and syncs it.
fn copy_tail(mut old: &File, start: u64, end: u64, copy: &mut File) -> io::Result<()> {
    // Lock the copy before it gets the name, so that another listener that opens it finds it
    // locked.
    match copy.try_lock() {
        Err(TryLockError::WouldBlock) => return Err(io::Error::other("the copy is locked")),
        // A file system without locks.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    old.seek(SeekFrom::Start(start))?;
    io::copy(&mut old.take(end - start), copy)?;
    copy.sync_all()
}

/// Renames the copy at `part` to `path`, unless `path` no longer leads to `old`.
fn replace_path(part: &Path, copy: &FileId, path: &Path, old: &File, end: u64) -> io::Result<()> {
    let own = FileId::of_file(old)?;
    // Bytes that another program has appended since are not in the copy.
    let is_whole = || old.metadata().is_ok_and(|found| found.len() == end);
    if FileId::of_path(path)? != own || !is_whole() {
        return Err(changed_by_other());
    }
    exchange_names(part, copy, path, &own, is_whole)
}

/// Exchanges the names of the copy and of the file `own`, and exchanges them back if `path` led to
/// another file.
fn exchange_names(
    part: &Path,
    copy: &FileId,
    path: &Path,
    own: &FileId,
    is_whole: impl Fn() -> bool,
) -> io::Result<()> {
    match exchange(part, path) {
        Ok(()) if FileId::of_path(part).is_ok_and(|found| found == *own) && is_whole() => {
            fs::remove_file(part)
        }
        Ok(()) => {
            // Only if the copy is still at the path: a third file must not be moved either.
            if FileId::of_path(path).is_ok_and(|found| found == *copy) {
                exchange(part, path)?;
            }
            Err(changed_by_other())
        }
        Err(error) if is_unsupported(&error) => fs::rename(part, path),
        Err(error) => Err(error),
    }
}

fn changed_by_other() -> io::Error {
    io::Error::other("another program writes to it or replaced it")
}

/// Removes the file at this path if it has this identity.
fn remove_if(path: &Path, id: &FileId) {
    if FileId::of_path(path).is_ok_and(|found| found == *id) {
        // A copy that cannot be removed is reported at the next start.
        let _ = fs::remove_file(path);
    }
}

/// Exchanges the names of two files in one step.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Returns `true` if the file system cannot exchange names. File systems report this differently.
fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

/// Returns the paths of copies in the same folder that a crash left behind.
///
/// They are reported and not removed: after a crash in the middle of an exchange, the name may
/// belong to the file of another program.
pub(super) fn abandoned_copies(path: &Path) -> Vec<PathBuf> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let Ok(entries) = fs::read_dir(parent(path)) else { return Vec::new() };
    let is_copy = |found: &str| {
        let rest = found.strip_prefix('.').and_then(|rest| rest.strip_prefix(name));
        let random = rest.and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".part"));
        random.is_some_and(|random| {
            random.len() == 16 && random.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    let entries = entries.flatten();
    let copies = entries.filter(|entry| {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        is_file && entry.file_name().to_str().is_some_and(is_copy)
    });
    // A locked copy belongs to a listener that is still writing it.
    let is_unused = |path: &PathBuf| File::open(path).is_ok_and(|file| file.try_lock().is_ok());
    copies.map(|entry| entry.path()).filter(is_unused).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use std::io::Write;

    fn file(path: &Path, text: &str) -> File {
        let mut file = create_new(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn the_copy_replaces_the_file_and_is_locked() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("caps.jsonl");
        let old = file(&path, "one\ntwo\n");
        let copy = replace_with_tail(&path, &old, 4, 8, 7).unwrap();
        assert_eq!(FileId::of_file(&copy).unwrap(), FileId::of_path(&path).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"two\n");
        assert!(matches!(File::open(&path).unwrap().try_lock(), Err(TryLockError::WouldBlock)));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_line_that_another_program_appended_is_not_lost() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("caps.jsonl");
        let mut old = file(&path, "one\ntwo\n");
        old.write_all(b"three\n").unwrap();
        assert!(replace_with_tail(&path, &old, 4, 8, 7).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"one\ntwo\nthree\n");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no copy is left");
    }

    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    #[test]
    fn names_are_exchanged_back_if_the_file_has_grown() {
        let dir = tempfile::tempdir().unwrap();
        let (path, part) = (dir.path().join("caps.jsonl"), dir.path().join("part"));
        let (old, copy) = (file(&path, "old\n"), file(&part, "copy\n"));
        let (own, copy) = (FileId::of_file(&old).unwrap(), FileId::of_file(&copy).unwrap());
        assert!(exchange_names(&part, &copy, &path, &own, || false).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old\n");
    }

    #[test]
    fn a_foreign_file_at_either_path_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("caps.jsonl");
        let old = file(&path, "one\ntwo\n");
        let part = part_path(&path, 7);
        fs::write(&part, "mine").unwrap();
        assert!(replace_with_tail(&path, &old, 4, 8, 7).is_err());
        assert_eq!(fs::read(&part).unwrap(), b"mine");
        fs::rename(&path, dir.path().join("rotated")).unwrap();
        fs::write(&path, "mine too").unwrap();
        assert!(replace_with_tail(&path, &old, 4, 8, 8).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"mine too");
        assert_eq!(fs::read(dir.path().join("rotated")).unwrap(), b"one\ntwo\n");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3, "no copy is left");
        assert_eq!(abandoned_copies(&path), [part]);
    }

    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    #[test]
    fn a_file_moved_to_the_path_before_the_exchange_is_restored() {
        let dir = tempfile::tempdir().unwrap();
        let (path, part) = (dir.path().join("caps.jsonl"), dir.path().join("part"));
        let foreign = file(&path, "foreign\n");
        let copy = file(&part, "copy\n");
        let (own, copy) = (FileId::of_path(dir.path()).unwrap(), FileId::of_file(&copy).unwrap());
        assert!(exchange_names(&part, &copy, &path, &own, || true).is_err());
        assert_eq!(FileId::of_path(&path).unwrap(), FileId::of_file(&foreign).unwrap());
        assert_eq!(FileId::of_path(&part).unwrap(), copy);
    }
}
