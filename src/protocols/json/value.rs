//! Conversion from and to the values of `serde_json`.

use crate::protocols::json::decimal::nearest_double;
use crate::protocols::json::document::Json;
use serde_json::{Number, Value};

impl Json {
    /// Converts the document to a `serde_json` value.
    ///
    /// The conversion never fails, so that every document can be validated against a schema: a lone
    /// surrogate is replaced, and a number beyond the range of a double becomes the largest one.
    /// The search for ambiguous values of [`crate::protocols::json`] finds them in advance.
    #[must_use]
    pub fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(flag),
            Self::Number(literal) => convert_number(&literal),
            Self::Text(text) => Value::String(text.into_string_lossy()),
            Self::Array(items) => items.into_iter().map(Self::into_value).collect(),
            Self::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (name.into_string_lossy(), value.into_value()))
                .collect(),
        }
    }
}

impl From<Value> for Json {
    /// Converts a generated value without an intermediate string.
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text.into()),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(fields) => Self::Object(
                fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            ),
        }
    }
}

fn convert_number(literal: &str) -> Value {
    if let Ok(whole) = literal.parse::<i64>() {
        return whole.into();
    }
    if let Ok(whole) = literal.parse::<u64>() {
        return whole.into();
    }
    let double = nearest_double(literal).clamp(f64::MIN, f64::MAX);
    Number::from_f64(double).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use crate::protocols::json;
    use crate::protocols::json::Json;
    use serde_json::json;

    #[test]
    fn a_converted_value_equals_its_parsed_text() {
        let value = json!({
            "b": [1, -2, 18_446_744_073_709_551_615_u64, 75.0, 1e300, 1e-7],
            "10": {"é\u{0}\"": null, "a": [true, {}]},
            "9": "line\n\u{2028}",
        });
        assert_eq!(Json::from(value.clone()), json::read(value.to_string().as_bytes()).unwrap());
    }

    #[test]
    fn every_parsed_document_converts_to_a_value() {
        for (text, value) in [
            (
                "[1, -2, 18446744073709551615, 1.5, 1e2]",
                json!([1, -2, 18_446_744_073_709_551_615_u64, 1.5, 100.0]),
            ),
            ("1e400", json!(f64::MAX)),
            ("\"\\ud800\"", json!("\u{fffd}")),
            (r#"{"a":1,"b":2,"a":3}"#, json!({"a": 3, "b": 2})),
        ] {
            assert_eq!(json::read(text.as_bytes()).unwrap().into_value(), value, "{text}");
        }
        let zeros = "0".repeat(700_000);
        let long = json::read(format!("0.{zeros}1e700001").as_bytes()).unwrap();
        assert_eq!(long.into_value(), json!(1.0));
        let deep = format!("{}1{}", "[".repeat(json::MAX_DEPTH), "]".repeat(json::MAX_DEPTH));
        assert!(json::read(deep.as_bytes()).unwrap().into_value().is_array());
    }
}
