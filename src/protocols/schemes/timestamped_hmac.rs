//! The `timestamped-hmac` scheme: one header with named parts, `t=SECONDS,v0=HEX`, and HMAC-SHA256
//! over the time, a dot and the body.
//!
//! The names of the parts are keys of the pack. The header is read as the vendors' SDKs do: its parts
//! are separated by a comma without spaces, and unknown parts are skipped. A header may carry
//! several signatures, as during the rotation of a secret: one match is enough.

mod header_value;
mod tampers;

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::time::Wait;
use crate::domain::verdict::{Explanation, MatchedBody, SignatureStatus};
use crate::protocols::schemes::digest::{self, DigestFormat};
use crate::protocols::schemes::digest_reader::DigestReader;
use crate::protocols::schemes::headers;
use crate::protocols::schemes::mac::{HashFunction, hmac_sha256};
use crate::protocols::schemes::place::SignaturePlace;
use crate::protocols::schemes::scheme::{
    self, Contradiction, Envelope, EnvelopeHeaders, EnvelopePart, SchemeKind, SignError,
    SignatureCheck, SignatureFormat, SignatureScheme, SignatureValue, SignedForm, StarterKeys,
};
use crate::protocols::schemes::signed_time::{Tolerance, parse_seconds};
use header_value::{HeaderValue, PartName};
use hmac::Mac;
use jiff::Timestamp;
use serde::Deserialize;
use std::time::Duration;

/// The part of the scheme that is the same for every pack.
pub(super) static KIND: SchemeKind = SchemeKind {
    name: "timestamped-hmac",
    aliases: &[],
    covers: &["timestamp", "body"],
    content_name: "body with its timestamp",
    read: scheme::read::<TimestampedHmac>,
    tampers: tampers::TAMPERS,
    starter: StarterKeys {
        signature: "header = \"X-Acme-Signature\"\n\
                    time-part = \"t\"           # `t=1700000000,v1=…`: the time, in Unix seconds\n\
                    signature-part = \"v1\"     # the name of each signature\n\
                    tolerance = \"5m\"          # into the past\n\
                    # future-tolerance = \"5m\" # default: a future time is accepted with a warning\n",
        timestamp: None,
        header: Some("X-Acme-Signature"),
        secret: StarterKeys::ANY_SECRET,
    },
    texts: || digest::HEX.texts(),
};

/// The keys of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct TimestampedHmac {
    /// The header that carries the time and one or several signatures.
    header: String,
    /// The name of the part with the time of sending, in Unix seconds.
    time_part: PartName,
    /// The name of every part with a signature.
    signature_part: PartName,
    /// The maximum distance of the time from the receiver's clock into the past.
    tolerance: Wait,
    /// The maximum distance into the future; without it, the vendor's code accepts any.
    future_tolerance: Option<Wait>,
}

