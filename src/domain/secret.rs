//! Signing secrets, which are never printed, and the keyring of all configured ones.

use std::collections::BTreeMap;
use std::fmt;
use thiserror::Error;
use zeroize::Zeroizing;

/// The minimum number of bytes of an HS256 key according to RFC 7518, section 3.2.
const MIN_KEY_BYTES: usize = 32;

/// A signing key, used as raw bytes.
///
/// It has no `Display`, its `Debug` never shows the bytes, and they are wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// The reason why a value cannot be a signing key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// It is empty or only white space: anyone could sign with that.
    #[error("the secret is empty")]
    Empty,
    /// It is a key pair, but a shared secret is needed.
    #[error("the secret is a PEM key: expected a shared secret")]
    Pem,
}

impl Secret {
    /// Creates a secret from the bytes as they are: nothing is trimmed and nothing is decoded.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, SecretError> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(SecretError::Empty);
        }
        if bytes.starts_with(b"-----BEGIN") {
            return Err(SecretError::Pem);
        }
        Ok(Self(bytes))
    }

    /// Wraps bytes derived from a secret, without the checks for user input.
    #[must_use]
    pub fn derived(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Returns the raw bytes. Only code that signs or verifies may call it.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Returns `true` if it is shorter than RFC 7518 requires for a 256-bit MAC.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.0.len() < MIN_KEY_BYTES
    }

    /// Returns the number of its bytes.
    #[must_use]
    pub fn byte_count(&self) -> usize {
        self.0.len()
    }

    /// Returns `true` if it ends in a newline, as a file does that an editor wrote.
    #[must_use]
    pub fn ends_in_newline(&self) -> bool {
        self.0.ends_with(b"\n")
    }

    /// Returns `true` if it begins or ends with white space, which is nearly always an accident.
    #[must_use]
    pub fn has_outer_whitespace(&self) -> bool {
        let is_space = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
        is_space(self.0.first()) || is_space(self.0.last())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// The configured secrets: general ones, and those of single providers.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    general: Vec<Secret>,
    by_provider: BTreeMap<String, Vec<Secret>>,
}

impl Keyring {
    /// Creates a keyring whose secrets apply to every provider.
    #[must_use]
    pub fn for_any(secrets: Vec<Secret>) -> Self {
        Self { general: secrets, by_provider: BTreeMap::new() }
    }

    /// Adds a secret of one provider, which is then tried instead of the general ones.
    pub fn insert(&mut self, provider: &str, secret: Secret) {
        self.by_provider.entry(provider.to_owned()).or_default().push(secret);
    }

    /// Excludes a provider from the general secrets: only its own are tried.
    pub fn exclude_from_general(&mut self, provider: &str) {
        self.by_provider.entry(provider.to_owned()).or_default();
    }

    /// Returns the secrets that may have signed a delivery of `provider`.
    #[must_use]
    pub fn secrets_for(&self, provider: &str) -> &[Secret] {
        self.by_provider.get(provider).map_or(&self.general, Vec::as_slice)
    }

    /// Returns `true` if there is no secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.general.is_empty() && self.by_provider.values().all(Vec::is_empty)
    }

    /// Returns the secrets that [`Keyring::secrets_for`] does not return for this provider, each with the
    /// provider it belongs to; the general ones have none.
    pub fn others(&self, provider: &str) -> impl Iterator<Item = (Option<&str>, &Secret)> {
        let own = self.secrets_for(provider);
        let any = self.general.iter().map(|secret| (None, secret));
        let named = self.by_provider.iter().flat_map(|(id, secrets)| {
            secrets.iter().map(move |secret| (Some(id.as_str()), secret))
        });
        any.chain(named).filter(move |(_, secret)| !own.contains(secret))
    }

    /// Returns every secret.
    pub fn all(&self) -> impl Iterator<Item = &Secret> {
        self.general.iter().chain(self.by_provider.values().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_bytes() {
        let secret = Secret::new("s3cret").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(redacted)");
        assert!(!format!("{:?}", Keyring::for_any(vec![secret])).contains("s3cret"));
    }

    #[test]
    fn an_empty_or_blank_secret_is_rejected() {
        for blank in ["", " ", "\n", " \t\r\n"] {
            assert_eq!(Secret::new(blank), Err(SecretError::Empty), "{blank:?}");
        }
        assert_eq!(Secret::new("-----BEGIN PUBLIC KEY-----"), Err(SecretError::Pem));
    }

    #[test]
    fn a_secret_of_the_provider_replaces_the_general_ones() {
        let secret = |text: &str| Secret::new(text).unwrap();
        let mut ring = Keyring::for_any(vec![secret("general")]);
        ring.insert("acme", secret("own"));
        assert_eq!(ring.secrets_for("acme"), [secret("own")]);
        assert_eq!(ring.secrets_for("other"), [secret("general")]);
        ring.exclude_from_general("acme");
        ring.exclude_from_general("other");
        assert_eq!(
            (ring.secrets_for("acme"), ring.secrets_for("other")),
            ([secret("own")].as_slice(), [].as_slice())
        );
        let mut empty = Keyring::default();
        empty.exclude_from_general("acme");
        assert!(empty.is_empty());
    }
}
