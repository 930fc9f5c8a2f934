//! Body hypotheses: changes to the bytes of the body after it was signed, and how to undo them.

use crate::protocols::byte_order_mark::BYTE_ORDER_MARK;
use crate::protocols::json::Json;
use crate::protocols::schemes::hypothesis::{Edit, Edited, Hypothesis, truncate_name};
use crate::protocols::{json, json_stringify};
use icu_normalizer::ComposingNormalizerBorrowed;
use percent_encoding::percent_decode;
use url::form_urlencoded;

/// The buffer sizes to try, as powers of two: 1 KiB to 1 MiB.
const BUFFER_POWERS: std::ops::RangeInclusive<u32> = 10..=20;

/// Returns every form the body may have had when it was signed, each with a detail for `{}`.
pub(super) type RestoreBody = fn(&[u8]) -> Vec<(Vec<u8>, String)>;

/// The hypotheses, the likeliest first.
pub(super) static ROWS: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "final-newline-added",
        condition: "the final newline is removed from the body",
        evidence: "The body ends in a newline that was not there when it was signed: an editor, \
                   `echo` or a log added it.",
        fix: "keep the body as received: `printf %s` instead of `echo`, `curl --data-binary`",
        apply: |body| {
            let rest = body.strip_suffix(b"\r\n").or_else(|| body.strip_suffix(b"\n"));
            at_most_one(rest.map(<[u8]>::to_vec))
        },
    },
    Hypothesis {
        code: "final-newline-removed",
        condition: "a newline is appended to the body",
        evidence: "The body was signed with a final newline that was removed since: the shell's \
                   `$(…)`, `curl -d @file` and `trim` do that.",
        fix: "keep the signed bytes: do not trim them, and send a file with \
              `curl --data-binary @FILE`",
        apply: |body| at_most_one(Some([body, b"\n"].concat())),
    },
    Hypothesis {
        code: "final-newline-removed",
        condition: "CR LF is appended to the body",
        evidence: "The body was signed with a final Windows newline that was removed since.",
        fix: "keep the signed bytes: do not trim them, and send a file with \
              `curl --data-binary @FILE`",
        apply: |body| at_most_one(Some([body, b"\r\n"].concat())),
    },
    Hypothesis {
        code: "crlf-to-lf",
        condition: "every LF in the body is changed back to CR LF",
        evidence: "The body was signed with Windows newlines and has Unix newlines now: git, an \
                   editor or a text mode changed them.",
        fix: "read and write the body as bytes, never as text; in git, mark fixtures `-text`",
        apply: |body| at_most_one(body.contains(&b'\n').then(|| with_crlf(body))),
    },
    Hypothesis {
        code: "lf-to-crlf",
        condition: "every CR LF in the body is changed back to LF",
        evidence: "The body was signed with Unix newlines and has Windows newlines now: git, an \
                   editor or a text mode changed them.",
        fix: "read and write the body as bytes, never as text; in git, mark fixtures `-text`",
        apply: |body| at_most_one(replace_all(body, b"\r\n", b"\n")),
    },
    Hypothesis {
        code: "bom-added",
        condition: "the byte order mark is removed from the body",
        evidence: "The body begins with a byte order mark (EF BB BF) that was not there when it \
                   was signed: an editor or PowerShell added it.",
        fix: "save it as UTF-8 without the mark",
        apply: |body| at_most_one(body.strip_prefix(BYTE_ORDER_MARK).map(<[u8]>::to_vec)),
    },
    Hypothesis {
        code: "bom-added",
        condition: "the byte order mark and the whitespace around the body are removed",
        evidence: "The body begins with a byte order mark (EF BB BF) and has whitespace around it \
                   that were not there when it was signed: PowerShell's `Out-File` adds the mark \
                   and a newline.",
        fix: "save it as UTF-8 without the mark and without a final newline: in PowerShell, \
              `[IO.File]::WriteAllText`",
        apply: |body| {
            let unmarked = body.strip_prefix(BYTE_ORDER_MARK);
            let trimmed =
                unmarked.map(<[u8]>::trim_ascii).filter(|trimmed| Some(*trimmed) != unmarked);
            at_most_one(trimmed.map(<[u8]>::to_vec))
        },
    },
    Hypothesis {
        code: "bom-removed",
        condition: "a byte order mark is put before the body",
        evidence: "The body was signed with a byte order mark (EF BB BF) that was removed since, \
                   as Python's `utf-8-sig` and many JSON readers do.",
        fix: "hash the bytes before anything decodes them",
        apply: |body| {
            at_most_one(
                (!body.starts_with(BYTE_ORDER_MARK)).then(|| [BYTE_ORDER_MARK, body].concat()),
            )
        },
    },
    Hypothesis {
        code: "outer-white-space",
        condition: "the whitespace around the body is removed",
        evidence: "The body has whitespace around it that was not there when it was signed.",
        fix: "keep the body as received, without a template or a log line around it",
        apply: |body| {
            let trimmed = body.trim_ascii();
            at_most_one((trimmed.len() < body.len()).then(|| trimmed.to_vec()))
        },
    },
    Hypothesis {
        code: "empty-body",
        condition: "the body is empty",
        evidence: "The signature covers an empty body: the body had already been read, or \
                   `mac.Write(body)` is missing (Go).",
        fix: "hash the body; if a framework reads it first, keep a copy: Go `io.ReadAll` once, \
              Express `express.raw`",
        apply: |body| at_most_one((!body.is_empty()).then(Vec::new)),
    },
    Hypothesis {
        code: "stringified-twice",
        condition: "the body is unwrapped from its JSON string",
        evidence: "The body is one JSON string that contains the payload: it was stringified a \
                   second time after it was signed.",
        fix: "send the string that was signed: `JSON.stringify` once, and no `json:` option for it",
        apply: |body| {
            let json = json::read(body).ok();
            at_most_one(json.as_ref().and_then(Json::as_str).map(|text| text.as_bytes().to_vec()))
        },
    },
    Hypothesis {
        code: "signed-stringified-twice",
        condition: "the body is quoted as one JSON string",
        evidence: "The signature covers the body as a JSON string with quotes and escapes: a \
                   string was passed to `JSON.stringify`.",
        fix: "sign the body itself: it is already a string when it is signed",
        apply: |body| {
            let text = std::str::from_utf8(body).ok();
            at_most_one(
                text.map(|text| json_stringify::stringify(&Json::Text(text.into())).into_bytes()),
            )
        },
    },
    Hypothesis {
        code: "not-composed",
        condition: "the characters of the body are composed (Unicode NFC)",
        evidence: "The body was signed in Unicode form NFC and is decomposed now, as macOS file \
                   names and some databases do.",
        fix: "do not normalise text before it is hashed",
        apply: |body| {
            let composed = std::str::from_utf8(body)
                .ok()
                .map(|text| ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned());
            at_most_one(composed.filter(|text| text.as_bytes() != body).map(String::into_bytes))
        },
    },
    Hypothesis {
        code: "latin1-as-utf8",
        condition: "the characters of the body are encoded as Latin-1 again",
        evidence: "Latin-1 and UTF-8 were confused in transit, as when `é` becomes `Ã©`.",
        fix: "hash the bytes before anything decodes them; the charset of JSON is UTF-8",
        apply: |body| {
            let text = std::str::from_utf8(body).ok().filter(|text| !text.is_ascii());
            let byte = |character: char| u8::try_from(u32::from(character)).ok();
            at_most_one(text.and_then(|text| text.chars().map(byte).collect()))
        },
    },
    Hypothesis {
        code: "utf8-as-latin1",
        condition: "the Latin-1 characters of the body are encoded as UTF-8",
        evidence: "The body was signed as UTF-8 and re-encoded as Latin-1 since.",
        fix: "hash the bytes before anything decodes them; the charset of JSON is UTF-8",
        apply: |body| {
            let decoded = || body.iter().map(|&byte| char::from(byte)).collect::<String>();
            at_most_one(std::str::from_utf8(body).is_err().then(|| decoded().into_bytes()))
        },
    },
    Hypothesis {
        code: "form-encoded",
        condition: "the body is the value of its form field `{}`",
        evidence: "The body is an HTML form that contains the signed payload.",
        fix: "send JSON with `Content-Type: application/json`, not a form; with curl, \
              `--data-binary @FILE`",
        apply: |body| {
            let is_form = body.contains(&b'=') && !body.trim_ascii_start().starts_with(b"{");
            let fields = form_urlencoded::parse(if is_form { body } else { b"" }).take(4);
            fields
                .map(|(name, value)| (value.into_owned().into_bytes(), truncate_name(&name)))
                .collect()
        },
    },
    Hypothesis {
        code: "percent-encoded",
        condition: "the body is percent-decoded",
        evidence: "The body was percent-encoded after it was signed.",
        fix: "send it unencoded: `curl --data-binary` instead of `--data-urlencode`",
        apply: |body| {
            let decoded = body.contains(&b'%').then(|| percent_decode(body).collect::<Vec<u8>>());
            at_most_one(decoded.filter(|decoded| decoded != body))
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
        code: "signed-in-part",
        condition: "only the first {} bytes of the body are hashed",
        evidence: "The signature covers only the start of the body: a buffer of {} bytes was read \
                   once.",
        fix: "read until the end: Go `io.ReadAll`, Node collect every chunk, Python \
              `request.get_data()`",
        apply: |body| {
            let lengths = BUFFER_POWERS.map(|power| 1_usize << power);
            let shorter = lengths.take_while(|length| *length < body.len());
            shorter.map(|length| (body[..length].to_vec(), length.to_string())).collect()
        },
    },
    Hypothesis {
        code: "nul-added",
        condition: "the NUL at the end of the body is removed",
        evidence: "The body ends in a zero byte that was not there when it was signed: a C string \
                   was sent with its terminator.",
        fix: "send the string without its terminator",
        apply: |body| at_most_one(body.strip_suffix(b"\0").map(<[u8]>::to_vec)),
    },
];

