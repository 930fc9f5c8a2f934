//! JSON that drives neither a terminal nor a CI system: the characters that would are written as
//! `\uXXXX`, which every reader reads as the same character.

use crate::domain::ci_command::is_hash_command;
use crate::domain::unsafe_char::is_unsafe;
use std::borrow::Cow;
use std::fmt::Write;

/// Escapes a JSON document, or a part of one of its strings.
///
/// Outside of strings JSON has none of these characters, except the newlines of a document that is
/// printed over several lines, which stay.
#[must_use]
pub fn escape(json: &str) -> Cow<'_, str> {
    // Nearly all that is printed is plain, and needs no look at each of its characters.
    if json.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) && !json.contains("##") {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len());
    for (offset, c) in json.char_indices() {
        let is_command = c == '#' && is_hash_command(&json[offset..]);
        if c == '\n' || !(is_command || is_unsafe(c)) {
            safe.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(safe, "\\u{unit:04x}");
        }
    }
    Cow::Owned(safe)
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
        assert!(matches!(escape("{\n \"a\": 1\n}"), Cow::Borrowed(_)));
    }
}
