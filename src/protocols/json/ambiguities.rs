//! Detects JSON that parsers are known to interpret differently.

use std::collections::HashMap;

use crate::domain::excerpt::{MAX_STORED_BYTES, prefix};
use crate::domain::pointer::{PointerStep, format_excerpt};
use crate::protocols::json::decimal::round_trips_as_double;
use crate::protocols::json::document::{Json, MAX_POINTERS};
use crate::protocols::json::text::Text;

/// The maximum number of fields for which a linear search is faster than hashing.
const MAX_LINEAR: usize = 40;

/// A value that parsers interpret differently.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ambiguity {
    /// A duplicate key: some parsers use the first, some the last, some reject it.
    DuplicateKey {
        /// The pointer to the field.
        pointer: String,
    },
    /// A string or a key with a lone surrogate, which UTF-8 cannot encode.
    LoneSurrogate {
        /// The pointer to the string, or to the field with the key.
        pointer: String,
    },
    /// A number that a double cannot represent exactly, or at all.
    ImpreciseNumber {
        /// The pointer to the number.
        pointer: String,
        /// The number as written, truncated if it is very long.
        literal: String,
    },
}

/// Finds the ambiguous values of a document in the order written, up to [`MAX_POINTERS`] of each
/// kind. A long pointer is truncated.
///
/// A key that occurs three times is reported once, and all of its values are searched. The limit
/// applies to each kind, so a kind that is not in the result is not in the document.
#[must_use]
pub fn find_ambiguities(json: &Json) -> Vec<Ambiguity> {
    let mut finder = AmbiguityFinder::default();
    finder.search_value(json);
    finder.found
}

/// Returns the pointer to the first duplicate key, at any depth.
#[must_use]
pub fn first_duplicate_key(json: &Json) -> Option<String> {
    find_ambiguities(json).into_iter().find_map(|oddity| match oddity {
        Ambiguity::DuplicateKey { pointer } => Some(pointer),
        Ambiguity::LoneSurrogate { .. } | Ambiguity::ImpreciseNumber { .. } => None,
    })
}

#[derive(Default)]
struct AmbiguityFinder<'a> {
    path: Vec<PointerStep<'a>>,
    found: Vec<Ambiguity>,
    duplicate_count: usize,
    surrogate_count: usize,
    number_count: usize,
}

impl<'a> AmbiguityFinder<'a> {
    fn search_value(&mut self, json: &'a Json) {
        match json {
            Json::Null | Json::Bool(_) => {}
            Json::Number(literal) => {
                if self.number_count < MAX_POINTERS && !round_trips_as_double(literal) {
                    self.number_count += 1;
                    let literal = prefix(literal, MAX_STORED_BYTES).to_owned();
                    let pointer = format_excerpt(&self.path);
                    self.found.push(Ambiguity::ImpreciseNumber { pointer, literal });
                }
            }
            Json::Text(text) => self.check_text(text),
            Json::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.path.push(PointerStep::Index(index));
                    self.search_value(element);
                    self.path.pop();
                }
            }
            Json::Object(fields) => self.search_object(fields),
        }
    }

    fn check_text(&mut self, text: &Text) {
        if self.surrogate_count < MAX_POINTERS && text.as_str().is_none() {
            self.surrogate_count += 1;
            self.found.push(Ambiguity::LoneSurrogate { pointer: format_excerpt(&self.path) });
        }
    }

    fn search_object(&mut self, fields: &'a [(Text, Json)]) {
        let mut times_seen = HashMap::new();
        for (index, (key, value)) in fields.iter().enumerate() {
            self.path.push(PointerStep::Name(key.to_string_lossy()));
            let times = if fields.len() <= MAX_LINEAR {
                1 + fields[..index].iter().filter(|(known, _)| known == key).count()
            } else {
                *times_seen.entry(key).and_modify(|times| *times += 1).or_insert(1)
            };
            if times == 2 && self.duplicate_count < MAX_POINTERS {
                self.duplicate_count += 1;
                self.found.push(Ambiguity::DuplicateKey { pointer: format_excerpt(&self.path) });
            }
            self.check_text(key);
            self.search_value(value);
            self.path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json::read;

    fn found_in(text: &str) -> Vec<String> {
        let found = find_ambiguities(&read(text.as_bytes()).unwrap());
        let describe = |oddity: &Ambiguity| match oddity {
            Ambiguity::DuplicateKey { pointer } => format!("duplicate {pointer}"),
            Ambiguity::LoneSurrogate { pointer } => format!("surrogate {pointer}"),
            Ambiguity::ImpreciseNumber { pointer, .. } => format!("number {pointer}"),
        };
        found.iter().map(describe).collect()
    }

    #[test]
    fn each_ambiguity_has_its_pointer() {
        let cases: &[(&str, &[&str])] = &[
            (r#"{"a": [1, 0.1, 75.0, "😀", "\ud83d\ude00"], "b": {"a": null}}"#, &[]),
            (r#"{"a": 1, "b": 2, "a": 3, "a": 4}"#, &["duplicate /a"]),
            (r#"{"caf\u00e9": 1, "café": 1}"#, &["duplicate /café"]),
            (r#"[{"x": {"a/": 1, "a/": 1}}]"#, &["duplicate /0/x/a~1"]),
            (r#"{"a": 1e400, "a": 1}"#, &["number /a", "duplicate /a"]),
            ("9007199254740993", &["number "]),
            ("[9007199254740992, 9007199254740993, 1e400, -0]", &["number /1", "number /2"]),
            (r#"["\ud800", {"\udc00": 1}]"#, &["surrogate /0", "surrogate /1/\u{fffd}"]),
        ];
        for (text, expected) in cases {
            assert_eq!(found_in(text), *expected, "{text}");
        }
    }

    #[test]
    fn duplicates_are_found_in_small_objects_and_in_large_ones() {
        for size in [2, MAX_LINEAR - 2, MAX_LINEAR, 3 * MAX_LINEAR] {
            let others: Vec<_> = (0..size).map(|index| format!(r#""k{index}": 1"#)).collect();
            let others = others.join(", ");
            let text = format!(r#"{{"a": 1, {others}, "a": 2, "k1": 3, "a": 4}}"#);
            assert_eq!(found_in(&text), ["duplicate /a", "duplicate /k1"], "{size}");
        }
    }

    #[test]
    fn a_long_pointer_is_cut() {
        let text =
            format!(r#"{{"a": {{"{}/~": [1e400, 1e401]}}}}"#, "é".repeat(2 * MAX_STORED_BYTES));
        let found = found_in(&text);
        let pointer = format!("number /a/{}", "é".repeat(MAX_STORED_BYTES / 2 - 2));
        assert_eq!(found, [pointer.clone(), pointer]);
    }

    #[test]
    fn the_limit_applies_to_each_kind() {
        let text = format!(r#"[{}{{"a": 1, "a": "\ud800"}}]"#, "1e400,".repeat(1000));
        let found = found_in(&text);
        assert_eq!(found.len(), MAX_POINTERS + 2);
        assert_eq!(found[MAX_POINTERS..], ["duplicate /1000/a", "surrogate /1000/a"]);
    }
}
