//! Encodings of digests: those that schemes use, and those that signers use by mistake.

use crate::protocols::schemes::hypothesis::{Edit, Hypothesis, HypothesisKind, HypothesisText};
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};

/// The number of characters of a SHA-256 digest in base64.
const BASE64_CHARACTERS: usize = 44;

/// The numbers of hex digits of SHA-1, SHA-256, SHA-384 and SHA-512 digests.
const HEX_DIGEST_LENGTHS: [usize; 4] = [40, 64, 96, 128];

/// Accepts base64 with or without padding: people copy it either way.
const OPTIONAL_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// Base64 of either alphabet, with or without padding.
pub const ANY_BASE64: [GeneralPurpose; 2] = [
    GeneralPurpose::new(&alphabet::STANDARD, OPTIONAL_PADDING),
    GeneralPurpose::new(&alphabet::URL_SAFE, OPTIONAL_PADDING),
];

/// The prefix by which people recognise a secret that encodes a key in base64
/// (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).
pub const WHSEC_PREFIX: &[u8] = b"whsec_";

/// The minimum number of bytes of a truncated digest for a match to count as evidence: the
/// probability of a coincidence is then 2⁻¹²⁸.
pub const MIN_EVIDENCE_BYTES: usize = 16;

/// Removes extra characters around a signature. Returns the signature and what was removed.
pub type StripExtra = fn(&str) -> Option<(String, String)>;

/// The sentence in the documentation of a scheme whose secret is the key.
pub(super) const VERBATIM_KEY: &str =
    "The key: the bytes of the secret in UTF-8 as the provider displays it, without decoding.";

/// Decodes a digest from one encoding.
pub type DecodeDigest = fn(&str) -> Option<Vec<u8>>;

/// The format of the digest in the header of one pack.
#[derive(Debug)]
pub struct DigestFormat<'s> {
    /// The string before the digest.
    pub prefix: &'s str,
    /// The separator between several signatures in one header, if it can carry several.
    pub separator: Option<char>,
    /// `true` if the prefix is a version such as `v1,`, and receivers skip all other versions.
    pub is_versioned: bool,
    /// The encoding of the digest.
    pub encoding: &'static DigestEncoding,
    /// A description of the header value, as the object of "send".
    pub value_description: String,
    /// A description of the signed content, as the object of "sign".
    pub content_description: &'static str,
}

/// One encoding of a digest, with the mistakes that signers make with it.
#[derive(Debug)]
pub struct DigestEncoding {
    /// Encodes a digest as the schemes do.
    pub encode: fn(&[u8]) -> String,
    /// Decodes a digest, complete or truncated.
    pub decode: DecodeDigest,
    /// The other encodings that signers use by mistake.
    pub mistakes: &'static [Hypothesis<DecodeDigest>],
    /// The hypothesis of a truncated digest; `{}` is the length of the part that is present.
    pub truncated: &'static Hypothesis<()>,
    /// The number of units, digits or bytes, in which that length counts one byte.
    pub units_per_byte: usize,
}

/// Hex, of either case.
pub static HEX: DigestEncoding = DigestEncoding {
    encode: |digest| hex::encode(digest),
    decode: decode_hex,
    mistakes: HEX_MISTAKES,
    truncated: &TRUNCATED_HEX,
    units_per_byte: 2,
};

/// Base64 with padding.
pub static BASE64: DigestEncoding = DigestEncoding {
    encode: |digest| STANDARD.encode(digest),
    decode: decode_base64,
    mistakes: BASE64_MISTAKES,
    truncated: &TRUNCATED_BASE64,
    units_per_byte: 1,
};

impl DigestEncoding {
    /// Returns the messages of its hypotheses.
    #[must_use]
    pub fn texts(&self) -> Vec<HypothesisText> {
        let mistakes = self.mistakes.iter().map(|row| row.text(HypothesisKind::Signature));
        mistakes.chain([self.truncated.text(HypothesisKind::Signature)]).collect()
    }
}

impl DigestFormat<'_> {
    /// Returns the hypothesis as an edit. `{}` in its messages is what was found; `{digest}` is
    /// what this provider sends, `{content}` what it signs, `{prefix}` the string before the
    /// digest, `{version}` that without the separator, and `{after_prefix}` is " after `PREFIX`" if
    /// there is one.
    #[must_use]
    pub fn edit<F>(&self, row: &Hypothesis<F>, found: &str) -> Edit {
        let prefix = self.prefix;
        let after_prefix =
            if prefix.is_empty() { String::new() } else { format!(" after `{prefix}`") };
        let fill = |template: &'static str| {
            let text = template
                .replace("{digest}", &self.value_description)
                .replace("{content}", self.content_description);
            let text = text.replace("{version}", prefix.trim_end_matches([',', '=']));
            let text = text.replace("{prefix}", prefix).replace("{after_prefix}", &after_prefix);
            // `found` comes from the request: it is inserted last, so that a placeholder in it is
            // not replaced.
            text.replace("{}", found).into()
        };
        Edit {
            key: row.code,
            code: row.code,
            condition: fill(row.condition),
            evidence: fill(row.evidence),
            fix: fill(row.fix),
        }
    }
}

