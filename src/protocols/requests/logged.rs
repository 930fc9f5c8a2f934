//! Reader for requests that other tools log as JSON objects, with many names for the same field.
//!
//! There is no code for specific tools: tables list all names of a field, the most exact first.
//! Names are compared without case, `_` and `-`: `rawBody` is `raw_body`.

mod field_names;
pub(crate) mod logged_body;
mod logged_headers;

use crate::domain::capture::Capture;
use crate::domain::message::Message;
use crate::protocols::capture_file;
use crate::protocols::json::Json;
use crate::protocols::requests::logged::field_names::{field, non_null_field};
use crate::protocols::requests::parsed::{ParsedRequest, ReadRequest, ReadResults, with_locations};
use crate::protocols::requests::{address, http_text};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

/// Fields that wrap a request in the logs of pino, `WireMock`, `MockServer` and ngrok's agent.
const WRAPPERS: &[&str] = &["request", "req", "httprequest", "event"];

/// Fields with a list of requests: `webhook.site`, ngrok's agent, `WireMock`, Postman.
const LISTS: &[&str] = &["requests", "data", "items", "item", "entries", "events", "results"];

/// The maximum number of nested wrappers.
const MAX_WRAPPERS: usize = 4;

const METHODS: &[&str] = &["method", "httpmethod", "requestmethod", "requestContext/http/method"];

/// The target exactly as in the request line.
const TARGET: &str = "target";

/// Targets that may be whole URLs. A web framework shortens `url` for a mounted router, and keeps
/// `originalUrl`.
const URLS: &[&str] = &["originalurl", "url", "uri", "absoluteurl", "fullurl", "requesturi"];

/// A path and the field with its query (AWS, `MockServer`).
const PATHS: &[(&str, &[&str])] = &[
    ("rawpath", &["rawquerystring"]),
    ("path", &["rawquerystring", "querystring", "query"]),
    ("pathname", &["search", "query"]),
];

/// The names of a body that nothing else in a log has.
const BODIES: &[&str] = &["body", "rawbody", "bodybase64", "rawbodybase64", "bodyasbase64"];

const VERSIONS: &[&str] = &[
    "httpversion",
    "proto",
    "protocol",
    "requestContext/protocol",
    "requestContext/http/protocol",
];

/// The time of the request. Numbers are seconds or milliseconds, depending on their size.
const TIMES: &[&str] = &[
    "receivedat",
    "createdat",
    "start",
    "starteddatetime",
    "loggeddate",
    "timestamp",
    "time",
    "requestContext/timeEpoch",
    "requestContext/requestTimeEpoch",
];

const REMOTES: &[&str] = &[
    "remote",
    "remoteaddr",
    "remoteaddress",
    "clientip",
    "ip",
    "origin",
    "requestContext/http/sourceIp",
    "requestContext/identity/sourceIp",
];

/// The raw request in base64, which ngrok's agent adds.
const RAW: &str = "raw";

/// Parses one request, or a list of them.
pub(super) fn read(document: &Json) -> ReadResults {
    let list = match document {
        Json::Array(items) => Some(items.as_slice()),
        document if is_request(document) => None,
        document => LISTS.iter().find_map(|name| field(document, name)?.as_array()),
    };
    let Some(items) = list else { return Ok(with_locations(vec![read_one(document)])) };
    if items.is_empty() {
        return Err("its list of requests is empty, expected at least one".to_owned());
    }
    Ok(with_locations(items.iter().map(read_one).collect()))
}

/// Parses one request, which may be wrapped.
pub(super) fn read_one(document: &Json) -> ReadRequest {
    if document.as_object().is_none() {
        return Err("expected an object with `headers` and `body`".to_owned());
    }
    capture_file::check_kind_and_version(document)?;
    let logged = LoggedRequest::new(document);
    let received_at = logged.received_at()?;
    let remote = logged.find(REMOTES).and_then(Json::as_str).map(str::to_owned);
    let (message, bytes_were_lost) = match logged.raw_message() {
        Some(message) => (message, false),
        None => logged.message()?,
    };
    Ok(ParsedRequest { capture: Capture { received_at, remote, message }, bytes_were_lost })
}

/// Returns `true` if this object contains the headers of a request, perhaps in a wrapper.
fn is_request(document: &Json) -> bool {
    logged_headers::find(LoggedRequest::new(document).request()).is_some()
}

/// Returns `true` if an object has headers or a body, perhaps in a wrapper, so that it may be a
/// request with an error in it.
pub(super) fn has_headers_or_body(document: &Json) -> bool {
    let logged = LoggedRequest::new(document);
    logged_headers::find(logged.request()).is_some() || logged.find(BODIES).is_some()
}

/// A request and its wrappers, the innermost first.
struct LoggedRequest<'a>(Vec<&'a Json>);

