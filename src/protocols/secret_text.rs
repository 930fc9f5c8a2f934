//! Notations in which people keep a secret: quotes, a name, a comment, escapes, or a document of a
//! secrets manager.
//!
//! Each function undoes one notation and returns `None` if the text does not have it, so that the
//! callers can say which one it was. No function decides which value is the secret.

use crate::protocols::json::{self, Json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;

/// The maximum number of characters of the name before `=` or `:`.
const MAX_NAME_LEN: usize = 100;

/// The maximum number of words before a name, such as `- export`.
const MAX_WORDS: usize = 3;

/// The maximum number of values of one JSON document that are returned.
const MAX_JSON_VALUES: usize = 16;

/// Pairs of quotes: straight, curly, angular, and the backtick of Markdown.
const QUOTES: [(char, char); 9] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('\u{201c}', '\u{201d}'),
    ('\u{2018}', '\u{2019}'),
    ('\u{201e}', '\u{201c}'),
    ('\u{ab}', '\u{bb}'),
    ('\u{201d}', '\u{201d}'),
    ('\u{2019}', '\u{2019}'),
];

/// The words that shells, Docker and YAML put before a name.
const WORDS: [&str; 16] = [
    "- ",
    "# ",
    "#",
    "// ",
    "export ",
    "set -x ",
    "set ",
    "setx ",
    "env ",
    "ENV ",
    "ARG ",
    "declare -x ",
    "const ",
    "let ",
    "var ",
    "$env:",
];

/// The words that precede the credentials of an `Authorization` header, in lower case.
const SCHEMES: [&str; 9] =
    ["bearer", "basic", "token", "apikey", "api-key", "hmac", "secret", "key", "hmac-sha256"];

/// Returns the credentials after the name of an authentication scheme, such as `Bearer`.
#[must_use]
pub fn after_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.trim().split_once([' ', '\t'])?;
    let scheme = scheme.trim_end_matches(':');
    let rest = rest.trim();
    let is_scheme = SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme));
    (is_scheme && !rest.is_empty()).then_some(rest)
}

/// Returns the password of Basic credentials (RFC 7617): base64 of `user:password`.
#[must_use]
pub fn basic_password(credentials: &str) -> Option<String> {
    let text = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (_, password) = text.split_once(':')?;
    Some(password.to_owned())
}

/// Returns `true` for a space that is not ASCII, such as the no-break space of a web page.
#[must_use]
pub fn is_unicode_space(c: char) -> bool {
    c.is_whitespace() && !c.is_ascii()
}

/// Returns `true` for a character without width that is invisible where a secret is displayed.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns the text inside one pair of quotes of any kind, escaped or not.
#[must_use]
pub fn strip_quotes(text: &str) -> Option<&str> {
    let inside = |open: &str, close: &str| {
        (text.len() >= open.len() + close.len())
            .then(|| text.strip_prefix(open)?.strip_suffix(close))?
    };
    let escaped = [("\\\"", "\\\""), ("\\'", "\\'")].into_iter().find_map(|(a, b)| inside(a, b));
    escaped.or_else(|| {
        let mut buffers = ([0; 4], [0; 4]);
        QUOTES.into_iter().find_map(|(open, close)| {
            inside(open.encode_utf8(&mut buffers.0), close.encode_utf8(&mut buffers.1))
        })
    })
}

/// Returns the text without a quote that only one of its ends has.
#[must_use]
pub fn strip_lone_quote(text: &str) -> Option<&str> {
    let is_quote = |c: char| QUOTES.iter().any(|(open, close)| c == *open || c == *close);
    match (text.strip_prefix(is_quote), text.strip_suffix(is_quote)) {
        (Some(rest), None) | (None, Some(rest)) => Some(rest),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

/// Splits `NAME=value` and its relatives: `export NAME=value`, `NAME: value`, `"name": "value"`,
/// `name => value`. The value is returned as written.
#[must_use]
pub fn split_assignment(line: &str) -> Option<(&str, &str)> {
    let mut rest = line.trim_start();
    let mut is_spaced = false;
    for _ in 0..MAX_WORDS {
        let Some((word, after)) =
            WORDS.iter().find_map(|word| Some((*word, rest.strip_prefix(word)?)))
        else {
            break;
        };
        is_spaced = matches!(word, "setx " | "ENV " | "set -x ");
        rest = after.trim_start();
    }
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let unquoted = quote.map_or(rest, |quote| rest.strip_prefix(quote).unwrap_or(rest));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-/[]@".contains(c);
    let length = unquoted.find(|c: char| !is_name(c))?;
    let (name, after) = unquoted.split_at_checked(length)?;
    let after = match quote {
        Some(quote) => after.strip_prefix(quote)?,
        None => after,
    };
    let separated = after.trim_start();
    let value = ["=>", ":=", "=", ":"].iter().find_map(|mark| separated.strip_prefix(mark));
    let value =
        value.or_else(|| (is_spaced && separated.len() < after.len()).then_some(separated))?;
    (!name.is_empty() && name.len() <= MAX_NAME_LEN && !value.trim().is_empty())
        .then_some((name, value))
}

/// Returns the text before a comment: a `#` after a space, which `.env` files and YAML allow.
#[must_use]
pub fn before_comment(text: &str) -> Option<&str> {
    let start = [" #", "\t#", " //", " ;"].iter().filter_map(|mark| text.find(mark)).min()?;
    let value = text.get(..start)?.trim();
    (!value.is_empty()).then_some(value)
}

/// Returns the content of the quoted string at the beginning of a text, up to its closing quote.
#[must_use]
pub fn leading_quoted(text: &str) -> Option<&str> {
    let open = text.chars().next()?;
    let (_, close) = *QUOTES.iter().find(|(quote, _)| *quote == open)?;
    let rest = text.strip_prefix(open)?;
    let mut is_escaped = false;
    for (index, c) in rest.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if close == '"' => is_escaped = true,
            c if c == close => return rest.get(..index),
            _ => {}
        }
    }
    None
}

