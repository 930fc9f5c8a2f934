//! A JSON text that is edited in place: everything that is not replaced keeps its bytes.

mod changes;

use crate::domain::pointer;
use crate::protocols::json_layout::{JsonLayout, Kind};
use crate::protocols::json_style::{AS_SAMPLE, JsonStyle};
use crate::protocols::json_text::changes::{Change, Changes};
use serde_json::Value;

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

    /// Replaces the value at a JSON Pointer by this literal, at each place if a key is repeated.
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

    /// Replaces the value at a JSON Pointer, or adds it as the last field of its object or the last
    /// element of its array, with the white space of the one before it. A new key is printed in
    /// `style`. Returns `false` if there is no such object or array, or the index is not the next one.
    pub fn put(&mut self, pointer: &str, literal: &str, style: &JsonStyle) -> bool {
        self.change(pointer, Change::Put(literal), style)
    }

    /// Removes the value at a JSON Pointer, with its key and one of the commas beside it; every one,
    /// if a key is repeated. Returns `false` if there is none.
    pub fn remove(&mut self, pointer: &str) -> bool {
        // Nothing is printed.
        self.change(pointer, Change::Remove, &AS_SAMPLE)
    }

    /// Applies a JSON Merge Patch (RFC 7396). New keys and values are printed in `style`.
    pub fn merge(&mut self, patch: &Value, style: &JsonStyle) {
        let Some(layout) = layout(&self.0) else { return };
        let mut changes = Changes::new(&layout, style);
        changes.merge(0, patch);
        if let Some(text) = changes.apply() {
            self.0 = text;
        }
    }

    fn change(&mut self, pointer: &str, change: Change<'_>, style: &JsonStyle) -> bool {
        let Some((parent, _)) = pointer.rsplit_once('/') else { return false };
        let Some(name) = pointer::segments(pointer).last() else { return false };
        let Some(layout) = layout(&self.0) else { return false };
        let mut changes = Changes::new(&layout, style);
        for container in find(&layout, parent) {
            changes.change(container, &[(&*name, change)]);
        }
        let Some(text) = changes.apply() else { return false };
        self.0 = text;
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
///
/// Only the values beside the ones on the way are visited, so that any number of duplicates takes
/// one pass.
fn find(layout: &JsonLayout<'_>, pointer: &str) -> Vec<usize> {
    pointer::segments(pointer).fold(vec![0], |found, segment| {
        let index = pointer::parse_index(&segment);
        let is_array = |position: usize| {
            layout.nodes().get(position).is_some_and(|node| node.kind == Kind::Array)
        };
        let mut next = Vec::new();
        for parent in found {
            let mut children = layout.children(parent);
            if is_array(parent) {
                let element = index.and_then(|index| children.nth(index));
                next.extend(element.map(|(position, _)| position));
            } else {
                let fields = children
                    .filter(|(_, node)| layout.name(node).is_some_and(|name| name == segment));
                next.extend(fields.map(|(position, _)| position));
            }
        }
        next
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_new_value_is_printed_like_the_others() {
        for (text, pointer, expected) in [
            (r#"{"a":1,"b":2}"#, "/c", r#"{"a":1,"b":2,"c":7}"#),
            (r#"{"a": 1, "b": 2}"#, "/c", r#"{"a": 1, "b": 2, "c": 7}"#),
            ("{\n  \"a\" : 1\n}\n", "/c", "{\n  \"a\" : 1,\n  \"c\" : 7\n}\n"),
            ("{ }", "/c", "{\"c\":7}"),
            (r#"[{"a" : {}}, {}]"#, "/1/c", r#"[{"a" : {}}, {"c" : 7}]"#),
            (r#"{"a":{"b":1}}"#, "/a/x~1y", r#"{"a":{"b":1,"x/y":7}}"#),
            (r#"{"a":1}"#, "/a", r#"{"a":7}"#),
            ("[ ]", "/0", "[7]"),
            ("[\n 1\n]", "/-", "[\n 1,\n 7\n]"),
            (r#"{"a":[1 , 2]}"#, "/a/2", r#"{"a":[1 , 2 , 7]}"#),
            (r#"{"a":[1, 2]}"#, "/a/0", r#"{"a":[7, 2]}"#),
            (r#"{"-":1}"#, "/-", r#"{"-":7}"#),
        ] {
            let put = edited(text, |json| assert!(json.put(pointer, "7", &AS_SAMPLE), "{text}"));
            assert_eq!(put, expected);
        }
        let text = r#"{"a":1,"list":[]}"#;
        for pointer in ["", "/a/b", "/x/y", "/list/1", "/list/00", "/list/x"] {
            let unchanged =
                edited(text, |json| assert!(!json.put(pointer, "7", &AS_SAMPLE), "{pointer}"));
            assert_eq!(unchanged, text);
        }
        let long = format!("{{\"a\":{}1}}", " ".repeat(1000));
        let put = edited(&long, |json| assert!(json.put("/b", "7", &AS_SAMPLE)));
        assert_eq!(put, long.replace('}', ",\"b\":7}"), "only a short separator is copied");
    }

    #[test]
    fn a_value_is_removed_with_one_comma() {
        let text = "{ \"a\" : 1,\n \"b\":[ 1 , 2, 3 ],\"\\u0061\":4}";
        for (pointer, expected) in [
            ("/a", "{ \"b\":[ 1 , 2, 3 ]}"),
            ("/b", "{ \"a\" : 1,\"\\u0061\":4}"),
            ("/b/0", "{ \"a\" : 1,\n \"b\":[ 2, 3 ],\"\\u0061\":4}"),
            ("/b/1", "{ \"a\" : 1,\n \"b\":[ 1, 3 ],\"\\u0061\":4}"),
            ("/b/2", "{ \"a\" : 1,\n \"b\":[ 1 , 2 ],\"\\u0061\":4}"),
        ] {
            assert_eq!(edited(text, |json| assert!(json.remove(pointer))), expected, "{pointer}");
        }
        assert_eq!(edited("[ [ 1 ] ]", |json| assert!(json.remove("/0/0"))), "[ [] ]");
        for pointer in ["", "/c", "/b/3", "/b/-", "/a/0"] {
            assert_eq!(edited(text, |json| assert!(!json.remove(pointer))), text, "{pointer}");
        }
    }

    #[test]
    fn every_duplicate_is_edited() {
        let text = r#"{"a":{"x":1},"a":[1],"b":0,"a":{"y":2,"x":3},"a":4}"#;
        let put = edited(text, |json| assert!(json.put("/a/x", "7", &AS_SAMPLE)));
        assert_eq!(put, r#"{"a":{"x":7},"a":[1],"b":0,"a":{"y":2,"x":7},"a":4}"#);
        let put = edited(text, |json| assert!(json.put("/a/z", "7", &AS_SAMPLE)));
        assert_eq!(put, r#"{"a":{"x":1,"z":7},"a":[1],"b":0,"a":{"y":2,"x":3,"z":7},"a":4}"#);
        let removed = edited(text, |json| assert!(json.remove("/a/x")));
        assert_eq!(removed, r#"{"a":{},"a":[1],"b":0,"a":{"y":2},"a":4}"#);
        let removed = edited(text, |json| assert!(json.remove("/a")));
        assert_eq!(removed, r#"{"b":0}"#);
        let merged = edited(text, |json| {
            json.merge(&serde_json::json!({"a": {"x": null, "z": {"n": null}}}), &AS_SAMPLE);
        });
        let expected = r#"{"a":{"z":{}},"a":{"z":{}},"b":0,"a":{"y":2,"z":{}},"a":{"z":{}}}"#;
        assert_eq!(merged, expected);
    }

    #[test]
    fn many_values_take_one_pass() {
        // A search of the whole text for each of them would not end within the time of a test.
        let objects = format!("{{{}\"b\":[0]}}", r#""a":{"x":[1,2]},"#.repeat(100_000));
        for (pointer, old, new) in [("/a/x/1", "2]", "7]"), ("/a/x/2", "2]", "2,7]")] {
            let put = edited(&objects, |json| assert!(json.put(pointer, "7", &AS_SAMPLE)));
            assert_eq!(put, objects.replace(old, new));
        }
        let removed = edited(&objects, |json| assert!(json.remove("/a/x/0")));
        assert_eq!(removed, objects.replace("[1,2]", "[2]"));
        let merged = edited(&objects, |json| {
            json.merge(&serde_json::json!({"a": {"x": 5}, "b": null}), &AS_SAMPLE);
        });
        assert_eq!(merged, objects.replace("[1,2]", "5").replace(",\"b\":[0]", ""));
        let elements = format!("[{}[0]]", "[1],".repeat(200_000));
        let json = JsonText::read(elements.as_bytes()).unwrap();
        assert_eq!(json.literal("/200000/0"), Some("0"));
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
