//! Writer for capture files: one JSON object per request, alone or as JSON Lines.
//!
//! Captures are exact: a body or header value that is not UTF-8 is encoded in base64. The reader is
//!  [`crate::protocols::requests`], which also reads the files of other tools.

use crate::domain::capture::{BodySaved, Capture};
use crate::domain::message::{Headers, Message};
use crate::protocols::json::Json;
use crate::protocols::safe_json;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// The schema version of capture files, and of all other JSON output.
pub const SCHEMA_VERSION: u64 = 1;

/// The prefix of every capture that [`write()`] produces.
pub const CAPTURE_PREFIX: &str = r#"{"schema_version":1,"kind":"capture","received_at":"#;

/// Writes one capture as one line of JSON, without a newline. The result is safe to print.
#[must_use]
pub fn write(capture: &Capture) -> String {
    let Message { headers, body, .. } = &capture.message;
    safe_json::to_string(&object(capture), line_capacity(headers, body))
}

/// Returns one capture in the form in which it is serialized, for an object that contains it.
pub fn object(capture: &Capture) -> impl Serialize + '_ {
    let Message { method, target, http_version, headers, body } = &capture.message;
    let text = str::from_utf8(body);
    CaptureLine {
        schema_version: SCHEMA_VERSION,
        kind: "capture",
        received_at: capture.received_at,
        remote: capture.remote.as_deref(),
        method,
        target,
        http_version,
        headers: HeaderPairs(headers),
        body: text.ok(),
        body_base64: text.err().map(|_| Base64(body)),
        body_saved: match capture.body_saved {
            BodySaved::Full => None,
            part => Some(part.name()),
        },
    }
}

/// Returns an upper bound for the length of a line. A body may be large, and a string that had to
/// grow would copy it again.
fn line_capacity(headers: &Headers, body: &[u8]) -> usize {
    let text = str::from_utf8(body).map(safe_json::escaped_len);
    LINE_OVERHEAD + 2 * headers.wire_size() + text.unwrap_or_else(|_| body.len().div_ceil(3) * 4)
}

/// An allowance for everything but the headers and the body.
const LINE_OVERHEAD: usize = 512;

/// A capture as it is serialized.
#[derive(Serialize)]
struct CaptureLine<'c> {
    schema_version: u64,
    kind: &'static str,
    received_at: Option<Timestamp>,
    remote: Option<&'c str>,
    method: &'c str,
    target: &'c str,
    http_version: &'c str,
    headers: HeaderPairs<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<Base64<'c>>,
    /// Absent if the whole body was saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    body_saved: Option<&'static str>,
}

/// Headers as pairs of a name and a value.
struct HeaderPairs<'c>(&'c Headers);

impl Serialize for HeaderPairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(name, value)| (name, HeaderValue::new(value))))
    }
}

/// The value of a header: a string, or an object with its base64.
#[derive(Serialize)]
#[serde(untagged)]
enum HeaderValue<'c> {
    Text(&'c str),
    Bytes { base64: Base64<'c> },
}

impl<'c> HeaderValue<'c> {
    fn new(value: &'c [u8]) -> Self {
        str::from_utf8(value).map_or(Self::Bytes { base64: Base64(value) }, Self::Text)
    }
}

/// Bytes that serialize as base64 without an intermediate string.
struct Base64<'c>(&'c [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &STANDARD))
    }
}

/// Returns the part of the body that a capture contains.
pub(crate) fn body_saved(object: &Json) -> Result<BodySaved, String> {
    let is_capture = object.get("kind").and_then(Json::as_str) == Some("capture");
    let Some(part) = object.get("body_saved").filter(|_| is_capture) else {
        return Ok(BodySaved::Full);
    };
    part.as_str()
        .and_then(BodySaved::find)
        .ok_or_else(|| "`body_saved` is not `full`, `redacted` or `none`".to_owned())
}

/// Rejects an object that declares another kind or a newer schema version.
pub(crate) fn check_kind_and_version(object: &Json) -> Result<(), String> {
    if let Some(kind) = object.get("kind").and_then(Json::as_str)
        && kind != "capture"
    {
        return Err(format!("it is a `{kind}`, expected a `capture`, which contains the bytes"));
    }
    if let Some(version) = object.get("schema_version")
        && *version != Json::Number(SCHEMA_VERSION.to_string())
    {
        return Err(format!(
            "its `schema_version` is not {SCHEMA_VERSION}: a newer leadhook wrote it"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture(headers: Headers, body: Vec<u8>) -> Capture {
        Capture {
            received_at: Some("2026-01-02T03:04:05.123456789Z".parse().unwrap()),
            remote: Some("127.0.0.1:5000".to_owned()),
            message: Message::post("/hooks?a=1", headers, body),
            body_saved: BodySaved::Full,
        }
    }

    #[test]
    fn a_capture_has_the_documented_format() {
        let written = write(&capture(Headers::from_iter([("A", "1")]), b"{}".to_vec()));
        let expected = concat!(
            r#"{"schema_version":1,"kind":"capture","received_at":"2026-01-02T03:04:05.123456789Z","#,
            r#""remote":"127.0.0.1:5000","method":"POST","target":"/hooks?a=1","http_version":"HTTP/1.1","#,
            r#""headers":[["A","1"]],"body":"{}"}"#,
        );
        assert_eq!(written, expected);
    }

    #[test]
    fn a_capture_says_that_its_body_was_not_saved() {
        let full = capture(Headers::new(), b"{}".to_vec());
        for part in [BodySaved::Redacted, BodySaved::None] {
            let written = write(&Capture { body_saved: part, ..full.clone() });
            assert!(written.ends_with(&format!(r#","body":"{{}}","body_saved":"{part}"}}"#)));
        }
    }

    #[test]
    fn the_capacity_of_a_line_suffices_for_a_large_body() {
        let json =
            format!("[{}]", vec![r#"{"id":17,"name":"José","at":"12:00"}"#; 20_000].join(","));
        let repeated = |text: &str| text.repeat(100_000).into_bytes();
        let hostile =
            ["\u{1}", "\"", "#", "##[a]", "\n", "\u{7f}", "\u{ad}", "\u{202e}", "\u{e0001}"];
        let bodies = [json.into_bytes(), vec![0xff; 1_000_000]];
        for body in bodies.into_iter().chain(hostile.map(repeated)) {
            let capacity = line_capacity(&Headers::new(), &body);
            assert_eq!(write(&capture(Headers::new(), body)).capacity(), capacity);
        }
    }

    #[test]
    fn every_capture_begins_with_the_prefix() {
        assert!(write(&capture(Headers::new(), Vec::new())).starts_with(CAPTURE_PREFIX));
    }
}
