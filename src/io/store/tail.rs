//! Repair of the last line of a JSON Lines file, which a crash may have left incomplete.

use super::entry::EntryOrigin;
use crate::io::lines::MAX_LINE;
use crate::protocols::requests;
use std::fs::File;
use std::io;
use std::io::{Read, Seek, SeekFrom, Write};

/// Repairs a last line without a newline, and returns a note about the repair.
///
/// The beginning of a capture that leadhook wrote is cut off: it was never acknowledged. A complete
/// capture gets its newline. Anything else is an error, because the file may belong to another
/// program. A line that is too short to classify, such as a single `{`, is cut off only after a
/// line that leadhook wrote.
pub(super) fn repair(file: &mut File) -> io::Result<Option<String>> {
    let size = file.metadata()?.len();
    let start = line_start(file, size)?;
    if start == size {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(start))?;
    let mut line = Vec::new();
    (&*file).take(MAX_LINE as u64).read_to_end(&mut line)?;
    if requests::read_line(&line, 1).is_some_and(|read| read.is_ok()) {
        file.write_all(b"\n")?;
        file.sync_data()?;
        return Ok(Some("ended without a newline, which was added".to_owned()));
    }
    let is_ours = match EntryOrigin::of(&line) {
        EntryOrigin::Capture => true,
        EntryOrigin::TooShort => follows_a_capture(file, start)?,
        EntryOrigin::Foreign => false,
    };
    if !is_ours {
        let reason = "its last line has no newline and is not the beginning of a capture that leadhook \
                    wrote: remove the line, add its newline, or name another file";
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    file.set_len(start)?;
    file.sync_data()?;
    Ok(Some(format!("ended in a torn line: {} bytes were cut off", size - start)))
}

/// Returns `true` if the line that ends at `end` with its newline is a capture that leadhook wrote.
fn follows_a_capture(file: &mut File, end: u64) -> io::Result<bool> {
    let Some(last) = end.checked_sub(1) else { return Ok(false) };
    let start = line_start(file, last)?;
    file.seek(SeekFrom::Start(start))?;
    let mut head = Vec::new();
    (&*file).take(EntryOrigin::BYTES as u64).read_to_end(&mut head)?;
    Ok(EntryOrigin::of(&head) == EntryOrigin::Capture)
}

/// Returns the start of the line that ends at `end`, without its newline.
fn line_start(file: &mut File, end: u64) -> io::Result<u64> {
    let mut end = end;
    let mut block = [0; 4096];
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let part = &mut block[..usize::try_from(end - start).unwrap_or(0)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(last) = part.iter().rposition(|&byte| byte == b'\n') {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}
