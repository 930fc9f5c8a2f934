//! The mark that editors on Windows and PowerShell put before a text in UTF-8.

/// U+FEFF in UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text behind the mark, where there is one.
#[must_use]
pub fn without(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}
