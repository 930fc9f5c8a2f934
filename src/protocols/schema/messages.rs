//! Converts an error of the validator to a finding: its code, the value found, the value expected.

use crate::domain::finding::{FindingMessage, one_of, quote_value};
use crate::protocols::schema::custom_keywords::CustomKeyword;
use crate::protocols::schema::expectation;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::{Map, Value};
use std::fmt::Display;

/// Returns the code and the message for a `value` that violates `keyword` in the object `rule` of a
/// schema.
///
/// Missing and unknown fields are reported by the caller, one finding for each.
pub(super) fn code_and_message(
    error: &ValidationError<'_>,
    value: &Value,
    rule: Option<&Map<String, Value>>,
    keyword: &str,
) -> (&'static str, FindingMessage) {
    let annotation = |name: &str| rule.and_then(|rule| rule.get(name)).and_then(Value::as_str);
    let keyword_value = rule.and_then(|rule| rule.get(keyword)).unwrap_or(&Value::Null);
    let expected =
        |default: &str| annotation("x-expected").map_or_else(|| default.to_owned(), str::to_owned);
    let content_is = |default: &str| FindingMessage::is(describe_content(value), expected(default));
    match error.kind() {
        Kind::Type { .. } => (
            "wrong-type",
            FindingMessage::is(describe_with_type(value), expected_type(rule, keyword_value)),
        ),
        Kind::Enum { options } => (
            "not-in-list",
            FindingMessage::is(
                describe_content(value),
                expectation::describe_options(options, value),
            ),
        ),
        Kind::Constant { expected_value } => (
            "not-in-list",
            FindingMessage::is(describe_content(value), expectation::format_value(expected_value)),
        ),
        Kind::Format { format } => ("bad-format", content_is(expectation::describe_format(format))),
        Kind::Pattern { pattern } => {
            ("bad-format", content_is(&format!("a string that matches {}", quote_value(pattern))))
        }
        Kind::MinLength { limit: 1 } => {
            let expected = rule.and_then(expectation::describe_beyond_type);
            let expected = expected.unwrap_or_else(|| "at least 1 character".into());
            ("empty", FindingMessage::with_found("is empty", "an empty string", expected))
        }
        Kind::MinLength { limit } => (
            "too-short",
            FindingMessage::has(
                format_count(count_characters(value), "character"),
                at_least(limit, "character"),
            ),
        ),
        Kind::MaxLength { limit } => (
            "too-long",
            FindingMessage::has(
                format_count(count_characters(value), "character"),
                at_most(limit, "character"),
            ),
        ),
        Kind::Minimum { limit } => ("out-of-range", content_is(&format!("at least {limit}"))),
        Kind::Maximum { limit } => ("out-of-range", content_is(&format!("at most {limit}"))),
        Kind::ExclusiveMinimum { limit } => {
            ("out-of-range", content_is(&format!("more than {limit}")))
        }
        Kind::ExclusiveMaximum { limit } => {
            ("out-of-range", content_is(&format!("less than {limit}")))
        }
        Kind::Custom { .. } => custom_keyword_message(value, keyword, keyword_value),
        _ => collection_message(error, value, rule).unwrap_or_else(|| {
            let default = describe_keyword(error, keyword, keyword_value);
            // `x-found` describes an object or a list better than its type.
            let has = |found| FindingMessage::has(found, expected(&default));
            ("rule-broken", annotation("x-found").map_or_else(|| content_is(&default), has))
        }),
    }
}

/// Describes the expected value for keywords that combine other schemas or are rare.
fn describe_keyword(error: &ValidationError<'_>, keyword: &str, keyword_value: &Value) -> String {
    let alternatives = || keyword_value.as_array().map_or(0, Vec::len);
    match error.kind() {
        Kind::Not { .. } => "anything but what `not` describes".to_owned(),
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            format!("one of {} alternatives", alternatives())
        }
        Kind::OneOfMultipleValid { .. } => {
            format!("exactly one of {} alternatives", alternatives())
        }
        Kind::MultipleOf { .. } => format!("a multiple of {keyword_value}"),
        Kind::FalseSchema => "nothing".to_owned(),
        _ => format!("a value that {} allows", quote_value(keyword)),
    }
}

