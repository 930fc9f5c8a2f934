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

/// Changes the last letter or digit at the end of a text, so that the body stays JSON; where there
/// is none, adds a member.
fn change_one_byte(body: &mut Vec<u8>) {
    let ends_a_text = |triple: &[u8]| {
        // After a backslash a letter is no letter.
        triple[0] != b'\\' && triple[1].is_ascii_alphanumeric() && triple[2] == b'"'
    };
    if let Some(index) = body.windows(3).rposition(ends_a_text) {
        body[index + 1] = neighbour(body[index + 1]);
        return;
    }
    match body.iter().rposition(|byte| *byte == b'}') {
        Some(end) => {
            let is_first = body[..end].trim_ascii_end().ends_with(b"{");
            let member: &[u8] = if is_first { br#""tampered":1"# } else { br#","tampered":1"# };
            body.splice(end..end, member.iter().copied());
        }
        None => body.push(b'!'),
    }
}

/// Another byte of the same kind: a digit for a digit, a hex letter for a hex letter.
fn neighbour(byte: u8) -> u8 {
    match byte {
        b'0' | b'a' | b'A' => byte + 1,
        _ => byte - 1,
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
    fn a_changed_body_is_another_document_and_stays_json() {
        let read = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).unwrap();
        for body in [
            r#"{"a":"z"}"#,
            r#"{"a":"0","b":1}"#,
            r#"{"a":true}"#,
            r#"{"type":"bca"}"#,
            r#"{"a":"x\n"}"#,
            r#"{"a":"\u00ef"}"#,
            "{}",
            r#"{"":1}"#,
        ] {
            let mut changed = body.as_bytes().to_vec();
            change_one_byte(&mut changed);
            assert_ne!(read(&changed), read(body.as_bytes()), "{body}");
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
