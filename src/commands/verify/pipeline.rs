//! JSON Lines, judged by several threads and reported in the order of the input.

use crate::commands::verify::batch::{Batch, Session};
use crate::error::Error;
use crate::io::captures;
use crate::io::lines::{LinePiece, Lines};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::{iter, thread};

/// The most threads that judge: more than these wait for the one that prints.
const MOST_WORKERS: usize = 4;

/// How many batches for each worker may wait for one that is slow: as many as are judged while the
/// system lets something else have its core for a while.
const AHEAD: usize = 8;

/// A batch that is in the making, or why there is none.
type Promise = Receiver<Result<Batch, Error>>;

/// Judges every line, and hands on what became of them, in the order of the input.
///
/// Stops at the first error of reading the input, or of `hand_on`.
pub(super) fn judge(
    lines: Lines,
    session: &Session<'_>,
    mut hand_on: impl FnMut(Batch) -> Result<(), Error>,
) -> Result<(), Error> {
    let (_, is_all_there) = lines.head();
    let workers = if is_all_there { 1 } else { workers() };
    let lines = Mutex::new(lines);
    let alone = || iter::from_fn(|| lock(&lines).next()).map(|piece| batch(piece?, session));
    if workers == 1 {
        return alone().try_for_each(|batch| hand_on(batch?));
    }
    let (order, promises) = mpsc::sync_channel(workers * AHEAD);
    thread::scope(|scope| {
        let start = |_: &usize| {
            let (order, lines) = (order.clone(), &lines);
            let work = move || while work(lines, &order, session).is_some() {};
            thread::Builder::new().spawn_scoped(scope, work).is_ok()
        };
        let started = (0..workers).filter(start).count();
        drop(order);
        if started == 0 {
            // The system has no thread to spare: it takes longer, and is as right.
            return alone().try_for_each(|batch| hand_on(batch?));
        }
        promises.into_iter().try_for_each(|promise: Promise| match promise.recv() {
            Ok(batch) => hand_on(batch?),
            // Its worker has panicked, which the end of the scope passes on.
            Err(_) => Ok(()),
        })
    })
}

fn workers() -> usize {
    thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST_WORKERS))
}

/// Judges one piece of the input; none where there is no more to do.
fn work(lines: &Mutex<Lines>, order: &SyncSender<Promise>, session: &Session<'_>) -> Option<()> {
    let (sender, promise) = mpsc::sync_channel(1);
    let piece = {
        let mut lines = lock(lines);
        let piece = lines.next()?;
        // Before another worker can read on: the order of the promises is that of the input.
        order.send(promise).ok()?;
        piece
    };
    let batch = piece.map_err(Error::from).and_then(|piece| batch(piece, session));
    sender.send(batch).ok()
}

/// A worker that has panicked has left nothing half done here: it judges without the lock.
fn lock(lines: &Mutex<Lines>) -> MutexGuard<'_, Lines> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

fn batch(piece: LinePiece, session: &Session<'_>) -> Result<Batch, Error> {
    match piece {
        LinePiece::Chunk(chunk) => session.chunk(&chunk),
        LinePiece::TooLong { line } => session.whole(vec![Err(captures::too_long(line))]),
    }
}
