//! The ids of elements that links of the report lead to.

use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseGroup, CaseReport};
use crate::output::report::Suite;

/// The id of the causes.
pub(super) const CAUSES: &str = "causes";

/// The id of the list of failures.
pub(super) const FAILURES: &str = "failures";

/// The id of the list of incomplete cases.
pub(super) const INCOMPLETE: &str = "incomplete";

/// The id of the chart of response times.
pub(super) const RESPONSE_TIMES: &str = "response-times";

/// The id of the cases.
pub(super) const CASES: &str = "cases";

/// The id of the facts of the run.
pub(super) const RUN: &str = "run";

/// Returns the id of a case. It is the same in every run, unless the id of the case has other
/// characters than an anchor may have.
pub(super) fn of_case(suite: &Suite<'_>, case: &CaseReport) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if case.id.chars().all(is_plain) {
        return format!("case-{}", case.id);
    }
    let safe: String = case.id.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    // No plain id has a `~`, and no two cases have the same position.
    let position = suite.cases.iter().position(|other| other.id == case.id).unwrap_or_default();
    format!("case-{safe}~{position}")
}

/// Returns the id of a cause.
pub(super) fn of_cause(cause: &Cause) -> String {
    format!("cause-{}", cause.code)
}

/// Returns the id of a group.
pub(super) fn of_group(group: CaseGroup) -> String {
    format!("group-{}", group.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report::tests::{cases, suite};

    #[test]
    fn an_anchor_is_safe_and_unique() {
        let mut cases = cases();
        for (case, id) in cases.iter_mut().zip(["event-lead.created", "a b", "a\"b", "a-b"]) {
            id.clone_into(&mut case.id);
        }
        let suite = suite(&cases);
        let anchors: Vec<_> = cases.iter().map(|case| of_case(&suite, case)).collect();
        let expected = ["case-event-lead.created", "case-a-b~1", "case-a-b~2", "case-a-b"];
        assert_eq!(anchors, expected);
    }
}
