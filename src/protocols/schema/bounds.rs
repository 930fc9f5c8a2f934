//! How much is said of one document, and what stands in the place of the rest.

use crate::domain::excerpt::{KEPT, prefix};
use crate::domain::finding::{Finding, FindingMessage, Severity};
use serde_json::Value;

/// How many findings are listed: nobody reads more, and a sender could make millions.
pub(super) const MOST_FINDINGS: usize = 100;

/// How many values a document may have to be searched for every finding; a larger one is searched
/// for the first alone, because the validator keeps all of them in memory.
pub(super) const MOST_VALUES: usize = 20_000;

/// How many bytes the strings of a document may have before long ones are cut for the search: the
/// validator copies what it describes, once for each form that a value could have had.
const MOST_TEXT: usize = 256 << 10;

/// How many bytes strings may have after the cut; beyond it only the first fault is searched for.
const MOST_CUT_TEXT: usize = 1 << 20;

/// The least that is left of a string.
const LEAST_KEPT: usize = 16 << 10;

/// Where the bounds on what is said come from.
const BOUNDED: &str = "a bound of leadhook, so that nobody can make it write without end";

/// That there are more findings than are listed, of which the heaviest weighs so much.
pub(super) fn more_findings(severity: Severity) -> Finding {
    let words = FindingMessage::has("more findings", format!("at most {MOST_FINDINGS}"));
    Finding::new(severity, "more-findings", words.so("the others are not listed"), BOUNDED)
}

/// That a document is so large that only its first fault was looked for.
pub(super) fn more_values() -> Finding {
    let words = FindingMessage::has("more values", format!("at most {MOST_VALUES}"));
    let words = words.so("only the first fault was looked for");
    Finding::new(Severity::Warning, "more-findings", words, BOUNDED)
}

/// That long strings were cut before faults were looked for.
pub(super) fn cut_strings(longest: usize) -> Finding {
    let words =
        FindingMessage::has("a longer string", format!("strings of at most {longest} bytes"));
    let words = words.so("only its beginning was looked at");
    Finding::new(Severity::Warning, "more-findings", words, BOUNDED)
}

/// Returns the bytes that must be left of a string, so that it breaks the same limits: more than any
/// number that a schema of these documents gives as a limit of a length.
pub(super) fn longest_limit<'d>(documents: impl IntoIterator<Item = &'d Value>) -> usize {
    fn limits(value: &Value, longest: &mut usize) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
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
                    limits(value, longest);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| limits(item, longest)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut longest = LEAST_KEPT;
    documents.into_iter().for_each(|document| limits(document, &mut longest));
    longest
}

/// Returns the document with its long strings and names cut, if it has much text.
pub(super) fn shortened(document: &Value, longest: usize) -> Option<Value> {
    (text(document) > MOST_TEXT).then(|| cut(document, longest))
}

/// Returns `true` if a document that was cut still has much text.
pub(super) fn has_much_text(document: &Value) -> bool {
    text(document) > MOST_CUT_TEXT
}

fn cut(value: &Value, longest: usize) -> Value {
    match value {
        Value::String(text) => prefix(text, longest).into(),
        Value::Array(items) => items.iter().map(|item| cut(item, longest)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (prefix(name, KEPT).to_owned(), cut(value, longest)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Returns the number of bytes of all strings and names.
fn text(document: &Value) -> usize {
    match document {
        Value::String(string) => string.len(),
        Value::Array(items) => items.iter().map(text).sum(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| name.len() + text(value)).sum()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// How many values a document holds, itself included.
pub(super) fn values(document: &Value) -> usize {
    match document {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(values).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_left_of_a_string_is_longer_than_any_limit() {
        let documents = [
            json!({"properties": {"a": {"maxLength": 100_000}, "b": [{"minLength": 7}]}}),
            json!({"x-max-bytes": 65_536}),
        ];
        assert_eq!(longest_limit(&documents), 400_004);
        assert_eq!(longest_limit(&documents[1..]), 65_540);
        assert_eq!(longest_limit([]), LEAST_KEPT);
    }

    #[test]
    fn only_a_document_with_much_text_is_cut() {
        let small = json!({"a": "x".repeat(MOST_TEXT - 1)});
        assert_eq!(shortened(&small, 10), None);
        let large = json!({"a": ["é".repeat(MOST_TEXT)], "k".repeat(KEPT + 1): 1});
        let cut = shortened(&large, 11).unwrap();
        assert_eq!(cut, json!({"a": ["ééééé"], "k".repeat(KEPT): 1}));
    }
}
