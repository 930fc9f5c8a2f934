//! Signature schemes: signing, verification, deliberate defects and generated documentation.
//!
//! A scheme is one file here and one line of [`KINDS`]. A pack chooses it by name in `[signature]`
//! of `provider.toml`; a received request cannot choose another.

pub mod digest;
mod digest_reader;
pub mod headers;
pub mod hmac;
pub mod hypothesis;
pub mod jwt;
pub mod mac;
pub mod masking;
pub mod mutate;
pub mod place;
pub mod scheme;
pub mod secret_format;
pub mod shared_secret;
mod signature_check;
mod signed_time;
pub mod standard_webhooks;
pub mod timestamped_hmac;
pub mod token;
pub mod unsigned;

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::verdict::{Explanation, Proof, SignatureStatus, SignatureVerdict};
use jiff::Timestamp;
use scheme::{SchemeKind, SignatureCheck, SignatureScheme};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The code of the explanation of a signature that is unchecked for want of a secret.
pub const NO_SECRET: &str = "no-secret";

/// All schemes, in the order in which they are listed.
pub static KINDS: &[&SchemeKind] = &[
    &hmac::KIND,
    &timestamped_hmac::KIND,
    &jwt::KIND,
    &standard_webhooks::KIND,
    &shared_secret::KIND,
    &unsigned::KIND,
];

/// The scheme of a pack, with its keys. Clones share the scheme.
#[derive(Clone, Debug)]
pub struct Scheme {
    scheme: Arc<dyn SignatureScheme>,
    /// The keys as parsed, by which two schemes are compared.
    keys: Map<String, Value>,
}

impl Scheme {
    /// Returns the name of the scheme in packs and reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.kind().name
    }

    /// Returns what a signature covers.
    #[must_use]
    pub fn covers(&self) -> &'static [&'static str] {
        self.kind().covers
    }

    /// Returns `true` if the message id is signed, so that nothing can be signed without one.
    #[must_use]
    pub fn signs_message_id(&self) -> bool {
        self.covers().contains(&"message-id")
    }

    /// Returns `true` if the time of sending is signed, so that every attempt needs its own signature.
    #[must_use]
    pub fn signs_time(&self) -> bool {
        self.covers().contains(&"timestamp")
    }

    /// Verifies the signature of `message` with every secret, as of the time `at`.
    ///
    /// Without a secret, the signature is reported as unchecked.
    #[must_use]
    pub fn verify(&self, secrets: &[Secret], message: &Message, at: Timestamp) -> SignatureVerdict {
        let check = if self.proof() == Proof::None {
            SignatureCheck::unsigned()
        } else if secrets.is_empty() {
            let mut unchecked = SignatureCheck::failed(
                SignatureStatus::Unchecked,
                Explanation::new(
                    NO_SECRET,
                    "No secret of this provider was given.",
                    "pass `--secret-file FILE`",
                ),
            );
            unchecked.explanations.extend(self.body_change(message));
            unchecked
        } else {
            self.check_signature(secrets, message, at).unwrap_or_else(|failed| {
                let header = self.header();
                header
                    .and_then(|header| headers::redacted_signature(header, message))
                    .unwrap_or(failed)
            })
        };
        SignatureVerdict {
            status: check.status,
            scheme: Some(self.name()),
            proof: Some(self.proof()),
            covers: self.covers(),
            matched: check.matched,
            body_differs: check.body_differs,
            explanations: check.explanations,
            tried: None,
            findings: check.findings,
        }
    }
}

impl Deref for Scheme {
    type Target = dyn SignatureScheme;

    fn deref(&self) -> &Self::Target {
        &*self.scheme
    }
}

impl PartialEq for Scheme {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.keys == other.keys
    }
}

impl Eq for Scheme {}

impl<'de> Deserialize<'de> for Scheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SchemeVisitor)
    }
}

/// Reads `[signature]`: the name of the scheme, and the keys that are specific to it.
struct SchemeVisitor;

impl<'de> Visitor<'de> for SchemeVisitor {
    type Value = Scheme;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table with `scheme` and the keys of that scheme")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Scheme, A::Error> {
        let (mut kind, mut keys) = (None, Map::new());
        while let Some(key) = table.next_key::<String>()? {
            // The name is checked while it is parsed, so that an error points at it.
            if key == "scheme" {
                kind = Some(table.next_value::<KnownKind>()?.0);
            } else {
                keys.insert(key, table.next_value()?);
            }
        }
        let kind = kind.ok_or_else(|| A::Error::missing_field("scheme"))?;
        let scheme = (kind.read)(keys.clone()).map_err(A::Error::custom)?;
        Ok(Scheme { scheme, keys })
    }
}

/// The name of an existing scheme.
struct KnownKind(&'static SchemeKind);

impl<'de> Deserialize<'de> for KnownKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let is_named = |kind: &&&SchemeKind| kind.name == name || kind.aliases.contains(&&*name);
        let known = KINDS.iter().find(is_named);
        known.map(|kind| Self(kind)).ok_or_else(|| {
            let names: Vec<_> = KINDS.iter().map(|kind| format!("`{}`", kind.name)).collect();
            let expected = names.join(", ");
            D::Error::custom(format!("unknown variant `{name}`, expected one of {expected}"))
        })
    }
}
