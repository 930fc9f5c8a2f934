//! Special files: detects pipes, sockets and devices before a read can block, and names their kind
//! in errors.

use std::fs::{File, Metadata, OpenOptions};
use std::path::Path;
use std::{fs, io};

pub(super) use system::is_fifo;
use system::{is_null_device, set_nonblocking};

/// Opens a regular file to read. Anything else is an error, and opening it does not block.
///
/// The kind is checked on the open file, so that the path cannot change in between. The null device
/// counts as an empty file, because users pass it to mean "none".
pub(super) fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    set_nonblocking(&mut options);
    let file = match options.open(path) {
        Ok(file) => file,
        // A socket cannot be opened at all.
        Err(error) => {
            return Err(match fs::metadata(path) {
                Ok(found) => with_file_kind(&found, error),
                Err(_) => error,
            });
        }
    };
    let found = file.metadata()?;
    if found.is_file() || is_null_device(&found) {
        return Ok(file);
    }
    let reason = format!("it is {}, expected a regular file", kind(&found));
    Err(io::Error::new(io::ErrorKind::InvalidInput, reason))
}

/// Opens a named pipe to write, or fails if it has no reader.
pub(super) fn open_nonblocking(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    set_nonblocking(&mut options);
    options.open(path)
}

/// Adds the kind of a special file to an error that the kind may have caused.
pub(super) fn with_file_kind(found: &Metadata, error: io::Error) -> io::Error {
    if found.is_file() || error.kind() == io::ErrorKind::PermissionDenied {
        return error;
    }
    io::Error::new(error.kind(), format!("it is {}: {error}", kind(found)))
}

/// Names the kind of a file.
fn kind(found: &Metadata) -> &'static str {
    if found.is_dir() { "a folder" } else { system::kind(found) }
}

#[cfg(unix)]
mod system {
    use std::fs;
    use std::fs::{Metadata, OpenOptions};
    use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};

    /// Makes opening a FIFO not wait for its other end, and never makes a terminal the controlling
    /// one.
    pub(super) fn set_nonblocking(options: &mut OpenOptions) {
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    }

    pub(super) fn is_null_device(found: &Metadata) -> bool {
        let is_device = found.file_type().is_char_device();
        is_device && fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == found.rdev())
    }

    pub(super) fn kind(found: &Metadata) -> &'static str {
        let kind = found.file_type();
        if kind.is_fifo() {
            "a pipe"
        } else if kind.is_socket() {
            "a socket"
        } else {
            "a device"
        }
    }

    pub(in crate::io) fn is_fifo(found: &Metadata) -> bool {
        found.file_type().is_fifo()
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs::{Metadata, OpenOptions};

    pub(super) fn set_nonblocking(_options: &mut OpenOptions) {}

    pub(super) fn is_null_device(_found: &Metadata) -> bool {
        false
    }

    pub(super) fn kind(_found: &Metadata) -> &'static str {
        "not a regular file"
    }

    pub(in crate::io) fn is_fifo(_found: &Metadata) -> bool {
        false
    }
}
