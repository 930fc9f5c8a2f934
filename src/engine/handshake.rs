//! The handshake of a sender: its GET, the answer of a receiver, and the judgement of an answer.

use crate::domain::message::{Message, Response};
use crate::domain::secret::{Keyring, Secret};
use crate::engine::seeded_rng::SeededRng;
use crate::protocols::schemes::mac;
use crate::protocols::schemes::mac::HashFunction;
use crate::providers::Packs;
use crate::providers::handshake_facts::HandshakeFacts;
use crate::providers::pack::Pack;
use serde::Serialize;
use url::form_urlencoded;

/// The maximum number of characters of a challenge that is returned.
pub const MAX_CHALLENGE: usize = 256;

/// The maximum number of query parameters that are read.
const MAX_PARAMETERS: usize = 100;

/// The decision of a receiver on a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HandshakeOutcome {
    /// The token is right: the challenge is returned.
    Confirmed,
    /// The receiver knows no token.
    NotConfigured,
    /// The token is missing, doubled or wrong.
    WrongToken,
    /// The challenge is missing, doubled, too long or has other characters than expected.
    InvalidChallenge,
    /// The mode is missing, doubled or another one.
    UnknownMode,
}

/// The answer to a handshake.
#[derive(Clone, Debug)]
pub struct HandshakeAnswer {
    /// The id of the provider.
    pub provider: String,
    /// The decision.
    pub outcome: HandshakeOutcome,
    /// The challenge, if there is exactly one, which may have any characters.
    pub challenge: Option<String>,
    /// `true` if there is exactly one token.
    pub has_token: bool,
    /// The response.
    pub response: Response,
}

/// The query parameters of a handshake.
#[derive(Clone, Debug, Default)]
struct Parameters {
    mode: Option<String>,
    challenge: Option<String>,
    token: Option<Secret>,
}

impl HandshakeOutcome {
    /// Describes the decision in a few words.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Confirmed => "the token is right, the challenge was returned",
            Self::NotConfigured => "refused: no token is configured",
            Self::WrongToken => "refused: the token is wrong or missing",
            Self::InvalidChallenge => "refused: the challenge is missing or malformed",
            Self::UnknownMode => "refused: the mode is missing or another one",
        }
    }

    /// Returns the response to a handshake with this challenge.
    fn response(self, challenge: Option<&str>) -> Response {
        let mut response = match (self, challenge) {
            (Self::Confirmed, Some(challenge)) => Response::text(200, challenge),
            (Self::Confirmed | Self::InvalidChallenge, _) => {
                Response::text(400, "invalid challenge\n")
            }
            (Self::NotConfigured | Self::WrongToken | Self::UnknownMode, _) => {
                Response::text(403, "not confirmed\n")
            }
        };
        response.headers.replace("Content-Type", "text/plain; charset=utf-8");
        response.headers.push("X-Content-Type-Options", "nosniff");
        response
    }
}

/// Returns the answer to a request, if it is the handshake of a provider; `tokens` are those that the
/// receiver knows.
///
/// Several providers may use the same names: the first one whose token is right answers, or else the
/// first one that has a token.
#[must_use]
pub fn answer(packs: &Packs, tokens: &Keyring, message: &Message) -> Option<HandshakeAnswer> {
    if message.method != "GET" {
        return None;
    }
    let (_, query) = message.target.split_once('?')?;
    let mut answers: Vec<_> = packs
        .iter()
        .filter_map(|pack| {
            let facts = pack.provider.handshake.as_ref()?;
            let id = &pack.provider.id;
            answer_for(id, facts, query, tokens.secrets_for(id))
        })
        .collect();
    let rank = |answer: &HandshakeAnswer| match answer.outcome {
        HandshakeOutcome::Confirmed => 0,
        HandshakeOutcome::NotConfigured => 2,
        _ => 1,
    };
    answers.sort_by_key(rank);
    answers.into_iter().next()
}

/// Returns the answer of one provider's receiver; `None` if the query has none of its parameters.
fn answer_for(
    id: &str,
    facts: &HandshakeFacts,
    query: &str,
    tokens: &[Secret],
) -> Option<HandshakeAnswer> {
    let is_handshake = form_urlencoded::parse(query.as_bytes())
        .take(MAX_PARAMETERS)
        .any(|(name, _)| name == facts.challenge.as_str() || name == facts.token.as_str());
    if !is_handshake {
        return None;
    }
    let Parameters { mode, challenge, token } = Parameters::read(facts, query);
    let is_known = |token: &Secret| tokens.iter().any(|known| is_same(known, token));
    let outcome = if tokens.is_empty() {
        HandshakeOutcome::NotConfigured
    } else if !token.as_ref().is_some_and(is_known) {
        HandshakeOutcome::WrongToken
    } else if facts.mode.as_ref().is_some_and(|facts| mode.as_ref() != Some(&facts.value)) {
        HandshakeOutcome::UnknownMode
    } else if !challenge.as_deref().is_some_and(is_challenge) {
        HandshakeOutcome::InvalidChallenge
    } else {
        HandshakeOutcome::Confirmed
    };
    let response = outcome.response(challenge.as_deref());
    let has_token = token.is_some();
    Some(HandshakeAnswer { provider: id.to_owned(), outcome, challenge, has_token, response })
}

