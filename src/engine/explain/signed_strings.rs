//! Signed strings: what programs sign instead of the body by mistake, such as its digest, an
//! encoding of it, or the string that another type is converted to.
//!
//! Each row is a body that may have been signed, so that it combines with every other edit.

use crate::engine::explain::body_edits::{RestoreBody, one};
use crate::protocols::json::{self, Json};
use crate::protocols::literal_printer::{
    PYTHON, RUBY, RUBY_3_4, Syntax, buffer_json, byte_values, print_value, python_bytes,
    python_string,
};
use crate::protocols::schemes::digest::ANY_BASE64;
use crate::protocols::schemes::hypothesis::{
    Hypothesis, HypothesisKind, HypothesisText, truncate_name,
};
use base64::Engine;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use url::form_urlencoded;

/// The maximum number of fields of a body that are tried alone.
const MAX_FIELDS: usize = 48;

/// The maximum length of a body that is written as a list of numbers, which takes several times as
/// long as any other edit.
const MAX_LISTED_LEN: usize = 32 << 10;

/// The maximum length of a body that is written as a value of Python or Ruby.
const MAX_WRITTEN_LEN: usize = 256 << 10;

/// The strings that values become in JavaScript and PHP if they are converted without
/// serialization.
const CONVERSIONS: [&str; 11] = [
    "[object Object]",
    "[object Promise]",
    "[object ReadableStream]",
    "[object ArrayBuffer]",
    "[object Request]",
    "[object IncomingMessage]",
    "[object FormData]",
    "[object Blob]",
    "[object Undefined]",
    "[object Null]",
    "Array",
];

/// The strings that a missing or empty value becomes.
const MISSING_VALUES: [&str; 13] = [
    "undefined",
    "null",
    "{}",
    "None",
    "[]",
    "\"\"",
    "nil",
    "b''",
    "NaN",
    "false",
    "true",
    "True",
    "False",
];

/// The codes that are not combined with a second edit: a string that does not depend on the whole
/// body, and one that only a program prints that has the body as it was sent.
pub(super) const SINGLE: &[&str] = &[
    "signed-conversion",
    "signed-missing-value",
    "one-field-signed",
    "signed-as-bytes-list",
    "signed-as-python-bytes",
    "signed-as-python-dict",
    "signed-as-ruby-hash",
];

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> impl Iterator<Item = HypothesisText> {
    SHORT.iter().chain(LONG).map(|row| row.text(HypothesisKind::SignedContent))
}

/// The hypotheses whose strings are short, so that they cost little for a body of any length.
pub(super) static SHORT: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "signed-conversion",
        condition: "the string `{}` is signed instead of the body",
        evidence: "The signer converted an object to a string without serializing it: the \
                   signature covers `{}`, so it does not depend on the body.",
        fix: "pass the bytes of the body to the MAC: Node `req.rawBody` or `express.raw()`, and \
              `await` what is a promise",
        apply: |_| CONVERSIONS.iter().map(|text| constant(text)).collect(),
    },
    Hypothesis {
        code: "signed-missing-value",
        condition: "the string `{}` is signed instead of the body",
        evidence: "The signature covers `{}`, which a missing or empty value becomes as a string, \
                   so it does not depend on the body.",
        fix: "read the body before it is signed, and sign its bytes",
        apply: |body| {
            let texts = MISSING_VALUES.iter().filter(|text| text.as_bytes() != body.as_ref());
            texts.map(|text| constant(text)).collect()
        },
    },
    Hypothesis {
        code: "signed-digest",
        condition: "the SHA-256 digest of the body is signed{}",
        evidence: "The signature covers the SHA-256 hash of the body, not the body.",
        fix: "sign the bytes of the body: pass them to the MAC, which hashes them itself",
        apply: |body| {
            let digest = Sha256::digest(body).to_vec();
            vec![
                (hex::encode(&digest).into_bytes(), ", as hex digits".to_owned()),
                (digest.clone(), ", as 32 bytes".to_owned()),
                (ANY_BASE64[0].encode(&digest).into_bytes(), ", as base64".to_owned()),
                (hex::encode_upper(&digest).into_bytes(), ", as upper-case hex digits".to_owned()),
            ]
        },
    },
    Hypothesis {
        code: "signed-digest",
        condition: "the {} digest of the body is signed, as hex digits",
        evidence: "The signature covers the {} hash of the body, not the body.",
        fix: "sign the bytes of the body: pass them to the MAC, which hashes them itself",
        apply: |body| {
            vec![
                (hex::encode(Sha1::digest(body)).into_bytes(), "SHA-1".to_owned()),
                (hex::encode(Sha512::digest(body)).into_bytes(), "SHA-512".to_owned()),
            ]
        },
    },
    Hypothesis {
        code: "one-field-signed",
        condition: "only the value of `/{}` is signed",
        evidence: "The signature covers only the field `/{}` of the body, so it is valid for any \
                   body with this value.",
        fix: "sign the bytes of the whole body",
        apply: |body| json::read(body).map(|json| fields(&json)).unwrap_or_default(),
    },
];

