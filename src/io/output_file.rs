//! Output files that the user names: writes reports, diagrams and ready files.
//!
//! A regular file is replaced atomically, so that no reader sees a partial file: the content is
//! written to a new file in the same folder, which is renamed over the old one. A symbolic link is
//! kept, and its target is replaced. Devices, pipes and descriptors of this process (`/dev/stdout`,
//! `/dev/fd/3`) are opened and written, because a rename would replace them by a file.

pub mod stream;

use crate::io::error::Error;
use crate::io::special_file;
use std::fs::{File, Metadata, OpenOptions};
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use std::{fs, io};

/// The maximum number of symbolic links that are followed for one path, as on Linux.
const MAX_LINKS: usize = 40;

/// The interval between attempts to open a pipe that has no reader.
const PIPE_RETRY_INTERVAL: Duration = Duration::from_millis(10);

/// A file that was checked to be writable.
#[derive(Debug)]
pub struct OutputFile {
    what: &'static str,
    path: PathBuf,
    target: OutputTarget,
}

/// The object at a path.
#[derive(Debug)]
enum OutputTarget {
    /// A regular file, or none yet, at a path without symbolic links.
    Regular(PathBuf),
    /// An open device, pipe or descriptor.
    Open(File),
}

impl OutputFile {
    /// Opens the path, and fails if it cannot be written. A regular file keeps its content until it
    /// is replaced.
    pub fn create(what: &'static str, path: &Path) -> Result<Self, Error> {
        let target = open(path).map_err(|source| write_error(what, path, source))?;
        Ok(Self { what, path: path.to_owned(), target })
    }

    /// Writes the whole content.
    pub fn write(self, bytes: &[u8]) -> Result<(), Error> {
        let written = match self.target {
            OutputTarget::Regular(path) => replace(&path, bytes),
            OutputTarget::Open(mut file) => file.write_all(bytes).and_then(|()| file.flush()),
        };
        written.map_err(|source| write_error(self.what, &self.path, source))
    }

    /// Returns `true` if both paths lead to the same regular file.
    #[must_use]
    pub fn is_same_file(&self, other: &Self) -> bool {
        match (&self.target, &other.target) {
            (OutputTarget::Regular(one), OutputTarget::Regular(other)) => {
                is_same_regular_file(one, other)
            }
            (OutputTarget::Open(_), _) | (_, OutputTarget::Open(_)) => false,
        }
    }
}

/// Writes a whole file, and replaces an existing one.
pub fn write(what: &'static str, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    OutputFile::create(what, path)?.write(bytes)
}

/// Writes a whole file like [`write()`], or starts a thread that writes it to a named pipe.
///
/// The pipe may never get a reader, so this does not wait: a thread retries until the returned
/// value is dropped.
pub fn write_or_wait_for_reader(
    what: &'static str,
    path: &Path,
    bytes: Vec<u8>,
) -> Result<Option<PendingPipeWrite>, Error> {
    match fs::metadata(path) {
        Ok(found) if special_file::is_fifo(&found) => {
            let started = PendingPipeWrite::start(path.to_owned(), bytes);
            started.map(Some).map_err(|source| write_error(what, path, source))
        }
        Ok(_) | Err(_) => write(what, path, &bytes).map(|()| None),
    }
}

/// A thread that writes to a named pipe once it has a reader. Dropping this stops it.
#[derive(Debug)]
pub struct PendingPipeWrite {
    cancelled: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl PendingPipeWrite {
    fn start(path: PathBuf, bytes: Vec<u8>) -> io::Result<Self> {
        let withdrawn = Arc::new(AtomicBool::new(false));
        let is_cancelled = Arc::clone(&withdrawn);
        let thread = std::thread::Builder::new().name("offer".to_owned()).spawn(move || {
            while !is_cancelled.load(Ordering::Relaxed) {
                // Without a reader the pipe cannot be opened. If a reader disconnects before the
                // write, the next one gets the content.
                let opened = special_file::open_nonblocking(&path);
                if opened.and_then(|mut pipe| pipe.write_all(&bytes)).is_ok() {
                    return;
                }
                std::thread::sleep(PIPE_RETRY_INTERVAL);
            }
        })?;
        Ok(Self { cancelled: withdrawn, thread: Some(thread) })
    }
}

impl Drop for PendingPipeWrite {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // The thread does not panic and returns no value.
            let _ = thread.join();
        }
    }
}

