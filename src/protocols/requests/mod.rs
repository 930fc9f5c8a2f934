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
mod parsed;

pub use json_lines::begins_one_a_line;
pub use parsed::{FoundRequest, RequestPlace};

use crate::protocols::requests::parsed::{Read, Reads};
use crate::protocols::{capture_line, http1};
use thiserror::Error;

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
        place: RequestPlace,
        /// What, and what was expected.
        reason: String,
    },
}

/// A form of captured requests.
struct RequestFormat {
    /// How an error calls it.
    name: &'static str,
    /// Whether a text that begins with neither a mark nor white space has it.
    is_it: fn(&[u8]) -> bool,
    /// Reads every request of such a text.
    read: fn(&[u8]) -> Reads,
}

/// Every form, told apart by how a text begins.
const FORMS: [RequestFormat; 3] = [
    RequestFormat {
        name: "JSON (captures, HAR, or logged `headers` and `body`; one document, or one a line)",
        is_it: json_lines::is_json,
        read: json_lines::read,
    },
    RequestFormat {
        name: "HTTP/1.1 messages",
        is_it: http1::begins_saved_message,
        read: |text| Ok(message::read(text)),
    },
    RequestFormat { name: "`curl` commands", is_it: command::is_command, read: command::read },
];

/// Reads every request of a file.
///
/// A request that cannot be read stands among the others as its error, and hides none of them. A
/// byte order mark is passed over, and UTF-16 with a mark is decoded.
///
/// # Errors
///
/// Returns what is wrong with the file as a whole: it is empty, has no known form, or breaks off.
pub fn read(bytes: &[u8]) -> Result<Vec<Result<FoundRequest, RequestError>>, RequestError> {
    let wrong = |place| move |reason| RequestError::Wrong { place, reason };
    let text = encoding::decoded(bytes).map_err(wrong(RequestPlace::Whole))?;
    if text.trim_ascii().is_empty() {
        return Err(RequestError::Empty);
    }
    let begin = text.trim_ascii_start();
    let form = FORMS.iter().find(|form| (form.is_it)(begin)).ok_or(RequestError::Unknown)?;
    let reads = (form.read)(&text).map_err(wrong(RequestPlace::Whole))?;
    let placed = |(place, read): (RequestPlace, Read)| match read {
        Ok(draft) => Ok(draft.placed(place)),
        Err(reason) => Err(RequestError::Wrong { place, reason }),
    };
    match <[_; 1]>::try_from(reads) {
        // The only request of a file is the file.
        Ok([(RequestPlace::Whole, Err(reason))]) => {
            Err(RequestError::Wrong { place: RequestPlace::Whole, reason })
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
pub fn read_line(line: &[u8], number: usize) -> Result<FoundRequest, RequestError> {
    let place = RequestPlace::Line(number);
    if let Some(capture) = capture_line::read(line) {
        return Ok(FoundRequest { capture, bytes_were_lost: false, place });
    }
    let wrong = |reason| RequestError::Wrong { place, reason };
    json_lines::read_line(line).map(|draft| draft.placed(place)).map_err(wrong)
}

#[cfg(test)]
mod tests;
