//! The JSON report: a file with the lines that `--format json` prints for the cases.

use crate::domain::conformance::CaseReport;
use crate::output::printer::{Report, json_report};
use crate::output::report::Suite;
use crate::protocols::safe_json;
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
        let millis = u64::try_from(case.duration.as_millis()).unwrap_or(u64::MAX);
        map.serialize_entry("duration_ms", &millis)?;
        map.serialize_entry("group", &case.group)?;
        map.serialize_entry("about", &case.about)?;
        map.serialize_entry("consequence", &case.consequence)?;
        map.serialize_entry("curl", &case.curl.as_deref().map(untruncated).transpose()?)?;
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

    fn human(&self, out: &mut dyn io::Write, _: crate::output::printer::Look) -> io::Result<()> {
        writeln!(out, "{} {}", self.0.outcome, self.0.id)
    }
}

/// Renders the report: one object per line.
///
/// # Errors
///
/// Never: writing to a buffer cannot fail.
pub fn write(suite: &Suite<'_>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for case in suite.cases {
        json_report(&mut bytes, &Case(case))?;
    }
    Ok(bytes)
}