impl SignatureScheme for TimestampedHmac {
    fn kind(&self) -> &'static SchemeKind {
        &KIND
    }

    fn place(&self) -> SignaturePlace<'_> {
        SignaturePlace::Header(&self.header)
    }

    fn signed_form(&self) -> SignedForm {
        SignedForm::RawBody
    }

    fn check(&self, _sent: &EnvelopeHeaders<'_>) -> Result<(), Contradiction> {
        self.time_part.check("signature.time-part", "t")?;
        self.signature_part.check("signature.signature-part", "v1")?;
        if self.time_part == self.signature_part {
            return Err(Contradiction {
                key: "signature.signature-part",
                found: format!("`{}`", self.signature_part.name()),
                expected: "another name than that of the time".to_owned(),
                reason: "the two parts of the header are told apart by their names",
            });
        }
        let limits = [
            ("signature.tolerance", Some(self.tolerance)),
            ("signature.future-tolerance", self.future_tolerance),
        ];
        match limits.into_iter().find(|(_, limit)| *limit == Some(Wait(0))) {
            None => Ok(()),
            Some((key, _)) => Err(Contradiction {
                key,
                found: "`0s`".to_owned(),
                expected: "a duration such as `5m`".to_owned(),
                reason: "every delivery takes some time to arrive, and clocks differ",
            }),
        }
    }

    fn sign(
        &self,
        secret: &Secret,
        body: &[u8],
        envelope: &Envelope<'_>,
    ) -> Result<SignatureValue, SignError> {
        let time = envelope.value(EnvelopePart::Timestamp);
        Ok(SignatureValue {
            value: self.header_value(&time, &[time.as_bytes(), b".", body], secret.expose()),
            note: None,
        })
    }

    /// Compares every signature in the header, then checks the time.
    fn check_signature(
        &self,
        secrets: &[Secret],
        message: &Message,
        at: Timestamp,
    ) -> Result<SignatureCheck, SignatureCheck> {
        let value = headers::signature_value(&self.header, message)?;
        let parts = self.parse(value)?;
        let sent = parse_seconds(parts.time).ok_or_else(|| self.malformed_time())?;
        let given = parts.digests(&self.digest_reader())?;
        // Every secret and every signature is tried even after a match, so that the time taken does
        // not tell which one matched.
        let signed: [&[u8]; 3] = [parts.time, b".", &message.body];
        let matches = secrets.iter().fold(false, |found, secret| {
            let mac = signed.iter().fold(hmac_sha256(secret.expose()), Mac::chain_update);
            given.iter().fold(found, |found, given| mac.clone().verify_slice(given).is_ok() | found)
        });
        if !matches {
            return Err(mismatch());
        }
        // The time is checked after the signature, because an unsigned time cannot be trusted.
        let tolerance = self.time_tolerance();
        if let Some(rejection) = tolerance.rejection(sent, at) {
            return Err(SignatureCheck::failed(SignatureStatus::Invalid, rejection));
        }
        let mut check = SignatureCheck::valid(MatchedBody::Raw);
        let upper_case =
            parts.signatures.iter().find_map(|it| self.digest_reader().upper_case_finding(it));
        check.findings.extend(upper_case);
        check.findings.extend(tolerance.future_finding(sent, at));
        Ok(check)
    }

    fn expected(&self, secret: &Secret, message: &Message) -> Option<String> {
        let time = self.time_of(message)?;
        let signed: [&[u8]; 3] = [time.as_bytes(), b".", &message.body];
        Some(self.header_value(time, &signed, secret.expose()))
    }

    fn signature_format(&self) -> SignatureFormat<'_> {
        SignatureFormat::Digest(DigestFormat {
            prefix: self.signature_part.prefix(),
            separator: Some(header_value::SEPARATOR),
            is_versioned: true,
            function: HashFunction::Sha256,
            encoding: &digest::HEX,
            encode_body: digest::VERBATIM_BODY,
            value_description: format!(
                "`{}SECONDS,{}` and the {}",
                self.time_part.prefix(),
                self.signature_part.prefix(),
                self.digest_reader().description()
            ),
            content_description: "the timestamp, a dot and the body",
        })
    }

    /// Splits the value before the digest of the first signature.
    fn split_signature<'v>(&self, value: &'v str) -> (&'v str, &'v str) {
        let mut start = 0;
        for part in value.split(header_value::SEPARATOR) {
            if let Some(digest) = part.strip_prefix(self.signature_part.prefix()) {
                return (&value[..start + part.len() - digest.len()], digest);
            }
            start += part.len() + header_value::SEPARATOR.len_utf8();
        }
        ("", value)
    }

    fn signed_before_body(&self, message: &Message) -> Option<Vec<u8>> {
        Some(format!("{}.", self.time_of(message)?).into_bytes())
    }

    fn signed_before_body_with(&self, _id: &str, time: &str) -> Option<Vec<u8>> {
        Some(format!("{time}.").into_bytes())
    }

    fn tolerance(&self) -> Duration {
        self.tolerance.max(self.future_tolerance.unwrap_or(self.tolerance)).duration()
    }

    fn limits_future(&self) -> bool {
        self.future_tolerance.is_some()
    }

    fn time_rejection(&self, message: &Message, at: Timestamp) -> Option<Explanation> {
        self.time_tolerance().rejection(self.sent_seconds(message)?, at)
    }

    fn signed_time(&self, message: &Message) -> Option<Timestamp> {
        Timestamp::from_second(self.sent_seconds(message)?).ok()
    }

    fn expired_at(&self, message: &Message, at: Timestamp) -> Option<Timestamp> {
        self.time_tolerance().expired_at(self.sent_seconds(message)?, at)
    }

    fn is_plausible(&self, message: &Message) -> bool {
        let value = message.headers.get(&self.header);
        value.is_some_and(|value| self.parse(value).is_ok())
    }

    fn reference(&self, code: &dyn Fn(&str) -> String) -> Vec<String> {
        let (time, signature) = (code(self.time_part.prefix()), code(self.signature_part.prefix()));
        let future = match self.future_tolerance {
            Some(future) => format!(" or more than {future} in the future"),
            None => "; the vendor's code has no limit into the future".to_owned(),
        };
        vec![
            "What is signed: the number of seconds as the header has it, a dot and the bytes of the \
             body as received. Parsing the body and serializing it again changes them."
                .to_owned(),
            digest::VERBATIM_KEY.to_owned(),
            format!(
                "Algorithm: HMAC-SHA256. The header has the time in Unix seconds after {time}, a \
                 comma, and 64 lower-case hex digits after {signature}. It can carry several \
                 signatures, as during the rotation of a secret: one match is enough."
            ),
            format!("A message whose time is more than {} in the past is rejected{future}.",
                self.tolerance),
        ]
    }
}

