//! Reader for logs with a prefix in front of each line of an HTTP message, or of JSON over several
//! lines: the name of a container, `web-1  | `, or the time and the process.

use crate::protocols::http1::{begins_saved_message, is_token};
use crate::protocols::requests::http_text;
use crate::protocols::requests::http_text::{first_line, lines};
use crate::protocols::requests::parsed::ReadResults;
use crate::protocols::requests::{parsed, pretty_log};

/// The maximum length of a prefix.
const MAX_PREFIX: usize = 160;

/// The number of lines before the first request.
const MAX_LINES: usize = 1_000;

/// The number of lines of other containers between two lines of a request.
const MAX_BETWEEN: usize = 50;

/// The prefix of the first request.
#[derive(Clone, Copy)]
struct LinePrefix<'a> {
    text: &'a [u8],
    /// `true` if the request is an HTTP message, and not JSON.
    is_message: bool,
}

/// Returns `true` if a text has a request in lines with a prefix.
pub(super) fn is_container_log(text: &[u8]) -> bool {
    LinePrefix::find(text).is_some()
}

/// Parses the requests after the prefix of the first one, and skips lines with another prefix.
pub(super) fn read(text: &[u8]) -> ReadResults {
    let prefix = LinePrefix::find(text).ok_or("expected a request after a prefix")?;
    let mut unprefixed = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        // A skipped line counts, but it is none of an HTTP message.
        let skipped = if prefix.is_message { b"".as_slice() } else { b"\n" };
        unprefixed.extend_from_slice(prefix.strip(line).unwrap_or(skipped));
    }
    if !prefix.is_message {
        return pretty_log::read(&unprefixed);
    }
    // The last newline is that of the log, unless the length of the body includes it.
    let reads = http_text::read(unprefixed.strip_suffix(b"\n").unwrap_or(&unprefixed))?;
    if reads.last().is_some_and(|(_, read)| parsed::is_cut_off(read)) {
        return http_text::read(&unprefixed);
    }
    Ok(reads)
}

impl<'a> LinePrefix<'a> {
    fn find(text: &'a [u8]) -> Option<Self> {
        let mut rest = text;
        for _ in 0..MAX_LINES {
            if rest.is_empty() {
                return None;
            }
            let (line, after) = first_line(rest);
            let found = [Self::of_message(line), Self::of_document(line)];
            let goes_on = |prefix: &Self| {
                let next = lines(after).take(MAX_BETWEEN).find_map(|line| prefix.strip(line));
                next.is_some_and(|next| prefix.goes_on(next))
            };
            if let Some(prefix) = found.into_iter().flatten().find(goes_on) {
                return Some(prefix);
            }
            rest = after;
        }
        None
    }

    /// Returns the prefix of a request line.
    fn of_message(line: &'a [u8]) -> Option<Self> {
        let line = line.get(..line.len().min(MAX_PREFIX * 64)).filter(|_| line.ends_with(b"1"))?;
        let version = line.iter().rposition(|&byte| byte == b' ')?;
        let target = line[..version].iter().rposition(|&byte| byte == b' ')?;
        let method = line[..target].iter().rposition(u8::is_ascii_whitespace)? + 1;
        let is_message = begins_saved_message(&line[method..]);
        (is_message && method <= MAX_PREFIX).then(|| Self { text: &line[..method], is_message })
    }

    /// Returns the prefix of a bracket. White space is none: the bracket may be part of a document.
    fn of_document(line: &'a [u8]) -> Option<Self> {
        let prefix = line.trim_ascii_end().strip_suffix(b"{")?;
        let is_prefix = prefix.len() <= MAX_PREFIX
            && prefix.last().is_some_and(u8::is_ascii_whitespace)
            && !prefix.first().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'"');
        is_prefix.then_some(Self { text: prefix, is_message: false })
    }

    /// Returns `true` if the content of the next line continues a request.
    fn goes_on(&self, next: &[u8]) -> bool {
        if !self.is_message {
            return pretty_log::document_start(b"{", next).is_some();
        }
        let colon = next.iter().position(|&byte| byte == b':').unwrap_or(0);
        std::str::from_utf8(&next[..colon]).is_ok_and(is_token)
    }

    /// Returns the content of a line with this prefix.
    fn strip<'l>(&self, line: &'l [u8]) -> Option<&'l [u8]> {
        if let Some((start, rest)) = line.split_at_checked(self.text.len())
            && is_same(self.text, start)
        {
            return Some(rest);
        }
        // The space at the end may be missing before an empty line.
        let shortened = self.text.trim_ascii_end();
        let (start, rest) = line.split_at_checked(shortened.len())?;
        (rest.trim_ascii().is_empty() && is_same(shortened, start)).then_some(rest)
    }
}

/// Returns `true` if two prefixes differ only in the digits of a time.
fn is_same(left: &[u8], right: &[u8]) -> bool {
    if left == right {
        return true;
    }
    let is_digit = |(left, right): (&u8, &u8)| {
        left == right || left.is_ascii_digit() && right.is_ascii_digit()
    };
    // A time, a date or a day; the name of another container may differ in a digit as well.
    let is_time =
        |word: &[u8]| word.iter().all(|byte| byte.is_ascii_digit() || b"TZ:.,+-/[]".contains(byte));
    let words = |text| <[u8]>::split(text, |byte: &u8| *byte == b' ');
    left.len() == right.len()
        && words(left).zip(words(right)).all(|(left, right)| {
            let is_time = is_time(left) && left.iter().zip(right).all(is_digit);
            left == right || (is_time && left.len() == right.len())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_differ_only_in_their_time() {
        for (left, right, expected) in [
            ("web-1  | ", "web-1  | ", true),
            ("web-1  | ", "web-2  | ", false),
            ("Nov 29 10:11:12 host a[1]: ", "Nov 30 10:11:13 host a[1]: ", true),
            ("Nov 29 10:11:12 host a[1]: ", "Nov 29 10:11:12 host a[2]: ", false),
            ("2026-11-29T10:11:12.0Z stdout F ", "2026-11-29T10:11:13.5Z stdout F ", true),
            ("2026-11-29T10:11:12.0Z stdout F ", "2026-11-29T10:11:12.0Z stderr F ", false),
        ] {
            assert_eq!(is_same(left.as_bytes(), right.as_bytes()), expected, "{left} {right}");
        }
    }
}
