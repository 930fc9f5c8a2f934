//! Private files: creates files and folders that only their owner can read. Symbolic links and special files
//! are errors.

use std::fs::{DirBuilder, File, OpenOptions};
use std::path::Path;
use std::{fs, io};

/// Opens a regular file to read and to append, and creates it if it is missing. Anything else at
/// the path is an error.
pub(super) fn open_to_append(path: &Path) -> io::Result<File> {
    let invalid = |reason| Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_symlink() => return invalid("it is a symbolic link"),
        // Opening a pipe would block until a process opens its other end.
        Ok(found) if !found.is_file() => return invalid("it is not a regular file"),
        Ok(_) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    owner_only(&mut options);
    let file = options.open(path)?;
    // The path may have been replaced since it was checked.
    if file.metadata()?.is_file() { Ok(file) } else { invalid("it is not a regular file") }
}

/// Creates a file to read and to append that only its owner can read, because leads are personal
/// data.
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // `create_new` follows no symbolic link: an existing path is an error.
    options.read(true).append(true).create_new(true);
    owner_only(&mut options);
    options.open(path)
}

/// Restricts a new file to its owner, and follows no symbolic link.
#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600).custom_flags(libc::O_NOFOLLOW);
}

#[cfg(not(unix))]
fn owner_only(_options: &mut OpenOptions) {}

/// Returns a builder of folders for their owner only.
#[cfg(unix)]
pub(super) fn folder_builder() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

/// Returns a builder of folders: their permissions on Windows are those of the folder above.
#[cfg(not(unix))]
pub(super) fn folder_builder() -> DirBuilder {
    DirBuilder::new()
}

/// Syncs a folder, which makes the names of new files durable.
#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Returns the folder that contains `path`.
pub(super) fn parent(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Returns a description of other users who can rename, remove or replace files in a folder, if
/// any.
///
/// In a folder with the sticky bit, such as `/tmp`, users can do so only with their own files. A
/// group with the same number as the folder's owner is assumed to be the private group that many
/// systems create for each user.
#[cfg(unix)]
pub(super) fn other_writers(folder: &Path) -> io::Result<Option<&'static str>> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::metadata(folder)?;
    let uid = rustix::process::geteuid().as_raw();
    let is_sticky = found.mode() & 0o1000 != 0;
    Ok(if found.uid() != uid && found.uid() != 0 && uid != 0 {
        Some("it belongs to another user")
    } else if is_sticky {
        None
    } else if found.mode() & 0o002 != 0 {
        Some("every user may write to it")
    } else if found.mode() & 0o020 != 0 && found.gid() != found.uid() {
        Some("its group may write to it")
    } else {
        None
    })
}

/// Returns a description of other users who can read a file, if any.
#[cfg(unix)]
pub(super) fn other_readers(file: &File) -> io::Result<Option<&'static str>> {
    use std::os::unix::fs::MetadataExt;
    let found = file.metadata()?;
    Ok(if found.mode() & 0o006 != 0 {
        Some("every user")
    } else if found.mode() & 0o060 != 0 && found.gid() != found.uid() {
        Some("its group")
    } else {
        None
    })
}

/// Returns `None`: file permissions on Windows are not checked.
#[cfg(not(unix))]
pub(super) fn other_readers(_file: &File) -> io::Result<Option<&'static str>> {
    Ok(None)
}

/// Returns `None`: folder permissions on Windows are not checked.
#[cfg(not(unix))]
pub(super) fn other_writers(_folder: &Path) -> io::Result<Option<&'static str>> {
    Ok(None)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn folders_that_other_users_may_write_to_are_detected() {
        let dir = tempfile::tempdir().unwrap();
        let world_writable = Some("every user may write to it");
        for (mode, expected) in [
            (0o700, None),
            (0o755, None),
            (0o777, world_writable),
            (0o702, world_writable),
            (0o1777, None),
        ] {
            fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(other_writers(dir.path()).unwrap(), expected, "{mode:o}");
        }
        assert!(other_writers(&dir.path().join("missing")).is_err());
    }
}
