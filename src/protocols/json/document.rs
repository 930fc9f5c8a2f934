//! A JSON document as values, in the order and spelling of the text.

use crate::protocols::json::text::Text;

/// The greatest number of arrays and objects around a value, itself included.
pub const MAX_DEPTH: usize = 128;

/// A JSON value with nothing dropped, rounded or put in order.
///
/// `==` compares as written: `1.0` is not `1` here, and the order of an object
/// counts. [`differences()`](crate::protocols::json::differences()) compares by meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has these kinds of value and no others")]
pub enum Json {
    /// The literal `null`.
    Null,
    /// The literal `true` or `false`.
    Bool(bool),
    /// A number as written, since most of them do not fit a double.
    Number(String),
    /// A string.
    Text(Text),
    /// The elements of an array.
    Array(Vec<Json>),
    /// The members of an object in the order written, duplicate keys included.
    Object(Vec<(Text, Json)>),
}

impl Json {
    /// Finds a member of an object, the last where the key is there more than once.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let members = self.as_object()?;
        members.iter().rev().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// Gives the members, if this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[(Text, Self)]> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// Gives the elements, if this is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// Gives the string, if this is one without lone surrogates.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { text.as_str() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json::read;

    #[test]
    fn get_answers_with_the_last_duplicate() {
        let json = read(br#"{"a": 1, "b": 2, "a": "x"}"#).unwrap();
        assert_eq!(json.get("a").and_then(Json::as_str), Some("x"));
        assert_eq!(json.get("c"), None);
        assert_eq!(Json::Null.get("a"), None);
    }

    #[test]
    fn accessors_give_nothing_for_other_kinds() {
        let json = read(br#"[{}, [], "a", "\ud800", null]"#).unwrap();
        let elements = json.as_array().unwrap();
        let kinds = |json: &Json| {
            (json.as_object().is_some(), json.as_array().is_some(), json.as_str().is_some())
        };
        let found: Vec<_> = elements.iter().map(kinds).collect();
        let (object, array, text) =
            ((true, false, false), (false, true, false), (false, false, true));
        let none = (false, false, false);
        assert_eq!(found, [object, array, text, none, none]);
    }
}
