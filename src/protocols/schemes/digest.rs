//! Encodings of digests: those that schemes use, and those that signers use by mistake.

use crate::protocols::schemes::hypothesis::{Edit, Hypothesis, HypothesisKind, HypothesisText};
use crate::protocols::schemes::mac::{HashFunction, mac};
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use std::borrow::Cow;

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

/// Decodes a digest from one encoding; the number is the length in bytes of a complete digest of the
/// scheme.
pub type DecodeDigest = fn(&str, usize) -> Option<Vec<u8>>;

/// Encodes a body as it is signed.
pub type EncodeBody = fn(&[u8]) -> Cow<'_, [u8]>;

/// The format of the digest in the header of one pack.
#[derive(Debug)]
pub struct DigestFormat<'s> {
    /// The string before the digest.
    pub prefix: &'s str,
    /// The separator between several signatures in one header, if it can carry several.
    pub separator: Option<char>,
    /// `true` if the prefix is a version such as `v1,`, and receivers skip all other versions.
    pub is_versioned: bool,
    /// The hash function.
    pub function: HashFunction,
    /// The encoding of the digest.
    pub encoding: &'static DigestEncoding,
    /// Encodes the body as it is signed.
    pub encode_body: EncodeBody,
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
    /// Returns the number of characters of an encoded digest with this number of bytes.
    pub encoded_len: fn(usize) -> usize,
    /// The name of its characters, as in "the 64 hex digits".
    pub characters: &'static str,
    /// The same in one word.
    pub unit: &'static str,
    /// Returns `true` if a byte is one of its characters.
    pub is_character: fn(u8) -> bool,
    /// `true` if letters of either case have the same meaning.
    pub is_case_insensitive: bool,
    /// The fix for a value that is not in this encoding.
    pub fix: &'static str,
    /// Decodes a complete digest and nothing else.
    pub decode_exactly: fn(&[u8]) -> Option<Vec<u8>>,
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
    encoded_len: |bytes| 2 * bytes,
    characters: "hex digits",
    unit: "digits",
    is_character: |byte| byte.is_ascii_hexdigit(),
    is_case_insensitive: true,
    fix: "encode the digest in hex, without quotes, spaces or a custom prefix",
    decode_exactly: |text| hex::decode(text).ok(),
    decode: decode_hex,
    mistakes: HEX_MISTAKES,
    truncated: &TRUNCATED_HEX,
    units_per_byte: 2,
};

/// Base64 with padding.
pub static BASE64: DigestEncoding = DigestEncoding {
    encode: |digest| STANDARD.encode(digest),
    encoded_len: |bytes| bytes.div_ceil(3) * 4,
    characters: "characters of base64",
    unit: "characters",
    is_character: |byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte),
    is_case_insensitive: false,
    fix: "encode the digest in base64 with padding, without quotes, spaces or a custom prefix",
    decode_exactly: |text| STANDARD.decode(text).ok(),
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

/// Signs the bytes of the body as they are.
pub const VERBATIM_BODY: EncodeBody = |body| Cow::Borrowed(body);

/// Signs the base64 of the body, in the standard alphabet with padding.
pub const BASE64_BODY: EncodeBody = |body| Cow::Owned(STANDARD.encode(body).into_bytes());

