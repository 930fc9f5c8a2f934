//! Edits of a captured JSON body that keep the bytes of everything else.
//!
//! Each edit is applied twice: to the parsed value, which finds every error in a path, and to the
//! text, where only the edited values are written.

use crate::domain::pointer;
use crate::engine::payload_edit::{self, EditError, PayloadEdit};
use crate::protocols::byte_order_mark;
use crate::protocols::json::{self, JsonError};
use crate::protocols::json_style::JsonStyle;
use crate::protocols::json_text::JsonText;
use serde_json::Value;
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
/// escapes and numbers of all other values stay as they are. Where a key is repeated, every occurrence
/// is edited: a receiver may take the first or the last.
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
    if edits.is_empty() {
        return Ok(body.to_vec());
    }
    let mut text = JsonText::read(document);
    for edit in edits {
        payload_edit::apply(&mut value, std::slice::from_ref(edit))?;
        text = match text {
            Some(mut text) if value.is_object() || value.is_array() => {
                edit_text(&mut text, edit, style)?;
                Some(text)
            }
            // The document was or became a scalar: a merge patch replaced all of it.
            Some(_) | None => JsonText::read(&style.print(value.clone())),
        };
    }
    let mut edited = body.get(..mark).unwrap_or_default().to_vec();
    edited.extend(text.map_or_else(|| style.print(value), JsonText::into_bytes));
    Ok(edited)
}

/// Applies one edit to the text of a document.
fn edit_text(text: &mut JsonText, edit: &PayloadEdit, style: &JsonStyle) -> Result<(), EditError> {
    let print = |value: &Value| style.print_text(value.clone());
    let (path, is_edited) = match edit {
        PayloadEdit::Set { path, value } => (path, text.replace(&pointer_to(path)?, &print(value))),
        PayloadEdit::Add { path, value } => {
            (path, text.put(&pointer_to(path)?, &print(value), style))
        }
        PayloadEdit::Unset { path } => (path, text.remove(&pointer_to(path)?)),
        PayloadEdit::Merge { patch } => {
            text.merge(patch, style);
            return Ok(());
        }
    };
    // The path exists: the edit was applied to the value of the same document before.
    let unknown = || EditError::UnknownPath { path: path.clone(), known: Vec::new() };
    is_edited.then_some(()).ok_or_else(unknown)
}

fn pointer_to(path: &str) -> Result<String, EditError> {
    let segments = pointer::parse_path(path);
    let invalid = || EditError::InvalidPath { path: path.to_owned() };
    segments.map(|segments| pointer::join(&segments)).ok_or_else(invalid)
}

#[cfg(test)]
mod tests;
