//! JSON that is safe to print: characters that could control a terminal or a CI system are escaped
//! as `\uXXXX`, which does not change the value.

use crate::domain::ci_command::is_hash_command;
use crate::domain::unsafe_char::is_unsafe;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use std::borrow::Cow;
use std::convert::Infallible;
use std::io;
use std::io::Write;

/// Escapes a JSON document, or a part of one of its strings.
///
/// Outside of strings JSON has none of these characters, except the newlines of an indented
/// document, which are kept.
#[must_use]
pub fn escape(json: &str) -> Cow<'_, str> {
    if is_plain(json) {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len());
    let Ok(()) = write_escaped(json, |part| {
        safe.push_str(part);
        Ok::<_, Infallible>(())
    });
    Cow::Owned(safe)
}

/// Serializes a value on one line. Escaping happens while writing, so strings are copied once.
/// `capacity` is the expected length.
pub(super) fn to_string(value: &impl Serialize, capacity: usize) -> String {
    let mut json = Vec::with_capacity(capacity);
    let mut serializer = Serializer::with_formatter(&mut json, EscapedStrings);
    #[expect(clippy::expect_used, reason = "only a map whose keys are not strings can fail")]
    value.serialize(&mut serializer).expect("writing to a `Vec` succeeds");
    #[expect(clippy::expect_used, reason = "strings and escapes are UTF-8")]
    String::from_utf8(json).expect("a document is UTF-8")
}

/// Returns the maximum number of bytes that a string occupies in a document, without its quotes.
#[must_use]
pub(super) fn escaped_len(text: &str) -> usize {
    let more = text.bytes().map(|byte| match byte {
        b'"' | b'\\' => 1,
        // A newline has a short escape, and `#` is only escaped if a CI command begins there.
        ..=0x1f | 0x7f | b'#' => 5,
        // Two bytes may become the six of `\u00ad`, and four the twelve of a surrogate pair.
        0x80.. => 2,
        _ => 0,
    });
    text.len() + more.sum::<usize>()
}

/// Writes JSON on one line, with escaped strings.
struct EscapedStrings;

impl Formatter for EscapedStrings {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if is_plain(fragment) {
            return writer.write_all(fragment.as_bytes());
        }
        write_escaped(fragment, |part| writer.write_all(part.as_bytes()))
    }
}

/// Returns `true` if nothing needs to be escaped, without decoding each character: nearly all
/// output is plain ASCII.
fn is_plain(json: &str) -> bool {
    json.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) && !json.contains("##")
}

/// Passes the document to `put` in parts: unchanged pieces and escapes.
fn write_escaped<E>(json: &str, mut put: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    let mut written = 0;
    for (offset, c) in json.char_indices() {
        let is_command = c == '#' && is_hash_command(&json[offset..]);
        if c == '\n' || !(is_command || is_unsafe(c)) {
            continue;
        }
        put(&json[written..offset])?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            put(&format!("\\u{unit:04x}"))?;
        }
        written = offset + c.len_utf8();
    }
    put(&json[written..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_document_is_the_same_document() {
        let text =
            serde_json::to_string("a\u{9b}31m\u{202e}\u{7f}\u{e0001}é\u{1b} ###[x] ##vso[y] # ##");
        let text = text.unwrap();
        let safe = escape(&text);
        assert_eq!(
            safe,
            r#""a\u009b31m\u202e\u007f\udb40\udc01é\u001b #\u0023#[x] \u0023#vso[y] # ##""#
        );
        let read = |text: &str| serde_json::from_str::<String>(text).unwrap();
        assert_eq!(read(&safe), read(&text));
        assert_eq!(to_string(&read(&text), 0), safe);
        assert!(matches!(escape("{\n \"a\": 1\n}"), Cow::Borrowed(_)));
    }
}
