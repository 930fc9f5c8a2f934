//! The `hmac-sha256-hex` scheme: lower-case hex of HMAC-SHA256 in one header, after a prefix if the
//! pack has one.

use crate::domain::finding::{Finding, FindingMessage, Severity};
use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::verdict::MatchedBody;
use crate::protocols::json::JsonError;
use crate::protocols::json_stringify;
use crate::protocols::schemes::digest::{self, DigestFormat};
use crate::protocols::schemes::headers;
use crate::protocols::schemes::mac;
use crate::protocols::schemes::mutate::{self, rewrite_signature};
use crate::protocols::schemes::scheme::{
    self, Contradiction, Envelope, EnvelopeHeaders, Impact, SchemeKind, SignError, SignatureCheck,
    SignatureFormat, SignatureHeader, SignatureScheme, SignedForm, SigningContext, Tamper,
    TamperChange,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;

/// The number of bytes of a SHA-256 digest.
const DIGEST_BYTES: usize = 32;

/// The part of the scheme that is the same for every pack.
pub(super) static KIND: SchemeKind = SchemeKind {
    name: "hmac-sha256-hex",
    covers: &["body"],
    content_name: "body",
    read: scheme::read::<HmacSha256Hex>,
    tampers: TAMPERS,
    texts: || digest::HEX.texts(),
};

/// The keys of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct HmacSha256Hex {
    /// The header that carries the signature.
    header: String,
    /// The form of the body that is signed.
    over: SignedForm,
    /// The string before the digits, such as `sha256=`.
    #[serde(default)]
    prefix: String,
}

impl SignatureScheme for HmacSha256Hex {
    fn kind(&self) -> &'static SchemeKind {
        &KIND
    }

    fn header(&self) -> &str {
        &self.header
    }

    fn signed_form(&self) -> SignedForm {
        self.over
    }

    fn check(&self, _sent: &EnvelopeHeaders<'_>) -> Result<(), Contradiction> {
        check_prefix(&self.prefix)
    }

    fn sign(
        &self,
        secret: &Secret,
        body: &[u8],
        _envelope: &Envelope<'_>,
    ) -> Result<SignatureHeader, SignError> {
        Ok(self.sign_body(secret, body))
    }

    /// Compares with the raw bytes first, then with the result of `JSON.stringify` if the pack
    /// signs that.
    fn check_signature(
        &self,
        secrets: &[Secret],
        message: &Message,
        _at: Timestamp,
    ) -> Result<SignatureCheck, SignatureCheck> {
        let digits = self.digits_after_prefix(headers::signature_value(&self.header, message)?)?;
        let given = self.decode_digits(digits)?;
        let any_secret_matches = |bytes: &[u8]| {
            // Every secret is tried even after a match, so that the time taken does not tell which
            // one matched.
            secrets
                .iter()
                .fold(false, |found, secret| mac::verify(secret.expose(), bytes, &given) | found)
        };
        let matched = if any_secret_matches(&message.body) {
            MatchedBody::Raw
        } else if let Some(Ok(text)) = self.stringified(&message.body)
            && any_secret_matches(&text)
        {
            MatchedBody::Restringified
        } else {
            return Err(mismatch());
        };
        let mut check = SignatureCheck::valid(matched);
        if digits.iter().any(u8::is_ascii_uppercase) {
            check.findings.push(self.upper_case_finding());
        }
        if matched == MatchedBody::Restringified {
            check.findings.push(restringified_finding());
        }
        Ok(check)
    }

    fn expected(&self, secret: &Secret, message: &Message) -> Option<String> {
        Some(self.sign_body(secret, &message.body).value)
    }

    fn signature_format(&self) -> SignatureFormat<'_> {
        SignatureFormat::Digest(DigestFormat {
            prefix: &self.prefix,
            separator: None,
            is_versioned: false,
            encoding: &digest::HEX,
            value_description: if self.prefix.is_empty() {
                "the 64 hex digits alone".to_owned()
            } else {
                format!("`{}` and the 64 hex digits", self.prefix)
            },
            content_description: "the body alone",
        })
    }

    fn split_signature<'v>(&self, value: &'v str) -> (&'v str, &'v str) {
        value.split_at_checked(self.prefix.len()).unwrap_or(("", value))
    }

    fn reference(&self, code: &dyn Fn(&str) -> String) -> Vec<String> {
        let signed = if self.over == SignedForm::JsonStringify {
            "What is signed: the result of `JSON.stringify(JSON.parse(body))`. `leadhook` sends \
             the body in exactly that form, so the signature also matches its raw bytes; \
             `leadhook verify` reports which of the two matched."
        } else {
            "What is signed: the bytes of the body as received. Parsing the body and serializing \
             it again changes them."
        };
        let before = if self.prefix.is_empty() {
            String::new()
        } else {
            format!("{} and ", code(&self.prefix))
        };
        vec![
            signed.to_owned(),
            digest::VERBATIM_KEY.to_owned(),
            format!("Algorithm: HMAC-SHA256, written as {before}64 lower-case hex digits."),
        ]
    }
}

