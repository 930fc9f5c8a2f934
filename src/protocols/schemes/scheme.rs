//! The trait that a signature scheme implements, and the types of its methods.

use crate::domain::finding::Finding;
use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::domain::time::Precision;
use crate::domain::verdict::{Explanation, Matched, SignatureStatus};
use crate::protocols::schemes::digest::DigestFormat;
use crate::protocols::schemes::hypothesis::Hypothesis;
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

/// One way to sign deliveries, with the keys that a pack gives it: which headers, which form.
///
/// [`SchemeKind`] holds what is the same for every pack. Nothing outside the scheme's own file asks
/// which scheme it is: callers ask for what they need, and the answer is data.
pub trait SignatureScheme: fmt::Debug + Send + Sync {
    /// Returns what does not depend on the pack.
    fn kind(&self) -> &'static SchemeKind;

    /// Returns the name of the header that carries the signature.
    fn header(&self) -> &str;

    /// Returns the headers that are signed with the body.
    fn signed_headers(&self) -> Vec<SignedHeader<'_>> {
        Vec::new()
    }

    /// Returns the form of the body that is signed.
    fn signed_form(&self) -> SignedForm;

    /// Refuses keys that contradict each other, or the headers that the pack sends.
    fn check(&self, _sent: &EnvelopeHeaders<'_>) -> Result<(), Contradiction> {
        Ok(())
    }

    /// Signs `body` as the provider does, with as much of its envelope as the scheme signs.
    fn sign(
        &self,
        secret: &Secret,
        body: &[u8],
        envelope: &Envelope<'_>,
    ) -> Result<Signed, SignError>;

    /// Compares the signature of `message` with what each of the secrets would make, as of `at`.
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

    /// Returns `true` if the message carries something in the format of this scheme's signatures,
    /// which suggests who sent it, but not that the signature is valid.
    fn is_plausible(&self, message: &Message) -> bool {
        message.headers.contains(self.header())
    }

    /// Returns the signature that `secret` makes over what the message has: for `--show-expected`
    /// alone.
    fn expected(&self, secret: &Secret, message: &Message) -> Option<String>;

    /// Returns how the signature is written, which decides how a failure is searched.
    fn signature_format(&self) -> SignatureFormat<'_>;

    /// Splits the value of the header into the part before the digest, and the digest.
    fn split_signature<'v>(&self, value: &'v str) -> (&'v str, &'v str);

    /// Returns what is signed before the body; nothing if the message lacks it.
    fn signed_before_body(&self, _message: &Message) -> Option<Vec<u8>> {
        Some(Vec::new())
    }

    /// Returns what would be signed before the body with this id and time, for a scheme that signs
    /// them.
    fn signed_before_body_with(&self, _id: &str, _time: &str) -> Option<Vec<u8>> {
        None
    }

    /// Returns how far a signed time may be from the receiver's.
    fn tolerance(&self) -> Duration {
        Duration::ZERO
    }

    /// Returns how a secret spells the key.
    fn key_spelling(&self) -> KeySpelling {
        KeySpelling::Verbatim
    }

    /// Returns the objection to the time of a message whose signature is valid.
    fn time_objection(&self, _message: &Message, _at: Timestamp) -> Option<Explanation> {
        None
    }

    /// Returns the sentences of the generated documentation, in Markdown; `code` marks up a value
    /// that comes from the pack.
    fn reference(&self, code: &dyn Fn(&str) -> String) -> Vec<String>;
}

/// Reads the keys of one scheme from a pack.
pub type ReadKeys = fn(Map<String, Value>) -> Result<Arc<dyn SignatureScheme>, serde_json::Error>;

/// The part of a scheme that is the same for every pack.
#[derive(Debug)]
pub struct SchemeKind {
    /// The name in packs and reports.
    pub name: &'static str,
    /// The parts of a delivery that a signature covers, as reports name them.
    pub covers: &'static [&'static str],
    /// The signed content in the words of an explanation, such as "the *body* has changed".
    pub content: &'static str,
    /// Reads the keys of a pack's `[signature]`, all but `scheme`.
    pub read: ReadKeys,
    /// The defects that only some schemes can have, in the order in which they are listed.
    pub tampers: &'static [Tamper],
    /// Returns the codes of its own hypotheses.
    pub codes: fn() -> Vec<&'static str>,
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
    /// Its effect, in a few words.
    pub about: &'static str,
    /// The consequence if a receiver accepts it.
    pub gravity: Gravity,
    /// Advice to the author of the receiver.
    pub advice: &'static str,
    /// The source of that advice.
    pub source: &'static str,
    /// The change to the message.
    pub change: TamperChange,
}

/// The consequence of a defect that a receiver accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gravity {
    /// Anyone can send deliveries to the receiver.
    Forgery,
    /// The receiver is less strict than the provider's documentation, and admits no unsigned
    /// request.
    Harmless,
    /// Nothing: the digest is right, and only written in another way.
    Spelling,
}

