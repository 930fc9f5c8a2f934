//! The JSON encoder for results: escapes unsafe characters and truncates long strings.

use crate::domain::excerpt::prefix;
use crate::protocols::safe_json;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
use std::io;

/// Writes compact JSON without control characters or commands for CI systems.
///
/// A string longer than the limit is cut, and the object that contains it, directly or in an array,
/// gets `"truncated": true`.
#[derive(Debug)]
pub struct SafeFormatter {
    limit: usize,
    /// The number of bytes that may still be written of the current string.
    remaining: usize,
    /// For each open object, `true` if one of its strings was cut.
    cut_objects: Vec<bool>,
}

impl SafeFormatter {
    /// Creates a formatter that cuts strings to `limit` bytes.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self { limit, remaining: 0, cut_objects: Vec::new() }
    }

    /// Creates a formatter that cuts nothing, for results such as signed headers that must be
    /// complete.
    #[must_use]
    pub fn exact() -> Self {
        Self::with_limit(usize::MAX)
    }

    /// Drops the rest of the current string, including its further fragments and escapes, and marks
    /// the object that contains it.
    fn drop_rest(&mut self) {
        self.remaining = 0;
        if let Some(cut) = self.cut_objects.last_mut() {
            *cut = true;
        }
    }
}

impl Formatter for SafeFormatter {
    fn begin_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.remaining = self.limit;
        CompactFormatter.begin_string(writer)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let written = prefix(fragment, self.remaining);
        self.remaining -= written.len();
        if written.len() < fragment.len() {
            self.drop_rest();
        }
        writer.write_all(safe_json::escape(written).as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let Some(rest) = self.remaining.checked_sub(1) else {
            self.drop_rest();
            return Ok(());
        };
        self.remaining = rest;
        CompactFormatter.write_char_escape(writer, escape)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.cut_objects.push(false);
        CompactFormatter.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.cut_objects.pop() == Some(true) {
            // The field with the cut string comes before this one, hence the comma.
            writer.write_all(br#","truncated":true"#)?;
        }
        CompactFormatter.end_object(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::unsafe_char::is_unsafe;
    use serde::Serialize;
    use serde_json::{Serializer, Value, json};

    fn to_json(value: impl Serialize, formatter: SafeFormatter) -> String {
        let mut json = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut json, formatter)).unwrap();
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn unsafe_characters_are_escaped_in_the_same_document() {
        let text = "\u{9b}31m \u{202e}gpj \u{7f} \u{e0001} é ##[set-output name=a]b ##vso[x]";
        let json = to_json(text, SafeFormatter::exact());
        assert!(json.chars().all(|c| !is_unsafe(c)) && !json.contains("##"), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn a_cut_string_marks_the_object_that_contains_it() {
        for (value, expected) in [
            (json!({"a": "abcd"}), json!({"a": "abcd"})),
            (json!({"a": "abcde"}), json!({"a": "abcd", "truncated": true})),
            (json!({"a": ["", ["abcde"]]}), json!({"a": ["", ["abcd"]], "truncated": true})),
            (
                json!({"a": {"b": "abcde"}, "c": "d"}),
                json!({"a": {"b": "abcd", "truncated": true}, "c": "d"}),
            ),
            (
                json!([{"a": "abcde"}, {"b": "c"}]),
                json!([{"a": "abcd", "truncated": true}, {"b": "c"}]),
            ),
            (json!({"abcde": 1}), json!({"abcd": 1, "truncated": true})),
            (json!({"a": "abc\u{e9}"}), json!({"a": "abc", "truncated": true})),
            (json!({"a": "abc\n"}), json!({"a": "abc\n"})),
            (json!({"a": "abcd\n"}), json!({"a": "abcd", "truncated": true})),
            (json!({"a": "ab\"\\\"f"}), json!({"a": "ab\"\\", "truncated": true})),
            (json!({"a": ["abc\u{e9}z"]}), json!({"a": ["abc"], "truncated": true})),
        ] {
            let json = to_json(&value, SafeFormatter::with_limit(4));
            assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), expected, "{value}");
        }
    }
}
