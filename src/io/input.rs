//! A path or `-` to bytes, with a bound.

use crate::error::Error;
use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;

/// More than any capture file this tool takes: 100,000 requests of a kilobyte are a tenth of it.
pub const MAX_INPUT: u64 = 1 << 30;

/// Reads a whole file, or standard input where the path is `-`.
pub fn read(what: &'static str, path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let error = |source| Error::Read { what, path: path.to_owned(), source };
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large from one that just fits.
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
    };
    read.map_err(error)?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { what, path: path.to_owned(), limit });
    }
    Ok(bytes)
}