/// The codes that are also tried after another edit: changes that can happen to any string.
const COMBINABLE: &[&str] = &[
    "final-newline-added",
    "final-newline-removed",
    "crlf-to-lf",
    "lf-to-crlf",
    "bom-added",
    "bom-removed",
    "stringified-twice",
    "signed-stringified-twice",
];

/// Applies `rows`, lazily, to a body that is the result of `edits`.
pub(super) fn apply_rows<'r>(
    body: &'r [u8],
    edits: &'r [Edit],
    rows: impl Iterator<Item = &'r Hypothesis<RestoreBody>> + 'r,
) -> impl Iterator<Item = Edited<Vec<u8>>> + 'r {
    rows.flat_map(move |row| {
        let forms = (row.apply)(body).into_iter();
        forms.map(move |(body, detail)| Edited::with_edit(edits, row.edit(&detail), body))
    })
}

/// Returns the bodies that are one more edit away from the received one.
pub(super) fn second_edits(form: &Edited<Vec<u8>>) -> impl Iterator<Item = Edited<Vec<u8>>> + '_ {
    let rows = ROWS.iter().filter(|row| COMBINABLE.contains(&row.code));
    apply_rows(&form.value, &form.edits, rows)
}

/// Returns `true` if the body is the result of an edit that is also tried after another one.
pub(super) fn is_combinable(form: &Edited<Vec<u8>>) -> bool {
    form.edits.iter().all(|edit| COMBINABLE.contains(&edit.code))
}

fn at_most_one(form: Option<Vec<u8>>) -> Vec<(Vec<u8>, String)> {
    form.into_iter().map(|bytes| (bytes, String::new())).collect()
}

/// Returns the bytes with each `from` replaced, or `None` if `from` does not occur.
fn replace_all(bytes: &[u8], from: &[u8], to: &[u8]) -> Option<Vec<u8>> {
    let mut result = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        if rest.starts_with(from) {
            result.extend_from_slice(to);
            rest = &rest[from.len()..];
        } else {
            result.push(first);
            rest = &rest[1..];
        }
    }
    (result != bytes).then_some(result)
}

/// Returns the bytes with every newline as CR LF.
fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let unix = replace_all(bytes, b"\r\n", b"\n");
    replace_all(unix.as_deref().unwrap_or(bytes), b"\n", b"\r\n").unwrap_or_else(|| bytes.to_vec())
}
