//! Formats bodies for humans: pretty-printed JSON, or sanitized bytes.

use crate::output::sanitize;
use crate::output::theme::Theme;
use crate::protocols::safe_json;
use serde_json::Value;

/// The maximum number of bytes of a body that are shown.
const MAX_SHOWN: usize = 4_096;

/// Formats a body as lines: indented JSON with coloured names, or sanitized text.
#[must_use]
pub fn pretty(theme: Theme, body: &[u8]) -> Vec<String> {
    let json = match serde_json::from_slice::<Value>(body) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_default(),
        Err(_) => return plain(body),
    };
    // JSON escapes, so that JSON copied from the terminal is the same document.
    safe_json::escape(&json).lines().map(|line| colour_name(theme, line)).collect()
}

/// Returns the beginning of a body as lines, with unsafe characters escaped.
#[must_use]
pub fn plain(body: &[u8]) -> Vec<String> {
    let cut = sanitize::whole_characters(&body[..body.len().min(MAX_SHOWN)]);
    let mut lines: Vec<_> = match std::str::from_utf8(cut) {
        Ok(text) => sanitize::lines(text).lines().map(str::to_owned).collect(),
        Err(_) => vec![sanitize::whole_bytes(cut)],
    };
    if cut.len() < body.len() {
        lines.push(format!("… {} bytes more", body.len() - cut.len()));
    }
    lines
}

/// Colours the field name of a line of pretty-printed JSON.
///
/// `serde_json` prints one field per line, so the name ends at the first `": `.
fn colour_name(theme: Theme, line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    match line.split_once("\": ") {
        Some((name, value)) if name[indent..].starts_with('"') => {
            format!("{}{}: {value}", &line[..indent], theme.hint(&format!("{}\"", &name[indent..])))
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_everything_else_is_escaped() {
        assert_eq!(
            pretty(Theme::PLAIN, br#"{"b":1,"a":"x\u001b\u202e"}"#),
            ["{", "  \"b\": 1,", "  \"a\": \"x\\u001b\\u202e\"", "}"]
        );
        assert_eq!(pretty(Theme::PLAIN, b"a\x1b\nb"), ["a\\u{1b}", "b"]);
        assert_eq!(plain(b"\xff"), ["\\xff"]);
        let long = format!("{}é\n", "a".repeat(MAX_SHOWN - 1));
        assert_eq!(plain(long.as_bytes()).last().unwrap(), "… 3 bytes more");
    }
}
