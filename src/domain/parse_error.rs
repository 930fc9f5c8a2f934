//! The error of parsing a value from a short string, such as a command-line option.

use thiserror::Error;

/// A string that cannot be parsed as the value it represents.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseValueError {
    /// A date is malformed, or no such day exists.
    #[error("`{0}` is not a date: expected a day that exists, such as `2025-08-15`")]
    Date(String),
    /// The name of an event has an empty part.
    #[error("`{0}` is not an event: expected a name such as `created` or `leadpro:lead.created`")]
    Event(String),
    /// A condition on a delivery is malformed.
    #[error(
        "`{0}` is not a match: expected `event=created`, `valid`, `lead=ID`, or a JSON pointer of the \
         payload with its value, such as `/email=jo@example.com`"
    )]
    DeliveryMatch(String),
    /// A frequency is malformed.
    #[error(
        "`{0}` is not a frequency: expected a number above 0 with at most 6 decimals, and a unit, \
         such as `120/h`, `30/min` or `0.5/s`"
    )]
    Frequency(String),
    /// An interval is malformed.
    #[error("`{0}` is not an interval: expected two times such as `30m..3h` or `0s..40m`")]
    Interval(String),
    /// The end of an interval is not after its start.
    #[error("`{0}` is an empty interval: expected an end after its start")]
    EmptyInterval(String),
    /// A latency is malformed, or its range ends before it begins.
    #[error(
        "`{0}` is not a latency: expected a time such as `200ms`, or a range such as `200ms..2s`"
    )]
    Latency(String),
    /// A rate is malformed, or is not from 0 to 1.
    #[error("`{0}` is not a rate: expected a number from 0 to 1 such as `0.1`, or `10%`")]
    Rate(String),
    /// A list of responses is malformed.
    #[error("`{0}` is not a list of responses: expected codes such as `503x2,406,200`")]
    Responses(String),
    /// A duration is malformed, or is not in whole seconds where that is required.
    #[error(
        "`{0}` is not a duration: expected a number and a unit, such as `500ms`, `30s` or \
         `10m`"
    )]
    Duration(String),
    /// A replay speed is malformed.
    #[error("`{0}` is not a speed: expected `instant`, `real`, or a factor such as `60x`")]
    Speed(String),
    /// The string is neither a status code nor a class of them.
    #[error("`{0}` is not a status: expected a code such as `406`, or a class such as `2xx`")]
    Status(String),
    /// A point in time is malformed.
    #[error(
        "`{0}` is not a time: expected RFC 3339 such as `2026-01-02T03:04:05Z`, or `@` and Unix \
         seconds"
    )]
    Time(String),
    /// A point in time has no time zone.
    #[error("`{0}` has no time zone: add `Z` for UTC, as in `{0}Z`")]
    TimeZone(String),
}
