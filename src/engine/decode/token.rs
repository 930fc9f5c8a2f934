//! JSON Web Tokens: header, claims, times and the signature.

use crate::engine::decode::notes::{self, Algorithm, cut};
use crate::engine::decode::result::{DecodeError, Note};
use crate::engine::decode::times::{self, TimeClaim};
use crate::protocols::json;
use crate::protocols::json::Json;
use crate::protocols::schemes::digest::{decode_any_base64, decode_truncated_base64};
use crate::protocols::schemes::mac::mac;
use crate::protocols::schemes::token::issued_ahead;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::DeflateDecoder;
use jiff::Timestamp;
use std::io::Read;

/// The maximum size of compressed claims, and how many times larger than the token they may be.
const MAX_INFLATED: usize = 1 << 20;
const MAX_RATIO: usize = 100;

/// A decoded token. Its claims are untrusted.
#[derive(Debug)]
pub struct DecodedToken {
    /// The name of the algorithm, as the header writes it.
    pub algorithm: Option<String>,
    /// The meaning of the algorithm, if it is known.
    pub algorithm_meaning: Option<&'static str>,
    /// The header.
    pub header: Json,
    /// The decoded bytes of the header.
    pub header_text: Vec<u8>,
    /// The claims; `None` if they are not JSON.
    pub claims: Option<Json>,
    /// The decoded bytes of the claims.
    pub claims_text: Vec<u8>,
    /// The number of bytes of the signature.
    pub signature_bytes: usize,
    /// The times among the claims.
    pub times: Vec<TimeClaim>,
    /// Remarks on the header and the claims.
    pub notes: Vec<Note>,
    /// The part that is signed.
    signed: String,
    signature: Vec<u8>,
}

/// The result of comparing the signature of a token with secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenCheck {
    /// One of the secrets signed it.
    Valid,
    /// None of the secrets signed it, for this reason.
    Invalid(String),
    /// A secret cannot tell, for this reason.
    Impossible(String),
}

/// Returns `true` if a text has several parts of which the first one is the base64url of an object.
///
/// Every header of a token begins with `{` and a quote or white space, which no usual file name
/// decodes to.
pub(super) fn looks_like_token(text: &str) -> bool {
    let parts: Vec<_> = text.splitn(6, '.').collect();
    let (Some(header), 2..) = (parts.first(), parts.len()) else { return false };
    let is_base64 = |part: &&str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte))
    };
    let start = header.get(..4).unwrap_or(header);
    let is_object = decode_base64(start).is_some_and(|(bytes, _)| {
        matches!(bytes.as_slice(), [b'{', b'"' | b'}' | b' ' | b'\t' | b'\r' | b'\n', ..])
    });
    is_object && parts.iter().all(is_base64)
}

/// Decodes a token as of the time `at`.
pub(super) fn decode(text: &str, at: Timestamp) -> Result<DecodedToken, DecodeError> {
    let bad = |reason: String| DecodeError::BadToken(reason);
    let parts: Vec<_> = text.split('.').take(7).collect();
    let (header, claims, signature) = match parts.as_slice() {
        &[header, claims, signature] => (header, claims, signature),
        [_, _, _, _, _] => return Err(DecodeError::Encrypted),
        other => {
            return Err(bad(format!("expected 3 parts separated by dots, found {}", other.len())));
        }
    };
    let mut notes = Vec::new();
    let mut part = |name: &str, part: &str| {
        let (bytes, is_exact) =
            decode_base64(part).ok_or_else(|| bad(format!("the {name} is not base64url")))?;
        if !is_exact && notes.is_empty() {
            let message =
                format!("the {name} is not base64url without padding, and libraries reject it");
            notes.push(Note::new("not-base64url", message));
        }
        Ok::<_, DecodeError>(bytes)
    };
    let header_text = part("header", header)?;
    let claims_text = part("claims", claims)?;
    let signature = match decode_truncated(signature) {
        Some(truncated) => truncated,
        None => part("signature", signature)?,
    };
    let header = json::read(&header_text)
        .map_err(|error| bad(format!("the header is not JSON: {error}")))?;
    if header.as_object().is_none() {
        return Err(bad("the header is not a JSON object".to_owned()));
    }
    let name = header.get("alg").and_then(Json::as_str);
    let known = name.and_then(notes::algorithm);
    notes.extend(notes::of_header(&header));
    notes.extend(notes::of_repeated_names("header", &header));
    notes.extend(known.and_then(|known| length_note(known, signature.len())));
    let is_compressed = header.get("zip").is_some() && json::read(&claims_text).is_err();
    let inflated = if is_compressed { inflate(&claims_text) } else { Some(claims_text) };
    let claims = inflated.as_ref().and_then(|text| read_claims(text, &mut notes));
    if inflated.is_none() {
        let text = "the compressed claims cannot be read: they are not DEFLATE, or too long";
        notes.push(Note::new("not-inflated", text));
    }
    let claims_text = inflated.unwrap_or_default();
    let times = claims.as_ref().map(|claims| times::of_claims(claims, at)).unwrap_or_default();
    let signed = text.rsplit_once('.').map(|(signed, _)| signed.to_owned()).unwrap_or_default();
    Ok(DecodedToken {
        algorithm: name.map(cut),
        algorithm_meaning: known.map(|known| known.meaning),
        header,
        header_text,
        claims,
        claims_text,
        signature_bytes: signature.len(),
        times,
        notes,
        signed,
        signature,
    })
}

