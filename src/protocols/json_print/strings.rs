//! Serializes strings with the escapes of a given style.

use std::fmt;
use std::fmt::Write;

use crate::protocols::json::Text;
use crate::protocols::json_print::style::{Escapes, HexCase, LoneSurrogate, NonAscii};

// The actions for a byte: one of these constants, or else the character of a short escape.

/// The byte is written as it is.
const PLAIN: u8 = 0;
/// The byte is written as `\uXXXX`.
const UNICODE: u8 = b'u';
/// The byte begins a non-ASCII character, which must be decoded to decide on its escape.
const DECODE: u8 = 1;

/// A lookup table for [`Escapes`], so that most bytes are decided without decoding characters.
pub(super) struct Escaper<'a> {
    escapes: &'a Escapes,
    actions: [u8; 256],
}

impl<'a> Escaper<'a> {
    pub(super) fn new(escapes: &'a Escapes) -> Self {
        let mut actions = [PLAIN; 256];
        actions[..0x20].fill(UNICODE);
        actions[usize::from(b'\\')] = b'\\';
        for byte in escapes.unicode.bytes() {
            actions[usize::from(byte)] = UNICODE;
        }
        for byte in escapes.short.bytes() {
            actions[usize::from(byte)] = match byte {
                8 => b'b',
                9 => b't',
                10 => b'n',
                12 => b'f',
                13 => b'r',
                other => other,
            };
        }
        if escapes.non_ascii != NonAscii::None {
            actions[0x80..].fill(DECODE);
        }
        Self { escapes, actions }
    }

    /// Writes a string in quotes.
    pub(super) fn write(&self, out: &mut impl Write, text: &Text) -> fmt::Result {
        out.write_char('"')?;
        if let Some(text) = text.as_str() {
            self.write_str(out, text)?;
        } else {
            for char in text.chars() {
                match char {
                    Ok(char) => self.write_str(out, char.encode_utf8(&mut [0; 4]))?,
                    Err(surrogate) => self.write_lone_surrogate(out, surrogate)?,
                }
            }
        }
        out.write_char('"')
    }

    /// Writes a string, in one piece for each run of characters without an escape.
    fn write_str(&self, out: &mut impl Write, text: &str) -> fmt::Result {
        let bytes = text.as_bytes();
        let (mut start, mut position) = (0, 0);
        while let Some(&byte) = bytes.get(position) {
            let action = self.actions[usize::from(byte)];
            if action == PLAIN {
                position += 1;
                continue;
            }
            if action != DECODE {
                out.write_str(&text[start..position])?;
                self.write_escape(out, action, byte)?;
                position += 1;
                start = position;
                continue;
            }
            let Some(char) = text[position..].chars().next() else { break };
            if self.is_escaped(char) {
                out.write_str(&text[start..position])?;
                for unit in char.encode_utf16(&mut [0; 2]) {
                    self.write_unit(out, *unit)?;
                }
                start = position + char.len_utf8();
            }
            position += char.len_utf8();
        }
        out.write_str(&text[start..])
    }

    fn write_escape(&self, out: &mut impl Write, action: u8, byte: u8) -> fmt::Result {
        if action == UNICODE {
            return self.write_unit(out, byte.into());
        }
        out.write_char('\\')?;
        out.write_char(action.into())
    }

    fn write_lone_surrogate(&self, out: &mut impl Write, surrogate: u16) -> fmt::Result {
        match self.escapes.lone_surrogate {
            LoneSurrogate::Escaped => self.write_unit(out, surrogate),
            LoneSurrogate::Replaced => self.write_str(out, "\u{fffd}"),
            LoneSurrogate::QuestionMark => out.write_char('?'),
        }
    }

    fn write_unit(&self, out: &mut impl Write, unit: u16) -> fmt::Result {
        let digits = match self.escapes.hex_case {
            HexCase::Lower => b"0123456789abcdef",
            HexCase::Upper => b"0123456789ABCDEF",
        };
        out.write_str("\\u")?;
        [12, 8, 4, 0].into_iter().try_for_each(|shift| {
            let digit = digits[usize::from(unit >> shift & 0xf)];
            out.write_char(digit.into())
        })
    }

    /// Returns `true` if a character from U+0080 on is escaped.
    fn is_escaped(&self, char: char) -> bool {
        match self.escapes.non_ascii {
            NonAscii::None => false,
            NonAscii::Lines => matches!(char, '\u{2028}' | '\u{2029}'),
            NonAscii::LineSeparatorsAndNextLine => {
                matches!(char, '\u{85}' | '\u{2028}' | '\u{2029}')
            }
            NonAscii::SurrogatePairs => char > '\u{ffff}',
            NonAscii::GloballyBlocked => is_globally_blocked(char),
            NonAscii::All => true,
        }
    }
}

/// Returns `true` if .NET escapes a character even with the relaxed encoder.
///
/// These are all characters outside the basic multilingual plane, and the controls, separators,
/// private use characters and noncharacters in it. Unassigned code points are missing here, because
/// they change with each version of Unicode.
/// <https://learn.microsoft.com/dotnet/standard/serialization/system-text-json/character-encoding#global-block-list>
fn is_globally_blocked(char: char) -> bool {
    matches!(char,
        '\u{80}'..='\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}'
        | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}'..)
}
