//! Capture store: writes and syncs each capture before its request gets a response.
//!
//! Group commit: one thread writes. All captures that arrive during a sync are written together
//! with the next sync, so that many concurrent senders cost hardly more than one. A batch has at
//! most `MAX_BATCH` captures, which limits the time that a sender waits.
//!
//! A capture counts as saved if the path that the user gave leads to it after the sync. If the file
//! or folder lost the path before that (`mv`, `rm`, log rotation), it is closed, the path is
//! reopened, and the capture is written again. A response that is sent later first checks the path
//! once more ([`Store::confirm`]). A move or removal between that check and the response is not
//! noticed.

mod directory;
mod entry;
mod file_id;
mod folder;
mod jsonl_file;
mod probe;
mod tail;
#[cfg(test)]
mod tests;
mod trim;

pub use entry::Retention;

use crate::domain::capture::Capture;
use crate::io::error::Error;
use crate::protocols::capture_file;
use entry::StoreEntry;
use folder::Folder;
use jiff::Timestamp;
use jsonl_file::JsonlFile;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// The maximum number of jobs in one batch, which is written with one sync.
const MAX_BATCH: usize = 1024;

/// The interval between attempts to write again after a failure, while no capture arrives.
const RETRY_INTERVAL: Duration = Duration::from_millis(500);

/// Writes captures to a file or folder. Dropping it waits until everything is written.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    random: u64,
    /// `None` while it is dropped.
    jobs: Option<Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    status: Arc<SharedStatus>,
}

/// A store that was opened.
#[derive(Debug)]
pub struct OpenedStore {
    /// The opened store.
    pub store: Store,
    /// Notes for the user: repairs and unsafe permissions.
    pub notes: Vec<String>,
}

/// The status of the writer, for other threads.
#[derive(Debug, Default)]
struct SharedStatus {
    failed: AtomicBool,
    pruned: AtomicU64,
    notes: Mutex<Vec<String>>,
}

/// A job for the writer thread.
#[derive(Debug)]
enum Job {
    Save(StoreEntry, SaveSender),
    Confirm(u64, oneshot::Sender<bool>),
    Reopen,
}

type SaveSender = oneshot::Sender<io::Result<SavedCapture>>;

/// A capture that is on disk.
#[derive(Clone, Debug)]
pub struct SavedCapture {
    /// The file that contains it.
    pub path: PathBuf,
    /// The number of times that the path had been opened when it was written.
    epoch: u64,
}

/// The two kinds of store.
#[derive(Debug)]
enum Sink {
    /// One file per request.
    Folder(Folder),
    /// One line per request.
    File(JsonlFile),
}

impl Sink {
    fn open(
        path: &Path,
        keep: Retention,
        random: u64,
        notes: &mut Vec<String>,
    ) -> io::Result<Self> {
        let is_file = path.extension().is_some_and(|extension| extension == "jsonl");
        let ends_in_separator =
            path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
        if is_file && ends_in_separator {
            let reason =
                "a path that ends in `.jsonl` is that of a file: remove the `/` at its end";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        // With `/` or `/.` after the name, the system would follow a symbolic link, which is
        // refused.
        let path: PathBuf = path.components().collect();
        Ok(if is_file {
            Self::File(JsonlFile::open(&path, keep, random, notes)?)
        } else {
            Self::Folder(Folder::open(&path, keep, random, notes)?)
        })
    }

    fn write(
        &mut self,
        entries: &[StoreEntry],
        notes: &mut Vec<String>,
    ) -> Vec<io::Result<PathBuf>> {
        match self {
            Self::Folder(folder) => folder.write(entries, notes),
            Self::File(file) => file.write(entries, notes),
        }
    }

    /// Removes the oldest captures over the limit, and returns their number.
    fn prune(&mut self, notes: &mut Vec<String>) -> u64 {
        match self {
            Self::Folder(folder) => folder.prune(),
            Self::File(file) => file.trim(notes),
        }
    }

    /// Returns the number of times that the path was opened.
    fn epoch(&self) -> u64 {
        match self {
            Self::Folder(folder) => folder.epoch,
            Self::File(file) => file.epoch,
        }
    }

    /// Returns `true` if the path still leads to the file or folder that is open.
    fn still_has_path(&self) -> bool {
        match self {
            Self::Folder(folder) => folder.still_has_path(),
            Self::File(file) => file.still_has_path(),
        }
    }

    /// Checks whether captures can be written again after a failure.
    fn probe(&mut self, notes: &mut Vec<String>) -> io::Result<()> {
        match self {
            // A folder is probed whenever it is opened.
            Self::Folder(folder) => {
                folder.close();
                folder.open_if_closed(notes)
            }
            Self::File(file) => {
                file.open_if_closed(notes)?;
                file.probe()
            }
        }
    }

    fn is_open(&self) -> bool {
        match self {
            Self::Folder(folder) => folder.is_open(),
            Self::File(file) => file.open.is_some(),
        }
    }

    fn close(&mut self) {
        match self {
            Self::Folder(folder) => folder.close(),
            Self::File(file) => file.close(),
        }
    }

    fn open_if_closed(&mut self, notes: &mut Vec<String>) -> io::Result<()> {
        match self {
            Self::Folder(folder) => folder.open_if_closed(notes),
            Self::File(file) => file.open_if_closed(notes).map(drop),
        }
    }
}

impl Store {
    /// Opens `path`: a file if it ends in `.jsonl`, else a folder, which is created if it is
    /// missing.
    ///
    /// `random` makes the file names of two listeners differ.
    pub fn open(path: &Path, keep: Retention, random: u64) -> Result<OpenedStore, Error> {
        Self::try_open(path, keep, random).map_err(|source| Error::Write {
            what: "captures to",
            path: path.to_owned(),
            source,
        })
    }