impl Parameters {
    /// Reads the parameters. One that is doubled counts as missing: programs differ in which of two
    /// values they use.
    fn read(facts: &HandshakeFacts, query: &str) -> Self {
        let single = |name: &str| {
            let mut values = form_urlencoded::parse(query.as_bytes())
                .take(MAX_PARAMETERS)
                .filter(|(known, _)| known == name)
                .map(|(_, value)| value.into_owned());
            let first = values.next();
            if values.next().is_some() { None } else { first }
        };
        Self {
            mode: facts.mode.as_ref().and_then(|mode| single(&mode.parameter)),
            challenge: single(&facts.challenge),
            token: single(&facts.token).map(|token| Secret::derived(token.into_bytes())),
        }
    }
}

/// Returns `true` if a challenge can be returned without a risk: HTML and header injection need other
/// characters.
#[must_use]
pub fn is_challenge(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !text.is_empty() && text.len() <= MAX_CHALLENGE && text.bytes().all(is_allowed)
}

/// Returns `true` if two tokens are the same. The MACs of both are compared, in constant time.
fn is_same(known: &Secret, received: &Secret) -> bool {
    let (known, received) = (known.expose(), received.expose());
    let tag = mac::mac(HashFunction::Sha256, known, &[received]);
    mac::verify(HashFunction::Sha256, known, &[known], &tag)
}

/// Returns a challenge as the senders draw them: a number of ten digits.
#[must_use]
pub fn challenge(seed: u64) -> String {
    let drawn = u64::from_le_bytes(SeededRng::new(seed, "handshake-challenge").bytes());
    format!("{}", 1_000_000_000 + drawn % 9_000_000_000)
}

/// Returns the handshake request of a provider to `path`, which may have a query. Without a token,
/// that parameter is left out.
#[must_use]
pub fn request(
    pack: &Pack,
    facts: &HandshakeFacts,
    path: &str,
    challenge: &str,
    token: Option<&Secret>,
) -> Message {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(mode) = &facts.mode {
        query.append_pair(&mode.parameter, &mode.value);
    }
    query.append_pair(&facts.challenge, challenge);
    if let Some(token) = token {
        query.append_pair(&facts.token, &String::from_utf8_lossy(token.expose()));
    }
    let separator = if path.contains('?') { '&' } else { '?' };
    let target = format!("{path}{separator}{}", query.finish());
    let mut message = Message { target, ..Message::get() };
    if let Some(agent) = &pack.provider.request.user_agent {
        message.headers.push("User-Agent", agent.as_str());
    }
    message
}

/// Returns what is wrong with the response to a genuine handshake, in a sentence; `None` if it
/// confirms the URL.
#[must_use]
pub fn problem(response: &Response, challenge: &str) -> Option<String> {
    let Response { status, headers, body, truncated } = response;
    let expected = challenge.as_bytes();
    let media_type = headers.get_str("Content-Type").unwrap_or_default().to_ascii_lowercase();
    match status {
        200..=299 => {}
        300..=399 => {
            return Some(
                "it redirects, and senders do not follow a redirect: register the URL \
                         that it leads to"
                    .to_owned(),
            );
        }
        401 | 403 => {
            return Some(
                "it refuses the token: compare it with the one that the receiver knows, \
                         and check that a login does not protect the path"
                    .to_owned(),
            );
        }
        404 | 405 | 501 => {
            return Some(
                "it has no handler for GET at this path: add one beside that for POST".to_owned(),
            );
        }
        500.. => return Some("it fails: its log has the reason".to_owned()),
        _ => return Some("it refuses the request: expected 200 with the challenge".to_owned()),
    }
    if body == expected && !truncated {
        return None;
    }
    let trimmed = body.trim_ascii();
    let quoted = format!("\"{challenge}\"");
    Some(if trimmed == quoted.as_bytes() {
        "it returns the challenge as a JSON string, in quotes: return it as plain text".to_owned()
    } else if trimmed == expected {
        let place = if body.ends_with(b"\n") { "a newline" } else { "white space" };
        format!("it adds {place} to the challenge: return exactly its characters")
    } else if body.is_empty() {
        "the body is empty: expected the challenge".to_owned()
    } else if media_type.contains("html") || trimmed.starts_with(b"<") {
        "it returns an HTML page, such as that of a frontend or a login: expected the challenge as \
         plain text"
            .to_owned()
    } else if contains(body, expected) {
        "it returns the challenge among other text, such as a JSON object: return it alone"
            .to_owned()
    } else {
        "it returns another text: expected the challenge".to_owned()
    })
}

/// Returns `true` if `part` is in `whole`.
#[must_use]
pub fn contains(whole: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(whole, part).is_some()
}

#[cfg(test)]
mod tests;
