//! What became of captures in an earlier run, and what is different now.

use crate::domain::delivery::Outcome;
use crate::protocols::json;
use crate::protocols::json::{Json, JsonError};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use thiserror::Error;

/// How much of a name is shown of what is no delivery.
const LONGEST_KIND: usize = 40;

/// How a delivery stands to that of the same capture in an earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Standing {
    /// It failed then, and does not now.
    Fixed,
    /// It did not fail then, and does now.
    Regressed,
    /// It fails as it did then.
    StillFailing,
    /// It fails neither then nor now.
    StillDelivered,
    /// It was not there then.
    New,
}

impl fmt::Display for Standing {
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

/// Why a file is not what an earlier run printed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaselineError {
    /// A line is no JSON.
    #[error("line {line} is not JSON: {source}")]
    NotJson {
        /// Its number, counted from 1.
        line: usize,
        /// What is wrong with it.
        source: JsonError,
    },
    /// A line is something else.
    #[error("line {line} is {found}, expected a `delivery`")]
    Other {
        /// Its number, counted from 1.
        line: usize,
        /// What it is, with its backticks where it has a name.
        found: String,
    },
    /// A delivery lacks what it is compared by.
    #[error("line {line} has no `{key}`, expected a `delivery` of `replay`")]
    Missing {
        /// Its number, counted from 1.
        line: usize,
        /// The key.
        key: &'static str,
    },
    /// There is no delivery in it.
    #[error("there is no `delivery` in it")]
    Empty,
}

/// Deliveries of an earlier run, each to be compared with one of now.
#[derive(Clone, Debug)]
pub struct Baseline {
    entries: Vec<BaselineEntry>,
    /// The places of those not compared yet, by what their captures are known by.
    left: BTreeMap<String, VecDeque<usize>>,
}

#[derive(Clone, Debug)]
struct BaselineEntry {
    source: String,
    was_as_wanted: bool,
}

impl Baseline {
    /// Reads what `replay --format json` printed.
    ///
    /// # Errors
    ///
    /// Returns the first line that is neither a delivery of `replay` nor its summary.
    pub fn read(text: &[u8]) -> Result<Self, BaselineError> {
        let mut baseline = Self { entries: Vec::new(), left: BTreeMap::new() };
        for (line, text) in (1..).zip(text.split(|&byte| byte == b'\n')) {
            if text.trim_ascii().is_empty() {
                continue;
            }
            let object =
                json::read(text).map_err(|source| BaselineError::NotJson { line, source })?;
            if is_summary(&object, line)? {
                continue;
            }
            let (digest, entry) = delivery(&object, line)?;
            baseline.left.entry(digest).or_default().push_back(baseline.entries.len());
            baseline.entries.push(entry);
        }
        if baseline.entries.is_empty() { Err(BaselineError::Empty) } else { Ok(baseline) }
    }

    /// Compares a delivery with the first of the same capture that is not compared yet.
    pub fn compare(&mut self, digest: &str, is_as_wanted: bool) -> Standing {
        let place = self.left.get_mut(digest).and_then(VecDeque::pop_front);
        match (place.and_then(|place| self.entries.get(place)), is_as_wanted) {
            (None, _) => Standing::New,
            (Some(BaselineEntry { was_as_wanted: true, .. }), true) => Standing::StillDelivered,
            (Some(BaselineEntry { was_as_wanted: true, .. }), false) => Standing::Regressed,
            (Some(BaselineEntry { was_as_wanted: false, .. }), true) => Standing::Fixed,
            (Some(BaselineEntry { was_as_wanted: false, .. }), false) => Standing::StillFailing,
        }
    }

    /// What was sent then and was not compared: the names of those captures then, in that order.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let mut places: Vec<_> = self.left.values().flatten().copied().collect();
        places.sort_unstable();
        let entries = places.into_iter().filter_map(|place| self.entries.get(place));
        entries.map(|entry| entry.source.as_str()).collect()
    }
}

