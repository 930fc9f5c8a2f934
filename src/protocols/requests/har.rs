//! Reader and writer for HTTP archives (HAR 1.2,
//! <http://www.softwareishard.com/blog/har-12-spec/>).
//!
//! Data without a field in the format is kept in custom fields that begin with `_`, as the
//! specification allows.

use crate::domain::capture::Capture;
use crate::domain::message::{Headers, Message};
use crate::protocols::json::Json;
use crate::protocols::requests::address;
use crate::protocols::requests::logged::http_version;
use crate::protocols::requests::parsed::{
    ParsedRequest, ReadRequest, ReadResults, RequestLocation, has_body, is_bodiless,
};
use crate::protocols::safe_json;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The name of this program in an archive.
const CREATOR: &str = "leadhook";

/// The comment of an entry with an unknown time. The field is mandatory, so it has the epoch.
const UNKNOWN_TIME_COMMENT: &str = "the time of the request is not known";

/// Writes an archive of these requests, each with its URL if known. The result is safe to print.
///
/// `version` is that of this program. Without a URL, it is derived from `Host` and the target.
#[must_use]
pub fn write<'a>(
    captures: impl IntoIterator<Item = (&'a Capture, Option<&'a str>)>,
    version: &str,
) -> String {
    let creator = json!({"name": CREATOR, "version": version});
    let mut text = format!(r#"{{"log":{{"version":"1.2","creator":{creator},"entries":["#);
    // One entry at a time: as JSON values, all of them would take many times their size in memory.
    for (index, (capture, url)) in captures.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&safe_json::escape(&entry_json(capture, url).to_string()));
    }
    text.push_str("]}}");
    text
}

