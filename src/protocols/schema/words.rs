//! An error of the validator in words: its code, what was found, and what was expected.

use crate::domain::finding::Words;
use crate::domain::finding::one_of;
use crate::domain::finding::shown;
use crate::protocols::schema::expectation;
use crate::protocols::schema::limits::Limit;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Map;
use serde_json::Value;
use std::fmt::Display;

/// The words for what `keyword`, which stands in the object `rule` of a schema, has refused.
///
/// A missing member is not told here: what belongs in its place is said elsewhere.
pub(super) fn words(
    error: &ValidationError<'_>,
    rule: Option<&Map<String, Value>>,
    keyword: &str,
) -> (&'static str, Words) {
    let word = |name: &str| rule.and_then(|rule| rule.get(name)).and_then(Value::as_str);
    let asked = rule.and_then(|rule| rule.get(keyword)).unwrap_or(&Value::Null);
    let expected =
        |default: &str| word("x-expected").map_or_else(|| default.to_owned(), str::to_owned);
    let value = error.instance();
    let is = |default: &str| Words::is(stands(value), expected(default));
    match error.kind() {
        Kind::Type { .. } => ("wrong-type", Words::is(typed(value), kind(rule, asked))),
        Kind::Enum { options } => {
            ("not-in-list", Words::is(stands(value), expectation::options(options, value)))
        }
        Kind::Constant { expected_value } => {
            ("not-in-list", Words::is(stands(value), expectation::value(expected_value)))
        }
        Kind::Format { format } => ("bad-format", is(expectation::format_name(format))),
        Kind::Pattern { pattern } => {
            ("bad-format", is(&format!("a text that matches {}", shown(pattern))))
        }
        Kind::MinLength { limit: 1 } => {
            let form = rule.and_then(expectation::form);
            let form = form.unwrap_or_else(|| "at least 1 character".into());
            ("empty", Words::told("is empty", "an empty text", form))
        }
        Kind::MinLength { limit } => (
            "too-short",
            Words::has(counted(length(value), "character"), least(limit, "character")),
        ),
        Kind::MaxLength { limit } => {
            ("too-long", Words::has(counted(length(value), "character"), most(limit, "character")))
        }
        Kind::Minimum { limit } => ("out-of-range", is(&format!("at least {limit}"))),
        Kind::Maximum { limit } => ("out-of-range", is(&format!("at most {limit}"))),
        Kind::ExclusiveMinimum { limit } => ("out-of-range", is(&format!("more than {limit}"))),
        Kind::ExclusiveMaximum { limit } => ("out-of-range", is(&format!("less than {limit}"))),
        Kind::Custom { .. } => limited(value, keyword, asked),
        _ => of_several(error, rule).unwrap_or_else(|| {
            let default = match error.kind() {
                Kind::Not { .. } => "anything but what `not` describes".to_owned(),
                Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
                    format!("one of {} forms", asked.as_array().map_or(0, Vec::len))
                }
                Kind::OneOfMultipleValid { .. } => "one form alone".to_owned(),
                Kind::MultipleOf { .. } => format!("a multiple of {asked}"),
                Kind::FalseSchema => "nothing".to_owned(),
                _ => format!("what {} asks for", shown(keyword)),
            };
            // Of an object or a list as a whole, the kind alone would say little.
            let words = word("x-found")
                .map_or_else(|| is(&default), |found| Words::has(found, expected(&default)));
            ("rule-broken", words)
        }),
    }
}

/// What has too many or too few parts, or parts that do not belong there.
fn of_several(
    error: &ValidationError<'_>,
    rule: Option<&Map<String, Value>>,
) -> Option<(&'static str, Words)> {
    let value = error.instance();
    let items = || counted(value.as_array().map_or(0, Vec::len), "item");
    let members = || counted(value.as_object().map_or(0, Map::len), "member");
    let (code, found, default) = match error.kind() {
        Kind::MinItems { limit } => ("too-few", items(), least(limit, "item")),
        Kind::MaxItems { limit } => ("too-many", items(), most(limit, "item")),
        Kind::AdditionalItems { limit } => ("too-many", items(), most(limit, "item")),
        Kind::UnevaluatedItems { .. } => {
            ("too-many", items(), "no items that the schema does not describe".to_owned())
        }
        Kind::MinProperties { limit } => ("too-few", members(), least(limit, "member")),
        Kind::MaxProperties { limit } => ("too-many", members(), most(limit, "member")),
        Kind::UniqueItems => {
            ("rule-broken", "an item twice".to_owned(), "each item once".to_owned())
        }
        Kind::Contains => (
            "rule-broken",
            "no item of the kind".to_owned(),
            "one that `contains` describes".to_owned(),
        ),
        _ => return None,
    };
    let expected = rule.and_then(|rule| rule.get("x-expected")).and_then(Value::as_str);
    Some((code, Words::has(found, expected.unwrap_or(&default))))
}

/// The words for a member that no schema knows, with the known ones that are most like it.
pub(super) fn unknown_member(name: &str, rule: Option<&Map<String, Value>>) -> Words {
    let known = rule.and_then(|rule| rule.get("properties")).and_then(Value::as_object);
    let known = known.into_iter().flatten().map(|(name, _)| name.as_str());
    let expected = one_of(known, "names", name);
    Words::told("is not on the vendor's page", "an unknown member", expected)
}

/// What a type is wanted for, in the words of the schema where it has some.
fn kind(rule: Option<&Map<String, Value>>, asked: &Value) -> String {
    let types = expectation::types(asked);
    let words = rule.and_then(|rule| rule.get("x-expected")).and_then(Value::as_str);
    match words {
        Some(words) if types.ends_with(" or null") => format!("{words}, or null"),
        Some(words) => words.to_owned(),
        None => types,
    }
}

fn limited(value: &Value, keyword: &str, most_allowed: &Value) -> (&'static str, Words) {
    let most_allowed = most_allowed.as_u64().unwrap_or_default();
    match Limit::of(keyword) {
        Some(limit @ Limit::MaxDecimals) => (
            "too-precise",
            Words::has(counted(limit.measure(value), "decimal"), most(most_allowed, "decimal")),
        ),
        limit => {
            let size = limit.unwrap_or(Limit::MaxBytes).measure(value);
            let most = format!("{} as compact JSON in UTF-8", most(most_allowed, "byte"));
            ("too-large", Words::has(counted(size, "byte"), most))
        }
    }
}

/// A value where its kind is in question.
fn typed(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => format!("the boolean {}", shown(value)),
        Value::Number(_) => format!("the number {}", shown(value)),
        Value::String(text) if text.is_empty() => "an empty text".to_owned(),
        Value::String(text) => format!("the text {}", shown(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// A value where its content is in question.
fn stands(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() => shown(text),
        Value::Number(_) => shown(value),
        other => typed(other),
    }
}

fn length(value: &Value) -> usize {
    value.as_str().unwrap_or_default().chars().count()
}

/// `1 item`, `2 items`.
pub(in crate::protocols) fn counted(count: impl Display, noun: &str) -> String {
    let count = count.to_string();
    let plural = if count == "1" { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn least(limit: impl Display, noun: &str) -> String {
    format!("at least {}", counted(limit, noun))
}

fn most(limit: impl Display, noun: &str) -> String {
    format!("at most {}", counted(limit, noun))
}
