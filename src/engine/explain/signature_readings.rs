//! Readings of a signature: other wrappers, encodings and hash functions than the scheme's.

use crate::protocols::schemes::digest::{DigestFormat, LEAST_EVIDENCE, Strip};
use crate::protocols::schemes::hypothesis::{Edited, Hypothesis, unquoted};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A digest to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// The digest, or its beginning.
    pub(super) bytes: Vec<u8>,
    /// The function whose digests have this length.
    pub(super) function: Function,
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// The functions, with the length of their digests in bytes.
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
    let around = AROUND.iter().map(|row| row.code);
    let before = [PREFIXED.code, OTHER_VERSION.code, UNPREFIXED.code, OTHER_FUNCTION.code];
    around.chain(before)
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
            let whole: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            text.contains(['\r', '\n']).then_some((whole, String::new()))
        },
    },
    Hypothesis {
        code: "white-space-in-signature",
        when: "the whitespace is removed from the signature",
        evidence: "The signature contains whitespace.",
        fix: "send {digest}",
        apply: |text| {
            let whole: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            (whole.len() < text.len()).then_some((whole, String::new()))
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

/// Returns every way to read `found` as a digest, with up to two edits each.
pub(super) fn readings(found: &Edited<String>, format: &DigestFormat<'_>) -> Vec<Edited<Given>> {
    let entry = |text: &str| Edited { value: text.to_owned(), edits: found.edits.clone() };
    let separator = format.separator.filter(|separator| found.value.contains(*separator));
    let entries = separator.into_iter().flat_map(|separator| found.value.split(separator));
    let entries = entries.filter(|text| !text.is_empty()).take(MAX_ENTRIES).map(entry);
    let values = std::iter::once(found.clone()).chain(entries);
    let stripped = |text: &Edited<String>| {
        let rows = AROUND.iter().filter_map(|row| {
            let (inside, what) = (row.apply)(&text.value)?;
            Some(Edited::then(&text.edits, format.edit(row, &what), inside))
        });
        rows.collect::<Vec<_>>()
    };
    // The whole value comes first: whitespace in it may be a fault rather than a separator.
    let values: Vec<_> =
        values.flat_map(|text| [vec![text.clone()], stripped(&text)].concat()).collect();
    let digits = values.iter().flat_map(|text| behind_prefix(text, format));
    digits.flat_map(|digits| spelled(&digits, format)).collect()
}

/// Returns the digits behind the prefix of the format, behind another one, or without any.
fn behind_prefix(
    Edited { value, edits }: &Edited<String>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<String>> {
    let own = value.strip_prefix(format.prefix);
    let mut found = vec![match own {
        Some(digits) => Edited { value: digits.to_owned(), edits: edits.clone() },
        None => Edited::then(edits, format.edit(&UNPREFIXED, format.prefix), value.clone()),
    }];
    if let Some((digits, what)) = prefixed(own.unwrap_or(value)) {
        let is_version = format.is_versioned
            && what.starts_with('v')
            && what.chars().next_back() == format.prefix.chars().next_back();
        let row = if is_version { &OTHER_VERSION } else { &PREFIXED };
        found.push(Edited::then(edits, format.edit(row, &what), digits));
    }
    found
}

/// Returns the digest in the spelling of the format, and in every other one.
fn spelled(
    Edited { value: text, edits }: &Edited<String>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<Given>> {
    let as_it_is =
        (format.spelling.read)(text).map(|bytes| Edited { value: bytes, edits: edits.clone() });
    let otherwise = format
        .spelling
        .mistakes
        .iter()
        .filter_map(|row| Some(Edited::then(edits, format.edit(row, ""), (row.apply)(text)?)));
    as_it_is.into_iter().chain(otherwise).flat_map(|form| as_digest(form, format)).collect()
}

/// Returns the functions whose digests have this length, or whose digest may begin like this if it
/// was cut off.
fn as_digest(
    Edited { value: bytes, edits }: Edited<Vec<u8>>,
    format: &DigestFormat<'_>,
) -> Vec<Edited<Given>> {
    let mut readings = Vec::new();
    let given = |function| Given { bytes: bytes.clone(), function };
    for (function, _, name) in FUNCTIONS.into_iter().filter(|row| row.1 == bytes.len()) {
        readings.push(if function == Function::Sha256 {
            Edited { value: given(function), edits: edits.clone() }
        } else {
            Edited::then(&edits, OTHER_FUNCTION.edit(name), given(function))
        });
    }
    if (LEAST_EVIDENCE..32).contains(&bytes.len()) {
        let there = format.spelling.characters_per_byte * bytes.len();
        let edit = format.edit(format.spelling.cut, &there.to_string());
        readings.push(Edited::then(&edits, edit, given(Function::Sha256)));
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
    let worth = !prefix.trim().is_empty() && prefix.len() <= 40 && !rest.is_empty();
    worth.then(|| (rest.to_owned(), prefix.to_owned()))
}

impl Given {
    /// Returns `true` if this digest of that function is the given one, or begins with it.
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
