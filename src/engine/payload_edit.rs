//! Payload edits: set, unset and add a value at a path, and JSON Merge Patch.

use crate::domain::pointer;
use serde_json::{Map, Value};
use std::borrow::Cow;
use thiserror::Error;

/// The maximum number of paths that an error suggests names from.
const MAX_KNOWN_PATHS: usize = 1000;

/// The maximum number of bytes of such a path.
const MAX_KNOWN_PATH: usize = 1024;

/// One change to a payload.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PayloadEdit {
    /// Replaces an existing value.
    Set {
        /// The path, as given.
        path: String,
        /// The new value.
        value: Value,
    },
    /// Removes a field or an item.
    Unset {
        /// The path, as given.
        path: String,
    },
    /// Adds a value that does not exist yet.
    Add {
        /// The path, as given; the last segment may be `-`, the position after the last item.
        path: String,
        /// The new value.
        value: Value,
    },
    /// Applies a JSON Merge Patch (RFC 7396), which adds missing fields.
    Merge {
        /// The patch.
        patch: Value,
    },
}

/// An error in the path of an edit.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditError {
    /// It is not a path.
    #[error("`{path}` is not a path: expected `a.b[0].c` or a JSON Pointer")]
    InvalidPath {
        /// The path, as given.
        path: String,
    },
    /// No value exists there.
    #[error("no `{path}` in the payload")]
    UnknownPath {
        /// The path, as given.
        path: String,
        /// The existing paths, as users type them; the first ones of a very large payload.
        known: Vec<String>,
    },
    /// A value exists there already.
    #[error("`{path}` is in the payload already")]
    PathExists {
        /// The path, as given.
        path: String,
    },
}

/// Applies the edits to `payload` in order.
pub fn apply(payload: &mut Value, edits: &[PayloadEdit]) -> Result<(), EditError> {
    edits.iter().try_for_each(|edit| match edit {
        PayloadEdit::Set { path, value } => match value_at(payload, path)? {
            Some(target) => {
                *target = value.clone();
                Ok(())
            }
            None => Err(unknown_path(path, payload)),
        },
        PayloadEdit::Unset { path } => unset(payload, path),
        PayloadEdit::Add { path, value } => add(payload, path, value),
        PayloadEdit::Merge { patch } => {
            merge(payload, patch);
            Ok(())
        }
    })
}

/// Checks the paths of the edits, as far as that is possible without a payload.
pub fn check_paths(edits: &[PayloadEdit]) -> Result<(), EditError> {
    edits.iter().try_for_each(|edit| match edit {
        PayloadEdit::Set { path, .. }
        | PayloadEdit::Unset { path }
        | PayloadEdit::Add { path, .. } => split_parent(path).map(drop),
        PayloadEdit::Merge { .. } => Ok(()),
    })
}

/// Puts a value at a JSON Pointer, whether or not there is one already. Returns `false`, and
/// changes nothing, if its parent is not an object.
pub fn put(payload: &mut Value, pointer: &str, value: Value) -> bool {
    let Ok((parent, last)) = split_parent(pointer) else { return false };
    let Some(Value::Object(fields)) = payload.pointer_mut(&parent) else { return false };
    fields.insert(last, value);
    true
}

/// Applies a merge patch (RFC 7396, section 2): objects are merged, null removes, others replace.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (name, change) in changes {
        if change.is_null() {
            fields.shift_remove(name);
        } else {
            merge(fields.entry(name.as_str()).or_insert(Value::Null), change);
        }
    }
}

fn unset(payload: &mut Value, path: &str) -> Result<(), EditError> {
    let (parent, last) = split_parent(path)?;
    let removed = match payload.pointer_mut(&parent) {
        Some(Value::Object(fields)) => fields.shift_remove(&last),
        Some(Value::Array(items)) => {
            let index = pointer::parse_index(&last).filter(|index| *index < items.len());
            index.map(|index| items.remove(index))
        }
        _ => None,
    };
    removed.map(drop).ok_or_else(|| unknown_path(path, payload))
}

fn add(payload: &mut Value, path: &str, value: &Value) -> Result<(), EditError> {
    if value_at(payload, path)?.is_some() {
        return Err(EditError::PathExists { path: path.to_owned() });
    }
    let (parent, last) = split_parent(path)?;
    match payload.pointer_mut(&parent) {
        Some(Value::Object(fields)) => {
            fields.insert(last, value.clone());
            Ok(())
        }
        Some(Value::Array(items))
            if last == "-" || pointer::parse_index(&last) == Some(items.len()) =>
        {
            items.push(value.clone());
            Ok(())
        }
        _ => Err(unknown_path(path, payload)),
    }
}

/// Returns the value at a path, if it exists.
fn value_at<'v>(payload: &'v mut Value, path: &str) -> Result<Option<&'v mut Value>, EditError> {
    let (parent, last) = split_parent(path)?;
    Ok(payload.pointer_mut(&format!("{parent}/{}", pointer::escape(&last))))
}

/// Returns the pointer to the parent of a path, and the last segment.
fn split_parent(path: &str) -> Result<(String, String), EditError> {
    let invalid = || EditError::InvalidPath { path: path.to_owned() };
    let mut segments = pointer::parse_path(path).ok_or_else(invalid)?;
    let last = segments.pop().ok_or_else(invalid)?;
    Ok((pointer::join(&segments), last))
}

fn unknown_path(path: &str, payload: &Value) -> EditError {
    EditError::UnknownPath { path: path.to_owned(), known: known_paths(payload) }
}

