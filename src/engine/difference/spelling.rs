//! Differences in the spelling of equal JSON: the order of fields, numbers, white space and escapes.

use crate::protocols::json::{Json, Text};

/// The parts of a document that have no meaning, counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Spelling {
    /// Spaces, tabs, LF and CR between the values.
    white_space: [usize; 4],
    /// The bytes of all strings and names, and the backslashes in them.
    strings: [usize; 2],
}

/// Returns what differs in the spelling of two documents that are the same JSON.
pub(super) fn differences(a: (&[u8], &Json), b: (&[u8], &Json)) -> Vec<&'static str> {
    let (left, right) = (Spelling::of(a.0), Spelling::of(b.0));
    let mut found = Vec::new();
    if !has_same_order(a.1, b.1) {
        found.push("other order of fields");
    }
    if !has_same_numbers(a.1, b.1) {
        found.push("other spelling of numbers");
    }
    if left.white_space != right.white_space {
        found.push("other whitespace");
    }
    // The remaining difference is the case of hex digits in an escape.
    if left.strings != right.strings || found.is_empty() {
        found.push("other escapes");
    }
    found
}

impl Spelling {
    fn of(document: &[u8]) -> Self {
        let mut spelling = Self::default();
        let (mut is_in_string, mut is_escaped) = (false, false);
        for &byte in document {
            if is_in_string {
                let [bytes, backslashes] = &mut spelling.strings;
                *bytes += 1;
                *backslashes += usize::from(byte == b'\\');
                is_in_string = is_escaped || byte != b'"';
                is_escaped = !is_escaped && byte == b'\\';
                continue;
            }
            is_in_string = byte == b'"';
            let kind = b" \t\n\r".iter().position(|space| *space == byte);
            if let Some(count) = kind.and_then(|kind| spelling.white_space.get_mut(kind)) {
                *count += 1;
            }
        }
        spelling
    }
}

/// Returns `true` if the fields of all objects are in the same order.
fn has_same_order(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => a
            .iter()
            .zip(b)
            .all(|((a_name, a), (b_name, b))| a_name == b_name && has_same_order(a, b)),
        (Json::Array(a), Json::Array(b)) => a.iter().zip(b).all(|(a, b)| has_same_order(a, b)),
        _ => true,
    }
}

/// Returns `true` if all numbers are written the same, whatever the order of the fields.
fn has_same_numbers(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a == b,
        (Json::Object(a), Json::Object(b)) => {
            let sorted = |fields| {
                let mut fields: Vec<&(Text, Json)> = Vec::from_iter(fields);
                fields.sort_by_cached_key(|(name, _)| name.to_string_lossy().into_owned());
                fields
            };
            sorted(a).into_iter().zip(sorted(b)).all(|((_, a), (_, b))| has_same_numbers(a, b))
        }
        (Json::Array(a), Json::Array(b)) => a.iter().zip(b).all(|(a, b)| has_same_numbers(a, b)),
        _ => true,
    }
}
