//! Capture reader: reads captured requests from files, folders and standard input, in order.

use crate::domain::capture::BodySaved;
use crate::io::error::Error;
use crate::io::input;
use crate::io::lines::{LinePiece, Lines, MAX_LINE};
use crate::io::streams::InputStream;
use crate::protocols::requests;
use crate::protocols::requests::{FoundRequest, RequestError, RequestLocation, SkippedLines};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::{fs, vec};

/// A captured request and its source.
#[derive(Debug)]
pub struct CapturedRequest {
    /// The file and the position in it, such as `caps.jsonl:3`.
    pub source: String,
    /// The request.
    pub found: FoundRequest,
    /// How its body was restored, if the file has only the JSON value of it: "it was serialised
    /// again as … does".
    pub restored_as: Option<String>,
}

/// Reads requests in the order of the inputs, and in a folder in the order of the names.
///
/// Of an input with one request per line, only one chunk of lines is in memory. A request that
/// cannot be read is an error at its position, and the following ones are still read.
pub struct Captures {
    stdin: InputStream,
    inputs: VecDeque<Input>,
    open: Option<OpenInput>,
    /// The number of lines without a request so far.
    pub skipped_lines: usize,
    /// `true` if a capture whose body was not saved is no error.
    allows_missing_bodies: bool,
}

/// An input that was not read yet.
enum Input {
    /// A file, a folder, or `-` for standard input.
    Path(PathBuf),
    /// An input that was opened early, because it can be opened only once.
    Opened(PathBuf, Lines),
}

/// An input that is being read.
struct OpenInput {
    path: PathBuf,
    /// The requests that were read but not returned.
    ready: vec::IntoIter<Result<FoundRequest, RequestError>>,
    /// The unread part of the input; `None` once it has been read whole.
    lines: Option<Lines>,
    /// The lines without a request, as long as there was none with one.
    skipped: Option<SkippedLines>,
}

impl Captures {
    /// Reads these inputs, `-` for standard input.
    pub fn new(stdin: &InputStream, paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            stdin: stdin.clone(),
            inputs: paths.into_iter().map(Input::Path).collect(),
            open: None,
            skipped_lines: 0,
            allows_missing_bodies: false,
        }
    }

    /// Returns captures as they are, even if their bodies were not saved. Otherwise such a capture
    /// is an error: another body would be sent, compared or printed in place of the received one.
    #[must_use]
    pub fn with_missing_bodies(mut self, allows_missing_bodies: bool) -> Self {
        self.allows_missing_bodies = allows_missing_bodies;
        self
    }

    /// Rejects a capture whose body was not saved.
    fn with_body(&self, captured: CapturedRequest, path: &Path) -> Result<CapturedRequest, Error> {
        let saved = captured.found.capture.body_saved;
        if saved == BodySaved::Full || self.allows_missing_bodies {
            return Ok(captured);
        }
        let place = captured.found.location;
        Err(Error::NotARequest {
            path: path.to_owned(),
            source: RequestError::BodyNotSaved { place, saved },
        })
    }

    /// Opens every input before the first one is read, and returns the errors of those that cannot
    /// be opened or contain no request, which are then not read.
    ///
    /// A regular file is read up to its first request. Standard input and pipes are opened and not
    /// read, since their first request may arrive late.
    pub fn check(&mut self) -> Vec<Error> {
        let mut errors = Vec::new();
        for input in std::mem::take(&mut self.inputs) {
            let Input::Path(path) = input else {
                self.inputs.push_back(input);
                continue;
            };
            for path in expand_folders(&[path]) {
                match path.and_then(|path| check_input(&self.stdin, path)) {
                    Ok(input) => self.inputs.push_back(input),
                    Err(error) => errors.push(error),
                }
            }
        }
        errors
    }

    /// Opens the next input, or replaces a folder by its files.
    fn open(&mut self, input: Input) -> Result<(), Error> {
        let (path, lines) = match input {
            Input::Path(path) if path.as_os_str() != "-" && path.is_dir() => {
                let files = capture_files(&path)?;
                if files.is_empty() {
                    return Err(Error::NotARequest { path, source: RequestError::Empty });
                }
                files.into_iter().rev().for_each(|file| self.inputs.push_front(Input::Path(file)));
                return Ok(());
            }
            Input::Path(path) => {
                let lines = Lines::open(&self.stdin, "request", &path)?;
                (path, lines)
            }
            Input::Opened(path, lines) => (path, lines),
        };
        self.open = Some(OpenInput::new(path, lines)?);
        Ok(())
    }
}

