//! The hypotheses about Standard Webhooks: keys that signers derive from a secret by mistake.

use crate::protocols::schemes::digest::{ANY_BASE64, WHSEC_PREFIX};
use crate::protocols::schemes::hypothesis::Hypothesis;
use crate::protocols::schemes::scheme::DeriveKey;
use base64::Engine;

/// The incorrect ways in which signers derive a key from a secret. No message contains a byte of
/// the secret.
pub(super) static KEY_MISTAKES: &[Hypothesis<DeriveKey>] = &[
    Hypothesis {
        code: "secret-not-decoded",
        condition: "the string of the secret is used as the key",
        evidence: "The signer used the string of the secret as the key, without decoding it from \
                   base64.",
        fix: "decode the part after `whsec_` from base64 on the signing side, as the libraries for \
              Standard Webhooks do",
        apply: |secret| Some(secret.to_vec()),
    },
    Hypothesis {
        code: "secret-not-decoded",
        condition: "the string after `whsec_` is used as the key",
        evidence: "The signer removed `whsec_` from the secret and used the rest as the key, \
                   without decoding it from base64.",
        fix: "decode the part after `whsec_` from base64 on the signing side, as the libraries for \
              Standard Webhooks do",
        apply: |secret| secret.strip_prefix(WHSEC_PREFIX).map(<[u8]>::to_vec),
    },
    Hypothesis {
        code: "secret-is-hex",
        condition: "the secret is decoded from hex",
        evidence: "The configured secret is the hex encoding of the signer's key, but Standard \
                   Webhooks uses base64.",
        fix: "write the key as `whsec_` and base64 on both sides",
        apply: |secret| hex::decode(without_prefix(secret)).ok().filter(|key| !key.is_empty()),
    },
    Hypothesis {
        code: "secret-is-base64url",
        condition: "the secret is decoded from base64url",
        evidence: "The configured secret is the base64url encoding of the signer's key, but \
                   Standard Webhooks uses base64 with `+` and `/`.",
        fix: "write the secret as `whsec_` and standard base64",
        apply: |secret| {
            let text = without_prefix(secret);
            let is_base64url = text.iter().any(|byte| b"-_".contains(byte));
            is_base64url.then(|| ANY_BASE64[1].decode(text).ok())?
        },
    },
];

fn without_prefix(secret: &[u8]) -> &[u8] {
    secret.strip_prefix(WHSEC_PREFIX).unwrap_or(secret)
}
