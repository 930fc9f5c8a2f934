//! Request filters: select captured requests by event, message id, time and verdict.

use crate::domain::event_ref::EventRef;
use crate::domain::verdict::{Verdict, is_unchecked};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt;

/// The conditions that a request must meet to be selected; by default every request meets them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestFilter {
    /// The event, as recognised by the packs.
    pub event: Option<EventRef>,
    /// The whole message id, as recognised by the packs.
    pub message_id: Option<String>,
    /// The earliest time of receipt.
    pub since: Option<Timestamp>,
    /// The time before which the request was received.
    pub before: Option<Timestamp>,
    /// `true` if only requests that are not valid are selected.
    pub failed: bool,
}

/// The reason why a request was not selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Exclusion {
    /// It is of another event, or its event was not recognised.
    Event,
    /// It has another message id, or none.
    MessageId,
    /// It was received earlier.
    Since,
    /// It was received later.
    Before,
    /// The time of its receipt is not known.
    NoTime,
    /// It is valid.
    Valid,
    /// It could not be verified, so it is not known if it is valid.
    Unchecked,
    /// More than N requests follow it.
    NotLast,
}

impl RequestFilter {
    /// Returns the reason to exclude a request that was received at this time. It needs no verdict,
    /// so that requests outside of the interval are not verified.
    #[must_use]
    pub fn excludes_time(&self, received_at: Option<Timestamp>) -> Option<Exclusion> {
        if self.since.is_none() && self.before.is_none() {
            return None;
        }
        let Some(at) = received_at else { return Some(Exclusion::NoTime) };
        if self.since.is_some_and(|since| at < since) {
            return Some(Exclusion::Since);
        }
        self.before.is_some_and(|before| at >= before).then_some(Exclusion::Before)
    }

    /// Returns the reason to exclude a request with this verdict.
    #[must_use]
    pub fn excludes_verdict(&self, verdict: &Verdict) -> Option<Exclusion> {
        let Verdict { provider, event, message_id, valid, signature, payload } = verdict;
        if self.event.as_ref().is_some_and(|it| !it.matches(provider.as_deref(), event.as_deref()))
        {
            return Some(Exclusion::Event);
        }
        if self.message_id.is_some() && self.message_id != *message_id {
            return Some(Exclusion::MessageId);
        }
        match self.failed {
            true if *valid => Some(Exclusion::Valid),
            true if is_unchecked(signature, payload) => Some(Exclusion::Unchecked),
            _ => None,
        }
    }

    /// Returns `true` if the selection depends on the verdict.
    #[must_use]
    pub fn needs_verdict(&self) -> bool {
        self.failed || self.event.is_some() || self.message_id.is_some()
    }
}

/// The numbers of requests that were not selected, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exclusions(BTreeMap<Exclusion, usize>);

impl Exclusions {
    /// Counts a request.
    pub fn add(&mut self, reason: Exclusion) {
        *self.0.entry(reason).or_default() += 1;
    }

    /// Adds the counts of a part of the input.
    pub fn merge(&mut self, part: &Self) {
        for (reason, count) in &part.0 {
            *self.0.entry(*reason).or_default() += count;
        }
    }

    /// Returns the number of requests that were excluded for this reason.
    #[must_use]
    pub fn count(&self, reason: Exclusion) -> usize {
        self.0.get(&reason).copied().unwrap_or_default()
    }

    /// Returns the number of excluded requests.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }
}

/// Lists what each filter excluded: "`--event` excluded 7, `--since` excluded 2".
impl fmt::Display for Exclusions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (reason, count)) in self.0.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{} {count}", reason.subject())?;
            f.write_str(reason.remark())?;
        }
        Ok(())
    }
}

