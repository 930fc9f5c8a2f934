//! The `jwt-hs256` scheme: a JSON Web Token, signed with HS256 only, whose claims are the body.
//!
//! jsonwebtoken creates and verifies the MAC, with a custom crypto provider (below) so that the
//! binary contains no RSA or elliptic-curve code. The parser here first rejects all that the crate
//! would accept too leniently: `alg` other than `HS256`, `crit`, `b64`, padding, duplicate names,
//! times that are not numbers.

mod claims;
mod compressed_claims;
mod hypotheses;
mod renewal;
mod tampers;
mod times;

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::verdict::{Explanation, MatchedBody, SignatureStatus};
use crate::protocols::json::{self, Json};
use crate::protocols::schemes::digest::VERBATIM_KEY;
use crate::protocols::schemes::headers;
use crate::protocols::schemes::mac::{self, HashFunction};
use crate::protocols::schemes::place::SignaturePlace;
use crate::protocols::schemes::scheme::{
    self, Envelope, SchemeKind, SignError, SignatureCheck, SignatureFormat, SignatureScheme,
    SignatureValue, SignedForm, StarterKeys,
};
use crate::protocols::schemes::token::TokenFormat;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use claims::check_body;
use jiff::Timestamp;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto, signature};
use serde::Deserialize;
use std::sync::Once;
use times::{check_times, expired_at, time_findings};

/// The JOSE header, exactly as in the provider's documentation, in that order.
const JOSE_HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The part of the scheme that is the same for every pack.
pub(super) static KIND: SchemeKind = SchemeKind {
    name: "jwt-hs256",
    aliases: &[],
    covers: &["claims"],
    content_name: "token",
    read: scheme::read::<JwtHs256>,
    tampers: tampers::TAMPERS,
    starter: StarterKeys {
        signature: "header = \"Authorization\"\n\
                    issued-at = true # `iat` is added to the claims\n",
        timestamp: None,
        header: None,
        secret: StarterKeys::ANY_SECRET,
    },
    texts: hypotheses::texts,
};

/// The format of the token.
static FORMAT: TokenFormat = TokenFormat {
    signature_bytes: 32,
    signature_characters: 43,
    extra_characters: hypotheses::EXTRA_CHARACTERS,
    padded: &hypotheses::PADDED,
    standard_base64: &hypotheses::STANDARD_BASE64,
    other_size: &hypotheses::OTHER_SIZE,
    truncated: &hypotheses::TRUNCATED,
    claims: hypotheses::CLAIMS_MISMATCHES,
    malformed_code: hypotheses::MALFORMED_CODE,
    header_rejection,
    claims_rejections,
    decompress: compressed_claims::decompress,
    compressed: &hypotheses::COMPRESSED,
};

/// The keys of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct JwtHs256 {
    /// The header that carries the token.
    header: String,
    /// Adds the time of signing to the claims, as `iat`.
    issued_at: bool,
}

