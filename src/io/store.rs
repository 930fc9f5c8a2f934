//! Captures on disk: each is whole and synced before its request is answered.

use crate::domain::capture::Capture;
use crate::protocols::capture_file;
use crate::protocols::requests;
use jiff::Timestamp;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Where captures go.
#[derive(Debug)]
pub enum Store {
    /// One file a request.
    Folder {
        /// The folder.
        path: PathBuf,
        /// The number of the next file.
        next: AtomicU64,
    },
    /// One line a request.
    Lines {
        /// The file.
        path: PathBuf,
        /// The open file: one writer at a time.
        file: Mutex<File>,
    },
}

impl Store {
    /// Opens `path`: a file where it ends in `.jsonl`, else a folder, which is made if need be.
    ///
    /// The second part of the answer says what was repaired on the way.
    pub fn open(path: &Path) -> io::Result<(Self, Option<String>)> {
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let (file, repaired) = open_lines(path)?;
            return Ok((Self::Lines { path: path.to_owned(), file: Mutex::new(file) }, repaired));
        }
        make_folder(path)?;
        // Fails now, and not at the first request, if nothing can be written there.
        let probe = path.join(format!(".{}.probe", std::process::id()));
        drop(private(&probe)?);
        fs::remove_file(&probe)?;
        Ok((Self::Folder { path: path.to_owned(), next: AtomicU64::new(1) }, None))
    }

    /// Where captures go, as the user named it.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Folder { path, .. } | Self::Lines { path, .. } => path,
        }
    }

    /// Writes one capture and returns when it is on disk. `chance` keeps two listeners apart.
    pub fn save(&self, capture: &Capture, at: Timestamp, chance: u64) -> io::Result<PathBuf> {
        let mut line = capture_file::write(capture);
        line.push('\n');
        match self {
            Self::Folder { path, next } => {
                let number = next.fetch_add(1, Ordering::Relaxed);
                // Nothing of the request is in the name.
                let time = at.strftime("%Y%m%dT%H%M%SZ");
                let name = format!("{time}-{number:06}-{:06x}.json", chance & 0xff_ffff);
                save_file(path, &name, line.as_bytes())
            }
            Self::Lines { path, file } => {
                // A writer that panicked left at worst a torn line, which is cut off again below.
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                let end = file.seek(SeekFrom::End(0))?;
                let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_data());
                if let Err(error) = written {
                    file.set_len(end)?;
                    return Err(error);
                }
                Ok(path.clone())
            }
        }
    }
}

/// Writes aside, syncs, then gives the file its name: a name is only ever that of a whole file.
fn save_file(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let part = folder.join(format!(".{name}.part"));
    let path = folder.join(name);
    let published = private(&part)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_data()
        })
        .and_then(|()| publish(&part, &path));
    // Gone already where it was renamed; what else is left of it is swept with the folder.
    let _ = fs::remove_file(&part);
    published?;
    sync_folder(folder)?;
    Ok(path)
}

/// Gives a file its name. A link, unlike a renaming, never replaces what is there; some file
/// systems have no links.
fn publish(part: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(part, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
            fs::rename(part, path)
        }
        linked => linked,
    }
}

/// A new file that only its owner may read: leads are personal data.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // `create_new` follows no link: what is there already is an error.
    options.write(true).create_new(true);
    owner_only(&mut options);
    options.open(path)
}

fn open_lines(path: &Path) -> io::Result<(File, Option<String>)> {
    if fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_symlink()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a symbolic link"));
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    owner_only(&mut options);
    let mut file = options.open(path)?;
    let repaired = mend_last_line(&mut file)?;
    let repaired = repaired.map(|what| format!("`{}` {what}", path.display()));
    Ok((file, repaired))
}

/// Mends what stands after the last line end, if anything does, and says what was done.
///
/// Only the beginning of a capture of our own is ever cut off: it was never answered. A whole
/// capture gets its line end, and a file that is somebody else's is left alone.
fn mend_last_line(file: &mut File) -> io::Result<Option<String>> {
    let size = file.metadata()?.len();
    let start = last_line(file, size)?;
    if start == size {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(start))?;
    let mut line = Vec::new();
    file.read_to_end(&mut line)?;
    if requests::read_line(&line, 1).is_ok() {
        file.write_all(b"\n")?;
        file.sync_data()?;
        return Ok(Some("ended without a line end, which was added".to_owned()));
    }
    let ours = capture_file::START.as_bytes();
    if !line.starts_with(&ours[..ours.len().min(line.len())]) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its last line is no capture"));
    }
    file.set_len(start)?;
    file.sync_data()?;
    Ok(Some(format!("ended in a torn line: {} bytes were cut off", size - start)))
}

/// Where the line begins that has no end.
fn last_line(file: &mut File, size: u64) -> io::Result<u64> {
    let mut end = size;
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

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn owner_only(_options: &mut OpenOptions) {}

#[cfg(unix)]
fn make_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// A new name is durable when its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;
    use crate::domain::message::Message;

    fn capture(body: &str) -> Capture {
        let message =
            Message::post("/../../etc/passwd", Headers::from_iter([("Id", "../x")]), body);
        Capture { received_at: Some(Timestamp::UNIX_EPOCH), remote: None, message }
    }

    fn save(store: &Store, body: &str) -> PathBuf {
        store.save(&capture(body), Timestamp::UNIX_EPOCH, 7).unwrap()
    }

    #[test]
    fn a_folder_gets_one_private_file_a_request() {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = Store::open(&dir.path().join("a/caps")).unwrap();
        let path = save(&store, "one");
        assert_eq!(path.file_name().unwrap(), "19700101T000000Z-000001-000007.json");
        assert_eq!(
            requests::read(&fs::read(&path).unwrap()).unwrap()[0].as_ref().unwrap().capture,
            capture("one")
        );
        assert_ne!(save(&store, "two"), path);
        assert_eq!(fs::read_dir(store.path()).unwrap().count(), 2, "no `.part` is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_name_that_is_taken_is_never_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let first = save(&Store::open(dir.path()).unwrap().0, "one");
        // A second listener counts from 1 as well; with the same chance it meets the same name.
        let second =
            Store::open(dir.path()).unwrap().0.save(&capture("two"), Timestamp::UNIX_EPOCH, 7);
        assert_eq!(second.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(
            requests::read(&fs::read(first).unwrap()).unwrap()[0].as_ref().unwrap().capture,
            capture("one")
        );
    }

    #[test]
    fn a_torn_last_line_is_cut_off_and_said() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("caps.jsonl");
        let (store, repaired) = Store::open(&path).unwrap();
        assert_eq!(repaired, None);
        save(&store, "one");
        drop(store);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"schem").unwrap();
        let (store, repaired) = Store::open(&path).unwrap();
        assert!(repaired.unwrap().contains("7 bytes"));
        save(&store, "two");
        let found = requests::read(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(
            found
                .iter()
                .flatten()
                .map(|found| found.capture.message.body.as_slice())
                .collect::<Vec<_>>(),
            [b"one", b"two"]
        );
    }

    #[test]
    fn a_whole_last_line_is_kept_and_a_stranger_s_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("caps.jsonl");
        fs::write(&path, capture_file::write(&capture("one"))).unwrap();
        assert!(Store::open(&path).unwrap().1.unwrap().contains("line end"));
        assert_eq!(requests::read(&fs::read(&path).unwrap()).unwrap().len(), 1);
        fs::write(&path, "{\"keep\":\"me\"}").unwrap();
        assert!(Store::open(&path).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"{\"keep\":\"me\"}");
    }
}
