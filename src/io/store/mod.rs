//! Captures on disk: each is whole and synced before its request is answered.
//!
//! One thread writes. What waits while it syncs is written together with the next sync, so that
//! many senders at once cost hardly more than one.
//!
//! A capture counts as saved if the name that the user gave leads to it after the sync. A file or folder
//! that lost the name before (`mv`, `rm`, log rotation) is closed, the name is opened anew, and the
//! capture is written again. Before a response that comes later the name is checked once more. What is
//! moved or removed in the moment between the last check and the response takes the capture along.

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

pub use entry::Keep;

use crate::domain::capture::Capture;
use crate::io::error::Error;
use crate::protocols::capture_file;
use entry::FolderEntry;
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

/// How many captures are written with one sync at most.
const MOST_AT_ONCE: usize = 1024;

/// How often a name that could not be opened is tried again while no capture comes.
const RETRY: Duration = Duration::from_millis(500);

/// Where captures go. Dropping it waits until everything is written.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    chance: u64,
    /// There until it is dropped.
    waiting: Option<Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    seen: Arc<Seen>,
}

/// A store that was opened.
#[derive(Debug)]
pub struct Opened {
    /// It.
    pub store: Store,
    /// What the user should be told: what was repaired, and what is not safe.
    pub notes: Vec<String>,
}

/// What others may know of the writing.
#[derive(Debug, Default)]
struct Seen {
    failed: AtomicBool,
    pruned: AtomicU64,
    notes: Mutex<Vec<String>>,
}

/// Work for the thread that writes.
#[derive(Debug)]
enum Job {
    Save(FolderEntry, Done),
    Confirm(u64, oneshot::Sender<bool>),
    Reopen,
}

type Done = oneshot::Sender<io::Result<Saved>>;

/// A capture that is on disk.
#[derive(Clone, Debug)]
pub struct Saved {
    /// The file that contains it.
    pub path: PathBuf,
    /// Which opening of the name it was written to.
    epoch: u64,
}

/// The two kinds of store.
#[derive(Debug)]
enum Sink {
    /// One file a request.
    Folder(Folder),
    /// One line a request.
    File(JsonlFile),
}

impl Sink {
    fn open(path: &Path, keep: Keep, random: u64, notes: &mut Vec<String>) -> io::Result<Self> {
        let is_file = path.extension().is_some_and(|extension| extension == "jsonl");
        let ends_in_separator =
            path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
        if is_file && ends_in_separator {
            let what = "a name that ends in `.jsonl` is that of a file: leave out the `/` after it";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        // With `/` or `/.` after its name the system would follow a link that is refused without.
        let path: PathBuf = path.components().collect();
        Ok(if is_file {
            Self::File(JsonlFile::open(&path, keep, random, notes)?)
        } else {
            Self::Folder(Folder::open(&path, keep, random, notes)?)
        })
    }

    fn write(
        &mut self,
        entries: &[FolderEntry],
        notes: &mut Vec<String>,
    ) -> Vec<io::Result<PathBuf>> {
        match self {
            Self::Folder(folder) => folder.write(entries, notes),
            Self::File(file) => file.write(entries, notes),
        }
    }

    /// Removes the oldest captures beyond what is to be kept, and returns how many.
    fn prune(&mut self, notes: &mut Vec<String>) -> u64 {
        match self {
            Self::Folder(folder) => folder.prune(),
            Self::File(file) => file.trim(notes),
        }
    }

    /// Returns how often the name was opened.
    fn epoch(&self) -> u64 {
        match self {
            Self::Folder(folder) => folder.epoch,
            Self::File(file) => file.epoch,
        }
    }

    /// Returns `true` if what was written since the name was opened is found under it.
    fn is_named(&self) -> bool {
        match self {
            Self::Folder(folder) => folder.is_named(),
            Self::File(file) => file.is_named(),
        }
    }

    /// Finds out whether something can be written again, after it could not.
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
    /// Opens `path`: a file where it ends in `.jsonl`, else a folder, which is made if need be.
    /// `chance` keeps the names of two listeners apart.
    pub fn open(path: &Path, keep: Keep, chance: u64) -> Result<Opened, Error> {
        Self::opened(path, keep, chance).map_err(|source| Error::Write {
            what: "captures to",
            path: path.to_owned(),
            source,
        })
    }

    fn opened(path: &Path, keep: Keep, chance: u64) -> io::Result<Opened> {
        let seen = Arc::new(Seen::default());
        let mut notes = Vec::new();
        let sink = Sink::open(path, keep, chance, &mut notes)?;
        let (waiting, jobs) = channel();
        let shared = Arc::clone(&seen);
        let writer = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || write_all(sink, &jobs, &shared))?;
        let path = path.to_owned();
        let store = Self { path, chance, waiting: Some(waiting), writer: Some(writer), seen };
        Ok(Opened { store, notes })
    }

