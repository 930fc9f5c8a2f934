//! Cases of the handshake: the GET with which a sender confirms the URL of a receiver.

use crate::domain::conformance::{CaseGroup, RequirementLevel};
use crate::domain::message::Response;
use crate::domain::secret::Secret;
use crate::engine::conformance::case::{
    Action, ConformanceCase, HandshakeStep, Trial, TrialStep, step,
};
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};
use crate::engine::handshake;
use crate::providers::handshake_facts::HandshakeFacts;
use crate::providers::pack::Pack;

/// A challenge that runs a script in a page that repeats it.
const MARKUP: &str = "<script>alert(1)</script>";

/// A challenge that adds a header where a response head repeats it, and markup to a body.
const NEWLINE: &str = "1\r\nX-Injected: 1\r\n\r\n<b>1</b>";

/// The text that takes the place of the token where a request is shown.
const SHOWN_TOKEN: &str = "TOKEN";

/// The source of every case.
const SOURCE: &str = "the provider's documentation";

/// Why a case that needs the token is not run.
const NEEDS_TOKEN: &str = "not run: needs the token of the receiver, `--handshake-token`";

/// The token of a request.
#[derive(Clone, Copy)]
enum Token {
    Right,
    Wrong,
    Missing,
}

/// Returns the case of a genuine handshake, if the provider has one.
pub(super) fn accepted(pack: &Pack) -> Option<ConformanceCase> {
    pack.provider.handshake.as_ref()?;
    Some(ConformanceCase {
        id: "handshake".to_owned(),
        group: CaseGroup::Accepts,
        level: RequirementLevel::Must,
        about: "the handshake that confirms the URL, with the right token".to_owned(),
        advice: "Answer the GET with 200 and exactly the challenge as plain text, without quotes \
                 and without a newline.",
        source: SOURCE,
        action: action(Token::Right, &[None], ExpectedResponse::ChallengeReturned),
    })
}

/// Returns the cases of handshakes that must not be confirmed, if the provider has one.
pub(super) fn rejected(pack: &Pack) -> Vec<ConformanceCase> {
    if pack.provider.handshake.is_none() {
        return Vec::new();
    }
    let case = |id: &str, about: &str, advice, action| ConformanceCase {
        id: id.to_owned(),
        group: CaseGroup::Rejects,
        level: RequirementLevel::Must,
        about: about.to_owned(),
        advice,
        source: SOURCE,
        action,
    };
    let refused = ExpectedResponse::ChallengeRefused;
    vec![
        case(
            "handshake-wrong-token",
            "a handshake with another token",
            "Compare the token with your own, and answer 403 if it differs.",
            action(Token::Wrong, &[None], refused),
        ),
        case(
            "handshake-missing-token",
            "a handshake without a token",
            "Treat a missing token as a wrong one, and answer 403.",
            action(Token::Missing, &[None], refused),
        ),
        case(
            "handshake-markup",
            "a handshake whose challenge is HTML or has newlines",
            "Return a challenge of letters and digits only, with `Content-Type: text/plain` and \
             `X-Content-Type-Options: nosniff`; answer 400 to any other.",
            action(
                Token::Right,
                &[Some(MARKUP), Some(NEWLINE)],
                ExpectedResponse::ChallengeNotInterpreted,
            ),
        ),
    ]
}

/// Returns the action that sends a handshake with each of these challenges, or with a generated one.
fn action(
    token: Token,
    challenges: &'static [Option<&'static str>],
    expect: ExpectedResponse,
) -> Action {
    Action::Trial(Box::new(move |context| {
        let missing = CaseError::MissingInput("the pack has no handshake");
        let facts = context.pack.provider.handshake.as_ref().ok_or(missing)?;
        let generated = handshake::challenge(context.seed);
        let steps = challenges.iter().map(|challenge| {
            handshake_step(context, facts, challenge.unwrap_or(&generated), token, expect)
        });
        Ok(Trial { steps: steps.collect::<Result<_, _>>()?, effect: None })
    }))
}

fn handshake_step(
    context: &CaseContext<'_>,
    facts: &HandshakeFacts,
    challenge: &str,
    token: Token,
    expect: ExpectedResponse,
) -> Result<TrialStep, CaseError> {
    let wrong = || Secret::derived(handshake::challenge(context.seed ^ 1).into_bytes());
    let (token, shown) = match token {
        Token::Right => {
            let known = context.handshake_token.ok_or(CaseError::MissingInput(NEEDS_TOKEN))?;
            (Some(known.clone()), Some(Secret::derived(SHOWN_TOKEN.as_bytes().to_vec())))
        }
        Token::Wrong => (Some(wrong()), Some(wrong())),
        Token::Missing => (None, None),
    };
    let request = |token: Option<&Secret>| {
        handshake::request(context.pack, facts, context.path, challenge, token)
    };
    let mut step = step(vec![request(token.as_ref())], expect);
    let shown = request(shown.as_ref());
    step.handshake = Some(HandshakeStep { challenge: challenge.to_owned(), shown });
    Ok(step)
}

/// Returns what is wrong with the body of a response to a handshake, if something is.
#[must_use]
pub fn body_problem(
    expect: ExpectedResponse,
    challenge: &str,
    response: &Response,
) -> Option<String> {
    let repeats = handshake::contains(&response.body, challenge.as_bytes());
    match expect {
        ExpectedResponse::ChallengeReturned => handshake::problem(response, challenge),
        ExpectedResponse::ChallengeRefused if repeats => {
            Some("it returns the challenge all the same".to_owned())
        }
        ExpectedResponse::ChallengeNotInterpreted if response.headers.contains("X-Injected") => {
            Some("the challenge adds a header to the response".to_owned())
        }
        ExpectedResponse::ChallengeNotInterpreted if repeats && !is_plain_text(response) => {
            Some("it returns the challenge, and not as plain text: a browser runs it".to_owned())
        }
        _ => None,
    }
}

/// Returns `true` if a browser shows a response as text.
fn is_plain_text(response: &Response) -> bool {
    let media_type = response.headers.get_str("Content-Type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    ["text/plain", "application/json"].iter().any(|plain| media_type.eq_ignore_ascii_case(plain))
}
