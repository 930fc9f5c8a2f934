//! The TAP 14 report: one line per case.

use crate::domain::conformance::CaseOutcome;
use crate::output::printer::ErrorReport;
use crate::output::report::{Suite, explanation};
use crate::output::sanitize;
use std::fmt::Write;

/// Renders the report of a check that could not run.
#[must_use]
pub fn write_error(error: &ErrorReport) -> Vec<u8> {
    format!("TAP version 14\nBail out! {}\n", line(&error.message)).into_bytes()
}

/// Renders the report. Incomplete cases and failures that do not count are `TODO`, which TAP
/// consumers count neither as a pass nor as a failure.
#[must_use]
pub fn write(suite: &Suite<'_>) -> Vec<u8> {
    let mut text = format!("TAP version 14\n1..{}\n", suite.cases.len());
    for (case, number) in suite.cases.iter().zip(1..) {
        let ok = match case.outcome {
            CaseOutcome::Pass | CaseOutcome::Skipped => "ok",
            CaseOutcome::Fail | CaseOutcome::Incomplete => "not ok",
        };
        let directive = match case.outcome {
            CaseOutcome::Pass => String::new(),
            CaseOutcome::Fail if suite.counts(case) => String::new(),
            CaseOutcome::Fail => format!(" # TODO {} level, not counted", case.level),
            CaseOutcome::Incomplete => format!(" # TODO {}", line(&case.observed)),
            CaseOutcome::Skipped => format!(" # SKIP {}", line(&case.observed)),
        };
        let about = line(&case.about);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{ok} {number} - {}: {about}{directive}", case.id);
        if case.outcome == CaseOutcome::Fail {
            for line_text in explanation(case) {
                let _ = writeln!(text, "# {}", sanitize::line(&line_text));
            }
        }
    }
    sanitize::without_ci_commands(text).into_bytes()
}

/// Escapes a string so that no part of it is a TAP directive.
fn line(text: &str) -> String {
    sanitize::line(text).replace('\\', "\\\\").replace('#', "\\#")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report::tests::{cases, suite};

    #[test]
    fn each_case_has_exactly_one_line() {
        let cases = cases();
        let text = String::from_utf8(write(&suite(&cases))).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with("# ")).collect();
        assert_eq!(lines.len(), 6, "{text}");
        assert_eq!((lines[0], lines[1]), ("TAP version 14", "1..4"));
        let starts = ["ok 1 - good", "not ok 2 - bad", "not ok 3 - unknown", "ok 4 - left-out"];
        for (line, start) in lines[2..].iter().zip(starts) {
            assert!(line.starts_with(start), "{line}");
        }
        assert!(lines[4].contains(" # TODO ") && lines[5].contains(" # SKIP "), "{text}");
    }
}