    /// Where captures go, as the user named it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns `true` if the last capture could be written, or the name could be opened since.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        !self.seen.failed.load(Ordering::Relaxed)
    }

    /// How many captures had to go for newer ones.
    #[must_use]
    pub fn pruned(&self) -> u64 {
        self.seen.pruned.load(Ordering::Relaxed)
    }

    /// Closes the file or folder at once, and opens its name anew.
    pub fn reopen(&self) {
        if let Some(waiting) = &self.waiting {
            // Without a writer there is nothing to open.
            let _ = waiting.send(Job::Reopen);
        }
    }

    /// Takes what there is to tell since the last call, such as that a file was opened anew.
    #[must_use]
    pub fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes one capture and says where, once it is on disk. It is written also where nobody waits
    /// for that any more.
    ///
    /// # Errors
    ///
    /// Returns why it could not be written. Without its thread nothing can be, and the store says so.
    pub async fn save(&self, capture: &Capture) -> io::Result<Saved> {
        let gone = || {
            self.seen.failed.store(true, Ordering::Relaxed);
            io::Error::other("the thread that writes has ended")
        };
        let mut line = capture_file::write(capture).into_bytes();
        line.push(b'\n');
        let digest = Sha256::new().chain_update(self.chance.to_le_bytes()).chain_update(&line);
        let digest = digest.finalize();
        let hash = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
        let at = capture.received_at.unwrap_or(Timestamp::UNIX_EPOCH);
        let (done, written) = oneshot::channel();
        let job = Job::Save(FolderEntry { line, at, hash }, done);
        let waiting = self.waiting.as_ref().ok_or_else(gone)?;
        waiting.send(job).map_err(|_| gone())?;
        written.await.map_err(|_| gone())?
    }
}

impl Store {
    /// Returns `true` if the name still leads to what was saved. Between a capture and its response may
    /// lie a delivery to a target, or a latency.
    pub async fn confirm(&self, saved: &Saved) -> bool {
        let (done, confirmed) = oneshot::channel();
        let asked = self.waiting.as_ref().map(|it| it.send(Job::Confirm(saved.epoch, done)));
        matches!(asked, Some(Ok(()))) && confirmed.await.unwrap_or(false)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Without a sender the writer ends when it has written what waits.
        drop(self.waiting.take());
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// Writes what comes, together what came together, until nothing can come any more.
fn write_all(mut sink: Sink, jobs: &Receiver<Job>, seen: &Seen) {
    loop {
        let mut notes = Vec::new();
        let is_well = sink.is_open() && !seen.failed.load(Ordering::Relaxed);
        match next_batch(jobs, is_well) {
            Batch::End => return,
            Batch::Idle => {
                if sink.probe(&mut notes).is_ok() {
                    seen.failed.store(false, Ordering::Relaxed);
                    notes.push("captures can be saved again".to_owned());
                }
            }
            Batch::Work { entries, done, confirms, reopen } => {
                if reopen {
                    sink.close();
                    let opened = sink.open_if_closed(&mut notes);
                    seen.failed.store(opened.is_err(), Ordering::Relaxed);
                    notes.push(match opened {
                        Ok(()) => "captures are written to a file that was opened anew".to_owned(),
                        Err(error) => format!("captures cannot be saved: {error}"),
                    });
                }
                save(&mut sink, &entries, done, seen, &mut notes);
                for (epoch, confirmed) in confirms {
                    // Whoever asked may be gone.
                    let _ = confirmed.send(sink.epoch() == epoch && sink.is_named());
                }
            }
        }
        seen.notes.lock().unwrap_or_else(PoisonError::into_inner).append(&mut notes);
    }
}

/// What the writer does next.
enum Batch {
    Work {
        entries: Vec<FolderEntry>,
        done: Vec<Done>,
        confirms: Vec<(u64, oneshot::Sender<bool>)>,
        reopen: bool,
    },
    /// Nothing came for a while, and the last capture could not be written.
    Idle,
    End,
}

/// Waits for the next captures, and takes those that came together.
fn next_batch(jobs: &Receiver<Job>, is_well: bool) -> Batch {
    let first = if is_well {
        jobs.recv().map_err(|_| Batch::End)
    } else {
        jobs.recv_timeout(RETRY).map_err(|error| match error {
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
    for job in std::iter::once(first).chain(more).take(MOST_AT_ONCE) {
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

/// Writes these captures, tells those who wait for them, then prunes.
fn save(
    sink: &mut Sink,
    entries: &[FolderEntry],
    done: Vec<Done>,
    seen: &Seen,
    notes: &mut Vec<String>,
) {
    if entries.is_empty() {
        return;
    }
    let outcomes = sink.write(entries, notes);
    let epoch = sink.epoch();
    seen.failed.store(outcomes.last().is_some_and(Result::is_err), Ordering::Relaxed);
    // Before the outcomes: whoever has one finds what there is to tell.
    seen.notes.lock().unwrap_or_else(PoisonError::into_inner).append(notes);
    for (done, outcome) in done.into_iter().zip(outcomes) {
        // Whoever asked may be gone: it is on disk all the same.
        let _ = done.send(outcome.map(|path| Saved { path, epoch }));
    }
    seen.pruned.fetch_add(sink.prune(notes), Ordering::Relaxed);
}
