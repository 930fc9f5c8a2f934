//! Readings of a signature: other wrappers, encodings and hash functions than the scheme's.

use crate::protocols::schemes::digest::{DigestFormat, LEAST_EVIDENCE, Strip};
use crate::protocols::schemes::hypothesis::{Edited, Hypothesis, unquoted};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A received digest, to compare computed ones with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// The digest, or its beginning if it was truncated.
    pub(super) bytes: Vec<u8>,
    /// The function whose digests have this length.
    pub(super) function: Function,
}

/// A hash function that the search tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// The functions, the lengths of their digests in bytes, and their names.
const FUNCTIONS: [(Function, usize, &str); 4] = [
    (Function::Sha1, 20, "SHA-1"),
    (Function::Sha256, 32, "SHA-256"),
    (Function::Sha384, 48, "SHA-384"),
    (Function::Sha512, 64, "SHA-512"),
];

/// The maximum number of signatures that are read from one header.
const MAX_ENTRIES: usize = 8;

/// Returns the codes of the explanations.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    let wrappers = AROUND.iter().map(|row| row.code);
    let others = [PREFIXED.code, OTHER_VERSION.code, UNPREFIXED.code, OTHER_FUNCTION.code];
    wrappers.chain(others)
}

/// Characters that may surround or interrupt a signature.
static AROUND: &[Hypothesis<Strip>] = &[
    Hypothesis {
        code: "folded-signature",
        when: "the header is unfolded",
        evidence: "The header value spans several lines: the signer wrapped it, as the `base64` \
                   command and MIME libraries do, or a proxy folded it.",
        fix: "send it on one line (RFC 9112, section 5.2); `base64 -w0` in a shell",
        apply: |text| {
            let joined: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            text.contains(['\r', '\n']).then_some((joined, String::new()))
        },
    },
    Hypothesis {
        code: "white-space-in-signature",
        when: "the whitespace is removed from the signature",
        evidence: "The signature contains whitespace.",
        fix: "send {digest}",
        apply: |text| {
            let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            (joined.len() < text.len()).then_some((joined, String::new()))
        },
    },
    Hypothesis {
        code: "quoted-signature",
        when: "the quotes around the signature are removed",
        evidence: "The signature is in quotes, like a value that was printed as JSON.",
        fix: "send {digest}",
        apply: |text| {
            let inside = std::str::from_utf8(unquoted(text.as_bytes())?).ok()?;
            Some((inside.to_owned(), String::new()))
        },
    },
];

/// A foreign prefix before the digest. `{}` is that prefix.
static PREFIXED: Hypothesis<()> = Hypothesis {
    code: "prefixed-signature",
    when: "`{}` is removed from the signature",
    evidence: "The digest follows `{}`, as with other senders; this provider sends {digest}.",
    fix: "send {digest}",
    apply: (),
};

/// Another version, if the scheme has versions. `{}` is the version and its comma.
static OTHER_VERSION: Hypothesis<()> = Hypothesis {
    code: "other-version",
    when: "`{}` is read as `{prefix}`",
    evidence: "The digest follows `{}`, and receivers skip every version except `{version}`.",
    fix: "send {digest}",
    apply: (),
};

/// A digest without the required prefix. `{}` is that prefix.
static UNPREFIXED: Hypothesis<()> = Hypothesis {
    code: "unprefixed-signature",
    when: "`{}` is put before the signature",
    evidence: "The digest lacks `{}`, which this provider puts before it.",
    fix: "send {digest}",
    apply: (),
};

/// A digest of another function. `{}` names it.
static OTHER_FUNCTION: Hypothesis<()> = Hypothesis {
    code: "other-digest",
    when: "it is a digest of {}",
    evidence: "The digest has the length of {}; this provider uses SHA-256.",
    fix: "use SHA-256",
    apply: (),
};

/// Returns every way to read a header value as a digest, with up to two edits each.
pub(super) fn readings(header: &Edited<String>, format: &DigestFormat<'_>) -> Vec<Edited<Given>> {
    let entry = |text: &str| Edited { value: text.to_owned(), edits: header.edits.clone() };
    let separator = format.separator.filter(|separator| header.value.contains(*separator));
    let entries = separator.into_iter().flat_map(|separator| header.value.split(separator));
    let entries = entries.filter(|text| !text.is_empty()).take(MAX_ENTRIES).map(entry);
    let values = std::iter::once(header.clone()).chain(entries);
    let stripped = |text: &Edited<String>| {
        let rows = AROUND.iter().filter_map(|row| {
            let (inside, detail) = (row.apply)(&text.value)?;
            Some(Edited::then(&text.edits, format.edit(row, &detail), inside))
        });
        rows.collect::<Vec<_>>()
    };
    // The whole value comes first: whitespace in it may be a fault rather than a separator.
    let values: Vec<_> =
        values.flat_map(|text| [vec![text.clone()], stripped(&text)].concat()).collect();
    let digits = values.iter().flat_map(|text| behind_prefix(text, format));
    digits.flat_map(|digits| spelled(&digits, format)).collect()
}