fn entry_json(capture: &Capture, url: Option<&str>) -> Value {
    let at = capture.received_at.unwrap_or(Timestamp::UNIX_EPOCH);
    let mut entry = json!({
        "startedDateTime": at.to_string(),
        "time": 0,
        "request": request_json(&capture.message, url),
        // The field is mandatory. Browsers write status 0 if there was no response.
        "response": {
            "status": 0,
            "statusText": "",
            "httpVersion": capture.message.http_version,
            "cookies": [],
            "headers": [],
            "content": {"size": 0, "mimeType": ""},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    });
    if capture.received_at.is_none() {
        entry["comment"] = UNKNOWN_TIME_COMMENT.into();
    }
    if let Some(remote) = &capture.remote {
        entry["_remote"] = remote.as_str().into();
    }
    entry
}

fn request_json(message: &Message, url: Option<&str>) -> Value {
    let url = url.map_or_else(|| address::url(message), str::to_owned);
    let target = address::split_url(&url).1;
    let query = target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let query = url::form_urlencoded::parse(query.as_bytes());
    let mut request = json!({
        "method": message.method,
        "url": url,
        "httpVersion": message.http_version,
        "cookies": [],
        "headers": message.headers.iter().map(header_json).collect::<Vec<_>>(),
        "queryString":
            query.map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<_>>(),
        "headersSize": -1,
        "bodySize": message.body.len(),
    });
    if target != message.target {
        request["_target"] = message.target.as_str().into();
    }
    if !message.body.is_empty() {
        let mime_type = message.headers.get_str("Content-Type").unwrap_or_default();
        request["postData"] = if let Ok(text) = std::str::from_utf8(&message.body) {
            json!({"mimeType": mime_type, "text": text})
        } else {
            let text = STANDARD.encode(&message.body);
            json!({"mimeType": mime_type, "text": text, "encoding": "base64"})
        };
    }
    request
}

fn header_json((name, value): (&str, &[u8])) -> Value {
    if let Ok(text) = std::str::from_utf8(value) {
        return json!({"name": name, "value": text});
    }
    let lossy = String::from_utf8_lossy(value);
    json!({"name": name, "value": lossy, "_base64": STANDARD.encode(value)})
}

/// Fields of a request that only an archive has.
const REQUEST_FIELDS: [&str; 4] = ["postData", "queryString", "headersSize", "bodySize"];

/// Returns `true` if a value is an entry of an archive.
pub(super) fn is_entry(value: &Json) -> bool {
    let Some(request) = value.get("request") else { return false };
    request.get("headers").is_some_and(|headers| headers.as_array().is_some())
        && request.get("url").is_some()
        && REQUEST_FIELDS.iter().any(|name| request.get(name).is_some())
}

/// Returns the entries of an archive, of its `log` alone, or of a list of entries.
fn entries(document: &Json) -> Option<&[Json]> {
    let log = document.get("log").unwrap_or(document);
    if let Some(entries) = log.get("entries").and_then(Json::as_array)
        && (document.get("log").is_some() || entries.iter().any(is_entry))
    {
        return Some(entries);
    }
    document.as_array().filter(|entries| !entries.is_empty() && entries.iter().all(is_entry))
}

/// Parses every request of an archive, or returns `None` if the document is not one.
///
/// A browser records every image that it loads, so if any entry has a body, those without a body
/// are skipped if their method usually has none.
pub(super) fn read(document: &Json) -> Option<ReadResults> {
    let entries = entries(document)?;
    if entries.is_empty() {
        return Some(Err("its `log.entries` is empty, expected at least one request".to_owned()));
    }
    let reads: Vec<ReadRequest> = entries.iter().map(parse_entry).collect();
    // An archive of this program contains only requests that were selected.
    let creator = document.pointer("/log/creator/name");
    let is_ours = creator.and_then(Json::as_str) == Some(CREATOR);
    let skips_bodiless = !is_ours && reads.iter().any(has_body);
    let is_only = reads.len() == 1;
    let selected =
        reads.into_iter().enumerate().filter(|(_, read)| !(skips_bodiless && is_bodiless(read)));
    let place =
        |index| if is_only { RequestLocation::Whole } else { RequestLocation::Entry(index + 1) };
    Some(Ok(selected.map(|(index, read)| (place(index), read)).collect()))
}

/// Parses the request of an entry.
pub(super) fn parse_entry(entry: &Json) -> ReadRequest {
    let request = entry.get("request").ok_or("`request` is missing")?;
    let text = |name: &str| request.get(name).and_then(Json::as_str);
    let method = text("method").ok_or("`request.method` is not a string")?.to_owned();
    let (host, target) = address::split_url(text("url").ok_or("`request.url` is not a string")?);
    let target = text("_target").map_or(target, str::to_owned);
    let headers = parse_headers(request.get("headers").ok_or("`request.headers` is missing")?)?;
    let (body, bytes_were_lost) = match request.get("postData") {
        None | Some(Json::Null) => (missing_body(request)?, false),
        Some(data) => parse_body(data)?,
    };
    let version = text("httpVersion").and_then(http_version);
    let http_version = version.unwrap_or_else(|| "HTTP/1.1".to_owned());
    let mut message = Message { method, target, http_version, headers, body: body.into() };
    address::add_host(&mut message, host);
    let at = entry.get("startedDateTime").and_then(Json::as_str);
    let is_known = entry.get("comment").and_then(Json::as_str) != Some(UNKNOWN_TIME_COMMENT);
    let received_at = at.filter(|_| is_known).and_then(|at| at.parse().ok());
    let remote = entry.get("_remote").and_then(Json::as_str).map(str::to_owned);
    let capture = Capture::new(received_at, remote, message);
    Ok(ParsedRequest { bytes_were_lost, ..ParsedRequest::new(capture) })
}

fn parse_headers(list: &Json) -> Result<Headers, String> {
    let invalid = "`request.headers` is not a list of names and values";
    let mut headers = Headers::new();
    for header in list.as_array().ok_or(invalid)? {
        let name = header.get("name").and_then(Json::as_str).ok_or(invalid)?;
        // HTTP/2 has the request line among the headers: `:method` and the like.
        if name.starts_with(':') {
            continue;
        }
        let value = match header.get("_base64").and_then(Json::as_str) {
            Some(encoded) => STANDARD.decode(encoded).ok(),
            None => header.get("value").and_then(Json::as_str).map(|text| text.as_bytes().to_vec()),
        };
        headers.push(
            name,
            value.ok_or_else(|| format!("the value of header `{name}` is not a string"))?,
        );
    }
    Ok(headers)
}

/// Returns an empty body, or an error if the archive states that there was one and omits it.
fn missing_body(request: &Json) -> Result<Vec<u8>, String> {
    match request.get("bodySize") {
        Some(Json::Number(size)) if size.parse().is_ok_and(|size: u64| size > 0) => {
            Err(format!("its body of {size} bytes is not in the file, expected `request.postData`"))
        }
        _ => Ok(Vec::new()),
    }
}

/// Returns the body in `postData`, and `true` if its original bytes were lost.
fn parse_body(data: &Json) -> Result<(Vec<u8>, bool), String> {
    let text = match data.get("text") {
        None | Some(Json::Null) => None,
        Some(text) => {
            Some(text.as_str().ok_or("`postData.text` is not a string of valid characters")?)
        }
    };
    let is_base64 = data.get("encoding").and_then(Json::as_str) == Some("base64");
    let params = data.get("params").and_then(Json::as_array).unwrap_or_default();
    match text {
        Some(text) if is_base64 => {
            let decoded = STANDARD.decode(text).map_err(|_| "`postData.text` is not base64")?;
            Ok((decoded, false))
        }
        Some(text) if !text.is_empty() || params.is_empty() => {
            Ok((text.as_bytes().to_vec(), false))
        }
        _ => encode_form(params).map(|body| (body, true)),
    }
}

/// Encodes the fields of a form as a browser does, if the archive has only the fields.
fn encode_form(params: &[Json]) -> Result<Vec<u8>, String> {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    for param in params {
        let text = |name: &str| param.get(name).and_then(Json::as_str);
        let name = text("name").ok_or("a field of `postData.params` has no `name`")?;
        if text("fileName").is_some() {
            return Err("`postData` refers to a file whose content is not included".to_owned());
        }
        body.append_pair(name, text("value").unwrap_or_default());
    }
    Ok(body.finish().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json;

    fn archive(entries: &[&str]) -> Vec<(RequestLocation, ReadRequest)> {
        let text = format!(
            r#"{{"log":{{"version":"1.2","creator":{{"name":"x"}},"entries":[{}]}}}}"#,
            entries.join(",")
        );
        super::read(&json::read(text.as_bytes()).unwrap()).unwrap().unwrap()
    }

    fn request(more: &str) -> String {
        format!(
            r#"{{"startedDateTime":"2026-01-02T03:04:05.5+01:00","serverIPAddress":"203.0.113.7","request":{{"url":"https://example.com/a?b#c","headers":[{{"name":":method","value":"POST"}},{{"name":"x-a","value":"1"}}],{more}}}}}"#
        )
    }

    #[test]
    fn a_browser_request_is_read() {
        let text = request(
            r#""method":"POST","httpVersion":"h2","postData":{"mimeType":"application/json","text":"{\"a\":\"\u00e9\"}"}"#,
        );
        let (place, read) = archive(&[&text]).remove(0);
        let Capture { received_at, remote, message, .. } = read.unwrap().capture;
        assert_eq!(place, RequestLocation::Whole);
        assert_eq!(received_at, Some("2026-01-02T02:04:05.5Z".parse().unwrap()));
        assert_eq!(remote, None, "an archive names the server, not the sender");
        let headers = Headers::from_iter([("Host", "example.com"), ("x-a", "1")]);
        let expected = Message {
            http_version: "HTTP/2".to_owned(),
            ..Message::post("/a?b", headers, "{\"a\":\"\u{e9}\"}")
        };
        assert_eq!(message, expected);
    }

    #[test]
    fn a_body_has_several_representations() {
        for (data, body, were_lost) in [
            (r#"{"text":"e30=","encoding":"base64"}"#, "{}", false),
            (r#"{"text":"","params":[]}"#, "", false),
            (r#"{"text":"a=b","params":[{"name":"x"}]}"#, "a=b", false),
            (r#"{"params":[{"name":"a b","value":"&"},{"name":"c"}]}"#, "a+b=%26&c=", true),
            ("null", "", false),
        ] {
            let text = request(&format!(r#""method":"POST","bodySize":0,"postData":{data}"#));
            let parsed = archive(&[&text]).remove(0).1.unwrap();
            assert_eq!(parsed.capture.message.body, body.as_bytes(), "{data}");
            assert_eq!(parsed.bytes_were_lost, were_lost, "{data}");
        }
    }

    #[test]
    fn requests_without_a_body_are_skipped_if_any_has_one() {
        let get = request(r#""method":"GET""#);
        let post = request(r#""method":"POST","postData":{"text":"x"}"#);
        let places = |entries: &[&str]| {
            archive(entries).iter().map(|(place, _)| place.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            places(&[&get, &post, &get, &post]),
            [RequestLocation::Entry(2), RequestLocation::Entry(4)]
        );
        assert_eq!(places(&[&get, &get]), [RequestLocation::Entry(1), RequestLocation::Entry(2)]);
    }

    #[test]
    fn an_error_names_the_missing_or_invalid_field() {
        for (entry, part) in [
            ("{}".to_owned(), "`request` is missing"),
            (request(r#""x":1"#), "`request.method`"),
            (request(r#""method":"POST","bodySize":7"#), "its body of 7 bytes is not in the file"),
            (
                request(r#""method":"POST","postData":{"text":"!","encoding":"base64"}"#),
                "not base64",
            ),
            (
                request(r#""method":"POST","postData":{"params":[{"name":"a","fileName":"b"}]}"#),
                "refers to a file",
            ),
            (request(r#""method":"POST","postData":{"text":"\ud800"}"#), "`postData.text`"),
        ] {
            let error = archive(&[&entry]).remove(0).1.unwrap_err();
            assert!(error.contains(part), "{entry}: {error}");
        }
    }

    #[test]
    fn an_archive_has_the_required_fields_and_marks_unknown_ones() {
        let message = Message::post("*", Headers::from_iter([("A", b"\xe9")]), b"\xff".as_slice());
        let capture = Capture::new(None, None, message);
        let text = write([(&capture, None)], "1.2.3");
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["log"]["creator"], json!({"name": "leadhook", "version": "1.2.3"}));
        let entry = &value["log"]["entries"][0];
        for name in ["startedDateTime", "time", "request", "response", "cache", "timings"] {
            assert!(!entry[name].is_null(), "{name}: {entry}");
        }
        for name in [
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        ] {
            assert!(!entry["request"][name].is_null(), "{name}: {entry}");
        }
        assert_eq!(
            (&entry["startedDateTime"], &entry["comment"]),
            (&json!("1970-01-01T00:00:00Z"), &json!(UNKNOWN_TIME_COMMENT))
        );
        assert_eq!(
            entry["request"]["postData"],
            json!({"mimeType": "", "text": "/w==", "encoding": "base64"})
        );
        let found = super::read(&json::read(text.as_bytes()).unwrap())
            .unwrap()
            .unwrap()
            .remove(0)
            .1
            .unwrap();
        assert_eq!(found.capture.message.target, "*");
        assert_eq!(found.capture.message.headers.get("A"), Some(b"\xe9".as_slice()));
        assert_eq!(
            (found.capture.received_at, found.capture.message.body),
            (None, vec![0xff].into())
        );
    }
}
