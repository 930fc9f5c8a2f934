//! Values as programming languages print them for people: Python's `repr`, Ruby's `inspect`, the
//! `console.log` of JavaScript, and lists of byte values.

use crate::protocols::json::{Json, MAX_DEPTH, Text};

/// The maximum number of values in one literal.
const MAX_VALUES: usize = 100_000;

/// A language that prints an object in its own syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    Ruby,
    JavaScript,
}

impl Language {
    /// Returns the name of its call for a sentence.
    pub(crate) fn call(self) -> &'static str {
        match self {
            Self::Python => "Python's `repr` or `str`",
            Self::Ruby => "Ruby's `inspect`",
            Self::JavaScript => "JavaScript's `console.log` or `util.inspect`",
        }
    }
}

/// Parses an object or an array in the syntax of a language, unless it is JSON as well.
pub(crate) fn parse(text: &str) -> Option<(Json, Language)> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut parser = Parser { rest: text, depth: 0, value_count: 0, language: None };
    let json = parser.value()?;
    (parser.rest.is_empty()).then_some(())?;
    Some((json, parser.language?))
}

/// Parses the content of bytes as Python prints them: `b'…'` or `b"…"`.
pub(crate) fn parse_python_bytes(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().strip_prefix('b')?;
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(character) = rest.chars().next() {
        rest = rest.get(character.len_utf8()..)?;
        if character == '\\' {
            let escape = rest.chars().next()?;
            rest = rest.get(escape.len_utf8()..)?;
            match escape {
                'x' => {
                    bytes.push(u8::from_str_radix(rest.get(..2)?, 16).ok()?);
                    rest = rest.get(2..)?;
                }
                _ => bytes.push(u8::try_from(simple_escape(escape)?).ok()?),
            }
        } else {
            bytes.push(u8::try_from(character).ok().filter(u8::is_ascii)?);
        }
    }
    Some(bytes)
}

/// Parses a list of byte values, with the name of its form: `{"type":"Buffer","data":[123,34]}` of
/// Node, `<Buffer 7b 22>` of its console, `[123, 34]`, or `[123 34]` of Go.
pub(crate) fn parse_byte_list(text: &str) -> Option<(Vec<u8>, &'static str)> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("<Buffer ") {
        let digits = digits.strip_suffix('>')?;
        let byte = |pair: &str| u8::from_str_radix(pair, 16).ok().filter(|_| pair.len() == 2);
        let bytes = digits.split_ascii_whitespace().map(byte).collect::<Option<Vec<u8>>>()?;
        return (bytes.len() > 1).then_some((bytes, "Node's `<Buffer …>`"));
    }
    let is_buffer = text.starts_with('{');
    if is_buffer && !text.get(..64.min(text.len()))?.contains("\"Buffer\"") {
        return parse_byte_object(text);
    }
    let list = text.get(text.find('[')?..)?;
    let inside = list.strip_prefix('[')?.trim_end_matches(['}', ' ', '\n']).strip_suffix(']')?;
    let (separator, name) = match (is_buffer, inside.contains(',')) {
        (true, _) => (',', "the JSON of a Node `Buffer`"),
        (false, true) => (',', "a list of byte values"),
        (false, false) => (' ', "a list of byte values as Go prints a `[]byte`"),
    };
    let bytes = inside.split(separator).map(parse_byte).collect::<Option<Vec<u8>>>()?;
    // A short list is more likely data than a body.
    (bytes.len() > 1).then_some((bytes, name))
}

/// Parses `{"0":123,"1":34}`, the JSON of a `Uint8Array`.
fn parse_byte_object(text: &str) -> Option<(Vec<u8>, &'static str)> {
    let inside = text.strip_prefix('{')?.strip_suffix('}')?;
    inside.trim_start().starts_with("\"0\"").then_some(())?;
    let value = |(index, field): (usize, &str)| {
        let (key, value) = field.split_once(':')?;
        let key = key.trim().strip_prefix('"')?.strip_suffix('"')?;
        (key.parse() == Ok(index)).then(|| parse_byte(value))?
    };
    let bytes = inside.split(',').enumerate().map(value).collect::<Option<Vec<u8>>>()?;
    (bytes.len() > 1).then_some((bytes, "the JSON of a `Uint8Array`"))
}

