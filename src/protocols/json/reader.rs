//! Strict JSON parser according to RFC 8259.
//!
//! It keeps what other parsers lose: the digits of numbers, duplicate keys and their order, and
//! surrogates without their other half.

use crate::protocols::json::document::{Json, MAX_DEPTH};
use crate::protocols::json::error::{ExpectedToken, FoundToken, JsonError, JsonErrorKind};
use crate::protocols::json::text::{Text, TextBuilder, plain_prefix_length};

/// The maximum number of values in one JSON document.
///
/// A typical payload has about a hundred. The limit bounds memory: a body such as `[0,0,0,…]` has
/// one value for every two bytes, and a parsed value takes many times as much.
pub const MAX_VALUES: usize = 500_000;

/// The maximum number of bytes reserved for a string with escapes, whose length is not known in
/// advance. A longer string grows beyond it.
const MAX_INITIAL_CAPACITY: usize = 2048;

/// Parses one JSON document: a value with nothing but white space around it.
///
/// # Errors
///
/// Returns an error with its position. If the input is not UTF-8, that is the first invalid byte,
/// even after a syntax error. Otherwise it is the first position at which the input violates RFC
/// 8259, begins with a byte order mark, is nested deeper than [`MAX_DEPTH`], or exceeds
/// [`MAX_VALUES`] values.
pub fn read(bytes: &[u8]) -> Result<Json, JsonError> {
    read_up_to(MAX_VALUES, bytes)
}

/// Parses one JSON document of up to `max_values` values. A file of many captures may contain more
/// than the [`MAX_VALUES`] of one request body.
///
/// # Errors
///
/// Returns the same errors as [`read`], with `max_values` as the limit.
pub fn read_up_to(max_values: usize, bytes: &[u8]) -> Result<Json, JsonError> {
    let input = str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let byte = bytes.get(offset).copied().unwrap_or_default();
        JsonError::new(JsonErrorKind::InvalidUtf8 { byte }, bytes, offset)
    })?;
    if input.starts_with('\u{feff}') {
        return Err(JsonError::new(JsonErrorKind::ByteOrderMark, bytes, 0));
    }
    let mut reader = Reader { input, position: 0, depth: 0, value_count: 0, max_values };
    reader.skip_white_space();
    let json = reader.value(ExpectedToken::Value)?;
    reader.skip_white_space();
    if reader.peek().is_some() {
        return Err(reader.unexpected(ExpectedToken::EndOfInput));
    }
    Ok(json)
}

/// Parses the string at the beginning of `input` and returns it with the rest, or `None` if there
/// is no complete string.
pub(crate) fn read_text(input: &str) -> Option<(Text, &str)> {
    let mut reader =
        Reader { input, position: 0, depth: 0, value_count: 0, max_values: MAX_VALUES };
    let text = if reader.peek() == Some(b'"') { reader.text().ok()? } else { return None };
    Some((text, &input[reader.position..]))
}

