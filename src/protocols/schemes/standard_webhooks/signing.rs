//! Derivation of the key from a secret, and computation of the signature.

use crate::domain::secret::Secret;
use crate::protocols::schemes::digest::{ANY_BASE64, WHSEC_PREFIX};
use crate::protocols::schemes::mac::hmac_sha256;
use crate::protocols::schemes::scheme::{MacKey, SignError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;

/// The version of signatures with a shared secret, and the comma before the digest.
pub(super) const VERSION_PREFIX: &str = "v1,";

/// Returns the key that a secret encodes: the part after `whsec_`, decoded from base64.
///
/// Secrets are copied with padding and without; the reference library for Python accepts both.
pub(super) fn decode_key(secret: &[u8]) -> Option<MacKey> {
    let text = secret.strip_prefix(WHSEC_PREFIX).unwrap_or(secret);
    let decoded = ANY_BASE64[0].decode(text).ok();
    decoded.filter(|key| !key.is_empty()).map(MacKey::new)
}

/// Returns `v1,` and the MAC of the concatenated parts.
pub(super) fn signature(secret: &Secret, parts: &[&[u8]]) -> Result<String, SignError> {
    let key = decode_key(secret.expose()).ok_or(SignError::SecretNotBase64)?;
    let mac = parts.iter().fold(hmac_sha256(&key), Mac::chain_update);
    Ok(format!("{VERSION_PREFIX}{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// Returns the signed parts: the id, the time and the body, with dots between them.
pub(super) fn signed_parts<'p>(id: &'p [u8], time: &'p [u8], body: &'p [u8]) -> [&'p [u8]; 5] {
    [id, b".", time, b".", body]
}
