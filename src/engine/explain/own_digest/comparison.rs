//! Comparison of a digest with the signature of the request: the same bytes in another notation are
//! a different string.

use crate::domain::message::Message;
use crate::engine::explain::own_digest::notation::{Notation, OwnDigest};
use crate::engine::explain::signature_locations;
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::scheme::SignatureFormat;

/// The maximum number of signatures of one header that are compared.
const MAX_ENTRIES: usize = 8;

/// The difference between two notations of one digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// The two strings are the same.
    None,
    /// The letter case, or the padding.
    Digits,
    /// The string before the digest.
    Prefix,
    /// The encoding.
    Notation,
}

/// The signature of the request, which has the same bytes as the digest.
#[derive(Debug)]
pub(super) struct SameSignature {
    pub(super) header: OwnDigest,
    pub(super) difference: Difference,
}

/// Finds the signature of the request that has the bytes of `digest`.
pub(super) fn find(
    scheme: &Scheme,
    message: &Message,
    digest: &OwnDigest,
) -> Option<SameSignature> {
    let separator = match scheme.signature_format() {
        SignatureFormat::Digest(format) => format.separator,
        SignatureFormat::Token(_) | SignatureFormat::Secret(_) | SignatureFormat::Unsigned => None,
    };
    let values = signature_locations::of_scheme(scheme, message);
    let entries = values.iter().flat_map(|value| match separator {
        Some(separator) => value.value.split(separator).take(MAX_ENTRIES).collect::<Vec<_>>(),
        None => vec![value.value.as_str()],
    });
    let signatures = entries.filter_map(|entry| entry.parse::<OwnDigest>().ok());
    let header = signatures.into_iter().find(|header| header.bytes == digest.bytes)?;
    let difference = match &header {
        header if header.notation != digest.notation => Difference::Notation,
        // The parts of a token before its signature are not a prefix of the digest.
        header if header.prefix != digest.prefix && has_prefix(scheme) => Difference::Prefix,
        header if header.digits != digest.digits => Difference::Digits,
        _ => Difference::None,
    };
    Some(SameSignature { header, difference })
}

/// Returns `true` if the signature is a digest, whose prefix is a string of the scheme.
fn has_prefix(scheme: &Scheme) -> bool {
    matches!(scheme.signature_format(), SignatureFormat::Digest(_))
}

impl SameSignature {
    /// Returns the code, the message and the fix for code that computed this digest.
    pub(super) fn describe(&self, digest: &OwnDigest) -> (&'static str, String, String) {
        let compared = || {
            format!(
                "Your code computes the right digest, but in another form than the header: the \
                 header has {}, your code {}. Compared as strings, they differ.",
                self.header.description(),
                digest.description()
            )
        };
        match self.difference {
            Difference::None => (
                "same-as-signature",
                "Your code computes the right digest: it is the signature of the request, \
                 character for character."
                    .to_owned(),
                "if your code rejects the request, look at the comparison: it must compare two \
                 values of one type, in constant time: Node `crypto.timingSafeEqual`, Python \
                 `hmac.compare_digest`, PHP `hash_equals`, Go `hmac.Equal`"
                    .to_owned(),
            ),
            Difference::Digits => (
                "compared-in-other-case",
                compared(),
                "decode both to bytes and compare those, or bring both to lower case without \
                 padding if they are hex"
                    .to_owned(),
            ),
            Difference::Prefix => ("compared-with-prefix", compared(), self.prefix_fix(digest)),
            Difference::Notation => (
                "compared-in-other-encoding",
                compared(),
                format!(
                    "encode the digest as the header does: {}",
                    encoding_calls(self.header.notation)
                ),
            ),
        }
    }

    /// Returns the fix for a prefix that one of the two has.
    fn prefix_fix(&self, digest: &OwnDigest) -> String {
        match (self.header.prefix.as_str(), digest.prefix.as_str()) {
            ("", own) => format!("compare without `{own}`, which this provider does not send"),
            (sent, _) => {
                format!(
                    "remove `{sent}` from the header before the comparison, or put it before your digest"
                )
            }
        }
    }
}

/// Returns the calls that encode a digest in this notation.
fn encoding_calls(notation: Notation) -> &'static str {
    match notation {
        Notation::Hex => {
            "Node `.digest(\"hex\")`, Python `.hexdigest()`, PHP `hash_hmac(\"sha256\", $body, \
             $secret)`, Go `hex.EncodeToString`"
        }
        Notation::Base64 => {
            "Node `.digest(\"base64\")`, Python `b64encode(mac.digest())`, PHP \
             `base64_encode(hash_hmac(\"sha256\", $body, $secret, true))`, Go \
             `base64.StdEncoding`"
        }
        Notation::Base64Url => {
            "Node `.digest(\"base64url\")`, Python `urlsafe_b64encode` without the `=`, Go \
             `base64.RawURLEncoding`"
        }
        Notation::Base64OfHex => "encode the hex digits, not the bytes, in base64",
    }
}
