//! JSON Lines, judged by several threads and reported in the order of the input.

use crate::commands::verify::batch::Batch;
use crate::commands::verify::batch::Session;
use crate::error::Error;
use crate::io::lines::Lines;
use crate::io::lines::MAX_LINE;
use crate::io::lines::Piece;
use crate::protocols::json;
use crate::protocols::json::Expected;
use crate::protocols::json::Found;
use crate::protocols::json::Json;
use crate::protocols::json::JsonErrorKind;
use crate::protocols::requests::Place;
use crate::protocols::requests::RequestError;
use std::iter;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::thread;

/// The most threads that judge: more than these wait for the one that prints.
const MOST_WORKERS: usize = 4;

/// How many batches for each worker may wait for one that is slow: as many as are judged while the
/// system lets something else have its core for a while.
const AHEAD: usize = 8;

/// A batch that is in the making, or why there is none.
type Promise = Receiver<Result<Batch, Error>>;

/// Whether the input has one request a line, by as much of its beginning as it takes to tell.
///
/// It has where the first line that is not blank is a JSON object and another such line follows; or
/// where the first was torn off, and the second is an object. Anything else is read as a whole:
/// documents side by side, archives, and what begins with a chunk of blank lines.
pub(super) fn is_one_a_line(lines: &mut Lines) -> Result<bool, Error> {
    loop {
        lines.more()?;
        let (head, at_end) = lines.head();
        if let Some(answer) = begins_one_a_line(head, at_end || head.len() > MAX_LINE) {
            return Ok(answer);
        }
    }
}

/// The same for a beginning of it; none where more must be seen, never once that `is_all`.
fn begins_one_a_line(head: &[u8], is_all: bool) -> Option<bool> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let more = || is_all.then_some(false);
    if head.is_empty() {
        return Some(false);
    }
    let Some(end) = head.iter().position(|&byte| byte == b'\n') else { return more() };
    let (first, rest) = head.split_at(end);
    let rest = rest.trim_ascii_start();
    match json::read(first) {
        Ok(value) if !may_be_request(&value) => Some(false),
        Ok(_) if rest.is_empty() => more(),
        Ok(_) => Some(true),
        Err(problem) => match problem.kind {
            // Another document begins on the same line.
            JsonErrorKind::Unexpected {
                expected: Expected::EndOfInput,
                found: Found::Char('{' | '['),
            } => Some(false),
            _ if first.starts_with(b"{") => is_torn_off(first, rest, is_all),
            _ => Some(false),
        },
    }
}

/// Whether a first line that is no document is what was left of one, and not the beginning of a
/// document over several lines; none where more must be seen.
fn is_torn_off(first: &[u8], rest: &[u8], is_all: bool) -> Option<bool> {
    let more = || is_all.then_some(false);
    if !rest.starts_with(b"{") {
        return if rest.is_empty() { more() } else { Some(false) };
    }
    let end = match rest.iter().position(|&byte| byte == b'\n') {
        Some(end) => end,
        None if is_all => rest.len(),
        None => return None,
    };
    let (second, rest) = rest.split_at(end);
    if !json::read(second).is_ok_and(|value| may_be_request(&value)) {
        return Some(false);
    }
    // After `[` or `:` an object may stand on a line of its own, but no second one right after it.
    let open = json::read(&[first, b"\n{"].concat()).map_err(|problem| problem.kind);
    let goes_on = matches!(
        open,
        Err(JsonErrorKind::Unexpected { found: Found::End, .. } | JsonErrorKind::TooMany { .. })
    );
    match rest.trim_ascii_start().first() {
        _ if !goes_on => Some(true),
        Some(third) => Some(*third == b'{'),
        None => more(),
    }
}

/// Whether a line may be this: an archive holds several requests, for which a line has no place.
fn may_be_request(value: &Json) -> bool {
    value.as_object().is_some() && value.pointer("/log/entries").is_none()
}

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
    let batch = piece.and_then(|piece| batch(piece, session));
    sender.send(batch).ok()
}

/// A worker that has panicked has left nothing half done here: it judges without the lock.
fn lock(lines: &Mutex<Lines>) -> MutexGuard<'_, Lines> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

fn batch(piece: Piece, session: &Session<'_>) -> Result<Batch, Error> {
    match piece {
        Piece::Chunk(chunk) => session.chunk(&chunk),
        Piece::TooLong { line } => {
            let reason = format!("it is longer than {MAX_LINE} bytes");
            session.whole(vec![Err(RequestError::Wrong { place: Place::Line(line), reason })])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_a_line_is_told_by_the_first_line_and_a_second() {
        let mark = "\u{feff}";
        for (head, is_all, answer) in [
            ("{}\n{", false, Some(true)),
            (" {}\r\n\n  \n x", false, Some(true)),
            (&format!("{mark}\n{{}}\nx"), false, Some(true)),
            ("{}\n\n", false, None),
            ("{}\n\n", true, Some(false)),
            ("{}", false, None),
            ("{}", true, Some(false)),
            ("{\n}\n{", false, Some(false)),
            ("[]\n{}\n", false, Some(false)),
            ("POST / HTTP/1.1\r\nHost: example.com\r\n", false, Some(false)),
            ("\n \n", false, Some(false)),
            ("", true, Some(false)),
            ("{}{}\n{}\n", false, Some(false)),
            ("{\"log\":{\"entries\":[]}}\n{}\n", false, Some(false)),
        ] {
            assert_eq!(begins_one_a_line(head.as_bytes(), is_all), answer, "{head:?} {is_all}");
        }
    }
    #[test]
    fn a_torn_first_line_is_told_by_the_second_and_an_open_list_by_the_third() {
        for (head, is_all, answer) in [
            ("{\"a\":\"b\n{}\n", false, Some(true)),
            ("\n{\"a\":\"b\r\n\n{}\r\nx", false, Some(true)),
            ("{\"a\":1,\n{}\n", false, Some(true)),
            ("{} x\n{}\n", false, Some(true)),
            ("{\n{}\n", false, Some(true)),
            ("{\"a\":\"b\n{}", false, None),
            ("{\"a\":\"b\n{}", true, Some(true)),
            ("{\"a\":\"b\n{\"c", false, None),
            ("{\"a\":\"b\n{\"c", true, Some(false)),
            ("{\"a\":\"b\n \n", false, None),
            ("{\"a\":\"b\n \n", true, Some(false)),
            ("{\"a\":\"b\n{\"c\n{}\n", false, Some(false)),
            ("{\"a\":\"b\n[]\n", false, Some(false)),
            ("{\"a\":\"b\n{},\n", false, Some(false)),
            ("{\n  \"a\": [\n    {}\n", false, Some(false)),
            ("[\n{}\n", false, Some(false)),
            ("{\"a\":[\n{}\n", false, None),
            ("{\"a\":[\n{}\n", true, Some(false)),
            ("{\"a\":[\n{}\n]}", false, Some(false)),
            ("{\"a\":[\n{}\n,{}]}", false, Some(false)),
            ("{\"a\":\n{}\n}", false, Some(false)),
            ("{\"a\":[\n{}\n{", false, Some(true)),
        ] {
            assert_eq!(begins_one_a_line(head.as_bytes(), is_all), answer, "{head:?} {is_all}");
        }
    }
}