/// Returns the value of an assignment without the quotes, comment and final comma that the formats
/// allow, if it has any.
#[must_use]
pub fn plain_value(value: &str) -> Option<&str> {
    let trimmed = value.trim();
    let plain = leading_quoted(trimmed).or_else(|| before_comment(trimmed)).unwrap_or(trimmed);
    let plain = plain.strip_suffix([',', ';']).filter(|_| plain == trimmed).unwrap_or(plain);
    (plain != value && !plain.is_empty()).then_some(plain)
}

/// Returns the text with the escapes of a quoted string decoded: `\"`, `\\`, `\n`, `\$`.
#[must_use]
pub fn unescape(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let mut result = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match if c == '\\' { chars.next() } else { None } {
            Some('n') => result.push('\n'),
            Some('r') => result.push('\r'),
            Some('t') => result.push('\t'),
            Some(escaped) => result.push(escaped),
            None => result.push(c),
        }
    }
    Some(result)
}

/// Returns the text with the dollar signs that a shell, Docker Compose or `make` reads: `\$` and
/// `$$` are each one.
#[must_use]
pub fn single_dollars(text: &str) -> Option<String> {
    let result = text.replace("\\$", "$").replace("$$", "$");
    (result != text).then_some(result)
}

/// Returns the text with each `$` written as `mark`, as it is before a shell reads it.
#[must_use]
pub fn escaped_dollars(text: &str, mark: &str) -> Option<String> {
    text.contains('$').then(|| text.replace('$', mark))
}

/// Returns the text without `$NAME`, `${NAME}` and `$1`, which a shell replaces with an empty
/// string if the variable is not set.
#[must_use]
pub fn without_variables(text: &str) -> Option<String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('$') {
        let (before, from) = rest.split_at_checked(start)?;
        result.push_str(before);
        let after = from.strip_prefix('$')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = match after.chars().next() {
            Some('{') => after.find('}').map_or(0, |end| end + 1),
            // `$1` is one digit: the shell reads `$12` as `${1}2`.
            Some(first) if first.is_ascii_digit() => 1,
            _ => after.find(|c| !is_name(c)).unwrap_or(after.len()),
        };
        if length == 0 {
            result.push('$');
        }
        rest = after.get(length..)?;
    }
    result.push_str(rest);
    (result != text && !result.is_empty()).then_some(result)
}

/// Returns the default of `${NAME:-default}`, which Docker Compose and shells use.
#[must_use]
pub fn variable_default(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix("${")?.strip_suffix('}')?;
    let (_, default) = inside.split_once(":-").or_else(|| inside.split_once('-'))?;
    (!default.is_empty()).then_some(default)
}

/// Returns the strings of a JSON object, array or string that a secrets manager displays, with
/// nested ones.
#[must_use]
pub fn json_strings(text: &str) -> Vec<String> {
    if !text.trim_start().starts_with(['{', '[', '"']) {
        return Vec::new();
    }
    let Ok(json) = json::read_up_to(MAX_JSON_VALUES * 64, text.as_bytes()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    collect_strings(&json, &mut found);
    found
}

fn collect_strings(json: &Json, found: &mut Vec<String>) {
    if found.len() >= MAX_JSON_VALUES {
        return;
    }
    match json {
        Json::Text(text) => found.extend(text.as_str().map(str::to_owned)),
        Json::Number(literal) => found.push(literal.clone()),
        Json::Array(items) => items.iter().for_each(|item| collect_strings(item, found)),
        Json::Object(fields) => fields.iter().for_each(|(_, value)| collect_strings(value, found)),
        Json::Null | Json::Bool(_) => {}
    }
}

/// The encoding that a text file was decoded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileEncoding {
    /// UTF-8 with a byte order mark.
    MarkedUtf8,
    /// UTF-16 of either byte order, with or without a byte order mark.
    Utf16,
}

