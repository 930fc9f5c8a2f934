//! One defect on purpose: each a row with a name.

use crate::domain::message::Message;
use crate::domain::provider::Scheme;
use crate::domain::secret::Secret;

/// A defect that `send --tamper` can put into a delivery.
#[derive(Debug)]
pub struct Tamper {
    /// What users call it.
    pub name: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
    change: Change,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    /// Before signing.
    Secret(fn(&Secret) -> Secret),
    /// After signing.
    Message(fn(&Scheme, &mut Message)),
}

/// Every defect, in the order in which they are listed.
pub const TAMPERS: &[Tamper] = &[
    Tamper {
        name: "body",
        about: "one character of the body is changed after signing",
        change: Change::Message(|_, message| change_one_byte(&mut message.body)),
    },
    Tamper {
        name: "missing-signature",
        about: "the header that signs is left out",
        change: Change::Message(|scheme, message| message.headers.remove(scheme.header())),
    },
    Tamper {
        name: "wrong-secret",
        about: "signed with another secret",
        change: Change::Secret(Secret::spoiled),
    },
    Tamper {
        name: "truncated",
        about: "the last half of the signature is cut off",
        change: Change::Message(truncate),
    },
];

impl Tamper {
    /// The defect called `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        TAMPERS.iter().find(|tamper| tamper.name == name)
    }

    /// The secret to sign with.
    #[must_use]
    pub fn secret(&self, secret: &Secret) -> Secret {
        match self.change {
            Change::Secret(spoil) => spoil(secret),
            Change::Message(_) => secret.clone(),
        }
    }

    /// Spoils the signed message.
    pub fn message(&self, scheme: &Scheme, message: &mut Message) {
        match self.change {
            Change::Secret(_) => {}
            Change::Message(spoil) => spoil(scheme, message),
        }
    }
}

/// Changes the last letter or digit at the end of a text, so that the body stays JSON.
fn change_one_byte(body: &mut Vec<u8>) {
    let ends_a_text = |pair: &[u8]| pair[0].is_ascii_alphanumeric() && pair[1] == b'"';
    match body.windows(2).rposition(ends_a_text) {
        // Letters and digits change within themselves: a to b, z to y, 4 to 5.
        Some(index) => body[index] ^= 1,
        None => body.push(b' '),
    }
}

/// Keeps the first half of the digest, which for a token is the last of its three parts.
fn truncate(scheme: &Scheme, message: &mut Message) {
    let header = scheme.header();
    let Some(value) = message.headers.text(header).map(str::to_owned) else { return };
    let digest = value.rsplit('.').next().map_or(value.len(), str::len);
    message.headers.replace(header, &value[..value.len() - digest / 2]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_body_has_the_same_length_and_stays_json() {
        for body in [r#"{"a":"z"}"#, r#"{"a":"9","b":1}"#, r#"{"a":true}"#, r#"{"type":"Z"}"#] {
            let mut changed = body.as_bytes().to_vec();
            change_one_byte(&mut changed);
            assert_ne!(changed, body.as_bytes());
            assert_eq!(changed.len(), body.len());
            assert!(serde_json::from_slice::<serde_json::Value>(&changed).is_ok(), "{body}");
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = TAMPERS.iter().map(|tamper| tamper.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TAMPERS.len());
    }
}