impl SignatureScheme for JwtHs256 {
    fn kind(&self) -> &'static SchemeKind {
        &KIND
    }

    fn place(&self) -> SignaturePlace<'_> {
        SignaturePlace::Header(&self.header)
    }

    fn signed_form(&self) -> SignedForm {
        SignedForm::Claims
    }

    /// Signs `body` as claims; `iat` is added in whole seconds.
    ///
    /// The claims are the bytes of the body, not a new serialization, so that a receiver reads the
    /// same values from the claims as from the body.
    fn sign(
        &self,
        secret: &Secret,
        body: &[u8],
        envelope: &Envelope<'_>,
    ) -> Result<SignatureValue, SignError> {
        sign_with_times(secret, body, &self.times(None, envelope.at))
    }

    /// Signs the body as claims, with the times that the claims of the token had, renewed.
    fn resign(
        &self,
        secret: &Secret,
        message: &Message,
        envelope: &Envelope<'_>,
    ) -> Result<SignatureValue, SignError> {
        let token = self.token(message).ok().and_then(|text| read_token(text).ok());
        let old = token.as_ref().map(|token| &token.claims);
        sign_with_times(secret, &message.body, &self.times(old, envelope.at))
    }

    /// Verifies the token, then its times as of `at`, then that its claims are the body.
    fn check_signature(
        &self,
        secrets: &[Secret],
        message: &Message,
        at: Timestamp,
    ) -> Result<SignatureCheck, SignatureCheck> {
        let token = read_token(self.token(message)?)?;
        install_crypto_provider();
        let verifies = |secret: &Secret| {
            let key = DecodingKey::from_secret(secret.expose());
            crypto::verify(token.signature, token.signed.as_bytes(), &key, Algorithm::HS256)
                .unwrap_or(false)
        };
        // Every secret is tried even after a match, so that the time taken does not tell which one
        // matched.
        let is_signed = secrets.iter().fold(false, |found, secret| verifies(secret) | found);
        let checked = if is_signed {
            check_times(&token.claims, at)
        } else {
            Err(SignatureCheck::invalid(
                "mismatch",
                "The token was signed with another secret, or changed in transit.",
                "compare the webhook signing secret on both sides",
            ))
        };
        let body = check_body(&token.claims, &message.body);
        if let Err(mut failed) = checked {
            failed.explanations.extend(body.err());
            return Err(failed);
        }
        if let Err(change) = body {
            let failed = SignatureCheck::failed(SignatureStatus::Invalid, change);
            return Err(SignatureCheck { body_differs: true, ..failed });
        }
        let mut check = SignatureCheck::valid(MatchedBody::Raw);
        check.findings = time_findings(&token.claims, at);
        Ok(check)
    }

    fn body_change(&self, message: &Message) -> Option<Explanation> {
        let token = read_token(self.token(message).ok()?).ok()?;
        check_body(&token.claims, &message.body).err()
    }

    /// Many APIs use `Authorization`, so its presence is not enough: the value must have three
    /// parts.
    fn is_plausible(&self, message: &Message) -> bool {
        let value = message.headers.get_str(&self.header);
        let token = value.and_then(|value| value.split_ascii_whitespace().last());
        token.is_some_and(|token| token.starts_with("eyJ") && token.split('.').count() == 3)
    }

    /// Returns the expected signature, which is the third part of a token, for the first two parts
    /// of the token in the message.
    fn expected(&self, secret: &Secret, message: &Message) -> Option<String> {
        let (signed, _) = self.token(message).ok()?.rsplit_once('.')?;
        token_signature(secret, signed).ok()
    }

    fn signature_format(&self) -> SignatureFormat<'_> {
        SignatureFormat::Token(&FORMAT)
    }

    fn split_signature<'v>(&self, value: &'v str) -> (&'v str, &'v str) {
        value.split_at(value.rfind('.').map_or(0, |dot| dot + 1))
    }

    fn expired_at(&self, message: &Message, at: Timestamp) -> Option<Timestamp> {
        let token = read_token(self.token(message).ok()?).ok()?;
        expired_at(&token.claims, at)
    }

    fn requires_long_key(&self) -> bool {
        true
    }

    fn reference(&self, _code: &dyn Fn(&str) -> String) -> Vec<String> {
        let claims = if self.issued_at {
            "its claims are the body, with the time of signing added as `iat`"
        } else {
            "its claims are the body"
        };
        vec![
            format!(
                "What is signed: a JSON Web Token with the header \
                 `{{\"alg\":\"HS256\",\"typ\":\"JWT\"}}`; {claims}. A receiver must \
                 only accept HS256, even if the token names another algorithm."
            ),
            VERBATIM_KEY.to_owned(),
            "Algorithm: base64url of header and claims, separated by a dot, then another dot and \
             base64url of the HMAC-SHA256 of both (RFC 7515), all without padding."
                .to_owned(),
            "It is sent without a prefix; `leadhook verify` also accepts it after `Bearer `."
                .to_owned(),
            "The HTTP body is not signed, only the claims are: process the claims. A body that \
             differs from them was changed."
                .to_owned(),
        ]
    }
}

