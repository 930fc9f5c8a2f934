//! The values of a JSON document, in their order, with numbers as written.

use crate::domain::pointer;
use crate::protocols::json::text::Text;

/// The maximum nesting of arrays and objects.
pub const MAX_DEPTH: usize = 128;

/// The maximum number of pointers in one result, such as that of
/// [`differences()`](crate::protocols::json::differences()).
///
/// A pointer can be as long as the document, so the size of an unlimited result could be quadratic.
pub const MAX_POINTERS: usize = 32;

/// A JSON value: all of a document but its whitespace and the escapes of its strings, with nothing
/// rounded or reordered.
///
/// `==` compares numbers as written, so that `1.0` is not `1`, and the order of fields matters.
/// [`differences()`](crate::protocols::json::differences()) compares by meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has these kinds of value and no others")]
pub enum Json {
    /// The literal `null`.
    Null,
    /// The literal `true` or `false`.
    Bool(bool),
    /// A number as written, since not every number fits a double.
    Number(String),
    /// A string, possibly with lone surrogates, which a Rust string cannot have.
    Text(Text),
    /// The elements of an array.
    Array(Vec<Json>),
    /// The fields of an object in the order written, including duplicate keys.
    Object(Vec<(Text, Json)>),
}

impl Json {
    /// Returns a field of an object, the last if the key is repeated.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let fields = self.as_object()?;
        fields.iter().rev().find(|(found, _)| found.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// Returns the value at an RFC 6901 pointer such as `/data/leads/0/id`.
    ///
    /// A malformed pointer finds nothing, like one that references no value.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |json, segment| match json {
            Self::Object(_) => json.get(&pointer::parse_name(segment)?),
            Self::Array(elements) => elements.get(pointer::parse_index(segment)?),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => None,
        })
    }

    /// Returns the keys and values of the fields, if this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[(Text, Self)]> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    /// Returns the elements, if this is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// Returns the string, if this is one; `None` if it has a lone surrogate.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { text.as_str() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pointer::PointerStep;
    use crate::protocols::json::read;
    use std::borrow::Cow;

    #[test]
    fn get_returns_the_last_duplicate() {
        let json = read(br#"{"a": 1, "b": 2, "a": "x"}"#).unwrap();
        assert_eq!(json.get("a").and_then(Json::as_str), Some("x"));
        assert_eq!(json.get("c"), None);
        assert_eq!(Json::Null.get("a"), None);
    }

    #[test]
    fn accessors_return_none_for_other_kinds() {
        let json = read(br#"[{}, [], "a", "\ud800", null]"#).unwrap();
        let elements = json.as_array().unwrap();
        let kinds = |json: &Json| {
            (json.as_object().is_some(), json.as_array().is_some(), json.as_str().is_some())
        };
        let found: Vec<_> = elements.iter().map(kinds).collect();
        let (object, array, string) =
            ((true, false, false), (false, true, false), (false, false, true));
        let none = (false, false, false);
        assert_eq!(found, [object, array, string, none, none]);
    }

    #[test]
    fn follows_the_examples_of_rfc_6901() {
        let text = br#"{"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4,
            "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8}"#;
        let json = read(text).unwrap();
        assert_eq!(json.pointer(""), Some(&json));
        assert_eq!(json.pointer("/foo"), json.get("foo"));
        assert_eq!(json.pointer("/foo/0").and_then(Json::as_str), Some("bar"));
        let pointers = ["/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n"];
        for (number, pointer) in pointers.iter().enumerate() {
            assert_eq!(json.pointer(pointer), Some(&Json::Number(number.to_string())), "{pointer}");
        }
    }

    #[test]
    fn a_malformed_pointer_or_one_to_no_value_finds_nothing() {
        let json = read(br#"{"a": [1, 2], "~2": 3, "~": 4, "n": null}"#).unwrap();
        let cases = [
            "a",
            "/b",
            "/a/2",
            "/a/-",
            "/a/-1",
            "/a/+1",
            "/a/01",
            "/a/00",
            "/a/",
            "/a/0/0",
            "/~2",
            "/~",
            "/n/a",
            "/a/99999999999999999999999",
            "/a/1e0",
            "/~é",
        ];
        for pointer in cases {
            assert_eq!(json.pointer(pointer), None, "{pointer}");
        }
    }

    #[test]
    fn a_rendered_pointer_finds_its_value() {
        let json = read(br#"{"a/b": {"~1": [0, {"": 7}]}}"#).unwrap();
        let name = |name| PointerStep::Name(Cow::Borrowed(name));
        let pointer =
            pointer::format_steps(&[name("a/b"), name("~1"), PointerStep::Index(1), name("")]);
        assert_eq!(pointer, "/a~1b/~01/1/");
        assert_eq!(json.pointer(&pointer), Some(&Json::Number("7".to_owned())));
    }
}
