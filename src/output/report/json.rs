//! The JSON reports: one document, or one object per line as `--format json` prints them.

use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::time::milliseconds;
use crate::output::printer::{ErrorReport, Look, Report, json_report};
use crate::output::report::{Suite, VERSION};
use crate::protocols::safe_json;
use jiff::Timestamp;
use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::io;

/// A case, serialized with its documented keys.
pub struct Case<'c>(pub &'c CaseReport);

impl Serialize for Case<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let case = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &case.id)?;
        map.serialize_entry("level", &case.level)?;
        map.serialize_entry("outcome", &case.outcome)?;
        map.serialize_entry("expected", &case.expected)?;
        map.serialize_entry("observed", &case.observed)?;
        map.serialize_entry("would", &case.next_step)?;
        map.serialize_entry("advice", &case.advice)?;
        map.serialize_entry("source", &case.source)?;
        let millis = milliseconds(case.duration);
        map.serialize_entry("duration_ms", &millis)?;
        map.serialize_entry("group", &case.group)?;
        map.serialize_entry("about", &case.about)?;
        map.serialize_entry("consequence", &case.consequence)?;
        // The request of a passed case is of no use, and may have megabytes.
        let curl = case.curl.as_deref().filter(|_| case.outcome != CaseOutcome::Pass);
        map.serialize_entry("curl", &curl.map(untruncated).transpose()?)?;
        map.end()
    }
}

/// Serializes a command without truncating it: a cut command would be a different one.
fn untruncated<E: Error>(command: &str) -> Result<Box<RawValue>, E> {
    let json = serde_json::to_string(command).map_err(E::custom)?;
    RawValue::from_string(safe_json::escape(&json).into_owned()).map_err(E::custom)
}

impl Report for Case<'_> {
    const KIND: &'static str = "case";

    fn human(&self, out: &mut dyn io::Write, _: Look) -> io::Result<()> {
        writeln!(out, "{} {}", self.0.outcome, self.0.id)
    }
}

/// Renders the error of a check that could not run, as `--format json` prints it.
///
/// # Errors
///
/// Never: writing to a buffer cannot fail.
pub fn error(error: &ErrorReport) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    json_report(&mut bytes, error)?;
    Ok(bytes)
}

/// A whole check.
#[derive(Serialize)]
struct CheckDocument<'s, S> {
    version: &'static str,
    date: Timestamp,
    provider: &'s str,
    url: &'s str,
    seed: u64,
    summary: &'s S,
    cases: Vec<Case<'s>>,
}

impl<S: Serialize> Report for CheckDocument<'_, S> {
    const KIND: &'static str = "check";

    fn human(&self, out: &mut dyn io::Write, _: Look) -> io::Result<()> {
        writeln!(out, "{}: {} cases", self.url, self.cases.len())
    }
}

/// Renders the check as one document. `summary` has the number of cases by outcome
/// and the causes of the failures.
///
/// # Errors
///
/// Never: writing to a buffer cannot fail.
pub fn document<S: Serialize>(suite: &Suite<'_>, summary: &S) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let document = CheckDocument {
        version: VERSION,
        date: suite.date,
        provider: suite.provider_id,
        url: suite.url,
        seed: suite.seed,
        summary,
        cases: suite.cases.iter().map(Case).collect(),
    };
    json_report(&mut bytes, &document)?;
    Ok(bytes)
}

/// Renders the check as one object per line: the cases and the summary.
///
/// # Errors
///
/// Never: writing to a buffer cannot fail.
pub fn lines<R: Report>(suite: &Suite<'_>, summary: &R) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for case in suite.cases {
        json_report(&mut bytes, &Case(case))?;
    }
    json_report(&mut bytes, summary)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report::tests::{cases, suite};
    use serde_json::Value;

    #[test]
    fn a_passed_case_has_no_request() {
        let cases = cases();
        let document = document(&suite(&cases), &()).unwrap();
        let document: Value = serde_json::from_slice(&document).unwrap();
        for case in document["cases"].as_array().unwrap() {
            assert_eq!(case["curl"].is_null(), case["outcome"] == "pass", "{case}");
        }
        assert_eq!(document["kind"], "check");
        assert_eq!(document["date"], "2026-11-30T00:00:00Z");
    }
}
