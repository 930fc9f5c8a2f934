//! Baselines: compares the outcome of deliveries with an earlier run.

use crate::domain::delivery::Outcome;
use crate::protocols::json;
use crate::protocols::json::{Json, JsonError};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use thiserror::Error;

/// The maximum length of an unknown `kind` that an error shows.
const MAX_KIND: usize = 40;

/// The comparison of a delivery with that of the same capture in an earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BaselineComparison {
    /// It failed then and is delivered now.
    Fixed,
    /// It was delivered then and fails now.
    Regressed,
    /// It failed then and fails now.
    StillFailing,
    /// It was delivered then and is delivered now.
    StillDelivered,
    /// It was not part of the earlier run.
    New,
}

impl fmt::Display for BaselineComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fixed => "fixed",
            Self::Regressed => "regressed",
            Self::StillFailing => "still failing",
            Self::StillDelivered => "still delivered",
            Self::New => "new",
        })
    }
}

/// The error if a file is not the output of an earlier run.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaselineError {
    /// A line is not JSON.
    #[error("line {line} is not JSON: {source}")]
    NotJson {
        /// Its number, counted from 1.
        line: usize,
        /// The JSON error.
        source: JsonError,
    },
    /// A line is not a delivery.
    #[error("line {line} is {found}, expected a `delivery`")]
    NotADelivery {
        /// Its number, counted from 1.
        line: usize,
        /// A description of the line.
        found: String,
    },
    /// A delivery lacks a key that the comparison needs.
    #[error("line {line} has no `{key}`, expected a `delivery` of `replay`")]
    MissingKey {
        /// Its number, counted from 1.
        line: usize,
        /// The key.
        key: &'static str,
    },
    /// The file contains no delivery.
    #[error("it contains no `delivery`")]
    Empty,
}

/// The deliveries of an earlier run, each compared at most once.
#[derive(Clone, Debug)]
pub struct Baseline {
    entries: Vec<BaselineEntry>,
    /// The indices of the entries not compared yet, by the digest of their capture.
    remaining: BTreeMap<String, VecDeque<usize>>,
}

#[derive(Clone, Debug)]
struct BaselineEntry {
    source: String,
    was_expected: bool,
}

impl Baseline {
    /// Parses the output of `replay --format json`.
    ///
    /// # Errors
    ///
    /// Fails at the first line that is neither a delivery of `replay` nor its summary.
    pub fn read(text: &[u8]) -> Result<Self, BaselineError> {
        let mut baseline = Self { entries: Vec::new(), remaining: BTreeMap::new() };
        for (line, text) in (1..).zip(text.split(|&byte| byte == b'\n')) {
            if text.trim_ascii().is_empty() {
                continue;
            }
            let object =
                json::read(text).map_err(|source| BaselineError::NotJson { line, source })?;
            if is_summary(&object, line)? {
                continue;
            }
            let (digest, entry) = read_delivery(&object, line)?;
            baseline.remaining.entry(digest).or_default().push_back(baseline.entries.len());
            baseline.entries.push(entry);
        }
        if baseline.entries.is_empty() { Err(BaselineError::Empty) } else { Ok(baseline) }
    }

    /// Compares a delivery with the first entry of the same capture that is not compared yet.
    pub fn compare(&mut self, digest: &str, is_expected: bool) -> BaselineComparison {
        let index = self.remaining.get_mut(digest).and_then(VecDeque::pop_front);
        match (index.and_then(|index| self.entries.get(index)), is_expected) {
            (None, _) => BaselineComparison::New,
            (Some(BaselineEntry { was_expected: true, .. }), true) => {
                BaselineComparison::StillDelivered
            }
            (Some(BaselineEntry { was_expected: true, .. }), false) => {
                BaselineComparison::Regressed
            }
            (Some(BaselineEntry { was_expected: false, .. }), true) => BaselineComparison::Fixed,
            (Some(BaselineEntry { was_expected: false, .. }), false) => {
                BaselineComparison::StillFailing
            }
        }
    }

    /// Returns the sources of the captures that were not compared, in the order of the earlier run.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let mut indices: Vec<_> = self.remaining.values().flatten().copied().collect();
        indices.sort_unstable();
        let entries = indices.into_iter().filter_map(|index| self.entries.get(index));
        entries.map(|entry| entry.source.as_str()).collect()
    }
}

/// Returns `true` if a line is the summary rather than a delivery.
fn is_summary(object: &Json, line: usize) -> Result<bool, BaselineError> {
    let kind = object.get("kind").and_then(Json::as_str);
    match kind {
        Some("delivery") => Ok(false),
        Some("summary") => Ok(true),
        Some(kind) if kind.len() <= MAX_KIND => {
            Err(BaselineError::NotADelivery { line, found: format!("a `{kind}`") })
        }
        Some(_) | None => {
            Err(BaselineError::NotADelivery { line, found: "something else".to_owned() })
        }
    }
}

