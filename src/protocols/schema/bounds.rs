//! How much is said of one document, and what stands in the place of the rest.

use crate::domain::finding::{Finding, Severity, Words};
use serde_json::Value;

/// How many findings are listed: nobody reads more, and a sender could make millions.
pub(super) const MOST_FINDINGS: usize = 100;

/// How many values a document may have to be searched for every finding; a larger one is searched
/// for the first alone, because the validator keeps all of them in memory.
pub(super) const MOST_VALUES: usize = 20_000;

/// Where the bounds on what is said come from.
const BOUNDED: &str = "a bound of leadhook, so that nobody can make it write without end";

/// That there are more findings than are listed, of which the heaviest weighs so much.
pub(super) fn more_findings(severity: Severity) -> Finding {
    let words = Words::has("more findings", format!("at most {MOST_FINDINGS}"));
    Finding::new(severity, "more-findings", words.so("the others are not listed"), BOUNDED)
}

/// That a document is so large that only its first fault was looked for.
pub(super) fn more_values() -> Finding {
    let words = Words::has("more values", format!("at most {MOST_VALUES}"));
    let words = words.so("only the first fault was looked for");
    Finding::new(Severity::Warning, "more-findings", words, BOUNDED)
}

/// How many values a document holds, itself included.
pub(super) fn values(document: &Value) -> usize {
    match document {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(values).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}
