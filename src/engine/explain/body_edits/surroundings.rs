//! Hypotheses about text around the JSON of a body, dumps of it, and mail encodings.

use crate::engine::explain::body_edits::received_body::{Form, ReceivedBody, RestoreBody, one};
use crate::engine::explain::body_edits::value_edits::shown;
use crate::protocols::json;
use crate::protocols::schemes::hypothesis::Hypothesis;

/// The maximum number of lines of a body that are tried alone.
const MAX_LINES: usize = 8;

/// The maximum length of the text around the JSON.
const MAX_SURROUNDINGS: usize = 256;

/// The number of bytes in a line of a dump.
const DUMP_WIDTH: usize = 16;

/// The hypotheses, the likeliest first.
pub(super) static ROWS: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "text-around-json",
        condition: "only the JSON is read, without {}",
        evidence: "There is text around the JSON of the body, {}: it was added after the JSON was \
                   signed, as by JSONP, a log line or a template.",
        fix: "keep the JSON alone, byte for byte",
        apply: between_text,
    },
    Hypothesis {
        code: "one-line-signed",
        condition: "only line {} of the body is read",
        evidence: "The body has several lines with JSON: documents were joined after they were \
                   signed.",
        fix: "keep each document with the headers that it was sent with",
        apply: single_lines,
    },
    Hypothesis {
        code: "hex-dump",
        condition: "the bytes are read from the hex dump",
        evidence: "The body is a hex dump with offsets, as `xxd`, `hexdump -C` and `tcpdump -X` \
                   print it.",
        fix: "turn it back into bytes, such as with `xxd -r`, or capture the bytes",
        apply: |body| one(body.text().and_then(read_dump)),
    },
    Hypothesis {
        code: "quoted-printable",
        condition: "the quoted-printable encoding of the body is decoded",
        evidence: "The body is in quoted-printable (`=C3=AB` for `ë`), as in a message of a mail.",
        fix: "decode it before it is hashed: Python `quopri.decodestring`",
        apply: |body| one(decode_quoted_printable(body)),
    },
];

/// Returns the text from the first brace to the last, and from the first bracket, if there is other
/// text around it.
fn between_text(body: &ReceivedBody<'_>) -> Vec<Form> {
    // What another row decodes is a part of the body already.
    let text = body.text().map(str::trim).filter(|_| !body.context.is_decoded);
    let Some(text) = text else { return Vec::new() };
    let between = |(open, close): (char, char)| {
        let start = text.find(open)?;
        let end = text.rfind(close)? + 1;
        let (before, after) = (text.get(..start)?, text.get(end..)?);
        let is_short = before.len() <= MAX_SURROUNDINGS && after.len() <= MAX_SURROUNDINGS;
        let is_other = is_short && !(before.is_empty() && after.is_empty());
        // Quotes are an encoding of their own, and JSON that begins the text is no part of it.
        // The language of a fence belongs to it.
        let is_text = is_other
            && before != "json"
            && !before.ends_with(['"', '\''])
            && !text.starts_with(['{', '[']);
        let inside = text.get(start..end).filter(|_| is_text)?;
        // A short list in a sentence is no payload.
        (2 * inside.len() >= text.len()).then_some(())?;
        let names = [before, after].into_iter().filter(|text| !text.trim().is_empty());
        let names = names.map(|text| {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            shown(&words)
        });
        let names: Vec<_> = names.collect();
        Some((inside.as_bytes().to_vec(), names.join(" and ")))
    };
    [('{', '}'), ('[', ']')].into_iter().filter_map(between).collect()
}

/// Returns the lines of a body that has several, each of which looks like JSON.
fn single_lines(body: &ReceivedBody<'_>) -> Vec<Form> {
    let Some(text) = body.text().map(str::trim) else { return Vec::new() };
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_json = |line: &str| line.starts_with('{') && line.ends_with('}');
    if lines().count() < 2 || !lines().take(MAX_LINES).all(is_json) {
        return Vec::new();
    }
    let numbered = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let forms = numbered
        .map(|(line, number): (&str, usize)| (line.trim().as_bytes().to_vec(), number.to_string()));
    forms.take(MAX_LINES).collect()
}

/// Reads a dump whose lines begin with the offset of their bytes.
fn read_dump(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (offset, rest) = line.split_once([' ', '\t'])?;
        let offset = offset.trim_end_matches(':');
        let digits = offset.strip_prefix("0x").unwrap_or(offset);
        if digits.len() < 4 || usize::from_str_radix(digits, 16).ok()? != bytes.len() {
            return None;
        }
        // `hexdump -C` ends with the length alone, which has no bytes behind it.
        let rest = rest.trim_start();
        let before_bar = rest.split_once('|').map(|(before, _)| before);
        // `xxd` has two spaces before the characters, and one between the groups.
        let columns = before_bar.unwrap_or_else(|| rest.split("  ").next().unwrap_or_default());
        let mut line_digits: String = columns.split_whitespace().collect();
        line_digits.truncate(2 * DUMP_WIDTH);
        bytes.extend(hex::decode(line_digits).ok()?);
        // `hexdump -C` ends with the length alone.
        if text.trim_end().ends_with(line) {
            break;
        }
    }
    (bytes.len() > 1).then_some(bytes)
}