impl DigestFormat<'_> {
    /// Returns the number of characters of a digest.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        (self.encoding.encoded_len)(self.function.digest_len())
    }

    /// Returns the HMAC of the prefix that the scheme signs and of the body.
    #[must_use]
    pub fn mac(&self, key: &[u8], prefix: &[u8], body: &[u8]) -> Vec<u8> {
        mac(self.function, key, &[prefix, &(self.encode_body)(body)])
    }

    /// Returns the hypothesis as an edit. `{}` in its messages is what was found; `{digest}` is
    /// what this provider sends, `{content}` what it signs, `{prefix}` the string before the
    /// digest, `{version}` that without the separator, and `{after_prefix}` is " after `PREFIX`" if
    /// there is one; `{length}` is the number of characters of a digest, and `{function}` the name
    /// of the hash function.
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
            let text = text.replace("{length}", &self.encoded_len().to_string());
            let text = text.replace("{function}", self.function.name());
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
        apply: |text, _| (!is_hex(text)).then(|| ANY_BASE64[0].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64url-signature",
        condition: "the signature is read as base64url",
        evidence: "The digest is encoded in base64url, but this provider uses hex.",
        fix: "encode it as hex: Node `.digest(\"hex\")`, Python `.hexdigest()`",
        apply: |text, _| (!is_hex(text)).then(|| ANY_BASE64[1].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64-of-hex",
        condition: "the signature is read as the base64 of its hex digits",
        evidence: "The hex digits were encoded again, in base64.",
        fix: "send the hex digits without a further encoding",
        apply: |text, _| hex::decode(ANY_BASE64[0].decode(text).ok()?).ok(),
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
        apply: |text, _| is_hex(text).then(|| hex::decode(text).ok())?,
    },
    Hypothesis {
        code: "unpadded-signature",
        condition: "the missing `=` is added at its end",
        evidence: "The digest has no padding, and libraries that compare strings reject it.",
        fix: "send base64 with padding, {length} characters: Go `base64.StdEncoding`",
        apply: |text, digest_len| {
            let is_unpadded = !text.contains('=') && STANDARD.decode(text).is_err();
            let digest = is_unpadded.then(|| ANY_BASE64[0].decode(text).ok())?;
            digest.filter(|digest| digest.len() == digest_len)
        },
    },
    Hypothesis {
        code: "base64url-signature",
        condition: "the signature is read as base64url",
        evidence: "The digest is encoded in base64url, but this provider uses base64 with `+` and \
                   `/`.",
        fix: "encode it as standard base64: Node `.digest(\"base64\")`, Python `b64encode`",
        apply: |text, _| text.contains(['-', '_']).then(|| ANY_BASE64[1].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64-of-hex",
        condition: "the signature is read as the base64 of hex digits",
        evidence: "The digest was encoded as hex, and the hex digits as base64.",
        fix: "encode the bytes of the digest: Node `.digest(\"base64\")`, Python `.digest()` \
              instead of `.hexdigest()`",
        apply: |text, _| hex::decode(ANY_BASE64[0].decode(text).ok()?).ok(),
    },
];

/// A truncated digest in hex. `{}` is the number of digits present.
static TRUNCATED_HEX: Hypothesis<()> = Hypothesis {
    code: "truncated-signature",
    condition: "only the first {} hex digits are compared",
    evidence: "The digits are correct, but the rest is missing: a column or a log field was too \
               narrow.",
    fix: "keep all {length} hex digits",
    apply: (),
};

/// A truncated digest in base64. `{}` is the number of bytes present.
static TRUNCATED_BASE64: Hypothesis<()> = Hypothesis {
    code: "truncated-signature",
    condition: "only the first {} bytes are compared",
    evidence: "The characters are correct, but the rest is missing: a column or a log field was \
               too narrow.",
    fix: "keep all {length} characters{after_prefix}",
    apply: (),
};

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Decodes hex digits; an odd last digit of a truncated digest is ignored.
fn decode_hex(text: &str, digest_len: usize) -> Option<Vec<u8>> {
    let even = if text.len() < 2 * digest_len { text.len() & !1 } else { text.len() };
    if is_hex(text) { hex::decode(&text[..even]).ok() } else { None }
}

/// Decodes base64 with its padding; of a truncated digest, the complete bytes.
///
/// Hex digits are also valid base64, so a string that is a complete hex digest is rejected: the
/// mistakes of the scheme include hex.
fn decode_base64(text: &str, digest_len: usize) -> Option<Vec<u8>> {
    if is_hex(text) && HashFunction::ALL.iter().any(|it| 2 * it.digest_len() == text.len()) {
        return None;
    }
    let whole = STANDARD.decode(text).ok();
    // A digest that only lacks its padding is no truncated one.
    whole.or_else(|| decode_truncated_base64(text).filter(|bytes| bytes.len() < digest_len))
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

/// Decodes base64 of either alphabet up to its end, and skips every other character, as Node's
/// `Buffer.from(secret, "base64")` does.
#[must_use]
pub fn decode_base64_leniently(text: &[u8]) -> Vec<u8> {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let until_padding = text.iter().take_while(|byte| **byte != b'=');
    let text: String = until_padding
        .filter(|byte| is_base64(byte))
        .map(|byte| match byte {
            b'-' => '+',
            b'_' => '/',
            other => char::from(*other),
        })
        .collect();
    decode_truncated_base64(&text).unwrap_or_default()
}
