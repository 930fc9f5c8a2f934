//! Hypotheses about transfer encodings: base64, hex, compression and chunks.

use crate::engine::explain::body_edits::received_body::{Form, ReceivedBody, RestoreBody, one};
use crate::protocols::decompress::{Compression, decompress};
use crate::protocols::schemes::digest::ANY_BASE64;
use crate::protocols::schemes::hypothesis::Hypothesis;
use base64::Engine;

/// The minimum length of an encoded body.
const MIN_ENCODED_LEN: usize = 4;

/// The hypotheses, the likeliest first.
pub(super) static ROWS: &[Hypothesis<RestoreBody>] = &[
    Hypothesis {
        code: "body-in-base64",
        condition: "the body is decoded from base64",
        evidence: "The body is kept in base64, as API Gateway and many logs do with a body that they \
                   take for binary.",
        fix: "decode it before it is hashed: in AWS Lambda, `isBase64Encoded` says so",
        apply: |body| one(decode_base64(body)),
    },
    Hypothesis {
        code: "body-in-hex",
        condition: "the body is decoded from hex",
        evidence: "The body is kept as hex digits, as databases and dumps print binary columns.",
        fix: "decode it before it is hashed: Python `bytes.fromhex`, Node `Buffer.from(s, \"hex\")`, \
              PHP `hex2bin`",
        apply: |body| one(decode_hex(body)),
    },
    Hypothesis {
        code: "compressed-body",
        condition: "the body is decompressed from {}",
        evidence: "The body is compressed with {}, and the signature covers it uncompressed.",
        fix: "decompress it before it is hashed, or capture it behind the layer that does",
        apply: inflated,
    },
    Hypothesis {
        code: "chunked-framing",
        condition: "the chunk lengths are removed from the body",
        evidence: "The body is kept as `Transfer-Encoding: chunked` sends it, with the length of \
                   each chunk before it.",
        fix: "keep the decoded body: every HTTP server returns it without the chunk lengths",
        apply: |body| one(unchunk(body)),
    },
];

/// Decodes base64 of either alphabet, with or without padding, on one or several lines, and without
/// the start of a `data:` URL.
fn decode_base64(body: &[u8]) -> Option<Vec<u8>> {
    let body = match body.strip_prefix(b"data:") {
        Some(url) => url.get(url.iter().take(100).position(|byte| *byte == b',')? + 1..)?,
        None => body,
    };
    let is_alphabet = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || byte.is_ascii_whitespace()
            || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
    };
    if body.len() < MIN_ENCODED_LEN || !body.iter().all(is_alphabet) {
        return None;
    }
    let digits: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let is_url = digits.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let [standard, url] = &ANY_BASE64;
    if is_url { url.decode(&digits).ok() } else { standard.decode(&digits).ok() }
}

/// Decodes hex, also as a database or a dump writes it: `\x7b22`, `0x7b22`, `7b 22`, `7b:22` or
/// `\x7b\x22`.
fn decode_hex(body: &[u8]) -> Option<Vec<u8>> {
    let body = body.trim_ascii();
    let is_separator = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b':' | b'\\' | b',');
    let is_digit = |byte: &u8| byte.is_ascii_hexdigit() || is_separator(*byte) || *byte == b'x';
    if body.len() < MIN_ENCODED_LEN || !body.iter().all(is_digit) {
        return None;
    }
    let mut digits = Vec::with_capacity(body.len());
    let mut bytes = body.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            // The zero of `0x`.
            b'0' if bytes.peek() == Some(&b'x') => {}
            b'x' => {}
            _ if is_separator(byte) => {}
            _ => digits.push(byte),
        }
    }
    hex::decode(&digits).ok().filter(|decoded| !decoded.is_empty())
}

/// Removes the lines with the length of each chunk, up to the last chunk, which is empty.
fn unchunk(body: &[u8]) -> Option<Vec<u8>> {
    let mut rest = body;
    let mut content = Vec::new();
    loop {
        let end = rest.iter().take(20).position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(rest.get(..end)?).ok()?.trim_end();
        let digits = line.split(';').next().unwrap_or_default();
        let length = usize::from_str_radix(digits, 16).ok()?;
        rest = rest.get(end + 1..)?;
        if length == 0 {
            return (!content.is_empty()).then_some(content);
        }
        content.extend_from_slice(rest.get(..length)?);
        rest = rest.get(length..)?;
        // A capture may end with the last chunk.
        if rest.trim_ascii().is_empty() {
            return Some(content);
        }
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
    }
}

/// Decompresses a body: by its magic number, by `Content-Encoding`, or as deflate without a header.
fn inflated(body: &ReceivedBody<'_>) -> Vec<Form> {
    let form = |compression: Compression| {
        Some((decompress(body, compression)?, compression.name().to_owned()))
    };
    if let Some(found) = Compression::detect(body).and_then(form) {
        return vec![found];
    }
    let encoding = body.context.content_encoding.unwrap_or_default().to_ascii_lowercase();
    let is_named = |name: &str| encoding.split(',').any(|encoding| encoding.trim() == name);
    if is_named("br") {
        return form(Compression::Brotli).into_iter().collect();
    }
    // Raw deflate has no magic number; JSON in plain text is no block of it that ends correctly.
    let is_text = body.text().is_some_and(|text| !text.contains(char::is_control));
    if is_text || body.is_empty() {
        return Vec::new();
    }
    form(Compression::RawDeflate).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base64_is_decoded_in_every_spelling() {
        for text in [
            "eyJhIjoiPz8+In0=",
            "eyJhIjoiPz8+In0",
            "eyJhIjoiPz8-In0",
            "eyJhIjoi\r\nPz8+In0=\n",
            "data:application/json;base64,eyJhIjoiPz8+In0=",
        ] {
            assert_eq!(decode_base64(text.as_bytes()).unwrap(), b"{\"a\":\"??>\"}", "{text}");
        }
        for text in ["", "{}", "eyJ{", "====", "data:eyJ"] {
            assert_eq!(decode_base64(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn hex_is_decoded_in_every_spelling() {
        for text in
            ["7b22", "7B22", "0x7b22", "\\x7b22", "7b 22\n", "7b:22", "\\x7b\\x22", "0x7b,0x22"]
        {
            assert_eq!(decode_hex(text.as_bytes()).unwrap(), b"{\"", "{text}");
        }
        for text in ["", "7b2", "{}", "7b22g0", "::::", "<Buffer 7b 22>"] {
            assert_eq!(decode_hex(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn chunks_are_joined() {
        for text in ["1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n", "2\n{}\n0\n\n", "2\r\n{}\r\n"] {
            assert_eq!(unchunk(text.as_bytes()).unwrap(), b"{}", "{text}");
        }
        for text in ["", "0\r\n\r\n", "3\r\n{}", "{}", "ffffffffffffffff\r\n{}", "1\r\n{}\r\n0"] {
            assert_eq!(unchunk(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_handled(bytes: Vec<u8>) {
            let _ = (decode_base64(&bytes), decode_hex(&bytes), unchunk(&bytes));
        }
    }
}
