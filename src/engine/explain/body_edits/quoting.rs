//! Hypotheses about quotes, escapes and entities around and inside the body.

use crate::engine::explain::body_edits::received_body::{Form, ReceivedBody, RestoreBody, one};
use crate::engine::explain::body_edits::{escapes, surroundings};
use crate::protocols::json::{self, Json};
use crate::protocols::printed_literals;
use crate::protocols::schemes::hypothesis::Hypothesis;
use std::borrow::Cow;

/// The code of the row that reads a list of byte values, which may be JSON as well.
pub(super) const LIST_OF_BYTES: &str = "list-of-bytes";

/// The hypotheses, the likeliest first.
pub(super) static ROWS: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "stringified-twice",
        condition: "the body is unwrapped from its JSON string",
        evidence: "The body is one JSON string that contains the payload: it was stringified a \
                   second time after it was signed.",
        fix: "send the string that was signed: `JSON.stringify` once, and no `json:` option for it",
        apply: |body| {
            let is_string = body.trim_ascii_start().starts_with(b"\"");
            let json = is_string.then(|| json::read(body).ok()).flatten();
            one(json.as_ref().and_then(Json::as_str).map(|text| text.as_bytes().to_vec()))
        },
    },
    Hypothesis {
        code: "html-escaped",
        condition: "the HTML entities of the body are decoded",
        evidence: "The body contains HTML entities such as `&quot;`: a template or a filter against \
                   cross-site scripting escaped it after it was signed.",
        fix: "hash the raw body, before any filter; copy it from a source that does not escape it",
        apply: without_entities,
    },
    Hypothesis {
        code: "backslash-escaped",
        condition: "the backslash escapes of the body are undone",
        evidence: "Quotes in the body have backslashes, as in the middle of a JSON or shell string, \
                   or after `addslashes`: it was escaped after it was signed.",
        fix: "keep the unescaped bytes: parse the log line that contains the body, and take the \
              value of its string",
        apply: without_backslashes,
    },
    Hypothesis {
        code: "backslash-escaped",
        condition: "the {} of the body are decoded to bytes",
        evidence: "Bytes of the body are written as {}, which JSON does not have: a log, a dump or \
                   a program escaped it after it was signed.",
        fix: "decode the escapes, or capture the bytes: in nginx, `log_format … escape=none` writes \
              them as they are",
        apply: escapes::with_decoded_bytes,
    },
    Hypothesis {
        code: "backslash-escaped",
        condition: "the escape `{}` is undone",
        evidence: "Characters of the body outside of its strings, such as its quotes, are written \
                   as `{}`: it was escaped as a whole after it was signed.",
        fix: "keep the unescaped bytes: parse the log line that contains the body, and take the \
              value of its string",
        apply: escapes::with_plain_quotes,
    },
    Hypothesis {
        code: "backslashes-removed",
        condition: "the backslashes before {} are put back",
        evidence: "Backslashes of the body were removed after it was signed, as PHP's \
                   `stripslashes` and `wp_unslash` do.",
        fix: "hash the raw body: PHP `file_get_contents(\"php://input\")`, without `stripslashes`",
        apply: surroundings::with_backslashes,
    },
    Hypothesis {
        code: "csv-quoted",
        condition: "the doubled quotes of a CSV field are undone",
        evidence: "Every quote in the body is doubled, as in a CSV field: it was copied from the \
                   text of a CSV file.",
        fix: "read the file with a CSV parser, and take the value of the field",
        apply: |body| {
            let trimmed = body.trim_ascii();
            let inside = trimmed.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
            let doubled = inside.unwrap_or(trimmed);
            let text = std::str::from_utf8(doubled).ok().filter(|text| text.contains("\"\""));
            one(text.map(|text| text.replace("\"\"", "\"").into_bytes()))
        },
    },
    Hypothesis {
        code: "single-quoted",
        condition: "the {} around the body are removed",
        evidence: "The body has {} around it, as a string in SQL or a shell: it was copied with \
                   them.",
        fix: "keep the body alone, without the quotes of the command or query that contains it",
        apply: without_single_quotes,
    },
    Hypothesis {
        code: "typographic-quotes",
        condition: "the typographic quotes of the body are changed back to `\"`",
        evidence: "The body has typographic quotes (“ ”) where JSON has `\"`: a word processor, a \
                   chat or a content management system changed them.",
        fix: "copy the body from the raw source, or as a code block",
        apply: |body| {
            let text = body.text().filter(|text| text.contains(['\u{201c}', '\u{201d}']));
            let is_json = body.trim_ascii_start().starts_with(b"{\"");
            let plain = |text: &str| text.replace(['\u{201c}', '\u{201d}', '\u{201e}'], "\"");
            one(text.filter(|_| !is_json).map(|text| plain(text).into_bytes()))
        },
    },
    Hypothesis {
        code: "python-bytes",
        condition: "the body is read from the `repr` of Python's `bytes`",
        evidence: "The body is a Python literal, `b'…'`: `str()` was applied to bytes, or they were \
                   formatted into a string.",
        fix: "keep the bytes: `body.decode()` instead of `str(body)`",
        apply: |body| one(body.text().and_then(printed_literals::parse_python_bytes)),
    },
    Hypothesis {
        code: LIST_OF_BYTES,
        condition: "the bytes of the body are read from {}",
        evidence: "The body is kept as {}: it was stringified or printed while it was a list of \
                   bytes.",
        fix: "convert it to text first: Node `buffer.toString()`, Go `string(body)`, Java \
              `new String(bytes, UTF_8)`",
        apply: |body| {
            let list = body.text().and_then(printed_literals::parse_byte_list);
            list.into_iter().map(|(bytes, name)| (bytes, name.to_owned())).collect()
        },
    },
];

