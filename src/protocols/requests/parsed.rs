//! A request parsed from one of the supported formats, and its location in the file.

use crate::domain::capture::Capture;
use crate::domain::message::Message;
use std::fmt;
use std::path::Path;

/// One request read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRequest {
    /// The request.
    pub capture: Capture,
    /// `true` if the file contained the body as a parsed value, so that its original bytes were
    /// lost.
    pub bytes_were_lost: bool,
    /// The location in the file.
    pub location: RequestLocation,
}

impl FoundRequest {
    /// Returns the `path` of the file and the location of the request in it, for messages.
    #[must_use]
    pub fn source(&self, path: &Path) -> String {
        self.location.in_file(&path.display().to_string())
    }
}

/// The location of a request in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestLocation {
    /// The only request of the file.
    Whole,
    /// A line of JSON Lines, counted from 1.
    Line(usize),
    /// One of several requests, counted from 1, including skipped ones.
    Entry(usize),
}

impl RequestLocation {
    /// Returns the file and the location in it: `captures.jsonl:3`, `page.har#3`.
    #[must_use]
    pub fn in_file(self, file: &str) -> String {
        match self {
            Self::Whole => file.to_owned(),
            Self::Line(number) => format!("{file}:{number}"),
            Self::Entry(number) => format!("{file}#{number}"),
        }
    }
}

/// Formats the prefix of an error: `line 3 `, `entry 3 `, or nothing.
impl fmt::Display for RequestLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Line(number) => write!(f, "line {number} "),
            Self::Entry(number) => write!(f, "entry {number} "),
        }
    }
}

/// A request from the parser of one format, or the reason why it is invalid.
pub(super) type ReadRequest = Result<ParsedRequest, String>;

/// The requests of one file, or an error of the file as a whole.
pub(super) type ReadResults = Result<Vec<(RequestLocation, ReadRequest)>, String>;

/// A request without its location.
#[derive(Debug)]
pub(super) struct ParsedRequest {
    pub(super) capture: Capture,
    pub(super) bytes_were_lost: bool,
}

impl ParsedRequest {
    /// Returns a request with exact bytes, without time and sender.
    pub(super) fn from_message(message: Message) -> Self {
        let capture = Capture { received_at: None, remote: None, message };
        Self { capture, bytes_were_lost: false }
    }

    /// Adds the location in the file.
    pub(super) fn with_location(self, place: RequestLocation) -> FoundRequest {
        let Self { capture, bytes_were_lost } = self;
        FoundRequest { capture, bytes_were_lost, location: place }
    }
}

/// Adds the locations: numbers from 1, or `Whole` for a single request.
pub(super) fn with_locations(reads: Vec<ReadRequest>) -> Vec<(RequestLocation, ReadRequest)> {
    let is_only = reads.len() == 1;
    let place =
        |index| if is_only { RequestLocation::Whole } else { RequestLocation::Entry(index + 1) };
    reads.into_iter().enumerate().map(|(index, read)| (place(index), read)).collect()
}
