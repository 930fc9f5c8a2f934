//! A captured request: its bytes, the time it was received and the sender's address.

use crate::domain::message::Message;
use jiff::Timestamp;
use std::fmt;

/// One received request, ready to be written to disk or read back from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The time at which the request was complete, if it is known.
    pub received_at: Option<Timestamp>,
    /// The address of the sender, if it is known.
    pub remote: Option<String>,
    /// The request, byte for byte as far as `body_saved` says.
    pub message: Message,
    /// The part of the body that was saved.
    pub body_saved: BodySaved,
}

impl Capture {
    /// Creates the capture of a whole request.
    #[must_use]
    pub fn new(received_at: Option<Timestamp>, remote: Option<String>, message: Message) -> Self {
        Self { received_at, remote, message, body_saved: BodySaved::Full }
    }
}

/// The part of a received body that its capture contains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodySaved {
    /// The body, byte for byte.
    #[default]
    Full,
    /// A body of the same structure with synthetic values, signed with a throw-away secret.
    Redacted,
    /// Nothing.
    None,
}

impl BodySaved {
    /// Returns the part of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [Self::Full, Self::Redacted, Self::None].into_iter().find(|part| part.name() == name)
    }

    /// Returns the name in capture files and of the option.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Redacted => "redacted",
            Self::None => "none",
        }
    }
}

impl fmt::Display for BodySaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_a_name_of_its_own() {
        for part in [BodySaved::Full, BodySaved::Redacted, BodySaved::None] {
            assert_eq!(BodySaved::find(part.name()), Some(part));
        }
        assert_eq!(BodySaved::find("half"), None);
    }
}
