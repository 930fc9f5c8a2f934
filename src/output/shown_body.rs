//! Bodies as people read them: pretty-printed JSON, or the bytes made safe.

use crate::output::sanitize;
use crate::output::theme::Theme;
use crate::protocols::safe_json;
use serde_json::Value;

/// How much of a body is shown.
const MOST: usize = 4_096;

/// A body as lines: indented JSON with coloured names, or the text with its dangers escaped.
#[must_use]
pub fn pretty(theme: Theme, body: &[u8]) -> Vec<String> {
    let shown = match serde_json::from_slice::<Value>(body) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_default(),
        Err(_) => return plain(body),
    };
    // Escaped as JSON has it, so that what is copied from a terminal is the same document.
    safe_json::escape(&shown).lines().map(|line| colour_name(theme, line)).collect()
}

/// The beginning of a body as lines, with its dangers escaped and nothing else changed.
#[must_use]
pub fn plain(body: &[u8]) -> Vec<String> {
    let cut = sanitize::whole_characters(&body[..body.len().min(MOST)]);
    let mut lines: Vec<_> = match std::str::from_utf8(cut) {
        Ok(text) => sanitize::lines(text).lines().map(str::to_owned).collect(),
        Err(_) => vec![sanitize::whole_bytes(cut)],
    };
    if cut.len() < body.len() {
        lines.push(format!("… {} bytes more", body.len() - cut.len()));
    }
    lines
}

/// `serde_json` puts one member on a line: the name is what stands before `": `.
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
        let long = format!("{}é\n", "a".repeat(MOST - 1));
        assert_eq!(plain(long.as_bytes()).last().unwrap(), "… 3 bytes more");
    }
}