/// Parses a byte, which Java prints as negative from 128 on.
fn parse_byte(text: &str) -> Option<u8> {
    let number: i16 = text.trim().parse().ok()?;
    u8::try_from(number).ok().or_else(|| i8::try_from(number).ok().map(i8::cast_unsigned))
}

/// Returns the character of an escape that is one letter in all these languages.
fn simple_escape(escape: char) -> Option<char> {
    Some(match escape {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'a' => '\u{7}',
        'e' => '\u{1b}',
        '0' => '\0',
        '\\' | '\'' | '"' | '`' | '#' | '/' => escape,
        _ => return None,
    })
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
    value_count: usize,
    /// The language that the syntax read so far belongs to, if it is not JSON.
    language: Option<Language>,
}

impl Parser<'_> {
    fn value(&mut self) -> Option<Json> {
        self.value_count += 1;
        if self.value_count > MAX_VALUES || self.depth > MAX_DEPTH {
            return None;
        }
        self.skip_white_space();
        let first = self.rest.chars().next()?;
        match first {
            '{' => self.nested('}').map(|items| {
                Json::Object(
                    items.into_iter().filter_map(|(key, value)| Some((key?, value))).collect(),
                )
            }),
            '[' => self
                .nested(']')
                .map(|items| Json::Array(items.into_iter().map(|(_, value)| value).collect())),
            '\'' => {
                self.language.get_or_insert(Language::Python);
                self.string('\'').map(|text| Json::Text(Text::from(text)))
            }
            '"' => self.string('"').map(|text| Json::Text(Text::from(text))),
            '-' | '0'..='9' => {
                let number =
                    self.take_while(|c| matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
                crate::protocols::json::read(number.as_bytes()).ok()
            }
            _ => self.word(),
        }
    }

    /// Parses the items of an array, or the fields of an object, up to the closing bracket.
    fn nested(&mut self, close: char) -> Option<Vec<(Option<Text>, Json)>> {
        self.depth += 1;
        self.rest = self.rest.get(1..)?;
        let mut items = Vec::new();
        loop {
            self.skip_white_space();
            if self.skip(&close.to_string()) {
                break;
            }
            if !items.is_empty() && !self.skip(",") {
                return None;
            }
            self.skip_white_space();
            // A comma may follow the last item.
            if self.skip(&close.to_string()) {
                break;
            }
            let key = if close == '}' { Some(self.key()?) } else { None };
            items.push((key, self.value()?));
        }
        self.depth -= 1;
        Some(items)
    }

    /// Parses a key and the separator behind it.
    fn key(&mut self) -> Option<Text> {
        let quote = self.rest.chars().next()?;
        let is_symbol = self.skip(":");
        let key = match quote {
            '\'' | '"' => self.string(quote)?,
            _ => self
                .take_while(|c| c.is_alphanumeric() || c == '_' || c == '$' || c == '-')
                .to_owned(),
        };
        self.skip_white_space();
        let is_rocket = self.skip("=>");
        if !is_rocket && !self.skip(":") {
            return None;
        }
        if is_rocket || is_symbol {
            self.language = Some(Language::Ruby);
        } else if !matches!(quote, '\'' | '"') {
            self.language = Some(Language::JavaScript);
        } else if quote == '\'' {
            self.language.get_or_insert(Language::Python);
        }
        (!key.is_empty()).then(|| Text::from(key))
    }

    /// Parses a string in these quotes.
    fn string(&mut self, quote: char) -> Option<String> {
        self.rest = self.rest.get(1..)?;
        let mut text = String::new();
        loop {
            let character = self.rest.chars().next()?;
            self.rest = self.rest.get(character.len_utf8()..)?;
            match character {
                '\\' => text.push(self.escape()?),
                _ if character == quote => return Some(text),
                _ => text.push(character),
            }
        }
    }

    /// Parses what follows a backslash.
    fn escape(&mut self) -> Option<char> {
        let escape = self.rest.chars().next()?;
        self.rest = self.rest.get(escape.len_utf8()..)?;
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => return simple_escape(escape),
        };
        let code = self.rest.get(..digits)?;
        self.rest = self.rest.get(digits..)?;
        char::from_u32(u32::from_str_radix(code, 16).ok()?)
    }

    /// Parses `None`, `nil`, `True` and their like.
    fn word(&mut self) -> Option<Json> {
        let word = self.take_while(char::is_alphanumeric);
        let (json, language) = match word {
            "null" => (Json::Null, None),
            "true" => (Json::Bool(true), None),
            "false" => (Json::Bool(false), None),
            "None" => (Json::Null, Some(Language::Python)),
            "True" => (Json::Bool(true), Some(Language::Python)),
            "False" => (Json::Bool(false), Some(Language::Python)),
            "nil" => (Json::Null, Some(Language::Ruby)),
            "undefined" => (Json::Null, Some(Language::JavaScript)),
            _ => return None,
        };
        self.language = language.or(self.language);
        Some(json)
    }

    fn skip_white_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn skip(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn take_while(&mut self, is_taken: impl Fn(char) -> bool) -> &str {
        let end = self.rest.find(|c| !is_taken(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json::read;
    use proptest::prelude::*;

    #[test]
    fn the_literals_of_three_languages_are_read() {
        let expected = read(
            "{\"id\":\"a'b\",\"n\":null,\"ok\":true,\"l\":[1,2.5],\"o\":{\"é\":\"x\\ny\"}}"
                .as_bytes(),
        );
        let expected = expected.unwrap();
        for (text, language) in [
            (
                "{'id': \"a'b\", 'n': None, 'ok': True, 'l': [1, 2.5], 'o': {'é': 'x\\ny'}}",
                Language::Python,
            ),
            (
                "{\"id\"=>\"a'b\", \"n\"=>nil, \"ok\"=>true, \"l\"=>[1, 2.5], \"o\"=>{\"é\"=>\"x\\ny\"}}",
                Language::Ruby,
            ),
            (
                "{:id=>\"a'b\", :n=>nil, :ok=>true, :l=>[1, 2.5], :o=>{\"é\"=>\"x\\ny\"}}",
                Language::Ruby,
            ),
            (
                "{\n  id: \"a'b\",\n  n: null,\n  ok: true,\n  l: [ 1, 2.5 ],\n  o: { 'é': 'x\\ny' }\n}",
                Language::JavaScript,
            ),
        ] {
            assert_eq!(parse(text), Some((expected.clone(), language)), "{text}");
        }
        for text in ["{\"a\":1}", "x", "{", "{'a'}", "{'a': }", "{a: [Object]}", &"[".repeat(500)] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn printed_bytes_are_read() {
        assert_eq!(
            parse_python_bytes("b'{\"a\": \\'\\xc3\\xa9\\n\\\\\\'}'").unwrap(),
            b"{\"a\": '\xc3\xa9\n\\'}"
        );
        assert_eq!(parse_python_bytes("b\"it's\"").unwrap(), b"it's");
        for text in ["b'", "b'\\x'", "b'\\xzz'", "x''", "b'é'", "b''\u{e9}'"] {
            assert_eq!(parse_python_bytes(text), None, "{text}");
        }
        for text in [
            "{\"type\":\"Buffer\",\"data\":[123,125]}",
            "{\"type\": \"Buffer\", \"data\": [123, 125]}",
            "[123, 125]",
            "[123 125]",
            "{\"0\":123,\"1\":125}",
        ] {
            assert_eq!(parse_byte_list(text).unwrap().0, b"{}", "{text}");
        }
        assert_eq!(parse_byte_list("[-61, -87]").unwrap().0, "é".as_bytes());
        for text in ["[]", "[1]", "[256,1]", "{}", "{\"a\":[1,2]}", "[1,]", "", "[\"a\"]"] {
            assert_eq!(parse_byte_list(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "[{}\\[\\]'\":=>, a\\\\xuN1é]{0,40}") {
            let _ = (parse(&text), parse_python_bytes(&text), parse_byte_list(&text));
        }
    }
}
