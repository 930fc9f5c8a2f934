//! A JSON text that is edited in place: everything that is not replaced keeps its bytes.

use crate::domain::pointer;
use crate::protocols::json;
use crate::protocols::json_layout::{JsonLayout, Kind, Node};

/// An object or an array, as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// Reads a text, or returns `None` if it is not an object or an array in UTF-8.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        layout(text).is_some().then(|| Self(text.to_owned()))
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Returns the text as bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    /// Returns the value at a JSON Pointer as it is printed; the last one, if its key is repeated.
    #[must_use]
    pub fn literal(&self, pointer: &str) -> Option<&str> {
        let layout = layout(&self.0)?;
        let node = find(&layout, pointer).pop()?;
        Some(layout.slice(&layout.nodes().get(node)?.range))
    }

    /// Replaces the value at a JSON Pointer by this literal, at each place if its key is repeated.
    /// Returns `false` if there is none.
    pub fn replace(&mut self, pointer: &str, literal: &str) -> bool {
        let Some(layout) = layout(&self.0) else { return false };
        let found = find(&layout, pointer);
        let nodes = found.iter().filter_map(|index| layout.nodes().get(*index));
        let replaced = layout.replace(nodes.map(|node| (&node.range, literal)));
        let is_found = !found.is_empty();
        self.0 = replaced;
        is_found
    }

    /// Replaces the value at a JSON Pointer, or adds it as the last field of its object, with the
    /// white space of the field before it. Returns `false` if there is no such object.
    pub fn put(&mut self, pointer: &str, literal: &str) -> bool {
        if self.replace(pointer, literal) {
            return true;
        }
        let Some((parent, _)) = pointer.rsplit_once('/') else { return false };
        let Some(layout) = layout(&self.0) else { return false };
        let nodes = layout.nodes();
        let parent = find(&layout, parent).pop();
        let Some(object) = parent.and_then(|parent| nodes.get(parent)) else { return false };
        if object.kind != Kind::Object {
            return false;
        }
        let name = pointer::segments(pointer).last().unwrap_or_default();
        let key = serde_json::Value::from(name).to_string();
        let fields: Vec<_> = nodes.iter().filter(|node| node.parent == parent).collect();
        let (range, added) = match fields.as_slice() {
            [] => (object.range.clone(), format!("{{{key}:{literal}}}")),
            [.., last] => {
                let (comma, colon) = separators(&layout, object, &fields);
                (last.range.end..last.range.end, format!("{comma}{key}{colon}{literal}"))
            }
        };
        self.0 = layout.replace(std::iter::once((&range, added.as_str())));
        true
    }

    /// Replaces each first string by the second one within the strings of the text; both are given
    /// as they are printed, without quotes.
    pub fn replace_within_strings(&mut self, replacements: &[(String, String)]) {
        let Some(layout) = layout(&self.0) else { return };
        let strings = layout.nodes().iter().filter(|node| node.kind == Kind::String);
        let replaced: Vec<_> = strings
            .filter_map(|node| {
                let before = layout.slice(&node.range);
                let after = replacements
                    .iter()
                    .fold(before.to_owned(), |text, (old, new)| text.replace(old.as_str(), new));
                (after != before).then_some((&node.range, after))
            })
            .collect();
        let replaced = replaced.iter().map(|(range, after)| (*range, after.as_str()));
        self.0 = layout.replace(replaced);
    }
}

fn layout(text: &str) -> Option<JsonLayout<'_>> {
    JsonLayout::read(text, usize::MAX)
}

/// Returns the values at a JSON Pointer in their order, by their positions among the nodes: several,
/// if a key is repeated.
fn find(layout: &JsonLayout<'_>, pointer: &str) -> Vec<usize> {
    let mut found = vec![0];
    for segment in pointer::segments(pointer) {
        let mut next = Vec::new();
        for parent in found {
            let is_array = layout.nodes().get(parent).is_some_and(|it| it.kind == Kind::Array);
            let nodes = layout.nodes().iter().enumerate();
            let children = nodes.filter(|(_, node)| node.parent == Some(parent)).enumerate();
            let matching = children.filter(|(index, (_, node))| {
                if is_array {
                    pointer::parse_index(&segment) == Some(*index)
                } else {
                    has_key(layout, node, &segment)
                }
            });
            next.extend(matching.map(|(_, (position, _))| position));
        }
        found = next;
    }
    found
}

/// Returns `true` if a field has this name. A key with an escape is decoded.
fn has_key(layout: &JsonLayout<'_>, node: &Node, name: &str) -> bool {
    if let Some(key) = layout.key(node) {
        return key == name;
    }
    let Some(range) = &node.key else { return false };
    json::read(layout.slice(range).as_bytes()).is_ok_and(|key| key.as_str() == Some(name))
}

