//! Streamed output files: written piece by piece, and put in place at the end.

use crate::io::error::Error;
use crate::io::output_file::{OutputFile, OutputTarget, TempFile, is_irreplaceable, write_error};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A file that is being written. If this is dropped before [`OutputWriter::finish`], a regular file
/// keeps its previous content.
#[derive(Debug)]
pub struct OutputWriter {
    what: &'static str,
    path: PathBuf,
    file: BufWriter<File>,
    /// The file to publish at the end, and its final path; `None` if it is written in place.
    replaced: Option<(TempFile, PathBuf)>,
}

impl OutputFile {
    /// Starts to write the content. A new file can only be read by its owner.
    pub fn into_private_writer(self) -> Result<OutputWriter, Error> {
        let Self { what, path, target } = self;
        let opened = match target {
            OutputTarget::Regular(target) => replacement(target),
            OutputTarget::Open(file) => Ok((file, None)),
        };
        let (file, replaced) = opened.map_err(|source| write_error(what, &path, source))?;
        Ok(OutputWriter { what, path, file: BufWriter::new(file), replaced })
    }
}

/// Creates the file that replaces the one at a path. If the folder accepts no new file, the old one
/// is written in place.
fn replacement(path: PathBuf) -> io::Result<(File, Option<(TempFile, PathBuf)>)> {
    let existing = fs::metadata(&path).ok();
    match TempFile::create_private(&path, existing.as_ref()).and_then(|it| Ok((it.writer()?, it))) {
        Ok((file, temp)) => Ok((file, Some((temp, path)))),
        Err(error) if existing.is_some() && is_irreplaceable(&error) => {
            in_place(&path).map(|file| (file, None))
        }
        Err(error) => Err(error),
    }
}

fn in_place(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).truncate(true).open(path)
}

impl OutputWriter {
    /// Appends to the content.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = self.file.write_all(bytes);
        written.map_err(|source| write_error(self.what, &self.path, source))
    }

    /// Writes what is buffered, and puts the file in place.
    pub fn finish(mut self) -> Result<(), Error> {
        let flushed = self.file.flush();
        let published = flushed.and_then(|()| match self.replaced {
            Some((temp, path)) => {
                // Without a sync, a power failure may leave an empty file at the path.
                self.file.get_ref().sync_all()?;
                // Windows cannot rename an open file.
                drop(self.file);
                temp.publish(&path)
            }
            None => Ok(()),
        });
        published.map_err(|source| write_error(self.what, &self.path, source))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn writer(path: &Path) -> OutputWriter {
        OutputFile::create("requests", path).unwrap().into_private_writer().unwrap()
    }

    #[test]
    fn a_file_is_replaced_at_the_end_and_is_private_if_it_is_new() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        let mut out = writer(&path);
        out.write(b"one ").unwrap();
        out.write(b"two").unwrap();
        assert!(!path.exists());
        out.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let mut dropped = writer(&path);
        dropped.write(b"three").unwrap();
        drop(dropped);
        assert_eq!(fs::read(&path).unwrap(), b"one two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file is left");
    }
}