/// Encodings other than hex, for schemes that use hex.
static HEX_MISTAKES: &[Hypothesis<DecodeDigest>] = &[
    Hypothesis {
        code: "base64-signature",
        condition: "the signature is read as base64",
        evidence: "The digest is encoded in base64, but this provider uses hex.",
        fix: "encode it as hex: Node `.digest(\"hex\")`, Python `.hexdigest()`, PHP `hash_hmac` \
              without its last argument",
        apply: |text| (!is_hex(text)).then(|| ANY_BASE64[0].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64url-signature",
        condition: "the signature is read as base64url",
        evidence: "The digest is encoded in base64url, but this provider uses hex.",
        fix: "encode it as hex: Node `.digest(\"hex\")`, Python `.hexdigest()`",
        apply: |text| (!is_hex(text)).then(|| ANY_BASE64[1].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64-of-hex",
        condition: "the signature is read as the base64 of its hex digits",
        evidence: "The hex digits were encoded again, in base64.",
        fix: "send the hex digits without a further encoding",
        apply: |text| hex::decode(ANY_BASE64[0].decode(text).ok()?).ok(),
    },
];

/// Encodings other than base64, for schemes that use base64.
static BASE64_MISTAKES: &[Hypothesis<DecodeDigest>] = &[
    Hypothesis {
        code: "hex-signature",
        condition: "the signature is read as hex",
        evidence: "The digest is encoded in hex, but this provider uses base64.",
        fix: "encode it as base64: Node `.digest(\"base64\")`, Python \
              `b64encode(mac.digest())`, PHP `base64_encode(hash_hmac(…, true))`",
        apply: |text| is_hex(text).then(|| hex::decode(text).ok())?,
    },
    Hypothesis {
        code: "unpadded-signature",
        condition: "the missing `=` is added at its end",
        evidence: "The digest has no padding, and libraries that compare strings reject it.",
        fix: "send base64 with padding, 44 characters: Go `base64.StdEncoding`",
        apply: |text| {
            (text.len() == BASE64_CHARACTERS - 1 && !text.contains('='))
                .then(|| ANY_BASE64[0].decode(text).ok())?
        },
    },
    Hypothesis {
        code: "base64url-signature",
        condition: "the signature is read as base64url",
        evidence: "The digest is encoded in base64url, but this provider uses base64 with `+` and \
                   `/`.",
        fix: "encode it as standard base64: Node `.digest(\"base64\")`, Python `b64encode`",
        apply: |text| text.contains(['-', '_']).then(|| ANY_BASE64[1].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64-of-hex",
        condition: "the signature is read as the base64 of hex digits",
        evidence: "The digest was encoded as hex, and the hex digits as base64.",
        fix: "encode the bytes of the digest: Node `.digest(\"base64\")`, Python `.digest()` \
              instead of `.hexdigest()`",
        apply: |text| hex::decode(ANY_BASE64[0].decode(text).ok()?).ok(),
    },
];

/// A truncated digest in hex. `{}` is the number of digits present.
static TRUNCATED_HEX: Hypothesis<()> = Hypothesis {
    code: "truncated-signature",
    condition: "only the first {} hex digits are compared",
    evidence: "The digits are correct, but the rest is missing: a column or a log field was too \
               narrow.",
    fix: "keep all 64 hex digits",
    apply: (),
};

/// A truncated digest in base64. `{}` is the number of bytes present.
static TRUNCATED_BASE64: Hypothesis<()> = Hypothesis {
    code: "truncated-signature",
    condition: "only the first {} bytes are compared",
    evidence: "The characters are correct, but the rest is missing: a column or a log field was \
               too narrow.",
    fix: "keep all 44 characters{after_prefix}",
    apply: (),
};

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Decodes hex digits; an odd last digit of a truncated digest is ignored.
fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let even = if text.len() < 64 { text.len() & !1 } else { text.len() };
    if is_hex(text) { hex::decode(&text[..even]).ok() } else { None }
}

/// Decodes base64 with its padding; of a truncated digest, the complete bytes.
///
/// Hex digits are also valid base64, so a string that is a complete hex digest is rejected: the
/// mistakes of the scheme include hex.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    if is_hex(text) && HEX_DIGEST_LENGTHS.contains(&text.len()) {
        return None;
    }
    let whole = STANDARD.decode(text).ok();
    whole.or_else(|| (text.len() < BASE64_CHARACTERS - 1).then(|| decode_truncated_base64(text))?)
}

/// Decodes base64 of either alphabet, with or without padding.
#[must_use]
pub fn decode_any_base64(text: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    ANY_BASE64.iter().find_map(|engine| engine.decode(text.as_ref()).ok())
}

/// Decodes the complete bytes at the beginning of truncated base64, in either alphabet.
#[must_use]
pub fn decode_truncated_base64(text: &str) -> Option<Vec<u8>> {
    // `A` is six zero bits, which fill up the last group of four characters. The length below drops
    // the last byte if only a part of its bits was present.
    let padded = format!("{text}{}", "A".repeat(text.len().wrapping_neg() % 4));
    let mut bytes = decode_any_base64(padded)?;
    bytes.truncate(text.len() * 3 / 4);
    Some(bytes)
}
