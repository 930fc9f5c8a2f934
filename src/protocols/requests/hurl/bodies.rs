//! The bodies of a Hurl file: JSON, XML, strings in backquotes, base64, hex digits.

use crate::protocols::json;
use crate::protocols::requests::documents::end_of_document;
use crate::protocols::requests::http_text::first_line;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A body and the text after it.
type BodyAndRest<'a> = Result<(Vec<u8>, &'a [u8]), String>;

/// The delimiter of a string over several lines.
const FENCE: &[u8] = b"```";

/// Parses the body that a text begins with.
pub(super) fn read_body(text: &[u8]) -> BodyAndRest<'_> {
    if let Some(rest) = text.strip_prefix(FENCE) {
        return read_fenced(rest);
    }
    if let Some(rest) = text.strip_prefix(b"`") {
        return read_one_line(rest);
    }
    if let Some(rest) = text.strip_prefix(b"base64,") {
        let (encoded, rest) = until_semicolon(rest)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| "its body is not base64".to_owned())?;
        return Ok((bytes, rest));
    }
    if let Some(rest) = text.strip_prefix(b"hex,") {
        let (encoded, rest) = until_semicolon(rest)?;
        let bytes = hex::decode(encoded).map_err(|_| "its body is not hex digits".to_owned())?;
        return Ok((bytes, rest));
    }
    if let Some(rest) = text.strip_prefix(b"file,") {
        let path = first_line(rest).0.split(|&byte| byte == b';').next().unwrap_or_default();
        let path: String = String::from_utf8_lossy(path.trim_ascii()).chars().take(60).collect();
        return Err(format!(
            "its body is in the file `{path}`, which is not included, expected the body itself"
        ));
    }
    if text.starts_with(b"{") || text.starts_with(b"[") {
        return Ok(split_owned(text, end_of_document(text)));
    }
    if text.starts_with(b"<") {
        let end = memchr::memmem::find(text, b"\nHTTP").unwrap_or(text.len());
        return Ok(split_owned(text, end));
    }
    Err("expected a header, a section or a body in the syntax of Hurl".to_owned())
}

fn split_owned(text: &[u8], end: usize) -> (Vec<u8>, &[u8]) {
    let (body, rest) = text.split_at(end);
    (body.to_vec(), rest)
}

/// Parses a string over several lines, after its opening delimiter.
fn read_fenced(text: &[u8]) -> BodyAndRest<'_> {
    let end = memchr::memmem::find(text, FENCE);
    let end = end.ok_or("expected a closing ```` ``` ````")?;
    let (body, rest) = (&text[..end], &text[end + FENCE.len()..]);
    let (language, lines) = first_line(body);
    if !body.contains(&b'\n') {
        return Ok((body.to_vec(), rest));
    }
    match language.trim_ascii() {
        b"graphql" => {
            Err("its body is GraphQL, from which Hurl makes JSON, expected that".to_owned())
        }
        _ => Ok((lines.to_vec(), rest)),
    }
}

/// Parses a string in one line, after its opening backquote.
///
/// If it has an escape that Hurl does not know, nothing is decoded.
fn read_one_line(text: &[u8]) -> BodyAndRest<'_> {
    let (line, after) = first_line(text);
    let line = line.trim_ascii_end();
    let body = line.strip_suffix(b"`").ok_or("expected a closing `` ` `` on the same line")?;
    let body = std::str::from_utf8(body).map_err(|_| "its body is not UTF-8".to_owned())?;
    // JSON that was pasted is meant as it is: its escapes would not be JSON once decoded.
    if json::read(body.as_bytes()).is_ok() {
        return Ok((body.as_bytes().to_vec(), after));
    }
    Ok((unescape(body).unwrap_or_else(|| body.to_owned()).into_bytes(), after))
}

fn unescape(text: &str) -> Option<String> {
    let mut unescaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        unescaped.push_str(&rest[..at]);
        let mut chars = rest[at + 1..].chars();
        match chars.next()? {
            char @ ('`' | '\\' | '"') => unescaped.push(char),
            'b' => unescaped.push('\u{8}'),
            'f' => unescaped.push('\u{c}'),
            'n' => unescaped.push('\n'),
            'r' => unescaped.push('\r'),
            't' => unescaped.push('\t'),
            'u' => {
                let (digits, after) = chars.as_str().strip_prefix('{')?.split_once('}')?;
                unescaped.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                chars = after.chars();
            }
            _ => return None,
        }
        rest = chars.as_str();
    }
    unescaped.push_str(rest);
    Some(unescaped)
}

/// Returns the bytes before a `;` without white space, and the text after it.
fn until_semicolon(text: &[u8]) -> Result<(Vec<u8>, &[u8]), String> {
    let end = memchr::memchr(b';', text).ok_or("expected a `;` after the body")?;
    let mut encoded = text[..end].to_vec();
    encoded.retain(|byte| !byte.is_ascii_whitespace());
    Ok((encoded, &text[end + 1..]))
}
