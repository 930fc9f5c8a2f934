//! File identity: detects whether a path still leads to an open file.

use std::fs::File;
use std::path::Path;
use std::{fs, io};

/// The identity of a file or folder, unique as long as the file is open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileId(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] same_file::Handle);

#[cfg(unix)]
impl FileId {
    /// Returns the identity of an open file.
    pub(super) fn of_file(file: &File) -> io::Result<Self> {
        Ok(Self::of(&file.metadata()?))
    }

    /// Returns the identity of the file at this path, without following a symbolic link.
    pub(super) fn of_path(path: &Path) -> io::Result<Self> {
        Ok(Self::of(&fs::symlink_metadata(path)?))
    }

    fn of(found: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self((found.dev(), found.ino()))
    }
}

#[cfg(not(unix))]
impl FileId {
    /// Returns the identity of an open file.
    pub(super) fn of_file(file: &File) -> io::Result<Self> {
        same_file::Handle::from_file(file.try_clone()?).map(Self)
    }

    /// Returns the identity of the file at this path; a symbolic link is an error.
    pub(super) fn of_path(path: &Path) -> io::Result<Self> {
        if fs::symlink_metadata(path)?.file_type().is_symlink() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a symbolic link"));
        }
        same_file::Handle::from_path(path).map(Self)
    }
}