/// Reads the digest of a capture and its entry.
fn read_delivery(object: &Json, line: usize) -> Result<(String, BaselineEntry), BaselineError> {
    let text = |key: &'static str| {
        let value = object.get(key).and_then(Json::as_str);
        value.map(str::to_owned).ok_or(BaselineError::MissingKey { line, key })
    };
    let (digest, source, outcome) = (text("digest")?, text("source")?, text("outcome")?);
    let was_expected = match object.get("expected") {
        Some(Json::Bool(expected)) => *expected,
        _ => outcome == Outcome::Delivered.to_string(),
    };
    Ok((digest, BaselineEntry { source, was_expected }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(digest: &str, source: &str, rest: &str) -> String {
        format!(r#"{{"kind":"delivery","digest":"{digest}","source":"{source}","outcome":{rest}}}"#)
    }

    proptest! {
        #[test]
        fn a_damaged_baseline_is_read_or_rejected_without_losing_deliveries(
            position in 0_usize..200,
            bytes in proptest::collection::vec(any::<u8>(), 0..20),
        ) {
            let text = [line("a", "1", r#""refused""#), line("b", "2", r#""delivered""#)];
            let mut text = text.join("\n").into_bytes();
            let position = position.min(text.len());
            text.splice(position..position, bytes);
            if let Ok(mut baseline) = Baseline::read(&text) {
                let all = baseline.missing().len();
                prop_assert!(all > 0);
                let is_new = baseline.compare("a", true) == BaselineComparison::New;
                prop_assert_eq!(baseline.missing().len() + usize::from(!is_new), all);
            }
        }
    }

    #[test]
    fn every_pair_of_outcomes_is_compared() {
        let text = [
            line("a", "1", r#""delivered""#),
            line("b", "2", r#""delivered""#),
            line("c", "3", r#""refused""#),
            line("d", "4", r#""timeout""#),
            r#"{"kind":"summary"}"#.to_owned(),
        ];
        let mut baseline = Baseline::read(text.join("\n").as_bytes()).unwrap();
        for (digest, is_delivered, expected) in [
            ("c", true, BaselineComparison::Fixed),
            ("b", false, BaselineComparison::Regressed),
            ("d", false, BaselineComparison::StillFailing),
            ("a", true, BaselineComparison::StillDelivered),
            ("a", false, BaselineComparison::New),
            ("e", true, BaselineComparison::New),
        ] {
            assert_eq!(baseline.compare(digest, is_delivered), expected, "{digest}");
        }
        assert!(baseline.missing().is_empty());
    }

    #[test]
    fn repeats_of_one_capture_are_compared_in_their_order() {
        let text = [
            line("a", "1", r#""unreachable""#),
            line("b", "2", r#""delivered""#),
            line("a", "3", r#""delivered""#),
            line("a", "4", r#""delivered""#),
        ];
        let mut baseline = Baseline::read(text.join("\r\n").as_bytes()).unwrap();
        assert_eq!(baseline.compare("a", false), BaselineComparison::StillFailing);
        assert_eq!(baseline.compare("a", false), BaselineComparison::Regressed);
        assert_eq!(baseline.missing(), ["2", "4"]);
    }

    #[test]
    fn an_explicit_expectation_takes_precedence_over_the_outcome() {
        let text = [
            line("a", "1", r#""refused","expected":true"#),
            line("b", "2", r#""delivered","expected":false"#),
        ];
        let mut baseline = Baseline::read(text.join("\n").as_bytes()).unwrap();
        assert_eq!(baseline.compare("a", true), BaselineComparison::StillDelivered);
        assert_eq!(baseline.compare("b", true), BaselineComparison::Fixed);
    }

    #[test]
    fn other_lines_are_rejected_with_their_number() {
        let valid = line("a", "1", r#""delivered""#);
        for (text, expected) in [
            (String::new(), "it contains no `delivery`"),
            (r#"{"kind":"summary"}"#.to_owned(), "it contains no `delivery`"),
            (format!("{valid}\n\nx"), "line 3 is not JSON: "),
            (format!("{valid}\n{{\"kind\":\"capture\"}}"), "line 2 is a `capture`, expected"),
            (format!("{{\"kind\":\"{}\"}}", "x".repeat(99)), "line 1 is something else, expected"),
            ("[]".to_owned(), "line 1 is something else, expected"),
            (valid.replace("digest", "url"), "line 1 has no `digest`"),
            (valid.replace(r#""source":"1""#, r#""source":1"#), "line 1 has no `source`"),
        ] {
            let error = Baseline::read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}
