//! The positions of the values in a JSON document, for edits that keep all other bytes.

use crate::domain::pointer;
use crate::protocols::json::document::MAX_DEPTH;
use crate::protocols::json::reader::read_text;
use std::ops::Range;

/// A value and its position in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpannedValue {
    /// The bytes of the value, without the white space around it.
    pub(crate) range: Range<usize>,
    /// The values in it.
    pub(crate) content: SpannedContent,
}

/// The values in a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SpannedContent {
    /// None: it is a string, a number, a boolean or null.
    Scalar,
    /// The elements of an array.
    Array(Vec<SpannedValue>),
    /// The fields of an object, including duplicate keys.
    Object(Vec<SpannedField>),
}

/// A field of an object and its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpannedField {
    /// The key, with each lone surrogate replaced.
    pub(crate) name: String,
    /// The bytes of the key, with its quotes.
    pub(crate) key: Range<usize>,
    /// The value.
    pub(crate) value: SpannedValue,
}

impl SpannedValue {
    /// Returns the fields, if this is an object.
    pub(crate) fn fields(&self) -> Option<&[SpannedField]> {
        if let SpannedContent::Object(fields) = &self.content { Some(fields) } else { None }
    }

    /// Returns a field of an object, the last if the key is repeated.
    pub(crate) fn field(&self, name: &str) -> Option<&SpannedField> {
        self.fields()?.iter().rev().find(|field| field.name == name)
    }

    /// Returns the value along a path of keys and indices.
    pub(crate) fn find(&self, path: &[String]) -> Option<&Self> {
        path.iter().try_fold(self, |value, segment| match &value.content {
            SpannedContent::Object(_) => value.field(segment).map(|field| &field.value),
            SpannedContent::Array(elements) => elements.get(pointer::parse_index(segment)?),
            SpannedContent::Scalar => None,
        })
    }
}

/// Returns the positions of all values of a document that [`read`](super::read()) accepts; `None`
/// for any other.
pub(crate) fn locate(text: &str) -> Option<SpannedValue> {
    let mut scanner = Scanner { text, position: 0, depth: 0 };
    scanner.skip_white_space();
    scanner.value()
}

/// The state of the scan. The document was validated before, so only the structure is followed.
struct Scanner<'t> {
    text: &'t str,
    position: usize,
    depth: usize,
}

impl Scanner<'_> {
    fn value(&mut self) -> Option<SpannedValue> {
        let start = self.position;
        let content = match self.peek()? {
            b'{' => self.nested(Self::object)?,
            b'[' => self.nested(Self::array)?,
            b'"' => {
                self.string()?;
                SpannedContent::Scalar
            }
            _ => {
                let rest = self.text.get(start..)?;
                let end = rest.find([',', ']', '}', ' ', '\t', '\r', '\n']);
                self.position += end.unwrap_or(rest.len());
                (self.position > start).then_some(SpannedContent::Scalar)?
            }
        };
        Some(SpannedValue { range: start..self.position, content })
    }

    /// Scans an array or an object. All recursion passes through here, which bounds the depth.
    fn nested(
        &mut self,
        content: impl FnOnce(&mut Self) -> Option<SpannedContent>,
    ) -> Option<SpannedContent> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        self.position += 1;
        self.skip_white_space();
        let found = content(self)?;
        self.depth -= 1;
        Some(found)
    }

    fn array(&mut self) -> Option<SpannedContent> {
        let mut elements = Vec::new();
        while !self.eat(b']') {
            elements.push(self.value()?);
            self.skip_separator(b']')?;
        }
        Some(SpannedContent::Array(elements))
    }

    fn object(&mut self) -> Option<SpannedContent> {
        let mut fields = Vec::new();
        while !self.eat(b'}') {
            let start = self.position;
            let name = self.string()?;
            let key = start..self.position;
            self.skip_white_space();
            if !self.eat(b':') {
                return None;
            }
            self.skip_white_space();
            fields.push(SpannedField { name, key, value: self.value()? });
            self.skip_separator(b'}')?;
        }
        Some(SpannedContent::Object(fields))
    }

    /// Skips the comma after an item, or stops at the end of the array or object.
    fn skip_separator(&mut self, end: u8) -> Option<()> {
        self.skip_white_space();
        if self.eat(b',') {
            self.skip_white_space();
            return Some(());
        }
        (self.peek() == Some(end)).then_some(())
    }

    fn string(&mut self) -> Option<String> {
        let (name, rest) = read_text(self.text.get(self.position..)?)?;
        self.position = self.text.len() - rest.len();
        Some(name.into_string_lossy())
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.position += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.position += usize::from(is_next);
        is_next
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json;
    use crate::protocols::json_print::{STYLES, print};

    /// Returns the text of the value along a path.
    fn text_at<'t>(text: &'t str, path: &[&str]) -> Option<&'t str> {
        let path: Vec<_> = path.iter().map(|&segment| segment.to_owned()).collect();
        Some(&text[locate(text)?.find(&path)?.range.clone()])
    }

    #[test]
    fn a_value_is_found_with_its_own_bytes() {
        let text = " {\"a\" : [ 1.50 , {\"b\\u00e9\":\"x\\\"]\" } ], \"a~\":null,\"e\":{ } }\n";
        for (path, expected) in [
            (&["a"][..], "[ 1.50 , {\"b\\u00e9\":\"x\\\"]\" } ]"),
            (&["a", "0"], "1.50"),
            (&["a", "1", "bé"], "\"x\\\"]\""),
            (&["a~"], "null"),
            (&["e"], "{ }"),
        ] {
            assert_eq!(text_at(text, path), Some(expected), "{path:?}");
        }
        for path in [&["b"][..], &["a", "2"], &["a", "01"], &["a", "0", "x"]] {
            assert_eq!(text_at(text, path), None, "{path:?}");
        }
        assert_eq!(text_at(r#"{"a":1,"a":2}"#, &["a"]), Some("2"), "the last duplicate");
        assert_eq!(text_at("\t-1.5e3", &[]), Some("-1.5e3"));
    }

    #[test]
    fn every_layout_is_located() {
        let value = json::read(br#"{"a":[1,{"b":[]},"x, ]}"],"c":{"d":{}},"e":-0.5}"#).unwrap();
        for style in STYLES {
            let text = String::from_utf8(print(&value, style)).unwrap();
            let reread = json::read(text.as_bytes()).unwrap();
            for pointer in ["/a/1/b", "/a/2", "/c/d", "/e"] {
                let path: Vec<_> = pointer.split('/').skip(1).collect();
                let (found, expected) = (text_at(&text, &path), reread.pointer(pointer));
                let found = found.map(|found| json::read(found.as_bytes()).unwrap());
                assert_eq!(found.as_ref(), expected, "{} {pointer}", style.code);
            }
        }
    }

    #[test]
    fn a_text_that_is_not_json_is_not_located() {
        let deep = "[".repeat(MAX_DEPTH + 1);
        for text in ["", "{", "[1", "{\"a\"}", "{\"a\":}", "[1 2]", "\"a", deep.as_str()] {
            assert_eq!(locate(text), None, "{text}");
        }
    }
}
