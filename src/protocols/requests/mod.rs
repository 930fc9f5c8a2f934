//! Readers for captured requests in many formats, which are detected from the content.
//!
//! Each format is one file here and one entry of `FORMATS`.

pub mod address;
mod bare_token;
mod base64_text;
mod bruno;
mod command;
mod container_log;
mod curl_output;
mod documents;
mod encoding;
mod fetch;
pub mod har;
mod http_text;
mod hurl;
mod json_document;
mod json_lines;
mod json_start;
mod log_lines;
mod log_time;
pub(crate) mod logged;
mod markdown;
mod parsed;
mod pretty_log;
mod skipped_lines;

pub use bare_token::is_from_token;
pub(crate) use parsed::BODILESS_METHODS;
pub use parsed::{FoundRequest, RequestLocation, has_no_payload};
pub use skipped_lines::SkippedLines;

use crate::domain::capture::BodySaved;
use crate::protocols::requests::parsed::{
    ParsedRequest, ReadRequest, ReadResults, with_locations, without_bodiless,
};
use crate::protocols::{byte_order_mark, capture_line, http1};
use thiserror::Error;

/// An error in a file of captured requests.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The file is empty.
    #[error("is empty, expected a captured request")]
    Empty,
    /// The file has none of the formats.
    #[error("is not a captured request: expected {}", format_names())]
    Unknown,
    /// No line of a log has a request.
    #[error(
        "has no captured request in its {} {}, expected JSON with `headers` and `body`",
        lines, if *lines == 1 { "line" } else { "lines" }
    )]
    NoRequest {
        /// The number of lines, all of which were skipped.
        lines: usize,
    },
    /// There is no request, but a token in a line.
    #[error("is not a captured request, but line {line} contains a token")]
    OnlyToken {
        /// The number of the line, counted from 1.
        line: usize,
    },
    /// The capture was saved without its body, which the command needs.
    #[error("{place}has no body to use: it was saved with `--save-body {saved}`")]
    BodyNotSaved {
        /// The location.
        place: RequestLocation,
        /// The part of the body that was saved.
        saved: BodySaved,
    },
    /// The file has a known format with an error in it.
    #[error("{place}is not a captured request: {reason}")]
    Invalid {
        /// The location.
        place: RequestLocation,
        /// The error and the expected content.
        reason: String,
    },
}

