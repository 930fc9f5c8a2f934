//! How a scheme writes a digest, and in what words the rows speak of it.

use crate::domain::provider::Scheme;
use crate::engine::explain::hypothesis::{Edit, Hypothesis};
use crate::engine::explain::secret::BASE64;
use crate::protocols::standard_webhooks;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Letters of a whole SHA-256 digest in base64.
const LETTERS: usize = 44;

/// Hex digits of the digests that the rows know.
const HEX_LENGTHS: [usize; 4] = [40, 64, 96, 128];

/// Reads digits in one spelling.
pub(super) type Decode = fn(&str) -> Option<Vec<u8>>;

/// What a provider's signature looks like, in data and in words.
pub(super) struct Manner<'s> {
    /// What stands before the digest.
    pub(super) prefix: &'s str,
    /// Whether several stand in one header, each behind its version, with spaces between.
    pub(super) versioned: bool,
    /// The spelling of the digest, whole or cut.
    pub(super) read: Decode,
    /// The other spellings.
    pub(super) spellings: &'static [Hypothesis<Decode>],
    /// The words for a digest that was cut; `{}` stands for how much of it is there.
    pub(super) cut: &'static Hypothesis<()>,
    /// In how many letters of those words a byte is counted.
    pub(super) letters_of_a_byte: usize,
    /// The whole value, as the object of "send".
    digest: String,
    /// What is signed, as the object of "sign".
    content: &'static str,
}

impl<'s> Manner<'s> {
    /// That of a scheme whose signature is a digest in a header; a token has none.
    pub(super) fn of(scheme: &'s Scheme) -> Option<Self> {
        match scheme {
            Scheme::HmacSha256Hex { prefix, .. } => Some(Self {
                prefix,
                versioned: false,
                read: hex_digits,
                spellings: OTHER_THAN_HEX,
                cut: &HEX_CUT,
                letters_of_a_byte: 2,
                digest: if prefix.is_empty() {
                    "the 64 hex digits alone".to_owned()
                } else {
                    format!("`{prefix}` and the 64 hex digits")
                },
                content: "the body alone",
            }),
            Scheme::JwtHs256 { .. } => None,
            Scheme::StandardWebhooks { .. } => Some(Self {
                prefix: standard_webhooks::PREFIX,
                versioned: true,
                read: base64_letters,
                spellings: OTHER_THAN_BASE64,
                cut: &BASE64_CUT,
                letters_of_a_byte: 1,
                digest: "`v1,` and the digest in base64".to_owned(),
                content: "`id.timestamp.body`",
            }),
        }
    }