/// The parser state. The position is always on a character boundary.
struct Reader<'a> {
    input: &'a str,
    position: usize,
    depth: usize,
    value_count: usize,
    max_values: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, expected: ExpectedToken) -> Result<Json, JsonError> {
        if self.value_count == self.max_values {
            return Err(self.error(JsonErrorKind::TooManyValues { limit: self.max_values }));
        }
        self.value_count += 1;
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Json::Text(self.text()?)),
            Some(b'-' | b'0'..=b'9') => Ok(Json::Number(self.number()?.to_owned())),
            Some(b'n') => self.literal("null", Json::Null),
            Some(b't') => self.literal("true", Json::Bool(true)),
            Some(b'f') => self.literal("false", Json::Bool(false)),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Parses an array or an object. All recursion passes through here, which bounds the depth.
    fn nested(
        &mut self,
        content: impl FnOnce(&mut Self) -> Result<Json, JsonError>,
    ) -> Result<Json, JsonError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(JsonErrorKind::TooDeep));
        }
        self.depth += 1;
        self.position += 1;
        self.skip_white_space();
        let json = content(self)?;
        self.depth -= 1;
        Ok(json)
    }

    fn array(&mut self) -> Result<Json, JsonError> {
        let mut elements = Vec::new();
        if self.eat(b']') {
            return Ok(Json::Array(elements));
        }
        let mut expected = ExpectedToken::ElementOrEnd;
        loop {
            elements.push(self.value(expected)?);
            self.skip_white_space();
            if self.eat(b']') {
                return Ok(Json::Array(elements));
            }
            self.expect_separator(b',', ExpectedToken::CommaOrBracket)?;
            expected = ExpectedToken::Value;
        }
    }

    fn object(&mut self) -> Result<Json, JsonError> {
        let mut fields = Vec::new();
        if self.eat(b'}') {
            return Ok(Json::Object(fields));
        }
        let mut expected = ExpectedToken::KeyOrEnd;
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected(expected));
            }
            let key = self.text()?;
            self.skip_white_space();
            self.expect_separator(b':', ExpectedToken::Colon)?;
            fields.push((key, self.value(ExpectedToken::Value)?));
            self.skip_white_space();
            if self.eat(b'}') {
                return Ok(Json::Object(fields));
            }
            self.expect_separator(b',', ExpectedToken::CommaOrBrace)?;
            expected = ExpectedToken::Key;
        }
    }

    fn literal(&mut self, word: &'static str, json: Json) -> Result<Json, JsonError> {
        for byte in word.bytes() {
            if !self.eat(byte) {
                return Err(self.unexpected(ExpectedToken::Literal(word)));
            }
        }
        Ok(json)
    }

    fn number(&mut self) -> Result<&'a str, JsonError> {
        let start = self.position;
        self.eat(b'-');
        if self.eat(b'0') {
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.unexpected(ExpectedToken::NoLeadingZero));
            }
        } else {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(&self.input[start..self.position])
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.position;
        self.skip_while(|byte| byte.is_ascii_digit());
        if self.position == start { Err(self.unexpected(ExpectedToken::Digit)) } else { Ok(()) }
    }

    fn text(&mut self) -> Result<Text, JsonError> {
        self.position += 1;
        let run = self.plain_run(0);
        // Most strings have no escapes and are one slice of the input.
        if self.eat(b'"') {
            return Ok(Text::from(run));
        }
        let mut builder =
            TextBuilder::new(run, (self.input.len() - self.position).min(MAX_INITIAL_CAPACITY));
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(builder.finish());
                }
                Some(b'\\') => {
                    if let Some(b'"' | b'\\' | b'/') = self.input.as_bytes().get(self.position + 1)
                    {
                        // These three stand for themselves, so that the slice after the backslash
                        // begins with the escaped character, which needs no check.
                        self.position += 1;
                        builder.push_str(self.plain_run(1));
                        continue;
                    }
                    self.escape(&mut builder)?;
                }
                Some(_) => return Err(self.unexpected(ExpectedToken::NoRawControl)),
                None => return Err(self.unexpected(ExpectedToken::ClosingQuote)),
            }
            builder.push_str(self.plain_run(0));
        }
    }

    /// Consumes the characters of a string up to the next quote, backslash or control character.
    /// The first `validated` bytes are accepted without a check.
    fn plain_run(&mut self, validated: usize) -> &'a str {
        let start = self.position;
        self.position += validated;
        self.position += plain_prefix_length(&self.input.as_bytes()[self.position..]);
        &self.input[start..self.position]
    }

    /// Parses an escape other than `\"`, `\\` and `\/`.
    fn escape(&mut self, builder: &mut TextBuilder) -> Result<(), JsonError> {
        self.position += 1;
        let c = match self.peek() {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(builder),
            _ => return Err(self.unexpected(ExpectedToken::Escape)),
        };
        self.position += 1;
        builder.push(c);
        Ok(())
    }

    fn unicode_escape(&mut self, builder: &mut TextBuilder) -> Result<(), JsonError> {
        let first = self.code_unit()?;
        if let Some(c) = char::from_u32(first.into()) {
            builder.push(c);
            return Ok(());
        }
        let after_first = self.position;
        if self.eat(b'\\') && self.peek() == Some(b'u') {
            let second = self.code_unit()?;
            if let Some(Ok(c)) = char::decode_utf16([first, second]).next() {
                builder.push(c);
                return Ok(());
            }
        }
        // The escape of the other half does not follow: keep the lone surrogate, and parse whatever
        // follows on its own.
        self.position = after_first;
        builder.push_lone_surrogate(first);
        Ok(())
    }

    /// Parses `u` and four hexadecimal digits: one UTF-16 code unit.
    fn code_unit(&mut self) -> Result<u16, JsonError> {
        self.position += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.ok_or_else(|| self.unexpected(ExpectedToken::HexDigit))?;
            unit = unit * 16 + digit;
            self.position += 1;
        }
        // Four hexadecimal digits always fit, so the fallback is unreachable.
        Ok(u16::try_from(unit).unwrap_or(u16::MAX))
    }

    fn peek(&self) -> Option<u8> {
        self.input.as_bytes().get(self.position).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let matches = self.peek() == Some(byte);
        if matches {
            self.position += 1;
        }
        matches
    }

    fn skip_while(&mut self, condition: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&condition) {
            self.position += 1;
        }
    }

    fn skip_white_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Consumes a separator and the white space after it.
    fn expect_separator(&mut self, byte: u8, expected: ExpectedToken) -> Result<(), JsonError> {
        if !self.eat(byte) {
            return Err(self.unexpected(expected));
        }
        self.skip_white_space();
        Ok(())
    }

    /// Returns the error that the character at the position is not `expected`.
    fn unexpected(&self, expected: ExpectedToken) -> JsonError {
        let found =
            self.input[self.position..].chars().next().map_or(FoundToken::End, FoundToken::Char);
        self.error(JsonErrorKind::Unexpected { expected, found })
    }

    fn error(&self, kind: JsonErrorKind) -> JsonError {
        JsonError::new(kind, self.input.as_bytes(), self.position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocols::json::arbitrary;

    fn text(text: &str) -> Text {
        Text::from(text)
    }

    #[test]
    fn numbers_duplicates_and_lone_surrogates_are_kept() {
        let json = read(br#" {"b": [1.0, -0, 1E+2], "a": null, "b": "\ud800\u0041", "": true} "#);
        let numbers = ["1.0", "-0", "1E+2"].map(|number| Json::Number(number.to_owned()));
        let expected = Json::Object(vec![
            (text("b"), Json::Array(numbers.to_vec())),
            (text("a"), Json::Null),
            (text("b"), Json::Text(Text::from_utf16(vec![0xd800, 0x41]))),
            (text(""), Json::Bool(true)),
        ]);
        assert_eq!(json, Ok(expected));
    }

    #[test]
    fn only_adjacent_surrogate_escapes_form_a_pair() {
        let cases: &[(&str, &[u16])] = &[
            (r"\ud83d\ude00", &[0xd83d, 0xde00]),
            (r"\uD83D\uDE00", &[0xd83d, 0xde00]),
            (r"\ude00\ud83d", &[0xde00, 0xd83d]),
            (r"\ud83d\ud83d\ude00", &[0xd83d, 0xd83d, 0xde00]),
            (r"\ud83d\ude00\ude00", &[0xd83d, 0xde00, 0xde00]),
            (r"\ud83d \ude00", &[0xd83d, 0x20, 0xde00]),
            (r"\ud83d\n\ude00", &[0xd83d, 0x0a, 0xde00]),
            (r"\ud83d\u0041\ude00", &[0xd83d, 0x41, 0xde00]),
            (r"\ud83d", &[0xd83d]),
            (r"é\ud83dé", &[0xe9, 0xd83d, 0xe9]),
            (r"\u0000\uffff", &[0, 0xffff]),
        ];
        for (escaped, units) in cases {
            let json = read(format!("\"{escaped}\"").as_bytes());
            assert_eq!(json, Ok(Json::Text(Text::from_utf16(units.to_vec()))), "{escaped}");
        }
    }

    #[test]
    fn a_raw_control_character_in_a_string_is_rejected() {
        for control in 0..0x20 {
            let error = read(&[b'"', control, b'"']).unwrap_err();
            let (expected, found) = (ExpectedToken::NoRawControl, FoundToken::Char(control.into()));
            assert_eq!(error.kind, JsonErrorKind::Unexpected { expected, found });
        }
        assert_eq!(read(b"\"\x7f\""), Ok(Json::Text(text("\x7f"))));
    }

    #[test]
    fn errors_name_the_expected_and_found_tokens_and_the_position() {
        let cases = [
            ("", "expected a value, found the end of the input at line 1, column 1"),
            ("{\n  \"é\": [1,\n  2, }", "expected a value, found `}` at line 3, column 6"),
            ("'a'", "expected a value, found `'` at line 1, column 1"),
            ("[", "expected a value or `]`, found the end of the input at line 1, column 2"),
            ("[1,]", "expected a value, found `]` at line 1, column 4"),
            ("[1 2]", "expected `,` or `]` after the value, found `2` at line 1, column 4"),
            ("{a:1}", "expected a key in double quotes or `}`, found `a` at line 1, column 2"),
            (r#"{"a":1,}"#, "expected a key in double quotes, found `}` at line 1, column 8"),
            (r#"{"a" 1}"#, "expected `:` after the key, found `1` at line 1, column 6"),
            (r#"{"a":1;"#, "expected `,` or `}` after the value, found `;` at line 1, column 7"),
            ("nul", "expected `null`, found the end of the input at line 1, column 4"),
            ("[tRue]", "expected `true`, found `R` at line 1, column 3"),
            ("[-]", "expected a digit, found `]` at line 1, column 3"),
            ("1.", "expected a digit, found the end of the input at line 1, column 3"),
            ("012", "expected no digit after a leading zero, found `1` at line 1, column 2"),
            (
                "\"a\nb\"",
                r"expected control characters in strings to be escaped, found `\n` at line 1, column 3",
            ),
            (
                r#""\x""#,
                r#"expected one of `"`, `\`, `/`, `b`, `f`, `n`, `r`, `t`, `u` after a backslash, found `x` at line 1, column 3"#,
            ),
            (
                r#""\u00e""#,
                r#"expected four hexadecimal digits after `\u`, found `"` at line 1, column 7"#,
            ),
            ("\"é", "expected a closing `\"`, found the end of the input at line 1, column 3"),
            ("{} x", "expected nothing after the value, found `x` at line 1, column 4"),
            ("1\u{1b}[0m", r"expected nothing after the value, found `\u{1b}` at line 1, column 2"),
            ("\u{feff}{}", "expected a value, found a byte order mark at line 1, column 1"),
            (" \u{feff}{}", r"expected a value, found `\u{feff}` at line 1, column 2"),
        ];
        for (input, message) in cases {
            let error = read(input.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), message, "{input:?}");
        }
    }

    #[test]
    fn invalid_utf_8_is_rejected_at_its_first_byte() {
        let cases: [(&[u8], u8, usize); 5] = [
            (b"\xff\xfe[\0]\0", 0xff, 0),
            (b"[\"\xc3\xa9\xc3\"]", 0xc3, 4),
            (b"\"\xed\xa0\x80\"", 0xed, 1),
            (b"\"\xc0\xaf\"", 0xc0, 1),
            (b"\"\xf0\x9f\x98", 0xf0, 1),
        ];
        for (input, byte, offset) in cases {
            let error = read(input).unwrap_err();
            assert_eq!((&error.kind, error.offset), (&JsonErrorKind::InvalidUtf8 { byte }, offset));
        }
        let error = read(b"{\n\xff").unwrap_err();
        assert_eq!(error.to_string(), "expected UTF-8, found the byte 0xff at line 2, column 1");
    }

    #[test]
    fn nesting_beyond_the_limit_is_rejected() {
        let arrays = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(arrays(MAX_DEPTH).as_bytes()).is_ok());
        let error = read(arrays(MAX_DEPTH + 1).as_bytes()).unwrap_err();
        assert_eq!((&error.kind, error.offset), (&JsonErrorKind::TooDeep, MAX_DEPTH));
        let message =
            "expected at most 128 levels of nesting, found one more at line 1, column 129";
        assert_eq!(error.to_string(), message);

        let objects = r#"{"a":"#.repeat(MAX_DEPTH) + "1" + &"}".repeat(MAX_DEPTH);
        assert!(read(objects.as_bytes()).is_ok());
        // The depth counts open brackets, not all brackets.
        assert!(read(format!("[{}[]]", "[],".repeat(1000)).as_bytes()).is_ok());
        for unclosed in ["[", r#"[{"a":"#] {
            let error = read(unclosed.repeat(100_000).as_bytes()).unwrap_err();
            assert_eq!(error.kind, JsonErrorKind::TooDeep);
        }
    }

    #[test]
    fn the_number_of_values_is_limited() {
        // The array itself and the last `0` are the other two values.
        let list = |values: usize| format!("[{}0]", "0,".repeat(values - 2));
        assert!(read(list(MAX_VALUES).as_bytes()).is_ok());
        let error = read(list(MAX_VALUES + 1).as_bytes()).unwrap_err();
        assert_eq!(error.kind, JsonErrorKind::TooManyValues { limit: MAX_VALUES });
        assert!(read_up_to(MAX_VALUES + 1, list(MAX_VALUES + 1).as_bytes()).is_ok());
        let error = read_up_to(2, b"[1,2]").unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected at most 2 values, found one more at line 1, column 4"
        );
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_do_not_panic(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }

        #[test]
        fn truncated_or_modified_json_does_not_panic(
            mut text in arbitrary::text(),
            index: prop::sample::Index,
            stray: char,
        ) {
            let boundaries: Vec<_> = text.char_indices().map(|(offset, _)| offset).collect();
            let offset = *index.get(&boundaries);
            prop_assert!(read(text.as_bytes()).is_ok());
            let _ = read(&text.as_bytes()[..offset]);
            text.insert(offset, stray);
            if let Err(error) = read(text.as_bytes()) {
                prop_assert!(!error.to_string().contains(char::is_control));
                prop_assert!(error.offset <= text.len() && error.line > 0 && error.column > 0);
            }
        }
    }
}
