//! Reader for requests that other tools log as JSON objects, with many names for the same field.
//!
//! There is no code for specific tools: tables list all names of a field, the most exact first.
//! Names are compared without case, `_` and `-`: `rawBody` is `raw_body`.

pub(in crate::protocols::requests) mod body_fields;
mod body_objects;
mod field_names;
pub(crate) mod logged_body;
mod logged_headers;
mod logged_time;
mod raw_message;
mod server_variables;

use crate::domain::capture::Capture;
use crate::domain::message::{Headers, Message};
use crate::protocols::capture_file;
use crate::protocols::json::Json;
use crate::protocols::requests::address;
use crate::protocols::requests::logged::field_names::{NameFilter, field, fields, non_null_field};
use crate::protocols::requests::logged::logged_body::{BodyContext, LoggedBody};
use crate::protocols::requests::logged::logged_time::parse_time;
use crate::protocols::requests::parsed::{ParsedRequest, ReadRequest};
use jiff::Timestamp;

/// The maximum number of wrappers in which the fields of a request are looked for.
const MAX_WRAPPERS: usize = 4;

const METHODS: &[&str] = &[
    "method",
    "httpmethod",
    "requestmethod",
    "requestContext/http/method",
    "requestContext/httpMethod",
    "httprequest/requestmethod",
];

/// The target exactly as in the request line.
const TARGET: &str = "target";

/// Targets that may be whole URLs. A web framework shortens `url` for a mounted router, and keeps
/// `originalUrl`.
const URLS: &[&str] = &[
    "originalurl",
    "url",
    "uri",
    "absoluteurl",
    "fullurl",
    "requesturi",
    "requesturl",
    "httprequest/requesturl",
];

/// A path and the field with its query (AWS, `MockServer`).
const PATHS: &[(&str, &[&str])] = &[
    ("rawpath", &["rawquerystring"]),
    ("path", &["rawquerystring", "querystring", "query"]),
    ("pathname", &["search", "query"]),
    ("requestpath", &["requestquery", "query"]),
    ("requestContext/http/path", &["rawquerystring"]),
    ("requestContext/path", &[]),
];

/// The URL at which a workflow tool listens; the URL of the request is more exact.
const WEBHOOK_URLS: &[&str] = &["webhookurl", "endpointurl"];

/// The request line among the headers, as HTTP/2 has it.
const METHOD_HEADER: &str = ":method";
const PATH_HEADER: &str = ":path";
const AUTHORITY_HEADER: &str = ":authority";

/// Fields that only a response has, with a status.
const STATUSES: &[&str] = &["status", "statuscode", "responsestatus"];

/// Names of fields with a response.
const RESPONSES: &[&str] = &[
    "response",
    "responses",
    "res",
    "resp",
    "httpresponse",
    "responsedefinition",
    "responsebody",
    "responseheaders",
    "reply",
];

/// Fields that wrap a request in the logs of pino, `WireMock`, `MockServer` and ngrok's agent.
const WRAPPERS: &[&str] = &["request", "req", "httprequest", "event"];

/// The names of a body that nothing else in a log has.
const BODIES: &[&str] = &["body", "rawbody", "bodybase64", "rawbodybase64", "bodyasbase64"];

const VERSIONS: &[&str] = &[
    "httpversion",
    "proto",
    "protocol",
    "requestContext/protocol",
    "requestContext/http/protocol",
    "serverprotocol",
];

/// The time of the request. Numbers are seconds or milliseconds, depending on their size.
const TIMES: &[&str] = &[
    "receivedat",
    "createdat",
    "start",
    "starteddatetime",
    "loggeddate",
    "timestamp",
    "@timestamp",
    "time",
    "timeiso8601",
    "timelocal",
    "msec",
    "requesttimefloat",
    "datetime",
    "ts",
    "requestContext/timeEpoch",
    "requestContext/requestTimeEpoch",
    "times/start",
    "date",
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
    "ipaddress",
    "sourceip",
    "clientaddress",
];

/// Returns `true` if an object contains the headers of a request.
pub(super) fn has_headers(object: &Json) -> bool {
    logged_headers::find(object).is_some()
}

