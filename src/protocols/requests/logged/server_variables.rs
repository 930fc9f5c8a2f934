//! Requests that a web server logs as its variables: `$http_authorization` of nginx, and
//! `HTTP_AUTHORIZATION` of CGI, PHP and WSGI.
//!
//! Such an object has the headers among other variables, with a prefix and `_` in place of `-`. Only
//! variables with the prefix, and the few that CGI has without it, are headers.

use crate::domain::message::Headers;
use crate::protocols::http1;
use crate::protocols::json::Json;
use crate::protocols::requests::logged::body_fields;
use crate::protocols::requests::logged::field_names::{self, field, fields};

/// The prefix of a header (RFC 3875, section 4.1.18); nginx has it in lower case.
const PREFIX: &str = "http_";

/// Headers without the prefix: those of CGI, and those that log formats name like this.
const UNPREFIXED: &[&str] = &["content_type", "content_length", "authorization", "user_agent"];

/// The header without the prefix whose name nothing else in a log has.
const CERTAIN: &str = "authorization";

/// Headers by their own name, which nearly every request has.
const OWN_NAMES: &[&str] = &["content-type", "user-agent"];

/// Variables with the prefix that are no headers: those of nginx, of `OpenTelemetry` and of loggers.
const NO_HEADERS: &[&str] = &[
    "httpmethod",
    "httprequest",
    "httprequestbody",
    "httprequestmethod",
    "httpverb",
    "httpversion",
    "httpprotocol",
    "httpflavor",
    "httpscheme",
    "httpurl",
    "httpuri",
    "httppath",
    "httptarget",
    "httpquery",
    "httproute",
    "httpbody",
    "httpheaders",
    "httpstatus",
    "httpstatuscode",
    "httpresponse",
    "httpresponsebody",
    "httpduration",
    "httpclientip",
];

/// The values that nginx logs for a header or a body that a request does not have.
const ABSENT: [&str; 2] = ["", "-"];

/// Fields with the request line: nginx, and Apache in JSON.
const REQUEST_LINES: &[&str] = &["request", "requestline"];

/// Variables of which a log or an environment has at least one, with a request line.
const METHODS: &[&str] = &["requestmethod", "method", "httpmethod"];
const TARGETS: &[&str] = &["requesturi", "uri", "url", "path"];

/// The variables of CGI that name the method and the target, in its own spelling.
const CGI_METHOD: &str = "REQUEST_METHOD";
const CGI_TARGET: &str = "REQUEST_URI";

/// The part of a name by which a field with a body is certain.
const BODY: &str = "body";

/// A method, a target and a version.
pub(super) type RequestLine<'a> = (&'a str, &'a str, &'a str);

/// Returns the request line that an object has as a string.
pub(super) fn request_line(object: &Json) -> Option<RequestLine<'_>> {
    let mut lines = fields(object, REQUEST_LINES).filter_map(Json::as_str);
    lines.find_map(|line| http1::request_line(line.as_bytes()))
}

/// Returns the method and the target of a value, if it is an environment of CGI.
pub(super) fn method_and_target(value: &Json) -> (Option<&str>, Option<&str>) {
    let environment = Some(value).filter(|value| is_environment(value));
    let text = |name: &str| environment?.get(name).and_then(Json::as_str);
    (text(CGI_METHOD), text(CGI_TARGET))
}

/// Returns `true` if a value is an environment of CGI, with its headers among other variables.
pub(super) fn is_environment(value: &Json) -> bool {
    value.get(CGI_METHOD).is_some() && has_header(value)
}

/// Returns `true` if an object is a log entry whose headers are variables beside the body.
pub(super) fn is_log_entry(object: &Json) -> bool {
    if !has_header(object) {
        return false;
    }
    let has = |names| fields(object, names).any(|found| found.as_str().is_some());
    let has_request_line = request_line(object).is_some() || has(METHODS) && has(TARGETS);
    body_fields::names()
        .filter(|name| has_request_line || name.contains(BODY))
        .any(|name| field(object, name).is_some())
}

