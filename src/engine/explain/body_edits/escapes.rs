//! Escapes that logs and programs write for single characters or bytes of a whole body.

use crate::engine::explain::body_edits::received_body::{Form, ReceivedBody, merged};

/// The escapes of a quote, which JSON has only inside a string.
const QUOTE_ESCAPES: [&str; 3] = ["\\u0022", "\\x22", "\\042"];

/// The characters that filters escape besides the quotes, by the four digits of their code.
const ESCAPED: [(&str, &str); 7] = [
    ("\\u0027", "'"),
    ("\\u0026", "&"),
    ("\\u003c", "<"),
    ("\\u003C", "<"),
    ("\\u003e", ">"),
    ("\\u003E", ">"),
    ("\\u003d", "="),
];

/// Replaces escaped quotes in a text that has no others, alone and with the other characters that
/// a filter escapes.
pub(super) fn with_plain_quotes(body: &ReceivedBody<'_>) -> Vec<Form> {
    let text = body.text().map(str::trim).filter(|text| !text.contains('"'));
    let Some(text) = text else { return Vec::new() };
    let Some(escape) = QUOTE_ESCAPES.into_iter().find(|escape| text.contains(escape)) else {
        return Vec::new();
    };
    let quotes = text.replace(escape, "\"");
    let all = ESCAPED.iter().fold(quotes.clone(), |text, (from, to)| text.replace(from, to));
    let forms = [quotes, all].into_iter();
    merged(forms.map(|text| (text.into_bytes(), escape.to_owned())))
}

/// Decodes the escapes of bytes, `\xc3` or `\303`: alone, and together with those of one letter.
///
/// JSON has neither, so that they are an escape of the body.
pub(super) fn with_decoded_bytes(body: &ReceivedBody<'_>) -> Vec<Form> {
    let forms = [
        (Digits::Hex, Others::Kept),
        (Digits::Hex, Others::Decoded),
        (Digits::Octal, Others::Kept),
        (Digits::Octal, Others::Decoded),
    ];
    // The literal of Python is read as a whole.
    let is_literal = [b"b'".as_slice(), b"b\""].iter().any(|start| body.starts_with(start));
    let decoded = forms
        .into_iter()
        .filter(|_| !is_literal)
        .filter_map(|(digits, others)| Some((decode(body, digits, others)?, digits.name())));
    merged(decoded.map(|(bytes, name)| (bytes, name.to_owned())))
}

/// The digits of an escaped byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Digits {
    /// `\xc3`
    Hex,
    /// `\303`
    Octal,
}

/// The treatment of the escapes `\\`, `\"`, `\n`, `\r`, `\t` and `\/`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    Kept,
    Decoded,
}

impl Digits {
    fn name(self) -> &'static str {
        match self {
            Self::Hex => "escapes `\\xHH`",
            Self::Octal => "octal escapes (`\\303`)",
        }
    }

    /// Returns the byte that the text after a backslash escapes, and the length of its escape.
    fn byte(self, rest: &[u8]) -> Option<(u8, usize)> {
        let (digits, radix) = match self {
            Self::Hex => (rest.strip_prefix(b"x")?.get(..2)?, 16),
            Self::Octal => (rest.get(..3)?, 8),
        };
        let is_plain = digits.iter().all(u8::is_ascii_alphanumeric);
        let text = std::str::from_utf8(digits).ok().filter(|_| is_plain)?;
        let byte = u8::from_str_radix(text, radix).ok()?;
        Some((byte, 3))
    }
}

/// Decodes a body, or returns `None` if it has no escaped byte.
fn decode(body: &[u8], digits: Digits, others: Others) -> Option<Vec<u8>> {
    let mut rest = body;
    let mut decoded = Vec::with_capacity(body.len());
    let mut has_bytes = false;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = if byte == b'\\' { after.first().copied() } else { None };
        let letter = escaped.and_then(|escaped| match escaped {
            b'"' | b'\\' | b'/' | b'\'' => Some(escaped),
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            _ => None,
        });
        let found = escaped.and_then(|_| digits.byte(after));
        rest = match (found, letter) {
            (Some((value, length)), _) => {
                has_bytes = true;
                decoded.push(value);
                after.get(length..).unwrap_or_default()
            }
            (None, Some(letter)) => {
                if others == Others::Kept {
                    decoded.extend(escaped.map(|escaped| [b'\\', escaped]).into_iter().flatten());
                } else {
                    decoded.push(letter);
                }
                after.get(1..).unwrap_or_default()
            }
            (None, None) => {
                decoded.push(byte);
                after
            }
        };
    }
    has_bytes.then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::body_edits::received_body::{BodyContext, RestoreBody};
    use proptest::prelude::*;

    fn forms(apply: RestoreBody, body: &[u8]) -> Vec<String> {
        let body = ReceivedBody::new(body, BodyContext::default());
        let forms = apply(&body).into_iter();
        forms.map(|(bytes, _)| String::from_utf8_lossy(&bytes).into_owned()).collect()
    }

    #[test]
    fn escaped_quotes_become_plain() {
        assert_eq!(
            forms(with_plain_quotes, br"{\u0022a\u0022:\u0022\u0026\u0022}"),
            ["{\"a\":\"\\u0026\"}", "{\"a\":\"&\"}"]
        );
        for body in ["{\"a\":\"\\u0022\"}", "{}"] {
            assert!(forms(with_plain_quotes, body.as_bytes()).is_empty(), "{body}");
        }
    }

    #[test]
    fn escaped_bytes_are_decoded() {
        assert_eq!(
            forms(with_decoded_bytes, br"{\x22a\x22:\x22\xC3\xab\\n\x22}"),
            ["{\"a\":\"ë\\\\n\"}", "{\"a\":\"ë\\n\"}"]
        );
        assert_eq!(forms(with_decoded_bytes, br#"{"a":"\303\253"}"#), ["{\"a\":\"ë\"}"]);
        for body in ["{\"a\":\"\\\\x22\"}", "{\"a\":\"\\n\"}", "\\x", "\\x+1", "\\9", "\\"] {
            assert!(forms(with_decoded_bytes, body.as_bytes()).is_empty(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_handled(body in "[\\\\x0-9a-fu\"{}é]{0,30}") {
            let _ = forms(with_plain_quotes, body.as_bytes());
            let _ = forms(with_decoded_bytes, body.as_bytes());
        }
    }
}
