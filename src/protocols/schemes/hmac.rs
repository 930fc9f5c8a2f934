//! The `hmac` scheme: an HMAC of the body in one header, after a prefix if the pack has one.
//!
//! Hash function, encoding of the digest and form of the body are keys of the pack.

mod tampers;

use crate::domain::finding::{Finding, FindingMessage, Severity};
use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::verdict::MatchedBody;
use crate::protocols::json::JsonError;
use crate::protocols::json_stringify;
use crate::protocols::schemes::digest::{self, DigestEncoding, DigestFormat, EncodeBody};
use crate::protocols::schemes::digest_reader::DigestReader;
use crate::protocols::schemes::headers;
use crate::protocols::schemes::mac::{self, HashFunction};
use crate::protocols::schemes::place::SignaturePlace;
use crate::protocols::schemes::scheme::{
    self, Contradiction, Envelope, EnvelopeHeaders, SchemeKind, SignError, SignatureCheck,
    SignatureFormat, SignatureScheme, SignatureValue, SignedForm, StarterKeys,
};
use jiff::Timestamp;
use serde::Deserialize;

/// The part of the scheme that is the same for every pack.
pub(super) static KIND: SchemeKind = SchemeKind {
    name: "hmac",
    aliases: &["hmac-sha256-hex"],
    covers: &["body"],
    content_name: "body",
    read: scheme::read::<BodyHmac>,
    tampers: tampers::TAMPERS,
    starter: StarterKeys {
        signature: "header = \"X-Acme-Signature\"\n\
                    over = \"raw-body\"     # or \"json-stringify\", \"base64-of-body\"\n\
                    # algorithm = \"sha1\"  # default: \"sha256\"\n\
                    # encoding = \"base64\" # default: \"hex\"\n\
                    # prefix = \"sha256=\"  # before the digest\n",
        timestamp: None,
        header: Some("X-Acme-Signature"),
        secret: StarterKeys::ANY_SECRET,
    },
    texts: || digest::HEX.texts().into_iter().chain(digest::BASE64.texts()).collect(),
};

/// The keys of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct BodyHmac {
    /// The header that carries the signature.
    header: String,
    /// The hash function.
    #[serde(default)]
    algorithm: HashFunction,
    /// The encoding of the digest.
    #[serde(default)]
    encoding: EncodingName,
    /// The form of the body that is signed.
    over: SignedForm,
    /// The string before the digest, such as `sha256=`.
    #[serde(default)]
    prefix: String,
}

/// The encoding of a digest, as a pack names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum EncodingName {
    #[default]
    Hex,
    Base64,
}

impl SignatureScheme for BodyHmac {
    fn kind(&self) -> &'static SchemeKind {
        &KIND
    }

    fn place(&self) -> SignaturePlace<'_> {
        SignaturePlace::Header(&self.header)
    }

    fn signed_form(&self) -> SignedForm {
        self.over
    }

    fn check(&self, _sent: &EnvelopeHeaders<'_>) -> Result<(), Contradiction> {
        check_prefix(&self.prefix, self.digest_encoding())
    }

    fn sign(
        &self,
        secret: &Secret,
        body: &[u8],
        _envelope: &Envelope<'_>,
    ) -> Result<SignatureValue, SignError> {
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
        let digits =
            self.digest_reader().after_prefix(headers::signature_value(&self.header, message)?)?;
        let given = self.digest_reader().read(digits)?;
        let any_secret_matches = |bytes: &[u8]| {
            // Every secret is tried even after a match, so that the time taken does not tell which
            // one matched.
            let content = (self.encode_body())(bytes);
            let is_valid =
                |secret: &Secret| mac::verify(self.algorithm, secret.expose(), &[&content], &given);
            secrets.iter().fold(false, |found, secret| is_valid(secret) | found)
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
        check.findings.extend(self.digest_reader().upper_case_finding(digits));
        if matched == MatchedBody::Restringified {
            check.findings.push(restringified_finding());
        }
        Ok(check)
    }

    fn expected(&self, secret: &Secret, message: &Message) -> Option<String> {
        Some(self.sign_body(secret, &message.body).value)
    }

    fn signature_format(&self) -> SignatureFormat<'_> {
        let format = self.digest_reader().description();
        SignatureFormat::Digest(DigestFormat {
            prefix: &self.prefix,
            separator: None,
            is_versioned: false,
            function: self.algorithm,
            encoding: self.digest_encoding(),
            encode_body: self.encode_body(),
            value_description: if self.prefix.is_empty() {
                format!("the {format} alone")
            } else {
                format!("`{}` and the {format}", self.prefix)
            },
            content_description: match self.over {
                SignedForm::Base64OfBody => "the base64 of the body alone",
                SignedForm::RawBody | SignedForm::JsonStringify | SignedForm::Claims => {
                    "the body alone"
                }
            },
        })
    }

    fn split_signature<'v>(&self, value: &'v str) -> (&'v str, &'v str) {
        value.split_at_checked(self.prefix.len()).unwrap_or(("", value))
    }

    fn reference(&self, code: &dyn Fn(&str) -> String) -> Vec<String> {
        let signed = match self.over {
            SignedForm::JsonStringify => {
                "What is signed: the result of `JSON.stringify(JSON.parse(body))`. `leadhook` \
                 sends the body in exactly that form, so the signature also matches its raw bytes; \
                 `leadhook verify` reports which of the two matched."
            }
            SignedForm::Base64OfBody => {
                "What is signed: the base64 of the bytes of the body as received, in the standard \
                 alphabet with padding and without newlines."
            }
            SignedForm::RawBody | SignedForm::Claims => {
                "What is signed: the bytes of the body as received. Parsing the body and \
                 serializing it again changes them."
            }
        };
        let before = if self.prefix.is_empty() {
            String::new()
        } else {
            format!("{} and ", code(&self.prefix))
        };
        let digest = self.digest_reader().description().replacen("hex", "lower-case hex", 1);
        vec![
            signed.to_owned(),
            digest::VERBATIM_KEY.to_owned(),
            format!("Algorithm: {}, written as {before}{digest}.", self.algorithm.mac_name()),
        ]
    }
}