/// The hypotheses whose strings are as long as the body or longer.
pub(super) static LONG: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "signed-as-bytes-list",
        condition: "the body is written as {}",
        evidence: "The signature covers {}, not the bytes of the body: a buffer was converted to \
                   a string.",
        fix: "pass the buffer itself to the MAC, not a string of it",
        apply: |body| {
            if body.len() > MAX_LISTED_LEN {
                return Vec::new();
            }
            let commas = byte_values(body, ",");
            [
                (buffer_json(body), "the JSON of a Node `Buffer`"),
                (format!("[{commas}]"), "an array of the numbers of its bytes"),
                (commas, "the numbers of its bytes, as a `Uint8Array` is printed"),
                (
                    format!("[{}]", byte_values(body, " ")),
                    "the numbers of its bytes, as Go prints `[]byte`",
                ),
            ]
            .map(|(text, name)| (text.into_bytes(), name.to_owned()))
            .into()
        },
    },
    Hypothesis {
        code: "signed-as-python-bytes",
        condition: "the body is written as Python prints bytes (`b'…'`)",
        evidence: "The signature covers the Python `repr` of the body: `str()` was called on \
                   bytes.",
        fix: "sign the bytes: no `str(body)` and no f-string of it; `body.decode()` makes a string",
        apply: |body| one((body.len() <= MAX_WRITTEN_LEN).then(|| python_bytes(body))),
    },
    Hypothesis {
        code: "signed-as-python-bytes",
        condition: "the body is written as Python prints a string (`'…'`)",
        evidence: "The signature covers the Python `repr` of the body as a string, with its quotes.",
        fix: "sign the bytes: no `repr(body)` and no `f\"{body!r}\"`",
        apply: |body| {
            let text = body.text().filter(|text| text.len() <= MAX_WRITTEN_LEN);
            one(text.map(|text| python_string(text).into_bytes()))
        },
    },
    Hypothesis {
        code: "signed-as-form",
        condition: "the fields of the body are signed as a form{}",
        evidence: "The signature covers the fields of the body as `name=value`, joined by `&`{}.",
        fix: "sign the bytes of the body",
        apply: |body| form_strings(body),
    },
    Hypothesis {
        code: "signed-as-python-dict",
        condition: "the body is written as Python prints a dictionary",
        evidence: "The signature covers the Python `repr` of the parsed body: `str()` was called \
                   on a dictionary.",
        fix: "sign the bytes of the body, or what `json.dumps` returns, and send the same bytes",
        apply: |body| one(printed(body, &PYTHON)),
    },
    Hypothesis {
        code: "signed-as-ruby-hash",
        condition: "the body is written as Ruby prints a hash",
        evidence: "The signature covers the Ruby `inspect` of the parsed body: `to_s` was called \
                   on a hash.",
        fix: "sign the bytes of the body: `request.raw_post`, or what `to_json` returns",
        apply: |body| {
            let forms = [printed(body, &RUBY), printed(body, &RUBY_3_4)];
            distinct(forms.into_iter().flatten())
        },
    },
];

/// Prints a JSON body in the syntax of a language.
fn printed(body: &[u8], syntax: &Syntax) -> Option<Vec<u8>> {
    let json = (body.len() <= MAX_WRITTEN_LEN).then(|| json::read(body).ok()).flatten()?;
    // A string is printed with its quotes only inside a list or a dictionary.
    matches!(json, Json::Object(_) | Json::Array(_)).then_some(())?;
    Some(print_value(&json, syntax).into_bytes())
}

