//! Failures of a replay, grouped by the status and the normalised body of the response.

use crate::domain::excerpt::prefix;
use crate::engine::replay::normalise::normalise;
use serde::Serialize;
use std::cmp::Reverse;

/// The number of bytes at the beginning of a body that are compared.
const MAX_COMPARED: usize = 4096;

/// The maximum number of bytes of a normalised body that a group keeps.
const MAX_KEPT: usize = 1024;

/// The maximum number of groups; further failures are grouped by their status alone.
const MAX_GROUPS: usize = 100;

/// A delivery that failed.
#[derive(Clone, Copy, Debug)]
pub struct FailedDelivery<'a> {
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// The body of the response, or its beginning.
    pub body: &'a [u8],
    /// The reason why there is no response.
    pub error: Option<&'a str>,
    /// The source of the capture.
    pub source: &'a str,
}

/// The failures with the same status and the same normalised response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailureGroup {
    /// The status; `None` without a response.
    pub status: Option<u16>,
    /// The body, or the error without a response, with placeholders for ids, times, numbers and
    /// email addresses; `None` for responses that differ, beyond the number of groups.
    pub response: Option<String>,
    /// The number of failures.
    pub count: usize,
    /// The source of the first one.
    pub first_source: String,
}

/// Groups the failures of a run, in bounded memory.
#[derive(Clone, Debug, Default)]
pub struct FailureGroups(Vec<FailureGroup>);

impl FailureGroups {
    /// Adds a failure to its group.
    pub fn add(&mut self, failed: &FailedDelivery<'_>) {
        let body = failed.body.get(..MAX_COMPARED).unwrap_or(failed.body);
        let body = String::from_utf8_lossy(body);
        let response = normalise(prefix(failed.error.unwrap_or(&body), MAX_COMPARED));
        let response = Some(prefix(&response, MAX_KEPT).to_owned());
        if self.count(failed.status, response.as_ref()) {
            return;
        }
        let response = response.filter(|_| self.0.len() < MAX_GROUPS);
        if response.is_none() && self.count(failed.status, None) {
            return;
        }
        let first_source = failed.source.to_owned();
        self.0.push(FailureGroup { status: failed.status, response, count: 1, first_source });
    }

    /// Counts a failure in its group; returns `false` if there is none yet.
    fn count(&mut self, status: Option<u16>, response: Option<&String>) -> bool {
        let is_same = |group: &&mut FailureGroup| {
            group.status == status && group.response.as_ref() == response
        };
        let found = self.0.iter_mut().find(is_same);
        found.map(|group| group.count += 1).is_some()
    }

    /// Returns the groups, the largest first.
    #[must_use]
    pub fn into_groups(self) -> Vec<FailureGroup> {
        let mut groups = self.0;
        groups.sort_by_key(|group| Reverse(group.count));
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups<'a>(failures: impl IntoIterator<Item = (Option<u16>, &'a str)>) -> Vec<FailureGroup> {
        let mut groups = FailureGroups::default();
        for (number, (status, text)) in (1..).zip(failures) {
            let source = format!("c.jsonl:{number}");
            let (body, error) =
                if status.is_some() { (text.as_bytes(), None) } else { (&b""[..], Some(text)) };
            groups.add(&FailedDelivery { status, body, error, source: &source });
        }
        groups.into_groups()
    }

    #[test]
    fn the_same_error_of_many_requests_is_one_group() {
        let found = groups([
            (Some(404), "no route"),
            (Some(500), r#"{"error":"lead 17 failed at 2026-01-02T03:04:05Z"}"#),
            (None, "connection refused"),
            (Some(500), r#"{"error":"lead 4 failed at 2026-01-02T03:04:06Z"}"#),
            (Some(422), r#"{"error":"lead 17 failed at 2026-01-02T03:04:05Z"}"#),
            (None, "no response within 5s"),
            (Some(500), r#"{"error":"lead 4 failed at 2026-01-02T03:04:06Z"}"#),
            (None, "no response within 7s"),
        ]);
        let found: Vec<_> =
            found.iter().map(|group| (group.count, group.status, &*group.first_source)).collect();
        assert_eq!(
            found,
            [
                (3, Some(500), "c.jsonl:2"),
                (2, None, "c.jsonl:6"),
                (1, Some(404), "c.jsonl:1"),
                (1, None, "c.jsonl:3"),
                (1, Some(422), "c.jsonl:5"),
            ]
        );
    }

    #[test]
    fn the_number_and_the_size_of_groups_are_limited() {
        let words: Vec<_> =
            ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b}"))).collect();
        let found = groups(words.iter().map(|word| (Some(500), word.as_str())));
        assert_eq!(found.len(), MAX_GROUPS + 1);
        assert_eq!((found[0].count, &found[0].response), (words.len() - MAX_GROUPS, &None));
        assert_eq!(found.iter().map(|group| group.count).sum::<usize>(), words.len());
        let long = "é ".repeat(10_000);
        let found = groups([(Some(500), long.as_str()), (Some(500), &long[..9_000])]);
        assert_eq!(found.len(), 1);
        assert!(found[0].response.as_ref().unwrap().len() <= MAX_KEPT);
    }
}
