//! Finds the JSON in a line of a log.

use memchr::memchr_iter;

/// Returns the offset at which the JSON of a line begins, after any prefix: `{"` or `[{"`.
pub(super) fn json_start(line: &[u8]) -> Option<usize> {
    memchr_iter(b'{', line).find(|&at| is_object_start(&line[at..])).map(|at| {
        let before = line[..at].trim_ascii_end();
        // A list of objects begins at its bracket.
        before.strip_suffix(b"[").map_or(at, <[u8]>::len)
    })
}

/// Returns `true` for `{"`, with optional white space between.
fn is_object_start(text: &[u8]) -> bool {
    text.get(1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_begins_after_the_prefix_of_a_log() {
        for (line, start) in [
            ("{\"a\":1}", Some(0)),
            ("Nov 29 10:11:12 web1 app[123]: {\"a\":1}", Some(31)),
            ("a [{ \"a\":1}]", Some(2)),
            ("a {b} {\t\"a\"", Some(6)),
            ("started {}", None),
            ("{", None),
            ("[1]", None),
            ("", None),
        ] {
            assert_eq!(json_start(line.as_bytes()), start, "{line}");
        }
    }
}