impl JwtHs256 {
    /// Returns the times to add to the claims: that of signing, and those of an older token, renewed.
    fn times(&self, old: Option<&Json>, at: Timestamp) -> Vec<(&'static str, i64)> {
        let signed = self.issued_at.then_some(("iat", at.as_second()));
        let renewed = old.map(|old| renewal::times(old, at.as_second())).unwrap_or_default();
        signed.into_iter().chain(renewed).collect()
    }

    /// Returns the token from the header, with or without `Bearer` before it.
    fn token<'m>(&self, message: &'m Message) -> Result<&'m str, SignatureCheck> {
        let value = headers::signature_value(&self.header, message)?;
        let text = std::str::from_utf8(value).unwrap_or_default();
        let (scheme, rest) = text.split_once(' ').unwrap_or(("", text));
        if scheme.is_empty() || scheme.eq_ignore_ascii_case("bearer") {
            return Ok(rest.trim_start_matches(' '));
        }
        Err(SignatureCheck::malformed(
            "bad-scheme",
            format!("`{}` has an authentication scheme other than `Bearer`.", self.header),
            "send the token alone, or after `Bearer `",
        ))
    }
}

/// Returns the token of the body with these times.
fn sign_with_times(
    secret: &Secret,
    body: &[u8],
    times: &[(&'static str, i64)],
) -> Result<SignatureValue, SignError> {
    let claims = renewal::claims_json(body, times)?;
    let (header, claims) = (URL_SAFE_NO_PAD.encode(JOSE_HEADER), URL_SAFE_NO_PAD.encode(claims));
    let signed = format!("{header}.{claims}");
    let signature = token_signature(secret, &signed)?;
    let value = format!("{signed}.{signature}");
    Ok(SignatureValue { value, note: None })
}

fn token_signature(secret: &Secret, signed: &str) -> Result<String, SignError> {
    install_crypto_provider();
    let key = EncodingKey::from_secret(secret.expose());
    crypto::sign(signed.as_bytes(), &key, Algorithm::HS256)
        .map_err(|error| SignError::InvalidClaims(error.to_string()))
}

/// A parsed token: its header is accepted and its claims are an object, but neither its signature
/// nor its times nor the match with the body are checked.
struct Token<'m> {
    /// `header.claims`, which is signed.
    signed: &'m str,
    signature: &'m str,
    claims: Json,
}

fn read_token(text: &str) -> Result<Token<'_>, SignatureCheck> {
    let parts: Vec<_> = text.split('.').collect();
    let &[header, claims, signature] = parts.as_slice() else {
        return Err(SignatureCheck::malformed(
            "malformed-token",
            format!("A token has 3 parts separated by dots, but this one has {}.", parts.len()),
            "send the token unchanged, as the provider created it",
        ));
    };
    let decode = |what: &str, part: &str| {
        URL_SAFE_NO_PAD.decode(part).map_err(|_| {
            SignatureCheck::malformed(
                "bad-base64",
                format!("The {what} is not base64url without padding."),
                "encode it as base64url: no `=`, no `+`, no `/`, no spaces",
            )
        })
    };
    // Checked before the length of the signature: another algorithm is the cause of another length.
    check_header(&decode("header of the token", header)?)?;
    let decoded_claims = decode("payload of the token", claims)?;
    if decode("signature of the token", signature)?.len() != 32 {
        return Err(SignatureCheck::malformed(
            "malformed-token",
            "The signature is not 32 bytes long.",
            "an HS256 signature has 32 bytes",
        ));
    }
    if let Some(explanation) = compressed_claims::explain(&decoded_claims) {
        return Err(SignatureCheck::failed(SignatureStatus::Malformed, explanation));
    }
    let claims = parse_object("payload", &decoded_claims)?;
    let signed = &text[..text.len() - signature.len() - 1];
    Ok(Token { signed, signature, claims })
}