impl DecodedToken {
    /// Adds a remark if the token was issued after the time `at`, at which it was or is received.
    pub fn note_issue_time(&mut self, at: Timestamp) {
        let ahead = self.claims.as_ref().and_then(|claims| issued_ahead(claims, at));
        self.notes.extend(ahead.map(|message| Note::new("issued-in-future", message)));
    }

    /// Compares the signature with each secret.
    pub fn verify<'s>(&self, secrets: impl IntoIterator<Item = &'s [u8]>) -> TokenCheck {
        let name = self.algorithm.as_deref().unwrap_or_default();
        if self.signature.is_empty() || name.eq_ignore_ascii_case("none") {
            return TokenCheck::Invalid("the token is not signed".to_owned());
        }
        let Some(function) = notes::algorithm(name).and_then(|known| known.hmac) else {
            let reason = match self.algorithm_meaning {
                Some(meaning) => format!("`{name}` is {meaning}, so no secret can verify it"),
                None => "the algorithm is not known".to_owned(),
            };
            return TokenCheck::Impossible(reason);
        };
        let mut tried = 0;
        let is_valid = secrets.into_iter().any(|secret| {
            tried += 1;
            mac(function, secret, &[self.signed.as_bytes()]) == self.signature
        });
        match (is_valid, tried) {
            (true, _) => TokenCheck::Valid,
            (false, 1) => {
                TokenCheck::Invalid("the configured secret did not sign this token".to_owned())
            }
            (false, _) => TokenCheck::Invalid(format!(
                "none of the {tried} configured secrets signed this token"
            )),
        }
    }
}

/// Decodes base64url. Returns `false` with it if it has padding or the other alphabet.
fn decode_base64(part: &str) -> Option<(Vec<u8>, bool)> {
    if let Ok(bytes) = URL_SAFE_NO_PAD.decode(part) {
        return Some((bytes, true));
    }
    decode_any_base64(part).map(|bytes| (bytes, false))
}

/// Decodes a signature that was cut off within a group of base64, which no other base64 decodes to.
fn decode_truncated(part: &str) -> Option<Vec<u8>> {
    (!part.contains('=') && part.len() % 4 == 1).then(|| decode_truncated_base64(part))?
}

/// Returns a remark if the signature has not the length of the algorithm.
fn length_note(known: &Algorithm, bytes: usize) -> Option<Note> {
    let Algorithm { name, signature_bytes: expected, .. } = known;
    (*expected > 0 && *expected != bytes).then(|| {
        let reason = if bytes < *expected { "its end is missing" } else { "it was changed" };
        let message =
            format!("the signature has {bytes} bytes, and one of {name} has {expected}: {reason}");
        Note::new("signature-length", message)
    })
}

/// Parses the claims, with remarks on everything that receivers may read differently.
fn read_claims(text: &[u8], notes: &mut Vec<Note>) -> Option<Json> {
    if let Err(error) = std::str::from_utf8(text) {
        let message = format!("the claims are not UTF-8, from byte {} on", error.valid_up_to());
        notes.push(Note::new("not-utf8", message));
        return None;
    }
    match json::read(text) {
        Ok(claims) => {
            notes.extend(notes::of_repeated_names("claims", &claims));
            if claims.as_object().is_none() {
                notes.push(Note::new("not-an-object", "the claims are not a JSON object"));
            }
            Some(claims)
        }
        Err(error) => {
            notes.push(Note::new("not-json", format!("the claims are not JSON: {error}")));
            None
        }
    }
}

/// Inflates compressed claims within the limits.
fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let limit = MAX_INFLATED.min(bytes.len().saturating_mul(MAX_RATIO));
    let mut inflated = Vec::new();
    let mut reader = DeflateDecoder::new(bytes).take(limit as u64 + 1);
    reader.read_to_end(&mut inflated).ok()?;
    (inflated.len() <= limit).then_some(inflated)
}