impl HmacSha256Hex {
    fn sign_body(&self, secret: &Secret, body: &[u8]) -> SignatureHeader {
        let (printed, note) = match self.stringified(body) {
            None => (None, None),
            Some(Ok(text)) if text == body => (None, None),
            Some(Ok(text)) => (
                Some(text),
                Some(
                    "the body is not as `JSON.stringify` prints it: the signature is over that \
                     form, which a receiver built from the vendor's documentation computes; one \
                     that hashes the raw bytes refuses it",
                ),
            ),
            Some(Err(_)) => (None, Some("the body is not JSON: its raw bytes were signed")),
        };
        let digits = hex::encode(mac::compute(secret.expose(), printed.as_deref().unwrap_or(body)));
        SignatureHeader {
            header: self.header.clone(),
            value: format!("{}{digits}", self.prefix),
            note,
        }
    }

    /// Returns the result of `JSON.stringify` for the body, if that is what the pack signs.
    fn stringified(&self, body: &[u8]) -> Option<Result<Vec<u8>, JsonError>> {
        (self.over == SignedForm::JsonStringify).then(|| json_stringify::restringify(body))
    }

    /// Returns the digits after the prefix of the pack, which is compared byte for byte as
    /// receivers do.
    fn digits_after_prefix<'v>(&self, value: &'v [u8]) -> Result<&'v [u8], SignatureCheck> {
        let Self { header, prefix, .. } = self;
        let rest = value.strip_prefix(prefix.as_bytes());
        if let Some(found) = foreign_prefix(prefix, rest.unwrap_or(value)) {
            let (message, fix) = match (prefix.is_empty(), rest) {
                (true, _) => (
                    format!("`{header}` starts with `{found}`."),
                    "send the 64 hex digits alone".to_owned(),
                ),
                (false, None) => (
                    format!("`{header}` starts with `{found}`, expected `{prefix}`."),
                    format!("put `{prefix}` before the digits, in exactly this case"),
                ),
                (false, Some(_)) => (
                    format!("`{header}` has `{found}` after `{prefix}`."),
                    format!("put `{prefix}` before the digits, and nothing else"),
                ),
            };
            return Err(SignatureCheck::malformed("prefixed-signature", message, &fix));
        }
        match rest {
            Some(digits) => Ok(digits),
            None if value.is_empty() => Err(self.empty_signature()),
            None => Err(SignatureCheck::malformed(
                "unprefixed-signature",
                format!("`{header}` has no `{prefix}` before the digits."),
                &format!("put `{prefix}` before the 64 hex digits"),
            )),
        }
    }

    /// Parses exactly 64 hex digits, of either case, or explains what was found instead.
    fn decode_digits(&self, digits: &[u8]) -> Result<[u8; DIGEST_BYTES], SignatureCheck> {
        let header = &self.header;
        let mut given = [0; DIGEST_BYTES];
        if hex::decode_to_slice(digits, &mut given).is_ok() {
            return Ok(given);
        }
        if digits.is_empty() {
            return Err(self.empty_signature());
        }
        if digits.len() < 2 * DIGEST_BYTES && digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(SignatureCheck::malformed(
                "truncated-signature",
                format!("`{header}` has {} hex digits of {}.", digits.len(), 2 * DIGEST_BYTES),
                "send all of them: something cut the header, or another digest was used",
            ));
        }
        Err(SignatureCheck::malformed(
            "malformed-signature",
            format!("`{header}` is not {} hex digits.", 2 * DIGEST_BYTES),
            "encode the digest in hex, without quotes, spaces or a custom prefix",
        ))
    }

    fn empty_signature(&self) -> SignatureCheck {
        let Self { header, prefix, .. } = self;
        let before = if prefix.is_empty() { String::new() } else { format!("`{prefix}` and ") };
        let message = format!("`{header}` contains no digits.");
        let fix = format!("send {before}64 hex digits");
        SignatureCheck::malformed("empty-signature", message, &fix)
    }

    fn upper_case_finding(&self) -> Finding {
        let header = &self.header;
        let message = format!(
            "`{header}` is in upper case; a receiver that compares strings would refuse it"
        );
        let message = FindingMessage::custom(message, "upper-case digits", "lower-case digits");
        Finding::new(Severity::Warning, "uppercase-signature", message, "RFC 4648, section 8")
    }
}

