//! Spellings of digests: those that schemes have, and those that signers use in their place.

use crate::protocols::schemes::hypothesis::{Edit, Hypothesis};
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};

/// Characters of a whole SHA-256 digest in base64.
const BASE64_LENGTH: usize = 44;

/// Hex digits of the digests that the rows know.
const HEX_LENGTHS: [usize; 4] = [40, 64, 96, 128];

/// Accepts padding and its absence, as people copy it.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// Base64 of either alphabet, with or without padding.
pub const ANY_BASE64: [GeneralPurpose; 2] = [
    GeneralPurpose::new(&alphabet::STANDARD, LENIENT),
    GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT),
];

/// The prefix by which people recognise a secret that encodes a key in base64
/// (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).
pub const WHSEC: &[u8] = b"whsec_";

/// The fewest bytes of a digest that was cut for its beginning to count as evidence: 2⁻¹²⁸.
pub const LEAST_EVIDENCE: usize = 16;

/// Removes what is written around a signature, and returns the rest and what it was.
pub type Strip = fn(&str) -> Option<(String, String)>;

/// The sentence of the reference page for a scheme whose secret is the key.
pub(super) const VERBATIM_KEY: &str =
    "The key: the bytes of the secret as it is shown, in UTF-8, with nothing decoded.";

/// Reads a digest in one spelling.
pub type Decode = fn(&str) -> Option<Vec<u8>>;

/// A digest in a header, as one pack has it.
#[derive(Debug)]
pub struct DigestFormat<'s> {
    /// The text before the digest.
    pub prefix: &'s str,
    /// The separator between several signatures in one header, if it can carry several.
    pub separator: Option<char>,
    /// `true` if the prefix is a version such as `v1,`, and receivers pass over every other one.
    pub is_versioned: bool,
    /// The spelling of the digest.
    pub spelling: &'static DigestSpelling,
    /// The whole value in words, as the object of "send".
    pub sent: String,
    /// The signed content in words, as the object of "sign".
    pub content: &'static str,
}

/// One way to write a digest.
#[derive(Debug)]
pub struct DigestSpelling {
    /// Reads a digest, whole or without its end.
    pub read: Decode,
    /// The other ways in which signers write it.
    pub mistakes: &'static [Hypothesis<Decode>],
    /// The hypothesis of a digest that was cut; `{}` is the length of the rest.
    pub cut: &'static Hypothesis<()>,
    /// The number of characters that the words of `cut` count for a byte.
    pub characters_per_byte: usize,
}

/// Hex, of either case.
pub static HEX: DigestSpelling = DigestSpelling {
    read: hex_digits,
    mistakes: OTHER_THAN_HEX,
    cut: &HEX_CUT,
    characters_per_byte: 2,
};

/// Base64 with padding.
pub static BASE64: DigestSpelling = DigestSpelling {
    read: base64_characters,
    mistakes: OTHER_THAN_BASE64,
    cut: &BASE64_CUT,
    characters_per_byte: 1,
};

impl DigestSpelling {
    /// Returns the codes of its hypotheses.
    #[must_use]
    pub fn codes(&self) -> Vec<&'static str> {
        self.mistakes.iter().map(|row| row.code).chain([self.cut.code]).collect()
    }
}

impl DigestFormat<'_> {
    /// Returns the hypothesis as an edit. `{}` in its words is what was found; `{digest}` is what
    /// this provider sends, `{content}` what it signs, `{prefix}` the text before the digest,
    /// `{version}` that without the separator, and `{behind}` the place after it.
    #[must_use]
    pub fn edit<F>(&self, row: &Hypothesis<F>, found: &str) -> Edit {
        let prefix = self.prefix;
        let behind = if prefix.is_empty() { String::new() } else { format!(" after `{prefix}`") };
        let filled = |words: &'static str| {
            let words = words.replace("{digest}", &self.sent).replace("{content}", self.content);
            let words = words.replace("{version}", prefix.trim_end_matches([',', '=']));
            let words = words.replace("{prefix}", prefix).replace("{behind}", &behind);
            // What came from outside is put in last, so that no name in it is replaced.
            words.replace("{}", found).into()
        };
        Edit {
            key: row.code,
            code: row.code,
            when: filled(row.when),
            evidence: filled(row.evidence),
            fix: filled(row.fix),
        }
    }
}

