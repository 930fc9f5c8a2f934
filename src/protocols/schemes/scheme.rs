//! The trait that a signature scheme implements, and the types of its methods.

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::time::Precision;
use crate::domain::verdict::{Explanation, Proof};
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::hypothesis::{Hypothesis, HypothesisText};
use crate::protocols::schemes::place::SignaturePlace;
use crate::protocols::schemes::secret_format::SecretFormat;
pub use crate::protocols::schemes::signature_check::SignatureCheck;
use crate::protocols::schemes::token::TokenFormat;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use zeroize::Zeroizing;

/// A way to sign deliveries, with the configuration of one pack, such as the header names.
///
/// [`SchemeKind`] contains what is the same for every pack. Nothing outside the scheme's own file
/// depends on which scheme it is: callers use these methods only.
pub trait SignatureScheme: fmt::Debug + Send + Sync {
    /// Returns the part that does not depend on the pack.
    fn kind(&self) -> &'static SchemeKind;

    /// Returns the place of the signature in a request.
    fn place(&self) -> SignaturePlace<'_>;

    /// Returns the name of the header that carries the signature, if one does.
    fn header(&self) -> Option<&str> {
        self.place().header()
    }

    /// Returns what a request proves about its sender.
    fn proof(&self) -> Proof {
        Proof::Signature
    }

    /// Returns the headers that are signed with the body.
    fn signed_headers(&self) -> Vec<SignedHeader<'_>> {
        Vec::new()
    }

    /// Returns the form of the body that is signed.
    fn signed_form(&self) -> SignedForm;

    /// Rejects keys that contradict each other, or the headers that the pack sends.
    fn check(&self, _sent: &EnvelopeHeaders<'_>) -> Result<(), Contradiction> {
        Ok(())
    }

    /// Signs `body` as the provider does, with the parts of the envelope that the scheme covers.
    fn sign(
        &self,
        secret: &Secret,
        body: &[u8],
        envelope: &Envelope<'_>,
    ) -> Result<SignatureValue, SignError>;

    /// Signs the body of a message again. The signature that it carries may show what its signer
    /// adds, such as an expiry, which is renewed.
    fn resign(
        &self,
        secret: &Secret,
        message: &Message,
        envelope: &Envelope<'_>,
    ) -> Result<SignatureValue, SignError> {
        self.sign(secret, &message.body, envelope)
    }

    /// Compares the signature of `message` with that of each secret, as of the time `at`.
    ///
    /// Called by [`Scheme::verify`](super::Scheme::verify), always with at least one secret.
    ///
    /// # Errors
    ///
    /// Returns the first check that failed.
    fn check_signature(
        &self,
        secrets: &[Secret],
        message: &Message,
        at: Timestamp,
    ) -> Result<SignatureCheck, SignatureCheck>;

    /// Returns `true` if the message has a header in the format of this scheme. That suggests who
    /// sent it, but not that the signature is valid.
    fn is_plausible(&self, message: &Message) -> bool {
        self.place().is_present(message)
    }

    /// Returns the signature of the message with `secret`, which only `--show-expected` prints.
    fn expected(&self, secret: &Secret, message: &Message) -> Option<String>;

    /// Returns the format of the signature, which determines how a failure is explained.
    fn signature_format(&self) -> SignatureFormat<'_>;

    /// Splits the value of the header into the part before the digest, and the digest.
    fn split_signature<'v>(&self, value: &'v str) -> (&'v str, &'v str);

    /// Returns the bytes that are signed before the body, or `None` if the message lacks them.
    fn signed_before_body(&self, _message: &Message) -> Option<Vec<u8>> {
        Some(Vec::new())
    }

    /// Returns the bytes that are signed before the body with this id and time, or `None` if the
    /// scheme does not sign them.
    fn signed_before_body_with(&self, _id: &str, _time: &str) -> Option<Vec<u8>> {
        None
    }

    /// Returns the maximum distance of a signed time from the receiver's clock.
    fn tolerance(&self) -> Duration {
        Duration::ZERO
    }

    /// Returns the time of sending that is signed with the body, if the scheme limits its age.
    fn signed_time(&self, _message: &Message) -> Option<Timestamp> {
        None
    }

    /// Returns `true` if the vendor's code limits how far the signed time may be in the future.
    fn limits_future(&self) -> bool {
        true
    }

    /// Returns how a secret encodes the key.
    fn key_encoding(&self) -> KeyEncoding {
        KeyEncoding::Verbatim
    }

    /// Returns the reason to reject the time of a message whose signature is valid, if there is
    /// one.
    fn time_rejection(&self, _message: &Message, _at: Timestamp) -> Option<Explanation> {
        None
    }

    /// Returns how the body of a message differs from the content that its signature carries, which
    /// is visible without a secret. `None` if it does not differ, or the signature carries none.
    fn body_change(&self, _message: &Message) -> Option<Explanation> {
        None
    }

    /// Returns the time at which the signature of a message expired, from the times in the message
    /// alone; `None` if it had not expired at `at`, or never does.
    fn expired_at(&self, _message: &Message, _at: Timestamp) -> Option<Timestamp> {
        None
    }

    /// Returns the sentences of the generated documentation, in Markdown; `code` marks up a value
    /// that comes from the pack.
    fn reference(&self, code: &dyn Fn(&str) -> String) -> Vec<String>;

    /// Returns `true` if the standard of the scheme requires a key that is not
    /// [weak](Secret::is_weak).
    fn requires_long_key(&self) -> bool {
        false
    }
}

