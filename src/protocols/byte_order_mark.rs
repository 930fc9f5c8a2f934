//! The byte order mark that editors on Windows and PowerShell write before UTF-8.

/// U+FEFF in UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Returns the text without its byte order mark, if it has one.
#[must_use]
pub fn strip(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}
