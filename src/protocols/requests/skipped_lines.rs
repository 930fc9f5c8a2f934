//! The lines of an input that have no request, and the token that one of them may contain.

use memchr::memmem;

/// The beginning of a token: `{"` in base64url.
const TOKEN_START: &[u8] = b"eyJ";

/// The minimum length of a token: shorter ones are examples, such as `eyJ.eyJ.x`.
const MIN_TOKEN: usize = 40;

/// Lines without a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SkippedLines {
    /// The number of lines.
    pub count: usize,
    /// The number of the first one that contains a token, counted from 1.
    pub(super) token_line: Option<usize>,
}

impl SkippedLines {
    /// Adds a line and its number in the input.
    pub fn add(&mut self, line: &[u8], number: usize) {
        self.count += 1;
        if self.token_line.is_none() && contains_token(line) {
            self.token_line = Some(number);
        }
    }

    /// Adds the lines of a later part of the input.
    pub fn extend(&mut self, later: Self) {
        self.count += later.count;
        self.token_line = self.token_line.or(later.token_line);
    }
}

/// Returns the number of the first line that contains a token, counted from 1.
pub(super) fn token_line(text: &[u8]) -> Option<usize> {
    let mut lines = (1..).zip(text.split(|&byte| byte == b'\n'));
    lines.find(|(_, line)| contains_token(line)).map(|(number, _)| number)
}

/// Returns `true` if a line contains a whole token: three parts in base64url.
fn contains_token(line: &[u8]) -> bool {
    let is_token_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    memmem::find_iter(line, TOKEN_START).any(|start| {
        if start > 0 && is_token_byte(&line[start - 1]) {
            return false;
        }
        let rest = &line[start..];
        let length = rest.iter().position(|byte| !is_token_byte(byte)).unwrap_or(rest.len());
        let token = rest[..length].trim_ascii_end();
        let parts: Vec<_> = token.split(|&byte| byte == b'.').take(4).collect();
        matches!(parts.as_slice(), [header, claims, _] if !header.is_empty() && !claims.is_empty())
            && token.len() >= MIN_TOKEN
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJldmVudCI6ImxlYWQuY3JlYXRlZCJ9.c2lnbmF0dXJl";

    #[test]
    fn the_first_line_with_a_token_is_named() {
        for (text, expected) in [
            (format!("a\nb auth=\"{TOKEN}\"\nc {TOKEN}"), Some(2)),
            (format!("    [Authorization] => {TOKEN}\r\n"), Some(1)),
            (format!("Bearer {TOKEN}"), Some(1)),
            (format!("x{TOKEN}\n"), None),
            // A part of a token is none.
            (TOKEN[..60].rsplit_once('.').unwrap().0.to_owned(), None),
            ("eyJ.eyJ.x\n".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(token_line(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn lines_are_counted_over_all_parts() {
        let mut skipped = SkippedLines::default();
        skipped.add(b"started", 1);
        let mut later = SkippedLines::default();
        later.add(b"", 2);
        later.add(TOKEN.as_bytes(), 3);
        later.add(TOKEN.as_bytes(), 4);
        assert_eq!(skipped, SkippedLines { count: 1, token_line: None });
        skipped.extend(later);
        assert_eq!(skipped, SkippedLines { count: 4, token_line: Some(3) });
    }
}
