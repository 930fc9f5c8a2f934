//! Describes the value that the schemas expect at a pointer.

use crate::domain::finding::{Expected, one_of, shown};
use crate::domain::pointer;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The maximum number of schemas considered for one pointer, so that circular references end.
const MAX_SCHEMAS: usize = 100;

/// The documents of a pack by name.
type Documents = BTreeMap<String, Value>;

/// A schema and the document that contains it.
type Located<'d> = (&'d str, &'d Map<String, Value>);

/// Returns the value expected at `at` in a payload that is validated against the schema `file`.
pub(super) fn at(documents: &Documents, file: &str, at: &str) -> Option<Expected> {
    let (file, root) = documents.get_key_value(file)?;
    let mut here = closure(documents, vec![(file.as_str(), root.as_object()?)]);
    for segment in pointer::segments(at) {
        let below = here.iter().filter_map(|(file, schema)| {
            below(schema, &segment).and_then(Value::as_object).map(|schema| (*file, schema))
        });
        here = closure(documents, below.collect());
    }
    let described = here.iter().filter_map(|(_, schema)| described(schema));
    described.min_by_key(|(rank, _)| *rank).map(|(_, words)| words)
}

/// Returns what a schema by itself expects beyond a type.
pub(super) fn form(schema: &Map<String, Value>) -> Option<Expected> {
    described(schema).filter(|(rank, _)| *rank < Rank::Type).map(|(_, words)| words)
}

/// The precision of a description; the smallest is the most precise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Words,
    Form,
    Type,
}

fn described(schema: &Map<String, Value>) -> Option<(Rank, Expected)> {
    if let Some(words) = schema.get("x-expected").and_then(Value::as_str) {
        return Some((Rank::Words, words.into()));
    }
    if let Some(only) = schema.get("const") {
        return Some((Rank::Form, value(only).into()));
    }
    if let Some(list) = schema.get("enum") {
        return Some((Rank::Form, options(list, &Value::Null)));
    }
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        return Some((Rank::Form, format_name(format).into()));
    }
    let kinds = schema.get("type").map(type_names)?;
    let given: Vec<_> = kinds.iter().copied().filter(|kind| *kind != "null").collect();
    Some((Rank::Type, alternatives(if given.is_empty() { &kinds } else { &given }).into()))
}

/// Returns the schemas with all that they refer to, in the order written.
fn closure<'d>(documents: &'d Documents, mut schemas: Vec<Located<'d>>) -> Vec<Located<'d>> {
    let mut next = 0;
    while let Some(&(file, schema)) = schemas.get(next) {
        next += 1;
        let referred = schema.get("$ref").and_then(Value::as_str);
        let referred = referred.and_then(|to| resolve(documents, file, to));
        let all = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let all = all.filter_map(Value::as_object).map(|schema| (file, schema));
        schemas.extend(referred.into_iter().chain(all));
        schemas.truncate(MAX_SCHEMAS);
    }
    schemas
}

fn resolve<'d>(documents: &'d Documents, file: &'d str, to: &str) -> Option<Located<'d>> {
    let (name, fragment) = to.split_once('#').unwrap_or((to, ""));
    let decoded = |part| percent_decode_str(part).decode_utf8_lossy();
    let (name, fragment) = (decoded(name), decoded(fragment));
    let (file, root) = documents.get_key_value(if name.is_empty() { file } else { &*name })?;
    Some((file, root.pointer(&fragment)?.as_object()?))
}

/// Returns the schema for a field or an item of a value.
fn below<'d>(schema: &'d Map<String, Value>, segment: &str) -> Option<&'d Value> {
    let field = schema.get("properties").and_then(|fields| fields.get(segment));
    let item = || {
        let index: usize = segment.parse().ok()?;
        schema.get("prefixItems").and_then(|items| items.get(index)).or(schema.get("items"))
    };
    field.or_else(item).or_else(|| schema.get("additionalProperties"))
}

/// Describes the options of an `enum`, except `null`, which says nothing about the value.
pub(super) fn options(options: &Value, found: &Value) -> Expected {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let given = options.as_array().into_iter().flatten().filter(|option| !option.is_null());
    let given: Vec<_> = given.map(text).collect();
    one_of(given.iter().map(String::as_str), "values", found.as_str().unwrap_or_default())
}

/// Formats a value: in backticks, except `null`.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => shown(text),
        other => shown(other),
    }
}

/// Describes a `format` of JSON Schema.
pub(in crate::protocols) fn format_name(format: &str) -> &str {
    match format {
        "email" | "idn-email" => "an e-mail address",
        "date-time" => "an RFC 3339 timestamp",
        "date" => "a date as YYYY-MM-DD",
        "time" => "an RFC 3339 time of day",
        "duration" => "an ISO 8601 duration",
        "uri" | "iri" => "a URL",
        "uuid" => "a hyphenated UUID",
        "hostname" | "idn-hostname" => "a host name",
        "ipv4" => "an IPv4 address",
        "ipv6" => "an IPv6 address",
        "regex" => "a regular expression",
        "json-pointer" => "a JSON Pointer",
        other => other,
    }
}

/// Describes the types that `type` allows.
pub(in crate::protocols) fn types(kinds: &Value) -> String {
    alternatives(&type_names(kinds))
}

/// Describes one type of a schema.
fn type_name(name: &str) -> &'static str {
    match name {
        "string" => "a string",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "a boolean",
        "array" => "a list",
        "object" => "an object",
        _ => "null",
    }
}

/// Describes the type of a value.
pub(in crate::protocols) fn type_of(value: &Value) -> &'static str {
    type_name(match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}

fn type_names(kinds: &Value) -> Vec<&'static str> {
    let name = |kind: &Value| type_name(kind.as_str().unwrap_or_default());
    match kinds {
        Value::Array(kinds) => kinds.iter().map(name).collect(),
        kind => vec![name(kind)],
    }
}

/// Joins alternatives: `a`, `a or b`, `a, b or c`.
pub(in crate::protocols) fn alternatives(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn expected(pointer: &str) -> Option<Expected> {
        let event = json!({
            "$ref": "defs.json#/$defs/lead",
            "properties": {
                "name": {"maxLength": 9},
                "kind": {"const": "sale"},
                "tags": {"items": {"format": "uuid"}},
                "self": {"$ref": "#"},
            },
        });
        let shared = json!({"$defs": {
            "lead": {"allOf": [{"properties": {
                "name": {"type": ["string", "null"]},
                "id": {"$ref": "#/$defs/a~1%20id", "type": "string"},
                "role": {"enum": ["a", "b", null]},
                "meta": {"additionalProperties": {"type": ["number", "boolean", "object"]}},
                "loop": {"$ref": "#/$defs/lead/allOf/0/properties/loop", "type": "null"},
            }}]},
            "a/ id": {"x-expected": "a UUID"},
        }});
        let documents = [("a.json".to_owned(), event), ("defs.json".to_owned(), shared)];
        at(&documents.into(), "a.json", pointer)
    }

    #[test]
    fn the_expected_value_is_found_through_references() {
        for (pointer, words) in [
            ("/name", "a string"),
            ("/kind", "`sale`"),
            ("/id", "a UUID"),
            ("/role", "one of `a`, `b`"),
            ("/tags/7", "a hyphenated UUID"),
            ("/meta/any", "a number, a boolean or an object"),
            ("/self/self/id", "a UUID"),
            ("/loop", "null"),
        ] {
            assert_eq!(expected(pointer), Some(words.into()), "{pointer}");
        }
        assert_eq!(expected("/nowhere/0"), None);
    }
}
