//! Readers for captured requests in many formats, which are detected from the content.
//!
//! Each format is one file here and one entry of `FORMATS`.

pub mod address;
mod base64_text;
mod command;
mod encoding;
pub mod har;
mod json_document;
mod json_lines;
pub(crate) mod logged;
mod parsed;
mod saved_messages;

pub use json_lines::detect_json_lines;
pub use parsed::{FoundRequest, RequestLocation};

use crate::protocols::requests::parsed::{ReadRequest, ReadResults};
use crate::protocols::{capture_line, http1};
use thiserror::Error;

/// An error in a file of captured requests.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The file is empty.
    #[error("is empty, expected a captured request")]
    Empty,
    /// The file has none of the formats.
    #[error("is not a captured request: expected {}", FORMATS.map(|format| format.name).join(", or "))]
    Unknown,
    /// The file has a known format with an error in it.
    #[error("{place}is not a captured request: {reason}")]
    Invalid {
        /// The location.
        place: RequestLocation,
        /// The error and the expected content.
        reason: String,
    },
}

/// A format of captured requests.
struct RequestFormat {
    /// The name in error messages.
    name: &'static str,
    /// Returns `true` if a text has this format. The byte order mark and leading white space have
    /// been removed.
    matches: fn(&[u8]) -> bool,
    /// Parses every request of a text in this format.
    read: fn(&[u8]) -> ReadResults,
}

/// All formats, detected from the beginning of a text.
const FORMATS: [RequestFormat; 3] = [
    RequestFormat {
        name: "JSON (captures, HAR, or logged `headers` and `body`; one document, or one per line)",
        matches: json_lines::is_json,
        read: json_lines::read,
    },
    RequestFormat {
        name: "HTTP/1.1 messages",
        matches: http1::begins_saved_message,
        read: |text| Ok(saved_messages::read(text)),
    },
    RequestFormat { name: "`curl` commands", matches: command::is_command, read: command::read },
];

/// Parses every request of a file.
///
/// An invalid request is returned as an error among the others. A byte order mark is skipped, and
/// UTF-16 with a mark is decoded.
///
/// # Errors
///
/// Returns an error if the file is empty, has no known format, or is cut off.
pub fn read(bytes: &[u8]) -> Result<Vec<Result<FoundRequest, RequestError>>, RequestError> {
    let invalid = |place| move |reason| RequestError::Invalid { place, reason };
    let text = encoding::decode(bytes).map_err(invalid(RequestLocation::Whole))?;
    if text.trim_ascii().is_empty() {
        return Err(RequestError::Empty);
    }
    let start = text.trim_ascii_start();
    let format =
        FORMATS.iter().find(|format| (format.matches)(start)).ok_or(RequestError::Unknown)?;
    let reads = (format.read)(&text).map_err(invalid(RequestLocation::Whole))?;
    let with_location = |(place, read): (RequestLocation, ReadRequest)| match read {
        Ok(parsed) => Ok(parsed.with_location(place)),
        Err(reason) => Err(RequestError::Invalid { place, reason }),
    };
    match <[_; 1]>::try_from(reads) {
        // An error of the only request is an error of the file.
        Ok([(RequestLocation::Whole, Err(reason))]) => {
            Err(RequestError::Invalid { place: RequestLocation::Whole, reason })
        }
        Ok([only]) => Ok(vec![with_location(only)]),
        Err(several) => Ok(several.into_iter().map(with_location).collect()),
    }
}

/// Parses one line of JSON Lines. `number` is that of the line, counted from 1.
///
/// # Errors
///
/// Returns an error if the line is not JSON, or not one request.
pub fn read_line(line: &[u8], number: usize) -> Result<FoundRequest, RequestError> {
    let place = RequestLocation::Line(number);
    if let Some(capture) = capture_line::read(line) {
        let alternatives = Vec::new();
        return Ok(FoundRequest { capture, bytes_were_lost: false, alternatives, location: place });
    }
    match json_lines::read_line(line) {
        Ok(parsed) => Ok(parsed.with_location(place)),
        Err(reason) => Err(RequestError::Invalid { place, reason }),
    }
}

#[cfg(test)]
mod tests;
