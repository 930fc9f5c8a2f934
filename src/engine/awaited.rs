//! Awaited deliveries: the matches of `listen --until`, and the deliveries that satisfied them.

use crate::domain::event_ref::EventRef;
use crate::domain::parse_error::ParseValueError;
use crate::engine::judge::Judgement;
use crate::protocols::json::Json;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The maximum number of kinds of other deliveries that are counted separately. Names of events come
/// from requests, so their number must be bounded.
const MAX_KINDS: usize = 8;

/// A condition on one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryMatch {
    /// It is of this event: `event=created`.
    Event(EventRef),
    /// Its signature and its payload are valid: `valid`.
    Valid,
    /// It is about the lead with this id: `lead=ID`.
    Lead(String),
    /// The value at a JSON pointer of its payload is this string, number or literal:
    /// `/email=jo@example.com`.
    Field {
        /// The pointer.
        pointer: String,
        /// The string, or the JSON of a number, `true`, `false` or `null`.
        value: String,
    },
}

impl DeliveryMatch {
    /// Returns `true` if the payload must be parsed to decide.
    #[must_use]
    pub fn reads_payload(&self) -> bool {
        matches!(self, Self::Field { .. })
    }

    /// Returns `true` if a delivery with this judgement and payload satisfies it.
    #[must_use]
    pub fn matches(&self, judgement: &Judgement, payload: Option<&Json>) -> bool {
        let verdict = &judgement.verdict;
        match self {
            Self::Event(event) => {
                event.matches(verdict.provider.as_deref(), verdict.event.as_deref())
            }
            Self::Valid => verdict.valid,
            Self::Lead(id) => judgement.lead_id.as_ref() == Some(id),
            Self::Field { pointer, value } => {
                payload.and_then(|it| it.pointer(pointer)).is_some_and(|it| has_value(it, value))
            }
        }
    }
}

/// Returns `true` if a JSON value is a string with this content, or is written like this.
fn has_value(found: &Json, value: &str) -> bool {
    match found {
        Json::Text(text) => text.as_str() == Some(value),
        Json::Number(literal) => literal == value,
        Json::Bool(truth) => value == if *truth { "true" } else { "false" },
        Json::Null => value == "null",
        Json::Array(_) | Json::Object(_) => false,
    }
}

impl DeliveryMatch {
    /// The beginning of a match of an event, whose name follows.
    pub const EVENT: &'static str = "event=";

    /// The forms of a match that have a name, with a description.
    pub const FORMS: [(&'static str, &'static str); 3] = [
        (Self::EVENT, "a delivery of this event"),
        ("lead=", "a delivery about the lead with this id"),
        ("valid", "a delivery whose signature and payload are valid"),
    ];
}

impl FromStr for DeliveryMatch {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || ParseValueError::DeliveryMatch(text.to_owned());
        if text == "valid" {
            return Ok(Self::Valid);
        }
        let (name, value) = text.split_once('=').ok_or_else(invalid)?;
        match name {
            "event" => Ok(Self::Event(value.parse()?)),
            "lead" if !value.is_empty() => Ok(Self::Lead(value.to_owned())),
            pointer if pointer.starts_with('/') => {
                Ok(Self::Field { pointer: pointer.to_owned(), value: value.to_owned() })
            }
            _ => Err(invalid()),
        }
    }
}

impl fmt::Display for DeliveryMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => write!(f, "event={event}"),
            Self::Valid => f.write_str("valid"),
            Self::Lead(id) => write!(f, "lead={id}"),
            Self::Field { pointer, value } => write!(f, "{pointer}={value}"),
        }
    }
}

/// The awaited deliveries of a run, and what came.
#[derive(Clone, Debug, Default)]
pub struct AwaitedDeliveries {
    matches: Arc<[DeliveryMatch]>,
    /// `true` if each match must be satisfied by a later delivery than the one before it.
    in_order: bool,
    /// The number of the delivery that satisfied each match.
    found: Vec<Option<u64>>,
    /// The number of the first delivery that would have satisfied a match before its turn.
    early: Vec<Option<u64>>,
    /// The deliveries that satisfied a match and have no response yet.
    unanswered: BTreeSet<u64>,
    others: OtherDeliveries,
}

impl AwaitedDeliveries {
    /// Creates the state before the first delivery.
    #[must_use]
    pub fn new(matches: Vec<DeliveryMatch>, in_order: bool) -> Self {
        let none = vec![None; matches.len()];
        Self {
            matches: matches.into(),
            in_order,
            found: none.clone(),
            early: none,
            ..Self::default()
        }
    }

    /// Returns the matches.
    #[must_use]
    pub fn matches(&self) -> &Arc<[DeliveryMatch]> {
        &self.matches
    }

