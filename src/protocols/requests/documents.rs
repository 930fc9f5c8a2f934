//! Splits a text into JSON documents and into lines, without parsing them.

use std::iter;

/// Returns `true` if a text begins like an object or an array.
pub(super) fn is_json(text: &[u8]) -> bool {
    text.starts_with(b"{") || text.starts_with(b"[")
}

/// Returns every line that is not blank, with its number counted from 1.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = (1..).zip(text.split(|&byte| byte == b'\n'));
    lines.filter(|(_, line)| !line.trim_ascii().is_empty())
}

/// Splits a text into documents by their brackets, in one pass, without parsing them.
///
/// A damaged document is one piece. A JSON string cannot contain a newline, so an unclosed string
/// is noticed at the end of its line; the piece then ends before the next line that begins with a
/// bracket.
pub(super) fn documents(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let (document, after) = rest.split_at(end_of_document(rest));
        rest = after;
        Some(document)
    })
}

/// Returns the length of the first document of a text in bytes, at least one.
pub(super) fn end_of_document(text: &[u8]) -> usize {
    let end_after_damage = |at: usize| {
        let mut pairs = text[at..].windows(2);
        pairs
            .position(|pair| pair[0] == b'\n' && is_json(&pair[1..]))
            .map_or(text.len(), |end| at + end + 1)
    };
    if !is_json(text) {
        return end_after_damage(0);
    }
    let (mut depth, mut is_string, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'\n' if is_string => return end_after_damage(at),
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_string,
            b'"' => is_string = !is_string,
            b'{' | b'[' if !is_string => depth += 1,
            b'}' | b']' if !is_string => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_into_documents_only_drops_white_space() {
        for text in ["{}{}", "{\"a\":\"\n{}", "}}{", "[[\n[", "\\\"{", "{\"\\\n[\"]"] {
            let pieces: Vec<_> = documents(text.as_bytes()).collect();
            let kept = |bytes: &[u8]| {
                let mut bytes = bytes.to_vec();
                bytes.retain(|byte| !byte.is_ascii_whitespace());
                bytes
            };
            assert!(pieces.iter().all(|piece| !piece.is_empty()), "{text:?}");
            assert_eq!(kept(&pieces.concat()), kept(text.as_bytes()), "{text:?}");
        }
    }
}
