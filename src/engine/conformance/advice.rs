//! Advice by the observed response: a 404 and a timeout of the same case have different causes.

use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::status::StatusPattern;
use crate::engine::conformance::expect::{ExpectedResponse, codes};
use crate::providers::provider::Provider;

/// A class of expectations whose failures have the same causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// A genuine request must be accepted.
    Acceptance,
    /// A forged request must be rejected.
    Rejection,
    /// An unusable request must not cause an exception.
    Composure,
}

/// An observed result.
#[derive(Clone, Copy, Debug)]
enum Observed {
    /// A response with such a status.
    Status(StatusPattern),
    /// A response with a status that ends the provider's retries.
    Stop,
    /// The connection was closed, or refused, without a response.
    Closed,
    /// No response in time.
    Timeout,
}

/// The relation of a row's text to the advice of the case.
#[derive(Clone, Copy, Debug)]
enum Placement {
    /// The text replaces it: the response has nothing to do with the peculiarity of the case.
    Instead,
    /// The text precedes it.
    Before,
    /// The text follows it.
    After,
}

/// The advice for one observed result.
struct AdviceRow {
    wanted: &'static [Wanted],
    observed: Observed,
    /// `{success}`, `{stop}`, `{refusal}`, `{type}` and `{name}` stand for facts of the provider.
    text: &'static str,
    placement: Placement,
}

const fn row(
    wanted: &'static [Wanted],
    observed: Observed,
    text: &'static str,
    placement: Placement,
) -> AdviceRow {
    AdviceRow { wanted, observed, text, placement }
}

const fn exactly(status: u16) -> Observed {
    Observed::Status(StatusPattern::Exactly(status))
}

const fn class(digit: u16) -> Observed {
    Observed::Status(StatusPattern::Class(digit))
}

const ACCEPTANCE: &[Wanted] = &[Wanted::Acceptance];
const REJECTION: &[Wanted] = &[Wanted::Rejection];
const COMPOSURE: &[Wanted] = &[Wanted::Composure];
const ANY: &[Wanted] = &[Wanted::Acceptance, Wanted::Rejection, Wanted::Composure];

/// The rows, of which the first that matches applies. Without one, the advice of the case stands
/// alone: a success after a forgery, and a 400 or 422 after a genuine request.
const ROWS: &[AdviceRow] = &[
    row(
        ACCEPTANCE,
        Observed::Stop,
        "Answer {success}: after {stop}, {name} never sends the message again.",
        Placement::Before,
    ),
    row(
        ACCEPTANCE,
        class(2),
        "Answer {success}: {name} takes any other status for a failure, even of the 2xx class.",
        Placement::Instead,
    ),
    row(
        ACCEPTANCE,
        class(3),
        "Answer at this address without a redirect, or register the address to which it leads.",
        Placement::Instead,
    ),
    row(
        ACCEPTANCE,
        exactly(401),
        "The request is genuine: it was verified over other bytes or with another secret.",
        Placement::After,
    ),
    row(
        ACCEPTANCE,
        exactly(403),
        "The request is genuine: it was verified over other bytes or with another secret.",
        Placement::After,
    ),
    row(ACCEPTANCE, exactly(404), "Route a POST to this path to the receiver.", Placement::Before),
    row(ACCEPTANCE, exactly(405), "Route a POST to this path to the receiver.", Placement::Before),
    row(ACCEPTANCE, exactly(410), "Route a POST to this path to the receiver.", Placement::Before),
    row(ACCEPTANCE, exactly(413), "Raise the limit for the size of the body.", Placement::Instead),
    row(ACCEPTANCE, exactly(415), "Accept the content type `{type}`.", Placement::Instead),
    row(
        ACCEPTANCE,
        exactly(429),
        "Exempt {name} from the rate limit: it does not slow down.",
        Placement::Instead,
    ),
    row(ACCEPTANCE, class(5), "Find the exception in the receiver's log.", Placement::Before),
    row(REJECTION, class(5), "Catch the exception, and answer {refusal}.", Placement::Before),
    row(COMPOSURE, class(5), "Catch the exception.", Placement::Before),
    row(
        ACCEPTANCE,
        Observed::Timeout,
        "Respond as soon as the message is stored, and process it afterwards.",
        Placement::Instead,
    ),
    row(
        &[Wanted::Rejection, Wanted::Composure],
        Observed::Timeout,
        "Respond before any other work is done.",
        Placement::Before,
    ),
    row(
        ANY,
        Observed::Closed,
        "Respond before the connection is closed: look for a crash in the receiver's log.",
        Placement::Before,
    ),
];

