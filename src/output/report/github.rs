//! Annotations for GitHub Actions: workflow commands, which the runner extracts from the log.

use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::output::printer::ErrorReport;
use crate::output::report::{Suite, explanation};
use crate::output::sanitize;

/// The maximum number of errors, and of warnings, that GitHub shows for one step.
const MAX_ANNOTATIONS: usize = 10;

/// Returns one line for each cause, each failed case without a known cause and each incomplete
/// case, up to the limit; a last line has the number of the others. The cases that were not run have
/// one line.
#[must_use]
pub fn write(suite: &Suite<'_>) -> String {
    let causes = suite.causes.iter().map(cause_command);
    let is_unexplained = |case: &&CaseReport| !suite.has_cause(case);
    let failures = suite.cases.iter().filter(|case| suite.is_failure(case));
    let errors = causes.chain(failures.filter(is_unexplained).map(|case| command("error", case)));
    let errors: Vec<_> = errors.chain(incomplete(suite)).collect();
    let is_warning = |case: &&CaseReport| match case.outcome {
        CaseOutcome::Fail => !suite.counts(case) && !suite.has_cause(case),
        CaseOutcome::Incomplete => true,
        CaseOutcome::Pass | CaseOutcome::Skipped => false,
    };
    let warnings = suite.run().iter().filter(is_warning).map(|case| command("warning", case));
    let warnings: Vec<_> = not_run(suite).into_iter().chain(warnings).collect();
    let shown = |lines: &[String]| lines.iter().take(MAX_ANNOTATIONS).cloned().collect::<String>();
    shown(&errors) + &shown(&warnings) + &rest(errors.len(), warnings.len())
}

/// Returns the line about an exit status that is not 0 although nothing failed.
fn incomplete(suite: &Suite<'_>) -> Option<String> {
    let is_incomplete = suite.verdict() == CaseOutcome::Incomplete;
    let text = || format!("exit status 5: evidence is missing\n{}", suite.counts_sentence());
    let title = format!("leadhook check: {}", suite.verdict_sentence());
    is_incomplete.then(|| annotation("error", &title, &text()))
}

/// Returns the line for a check that could not run, with a next step.
#[must_use]
pub fn write_error(error: &ErrorReport) -> String {
    let lines: Vec<_> = [&error.message].into_iter().chain(&error.hint).cloned().collect();
    annotation("error", "leadhook check", &lines.join("\n"))
}

/// Returns the line about the cases that were not run, if there are any.
fn not_run(suite: &Suite<'_>) -> Option<String> {
    let reason = suite.stopped.filter(|_| !suite.not_run().is_empty())?;
    let title = format!("leadhook check: {} cases were not run", suite.not_run().len());
    Some(annotation("warning", &title, reason))
}

/// Returns the line with the number of annotations beyond the limit, or an empty string.
fn rest(errors: usize, warnings: usize) -> String {
    let more = [(errors, "error"), (warnings, "warning")].map(|(count, word)| {
        let count = count.saturating_sub(MAX_ANNOTATIONS);
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} more {word}{plural}"))
    });
    let more: Vec<_> = more.into_iter().flatten().collect();
    if more.is_empty() {
        return String::new();
    }
    format!("::notice title=leadhook check::{}: see the summary of the run\n", more.join(" and "))
}

fn cause_command(cause: &Cause) -> String {
    let certainty = if cause.confirmed { "" } else { "probably: " };
    let cases = cause.cases.join(", ");
    let text = format!("{certainty}{}\n{}\ncases: {cases}", cause.message, cause.fix);
    annotation("error", &format!("leadhook check: {}", cause.code), &text)
}

fn command(command: &str, case: &CaseReport) -> String {
    annotation(command, &format!("{}: {}", case.id, case.about), &explanation(case).join("\n"))
}

fn annotation(command: &str, title: &str, text: &str) -> String {
    format!("::{command} title={}::{}\n", escaped(title, true), escaped(text, false))
}

/// Escapes the data of a command, in which the runner decodes `%XX`. A command within the data is
/// escaped as in any other output, because `%XX` would be decoded to a command again.
fn escaped(text: &str, is_property: bool) -> String {
    let text = sanitize::without_ci_commands(sanitize::lines(text));
    let text = text.replace('%', "%25").replace('\n', "%0A");
    if is_property { text.replace(':', "%3A").replace(',', "%2C") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report::tests::{cases, error, suite};

    #[test]
    fn observed_values_cannot_add_commands() {
        let cases = cases();
        let text = write(&suite(&cases));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("::error title=bad%3A a "), "{text}");
        assert!(lines[0].contains("::expected: refused, below 500%0Aobserved: 500 in 2 ms"));
        assert!(lines[1].starts_with("::warning title=unknown%3A"), "{text}");
        assert!(lines[0].contains("%25 %0A\\u{3a}:warning::"), "{text}");
    }

    #[test]
    fn a_result_without_a_failure_that_is_no_pass_is_an_error() {
        let mut cases = cases();
        cases.remove(1);
        let text = write(&suite(&cases));
        let start = "::error title=leadhook check%3A no failure%2C 1 of 3 cases incomplete::exit";
        assert!(text.starts_with(start), "{text}");
        let text = write_error(&error());
        assert_eq!(text.lines().count(), 1, "{text}");
    }

    #[test]
    fn at_most_ten_of_each_are_shown() {
        let [_, failed, incomplete, _] = <[_; 4]>::try_from(cases()).unwrap();
        let mut cases = vec![failed; 13];
        cases.resize(24, incomplete);
        let text = write(&suite(&cases));
        let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!((count("::error "), count("::warning ")), (10, 10));
        let last = text.lines().last().unwrap();
        assert!(last.ends_with("::3 more errors and 1 more warning: see the summary of the run"));
    }

    #[test]
    fn a_cause_replaces_its_cases() {
        let cases = cases();
        let cause = Cause {
            code: "wrong-path",
            message: "Every request gets 404.".to_owned(),
            fix: "Is the path right?".to_owned(),
            confirmed: false,
            cases: vec!["bad".to_owned()],
        };
        let text = write(&Suite { causes: &[cause], ..suite(&cases) });
        let errors: Vec<_> = text.lines().filter(|line| line.starts_with("::error")).collect();
        let expected = "::error title=leadhook check%3A wrong-path::probably: Every request gets \
                        404.%0AIs the path right?%0Acases: bad";
        assert_eq!(errors, [expected]);
    }

    #[test]
    fn the_cases_that_were_not_run_have_one_warning() {
        let cases = cases();
        let text = write(&Suite { ran: 2, stopped: Some("a case failed"), ..suite(&cases) });
        let warnings: Vec<_> = text.lines().filter(|line| line.starts_with("::warning")).collect();
        let expected = "::warning title=leadhook check%3A 2 cases were not run::a case failed";
        assert_eq!(warnings, [expected]);
    }
}
