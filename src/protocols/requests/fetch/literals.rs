//! Parser for the literals of JavaScript: strings with all escapes, numbers, objects, arrays, and
//! `JSON.stringify` of them.

use crate::protocols::json_stringify;
use std::collections::BTreeMap;

/// The maximum depth of objects and arrays.
const MAX_DEPTH: usize = 64;

/// The maximum number of values.
const MAX_VALUES: usize = 1_000_000;

/// The maximum number of variables.
const MAX_VARIABLES: usize = 50;

/// The maximum length of an expression in a message.
const MAX_SHOWN: usize = 40;

/// The keywords that define a variable.
const DEFINITIONS: [&str; 3] = ["const ", "let ", "var "];

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum JsValue {
    String(String),
    /// A number, `true`, `false`, `null` or `undefined`, as written.
    Literal(String),
    Array(Vec<JsValue>),
    Object(Vec<(String, JsValue)>),
}

impl JsValue {
    /// Returns the string; `what` names the value in an error.
    pub(super) fn into_string(self, what: &str) -> Result<String, String> {
        match self {
            Self::String(text) | Self::Literal(text) => Ok(text),
            Self::Array(_) | Self::Object(_) => {
                Err(format!("{what} is an object, expected a string or `JSON.stringify({{ … }})`"))
            }
        }
    }

    /// Returns `true` for `null` and `undefined`.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Literal(text) if text == "null" || text == "undefined")
    }

    /// Appends the value as JSON; `undefined` is `null`, as in an array.
    fn write_json(&self, json: &mut String) -> Result<(), String> {
        let quoted = |text: &str| serde_json::to_string(text).map_err(|error| error.to_string());
        match self {
            Self::String(text) => json.push_str(&quoted(text)?),
            Self::Literal(text) if text == "undefined" => json.push_str("null"),
            Self::Literal(text) => json.push_str(text),
            Self::Array(items) => {
                json.push('[');
                for (index, item) in items.iter().enumerate() {
                    json.push_str(if index > 0 { "," } else { "" });
                    item.write_json(json)?;
                }
                json.push(']');
            }
            Self::Object(fields) => {
                json.push('{');
                // `JSON.stringify` leaves out a field that is undefined.
                let is_kept = |(_, value): &&(String, Self)| !matches!(value, Self::Literal(text) if text == "undefined");
                for (index, (name, value)) in fields.iter().filter(is_kept).enumerate() {
                    json.push_str(if index > 0 { "," } else { "" });
                    json.push_str(&quoted(name)?);
                    json.push(':');
                    value.write_json(json)?;
                }
                json.push('}');
            }
        }
        Ok(())
    }

    /// Returns the number of bytes and values.
    fn size(&self) -> usize {
        match self {
            Self::String(text) | Self::Literal(text) => 1 + text.len(),
            Self::Array(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Self::Object(fields) => {
                1 + fields.iter().map(|(name, value)| name.len() + value.size()).sum::<usize>()
            }
        }
    }
}

