//! The `JUnit` XML report for CI servers: a suite for each group of cases.

use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport};
use crate::output::report::{Suite, explanation};
use crate::output::sanitize;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::io;

/// Renders the report.
///
/// # Errors
///
/// Returns the library's error if the report cannot be serialized.
pub fn write(suite: &Suite<'_>) -> io::Result<Vec<u8>> {
    let mut report = Report::new("leadhook check");
    report.set_time(suite.took);
    for group in CaseGroup::ALL {
        let cases: Vec<_> = suite.cases.iter().filter(|case| case.group == group).collect();
        if cases.is_empty() {
            continue;
        }
        let mut test_suite = TestSuite::new(group.title());
        test_suite.add_property(("url", suite.url));
        test_suite.add_property(("provider", suite.provider));
        test_suite.set_time(cases.iter().map(|case| case.duration).sum());
        test_suite.add_test_cases(cases.into_iter().map(|case| test_case(suite, case)));
        report.add_test_suite(test_suite);
    }
    let mut bytes = Vec::new();
    report.serialize(&mut bytes).map_err(io::Error::other)?;
    let document = String::from_utf8(bytes).map_err(io::Error::other)?;
    // Some parsers of these files do not support character references, `quick_junit` among them.
    // Commands are therefore escaped as in plain text.
    Ok(sanitize::without_ci_commands(sanitize::lines(&document)).into_bytes())
}

fn test_case(suite: &Suite<'_>, case: &CaseReport) -> TestCase {
    let status = match case.outcome {
        CaseOutcome::Pass => TestCaseStatus::success(),
        CaseOutcome::Fail if suite.counts(case) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let text: Vec<_> = explanation(case).into_iter().chain(case.curl.clone()).collect();
            status.set_message(explanation(case).remove(0)).set_type(case.level.to_string());
            status.set_description(text.join("\n"));
            status
        }
        CaseOutcome::Fail | CaseOutcome::Incomplete | CaseOutcome::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{}: {}", case.outcome, explanation(case).remove(0)));
            status
        }
    };
    let mut test_case = TestCase::new(case.id.as_str(), status);
    test_case.set_classname(format!("leadhook.check.{}", suite.provider)).set_time(case.duration);
    test_case
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report::tests::{cases, suite};

    #[test]
    fn a_report_with_hostile_values_can_be_parsed() {
        let cases = cases();
        let bytes = write(&suite(&cases)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let parsed = Report::deserialize_from_str(&text).unwrap();
        let suite = &parsed.test_suites[0];
        assert_eq!((parsed.tests, suite.test_cases.len()), (4, 4));
        assert_eq!((suite.failures, text.matches("<skipped").count()), (1, 2));
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}
