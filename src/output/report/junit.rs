//! The `JUnit` XML report for CI servers: a suite for each group of cases.
//!
//! CI servers recognise a test by its class and name, so that neither contains anything that
//! changes between runs. Some show nothing but this report: it also has the cause of a failure, and
//! why the exit status is not 0 although no test failed.

use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport};
use crate::output::printer::ErrorReport;
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
        let test_cases = cases.iter().map(|case| test_case(suite, case));
        test_suite.add_test_cases(test_cases);
        report.add_test_suite(test_suite);
    }
    if suite.verdict() == CaseOutcome::Incomplete {
        let reason = suite.stopped.map_or_else(|| suite.counts_sentence(), str::to_owned);
        let message = format!("{}: {reason}", suite.verdict_sentence());
        report.add_test_suite(error_suite(&message, "exit status 5: evidence is missing"));
    }
    serialize(&report)
}

/// Renders the report of a check that could not run, with the reason and a next step.
///
/// # Errors
///
/// Returns the library's error if the report cannot be serialized.
pub fn write_error(error: &ErrorReport) -> io::Result<Vec<u8>> {
    let mut report = Report::new("leadhook check");
    let lines: Vec<_> = error.hint.iter().chain(&error.output).map(String::as_str).collect();
    report.add_test_suite(error_suite(&error.message, &lines.join("\n")));
    serialize(&report)
}

/// Returns a suite with one test, which has an error.
fn error_suite(message: &str, description: &str) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(message).set_description(description);
    let mut test_case = TestCase::new("the check has a result", status);
    test_case.set_classname("leadhook.check");
    let mut suite = TestSuite::new("leadhook check");
    suite.add_test_case(test_case);
    suite
}

fn serialize(report: &Report) -> io::Result<Vec<u8>> {
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
            let fix = suite.cause_of(case).map(|known| known.fix.clone());
            let text: Vec<_> = fix.into_iter().chain(text).collect();
            status.set_message(message(suite, case)).set_type(case.level.to_string());
            status.set_description(text.join("\n"));
            status
        }
        CaseOutcome::Fail | CaseOutcome::Incomplete | CaseOutcome::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{}: {}", case.outcome, observation(case)));
            status
        }
    };
    let mut test_case = TestCase::new(format!("{}: {}", case.id, case.about), status);
    test_case.set_classname(class_name(suite.provider_id, case.group)).set_time(case.duration);
    test_case
}

/// Returns the cause of a failure, if it is known, and what was observed.
fn message(suite: &Suite<'_>, case: &CaseReport) -> String {
    match suite.cause_of(case) {
        Some(known) if known.confirmed => format!("{} {}", known.message, observation(case)),
        Some(known) => format!("Probably: {} {}", known.message, observation(case)),
        None => observation(case),
    }
}

/// Returns the class: the name of the provider's pack and the group, without spaces.
fn class_name(provider: &str, group: CaseGroup) -> String {
    format!("leadhook.check.{provider}.{}", group.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cause::Cause;
    use crate::output::report::tests::{cases, error, suite};

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
        assert_eq!(&*suite.test_cases[1].name, "bad: a <b>bold</b> & \"quoted\" thing");
    }

    #[test]
    fn a_name_is_the_id_and_the_sentence_of_the_case() {
        let mut cases = cases();
        cases.truncate(2);
        "another thing".clone_into(&mut cases[1].about);
        let text = String::from_utf8(write(&suite(&cases)).unwrap()).unwrap();
        assert!(text.contains("<testcase name=\"bad: another thing\""), "{text}");
        let lines = ["expected: refused, below 500", "observed: 500 in 2 ms"];
        assert!(lines.iter().all(|line| text.contains(*line)), "{text}");
        assert!(!text.contains("<error"), "{text}");
    }

    #[test]
    fn a_failure_begins_with_its_cause() {
        let cases = cases();
        let cause = Cause {
            code: "signature-not-checked",
            message: "Your code does not check the signature.".to_owned(),
            fix: "Compute it and compare.".to_owned(),
            confirmed: true,
            cases: vec!["bad".to_owned()],
        };
        let text = write(&Suite { causes: &[cause], ..suite(&cases) }).unwrap();
        let text = String::from_utf8(text).unwrap();
        let message = "message=\"Your code does not check the signature. expected: refused";
        assert!(text.contains(message) && text.contains("Compute it and compare."), "{text}");
    }

    #[test]
    fn missing_evidence_and_a_check_that_cannot_run_are_errors() {
        let mut cases = cases();
        cases.remove(1);
        let missing = String::from_utf8(write(&suite(&cases)).unwrap()).unwrap();
        assert!(
            missing.contains("<error message=\"no failure, 1 of 3 cases incomplete"),
            "{missing}"
        );
        let text = write_error(&error()).unwrap();
        let parsed = Report::deserialize_from_str(&String::from_utf8(text).unwrap()).unwrap();
        assert_eq!((parsed.tests, parsed.errors), (1, 1));
    }
}