/// Returns `true` if an object with headers looks like a response.
pub(super) fn is_response(object: &Json) -> bool {
    let is_status = |found: &Json| match found {
        Json::Number(literal) => literal.len() == 3,
        Json::Text(text) => {
            text.as_str().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
        }
        _ => false,
    };
    let is_present = |names| fields(object, names).any(|found| *found != Json::Null);
    fields(object, STATUSES).any(is_status)
        && server_variables::request_line(object).is_none()
        && !is_present(METHODS)
        && !is_present(URLS)
        && !is_present(&["target", "path", "rawpath"])
}

/// Returns `true` if a field of this name may hold a response.
pub(super) fn may_hold_a_response(key: &str) -> bool {
    RESPONSES.iter().any(|name| field_names::matches_name(key, name))
}

/// Returns `true` if an object has headers or a body, perhaps in a wrapper, so that it may be a
/// request with an error in it.
pub(super) fn has_headers_or_body(document: &Json) -> bool {
    let mut object = document;
    for _ in 0..=MAX_WRAPPERS {
        let has_body = BODIES.iter().any(|name| non_null_field(object, name).is_some());
        if has_body || logged_headers::find(object).is_some() {
            return true;
        }
        let is_object = |found: &&Json| found.as_object().is_some();
        let inner = WRAPPERS.iter().find_map(|name| field(object, name).filter(is_object));
        let Some(inner) = inner else { return false };
        object = inner;
    }
    false
}

/// A request and its wrappers, the innermost first.
pub(super) struct LoggedRequest<'a> {
    pub(super) objects: Vec<&'a Json>,
    /// The number of objects that are in the same document as the request. Further ones contain
    /// that document as a string or a body, so they know no more than its time and sender.
    pub(super) in_same_document: usize,
    /// `true` if entries of this format have their body in base64.
    pub(super) is_base64: bool,
}

impl<'a> LoggedRequest<'a> {
    /// Parses the request.
    pub(super) fn read(mut self) -> ReadRequest {
        self.objects.truncate(MAX_WRAPPERS + 1);
        let Some(&request) = self.objects.first() else {
            return Err("expected an object with `headers` and `body`".to_owned());
        };
        capture_file::check_kind_and_version(request)?;
        let received_at = self.received_at(request)?;
        let remote = self.objects.iter().find_map(|object| first_string(object, REMOTES));
        let remote = remote.map(str::to_owned);
        let (message, bytes_were_lost) = self.message(request)?;
        let body_saved = capture_file::body_saved(request)?;
        let capture = Capture { received_at, remote, message, body_saved };
        Ok(ParsedRequest { bytes_were_lost, ..ParsedRequest::new(capture) })
    }

    /// Returns the request and the wrappers in the same document.
    fn scope(&self) -> &[&'a Json] {
        self.objects.get(..self.in_same_document).unwrap_or(&self.objects)
    }

    fn message(&self, request: &'a Json) -> Result<(Message, bool), String> {
        let logged = logged_headers::find(request).ok_or("`headers` is missing")?;
        let mut headers = logged_headers::read_of(request, logged)?;
        if let Some(message) = raw_message::read(request, &headers) {
            return Ok((message, false));
        }
        // A capture of this program has its headers exactly as they arrived.
        let is_capture = request.get("kind").and_then(Json::as_str).is_some();
        let pseudo =
            if is_capture { PseudoHeaders::default() } else { PseudoHeaders::take(&mut headers) };
        let is_log_entry = std::ptr::eq(request, logged) && server_variables::is_log_entry(request);
        let (variable_method, variable_target) = server_variables::method_and_target(logged);
        let method = self.method(request)?.or(variable_method).map(str::to_owned).or(pseudo.method);
        let method = method.unwrap_or_else(|| "POST".to_owned());
        let LoggedBody { mut bytes, bytes_were_lost } = BodyContext {
            objects: self.scope(),
            method: &method,
            content_length: headers
                .get_str("Content-Length")
                .and_then(|text| text.trim().parse().ok()),
            is_capture,
            is_base64: self.is_base64,
            is_spread: std::ptr::eq(request, logged) && !is_log_entry,
        }
        .extract()?;
        if is_log_entry && server_variables::is_absent(&bytes) {
            bytes.clear();
        }
        let found = self.target(request)?.or_else(|| variable_target.map(address::split_url));
        let (host, target) = found.unzip();
        let target = target.or(pseudo.target).unwrap_or_else(|| "/".to_owned());
        let mut message = Message {
            method,
            target,
            http_version: self.http_version().unwrap_or_else(|| "HTTP/1.1".to_owned()),
            headers,
            body: bytes.into(),
        };
        address::add_host(&mut message, pseudo.host.as_deref());
        address::add_host(&mut message, host.flatten());
        Ok((message, bytes_were_lost))
    }

