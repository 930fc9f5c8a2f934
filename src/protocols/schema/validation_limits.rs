//! Limits on the validation of one document, and the findings that report a limit.

use crate::domain::excerpt::{MAX_STORED_BYTES, prefix};
use crate::domain::finding::{Finding, FindingMessage, Severity};
use serde_json::Value;

/// The maximum number of findings that are listed; a malicious document could cause millions.
pub(super) const MAX_FINDINGS: usize = 100;

/// The maximum number of values of a document for which all findings are collected. A larger one is
/// checked for the first only, because the validator keeps all of them in memory.
pub(super) const MAX_FULLY_CHECKED_VALUES: usize = 20_000;

/// The maximum total size of all strings before long ones are cut: the validator copies a value
/// that it describes, once for each alternative of `anyOf` and the like.
const MAX_STRING_BYTES: usize = 256 << 10;

/// The maximum total size of all strings after the cut. Beyond it only the first error is reported.
const MAX_CUT_STRING_BYTES: usize = 1 << 20;

/// The minimum number of bytes to which a string is cut.
const MIN_CUT_LENGTH: usize = 16 << 10;

/// The source of findings about a limit.
const LIMIT_SOURCE: &str =
    "a limit of leadhook, which bounds the findings that one document can cause";

/// Reports that there are unlisted findings, of which the most severe has this severity.
pub(super) fn too_many_findings(severity: Severity) -> Finding {
    let message = FindingMessage::has("more findings", format!("at most {MAX_FINDINGS}"));
    Finding::new(
        severity,
        "more-findings",
        message.with_consequence("the others are not listed"),
        LIMIT_SOURCE,
    )
}

/// Reports that only the first error was searched for because the document is too large.
pub(super) fn too_many_values() -> Finding {
    let message = FindingMessage::has("more values", format!("at most {MAX_FULLY_CHECKED_VALUES}"));
    let message = message.with_consequence("only the first error was searched for");
    Finding::new(Severity::Warning, "more-findings", message, LIMIT_SOURCE)
}

/// Reports that long strings were cut before validation.
pub(super) fn too_long_strings(max_bytes: usize) -> Finding {
    let message =
        FindingMessage::has("a longer string", format!("strings of at most {max_bytes} bytes"));
    let message = message.with_consequence("only its beginning was checked");
    Finding::new(Severity::Warning, "more-findings", message, LIMIT_SOURCE)
}

/// Returns the number of bytes to which a string can be cut without changing the verdict of any
/// length limit: more than each of those limits in the schemas of these documents.
pub(super) fn cut_length<'d>(documents: impl IntoIterator<Item = &'d Value>) -> usize {
    fn collect(value: &Value, longest: &mut usize) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    // A character has up to four bytes.
                    let bytes = match name.as_str() {
                        "maxLength" | "minLength" => {
                            value.as_u64().map(|limit| limit.saturating_mul(4))
                        }
                        "x-max-bytes" => value.as_u64(),
                        _ => None,
                    };
                    let bytes = bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0);
                    *longest = (*longest).max(bytes.saturating_add(4));
                    collect(value, longest);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, longest)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut longest = MIN_CUT_LENGTH;
    documents.into_iter().for_each(|document| collect(document, &mut longest));
    longest
}

/// Returns the document with long strings and names cut, if its strings are large in total.
pub(super) fn with_cut_strings(document: &Value, max_bytes: usize) -> Option<Value> {
    (total_string_bytes(document) > MAX_STRING_BYTES).then(|| cut_value(document, max_bytes))
}

/// Returns `true` if the strings of a document are still large in total after the cut.
pub(super) fn has_large_strings(document: &Value) -> bool {
    total_string_bytes(document) > MAX_CUT_STRING_BYTES
}

fn cut_value(value: &Value, max_bytes: usize) -> Value {
    match value {
        Value::String(text) => prefix(text, max_bytes).into(),
        Value::Array(items) => items.iter().map(|item| cut_value(item, max_bytes)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                (prefix(name, MAX_STORED_BYTES).to_owned(), cut_value(value, max_bytes))
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Returns the total size of all strings and names in bytes.
fn total_string_bytes(document: &Value) -> usize {
    match document {
        Value::String(string) => string.len(),
        Value::Array(items) => items.iter().map(total_string_bytes).sum(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| name.len() + total_string_bytes(value)).sum()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// Counts the values of a document, including itself.
pub(super) fn count_values(document: &Value) -> usize {
    match document {
        Value::Array(items) => 1 + items.iter().map(count_values).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(count_values).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cut_string_is_longer_than_any_length_limit() {
        let documents = [
            json!({"properties": {"a": {"maxLength": 100_000}, "b": [{"minLength": 7}]}}),
            json!({"x-max-bytes": 65_536}),
        ];
        assert_eq!(cut_length(&documents), 400_004);
        assert_eq!(cut_length(&documents[1..]), 65_540);
        assert_eq!(cut_length([]), MIN_CUT_LENGTH);
    }

    #[test]
    fn only_a_document_with_large_strings_is_cut() {
        let small = json!({"a": "x".repeat(MAX_STRING_BYTES - 1)});
        assert_eq!(with_cut_strings(&small, 10), None);
        let large =
            json!({"a": ["é".repeat(MAX_STRING_BYTES)], "k".repeat(MAX_STORED_BYTES + 1): 1});
        let cut = with_cut_strings(&large, 11).unwrap();
        assert_eq!(cut, json!({"a": ["ééééé"], "k".repeat(MAX_STORED_BYTES): 1}));
    }
}
