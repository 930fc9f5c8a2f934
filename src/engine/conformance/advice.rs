//! Advice by the observed response: a 404 and a timeout of the same case have different causes.

use crate::domain::delivery::{AttemptResult, Outcome};
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::status_causes::{OTHER_SUCCESS, RequestFacts, StatusCause};

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
    /// A response whose status has a cause with this code.
    Refusal(&'static str),
    /// A response of the class 5xx.
    ServerError,
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
    /// The text, with the placeholders of [`RequestFacts::fill`]. `None`: the fix of the status.
    text: Option<&'static str>,
    placement: Placement,
}

const fn row(
    wanted: &'static [Wanted],
    observed: Observed,
    text: &'static str,
    placement: Placement,
) -> AdviceRow {
    AdviceRow { wanted, observed, text: Some(text), placement }
}

/// Returns the row for a genuine request whose status has a cause with this code: its fix is the
/// advice.
const fn fix(code: &'static str, placement: Placement) -> AdviceRow {
    AdviceRow { wanted: ACCEPTANCE, observed: Observed::Refusal(code), text: None, placement }
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
    fix(OTHER_SUCCESS, Placement::Instead),
    fix("redirected", Placement::Instead),
    // Other deliveries may have been accepted with the same secret.
    row(
        ACCEPTANCE,
        Observed::Refusal("signature-refused"),
        "The request is genuine: it was verified over other bytes or with another secret.",
        Placement::After,
    ),
    fix("wrong-path", Placement::Before),
    fix("method-not-allowed", Placement::Before),
    fix("body-too-large", Placement::Instead),
    fix("media-type-refused", Placement::Instead),
    fix("rate-limited", Placement::Instead),
    fix("unavailable", Placement::Before),
    fix("server-error", Placement::Before),
    row(
        REJECTION,
        Observed::ServerError,
        "Catch the exception, and answer {refusal}.",
        Placement::Before,
    ),
    row(COMPOSURE, Observed::ServerError, "Catch the exception.", Placement::Before),
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
    facts: &RequestFacts<'_>,
    result: AttemptResult,
) -> String {
    let wanted = wanted(expect);
    let cause = result.status().and_then(|status| StatusCause::of(status, facts.provider));
    let matches = |row: &&AdviceRow| {
        row.wanted.contains(&wanted)
            && match row.observed {
                Observed::Refusal(code) => cause.is_some_and(|cause| cause.code == code),
                Observed::ServerError => result.status().is_some_and(|status| status / 100 == 5),
                Observed::Stop => facts.provider.retry.outcome(&result) == Outcome::Stopped,
                Observed::Closed => result == AttemptResult::Unreachable,
                Observed::Timeout => result.is_timeout(),
            }
    };
    let Some(row) = ROWS.iter().find(matches) else { return of_case.to_owned() };
    let text = match (row.text, cause) {
        (Some(text), _) => facts.fill(text),
        (None, Some(cause)) => sentence(&facts.fill(cause.fix)),
        (None, None) => return of_case.to_owned(),
    };
    match row.placement {
        _ if text == of_case => text,
        Placement::Instead => text,
        Placement::Before => format!("{text} {of_case}"),
        Placement::After => format!("{of_case} {text}"),
    }
}

/// Returns the advice for a request with too many side effects, given the advice of the case.
///
/// A request that was rejected as expected needs no other response.
#[must_use]
pub fn for_effect(of_case: &str, max: u64) -> String {
    match max {
        0 => "Verify and parse the request before anything is stored or sent on.".to_owned(),
        _ => of_case.to_owned(),
    }
}

/// Returns a clause or a question as a sentence.
fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    let end = if clause.ends_with('?') { "" } else { "." };
    first.into_iter().chain(characters).chain(end.chars()).collect()
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
        | ExpectedResponse::ChallengeReturned
        | ExpectedResponse::ChallengeRefused
        | ExpectedResponse::ChallengeNotInterpreted
        | ExpectedResponse::Anything => Wanted::Composure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::status_causes;
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
                "Answer 200 to every message that you accept, and no other 2xx.",
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
                "Answer without a redirect, or register the URL to which it leads.",
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
                "Is `/hooks` the path that your app registers? Ignore the rest.",
            ),
            (
                "leadpro",
                accepted,
                status(415),
                "Accept `Content-Type: application/json`, with and without a `charset`.",
            ),
            (
                "leadpro",
                accepted,
                status(500),
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
            let facts = RequestFacts { provider, path: "/hooks" };
            assert_eq!(for_result(CASE, expect, &facts, result), expected, "{id} {result:?}");
        }
    }

    #[test]
    fn advice_is_not_repeated() {
        let packs = Packs::builtin().unwrap();
        let provider = &packs.find("realgeeks").unwrap().provider;
        let facts = RequestFacts { provider, path: "/" };
        let text = "Raise the limit for the size of the body.";
        let result = AttemptResult::Status(413);
        assert_eq!(for_result(text, ExpectedResponse::Accepted, &facts, result), text);
    }

    #[test]
    fn every_cause_has_a_row_or_leaves_the_advice_to_the_case() {
        let has_row = |code: &str| {
            ROWS.iter().any(|row| matches!(row.observed, Observed::Refusal(of) if of == code))
        };
        let codes: Vec<_> = status_causes::all().map(|cause| cause.code).collect();
        let without = codes.iter().filter(|code| !has_row(code));
        assert_eq!(without.collect::<Vec<_>>(), [&"bad-request"]);
        for row in ROWS {
            if let Observed::Refusal(code) = row.observed {
                assert!(codes.contains(&code), "{code}");
            }
        }
    }
}
