//! Shell quoting: writes any bytes as one word for bash, zsh and ksh.

use crate::domain::ci_command;
use crate::domain::unsafe_char::is_unsafe;
use std::borrow::Cow;

/// Quotes bytes as one word.
///
/// Plain text is quoted literally. Text with characters that a terminal interprets or does not show,
/// and bytes that are not UTF-8, are written as `$'…'` with escapes in ASCII. The result survives a
/// terminal, the clipboard and the history of an interactive shell.
#[must_use]
pub fn quote(word: &[u8]) -> String {
    let text = std::str::from_utf8(word).ok();
    if let Some(text) = text.filter(|text| text.chars().all(is_plain)) {
        let quoted = format!("'{}'", text.replace('\'', r"'\''"));
        // Closing and reopening the quotes does not change the word for a shell, but a CI system
        // that logs the command no longer recognises one of its own commands in it.
        return ci_command::escape(quoted, |c| if c == '#' { "#''" } else { "'':" });
    }
    let escaped = word.iter().map(|&byte| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        // An interactive bash would expand `!` after an escaped quote, whose end it misjudges.
        b'!' => r"\x21".to_owned(),
        b' '..=b'~' => char::from(byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    });
    let quoted = format!("$'{}'", escaped.collect::<String>());
    ci_command::escape(quoted, |_| r"\x23")
}

/// Quotes a word only if a shell would change it: `:3000/hooks` stays as it is.
#[must_use]
pub fn quote_if_needed(word: &str) -> Cow<'_, str> {
    let is_literal = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,@%+=".contains(&byte);
    // zsh expands a word that begins with `=`.
    if !word.is_empty() && !word.starts_with('=') && word.bytes().all(is_literal) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(quote(word.as_bytes()))
}

/// Returns `true` if a character can be quoted literally. Others could control the terminal on
/// which the word is printed, disguise its meaning, or get lost when it is copied: a pasted tab
/// starts a completion, and some terminals replace unusual spaces.
fn is_plain(c: char) -> bool {
    let is_blank =
        matches!(c, '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
            || matches!(c, '\u{fe00}'..='\u{fe0f}')
            || (!c.is_ascii() && c.is_whitespace());
    c == '\n' || (!is_unsafe(c) && !is_blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_a_terminal_would_change_is_escaped() {
        for (word, quoted) in [
            (
                "it's $HOME `x` !\n",
                r"'it'\''s $HOME `x` !
'",
            ),
            ("Zoë \u{1f3e1}", "'Zoë \u{1f3e1}'"),
            ("a\tb", r"$'a\x09b'"),
            ("\r'!\\", r"$'\x0d\'\x21\\'"),
            ("\u{2028}", r"$'\xe2\x80\xa8'"),
            ("\u{a0}", r"$'\xc2\xa0'"),
            ("\u{feff}{}", r"$'\xef\xbb\xbf{}'"),
        ] {
            assert_eq!(quote(word.as_bytes()), quoted);
        }
        assert_eq!(quote(b"\xff\x1b"), r"$'\xff\x1b'");
    }

    #[test]
    fn a_word_without_special_characters_is_not_quoted() {
        for word in [":3000/hooks", "127.0.0.1:80", "a,b-c", "--now", "a@b"] {
            assert_eq!(quote_if_needed(word), word);
        }
        for word in ["", "=ls", "a b", "$x", "~", "a?b", "*", "{a,b}", "#a", "é"] {
            assert_eq!(quote_if_needed(word), format!("'{word}'"));
        }
    }
}