/// The change that a defect makes to a message that is signed correctly.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum TamperChange {
    /// Changes something of it, after signing.
    After(fn(&Signing<'_>, &mut Message)),
    /// Signs it once more, with something else.
    Again(fn(&Signing<'_>, &mut Message) -> Result<(), SignError>),
}

/// The scheme, the secret and the envelope that a message was signed with.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'s> {
    /// The scheme.
    pub scheme: &'s dyn SignatureScheme,
    /// The secret.
    pub secret: &'s Secret,
    /// The id and the time.
    pub envelope: Envelope<'s>,
}

impl Tamper {
    /// The usual defect of a signature, to which a row adds its name and its change.
    pub const FORGERY: Self = Self {
        name: "",
        about: "",
        gravity: Gravity::Forgery,
        advice: "Compute the signature yourself and compare in constant time; a missing, malformed or \
                 shorter one is a refusal, never an exception.",
        source: "the provider's documentation",
        change: TamperChange::After(|_, _| {}),
    };

    /// Puts the defect into a message that is signed correctly.
    pub fn apply(&self, signing: &Signing<'_>, message: &mut Message) -> Result<(), SignError> {
        match self.change {
            TamperChange::After(change) => {
                change(signing, message);
                Ok(())
            }
            TamperChange::Again(change) => change(signing, message),
        }
    }
}

impl Signing<'_> {
    /// Replaces the signature of the message by one over `body`.
    pub fn sign_again(&self, body: &[u8], message: &mut Message) -> Result<(), SignError> {
        let signed = self.scheme.sign(self.secret, body, &self.envelope)?;
        message.headers.replace(&signed.header, signed.value);
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

/// The form of the body that a signature is made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignedForm {
    /// The bytes as they are.
    RawBody,
    /// The result of `JSON.stringify(JSON.parse(body))`.
    JsonStringify,
    /// The value of the body, which must be a JSON object: a copy of it is what is signed.
    #[serde(skip)]
    Claims,
}

/// The form of a signature on the wire.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignatureFormat<'s> {
    /// A digest in a header.
    Digest(DigestFormat<'s>),
    /// A token, which carries what is signed.
    Token(&'static TokenFormat),
}

/// Key material: wiped when it is dropped, and never shown by `Debug`.
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

/// Returns the key that a secret may have been turned into, if it can be.
pub type DeriveKey = fn(&[u8]) -> Option<Vec<u8>>;

/// The encoding of the key in a secret.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum KeySpelling {
    /// The bytes of the secret are the key.
    Verbatim,
    /// The secret is a string that encodes the key.
    Encoded {
        /// Returns the key, unless the secret does not encode one.
        decode: fn(&[u8]) -> Option<MacKey>,
        /// Returns a secret that encodes the key.
        encode: fn(&[u8]) -> Vec<u8>,
        /// The keys that signers derive from the string if they do not decode it like this.
        misread: &'static [Hypothesis<DeriveKey>],
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

/// Two facts of a pack that contradict each other.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{key}` is {found}, expected {expected}: {reason}")]
pub struct Contradiction {
    /// The key in `provider.toml`, from the root.
    pub key: &'static str,
    /// The value found, in backticks; `missing` if there is none.
    pub found: String,
    /// The value that the other fact asks for.
    pub expected: String,
    /// The other fact.
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
    /// Returns the value of a header that is signed, empty without an id.
    #[must_use]
    pub fn value(&self, part: EnvelopePart) -> String {
        match part {
            EnvelopePart::MessageId => self.message_id.unwrap_or_default().to_owned(),
            EnvelopePart::Timestamp => Precision::UnixSeconds.format(self.at),
        }
    }
}

/// The header that signs a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The name of the header.
    pub header: String,
    /// Its value.
    pub value: String,
    /// A remark for the user, such as that the body is not in the form that the provider sends.
    pub note: Option<&'static str>,
}

/// Something that a scheme cannot sign, or cannot sign with.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The claims of a token are a JSON object.
    #[error("cannot sign the body as a token: {0}")]
    NotClaims(String),
    /// The id is signed, and there is none.
    #[error("cannot sign without a message id: `{header}` is signed with the body")]
    NoMessageId {
        /// The header that carries the id.
        header: String,
    },
    /// The key is encoded in base64, and the secret is not base64.
    #[error("the secret is not a key in base64: expected `whsec_` and base64")]
    SecretNotBase64,
}

/// The result of a scheme's own comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureCheck {
    /// The status.
    pub status: SignatureStatus,
    /// The form of the body that was signed, if the signature is valid.
    pub matched: Option<Matched>,
    /// The reasons why it is not valid.
    pub explanations: Vec<Explanation>,
    /// Remarks on a valid signature.
    pub findings: Vec<Finding>,
}

impl SignatureCheck {
    /// Returns a check that failed for this reason.
    #[must_use]
    pub fn failed(status: SignatureStatus, explanation: Explanation) -> Self {
        Self { status, matched: None, explanations: vec![explanation], findings: Vec::new() }
    }

    /// Returns a check that failed because the header does not have the format of the scheme.
    pub(super) fn malformed(code: &'static str, message: impl Into<String>, fix: &str) -> Self {
        Self::failed(SignatureStatus::Malformed, Explanation::new(code, message, fix))
    }

    /// Returns a check that failed although the header has the format of the scheme.
    pub(super) fn invalid(code: &'static str, message: impl Into<String>, fix: &str) -> Self {
        Self::failed(SignatureStatus::Invalid, Explanation::new(code, message, fix))
    }

    /// Returns a check that passed, over this form of the body.
    #[must_use]
    pub fn valid(matched: Matched) -> Self {
        Self {
            status: SignatureStatus::Valid,
            matched: Some(matched),
            explanations: Vec::new(),
            findings: Vec::new(),
        }
    }
}
