//! Documented fields: what the schemas of an event say about the values at each location.

use super::walk::{Revisit, Walk};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the schemas say about the values at one location.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentedField {
    /// The types that a value may have, as JSON Schema names them; empty if any may occur.
    pub types: BTreeSet<String>,
    /// The strings of `enum` and `const`.
    pub strings: BTreeSet<String>,
    /// The formats.
    pub formats: BTreeSet<String>,
    /// The maximum number of characters of a string.
    pub max_length: Option<usize>,
}

/// Returns every field that the schema called `file` describes, by JSON Pointer, where `*` stands
/// for every item of a list.
#[must_use]
pub fn documented_fields(
    file: &str,
    documents: &BTreeMap<String, Value>,
) -> BTreeMap<String, DocumentedField> {
    let mut walk = Walk::new(documents, Revisit::UnlessNested);
    walk.visit_root(file);
    let mut fields = BTreeMap::<String, DocumentedField>::new();
    for step in walk.steps {
        let Value::Object(keywords) = step.schema.schema else { continue };
        fields.entry(step.payload_pointer).or_default().add(keywords);
    }
    fields
}

impl DocumentedField {
    /// Adds the keywords of one schema.
    fn add(&mut self, keywords: &serde_json::Map<String, Value>) {
        let strings = |keyword: &str| {
            let value = keywords.get(keyword);
            let items = value.map(|value| match value {
                Value::Array(items) => items.as_slice(),
                only => std::slice::from_ref(only),
            });
            items.unwrap_or_default().iter().filter_map(|item| item.as_str().map(str::to_owned))
        };
        self.types.extend(strings("type"));
        self.strings.extend(strings("enum").chain(strings("const")));
        self.formats.extend(strings("format"));
        let limit = keywords.get("maxLength").and_then(Value::as_u64);
        if let Some(limit) = limit.and_then(|limit| usize::try_from(limit).ok()) {
            self.max_length = Some(self.max_length.map_or(limit, |known| known.min(limit)));
        }
    }

    /// Returns `true` if a value of this type is documented.
    #[must_use]
    pub fn allows(&self, kinds: &[&str]) -> bool {
        self.types.is_empty() || kinds.iter().any(|kind| self.types.contains(*kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_keywords_of_all_schemas_of_a_location_are_merged() {
        let schema = json!({
            "properties": {"a/b": {"$ref": "#/$defs/kind", "maxLength": 9, "type": "string"}},
            "$defs": {"kind": {"enum": ["x", 1], "maxLength": 12, "format": "uuid"}},
            "if": {"required": ["l"]},
            "then": {"properties": {"l": {"items": {"const": "y", "type": ["null", "string"]}}}},
        });
        let documents = BTreeMap::from([("e.json".to_owned(), schema)]);
        let fields = documented_fields("e.json", &documents);
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let kind = &fields["/a~1b"];
        assert_eq!((&kind.strings, &kind.formats), (&set(&["x"]), &set(&["uuid"])));
        assert_eq!(kind.max_length, Some(9));
        assert!(kind.allows(&["string"]) && !kind.allows(&["number", "integer"]));
        assert_eq!(fields["/l/*"].types, set(&["null", "string"]));
        assert!(fields[""].allows(&["object"]));
    }
}
