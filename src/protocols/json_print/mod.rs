//! Serializers that reproduce the output of common JSON libraries.
//!
//! A sender that parses a body and serializes it again before signing may sign other bytes than it
//! sends. Each library is a row of [`STYLES`]; one printer implements all of them.

mod fields;
mod layouts;
mod libraries;
mod numbers;
mod strings;
mod style;
mod style_table;

#[cfg(test)]
mod recorded_outputs;

use std::fmt;
use std::fmt::Write;

use crate::protocols::json::Json;
use crate::protocols::json_print::numbers::write_number;
use crate::protocols::json_print::strings::Escaper;
use crate::protocols::json_print::style::{ArrayLayout, EmptyLayout, Objects};
pub(crate) use layouts::LAYOUTS;
#[cfg(feature = "cli")]
pub(crate) use libraries::AS_WRITTEN_INDENTED;
pub(crate) use libraries::{
    AS_WRITTEN, GO_STRUCT, JAVASCRIPT_ASCII, JSON_STRINGIFY, PHP_OBJECT, PYTHON,
};
pub use style::Style;
pub use style_table::STYLES;

/// Returns the style with this code.
#[must_use]
pub fn style(code: &str) -> Option<&'static Style> {
    STYLES.iter().find(|style| style.code == code)
}

/// Prints a value like a library that has parsed it.
///
/// There is no newline at the end. Values that the library refuses to parse or print, such as a
/// lone surrogate or `1e400` in many of them, are replaced; the result then never equals the
/// document. An indented style takes up to four times
/// [`MAX_DEPTH`](crate::protocols::json::MAX_DEPTH) more bytes for each value.
#[must_use]
pub fn print(json: &Json, style: &Style) -> Vec<u8> {
    print_text(json, style).into_bytes()
}

/// Prints a value like [`print()`], as a string.
pub(crate) fn print_text(json: &Json, style: &Style) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    let _ = write(&mut out, json, style);
    out
}

/// Prints a value like [`print()`], or returns `None` if that takes more than `limit` bytes.
#[must_use]
pub fn print_with_limit(json: &Json, style: &Style, limit: usize) -> Option<Vec<u8>> {
    let mut out = LimitedWriter { text: String::new(), limit };
    write(&mut out, json, style).ok()?;
    Some(out.text.into_bytes())
}

/// A writer that fails beyond its limit.
struct LimitedWriter {
    text: String,
    limit: usize,
}

impl Write for LimitedWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() > self.limit - self.text.len() {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

/// Returns the styles that print `json` as exactly these bytes, in the order of [`STYLES`].
#[must_use]
pub fn matching_styles(json: &Json, bytes: &[u8]) -> Vec<&'static Style> {
    STYLES.iter().filter(|style| prints(json, style, bytes)).collect()
}

/// Returns `true` if the style prints `json` as exactly these bytes.
///
/// If `json` was parsed from the bytes, the library of the style may have written them. The printer
/// stops at the first byte that differs, and its output is compared instead of stored.
#[must_use]
pub fn prints(json: &Json, style: &Style, bytes: &[u8]) -> bool {
    let mut out = MatchingWriter { rest: bytes };
    write(&mut out, json, style).is_ok() && out.rest.is_empty()
}

/// A writer that fails at the first byte that differs from those expected.
struct MatchingWriter<'a> {
    rest: &'a [u8],
}

impl Write for MatchingWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.rest = self.rest.strip_prefix(text.as_bytes()).ok_or(fmt::Error)?;
        Ok(())
    }
}

fn write(out: &mut impl Write, json: &Json, style: &Style) -> fmt::Result {
    Printer { out, style, escaper: Escaper::new(&style.escapes) }.value(json, 0)
}

struct Printer<'a, W> {
    out: &'a mut W,
    style: &'a Style,
    escaper: Escaper<'a>,
}