/// Opens an input, and reads a regular file up to its first request.
fn check_input(stdin: &InputStream, path: PathBuf) -> Result<Input, Error> {
    let lines = Lines::open(stdin, "request", &path)?;
    if !lines.is_regular_file() {
        return Ok(Input::Opened(path, lines));
    }
    match OpenInput::new(path.clone(), lines)?.next(&mut 0) {
        // A request that cannot be read is reported at its position among the others.
        None
        | Some(Ok(_) | Err(Error::NotARequest { source: RequestError::Invalid { .. }, .. })) => {
            Ok(Input::Path(path))
        }
        Some(Err(error)) => Err(error),
    }
}

impl OpenInput {
    /// Detects the format of an input, and reads it whole unless it has one request per line.
    fn new(path: PathBuf, mut lines: Lines) -> Result<Self, Error> {
        if has_one_request_per_line(&mut lines)? {
            let ready = Vec::new().into_iter();
            let skipped = Some(SkippedLines::default());
            return Ok(Self { path, ready, lines: Some(lines), skipped });
        }
        let bytes = lines.read_to_end(input::MAX_INPUT)?;
        match requests::read(&bytes) {
            Ok(ready) => Ok(Self { path, ready: ready.into_iter(), lines: None, skipped: None }),
            Err(source) => Err(Error::NotARequest { path, source }),
        }
    }

    /// Returns the next request; `None` at the end. Counts the lines without one.
    fn next(&mut self, skipped_lines: &mut usize) -> Option<Result<CapturedRequest, Error>> {
        loop {
            if let Some(parsed) = self.ready.next() {
                let with_source = |found: FoundRequest| CapturedRequest {
                    source: found.source(&self.path),
                    found,
                    restored_as: None,
                };
                let invalid = |source| Error::NotARequest { path: self.path.clone(), source };
                return Some(parsed.map(with_source).map_err(invalid));
            }
            match self.lines.as_mut()?.next() {
                Some(Ok(piece)) => {
                    let LineRequests { requests, skipped } = parse_piece(&piece);
                    self.skipped = self.skipped.filter(|_| requests.is_empty());
                    if let Some(all) = &mut self.skipped {
                        all.extend(skipped);
                    }
                    *skipped_lines += skipped.count;
                    self.ready = requests.into_iter();
                }
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    let source = RequestError::of_skipped_lines(self.skipped.take()?);
                    return Some(Err(Error::NotARequest { path: self.path.clone(), source }));
                }
            }
        }
    }
}

impl Iterator for Captures {
    type Item = Result<CapturedRequest, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(open) = &mut self.open
                && let Some(next) = open.next(&mut self.skipped_lines)
            {
                let path = open.path.clone();
                return Some(next.and_then(|captured| self.with_body(captured, &path)));
            }
            self.open = None;
            let input = self.inputs.pop_front()?;
            if let Err(error) = self.open(input) {
                return Some(Err(error));
            }
        }
    }
}

/// Replaces each folder by its files, in the order of the inputs.
#[must_use]
pub fn expand_folders(paths: &[PathBuf]) -> Vec<Result<PathBuf, Error>> {
    let expand = |path: &PathBuf| {
        if path.as_os_str() == "-" || !path.is_dir() {
            return vec![Ok(path.clone())];
        }
        match capture_files(path) {
            Ok(files) if files.is_empty() => {
                vec![Err(Error::NotARequest { path: path.clone(), source: RequestError::Empty })]
            }
            Ok(files) => files.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        }
    };
    paths.iter().flat_map(expand).collect()
}

