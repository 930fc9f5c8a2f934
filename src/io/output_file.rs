//! A file that the user asked for.

use crate::error::Error;
use std::fs;
use std::path::Path;

/// Writes the whole file; what was there before is gone.
pub fn write(what: &'static str, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(|source| Error::Write { what, path: path.to_owned(), source })
}
