//! Annotations for GitHub Actions: workflow commands, which the runner extracts from the log.

use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::output::report::explanation;
use crate::output::sanitize;

/// Returns one line for each case that failed or is incomplete.
#[must_use]
pub fn write(cases: &[CaseReport]) -> String {
    let line = |case: &CaseReport| {
        let command = match case.outcome {
            CaseOutcome::Fail => "error",
            CaseOutcome::Incomplete => "warning",
            CaseOutcome::Pass | CaseOutcome::Skipped => return None,
        };
        let title = escaped(&format!("{}: {}", case.id, case.about), true);
        Some(format!(
            "::{command} title={title}::{}\n",
            escaped(&explanation(case).join(" "), false)
        ))
    };
    cases.iter().filter_map(line).collect()
}

/// Escapes the data of a command, in which the runner decodes `%XX`. A command within the data is
/// escaped as in any other output, because `%XX` would be decoded to a command again.
fn escaped(text: &str, is_property: bool) -> String {
    let text = sanitize::without_ci_commands(text.to_owned());
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    if is_property { text.replace(':', "%3A").replace(',', "%2C") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report::tests::cases;

    #[test]
    fn observed_values_cannot_add_commands() {
        let text = write(&cases());
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("::error title=bad%3A a "), "{text}");
        assert!(lines[1].starts_with("::warning title=unknown%3A"), "{text}");
        assert!(lines[0].contains("%25 %0A\\u{3a}:warning::"), "{text}");
    }
}