/// Returns the files of a folder in the order of their names, which is the order in which `listen`
/// saves.
///
/// Folders and hidden files are skipped: `listen` is still writing the latter.
fn capture_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let error = |source| Error::Read { what: "folder", path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(error)? {
        let entry = entry.map_err(error)?;
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        let path = entry.path();
        // Anything but a regular file, such as a pipe, could block the reader forever.
        if !is_hidden && fs::metadata(&path).is_ok_and(|found| found.is_file()) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Returns `true` if the input has one request per line, and reads only as much as it takes to
/// decide.
pub fn has_one_request_per_line(lines: &mut Lines) -> Result<bool, Error> {
    loop {
        lines.read_ahead()?;
        let (head, at_end) = lines.look_ahead();
        if let Some(decision) =
            requests::detect_request_per_line(head, at_end || head.len() > MAX_LINE)
        {
            return Ok(decision);
        }
    }
}

/// Returns the error for a line over [`MAX_LINE`], which was skipped.
#[must_use]
pub fn too_long(line: usize) -> RequestError {
    let reason = format!("it is longer than {MAX_LINE} bytes");
    RequestError::Invalid { place: RequestLocation::Line(line), reason }
}

/// The requests of some lines.
#[derive(Debug)]
pub struct LineRequests {
    /// The requests, and the lines that begin one and cannot be read.
    pub requests: Vec<Result<FoundRequest, RequestError>>,
    /// The lines without a request.
    pub skipped: SkippedLines,
}

/// Parses the requests of a piece.
#[must_use]
pub fn parse_piece(piece: &LinePiece) -> LineRequests {
    match piece {
        LinePiece::Chunk(chunk) => {
            let mut skipped = SkippedLines::default();
            let read = |(number, line)| {
                let read = requests::read_line(line, number);
                if read.is_none() {
                    skipped.add(line, number);
                }
                read
            };
            let requests = chunk.lines().filter_map(read).collect();
            LineRequests { requests, skipped }
        }
        LinePiece::TooLong { line } => {
            let skipped = SkippedLines::default();
            LineRequests { requests: vec![Err(too_long(*line))], skipped }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &str = r#"{"headers":{},"body":"{}"}"#;

    /// Returns the source of each request in these inputs, or the kind of its error.
    fn sources(paths: &[&Path]) -> Vec<Result<String, &'static str>> {
        let stdin = InputStream::default();
        let captures = Captures::new(&stdin, paths.iter().map(|path| path.to_path_buf()));
        captures
            .map(|read| {
                read.map(|captured| captured.source).map_err(|error| match error {
                    Error::Read { .. } => "cannot read",
                    Error::NotARequest { .. } => "not a request",
                    other => panic!("{other}"),
                })
            })
            .collect()
    }

    #[test]
    fn a_folder_is_read_in_the_order_of_names_without_hidden_files() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.json", "a.json", ".c.json.part"] {
            fs::write(dir.path().join(name), REQUEST).unwrap();
        }
        fs::create_dir(dir.path().join("d")).unwrap();
        let name = |name: &str| Ok(dir.path().join(name).display().to_string());
        assert_eq!(sources(&[dir.path()]), [name("a.json"), name("b.json")]);
        let empty = dir.path().join("d");
        assert_eq!(
            sources(&[&empty, dir.path()]),
            [Err("not a request"), name("a.json"), name("b.json")]
        );
    }

    #[test]
    fn a_capture_without_its_body_is_an_error_unless_it_is_allowed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.jsonl");
        let line = r#"{"kind":"capture","headers":[],"body":"","body_saved":"none"}"#;
        fs::write(&file, format!("{line}\n{REQUEST}\n")).unwrap();
        let source = |number: usize| format!("{}:{number}", file.display());
        assert_eq!(sources(&[&file]), [Err("not a request"), Ok(source(2))]);
        let stdin = InputStream::default();
        let all = Captures::new(&stdin, [file.clone()]).with_missing_bodies(true);
        let all: Vec<_> = all.map(|read| read.unwrap().source).collect();
        assert_eq!(all, [source(1), source(2)]);
        let error = Captures::new(&stdin, [file]).next().unwrap().unwrap_err();
        assert!(error.to_string().contains("line 1 has no body to use"), "{error}");
    }

    #[test]
    fn every_input_is_checked_before_the_first_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::create_dir(path("empty")).unwrap();
        for (name, text) in [
            ("good", format!("{REQUEST}\n{{\"torn\n")),
            ("torn", format!("{{\"headers\":{{\n{REQUEST}\n")),
            ("log", "[info] started\n".to_owned()),
            ("folder/a", REQUEST.to_owned()),
            ("folder/b", "hello".to_owned()),
        ] {
            fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), text).unwrap();
        }
        let inputs = ["good", "missing", "torn", "log", "empty", "folder"].map(path);
        let mut captures = Captures::new(&InputStream::default(), inputs);
        let errors = captures.check();
        let named = |error: &Error| match error {
            Error::Read { path, .. } | Error::NotARequest { path, .. } => path.clone(),
            other => panic!("{other}"),
        };
        let found: Vec<_> = errors.iter().map(named).collect();
        assert_eq!(found, ["missing", "log", "empty", "folder/b"].map(path));
        assert!(captures.check().is_empty(), "they are not read again");
        let rest: Vec<_> = captures.map(|read| read.map(|read| read.source).ok()).collect();
        let source = |name: &str| Some(path(name).display().to_string());
        let expected = [source("good:1"), None, None, source("torn:2"), source("folder/a")];
        assert_eq!(rest, expected);
    }

    #[test]
    fn an_unreadable_request_is_an_error_at_its_position() {
        let dir = tempfile::tempdir().unwrap();
        let (lines, missing) = (dir.path().join("l.jsonl"), dir.path().join("missing"));
        fs::write(&lines, format!("{REQUEST}\n{{\"torn\n{REQUEST}\n")).unwrap();
        let source = |number: usize| Ok(format!("{}:{number}", lines.display()));
        assert_eq!(
            sources(&[&missing, &lines, &lines]),
            [
                Err("cannot read"),
                source(1),
                Err("not a request"),
                source(3),
                source(1),
                Err("not a request"),
                source(3)
            ]
        );
    }
}
