//! A request as the reader of one form parses it, and its place in the file.

use crate::domain::capture::Capture;
use crate::domain::message::Message;
use std::fmt;
use std::path::Path;

/// One request read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRequest {
    /// The request.
    pub capture: Capture,
    /// Whether the body stood there as a value, so that its bytes had to be made again.
    pub bytes_were_lost: bool,
    /// Where in the file it stands.
    pub place: RequestPlace,
}

impl FoundRequest {
    /// What the request is called where it was found in the file at `path`.
    #[must_use]
    pub fn source(&self, path: &Path) -> String {
        self.place.in_file(&path.display().to_string())
    }
}

/// Where in a file a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestPlace {
    /// It is the only one.
    Whole,
    /// A line of JSON Lines, counted from 1.
    Line(usize),
    /// One of several, counted from 1; those that were passed over count.
    Entry(usize),
}

impl RequestPlace {
    /// The file and the place in it: `captures.jsonl:3`, `page.har#3`.
    #[must_use]
    pub fn in_file(self, file: &str) -> String {
        match self {
            Self::Whole => file.to_owned(),
            Self::Line(number) => format!("{file}:{number}"),
            Self::Entry(number) => format!("{file}#{number}"),
        }
    }
}

/// How an error begins: `line 3 `, `entry 3 `, or nothing.
impl fmt::Display for RequestPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Line(number) => write!(f, "line {number} "),
            Self::Entry(number) => write!(f, "entry {number} "),
        }
    }
}

/// A request as the reader of one form gives it, or why there is none.
pub(super) type Read = Result<ParsedRequest, String>;

/// The requests of one file; the error is one of the file as a whole.
pub(super) type Reads = Result<Vec<(RequestPlace, Read)>, String>;

/// A request without its place.
#[derive(Debug)]
pub(super) struct ParsedRequest {
    pub(super) capture: Capture,
    pub(super) bytes_were_lost: bool,
}

impl ParsedRequest {
    /// A request of which the file says nothing else.
    pub(super) fn exact(message: Message) -> Self {
        let capture = Capture { received_at: None, remote: None, message };
        Self { capture, bytes_were_lost: false }
    }

    pub(super) fn placed(self, place: RequestPlace) -> FoundRequest {
        let Self { capture, bytes_were_lost } = self;
        FoundRequest { capture, bytes_were_lost, place }
    }
}

/// Gives each request its place: a number where there are several.
pub(super) fn numbered(reads: Vec<Read>) -> Vec<(RequestPlace, Read)> {
    let only = reads.len() == 1;
    let place = |index| if only { RequestPlace::Whole } else { RequestPlace::Entry(index + 1) };
    reads.into_iter().enumerate().map(|(index, read)| (place(index), read)).collect()
}
