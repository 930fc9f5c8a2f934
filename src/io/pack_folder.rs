//! Pack folder: reads the files of a provider pack from disk.

use crate::io::error::Error;
use crate::io::input;
use std::path::Path;
use std::{fs, io};

/// The maximum number of files of a pack; the largest built-in one has 41.
const MAX_FILES: usize = 1_000;

/// The maximum size of a file of a pack.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// Returns the names and contents of all pack files in the folder, in the order of the names.
///
/// Subfolders, hidden files and files with other names are skipped: a pack can be in a repository
/// with its own README. A pipe or a device with the name of such a file is an error.
pub fn read(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let folder_error = |source| Error::Read { what: "pack", path: folder.to_owned(), source };
    let invalid = |reason: &str| folder_error(io::Error::new(io::ErrorKind::InvalidData, reason));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(folder_error)? {
        let name = entry.map_err(folder_error)?.file_name();
        let Ok(name) = name.into_string() else { continue };
        let extension = Path::new(&name).extension();
        let is_wanted =
            extension.is_some_and(|extension| extension == "json") || name == "provider.toml";
        if is_wanted && !name.starts_with('.') {
            names.push(name);
        }
        if names.len() > MAX_FILES {
            return Err(invalid("it contains more than 1,000 files"));
        }
    }
    names.sort();
    let mut files = Vec::new();
    for name in names {
        let path = folder.join(&name);
        let file_error =
            |source| Error::Read { what: "file of a pack", path: path.clone(), source };
        if fs::metadata(&path).map_err(file_error)?.is_dir() {
            continue;
        }
        let bytes = input::read_regular("file of a pack", &path, MAX_FILE)?;
        let text = String::from_utf8(bytes).map_err(|_| Error::Read {
            what: "file of a pack",
            path: path.clone(),
            source: io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"),
        })?;
        files.push((name, text));
    }
    Ok(files)
}
