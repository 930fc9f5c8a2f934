//! Reports of `check` in the formats of other tools.

pub mod github;
pub mod html;
pub mod json;
pub mod junit;
mod spans;
pub mod step_summary;
pub mod tap;

use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseOutcome, CaseReport, RequirementLevel};
use crate::domain::time::format_duration;
use jiff::Timestamp;
use std::time::Duration;

/// The version of leadhook.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The results of a check.
#[derive(Clone, Copy, Debug)]
pub struct Suite<'s> {
    /// The URL of the receiver.
    pub url: &'s str,
    /// The id of the provider.
    pub provider_id: &'s str,
    /// The display name of the provider.
    pub provider: &'s str,
    /// The provider's documentation.
    pub documentation: &'s str,
    /// The time at which the check started.
    pub date: Timestamp,
    /// The cases in the order in which they were run, and after them those that were not run.
    pub cases: &'s [CaseReport],
    /// The number of cases that were run: the others are the last ones, if the check has stopped.
    pub ran: usize,
    /// The reason why the check has stopped before all cases were run, as a sentence.
    pub stopped: Option<&'s str>,
    /// The causes of the failures, if they are known.
    pub causes: &'s [Cause],
    /// The seed that repeats the run.
    pub seed: u64,
    /// The lowest level whose failures count.
    pub counts_from: RequirementLevel,
    /// The duration of the check.
    pub took: Duration,
    /// The maximum response time.
    pub budget: Duration,
    /// The option, variable or file that the secret is from.
    pub secret_origin: &'s str,
    /// The command that repeats the run, unless no command can, or it could contain a secret.
    pub command: Option<&'s str>,
    /// The statement that the requests are redacted, if they are.
    pub redaction: Option<&'s str>,
}

impl Suite<'_> {
    /// Returns `true` if a failure of this case counts.
    #[must_use]
    pub fn counts(&self, case: &CaseReport) -> bool {
        case.level >= self.counts_from
    }

    /// Returns the cases that were run.
    #[must_use]
    pub fn run(&self) -> &[CaseReport] {
        self.cases.get(..self.ran).unwrap_or(self.cases)
    }

    /// Returns the cases that were not run because the check has stopped.
    #[must_use]
    pub fn not_run(&self) -> &[CaseReport] {
        self.cases.get(self.ran..).unwrap_or_default()
    }

    /// Returns the number of cases with an outcome, of those that were run.
    #[must_use]
    pub fn count(&self, outcome: CaseOutcome) -> usize {
        self.run().iter().filter(|case| case.outcome == outcome).count()
    }

    /// Returns `true` if the case failed, and its failure counts.
    #[must_use]
    pub fn is_failure(&self, case: &CaseReport) -> bool {
        case.outcome == CaseOutcome::Fail && self.counts(case)
    }

    /// Returns `true` if a cause explains the case.
    #[must_use]
    pub fn has_cause(&self, case: &CaseReport) -> bool {
        self.cause_of(case).is_some()
    }

    /// Returns the cause that explains the case, if there is one.
    #[must_use]
    pub fn cause_of(&self, case: &CaseReport) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.cases.contains(&case.id))
    }

    /// Returns the verdict: failures take precedence over missing evidence.
    #[must_use]
    pub fn verdict(&self) -> CaseOutcome {
        if self.cases.iter().any(|case| self.is_failure(case)) {
            CaseOutcome::Fail
        } else if self.count(CaseOutcome::Incomplete) > 0
            || self.count(CaseOutcome::Pass) == 0
            || !self.not_run().is_empty()
        {
            CaseOutcome::Incomplete
        } else {
            CaseOutcome::Pass
        }
    }

    /// Returns the verdict as a sentence, without a full stop.
    #[must_use]
    pub fn verdict_sentence(&self) -> String {
        let all = self.cases.len();
        let of_all = |count: usize| {
            let noun = if all == 1 { "case" } else { "cases" };
            format!("{count} of {all} {noun}")
        };
        match self.verdict() {
            CaseOutcome::Fail => {
                let failures = self.cases.iter().filter(|case| self.is_failure(case)).count();
                format!("{} failed", of_all(failures))
            }
            CaseOutcome::Incomplete if !self.not_run().is_empty() => {
                format!("no failure, {} not run", of_all(self.not_run().len()))
            }
            CaseOutcome::Incomplete if self.count(CaseOutcome::Incomplete) > 0 => {
                format!("no failure, {} incomplete", of_all(self.count(CaseOutcome::Incomplete)))
            }
            CaseOutcome::Incomplete | CaseOutcome::Skipped => "no case passed or failed".to_owned(),
            CaseOutcome::Pass => format!("{} passed", of_all(self.count(CaseOutcome::Pass))),
        }
    }

    /// Returns the number of cases for each result, with its name and in words.
    fn results(&self) -> [(&'static str, usize, &'static str); 6] {
        let failures = self.cases.iter().filter(|case| self.is_failure(case)).count();
        let not_counted = self.count(CaseOutcome::Fail) - failures;
        [
            ("pass", self.count(CaseOutcome::Pass), "passed"),
            ("fail", failures, "failed"),
            ("lenient", not_counted, "failed and not counted"),
            ("incomplete", self.count(CaseOutcome::Incomplete), "incomplete"),
            ("skipped", self.count(CaseOutcome::Skipped), "skipped"),
            ("not-run", self.not_run().len(), "not run"),
        ]
    }

    /// Returns the number of cases by result, and the duration.
    #[must_use]
    pub fn counts_sentence(&self) -> String {
        // A reader looks for these numbers even if they are 0.
        let is_shown = |name, count| count > 0 || ["pass", "fail", "incomplete"].contains(&name);
        let shown = self.results().into_iter().filter(|(name, count, _)| is_shown(*name, *count));
        let parts: Vec<_> = shown.map(|(_, count, word)| format!("{count} {word}")).collect();
        format!("{} in {}", parts.join(", "), format_duration(self.took))
    }
}

