//! Extracts the headers of a logged request from any of their representations.

use crate::domain::message::Headers;
use crate::protocols::json::Json;
use crate::protocols::requests::base64_text;
use crate::protocols::requests::logged::body_fields;
use crate::protocols::requests::logged::field_names::{self, field, fields, non_null_field};
use crate::protocols::requests::logged::server_variables;
use crate::protocols::{http1, json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The names of the headers. Representations that keep order and repetition come first: the flat
/// list of Node, then the multi-value headers of AWS. Charles has a list below the first line.
const HEADERS: &[&str] = &[
    "rawheaders",
    "multivalueheaders",
    "header/headers",
    "headers",
    "header",
    "requestheaders",
    "httpheaders",
    "incomingheaders",
    "reqheaders",
    "headerslist",
];

/// The keys of the name and the value of a header in a list.
const NAMES: &[&str] = &["name", "key"];
const VALUES: &[&str] = &["value", "values"];

/// The key of a value in base64, as Envoy logs it.
const RAW_VALUE: &str = "rawvalue";

/// Names of which a collection of headers has several: those that clients and proxies always send.
const USUAL_HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "forwarded",
    "host",
    "traceparent",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-request-id",
];

/// The prefix of header names in the environment of CGI, which has `_` in place of `-`.
const CGI_PREFIX: &str = "http-";

/// Returns the headers of an object, if it has any.
///
/// If no field has the name of headers, a field with the content of headers is used, and then the
/// object itself: smee spreads the headers beside the body.
pub(super) fn find(request: &Json) -> Option<&Json> {
    find_by_name(request).or_else(|| find_by_content(request))
}

fn find_by_name(request: &Json) -> Option<&Json> {
    let is_collection = |found: &&Json| match found {
        Json::Array(_) | Json::Object(_) => true,
        Json::Text(text) => text.as_str().is_some_and(|text| text.contains(':')),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    };
    // `headers` of another type are reported as invalid, not as missing.
    let of_any_type = || non_null_field(request, "headers");
    fields(request, HEADERS).find(is_collection).or_else(of_any_type)
}

fn find_by_content(request: &Json) -> Option<&Json> {
    // What may be a body is content of the sender.
    let mut collections = request.as_object()?.iter().filter(|(name, value)| {
        (resembles(value) || server_variables::is_environment(value))
            && !name.as_str().is_some_and(body_fields::may_hold_a_body)
    });
    let collection = collections.next().map(|(_, value)| value);
    let has_own = |request: &&Json| server_variables::is_log_entry(request) || is_spread(request);
    collection.or_else(|| Some(request).filter(has_own))
}

/// Returns `true` if the fields of the object are themselves headers, beside the body.
fn is_spread(request: &Json) -> bool {
    resembles(request) && body_fields::names().any(|name| field(request, name).is_some())
}

