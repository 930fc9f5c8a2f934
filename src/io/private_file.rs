//! Files that only their owner may read, and that are what they seem to be.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::{fs, io};

/// Opens the file to read and to append; one that is no plain file is refused.
pub(super) fn open_to_append(path: &Path) -> io::Result<File> {
    let refused = |what| Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_symlink() => return refused("it is a symbolic link"),
        // Opening a pipe would wait for somebody at its other end.
        Ok(found) if !found.is_file() => return refused("it is not a plain file"),
        Ok(_) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    owner_only(&mut options);
    options.open(path)
}

/// A new file that only its owner may read: leads are personal data.
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // `create_new` follows no link: what is there already is an error.
    options.write(true).create_new(true);
    owner_only(&mut options);
    options.open(path)
}

/// Only the owner may read what is made, and no link is followed.
#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600).custom_flags(libc::O_NOFOLLOW);
}

#[cfg(not(unix))]
fn owner_only(_options: &mut OpenOptions) {}

/// A new name is durable when its folder is.
#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}
