//! The `none` scheme: requests that prove nothing about their sender.

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::verdict::Proof;
use crate::protocols::schemes::place::SignaturePlace;
use crate::protocols::schemes::scheme::{
    self, Envelope, SchemeKind, SignError, SignatureCheck, SignatureFormat, SignatureScheme,
    SignatureValue, SignedForm, StarterKeys,
};
use jiff::Timestamp;
use serde::Deserialize;

/// The part of the scheme that is the same for every pack.
pub(super) static KIND: SchemeKind = SchemeKind {
    name: "none",
    aliases: &[],
    covers: &[],
    content_name: "request",
    read: scheme::read::<Unsigned>,
    tampers: &[],
    starter: StarterKeys { signature: "", timestamp: None, header: None, secret: None },
    texts: Vec::new,
};

/// The keys of a pack: none.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unsigned {}

impl SignatureScheme for Unsigned {
    fn kind(&self) -> &'static SchemeKind {
        &KIND
    }

    fn place(&self) -> SignaturePlace<'_> {
        SignaturePlace::Nowhere
    }

    fn proof(&self) -> Proof {
        Proof::None
    }

    fn signed_form(&self) -> SignedForm {
        SignedForm::RawBody
    }

    /// Returns an empty value, which is written nowhere.
    fn sign(
        &self,
        _secret: &Secret,
        _body: &[u8],
        _envelope: &Envelope<'_>,
    ) -> Result<SignatureValue, SignError> {
        Ok(SignatureValue { value: String::new(), note: None })
    }

    fn check_signature(
        &self,
        _secrets: &[Secret],
        _message: &Message,
        _at: Timestamp,
    ) -> Result<SignatureCheck, SignatureCheck> {
        Ok(SignatureCheck::unsigned())
    }

    fn expected(&self, _secret: &Secret, _message: &Message) -> Option<String> {
        None
    }

    fn signature_format(&self) -> SignatureFormat<'_> {
        SignatureFormat::Unsigned
    }

    fn split_signature<'v>(&self, value: &'v str) -> (&'v str, &'v str) {
        ("", value)
    }

    fn reference(&self, _code: &dyn Fn(&str) -> String) -> Vec<String> {
        vec![
            "Requests are not signed and contain no secret: anyone who knows the URL can send one. \
             Keep the URL secret and hard to guess, and look up what a request claims before acting \
             on it."
                .to_owned(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::message::{Headers, Message};
    use crate::domain::secret::Secret;
    use crate::domain::verdict::{Proof, SignatureStatus};
    use crate::protocols::schemes::Scheme;
    use jiff::Timestamp;
    use serde_json::json;

    #[test]
    fn a_request_is_unsigned_with_and_without_a_secret_and_never_valid() {
        let scheme: Scheme = serde_json::from_value(json!({"scheme": "none"})).unwrap();
        let message = Message::post("/", Headers::from_iter([("X-Signature", "1")]), "{}");
        for secrets in [vec![], vec![Secret::new("s3cret").unwrap()]] {
            let mut verdict = scheme.verify(&secrets, &message, Timestamp::UNIX_EPOCH);
            assert_eq!(verdict.status, SignatureStatus::Unsigned);
            assert_eq!(verdict.proof, Some(Proof::None));
            assert!(verdict.is_valid(), "its payload decides");
            verdict.make_strict();
            assert!(!verdict.is_valid());
        }
    }

    #[test]
    fn further_keys_are_rejected() {
        let keys = json!({"scheme": "none", "header": "X-Signature"});
        let error = serde_json::from_value::<Scheme>(keys).unwrap_err().to_string();
        assert!(error.contains("unknown field `header`"), "{error}");
    }
}
