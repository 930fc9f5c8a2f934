//! The `shared-secret` scheme: the secret itself, in a header, a query parameter or a body field.
//!
//! Nothing is signed: the secret only proves that the sender knows it, and anyone who sees one
//! request can send others. Therefore its value is masked wherever a request is shown.

mod keys;
mod tampers;

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::verdict::{Explanation, MatchedBody, Proof, SignatureStatus};
use crate::protocols::http1;
use crate::protocols::schemes::mac::{self, HashFunction};
use crate::protocols::schemes::place::SignaturePlace;
use crate::protocols::schemes::scheme::{
    self, Envelope, SchemeKind, SignError, SignatureCheck, SignatureFormat, SignatureScheme,
    SignatureValue, SignedForm, StarterKeys,
};
use crate::protocols::schemes::secret_format::{self, SecretFormat};
use jiff::Timestamp;
use keys::{KeyError, Keys, OwnedPlace};
use serde::Deserialize;

/// The part of the scheme that is the same for every pack.
pub(super) static KIND: SchemeKind = SchemeKind {
    name: "shared-secret",
    aliases: &[],
    covers: &[],
    content_name: "request",
    read: scheme::read::<SharedSecret>,
    tampers: tampers::TAMPERS,
    starter: StarterKeys {
        signature: "header = \"X-Acme-Key\" # or query = \"key\", or field = \"/key\"\n\
                    # prefix = \"Bearer \"  # before the secret, only in a header\n",
        timestamp: None,
        header: None,
        secret: StarterKeys::ANY_SECRET,
    },
    texts: secret_format::texts,
};

/// The keys of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Keys")]
struct SharedSecret {
    /// The place of the secret.
    place: OwnedPlace,
    /// The string before the secret in a header, such as `Bearer `.
    prefix: String,
}

impl TryFrom<Keys> for SharedSecret {
    type Error = KeyError;

    fn try_from(keys: Keys) -> Result<Self, KeyError> {
        let (place, prefix) = keys.checked()?;
        Ok(Self { place, prefix })
    }
}

impl SignatureScheme for SharedSecret {
    fn kind(&self) -> &'static SchemeKind {
        &KIND
    }

    fn place(&self) -> SignaturePlace<'_> {
        self.place.borrowed()
    }

    fn proof(&self) -> Proof {
        Proof::SharedSecret
    }

    fn signed_form(&self) -> SignedForm {
        SignedForm::RawBody
    }

    fn sign(
        &self,
        secret: &Secret,
        _body: &[u8],
        _envelope: &Envelope<'_>,
    ) -> Result<SignatureValue, SignError> {
        let unsendable = || SignError::UnsendableSecret { place: self.place().to_string() };
        let text = str::from_utf8(secret.expose()).map_err(|_| unsendable())?;
        if self.header().is_some() && !http1::is_field_value(text.as_bytes()) {
            return Err(unsendable());
        }
        Ok(SignatureValue { value: format!("{}{text}", self.prefix), note: None })
    }

    fn check_signature(
        &self,
        secrets: &[Secret],
        message: &Message,
        _at: Timestamp,
    ) -> Result<SignatureCheck, SignatureCheck> {
        let values = self.place().values(message);
        let [value] = values.as_slice() else {
            return Err(if values.is_empty() { self.missing() } else { self.repeated() });
        };
        let Some(given) = value.strip_prefix(self.prefix.as_bytes()) else {
            return Err(SignatureCheck::malformed(
                "wrong-prefix",
                format!("{} does not begin with `{}`.", self.subject(), self.prefix),
                "send the secret after this prefix, in this letter case",
            ));
        };
        if given.is_empty() {
            return Err(SignatureCheck::malformed(
                "empty-secret",
                format!("{} contains no secret.", self.subject()),
                "set the secret at the provider",
            ));
        }
        // Every secret is compared even after a match, so that the time taken does not tell which
        // one matched.
        let is_known = secrets.iter().fold(false, |found, secret| is_same(secret, given) | found);
        if is_known {
            Ok(SignatureCheck::valid(MatchedBody::Raw))
        } else {
            Err(SignatureCheck::invalid(
                "mismatch",
                "The secret in the request is not the configured one.",
                "compare the secret on both sides",
            ))
        }
    }

    /// Returns nothing: the value is the secret, which is never shown.
    fn expected(&self, _secret: &Secret, _message: &Message) -> Option<String> {
        None
    }

    fn signature_format(&self) -> SignatureFormat<'_> {
        SignatureFormat::Secret(SecretFormat { place: self.place(), prefix: &self.prefix })
    }

    fn split_signature<'v>(&self, value: &'v str) -> (&'v str, &'v str) {
        match value.strip_prefix(&self.prefix) {
            Some(secret) => value.split_at(value.len() - secret.len()),
            None => ("", value),
        }
    }

    fn reference(&self, code: &dyn Fn(&str) -> String) -> Vec<String> {
        let place = self.place().describe(code);
        let prefix = if self.prefix.is_empty() {
            String::new()
        } else {
            format!(", after {}", code(&self.prefix))
        };
        vec![
            format!("Nothing is signed: the secret itself is in {place}{prefix}."),
            "Compare it in constant time. It does not protect the body: anyone who sees one request, \
             such as in a log, can send others. Use HTTPS, and keep the value out of logs."
                .to_owned(),
        ]
    }
}

impl SharedSecret {
    /// Returns the place at the beginning of a sentence.
    fn subject(&self) -> String {
        let place = self.place().to_string();
        let mut characters = place.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(characters).collect()
    }

    fn missing(&self) -> SignatureCheck {
        SignatureCheck::failed(
            SignatureStatus::Missing,
            Explanation::new(
                "missing-signature",
                format!("{} with the secret is missing.", self.subject()),
                "set the secret at the provider, and check that no proxy drops it",
            ),
        )
    }

    fn repeated(&self) -> SignatureCheck {
        SignatureCheck::malformed(
            "repeated-signature",
            format!("{} is sent more than once.", self.subject()),
            "send it once: receivers differ on which one they use",
        )
    }
}

/// Compares a value with a secret in constant time: the digests of both are compared, so that the
/// time depends neither on the content nor on the length of the secret.
fn is_same(secret: &Secret, given: &[u8]) -> bool {
    let key = secret.expose();
    let expected = mac::mac(HashFunction::Sha256, key, &[key]);
    mac::verify(HashFunction::Sha256, key, &[given], &expected)
}

#[cfg(test)]
mod tests;
