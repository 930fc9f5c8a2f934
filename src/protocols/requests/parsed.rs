//! A request parsed from one of the supported formats, and its location in the file.

use crate::domain::capture::Capture;
use crate::domain::message::Message;
use crate::protocols::requests::log_time;
use crate::protocols::requests::log_time::LogTime;
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
    /// Other strings in the document with the value of the body, if its original bytes were lost:
    /// one of them may be these bytes.
    pub alternatives: Vec<Vec<u8>>,
    /// The time of the log line, if the time of the request is not known and the line has one
    /// without a zone.
    pub local_time: Option<String>,
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestLocation {
    /// The only request of the file.
    Whole,
    /// A line of JSON Lines, counted from 1.
    Line(usize),
    /// One of several requests, counted from 1, including skipped ones.
    Entry(usize),
    /// A value inside a JSON document.
    Inside {
        /// The location of the document.
        document: Box<RequestLocation>,
        /// The JSON Pointer of the value. A string that holds JSON is passed like that value.
        pointer: String,
    },
}

impl RequestLocation {
    /// Returns the location of the value at `pointer` in the document at this location; the
    /// document itself has an empty pointer.
    #[must_use]
    pub fn inside(self, pointer: String) -> Self {
        if pointer.is_empty() { self } else { Self::Inside { document: Box::new(self), pointer } }
    }

    /// Replaces the location of the document, and keeps the pointer.
    pub(super) fn in_document(self, document: Self) -> Self {
        match self {
            Self::Inside { pointer, .. } => document.inside(pointer),
            Self::Whole | Self::Line(_) | Self::Entry(_) => document,
        }
    }

    /// Returns the number of the entry, if it is one of several.
    pub(super) fn entry(&self) -> Option<usize> {
        match self {
            Self::Entry(number) => Some(*number),
            Self::Inside { document, .. } => document.entry(),
            Self::Whole | Self::Line(_) => None,
        }
    }

    /// Returns the file and the location in it: `captures.jsonl:3`, `page.har#3`,
    /// `request.json /data/request`.
    #[must_use]
    pub fn in_file(&self, file: &str) -> String {
        match self {
            Self::Whole => file.to_owned(),
            Self::Line(number) => format!("{file}:{number}"),
            Self::Entry(number) => format!("{file}#{number}"),
            Self::Inside { document, pointer } => {
                format!("{} {pointer}", document.in_file(file))
            }
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
            Self::Inside { document, pointer } => write!(f, "{document}at `{pointer}` "),
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
    /// As in [`FoundRequest`].
    pub(super) alternatives: Vec<Vec<u8>>,
    /// As in [`FoundRequest`].
    pub(super) local_time: Option<String>,
    /// The JSON Pointer in the document; empty if the document is the request.
    pub(super) pointer: String,
}

impl ParsedRequest {
    /// Returns a request with exact bytes.
    pub(super) fn new(capture: Capture) -> Self {
        Self {
            capture,
            bytes_were_lost: false,
            alternatives: Vec::new(),
            local_time: None,
            pointer: String::new(),
        }
    }

    /// Returns a request with exact bytes, without time and sender.
    pub(super) fn from_message(message: Message) -> Self {
        Self::new(Capture::new(None, None, message))
    }

    /// Adds the time in the prefix of the log line, if the request itself has none.
    pub(super) fn with_prefix(mut self, prefix: &[u8]) -> Self {
        if self.capture.received_at.is_none() {
            match log_time::find(prefix) {
                Some(LogTime::Zoned(time)) => self.capture.received_at = Some(time),
                Some(LogTime::Local(text)) => self.local_time = Some(text),
                None => {}
            }
        }
        self
    }

    /// Adds the location in the file.
    pub(super) fn with_location(self, place: RequestLocation) -> FoundRequest {
        let Self { capture, bytes_were_lost, alternatives, local_time, pointer } = self;
        let location = place.inside(pointer);
        FoundRequest { capture, bytes_were_lost, alternatives, local_time, location }
    }
}

/// The methods that usually have no body, so that it may be missing.
pub(crate) const BODILESS_METHODS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// Returns `true` for a request without a body whose method usually has none.
pub(super) fn is_bodiless(read: &ReadRequest) -> bool {
    read.as_ref().is_ok_and(|parsed| has_no_payload(&parsed.capture.message))
}

/// Returns `true` for a message without a body whose method usually has none, such as a health
/// check among webhooks.
#[must_use]
pub fn has_no_payload(message: &Message) -> bool {
    message.body.is_empty() && BODILESS_METHODS.contains(&message.method.as_str())
}

/// Returns `true` for a request with a body, or one that is invalid and may have had one.
pub(super) fn has_body(read: &ReadRequest) -> bool {
    read.as_ref().map_or(true, |parsed| !parsed.capture.message.body.is_empty())
}

/// Removes the requests without a body if any other has one: pages and images beside the webhooks.
/// The numbers of the others remain.
pub(super) fn without_bodiless(
    mut reads: Vec<(RequestLocation, ReadRequest)>,
) -> Vec<(RequestLocation, ReadRequest)> {
    if reads.iter().any(|(_, read)| has_body(read)) {
        reads.retain(|(_, read)| !is_bodiless(read));
    }
    reads
}

/// Returns `true` if a request is invalid, or if its body is shorter than its `Content-Length`.
pub(super) fn is_cut_off(read: &ReadRequest) -> bool {
    let Ok(parsed) = read else { return true };
    let message = &parsed.capture.message;
    let length = message.headers.get_str("Content-Length");
    let length = length.and_then(|length| length.trim().parse::<usize>().ok());
    length.is_some_and(|length| length > message.body.len())
}

/// Adds the locations: numbers from 1, or `Whole` for a single request.
pub(super) fn with_locations(reads: Vec<ReadRequest>) -> Vec<(RequestLocation, ReadRequest)> {
    let is_only = reads.len() == 1;
    let place =
        |index| if is_only { RequestLocation::Whole } else { RequestLocation::Entry(index + 1) };
    reads.into_iter().enumerate().map(|(index, read)| (place(index), read)).collect()
}