/// Returns the advice for a result that is not as expected, given the advice of the case.
#[must_use]
pub fn for_result(
    of_case: &str,
    expect: ExpectedResponse,
    provider: &Provider,
    result: AttemptResult,
) -> String {
    let wanted = wanted(expect);
    let is_stop = provider.retry.outcome(&result) == Outcome::Stopped;
    let matches = |row: &&AdviceRow| {
        row.wanted.contains(&wanted)
            && match (row.observed, result) {
                (Observed::Stop, _) => is_stop,
                (Observed::Status(pattern), AttemptResult::Status(status)) => {
                    pattern.matches(status)
                }
                (Observed::Closed, AttemptResult::Unreachable)
                | (Observed::Timeout, AttemptResult::Timeout) => true,
                (Observed::Status(_) | Observed::Closed | Observed::Timeout, _) => false,
            }
    };
    let Some(row) = ROWS.iter().find(matches) else { return of_case.to_owned() };
    let text = fill(row.text, provider);
    match row.placement {
        _ if text == of_case => text,
        Placement::Instead => text,
        Placement::Before => format!("{text} {of_case}"),
        Placement::After => format!("{of_case} {text}"),
    }
}

fn wanted(expect: ExpectedResponse) -> Wanted {
    match expect {
        ExpectedResponse::Accepted | ExpectedResponse::AcceptedOrStopped => Wanted::Acceptance,
        ExpectedResponse::RejectedAsForged => Wanted::Rejection,
        ExpectedResponse::RejectedAsUnusable
        | ExpectedResponse::RejectedAsForeign
        | ExpectedResponse::NoServerError
        | ExpectedResponse::NoServerErrorOrClosed
        | ExpectedResponse::AcceptedOrRetried
        | ExpectedResponse::Anything => Wanted::Composure,
    }
}

/// Replaces the placeholders of a row.
fn fill(text: &str, provider: &Provider) -> String {
    [
        ("{success}", codes(&provider.retry.success)),
        ("{stop}", codes(&provider.retry.stop)),
        ("{refusal}", provider.receiver.rejection_status.to_string()),
        ("{type}", provider.request.content_type.clone()),
        ("{name}", provider.name.clone()),
    ]
    .iter()
    .fold(text.to_owned(), |text, (placeholder, value)| text.replace(placeholder, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Packs;

    const CASE: &str = "Ignore the rest.";

    #[test]
    fn every_observed_result_has_its_advice() {
        let packs = Packs::builtin().unwrap();
        let status = AttemptResult::Status;
        let (accepted, forged) = (ExpectedResponse::Accepted, ExpectedResponse::RejectedAsForged);
        for (id, expect, result, expected) in [
            (
                "realgeeks",
                accepted,
                status(204),
                "Answer 200: Real Geeks takes any other status for a failure, even of the 2xx \
                 class.",
            ),
            (
                "realgeeks",
                accepted,
                status(406),
                "Answer 200: after 406, Real Geeks never sends the message again. Ignore the rest.",
            ),
            (
                "leadpro",
                accepted,
                status(302),
                "Answer at this address without a redirect, or register the address to which it \
                 leads.",
            ),
            ("leadpro", accepted, status(422), "Ignore the rest."),
            (
                "leadpro",
                accepted,
                status(401),
                "Ignore the rest. The request is genuine: it was verified over other bytes or with \
                 another secret.",
            ),
            (
                "leadpro",
                accepted,
                status(404),
                "Route a POST to this path to the receiver. Ignore the rest.",
            ),
            ("leadpro", accepted, status(415), "Accept the content type `application/json`."),
            (
                "leadpro",
                accepted,
                status(503),
                "Find the exception in the receiver's log. Ignore the rest.",
            ),
            (
                "leadpro",
                accepted,
                AttemptResult::Timeout,
                "Respond as soon as the message is stored, and process it afterwards.",
            ),
            (
                "leadpro",
                ExpectedResponse::NoServerError,
                AttemptResult::Unreachable,
                "Respond before the connection is closed: look for a crash in the receiver's log. \
                 Ignore the rest.",
            ),
            (
                "realgeeks",
                forged,
                status(500),
                "Catch the exception, and answer 403. Ignore the rest.",
            ),
            ("realgeeks", forged, status(200), "Ignore the rest."),
            (
                "realgeeks",
                ExpectedResponse::NoServerError,
                status(500),
                "Catch the exception. Ignore the rest.",
            ),
        ] {
            let provider = &packs.find(id).unwrap().provider;
            assert_eq!(for_result(CASE, expect, provider, result), expected, "{id} {result:?}");
        }
    }

    #[test]
    fn advice_is_not_repeated() {
        let packs = Packs::builtin().unwrap();
        let provider = &packs.find("realgeeks").unwrap().provider;
        let text = "Raise the limit for the size of the body.";
        let result = AttemptResult::Status(413);
        assert_eq!(for_result(text, ExpectedResponse::Accepted, provider, result), text);
    }
}
