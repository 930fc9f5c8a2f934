//! Describes the value that the schemas expect at a pointer.

use crate::domain::finding::{Expected, one_of, quote_value};
use crate::domain::pointer;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The maximum number of schemas considered for one pointer, so that circular references end.
const MAX_SCHEMAS: usize = 100;

/// The documents of a pack by name.
type Documents = BTreeMap<String, Value>;

/// A schema and the document that contains it.
type SchemaInFile<'d> = (&'d str, &'d Map<String, Value>);

/// Describes the value expected at `pointer` in a payload that the schema `file` validates.
///
/// Several schemas can apply to one value; the most precise description is returned, and of equally
/// precise ones the first.
pub(super) fn expected_at(documents: &Documents, file: &str, pointer: &str) -> Option<Expected> {
    let (file, root) = documents.get_key_value(file)?;
    let mut schemas = with_references(documents, vec![(file.as_str(), root.as_object()?)]);
    for segment in pointer::segments(pointer) {
        let subschemas = schemas.iter().filter_map(|(file, schema)| {
            subschema(schema, &segment).and_then(Value::as_object).map(|schema| (*file, schema))
        });
        schemas = with_references(documents, subschemas.collect());
    }
    let descriptions = schemas.iter().filter_map(|(_, schema)| describe(schema));
    descriptions.min_by_key(|(rank, _)| *rank).map(|(_, expected)| expected)
}

/// Describes the value that a schema by itself expects, if it requires more than a type.
pub(super) fn describe_beyond_type(schema: &Map<String, Value>) -> Option<Expected> {
    describe(schema)
        .filter(|(rank, _)| *rank < DescriptionPrecision::Type)
        .map(|(_, expected)| expected)
}

/// The precision of a description, the most precise first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum DescriptionPrecision {
    /// By `x-expected`.
    Custom,
    /// By `const`, `enum` or `format`.
    Constraint,
    /// By `type`.
    Type,
}

/// Describes the value that a schema expects, without the schemas that it refers to.
fn describe(schema: &Map<String, Value>) -> Option<(DescriptionPrecision, Expected)> {
    if let Some(custom) = schema.get("x-expected").and_then(Value::as_str) {
        return Some((DescriptionPrecision::Custom, custom.into()));
    }
    if let Some(constant) = schema.get("const") {
        return Some((DescriptionPrecision::Constraint, format_value(constant).into()));
    }
    if let Some(list) = schema.get("enum") {
        return Some((DescriptionPrecision::Constraint, describe_options(list, &Value::Null)));
    }
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        return Some((DescriptionPrecision::Constraint, describe_format(format).into()));
    }
    let names = schema.get("type").map(describe_each_type)?;
    let non_null: Vec<_> = names.iter().copied().filter(|name| *name != "null").collect();
    Some((
        DescriptionPrecision::Type,
        join_alternatives(if non_null.is_empty() { &names } else { &non_null }).into(),
    ))
}

/// Extends the schemas by all that they refer to, in the order written.
///
/// The vector is the result and the queue of a breadth-first search. Its maximum length makes the
/// search end even if schemas refer to each other in circles.
fn with_references<'d>(
    documents: &'d Documents,
    mut schemas: Vec<SchemaInFile<'d>>,
) -> Vec<SchemaInFile<'d>> {
    let mut next = 0;
    while let Some(&(file, schema)) = schemas.get(next) {
        next += 1;
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| resolve(documents, file, reference));
        let all_of = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let all_of = all_of.filter_map(Value::as_object).map(|schema| (file, schema));
        schemas.extend(target.into_iter().chain(all_of));
        schemas.truncate(MAX_SCHEMAS);
    }
    schemas
}

/// Resolves a reference in `file`, if its target is in the documents.
fn resolve<'d>(
    documents: &'d Documents,
    file: &'d str,
    reference: &str,
) -> Option<SchemaInFile<'d>> {
    let (name, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    // JSON Pointers in a URI fragment are percent-encoded (RFC 6901, section 6).
    let decode = |part| percent_decode_str(part).decode_utf8_lossy();
    let (name, fragment) = (decode(name), decode(fragment));
    let (file, root) = documents.get_key_value(if name.is_empty() { file } else { &*name })?;
    Some((file, root.pointer(&fragment)?.as_object()?))
}

/// Returns the schema for a field or an item of a value.
fn subschema<'d>(schema: &'d Map<String, Value>, segment: &str) -> Option<&'d Value> {
    let field = schema.get("properties").and_then(|fields| fields.get(segment));
    let item = || {
        let index: usize = segment.parse().ok()?;
        schema.get("prefixItems").and_then(|items| items.get(index)).or(schema.get("items"))
    };
    field.or_else(item).or_else(|| schema.get("additionalProperties"))
}

/// Describes the options of an `enum`, except `null`, which does not help to correct a value.
pub(super) fn describe_options(options: &Value, found: &Value) -> Expected {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let non_null = options.as_array().into_iter().flatten().filter(|option| !option.is_null());
    let non_null: Vec<_> = non_null.map(text).collect();
    one_of(non_null.iter().map(String::as_str), "values", found.as_str().unwrap_or_default())
}

/// Formats a value: in backticks, except `null`.
pub(super) fn format_value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => quote_value(text),
        other => quote_value(other),
    }
}

/// Describes a `format` of JSON Schema.
pub(in crate::protocols) fn describe_format(format: &str) -> &str {
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

/// Describes the types that the keyword `type` allows.
pub(in crate::protocols) fn describe_types(keyword_value: &Value) -> String {
    join_alternatives(&describe_each_type(keyword_value))
}

/// Describes one type of a schema.
fn describe_type(name: &str) -> &'static str {
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
pub(in crate::protocols) fn describe_type_of(value: &Value) -> &'static str {
    describe_type(match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}

fn describe_each_type(keyword_value: &Value) -> Vec<&'static str> {
    let describe = |name: &Value| describe_type(name.as_str().unwrap_or_default());
    match keyword_value {
        Value::Array(names) => names.iter().map(describe).collect(),
        name => vec![describe(name)],
    }
}

/// Joins alternatives: `a`, `a or b`, `a, b or c`.
pub(in crate::protocols) fn join_alternatives(items: &[&str]) -> String {
    match items {
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
        expected_at(&documents.into(), "a.json", pointer)
    }

    #[test]
    fn the_expected_value_is_found_through_references() {
        for (pointer, description) in [
            ("/name", "a string"),
            ("/kind", "`sale`"),
            ("/id", "a UUID"),
            ("/role", "one of `a`, `b`"),
            ("/tags/7", "a hyphenated UUID"),
            ("/meta/any", "a number, a boolean or an object"),
            ("/self/self/id", "a UUID"),
            ("/loop", "null"),
        ] {
            assert_eq!(expected(pointer), Some(description.into()), "{pointer}");
        }
        assert_eq!(expected("/nowhere/0"), None);
    }
}
