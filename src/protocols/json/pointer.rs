//! JSON Pointers (RFC 6901), written for what a walk finds and followed for what is asked.

use std::borrow::Cow;

use crate::protocols::json::document::Json;
use crate::protocols::json::text::Text;

/// The greatest number of pointers in one answer.
///
/// A pointer can be as long as the document, so an answer without a bound could
/// be as long as its square.
pub const MAX_POINTERS: usize = 32;

/// One step from a value to one inside it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// To the member with this key.
    Key(&'a Text),
    /// To the element with this index.
    Index(usize),
}

/// Writes the pointer which takes `path` from the root.
///
/// A lone surrogate has no place in a pointer and becomes U+FFFD.
pub(super) fn render(path: &[Step<'_>]) -> String {
    let mut pointer = String::new();
    for step in path {
        pointer.push('/');
        match step {
            Step::Key(key) => {
                pointer.push_str(&key.to_string_lossy().replace('~', "~0").replace('/', "~1"));
            }
            Step::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer
}

impl Json {
    /// Finds the value at an RFC 6901 pointer such as `/data/leads/0/id`.
    ///
    /// A pointer which is malformed finds nothing, like one which leads nowhere.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        follow(self, pointer)
    }
}

fn follow<'a>(root: &'a Json, pointer: &str) -> Option<&'a Json> {
    if pointer.is_empty() {
        return Some(root);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(root, |json, token| match json {
        Json::Object(_) => json.get(&unescape(token)?),
        Json::Array(elements) => elements.get(index(token)?),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => None,
    })
}

/// Undoes `~0` and `~1`, and refuses any other use of `~`.
fn unescape(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let mut pieces = token.split('~');
    let mut key = pieces.next()?.to_owned();
    for piece in pieces {
        let (char, rest) = match piece.split_at_checked(1)? {
            ("0", rest) => ('~', rest),
            ("1", rest) => ('/', rest),
            _ => return None,
        };
        key.push(char);
        key.push_str(rest);
    }
    Some(Cow::Owned(key))
}

/// Reads an array index, which has neither a sign nor a leading zero.
fn index(token: &str) -> Option<usize> {
    let canonical = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    if canonical { token.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json::read;

    #[test]
    fn follows_the_examples_of_rfc_6901() {
        let text = br#"{"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4,
            "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8}"#;
        let json = read(text).unwrap();
        assert_eq!(json.pointer(""), Some(&json));
        assert_eq!(json.pointer("/foo"), json.get("foo"));
        assert_eq!(json.pointer("/foo/0").and_then(Json::as_str), Some("bar"));
        let numbers = ["/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n"];
        for (number, pointer) in numbers.iter().enumerate() {
            assert_eq!(json.pointer(pointer), Some(&Json::Number(number.to_string())), "{pointer}");
        }
    }

    #[test]
    fn finds_nothing_where_nothing_is_or_the_pointer_is_malformed() {
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
    fn rendered_pointers_lead_back() {
        let json = read(br#"{"a/b": {"~1": [0, {"": 7}]}}"#).unwrap();
        let (slash, tilde, empty) = (Text::from("a/b"), Text::from("~1"), Text::from(""));
        let path = [Step::Key(&slash), Step::Key(&tilde), Step::Index(1), Step::Key(&empty)];
        let pointer = render(&path);
        assert_eq!(pointer, "/a~1b/~01/1/");
        assert_eq!(json.pointer(&pointer), Some(&Json::Number("7".to_owned())));
    }
}
