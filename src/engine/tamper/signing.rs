//! The key, scheme and envelope that a message was signed with.

use crate::domain::message::Message;
use crate::domain::provider::Scheme;
use crate::domain::secret::Secret;
use crate::protocols::scheme;
use crate::protocols::signature::{Envelope, SignError};

/// What a message was signed with.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'s> {
    /// How.
    pub scheme: &'s Scheme,
    /// With which secret.
    pub secret: &'s Secret,
    /// Under which id, and when.
    pub envelope: Envelope<'s>,
}

impl Signing<'_> {
    /// Puts a signature over `body` in the place of the one that is there.
    pub(super) fn sign_again(&self, body: &[u8], message: &mut Message) -> Result<(), SignError> {
        let signed = scheme::sign(self.scheme, self.secret, body, &self.envelope)?;
        message.headers.replace(&signed.header, signed.value);
        Ok(())
    }
}