/// Returns what is printed between two fields of an object, and between a key and its value.
fn separators<'t>(layout: &JsonLayout<'t>, object: &Node, fields: &[&Node]) -> (String, &'t str) {
    let key_start = |node: &Node| node.key.as_ref().map_or(node.range.start, |key| key.start);
    let key_end = |node: &Node| node.key.as_ref().map_or(node.range.start, |key| key.end);
    match fields {
        [.., before, last] => (
            layout.slice(&(before.range.end..key_start(last))).to_owned(),
            layout.slice(&(key_end(last)..last.range.start)),
        ),
        [only] => {
            let start = layout.slice(&(object.range.start + 1..key_start(only)));
            (format!(",{start}"), layout.slice(&(key_end(only)..only.range.start)))
        }
        [] => (",".to_owned(), ":"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn edited(text: &str, edit: impl FnOnce(&mut JsonText)) -> String {
        let mut json = JsonText::read(text.as_bytes()).unwrap();
        edit(&mut json);
        json.text().to_owned()
    }

    #[test]
    fn a_value_is_replaced_wherever_it_is() {
        let text = r#"{ "a" : {"b/c":[1.50, {"d":"x"}]},"\u0065":2, "e":3}"#;
        for (pointer, expected) in [
            ("/a/b~1c/0", r#"{ "a" : {"b/c":[7, {"d":"x"}]},"\u0065":2, "e":3}"#),
            ("/a/b~1c/1/d", r#"{ "a" : {"b/c":[1.50, {"d":7}]},"\u0065":2, "e":3}"#),
            ("/e", r#"{ "a" : {"b/c":[1.50, {"d":"x"}]},"\u0065":7, "e":7}"#),
            ("", "7"),
            ("/a/b~1c/2", text),
            ("/b", text),
        ] {
            let replaced = edited(text, |json| {
                assert_eq!(json.replace(pointer, "7"), expected != text, "{pointer}");
            });
            assert_eq!(replaced, expected, "{pointer}");
        }
        let json = JsonText::read(text.as_bytes()).unwrap();
        assert_eq!(json.literal("/a/b~1c/0"), Some("1.50"));
        assert_eq!(json.literal("/e"), Some("3"));
        assert_eq!(json.literal("/x"), None);
    }

    #[test]
    fn a_new_field_is_printed_like_the_others() {
        for (text, pointer, expected) in [
            (r#"{"a":1,"b":2}"#, "/c", r#"{"a":1,"b":2,"c":7}"#),
            (r#"{"a": 1, "b": 2}"#, "/c", r#"{"a": 1, "b": 2, "c": 7}"#),
            ("{\n  \"a\" : 1\n}\n", "/c", "{\n  \"a\" : 1,\n  \"c\" : 7\n}\n"),
            ("{}", "/c", "{\"c\":7}"),
            (r#"{"a":{"b":1}}"#, "/a/x~1y", r#"{"a":{"b":1,"x/y":7}}"#),
            (r#"{"a":1}"#, "/a", r#"{"a":7}"#),
        ] {
            let put = edited(text, |json| assert!(json.put(pointer, "7"), "{text}"));
            assert_eq!(put, expected);
        }
        for pointer in ["/a/b", "/x/y", "/list/0"] {
            let text = r#"{"a":1,"list":[]}"#;
            assert_eq!(edited(text, |json| assert!(!json.put(pointer, "7"))), text, "{pointer}");
        }
    }

    #[test]
    fn strings_are_searched_and_keys_are_not() {
        let pairs = [("abc".to_owned(), "x".to_owned())];
        let replaced = edited(r#"{"abc":["1abc2","abc"],"n":"\u0061bc"}"#, |json| {
            json.replace_within_strings(&pairs);
        });
        assert_eq!(replaced, r#"{"abc":["1x2","x"],"n":"\u0061bc"}"#);
        let value: Value = serde_json::from_str(&replaced).unwrap();
        assert_eq!(value["abc"][1], "x");
    }

    #[test]
    fn only_objects_and_arrays_are_read() {
        for text in ["", "7", "\"a\"", "{\"a\"", "{} {}"] {
            assert!(JsonText::read(text.as_bytes()).is_none(), "{text}");
        }
        assert!(JsonText::read(b"{\"a\":\"\xff\"}").is_none());
        assert_eq!(JsonText::read(b"[1]").unwrap().into_bytes(), b"[1]");
    }
}
