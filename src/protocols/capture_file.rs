//! The capture file, and the `{"headers": …, "body": …}` files of other tools.
//!
//! One capture is one JSON object; a file holds one, or one a line. Reading a capture and
//! sending it gives the same bytes: a body or a header value that is not UTF-8 is kept in base64.

use crate::domain::capture::Capture;
use crate::domain::message::Headers;
use crate::domain::message::Message;
use crate::protocols::capture_line;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::json_stringify;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use thiserror::Error;

/// The form of capture files, and of everything else printed as JSON.
pub const SCHEMA_VERSION: u64 = 1;

/// How every capture begins that [`write`] makes.
pub const START: &str = r#"{"schema_version":1,"kind":"capture","received_at":"#;

/// One request read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The request.
    pub capture: Capture,
    /// Whether the body stood there as a JSON value, so that its bytes had to be made again.
    pub bytes_were_lost: bool,
    /// The line it stands in, counted from 1, where the file has one a line.
    pub line: Option<usize>,
}

/// A file that holds no request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CaptureError {
    /// It is empty.
    #[error("is empty, expected a captured request")]
    Empty,
    /// It is not JSON.
    #[error("is not a captured request: {0}")]
    NotJson(String),
    /// A line of it is not JSON.
    #[error("line {line} is not a captured request: {reason}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
}

/// Writes one capture as one line of JSON, without a line end.
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
    Value::Object(object).to_string()
}

fn header_value(value: &[u8]) -> Value {
    match std::str::from_utf8(value) {
        Ok(text) => text.into(),
        Err(_) => serde_json::json!({"base64": STANDARD.encode(value)}),
    }
}

/// Reads every request of a file: one object, or one a line.
///
/// A line that cannot be read stands among the others as its error, and hides none of them.
pub fn read(bytes: &[u8]) -> Result<Vec<Result<Found, CaptureError>>, CaptureError> {
    // An editor on Windows may have put a BOM before it: that is not part of any request.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(CaptureError::Empty);
    }
    let lines = || {
        let lines = bytes.split(|&byte| byte == b'\n').enumerate();
        lines.filter(|(_, line)| !line.trim_ascii().is_empty())
    };
    let first_line_stands_alone =
        || lines().count() > 1 && lines().next().is_some_and(|(_, line)| json::read(line).is_ok());
    match json::read(bytes) {
        Ok(value) => Ok(vec![Ok(request(&value, None).map_err(CaptureError::NotJson)?)]),
        Err(_) if first_line_stands_alone() => {
            Ok(lines().map(|(index, line)| read_line(line, index + 1)).collect())
        }
        Err(problem) => Err(CaptureError::NotJson(problem.to_string())),
    }
}

/// Reads the request of one line of a file that has one a line; `number` counts from 1.
pub fn read_line(line: &[u8], number: usize) -> Result<Found, CaptureError> {
    if let Some(capture) = capture_line::read(line) {
        return Ok(Found { capture, bytes_were_lost: false, line: Some(number) });
    }
    let error = |reason| CaptureError::Line { line: number, reason };
    let value = json::read(line).map_err(|problem| error(problem.to_string()))?;
    request(&value, Some(number)).map_err(error)
}

fn request(value: &Json, line: Option<usize>) -> Result<Found, String> {
    if value.as_object().is_none() {
        return Err("expected an object with `headers` and `body`".to_owned());
    }
    if let Some(kind) = value.get("kind").and_then(Json::as_str)
        && kind != "capture"
    {
        return Err(format!("it is a `{kind}`, expected a `capture`: those hold the bytes"));
    }
    if let Some(version) = value.get("schema_version")
        && *version != Json::Number(SCHEMA_VERSION.to_string())
    {
        return Err(format!(
            "its `schema_version` is not {SCHEMA_VERSION}: a newer leadhook wrote it"
        ));
    }
    let text = |key: &str, default: &str| match value.get(key) {
        None | Some(Json::Null) => Ok(default.to_owned()),
        Some(found) => {
            found.as_str().map(str::to_owned).ok_or_else(|| format!("`{key}` is not a text"))
        }
    };
    let received_at = match value.get("received_at") {
        None | Some(Json::Null) => None,
        Some(at) => {
            let parsed = at.as_str().and_then(|at| at.parse::<Timestamp>().ok());
            Some(parsed.ok_or("`received_at` is not a time after RFC 3339")?)
        }
    };
    let remote = value.get("remote").and_then(Json::as_str).map(str::to_owned);
    let (body, bytes_were_lost) = body(value)?;
    let message = Message {
        method: text("method", "POST")?,
        target: text("target", "/")?,
        http_version: text("http_version", "HTTP/1.1")?,
        headers: headers(value.get("headers").ok_or("`headers` is missing")?)?,
        body,
    };
    Ok(Found { capture: Capture { received_at, remote, message }, bytes_were_lost, line })
}