/// The entities that escape a body, without `&` and `;`.
const ENTITIES: [(&str, char); 6] =
    [("quot", '"'), ("amp", '&'), ("lt", '<'), ("gt", '>'), ("apos", '\''), ("nbsp", '\u{a0}')];

/// Decodes entities, once and twice.
fn without_entities(body: &ReceivedBody<'_>) -> Vec<Form> {
    let Some(once) = body.text().and_then(decode_entities) else { return Vec::new() };
    let twice = decode_entities(&once);
    let forms = std::iter::once(once).chain(twice);
    forms.map(|text| (text.into_bytes(), String::new())).collect()
}

/// Decodes the entities of a text, or returns `None` if it has none.
fn decode_entities(text: &str) -> Option<String> {
    let mut rest = text;
    let mut decoded = String::new();
    while let Some(start) = rest.find('&') {
        let (before, from) = rest.split_at(start);
        decoded.push_str(before);
        // The longest entity is `&#x10ffff;`.
        let end = from.bytes().take(10).position(|byte| byte == b';');
        let name = end.and_then(|end| from.get(1..end));
        let character = name.and_then(|name| match name.strip_prefix('#') {
            Some(number) => {
                let hex = number.strip_prefix(['x', 'X']);
                let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
                char::from_u32(code.ok()?)
            }
            None => {
                ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, character)| *character)
            }
        });
        let skipped = if let (Some(character), Some(end)) = (character, end) {
            decoded.push(character);
            end + 1
        } else {
            decoded.push('&');
            1
        };
        rest = from.get(skipped..).unwrap_or_default();
    }
    decoded.push_str(rest);
    (decoded != text).then_some(decoded)
}

/// Undoes the escapes of a JSON string without its quotes, and those of `addslashes`.
fn without_backslashes(body: &ReceivedBody<'_>) -> Vec<Form> {
    let Some(text) = body.text().map(str::trim).filter(|text| text.contains("\\\"")) else {
        return Vec::new();
    };
    // A JSON string with its quotes is `stringified-twice`, and JSON has a quote that is not escaped.
    if text.starts_with('"') || text.starts_with("{\"") {
        return Vec::new();
    }
    let quoted = format!("\"{text}\"");
    let json = json::read_text(&quoted).filter(|(_, rest)| rest.is_empty());
    let json = json.map(|(text, _)| text.into_string_lossy());
    let mut stripped = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let escaped = if character == '\\' { characters.next() } else { None };
        stripped.push(escaped.unwrap_or(character));
    }
    let forms = json.into_iter().chain([stripped]);
    forms.map(|text| (text.into_bytes(), String::new())).collect()
}