    fn try_open(path: &Path, keep: Retention, random: u64) -> io::Result<OpenedStore> {
        let status = Arc::new(SharedStatus::default());
        let mut notes = Vec::new();
        let sink = Sink::open(path, keep, random, &mut notes)?;
        let (jobs, receiver) = channel();
        let shared = Arc::clone(&status);
        let writer = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || write_all(sink, &receiver, &shared))?;
        let path = path.to_owned();
        let store = Self { path, random, jobs: Some(jobs), writer: Some(writer), status };
        Ok(OpenedStore { store, notes })
    }

    /// Returns the path of the captures, as the user gave it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns `true` if the last capture was written, or the path was reopened since.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        !self.status.failed.load(Ordering::Relaxed)
    }

    /// Returns the number of captures that were deleted to make room for newer ones.
    #[must_use]
    pub fn pruned(&self) -> u64 {
        self.status.pruned.load(Ordering::Relaxed)
    }

    /// Closes the file or folder, and reopens its path.
    pub fn reopen(&self) {
        if let Some(jobs) = &self.jobs {
            // If the writer has ended, nothing can be reopened.
            let _ = jobs.send(Job::Reopen);
        }
    }

    /// Returns and clears the notes since the last call, such as that a file was reopened.
    #[must_use]
    pub fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.status.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes one capture, and returns its location once it is on disk.
    ///
    /// The capture is written even if the returned future is dropped after its first poll.
    ///
    /// # Errors
    ///
    /// Fails if the capture cannot be written, or if the writer thread has ended.
    pub async fn save(&self, capture: &Capture) -> io::Result<SavedCapture> {
        let ended = || {
            self.status.failed.store(true, Ordering::Relaxed);
            io::Error::other("the writer thread has ended")
        };
        let mut line = capture_file::write(capture).into_bytes();
        line.push(b'\n');
        let digest = Sha256::new().chain_update(self.random.to_le_bytes()).chain_update(&line);
        let digest = digest.finalize();
        let hash = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
        let at = capture.received_at.unwrap_or(Timestamp::UNIX_EPOCH);
        let (done, written) = oneshot::channel();
        let job = Job::Save(StoreEntry { line, received_at: at, hash }, done);
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        jobs.send(job).map_err(|_| ended())?;
        written.await.map_err(|_| ended())?
    }
}

