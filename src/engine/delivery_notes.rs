//! Delivery notes: observations about a delivery that depend on earlier deliveries.

use crate::domain::message::Message;
use crate::domain::retry::ScheduleFit;
use crate::domain::time::{Wait, parse_time};
use crate::engine::ledger::LedgerEntry;
use crate::providers::provider::Provider;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// The maximum difference between an unsigned sending time and the arrival time.
const MAX_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// An observation about one delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryNote {
    /// The kind, in kebab case.
    pub code: &'static str,
    /// The message, as a sentence.
    pub message: String,
}

/// A delivery and the facts about it.
struct Arrival<'a> {
    provider: &'a Provider,
    entry: &'a LedgerEntry,
    message: &'a Message,
    at: Timestamp,
}

/// A kind of note: its code, and a function that returns its message if it applies.
type NoteRule = (&'static str, fn(&Arrival<'_>) -> Option<String>);

const NOTE_RULES: &[NoteRule] = &[
    ("out-of-order", |arrival| {
        let text = "out of order: its lead has not been created here yet";
        arrival.entry.out_of_order.then(|| text.to_owned())
    }),
    ("changed-body", |arrival| {
        let what = match arrival.provider.message_id {
            Some(_) => "message id",
            None => "identifying fields",
        };
        arrival.entry.body_changed.then(|| {
            format!(
                "its body differs from that of the first request with the same {what}: not a \
                     retry, and not to be processed"
            )
        })
    }),
    ("repeat-after-success", |arrival| {
        let Arrival { provider, entry, .. } = arrival;
        let name = &provider.name;
        (entry.settled && !entry.body_changed).then(|| {
            format!(
                "already answered with a success status: that response reached {name} too late or \
                 was lost"
            )
        })
    }),
    ("off-schedule", |arrival| match arrival.schedule_fit()? {
        ScheduleFit::OffSchedule { expected } => {
            let name = &arrival.provider.name;
            Some(format!("off the retry schedule: {name} waits {expected} before this attempt"))
        }
        ScheduleFit::OnSchedule | ScheduleFit::BeyondSchedule { .. } | ScheduleFit::Unknown => None,
    }),
    ("beyond-schedule", |arrival| match arrival.schedule_fit()? {
        ScheduleFit::BeyondSchedule { attempts } => {
            let name = &arrival.provider.name;
            Some(format!("beyond the retry schedule: {name} makes {attempts} attempts"))
        }
        ScheduleFit::OnSchedule | ScheduleFit::OffSchedule { .. } | ScheduleFit::Unknown => None,
    }),
    ("unsigned-timestamp", |arrival| {
        let sent = arrival.unsigned_time()?;
        let skew = arrival.at.duration_since(sent).abs();
        if arrival.entry.attempt > 1 || skew <= MAX_SKEW {
            return None;
        }
        let skew = Wait(u64::try_from(skew.as_secs()).unwrap_or(0));
        Some(format!("its sending time is {skew} off and not signed: it may be a replayed request"))
    }),
];

impl Arrival<'_> {
    /// Compares a repeat with the provider's retry schedule; `None` for a first attempt and for
    /// another body.
    fn schedule_fit(&self) -> Option<ScheduleFit> {
        // Retries carry the same bytes.
        if self.entry.body_changed {
            return None;
        }
        let wait = u64::try_from(self.entry.wait?.as_secs()).unwrap_or(0);
        Some(self.provider.retry.schedule_fit(self.entry.attempt, wait))
    }

    /// Returns the sending time, if it is in a header that the signature does not cover.
    fn unsigned_time(&self) -> Option<Timestamp> {
        let header = self.provider.timestamp.as_ref()?.location.header.as_deref()?;
        if self.provider.signature.covers().contains(&"timestamp") {
            return None;
        }
        let text = self.message.headers.get_str(header)?.trim();
        parse_time(text).or_else(|_| parse_time(&format!("@{text}"))).ok()
    }
}

/// Returns the notes about a delivery.
#[must_use]
pub fn delivery_notes(
    provider: Option<&Provider>,
    entry: &LedgerEntry,
    message: &Message,
    at: Timestamp,
) -> Vec<DeliveryNote> {
    let Some(provider) = provider else { return Vec::new() };
    let arrival = Arrival { provider, entry, message, at };
    let note =
        |(code, message): &NoteRule| Some(DeliveryNote { code, message: message(&arrival)? });
    NOTE_RULES.iter().filter_map(note).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;
    use crate::providers::Packs;

    /// Returns the codes for a Real Geeks delivery at the time `second`, with the sending time
    /// `sent`.
    fn codes(entry: &LedgerEntry, second: i64, sent: &str) -> Vec<&'static str> {
        let packs = Packs::builtin().unwrap();
        let provider = &packs.find("realgeeks").unwrap().provider;
        let headers = Headers::from_iter([("X-Lead-Router-Timestamp", sent)]);
        let message = Message::post("/", headers, "{}");
        let at = Timestamp::from_second(second).unwrap();
        delivery_notes(Some(provider), entry, &message, at).iter().map(|note| note.code).collect()
    }

    fn retried(attempt: u32, wait: i64) -> LedgerEntry {
        LedgerEntry { attempt, wait: Some(SignedDuration::from_secs(wait)), ..LedgerEntry::NONE }
    }

    #[test]
    fn an_attempt_on_schedule_has_no_note() {
        assert_eq!(codes(&LedgerEntry::NONE, 0, "1970-01-01T00:00:00Z"), [""; 0]);
        assert_eq!(codes(&retried(2, 600), 600, "1970-01-01T00:00:00Z"), [""; 0]);
        assert_eq!(codes(&retried(8, 14_000), 0, ""), [""; 0]);
        assert!(
            delivery_notes(
                None,
                &retried(9, 1),
                &Message::post("/", Headers::new(), ""),
                Timestamp::UNIX_EPOCH
            )
            .is_empty()
        );
    }

    #[test]
    fn an_attempt_off_the_retry_schedule_or_beyond_it_is_noted() {
        assert_eq!(codes(&retried(2, 3), 0, ""), ["off-schedule"]);
        assert_eq!(codes(&retried(3, 700), 0, ""), ["off-schedule"]);
        assert_eq!(codes(&retried(9, 14_400), 0, ""), ["beyond-schedule"]);
    }

    #[test]
    fn a_ledger_entry_is_noted() {
        let entry = LedgerEntry {
            out_of_order: true,
            body_changed: true,
            settled: true,
            ..retried(2, 600)
        };
        assert_eq!(codes(&entry, 0, ""), ["out-of-order", "changed-body"]);
        let entry = LedgerEntry { body_changed: false, ..entry };
        assert_eq!(codes(&entry, 0, ""), ["out-of-order", "repeat-after-success"]);
        let entry = LedgerEntry { body_changed: true, ..retried(2, 3) };
        assert_eq!(codes(&entry, 0, ""), ["changed-body"]);
    }

    #[test]
    fn an_unsigned_time_is_noted_if_it_is_far_off() {
        assert_eq!(codes(&LedgerEntry::NONE, 300, "1970-01-01T00:00:00Z"), [""; 0]);
        assert_eq!(codes(&LedgerEntry::NONE, 301, "1970-01-01T00:00:00Z"), ["unsigned-timestamp"]);
        assert_eq!(codes(&LedgerEntry::NONE, 0, "301"), ["unsigned-timestamp"]);
        assert_eq!(codes(&LedgerEntry::NONE, 0, "nonsense"), [""; 0]);
    }
}