/// Returns `true` if an object has the variable of a header, and no header by its own name: the
/// sender of those could add a name with the prefix.
fn has_header(object: &Json) -> bool {
    let keys = || object.as_object().unwrap_or_default().iter();
    let is_own_name = |key: &str| OWN_NAMES.iter().any(|name| key.eq_ignore_ascii_case(name));
    let mut is_found = false;
    for (key, value) in keys() {
        let Some(key) = key.as_str() else { continue };
        if is_own_name(key) {
            return false;
        }
        is_found |= matches!(value, Json::Text(_))
            && header_name(key)
                .is_some_and(|name| has_prefix(key) || name.eq_ignore_ascii_case(CERTAIN));
    }
    is_found
}

fn has_prefix(key: &str) -> bool {
    key.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Returns the name of the header that a variable has.
fn header_name(key: &str) -> Option<String> {
    let name = if has_prefix(key) {
        let is_other = NO_HEADERS.iter().any(|name| field_names::matches_name(key, name));
        key.get(PREFIX.len()..).filter(|name| !is_other && !name.is_empty())?
    } else {
        Some(key).filter(|key| UNPREFIXED.iter().any(|name| key.eq_ignore_ascii_case(name)))?
    };
    let words = name.split('_').map(capitalized);
    Some(words.collect::<Vec<_>>().join("-")).filter(|name| http1::is_token(name))
}

/// Returns a word of a name as headers usually have it: `Content` for `CONTENT` and `content`.
fn capitalized(word: &str) -> String {
    let mut word = word.to_ascii_lowercase();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

/// Returns the headers among the variables of an object.
pub(super) fn headers(object: &Json) -> Headers {
    let mut headers = Headers::new();
    for (key, value) in object.as_object().unwrap_or_default() {
        let name = key.as_str().and_then(header_name);
        let value = value.as_str().filter(|value| !ABSENT.contains(value));
        if let Some((name, value)) = name.zip(value)
            // The variable with the prefix is that of the header itself.
            && !headers.contains(&name)
        {
            headers.push(&name, value);
        }
    }
    headers
}

/// Returns `true` if a body of a log entry stands for none.
pub(super) fn is_absent(body: &[u8]) -> bool {
    ABSENT.iter().any(|absent| absent.as_bytes() == body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json;

    fn read(text: &str) -> Json {
        json::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn variables_of_headers_are_named_as_headers() {
        for (key, expected) in [
            ("http_authorization", Some("Authorization")),
            ("HTTP_X_LEAD_ROUTER_SIGNATURE", Some("X-Lead-Router-Signature")),
            ("CONTENT_TYPE", Some("Content-Type")),
            ("content_length", Some("Content-Length")),
            ("http_method", None),
            ("HTTP_STATUS_CODE", None),
            ("http_", None),
            ("http_a b", None),
            ("remote_addr", None),
            ("status", None),
        ] {
            assert_eq!(header_name(key).as_deref(), expected, "{key}");
        }
    }

    #[test]
    fn an_entry_has_a_header_and_a_body() {
        for (text, expected) in [
            (r#"{"http_authorization":"a","request_body":"{}"}"#, true),
            (
                r#"{"HTTP_AUTHORIZATION":"a","REQUEST_METHOD":"POST","REQUEST_URI":"/","data":"{}"}"#,
                true,
            ),
            (r#"{"http_authorization":"a","request":"POST / HTTP/1.1","data":"{}"}"#, true),
            (r#"{"authorization":"a","method":"POST","uri":"/","body":"{}"}"#, true),
            // No body, a name that is none of a body alone, no header.
            (r#"{"http_authorization":"a","request":"POST / HTTP/1.1"}"#, false),
            (r#"{"http_authorization":"a","data":"{}"}"#, false),
            (r#"{"http_method":"POST","http_url":"/","body":"{}"}"#, false),
            (r#"{"content_type":"a","method":"POST","uri":"/","body":"{}"}"#, false),
            // The sender names these headers.
            (r#"{"content-type":"a","http_authorization":"a","body":"{}"}"#, false),
        ] {
            assert_eq!(is_log_entry(&read(text)), expected, "{text}");
        }
    }

    #[test]
    fn absent_headers_and_other_variables_are_left_out() {
        let object = read(
            r#"{"time":"t","request":"POST / HTTP/1.1","status":"401","http_host":"h","http_x_a":"-",
                "http_x_b":"","http_authorization":"a","authorization":"b"}"#,
        );
        assert_eq!(headers(&object), Headers::from_iter([("Host", "h"), ("Authorization", "a")]));
    }
}
