//! The `json-style` of a pack: the way in which a sender prints JSON.

use crate::domain::similar_names::did_you_mean;
use crate::protocols::json::Json;
use crate::protocols::json_print::{
    AS_WRITTEN, GO_STRUCT, JAVASCRIPT_ASCII, JSON_STRINGIFY, PHP_OBJECT, PYTHON, Style, print_text,
};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A way of printing JSON, by the name that packs use.
#[derive(Clone, Copy, Debug)]
pub struct JsonStyle {
    /// The name in `provider.toml`.
    pub name: &'static str,
    /// The difference from the other styles, for people.
    pub about: &'static str,
    style: &'static Style,
}

/// The style of a pack without the key: on one line, with the keys and numbers of the sample.
pub const AS_SAMPLE: JsonStyle = JsonStyle {
    name: "as-sample",
    about: "on one line, as the sample is written",
    style: &AS_WRITTEN,
};

/// The style of a sender that signs the result of `JSON.stringify`.
pub const JAVASCRIPT: JsonStyle = JsonStyle {
    name: "javascript",
    about: "as `JSON.stringify(data)` of JavaScript prints it, with few escapes",
    style: &JSON_STRINGIFY,
};

/// All styles that a pack can name.
pub static JSON_STYLES: &[JsonStyle] = &[
    JAVASCRIPT,
    JsonStyle {
        name: "javascript-ascii",
        about: "as `JSON.stringify(data)` of JavaScript prints it, with `\\uXXXX` for every \
                character outside ASCII",
        style: &JAVASCRIPT_ASCII,
    },
    JsonStyle {
        name: "go",
        about: "as `json.Marshal` of Go prints a struct: `&`, `<`, `>`, U+2028 and U+2029 are \
                escaped as `\\u0026` and so on",
        style: &GO_STRUCT,
    },
    JsonStyle {
        name: "python",
        about: "as `json.dumps(data)` of Python prints it, with spaces after `,` and `:`, and \
                `\\uXXXX` for every character outside ASCII",
        style: &PYTHON,
    },
    JsonStyle {
        name: "php",
        about: "as `json_encode($data)` of PHP prints it, with `\\/`, and `\\uXXXX` for every \
                character outside ASCII",
        style: &PHP_OBJECT,
    },
];

impl JsonStyle {
    /// Prints a value, without a newline at the end.
    #[must_use]
    pub fn print(&self, value: Value) -> Vec<u8> {
        self.print_text(value).into_bytes()
    }

    /// Prints a value like [`print`](Self::print), as a string.
    #[must_use]
    pub fn print_text(&self, value: Value) -> String {
        print_text(&Json::from(value), self.style)
    }
}

impl PartialEq for JsonStyle {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for JsonStyle {}

impl<'de> Deserialize<'de> for JsonStyle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = JSON_STYLES.iter().find(|style| style.name == name);
        known.copied().ok_or_else(|| serde::de::Error::custom(unknown_style(&name)))
    }
}

/// Returns the error for a style that does not exist, with the most similar ones or all of them.
fn unknown_style(name: &str) -> String {
    let names: Vec<_> = JSON_STYLES.iter().map(|style| style.name.to_owned()).collect();
    format!("unknown JSON style `{name}`: {}", did_you_mean(&name.to_lowercase(), &names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn printed(name: &str) -> String {
        let style = JSON_STYLES.iter().find(|style| style.name == name).unwrap();
        let value = json!({
            "b": "a/b & <é> 🏡 \u{2028}\u{7f}", "a": [1, 75.0, null, {}], "1": true, "0": "\t\u{1}",
        });
        String::from_utf8(style.print(value)).unwrap()
    }

    #[test]
    fn each_style_prints_like_its_language() {
        // The output of Node 20, Go 1.22 (a struct with these fields), Python 3.12 and PHP 8.3.
        for (name, expected) in [
            (
                "javascript",
                "{\"0\":\"\\t\\u0001\",\"1\":true,\"b\":\"a/b & <é> 🏡 \u{2028}\u{7f}\",\"a\":[1,75,null,{}]}",
            ),
            (
                "javascript-ascii",
                "{\"0\":\"\\t\\u0001\",\"1\":true,\"b\":\"a/b & <\\u00e9> \\ud83c\\udfe1 \\u2028\u{7f}\",\"a\":[1,75,null,{}]}",
            ),
            (
                "go",
                "{\"b\":\"a/b \\u0026 \\u003cé\\u003e 🏡 \\u2028\u{7f}\",\"a\":[1,75,null,{}],\"1\":true,\"0\":\"\\t\\u0001\"}",
            ),
            (
                "python",
                "{\"b\": \"a/b & <\\u00e9> \\ud83c\\udfe1 \\u2028\\u007f\", \"a\": [1, 75.0, null, {}], \"1\": true, \"0\": \"\\t\\u0001\"}",
            ),
            (
                "php",
                "{\"b\":\"a\\/b & <\\u00e9> \\ud83c\\udfe1 \\u2028\u{7f}\",\"a\":[1,75,null,{}],\"1\":true,\"0\":\"\\t\\u0001\"}",
            ),
        ] {
            assert_eq!(printed(name), expected, "{name}");
        }
        assert_eq!(JSON_STYLES.len(), 5);
    }

    #[test]
    fn without_a_style_keys_and_numbers_stay_as_they_are_written() {
        let value = json!({"b": "<é/> & 🏡", "a": 75.0, "1": 1});
        assert_eq!(AS_SAMPLE.print(value), "{\"b\":\"<é/> & 🏡\",\"a\":75.0,\"1\":1}".as_bytes());
    }

    #[test]
    fn an_unknown_style_has_a_suggestion() {
        let error = serde_json::from_str::<JsonStyle>("\"pyton\"").unwrap_err().to_string();
        assert!(error.contains("unknown JSON style `pyton`: did you mean `python`?"), "{error}");
        let error = serde_json::from_str::<JsonStyle>("\"xyz\"").unwrap_err().to_string();
        assert!(error.contains("`xyz`: available: `javascript`, `javascript-ascii`, "), "{error}");
        assert_eq!(serde_json::from_str::<JsonStyle>("\"go\"").unwrap().name, "go");
    }
}
