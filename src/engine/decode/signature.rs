//! Signature headers: a digest, a digest after a prefix, or a list of versions with a timestamp.

use crate::engine::decode::notes::cut;
use crate::engine::decode::result::Note;
use crate::engine::decode::times::{self, TimeClaim};
use crate::protocols::schemes::digest::decode_any_base64;
use jiff::Timestamp;
use serde::Serialize;

/// The maximum number of signatures of one header.
const MAX_ENTRIES: usize = 16;

/// The minimum number of bytes of a digest that a header names.
const MIN_BYTES: usize = 8;

/// The lengths of digests in bytes, and what has this length.
static LENGTHS: &[(usize, &str)] = &[
    (16, "MD5"),
    (20, "SHA-1"),
    (28, "SHA-224"),
    (32, "SHA-256"),
    (48, "SHA-384"),
    (64, "SHA-512"),
];

/// The labels of digests, and the number of bytes that they promise.
static LABELS: &[(&str, usize)] =
    &[("md5", 16), ("sha1", 20), ("sha224", 28), ("sha256", 32), ("sha384", 48), ("sha512", 64)];

/// The labels of timestamps in a list.
const TIMESTAMPS: [&str; 3] = ["t", "ts", "timestamp"];

/// A decoded signature header.
#[derive(Debug)]
pub struct DecodedSignature {
    /// What kind of header it is.
    pub form: &'static str,
    /// The signatures in it.
    pub entries: Vec<SignatureEntry>,
    /// The timestamp in it, if there is one.
    pub timestamp: Option<TimeClaim>,
    /// What it covers, as far as the header shows.
    pub covers: &'static str,
    /// Remarks.
    pub notes: Vec<Note>,
}

/// One signature of a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignatureEntry {
    /// The version or the name before it, such as `v1` or `sha256`.
    pub label: Option<String>,
    /// The encoding: `hex`, `base64` or `base64url`.
    pub encoding: &'static str,
    /// The number of bytes.
    pub bytes: usize,
    /// The algorithm by the length, in words.
    pub algorithm: String,
}

/// Decodes a header; `None` if it contains no signature.
pub(super) fn decode(value: &str, is_named: bool, at: Timestamp) -> Option<DecodedSignature> {
    let mut decoded = timestamped_list(value, at)
        .or_else(|| versions(value))
        .or_else(|| prefixed(value))
        .or_else(|| bare(value, is_named))?;
    let mismatches: Vec<_> = decoded.entries.iter().filter_map(label_note).collect();
    decoded.notes.extend(mismatches);
    Some(decoded)
}

/// Reads `t=1700000000,v1=…,v0=…`.
fn timestamped_list(value: &str, at: Timestamp) -> Option<DecodedSignature> {
    let parts: Vec<_> = value.split([',', ';']).take(MAX_ENTRIES).map(str::trim).collect();
    let (mut entries, mut timestamp, mut unread) = (Vec::new(), None, Vec::new());
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        let (label, text) = part.split_once('=')?;
        if TIMESTAMPS.contains(&label) {
            timestamp = Some(times::of_signature(label, text, at));
        } else if let Some(entry) = entry(Some(label), text) {
            entries.push(entry);
        } else {
            unread.push(format!("`{}`", cut(label)));
        }
    }
    let timestamp = timestamp?;
    if entries.is_empty() {
        return None;
    }
    let mut notes = Vec::new();
    if !unread.is_empty() {
        let message = format!("{} in it cannot be read as a digest", unread.join(", "));
        notes.push(Note::new("unreadable-part", message));
    }
    Some(DecodedSignature {
        form: "a list of a timestamp and digests",
        entries,
        timestamp: Some(timestamp),
        covers: "usually the timestamp, a dot and the body",
        notes,
    })
}

/// Reads the list of Standard Webhooks: `v1,… v1,… v1a,…`.
fn versions(value: &str) -> Option<DecodedSignature> {
    let mut entries = Vec::new();
    let mut notes = Vec::new();
    for part in value.split_whitespace().take(MAX_ENTRIES) {
        let (label, text) = part.split_once(',')?;
        if !is_version(label) {
            return None;
        }
        if let Some(entry) = entry(Some(label), text) {
            entries.push(entry);
        } else {
            let message = format!("`{}` in it cannot be read as a digest", cut(label));
            notes.push(Note::new("unreadable-part", message));
        }
    }
    if entries.is_empty() {
        return None;
    }
    Some(DecodedSignature {
        form: "a list of versions, as in Standard Webhooks",
        entries,
        timestamp: None,
        covers: "the message id, a dot, the timestamp, a dot and the body: the first two are in \
                 headers of their own",
        notes,
    })
}