    /// The row as an edit: `{}` is what was found, `{digest}` what this provider sends and
    /// `{content}` what it signs.
    pub(super) fn edit<F>(&self, row: &Hypothesis<F>, found: &str) -> Edit {
        let filled = |words: &'static str| {
            let words = words.replace("{digest}", &self.digest).replace("{content}", self.content);
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

/// The codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    let spellings = OTHER_THAN_HEX.iter().chain(OTHER_THAN_BASE64).map(|row| row.code);
    spellings.chain([HEX_CUT.code, BASE64_CUT.code])
}

/// The spellings of a digest other than hex.
static OTHER_THAN_HEX: &[Hypothesis<Decode>] = &[
    Hypothesis {
        code: "base64-signature",
        when: "the signature is read as base64",
        evidence: "The digest is spelled in base64 where this provider has hex.",
        fix: "print it in hex: Node `.digest(\"hex\")`, Python `.hexdigest()`, PHP `hash_hmac` \
              without its last argument",
        apply: |text| (!is_hex(text)).then(|| BASE64[0].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64url-signature",
        when: "the signature is read as base64url",
        evidence: "The digest is spelled in base64url where this provider has hex.",
        fix: "print it in hex: Node `.digest(\"hex\")`, Python `.hexdigest()`",
        apply: |text| (!is_hex(text)).then(|| BASE64[1].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64-of-hex",
        when: "the signature is read as the base64 of its hex digits",
        evidence: "The hex digits were encoded once more, in base64.",
        fix: "send the hex digits as they are",
        apply: |text| hex::decode(BASE64[0].decode(text).ok()?).ok(),
    },
];

/// The spellings of a digest other than base64.
static OTHER_THAN_BASE64: &[Hypothesis<Decode>] = &[
    Hypothesis {
        code: "hex-signature",
        when: "the signature is read as hex",
        evidence: "The digest is spelled in hex where this provider has base64.",
        fix: "print it in base64: Node `.digest(\"base64\")`, Python \
              `b64encode(mac.digest())`, PHP `base64_encode(hash_hmac(…, true))`",
        apply: |text| is_hex(text).then(|| hex::decode(text).ok())?,
    },
    Hypothesis {
        code: "unpadded-signature",
        when: "the `=` that is missing at its end is added",
        evidence: "The digest has no padding, and libraries that compare texts refuse it.",
        fix: "send base64 with its padding, 44 letters: Go `base64.StdEncoding`",
        apply: |text| {
            (text.len() == LETTERS - 1 && !text.contains('='))
                .then(|| BASE64[0].decode(text).ok())?
        },
    },
    Hypothesis {
        code: "base64url-signature",
        when: "the signature is read as base64url",
        evidence: "The digest is spelled in base64url where this provider has base64 with `+` and \
                   `/`.",
        fix: "print it in standard base64: Node `.digest(\"base64\")`, Python `b64encode`",
        apply: |text| text.contains(['-', '_']).then(|| BASE64[1].decode(text).ok())?,
    },
    Hypothesis {
        code: "base64-of-hex",
        when: "the signature is read as the base64 of hex digits",
        evidence: "The digest was printed in hex, and the hex digits were encoded in base64.",
        fix: "encode the bytes of the digest: Node `.digest(\"base64\")`, Python `.digest()` in \
              place of `.hexdigest()`",
        apply: |text| hex::decode(BASE64[0].decode(text).ok()?).ok(),
    },
];

/// A digest in hex of which the end is missing. `{}` says how many digits are there.
static HEX_CUT: Hypothesis<()> = Hypothesis {
    code: "truncated-signature",
    when: "the first {} hex digits are taken for the beginning of it",
    evidence: "The digits that are there are right, and the rest of them is missing: a column or a \
               log was too narrow.",
    fix: "keep all 64 of them",
    apply: (),
};

/// A digest in base64 of which the end is missing. `{}` says how many bytes are there.
static BASE64_CUT: Hypothesis<()> = Hypothesis {
    code: "truncated-signature",
    when: "the first {} bytes are taken for the beginning of it",
    evidence: "The letters that are there are right, and the rest of them is missing: a column or \
               a log was too narrow.",
    fix: "keep all 44 letters behind `v1,`",
    apply: (),
};

pub(super) fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The bytes of hex digits; where the end is missing, of an odd number of them, all but the last.
fn hex_digits(text: &str) -> Option<Vec<u8>> {
    let even = if text.len() < 64 { text.len() & !1 } else { text.len() };
    if is_hex(text) { hex::decode(&text[..even]).ok() } else { None }
}

/// The bytes of base64 with its padding; where the end is missing, those that are whole.
fn base64_letters(text: &str) -> Option<Vec<u8>> {
    if is_hex(text) && HEX_LENGTHS.contains(&text.len()) {
        return None;
    }
    let whole = STANDARD.decode(text).ok();
    whole.or_else(|| (text.len() < LETTERS - 1).then(|| base64_beginning(text))?)
}

/// The whole bytes at the beginning of base64, of either alphabet, that was cut.
pub(super) fn base64_beginning(text: &str) -> Option<Vec<u8>> {
    // The last letters of what was cut may be a part of a byte: that one is not counted.
    let whole = format!("{text}{}", "A".repeat(text.len().wrapping_neg() % 4));
    let mut bytes = BASE64.iter().find_map(|engine| engine.decode(&whole).ok())?;
    bytes.truncate(text.len() * 3 / 4);
    Some(bytes)
}
