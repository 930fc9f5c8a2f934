//! Hypotheses about what was hashed instead of the body: an encoding of it.

use crate::engine::explain::body_edits::received_body::{
    Form, ReceivedBody, RestoreBody, merged, one,
};
use crate::protocols::json::Json;
use crate::protocols::json_stringify;
use crate::protocols::schemes::hypothesis::Hypothesis;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use url::form_urlencoded;

/// The fix that all of these have in common.
const HASH_THE_BODY: &str = "hash the bytes of the body, before anything encodes them";

/// The hypotheses, the likeliest first.
pub(super) static ROWS: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "signed-as-base64",
        condition: "the body is encoded in base64",
        evidence: "The signature covers the base64 of the body, not its bytes: it was encoded before \
                   it was signed, or hashed undecoded, as API Gateway passes it to AWS Lambda.",
        fix: "hash the bytes of the body; if `isBase64Encoded` is true, decode it first: Node \
              `Buffer.from(event.body, \"base64\")`, Python `base64.b64decode`",
        apply: |body| {
            let encoded =
                [&STANDARD, &URL_SAFE_NO_PAD].map(|engine| engine.encode(body.bytes).into_bytes());
            let encoded = encoded.into_iter();
            encoded.filter(|_| !body.is_empty()).map(|bytes| (bytes, String::new())).collect()
        },
    },
    Hypothesis {
        code: "signed-as-hex",
        condition: "the body is encoded in hex",
        evidence: "The signature covers the hex digits of the body instead of its bytes.",
        fix: HASH_THE_BODY,
        apply: |body| {
            let forms = [hex::encode(body.bytes), hex::encode_upper(body.bytes)].into_iter();
            forms
                .filter(|_| !body.is_empty())
                .map(|digits| (digits.into_bytes(), String::new()))
                .collect()
        },
    },
    Hypothesis {
        code: "signed-stringified-twice",
        condition: "the body is quoted as one JSON string",
        evidence: "The signature covers the body as a JSON string with quotes and escapes: a \
                   string was passed to `JSON.stringify`.",
        fix: "sign the body itself: it is already a string when it is signed",
        apply: |body| {
            let text = body.text();
            one(text.map(|text| json_stringify::stringify(&Json::Text(text.into())).into_bytes()))
        },
    },
    Hypothesis {
        code: "signed-percent-encoded",
        condition: "the body is percent-encoded",
        evidence: "The signature covers the body as a form encodes it.",
        fix: "sign the bytes of the body, before anything encodes them",
        apply: |body| {
            let encoded: String = form_urlencoded::byte_serialize(body).collect();
            let with_20 = encoded.replace('+', "%20");
            let encodings = [encoded, with_20].into_iter();
            encodings.map(|text| (text.into_bytes(), String::new())).collect()
        },
    },
    Hypothesis {
        code: "signed-changed-copy",
        condition: "{} in the body",
        evidence: "The signature covers a changed copy of the body: {} in it.",
        fix: HASH_THE_BODY,
        apply: |body| {
            let text = body.text().filter(|text| text.len() <= MAX_ESCAPED_LEN);
            let Some(text) = text else { return Vec::new() };
            let bare: String = text.split_whitespace().collect();
            let forms = [
                (bare, "every space and newline is removed"),
                (text.to_lowercase(), "every letter is in lower case"),
                (text.to_uppercase(), "every letter is in upper case"),
            ];
            let changed = forms.into_iter().filter(|(form, _)| form != text);
            changed.map(|(form, name)| (form.into_bytes(), name.to_owned())).collect()
        },
    },
    Hypothesis {
        code: "signed-html-escaped",
        condition: "the body is escaped for HTML as {} does",
        evidence: "The signature covers the body with HTML entities: {} or a filter with the same \
                   effect changed it before it was hashed.",
        fix: HASH_THE_BODY,
        apply: html_escaped,
    },
    Hypothesis {
        code: "signed-with-backslashes",
        condition: "backslashes are added before its quotes",
        evidence: "The signature covers the body with escaped quotes: `addslashes`, or WordPress, \
                   which applies it to every request, changed it before it was hashed.",
        fix: "hash the raw body: PHP `file_get_contents(\"php://input\")`, or `wp_unslash` first",
        apply: |body| {
            let has_quotes = body.iter().any(|byte| matches!(byte, b'"' | b'\'' | b'\\'));
            let slashed = || {
                let mut slashed = Vec::with_capacity(body.len() + 64);
                for &byte in body.iter() {
                    if matches!(byte, b'"' | b'\'' | b'\\') {
                        slashed.push(b'\\');
                    }
                    slashed.push(byte);
                }
                slashed
            };
            one(has_quotes.then(slashed))
        },
    },
];

/// The functions that escape HTML, with their entities for both kinds of quote.
const HTML_ESCAPES: [(&str, &str, &str); 4] = [
    ("PHP's `htmlspecialchars`", "&quot;", "&#039;"),
    ("Python's `html.escape`", "&quot;", "&#x27;"),
    ("Go's `html.EscapeString`", "&#34;", "&#39;"),
    ("a JavaScript or Ruby library", "&quot;", "&#39;"),
];

/// The maximum length of a body that is escaped: each way may make it six times as long.
const MAX_ESCAPED_LEN: usize = 1 << 20;

fn html_escaped(body: &ReceivedBody<'_>) -> Vec<Form> {
    let Some(text) = body
        .text()
        .filter(|text| text.len() <= MAX_ESCAPED_LEN && text.contains(['&', '<', '>', '"', '\'']))
    else {
        return Vec::new();
    };
    let escape = |(name, double, single): (&str, &str, &str)| {
        let mut escaped = String::with_capacity(text.len() + 64);
        for character in text.chars() {
            match character {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str(double),
                '\'' => escaped.push_str(single),
                _ => escaped.push(character),
            }
        }
        (escaped.into_bytes(), name.to_owned())
    };
    // Without a single quote, several agree.
    merged(HTML_ESCAPES.into_iter().map(escape))
}
