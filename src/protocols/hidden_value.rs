//! Recognition of values that a log hides: `[REDACTED]`, `***`, `abc…def`.
//!
//! Such a value says nothing about the sender, so that it must not be reported as one of its
//! defects.

use crate::protocols::json::{self, Json};

/// The maximum number of characters of a value that is examined.
const MAX_LEN: usize = 16 << 10;

/// The maximum number of characters of a hidden value that is shown.
const MAX_SHOWN_CHARS: usize = 40;

/// The number of characters at which a word in brackets may be a digest.
const MAX_NAMED_CHARS: usize = 22;

/// The minimum number of repetitions of a letter that stand for hidden characters.
const MIN_LETTERS: usize = 8;

/// The maximum length of a value that is shorter than any digest.
const MAX_MASKED_LEN: usize = 20;

/// The words that logs write instead of a value.
const WORDS: [&str; 20] = [
    "redacted",
    "filtered",
    "hidden",
    "masked",
    "removed",
    "omitted",
    "censored",
    "scrubbed",
    "sanitized",
    "sanitised",
    "obfuscated",
    "sensitive",
    "confidential",
    "anonymized",
    "truncated",
    "protected",
    "withheld",
    "snip",
    "suppressed",
    "concealed",
];

/// The characters that stand for hidden ones; no digest or token contains them.
const MASKS: [char; 8] =
    ['*', '\u{2022}', '\u{25cf}', '\u{2588}', '\u{2217}', '\u{00b7}', '\u{25aa}', '\u{26ab}'];

/// Returns the value as it is shown to the user if it is redacted or masked, in full or in part.
#[must_use]
pub fn redacted(value: &[u8]) -> Option<String> {
    let value = value.trim_ascii();
    let is_short = !value.is_empty() && value.len() <= MAX_LEN;
    let text = String::from_utf8_lossy(is_short.then_some(value)?);
    let is_redacted =
        has_word(&text) || has_mask(&text) || is_letters_only(&text) || is_named(&text);
    is_redacted.then(|| shorten(&text))
}

/// Returns a text that is nothing but a word of a log in brackets, or stars.
#[must_use]
pub fn hidden_text(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= MAX_SHOWN_CHARS)?.trim();
    let is_masked = text.len() >= 3 && text.chars().all(|c| MASKS.contains(&c));
    (is_masked || is_bracketed(text)).then(|| shorten(text))
}

/// Returns the pointer and the text of the first value of a JSON document that is nothing but a
/// word of a log in brackets, such as `[FILTERED]`.
#[must_use]
pub fn redacted_field(body: &[u8]) -> Option<(String, String)> {
    fn find(json: &Json, pointer: &mut String) -> Option<String> {
        let length = pointer.len();
        match json {
            Json::Text(text) => text.as_str().filter(|text| is_bracketed(text)).map(shorten),
            Json::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
                pointer.truncate(length);
                pointer.push('/');
                pointer.push_str(&index.to_string());
                find(item, pointer)
            }),
            Json::Object(fields) => fields.iter().find_map(|(name, value)| {
                pointer.truncate(length);
                pointer.push('/');
                pointer.push_str(&name.to_string_lossy());
                find(value, pointer)
            }),
            Json::Null | Json::Bool(_) | Json::Number(_) => None,
        }
    }
    let mut pointer = String::new();
    let text = find(&json::read(body).ok()?, &mut pointer)?;
    Some((shorten(&pointer), text))
}

