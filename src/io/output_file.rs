//! A file that the user asked for.

use crate::io::error::Error;
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file that can be written, whatever comes first.
#[derive(Debug)]
pub struct OutputFile {
    what: &'static str,
    path: PathBuf,
    file: File,
}

impl OutputFile {
    /// Makes the file; what was there before is gone.
    pub fn create(what: &'static str, path: &Path) -> Result<Self, Error> {
        if path.as_os_str() == "-" {
            let taken = io::Error::other("standard output has the answer: name a file");
            return Err(failed(what, path, taken));
        }
        let file = File::create(path).map_err(|source| failed(what, path, source))?;
        Ok(Self { what, path: path.to_owned(), file })
    }

    /// Writes all of it.
    pub fn write(mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(|source| failed(self.what, &self.path, source))
    }
}

/// Writes a whole file; what was there before is gone.
pub fn write(what: &'static str, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    OutputFile::create(what, path)?.write(bytes)
}

fn failed(what: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Write { what, path: path.to_owned(), source }
}
