//! Readings of a signature: other wrappers, encodings and hash functions than the scheme's.

use crate::engine::explain::signature_wrappers;
use crate::protocols::schemes::digest::{DigestFormat, MIN_EVIDENCE_BYTES};
use crate::protocols::schemes::hypothesis::{Edited, Hypothesis, HypothesisKind, HypothesisText};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A received digest, to compare computed ones with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReceivedDigest {
    /// The digest, or its beginning if it was truncated.
    pub(super) bytes: Vec<u8>,
    /// The function whose digests have this length.
    pub(super) function: HashFunction,
}

/// A hash function that the search tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum HashFunction {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// The functions, the lengths of their digests in bytes, and their names.
const FUNCTIONS: [(HashFunction, usize, &str); 4] = [
    (HashFunction::Sha1, 20, "SHA-1"),
    (HashFunction::Sha256, 32, "SHA-256"),
    (HashFunction::Sha384, 48, "SHA-384"),
    (HashFunction::Sha512, 64, "SHA-512"),
];

/// The maximum number of signatures that are read from one header.
const MAX_ENTRIES: usize = 8;

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> Vec<HypothesisText> {
    let others = [&PREFIXED, &NAMED, &OTHER_VERSION, &MISSING_PREFIX, &OTHER_FUNCTION];
    let wrappers = signature_wrappers::texts();
    wrappers.chain(others.map(|row| row.text(HypothesisKind::Signature))).collect()
}

/// A foreign prefix before the digest. `{}` is that prefix.
static PREFIXED: Hypothesis<()> = Hypothesis {
    code: "prefixed-signature",
    condition: "`{}` is removed from the signature",
    evidence: "The digest follows `{}`, as with other senders; this provider sends {digest}.",
    fix: "send {digest}",
    apply: (),
};

/// A header line as the value. `{}` is the name of the header with its colon.
static NAMED: Hypothesis<()> = Hypothesis {
    code: "prefixed-signature",
    condition: "`{}` is removed from the signature",
    evidence: "The digest follows the name of a header, `{}`: a whole header line was used as the \
               value; this provider sends {digest}.",
    fix: "send {digest}",
    apply: (),
};

/// Another version, if the scheme has versions. `{}` is the version and its comma.
static OTHER_VERSION: Hypothesis<()> = Hypothesis {
    code: "other-version",
    condition: "`{}` is read as `{prefix}`",
    evidence: "The digest follows `{}`, and receivers skip every version except `{version}`.",
    fix: "send {digest}",
    apply: (),
};

/// A digest without the required prefix. `{}` is that prefix.
static MISSING_PREFIX: Hypothesis<()> = Hypothesis {
    code: "unprefixed-signature",
    condition: "`{}` is put before the signature",
    evidence: "The digest lacks `{}`, which this provider puts before it.",
    fix: "send {digest}",
    apply: (),
};

/// A digest of another function. `{}` names it.
pub(super) static OTHER_FUNCTION: Hypothesis<()> = Hypothesis {
    code: "other-digest",
    condition: "it is a digest of {}",
    evidence: "The digest has the length of {}; this provider uses SHA-256.",
    fix: "use SHA-256",
    apply: (),
};

