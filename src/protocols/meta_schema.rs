//! Validates documents against the meta-schema of JSON Schema.

use serde_json::Value;

/// Returns the JSON Pointer and the reason of the first error, or `None` for a valid JSON Schema.
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
    fn an_invalid_schema_is_reported_with_its_pointer() {
        let dialect = "https://json-schema.org/draft/2020-12/schema";
        let schema = json!({"$schema": dialect, "properties": {"a": {"maxLength": "long"}}});
        let (pointer, _) = problem(&schema).unwrap();
        assert_eq!(pointer, "/properties/a/maxLength");
        assert_eq!(problem(&json!({"$schema": dialect, "x-severity": 1})), None);
        assert!(problem(&json!([])).is_some());
        // An unknown dialect is not fetched.
        assert!(problem(&json!({"$schema": "https://example.com/x"})).is_some());
    }
}