/// Returns the first paths of a payload, as users type them.
#[must_use]
pub fn known_paths(payload: &Value) -> Vec<String> {
    let as_path = |pointer: String| {
        let segments: Vec<_> = pointer::segments(&pointer).collect();
        // A name with a dot or a bracket needs a JSON Pointer.
        if segments.iter().any(|name| name.is_empty() || name.contains(['.', '[', '/'])) {
            return pointer;
        }
        segments.iter().fold(String::new(), |path, name| match name.parse::<u32>() {
            Ok(index) => format!("{path}[{index}]"),
            Err(_) if path.is_empty() => name.clone().into_owned(),
            Err(_) => format!("{path}.{name}"),
        })
    };
    let mut pointers = Vec::new();
    collect_pointers(payload, "", &mut pointers);
    pointers.into_iter().map(as_path).collect()
}

/// Collects the pointers in a payload that may come from anyone: the number and the length are
/// limited, since all pointers of a document can be many times its size.
fn collect_pointers(value: &Value, parent: &str, pointers: &mut Vec<String>) {
    let fields = value.as_object().into_iter().flatten();
    let items = value.as_array().into_iter().flatten().enumerate();
    let fields = fields.map(|(name, child)| (Cow::Borrowed(name.as_str()), child));
    let children = fields.chain(items.map(|(index, child)| (index.to_string().into(), child)));
    for (name, child) in children {
        if pointers.len() == MAX_KNOWN_PATHS {
            return;
        }
        if parent.len() + name.len() < MAX_KNOWN_PATH {
            let pointer = format!("{parent}/{}", pointer::escape(&name));
            pointers.push(pointer.clone());
            collect_pointers(child, &pointer, pointers);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    pub(in crate::engine) fn set(path: &str, value: Value) -> PayloadEdit {
        PayloadEdit::Set { path: path.to_owned(), value }
    }

    pub(in crate::engine) fn add(path: &str, value: Value) -> PayloadEdit {
        PayloadEdit::Add { path: path.to_owned(), value }
    }

    pub(in crate::engine) fn unset(path: &str) -> PayloadEdit {
        PayloadEdit::Unset { path: path.to_owned() }
    }

    fn edited(edits: &[PayloadEdit]) -> Result<Value, EditError> {
        let mut payload = json!({"a": {"b": [1, {"c": 2}]}, "d.e": 3});
        apply(&mut payload, edits).map(|()| payload)
    }

    #[test]
    fn edits_are_applied_in_order() {
        let edits = [
            set("a.b[0]", json!("x")),
            unset("/a/b/1/c"),
            add("a.n", json!(null)),
            set("/d.e", json!(4)),
        ];
        assert_eq!(edited(&edits), Ok(json!({"a": {"b": ["x", {}], "n": null}, "d.e": 4})));
        assert_eq!(
            edited(&[add("a.b[2]", json!(3)), add("/a/b/-", json!(4))]).unwrap()["a"]["b"],
            json!([1, {"c": 2}, 3, 4])
        );
    }

    #[test]
    fn an_unknown_path_lists_the_existing_ones() {
        let Err(EditError::UnknownPath { known, .. }) = edited(&[set("a.x", json!(1))]) else {
            panic!("expected an error")
        };
        assert_eq!(known, ["a", "a.b", "a.b[0]", "a.b[1]", "a.b[1].c", "/d.e"]);
        for edit in [
            unset("a.b[2]"),
            unset("x"),
            unset("a.b[00]"),
            unset("/a/b/+1"),
            add("a.b[02]", json!(1)),
            add("a.b[3]", json!(1)),
            add("x.y", json!(1)),
            set("a.b.c", json!(1)),
        ] {
            assert!(
                matches!(edited(std::slice::from_ref(&edit)), Err(EditError::UnknownPath { .. })),
                "{edit:?}"
            );
        }
    }

    #[test]
    fn the_listed_paths_are_limited() {
        let long = "k".repeat(MAX_KNOWN_PATH);
        let mut payload = json!({long.as_str(): {"a": 1}, "many": vec![1; 2 * MAX_KNOWN_PATHS]});
        let Err(EditError::UnknownPath { known, .. }) = apply(&mut payload, &[unset("x")]) else {
            panic!("expected an error")
        };
        assert_eq!(known.len(), MAX_KNOWN_PATHS);
        assert_eq!(known[..2], ["many", "many[0]"]);
    }

    #[test]
    fn add_does_not_overwrite() {
        assert_eq!(
            edited(&[add("a.b", json!(1))]),
            Err(EditError::PathExists { path: "a.b".to_owned() })
        );
    }

    #[test]
    fn an_invalid_path_is_rejected() {
        for path in ["", "a..b", "a[", "[0]"] {
            assert_eq!(
                edited(&[unset(path)]),
                Err(EditError::InvalidPath { path: path.to_owned() })
            );
        }
    }

    #[test]
    fn a_merge_patch_matches_the_examples_of_rfc_7396() {
        // Appendix A, every row.
        for (target, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            let mut payload = target.clone();
            let edit = PayloadEdit::Merge { patch: patch.clone() };
            assert_eq!(apply(&mut payload, &[edit]), Ok(()));
            assert_eq!(payload, result, "{target} and {patch}");
        }
    }

    #[test]
    fn edits_and_merges_are_applied_in_order() {
        let edits = [
            set("a.b[0]", json!("lost")),
            PayloadEdit::Merge { patch: json!({"a": {"b": [7]}, "x": {"y": null}}) },
            add("x.y", json!("new")),
        ];
        assert_eq!(edited(&edits), Ok(json!({"a": {"b": [7]}, "d.e": 3, "x": {"y": "new"}})));
    }
}
