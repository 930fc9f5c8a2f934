//! Captured requests in every form that people paste: told apart by content, read byte for byte.
//!
//! A form is one file here and one row of `FORMS`.

pub mod address;
mod command;
mod encoding;
pub mod har;
mod json_lines;
pub(crate) mod logged;
mod message;

pub use json_lines::begins_one_a_line;

use crate::domain::capture::Capture;
use crate::domain::message::Message;
use crate::protocols::capture_line;
use std::fmt;
use std::path::Path;
use thiserror::Error;

/// One request read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The request.
    pub capture: Capture,
    /// Whether the body stood there as a value, so that its bytes had to be made again.
    pub bytes_were_lost: bool,
    /// Where in the file it stands.
    pub place: Place,
}

impl Found {
    /// What the request is called where it was found in the file at `path`.
    #[must_use]
    pub fn source(&self, path: &Path) -> String {
        self.place.in_file(&path.display().to_string())
    }
}

/// Where in a file a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// It is the only one.
    Whole,
    /// A line of JSON Lines, counted from 1.
    Line(usize),
    /// One of several, counted from 1; those that were passed over count.
    Entry(usize),
}

impl Place {
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
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Line(number) => write!(f, "line {number} "),
            Self::Entry(number) => write!(f, "entry {number} "),
        }
    }
}

/// What holds no request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// It is empty.
    #[error("is empty, expected a captured request")]
    Empty,
    /// It has none of the forms.
    #[error("is not a captured request: expected {}", FORMS.map(|form| form.name).join(", or "))]
    Unknown,
    /// It has a form, and something is wrong in it.
    #[error("{place}is not a captured request: {reason}")]
    Wrong {
        /// Where.
        place: Place,
        /// What, and what was expected.
        reason: String,
    },
}

/// A request as the reader of one form gives it, or why there is none.
type Read = Result<Draft, String>;

/// The requests of one file; the error is one of the file as a whole.
type Reads = Result<Vec<(Place, Read)>, String>;

/// A request without its place.
#[derive(Debug)]
struct Draft {
    capture: Capture,
    bytes_were_lost: bool,
}

impl Draft {
    /// A request of which the file says nothing else.
    fn exact(message: Message) -> Self {
        let capture = Capture { received_at: None, remote: None, message };
        Self { capture, bytes_were_lost: false }
    }

    fn placed(self, place: Place) -> Found {
        let Self { capture, bytes_were_lost } = self;
        Found { capture, bytes_were_lost, place }
    }
}

/// A form of captured requests.
struct Form {
    /// How an error calls it.
    name: &'static str,
    /// Whether a text that begins with neither a mark nor white space has it.
    is_it: fn(&[u8]) -> bool,
    /// Reads every request of such a text.
    read: fn(&[u8]) -> Reads,
}

/// Every form, told apart by how a text begins.
const FORMS: [Form; 3] = [
    Form {
        name: "JSON (captures, HAR, or logged `headers` and `body`; one document, or one a line)",
        is_it: json_lines::is_json,
        read: json_lines::read,
    },
    Form { name: "HTTP/1.1 messages", is_it: message::is_message, read: message::read },
    Form { name: "`curl` commands", is_it: command::is_command, read: command::read },
];

/// Reads every request of a file.
///
/// A request that cannot be read stands among the others as its error, and hides none of them. A
/// byte order mark is passed over, and UTF-16 with a mark is decoded.
///
/// # Errors
///
/// Returns what is wrong with the file as a whole: it is empty, has no known form, or breaks off.
pub fn read(bytes: &[u8]) -> Result<Vec<Result<Found, RequestError>>, RequestError> {
    let wrong = |place| move |reason| RequestError::Wrong { place, reason };
    let text = encoding::decoded(bytes).map_err(wrong(Place::Whole))?;
    if text.trim_ascii().is_empty() {
        return Err(RequestError::Empty);
    }
    let begin = text.trim_ascii_start();
    let form = FORMS.iter().find(|form| (form.is_it)(begin)).ok_or(RequestError::Unknown)?;
    let reads = (form.read)(&text).map_err(wrong(Place::Whole))?;
    let placed = |(place, read): (Place, Read)| match read {
        Ok(draft) => Ok(draft.placed(place)),
        Err(reason) => Err(RequestError::Wrong { place, reason }),
    };
    match <[_; 1]>::try_from(reads) {
        // The only request of a file is the file.
        Ok([(Place::Whole, Err(reason))]) => {
            Err(RequestError::Wrong { place: Place::Whole, reason })
        }
        Ok([only]) => Ok(vec![placed(only)]),
        Err(several) => Ok(several.into_iter().map(placed).collect()),
    }
}

/// Reads one line of JSON Lines, the `number`th from 1.
///
/// # Errors
///
/// Returns what is wrong with the line: no JSON, or not one request.
pub fn read_line(line: &[u8], number: usize) -> Result<Found, RequestError> {
    let place = Place::Line(number);
    if let Some(capture) = capture_line::read(line) {
        return Ok(Found { capture, bytes_were_lost: false, place });
    }
    let wrong = |reason| RequestError::Wrong { place, reason };
    json_lines::read_line(line).map(|draft| draft.placed(place)).map_err(wrong)
}

/// Gives each request its place: a number where there are several.
fn numbered(reads: Vec<Read>) -> Vec<(Place, Read)> {
    let only = reads.len() == 1;
    let place = |index| if only { Place::Whole } else { Place::Entry(index + 1) };
    reads.into_iter().enumerate().map(|(index, read)| (place(index), read)).collect()
}

#[cfg(test)]
mod tests;