/// Returns the scalar fields of a body as a form: in their order and sorted, encoded and as they
/// are.
fn form_strings(body: &[u8]) -> Vec<(Vec<u8>, String)> {
    let json = (body.len() <= MAX_WRITTEN_LEN).then(|| json::read(body).ok()).flatten();
    let fields = json.as_ref().and_then(Json::as_object).unwrap_or_default();
    let value = |json: &Json| match json {
        Json::Text(text) => Some(text.to_string_lossy().into_owned()),
        Json::Number(literal) => Some(literal.clone()),
        Json::Bool(value) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    };
    let pairs = fields
        .iter()
        .filter_map(|(name, field)| Some((name.to_string_lossy().into_owned(), value(field)?)));
    let pairs: Vec<(String, String)> = pairs.collect();
    if pairs.is_empty() {
        return Vec::new();
    }
    let mut sorted = pairs.clone();
    sorted.sort();
    let encoded = |pairs: &[(String, String)]| {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs).finish().into_bytes()
    };
    let raw = |pairs: &[(String, String)]| {
        let fields: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        fields.join("&").into_bytes()
    };
    vec![
        (encoded(&pairs), String::new()),
        (raw(&pairs), ", without percent-encoding".to_owned()),
        (encoded(&sorted), ", sorted by name".to_owned()),
        (raw(&sorted), ", sorted by name and without percent-encoding".to_owned()),
    ]
}

/// Returns the strings and numbers of the first two levels, each with its pointer without the first
/// slash.
fn fields(json: &Json) -> Vec<(Vec<u8>, String)> {
    let value = |json: &Json| match json {
        Json::Text(text) => Some(text.to_string_lossy().into_owned().into_bytes()),
        Json::Number(literal) => Some(literal.clone().into_bytes()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    };
    let of = |json: &Json, parent: &str| {
        let named = json.as_object().unwrap_or_default().iter();
        let found = named.filter_map(|(name, field)| {
            let pointer = truncate_name(&format!("{parent}{}", name.to_string_lossy()));
            Some((value(field)?, pointer))
        });
        found.take(MAX_FIELDS).collect::<Vec<_>>()
    };
    let nested = json.as_object().unwrap_or_default().iter().take(MAX_FIELDS);
    let nested =
        nested.flat_map(|(name, field)| of(field, &format!("{}/", name.to_string_lossy())));
    let all = of(json, "").into_iter().chain(nested);
    all.filter(|(value, _)| !value.is_empty()).take(MAX_FIELDS).collect()
}

fn constant(text: &str) -> (Vec<u8>, String) {
    (text.as_bytes().to_vec(), text.to_owned())
}

fn distinct(forms: impl IntoIterator<Item = Vec<u8>>) -> Vec<(Vec<u8>, String)> {
    let mut found: Vec<(Vec<u8>, String)> = Vec::new();
    for form in forms {
        if found.iter().all(|(known, _)| *known != form) {
            found.push((form, String::new()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The results of `repr` and `inspect`, as Python prints them and as the documentation of Ruby says.
    #[test]
    fn documents_are_printed_as_each_language_does() {
        let body = r#"{"a":"O'Shea","b":[true,null,1.0],"c":{"d":"x\"y\\"},"e":"'\""}"#.as_bytes();
        let text = |bytes: Option<Vec<u8>>| String::from_utf8(bytes.unwrap()).unwrap();
        assert_eq!(
            text(printed(body, &PYTHON)),
            r#"{'a': "O'Shea", 'b': [True, None, 1.0], 'c': {'d': 'x"y\\'}, 'e': '\'"'}"#
        );
        assert_eq!(
            text(printed(body, &RUBY)),
            r#"{"a"=>"O'Shea", "b"=>[true, nil, 1.0], "c"=>{"d"=>"x\"y\\"}, "e"=>"'\""}"#
        );
        assert_eq!(python_bytes(b"a'\n\xe9"), b"b\"a'\\n\\xe9\"");
        assert_eq!(python_bytes(b"a'\""), b"b'a\\'\"'");
        assert_eq!(printed(b"\"a\"", &PYTHON), None);
    }

    #[test]
    fn fields_of_two_levels_are_tried_alone() {
        let json = json::read(br#"{"id":7,"data":{"email":"a@b","x":{"y":"z"}},"n":""}"#).unwrap();
        let named: Vec<_> = fields(&json);
        let expected = [("7", "id"), ("a@b", "data/email")];
        assert_eq!(
            named,
            expected.map(|(value, name)| (value.as_bytes().to_vec(), name.to_owned()))
        );
    }
}
