//! The faults of an answer to a handshake.

use crate::domain::message::{Headers, Response};
use crate::engine::handshake::{HandshakeAnswer, HandshakeOutcome};

/// One fault of an answer to a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HandshakeFault {
    /// It is answered correctly.
    None,
    /// The challenge is returned as a JSON string.
    QuotesChallenge,
    /// Any token is accepted, as long as there is one.
    IgnoresToken,
    /// The token is only compared if there is one.
    NeedsNoToken,
    /// Any challenge is returned, as HTML.
    ReflectsChallenge,
}

impl HandshakeFault {
    /// Returns the response of a receiver with this fault.
    pub(super) fn response(self, answer: HandshakeAnswer) -> Response {
        let HandshakeAnswer { outcome, challenge, has_token, response, .. } = answer;
        let has_wrong_token = outcome == HandshakeOutcome::WrongToken;
        match (self, challenge) {
            (Self::QuotesChallenge, Some(challenge)) if outcome == HandshakeOutcome::Confirmed => {
                reply("application/json", &format!("\"{challenge}\""))
            }
            (Self::IgnoresToken, Some(challenge)) if has_wrong_token && has_token => {
                reply("text/plain", &challenge)
            }
            (Self::NeedsNoToken, Some(challenge)) if has_wrong_token && !has_token => {
                reply("text/plain", &challenge)
            }
            (Self::ReflectsChallenge, Some(challenge))
                if outcome == HandshakeOutcome::InvalidChallenge =>
            {
                reply("text/html", &challenge)
            }
            _ => response,
        }
    }
}

/// Returns a response with this media type.
fn reply(media_type: &str, text: &str) -> Response {
    let headers = Headers::from_iter([("Content-Type", media_type)]);
    Response { status: 200, headers, body: text.as_bytes().to_vec(), truncated: false }
}