/// Reads the keys of one scheme from a pack.
pub type ReadKeys = fn(Map<String, Value>) -> Result<Arc<dyn SignatureScheme>, serde_json::Error>;

/// The part of a scheme that is the same for every pack.
#[derive(Debug)]
pub struct SchemeKind {
    /// The name in packs and reports.
    pub name: &'static str,
    /// The older names, which packs can use as well.
    pub aliases: &'static [&'static str],
    /// The parts of a delivery that a signature covers, as reports name them.
    pub covers: &'static [&'static str],
    /// The name of the signed content in explanations, as in "the *body* has changed".
    pub content_name: &'static str,
    /// Reads the keys of a pack's `[signature]`, all but `scheme`.
    pub read: ReadKeys,
    /// The defects that are specific to the scheme, in the order in which they are listed; which of
    /// them a pack can have depends on its keys.
    pub tampers: &'static [Tamper],
    /// The keys in the starting pack of `events new`, as lines of TOML with comments.
    pub starter: StarterKeys,
    /// Returns the messages of the hypotheses that are specific to the scheme.
    pub texts: fn() -> Vec<HypothesisText>,
}

/// The parts of a starting pack that depend on its scheme.
#[derive(Clone, Copy, Debug)]
pub struct StarterKeys {
    /// The keys of `[signature]` after `scheme`.
    pub signature: &'static str,
    /// The keys of `[timestamp]`, if the scheme signs the time of a header.
    pub timestamp: Option<&'static str>,
    /// The header by which the requests are recognised, if the scheme has one of its own.
    pub header: Option<&'static str>,
    /// An example of a secret, if the scheme has one.
    pub secret: Option<&'static str>,
}

impl StarterKeys {
    /// The example of a secret for schemes that take any text.
    pub const ANY_SECRET: Option<&'static str> = Some("s3cret");
}

/// Reads the keys of a scheme that implements `Deserialize`.
pub(super) fn read<S>(
    keys: Map<String, Value>,
) -> Result<Arc<dyn SignatureScheme>, serde_json::Error>
where
    S: SignatureScheme + for<'de> Deserialize<'de> + 'static,
{
    let scheme: S = serde_json::from_value(Value::Object(keys))?;
    Ok(Arc::new(scheme))
}

/// A defect that `send --tamper` can put into a delivery that is signed correctly.
#[derive(Debug)]
pub struct Tamper {
    /// The name on the command line.
    pub name: &'static str,
    /// A short description of the defect.
    pub about: &'static str,
    /// The consequence if a receiver accepts the message.
    pub impact: Impact,
    /// Advice to the author of the receiver.
    pub advice: &'static str,
    /// The source of that advice.
    pub source: &'static str,
    /// Returns `true` if a delivery of a pack with this scheme can have the defect.
    pub applies: fn(&dyn SignatureScheme) -> bool,
    /// The change to the message.
    pub change: TamperChange,
}

/// The consequence of a defect that a receiver accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Impact {
    /// Anyone can send deliveries to the receiver.
    Forgery,
    /// The receiver is less strict than the provider's documentation, but accepts no forged
    /// request.
    Harmless,
    /// None: the digest is correct, and only its encoding differs.
    EncodingOnly,
    /// None beyond what the vendor's own code accepts: a receiver may be stricter.
    AcceptedByVendor,
}

/// The change that a defect makes to a message that is signed correctly.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum TamperChange {
    /// Changes the message after signing.
    AfterSigning(fn(&SigningContext<'_>, &mut Message)),
    /// Signs the message again, with other inputs.
    SignAgain(fn(&SigningContext<'_>, &mut Message) -> Result<(), SignError>),
}

/// The scheme, the secret and the envelope that a message was signed with.
#[derive(Clone, Copy, Debug)]
pub struct SigningContext<'s> {
    /// The scheme.
    pub scheme: &'s dyn SignatureScheme,
    /// The secret.
    pub secret: &'s Secret,
    /// The id and the time.
    pub envelope: Envelope<'s>,
}

impl Tamper {
    /// The default values of a defect; each defect adds at least its name and its change.
    pub const FORGERY: Self = Self {
        name: "",
        about: "",
        impact: Impact::Forgery,
        advice: "Compute the signature yourself and compare in constant time; treat a missing, \
                 malformed or shorter one as invalid; never throw an exception.",
        source: "the provider's documentation",
        applies: |_| true,
        change: TamperChange::AfterSigning(|_, _| {}),
    };

    /// Introduces the defect into a message that is signed correctly.
    pub fn apply(
        &self,
        signing: &SigningContext<'_>,
        message: &mut Message,
    ) -> Result<(), SignError> {
        match self.change {
            TamperChange::AfterSigning(change) => {
                change(signing, message);
                Ok(())
            }
            TamperChange::SignAgain(change) => change(signing, message),
        }
    }
}

impl SigningContext<'_> {
    /// Replaces the signature of the message by that of `body`.
    pub fn sign_again(&self, body: &[u8], message: &mut Message) -> Result<(), SignError> {
        let signed = self.scheme.sign(self.secret, body, &self.envelope)?;
        self.scheme.place().write(&signed.value, message);
        Ok(())
    }
}

/// A header that is signed with the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedHeader<'s> {
    /// The name of the header.
    pub name: &'s str,
    /// The part of the envelope that it carries.
    pub part: EnvelopePart,
}