/// Parses a JSON object and rejects duplicate names, which two parsers would read differently.
fn parse_object(what: &str, bytes: &[u8]) -> Result<Json, SignatureCheck> {
    let fix = "create the token with a JWT library";
    let value = json::read(bytes).map_err(|error| {
        SignatureCheck::malformed(
            "malformed-token",
            format!("The {what} of the token is not JSON: {error}."),
            fix,
        )
    })?;
    if value.as_object().is_none() {
        return Err(SignatureCheck::malformed(
            "malformed-token",
            format!("The {what} of the token is not an object."),
            fix,
        ));
    }
    match json::first_duplicate_key(&value) {
        Some(pointer) => Err(SignatureCheck::malformed(
            "malformed-token",
            format!("`{pointer}` occurs twice in the {what} of the token."),
            fix,
        )),
        None => Ok(value),
    }
}

/// Rejects every algorithm but HS256, `crit` and `b64`.
///
/// RFC 8725, section 3.1: the receiver chooses the algorithm, never the token.
fn check_header(bytes: &[u8]) -> Result<(), SignatureCheck> {
    let header = parse_object("header", bytes)?;
    if header.get("alg").and_then(Json::as_str) != Some("HS256") {
        return Err(SignatureCheck::malformed(
            "alg-not-allowed",
            "The token names an algorithm other than HS256.",
            "sign with HS256: no other algorithm is accepted, least of all `none`",
        ));
    }
    // RFC 7515, section 4.1.11: an extension that is not understood makes the token invalid.
    if header.get("crit").is_some() {
        return Err(SignatureCheck::malformed(
            "alg-not-allowed",
            "The token has critical extensions.",
            "omit `crit`",
        ));
    }
    // RFC 7797, section 7: a JWT must not use `"b64":false`. A library that ignores `b64` verifies
    // other bytes than one that supports it. `true` is the default, so no token needs `b64`.
    if header.get("b64").is_some() {
        return Err(SignatureCheck::malformed(
            "alg-not-allowed",
            "The header of the token has `b64`, the unencoded payload option of RFC 7797.",
            "omit `b64`: the claims are base64url in every token of this provider",
        ));
    }
    Ok(())
}

/// Returns the reasons to reject claims whose signature is valid: they are not a JSON object or
/// repeat a name, a time is malformed or out of range, or the body is not JSON or differs.
fn claims_rejections(claims: &[u8], body: &[u8], at: Timestamp) -> Vec<Explanation> {
    match parse_object("payload", claims) {
        Ok(claims) => {
            let times = check_times(&claims, at).err().map(|failed| failed.explanations);
            times.into_iter().flatten().chain(check_body(&claims, body).err()).collect()
        }
        Err(malformed) => malformed.explanations,
    }
}

/// Returns the reason to reject the header of a token, regardless of its signature.
fn header_rejection(header: &[u8]) -> Option<Explanation> {
    check_header(header).err()?.explanations.into_iter().next()
}

/// HS256 with the hmac and sha2 crates that the other schemes use; rejects all other algorithms.
///
/// jsonwebtoken has one provider per process. If this one is installed first, the same process
/// cannot use jsonwebtoken with another algorithm.
static CRYPTO_PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(key.as_bytes().to_vec()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => Ok(Box::new(Hs256(key.try_get_as_bytes()?.to_vec()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

fn install_crypto_provider() {
    static ONCE: Once = Once::new();
    // An error means that a program that uses this library has installed its own provider, which
    // then computes the MAC. The algorithm stays HS256, since the callers pass it.
    ONCE.call_once(|| {
        let _ = CRYPTO_PROVIDER.install_default();
    });
}

struct Hs256(Vec<u8>);

impl signature::Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(mac::mac(HashFunction::Sha256, &self.0, &[message]))
    }
}

impl signature::Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], given: &Vec<u8>) -> Result<(), signature::Error> {
        if mac::verify(HashFunction::Sha256, &self.0, &[message], given) {
            Ok(())
        } else {
            Err(signature::Error::new())
        }
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests;
