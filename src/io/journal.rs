//! Journal file: locked by one run, and synced after each entry.

use crate::io::error::Error;
use crate::io::input;
use crate::io::private_file::{open_to_append, sync_folder};
use crate::protocols::journal_file;
use crate::protocols::journal_file::{Header, Journal, JournalEntry, ReadJournal};
use std::fs::{File, TryLockError};
use std::io;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

/// The maximum size of a journal, about two million lines.
const MAX_JOURNAL: u64 = input::MAX_INPUT;

/// The beginning of every line of a journal.
const LINE_START: &[u8] = b"{\"";

/// A journal that is open for writing.
#[derive(Debug)]
pub struct JournalFile {
    path: PathBuf,
    file: File,
}

/// An opened journal with its existing content.
#[derive(Debug)]
pub struct OpenedJournal {
    /// The file.
    pub file: JournalFile,
    /// The existing entries; `None` if the journal is new.
    pub journal: Option<Journal>,
    /// The number of bytes of a torn last line that were cut off.
    pub torn: usize,
}

impl JournalFile {
    /// Opens or creates the journal, and cuts off a last line that a crash left incomplete.
    pub fn open(path: &Path) -> Result<OpenedJournal, Error> {
        let write_error = |source| Error::Write { what: "journal", path: path.to_owned(), source };
        if path.as_os_str() == "-" {
            return Err(write_error(io::Error::other(
                "a journal is read again later: name a file",
            )));
        }
        let file = open_to_append(path).map_err(write_error)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(write_error(io::Error::other("another run is writing to it")));
            }
            // Some file systems have no locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let read_error = |source| Error::Read { what: "journal", path: path.to_owned(), source };
        if file.metadata().map_err(read_error)?.len() > MAX_JOURNAL {
            let (what, limit) = ("journal", MAX_JOURNAL);
            return Err(Error::TooLarge { what, path: path.to_owned(), limit });
        }
        let mut bytes = Vec::new();
        (&file).take(MAX_JOURNAL).read_to_end(&mut bytes).map_err(read_error)?;
        let ReadJournal { journal, complete_len: whole } = journal_file::read(&bytes)
            .map_err(|source| Error::Journal { path: path.to_owned(), source })?;
        let torn = bytes.len() - whole;
        let tail = &bytes[whole..];
        if !tail.starts_with(LINE_START) && !LINE_START.starts_with(tail) {
            let foreign =
                "its last line has no newline and is not an entry: another program wrote it";
            return Err(write_error(io::Error::new(io::ErrorKind::InvalidData, foreign)));
        }
        if torn > 0 {
            file.set_len(whole as u64).and_then(|()| file.sync_data()).map_err(write_error)?;
        }
        Ok(OpenedJournal { file: Self { path: path.to_owned(), file }, journal, torn })
    }

    /// Returns the path of the journal.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the header of a new journal.
    pub fn write_header(&mut self, header: &Header) -> Result<(), Error> {
        self.append(journal_file::header_line(header))?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // The name of the file must be on disk as well; some systems cannot sync a folder.
        let _ = sync_folder(folder.unwrap_or(Path::new(".")));
        Ok(())
    }

    /// Appends an entry and syncs it.
    pub fn append_entry(&mut self, entry: &JournalEntry) -> Result<(), Error> {
        self.append(journal_file::entry_line(entry))
    }

    fn append(&mut self, line: serde_json::Result<String>) -> Result<(), Error> {
        let written = line.map_err(io::Error::from).and_then(|line| {
            self.file.write_all(line.as_bytes())?;
            self.file.sync_data()
        });
        written.map_err(|source| Error::Write { what: "journal", path: self.path.clone(), source })
    }
}
