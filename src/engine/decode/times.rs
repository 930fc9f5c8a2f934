//! Times of tokens and signatures in words, relative to a time.

use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::json_print;
use jiff::Timestamp;
use serde::Serialize;

/// Numbers from here on are milliseconds: as seconds they are after the year 5138.
const MIN_MILLISECONDS: f64 = 1e11;

/// Numbers from here on are microseconds.
const MIN_MICROSECONDS: f64 = 1e14;

/// The maximum number of characters of a value in a report.
const MAX_CHARACTERS: usize = 60;

/// A time, with its meaning in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeClaim {
    /// The name of the claim, or of the part of a signature.
    pub name: String,
    /// The value as written.
    pub value: String,
    /// The time; `None` if the value is none.
    pub at: Option<Timestamp>,
    /// The meaning, such as `expires in 5 minutes`.
    pub words: String,
    /// The reason why receivers may read another time, or none.
    pub problem: Option<String>,
}

/// The words for one claim: now, in the past, and in the future. `{}` is the duration.
struct Row {
    name: &'static str,
    present: &'static str,
    past: &'static str,
    future: &'static str,
}

/// The claims that RFC 7519, section 4.1, registers as times, and `auth_time` of `OpenID` Connect.
static ROWS: &[Row] = &[
    Row {
        name: "iat",
        present: "issued just now",
        past: "issued {} ago",
        future: "issued {} in the future",
    },
    Row {
        name: "nbf",
        present: "valid from now on",
        past: "valid since {} ago",
        future: "not valid for another {}",
    },
    Row {
        name: "exp",
        present: "expired just now",
        past: "expired {} ago",
        future: "expires in {}",
    },
    Row {
        name: "auth_time",
        present: "signed in just now",
        past: "signed in {} ago",
        future: "signed in {} in the future",
    },
];

/// The words for the timestamp of a signature.
static SIGNED: Row = Row {
    name: "",
    present: "signed just now",
    past: "signed {} ago",
    future: "signed {} in the future",
};

/// Returns the times among the claims.
pub(super) fn of_claims(claims: &Json, at: Timestamp) -> Vec<TimeClaim> {
    let present = ROWS.iter().filter_map(|row| Some((row, claims.get(row.name)?)));
    present.map(|(row, value)| describe(row.name, row, value, at)).collect()
}

/// Returns the timestamp of a signature.
pub(super) fn of_signature(name: &str, value: &str, at: Timestamp) -> TimeClaim {
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let json = if is_number { Json::Number(value.to_owned()) } else { Json::Text(value.into()) };
    describe(name, &SIGNED, &json, at)
}

fn describe(name: &str, row: &Row, value: &Json, now: Timestamp) -> TimeClaim {
    let (written, number, mut problem) = match value {
        Json::Number(literal) => (literal.clone(), Some(json::nearest_double(literal)), None),
        Json::Text(text) => {
            let text = text.to_string_lossy().into_owned();
            let number = Some(json::nearest_double(&text)).filter(|_| is_number(&text));
            let problem = "it is a string, and receivers expect a number of seconds";
            (text, number, Some(problem.to_owned()))
        }
        other => {
            let printed =
                json_print::print_with_limit(other, &json_print::AS_WRITTEN, MAX_CHARACTERS);
            let written = printed.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let problem = "it is not a number of seconds";
            (written.unwrap_or_else(|| "…".to_owned()), None, Some(problem.to_owned()))
        }
    };
    let number = number.filter(|number| number.is_finite());
    let (number, unit) = match number {
        Some(number) if number.abs() >= MIN_MICROSECONDS => (Some(number / 1e6), "microseconds"),
        Some(number) if number.abs() >= MIN_MILLISECONDS => (Some(number / 1e3), "milliseconds"),
        number => (number, "seconds"),
    };
    if unit != "seconds" {
        let other = problem.map(|problem| format!("{problem}; ")).unwrap_or_default();
        problem = Some(format!(
            "{other}it is in {unit}, and receivers that expect seconds read a year far in the future"
        ));
    }
    let time = match number {
        Some(seconds) => timestamp(seconds),
        None => written.parse().ok(),
    };
    let words = if let Some(time) = time {
        relative(row, time, now)
    } else {
        problem.get_or_insert_with(|| "it is out of range".to_owned());
        "not a time".to_owned()
    };
    let value = written.chars().take(MAX_CHARACTERS).collect();
    TimeClaim { name: name.to_owned(), value, at: time, words, problem }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.starts_with(|digit: char| digit.is_ascii_digit())
        && digits.matches('.').count() < 2
        && !digits.ends_with('.')
}

/// Converts seconds, possibly with a fraction, to a time.
fn timestamp(seconds: f64) -> Option<Timestamp> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and the range is checked"
    )]
    let milliseconds = (seconds * 1e3) as i64;
    Timestamp::from_millisecond(milliseconds).ok()
}

fn relative(row: &Row, time: Timestamp, now: Timestamp) -> String {
    let seconds = time.as_second().saturating_sub(now.as_second());
    let words = match seconds {
        0 => row.present,
        1.. => row.future,
        _ => row.past,
    };
    words.replace("{}", &duration(seconds.unsigned_abs()))
}

/// Formats a duration in its largest unit, rounded: `5 minutes`, `3 days`.
fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(31_557_600, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute")];
    // Below two units, the next smaller one is exact enough: `90 minutes` instead of `2 hours`.
    let unit = UNITS.iter().find(|(size, _)| seconds >= 2 * size || seconds == *size);
    let (size, name) = unit.copied().unwrap_or((1, "second"));
    let count = (seconds + size / 2) / size;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}
