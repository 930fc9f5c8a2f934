//! The capture file: one JSON object a request; a file holds one, or one a line.
//!
//! Reading a capture and sending it gives the same bytes: a body or a header value that is not
//! UTF-8 is kept in base64. [`crate::protocols::requests`] reads it, as it reads other tools' files.

use crate::domain::capture::Capture;
use crate::domain::message::Message;
use crate::protocols::json::Json;
use crate::protocols::safe_json;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The form of capture files, and of everything else printed as JSON.
pub const SCHEMA_VERSION: u64 = 1;

/// The beginning of every capture that [`write()`] makes.
pub const START: &str = r#"{"schema_version":1,"kind":"capture","received_at":"#;

/// Writes one capture as one line of JSON, without a newline. It is safe to print.
#[must_use]
pub fn write(capture: &Capture) -> String {
    let Message { method, target, http_version, headers, body } = &capture.message;
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("schema_version", SCHEMA_VERSION.into());
    put("kind", "capture".into());
    put("received_at", capture.received_at.map(|at| at.to_string()).into());
    put("remote", capture.remote.clone().into());
    put("method", method.clone().into());
    put("target", target.clone().into());
    put("http_version", http_version.clone().into());
    let lines =
        headers.iter().map(|(name, value)| Value::Array(vec![name.into(), header_value(value)]));
    put("headers", Value::Array(lines.collect()));
    match std::str::from_utf8(body) {
        Ok(text) => put("body", text.into()),
        Err(_) => put("body_base64", STANDARD.encode(body).into()),
    };
    let json = Value::Object(object).to_string();
    match safe_json::escape(&json) {
        // Nearly every capture is plain, and may be large: no copy of it is made.
        Cow::Borrowed(_) => json,
        Cow::Owned(safe) => safe,
    }
}

fn header_value(value: &[u8]) -> Value {
    match std::str::from_utf8(value) {
        Ok(text) => text.into(),
        Err(_) => serde_json::json!({"base64": STANDARD.encode(value)}),
    }
}

/// Refuses an object that says of itself that it is something else, or of a newer form.
pub(crate) fn check(object: &Json) -> Result<(), String> {
    if let Some(kind) = object.get("kind").and_then(Json::as_str)
        && kind != "capture"
    {
        return Err(format!("it is a `{kind}`, expected a `capture`: those hold the bytes"));
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
    use crate::domain::message::Headers;

    fn capture(headers: Headers, body: Vec<u8>) -> Capture {
        Capture {
            received_at: Some("2026-01-02T03:04:05.123456789Z".parse().unwrap()),
            remote: Some("127.0.0.1:5000".to_owned()),
            message: Message::post("/hooks?a=1", headers, body),
        }
    }

    #[test]
    fn a_capture_has_the_form_of_the_contract() {
        let written = write(&capture(Headers::from_iter([("A", "1")]), b"{}".to_vec()));
        let expected = concat!(
            r#"{"schema_version":1,"kind":"capture","received_at":"2026-01-02T03:04:05.123456789Z","#,
            r#""remote":"127.0.0.1:5000","method":"POST","target":"/hooks?a=1","http_version":"HTTP/1.1","#,
            r#""headers":[["A","1"]],"body":"{}"}"#,
        );
        assert_eq!(written, expected);
    }

    #[test]
    fn every_capture_begins_as_the_store_expects() {
        assert!(write(&capture(Headers::new(), Vec::new())).starts_with(START));
    }
}
