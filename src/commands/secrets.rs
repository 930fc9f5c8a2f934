//! Where secrets come from: an option, a file, the environment, or the person at the terminal.

use crate::commands::Context;
use crate::domain::provider::Provider;
use crate::domain::secret::Keyring;
use crate::domain::secret::Secret;
use crate::domain::target::Target;
use crate::engine::explain::Candidate;
use crate::error::Error;
use crate::io::input;
use crate::io::prompt;
use crate::protocols::byte_order_mark;
use std::path::Path;

/// Largest secret file: a secret is a line.
const MAX_SECRET: u64 = 64 * 1024;

/// Largest file of candidates.
const MAX_CANDIDATES: u64 = 1024 * 1024;

/// What `--secret` holds where it stands without a value: no argument can hold it.
pub(crate) const NO_VALUE: &str = "\0";

/// Whether the command can do without a secret, for the hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsigned {
    /// It has `--unsigned`.
    Possible,
    /// It has not.
    Never,
}

/// The variable that serves every provider.
const ANY: &str = "LEADHOOK_SECRET";

impl Context<'_> {
    /// The secrets to verify with: those given, else those of the environment, else none.
    pub(super) fn keyring(&mut self) -> Result<Keyring, Error> {
        let given = self.given_secrets()?;
        if !given.is_empty() {
            return Ok(Keyring::for_any(given));
        }
        let any = self.variable(ANY)?;
        let mut keyring = Keyring::for_any(any.into_iter().collect());
        let ids: Vec<_> = self.packs.iter().map(|pack| pack.provider.id.clone()).collect();
        for id in ids {
            if let Some(secret) = self.variable(&variable(&id))? {
                keyring.insert(&id, secret);
            }
        }
        // An option without a value asks for a secret: without one there is no going on.
        if keyring.is_empty() && !self.global.secret.is_empty() {
            return Ok(Keyring::for_any(vec![self.asked("the provider", ANY, Unsigned::Never)?]));
        }
        Ok(keyring)
    }

    /// The secrets that may be meant when none of the keyring holds: each line of a file, and those
    /// of the environment that given ones have put aside.
    pub(super) fn candidates(&self, path: Option<&Path>) -> Result<Vec<Candidate>, Error> {
        let mut candidates = Vec::new();
        let ids = self.packs.iter().map(|pack| variable(&pack.provider.id));
        for name in ids.chain([ANY.to_owned()]) {
            if let Some(secret) = self.variable(&name)? {
                candidates.push(Candidate { place: format!("`{name}`"), secret });
            }
        }
        let Some(path) = path else { return Ok(candidates) };
        let bytes = input::read("candidates", path, MAX_CANDIDATES)?;
        let bytes = byte_order_mark::without(&bytes);
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            // The value in an `.env` file, where quotes around it are no part of it.
            let value = line.iter().position(|byte| *byte == b'=').map(|at| &line[at + 1..]);
            let quoted = value.map(<[u8]>::trim_ascii).and_then(|value| match value {
                [b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\''] => Some(inside),
                _ => None,
            });
            for text in std::iter::once(line).chain(quoted).chain(value) {
                if let Ok(secret) = Secret::new(text) {
                    let place = format!("line {} of `{}`", index + 1, path.display());
                    candidates.push(Candidate { place, secret });
                }
            }
        }
        Ok(candidates)
    }

    /// Says what a receiver with this ring cannot verify, before anything arrives.
    pub(super) fn note_unverifiable(&mut self, keyring: &Keyring) {
        if keyring.is_empty() {
            self.printer.note("no secret: no signature is checked, every delivery is taken");
            return;
        }
        let ids = self.packs.iter().map(|pack| pack.provider.id.as_str());
        let bare: Vec<_> = ids.filter(|id| keyring.of(id).is_empty()).collect();
        if !bare.is_empty() {
            self.printer
                .note(&format!("no secret of {}: what they send is not verified", bare.join(", ")));
        }
    }

    /// The one secret to sign with.
    pub(super) fn signing_secret(
        &mut self,
        provider: &Provider,
        unsigned: Unsigned,
    ) -> Result<Secret, Error> {
        let mut given = self.given_secrets()?;
        if given.len() > 1 {
            return Err(Error::Option {
                message: "more than one secret was given, and a delivery is signed with one"
                    .to_owned(),
                hint: "`verify`, `listen` and `practice` take several".to_owned(),
            });
        }
        if let Some(secret) = given.pop() {
            return Ok(secret);
        }
        let own = variable(&provider.id);
        for name in [own.as_str(), ANY] {
            if let Some(secret) = self.variable(name)? {
                return Ok(secret);
            }
        }
        self.asked(&provider.name, &own, unsigned)
    }

    /// Those of `--secret VALUE` and `--secret-file FILE`.
    fn given_secrets(&mut self) -> Result<Vec<Secret>, Error> {
        let mut secrets = Vec::new();
        for value in self.global.secret.iter().filter(|value| *value != NO_VALUE) {
            if Target::looks_like_one(value) {
                return Err(Error::SecretIsTarget);
            }
            secrets.push(secret("`--secret`", value.as_bytes())?);
        }
        for path in self.global.secret_file.clone() {
            secrets.push(self.file(&path)?);
        }
        Ok(secrets)
    }

    fn file(&mut self, path: &Path) -> Result<Secret, Error> {
        let bytes = input::read("secret", path, MAX_SECRET)?;
        let origin = format!("`--secret-file {}`", path.display());
        // `echo secret > file` ends the line, and the secret does not.
        let line = bytes.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        if line.is_some() {
            self.printer.detail(&format!("{origin}: one final line end was dropped"));
        }
        let secret = secret(&origin, line.unwrap_or(&bytes))?;
        if secret.has_outer_space() {
            self.printer
                .note(&format!("{origin}: white space at its ends counts as part of the secret"));
        }
        Ok(secret)
    }

    fn variable(&self, name: &str) -> Result<Option<Secret>, Error> {
        self.env.bytes(name).map(|value| secret(name, value)).transpose()
    }

    /// Asks on the terminal where `--secret` stands without a value; else there is none.
    fn asked(
        &mut self,
        provider: &str,
        variable: &str,
        unsigned: Unsigned,
    ) -> Result<Secret, Error> {
        let none = || Error::NoSecret {
            provider: provider.to_owned(),
            variable: variable.to_owned(),
            unsigned: unsigned == Unsigned::Possible,
        };
        let wanted = self.global.secret.iter().any(|value| value == NO_VALUE);
        if !(wanted && self.env.stdin_is_terminal && self.env.stderr_is_terminal) {
            return Err(none());
        }
        let answer =
            prompt::secret(&format!("signing secret of {provider}")).map_err(|_| none())?;
        secret("the answer", answer.as_bytes())
    }
}

fn secret(origin: &str, bytes: &[u8]) -> Result<Secret, Error> {
    Secret::new(bytes).map_err(|source| Error::Secret { origin: origin.to_owned(), source })
}

/// `LEADHOOK_REALGEEKS_SECRET`
fn variable(id: &str) -> String {
    let id: String = id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect();
    format!("LEADHOOK_{id}_SECRET")
}
