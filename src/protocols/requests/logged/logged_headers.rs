//! Extracts the headers of a logged request from any of their representations.

use crate::domain::message::Headers;
use crate::protocols::json::Json;
use crate::protocols::requests::logged::field_names::{field, non_null_field};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The names of the headers. Representations that keep order and repetition come first: the flat
/// list of Node, then the multi-value headers of AWS.
const HEADERS: &[&str] =
    &["rawheaders", "multivalueheaders", "headers", "header", "requestheaders"];

/// The keys of the name and the value of a header in a list.
const NAMES: &[&str] = &["name", "key"];
const VALUES: &[&str] = &["value", "values"];

/// Returns the headers of an object, if it has any.
pub(super) fn find(request: &Json) -> Option<&Json> {
    let is_collection = |found: &&Json| found.as_array().is_some() || found.as_object().is_some();
    // `headers` of another type are reported as invalid, not as missing.
    let of_any_type = || non_null_field(request, "headers");
    HEADERS
        .iter()
        .find_map(|name| non_null_field(request, name).filter(is_collection))
        .or_else(of_any_type)
}

/// Parses an object of names and values, a list of pairs, objects or lines, or a flat list.
pub(super) fn read(value: &Json) -> Result<Headers, String> {
    let invalid = || "`headers` is neither an object nor a list of names and values".to_owned();
    let mut headers = Headers::new();
    match value {
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
                push(&mut headers, name, value.ok_or_else(invalid)?)?;
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => return Err(invalid()),
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