impl BodyHmac {
    fn sign_body(&self, secret: &Secret, body: &[u8]) -> SignatureValue {
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
        let content = (self.encode_body())(printed.as_deref().unwrap_or(body));
        let digest = mac::mac(self.algorithm, secret.expose(), &[&content]);
        let digits = (self.digest_encoding().encode)(&digest);
        SignatureValue { value: format!("{}{digits}", self.prefix), note }
    }

    /// Returns the encoding of the digest.
    fn digest_encoding(&self) -> &'static DigestEncoding {
        match self.encoding {
            EncodingName::Hex => &digest::HEX,
            EncodingName::Base64 => &digest::BASE64,
        }
    }

    /// Returns the encoding of the body that is signed.
    fn encode_body(&self) -> EncodeBody {
        match self.over {
            SignedForm::Base64OfBody => digest::BASE64_BODY,
            SignedForm::RawBody | SignedForm::JsonStringify | SignedForm::Claims => {
                digest::VERBATIM_BODY
            }
        }
    }

    /// Returns the parser of the digest after the prefix.
    fn digest_reader(&self) -> DigestReader<'_> {
        DigestReader {
            header: &self.header,
            prefix: &self.prefix,
            function: self.algorithm,
            encoding: self.digest_encoding(),
        }
    }

    /// Returns the result of `JSON.stringify` for the body, if that is what the pack signs.
    fn stringified(&self, body: &[u8]) -> Option<Result<Vec<u8>, JsonError>> {
        (self.over == SignedForm::JsonStringify).then(|| json_stringify::restringify(body))
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

fn mismatch() -> SignatureCheck {
    SignatureCheck::invalid(
        "mismatch",
        "The signature was made with another secret, or over other bytes.",
        "compare the secret on both sides, and keep the body as received: parsing it and \
         serializing it again changes the bytes",
    )
}

/// Rejects a prefix that cannot be in a header, or cannot be distinguished from the digest after it.
fn check_prefix(prefix: &str, encoding: &DigestEncoding) -> Result<(), Contradiction> {
    let is_visible = prefix.bytes().all(|byte| byte.is_ascii_graphic());
    let is_ambiguous = |byte: u8| byte != b'=' && (encoding.is_character)(byte);
    if is_visible && !prefix.bytes().next_back().is_some_and(is_ambiguous) {
        return Ok(());
    }
    Err(Contradiction {
        key: "signature.prefix",
        found: format!("`{}`", prefix.escape_debug()),
        expected: format!(
            "visible characters that do not end in one of the {}, such as `sha256=`",
            encoding.characters
        ),
        reason: "it is written before the digest, in a header",
    })
}

#[cfg(test)]
mod tests;
