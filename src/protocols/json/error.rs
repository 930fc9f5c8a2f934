//! Syntax errors of the JSON reader, with their position.

use std::fmt;
use std::fmt::Formatter;

use thiserror::Error;

use crate::protocols::json::document::MAX_DEPTH;

/// A syntax error: the first position at which the input is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind} at line {line}, column {column}")]
pub struct JsonError {
    /// The error.
    pub kind: JsonErrorKind,
    /// The number of bytes before the error.
    pub offset: usize,
    /// The line, counted from 1 and ended by `\n`.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
}

impl JsonError {
    /// Creates an error at `offset`, before which `input` is UTF-8.
    pub(super) fn new(kind: JsonErrorKind, input: &[u8], offset: usize) -> Self {
        let before = input.get(..offset).unwrap_or(input);
        let line = before.split(|byte| *byte == b'\n').count();
        let start_of_line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        // Each character has one byte that is not a continuation byte.
        let characters = start_of_line.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        Self { kind, offset, line, column: characters + 1 }
    }
}

/// The reason why input is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// The input starts with U+FEFF, which RFC 8259 forbids to send.
    #[error("expected a value, found a byte order mark")]
    ByteOrderMark,
    /// The input is not UTF-8.
    #[error("expected UTF-8, found the byte 0x{byte:02x}")]
    InvalidUtf8 {
        /// The first byte that is not part of a character.
        byte: u8,
    },
    /// Arrays and objects are nested more than [`MAX_DEPTH`] deep.
    #[error("expected at most {MAX_DEPTH} levels of nesting, found one more")]
    TooDeep,
    /// There are more values than were allowed.
    #[error("expected at most {limit} values, found one more")]
    TooManyValues {
        /// The maximum.
        limit: usize,
    },
    /// The grammar allows something else here.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// The token that the grammar allows.
        expected: ExpectedToken,
        /// The token found.
        found: FoundToken,
    },
}

/// The tokens that the grammar allows at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpectedToken {
    /// Any value.
    Value,
    /// The first element of an array, or its end.
    ElementOrEnd,
    /// The first key of an object, or its end.
    KeyOrEnd,
    /// A key, after a comma.
    Key,
    /// The colon after a key.
    Colon,
    /// A comma or the closing bracket after an element.
    CommaOrBracket,
    /// A comma or the closing brace after a field.
    CommaOrBrace,
    /// The rest of `null`, `true` or `false`.
    Literal(&'static str),
    /// A digit, after `-`, `.` or `e`.
    Digit,
    /// No digit after a leading zero.
    NoLeadingZero,
    /// No raw control character: a string must contain it as an escape, such as `\n`.
    NoRawControl,
    /// The character of an escape after its backslash.
    Escape,
    /// One of the four digits after `\u`.
    HexDigit,
    /// The end of a string.
    ClosingQuote,
    /// Nothing, after the value.
    EndOfInput,
}

impl fmt::Display for ExpectedToken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value => "a value",
            Self::ElementOrEnd => "a value or `]`",
            Self::KeyOrEnd => "a key in double quotes or `}`",
            Self::Key => "a key in double quotes",
            Self::Colon => "`:` after the key",
            Self::CommaOrBracket => "`,` or `]` after the value",
            Self::CommaOrBrace => "`,` or `}` after the value",
            Self::Literal(literal) => return write!(f, "`{literal}`"),
            Self::Digit => "a digit",
            Self::NoLeadingZero => "no digit after a leading zero",
            Self::NoRawControl => "control characters in strings to be escaped",
            Self::Escape => {
                r#"one of `"`, `\`, `/`, `b`, `f`, `n`, `r`, `t`, `u` after a backslash"#
            }
            Self::HexDigit => r"four hexadecimal digits after `\u`",
            Self::ClosingQuote => r#"a closing `"`"#,
            Self::EndOfInput => "nothing after the value",
        })
    }
}

/// The token that the reader found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FoundToken {
    /// A character.
    Char(char),
    /// The end of the input.
    End,
}

impl fmt::Display for FoundToken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(char @ ('"' | '\'' | '\\')) => write!(f, "`{char}`"),
            // Also escapes what does not print: bidirectional controls, U+FEFF and the like.
            Self::Char(char) => write!(f, "`{}`", char.escape_debug()),
            Self::End => f.write_str("the end of the input"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_newlines() {
        let input = "é\n{\"ü\": é\r\n".as_bytes();
        let cases = [(0, 1, 1), (2, 1, 2), (3, 2, 1), (5, 2, 3), (7, 2, 4), (10, 2, 7), (14, 3, 1)];
        for (offset, line, column) in cases {
            let error = JsonError::new(JsonErrorKind::TooDeep, input, offset);
            assert_eq!((error.line, error.column), (line, column), "offset {offset}");
        }
    }

    #[test]
    fn a_found_token_escapes_control_characters() {
        let cases = [
            ('x', "`x`"),
            ('é', "`é`"),
            ('"', "`\"`"),
            ('\\', "`\\`"),
            ('\n', r"`\n`"),
            ('\u{1b}', r"`\u{1b}`"),
            ('\u{9b}', r"`\u{9b}`"),
            ('\u{202e}', r"`\u{202e}`"),
            ('\u{feff}', r"`\u{feff}`"),
            ('\u{2028}', r"`\u{2028}`"),
        ];
        for (char, shown) in cases {
            assert_eq!(FoundToken::Char(char).to_string(), shown);
        }
    }
}