/// Strips the prefix of the format or a foreign one: returns the digits of each reading.
fn behind_prefix(
    Edited { value, edits }: &Edited<String>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<String>> {
    let after_prefix = value.strip_prefix(format.prefix);
    let mut readings = vec![match after_prefix {
        Some(digits) => Edited { value: digits.to_owned(), edits: edits.clone() },
        None => Edited::then(edits, format.edit(&UNPREFIXED, format.prefix), value.clone()),
    }];
    if let Some((digits, prefix)) = prefixed(after_prefix.unwrap_or(value)) {
        let is_version = format.is_versioned
            && prefix.starts_with('v')
            && prefix.chars().next_back() == format.prefix.chars().next_back();
        let row = if is_version { &OTHER_VERSION } else { &PREFIXED };
        readings.push(Edited::then(edits, format.edit(row, &prefix), digits));
    }
    readings
}

/// Decodes a digest from the encoding of the format, and from every mistaken one.
fn spelled(
    Edited { value: text, edits }: &Edited<String>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<Given>> {
    let documented =
        (format.spelling.read)(text).map(|bytes| Edited { value: bytes, edits: edits.clone() });
    let mistaken = format
        .spelling
        .mistakes
        .iter()
        .filter_map(|row| Some(Edited::then(edits, format.edit(row, ""), (row.apply)(text)?)));
    documented.into_iter().chain(mistaken).flat_map(|form| as_digest(form, format)).collect()
}

/// Returns one reading for each function whose digests have this length, and one for a truncated
/// SHA-256 digest if the bytes are fewer.
fn as_digest(
    Edited { value: bytes, edits }: Edited<Vec<u8>>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<Given>> {
    let mut readings = Vec::new();
    let digest = |function| Given { bytes: bytes.clone(), function };
    for (function, _, name) in FUNCTIONS.into_iter().filter(|row| row.1 == bytes.len()) {
        readings.push(if function == Function::Sha256 {
            Edited { value: digest(function), edits: edits.clone() }
        } else {
            Edited::then(&edits, OTHER_FUNCTION.edit(name), digest(function))
        });
    }
    if (LEAST_EVIDENCE..32).contains(&bytes.len()) {
        let characters = format.spelling.characters_per_byte * bytes.len();
        let edit = format.edit(format.spelling.cut, &characters.to_string());
        readings.push(Edited::then(&edits, edit, digest(Function::Sha256)));
    }
    readings
}

/// Splits a digest from the prefix before it: the prefix ends where hex digits of a digest's length
/// begin, otherwise at the first separator that no digest contains.
fn prefixed(text: &str) -> Option<(String, String)> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_hexdigit).count();
    let is_length = |length: usize| FUNCTIONS.iter().any(|(_, bytes, _)| 2 * bytes == length);
    // `+` and `/` are base64 characters; `=` only occurs at its end.
    let separator = text.find([',', ':', ' ']).or_else(|| text.find('='));
    let start = if is_length(digits) { text.len() - digits } else { separator? + 1 };
    let (prefix, rest) = (text.get(..start)?, text.get(start..)?);
    let is_plausible = !prefix.trim().is_empty() && prefix.len() <= 40 && !rest.is_empty();
    is_plausible.then(|| (rest.to_owned(), prefix.to_owned()))
}

impl Given {
    /// Returns `true` if this digest of that function is the received one, or begins with it.
    pub(super) fn is(&self, function: Function, digest: &[u8]) -> bool {
        self.function == function && digest.starts_with(&self.bytes)
    }
}

/// Returns the HMAC (RFC 2104) of the concatenated parts.
pub(super) fn mac(function: Function, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    fn of<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }
    match function {
        Function::Sha1 => of::<Hmac<Sha1>>(key, parts),
        Function::Sha256 => of::<Hmac<Sha256>>(key, parts),
        Function::Sha384 => of::<Hmac<Sha384>>(key, parts),
        Function::Sha512 => of::<Hmac<Sha512>>(key, parts),
    }
}

/// Returns the hash of the concatenated parts.
pub(super) fn hash(function: Function, parts: &[&[u8]]) -> Vec<u8> {
    fn of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
        let mut digest = D::new();
        for part in parts {
            digest.update(part);
        }
        digest.finalize().to_vec()
    }
    match function {
        Function::Sha1 => of::<Sha1>(parts),
        Function::Sha256 => of::<Sha256>(parts),
        Function::Sha384 => of::<Sha384>(parts),
        Function::Sha512 => of::<Sha512>(parts),
    }
}