/// Returns `true` if a collection has the names of several usual headers, of which at least one
/// cannot be the name of a variable.
fn resembles(value: &Json) -> bool {
    let mut count = 0;
    let mut is_certain = false;
    let mut visit = |name: &str, value: &Json| {
        let is_value = matches!(value, Json::Text(_) | Json::Array(_));
        let is_cgi = starts_with_ignoring_case(name, CGI_PREFIX);
        let name = name.get(CGI_PREFIX.len()..).filter(|_| is_cgi).unwrap_or(name);
        let is_usual =
            |known: &&str| name.len() == known.len() && starts_with_ignoring_case(name, known);
        if is_value && USUAL_HEADERS.iter().any(is_usual) {
            count += 1;
            is_certain |= is_cgi || name.contains('-');
        }
    };
    match value {
        Json::Object(fields) => {
            for (name, value) in fields.iter().take(MAX_INSPECTED) {
                if let Some(name) = name.as_str() {
                    visit(name, value);
                }
            }
        }
        Json::Array(items) => {
            for item in items.iter().take(MAX_INSPECTED) {
                let pair = first_field(item, NAMES).zip(first_field(item, VALUES));
                if let Some((name, value)) = pair
                    && let Some(name) = name.as_str()
                {
                    visit(name, value);
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
    }
    count >= 2 && is_certain
}

/// The maximum number of fields or items in which usual headers are looked for.
const MAX_INSPECTED: usize = 200;

/// Returns `true` if a name starts with these lower-case letters, `-` and `_` being the same.
fn starts_with_ignoring_case(name: &str, prefix: &str) -> bool {
    let lower = |byte: u8| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
    name.len() >= prefix.len()
        && name.bytes().zip(prefix.bytes()).all(|(left, right)| lower(left) == right)
}

/// Parses the headers that [`find`] returned for an object.
pub(super) fn read_of(request: &Json, value: &Json) -> Result<Headers, String> {
    let has_variables = if std::ptr::eq(request, value) {
        server_variables::is_log_entry(value)
    } else {
        server_variables::is_environment(value)
    };
    if has_variables {
        return Ok(server_variables::headers(value));
    }
    if !std::ptr::eq(request, value) {
        return read(value);
    }
    let mut headers = Headers::new();
    for (name, value) in request.as_object().unwrap_or_default() {
        let Some(name) = name.as_str().filter(|name| http1::is_token(name)) else { continue };
        let mut others = body_fields::names().chain(BESIDE_SPREAD.iter().copied());
        let is_other = others.any(|known| field_names::matches_name(name, known));
        if !is_other && matches!(value, Json::Text(_)) {
            push(&mut headers, name, value)?;
        }
    }
    Ok(headers)
}

/// Fields that smee adds beside the headers, the body and the query.
const BESIDE_SPREAD: &[&str] = &["query", "timestamp", "method", "url", "path"];

/// Parses an object of names and values, a list of pairs, objects or lines, or a flat list; or a
/// string with one of these as JSON, or with one header per line.
pub(super) fn read(value: &Json) -> Result<Headers, String> {
    let invalid = || "`headers` is neither an object nor a list of names and values".to_owned();
    let mut headers = Headers::new();
    match value {
        Json::Text(text) => return read_text(text.as_str().ok_or_else(invalid)?),
        Json::Object(fields) => {
            for (name, value) in fields {
                push(&mut headers, name.as_str().ok_or_else(invalid)?, value)?;
            }
        }
        Json::Array(items) if items.first().is_some_and(|first| first.as_str().is_some()) => {
            push_flat_list(&mut headers, items).ok_or_else(invalid)??;
        }
        Json::Array(items) => {
            for item in items {
                let (name, value) = match item {
                    Json::Array(pair) if pair.len() == 2 => (Some(&pair[0]), Some(&pair[1])),
                    // Postman also exports disabled headers.
                    item if field(item, "disabled") == Some(&Json::Bool(true)) => continue,
                    item => (first_field(item, NAMES), first_field(item, VALUES)),
                };
                let name = name.and_then(Json::as_str).ok_or_else(invalid)?;
                if value.is_none_or(|value| value.as_str() == Some(""))
                    && let Some(raw) = field(item, RAW_VALUE).and_then(Json::as_str)
                {
                    headers.push(name, base64_text::decode(raw).ok_or_else(invalid)?);
                    continue;
                }
                push(&mut headers, name, value.ok_or_else(invalid)?)?;
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => return Err(invalid()),
    }
    Ok(headers)
}

/// Parses headers that were logged as one string.
fn read_text(text: &str) -> Result<Headers, String> {
    let invalid =
        || "`headers` is a string that is neither JSON nor one header per line".to_owned();
    if text.trim_start().starts_with(['{', '[']) {
        let value = json::read(text.trim().as_bytes()).map_err(|_| invalid())?;
        return match value {
            Json::Text(_) => Err(invalid()),
            value => read(&value),
        };
    }
    let mut headers = Headers::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or_else(invalid)?;
        headers.push(name.trim_end(), value.trim());
    }
    Ok(headers)
}

fn first_field<'a>(item: &'a Json, names: &[&str]) -> Option<&'a Json> {
    names.iter().find_map(|name| field(item, name))
}

/// Parses alternating names and values, or `Name: value` lines.
fn push_flat_list(headers: &mut Headers, items: &[Json]) -> Option<Result<(), String>> {
    // The name of a header cannot contain a colon.
    if items.iter().all(|item| item.as_str().is_some_and(|line| line.contains(':'))) {
        for line in items {
            let (name, value) = line.as_str()?.split_once(':')?;
            headers.push(name, value.trim());
        }
        return Some(Ok(()));
    }
    let (pairs, rest) = items.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    for [name, value] in pairs {
        if let Err(error) = push(headers, name.as_str()?, value) {
            return Some(Err(error));
        }
    }
    Some(Ok(()))
}

/// Appends a header; Node and Go log repeated ones as a list under one name.
fn push(headers: &mut Headers, name: &str, value: &Json) -> Result<(), String> {
    let values = value.as_array().unwrap_or(std::slice::from_ref(value));
    values.iter().try_for_each(|value| {
        headers.push(name, value_bytes(name, value)?);
        Ok(())
    })
}

fn value_bytes(name: &str, value: &Json) -> Result<Vec<u8>, String> {
    let encoded = value.get("base64").and_then(Json::as_str);
    match (value, encoded) {
        (Json::Number(literal), _) => Ok(literal.clone().into_bytes()),
        (_, Some(encoded)) => STANDARD
            .decode(encoded)
            .map_err(|_| format!("the value of header `{name}` is not base64")),
        (value, None) => value
            .as_str()
            .map(|text| text.as_bytes().to_vec())
            .ok_or_else(|| format!("the value of header `{name}` is not a string")),
    }
}
