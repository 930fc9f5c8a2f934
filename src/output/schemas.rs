//! The JSON Schemas of all JSON output, one for each `kind`.

// `SCHEMAS`: pairs of a kind and its schema, ordered by kind. `build.rs` lists `fixtures/output/`.
include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

/// Returns every kind of JSON object that a command prints.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(kind, _)| *kind)
}

/// Returns the schema of a kind, as a JSON document.
#[must_use]
pub fn find(kind: &str) -> Option<&'static str> {
    SCHEMAS.iter().find(|(known, _)| *known == kind).map(|(_, schema)| *schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn every_schema_is_valid_and_describes_its_kind() {
        for (kind, text) in SCHEMAS {
            let schema: Value = serde_json::from_str(text).unwrap();
            assert!(jsonschema::meta::is_valid(&schema), "{kind}");
            assert_eq!(schema["title"], *kind);
            assert_eq!(schema["properties"]["kind"], json!({ "const": kind }));
            assert_eq!(schema["properties"]["schema_version"], json!({ "const": 1 }), "{kind}");
            assert!(schema["description"].is_string(), "{kind}: says which command prints it");
        }
        assert!(find("token").is_some() && find("nothing").is_none());
        assert!(kinds().is_sorted(), "as users see them");
    }

    /// Returns every object in a schema.
    fn objects<'s>(schema: &'s Value, found: &mut Vec<&'s Value>) {
        match schema {
            Value::Object(members) => {
                found.push(schema);
                members.values().for_each(|member| objects(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| objects(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_required_key_is_described() {
        for (kind, text) in SCHEMAS {
            let schema: Value = serde_json::from_str(text).unwrap();
            let mut found = Vec::new();
            objects(&schema, &mut found);
            for object in found {
                let (Some(required), Some(properties)) =
                    (object["required"].as_array(), object["properties"].as_object())
                else {
                    continue;
                };
                for key in required {
                    assert!(properties.contains_key(key.as_str().unwrap()), "{kind}: {key}");
                }
            }
        }
    }
}
