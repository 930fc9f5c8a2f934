//! Captures on disk: each is whole and synced before its request is answered.
//!
//! One thread writes. What waits while it syncs is written together with the next sync, so that
//! many senders at once cost hardly more than one.

mod entry;
mod folder;
mod lines;
#[cfg(test)]
mod tests;

pub use entry::Keep;

use crate::domain::capture::Capture;
use crate::io::error::Error;
use crate::protocols::capture_file;
use entry::Entry;
use folder::Folder;
use jiff::Timestamp;
use lines::Lines;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// How many captures are written with one sync at most.
const MOST_AT_ONCE: usize = 1024;

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
    /// What was mended on the way, to be said.
    pub notes: Vec<String>,
}

/// What others may know of the writing.
#[derive(Debug, Default)]
struct Seen {
    failed: AtomicBool,
    pruned: AtomicU64,
}

#[derive(Debug)]
struct Job {
    entry: Entry,
    done: oneshot::Sender<io::Result<PathBuf>>,
}

/// The two kinds of store.
#[derive(Debug)]
enum Sink {
    /// One file a request.
    Folder(Folder),
    /// One line a request.
    Lines(Lines),
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
        let sink = if path.extension().is_some_and(|extension| extension == "jsonl") {
            Sink::Lines(Lines::open(path, keep, &mut notes)?)
        } else {
            Sink::Folder(Folder::open(path, keep, chance, &mut notes)?)
        };
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

    /// Whether the last capture could be written.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        !self.seen.failed.load(Ordering::Relaxed)
    }

    /// How many captures had to go for newer ones.
    #[must_use]
    pub fn pruned(&self) -> u64 {
        self.seen.pruned.load(Ordering::Relaxed)
    }

    /// Writes one capture and says where, once it is on disk. It is written also where nobody waits
    /// for that any more.
    pub async fn save(&self, capture: &Capture) -> io::Result<PathBuf> {
        let gone = || io::Error::other("the store is closed");
        let mut line = capture_file::write(capture).into_bytes();
        line.push(b'\n');
        let digest = Sha256::new().chain_update(self.chance.to_le_bytes()).chain_update(&line);
        let digest = digest.finalize();
        let hash = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
        let at = capture.received_at.unwrap_or(Timestamp::UNIX_EPOCH);
        let (done, written) = oneshot::channel();
        let job = Job { entry: Entry { line, at, hash }, done };
        let waiting = self.waiting.as_ref().ok_or_else(gone)?;
        waiting.send(job).map_err(|_| gone())?;
        written.await.map_err(|_| gone())?
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
    while let Ok(first) = jobs.recv() {
        let more = std::iter::from_fn(|| jobs.try_recv().ok());
        let (entries, done): (Vec<_>, Vec<_>) = std::iter::once(first)
            .chain(more)
            .take(MOST_AT_ONCE)
            .map(|job| (job.entry, job.done))
            .unzip();
        let outcomes = match &mut sink {
            Sink::Folder(folder) => folder.write(&entries),
            Sink::Lines(lines) => lines.write(&entries),
        };
        seen.failed.store(outcomes.last().is_some_and(Result::is_err), Ordering::Relaxed);
        for (done, outcome) in done.into_iter().zip(outcomes) {
            // Whoever asked may be gone: it is on disk all the same.
            let _ = done.send(outcome);
        }
        let pruned = match &mut sink {
            Sink::Folder(folder) => folder.prune(),
            Sink::Lines(lines) => lines.prune(),
        };
        seen.pruned.fetch_add(pruned, Ordering::Relaxed);
    }
}