    /// Returns `true` if a delivery is awaited at all.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.matches.is_empty()
    }

    /// Returns `true` if every match was satisfied, by deliveries that have their responses.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.found.iter().all(Option::is_some) && self.unanswered.is_empty()
    }

    /// Records a delivery, in the order of arrival. `hits` says for each match if the delivery
    /// satisfies it.
    ///
    /// A delivery can satisfy several matches, but of equal ones only one; in order, it satisfies
    /// only the next. One that satisfies none is counted as `kind`.
    pub fn observe(&mut self, seq: u64, hits: &[bool], kind: impl FnOnce() -> String) {
        let mut is_awaited = false;
        for (index, _) in hits.iter().enumerate().filter(|(_, hit)| **hit) {
            let is_next =
                !self.in_order || self.found.iter().position(Option::is_none) == Some(index);
            if self.found[index].is_some() {
                continue;
            }
            if is_next && !self.has_satisfied(seq, index) {
                self.found[index] = Some(seq);
                is_awaited = true;
            } else if self.in_order {
                self.early[index].get_or_insert(seq);
            }
        }
        if is_awaited {
            self.unanswered.insert(seq);
        } else {
            self.others.add(kind);
        }
    }

    /// Returns `true` if the delivery has satisfied an equal match, or in order any match.
    fn has_satisfied(&self, seq: u64, index: usize) -> bool {
        let own = self.matches.get(index);
        let mut satisfied = self.matches.iter().zip(&self.found);
        satisfied.any(|(other, by)| *by == Some(seq) && (self.in_order || Some(other) == own))
    }

    /// Records that a delivery got its response.
    pub fn settle(&mut self, seq: u64) {
        self.unanswered.remove(&seq);
    }

    /// Records that a delivery was not taken, so that its sender will repeat it: what it satisfied
    /// is missing again, and in order also what came after it.
    pub fn revoke(&mut self, seq: u64) {
        self.settle(seq);
        let mut is_after = false;
        for by in &mut self.found {
            is_after |= self.in_order && *by == Some(seq);
            if is_after || *by == Some(seq) {
                *by = None;
            }
        }
    }

    /// Returns every match with the number of the delivery that satisfied it.
    pub fn results(&self) -> impl Iterator<Item = (&DeliveryMatch, Option<u64>)> {
        self.matches.iter().zip(self.found.iter().copied())
    }

    /// Describes each missing match: `` `event=updated` ``.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let all = self.matches.iter().zip(self.found.iter().zip(&self.early));
        let missing = all.filter(|(_, (found, _))| found.is_none());
        missing
            .map(|(awaited, (_, early))| match early {
                Some(seq) => format!("`{awaited}` (#{seq} came before its turn)"),
                None => format!("`{awaited}`"),
            })
            .collect()
    }

    /// Describes the deliveries that satisfied no match: `2 acme created`.
    #[must_use]
    pub fn came_instead(&self) -> Vec<String> {
        self.others.describe()
    }
}

/// The deliveries that satisfied no match, counted by kind in the order of arrival.
#[derive(Clone, Debug, Default)]
struct OtherDeliveries {
    kinds: Vec<(String, u64)>,
    /// The number of deliveries of further kinds.
    more: u64,
}

