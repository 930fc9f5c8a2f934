//! CI workflow commands, which a CI system executes when a job prints them.
//!
//! - GitHub Actions: `::command::` at the start of a line, after white space, and `##[command]`
//!   anywhere in a line (actions/runner, `src/Runner.Common/ActionCommand.cs`, `TryParseV2` and
//!   `TryParse`).
//! - Azure Pipelines: `##vso[command]` anywhere in a line (azure-pipelines-agent,
//!   `src/Agent.Sdk/Util/Command.cs`), and `##[section]` for the format of its log.
//! - `TeamCity`: `##teamcity[message]` ("Service Messages" of its documentation).

/// The names between `##` and `[`.
const PREFIXES: [&str; 3] = ["", "vso", "teamcity"];

/// Returns the offset of the first character of each command in `text`, in ascending order.
///
/// With these characters escaped, `text` contains no command.
pub fn command_offsets(text: &str) -> impl Iterator<Item = usize> {
    // `true` while only white space precedes the character in its line.
    let mut at_line_start = true;
    // Each byte that matters is ASCII, so every offset found is a character boundary.
    text.char_indices().filter_map(move |(offset, c)| {
        let is_line_start = at_line_start;
        // The runners read lines as .NET does: a carriage return ends one as well.
        at_line_start = matches!(c, '\n' | '\r') || (is_line_start && c.is_whitespace());
        let rest = &text[offset..];
        let is_start = match c {
            ':' => is_line_start && rest.starts_with("::"),
            '#' => is_hash_command(rest),
            _ => false,
        };
        is_start.then_some(offset)
    })
}

/// Returns `true` if `text` begins with `##[`, `##vso[` or `##teamcity[`, in any case.
#[must_use]
pub fn is_hash_command(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("##") else { return false };
    let rest = rest.as_bytes();
    PREFIXES.iter().any(|name| {
        let has_name =
            rest.get(..name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()));
        has_name && rest.get(name.len()) == Some(&b'[')
    })
}

/// Replaces the first character of each command in `text` with the result of `escape`.
#[must_use]
pub fn escape(text: String, escape: impl Fn(char) -> &'static str) -> String {
    if !text.contains("::") && !text.contains("##") {
        return text;
    }
    let mut escaped = String::new();
    let mut copied = 0;
    for start in command_offsets(&text) {
        let c = if text[start..].starts_with('#') { '#' } else { ':' };
        escaped.push_str(&text[copied..start]);
        escaped.push_str(escape(c));
        copied = start + 1;
    }
    if copied == 0 {
        return text;
    }
    escaped.push_str(&text[copied..]);
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_as_ci_systems_find_them() {
        for (text, offsets) in [
            ("::error::x", vec![0]),
            ("a ::error::x", vec![]),
            ("a\n \u{a0}\t::error::x", vec![6]),
            ("a\r::error::x\r\n::x", vec![2, 14]),
            (":::x", vec![0]),
            (": :x", vec![]),
            ("##[x]", vec![0]),
            ("a ##[x] ##vso[y] ###[z]", vec![2, 8, 18]),
            ("##VSO[x]##TeamCity[y]", vec![0, 8]),
            ("## [x] #[x] ##vso [y] ##other[z] ##", vec![]),
            ("é##[x]", vec![2]),
        ] {
            assert_eq!(command_offsets(text).collect::<Vec<_>>(), offsets, "{text:?}");
        }
    }

    #[test]
    fn an_escaped_string_contains_no_command() {
        let replacement = |c| if c == '#' { "<h>" } else { "<c>" };
        let escaped = |text: &str| escape(text.to_owned(), replacement);
        assert_eq!(escaped("a\n ::x::\n###[y]##vso[z]"), "a\n <c>:x::\n#<h>#[y]<h>#vso[z]");
        assert_eq!(escaped("plain"), "plain");
        assert_eq!(escaped("# a ## b :: c"), "# a ## b :: c");
    }
}
