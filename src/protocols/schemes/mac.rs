//! HMAC-SHA256, which every scheme is built on.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Creates an HMAC-SHA256 computation with this key, to which the message is added in parts.
#[must_use]
pub(super) fn hmac_sha256(key: &[u8]) -> Hmac<Sha256> {
    #[expect(
        clippy::expect_used,
        reason = "HMAC accepts a key of any length (RFC 2104, section 3)"
    )]
    Hmac::new_from_slice(key).expect("HMAC accepts keys of any length")
}

/// Computes the HMAC-SHA256 of `message`: 32 bytes.
#[must_use]
pub(super) fn compute(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac_sha256(key).chain_update(message).finalize().into_bytes().to_vec()
}

/// Returns `true` if `tag` is the HMAC-SHA256 of `message`; compares them in constant time.
#[must_use]
pub(super) fn verify(key: &[u8], message: &[u8], tag: &[u8]) -> bool {
    hmac_sha256(key).chain_update(message).verify_slice(tag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_of_the_seven_test_cases_of_rfc_4231_match() {
        // Cases 1, 2 and 6 of RFC 4231, section 4.
        for (key, data, expected) in [
            (
                vec![0x0b; 20],
                b"Hi There".to_vec(),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?".to_vec(),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            let computed = compute(&key, &data);
            assert_eq!(hex::encode(&computed), expected);
            assert!(verify(&key, &data, &computed));
            assert!(!verify(&key, &data, &computed[1..]));
        }
    }
}
