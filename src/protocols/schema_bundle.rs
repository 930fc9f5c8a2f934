//! Bundles a JSON Schema with the documents that it refers to, for use in other tools.

use crate::domain::pointer;
use crate::protocols::schema::SchemaError;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Returns the schema called `file` as one document with local references only. The other documents
/// are added by name under `$defs`.
pub fn bundle(file: &str, documents: &BTreeMap<String, Value>) -> Result<Value, SchemaError> {
    let error = |reason: &str| SchemaError { file: file.to_owned(), reason: reason.to_owned() };
    let mut bundled = documents.get(file).ok_or_else(|| error("it is not in the pack"))?.clone();
    make_references_local(&mut bundled, "");
    let root = bundled.as_object_mut().ok_or_else(|| error("it is not an object"))?;
    let definitions = root.entry("$defs").or_insert_with(|| Map::new().into());
    let definitions =
        definitions.as_object_mut().ok_or_else(|| error("`$defs` is not an object"))?;
    for (name, document) in documents.iter().filter(|(name, _)| *name != file) {
        let mut part = document.clone();
        make_references_local(&mut part, &bundle_pointer(name));
        if let Some(fields) = part.as_object_mut() {
            // The dialect is declared once, at the root.
            fields.shift_remove("$schema");
        }
        definitions.insert(schema_name(name).to_owned(), part);
    }
    Ok(bundled)
}

/// Makes every reference local. `base` is the pointer to this document in the bundle.
fn make_references_local(schema: &mut Value, base: &str) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref") {
                let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
                let pointer =
                    if document.is_empty() { base.to_owned() } else { bundle_pointer(document) };
                *reference = format!("#{pointer}{fragment}");
            }
            fields.values_mut().for_each(|value| make_references_local(value, base));
        }
        Value::Array(items) => {
            for value in items {
                make_references_local(value, base);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns the pointer to a document in the bundle, by the name of its file.
fn bundle_pointer(name: &str) -> String {
    format!("/$defs/{}", pointer::escape(schema_name(name)))
}

fn schema_name(name: &str) -> &str {
    name.strip_suffix(".schema.json").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::schema::Schema;
    use serde_json::json;

    #[test]
    fn a_bundle_needs_no_other_document() {
        let schema = json!({
            "properties": {"a": {"$ref": "defs.schema.json#/$defs/b"}},
            "$defs": {"own": {}},
        });
        let definitions = json!({
            "$schema": "x",
            "$defs": {"b": {"$ref": "#/$defs/c"}, "c": {"type": "string"}},
        });
        let documents =
            [("a.schema.json".to_owned(), schema), ("defs.schema.json".to_owned(), definitions)];
        let bundled = bundle("a.schema.json", &documents.into()).unwrap();
        let expected = json!({
            "properties": {"a": {"$ref": "#/$defs/defs/$defs/b"}},
            "$defs": {
                "own": {},
                "defs": {"$defs": {"b": {"$ref": "#/$defs/defs/$defs/c"}, "c": {"type": "string"}}},
            },
        });
        assert_eq!(bundled, expected);
        let alone = [("bundled".to_owned(), bundled)];
        let findings = Schema::compile("bundled", alone.into()).unwrap().findings(&json!({"a": 1}));
        assert_eq!(findings[0].code, "wrong-type");
    }
}
