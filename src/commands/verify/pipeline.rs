//! The verification pipeline for JSON Lines: several workers, one printer, results in input order.
//!
//! A worker takes the next chunk and, under the same lock, puts a one-shot channel for its result
//! into the queue `order`. So the queue has the order of the input, although the chunks finish in
//! any order; the printing thread waits for the channels one after the other. The queue is bounded:
//! a slow chunk stops the workers from reading ahead without limit, so that memory does not depend
//! on the size of the input.

use crate::commands::verify::batch::{Batch, Session};
use crate::error::Error;
use crate::io::captures;
use crate::io::lines::{LinePiece, Lines};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::{iter, thread};

/// The maximum number of workers: more of them would only wait for the printing thread.
const MAX_WORKERS: usize = 4;

/// The number of batches per worker that may wait for a slow one.
///
/// Enough to bridge the time in which the system gives the core of a worker to another process.
const QUEUED_PER_WORKER: usize = 8;

/// The receiver of a batch that a worker is still verifying, or of its error.
type Promise = Receiver<Result<Batch, Error>>;

/// Verifies every line, and passes the results to `consume` in the order of the input.
///
/// Stops at the first error of reading the input, or of `consume`.
pub(super) fn verify_lines(
    lines: Lines,
    session: &Session<'_>,
    mut consume: impl FnMut(Batch) -> Result<(), Error>,
) -> Result<(), Error> {
    let (_, is_short_input) = lines.look_ahead();
    let workers = if is_short_input { 1 } else { worker_count() };
    let lines = Mutex::new(lines);
    let sequentially =
        || iter::from_fn(|| lock(&lines).next()).map(|piece| verify_piece(piece?, session));
    if workers == 1 {
        return sequentially().try_for_each(|batch| consume(batch?));
    }
    let (order, promises) = mpsc::sync_channel(workers * QUEUED_PER_WORKER);
    thread::scope(|scope| {
        let start = |_: &usize| {
            let (order, lines) = (order.clone(), &lines);
            let work = move || while verify_next(lines, &order, session).is_some() {};
            thread::Builder::new().spawn_scoped(scope, work).is_ok()
        };
        let started = (0..workers).filter(start).count();
        drop(order);
        if started == 0 {
            // No thread could be started: verify on this one.
            return sequentially().try_for_each(|batch| consume(batch?));
        }
        promises.into_iter().try_for_each(|promise: Promise| match promise.recv() {
            Ok(batch) => consume(batch?),
            // The worker has panicked; leaving the scope propagates the panic.
            Err(_) => Ok(()),
        })
    })
}

/// Returns the number of workers: one per core, up to [`MAX_WORKERS`].
fn worker_count() -> usize {
    thread::available_parallelism().map_or(1, |cores| cores.get().min(MAX_WORKERS))
}

/// Verifies one piece of the input. Returns `None` if there is nothing left to do.
fn verify_next(
    lines: &Mutex<Lines>,
    order: &SyncSender<Promise>,
    session: &Session<'_>,
) -> Option<()> {
    let (sender, promise) = mpsc::sync_channel(1);
    let piece = {
        let mut lines = lock(lines);
        let piece = lines.next()?;
        // Still under the lock, before another worker can read on: the promises must be queued in
        // the order of the input.
        order.send(promise).ok()?;
        piece
    };
    let batch = piece.map_err(Error::from).and_then(|piece| verify_piece(piece, session));
    sender.send(batch).ok()
}

/// Locks the input, even if a worker has panicked: workers verify without the lock, so the input is
/// consistent.
fn lock(lines: &Mutex<Lines>) -> MutexGuard<'_, Lines> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Verifies the requests of one piece of the input.
fn verify_piece(piece: LinePiece, session: &Session<'_>) -> Result<Batch, Error> {
    match piece {
        LinePiece::Chunk(chunk) => session.verify_chunk(&chunk),
        LinePiece::TooLong { line } => session.verify_all(vec![Err(captures::too_long(line))]),
    }
}
