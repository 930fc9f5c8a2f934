//! The JSON encoder for results: escapes unsafe characters and truncates long strings.

use crate::domain::excerpt::prefix;
use crate::protocols::safe_json;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
use std::io;

/// Writes compact JSON in which no string drives a terminal or a CI system.
///
/// A string longer than the limit is cut, and the object that contains it, directly or in an array,
/// gets `"truncated": true`.
#[derive(Debug)]
pub struct SafeFormatter {
    limit: usize,
    /// The number of bytes that may still be written for the current string.
    left: usize,
    /// For each open object, `true` if one of its strings was cut.
    cut: Vec<bool>,
}

impl SafeFormatter {
    /// Creates a formatter that cuts strings to `limit` bytes.
    #[must_use]
    pub fn cutting(limit: usize) -> Self {
        Self { limit, left: 0, cut: Vec::new() }
    }

    /// Creates a formatter that cuts nothing, for results such as signed headers that must be
    /// complete.
    #[must_use]
    pub fn exact() -> Self {
        Self::cutting(usize::MAX)
    }

    /// Drops the rest of the current string.
    fn cut(&mut self) {
        self.left = 0;
        if let Some(cut) = self.cut.last_mut() {
            *cut = true;
        }
    }
}

impl Formatter for SafeFormatter {
    fn begin_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.left = self.limit;
        CompactFormatter.begin_string(writer)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let kept = prefix(fragment, self.left);
        self.left -= kept.len();
        if kept.len() < fragment.len() {
            self.cut();
        }
        writer.write_all(safe_json::escape(kept).as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let Some(left) = self.left.checked_sub(1) else {
            self.cut();
            return Ok(());
        };
        self.left = left;
        CompactFormatter.write_char_escape(writer, escape)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.cut.push(false);
        CompactFormatter.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.cut.pop() == Some(true) {
            // A string was cut, so the object has a field before this one and needs a comma.
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

    fn written(value: impl Serialize, formatter: SafeFormatter) -> String {
        let mut written = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut written, formatter)).unwrap();
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn the_json_is_the_same_document_and_drives_nothing() {
        let text = "\u{9b}31m \u{202e}gpj \u{7f} \u{e0001} é ##[set-output name=a]b ##vso[x]";
        let written = written(text, SafeFormatter::exact());
        assert!(written.chars().all(|c| !is_unsafe(c)) && !written.contains("##"), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
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
            let written = written(&value, SafeFormatter::cutting(4));
            assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), expected, "{value}");
        }
    }
}