/// Returns `true` for a word of [`WORDS`] in brackets or stars, and nothing else.
fn is_bracketed(text: &str) -> bool {
    let inside = text.trim().trim_matches(|c: char| "[]<>(){}*_".contains(c));
    let word = inside.split([':', ' ']).next().unwrap_or_default();
    inside.len() < text.trim().len()
        && text.len() <= MAX_SHOWN_CHARS
        && WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Returns `true` for a word in brackets, such as `[secret]` or `<signature>`, unless it is what a
/// missing value or an object becomes.
fn is_named(text: &str) -> bool {
    let value = after_prefix(text);
    let inside = [('[', ']'), ('<', '>')]
        .into_iter()
        .find_map(|(open, close)| value.strip_prefix(open)?.strip_suffix(close));
    let Some(inside) = inside.map(str::trim) else { return false };
    let is_word = |c: char| c.is_ascii_alphabetic() || "-_ ".contains(c);
    let is_value = ["object", "null", "nil", "none", "undefined", "nan"].iter().any(|value| {
        inside.get(..value.len()).is_some_and(|start| start.eq_ignore_ascii_case(value))
    });
    (3..MAX_NAMED_CHARS).contains(&inside.len()) && inside.chars().all(is_word) && !is_value
}

fn has_word(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphabetic());
    words.into_iter().any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// Returns `true` if the text has stars or an ellipsis. Two dots are those of a token without
/// claims.
fn has_mask(text: &str) -> bool {
    let stars = text.chars().filter(|c| MASKS.contains(c)).count();
    let is_one_star = stars == 1 && after_prefix(text).chars().count() == 1;
    stars > 1 || is_one_star || text.contains('\u{2026}') || text.contains("...")
}

/// Returns `true` if one letter or mark is repeated in place of the signature, or of a part of it
/// that is longer than a digest contains by coincidence.
fn is_letters_only(text: &str) -> bool {
    let value = after_prefix(text);
    let is_filler = |c: char| "xX#?-_".contains(c);
    let is_all = value.chars().count() >= 3 && value.chars().all(is_filler);
    let run = value.split(|c: char| !is_filler(c)).map(str::len).max().unwrap_or_default();
    let is_short = value.len() <= MAX_MASKED_LEN;
    is_all || run >= MIN_LETTERS || (run >= MIN_LETTERS / 2 && is_short)
}

/// Returns the part after a prefix such as `Bearer `, `sha256=` or `v1,`.
fn after_prefix(text: &str) -> &str {
    text.rsplit([' ', '=', ',', ':']).find(|part| !part.is_empty()).unwrap_or(text)
}

fn shorten(text: &str) -> String {
    let chars = text.chars().filter(|c| !c.is_control() && *c != '`');
    chars.take(MAX_SHOWN_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacted_values_are_recognised() {
        for value in [
            "[REDACTED]",
            "[Filtered]",
            "<hidden>",
            "REDACTED",
            "**REDACTED**",
            "sha256=REDACTED",
            "Bearer [REDACTED]",
            "***",
            "*",
            "sha256=***",
            "****************",
            "xxxxxxxxxxxxxxxx",
            "XXX",
            "abcdef\u{2026}1234",
            "abcdef...1234",
            "faad5926********************",
            "v1,****",
            "\u{2022}\u{2022}\u{2022}\u{2022}",
            "--------",
            "abcdxxxxxxxxxxxxxxxx",
            "eyJhbGciOiJIUzI1NiJ9.***.***",
            "<redacted: 64 chars>",
            "(masked)",
            "????????",
        ] {
            assert!(redacted(value.as_bytes()).is_some(), "{value}");
        }
        let token = "eyJhbGciOiJIUzI1NiJ9..HNXvALZgQlZFh1KUIcMtE7Cwu8y3sXjLNUJbVOo5vrE";
        for value in [
            "",
            "faad59264d40e2f5e3b57ea6c5190e6e3e516539e33049d238f0d446ca912ba6",
            token,
            "qgIBa57qiehNgkYu+hWupYJLTUWj1IakNlpwk5JPYM4=",
            "secret",
            "Bearer",
            "x",
            "0000000000",
            "v1,qgIBa57qiehNgkYu+hWupYJLTUWj1IakNlpwk5JPYM4= v1,abc",
            "t=1,v1=ab",
            "\"abc\"",
        ] {
            assert_eq!(redacted(value.as_bytes()), None, "{value}");
        }
    }

    #[test]
    fn a_redacted_field_of_a_body_is_found_by_its_pointer() {
        let found = redacted_field(br#"{"a":[1,{"b":"[FILTERED]"}]}"#);
        assert_eq!(found, Some(("/a/1/b".to_owned(), "[FILTERED]".to_owned())));
        assert_eq!(hidden_text(b"[FILTERED]\n").as_deref(), Some("[FILTERED]"));
        assert_eq!(hidden_text(b"***").as_deref(), Some("***"));
        for body in ["{\"a\":\"...\"}", "[\"hidden\"]", "{}", "[1]", "hidden"] {
            assert_eq!(hidden_text(body.as_bytes()), None, "{body}");
        }
        for body in [r#"{"a":"filtered"}"#, r#"{"a":"see [hidden] field"}"#, "[FILTERED]", ""] {
            assert_eq!(redacted_field(body.as_bytes()), None, "{body}");
        }
    }
}
