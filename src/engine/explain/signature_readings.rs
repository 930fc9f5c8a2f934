//! Readings of a signature: other wrappers, encodings and hash functions than the scheme's.

use crate::engine::explain::signature_wrappers;
use crate::protocols::schemes::digest::{DigestFormat, MIN_EVIDENCE_BYTES};
use crate::protocols::schemes::hypothesis::{Edited, Hypothesis, HypothesisKind, HypothesisText};
use crate::protocols::schemes::mac::HashFunction;

/// A received digest, to compare computed ones with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReceivedDigest {
    /// The digest, or its beginning if it was truncated.
    pub(super) bytes: Vec<u8>,
    /// The function whose digests have this length.
    pub(super) function: HashFunction,
}

/// The maximum number of signatures that are read from one header.
const MAX_ENTRIES: usize = 8;

/// Returns the messages of the hypotheses, for the documentation.
pub(super) fn texts() -> Vec<HypothesisText> {
    let others = [&PREFIXED, &NAMED, &OTHER_VERSION, &SPACED, &MISSING_PREFIX, &OTHER_FUNCTION];
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

/// A space beside the separator of a list.
static SPACED: Hypothesis<()> = Hypothesis {
    code: "space-in-signature",
    condition: "the space after the comma is removed",
    evidence: "A space follows a comma in the header, and the vendors' SDKs do not skip it.",
    fix: "write the parts of the header with a comma and no space between them",
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
    evidence: "The digest has the length of {}; this provider uses {function}.",
    fix: "use {function}",
    apply: (),
};

/// Returns every way to read a header value as a digest, with up to two edits each.
pub(super) fn readings(
    header: &Edited<String>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<ReceivedDigest>> {
    let entry = |text: &str| match text.trim() {
        same if same == text => Edited { value: text.to_owned(), edits: header.edits.clone() },
        trimmed => Edited::with_edit(&header.edits, SPACED.edit(""), trimmed.to_owned()),
    };
    let separator = format.separator.filter(|separator| header.value.contains(*separator));
    let entries = separator.into_iter().flat_map(|separator| header.value.split(separator));
    let entries = entries.filter(|text| !text.trim().is_empty()).take(MAX_ENTRIES).map(entry);
    let (whole, entries) = (header.clone(), entries.collect::<Vec<_>>());
    // Of a list of named parts, each part is likelier than the whole value to be meant. Whitespace
    // between parts may be a fault rather than a separator.
    let is_named = separator.is_some_and(|separator| !separator.is_whitespace());
    let values =
        if is_named { [entries, vec![whole]].concat() } else { [vec![whole], entries].concat() };
    let values: Vec<_> =
        values.into_iter().flat_map(|text| signature_wrappers::unwrap(text, format)).collect();
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
    let digest_len = format.function.digest_len();
    let documented = (format.encoding.decode)(text, digest_len)
        .map(|bytes| Edited { value: bytes, edits: edits.clone() });
    let mistaken = format.encoding.mistakes.iter().filter_map(|row| {
        Some(Edited::with_edit(edits, format.edit(row, ""), (row.apply)(text, digest_len)?))
    });
    documented
        .into_iter()
        .chain(mistaken)
        .flat_map(|form| identify_function(form, format))
        .collect()
}

/// Returns one reading for each function whose digests have this length, and one for a truncated
/// digest of the documented function if the bytes are fewer.
pub(super) fn identify_function(
    Edited { value: bytes, edits }: Edited<Vec<u8>>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<ReceivedDigest>> {
    let mut readings = Vec::new();
    let digest = |function| ReceivedDigest { bytes: bytes.clone(), function };
    let is_length = |function: &HashFunction| function.digest_len() == bytes.len();
    for function in HashFunction::ALL.into_iter().filter(is_length) {
        readings.push(if function == format.function {
            Edited { value: digest(function), edits: edits.clone() }
        } else {
            let edit = format.edit(&OTHER_FUNCTION, function.name());
            Edited::with_edit(&edits, edit, digest(function))
        });
    }
    if (MIN_EVIDENCE_BYTES..format.function.digest_len()).contains(&bytes.len()) {
        let characters = format.encoding.units_per_byte * bytes.len();
        let edit = format.edit(format.encoding.truncated, &characters.to_string());
        readings.push(Edited::with_edit(&edits, edit, digest(format.function)));
    }
    readings
}

/// Splits a digest from the prefix before it: the prefix ends where hex digits of a digest's length
/// begin, otherwise at the first separator that no digest contains.
fn split_prefix(text: &str) -> Option<(String, String)> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_hexdigit).count();
    let is_length =
        |length: usize| HashFunction::ALL.iter().any(|it| 2 * it.digest_len() == length);
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
