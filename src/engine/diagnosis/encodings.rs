//! Encodings of the digest that a receiver may compare with, other than the provider's.

use crate::engine::explain::receiver_mistakes::Description;
use crate::protocols::schemes::digest::{ANY_BASE64, DigestFormat};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// An encoding of a digest.
pub(super) struct Encoding {
    /// The code of the cause.
    pub(super) code: &'static str,
    /// The name of the encoding, as the end of "the digest …".
    name: &'static str,
    pub(super) encode: fn(&[u8]) -> String,
    /// The fix, unless the scheme has one for this mistake.
    fix: &'static str,
}

/// The encodings, the likeliest first. A scheme uses one of them itself.
pub(super) static ENCODINGS: &[Encoding] = &[
    Encoding {
        code: "base64-signature",
        name: "in base64",
        encode: |digest| STANDARD.encode(digest),
        fix: "",
    },
    Encoding {
        code: "hex-signature",
        name: "in hex",
        encode: |digest| hex::encode(digest),
        fix: "",
    },
    Encoding {
        code: "uppercase-signature",
        name: "in upper-case hex",
        encode: |digest| hex::encode_upper(digest),
        fix: "compare the bytes of the digests, or write yours in lower case: Java \
              `HexFormat.of()`, .NET `Convert.ToHexString(mac).ToLowerInvariant()`",
    },
    Encoding {
        code: "base64url-signature",
        name: "in base64url",
        encode: |digest| ANY_BASE64[1].encode(digest).trim_end_matches('=').to_owned(),
        fix: "",
    },
    Encoding {
        code: "unpadded-signature",
        name: "in base64 without padding",
        encode: |digest| STANDARD_NO_PAD.encode(digest),
        fix: "encode the digest as the provider does",
    },
    Encoding {
        code: "base64-of-hex",
        name: "as the base64 of its hex digits",
        encode: |digest| STANDARD.encode(hex::encode(digest)),
        fix: "",
    },
];

/// The prefixes that other senders put before the digest.
pub(super) const FOREIGN_PREFIXES: [&str; 3] = ["sha256=", "v1=", "0x"];

/// The code of a prefix that the provider does not send.
const PREFIXED: &str = "prefixed-signature";

/// The code of a missing prefix.
const UNPREFIXED: &str = "unprefixed-signature";

impl Encoding {
    /// Describes a receiver that compares with this encoding.
    pub(super) fn describe(&self, format: &DigestFormat<'_>) -> Description {
        let Self { code, name, fix, .. } = self;
        let mistakes = &format.encoding.mistakes;
        let known = mistakes.iter().find(|row| row.code == *code).map(|row| row.fix);
        Description {
            code,
            message: format!(
                "Your code compares the signature with the digest {name}; this provider sends {}.",
                format.value_description
            ),
            fix: known.unwrap_or(fix).to_owned(),
        }
    }
}

/// Describes a receiver that compares with the digest after `prefix`, which the provider does not
/// send there.
pub(super) fn describe_prefix(prefix: &str, format: &DigestFormat<'_>) -> Description {
    let sent = &format.value_description;
    let (code, compared, fix) = if prefix.is_empty() {
        (
            UNPREFIXED,
            "the digest alone".to_owned(),
            format!("remove `{}` from the header before you compare it", format.prefix),
        )
    } else {
        (
            PREFIXED,
            format!("`{prefix}` and the digest"),
            format!("compare with {sent}, without `{prefix}`"),
        )
    };
    Description {
        code,
        message: format!(
            "Your code compares the signature with {compared}; this provider sends {sent}."
        ),
        fix,
    }
}
