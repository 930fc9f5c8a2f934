//! What belongs in a place, read off the schemas that speak of it.

use crate::domain::finding::{Expected, one_of, shown};
use crate::domain::pointer;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How many schemas may speak of one place: what refers to itself comes to an end.
const MOST_SCHEMAS: usize = 100;

/// The documents of a pack by name.
type Documents = BTreeMap<String, Value>;

/// A schema, and the document that it stands in.
type Located<'d> = (&'d str, &'d Map<String, Value>);

/// What belongs in the place `pointer` of a payload that is held against the schema `file`.
pub(super) fn at(documents: &Documents, file: &str, place: &str) -> Option<Expected> {
    let (file, root) = documents.get_key_value(file)?;
    let mut here = closure(documents, vec![(file.as_str(), root.as_object()?)]);
    for segment in pointer::segments(place) {
        let below = here.iter().filter_map(|(file, schema)| {
            below(schema, &segment).and_then(Value::as_object).map(|schema| (*file, schema))
        });
        here = closure(documents, below.collect());
    }
    let told = here.iter().filter_map(|(_, schema)| told(schema));
    told.min_by_key(|(rank, _)| *rank).map(|(_, words)| words)
}

/// What a schema by itself asks for beyond a type.
pub(super) fn form(schema: &Map<String, Value>) -> Option<Expected> {
    told(schema).filter(|(rank, _)| *rank < Rank::Type).map(|(_, words)| words)
}

/// How much words say: the least says the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Words,
    Form,
    Type,
}

fn told(schema: &Map<String, Value>) -> Option<(Rank, Expected)> {
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

/// The same schemas, with all that they refer to, in the order written.
fn closure<'d>(documents: &'d Documents, mut schemas: Vec<Located<'d>>) -> Vec<Located<'d>> {
    let mut next = 0;
    while let Some(&(file, schema)) = schemas.get(next) {
        next += 1;
        let referred = schema.get("$ref").and_then(Value::as_str);
        let referred = referred.and_then(|to| resolve(documents, file, to));
        let all = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let all = all.filter_map(Value::as_object).map(|schema| (file, schema));
        schemas.extend(referred.into_iter().chain(all));
        schemas.truncate(MOST_SCHEMAS);
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

/// What a schema says of a member or an item.
fn below<'d>(schema: &'d Map<String, Value>, segment: &str) -> Option<&'d Value> {
    let member = schema.get("properties").and_then(|members| members.get(segment));
    let item = || {
        let index: usize = segment.parse().ok()?;
        schema.get("prefixItems").and_then(|items| items.get(index)).or(schema.get("items"))
    };
    member.or_else(item).or_else(|| schema.get("additionalProperties"))
}

/// The options of an `enum` in words. Null is left out: it stands for nothing in particular.
pub(super) fn options(options: &Value, found: &Value) -> Expected {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let given = options.as_array().into_iter().flatten().filter(|option| !option.is_null());
    let given: Vec<_> = given.map(text).collect();
    one_of(given.iter().map(String::as_str), "values", found.as_str().unwrap_or_default())
}

/// A value in words: null as it is, anything else in backticks.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => shown(text),
        other => shown(other),
    }
}

pub(in crate::protocols) fn format_name(format: &str) -> &str {
    match format {
        "email" | "idn-email" => "an e-mail address",
        "date-time" => "a time after RFC 3339",
        "date" => "a day as YYYY-MM-DD",
        "time" => "a time of day after RFC 3339",
        "duration" => "a duration after ISO 8601",
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

/// What `type` allows, in words.
pub(in crate::protocols) fn types(kinds: &Value) -> String {
    alternatives(&type_names(kinds))
}

/// A type of a schema in words.
fn type_name(name: &str) -> &'static str {
    match name {
        "string" => "a text",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "a boolean",
        "array" => "a list",
        "object" => "an object",
        _ => "null",
    }
}

/// The type of a value in words.
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

/// `a`, `a or b`, `a, b or c`.
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

    fn expected(place: &str) -> Option<Expected> {
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
        at(&documents.into(), "a.json", place)
    }

    #[test]
    fn what_belongs_in_a_place_is_found_through_references() {
        for (place, words) in [
            ("/name", "a text"),
            ("/kind", "`sale`"),
            ("/id", "a UUID"),
            ("/role", "one of `a`, `b`"),
            ("/tags/7", "a hyphenated UUID"),
            ("/meta/any", "a number, a boolean or an object"),
            ("/self/self/id", "a UUID"),
            ("/loop", "null"),
        ] {
            assert_eq!(expected(place), Some(words.into()), "{place}");
        }
        assert_eq!(expected("/nowhere/0"), None);
    }
}