/// A part of the envelope that a header can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvelopePart {
    /// The id that all attempts of one message share.
    MessageId,
    /// The time of sending, in Unix seconds.
    Timestamp,
}

/// The form of the body that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignedForm {
    /// The bytes as they are.
    RawBody,
    /// The result of `JSON.stringify(JSON.parse(body))`.
    JsonStringify,
    /// The base64 of the bytes, in the standard alphabet with padding.
    Base64OfBody,
    /// The body as the claims of a token, which must be a JSON object. The token contains a copy.
    #[serde(skip)]
    Claims,
}

/// The format of a signature on the wire.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignatureFormat<'s> {
    /// A digest in a header.
    Digest(DigestFormat<'s>),
    /// A token, which contains the signed content.
    Token(&'static TokenFormat),
    /// The secret itself: nothing is computed from the body.
    Secret(SecretFormat<'s>),
    /// None: the requests are not signed.
    Unsigned,
}

/// Key material, which is wiped on drop and never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct MacKey(Zeroizing<Vec<u8>>);

impl MacKey {
    /// Wraps the bytes of a key.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl Deref for MacKey {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(redacted)")
    }
}

/// Derives a key from a secret in an incorrect way that signers are known to use, if the secret
/// allows it.
pub type DeriveKey = fn(&[u8]) -> Option<Vec<u8>>;

/// The encoding of the key in a secret.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum KeyEncoding {
    /// The bytes of the secret are the key.
    Verbatim,
    /// The secret is a string that encodes the key.
    Encoded {
        /// Returns the key, unless the secret does not encode one.
        decode: fn(&[u8]) -> Option<MacKey>,
        /// Returns a secret that encodes the key.
        encode: fn(&[u8]) -> Vec<u8>,
        /// The keys that signers derive by mistake, without decoding the string or in another way.
        mistakes: &'static [Hypothesis<DeriveKey>],
    },
}

/// The headers in which a pack sends the message id and the time.
#[derive(Clone, Copy, Debug)]
pub struct EnvelopeHeaders<'p> {
    /// The header of the message id, if it has one.
    pub message_id: Option<&'p str>,
    /// The header of the time of sending, if it has one.
    pub timestamp: Option<&'p str>,
    /// The precision of the time, if it is sent.
    pub precision: Option<Precision>,
}

/// Two values of a pack that contradict each other.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{key}` is {found}, expected {expected}: {reason}")]
pub struct Contradiction {
    /// The key in `provider.toml`, from the root.
    pub key: &'static str,
    /// The value found, in backticks; `missing` if there is none.
    pub found: String,
    /// The value that the other one requires.
    pub expected: String,
    /// The other value, as a reason.
    pub reason: &'static str,
}

/// The id and the time of a delivery, which are sent with its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope<'e> {
    /// The id that all its attempts share, if there is one.
    pub message_id: Option<&'e str>,
    /// The time of sending.
    pub at: Timestamp,
}

impl Envelope<'_> {
    /// Returns the value of a signed header; the id is empty if there is none.
    #[must_use]
    pub fn value(&self, part: EnvelopePart) -> String {
        match part {
            EnvelopePart::MessageId => self.message_id.unwrap_or_default().to_owned(),
            EnvelopePart::Timestamp => Precision::UnixSeconds.format(self.at),
        }
    }
}

/// The signature of a body, which is written to the [place](SignatureScheme::place) of the scheme.
#[derive(Clone, PartialEq, Eq)]
pub struct SignatureValue {
    /// The value.
    pub value: String,
    /// A remark for the user, such as that the body is not in the form that the provider sends.
    pub note: Option<&'static str>,
}

/// Shows no value, which may be the secret.
impl fmt::Debug for SignatureValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignatureValue").field("note", &self.note).finish_non_exhaustive()
    }
}

/// A body, id or secret that a scheme cannot sign or sign with.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The body is not a JSON object, which the claims of a token must be.
    #[error("cannot sign the body as a token: {0}")]
    InvalidClaims(String),
    /// The scheme signs the message id, but there is none.
    #[error("cannot sign without a message id: `{header}` is signed with the body")]
    NoMessageId {
        /// The header that carries the id.
        header: String,
    },
    /// The secret is sent as it is, but its place cannot contain it.
    #[error("the secret cannot be sent in {place}: it is not visible text")]
    UnsendableSecret {
        /// The place.
        place: String,
    },
    /// The secret must encode the key in base64, but is not base64.
    #[error("the secret is not a key in base64: expected `whsec_` and base64")]
    SecretNotBase64,
}
