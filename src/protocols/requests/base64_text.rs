//! Decoding of base64 in the variants in which tools write it.

use crate::protocols::schemes::digest::ANY_BASE64;
use base64::Engine;
use std::borrow::Cow;

/// Decodes base64 or base64url, with or without padding, and over several lines.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let is_plain = |byte: u8| !byte.is_ascii_whitespace() && !matches!(byte, b'-' | b'_');
    let standard = if text.bytes().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        let kept = text.chars().filter(|letter| !letter.is_ascii_whitespace());
        let to_standard = |letter| match letter {
            '-' => '+',
            '_' => '/',
            other => other,
        };
        Cow::Owned(kept.map(to_standard).collect::<String>())
    };
    ANY_BASE64[0].decode(standard.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_is_decoded() {
        for (text, bytes) in [
            ("e30=", Some(b"{}".as_slice())),
            ("e30", Some(b"{}")),
            (" e3\r\n0=\n", Some(b"{}")),
            ("-_8", Some(b"\xfb\xff")),
            ("+/8=", Some(b"\xfb\xff")),
            ("", Some(b"")),
            ("e", None),
            ("e30!", None),
        ] {
            assert_eq!(decode(text).as_deref(), bytes, "{text:?}");
        }
    }
}
