//! The requests of an interview: genuine ones, forged ones, and those with a given signature.

use crate::domain::message::Message;
use crate::domain::secret::Secret;
use crate::engine::conformance::payload_builder::CaseContext;
use crate::engine::diagnosis::interview::NoClaim;
use crate::engine::diagnosis::question_body::QuestionBody;
use crate::engine::seeded_rng::SeededRng;
use crate::protocols::schemes::Scheme;
use crate::protocols::schemes::scheme::KeyEncoding;
use std::collections::BTreeMap;

/// Builds the requests of one interview.
pub(super) struct Requests<'c> {
    context: &'c CaseContext<'c>,
    secret: &'c Secret,
    /// The genuine delivery of each body.
    genuine: BTreeMap<QuestionBody, Message>,
}

impl<'c> Requests<'c> {
    pub(super) fn new(context: &'c CaseContext<'c>) -> Result<Self, NoClaim> {
        let secret = context.secrets.first().ok_or(NoClaim)?;
        let mut requests = Self { context, secret, genuine: BTreeMap::new() };
        for body in QuestionBody::ALL {
            let message = requests.signed(body, secret)?;
            requests.genuine.insert(body, message);
        }
        Ok(requests)
    }

    pub(super) fn scheme(&self) -> &'c Scheme {
        &self.context.pack.provider.signature
    }

    pub(super) fn secret(&self) -> &'c Secret {
        self.secret
    }

    /// Returns a genuine delivery of a body.
    pub(super) fn genuine(&self, body: QuestionBody) -> Result<Message, NoClaim> {
        self.genuine.get(&body).cloned().ok_or(NoClaim)
    }

    /// Returns the value of the header that carries the genuine signature of a body.
    pub(super) fn genuine_signature(&self, body: QuestionBody) -> Result<String, NoClaim> {
        self.signature(&self.genuine(body)?)
    }

    /// Returns a delivery of a body with this signature.
    pub(super) fn with_signature(
        &self,
        body: QuestionBody,
        value: &str,
    ) -> Result<Message, NoClaim> {
        let mut message = self.genuine(body)?;
        self.scheme().place().write(value, &mut message);
        Ok(message)
    }

    /// Returns the signature of a body with another secret.
    pub(super) fn signature_with(
        &self,
        body: QuestionBody,
        secret: &Secret,
    ) -> Result<String, NoClaim> {
        self.signature(&self.signed(body, secret)?)
    }

    /// Returns a delivery of a body that is signed with a random key.
    pub(super) fn forged(&self, body: QuestionBody, number: u64) -> Result<Message, NoClaim> {
        let seed = self.context.seed.wrapping_add(number);
        let key = SeededRng::new(seed, "diagnosis-forgery").bytes::<32>();
        let secret = match self.scheme().key_encoding() {
            KeyEncoding::Verbatim => key.to_vec(),
            KeyEncoding::Encoded { encode, .. } => encode(&key),
        };
        self.signed(body, &Secret::derived(secret))
    }

    fn signed(&self, body: QuestionBody, secret: &Secret) -> Result<Message, NoClaim> {
        let secrets = [secret.clone()];
        let context = CaseContext { secrets: &secrets, ..*self.context };
        let mut builder = context.creation_builder();
        (builder.message_number, builder.lead_number) =
            (body.message_number(), body.message_number());
        builder.rewrite_body = body.rewrite(self.scheme().signed_form());
        builder.build().map_err(|_| NoClaim)
    }

    fn signature(&self, message: &Message) -> Result<String, NoClaim> {
        self.scheme().place().text(message).ok_or(NoClaim)
    }
}
