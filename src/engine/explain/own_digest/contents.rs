//! The contents that receivers hash by mistake, which no sender signs: an empty object, the text of
//! an object, a part of the body.

use crate::engine::explain::body_edits::one;
use crate::protocols::json::Json;
use crate::protocols::json_print;
use crate::protocols::literal_printer::{PYTHON, buffer_json, print_value, python_bytes};
use crate::protocols::schemes::hypothesis::{
    Edited, Hypothesis, HypothesisKind, HypothesisText, truncate_name,
};

/// The maximum length of a body whose longer forms are tried: a byte takes up to four characters.
const MAX_LONGER_FORM: usize = 128 << 10;

/// The maximum number of fields of the body that are tried alone.
const MAX_FIELDS: usize = 32;

/// The styles in which a part of the body is printed.
const PART_STYLES: [&str; 3] = ["javascript-stringify", "python-dumps", "php-array"];

/// The body, and its value if it is JSON.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine::explain) struct RequestBody<'b> {
    pub(in crate::engine::explain) bytes: &'b [u8],
    pub(in crate::engine::explain) json: Option<&'b Json>,
}

/// Returns the contents, each with a detail for `{}`.
type FindContents = fn(RequestBody<'_>) -> Vec<(Vec<u8>, String)>;

/// The contents, the likeliest first. The evidence is the sentence about the code.
pub(super) static ROWS: &[Hypothesis<FindContents>] = &[
    Hypothesis {
        code: "hashed-empty-object",
        condition: "the body is an empty JSON object",
        evidence: "Your code hashed an empty JSON object: no parser had read the body, or the \
                   parser only reads another `Content-Type`.",
        fix: "hash the raw body: Express `express.raw({ type: \"*/*\" })` on this route, before \
              `express.json()`",
        apply: |_| one(Some(b"{}".to_vec())),
    },
    Hypothesis {
        code: "hashed-object-text",
        condition: "the body is the text `{}`",
        evidence: "Your code hashed the text `{}`: an object was passed to the MAC and became \
                   that string.",
        fix: "pass the bytes of the raw body to the MAC: Express `express.raw({ type: \"*/*\" })` on \
              this route, before `express.json()`; Next.js `await req.text()`",
        apply: |_| literals(&["[object Object]", "[object Promise]", "[object ReadableStream]"]),
    },
    Hypothesis {
        code: "hashed-no-value",
        condition: "the body is the text `{}`",
        evidence: "Your code hashed the text `{}`: the variable that it passed to the MAC did not \
                   hold the body.",
        fix: "check the name of the variable: Express sets `req.rawBody` only if the `verify` \
              callback of `express.json()` does",
        apply: |_| literals(&["undefined", "null", "None", "nil", "\"\""]),
    },
    Hypothesis {
        code: "hashed-buffer-json",
        condition: "the body is `JSON.stringify` of a `Buffer`",
        evidence: "Your code hashed `JSON.stringify(req.body)` of a `Buffer`, which lists its \
                   bytes as numbers.",
        fix: "pass the `Buffer` itself to the MAC: `hmac.update(req.body)`",
        apply: |body| one(is_short(body).then(|| buffer_json(body.bytes).into_bytes())),
    },
    Hypothesis {
        code: "hashed-bytes-text",
        condition: "the body is printed as `b'…'`",
        evidence: "Your code hashed `str(body)` of Python bytes, which is the text `b'…'`.",
        fix: "pass the bytes to the MAC: `hmac.new(secret, request.get_data(), hashlib.sha256)`, \
              or decode them with `body.decode()`",
        apply: |body| one(is_short(body).then(|| python_bytes(body.bytes))),
    },
    Hypothesis {
        code: "hashed-dict-text",
        condition: "the body is printed as a Python `dict`",
        evidence: "Your code hashed `str(data)` of a Python `dict`, which has single quotes, `True` \
                   and `None`.",
        fix: "hash the raw body: Flask `request.get_data()`, FastAPI `await request.body()`, \
              Django `request.body`",
        apply: |body| {
            let json = body.json.filter(|_| is_short(body));
            let json = json.filter(|json| json.as_object().is_some());
            one(json.map(|json| print_value(json, &PYTHON).into_bytes()))
        },
    },
    Hypothesis {
        code: "hashed-decoded-text",
        condition: "invalid UTF-8 in the body is replaced by U+FFFD",
        evidence: "Your code hashed a decoded string: the body is not UTF-8, and decoding it put \
                   U+FFFD into it.",
        fix: "pass the bytes to the MAC, not a string",
        apply: |body| {
            let is_text = std::str::from_utf8(body.bytes).is_ok();
            let decoded = || String::from_utf8_lossy(body.bytes).into_owned().into_bytes();
            one((!is_text).then(decoded))
        },
    },
    Hypothesis {
        code: "hashed-one-field",
        condition: "only the field `{}` of the body is hashed",
        evidence: "Your code hashed only the field `{}` of the body.",
        fix: "hash the whole body as it arrives",
        apply: |body| body.json.map(fields).unwrap_or_default(),
    },
];

/// The fix for code that verifies a token itself.
pub(super) const TOKEN_FIX: &str = "verify the token with a JWT library, which hashes its first two parts: `jwt.verify(token, \
     secret, { algorithms: [\"HS256\"] })`";

/// The body in place of the signed parts of a token.
pub(super) static BODY_NOT_TOKEN: Hypothesis<()> = Hypothesis {
    code: "hashed-body-not-token",
    condition: "the body is hashed instead of the token",
    evidence: "Your code hashed the body, but the signature of a token covers its first two parts \
               and the dot between them.",
    fix: TOKEN_FIX,
    apply: (),
};

/// Returns the messages of the rows, for the documentation.
pub(super) fn texts() -> Vec<HypothesisText> {
    let rows = ROWS.iter().map(|row| row.text(HypothesisKind::OwnDigest));
    rows.chain([BODY_NOT_TOKEN.text(HypothesisKind::OwnDigest)]).collect()
}

/// Returns the contents, lazily.
pub(in crate::engine::explain) fn edited(
    body: RequestBody<'_>,
) -> impl Iterator<Item = Edited<Vec<u8>>> + '_ {
    ROWS.iter().flat_map(move |row| {
        let found = (row.apply)(body).into_iter();
        found.map(|(bytes, detail)| Edited::with_edit(&[], row.edit(&detail), bytes))
    })
}

