//! Signed times of sending: parsing, and the tolerance within which a receiver accepts them.

use crate::domain::finding::{Finding, FindingMessage, Severity};
use crate::domain::time::Wait;
use crate::domain::verdict::Explanation;
use jiff::{SignedDuration, Timestamp};

/// Numbers from this one on, in the year 5138, must be milliseconds rather than seconds.
const MIN_MILLISECONDS: i64 = 100_000_000_000;

/// The difference of the clocks up to which a time in the future is no cause for a warning.
const CLOCK_SKEW: Wait = Wait(60);

/// The distance from the receiver's clock up to which a signed time is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tolerance {
    /// The maximum distance into the past.
    pub(super) past: Wait,
    /// The maximum distance into the future, or `None` if the vendor's code accepts any.
    pub(super) future: Option<Wait>,
}

impl Tolerance {
    /// Returns the reason to reject this time of sending, if it is outside the tolerance.
    pub(super) fn rejection(self, sent: i64, at: Timestamp) -> Option<Explanation> {
        let now = at.as_second();
        let distance = Wait(now.abs_diff(sent));
        let is_past = sent < now;
        let limit = if is_past { self.past } else { self.future? };
        if distance <= limit {
            return None;
        }
        let (code, side) =
            if is_past { ("stale-timestamp", "old") } else { ("future-timestamp", "ahead") };
        let message = format!(
            "The signature is valid, but its timestamp is {distance} {side}; up to {limit} are \
             allowed."
        );
        let fix = if sent >= MIN_MILLISECONDS {
            "write seconds, not milliseconds"
        } else {
            "compare the clocks of both sides; for a saved request, pass the time of its arrival \
             as `--now TIME`"
        };
        Some(Explanation::new(code, message, fix))
    }

    /// Returns the warning about a time in the future that the vendor's code accepts.
    pub(super) fn future_finding(self, sent: i64, at: Timestamp) -> Option<Finding> {
        let distance = Wait(u64::try_from(sent.checked_sub(at.as_second())?).ok()?);
        if self.future.is_some() || distance <= CLOCK_SKEW {
            return None;
        }
        let message = if sent >= MIN_MILLISECONDS {
            "the timestamp of the signature is in milliseconds, and it is read as seconds: code \
             without a limit into the future never rejects it"
                .to_owned()
        } else {
            format!(
                "the timestamp of the signature is {distance} ahead; the vendor's code accepts it, \
                 and other receivers reject it"
            )
        };
        let message = FindingMessage::custom(message, "a time in the future", "the current time");
        Some(Finding::new(Severity::Warning, "future-timestamp", message, "the vendor's SDK"))
    }

    /// Returns the time at which a signature from this time expired, if it had at `at`.
    pub(super) fn expired_at(self, sent: i64, at: Timestamp) -> Option<Timestamp> {
        let past = SignedDuration::try_from(self.past.duration()).ok()?;
        let expiry = Timestamp::from_second(sent).ok()?.checked_add(past).ok()?;
        (at > expiry).then_some(expiry)
    }
}

/// Parses a whole number of seconds in its canonical form: libraries format the number before they
/// sign it, so any other form would not match.
pub(super) fn parse_seconds(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    text.parse().ok().filter(|seconds: &i64| seconds.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn only_whole_seconds_in_canonical_form_are_read() {
        assert_eq!(parse_seconds(b"1700000000"), Some(1_700_000_000));
        for wrong in [
            "",
            " 1",
            "1 ",
            "+1",
            "01",
            "1.0",
            "1e9",
            "0x1",
            "-0",
            "t",
            "9223372036854775808",
            "99999999999999999999",
            "\u{661}",
        ] {
            assert_eq!(parse_seconds(wrong.as_bytes()), None, "{wrong:?}");
        }
        assert_eq!(parse_seconds(b"\xff"), None);
    }

    #[test]
    fn the_limits_themselves_are_accepted() {
        let both = Tolerance { past: Wait(300), future: Some(Wait(60)) };
        let code = |sent| both.rejection(sent, at(1_000)).map(|it| it.code);
        assert_eq!((code(700), code(1_060)), (None, None));
        assert_eq!((code(699), code(1_061)), (Some("stale-timestamp"), Some("future-timestamp")));
        assert_eq!(both.future_finding(1_061, at(1_000)), None);
        for extreme in [i64::MIN, i64::MAX] {
            assert!(both.rejection(extreme, Timestamp::MIN).is_some());
            assert!(both.rejection(extreme, Timestamp::MAX).is_some());
        }
    }

    #[test]
    fn a_time_in_the_future_is_remarked_on_where_it_is_accepted() {
        let past = Tolerance { past: Wait(300), future: None };
        assert_eq!(past.rejection(i64::MAX, at(0)), None);
        assert_eq!(past.future_finding(1_060, at(1_000)), None);
        let text = |sent| past.future_finding(sent, at(1_000)).unwrap().message;
        assert!(text(4_600).contains("1 h ahead"), "{}", text(4_600));
        assert!(text(1_700_000_000_000).contains("milliseconds"));
        assert_eq!(past.future_finding(i64::MIN, Timestamp::MAX), None);
    }

    #[test]
    fn the_expiry_is_the_end_of_the_tolerance() {
        let past = Tolerance { past: Wait(300), future: None };
        assert_eq!(past.expired_at(1_000, at(1_300)), None);
        assert_eq!(past.expired_at(1_000, at(1_301)), Some(at(1_300)));
        assert_eq!(past.expired_at(i64::MAX, Timestamp::MAX), None);
    }
}
