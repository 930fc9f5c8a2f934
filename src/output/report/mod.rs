//! Reports of `check` in the formats of other tools.

pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod tap;

use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseOutcome, CaseReport, RequirementLevel};
use std::time::Duration;

/// The results of a check.
#[derive(Clone, Copy, Debug)]
pub struct Suite<'s> {
    /// The URL of the receiver.
    pub url: &'s str,
    /// The display name of the provider.
    pub provider: &'s str,
    /// The cases in the order in which they were run.
    pub cases: &'s [CaseReport],
    /// The causes of the failures, if they are known.
    pub causes: &'s [Cause],
    /// The seed that repeats the run.
    pub seed: u64,
    /// The lowest level whose failures count.
    pub counts_from: RequirementLevel,
    /// The duration of the check.
    pub took: Duration,
}

impl Suite<'_> {
    /// Returns `true` if a failure of this case counts.
    #[must_use]
    pub fn counts(&self, case: &CaseReport) -> bool {
        case.level >= self.counts_from
    }

    /// Returns the number of cases with an outcome.
    #[must_use]
    pub fn count(&self, outcome: CaseOutcome) -> usize {
        self.cases.iter().filter(|case| case.outcome == outcome).count()
    }
}

/// Describes a case that is not as expected: observation, consequence and advice, one per line.
#[must_use]
pub fn explanation(case: &CaseReport) -> Vec<String> {
    let mut lines = vec![observation(case)];
    lines.extend(case.consequence.clone());
    lines.push(case.advice.clone());
    lines
}

/// Describes the expected and the observed response.
#[must_use]
pub fn observation(case: &CaseReport) -> String {
    match case.outcome {
        CaseOutcome::Pass | CaseOutcome::Fail => {
            format!("expected: {}; observed: {}", case.expected, case.observed)
        }
        CaseOutcome::Incomplete | CaseOutcome::Skipped => case.observed.clone(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::ci_command;
    use crate::domain::conformance::CaseGroup;
    use crate::output::sanitize::tests::ci_command_text;
    use proptest::prelude::*;

    /// Returns cases with content that could break a report.
    pub(in crate::output) fn cases() -> Vec<CaseReport> {
        let case = |id: &str, outcome| CaseReport {
            id: id.to_owned(),
            group: CaseGroup::Rejects,
            level: RequirementLevel::Must,
            about: "a <b>bold</b> & \"quoted\" thing".to_owned(),
            outcome,
            expected: "refused, below 500".to_owned(),
            observed: "500 in 2 ms\u{1b}[31m ]]>".to_owned(),
            next_step: None,
            consequence: Some("::error::it sends it 7 more times % \n::warning::".to_owned()),
            advice: "Compare # in constant time.".to_owned(),
            source: "RFC 9110".to_owned(),
            duration: Duration::from_millis(2),
            curl: Some("curl -X POST '<script>'".to_owned()),
            no_curl: None,
        };
        vec![
            case("good", CaseOutcome::Pass),
            case("bad", CaseOutcome::Fail),
            case("unknown", CaseOutcome::Incomplete),
            case("left-out", CaseOutcome::Skipped),
        ]
    }

    /// Returns a check of these cases.
    pub(in crate::output) fn suite(cases: &[CaseReport]) -> Suite<'_> {
        Suite {
            url: "http://127.0.0.1:3000/?a=<b>",
            provider: "Real <Estate>",
            cases,
            causes: &[],
            seed: 7,
            counts_from: RequirementLevel::Should,
            took: Duration::from_secs(1),
        }
    }

    proptest! {
        #[test]
        fn no_report_contains_a_command_for_a_ci_system(text in ci_command_text()) {
            let mut cases = cases();
            for case in &mut cases {
                (case.id, case.about, case.expected) = (text.clone(), text.clone(), text.clone());
                (case.observed, case.advice, case.source) = (text.clone(), text.clone(), text.clone());
                (case.consequence, case.curl) = (Some(text.clone()), Some(text.clone()));
            }
            let suite = Suite { url: &text, provider: &text, ..suite(&cases) };
            for (report, bytes) in [
                ("html", html::write(&suite).unwrap()),
                ("json", json::write(&suite).unwrap()),
                ("junit", junit::write(&suite).unwrap()),
                ("tap", tap::write(&suite)),
            ] {
                let report_text = String::from_utf8(bytes).unwrap();
                prop_assert!(ci_command::command_offsets(&report_text).next().is_none(), "{}: {}", report, report_text);
            }
            // Annotations are commands, and each line is exactly one.
            let annotations = github::write(&cases);
            for line in annotations.lines() {
                prop_assert_eq!(ci_command::command_offsets(line).collect::<Vec<_>>(), [0], "{}", line);
            }
        }
    }
}
