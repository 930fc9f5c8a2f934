//! One defect on purpose: each a row with a name.

mod signing;
mod spoil;

pub use signing::Signing;

use crate::domain::message::Message;
use crate::domain::provider::Scheme;
use crate::engine::tamper::spoil::{Side, Stamp};
use crate::protocols::signature::SignError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A defect that `send --tamper` can put into a delivery.
#[derive(Debug)]
pub struct Tamper {
    /// What users call it.
    pub name: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
    /// Whether the scheme has anything that can be spoiled so.
    has: fn(&Scheme) -> bool,
    change: Change,
}

/// What is done to a message that is signed well.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// Something of it is changed.
    After(fn(&Signing<'_>, &mut Message)),
    /// It is signed once more, with something else.
    Again(fn(&Signing<'_>, &mut Message) -> Result<(), SignError>),
}

/// Every defect, in the order in which they are listed.
pub const TAMPERS: &[Tamper] = &[
    Tamper {
        name: "body",
        about: "one character of the body is changed after signing",
        has: every_scheme,
        change: Change::After(|_, message| {
            message.body = spoil::with_one_byte_changed(message);
        }),
    },
    Tamper {
        name: "missing-signature",
        about: "the header that signs is left out",
        has: every_scheme,
        change: Change::After(|signing, message| message.headers.remove(signing.scheme.header())),
    },
    Tamper {
        name: "empty",
        about: "the header that signs is there, and empty",
        has: every_scheme,
        change: Change::After(|signing, message| {
            message.headers.replace(signing.scheme.header(), "");
        }),
    },
    Tamper {
        name: "wrong-secret",
        about: "signed with another secret",
        has: every_scheme,
        change: Change::Again(|signing, message| {
            let text = [signing.secret.expose(), b"-spoiled"].concat();
            spoil::sign_with_key(signing, message, &text)
        }),
    },
    Tamper {
        name: "other-body",
        about: "the signature is that of another body",
        has: every_scheme,
        change: Change::Again(|signing, message| {
            let other = spoil::with_one_byte_changed(message);
            let body = std::mem::replace(&mut message.body, other);
            signing.sign_again(&message.body.clone(), message)?;
            message.body = body;
            Ok(())
        }),
    },
    Tamper {
        name: "garbage",
        about: "what stands in the place of the signature is none",
        has: every_scheme,
        change: Change::After(|signing, message| {
            message.headers.replace(signing.scheme.header(), "not a signature, not even hex");
        }),
    },
    Tamper {
        name: "twice",
        about: "the header that signs is there twice, and one of the two does not hold",
        has: every_scheme,
        change: Change::After(spoil::double),
    },
    Tamper {
        name: "truncated",
        about: "the last half of the signature is cut off",
        has: every_scheme,
        change: Change::After(spoil::truncate),
    },
    Tamper {
        name: "prefix",
        about: "`sha256=` stands before the digits, or the prefix that belongs there is gone",
        has: is_digest,
        change: Change::After(spoil::prefix),
    },
    Tamper {
        name: "uppercase",
        about: "the hex digits are in upper case",
        has: is_hex_digest,
        change: Change::After(|signing, message| {
            spoil::spell(signing, message, |bytes| hex::encode_upper(bytes));
        }),
    },
    Tamper {
        name: "base64",
        about: "the digest is in base64, not in hex",
        has: is_hex_digest,
        change: Change::After(|signing, message| {
            spoil::spell(signing, message, |bytes| STANDARD.encode(bytes));
        }),
    },
    Tamper {
        name: "hex",
        about: "the digest of Standard Webhooks is in hex, not in base64",
        has: is_standard_webhooks,
        change: Change::After(|signing, message| {
            spoil::spell(signing, message, |bytes| hex::encode(bytes));
        }),
    },
    Tamper {
        name: "other-version",
        about: "the signature of Standard Webhooks stands behind `v2,`, which nobody knows",
        has: is_standard_webhooks,
        change: Change::After(spoil::version),
    },
    Tamper {
        name: "stale",
        about: "the token has expired, or the signed timestamp is too old",
        has: is_timed,
        change: Change::Again(|signing, message| {
            spoil::at_another_time(signing, message, Side::Past)
        }),
    },
    Tamper {
        name: "future",
        about: "the token is not valid yet, or the signed timestamp is still to come",
        has: is_timed,
        change: Change::Again(|signing, message| {
            spoil::at_another_time(signing, message, Side::Future)
        }),
    },
    Tamper {
        name: "alg-none",
        about: "the token says that it is not signed, and is not",
        has: is_token,
        change: Change::After(spoil::unsigned_token),
    },
    Tamper {
        name: "alg-other",
        about: "the token is signed with HS512 and the right secret",
        has: is_token,
        change: Change::After(spoil::other_algorithm),
    },
    Tamper {
        name: "alg-hs384",
        about: "the token is signed with HS384 and the right secret",
        has: is_token,
        change: Change::After(spoil::longer_digest),
    },
    Tamper {
        name: "alg-rs256",
        about: "the token says RS256, and is signed with the secret as if it were a public key",
        has: is_token,
        change: Change::After(spoil::public_key),
    },
    Tamper {
        name: "claims-mismatch",
        about: "the token is signed well, and its claims are not the body",
        has: is_token,
        change: Change::Again(|signing, message| {
            let claims = spoil::with_one_byte_changed(message);
            signing.sign_again(&claims, message)
        }),
    },
    Tamper {
        name: "body-alone",
        about: "the body is signed without the id and the timestamp",
        has: is_standard_webhooks,
        change: Change::Again(spoil::body_alone),
    },
    Tamper {
        name: "undecoded-secret",
        about: "signed with the text of the secret, not with the key that it spells",
        has: is_standard_webhooks,
        change: Change::Again(|signing, message| {
            spoil::sign_with_key(signing, message, signing.secret.expose())
        }),
    },
    Tamper {
        name: "message-id",
        about: "the signed message id is changed after signing",
        has: is_standard_webhooks,
        change: Change::After(|signing, message| {
            spoil::change_stamp(signing, message, Stamp::MessageId);
        }),
    },
    Tamper {
        name: "timestamp",
        about: "the signed timestamp is changed after signing",
        has: is_standard_webhooks,
        change: Change::After(|signing, message| {
            spoil::change_stamp(signing, message, Stamp::Timestamp);
        }),
    },
    Tamper {
        name: "missing-message-id",
        about: "the header with the signed message id is left out",
        has: is_standard_webhooks,
        change: Change::After(|signing, message| {
            spoil::drop_stamp(signing, message, Stamp::MessageId);
        }),
    },
    Tamper {
        name: "missing-timestamp",
        about: "the header with the signed timestamp is left out",
        has: is_standard_webhooks,
        change: Change::After(|signing, message| {
            spoil::drop_stamp(signing, message, Stamp::Timestamp);
        }),
    },
];

impl Tamper {
    /// The defect called `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        TAMPERS.iter().find(|tamper| tamper.name == name)
    }

    /// Whether a delivery of this scheme can have the defect.
    #[must_use]
    pub fn is_of(&self, scheme: &Scheme) -> bool {
        (self.has)(scheme)
    }

    /// Every defect that a delivery of this scheme can have.
    pub fn all_of(scheme: &Scheme) -> impl Iterator<Item = &'static Self> {
        TAMPERS.iter().filter(|tamper| tamper.is_of(scheme))
    }

    /// Spoils a message that is signed well.
    pub fn apply(&self, signing: &Signing<'_>, message: &mut Message) -> Result<(), SignError> {
        match self.change {
            Change::After(change) => {
                change(signing, message);
                Ok(())
            }
            Change::Again(change) => change(signing, message),
        }
    }
}

fn every_scheme(scheme: &Scheme) -> bool {
    is_digest(scheme) || is_token(scheme)
}

/// A digest that stands in a header by itself.
fn is_digest(scheme: &Scheme) -> bool {
    is_hex_digest(scheme) || is_standard_webhooks(scheme)
}

/// A signature that speaks of its time.
fn is_timed(scheme: &Scheme) -> bool {
    is_token(scheme) || is_standard_webhooks(scheme)
}

fn is_hex_digest(scheme: &Scheme) -> bool {
    match scheme {
        Scheme::HmacSha256Hex { .. } => true,
        Scheme::JwtHs256 { .. } | Scheme::StandardWebhooks { .. } => false,
    }
}

fn is_token(scheme: &Scheme) -> bool {
    match scheme {
        Scheme::JwtHs256 { .. } => true,
        Scheme::HmacSha256Hex { .. } | Scheme::StandardWebhooks { .. } => false,
    }
}

fn is_standard_webhooks(scheme: &Scheme) -> bool {
    match scheme {
        Scheme::StandardWebhooks { .. } => true,
        Scheme::HmacSha256Hex { .. } | Scheme::JwtHs256 { .. } => false,
    }
}

#[cfg(test)]
mod tests;
