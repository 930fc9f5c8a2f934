//! Strings of JSON, in which escapes can produce ill-formed UTF-16.

use std::borrow::Cow;

/// A JSON string: UTF-8, or UTF-16 with a lone surrogate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text(Repr);

// Every string has exactly one representation, so that equality and hashes can be derived.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Repr {
    WellFormed(String),
    IllFormed(Vec<u16>),
}

impl Text {
    /// Creates a string from UTF-16 code units, well-formed or not.
    #[must_use]
    pub fn from_utf16(units: Vec<u16>) -> Self {
        String::from_utf16(&units).map_or(Self(Repr::IllFormed(units)), Self::from)
    }

    /// Returns the string, unless it has a lone surrogate.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Repr::WellFormed(text) => Some(text),
            Repr::IllFormed(_) => None,
        }
    }

    /// Returns the string with each lone surrogate replaced by U+FFFD.
    #[must_use]
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::WellFormed(text) => Cow::Borrowed(text),
            Repr::IllFormed(units) => Cow::Owned(String::from_utf16_lossy(units)),
        }
    }

    /// Converts into the string with each lone surrogate replaced by U+FFFD.
    #[must_use]
    pub fn into_string_lossy(self) -> String {
        match self.0 {
            Repr::WellFormed(text) => text,
            Repr::IllFormed(units) => String::from_utf16_lossy(&units),
        }
    }

    /// Iterates over the characters, with each lone surrogate as an error.
    pub fn chars(&self) -> impl Iterator<Item = Result<char, u16>> {
        let (text, units) = match &self.0 {
            Repr::WellFormed(text) => (text.as_str(), [].as_slice()),
            Repr::IllFormed(units) => ("", units.as_slice()),
        };
        let decoded = char::decode_utf16(units.iter().copied());
        text.chars()
            .map(Ok)
            .chain(decoded.map(|char| char.map_err(|lone| lone.unpaired_surrogate())))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Repr::WellFormed(text))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// A string under construction, converted to UTF-16 only at its first lone surrogate.
#[derive(Debug)]
pub(super) struct TextBuilder {
    text: String,
    units: Vec<u16>,
}

impl TextBuilder {
    /// Creates a builder with initial content and capacity for `additional` bytes.
    pub(super) fn new(content: &str, additional: usize) -> Self {
        let mut text = String::with_capacity(content.len() + additional);
        text.push_str(content);
        Self { text, units: Vec::new() }
    }

    /// Appends characters.
    pub(super) fn push_str(&mut self, text: &str) {
        if self.units.is_empty() {
            self.text.push_str(text);
        } else {
            self.units.extend(text.encode_utf16());
        }
    }

    /// Appends one character.
    pub(super) fn push(&mut self, char: char) {
        if self.units.is_empty() {
            self.text.push(char);
        } else {
            self.push_str(char.encode_utf8(&mut [0; 4]));
        }
    }

    /// Appends a lone surrogate.
    pub(super) fn push_lone_surrogate(&mut self, surrogate: u16) {
        if self.units.is_empty() {
            self.units = self.text.encode_utf16().collect();
        }
        self.units.push(surrogate);
    }

    /// Returns the finished string.
    pub(super) fn finish(mut self) -> Text {
        // Otherwise every short string would keep the initial capacity.
        self.text.shrink_to_fit();
        if self.units.is_empty() { Text::from(self.text) } else { Text::from_utf16(self.units) }
    }
}

/// Counts the bytes before the first one that must be escaped in a string.
pub(super) fn plain_prefix_length(bytes: &[u8]) -> usize {
    // Tests eight bytes at a time: the top bit is set in each that is a quote, a backslash or a
    // control character. A borrow can set further bits, but only after a correct one, and only the
    // first one is used.
    const ONES: u64 = u64::MAX / 0xff;
    let less_than = |word: u64, byte: u8| word.wrapping_sub(ONES * u64::from(byte)) & !word;
    let equal_to = |word: u64, byte: u8| less_than(word ^ (ONES * u64::from(byte)), 1);
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let special = less_than(word, 0x20) | equal_to(word, b'"') | equal_to(word, b'\\');
        let special = special & (ONES << 7);
        if special != 0 {
            return 8 * index + special.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f);
    bytes.len() - rest.len() + rest.iter().take_while(is_plain).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_a_lone_surrogate_makes_a_string_ill_formed() {
        let cases: [(&[u16], Option<&str>, &str); 5] = [
            (&[], Some(""), ""),
            (&[0x61, 0xd83d, 0xde00], Some("a😀"), "a😀"),
            (&[0x61, 0xd83d], None, "a\u{fffd}"),
            (&[0xde00, 0xd83d], None, "\u{fffd}\u{fffd}"),
            (&[0xd83d, 0xd83d, 0xde00], None, "\u{fffd}😀"),
        ];
        for (units, text, lossy) in cases {
            let found = Text::from_utf16(units.to_vec());
            assert_eq!(found.as_str(), text, "{units:x?}");
            assert_eq!(found.to_string_lossy(), lossy, "{units:x?}");
        }
    }

    #[test]
    fn characters_around_a_lone_surrogate_are_kept() {
        let mut builder = TextBuilder::new("", 0);
        builder.push_str("é");
        builder.push_lone_surrogate(0xd800);
        builder.push('😀');
        let text = builder.finish();
        assert_eq!(text, Text::from_utf16(vec![0xe9, 0xd800, 0xd83d, 0xde00]));
        let chars: Vec<_> = text.chars().collect();
        assert_eq!(chars, [Ok('é'), Err(0xd800), Ok('😀')]);
    }

    #[test]
    fn equal_strings_from_utf_8_and_utf_16_are_equal() {
        assert_eq!(Text::from("a😀"), Text::from_utf16("a😀".encode_utf16().collect()));
        assert_eq!(Text::from("a😀").chars().collect::<Vec<_>>(), [Ok('a'), Ok('😀')]);
    }

    #[test]
    fn the_first_special_byte_is_found_at_every_position() {
        for end in [b'"', b'\\', 0, 0x1f] {
            for before in 0..50 {
                let mut bytes = vec![b' '; 50];
                bytes[before] = end;
                bytes[49] = b'"';
                assert_eq!(plain_prefix_length(&bytes), before, "{end:#x}");
            }
        }
        for byte in (0x20..=0xff).filter(|byte| !b"\"\\".contains(byte)) {
            assert_eq!(plain_prefix_length(&[byte; 50]), 50, "{byte:#x}");
        }
    }

    proptest! {
        #[test]
        fn the_word_wise_search_matches_a_byte_wise_search(bytes: Vec<u8>) {
            let first = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
            prop_assert_eq!(plain_prefix_length(&bytes), first.unwrap_or(bytes.len()));
        }
    }
}