/// Decodes quoted-printable (RFC 2045, section 6.7), if the body has an escape of it.
fn decode_quoted_printable(body: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(body.len());
    let mut rest = body;
    let mut has_escape = false;
    while let Some((&byte, after)) = rest.split_first() {
        let newline = [b"\r\n".as_slice(), b"\n"].into_iter().find(|end| after.starts_with(end));
        let escaped = || {
            let mut value = [0];
            hex::decode_to_slice(after.get(..2)?, &mut value).ok()?;
            Some(value)
        };
        rest = match (byte, newline, escaped()) {
            (b'=', Some(newline), _) => {
                has_escape = true;
                after.get(newline.len()..).unwrap_or_default()
            }
            (b'=', None, Some(value)) => {
                has_escape = true;
                decoded.extend(value);
                after.get(2..).unwrap_or_default()
            }
            _ => {
                decoded.push(byte);
                after
            }
        };
    }
    has_escape.then_some(decoded)
}

/// Puts backslashes back that `stripslashes` removes: before `u00eb`, and before the quotes inside
/// of strings.
pub(super) fn with_backslashes(body: &ReceivedBody<'_>) -> Vec<Form> {
    let text = body.text().filter(|text| text.trim_start().starts_with(['{', '[']));
    let Some(text) = text else { return Vec::new() };
    let unicode = before_unicode(text);
    // JSON without a lost backslash before a quote stays as it is.
    let is_json = json::read(text.as_bytes()).is_ok();
    let quotes = (!is_json).then(|| before_inner_quotes(text)).flatten();
    let both = quotes.as_deref().and_then(before_unicode);
    let forms = [
        (unicode, "`u` and four hex digits"),
        (quotes, "quotes inside of strings"),
        (both, "both `u` with four hex digits and quotes inside of strings"),
    ];
    let found = forms.into_iter().filter_map(|(form, name)| Some((form?.into_bytes(), name)));
    found.map(|(form, name)| (form, name.to_owned())).collect()
}

/// Puts a backslash before every `u` with four hex digits that has none.
fn before_unicode(text: &str) -> Option<String> {
    let mut restored = String::with_capacity(text.len());
    let mut last = ' ';
    for (index, character) in text.char_indices() {
        let digits = text.get(index + 1..index + 5).unwrap_or_default();
        let is_code = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if character == 'u' && is_code && last != '\\' {
            restored.push('\\');
        }
        restored.push(character);
        last = character;
    }
    (restored != text).then_some(restored)
}

/// Puts a backslash before every quote that is not next to a sign of the syntax.
fn before_inner_quotes(text: &str) -> Option<String> {
    let mut restored = String::with_capacity(text.len());
    let mut last = '{';
    let mut previous = ' ';
    for (index, character) in text.char_indices() {
        if character == '"' && previous != '\\' {
            let behind = text.get(index + 1..).unwrap_or_default();
            let next = behind.chars().take(64).find(|c| !c.is_whitespace()).unwrap_or('}');
            let is_syntax =
                matches!(last, '{' | '[' | ',' | ':') || matches!(next, '}' | ']' | ',' | ':');
            if !is_syntax {
                restored.push('\\');
            }
        }
        restored.push(character);
        previous = character;
        last = if character.is_whitespace() { last } else { character };
    }
    (restored != text).then_some(restored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::body_edits::received_body::BodyContext;
    use proptest::prelude::*;

    fn forms(apply: RestoreBody, body: &str) -> Vec<String> {
        let body = ReceivedBody::new(body.as_bytes(), BodyContext::default());
        let forms = apply(&body).into_iter();
        forms.map(|(bytes, _)| String::from_utf8_lossy(&bytes).into_owned()).collect()
    }

    #[test]
    fn text_around_json_is_removed() {
        for body in ["cb({\"a\":1});", "x={\"a\":1}", "<b>{\"a\":1}</b>"] {
            assert_eq!(forms(between_text, body), ["{\"a\":1}"], "{body}");
        }
        for body in ["{}", "no json", "\"{}\"", "}{"] {
            assert!(forms(between_text, body).is_empty(), "{body}");
        }
        assert_eq!(forms(single_lines, "{\"a\":1}\n{}\n"), ["{\"a\":1}", "{}"]);
        assert!(forms(single_lines, "{\"a\":1}\n").is_empty());
    }

    #[test]
    fn dumps_are_read() {
        let xxd = "00000000: 7b22 6122 3a31 2c22 6222 3a32 2c22 6322  {\"a\":1,\"b\":2,\"c\"\n\
                   00000010: 3a33 7d                                  :3}\n";
        let canonical = "00000000  7b 22 61 22 3a 31 2c 22  62 22 3a 32 2c 22 63 22  |{\"a\":1|\n\
                         00000010  3a 33 7d                                          |:3}|\n";
        for dump in [xxd, canonical] {
            assert_eq!(read_dump(dump).unwrap(), b"{\"a\":1,\"b\":2,\"c\":3}", "{dump}");
        }
        for text in ["", "{}", "00000001: 7b", "0000 zz", "00000000"] {
            assert_eq!(read_dump(text), None, "{text}");
        }
    }

    #[test]
    fn encodings_of_mail_and_lost_backslashes_are_undone() {
        assert_eq!(decode_quoted_printable(b"a=C3=AB=\r\nb=3D").unwrap(), "aëb=".as_bytes());
        assert_eq!(decode_quoted_printable(b"a=b"), None);
        assert_eq!(forms(with_backslashes, "{\"a\":\"u00eb\"}"), ["{\"a\":\"\\u00eb\"}"]);
        assert_eq!(forms(with_backslashes, "{\"a\":\"x \"y\" z\"}"), ["{\"a\":\"x \\\"y\\\" z\"}"]);
        assert!(forms(with_backslashes, "{\"a\":\"b\"}").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_handled(text in "[{}\\[\\]\"\\\\u0-9a-f:=| \n]{0,60}") {
            for row in ROWS {
                let _ = forms(row.apply, &text);
            }
            let _ = forms(with_backslashes, &text);
        }
    }
}