/// Describes a case that is not as expected, one fact per line; the last line is the advice.
#[must_use]
pub fn explanation(case: &CaseReport) -> Vec<String> {
    let mut lines = findings(case);
    lines.push(case.advice.clone());
    lines
}

/// Describes the expected and the observed response, and the consequence, one per line.
fn findings(case: &CaseReport) -> Vec<String> {
    let mut lines = match case.outcome {
        CaseOutcome::Pass | CaseOutcome::Fail => {
            vec![format!("expected: {}", case.expected), format!("observed: {}", case.observed)]
        }
        CaseOutcome::Incomplete | CaseOutcome::Skipped => vec![case.observed.clone()],
    };
    lines.extend(case.consequence.clone());
    lines
}

/// Groups incomplete cases by the evidence that is missing.
#[must_use]
pub fn missing_evidence(cases: &[CaseReport]) -> Vec<(&str, Vec<&CaseReport>)> {
    let mut reasons: Vec<(&str, Vec<&CaseReport>)> = Vec::new();
    for case in cases.iter().filter(|case| case.outcome == CaseOutcome::Incomplete) {
        match reasons.iter_mut().find(|(reason, _)| *reason == case.observed) {
            Some((_, cases)) => cases.push(case),
            None => reasons.push((&case.observed, vec![case])),
        }
    }
    reasons
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
    use crate::output::printer::ErrorReport;
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
            response_times: Vec::new(),
            curl: Some("curl -X POST '<script>'".to_owned()),
            no_curl: None,
            indented_bodies: Vec::new(),
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
            provider_id: "estate",
            provider: "Real <Estate>",
            documentation: "https://example.com/webhooks",
            date: "2026-11-30T00:00:00Z".parse().unwrap(),
            cases,
            ran: cases.len(),
            stopped: None,
            causes: &[],
            seed: 7,
            counts_from: RequirementLevel::Should,
            took: Duration::from_secs(1),
            budget: Duration::from_secs(5),
            secret_origin: "`--secret`",
            command: Some("leadhook check :3000 --secret --seed 7"),
            redaction: None,
        }
    }

    /// Returns the error of a check that could not run, with content that could break a report.
    pub(in crate::output) fn error() -> ErrorReport {
        ErrorReport {
            code: "no-secret",
            message: "no secret for <Real Estate>\n::error::x".to_owned(),
            output: vec!["]]>\u{1b}[31m".to_owned()],
            hint: Some("set it".to_owned()),
            exit: 2,
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
                case.indented_bodies = vec![Some(text.clone())];
            }
            let cause = Cause {
                code: "a-cause",
                message: text.clone(),
                fix: text.clone(),
                confirmed: false,
                cases: vec![text.clone()],
            };
            let causes = [cause];
            let suite = Suite {
                url: &text,
                provider: &text,
                documentation: &text,
                causes: &causes,
                ran: 3,
                stopped: Some(&text),
                secret_origin: &text,
                command: Some(&text),
                ..suite(&cases)
            };
            for (report, bytes) in [
                ("html", html::write(&suite).unwrap()),
                ("json", json::document(&suite, &()).unwrap()),
                ("step summary", step_summary::write(&suite, 1 << 20).into_bytes()),
                ("junit", junit::write(&suite).unwrap()),
                ("tap", tap::write(&suite)),
            ] {
                let report_text = String::from_utf8(bytes).unwrap();
                prop_assert!(ci_command::command_offsets(&report_text).next().is_none(), "{}: {}", report, report_text);
            }
            let error = ErrorReport {
                message: text.clone(),
                output: vec![text.clone()],
                hint: Some(text.clone()),
                ..error()
            };
            for (report, bytes) in [
                ("html", html::write_error(&error).unwrap()),
                ("json", json::error(&error).unwrap()),
                ("step summary", step_summary::write_error(&error).into_bytes()),
                ("junit", junit::write_error(&error).unwrap()),
                ("tap", tap::write_error(&error)),
            ] {
                let report_text = String::from_utf8(bytes).unwrap();
                prop_assert!(ci_command::command_offsets(&report_text).next().is_none(), "{}: {}", report, report_text);
            }
            // Annotations are commands, and each line is exactly one.
            let annotations = github::write(&suite) + &github::write_error(&error);
            for line in annotations.lines() {
                prop_assert_eq!(ci_command::command_offsets(line).collect::<Vec<_>>(), [0], "{}", line);
            }
        }
    }
}
