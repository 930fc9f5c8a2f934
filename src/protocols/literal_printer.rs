//! Prints values as programming languages print them for people: Python's `repr`, Ruby's `inspect`,
//! Node's JSON of a `Buffer`. [`printed_literals`](super::printed_literals) reads what they print.

use crate::protocols::json::Json;
use crate::protocols::json_print;
use std::fmt::Write;

/// The syntax in which a language prints a parsed document.
#[derive(Clone, Copy)]
pub(crate) struct Syntax {
    null: &'static str,
    truth: &'static str,
    falsehood: &'static str,
    arrow: &'static str,
    number: fn(&Json) -> String,
    quote: fn(&str) -> String,
}

/// Python's `repr` of what `json.loads` returns.
pub(crate) const PYTHON: Syntax = Syntax {
    null: "None",
    truth: "True",
    falsehood: "False",
    arrow: ": ",
    number: python_number,
    quote: python_string,
};

/// Ruby's `inspect`, up to version 3.3.
pub(crate) const RUBY: Syntax = Syntax {
    null: "nil",
    truth: "true",
    falsehood: "false",
    arrow: "=>",
    number: literal,
    quote: ruby_string,
};

/// Ruby's `inspect` from version 3.4 on.
pub(crate) const RUBY_3_4: Syntax = Syntax { arrow: " => ", ..RUBY };

/// Prints a value in the syntax of a language.
pub(crate) fn print_value(json: &Json, syntax: &Syntax) -> String {
    let mut text = String::new();
    print(json, syntax, &mut text);
    text
}

/// Prints bytes as Node serializes a `Buffer`.
pub(crate) fn buffer_json(bytes: &[u8]) -> String {
    format!("{{\"type\":\"Buffer\",\"data\":[{}]}}", byte_values(bytes, ","))
}

/// Prints the values of bytes.
pub(crate) fn byte_values(bytes: &[u8], separator: &str) -> String {
    bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(separator)
}

/// Prints a value; the reader has limited its depth.
fn print(json: &Json, syntax: &Syntax, out: &mut String) {
    match json {
        Json::Null => out.push_str(syntax.null),
        Json::Bool(value) => out.push_str(if *value { syntax.truth } else { syntax.falsehood }),
        Json::Number(_) => out.push_str(&(syntax.number)(json)),
        Json::Text(text) => out.push_str(&(syntax.quote)(&text.to_string_lossy())),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                print(item, syntax, out);
            }
            out.push(']');
        }
        Json::Object(fields) => {
            out.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                out.push_str(&(syntax.quote)(&name.to_string_lossy()));
                out.push_str(syntax.arrow);
                print(value, syntax, out);
            }
            out.push('}');
        }
    }
}

/// Returns a string as the `repr` of Python prints it: in single quotes, unless it contains only
/// those.
pub(crate) fn python_string(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut printed = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => printed.push_str("\\\\"),
            '\n' => printed.push_str("\\n"),
            '\r' => printed.push_str("\\r"),
            '\t' => printed.push_str("\\t"),
            c if c == quote => printed.extend(['\\', c]),
            // All of them are below U+00A0, so they have two digits.
            c if c.is_control() => {
                // Writing to a `String` cannot fail.
                let _ = write!(printed, "\\x{:02x}", u32::from(c));
            }
            c => printed.push(c),
        }
    }
    printed.push(quote);
    printed
}

/// Returns a number as Python prints it, which is as in JSON.
fn python_number(json: &Json) -> String {
    let style = json_print::style("python-dumps");
    let printed = style.map(|style| json_print::print(json, style));
    printed.map_or_else(|| literal(json), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns a number as it is written.
fn literal(json: &Json) -> String {
    if let Json::Number(literal) = json { literal.clone() } else { String::new() }
}

/// Returns a string as the `inspect` of Ruby prints it.
fn ruby_string(text: &str) -> String {
    let mut printed = String::from('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\\' => printed.extend(['\\', c]),
            '\n' => printed.push_str("\\n"),
            '\r' => printed.push_str("\\r"),
            '\t' => printed.push_str("\\t"),
            '#' if chars.peek().is_some_and(|next| "{$@".contains(*next)) => {
                printed.push_str("\\#");
            }
            c => printed.push(c),
        }
    }
    printed.push('"');
    printed
}

/// Returns bytes as the `repr` of Python prints them.
pub(crate) fn python_bytes(body: &[u8]) -> Vec<u8> {
    let quote = if body.contains(&b'\'') && !body.contains(&b'"') { b'"' } else { b'\'' };
    let mut printed = vec![b'b', quote];
    for byte in body {
        match byte {
            b'\\' => printed.extend(b"\\\\"),
            b'\n' => printed.extend(b"\\n"),
            b'\r' => printed.extend(b"\\r"),
            b'\t' => printed.extend(b"\\t"),
            byte if *byte == quote => printed.extend([b'\\', *byte]),
            0x20..=0x7e => printed.push(*byte),
            _ => printed.extend(format!("\\x{byte:02x}").into_bytes()),
        }
    }
    printed.push(quote);
    printed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::json;

    #[test]
    fn the_texts_are_those_of_python_and_node() {
        let body = b"{\"a\": \"it's\", \"b\": [null, true, 1.50, \"\\n\\\\\"]}\n";
        let json = json::read(body).unwrap();
        let text = print_value(&json, &PYTHON);
        assert_eq!(text, r#"{'a': "it's", 'b': [None, True, 1.5, '\n\\']}"#);
        assert_eq!(python_bytes(b"{\"a\":'\xc3\xa9\\'}\n"), br#"b'{"a":\'\xc3\xa9\\\'}\n'"#);
        assert_eq!(buffer_json(b"{}"), r#"{"type":"Buffer","data":[123,125]}"#);
    }
}
