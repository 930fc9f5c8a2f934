//! JSON inside strings, alone or after the prefix of a log line.

/// The maximum length of a prefix in bytes.
const MAX_PREFIX: usize = 512;

/// Returns the part of a string that may be a JSON document.
///
/// A prefix that names a body, as in `received body: {…}`, introduces content of the sender, so
/// what follows is not returned.
pub(super) fn json_in(text: &str) -> Option<&str> {
    let text = text.trim();
    let at = start(text.as_bytes())?;
    let (prefix, document) = text.split_at_checked(at)?;
    let is_closed = document.ends_with(['}', ']']);
    (is_closed && !names_a_body(prefix)).then_some(document)
}

/// Returns the position at which an object, or an array of objects, begins.
fn start(text: &[u8]) -> Option<usize> {
    if text.starts_with(b"{") || text.starts_with(b"[{") || text.starts_with(b"[\n") {
        return Some(0);
    }
    let first =
        |at: usize| text.get(at..)?.iter().find(|byte| !byte.is_ascii_whitespace()).copied();
    let begins = |&at: &usize| match text.get(at) {
        Some(b'{') => first(at + 1) == Some(b'"'),
        Some(b'[') => first(at + 1) == Some(b'{'),
        _ => false,
    };
    // White space is short in practice, and its scan is bounded by the prefix.
    let text = text.get(..2 * MAX_PREFIX).unwrap_or(text);
    (0..text.len().min(MAX_PREFIX)).find(begins)
}

/// Parts of the words with which a log introduces a body.
const BODY_WORDS: [&str; 2] = ["body", "payload"];

/// The number of last words of a prefix that may introduce a body: `raw body was: `.
const MAX_WORDS: usize = 3;

/// Returns `true` if the last words of a prefix introduce a body.
fn names_a_body(prefix: &str) -> bool {
    let words = prefix.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let mut words = words.filter(|word| !word.is_empty()).take(MAX_WORDS);
    words.any(|word| {
        let word = word.to_ascii_lowercase();
        word == "raw" || BODY_WORDS.iter().any(|part| word.contains(part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_found_alone_and_after_a_prefix() {
        for (text, found) in [
            (" {\"a\":1}\n", Some("{\"a\":1}")),
            ("[{\"a\":1}]", Some("[{\"a\":1}]")),
            ("2026-11-29T10:11:12Z\tabc\tINFO\t{\"a\":1}\n", Some("{\"a\":1}")),
            ("[info] request { \"a\":1}", Some("{ \"a\":1}")),
            ("[info] requests [ {\"a\":1} ]", Some("[ {\"a\":1} ]")),
            ("received body: {\"a\":1}", None),
            ("raw_body={\"a\":1}", None),
            ("got raw body of: {\"a\":1}", None),
            ("payload - {\"a\":1}", None),
            ("{\"a\":1} was received", None),
            ("{{x}}", Some("{{x}}")),
            ("see [1]", None),
            ("plain", None),
            ("é{\"", None),
            ("", None),
        ] {
            assert_eq!(json_in(text), found, "{text:?}");
        }
        let long = format!("{}{{\"a\":1}}", "x".repeat(MAX_PREFIX));
        assert_eq!(json_in(&long), None);
    }
}