impl OtherDeliveries {
    fn add(&mut self, kind: impl FnOnce() -> String) {
        let kind = kind();
        if let Some((_, count)) = self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            *count += 1;
        } else if self.kinds.len() < MAX_KINDS {
            self.kinds.push((kind, 1));
        } else {
            self.more += 1;
        }
    }

    fn describe(&self) -> Vec<String> {
        let kinds = self.kinds.iter().map(|(kind, count)| format!("{count} {kind}"));
        kinds.chain((self.more > 0).then(|| format!("{} of other kinds", self.more))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::{Headers, Message};
    use crate::domain::secret::{Keyring, Secret};
    use crate::engine::judge::{Judge, Strictness};
    use crate::protocols::json;
    use crate::providers::Packs;
    use jiff::Timestamp;

    fn parsed(text: &str) -> DeliveryMatch {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn awaited(matches: &[&str], in_order: bool) -> AwaitedDeliveries {
        AwaitedDeliveries::new(matches.iter().map(|text| parsed(text)).collect(), in_order)
    }

    /// Observes deliveries, each of which satisfies the matches with these indices.
    fn observe(awaited: &mut AwaitedDeliveries, deliveries: &[&[usize]]) {
        for (seq, indices) in (1..).zip(deliveries) {
            let hits: Vec<_> =
                (0..awaited.matches.len()).map(|index| indices.contains(&index)).collect();
            awaited.observe(seq, &hits, || "acme created".to_owned());
            awaited.settle(seq);
        }
    }

    #[test]
    fn a_match_is_an_event_a_verdict_a_lead_or_a_field() {
        for text in [
            "event=created",
            "event=leadpro:lead.created",
            "valid",
            "lead=5",
            "/email=jo@example.com",
            "/data/a~1b/0=x=y",
            "/note=",
        ] {
            assert_eq!(parsed(text).to_string(), text);
        }
        for (form, _) in DeliveryMatch::FORMS {
            let text = if form.ends_with('=') { format!("{form}x") } else { form.to_owned() };
            assert_eq!(parsed(&text).to_string(), text);
        }
        for wrong in ["", "created", "event=", "lead=", "email=jo@example.com", "/email", "valid=1"]
        {
            assert!(wrong.parse::<DeliveryMatch>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_delivery_is_matched_by_its_event_its_verdict_its_lead_and_its_payload() {
        let ring = Keyring::for_any(vec![Secret::new("s3cret").unwrap()]);
        let judge = Judge::new(Packs::builtin().unwrap(), ring, None, Strictness::default());
        let body =
            r#"{"id":"l-1","email":"jo@example.com","n":1.50,"ok":true,"no":null,"a":["x"]}"#;
        let headers = [("X-Lead-Router-Action", "created"), ("X-Lead-Router-Signature", "00")];
        let message = Message::post("/", Headers::from_iter(headers), body);
        let judgement = judge.judge(&message, Timestamp::UNIX_EPOCH);
        let payload = json::read(body.as_bytes()).unwrap();
        for (text, is_match) in [
            ("event=created", true),
            ("event=realgeeks:created", true),
            ("event=leadpro:created", false),
            ("event=updated", false),
            ("valid", false),
            ("lead=l-1", true),
            ("lead=l-2", false),
            ("/email=jo@example.com", true),
            ("/email=jo", false),
            ("/n=1.50", true),
            ("/n=1.5", false),
            ("/ok=true", true),
            ("/no=null", true),
            ("/a/0=x", true),
            ("/a=x", false),
            ("/missing=x", false),
        ] {
            assert_eq!(parsed(text).matches(&judgement, Some(&payload)), is_match, "{text}");
        }
        assert!(!parsed("/email=jo@example.com").matches(&judgement, None));
    }

    #[test]
    fn deliveries_may_come_in_any_order_and_satisfy_several_matches() {
        let mut any = awaited(&["event=created", "event=updated", "valid"], false);
        observe(&mut any, &[&[1], &[], &[0, 2]]);
        assert!(any.is_complete());
        let found: Vec<_> = any.results().map(|(_, seq)| seq).collect();
        assert_eq!(found, [Some(3), Some(1), Some(3)]);
        assert_eq!(any.came_instead(), ["1 acme created"]);
    }

    #[test]
    fn equal_matches_need_as_many_deliveries() {
        let mut two = awaited(&["valid", "valid"], false);
        observe(&mut two, &[&[0, 1]]);
        assert!(!two.is_complete());
        assert_eq!(two.missing(), ["`valid`"]);
        two.observe(2, &[true, true], String::new);
        assert!(!two.is_complete(), "its response is missing");
        two.settle(2);
        assert!(two.is_complete());
    }

    #[test]
    fn in_order_only_the_next_match_counts() {
        let mut ordered = awaited(&["event=created", "event=updated", "valid"], true);
        observe(&mut ordered, &[&[1], &[0, 2], &[2]]);
        assert!(!ordered.is_complete());
        assert_eq!(
            ordered.missing(),
            ["`event=updated` (#1 came before its turn)", "`valid` (#2 came before its turn)"]
        );
        observe(&mut ordered, &[&[], &[], &[], &[1], &[2]]);
        assert!(ordered.is_complete());
    }

    #[test]
    fn a_delivery_that_was_not_taken_is_awaited_again() {
        let mut any = awaited(&["event=created", "valid"], false);
        observe(&mut any, &[&[0], &[1]]);
        any.revoke(1);
        assert_eq!(any.missing(), ["`event=created`"]);
        let mut ordered = awaited(&["event=created", "valid"], true);
        observe(&mut ordered, &[&[0], &[1]]);
        ordered.revoke(1);
        assert_eq!(ordered.missing().len(), 2);
    }

    #[test]
    fn other_deliveries_are_counted_by_kind_up_to_a_limit() {
        let mut none = awaited(&["valid"], false);
        for seq in 0..100_u64 {
            none.observe(seq, &[false], || format!("acme event-{}", seq % 20));
        }
        let others = none.came_instead();
        assert_eq!(others.len(), MAX_KINDS + 1);
        assert_eq!(
            (others[0].as_str(), others[8].as_str()),
            ("5 acme event-0", "60 of other kinds")
        );
    }
}
