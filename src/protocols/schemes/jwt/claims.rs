//! Separates the payload from the registered claims.

use crate::protocols::json::Json;

/// The claims that RFC 7519, section 4.1, registers, which are not part of the payload.
const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// Returns `true` if RFC 7519 registers a claim of this name.
#[must_use]
pub(super) fn is_registered(name: &str) -> bool {
    REGISTERED.contains(&name)
}

/// Returns the claims without the registered names that the body does not have.
#[must_use]
pub(super) fn payload_claims(claims: &Json, body: &Json) -> Json {
    let extra = |name: &str| is_registered(name) && body.get(name).is_none();
    let Some(fields) = claims.as_object() else { return claims.clone() };
    let kept = fields.iter().filter(|(name, _)| !name.as_str().is_some_and(extra));
    Json::Object(kept.cloned().collect())
}
