//! Values of two JSON documents that differ, pointer by pointer.

use crate::domain::excerpt::{MAX_STORED_BYTES, prefix};
use crate::engine::difference::body::is_invisible;
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::json_print;
use serde::Serialize;
use std::fmt::Write;

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ValueDifference {
    /// The JSON Pointer; empty for the whole document.
    pub pointer: String,
    /// The kind of difference.
    pub change: ValueChange,
    /// The value in the first document as JSON, or a description if it is long.
    pub a: Option<String>,
    /// The value in the second document.
    pub b: Option<String>,
    /// What happened to the value, if that can be seen.
    pub note: Option<&'static str>,
}

/// The kind of difference of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ValueChange {
    /// Only the second document has it.
    Added,
    /// Only the first document has it.
    Removed,
    /// The values differ.
    Changed,
    /// A document has the field more than once, so that parsers differ on its value.
    Repeated,
}

/// Returns `true` if a note applies to a value in both documents.
type Condition = fn(&Json, &Json) -> bool;

/// Conditions on a changed value, and what they say.
static NOTES: &[(Condition, &str)] = &[
    (|a, b| is_rounded(a, b), "B rounded the number to a double"),
    (|a, b| is_rounded(b, a), "A rounded the number to a double"),
    (|a, b| is_number_of_text(a, b), "the same number, as a string in one of them"),
    (|a, b| is_empty_text(a) && *b == Json::Null, "the empty string became null"),
    (|a, b| *a == Json::Null && is_empty_text(b), "null became the empty string"),
    (|a, b| strings(a, b).is_some_and(|(a, b)| a.trim() == b), "whitespace around it was removed"),
    (|a, b| strings(a, b).is_some_and(|(a, b)| a == b.trim()), "whitespace around it was added"),
    (
        |a, b| strings(a, b).is_some_and(|(a, b)| plain(a) == plain(b)),
        "only spaces and invisible characters differ",
    ),
    (
        |a, b| strings(a, b).is_some_and(|(a, b)| a.to_lowercase() == b.to_lowercase()),
        "only the case differs",
    ),
    (
        |a, b| {
            strings(a, b).is_some_and(|(a, b)| b.contains(['?', '\u{fffd}']) && is_replaced(a, b))
        },
        "characters outside of ASCII were replaced",
    ),
    (
        |a, b| strings(a, b).is_some_and(|(a, b)| !b.is_empty() && a.starts_with(b)),
        "the string was cut off",
    ),
];

/// Returns the values that differ, in the order of the first document.
pub(super) fn differences(a: &Json, b: &Json) -> Vec<ValueDifference> {
    // Equal documents with a repeated field differ from themselves, by the rules of tokens.
    if a == b {
        return Vec::new();
    }
    json::differences(a, b).into_iter().map(|pointer| difference(a, b, pointer)).collect()
}

fn difference(a: &Json, b: &Json, pointer: String) -> ValueDifference {
    let (left, right) = (a.pointer(&pointer), b.pointer(&pointer));
    let change = match (left, right) {
        (Some(_), None) => ValueChange::Removed,
        (None, Some(_)) => ValueChange::Added,
        (Some(left), Some(right)) if left == right => ValueChange::Repeated,
        _ => ValueChange::Changed,
    };
    let note = left.zip(right).filter(|_| change == ValueChange::Changed);
    let note = note.and_then(|(left, right)| {
        NOTES.iter().find(|(applies, _)| applies(left, right)).map(|(_, note)| *note)
    });
    ValueDifference { pointer, change, a: left.map(excerpt), b: right.map(excerpt), note }
}

/// Returns the value as JSON, or a description if that is long.
fn excerpt(value: &Json) -> String {
    let printed = json_print::print_with_limit(value, &json_print::AS_WRITTEN, MAX_STORED_BYTES);
    if let Some(printed) = printed {
        return with_escapes(&String::from_utf8_lossy(&printed));
    }
    match value {
        Json::Array(items) => format!("an array of {} elements", items.len()),
        Json::Object(fields) => format!("an object with {} fields", fields.len()),
        Json::Text(text) => with_escapes(prefix(&text.to_string_lossy(), MAX_STORED_BYTES)),
        Json::Number(literal) => prefix(literal, MAX_STORED_BYTES).to_owned(),
        Json::Null | Json::Bool(_) => String::new(),
    }
}

/// Escapes invisible characters as JSON does: two values that look the same must not be printed the
/// same.
fn with_escapes(text: &str) -> String {
    if !text.chars().any(is_invisible) {
        return text.to_owned();
    }
    let mut escaped = String::new();
    for character in text.chars() {
        if is_invisible(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a `String` cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Returns `true` if `to` is `from` after a parser without large integers has read it.
fn is_rounded(from: &Json, to: &Json) -> bool {
    let (Json::Number(from), Json::Number(to)) = (from, to) else { return false };
    let digits = |literal: &str| literal.bytes().filter(u8::is_ascii_digit).count();
    let (left, right) = (json::nearest_double(from), json::nearest_double(to));
    let is_same_double = left.is_finite() && left.to_bits() == right.to_bits();
    // Fewer than 16 digits are never rounded.
    from != to
        && is_same_double
        && digits(from) > 15
        && to.trim_end_matches('0') != from
        && json_print::print_text(&Json::Number(from.clone()), &json_print::JSON_STRINGIFY) == *to
}

/// Returns `true` if one is a number and the other a string with the same number.
fn is_number_of_text(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(number), Json::Text(text)) | (Json::Text(text), Json::Number(number)) => {
            text.as_str() == Some(number)
        }
        _ => false,
    }
}

/// Returns the string without white space and invisible characters.
fn plain(text: &str) -> String {
    text.chars().filter(|character| !is_invisible(*character) && *character != ' ').collect()
}

fn is_empty_text(value: &Json) -> bool {
    value.as_str() == Some("")
}

fn strings<'j>(a: &'j Json, b: &'j Json) -> Option<(&'j str, &'j str)> {
    a.as_str().zip(b.as_str())
}

/// Returns `true` if `b` is `a` with characters outside of ASCII replaced.
fn is_replaced(a: &str, b: &str) -> bool {
    let same = |(a, b): (char, char)| a == b || (!a.is_ascii() && matches!(b, '?' | '\u{fffd}'));
    a != b && a.chars().count() == b.chars().count() && a.chars().zip(b.chars()).all(same)
}
