//! Whether a document is a JSON Schema at all.

use serde_json::Value;

/// Where a document is no JSON Schema, as a JSON Pointer, and why; none where it is one.
#[must_use]
pub fn problem(schema: &Value) -> Option<(String, String)> {
    let error = jsonschema::meta::validate(schema).err()?;
    Some((error.instance_path().to_string(), error.masked_with("it").to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_no_schema_is_told_by_its_place() {
        let dialect = "https://json-schema.org/draft/2020-12/schema";
        let schema = json!({"$schema": dialect, "properties": {"a": {"maxLength": "long"}}});
        let (place, _) = problem(&schema).unwrap();
        assert_eq!(place, "/properties/a/maxLength");
        assert_eq!(problem(&json!({"$schema": dialect, "x-severity": 1})), None);
        assert!(problem(&json!([])).is_some());
        // A dialect that is not known is not fetched.
        assert!(problem(&json!({"$schema": "https://example.com/x"})).is_some());
    }
}