/// Parser over a script.
pub(super) struct Parser<'a> {
    rest: &'a str,
    depth: usize,
    values_left: usize,
    variables: BTreeMap<&'a str, JsValue>,
    /// The number of definitions that may still be parsed: each may read to the end of the script.
    definitions_left: usize,
    /// The number of bytes that the values of variables may still have in all.
    copies_left: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            depth: 0,
            values_left: MAX_VALUES,
            variables: BTreeMap::new(),
            definitions_left: MAX_VARIABLES,
            copies_left: text.len().saturating_mul(4),
        }
    }

    /// Skips to the arguments of the next call of `fetch`, and keeps the variables before it.
    pub(super) fn skip_to_call(&mut self) -> bool {
        let mut is_word_start = true;
        while let Some(char) = self.rest.chars().next() {
            if is_word_start {
                if let Some(arguments) = self.rest.strip_prefix("fetch(") {
                    self.rest = arguments;
                    return true;
                }
                if self.skip_definition() {
                    continue;
                }
            }
            if self.rest.starts_with("//") {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
                continue;
            }
            is_word_start = !(char.is_alphanumeric() || char == '_' || char == '$');
            self.rest = &self.rest[char.len_utf8()..];
        }
        false
    }

    /// Parses `const name = value` if the value is a literal.
    fn skip_definition(&mut self) -> bool {
        let Some(rest) = DEFINITIONS.iter().find_map(|word| self.rest.strip_prefix(word)) else {
            return false;
        };
        let name = identifier(rest.trim_start());
        let after = rest.trim_start()[name.len()..].trim_start();
        let Some(value) = after.strip_prefix('=') else { return false };
        if name.is_empty() || self.definitions_left == 0 {
            return false;
        }
        self.definitions_left -= 1;
        let before = std::mem::replace(&mut self.rest, value);
        if let Ok(value) = self.value() {
            self.variables.insert(name, value);
            true
        } else {
            self.rest = before;
            self.depth = 0;
            false
        }
    }

    fn skip_space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let end = if self.rest.starts_with("//") {
                self.rest.find('\n')
            } else if self.rest.starts_with("/*") {
                self.rest.find("*/").map(|end| end + 2)
            } else {
                return;
            };
            self.rest = &self.rest[end.unwrap_or(self.rest.len())..];
        }
    }

    /// Skips white space, and returns `true` if these characters are next.
    pub(super) fn is_next(&mut self, expected: &str) -> bool {
        self.skip_space();
        self.rest.starts_with(expected)
    }

    /// Consumes these characters if they are next.
    pub(super) fn skip_if(&mut self, expected: &str) -> bool {
        let is_next = self.is_next(expected);
        if is_next {
            self.rest = &self.rest[expected.len()..];
        }
        is_next
    }

    /// Consumes these characters.
    pub(super) fn expect(&mut self, expected: &str) -> Result<(), String> {
        if self.skip_if(expected) {
            return Ok(());
        }
        Err(format!("expected `{expected}` in the call of `fetch`, found `{}`", shown(self.rest)))
    }

    /// Parses a value, and the strings that `+` appends to it.
    pub(super) fn value(&mut self) -> Result<JsValue, String> {
        let mut value = self.single_value()?;
        while let JsValue::String(text) = &mut value
            && self.skip_if("+")
        {
            text.push_str(&self.single_value()?.into_string("a part of a string")?);
        }
        Ok(value)
    }

    fn single_value(&mut self) -> Result<JsValue, String> {
        self.skip_space();
        self.values_left = self
            .values_left
            .checked_sub(1)
            .ok_or_else(|| format!("expected at most {MAX_VALUES} values"))?;
        match self.rest.chars().next() {
            Some('"' | '\'' | '`') => self.string().map(JsValue::String),
            Some('{') => self.nested(Self::object),
            Some('[') => self.nested(Self::array),
            Some('-' | '0'..='9') => self.number(),
            _ => self.word(),
        }
    }

    fn nested(
        &mut self,
        parse: fn(&mut Self) -> Result<JsValue, String>,
    ) -> Result<JsValue, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("expected at most {MAX_DEPTH} nested values"));
        }
        self.rest = &self.rest[1..];
        let value = parse(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<JsValue, String> {
        let mut fields: Vec<(String, JsValue)> = Vec::new();
        while !self.skip_if("}") {
            let name = match self.rest.chars().next() {
                Some('"' | '\'') => self.string()?,
                _ => self.field_name()?.to_owned(),
            };
            let value = if self.skip_if(":") { self.value()? } else { self.variable(&name)? };
            fields.push((name, value));
            if !self.skip_if(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(JsValue::Object(fields))
    }

    /// Parses a name without quotes.
    fn field_name(&mut self) -> Result<&'a str, String> {
        let name = identifier(self.rest);
        if name.is_empty() {
            return Err(format!("expected the name of a field, found `{}`", shown(self.rest)));
        }
        self.rest = &self.rest[name.len()..];
        Ok(name)
    }

    fn array(&mut self) -> Result<JsValue, String> {
        let mut items = Vec::new();
        while !self.skip_if("]") {
            items.push(self.value()?);
            if !self.skip_if(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(JsValue::Array(items))
    }

    fn number(&mut self) -> Result<JsValue, String> {
        let is_part = |char: char| char.is_ascii_alphanumeric() || "+-._".contains(char);
        let end = self.rest.find(|char| !is_part(char)).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        // JavaScript has further forms, such as `0x10`.
        if serde_json::from_str::<serde_json::Number>(number).is_err() {
            return Err(format!("expected a number as in JSON, found `{}`", shown(number)));
        }
        self.rest = rest;
        Ok(JsValue::Literal(number.to_owned()))
    }

    /// Parses a keyword, a known call, or a variable.
    fn word(&mut self) -> Result<JsValue, String> {
        for (start, is_stringify) in [("JSON.stringify(", true), ("new Headers(", false)] {
            if self.skip_if(start) {
                let value = self.value()?;
                self.skip_if(",");
                self.expect(")")?;
                return if is_stringify { stringify(&value) } else { Ok(value) };
            }
        }
        let before = self.rest;
        let name = self.field_name()?;
        if ["true", "false", "null", "undefined"].contains(&name) {
            return Ok(JsValue::Literal(name.to_owned()));
        }
        // A call or the field of an object is not the variable alone.
        if self.is_next("(") || self.is_next(".") || self.is_next("[") {
            return Err(format!(
                "`{}` is an expression, expected a string or `JSON.stringify({{ … }})`",
                shown(before)
            ));
        }
        self.variable(name)
    }

    /// Returns the value of a variable.
    fn variable(&mut self, name: &str) -> Result<JsValue, String> {
        let Some(value) = self.variables.get(name) else {
            return Err(format!(
                "`{}` is a variable without a value in the text, expected its value",
                shown(name)
            ));
        };
        let too_many = "its variables have too many characters, expected their values";
        self.copies_left = self.copies_left.checked_sub(value.size()).ok_or(too_many)?;
        Ok(value.clone())
    }

    /// Parses a string in quotes, or a template without an expression.
    fn string(&mut self) -> Result<String, String> {
        let quote = self.rest.chars().next().unwrap_or_default();
        let mut rest = &self.rest[quote.len_utf8()..];
        let unclosed = || format!("expected a closing `{quote}`");
        let mut units: Vec<u16> = Vec::new();
        let push = |char: char, units: &mut Vec<u16>| {
            units.extend_from_slice(char.encode_utf16(&mut [0; 2]));
        };
        loop {
            let char = rest.chars().next().ok_or_else(unclosed)?;
            rest = &rest[char.len_utf8()..];
            match char {
                char if char == quote => break,
                '\n' if quote != '`' => return Err(unclosed()),
                // A template has no carriage returns.
                '\r' if quote == '`' => {}
                '$' if quote == '`' && rest.starts_with('{') => {
                    return Err(
                        "it has a template with an expression in `${…}`, expected its value"
                            .to_owned(),
                    );
                }
                '\\' => rest = escape(rest, &mut units)?,
                char => push(char, &mut units),
            }
        }
        self.rest = rest;
        String::from_utf16(&units).map_err(|_| "it has half a surrogate pair".to_owned())
    }
}

/// Decodes the escape after a backslash, and returns the text after it.
fn escape<'a>(text: &'a str, units: &mut Vec<u16>) -> Result<&'a str, String> {
    let char = text.chars().next().ok_or("expected a character after `\\`")?;
    let rest = &text[char.len_utf8()..];
    let hex = |digits: Option<&str>| {
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        number.ok_or_else(|| format!("expected hex digits after `\\{char}`"))
    };
    let (code, rest) = match char {
        'n' => (0x0a, rest),
        'r' => (0x0d, rest),
        't' => (0x09, rest),
        'b' => (0x08, rest),
        'f' => (0x0c, rest),
        'v' => (0x0b, rest),
        '0' if !rest.starts_with(|char: char| char.is_ascii_digit()) => (0, rest),
        'x' => (hex(rest.get(..2))?, &rest[2..]),
        'u' if rest.starts_with('{') => {
            let (digits, rest) = rest[1..].split_once('}').unwrap_or_default();
            (hex(Some(digits))?, rest)
        }
        'u' => (hex(rest.get(..4))?, &rest[4..]),
        // A newline continues the line.
        '\n' => return Ok(rest),
        '\r' => return Ok(rest.strip_prefix('\n').unwrap_or(rest)),
        char => (u32::from(char), rest),
    };
    match (u16::try_from(code), char::from_u32(code)) {
        (Ok(unit), _) => units.push(unit),
        (Err(_), Some(char)) => units.extend_from_slice(char.encode_utf16(&mut [0; 2])),
        (Err(_), None) => return Err("expected a character after `\\u{`".to_owned()),
    }
    Ok(rest)
}

/// Returns the result of `JSON.stringify`.
fn stringify(value: &JsValue) -> Result<JsValue, String> {
    let mut json = String::new();
    value.write_json(&mut json)?;
    let bytes = json_stringify::restringify(json.as_bytes()).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    Ok(JsValue::String(text))
}

fn identifier(text: &str) -> &str {
    let is_part = |char: char| char.is_alphanumeric() || char == '_' || char == '$';
    &text[..text.find(|char| !is_part(char)).unwrap_or(text.len())]
}

/// Returns the beginning of a text, for a message.
fn shown(text: &str) -> String {
    text.chars().take_while(|char| *char != '\n').take(MAX_SHOWN).collect()
}