impl Exclusion {
    /// Returns the filter, and the verb.
    fn subject(self) -> &'static str {
        match self {
            Self::Event => "`--event` excluded",
            Self::MessageId => "`--id` excluded",
            Self::Since => "`--since` excluded",
            Self::Before => "`--before` excluded",
            Self::NoTime => "`--since` and `--before` excluded",
            Self::Valid | Self::Unchecked => "`--failed` excluded",
            Self::NotLast => "`--last` excluded",
        }
    }

    /// Returns a remark on the excluded requests.
    fn remark(self) -> &'static str {
        match self {
            Self::NoTime => " without `received_at`",
            Self::Valid => " that are valid",
            Self::Unchecked => " that could not be verified",
            Self::Event | Self::MessageId | Self::Since | Self::Before | Self::NotLast => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::{Headers, Message};
    use crate::domain::secret::{Keyring, Secret};
    use crate::engine::judge::{Judge, Strictness};
    use crate::providers::Packs;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn verdict(secret: Option<&str>) -> Verdict {
        let ring =
            Keyring::for_any(secret.map(|text| Secret::new(text).unwrap()).into_iter().collect());
        let judge = Judge::new(Packs::builtin().unwrap(), ring, None, Strictness::default());
        let headers =
            [("X-Lead-Router-Action", "integration_enabled"), ("X-Lead-Router-Message-Id", "m1")];
        let body = r#"{"partner_id":"001","site_uuid":"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba"}"#;
        let message = Message::post("/", Headers::from_iter(headers), body);
        judge.judge(&message, at(0)).verdict
    }

    #[test]
    fn an_interval_contains_its_start_and_not_its_end() {
        let filter =
            RequestFilter { since: Some(at(10)), before: Some(at(20)), ..Default::default() };
        let excluded = [Some(9), Some(10), Some(19), Some(20), None]
            .map(|second| filter.excludes_time(second.map(at)));
        let expected =
            [Some(Exclusion::Since), None, None, Some(Exclusion::Before), Some(Exclusion::NoTime)];
        assert_eq!(excluded, expected);
        assert_eq!(RequestFilter::default().excludes_time(None), None);
    }

    #[test]
    fn events_and_ids_are_compared_whole() {
        let verdict = verdict(None);
        for (event, excluded) in [
            ("integration_enabled", None),
            ("realgeeks:integration_enabled", None),
            ("leadpro:integration_enabled", Some(Exclusion::Event)),
            ("integration", Some(Exclusion::Event)),
        ] {
            let filter = RequestFilter { event: event.parse().ok(), ..Default::default() };
            assert_eq!(filter.excludes_verdict(&verdict), excluded, "{event}");
        }
        for (id, excluded) in
            [("m1", None), ("m", Some(Exclusion::MessageId)), ("M1", Some(Exclusion::MessageId))]
        {
            let filter = RequestFilter { message_id: Some(id.to_owned()), ..Default::default() };
            assert_eq!(filter.excludes_verdict(&verdict), excluded, "{id}");
        }
    }

    #[test]
    fn a_request_that_was_not_verified_is_neither_valid_nor_failed() {
        let filter = RequestFilter { failed: true, ..Default::default() };
        assert_eq!(filter.excludes_verdict(&verdict(None)), Some(Exclusion::Unchecked));
        let missing = verdict(Some("s3cret"));
        assert_eq!(filter.excludes_verdict(&missing), None);
        let valid = Verdict { valid: true, ..missing };
        assert_eq!(filter.excludes_verdict(&valid), Some(Exclusion::Valid));
    }

    #[test]
    fn exclusions_are_listed_by_filter() {
        let mut all = Exclusions::default();
        let mut part = Exclusions::default();
        for reason in [Exclusion::NoTime, Exclusion::Event, Exclusion::Event] {
            part.add(reason);
        }
        all.merge(&part);
        all.add(Exclusion::Valid);
        assert_eq!(
            all.to_string(),
            "`--event` excluded 2, `--since` and `--before` excluded 1 without `received_at`, \
             `--failed` excluded 1 that are valid"
        );
        assert_eq!((all.total(), all.count(Exclusion::Event)), (4, 2));
    }
}