/// Returns `true` if two paths lead to the same file, which need not exist yet.
#[must_use]
pub fn leads_to_same_file(one: &Path, other: &Path) -> bool {
    match (resolve_links(one), resolve_links(other)) {
        (Ok(one), Ok(other)) => is_same_regular_file(&one, &other),
        (Err(_), _) | (_, Err(_)) => false,
    }
}

fn write_error(what: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Write { what, path: path.to_owned(), source }
}

fn open(path: &Path) -> io::Result<OutputTarget> {
    if path.as_os_str() == "-" {
        return Err(io::Error::other("standard output is used for the result: name a file"));
    }
    let resolved = resolve_links(path)?;
    if is_descriptor(&resolved) {
        // The existing content was written by others, so the report is appended.
        let opened = system::standard_stream(&resolved)
            .unwrap_or_else(|| OpenOptions::new().append(true).open(path));
        return opened.map(OutputTarget::Open);
    }
    match fs::metadata(&resolved) {
        Ok(found) if found.is_file() => {
            // A rename only needs rights on the folder, so check that the file is writable as well.
            OpenOptions::new().write(true).open(&resolved)?;
            Ok(OutputTarget::Regular(resolved))
        }
        Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(found) => {
            let opened = OpenOptions::new().write(true).open(&resolved);
            opened
                .map(OutputTarget::Open)
                .map_err(|error| special_file::with_file_kind(&found, error))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Create and remove a file, to check now that the folder accepts one.
            drop(TempFile::create(&resolved, None)?);
            Ok(OutputTarget::Regular(resolved))
        }
        Err(error) => Err(error),
    }
}

/// Resolves the symbolic links of a path. Only its last component need not exist.
fn resolve_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let is_folder = || io::Error::new(io::ErrorKind::IsADirectory, "it is a folder");
        if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Err(is_folder());
        }
        let name = path.file_name().ok_or_else(is_folder)?.to_owned();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize()?;
        let full = folder.join(name);
        match fs::read_link(&full) {
            // The link of a descriptor leads to the path with which it was opened, which may be
            // outdated.
            Ok(_) if is_descriptor(&full) => return Ok(full),
            Ok(target) => path = folder.join(target),
            // It is not a symbolic link, or does not exist.
            Err(_) => return Ok(full),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Returns `true` if the path is that of an open descriptor: `/proc/self/fd/3`, or `/dev/fd/3`.
/// `/dev/stdout` is a link to such a path.
fn is_descriptor(path: &Path) -> bool {
    let names: Vec<_> = path.components().filter(|part| *part != Component::RootDir).collect();
    let is = |part: Option<&Component<'_>>, name: &str| {
        part.is_some_and(|part| part.as_os_str() == name)
    };
    let in_folder = |root: &str| is(names.first(), root) && is(names.iter().nth_back(1), "fd");
    cfg!(unix) && (in_folder("proc") || in_folder("dev"))
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsFd;
    use std::path::Path;

    /// Duplicates standard output or standard error if the path is the name of its descriptor.
    ///
    /// A file that is opened by its path has a separate position, so later output would overwrite
    /// the report.
    pub(super) fn standard_stream(path: &Path) -> Option<io::Result<File>> {
        let own = [Path::new("/dev/fd"), Path::new("/proc/self/fd")];
        let folder = path.parent()?;
        let is_own = own.contains(&folder)
            || folder == Path::new(&format!("/proc/{}/fd", std::process::id()));
        let duplicate = match path.file_name()?.to_str()? {
            "1" if is_own => io::stdout().as_fd().try_clone_to_owned(),
            "2" if is_own => io::stderr().as_fd().try_clone_to_owned(),
            _ => return None,
        };
        Some(duplicate.map(File::from))
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(super) fn standard_stream(_path: &Path) -> Option<io::Result<File>> {
        None
    }
}

fn is_same_regular_file(one: &Path, other: &Path) -> bool {
    one == other
        || match (fs::metadata(one), fs::metadata(other)) {
            (Ok(one), Ok(other)) => is_same_inode(&one, &other),
            (Err(_), _) | (_, Err(_)) => false,
        }
}

#[cfg(unix)]
fn is_same_inode(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Returns `false`: two paths of one file are not detected on this platform.
#[cfg(not(unix))]
fn is_same_inode(_one: &Metadata, _other: &Metadata) -> bool {
    false
}

/// Replaces the file at a path by a new one with these bytes.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let existing = fs::metadata(path).ok();
    let replaced = TempFile::create(path, existing.as_ref()).and_then(|temp| {
        let mut file = temp.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        file.write_all(bytes)?;
        // Without a sync, a power failure may leave an empty file at the path.
        file.sync_all()?;
        temp.publish(path)
    });
    match replaced {
        // If the folder accepts no new file, or the file is a mount point, it is written in place.
        Err(error) if existing.is_some() && is_irreplaceable(&error) => {
            let mut file = OpenOptions::new().write(true).truncate(true).open(path)?;
            file.write_all(bytes)
        }
        other => other,
    }
}

/// Returns `true` if an error means that the file cannot be replaced by another one.
fn is_irreplaceable(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::ResourceBusy
            | io::ErrorKind::CrossesDevices
    )
}

