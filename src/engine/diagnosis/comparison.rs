//! Signatures whose beginning is right, for receivers that do not compare the whole.

use crate::domain::cause::Cause;
use crate::engine::diagnosis::interview::{Interview, NoClaim};
use crate::engine::diagnosis::question_body::QuestionBody;
use crate::engine::diagnosis::requests::Requests;
use crate::protocols::schemes::scheme::SignatureFormat;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The code of a receiver that compares a part of the signature.
pub(super) const PREFIX_COMPARED: &str = "signature-prefix-compared";

/// The numbers of characters that are right. Each is a whole number of bytes in hex and in base64.
const LENGTHS: [usize; 3] = [8, 16, 32];

/// The fix for every receiver that compares a part.
const FIX: &str = "compare the whole signature in constant time, after its length: Node \
                   `crypto.timingSafeEqual`, Python `hmac.compare_digest`, PHP `hash_equals`, Ruby \
                   `Rack::Utils.secure_compare`, Go `hmac.Equal`";

/// The mask that changes every byte of the rest of a digest.
const MASK: u8 = 0x5a;

/// The change to a signature after its right characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// The other characters are wrong.
    Wrong,
    /// There are no others.
    Missing,
}

/// Returns the cause if the receiver accepts a signature of which only the beginning is right.
pub(super) fn find(
    interview: &mut Interview<'_>,
    requests: &Requests<'_>,
) -> Result<Option<Cause>, NoClaim> {
    for rest in [Rest::Wrong, Rest::Missing] {
        for length in LENGTHS {
            let accepts = |interview: &mut Interview<'_>, body: QuestionBody| {
                let Some(value) = signature(requests, body, length, rest)? else {
                    return Ok(false);
                };
                interview.accepts(&requests.with_signature(body, &value)?)
            };
            if accepts(interview, QuestionBody::First)? && accepts(interview, QuestionBody::Second)?
            {
                return Ok(Some(cause(length, rest)));
            }
        }
    }
    Ok(None)
}

/// Returns the signature of a body with only its first characters right, or `None` if it cannot be
/// read.
fn signature(
    requests: &Requests<'_>,
    body: QuestionBody,
    length: usize,
    rest: Rest,
) -> Result<Option<String>, NoClaim> {
    let scheme = requests.scheme();
    let value = requests.genuine_signature(body)?;
    let (prefix, digits) = scheme.split_signature(&value);
    let Some(kept) = digits.get(..length) else { return Ok(None) };
    if rest == Rest::Missing {
        return Ok(Some(format!("{prefix}{kept}")));
    }
    let changed = |mut digest: Vec<u8>, kept_bytes: usize| {
        digest.iter_mut().skip(kept_bytes).for_each(|byte| *byte ^= MASK);
        digest
    };
    let changed = match scheme.signature_format() {
        SignatureFormat::Digest(format) => {
            let length_in_bytes = format.function.digest_len();
            let Some(digest) = (format.encoding.decode)(digits, length_in_bytes) else {
                return Ok(None);
            };
            let kept_bytes = (0..=digest.len())
                .rev()
                .find(|count| {
                    digest
                        .get(..*count)
                        .is_some_and(|kept| (format.encoding.encode)(kept).len() <= length)
                })
                .unwrap_or_default();
            (format.encoding.encode)(&changed(digest, kept_bytes))
        }
        SignatureFormat::Token(_) => {
            let Ok(digest) = URL_SAFE_NO_PAD.decode(digits) else { return Ok(None) };
            URL_SAFE_NO_PAD.encode(changed(digest, length * 3 / 4))
        }
        SignatureFormat::Secret(_) | SignatureFormat::Unsigned => return Ok(None),
    };
    Ok(Some(format!("{prefix}{changed}")))
}

fn cause(length: usize, rest: Rest) -> Cause {
    let message = match rest {
        Rest::Wrong => format!(
            "Your code compares only the beginning of the signature, at most {length} characters: \
             the rest may be wrong, and forgers can guess so few."
        ),
        Rest::Missing => format!(
            "Your code compares only as many characters of the signature as it receives: one that \
             ends after {length} is accepted, and forgers can guess so few."
        ),
    };
    Cause {
        code: PREFIX_COMPARED,
        message,
        fix: FIX.to_owned(),
        confirmed: true,
        cases: Vec::new(),
    }
}
