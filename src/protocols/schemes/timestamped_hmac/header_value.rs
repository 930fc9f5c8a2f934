//! The value of the header: named parts, separated by commas.

use crate::protocols::schemes::digest_reader::DigestReader;
use crate::protocols::schemes::scheme::{Contradiction, SignatureCheck};
use serde::Deserialize;

/// The character between the parts.
pub(super) const SEPARATOR: char = ',';

/// The maximum number of signatures of one header: each costs a comparison.
const MAX_SIGNATURES: usize = 16;

/// The name of a part, with the `=` after it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(super) struct PartName(String);

impl From<String> for PartName {
    fn from(name: String) -> Self {
        Self(name + "=")
    }
}

impl PartName {
    /// Returns the name without the `=`.
    pub(super) fn name(&self) -> &str {
        self.0.trim_end_matches('=')
    }

    /// Returns the name and the `=`, which precede the value.
    pub(super) fn prefix(&self) -> &str {
        &self.0
    }

    /// Rejects a name that cannot be distinguished from the rest of the header.
    pub(super) fn check(&self, key: &'static str, example: &str) -> Result<(), Contradiction> {
        let name = &self.0[..self.0.len() - 1];
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if !name.is_empty() && name.len() <= 32 && name.bytes().all(is_allowed) {
            return Ok(());
        }
        Err(Contradiction {
            key,
            found: format!("`{}`", name.escape_debug()),
            expected: format!("up to 32 letters, digits, `-` and `_`, such as `{example}`"),
            reason: "it is the name of a part of the header, before `=`",
        })
    }
}

/// The parts of one header, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HeaderValue<'v> {
    /// The time.
    pub(super) time: &'v [u8],
    /// The signatures, at least one.
    pub(super) signatures: Vec<&'v [u8]>,
}

impl<'v> HeaderValue<'v> {
    /// Splits a value, or explains which part is missing or repeated.
    pub(super) fn parse(
        time_part: &PartName,
        signature_part: &PartName,
        reader: &DigestReader<'_>,
        value: &'v [u8],
    ) -> Result<Self, SignatureCheck> {
        let header = reader.header;
        let malformed = SignatureCheck::malformed;
        let parts = || value.split(|byte| *byte == b',');
        let named = |name: &PartName| {
            let prefix = name.prefix().as_bytes().to_vec();
            parts().filter_map(move |part| part.strip_prefix(prefix.as_slice()))
        };
        if value.is_empty() {
            return Err(reader.empty());
        }
        let fix = format!(
            "send {}SECONDS,{}DIGEST, with the time in Unix seconds",
            time_part.prefix(),
            signature_part.prefix()
        );
        let has_space = parts().any(|part| part != part.trim_ascii());
        let spaced = || {
            let message = format!("`{header}` has a space beside a comma.");
            let fix = "write the parts without spaces: the vendors' SDKs do not skip them";
            malformed("space-in-signature", message, fix)
        };
        let mut times = named(time_part);
        let Some(time) = times.next() else {
            let message = format!("`{header}` has no `{}`.", time_part.prefix());
            return Err(if has_space {
                spaced()
            } else {
                malformed("missing-timestamp", message, &fix)
            });
        };
        if times.next().is_some() {
            let message = format!("`{header}` has more than one `{}`.", time_part.prefix());
            let fix = "send one time: receivers differ on which one they use";
            return Err(malformed("repeated-timestamp", message, fix));
        }
        let signatures: Vec<_> = named(signature_part).take(MAX_SIGNATURES).collect();
        if signatures.is_empty() {
            let message = format!("`{header}` has no `{}`.", signature_part.prefix());
            let is_version = |part: &[u8]| {
                part.strip_prefix(b"v")
                    .is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit))
            };
            return Err(if has_space {
                spaced()
            } else if parts().any(is_version) {
                malformed("other-version", message, &fix)
            } else {
                malformed("unprefixed-signature", message, &fix)
            });
        }
        Ok(Self { time, signatures })
    }

    /// Parses every digest; if none is readable, the first one determines the error.
    pub(super) fn digests(
        &self,
        reader: &DigestReader<'_>,
    ) -> Result<Vec<Vec<u8>>, SignatureCheck> {
        let mut first_error = None;
        let mut digests = Vec::new();
        for signature in &self.signatures {
            match reader.read(signature) {
                Ok(digest) => digests.push(digest),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        match first_error {
            Some(error) if digests.is_empty() => Err(error),
            _ => Ok(digests),
        }
    }
}