/// A temporary file in the folder of another file, removed on drop unless it was published.
#[derive(Debug)]
struct TempFile {
    path: PathBuf,
    file: Option<File>,
}

impl TempFile {
    /// Creates the file with the permissions and the owner of the `existing` file, if any.
    fn create(path: &Path, existing: Option<&Metadata>) -> io::Result<Self> {
        Self::create_with(path, existing, existing.is_some())
    }

    /// Creates the file like [`TempFile::create`]; a new one can only be read by its owner.
    fn create_private(path: &Path, existing: Option<&Metadata>) -> io::Result<Self> {
        Self::create_with(path, existing, true)
    }

    fn create_with(path: &Path, existing: Option<&Metadata>, is_private: bool) -> io::Result<Self> {
        static CREATED: AtomicU64 = AtomicU64::new(0);
        let mut options = OpenOptions::new();
        // Follows no symbolic link and opens no existing file.
        options.write(true).create_new(true);
        if is_private {
            owner_only(&mut options);
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        // A long name is shortened to leave room for the suffix.
        let stem: String = stem.chars().take(40).collect();
        let (path, file) = loop {
            let number = CREATED.fetch_add(1, Ordering::Relaxed);
            let name = format!(".{stem}.{}-{number}.part", std::process::id());
            let path = path.with_file_name(name);
            match options.open(&path) {
                // A file that a process with the same id left behind.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                opened => break (path, opened?),
            }
        };
        let temp = Self { path, file: Some(file) };
        if let (Some(existing), Some(file)) = (existing, &temp.file) {
            keep_owner(file, existing);
            file.set_permissions(existing.permissions())?;
        }
        Ok(temp)
    }

    /// Returns another descriptor of the open file.
    fn writer(&self) -> io::Result<File> {
        self.file.as_ref().ok_or(io::ErrorKind::NotFound)?.try_clone()
    }

    /// Renames the file to its final path.
    fn publish(mut self, path: &Path) -> io::Result<()> {
        // Windows cannot rename an open file.
        self.file = None;
        fs::rename(&self.path, path)?;
        self.path.clear();
        Ok(())
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        self.file = None;
        if !self.path.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn owner_only(_options: &mut OpenOptions) {}

/// Sets the owner of the new file. Only root can do so; for other users it stays theirs.
#[cfg(unix)]
fn keep_owner(file: &File, existing: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(existing.uid()), Some(existing.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _existing: &Metadata) {}

#[cfg(test)]
#[cfg(unix)]
mod tests;