/// The bytes of the body, and whether they had to be made again.
fn body(value: &Json) -> Result<(Vec<u8>, bool), String> {
    if let Some(encoded) = value.get("body_base64").filter(|encoded| **encoded != Json::Null) {
        let decoded = encoded.as_str().and_then(|text| STANDARD.decode(text).ok());
        return decoded
            .map(|bytes| (bytes, false))
            .ok_or_else(|| "`body_base64` is not base64".to_owned());
    }
    match value.get("body") {
        None => Err("`body` is missing".to_owned()),
        Some(Json::Null) => Ok((Vec::new(), false)),
        // AWS Lambda says so beside the body.
        Some(Json::Text(text)) if value.get("isBase64Encoded") == Some(&Json::Bool(true)) => {
            let decoded = text.as_str().and_then(|text| STANDARD.decode(text).ok());
            Ok((decoded.ok_or("`body` is not base64, and `isBase64Encoded` says it is")?, false))
        }
        Some(Json::Text(text)) => {
            let text = text.as_str().ok_or("`body` holds half a surrogate pair")?;
            Ok((text.as_bytes().to_vec(), false))
        }
        Some(other) => Ok((json_stringify::stringify(other).into_bytes(), true)),
    }
}

/// An object of names and values, or a list of pairs, or a list of `{"name", "value"}`.
fn headers(value: &Json) -> Result<Headers, String> {
    let wrong = || "`headers` is neither an object nor a list of names and values".to_owned();
    let mut headers = Headers::new();
    let mut push = |name: &str, value: &Json| match value {
        // Node and Go keep repeated headers as a list under one name.
        Json::Array(values) => values.iter().try_for_each(|value| {
            headers.push(name, header_bytes(name, value)?);
            Ok::<_, String>(())
        }),
        value => {
            headers.push(name, header_bytes(name, value)?);
            Ok(())
        }
    };
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                push(name.as_str().ok_or_else(wrong)?, value)?;
            }
        }
        Json::Array(items) => {
            for item in items {
                let (name, value) = match item {
                    Json::Array(pair) if pair.len() == 2 => (Some(&pair[0]), Some(&pair[1])),
                    item => (item.get("name"), item.get("value")),
                };
                let name = name.and_then(Json::as_str).ok_or_else(wrong)?;
                push(name, value.ok_or_else(wrong)?)?;
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => return Err(wrong()),
    }
    Ok(headers)
}