/// Returns every way to read a header value as a digest, with up to two edits each.
pub(super) fn readings(
    header: &Edited<String>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<ReceivedDigest>> {
    let entry = |text: &str| Edited { value: text.to_owned(), edits: header.edits.clone() };
    let separator = format.separator.filter(|separator| header.value.contains(*separator));
    let entries = separator.into_iter().flat_map(|separator| header.value.split(separator));
    let entries = entries.filter(|text| !text.is_empty()).take(MAX_ENTRIES).map(entry);
    let values = std::iter::once(header.clone()).chain(entries);
    // The whole value comes first: whitespace in it may be a fault rather than a separator.
    let values: Vec<_> = values.flat_map(|text| signature_wrappers::unwrap(text, format)).collect();
    let digits = values.iter().flat_map(|text| strip_prefixes(text, format));
    digits.flat_map(|digits| decode_digest(&digits, format)).collect()
}

/// Strips the prefix of the format or a foreign one: returns the digits of each reading.
fn strip_prefixes(
    Edited { value, edits }: &Edited<String>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<String>> {
    let after_prefix = value.strip_prefix(format.prefix);
    let mut readings = vec![match after_prefix {
        Some(digits) => Edited { value: digits.to_owned(), edits: edits.clone() },
        None => {
            Edited::with_edit(edits, format.edit(&MISSING_PREFIX, format.prefix), value.clone())
        }
    }];
    if let Some((digits, prefix)) = split_prefix(after_prefix.unwrap_or(value)) {
        let is_version = format.is_versioned
            && prefix.starts_with('v')
            && prefix.chars().next_back() == format.prefix.chars().next_back();
        let name = prefix.trim_end().strip_suffix(':').filter(|name| name.contains('-'));
        let row = match name {
            _ if is_version => &OTHER_VERSION,
            Some(_) => &NAMED,
            None => &PREFIXED,
        };
        readings.push(Edited::with_edit(edits, format.edit(row, &prefix), digits));
    }
    readings
}

/// Decodes a digest from the encoding of the format, and from every mistaken one.
fn decode_digest(
    Edited { value: text, edits }: &Edited<String>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<ReceivedDigest>> {
    let documented =
        (format.encoding.decode)(text).map(|bytes| Edited { value: bytes, edits: edits.clone() });
    let mistaken =
        format.encoding.mistakes.iter().filter_map(|row| {
            Some(Edited::with_edit(edits, format.edit(row, ""), (row.apply)(text)?))
        });
    documented
        .into_iter()
        .chain(mistaken)
        .flat_map(|form| identify_function(form, format))
        .collect()
}

/// Returns one reading for each function whose digests have this length, and one for a truncated
/// SHA-256 digest if the bytes are fewer.
pub(super) fn identify_function(
    Edited { value: bytes, edits }: Edited<Vec<u8>>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<ReceivedDigest>> {
    let mut readings = Vec::new();
    let digest = |function| ReceivedDigest { bytes: bytes.clone(), function };
    for (function, _, name) in FUNCTIONS.into_iter().filter(|row| row.1 == bytes.len()) {
        readings.push(if function == HashFunction::Sha256 {
            Edited { value: digest(function), edits: edits.clone() }
        } else {
            Edited::with_edit(&edits, OTHER_FUNCTION.edit(name), digest(function))
        });
    }
    if (MIN_EVIDENCE_BYTES..32).contains(&bytes.len()) {
        let characters = format.encoding.units_per_byte * bytes.len();
        let edit = format.edit(format.encoding.truncated, &characters.to_string());
        readings.push(Edited::with_edit(&edits, edit, digest(HashFunction::Sha256)));
    }
    readings
}

/// Splits a digest from the prefix before it: the prefix ends where hex digits of a digest's length
/// begin, otherwise at the first separator that no digest contains.
fn split_prefix(text: &str) -> Option<(String, String)> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_hexdigit).count();
    let is_length = |length: usize| FUNCTIONS.iter().any(|(_, bytes, _)| 2 * bytes == length);
    // `+` and `/` are base64 characters; `=` only occurs at its end.
    let separator = text.find([',', ':', ' ']).or_else(|| text.find('='));
    let start = if is_length(digits) { text.len() - digits } else { separator? + 1 };
    let (prefix, rest) = (text.get(..start)?, text.get(start..)?);
    // Punctuation alone is no prefix.
    let is_word = prefix.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let is_plausible = is_word && prefix.len() <= 40 && !rest.is_empty();
    is_plausible.then(|| (rest.to_owned(), prefix.to_owned()))
}

impl ReceivedDigest {
    /// Returns `true` if this digest of that function is the received one, or begins with it.
    pub(super) fn matches(&self, function: HashFunction, digest: &[u8]) -> bool {
        self.function == function && digest.starts_with(&self.bytes)
    }
}

/// Returns the HMAC (RFC 2104) of the concatenated parts.
pub(in crate::engine) fn mac(function: HashFunction, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    fn compute<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }
    match function {
        HashFunction::Sha1 => compute::<Hmac<Sha1>>(key, parts),
        HashFunction::Sha256 => compute::<Hmac<Sha256>>(key, parts),
        HashFunction::Sha384 => compute::<Hmac<Sha384>>(key, parts),
        HashFunction::Sha512 => compute::<Hmac<Sha512>>(key, parts),
    }
}

/// Returns the hash of the concatenated parts.
pub(super) fn hash(function: HashFunction, parts: &[&[u8]]) -> Vec<u8> {
    fn compute<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
        let mut digest = D::new();
        for part in parts {
            digest.update(part);
        }
        digest.finalize().to_vec()
    }
    match function {
        HashFunction::Sha1 => compute::<Sha1>(parts),
        HashFunction::Sha256 => compute::<Sha256>(parts),
        HashFunction::Sha384 => compute::<Sha384>(parts),
        HashFunction::Sha512 => compute::<Sha512>(parts),
    }
}
