//! Decoding of files that begin with a byte order mark, including UTF-16.

use crate::protocols::byte_order_mark;
use std::borrow::Cow;

/// Returns the text without its byte order mark, converted to UTF-8 if the mark is that of UTF-16.
///
/// Editors on Windows write UTF-8 with a mark, and the `>` of `PowerShell` 5 writes UTF-16.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    let unit = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return Ok(byte_order_mark::strip(bytes).into()),
    };
    let (pairs, rest) = bytes[2..].as_chunks::<2>();
    let units = pairs.iter().map(|&pair| unit(pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text.into_bytes().into()),
        Ok(_) => Err("it begins as UTF-16 and ends with half a character".to_owned()),
        Err(_) => Err("it begins as UTF-16 and contains half a surrogate pair".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_removed() {
        let cases: [(&[u8], &[u8]); 5] = [
            (b"{}", b"{}"),
            (b"\xef\xbb\xbf{}", b"{}"),
            (b"\xff\xfe{\0\xe9\0}\0", "{é}".as_bytes()),
            (b"\xfe\xff\0{\xd8\x3d\xde\0\0}", "{😀}".as_bytes()),
            (b"\xff", b"\xff"),
        ];
        for (bytes, text) in cases {
            assert_eq!(decode(bytes).unwrap(), text, "{bytes:x?}");
        }
    }

    #[test]
    fn half_a_character_is_reported() {
        for (bytes, part) in [
            (b"\xff\xfe{\0}".as_slice(), "half a character"),
            (b"\xff\xfe\x3d\xd8}\0", "half a surrogate pair"),
        ] {
            let error = decode(bytes).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
