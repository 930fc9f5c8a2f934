//! Recognition of what the user passed: a bare value, header lines, or something else, such as a
//! captured request.

use crate::engine::decode::token;
use crate::protocols::{byte_order_mark, http1};

/// The maximum number of header lines that are searched.
const MAX_LINES: usize = 256;

/// A value to decode, and the header that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundValue {
    /// The name of the header; `None` for a value that stands alone.
    pub name: Option<String>,
    /// The value.
    pub value: String,
    /// `true` if the value was spread over several lines.
    pub was_folded: bool,
}

/// Returns `true` if an argument is a token rather than the name of a file.
#[must_use]
pub fn is_token_argument(argument: &str) -> bool {
    let value = argument.trim();
    let value = crate::protocols::schemes::token::strip_bearer(value).unwrap_or(value);
    token::looks_like_token(value)
}

/// Finds the values in a text; none if it is something else, such as a captured request.
///
/// Of several header lines, those are returned that carry a token or a signature by their name.
#[must_use]
pub fn find_values(text: &[u8]) -> Vec<FoundValue> {
    let text = byte_order_mark::strip(text).trim_ascii();
    let Ok(text) = std::str::from_utf8(text) else { return Vec::new() };
    let is_request = text.starts_with(['{', '[']) || http1::begins_saved_message(text.as_bytes());
    if text.is_empty() || is_request {
        return Vec::new();
    }
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MAX_LINES {
        return Vec::new();
    }
    let headers: Vec<_> = lines.iter().filter_map(|line| header_line(line)).collect();
    if headers.len() == lines.len() {
        let is_only = headers.len() == 1;
        return headers.into_iter().filter(|found| is_only || is_named(found)).collect();
    }
    let bare = |value: String, was_folded: bool| FoundValue { name: None, value, was_folded };
    match lines.as_slice() {
        [only] => vec![bare((*only).to_owned(), false)],
        // The `base64` command and mail programs break long lines.
        several if token::looks_like_token(&several.concat()) => {
            vec![bare(several.concat(), true)]
        }
        _ => Vec::new(),
    }
}

/// Reads `Name: value`, also with `-H` and quotes as in a shell.
fn header_line(line: &str) -> Option<FoundValue> {
    let line = line.strip_prefix("-H ").unwrap_or(line).trim().trim_matches(['"', '\'']);
    let (name, value) = line.split_once(':')?;
    // `sha256:…` is a signature, and a header name this short is not one.
    let is_name = http1::is_token(name) && !name.contains('=') && !value.trim().is_empty();
    let is_digest = name.to_ascii_lowercase().starts_with("sha") && !value.starts_with(' ');
    (is_name && !is_digest).then(|| FoundValue {
        name: Some(name.to_owned()),
        value: value.trim().to_owned(),
        was_folded: false,
    })
}

/// Returns `true` if the name of a header says that it carries a signature or a token.
fn is_named(found: &FoundValue) -> bool {
    let name = found.name.as_deref().unwrap_or_default().to_ascii_lowercase();
    ["signature", "authorization", "hmac", "token", "digest", "-sign"]
        .iter()
        .any(|word| name.contains(word))
}

impl FoundValue {
    /// Creates a value of a header.
    #[must_use]
    pub fn of_header(name: &str, value: &[u8]) -> Self {
        let value = String::from_utf8_lossy(value).into_owned();
        Self { name: Some(name.to_owned()), value, was_folded: false }
    }

    /// Returns `true` if the header carries a signature or a token by its name.
    #[must_use]
    pub fn is_signature_by_name(&self) -> bool {
        is_named(self)
    }
}
