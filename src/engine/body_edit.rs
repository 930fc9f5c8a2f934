//! Edits of a captured JSON body that keep the bytes of everything else.
//!
//! Each edit is applied twice: to the parsed value, which finds every error in a path, and to the
//! text, where only the edited values are written.

use crate::domain::pointer;
use crate::engine::payload_edit::{self, EditError, PayloadEdit};
use crate::protocols::byte_order_mark;
use crate::protocols::json::{self, JsonError, SpannedContent, SpannedField, SpannedValue};
use crate::protocols::json_style::JsonStyle;
use serde_json::Value;
use std::ops::Range;
use thiserror::Error;

/// The error if a body cannot be edited.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyEditError {
    /// It is not JSON.
    #[error("its body cannot be edited, because it is not JSON: {0}")]
    NotJson(#[from] JsonError),
    /// An edit does not apply to it.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// Applies the edits to a body in order. New values are printed in `style`; white space, key order,
/// escapes and numbers of all other values stay as they are.
///
/// # Errors
///
/// Fails if the body is not JSON, and at the first edit that cannot be applied.
pub fn apply(
    body: &[u8],
    edits: &[PayloadEdit],
    style: &JsonStyle,
) -> Result<Vec<u8>, BodyEditError> {
    let document = byte_order_mark::strip(body);
    let mark = body.len() - document.len();
    let mut value = json::read(document)?.into_value();
    let mut text = String::from_utf8_lossy(document).into_owned();
    for edit in edits {
        payload_edit::apply(&mut value, std::slice::from_ref(edit))?;
        text = edit_text(&text, edit, style)?;
    }
    let mut edited = body.get(..mark).unwrap_or_default().to_vec();
    edited.extend_from_slice(text.as_bytes());
    Ok(edited)
}

/// Applies one edit to the text of a document.
fn edit_text(text: &str, edit: &PayloadEdit, style: &JsonStyle) -> Result<String, EditError> {
    let (given, operations) = match edit {
        PayloadEdit::Set { path, value } => {
            (path.as_str(), vec![Operation::Replace(segments(path)?, value.clone())])
        }
        PayloadEdit::Add { path, value } => {
            (path.as_str(), vec![Operation::Insert(segments(path)?, value.clone())])
        }
        PayloadEdit::Unset { path } => (path.as_str(), vec![Operation::Remove(segments(path)?)]),
        PayloadEdit::Merge { patch } => {
            let mut operations = Vec::new();
            if let Some(root) = json::locate(text) {
                list_merge(&root, patch, &mut Vec::new(), &mut operations);
            }
            ("", operations)
        }
    };
    operations.iter().try_fold(text.to_owned(), |text, operation| {
        // The path exists: the edit was applied to the value of the same document before.
        let unknown = || EditError::UnknownPath { path: given.to_owned(), known: Vec::new() };
        operation.apply(&text, style).ok_or_else(unknown)
    })
}

fn segments(path: &str) -> Result<Vec<String>, EditError> {
    pointer::parse_path(path).ok_or_else(|| EditError::InvalidPath { path: path.to_owned() })
}

/// A change of one value, found by its path of keys and indices.
#[derive(Debug)]
enum Operation {
    /// Replaces a value.
    Replace(Vec<String>, Value),
    /// Adds a field, or appends an element.
    Insert(Vec<String>, Value),
    /// Removes a field or an element.
    Remove(Vec<String>),
}

/// Collects the operations of a merge patch (RFC 7396, section 2). Each of them leaves the paths of
/// the others as they are.
fn list_merge(
    target: &SpannedValue,
    patch: &Value,
    trail: &mut Vec<String>,
    operations: &mut Vec<Operation>,
) {
    let (Value::Object(changes), Some(_)) = (patch, target.fields()) else {
        operations.push(Operation::Replace(trail.clone(), without_nulls(patch)));
        return;
    };
    for (name, change) in changes {
        trail.push(name.clone());
        match (target.field(name), change) {
            (Some(_), Value::Null) => operations.push(Operation::Remove(trail.clone())),
            (None, Value::Null) => {}
            (Some(field), _) => list_merge(&field.value, change, trail, operations),
            (None, _) => {
                operations.push(Operation::Insert(trail.clone(), without_nulls(change)));
            }
        }
        trail.pop();
    }
}

/// Returns the value that a merge patch creates where there is none.
fn without_nulls(patch: &Value) -> Value {
    let Value::Object(changes) = patch else { return patch.clone() };
    let kept = changes.iter().filter(|(_, change)| !change.is_null());
    Value::Object(kept.map(|(name, change)| (name.clone(), without_nulls(change))).collect())
}

/// Prints a new value.
fn print(style: &JsonStyle, value: Value) -> String {
    String::from_utf8_lossy(&style.print(value)).into_owned()
}

impl Operation {
    /// Returns the changed text; `None` if the path does not exist.
    fn apply(&self, text: &str, style: &JsonStyle) -> Option<String> {
        let root = json::locate(text)?;
        match self {
            Self::Replace(path, value) => {
                let range = root.find(path)?.range.clone();
                splice(text, range, &print(style, value.clone()))
            }
            Self::Insert(path, value) => {
                let (name, parent) = path.split_last()?;
                let parent = root.find(parent)?;
                let printed = print(style, value.clone());
                let (position, new) = match &parent.content {
                    SpannedContent::Object(fields) => {
                        let key = print(style, Value::from(name.as_str()));
                        let colon = colon_text(text, fields.last().or(first_field(&root)))?;
                        let item = format!("{key}{colon}{printed}");
                        let last = fields.last().map(|field| (field.key.start, &field.value));
                        insertion(text, parent, last, &item)?
                    }
                    SpannedContent::Array(elements) => {
                        let last = elements.last().map(|element| (element.range.start, element));
                        insertion(text, parent, last, &printed)?
                    }
                    SpannedContent::Scalar => return None,
                };
                splice(text, position..position, &new)
            }
            Self::Remove(path) => {
                let (name, parent) = path.split_last()?;
                remove(text, root.find(parent)?, name)
            }
        }
    }
}

/// Removes an element, or every field with this name: a duplicate would take the place of the one
/// that was removed.
///
/// All of them are removed in one pass, since a hostile body may have any number of duplicates.
fn remove(text: &str, parent: &SpannedValue, name: &str) -> Option<String> {
    let items: Vec<_> = match &parent.content {
        SpannedContent::Object(fields) => {
            let item =
                |field: &SpannedField| (field.key.start..field.value.range.end, field.name != name);
            fields.iter().map(item).collect()
        }
        SpannedContent::Array(elements) => {
            let removed: usize = name.parse().ok()?;
            let items = elements.iter().enumerate();
            items.map(|(index, element)| (element.range.clone(), index != removed)).collect()
        }
        SpannedContent::Scalar => return None,
    };
    let inside = parent.range.start + 1..parent.range.end - 1;
    if items.iter().all(|(_, is_kept)| !is_kept) {
        return splice(text, inside, "");
    }
    let (first, last) = (items.first()?.0.start, items.last()?.0.end);
    let mut kept = String::with_capacity(last - first);
    let mut previous_end = first;
    for (item, is_kept) in &items {
        if *is_kept {
            // The separator before an item goes with it, and the first one has none.
            let start = if kept.is_empty() { item.start } else { previous_end };
            kept.push_str(text.get(start..item.end)?);
        }
        previous_end = item.end;
    }
    splice(text, first..last, &kept)
}

/// Returns the position and the text of a new last item, with the white space before the present
/// last one, which is its start and its value.
fn insertion(
    text: &str,
    parent: &SpannedValue,
    last: Option<(usize, &SpannedValue)>,
    item: &str,
) -> Option<(usize, String)> {
    let Some((start, value)) = last else {
        return Some((parent.range.start + 1, item.to_owned()));
    };
    let before = text.get(..start)?;
    let space = before.get(before.trim_end_matches([' ', '\t', '\r', '\n']).len()..)?;
    Some((value.range.end, format!(",{space}{item}")))
}

/// Returns the text between the key and the value of a field, or a colon if there is none.
fn colon_text<'t>(text: &'t str, field: Option<&SpannedField>) -> Option<&'t str> {
    field.map_or(Some(":"), |field| text.get(field.key.end..field.value.range.start))
}

fn first_field(root: &SpannedValue) -> Option<&SpannedField> {
    root.fields()?.first()
}

fn splice(text: &str, range: Range<usize>, new: &str) -> Option<String> {
    Some([text.get(..range.start)?, new, text.get(range.end..)?].concat())
}

#[cfg(test)]
mod tests;
