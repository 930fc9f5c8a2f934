//! The first difference of two bodies: where it is, and what stands there, with invisible characters
//! by name.

use crate::domain::unsafe_char::is_unsafe;
use serde::Serialize;
use std::fmt::Write;

/// The number of bytes shown before and after the first difference.
const CONTEXT: usize = 24;

/// The maximum number of bytes of a character in UTF-8.
const MAX_CHARACTER: usize = 4;

/// The names of characters that are invisible, or look like another one.
const NAMES: &[(char, &str)] = &[
    ('\0', "NUL"),
    ('\t', "tab"),
    ('\n', "LF (newline)"),
    ('\r', "CR (carriage return)"),
    ('\u{1b}', "ESC"),
    (' ', "space"),
    ('\u{a0}', "no-break space"),
    ('\u{ad}', "soft hyphen"),
    ('\u{200b}', "zero-width space"),
    ('\u{200c}', "zero-width non-joiner"),
    ('\u{200d}', "zero-width joiner"),
    ('\u{200e}', "left-to-right mark"),
    ('\u{200f}', "right-to-left mark"),
    ('\u{2013}', "en dash"),
    ('\u{2018}', "left single quotation mark"),
    ('\u{2019}', "right single quotation mark"),
    ('\u{201c}', "left double quotation mark"),
    ('\u{201d}', "right double quotation mark"),
    ('\u{2028}', "line separator"),
    ('\u{2029}', "paragraph separator"),
    ('\u{202f}', "narrow no-break space"),
    ('\u{3000}', "ideographic space"),
    ('\u{feff}', "byte order mark"),
    ('\u{fffd}', "replacement character"),
];

/// The bodies of two requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BodyDifference {
    /// `true` if they have the same bytes.
    pub same: bool,
    /// The length of the first body.
    pub a_bytes: usize,
    /// The length of the second body.
    pub b_bytes: usize,
    /// The first position at which they differ.
    pub first_difference: Option<FirstDifference>,
}

/// The first position at which two bodies differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FirstDifference {
    /// The number of bytes before the first character that differs.
    pub offset: usize,
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// The end of the common bytes, with invisible characters escaped.
    pub before: String,
    /// What the first body has there.
    pub a: Spot,
    /// What the second body has there.
    pub b: Spot,
}

/// What a body has at the first difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spot {
    /// The byte at the offset; `None` at the end of the body.
    pub byte: Option<u8>,
    /// The character, by name if it is invisible.
    pub character: String,
    /// The bytes from there on, with invisible characters escaped.
    pub after: String,
}

impl BodyDifference {
    /// Compares two bodies.
    pub(super) fn of(a: &[u8], b: &[u8]) -> Self {
        let same = a == b;
        let first_difference = (!same).then(|| FirstDifference::of(a, b));
        Self { same, a_bytes: a.len(), b_bytes: b.len(), first_difference }
    }
}

impl FirstDifference {
    fn of(a: &[u8], b: &[u8]) -> Self {
        let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        // The difference may be within a character: all of it is shown.
        let is_inside = |body: &[u8], at: usize| body.get(at).is_some_and(|byte| byte >> 6 == 0b10);
        let mut offset = common;
        while offset > 0
            && common - offset < MAX_CHARACTER - 1
            && (is_inside(a, offset) || is_inside(b, offset))
        {
            offset -= 1;
        }
        let before = a.get(..offset).unwrap_or_default();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let characters = before.get(line_start..).unwrap_or_default();
        Self {
            offset,
            line: before.split(|byte| *byte == b'\n').count(),
            column: 1 + characters.iter().filter(|byte| **byte >> 6 != 0b10).count(),
            before: before_text(before),
            a: Spot::at(a, offset),
            b: Spot::at(b, offset),
        }
    }
}

impl Spot {
    fn at(body: &[u8], offset: usize) -> Self {
        let rest = body.get(offset..).unwrap_or_default();
        let shown = rest.get(..CONTEXT).unwrap_or(rest);
        let mut after = visible(shown);
        if shown.len() < rest.len() {
            after.push('…');
        }
        Self { byte: rest.first().copied(), character: describe(rest), after }
    }
}

/// Describes the first character: `LF (newline), 0x0a`, `` `é`, U+00E9 ``, `the end of the body`.
fn describe(rest: &[u8]) -> String {
    let Some(&byte) = rest.first() else { return "the end of the body".to_owned() };
    let start = rest.get(..MAX_CHARACTER).unwrap_or(rest);
    let character = start.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    let Some(character) = character else {
        return format!("the byte 0x{byte:02x}, which is not UTF-8");
    };
    let code = match u8::try_from(character) {
        Ok(code) if code.is_ascii() => format!("0x{code:02x}"),
        _ => format!("U+{:04X}", u32::from(character)),
    };
    match NAMES.iter().find(|(known, _)| *known == character) {
        Some((_, name)) => format!("{name}, {code}"),
        None if is_unsafe(character) => format!("the invisible character {code}"),
        None if character.is_ascii() => format!("`{character}`"),
        None => format!("`{character}`, {code}"),
    }
}

/// Returns the end of the common bytes, from the beginning of a character on.
fn before_text(before: &[u8]) -> String {
    let mut start = before.len().saturating_sub(CONTEXT);
    let limit = start + MAX_CHARACTER - 1;
    while start < limit && before.get(start).is_some_and(|byte| byte >> 6 == 0b10) {
        start += 1;
    }
    let cut = if start > 0 { "…" } else { "" };
    format!("{cut}{}", visible(before.get(start..).unwrap_or_default()))
}

/// Returns `true` if a character cannot be seen, or looks like a space.
pub(super) fn is_invisible(character: char) -> bool {
    is_unsafe(character) || (character.is_whitespace() && character != ' ')
}

/// Escapes every invisible character, and every byte that is not UTF-8.
fn visible(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            // Writing to a `String` cannot fail.
            let _ = match character {
                '\n' => write!(text, "\\n"),
                '\r' => write!(text, "\\r"),
                '\t' => write!(text, "\\t"),
                _ if is_invisible(character) => {
                    write!(text, "\\u{{{:x}}}", u32::from(character))
                }
                _ => write!(text, "{character}"),
            };
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}
