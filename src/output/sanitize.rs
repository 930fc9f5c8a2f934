//! Text from outside, made safe to print: it can neither drive a terminal nor a CI system.

use crate::domain::letter::is_dangerous;
use serde_json::ser::Formatter;
use std::borrow::Cow;
use std::fmt::Write;
use std::io;

/// Escapes everything that is not one printable line: controls, bidi marks, zero-width letters.
#[must_use]
pub fn line(text: &str) -> String {
    escape(text, |_| false)
}

/// The same for text of several lines: line ends and tabs stay.
#[must_use]
pub fn lines(text: &str) -> String {
    escape(text, |c| c == '\n' || c == '\t')
}

/// The same for bytes, which may not be UTF-8.
#[must_use]
pub fn bytes(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(&line(chunk.valid()));
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> String {
    // Nearly all that is printed is plain, and needs no look at each of its letters.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if keep(c) || !is_dangerous(c) {
            safe.push(c);
        } else {
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
        }
    }
    safe
}

/// A finished JSON text, in which what is dangerous is written as `\uXXXX`: every reader takes that
/// for the same letter, and outside of strings there is none.
#[must_use]
pub fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || !is_dangerous(c) {
            safe.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(safe, "\\u{unit:04x}");
        }
    }
    safe
}

/// Finished lines, with the first letter escaped of each that a CI system would obey.
///
/// GitHub trims a line before it looks for `::`; Azure and TeamCity look for `##`.
#[must_use]
pub fn defused(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split('\n').map(defused_line).collect::<Vec<_>>().join("\n"))
}

fn defused_line(line: &str) -> String {
    let trimmed = line.trim_start();
    if trimmed.starts_with("::") || trimmed.starts_with("##") {
        let indent = &line[..line.len() - trimmed.len()];
        let first = trimmed.chars().next().map_or(0, u32::from);
        return format!("{indent}\\u{{{first:x}}}{}", &trimmed[1..]);
    }
    line.to_owned()
}

/// Writes JSON in which no text can drive a terminal: what is dangerous is written as `\uXXXX`,
/// which every reader takes for the same letter.
pub struct SafeFormatter;

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if fragment.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return writer.write_all(fragment.as_bytes());
        }
        writer.write_all(json(fragment).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_text_stays_the_same_document() {
        let text = serde_json::to_string("a\u{9b}31m\u{202e}\u{7f}\u{e0001}é\u{1b}").unwrap();
        let safe = json(&text);
        assert_eq!(safe, r#""a\u009b31m\u202e\u007f\udb40\udc01é\u001b""#);
        let read = |text: &str| serde_json::from_str::<String>(text).unwrap();
        assert_eq!(read(&safe), read(&text));
    }

    #[test]
    fn nothing_that_drives_a_terminal_is_left() {
        for (text, safe) in [
            ("plain é 漢 😀", "plain é 漢 😀"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\rb\nc\0", "a\\u{d}b\\u{a}c\\u{0}"),
            ("\u{202e}gpj", "\\u{202e}gpj"),
            ("\u{200b}\u{feff}", "\\u{200b}\\u{feff}"),
        ] {
            assert_eq!(line(text), safe);
        }
        assert_eq!(bytes(b"a\xff\x1b"), "a\\xff\\u{1b}");
    }

    #[test]
    fn json_means_the_same_and_drives_nothing() {
        let text = "\u{9b}31m \u{202e}gpj \u{7f} \u{e0001} é";
        let mut written = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut written, SafeFormatter);
        serde::Serialize::serialize(text, &mut serializer).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(written.chars().all(|c| !is_dangerous(c)), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn a_line_for_a_ci_system_is_defused() {
        assert_eq!(
            defused("a\n  ::error::x\n##vso[y]\n# fine"),
            "a\n  \\u{3a}:error::x\n\\u{23}#vso[y]\n# fine"
        );
    }
}
