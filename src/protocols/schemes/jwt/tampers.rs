//! The defects of a JSON Web Token: its times, its algorithm, its claims.

use crate::domain::message::Message;
use crate::domain::time::Precision;
use crate::protocols::schemes::mutate::{
    self, Direction, add_field, outside_tolerance, rewrite_signature, sign_another_body,
};
use crate::protocols::schemes::scheme::{Impact, SignError, SigningContext, Tamper, TamperChange};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

const PIN_ALGORITHM: &str =
    "Pin the algorithm: `algorithms=[\"HS256\"]`, never the one that the token names.";
const PIN_SOURCE: &str = "RFC 8725, section 3.1";

/// The defects, in the order in which they are listed.
pub(super) static TAMPERS: &[Tamper] = &[
    Tamper {
        change: TamperChange::SignAgain(|signing, message| {
            sign_with_time(signing, message, "exp", Direction::Past)
        }),
        ..mutate::STALE
    },
    Tamper {
        change: TamperChange::SignAgain(|signing, message| {
            sign_with_time(signing, message, "nbf", Direction::Future)
        }),
        ..mutate::FUTURE
    },
    Tamper {
        name: "alg-none",
        about: "the token declares `none` as its algorithm and has no signature",
        change: TamperChange::AfterSigning(declare_unsigned),
        advice: PIN_ALGORITHM,
        source: PIN_SOURCE,
        ..Tamper::FORGERY
    },
    Tamper {
        name: "alg-other",
        about: "the token is signed with HS512 and the correct secret",
        change: TamperChange::AfterSigning(sign_with_hs512),
        impact: Impact::Harmless,
        advice: PIN_ALGORITHM,
        source: PIN_SOURCE,
        ..Tamper::FORGERY
    },
    Tamper {
        name: "alg-hs384",
        about: "the token is signed with HS384 and the correct secret",
        change: TamperChange::AfterSigning(sign_with_hs384),
        impact: Impact::Harmless,
        advice: PIN_ALGORITHM,
        source: PIN_SOURCE,
        ..Tamper::FORGERY
    },
    Tamper {
        name: "alg-rs256",
        about: "the token declares RS256, but is an HMAC with the secret as the public key",
        change: TamperChange::AfterSigning(sign_as_rs256),
        advice: PIN_ALGORITHM,
        source: PIN_SOURCE,
        ..Tamper::FORGERY
    },
    Tamper {
        name: "claims-mismatch",
        about: "the token is signed correctly, but its claims differ from the body",
        change: TamperChange::SignAgain(sign_another_body),
        advice: "Verify the token and read the payload from its claims, or compare the body with \
                 them.",
        source: "RFC 7519, section 7.2",
        ..Tamper::FORGERY
    },
];

/// Adds a claim with a time that makes the token invalid, and signs the result.
fn sign_with_time(
    signing: &SigningContext<'_>,
    message: &mut Message,
    claim: &str,
    direction: Direction,
) -> Result<(), SignError> {
    let at = outside_tolerance(signing.envelope.at, direction, signing.scheme.tolerance());
    let mut claims = message.body.to_vec();
    add_field(&mut claims, &format!("\"{claim}\":{}", Precision::UnixSeconds.format(at)));
    signing.sign_again(&claims, message)
}

/// Declares the token as unsigned in its header, and removes the signature.
fn declare_unsigned(signing: &SigningContext<'_>, message: &mut Message) {
    rewrite_signature(signing, message, |signed, _| {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        Some(format!("{header}.{}.", claims_part(signed)?))
    });
}

/// Signs the token with HS512 and declares that.
fn sign_with_hs512(signing: &SigningContext<'_>, message: &mut Message) {
    sign_token(signing, message, "HS512", |secret, signed| {
        let mac = Hmac::<Sha512>::new_from_slice(secret).ok()?.chain_update(signed);
        Some(mac.finalize().into_bytes().to_vec())
    });
}

/// Signs the token with HS384 and declares that.
fn sign_with_hs384(signing: &SigningContext<'_>, message: &mut Message) {
    sign_token(signing, message, "HS384", |secret, signed| {
        let mac = Hmac::<Sha384>::new_from_slice(secret).ok()?.chain_update(signed);
        Some(mac.finalize().into_bytes().to_vec())
    });
}

/// Declares RS256 but signs with HMAC: a library that lets the token choose would confuse the
/// secret with a public key (RFC 8725, section 2.1).
fn sign_as_rs256(signing: &SigningContext<'_>, message: &mut Message) {
    sign_token(signing, message, "RS256", |secret, signed| {
        let mac = Hmac::<Sha256>::new_from_slice(secret).ok()?.chain_update(signed);
        Some(mac.finalize().into_bytes().to_vec())
    });
}

/// Signs the claims of the token again, with another header.
fn sign_token(
    signing: &SigningContext<'_>,
    message: &mut Message,
    algorithm: &str,
    sign: impl FnOnce(&[u8], &str) -> Option<Vec<u8>>,
) {
    rewrite_signature(signing, message, |signed, _| {
        let header = URL_SAFE_NO_PAD.encode(format!("{{\"alg\":\"{algorithm}\",\"typ\":\"JWT\"}}"));
        let signed = format!("{header}.{}", claims_part(signed)?);
        let signature = sign(signing.secret.expose(), &signed)?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    });
}

/// Returns the second part of `header.claims.`.
fn claims_part(signed: &str) -> Option<&str> {
    signed.split('.').nth(1)
}