/// Digests that were not written as hex.
static OTHER_THAN_HEX: &[Hypothesis<Decode>] = &[
    Hypothesis {
        code: "base64-signature",
        when: "the signature is read as base64",
        evidence: "The digest is encoded in base64, but this provider uses hex.",
        fix: "encode it as hex: Node `.digest(\"hex\")`, Python `.hexdigest()`, PHP `hash_hmac` \
              without its last argument",
        apply: |text| (!is_hex(text)).then(|| ANY_BASE64[0].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64url-signature",
        when: "the signature is read as base64url",
        evidence: "The digest is encoded in base64url, but this provider uses hex.",
        fix: "encode it as hex: Node `.digest(\"hex\")`, Python `.hexdigest()`",
        apply: |text| (!is_hex(text)).then(|| ANY_BASE64[1].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64-of-hex",
        when: "the signature is read as the base64 of its hex digits",
        evidence: "The hex digits were encoded again, in base64.",
        fix: "send the hex digits without a further encoding",
        apply: |text| hex::decode(ANY_BASE64[0].decode(text).ok()?).ok(),
    },
];

/// Digests that were not written as base64.
static OTHER_THAN_BASE64: &[Hypothesis<Decode>] = &[
    Hypothesis {
        code: "hex-signature",
        when: "the signature is read as hex",
        evidence: "The digest is encoded in hex, but this provider uses base64.",
        fix: "encode it as base64: Node `.digest(\"base64\")`, Python \
              `b64encode(mac.digest())`, PHP `base64_encode(hash_hmac(…, true))`",
        apply: |text| is_hex(text).then(|| hex::decode(text).ok())?,
    },
    Hypothesis {
        code: "unpadded-signature",
        when: "the missing `=` is added at its end",
        evidence: "The digest has no padding, and libraries that compare strings reject it.",
        fix: "send base64 with padding, 44 characters: Go `base64.StdEncoding`",
        apply: |text| {
            (text.len() == BASE64_LENGTH - 1 && !text.contains('='))
                .then(|| ANY_BASE64[0].decode(text).ok())?
        },
    },
    Hypothesis {
        code: "base64url-signature",
        when: "the signature is read as base64url",
        evidence: "The digest is encoded in base64url, but this provider uses base64 with `+` and \
                   `/`.",
        fix: "encode it as standard base64: Node `.digest(\"base64\")`, Python `b64encode`",
        apply: |text| text.contains(['-', '_']).then(|| ANY_BASE64[1].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64-of-hex",
        when: "the signature is read as the base64 of hex digits",
        evidence: "The digest was encoded as hex, and the hex digits as base64.",
        fix: "encode the bytes of the digest: Node `.digest(\"base64\")`, Python `.digest()` \
              instead of `.hexdigest()`",
        apply: |text| hex::decode(ANY_BASE64[0].decode(text).ok()?).ok(),
    },
];

/// A digest in hex of which the end is missing. `{}` is the number of digits left.
static HEX_CUT: Hypothesis<()> = Hypothesis {
    code: "truncated-signature",
    when: "only the first {} hex digits are compared",
    evidence: "The digits are correct, but the rest is missing: a column or a log field was too \
               narrow.",
    fix: "keep all 64 hex digits",
    apply: (),
};

/// A digest in base64 of which the end is missing. `{}` is the number of bytes left.
static BASE64_CUT: Hypothesis<()> = Hypothesis {
    code: "truncated-signature",
    when: "only the first {} bytes are compared",
    evidence: "The characters are correct, but the rest is missing: a column or a log field was \
               too narrow.",
    fix: "keep all 44 characters{behind}",
    apply: (),
};

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the bytes of hex digits; if the end is missing, without an odd last digit.
fn hex_digits(text: &str) -> Option<Vec<u8>> {
    let even = if text.len() < 64 { text.len() & !1 } else { text.len() };
    if is_hex(text) { hex::decode(&text[..even]).ok() } else { None }
}

/// Returns the bytes of base64 with its padding; if the end is missing, those that are whole.
fn base64_characters(text: &str) -> Option<Vec<u8>> {
    if is_hex(text) && HEX_LENGTHS.contains(&text.len()) {
        return None;
    }
    let whole = STANDARD.decode(text).ok();
    whole.or_else(|| (text.len() < BASE64_LENGTH - 1).then(|| base64_beginning(text))?)
}

/// Returns the whole bytes at the beginning of base64, of either alphabet, that was cut.
#[must_use]
pub fn base64_beginning(text: &str) -> Option<Vec<u8>> {
    // The last characters of what was cut may be a part of a byte: that one is not counted.
    let whole = format!("{text}{}", "A".repeat(text.len().wrapping_neg() % 4));
    let mut bytes = ANY_BASE64.iter().find_map(|engine| engine.decode(&whole).ok())?;
    bytes.truncate(text.len() * 3 / 4);
    Some(bytes)
}
