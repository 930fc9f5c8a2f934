//! Files that other programs write to as well, and to which a result is appended.

use crate::io::error::Error;
use std::fs::{File, OpenOptions};
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file that is open for appending.
#[derive(Debug)]
pub struct AppendFile {
    what: &'static str,
    path: PathBuf,
    file: File,
}

impl AppendFile {
    /// Opens the file, and creates it if it does not exist.
    pub fn open(what: &'static str, path: &Path) -> Result<Self, Error> {
        let opened = OpenOptions::new().append(true).create(true).open(path);
        let file = opened.map_err(|source| Error::Write { what, path: path.to_owned(), source })?;
        Ok(Self { what, path: path.to_owned(), file })
    }

    /// Returns the current size in bytes.
    pub fn size(&self) -> Result<u64, Error> {
        self.file.metadata().map(|found| found.len()).map_err(|source| self.error(source))
    }

    /// Appends bytes in one write, so that other writers do not interrupt them.
    pub fn append(mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(|source| self.error(source))
    }

    fn error(&self, source: io::Error) -> Error {
        Error::Write { what: self.what, path: self.path.clone(), source }
    }
}