/// Reads `sha256=…`, `sha256:…` or `name=:…:`.
fn prefixed(value: &str) -> Option<DecodedSignature> {
    let (label, text) = value.split_once(['=', ':'])?;
    let is_label = !label.is_empty()
        && label.len() <= 24
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !is_label {
        return None;
    }
    let inside = text.strip_prefix(':').and_then(|text| text.strip_suffix(':'));
    let entry = entry(Some(label), inside.unwrap_or(text))?;
    let (form, covers) = if inside.is_some() {
        ("an HTTP message signature (RFC 9421)", "what `Signature-Input` lists")
    } else {
        ("a digest after a prefix", USUALLY_THE_BODY)
    };
    Some(DecodedSignature {
        form,
        entries: vec![entry],
        timestamp: None,
        covers,
        notes: Vec::new(),
    })
}

/// What a digest covers if nothing in the header says more.
const USUALLY_THE_BODY: &str = "usually the body: the header does not say";

/// Reads a digest alone. Without a name it must have the length of a digest.
fn bare(value: &str, is_named: bool) -> Option<DecodedSignature> {
    let entry = entry(None, value)?;
    let is_digest = LENGTHS.iter().any(|(bytes, _)| *bytes == entry.bytes);
    if !is_named && !is_digest {
        return None;
    }
    Some(DecodedSignature {
        form: "a digest",
        entries: vec![entry],
        timestamp: None,
        covers: USUALLY_THE_BODY,
        notes: Vec::new(),
    })
}

/// Decodes one digest.
fn entry(label: Option<&str>, text: &str) -> Option<SignatureEntry> {
    let text = text.trim();
    let (encoding, bytes) = decode_digest(text)?;
    if bytes.len() < MIN_BYTES {
        return None;
    }
    let label = label.map(cut);
    let algorithm = describe(label.as_deref(), encoding, &bytes);
    Some(SignatureEntry { label, encoding, bytes: bytes.len(), algorithm })
}

/// Returns the encoding of a digest and its bytes; the last digit of an odd number is dropped.
fn decode_digest(text: &str) -> Option<(&'static str, Vec<u8>)> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let even = text.get(..text.len() & !1)?;
        return hex::decode(even).ok().map(|bytes| ("hex", bytes));
    }
    let encoding = if text.contains(['-', '_']) { "base64url" } else { "base64" };
    let bytes = decode_any_base64(text)?;
    Some((encoding, bytes))
}

/// Describes the algorithm of a digest by its version and its length.
fn describe(label: Option<&str>, encoding: &str, bytes: &[u8]) -> String {
    if label == Some("v1a") && bytes.len() == 64 {
        return "Ed25519, verified with a public key".to_owned();
    }
    let of = |length: usize| LENGTHS.iter().find(|(bytes, _)| *bytes == length);
    // Two encodings on top of each other: the hex digits of a digest in base64.
    if encoding != "hex"
        && bytes.iter().all(u8::is_ascii_hexdigit)
        && let Some((_, name)) = of(bytes.len() / 2)
    {
        return format!("the hex digits of {name}, encoded again in base64");
    }
    match of(bytes.len()) {
        Some((64, name)) => {
            format!("the length of {name}: may be an HMAC-SHA512 or an Ed25519 signature")
        }
        Some((_, name)) => {
            format!("the length of {name}: probably an HMAC-{}", name.replace("SHA-", "SHA"))
        }
        None => {
            let longer = LENGTHS.iter().find(|(length, _)| *length > bytes.len());
            let longer = longer
                .map(|(length, name)| format!(": {name} has {length}, so the end may be missing"));
            format!("no known digest has this length{}", longer.unwrap_or_default())
        }
    }
}

fn is_version(label: &str) -> bool {
    let rest = label.strip_prefix('v').unwrap_or_default();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && rest.len() <= digits + 1
}

/// Returns a remark if the label promises another length.
fn label_note(entry: &SignatureEntry) -> Option<Note> {
    let label = entry.label.as_deref()?;
    let plain = label.to_ascii_lowercase().replace(['-', '_'], "").replace("hmac", "");
    let (_, expected) = LABELS.iter().find(|(known, _)| *known == plain)?;
    (*expected != entry.bytes).then(|| {
        let message = format!("`{label}` has {expected} bytes, but the digest has {}", entry.bytes);
        Note::new("digest-length", message)
    })
}
