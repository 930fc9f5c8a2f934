//! Sanitizes external strings: escapes control characters and commands for CI systems.
//!
//! There are two steps, because a command for a CI system depends on its position in a line: each
//! string is escaped when a line is composed, by a function such as [`line()`], and the finished
//! lines by [`without_ci_commands`].

use crate::domain::ci_command;
use crate::domain::excerpt::{MAX_MESSAGE_BYTES, prefix};
use crate::domain::unsafe_char::is_unsafe;
use std::fmt::Write;

/// The maximum number of bytes of a message, which may contain external strings.
const MAX_MESSAGE: usize = 8 * MAX_MESSAGE_BYTES;

/// Escapes a string to one printable line, and cuts it after [`MAX_MESSAGE_BYTES`] bytes.
#[must_use]
pub fn line(text: &str) -> String {
    cut_to(text, MAX_MESSAGE_BYTES)
}

/// Escapes a message as [`line()`] does, with a higher limit.
#[must_use]
pub fn message(text: &str) -> String {
    cut_to(text, MAX_MESSAGE)
}

/// Escapes a string as [`line()`] does, and cuts nothing.
#[must_use]
pub fn whole_line(text: &str) -> String {
    escape(text, |_| false)
}

/// Escapes a string of several lines: newlines and tabs stay, and nothing is cut.
#[must_use]
pub fn lines(text: &str) -> String {
    escape(text, |c| c == '\n' || c == '\t')
}

/// Escapes bytes, which may not be UTF-8, and cuts them as [`line()`] does.
#[must_use]
pub fn bytes(bytes: &[u8]) -> String {
    let Some(kept) = bytes.get(..MAX_MESSAGE_BYTES).filter(|kept| kept.len() < bytes.len()) else {
        return whole_bytes(bytes);
    };
    whole_bytes(whole_characters(kept)) + "…"
}

/// Escapes bytes, which may not be UTF-8, and cuts nothing.
#[must_use]
pub fn whole_bytes(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(&whole_line(chunk.valid()));
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Returns bytes without an incomplete character at their end.
#[must_use]
pub fn whole_characters(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        Ok(_) | Err(_) => bytes,
    }
}

/// Escapes the commands for CI systems in finished lines.
#[must_use]
pub fn without_ci_commands(text: String) -> String {
    ci_command::escape(text, |c| if c == '#' { r"\u{23}" } else { r"\u{3a}" })
}

/// Escapes the commands for CI systems in a finished document of XML or HTML, as character
/// references, so that its meaning stays the same.
#[must_use]
pub fn markup_without_ci_commands(text: String) -> String {
    ci_command::escape(text, |c| if c == '#' { "&#35;" } else { "&#58;" })
}

fn cut_to(text: &str, limit: usize) -> String {
    let kept = prefix(text, limit);
    let mut safe = whole_line(kept);
    if kept.len() < text.len() {
        safe.push('…');
    }
    safe
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> String {
    // Fast path: nearly all output is printable ASCII and needs no decoding of characters.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if keep(c) || !is_unsafe(c) {
            safe.push(c);
        } else {
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
        }
    }
    safe
}

#[cfg(test)]
pub(in crate::output) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns strings composed of parts of commands for CI systems.
    pub(in crate::output) fn ci_command_text() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just(":"),
            Just("::error::"),
            Just("#"),
            Just("##["),
            Just("##vso[task.x]"),
            Just("##TeamCity["),
            Just("["),
            Just("]"),
            Just(" "),
            Just("\t"),
            Just("\n"),
            Just("\r"),
            Just("\u{85}"),
            Just("\u{2028}"),
            Just("\u{3000}"),
            Just("\u{feff}"),
            Just("\u{1b}[0m"),
            Just("\""),
            Just("\\"),
            Just("&#"),
            Just("%23"),
            Just("x"),
            Just("é"),
        ];
        proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn escaped_strings_contain_no_command(text in ci_command_text()) {
            for safe in [
                without_ci_commands(text.clone()),
                without_ci_commands(line(&text)),
                without_ci_commands(lines(&text)),
                without_ci_commands(bytes(text.as_bytes())),
                markup_without_ci_commands(text.clone()),
            ] {
                prop_assert!(ci_command::command_offsets(&safe).next().is_none(), "{:?}", safe);
            }
        }
    }

    #[test]
    fn characters_that_control_a_terminal_are_escaped() {
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
    fn a_long_string_is_cut_between_two_characters() {
        let fits = "a".repeat(MAX_MESSAGE_BYTES);
        assert_eq!(line(&fits), fits);
        assert_eq!(bytes(fits.as_bytes()), fits);
        let long = format!("{}éa", "a".repeat(MAX_MESSAGE_BYTES - 1));
        let cut = format!("{}…", "a".repeat(MAX_MESSAGE_BYTES - 1));
        assert_eq!(line(&long), cut);
        assert_eq!(bytes(long.as_bytes()), cut);
        assert_eq!((whole_line(&long), whole_bytes(long.as_bytes())), (long.clone(), long));
    }

    #[test]
    fn a_command_for_a_ci_system_is_escaped() {
        let text = || "a\n  ::error::x ##[y]\n# fine ## too".to_owned();
        let safe = "a\n  \\u{3a}:error::x \\u{23}#[y]\n# fine ## too";
        assert_eq!(without_ci_commands(text()), safe);
        let safe = "a\n  &#58;:error::x &#35;#[y]\n# fine ## too";
        assert_eq!(markup_without_ci_commands(text()), safe);
    }
}