impl RequestError {
    /// Returns the error of an input in which every line was skipped.
    #[must_use]
    pub fn of_skipped_lines(skipped: SkippedLines) -> Self {
        match skipped.token_line {
            Some(line) => Self::OnlyToken { line },
            None => Self::NoRequest { lines: skipped.count },
        }
    }
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

/// The format of logs, which are read line by line.
const LOG: RequestFormat = RequestFormat {
    name: "a log with JSON in its lines",
    matches: log_lines::is_log,
    read: log_lines::read,
};

const MARKDOWN: &str = "any of these in the code blocks of Markdown";

/// Returns the names of all formats.
fn format_names() -> String {
    FORMATS.iter().chain([&LOG]).map(|format| format.name).collect::<Vec<_>>().join(", or ")
}

/// All other formats, detected from the beginning of a text; the first one that matches is read.
const FORMATS: [RequestFormat; 13] = [
    RequestFormat {
        name: "JSON (captures, HAR, or logged `headers` and `body`; one document, or one per line)",
        matches: log_lines::is_json,
        read: json_lines::read,
    },
    RequestFormat {
        name: "HTTP/1.1 messages",
        matches: http1::begins_saved_message,
        read: http_text::read,
    },
    RequestFormat {
        name: "the output of `curl --trace-ascii`",
        matches: curl_output::is_trace,
        read: curl_output::read_trace,
    },
    RequestFormat {
        name: "the output of `curl -v` after its command",
        matches: curl_output::is_verbose,
        read: curl_output::read_verbose,
    },
    RequestFormat { name: "a Bruno file", matches: bruno::is_bruno, read: bruno::read },
    RequestFormat { name: "a Hurl file", matches: hurl::is_hurl, read: hurl::read },
    RequestFormat { name: "calls of `fetch`", matches: fetch::is_fetch, read: fetch::read },
    RequestFormat { name: "`curl` commands", matches: command::is_command, read: command::read },
    RequestFormat { name: "a token", matches: bare_token::is_token, read: bare_token::read },
    RequestFormat { name: MARKDOWN, matches: markdown::is_markdown, read: read_blocks },
    RequestFormat {
        name: "an `.http` file, or HTTP/1.1 messages after other text",
        matches: http_text::is_http_text,
        read: http_text::read,
    },
    RequestFormat {
        name: "HTTP/1.1 messages in the log of a container",
        matches: container_log::is_container_log,
        read: container_log::read,
    },
    RequestFormat {
        name: "a log with JSON over several lines",
        matches: pretty_log::is_pretty_log,
        read: pretty_log::read,
    },
];

/// Returns `true` if an input has at most one request on each line, judging by its beginning: JSON
/// Lines, or a log.
///
/// Returns `None` if more input is needed, which never happens once `is_all` is set.
#[must_use]
pub fn detect_request_per_line(head: &[u8], is_all: bool) -> Option<bool> {
    let start = byte_order_mark::strip(head).trim_ascii_start();
    if start.is_empty() || log_lines::is_json(start) {
        return json_lines::detect_json_lines(start, is_all);
    }
    let is_utf_16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    if is_utf_16 || FORMATS.iter().any(|format| (format.matches)(start)) {
        return Some(false);
    }
    log_lines::detect(start, is_all)
}

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
    let only_token = || Some(RequestError::OnlyToken { line: skipped_lines::token_line(&text)? });
    let Some(format) = find_format(&text, |_| true) else {
        return Err(only_token().unwrap_or(RequestError::Unknown));
    };
    let reads = (format.read)(&text).map_err(|reason| {
        // A log of requests without their bodies: the token is all that there is.
        let is_without = [json_document::NO_HEADERS, log_lines::NO_REQUEST].contains(&&*reason);
        let token = only_token().filter(|_| is_without);
        token.unwrap_or_else(|| invalid(RequestLocation::Whole)(reason))
    })?;
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

/// Returns the first format of a text among those that `is_allowed` accepts.
fn find_format(
    text: &[u8],
    is_allowed: fn(&RequestFormat) -> bool,
) -> Option<&'static RequestFormat> {
    let start = text.trim_ascii_start();
    let mut formats = FORMATS.iter().chain([&LOG]).filter(|format| is_allowed(format));
    formats.find(|format| (format.matches)(start))
}

/// Parses the requests in the code blocks of Markdown, and skips the blocks without one.
///
/// A body may contain the end of a block and a genuine request after it. So nothing is read after
/// a request that is invalid, or that is shorter than it says.
fn read_blocks(text: &[u8]) -> ReadResults {
    let mut reads = Vec::new();
    let mut problem = "it has no code block with a request".to_owned();
    for block in markdown::blocks(text) {
        let Some(format) = find_format(&block, |format| format.name != MARKDOWN) else { continue };
        match (format.read)(&block) {
            Ok(found) => reads.extend(found.into_iter().map(|(_, read)| read)),
            // Responses and other JSON.
            Err(reason) if log_lines::is_json(block.trim_ascii_start()) => problem = reason,
            Err(reason) => reads.push(Err(reason)),
        }
        if reads.last().is_some_and(parsed::is_cut_off) {
            break;
        }
    }
    if reads.is_empty() { Err(problem) } else { Ok(without_bodiless(with_locations(reads))) }
}

/// Parses one line of JSON Lines or of a log. `number` is that of the line, counted from 1.
///
/// Returns `None` if the line has no request: it is plain text, or complete JSON with neither
/// headers nor body.
///
/// # Errors
///
/// Returns an error if the line begins a request and is cut off or malformed.
#[must_use]
pub fn read_line(line: &[u8], number: usize) -> Option<Result<FoundRequest, RequestError>> {
    let place = RequestLocation::Line(number);
    if let Some(capture) = capture_line::read(line) {
        return Some(Ok(ParsedRequest::new(capture).with_location(place)));
    }
    let read = log_lines::read_line(line)?;
    Some(match read {
        Ok(parsed) => Ok(parsed.with_location(place)),
        Err(reason) => Err(RequestError::Invalid { place, reason }),
    })
}

#[cfg(test)]
mod tests;
