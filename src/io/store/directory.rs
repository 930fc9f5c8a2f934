//! Open folder: creates, renames and removes files relative to a folder handle.
//!
//! If another folder or a symbolic link replaces the path, the files still go to the open folder.
//! On Windows the path is resolved again for every file.

use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(unix)]
use super::file_id::FileId;
#[cfg(not(unix))]
use std::{fs, path::PathBuf};

/// A folder that is open.
#[derive(Debug)]
pub(super) struct Directory {
    #[cfg(unix)]
    folder: File,
    #[cfg(unix)]
    id: FileId,
    #[cfg(not(unix))]
    path: PathBuf,
}

#[cfg(unix)]
impl Directory {
    /// Opens a folder; a symbolic link to one is an error.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = File::from(rustix::fs::open(path, flags, Mode::empty())?);
        let id = FileId::of_file(&folder)?;
        Ok(Self { folder, id })
    }

    /// Returns `true` if the path still leads to this folder.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        FileId::of_path(path).is_ok_and(|found| found == self.id)
    }

    /// Creates a file to read and write that only its owner may read.
    pub(super) fn create_new(&self, name: &str) -> io::Result<File> {
        use rustix::fs::OFlags;
        self.open_with(name, OFlags::CREATE | OFlags::EXCL)
    }

    /// Opens a regular file to read and write.
    pub(super) fn open_file(&self, name: &str) -> io::Result<File> {
        // Opening a pipe with this name must not block.
        let file = self.open_with(name, rustix::fs::OFlags::NONBLOCK)?;
        let is_file = file.metadata()?.is_file();
        if is_file { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    fn open_with(&self, name: &str, flags: rustix::fs::OFlags) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, openat};
        let flags = flags | OFlags::RDWR | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.folder, name, flags, Mode::RUSR | Mode::WUSR)?))
    }

    /// Creates a hard link to a file; an existing name is an error.
    pub(super) fn link(&self, name: &str, link: &str) -> io::Result<()> {
        let flags = rustix::fs::AtFlags::empty();
        Ok(rustix::fs::linkat(&self.folder, name, &self.folder, link, flags)?)
    }

    /// Renames a file, and replaces an existing one.
    pub(super) fn rename(&self, name: &str, new: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.folder, name, &self.folder, new)?)
    }

    /// Removes a file.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.folder, name, rustix::fs::AtFlags::empty())?)
    }

    /// Returns the size of the file with this name.
    pub(super) fn size(&self, name: &str) -> io::Result<u64> {
        let flags = rustix::fs::AtFlags::SYMLINK_NOFOLLOW;
        let found = rustix::fs::statat(&self.folder, name, flags)?;
        Ok(u64::try_from(found.st_size).unwrap_or_default())
    }

    /// Returns every name in the folder that is UTF-8.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.folder)? {
            names.extend(entry?.file_name().to_str().ok().map(str::to_owned));
        }
        Ok(names)
    }

    /// Syncs the names in the folder.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.folder.sync_all()
    }
}

/// Returns `true` if an open file no longer has a name.
#[cfg(unix)]
pub(super) fn is_removed(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|found| found.nlink() == 0)
}

#[cfg(not(unix))]
impl Directory {
    /// Opens a folder; a symbolic link to one is an error.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let folder = Self { path: path.to_owned() };
        if folder.is_at(path) { Ok(folder) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// Returns `true` if the path leads to a folder.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        // `symlink_metadata`, because a link to a folder is not a folder.
        fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
    }

    /// Creates a file to read and write.
    pub(super) fn create_new(&self, name: &str) -> io::Result<File> {
        crate::io::private_file::create_new(&self.path.join(name))
    }

    /// Opens a regular file to read and write.
    pub(super) fn open_file(&self, name: &str) -> io::Result<File> {
        let path = self.path.join(name);
        let is_file = fs::symlink_metadata(&path)?.is_file();
        if !is_file {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        fs::OpenOptions::new().read(true).write(true).open(path)
    }

    /// Creates a hard link to a file; an existing name is an error.
    pub(super) fn link(&self, name: &str, link: &str) -> io::Result<()> {
        fs::hard_link(self.path.join(name), self.path.join(link))
    }

    /// Renames a file, and replaces an existing one.
    pub(super) fn rename(&self, name: &str, new: &str) -> io::Result<()> {
        fs::rename(self.path.join(name), self.path.join(new))
    }

    /// Removes a file.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    /// Returns the size of the file with this name.
    pub(super) fn size(&self, name: &str) -> io::Result<u64> {
        Ok(fs::symlink_metadata(self.path.join(name))?.len())
    }

    /// Returns every name in the folder that is Unicode.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        Ok(names)
    }

    /// Does nothing: a folder is not synced on Windows.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns `false`: this is not detected on Windows. If another listener removes a file right after
/// its creation, saving the capture fails and the sender gets 503.
#[cfg(not(unix))]
pub(super) fn is_removed(_file: &File) -> bool {
    false
}