impl<'a> LoggedRequest<'a> {
    fn new(document: &'a Json) -> Self {
        let mut objects = vec![document];
        while let Some(&innermost) = objects.last()
            && logged_headers::find(innermost).is_none()
            && objects.len() <= MAX_WRAPPERS
            && let Some(inner) = WRAPPERS
                .iter()
                .find_map(|name| field(innermost, name).filter(|found| found.as_object().is_some()))
        {
            objects.push(inner);
        }
        objects.reverse();
        Self(objects)
    }

    fn request(&self) -> &'a Json {
        self.0[0]
    }

    /// Returns the first of these fields that is present, searching the request before its
    /// wrappers.
    fn find(&self, names: &[&str]) -> Option<&'a Json> {
        self.0.iter().find_map(|object| names.iter().find_map(|name| non_null_field(object, name)))
    }

    fn string(&self, names: &[&str], default: &str) -> Result<String, String> {
        let Some(found) = self.find(names) else { return Ok(default.to_owned()) };
        let text = found.as_str().map(str::to_owned);
        text.ok_or_else(|| format!("`{}` is not a string", names[0]))
    }

    fn raw_message(&self) -> Option<Message> {
        let encoded = non_null_field(self.request(), RAW)?.as_str()?;
        let bytes = STANDARD.decode(encoded.trim_ascii()).ok()?;
        http_text::read_first(&bytes)
    }

    fn message(&self) -> Result<(Message, bool), String> {
        let headers = logged_headers::find(self.request()).ok_or("`headers` is missing")?;
        let method = self.string(METHODS, "POST")?;
        let (body, bytes_were_lost) = logged_body::extract(&self.0, &method)?;
        let (host, target) = self.target()?;
        let http_version = self.find(VERSIONS).and_then(Json::as_str).and_then(http_version);
        let mut message = Message {
            method,
            target,
            http_version: http_version.unwrap_or_else(|| "HTTP/1.1".to_owned()),
            headers: logged_headers::read(headers)?,
            body: body.into(),
        };
        address::add_host(&mut message, host);
        Ok((message, bytes_were_lost))
    }

    fn target(&self) -> Result<(Option<&'a str>, String), String> {
        let request = self.request();
        if let Some(target) = non_null_field(request, TARGET) {
            return Ok((None, target.as_str().ok_or("`target` is not a string")?.to_owned()));
        }
        // Postman logs the URL as an object, with its parts and the complete string.
        let url_string =
            |url: &'a Json| url.as_str().or_else(|| non_null_field(url, RAW)?.as_str());
        if let Some(url) =
            URLS.iter().find_map(|name| non_null_field(request, name).and_then(url_string))
        {
            return Ok(address::split_url(url));
        }
        for (path, queries) in PATHS {
            if let Some(path) = non_null_field(request, path).and_then(Json::as_str) {
                let query = queries.iter().find_map(|name| non_null_field(request, name)?.as_str());
                let query = query.map(|query| query.trim_start_matches('?')).unwrap_or_default();
                let separator = if query.is_empty() { "" } else { "?" };
                return Ok((None, format!("{path}{separator}{query}")));
            }
        }
        Ok((None, "/".to_owned()))
    }

    fn received_at(&self) -> Result<Option<Timestamp>, String> {
        let found = self.find(TIMES);
        let time = found.and_then(parse_time);
        // The field that this program writes must be valid; other tools may use any format.
        if time.is_none() && self.find(&TIMES[..1]).is_some() {
            return Err("`received_at` is not an RFC 3339 timestamp".to_owned());
        }
        Ok(time)
    }
}

/// Parses a time by RFC 3339 (without a zone, it is UTC), or the seconds or milliseconds since
/// 1970.
fn parse_time(value: &Json) -> Option<Timestamp> {
    /// Milliseconds until 1973 or seconds until the year 5138, so no capture is ambiguous.
    const SECONDS_END: i64 = 100_000_000_000;
    match value {
        Json::Text(text) => {
            let text = text.as_str()?;
            text.parse().ok().or_else(|| format!("{text}Z").parse().ok())
        }
        Json::Number(literal) => {
            let number = literal.split('.').next()?.parse::<i64>().ok()?;
            if number < SECONDS_END {
                Timestamp::from_second(number).ok()
            } else {
                Timestamp::from_millisecond(number).ok()
            }
        }
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Normalises a version: `HTTP/1.1` for `HTTP/1.1`, `http/1.1` and `1.1`, `HTTP/2` for `h2`.
pub(super) fn http_version(text: &str) -> Option<String> {
    let number = match text.get(..5) {
        Some(start) if start.eq_ignore_ascii_case("HTTP/") => &text[5..],
        _ => text.strip_prefix('h').unwrap_or(text),
    };
    let is_number = (1..=3).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number.then(|| format!("HTTP/{number}"))
}

#[cfg(test)]
mod tests;