/// Whether a line is the summary at the end, and not a delivery.
fn is_summary(object: &Json, line: usize) -> Result<bool, BaselineError> {
    let kind = object.get("kind").and_then(Json::as_str);
    match kind {
        Some("delivery") => Ok(false),
        Some("summary") => Ok(true),
        Some(kind) if kind.len() <= LONGEST_KIND => {
            Err(BaselineError::Other { line, found: format!("a `{kind}`") })
        }
        Some(_) | None => Err(BaselineError::Other { line, found: "something else".to_owned() }),
    }
}

/// What a capture is known by, and what became of it.
fn delivery(object: &Json, line: usize) -> Result<(String, BaselineEntry), BaselineError> {
    let text = |key: &'static str| {
        let value = object.get(key).and_then(Json::as_str);
        value.map(str::to_owned).ok_or(BaselineError::Missing { line, key })
    };
    let (digest, source, outcome) = (text("digest")?, text("source")?, text("outcome")?);
    let was_as_wanted = match object.get("expected") {
        Some(Json::Bool(expected)) => *expected,
        _ => outcome == Outcome::Delivered.to_string(),
    };
    Ok((digest, BaselineEntry { source, was_as_wanted }))
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
        fn a_damaged_baseline_is_read_or_refused_and_every_delivery_in_it_is_missing_or_compared(
            place in 0_usize..200,
            bytes in proptest::collection::vec(any::<u8>(), 0..20),
        ) {
            let text = [line("a", "1", r#""refused""#), line("b", "2", r#""delivered""#)];
            let mut text = text.join("\n").into_bytes();
            let place = place.min(text.len());
            text.splice(place..place, bytes);
            if let Ok(mut baseline) = Baseline::read(&text) {
                let all = baseline.missing().len();
                prop_assert!(all > 0);
                let is_new = baseline.compare("a", true) == Standing::New;
                prop_assert_eq!(baseline.missing().len() + usize::from(!is_new), all);
            }
        }
    }

    #[test]
    fn every_pair_of_then_and_now_has_its_word() {
        let text = [
            line("a", "1", r#""delivered""#),
            line("b", "2", r#""delivered""#),
            line("c", "3", r#""refused""#),
            line("d", "4", r#""timeout""#),
            r#"{"kind":"summary"}"#.to_owned(),
        ];
        let mut baseline = Baseline::read(text.join("\n").as_bytes()).unwrap();
        for (digest, now, standing) in [
            ("c", true, Standing::Fixed),
            ("b", false, Standing::Regressed),
            ("d", false, Standing::StillFailing),
            ("a", true, Standing::StillDelivered),
            ("a", false, Standing::New),
            ("e", true, Standing::New),
        ] {
            assert_eq!(baseline.compare(digest, now), standing, "{digest}");
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
        assert_eq!(baseline.compare("a", false), Standing::StillFailing);
        assert_eq!(baseline.compare("a", false), Standing::Regressed);
        assert_eq!(baseline.missing(), ["2", "4"]);
    }

    #[test]
    fn what_was_expected_counts_before_what_the_provider_would_say() {
        let text = [
            line("a", "1", r#""refused","expected":true"#),
            line("b", "2", r#""delivered","expected":false"#),
        ];
        let mut baseline = Baseline::read(text.join("\n").as_bytes()).unwrap();
        assert_eq!(baseline.compare("a", true), Standing::StillDelivered);
        assert_eq!(baseline.compare("b", true), Standing::Fixed);
    }

    #[test]
    fn anything_else_is_refused_with_its_line() {
        let sound = line("a", "1", r#""delivered""#);
        for (text, said) in [
            (String::new(), "there is no `delivery` in it"),
            (r#"{"kind":"summary"}"#.to_owned(), "there is no `delivery` in it"),
            (format!("{sound}\n\nx"), "line 3 is not JSON: "),
            (format!("{sound}\n{{\"kind\":\"capture\"}}"), "line 2 is a `capture`, expected"),
            (format!("{{\"kind\":\"{}\"}}", "x".repeat(99)), "line 1 is something else, expected"),
            ("[]".to_owned(), "line 1 is something else, expected"),
            (sound.replace("digest", "url"), "line 1 has no `digest`"),
            (sound.replace(r#""source":"1""#, r#""source":1"#), "line 1 has no `source`"),
        ] {
            let error = Baseline::read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(said), "{text}: {error}");
        }
    }
}
