//! A path or `-` to bytes, with a bound.

use crate::io::error::Error;
use crate::io::lines::Lines;
use crate::io::streams::InputStream;
use std::path::Path;

/// More than any capture file this tool takes: 100,000 requests of a kilobyte are a tenth of it.
pub const MAX_INPUT: u64 = 1 << 30;

/// Reads a whole file, or standard input where the path is `-`.
pub fn read(
    stdin: &InputStream,
    what: &'static str,
    path: &Path,
    limit: u64,
) -> Result<Vec<u8>, Error> {
    Lines::open(stdin, what, path)?.whole(limit)
}

/// Reads a whole file, whatever its name is.
pub fn read_file(what: &'static str, path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    Lines::open_file(what, path)?.whole(limit)
}
