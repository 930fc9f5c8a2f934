//! A schema and its location in the documents of a pack.

use crate::domain::pointer;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A schema, the file that contains it and its JSON Pointer there.
#[derive(Clone)]
pub(super) struct LocatedSchema<'d> {
    pub(super) file: &'d str,
    pub(super) pointer: String,
    pub(super) schema: &'d Value,
}

impl<'d> LocatedSchema<'d> {
    /// Returns a nested schema.
    pub(super) fn nested(&self, names: &[&str], schema: &'d Value) -> Self {
        let pointer = format!("{}{}", self.pointer, pointer::join(names));
        Self { file: self.file, pointer, schema }
    }

    /// Returns the location of a keyword in the form that findings use.
    pub(super) fn keyword_location(&self, keyword: &str) -> String {
        format!("{}#{}/{keyword}", self.file, self.pointer)
    }

    /// Returns the object that contains the schema, and the key of the schema in it.
    pub(super) fn parent_and_key(
        &self,
        documents: &'d BTreeMap<String, Value>,
    ) -> (Option<&'d Map<String, Value>>, &str) {
        let (pointer, name) = self.pointer.rsplit_once('/').unwrap_or_default();
        let parent = documents.get(self.file).and_then(|root| root.pointer(pointer));
        (parent.and_then(Value::as_object), name)
    }
}

/// Resolves a reference in `file`, if its target is in the documents.
pub(super) fn resolve<'d>(
    documents: &'d BTreeMap<String, Value>,
    file: &str,
    reference: &str,
) -> Option<LocatedSchema<'d>> {
    let (name, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let name = name.strip_prefix("./").unwrap_or(name);
    let (file, root) = documents.get_key_value(if name.is_empty() { file } else { name })?;
    // JSON Pointers in a URI fragment are percent-encoded (RFC 6901, section 6).
    let pointer = percent_decode_str(fragment).decode_utf8_lossy().into_owned();
    Some(LocatedSchema { file, schema: root.pointer(&pointer)?, pointer })
}
