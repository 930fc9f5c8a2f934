//! HMAC (RFC 2104) with the hash functions that senders use, which every scheme is built on.

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A hash function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HashFunction {
    /// SHA-1, with digests of 20 bytes.
    Sha1,
    /// SHA-256, with digests of 32 bytes.
    #[default]
    Sha256,
    /// SHA-384, with digests of 48 bytes.
    #[serde(skip)]
    Sha384,
    /// SHA-512, with digests of 64 bytes.
    #[serde(skip)]
    Sha512,
}

impl HashFunction {
    /// All functions, in the order of the lengths of their digests.
    pub const ALL: [Self; 4] = [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Returns the number of bytes of a digest.
    #[must_use]
    pub const fn digest_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Returns the name, such as `SHA-256`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// Returns the name of the HMAC with this function, such as `HMAC-SHA256`.
    #[must_use]
    pub const fn mac_name(self) -> &'static str {
        match self {
            Self::Sha1 => "HMAC-SHA1",
            Self::Sha256 => "HMAC-SHA256",
            Self::Sha384 => "HMAC-SHA384",
            Self::Sha512 => "HMAC-SHA512",
        }
    }
}

/// Creates an HMAC computation with this key, to which the message is added in parts.
fn keyed<M: Mac + KeyInit>(key: &[u8]) -> M {
    #[expect(
        clippy::expect_used,
        reason = "HMAC accepts a key of any length (RFC 2104, section 3)"
    )]
    <M as KeyInit>::new_from_slice(key).expect("HMAC accepts keys of any length")
}

/// Creates an HMAC-SHA256 computation with this key, to which the message is added in parts.
#[must_use]
pub(super) fn hmac_sha256(key: &[u8]) -> Hmac<Sha256> {
    keyed(key)
}

/// Returns the HMAC of the concatenated parts.
#[must_use]
pub fn mac(function: HashFunction, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    fn compute<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let mac = parts.iter().fold(keyed::<M>(key), Mac::chain_update);
        mac.finalize().into_bytes().to_vec()
    }
    match function {
        HashFunction::Sha1 => compute::<Hmac<Sha1>>(key, parts),
        HashFunction::Sha256 => compute::<Hmac<Sha256>>(key, parts),
        HashFunction::Sha384 => compute::<Hmac<Sha384>>(key, parts),
        HashFunction::Sha512 => compute::<Hmac<Sha512>>(key, parts),
    }
}

/// Returns `true` if `tag` is the HMAC of the concatenated parts; compares them in constant time.
#[must_use]
pub fn verify(function: HashFunction, key: &[u8], parts: &[&[u8]], tag: &[u8]) -> bool {
    fn check<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]], tag: &[u8]) -> bool {
        parts.iter().fold(keyed::<M>(key), Mac::chain_update).verify_slice(tag).is_ok()
    }
    match function {
        HashFunction::Sha1 => check::<Hmac<Sha1>>(key, parts, tag),
        HashFunction::Sha256 => check::<Hmac<Sha256>>(key, parts, tag),
        HashFunction::Sha384 => check::<Hmac<Sha384>>(key, parts, tag),
        HashFunction::Sha512 => check::<Hmac<Sha512>>(key, parts, tag),
    }
}

/// Returns the hash of the concatenated parts, without a key.
#[must_use]
pub fn hash(function: HashFunction, parts: &[&[u8]]) -> Vec<u8> {
    fn compute<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
        parts.iter().fold(D::new(), D::chain_update).finalize().to_vec()
    }
    match function {
        HashFunction::Sha1 => compute::<Sha1>(parts),
        HashFunction::Sha256 => compute::<Sha256>(parts),
        HashFunction::Sha384 => compute::<Sha384>(parts),
        HashFunction::Sha512 => compute::<Sha512>(parts),
    }
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
            let computed = mac(HashFunction::Sha256, &key, &[&data]);
            assert_eq!(hex::encode(&computed), expected);
            assert!(verify(HashFunction::Sha256, &key, &[&data], &computed));
            assert!(!verify(HashFunction::Sha256, &key, &[&data], &computed[1..]));
        }
    }

    #[test]
    fn the_first_two_test_cases_of_rfc_2202_match() {
        // Cases 1 and 2 of RFC 2202, section 3.
        for (key, data, expected) in [
            (vec![0x0b; 20], "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
            (
                b"Jefe".to_vec(),
                "what do ya want for nothing?",
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            ),
        ] {
            let computed = mac(HashFunction::Sha1, &key, &[data.as_bytes()]);
            assert_eq!(hex::encode(&computed), expected);
        }
    }

    #[test]
    fn every_function_has_digests_of_its_length() {
        for function in HashFunction::ALL {
            let tag = mac(function, b"key", &[b"a", b"bc"]);
            assert_eq!(tag.len(), function.digest_len());
            assert!(verify(function, b"key", &[b"ab", b"c"], &tag));
            assert!(!verify(function, b"kez", &[b"abc"], &tag));
            assert_eq!(hash(function, &[b"a", b"b"]), hash(function, &[b"ab"]));
            assert_eq!(hash(function, &[b"a"]).len(), function.digest_len());
        }
    }
}
