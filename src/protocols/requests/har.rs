//! HTTP archives, version 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>).
//!
//! What an archive has no member for stands in one that begins with `_`, as the specification
//! allows.

use crate::domain::capture::Capture;
use crate::domain::message::Headers;
use crate::domain::message::Message;
use crate::protocols::json::Json;
use crate::protocols::requests::Draft;
use crate::protocols::requests::Place;
use crate::protocols::requests::Read;
use crate::protocols::requests::Reads;
use crate::protocols::requests::address;
use crate::protocols::requests::logged::body::BODILESS;
use crate::protocols::requests::logged::http_version;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Said of an entry whose time is not known: an archive must have one, so the epoch stands there.
const NO_TIME: &str = "the time of the request is not known";

/// Reads every request of an archive; nothing where the document is none.
///
/// A browser records every image of a page: where one entry has a body, requests that have none and
/// mostly have none are passed over.
pub(super) fn read(document: &Json) -> Option<Reads> {
    let entries = document.get("log")?.get("entries")?.as_array()?;
    if entries.is_empty() {
        return Some(Err("its `log.entries` is empty, expected one request at least".to_owned()));
    }
    let reads: Vec<Read> = entries.iter().map(entry).collect();
    let is_bodiless = |read: &Read| {
        read.as_ref().is_ok_and(|draft| {
            let message = &draft.capture.message;
            message.body.is_empty() && BODILESS.contains(&message.method.as_str())
        })
    };
    let is_any_told = !reads.iter().all(is_bodiless);
    let only = reads.len() == 1;
    let placed =
        reads.into_iter().enumerate().filter(|(_, read)| !(is_any_told && is_bodiless(read)));
    let place = |index| if only { Place::Whole } else { Place::Entry(index + 1) };
    Some(Ok(placed.map(|(index, read)| (place(index), read)).collect()))
}

fn entry(entry: &Json) -> Read {
    let request = entry.get("request").ok_or("`request` is missing")?;
    let text = |name: &str| request.get(name).and_then(Json::as_str);
    let method = text("method").ok_or("`request.method` is not a text")?.to_owned();
    let (host, target) = address::split(text("url").ok_or("`request.url` is not a text")?);
    let target = text("_target").map_or(target, str::to_owned);
    let headers = headers(request.get("headers").ok_or("`request.headers` is missing")?)?;
    let (body, bytes_were_lost) = match request.get("postData") {
        None | Some(Json::Null) => (without_body(request)?, false),
        Some(data) => body(data)?,
    };
    let version = text("httpVersion").and_then(http_version);
    let http_version = version.unwrap_or_else(|| "HTTP/1.1".to_owned());
    let mut message = Message { method, target, http_version, headers, body };
    address::add_host(&mut message, host);
    let at = entry.get("startedDateTime").and_then(Json::as_str);
    let is_known = entry.get("comment").and_then(Json::as_str) != Some(NO_TIME);
    let received_at = at.filter(|_| is_known).and_then(|at| at.parse().ok());
    let remote = entry.get("_remote").and_then(Json::as_str).map(str::to_owned);
    Ok(Draft { capture: Capture { received_at, remote, message }, bytes_were_lost })
}

fn headers(list: &Json) -> Result<Headers, String> {
    let wrong = "`request.headers` is not a list of names and values";
    let mut headers = Headers::new();
    for header in list.as_array().ok_or(wrong)? {
        let name = header.get("name").and_then(Json::as_str).ok_or(wrong)?;
        // HTTP/2 has the request line there: `:method` and the like.
        if name.starts_with(':') {
            continue;
        }
        let value = match header.get("_base64").and_then(Json::as_str) {
            Some(encoded) => STANDARD.decode(encoded).ok(),
            None => header.get("value").and_then(Json::as_str).map(|text| text.as_bytes().to_vec()),
        };
        headers.push(
            name,
            value.ok_or_else(|| format!("the value of header `{name}` is not a text"))?,
        );
    }
    Ok(headers)
}

/// No bytes, unless the archive says that there were some and has not kept them.
fn without_body(request: &Json) -> Result<Vec<u8>, String> {
    match request.get("bodySize") {
        Some(Json::Number(size)) if size.parse().is_ok_and(|size: u64| size > 0) => {
            Err(format!("its body of {size} bytes is not in the file, expected `request.postData`"))
        }
        _ => Ok(Vec::new()),
    }
}

/// The bytes of `postData`, and whether they had to be made again.
fn body(data: &Json) -> Result<(Vec<u8>, bool), String> {
    let text = match data.get("text") {
        None | Some(Json::Null) => None,
        Some(text) => {
            Some(text.as_str().ok_or("`postData.text` is not a text of whole characters")?)
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
        _ => form(params).map(|body| (body, true)),
    }
}

/// The fields of a form as a browser writes them, where only the fields were kept.
fn form(params: &[Json]) -> Result<Vec<u8>, String> {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    for param in params {
        let text = |name: &str| param.get(name).and_then(Json::as_str);
        let name = text("name").ok_or("a field of `postData.params` has no `name`")?;
        if text("fileName").is_some() {
            return Err("`postData` names a file and does not hold it".to_owned());
        }
        body.append_pair(name, text("value").unwrap_or_default());
    }
    Ok(body.finish().into_bytes())
}
