//! The keywords of a schema that a payload can violate, and their `$comment`s.

use serde_json::{Map, Value};

/// The keywords that a payload can violate directly. `false` in place of a schema is one more.
pub(super) const ASSERTIONS: &[&str] = &[
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "required",
    "uniqueItems",
    "anyOf",
    "oneOf",
    "not",
    "contains",
    "propertyNames",
    "dependentRequired",
    "x-max-bytes",
    "x-max-decimals",
];

/// Returns the keywords of a schema that a payload can violate.
pub(super) fn assertions(keywords: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    let keywords = keywords.iter().map(|(keyword, value)| (keyword.as_str(), value));
    keywords.filter(|(keyword, _)| ASSERTIONS.contains(keyword))
}

/// Returns the source of a rule: the `$comment` of the object that contains its keyword.
pub(super) fn source(schema: Option<&Map<String, Value>>) -> Option<String> {
    schema.and_then(|schema| schema.get("$comment")).and_then(Value::as_str).map(str::to_owned)
}