fn header_bytes(name: &str, value: &Json) -> Result<Vec<u8>, String> {
    let encoded = value.get("base64").and_then(Json::as_str);
    match (value, encoded) {
        (Json::Number(literal), _) => Ok(literal.clone().into_bytes()),
        (_, Some(encoded)) => STANDARD
            .decode(encoded)
            .map_err(|_| format!("the value of header `{name}` is not base64")),
        (value, None) => value
            .as_str()
            .map(|text| text.as_bytes().to_vec())
            .ok_or_else(|| format!("the value of header `{name}` is not a text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn capture(headers: Headers, body: Vec<u8>) -> Capture {
        Capture {
            received_at: Some("2026-01-02T03:04:05.123456789Z".parse().unwrap()),
            remote: Some("127.0.0.1:5000".to_owned()),
            message: Message::post("/hooks?a=1", headers, body),
        }
    }

    fn read_one(text: &str) -> Result<Message, String> {
        read(text.as_bytes())
            .map(|found| found[0].as_ref().unwrap().capture.message.clone())
            .map_err(|error| error.to_string())
    }

    proptest! {
        #[test]
        fn bytes_in_are_bytes_out(
            body in proptest::collection::vec(any::<u8>(), 0..200),
            headers in proptest::collection::vec(("[A-Za-z-]{1,12}", proptest::collection::vec(32_u8.., 0..20)), 0..5),
        ) {
            let before = capture(headers.into_iter().collect(), body);
            let after = read(write(&before).as_bytes()).unwrap();
            let after = after[0].as_ref().unwrap();
            prop_assert_eq!(&after.capture, &before);
            prop_assert!(!after.bytes_were_lost);
        }

        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
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
    fn headers_come_in_several_shapes() {
        for headers in [
            r#"{"A":"1","B":["2","3"],"C":4}"#,
            r#"[["A","1"],["B","2"],["B","3"],["C","4"]]"#,
            r#"[{"name":"A","value":"1"},{"name":"B","value":["2","3"]},{"name":"C","value":4}]"#,
        ] {
            let message = read_one(&format!(r#"{{"headers":{headers},"body":"x"}}"#)).unwrap();
            let expected = Headers::from_iter([("A", "1"), ("B", "2"), ("B", "3"), ("C", "4")]);
            assert_eq!(message.headers, expected, "{headers}");
        }
    }

    #[test]
    fn a_body_that_is_a_value_was_lost_and_that_is_said() {
        let found = read(br#"{"headers":{},"body":{"b": 1.0, "a": "x"}}"#).unwrap();
        let found = found[0].as_ref().unwrap();
        assert_eq!(found.capture.message.body, br#"{"b":1,"a":"x"}"#);
        assert!(found.bytes_were_lost);
    }

    #[test]
    fn one_a_line_is_read_with_its_line_and_a_bad_one_hides_no_other() {
        let line = r#"{"headers":{},"body":"x"}"#;
        let found = read(format!("{line}\n\n{{\"torn\n{line}\n").as_bytes()).unwrap();
        let lines: Vec<_> = found.iter().flatten().map(|found| found.line).collect();
        assert_eq!(lines, [Some(1), Some(4)]);
        let error = found[1].as_ref().unwrap_err().to_string();
        assert!(error.starts_with("line 3 is not a captured request: "), "{error}");
    }

    #[test]
    fn a_body_in_base64_is_told_in_two_ways() {
        for text in [
            r#"{"headers":{},"body":"e30=","isBase64Encoded":true}"#,
            r#"{"headers":{},"body_base64":"e30="}"#,
            r#"{"headers":{},"body":"{}","body_base64":null}"#,
        ] {
            assert_eq!(read_one(text).unwrap().body, b"{}", "{text}");
        }
    }

    #[test]
    fn every_capture_begins_as_the_store_expects() {
        assert!(write(&capture(Headers::new(), Vec::new())).starts_with(START));
    }

    #[test]
    fn what_is_not_a_request_is_named() {
        for (text, part) in [
            ("", "is empty"),
            ("[]", "expected an object"),
            ("{}", "`body` is missing"),
            (r#"{"body":""}"#, "`headers` is missing"),
            (r#"{"headers":1,"body":""}"#, "`headers` is neither"),
            (r#"{"headers":{"A":true},"body":""}"#, "header `A` is not a text"),
            (r#"{"headers":{},"body_base64":"!"}"#, "`body_base64` is not base64"),
            (r#"{"kind":"request","headers":{},"body":""}"#, "it is a `request`"),
            (r#"{"headers":{},"body":"","received_at":"soon"}"#, "`received_at`"),
            (r#"{"schema_version":2,"kind":"capture","headers":{},"body":""}"#, "`schema_version`"),
            ("{\"headers\":{}", "is not a captured request: "),
        ] {
            let error = read_one(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
