//! Folder of failed requests: writes private files, and replaces those of an earlier run.

use crate::io::error::Error;
use crate::io::private_file;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A folder that is created with the first file in it.
#[derive(Debug)]
pub struct FailureFolder {
    path: PathBuf,
}

impl FailureFolder {
    /// Checks the path without creating anything, so that an unsuitable one fails early.
    pub fn new(path: &Path) -> Result<Self, Error> {
        let folder = Self { path: path.to_owned() };
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => Ok(folder),
            Ok(_) => Err(folder.error(io::Error::new(
                io::ErrorKind::NotADirectory,
                "expected a folder, or a path at which nothing exists",
            ))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(folder),
            Err(error) => Err(folder.error(error)),
        }
    }

    /// Returns the path of the folder as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file into the folder, or into one of its subfolders, and returns its path.
    pub fn write(
        &self,
        subfolder: Option<&str>,
        name: &str,
        bytes: &[u8],
    ) -> Result<PathBuf, Error> {
        let folder = match subfolder {
            Some(subfolder) => self.path.join(subfolder),
            None => self.path.clone(),
        };
        let path = folder.join(name);
        let write = || {
            self.create(&folder)?;
            // A new file is renamed over an old one: the permissions and the target of a link at
            // that path have no effect, and no reader sees a partial file.
            let part = folder.join(format!(".{name}.part"));
            let _ = fs::remove_file(&part);
            private_file::create_new(&part)?.write_all(bytes)?;
            fs::rename(&part, &path)
        };
        write().map_err(|source| Error::Write {
            what: "failed request",
            path: path.clone(),
            source,
        })?;
        Ok(path)
    }

    /// Creates the folder and a subfolder for their owner only.
    fn create(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        let is_new = !self.path.is_dir();
        private_file::folder_builder().recursive(true).create(folder)?;
        if is_new {
            // The requests contain generated leads only, but belong into no repository.
            private_file::create_new(&self.path.join(".gitignore"))?.write_all(b"*\n")?;
        }
        Ok(())
    }

    fn error(&self, source: io::Error) -> Error {
        Error::Write { what: "folder", path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_an_earlier_run_are_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b");
        for content in ["one", "two"] {
            let folder = FailureFolder::new(&path).unwrap();
            folder.write(None, "x.json", content.as_bytes()).unwrap();
            let body = folder.write(Some("bodies"), "x.body", content.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(body).unwrap(), content);
        }
        let mut names: Vec<_> =
            fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".gitignore", "bodies", "x.json"]);
    }

    #[test]
    fn nothing_is_created_before_the_first_file() {
        let dir = tempfile::tempdir().unwrap();
        FailureFolder::new(&dir.path().join("new")).unwrap();
        assert!(!dir.path().join("new").exists());
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(FailureFolder::new(&file).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_files_and_links_are_not_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let (path, victim) = (dir.path().join("out"), dir.path().join("victim"));
        fs::write(&victim, "kept").unwrap();
        let folder = FailureFolder::new(&path).unwrap();
        folder.write(None, "a", b"").unwrap();
        symlink(&victim, path.join("x")).unwrap();
        let written = folder.write(None, "x", b"new").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "kept");
        let mode = |path: &Path| fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&written)), (0o700, 0o600));
        let link = dir.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(FailureFolder::new(&link).is_err());
    }
}