/// Removes quotes of SQL or a shell, with the content as it is and with their escapes undone.
fn without_single_quotes(body: &ReceivedBody<'_>) -> Vec<Form> {
    let Some(text) = body.text().map(str::trim) else { return Vec::new() };
    let between = |quote: &str| text.strip_prefix(quote)?.strip_suffix(quote);
    let ansi = text.strip_prefix("$'").and_then(|text| text.strip_suffix('\''));
    let (inside, name) = match (ansi.or_else(|| between("'")), between("`"), between("```")) {
        (Some(inside), ..) => (inside, "single quotes"),
        (None, _, Some(fenced)) => (fenced, "backticks"),
        (None, Some(inside), None) => (inside, "backticks"),
        (None, None, None) => return Vec::new(),
    };
    let mut forms: Vec<Cow<'_, str>> = vec![Cow::Borrowed(inside)];
    for (escape, plain) in [("''", "'"), ("'\\''", "'"), ("\\'", "'")] {
        if inside.contains(escape) {
            forms.push(Cow::Owned(inside.replace(escape, plain)));
        }
    }
    // A fence is on lines of its own, and may name a language.
    let fenced = inside.strip_prefix("json").unwrap_or(inside).trim();
    if fenced.len() < inside.len() {
        forms.push(Cow::Borrowed(fenced));
    }
    forms.into_iter().map(|text| (text.into_owned().into_bytes(), name.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::body_edits::received_body::BodyContext;
    use proptest::prelude::*;

    fn forms(apply: RestoreBody, body: &str) -> Vec<String> {
        let body = ReceivedBody::new(body.as_bytes(), BodyContext::default());
        apply(&body).into_iter().map(|(bytes, _)| String::from_utf8(bytes).unwrap()).collect()
    }

    #[test]
    fn entities_are_decoded() {
        let plain = "{\"a\":\"<&'é\"}";
        for body in [
            "{&quot;a&quot;:&quot;&lt;&amp;&#39;é&quot;}",
            "{&#34;a&#34;:&#x22;&#60;&amp;&apos;&#xe9;&quot;}",
        ] {
            assert_eq!(forms(without_entities, body)[0], plain, "{body}");
        }
        assert_eq!(forms(without_entities, "{&amp;quot;}"), ["{&quot;}", "{\"}"]);
        for body in ["{}", "a & b; c", "&unknown;", "&#xffffff;", "&é;"] {
            assert!(forms(without_entities, body).is_empty(), "{body}");
        }
    }

    #[test]
    fn escapes_and_quotes_are_removed() {
        assert_eq!(
            forms(without_backslashes, "{\\\"a\\\":\\\"b\\\\\\\"c\\\"}")[0],
            "{\"a\":\"b\\\"c\"}"
        );
        assert_eq!(forms(without_backslashes, "{\\\"a\\\":\\\"O\\'S\\\"}"), ["{\"a\":\"O'S\"}"]);
        assert!(forms(without_backslashes, "{\"a\":\"\\\"\"}").is_empty());
        assert_eq!(
            forms(without_single_quotes, "'{\"a\":\"O''S\"}'"),
            ["{\"a\":\"O''S\"}", "{\"a\":\"O'S\"}"]
        );
        assert_eq!(forms(without_single_quotes, "```json\n{}\n```").last().unwrap(), "{}");
        assert!(forms(without_single_quotes, "{}").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_handled(text in "[&;#xq\\\\\"'`é{}$]{0,30}") {
            for row in ROWS {
                let _ = forms(row.apply, &text);
            }
        }
    }
}