/// Describes a value with too many, too few, or unexpected items or fields.
fn collection_message(
    error: &ValidationError<'_>,
    value: &Value,
    rule: Option<&Map<String, Value>>,
) -> Option<(&'static str, FindingMessage)> {
    let items = || format_count(value.as_array().map_or(0, Vec::len), "item");
    let fields = || format_count(value.as_object().map_or(0, Map::len), "field");
    let (code, found, default) = match error.kind() {
        Kind::MinItems { limit } => ("too-few", items(), at_least(limit, "item")),
        Kind::MaxItems { limit } => ("too-many", items(), at_most(limit, "item")),
        Kind::AdditionalItems { limit } => ("too-many", items(), at_most(limit, "item")),
        Kind::UnevaluatedItems { .. } => {
            ("too-many", items(), "no items that the schema does not describe".to_owned())
        }
        Kind::MinProperties { limit } => ("too-few", fields(), at_least(limit, "field")),
        Kind::MaxProperties { limit } => ("too-many", fields(), at_most(limit, "field")),
        Kind::UniqueItems => {
            ("rule-broken", "a duplicate item".to_owned(), "distinct items".to_owned())
        }
        Kind::Contains => (
            "rule-broken",
            "no matching item".to_owned(),
            "one that `contains` describes".to_owned(),
        ),
        _ => return None,
    };
    let expected = rule.and_then(|rule| rule.get("x-expected")).and_then(Value::as_str);
    Some((code, FindingMessage::has(found, expected.unwrap_or(&default))))
}

/// Describes a field that no schema defines, with the most similar known names.
pub(super) fn unknown_field(name: &str, rule: Option<&Map<String, Value>>) -> FindingMessage {
    let known = rule.and_then(|rule| rule.get("properties")).and_then(Value::as_object);
    let known = known.into_iter().flatten().map(|(name, _)| name.as_str());
    let expected = one_of(known, "names", name);
    FindingMessage::with_found("is not in the vendor's documentation", "an unknown field", expected)
}

/// Describes the expected type, by the `x-expected` of the schema if it has one.
fn expected_type(rule: Option<&Map<String, Value>>, keyword_value: &Value) -> String {
    let types = expectation::describe_types(keyword_value);
    let custom = rule.and_then(|rule| rule.get("x-expected")).and_then(Value::as_str);
    match custom {
        Some(custom) if types.ends_with(" or null") => format!("{custom}, or null"),
        Some(custom) => custom.to_owned(),
        None => types,
    }
}

fn custom_keyword_message(
    value: &Value,
    keyword: &str,
    limit_value: &Value,
) -> (&'static str, FindingMessage) {
    let limit_value = limit_value.as_u64().unwrap_or_default();
    match CustomKeyword::from_name(keyword) {
        Some(limit @ CustomKeyword::MaxDecimals) => (
            "too-precise",
            FindingMessage::has(
                format_count(limit.measure(value), "decimal"),
                at_most(limit_value, "decimal"),
            ),
        ),
        limit => {
            let size = limit.unwrap_or(CustomKeyword::MaxBytes).measure(value);
            let max = format!("{} as compact JSON in UTF-8", at_most(limit_value, "byte"));
            ("too-large", FindingMessage::has(format_count(size, "byte"), max))
        }
    }
}