fn restringified_finding() -> Finding {
    let message = FindingMessage::custom(
        "the signature matches the body as `JSON.stringify` prints it, not its raw bytes; \
         a receiver that hashes raw bytes would refuse it",
        "other bytes of the same value",
        "the bytes that `JSON.stringify` prints",
    );
    Finding::new(Severity::Warning, "restringified", message, "ECMA-262, JSON.stringify")
}

/// Returns the prefix at the beginning of `value` if it is one that other senders use, or that of
/// the pack in another case.
fn foreign_prefix<'v>(prefix: &str, value: &'v [u8]) -> Option<&'v str> {
    let known = ["sha256=", "v1=", "0x"].into_iter().chain([prefix]);
    let found = known.filter(|known| !known.is_empty()).find_map(|known| {
        let start = value.get(..known.len())?;
        start.eq_ignore_ascii_case(known.as_bytes()).then_some(start)
    });
    std::str::from_utf8(found?).ok()
}

fn mismatch() -> SignatureCheck {
    SignatureCheck::invalid(
        "mismatch",
        "The signature was made with another secret, or over other bytes.",
        "compare the secret on both sides, and keep the body as received: parsing it and \
         serializing it again changes the bytes",
    )
}

/// Rejects a prefix that cannot be in a header, or cannot be distinguished from the digits after
/// it.
fn check_prefix(prefix: &str) -> Result<(), Contradiction> {
    let is_visible = prefix.bytes().all(|byte| byte.is_ascii_graphic());
    let is_distinct = !prefix.bytes().next_back().is_some_and(|byte| byte.is_ascii_hexdigit());
    if is_visible && is_distinct {
        return Ok(());
    }
    Err(Contradiction {
        key: "signature.prefix",
        found: format!("`{}`", prefix.escape_debug()),
        expected: "visible characters that do not end in a hex digit, such as `sha256=`".to_owned(),
        reason: "it is written before the digits, in a header",
    })
}

/// The defects of a digest in hex.
static TAMPERS: &[Tamper] = &[
    mutate::WRONG_PREFIX,
    Tamper {
        name: "uppercase",
        about: "the hex digits are in upper case",
        change: TamperChange::AfterSigning(|signing, message| {
            re_encode(signing, message, |bytes| hex::encode_upper(bytes));
        }),
        impact: Impact::EncodingOnly,
        ..Tamper::FORGERY
    },
    Tamper {
        name: "base64",
        about: "the digest is in base64, not in hex",
        change: TamperChange::AfterSigning(|signing, message| {
            re_encode(signing, message, |bytes| STANDARD.encode(bytes));
        }),
        impact: Impact::Harmless,
        ..Tamper::FORGERY
    },
];

/// Encodes the digest in another way.
fn re_encode(signing: &SigningContext<'_>, message: &mut Message, encode: fn(&[u8]) -> String) {
    rewrite_signature(signing, message, |prefix, digest| {
        Some(format!("{prefix}{}", encode(&hex::decode(digest).ok()?)))
    });
}

#[cfg(test)]
mod tests;