    fn method(&self, request: &'a Json) -> Result<Option<&'a str>, String> {
        let own = fields(request, METHODS).find(|found| **found != Json::Null);
        match own {
            Some(found) => {
                found.as_str().map(Some).ok_or_else(|| "`method` is not a string".to_owned())
            }
            None => Ok(self.scope().iter().find_map(|object| {
                let line = || Some(server_variables::request_line(object)?.0);
                first_string(object, METHODS).or_else(line)
            })),
        }
    }

    /// Returns the version of the innermost object that has one.
    fn http_version(&self) -> Option<String> {
        let version = self.scope().iter().find_map(|object| {
            let line = || Some(server_variables::request_line(object)?.2);
            first_string(object, VERSIONS).or_else(line)
        });
        version.and_then(http_version)
    }

    /// Returns the host and the target of the innermost object with a URL or a path.
    fn target(&self, request: &'a Json) -> Result<Option<(Option<&'a str>, String)>, String> {
        if let Some(target) = non_null_field(request, TARGET) {
            let target = target.as_str().ok_or("`target` is not a string")?;
            return Ok(Some((None, target.to_owned())));
        }
        let found = self.scope().iter().find_map(|object| {
            // nginx has a path without its query in `uri`.
            let line = server_variables::request_line(object).map(|line| line.1);
            let url = line.or_else(|| url(object, URLS));
            url.map(address::split_url).or_else(|| joined_path(object))
        });
        let listening = || self.scope().iter().find_map(|object| url(object, WEBHOOK_URLS));
        Ok(found.or_else(|| listening().map(address::split_url)))
    }

    fn received_at(&self, request: &Json) -> Result<Option<Timestamp>, String> {
        // The field that this program writes must be valid; other tools may use any format.
        if let Some(own) = non_null_field(request, TIMES[0]) {
            let invalid = || "`received_at` is not an RFC 3339 timestamp".to_owned();
            return parse_time(own).map(Some).ok_or_else(invalid);
        }
        let times = |object: &&Json| fields(object, TIMES).find_map(parse_time);
        Ok(self.objects.iter().find_map(times))
    }
}

/// The request line among the headers.
#[derive(Default)]
struct PseudoHeaders {
    method: Option<String>,
    target: Option<String>,
    host: Option<String>,
}

impl PseudoHeaders {
    /// Removes the pseudo headers.
    fn take(headers: &mut Headers) -> Self {
        let value = |name: &str| headers.get_str(name).map(str::to_owned);
        let found = Self {
            method: value(METHOD_HEADER),
            target: value(PATH_HEADER),
            host: value(AUTHORITY_HEADER),
        };
        if headers.iter().any(|(name, _)| name.starts_with(':')) {
            let kept = headers.iter().filter(|(name, _)| !name.starts_with(':'));
            *headers = kept.map(|(name, value)| (name.to_owned(), value.to_vec())).collect();
        }
        found
    }
}

/// Returns the first of these fields that is a string.
fn first_string<'a>(object: &'a Json, names: &'static [&'static str]) -> Option<&'a str> {
    fields(object, names).find_map(Json::as_str)
}

/// Returns the first of these fields that is a URL. Postman logs it as an object, with its parts
/// and the complete string.
fn url<'a>(object: &'a Json, names: &'static [&'static str]) -> Option<&'a str> {
    fields(object, names)
        .find_map(|url| url.as_str().or_else(|| non_null_field(url, "raw")?.as_str()))
}

/// Joins the path of an object with its query.
fn joined_path(object: &Json) -> Option<(Option<&str>, String)> {
    let filter = NameFilter::of(object);
    let paths = PATHS.iter().filter(|(path, _)| filter.may_have(path));
    paths.into_iter().find_map(|(path, queries)| {
        let path = field(object, path)?.as_str()?;
        let query = queries.iter().find_map(|name| non_null_field(object, name)?.as_str());
        let query = query.map(|query| query.trim_start_matches('?')).unwrap_or_default();
        let separator = if query.is_empty() { "" } else { "?" };
        Some((None, format!("{path}{separator}{query}")))
    })
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
