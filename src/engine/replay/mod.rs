//! Replay of captures: digests, timing, new signatures and the comparison with an earlier run.

pub mod baseline;
mod failures;
mod normalise;
mod pace;
mod resign;

pub use failures::{FailedDelivery, FailureGroup, FailureGroups};
pub use pace::Pace;
pub use resign::{Resigned, resign};

use crate::domain::message::Message;
use crate::domain::verdict::Verdict;
use crate::engine::body_edit::BodyEditError;
use crate::protocols::http1::EncodeError;
use crate::protocols::schemes::scheme::SignError;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// The error if a capture cannot be replayed as requested.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayError {
    /// It cannot be encoded as HTTP without changing it.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// Its original target, to which it would be sent, is not a path.
    #[error("its target `{0}` is not a path, and the URL has none")]
    NoPath(String),
    /// It must be signed, but its provider is unknown.
    #[error("its provider was not recognised, so it cannot be signed")]
    NoProvider {
        /// The ids of all providers.
        known: Vec<String>,
    },
    /// It must be signed, but no secret is configured.
    #[error("no secret is configured for {provider}")]
    NoSecret {
        /// The name of the provider in prose.
        provider: String,
    },
    /// Its body cannot be edited as requested.
    #[error(transparent)]
    Edit(#[from] BodyEditError),
    /// The scheme cannot sign it.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Returns the digest that identifies a capture regardless of its file and its signature: SHA-256
/// over its method, its target, its event, its message id and its body, in hex.
#[must_use]
pub fn capture_digest(message: &Message, verdict: &Verdict) -> String {
    let Message { method, target, body, .. } = message;
    let or_empty = |field: &Option<String>| field.clone().unwrap_or_default();
    let (event, id) = (or_empty(&verdict.event), or_empty(&verdict.message_id));
    let parts = [method.as_bytes(), target.as_bytes(), event.as_bytes(), id.as_bytes(), body];
    // Each part is preceded by its length, so that different parts never give the same input.
    let hash = parts.iter().fold(Sha256::new(), |hash, part| {
        hash.chain_update((part.len() as u64).to_le_bytes()).chain_update(part)
    });
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;
    use crate::domain::secret::Keyring;
    use crate::engine::judge::{Judge, Strictness};
    use crate::providers::Packs;
    use jiff::Timestamp;

    fn digest_of(target: &str, headers: &[(&str, &str)], body: &str) -> String {
        let packs = Packs::builtin().unwrap();
        let judge = Judge::new(packs, Keyring::default(), None, Strictness::default());
        let headers = headers.iter().copied().collect::<Headers>();
        let message = Message::post(target, headers, body.to_owned());
        capture_digest(&message, &judge.judge(&message, Timestamp::UNIX_EPOCH).verdict)
    }

    #[test]
    fn the_digest_covers_the_delivery_but_not_its_signature() {
        let (action, id) = ("X-Lead-Router-Action", "X-Lead-Router-Message-Id");
        let signature = "X-Lead-Router-Signature";
        let one = digest_of("/", &[(action, "created"), (id, "1"), (signature, "00")], "{}");
        assert_eq!(one.len(), 64);
        let resigned = digest_of("/", &[(action, "created"), (id, "1"), (signature, "ff")], "{}");
        assert_eq!(one, resigned);
        for other in [
            digest_of("/a", &[(action, "created"), (id, "1")], "{}"),
            digest_of("/", &[(action, "updated"), (id, "1")], "{}"),
            digest_of("/", &[(action, "created"), (id, "2")], "{}"),
            digest_of("/", &[(action, "created"), (id, "1")], "{ }"),
            digest_of("/", &[(action, "created1"), (id, "")], "{}"),
        ] {
            assert_ne!(one, other);
        }
    }
}