/// Returns `true` if forms that are longer than the body may be built.
fn is_short(body: RequestBody<'_>) -> bool {
    body.bytes.len() <= MAX_LONGER_FORM
}

fn literals(texts: &[&str]) -> Vec<(Vec<u8>, String)> {
    texts.iter().map(|text| (text.as_bytes().to_vec(), (*text).to_owned())).collect()
}

/// Returns the values of the first fields: a string as it is, and any other value as JSON.
fn fields(json: &Json) -> Vec<(Vec<u8>, String)> {
    let fields = json.as_object().unwrap_or_default().iter().take(MAX_FIELDS);
    let styles = || PART_STYLES.iter().filter_map(|code| json_print::style(code));
    let forms = |value: &Json| match value {
        Json::Text(text) => vec![text.to_string_lossy().into_owned().into_bytes()],
        Json::Object(_) | Json::Array(_) => {
            let printed = |style| json_print::print_with_limit(value, style, MAX_LONGER_FORM);
            styles().filter_map(printed).collect()
        }
        _ => Vec::new(),
    };
    let named = fields.filter_map(|(name, value)| Some((name.as_str()?, value)));
    named
        .flat_map(|(name, value)| {
            let name = truncate_name(name);
            forms(value).into_iter().map(move |form| (form, name.clone())).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json;

    #[test]
    fn the_number_and_the_size_of_the_contents_are_bounded() {
        let many: Vec<_> = (0..1000).map(|index| format!("\"{index}\":{{}},")).collect();
        let long = format!("{{{}\"last\":\"{}\"}}", many.concat(), "x".repeat(1 << 20));
        let json = json::read(long.as_bytes()).unwrap();
        let found: Vec<_> =
            edited(RequestBody { bytes: long.as_bytes(), json: Some(&json) }).collect();
        assert!(found.len() < 200, "{}", found.len());
        assert!(found.iter().map(|form| form.value.len()).sum::<usize>() < 1 << 20);
    }
}