impl<W: Write> Printer<'_, W> {
    fn value(&mut self, json: &Json, depth: usize) -> fmt::Result {
        match json {
            Json::Null => self.out.write_str("null"),
            Json::Bool(true) => self.out.write_str("true"),
            Json::Bool(false) => self.out.write_str("false"),
            Json::Number(literal) => write_number(self.out, literal, &self.style.numbers),
            Json::Text(text) => self.escaper.write(self.out, text),
            Json::Array(elements) => self.array(elements.iter(), depth),
            Json::Object(fields) => {
                let fields = fields::as_printed(fields, self.style);
                if self.style.objects == Objects::ArraysIfNumbered && fields::is_list(&fields) {
                    return self.array(fields.into_iter().map(|(_, value)| value), depth);
                }
                self.list(['{', '}'], true, fields.into_iter(), depth, |printer, field, depth| {
                    let (key, value) = field;
                    printer.escaper.write(printer.out, &key)?;
                    printer.out.write_str(printer.style.layout.colon)?;
                    printer.value(value, depth)
                })
            }
        }
    }

    fn array<'j>(
        &mut self,
        elements: impl ExactSizeIterator<Item = &'j Json>,
        depth: usize,
    ) -> fmt::Result {
        let one_per_line = self.style.layout.arrays == ArrayLayout::Broken;
        self.list(['[', ']'], one_per_line, elements, depth, Self::value)
    }

    /// Prints an array or an object, over several lines if the layout has an indent.
    fn list<T>(
        &mut self,
        [open, close]: [char; 2],
        one_per_line: bool,
        items: impl ExactSizeIterator<Item = T>,
        depth: usize,
        write_item: impl Fn(&mut Self, T, usize) -> fmt::Result,
    ) -> fmt::Result {
        let layout = &self.style.layout;
        self.out.write_char(open)?;
        if items.len() == 0 {
            self.empty_content(open, depth)?;
            return self.out.write_char(close);
        }
        let inner_depth = if one_per_line { depth + 1 } else { depth };
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.write_str(layout.comma)?;
            }
            self.white_space_before(one_per_line, inner_depth)?;
            write_item(self, item, inner_depth)?;
        }
        self.white_space_before(one_per_line, depth)?;
        self.out.write_char(close)
    }

    /// Prints the content of an empty array or object.
    fn empty_content(&mut self, open: char, depth: usize) -> fmt::Result {
        match self.style.layout.empty {
            EmptyLayout::Closed => Ok(()),
            EmptyLayout::Spaced => self.out.write_char(' '),
            EmptyLayout::Broken => {
                if open == '[' {
                    self.out.write_char('\n')?;
                }
                self.newline(depth)
            }
        }
    }

    /// Prints the white space before an item or the closing bracket.
    fn white_space_before(&mut self, one_per_line: bool, depth: usize) -> fmt::Result {
        match (self.style.layout.indent.is_empty(), one_per_line) {
            (true, _) => Ok(()),
            (false, true) => self.newline(depth),
            (false, false) => self.out.write_char(' '),
        }
    }

    fn newline(&mut self, depth: usize) -> fmt::Result {
        self.out.write_char('\n')?;
        (0..depth).try_for_each(|_| self.out.write_str(self.style.layout.indent))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::protocols::json::{MAX_DEPTH, arbitrary, read};
    use crate::protocols::json_print::style::LoneSurrogate;

    fn style(code: &str) -> &'static Style {
        STYLES.iter().find(|style| style.code == code).unwrap()
    }

    #[test]
    fn codes_are_kebab_case_and_unique() {
        let codes: BTreeSet<_> = STYLES.iter().map(|style| style.code).collect();
        assert_eq!(codes.len(), STYLES.len());
        for Style { code, language, call, .. } in STYLES {
            assert!(code.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')));
            assert!(call.starts_with('`') && !language.is_empty(), "{code}");
        }
    }

    #[test]
    fn the_libraries_that_may_have_printed_a_body_are_found() {
        let codes_for = |body: &str| {
            let json = read(body.as_bytes()).unwrap();
            let found = matching_styles(&json, body.as_bytes());
            found.into_iter().map(|style| style.code).collect::<Vec<_>>()
        };
        assert_eq!(codes_for(r#"{"price": 350000.0, "name": "Zo\u00eb"}"#), ["python-dumps"]);
        assert_eq!(
            codes_for(r#"{"url":"https:\/\/example.com","n":1.0e-7,"e":{}}"#),
            ["php-object", "php-object-unicode"]
        );
        assert_eq!(codes_for("{\n  \"a\" : [ 1, 2 ]\n}"), ["java-jackson-pretty"]);
        assert_eq!(codes_for(r#"{"a": "\u003c\u00E9"}"#), [""; 0]);
        // Not printable by any library: a lone surrogate is rejected, or escaped in lower case.
        assert!(!codes_for(r#""\ud800""#).iter().any(|code| code.starts_with("php")));
        assert!(codes_for("1e400").iter().all(|code| {
            code.starts_with("java-gson") || code.starts_with("dotnet-system-text-json")
        }));
        assert_eq!(codes_for(" 1"), [""; 0]);
        assert_eq!(codes_for("1 "), [""; 0]);
    }

    #[test]
    fn the_deepest_document_is_printed() {
        let deep = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
        let json = read(deep.as_bytes()).unwrap();
        assert_eq!(print(&json, style("javascript-stringify")), deep.as_bytes());
        let indented = print(&json, style("javascript-stringify-indent-4"));
        assert_eq!(read(&indented).unwrap(), json);
    }

    #[test]
    fn large_objects_deduplicate_keys_like_small_ones() {
        let fields: Vec<_> = (0..2000).map(|n| format!("\"{}\":{n}", n * 7919 % 1000)).collect();
        let json = read(format!("{{{}}}", fields.join(",")).as_bytes()).unwrap();
        let expected: Vec<_> =
            (1000..2000).map(|n| format!("\"{}\":{n}", n * 7919 % 1000)).collect();
        let expected = format!("{{{}}}", expected.join(","));
        assert_eq!(print_text(&json, style("python-dumps-compact")), expected);
    }

    proptest! {
        /// Compares the rows of `serde_json` with the real library, which is a dependency.
        #[test]
        fn serde_json_prints_the_same_bytes(text in arbitrary::text()) {
            let Ok(value) = serde_json::from_str::<Value>(&text) else { return Ok(()) };
            let json = read(text.as_bytes()).unwrap();
            let ordered = style("rust-serde-json-preserve-order");
            prop_assert_eq!(print_text(&json, ordered), value.to_string());
            let Value::Object(fields) = value else { return Ok(()) };
            if !fields.values().any(|value| value.is_object() || value.is_array()) {
                let sorted: BTreeMap<_, _> = fields.into_iter().collect();
                let sorted = serde_json::to_string(&sorted).unwrap();
                prop_assert_eq!(print_text(&json, style("rust-serde-json")), sorted);
            }
        }

        #[test]
        fn the_style_of_printed_json_is_found(text in arbitrary::text()) {
            let json = read(text.as_bytes()).unwrap();
            for style in STYLES {
                let printed = print(&json, style);
                // Python prints `Infinity`, which is not JSON.
                let Ok(parsed) = read(&printed) else { continue };
                // Two keys with a lone surrogate each have become the same key.
                if style.escapes.lone_surrogate == LoneSurrogate::QuestionMark && text.to_lowercase().contains("\\ud") {
                    continue;
                }
                // PHP and an `int64` of Go print a double as `-0`, which they parse as an integer.
                let mut literals = printed.split(|byte| !b"+-.0123456789Ee".contains(byte));
                if literals.any(|literal| literal == b"-0") {
                    continue;
                }
                let found = matching_styles(&parsed, &printed);
                prop_assert!(found.iter().any(|found| found.code == style.code), "{}", style.code);
            }
        }
    }
}
