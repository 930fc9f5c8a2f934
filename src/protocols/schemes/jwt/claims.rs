//! Separates the payload from the registered claims, and compares it with the body.

use crate::domain::verdict::Explanation;
use crate::protocols::json::{self, Json};

/// The claims that RFC 7519, section 4.1, registers, which are not part of the payload.
const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// The code of the explanation for a body that is not the payload in the claims.
const BODY_DIFFERS: &str = "body-claims-mismatch";

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

/// Checks that the claims equal the body, ignoring registered claims (`iat`, `exp`, …) that are
/// absent from the body.
///
/// The body must not have duplicate names: it is not signed, so a parser that uses the first of two
/// values would see an unsigned one.
pub(super) fn check_body(claims: &Json, body: &[u8]) -> Result<(), Explanation> {
    let fix =
        "read the payload from the token: the body is not signed, and anyone may have changed it";
    let body = json::read(body).map_err(|error| {
        Explanation::new(BODY_DIFFERS, format!("The body is not JSON: {error}."), fix)
    })?;
    if let Some(pointer) = json::first_duplicate_key(&body) {
        let message = format!(
            "The body repeats the name at `{pointer}`: some parsers use its first value, which may \
             not be the signed one."
        );
        return Err(Explanation::new(BODY_DIFFERS, message, fix));
    }
    let differing = json::differences(&payload_claims(claims, &body), &body);
    if differing.is_empty() {
        return Ok(());
    }
    let pointers: Vec<_> = differing.iter().take(3).map(|pointer| format!("`{pointer}`")).collect();
    let more = if differing.len() > 3 { " and more" } else { "" };
    let pointers = format!("{}{more}", pointers.join(", "));
    Err(Explanation::new(
        BODY_DIFFERS,
        format!("The body differs from the signed claims at {pointers}."),
        fix,
    ))
}