/// Decodes the bytes of a text file to UTF-8, and says from which encoding if it was another one.
///
/// UTF-16 without a mark is recognised by a zero byte in every second place, so that only ASCII is.
#[must_use]
pub fn decode_file(bytes: &[u8]) -> (Cow<'_, [u8]>, Option<FileEncoding>) {
    if let Some(rest) = bytes.strip_prefix(super::byte_order_mark::BYTE_ORDER_MARK) {
        return (Cow::Borrowed(rest), Some(FileEncoding::MarkedUtf8));
    }
    let is_zero_at = |offset: usize| {
        bytes.len() >= 4
            && bytes.len().is_multiple_of(2)
            && bytes.iter().enumerate().all(|(index, byte)| (index % 2 == offset) == (*byte == 0))
    };
    let (content, is_little_endian) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, true),
        [0xfe, 0xff, rest @ ..] => (rest, false),
        _ if is_zero_at(1) => (bytes, true),
        _ if is_zero_at(0) => (bytes, false),
        _ => return (Cow::Borrowed(bytes), None),
    };
    let (pairs, odd) = content.as_chunks::<2>();
    let from = if is_little_endian { u16::from_le_bytes } else { u16::from_be_bytes };
    let units = pairs.iter().map(|pair| from(*pair));
    match char::decode_utf16(units).collect::<Result<String, _>>() {
        Ok(text) if odd.is_empty() => (Cow::Owned(text.into_bytes()), Some(FileEncoding::Utf16)),
        Ok(_) | Err(_) => (Cow::Borrowed(bytes), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_are_split_in_every_spelling() {
        for line in [
            "NAME=v",
            "export NAME=v",
            "  - NAME=v",
            "NAME: v",
            "\"NAME\": v",
            "'NAME' => v",
            "$env:NAME = v",
            "setx NAME v",
            "ENV NAME v",
            "#NAME=v",
        ] {
            let (name, value) = split_assignment(line).unwrap();
            assert_eq!((name, value.trim()), ("NAME", "v"), "{line}");
        }
        for line in ["", "NAME", "NAME=", "=v", "a b=c", "\"NAME: v"] {
            assert_eq!(split_assignment(line), None, "{line}");
        }
    }

    #[test]
    fn values_lose_quotes_comments_and_commas() {
        for (written, value) in [
            ("\"a b\" # x", "a b"),
            ("'a'", "a"),
            ("a # x", "a"),
            (" a ", "a"),
            ("\"a\",", "a"),
            ("a,", "a"),
            ("\u{201c}a\u{201d}", "a"),
            ("\"a\\\"b\"", "a\\\"b"),
        ] {
            assert_eq!(plain_value(written), Some(value), "{written}");
        }
        assert_eq!(plain_value("a#b"), None);
        assert_eq!(strip_quotes("\\\"a\\\""), Some("a"));
        assert_eq!(strip_quotes("\""), None);
        assert_eq!(strip_lone_quote("\"a"), Some("a"));
        assert_eq!(strip_lone_quote("\"a\""), None);
    }

    #[test]
    fn dollars_are_read_as_shells_and_compose_do() {
        assert_eq!(single_dollars("a\\$b$$c").as_deref(), Some("a$b$c"));
        assert_eq!(single_dollars("a$b"), None);
        assert_eq!(without_variables("a$b-c${D}e$12").as_deref(), Some("a-ce2"));
        assert_eq!(without_variables("a$"), None);
        assert_eq!(variable_default("${A:-b}"), Some("b"));
        assert_eq!(unescape("a\\\"\\n\\q\\").as_deref(), Some("a\"\nq\\"));
    }

    #[test]
    fn files_are_decoded_from_every_encoding_of_an_editor() {
        let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| {
            text.encode_utf16().flat_map(bytes).collect::<Vec<_>>()
        };
        for bytes in [
            utf16("\u{feff}abc", u16::to_le_bytes),
            utf16("\u{feff}abc", u16::to_be_bytes),
            utf16("abc", u16::to_le_bytes),
            utf16("abc", u16::to_be_bytes),
        ] {
            let (text, encoding) = decode_file(&bytes);
            assert_eq!((&*text, encoding), (b"abc".as_slice(), Some(FileEncoding::Utf16)));
        }
        let (text, encoding) = decode_file(b"\xef\xbb\xbfabc");
        assert_eq!((&*text, encoding), (b"abc".as_slice(), Some(FileEncoding::MarkedUtf8)));
        for verbatim in [b"abc".as_slice(), b"", b"\xff\xfea", b"\xff\xfe\x00\xd8", b"\0\0\0\0"] {
            assert_eq!(decode_file(verbatim), (Cow::Borrowed(verbatim), None));
        }
    }

    #[test]
    fn strings_of_json_are_collected_and_bounded() {
        assert_eq!(json_strings(r#"{"a":{"b":["c","d"]},"e":null,"f":1}"#), ["c", "d", "1"]);
        assert_eq!(json_strings("\"a\""), ["a"]);
        assert!(json_strings("abc").is_empty());
        assert_eq!(json_strings(&format!("[{}\"a\"]", "\"a\",".repeat(40))).len(), MAX_JSON_VALUES);
    }
}