/// Describes a value of the wrong type.
fn describe_with_type(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => format!("the boolean {}", quote_value(value)),
        Value::Number(_) => format!("the number {}", quote_value(value)),
        Value::String(text) if text.is_empty() => "an empty string".to_owned(),
        Value::String(text) => format!("the string {}", quote_value(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Describes a value of the right type with the wrong content.
fn describe_content(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() => quote_value(text),
        Value::Number(_) => quote_value(value),
        other => describe_with_type(other),
    }
}

fn count_characters(value: &Value) -> usize {
    value.as_str().unwrap_or_default().chars().count()
}

/// Formats a count with its noun: `1 item`, `2 items`.
pub(in crate::protocols) fn format_count(count: impl Display, noun: &str) -> String {
    let count = count.to_string();
    let plural = if count == "1" { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn at_least(limit: impl Display, noun: &str) -> String {
    format!("at least {}", format_count(limit, noun))
}

fn at_most(limit: impl Display, noun: &str) -> String {
    format!("at most {}", format_count(limit, noun))
}

#[cfg(test)]
mod tests {
    use crate::protocols::schema::Schema;

    /// A schema, a document that violates it, and the code and the message of the finding.
    const CASES: &[(&str, &str, &str, &str)] = &[
        (r#"{"type": "string"}"#, "5", "wrong-type", "is the number `5`, expected a string"),
        (
            r#"{"type": ["string", "null"], "x-expected": "a name"}"#,
            "[]",
            "wrong-type",
            "is a list, expected a name, or null",
        ),
        (
            r#"{"enum": ["a", "b", null]}"#,
            r#""c""#,
            "not-in-list",
            "is `c`, expected one of `a`, `b`",
        ),
        (r#"{"const": 1}"#, "true", "not-in-list", "is the boolean `true`, expected `1`"),
        (
            r#"{"format": "ipv4"}"#,
            r#""""#,
            "bad-format",
            "is an empty string, expected an IPv4 address",
        ),
        (
            r#"{"pattern": "^a"}"#,
            r#""b""#,
            "bad-format",
            "is `b`, expected a string that matches `^a`",
        ),
        (
            r#"{"pattern": "^a", "x-expected": "an a"}"#,
            r#""b""#,
            "bad-format",
            "is `b`, expected an a",
        ),
        (r#"{"minLength": 1}"#, r#""""#, "empty", "is empty, expected at least 1 character"),
        (
            r#"{"minLength": 1, "format": "uuid"}"#,
            r#""""#,
            "empty",
            "is empty, expected a hyphenated UUID",
        ),
        (
            r#"{"minLength": 2}"#,
            r#""é""#,
            "too-short",
            "has 1 character, expected at least 2 characters",
        ),
        (
            r#"{"maxLength": 1}"#,
            r#""éé""#,
            "too-long",
            "has 2 characters, expected at most 1 character",
        ),
        (r#"{"minimum": 1}"#, "0", "out-of-range", "is `0`, expected at least 1"),
        (r#"{"maximum": 1.5}"#, "2", "out-of-range", "is `2`, expected at most 1.5"),
        (r#"{"exclusiveMinimum": 1}"#, "1", "out-of-range", "is `1`, expected more than 1"),
        (r#"{"exclusiveMaximum": 1}"#, "1", "out-of-range", "is `1`, expected less than 1"),
        (r#"{"multipleOf": 5}"#, "3", "rule-broken", "is `3`, expected a multiple of 5"),
        (r#"{"minItems": 1}"#, "[]", "too-few", "has 0 items, expected at least 1 item"),
        (r#"{"maxItems": 1}"#, "[1, 2]", "too-many", "has 2 items, expected at most 1 item"),
        (
            r#"{"uniqueItems": true}"#,
            "[1, 1]",
            "rule-broken",
            "has a duplicate item, expected distinct items",
        ),
        (
            r#"{"contains": {"const": 1}, "x-expected": "a one"}"#,
            "[2]",
            "rule-broken",
            "has no matching item, expected a one",
        ),
        (r#"{"minProperties": 1}"#, "{}", "too-few", "has 0 fields, expected at least 1 field"),
        (
            r#"{"maxProperties": 0}"#,
            r#"{"a": 1}"#,
            "too-many",
            "has 1 field, expected at most 0 fields",
        ),
        (
            r#"{"properties": {"abc": true, "x": true}, "additionalProperties": false}"#,
            r#"{"abd": 1}"#,
            "unknown-member",
            "is not in the vendor's documentation, expected one of `abc`, `x`",
        ),
        (r#"{"required": ["a"]}"#, "{}", "missing", "is missing, expected a value"),
        (
            r#"{"dependentRequired": {"a": ["b"]}, "properties": {"b": {"type": "number"}}}"#,
            r#"{"a": 1}"#,
            "missing",
            "is missing, expected a number",
        ),
        (
            r#"{"not": {"type": "null"}}"#,
            "null",
            "rule-broken",
            "is null, expected anything but what `not` describes",
        ),
        (
            r#"{"anyOf": [false, {"type": "null"}]}"#,
            "[]",
            "rule-broken",
            "is a list, expected one of 2 alternatives",
        ),
        (
            r#"{"anyOf": [false], "x-code": "no-name", "x-found": "no name", "x-expected": "one"}"#,
            "{}",
            "no-name",
            "has no name, expected one",
        ),
        (
            r#"{"oneOf": [true, true]}"#,
            "1",
            "rule-broken",
            "is `1`, expected exactly one of 2 alternatives",
        ),
        ("false", "1", "rule-broken", "is `1`, expected nothing"),
        (
            r#"{"x-max-bytes": 8}"#,
            r#"{"a": "é"}"#,
            "too-large",
            "has 10 bytes, expected at most 8 bytes as compact JSON in UTF-8",
        ),
        (
            r#"{"x-max-decimals": 1}"#,
            "0.25",
            "too-precise",
            "has 2 decimals, expected at most 1 decimal",
        ),
    ];

    #[test]
    fn every_keyword_names_the_found_and_the_expected_value() {
        for (schema, document, code, message) in CASES {
            let parse = |text: &str| serde_json::from_str(text).unwrap();
            let documents = [("a.json".to_owned(), parse(schema))].into();
            let found = Schema::compile("a.json", documents).unwrap().findings(&parse(document));
            let messages: Vec<_> = found.iter().map(|it| (&*it.code, &*it.message)).collect();
            assert_eq!(messages, [(*code, *message)], "{schema}");
            assert!(!found[0].expected.is_empty() && !found[0].found.is_empty(), "{schema}");
            assert_eq!(
                found[0].source, "`a.json`",
                "the source is the file if {schema} has no `$comment`"
            );
        }
    }
}