impl Store {
    /// Returns `true` if the path still leads to the saved capture.
    ///
    /// A delivery to a target, or an injected latency, can separate a capture from its response.
    pub async fn confirm(&self, saved: &SavedCapture) -> bool {
        let (done, confirmed) = oneshot::channel();
        let sent = self.jobs.as_ref().map(|jobs| jobs.send(Job::Confirm(saved.epoch, done)));
        matches!(sent, Some(Ok(()))) && confirmed.await.unwrap_or(false)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Closing the channel ends the writer after the jobs that are still queued.
        drop(self.jobs.take());
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// Writes batches of jobs until the channel is closed.
///
/// In each batch the path is reopened first, if that was requested, so that the captures go to the
/// new file. Confirmations come last, because they must also cover a reopen by this batch. While
/// the last write has failed, the store is probed at an interval, so that it reports recovery
/// without a capture.
fn write_all(mut sink: Sink, jobs: &Receiver<Job>, status: &SharedStatus) {
    loop {
        let mut notes = Vec::new();
        let is_healthy = sink.is_open() && !status.failed.load(Ordering::Relaxed);
        match next_batch(jobs, is_healthy) {
            Batch::End => return,
            Batch::Idle => {
                if sink.probe(&mut notes).is_ok() {
                    status.failed.store(false, Ordering::Relaxed);
                    notes.push("captures can be saved again".to_owned());
                }
            }
            Batch::Work { entries, done, confirms, reopen } => {
                if reopen {
                    sink.close();
                    let opened = sink.open_if_closed(&mut notes);
                    status.failed.store(opened.is_err(), Ordering::Relaxed);
                    notes.push(match opened {
                        Ok(()) => "captures are written to a reopened file".to_owned(),
                        Err(error) => format!("captures cannot be saved: {error}"),
                    });
                }
                save(&mut sink, &entries, done, status, &mut notes);
                for (epoch, confirmed) in confirms {
                    // The caller may have stopped waiting.
                    let _ = confirmed.send(sink.epoch() == epoch && sink.still_has_path());
                }
            }
        }
        status.notes.lock().unwrap_or_else(PoisonError::into_inner).append(&mut notes);
    }
}

/// The next task of the writer.
enum Batch {
    Work {
        entries: Vec<StoreEntry>,
        done: Vec<SaveSender>,
        confirms: Vec<(u64, oneshot::Sender<bool>)>,
        reopen: bool,
    },
    /// No job arrived for [`RETRY_INTERVAL`], and the last capture could not be written.
    Idle,
    End,
}

/// Waits for the next job, and adds all others that are already queued, up to [`MAX_BATCH`].
fn next_batch(jobs: &Receiver<Job>, is_healthy: bool) -> Batch {
    let first = if is_healthy {
        jobs.recv().map_err(|_| Batch::End)
    } else {
        jobs.recv_timeout(RETRY_INTERVAL).map_err(|error| match error {
            RecvTimeoutError::Timeout => Batch::Idle,
            RecvTimeoutError::Disconnected => Batch::End,
        })
    };
    let first = match first {
        Ok(first) => first,
        Err(batch) => return batch,
    };
    let (mut entries, mut pending, mut reopen) = (Vec::new(), Vec::new(), false);
    let mut confirms = Vec::new();
    let more = std::iter::from_fn(|| jobs.try_recv().ok());
    for job in std::iter::once(first).chain(more).take(MAX_BATCH) {
        match job {
            Job::Save(entry, done) => {
                entries.push(entry);
                pending.push(done);
            }
            Job::Confirm(epoch, done) => confirms.push((epoch, done)),
            Job::Reopen => reopen = true,
        }
    }
    Batch::Work { entries, done: pending, confirms, reopen }
}

/// Writes captures, sends the results to the callers, and then deletes the oldest over the limit.
fn save(
    sink: &mut Sink,
    entries: &[StoreEntry],
    done: Vec<SaveSender>,
    status: &SharedStatus,
    notes: &mut Vec<String>,
) {
    if entries.is_empty() {
        return;
    }
    let outcomes = sink.write(entries, notes);
    let epoch = sink.epoch();
    status.failed.store(outcomes.last().is_some_and(Result::is_err), Ordering::Relaxed);
    // Publish the notes before the results: a caller that has its result must find the notes.
    status.notes.lock().unwrap_or_else(PoisonError::into_inner).append(notes);
    for (done, outcome) in done.into_iter().zip(outcomes) {
        // The caller may have stopped waiting; the capture is on disk in any case.
        let _ = done.send(outcome.map(|path| SavedCapture { path, epoch }));
    }
    status.pruned.fetch_add(sink.prune(notes), Ordering::Relaxed);
}
