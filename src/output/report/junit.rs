//! The `JUnit` XML report for CI servers: a suite for each group of cases.
//!
//! CI servers recognise a test by its class and name, so that neither contains anything that
//! changes between runs.

use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport};
use crate::output::report::{Suite, VERSION, explanation, observation};
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
    let seed = suite.seed.to_string();
    for group in CaseGroup::ALL {
        let cases: Vec<_> = suite.cases.iter().filter(|case| case.group == group).collect();
        if cases.is_empty() {
            continue;
        }
        let mut test_suite = TestSuite::new(group.title());
        test_suite.add_property(("url", suite.url));
        test_suite.add_property(("provider", suite.provider));
        test_suite.add_property(("seed", seed.as_str()));
        test_suite.add_property(("leadhook", VERSION));
        if let Some(redaction) = suite.redaction {
            test_suite.add_property(("requests", redaction));
        }
        test_suite.set_time(cases.iter().map(|case| case.duration).sum());
        let test_cases = cases.iter().map(|case| test_case(suite, case, &cases));
        test_suite.add_test_cases(test_cases);
        report.add_test_suite(test_suite);
    }
    let mut bytes = Vec::new();
    report.serialize(&mut bytes).map_err(io::Error::other)?;
    let document = String::from_utf8(bytes).map_err(io::Error::other)?;
    // Some parsers of these files do not support character references, `quick_junit` among them.
    // Commands are therefore escaped as in plain text.
    Ok(sanitize::without_ci_commands(sanitize::lines(&document)).into_bytes())
}

fn test_case(suite: &Suite<'_>, case: &CaseReport, group: &[&CaseReport]) -> TestCase {
    let status = match case.outcome {
        CaseOutcome::Pass => TestCaseStatus::success(),
        CaseOutcome::Fail if suite.counts(case) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let text: Vec<_> = explanation(case).into_iter().chain(case.curl.clone()).collect();
            status.set_message(observation(case)).set_type(case.level.to_string());
            status.set_description(text.join("\n"));
            status
        }
        CaseOutcome::Fail | CaseOutcome::Incomplete | CaseOutcome::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{}: {}", case.outcome, observation(case)));
            status
        }
    };
    let mut test_case = TestCase::new(name(case, group), status);
    test_case.set_classname(class_name(suite.provider_id, case.group)).set_time(case.duration);
    test_case
}

/// Returns the sentence that describes a case; with its id, if another case of the group has the
/// same one.
fn name(case: &CaseReport, group: &[&CaseReport]) -> String {
    let is_shared = group.iter().filter(|other| other.about == case.about).count() > 1;
    if is_shared { format!("{} ({})", case.about, case.id) } else { case.about.clone() }
}

/// Returns the class: the name of the provider's pack and the group, without spaces.
fn class_name(provider: &str, group: CaseGroup) -> String {
    format!("leadhook.check.{provider}.{}", group.name())
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
        for test_case in &suite.test_cases {
            assert_eq!(test_case.classname.as_deref(), Some("leadhook.check.estate.rejects"));
        }
        assert_eq!(&*suite.test_cases[1].name, "a <b>bold</b> & \"quoted\" thing (bad)");
    }

    #[test]
    fn a_name_is_the_sentence_of_the_case() {
        let mut cases = cases();
        cases.truncate(2);
        "another thing".clone_into(&mut cases[1].about);
        let text = String::from_utf8(write(&suite(&cases)).unwrap()).unwrap();
        assert!(text.contains("<testcase name=\"another thing\""), "{text}");
        let lines = ["expected: refused, below 500", "observed: 500 in 2 ms"];
        assert!(lines.iter().all(|line| text.contains(*line)), "{text}");
    }
}
