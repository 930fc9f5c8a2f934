//! Input files: reads a file or standard input (`-`) into memory, up to a size limit.

use crate::io::error::Error;
use crate::io::lines::Lines;
use crate::io::streams::InputStream;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;
use std::{fs, io};

/// The maximum size of an input that is read into memory: an archive, a request, a capture.
///
/// An input with one request per line is read in chunks instead, and can have any size.
pub const MAX_INPUT: u64 = 256 << 20;

/// The maximum size of a body or payload.
pub const MAX_BODY: u64 = 64 << 20;

/// Reads a whole file, or standard input if the path is `-`.
pub fn read(
    stdin: &InputStream,
    what: &'static str,
    path: &Path,
    limit: u64,
) -> Result<Vec<u8>, Error> {
    Lines::open(stdin, what, path)?.read_to_end(limit)
}

/// Reads a whole regular file, even if its name is `-`.
///
/// A pipe, a socket or a device is an error and never blocks. This is for files whose names the
/// user did not give.
pub fn read_regular(what: &'static str, path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    Lines::open_regular(what, path)?.read_to_end(limit)
}

/// Reads a whole file, or standard input if the path is `-`, and fails at the timeout if a pipe or
/// a device does not end.
pub fn read_with_timeout(
    stdin: &InputStream,
    what: &'static str,
    path: &Path,
    limit: u64,
    timeout: Duration,
) -> Result<Vec<u8>, Error> {
    if path.as_os_str() == "-" || fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return read(stdin, what, path, limit);
    }
    let (sender, result) = channel();
    let name = path.to_owned();
    // Not joined: a pipe may never get a writer.
    std::thread::spawn(move || {
        let _ =
            sender.send(Lines::open_file(what, &name).and_then(|lines| lines.read_to_end(limit)));
    });
    result.recv_timeout(timeout).unwrap_or_else(|_| {
        let late = format!("it did not end within {}", humantime::format_duration(timeout));
        let source = io::Error::new(io::ErrorKind::TimedOut, late);
        Err(Error::Read { what, path: path.to_owned(), source })
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;
    use std::process::Command;
    use std::time::Instant;

    fn reason(read: Result<Vec<u8>, Error>) -> String {
        match read {
            Err(Error::Read { source, .. }) => source.to_string(),
            other => panic!("{other:?}"),
        }
    }

    fn pipe_in(folder: &Path) -> std::path::PathBuf {
        let path = folder.join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    #[test]
    fn a_special_file_is_an_error_and_is_not_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let (pipe, socket) = (pipe_in(dir.path()), dir.path().join("socket"));
        let _bound = UnixListener::bind(&socket).unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&pipe, &link).unwrap();
        for (path, expected) in [
            (pipe.as_path(), "it is a pipe, expected a regular file"),
            (&link, "it is a pipe, expected a regular file"),
            (&socket, "it is a socket"),
            (dir.path(), "it is a folder, expected a regular file"),
            (Path::new("/dev/zero"), "it is a device, expected a regular file"),
        ] {
            let found = reason(read_regular("configuration", path, 10));
            assert!(found.starts_with(expected), "{}: {found}", path.display());
        }
        // A pipe with a writer and data is an error as well.
        let mut writer = std::fs::OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
        std::io::Write::write_all(&mut writer, b"x").unwrap();
        assert!(reason(read_regular("configuration", &pipe, 10)).contains("a pipe"));
        assert_eq!(read_regular("configuration", Path::new("/dev/null"), 10).unwrap(), b"");
        let file = dir.path().join("file");
        fs::write(&file, "text").unwrap();
        assert_eq!(read_regular("configuration", &file, 10).unwrap(), b"text");
        assert!(matches!(
            read_regular("configuration", &file, 3),
            Err(Error::TooLarge { limit: 3, .. })
        ));
    }

    #[test]
    fn a_pipe_is_read_to_its_end_up_to_the_timeout() {
        let dir = tempfile::tempdir().unwrap();
        let stdin = InputStream::default();
        let silent_dir = tempfile::tempdir().unwrap();
        let silent = pipe_in(silent_dir.path());
        let (time, began) = (Duration::from_millis(50), Instant::now());
        let late = read_with_timeout(&stdin, "secret", &silent, 10, time);
        assert_eq!(reason(late), "it did not end within 50ms");
        assert!(began.elapsed() >= time);
        // Unblocks the reader that waits for a writer.
        drop(fs::OpenOptions::new().write(true).open(&silent).unwrap());
        let pipe = pipe_in(dir.path());
        let within = |time| read_with_timeout(&stdin, "secret", &pipe, 10, time);
        let write = |bytes: &'static [u8]| {
            let pipe = pipe.clone();
            std::thread::spawn(move || fs::write(pipe, bytes).unwrap())
        };
        let long = Duration::from_secs(60);
        let writer = write(b"s3cret\n");
        assert_eq!(within(long).unwrap(), b"s3cret\n");
        writer.join().unwrap();
        let writer = write(b"longer than that");
        assert!(matches!(within(long), Err(Error::TooLarge { limit: 10, .. })));
        writer.join().unwrap();
    }
}