impl TimestampedHmac {
    /// Splits the value of the header into its parts.
    fn parse<'v>(&self, value: &'v [u8]) -> Result<HeaderValue<'v>, SignatureCheck> {
        let reader = self.digest_reader();
        HeaderValue::parse(&self.time_part, &self.signature_part, &reader, value)
    }

    /// Returns the value of the header: the time, and the HMAC of these parts.
    fn header_value(&self, time: &str, signed: &[&[u8]], key: &[u8]) -> String {
        let mac = signed.iter().fold(hmac_sha256(key), Mac::chain_update);
        let digest = hex::encode(mac.finalize().into_bytes());
        let (time_prefix, prefix) = (self.time_part.prefix(), self.signature_part.prefix());
        format!("{time_prefix}{time}{}{prefix}{digest}", header_value::SEPARATOR)
    }

    /// Returns the signed time as the header has it, whether it is a number or not.
    fn time_of<'m>(&self, message: &'m Message) -> Option<&'m str> {
        let value = message.headers.get_str(&self.header)?;
        let parts = value.split(header_value::SEPARATOR).map(str::trim);
        { parts }.find_map(|part| part.strip_prefix(self.time_part.prefix()))
    }

    /// Returns the signed time in Unix seconds, if it is a number.
    fn sent_seconds(&self, message: &Message) -> Option<i64> {
        parse_seconds(self.time_of(message)?.as_bytes())
    }

    fn time_tolerance(&self) -> Tolerance {
        Tolerance { past: self.tolerance, future: self.future_tolerance }
    }

    /// Returns the parser of a digest after the name of its part.
    fn digest_reader(&self) -> DigestReader<'_> {
        DigestReader {
            header: &self.header,
            prefix: self.signature_part.prefix(),
            function: HashFunction::Sha256,
            encoding: &digest::HEX,
        }
    }

    fn malformed_time(&self) -> SignatureCheck {
        SignatureCheck::malformed(
            "malformed-timestamp",
            format!(
                "`{}` in `{}` is not followed by a whole number of seconds.",
                self.time_part.prefix(),
                self.header
            ),
            "write the time of sending as Unix seconds, such as `1767323045`",
        )
    }
}

fn mismatch() -> SignatureCheck {
    SignatureCheck::invalid(
        "mismatch",
        "The signature was made with another secret, or over another time or body.",
        "compare the secret on both sides, and keep the time and the body as received",
    )
}

#[cfg(test)]
mod tests;
