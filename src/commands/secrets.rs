//! Where secrets come from: an option, a file, the environment, or the person at the terminal.

use crate::commands::context::Context;
use crate::commands::globals::NO_VALUE;
use crate::commands::settings::{Effective, SettingOrigin};
use crate::domain::config::variable_of_option;
use crate::domain::event::EventRef;
use crate::domain::secret::{Keyring, Secret};
use crate::domain::target::Target;
use crate::engine::explain::Candidate;
use crate::error::Error;
use crate::io::error::Error as IoError;
use crate::io::{input, prompt};
use crate::protocols::byte_order_mark;
use crate::providers::provider::Provider;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Largest secret file: a secret is a line.
const MAX_SECRET: u64 = 64 * 1024;

/// The longest that a pipe which was named for a secret may take to end: `pass` and its kind may ask
/// for a key first.
const LONGEST_PIPE: Duration = Duration::from_secs(10);

/// Largest file of candidates.
const MAX_CANDIDATES: u64 = 1024 * 1024;

/// Whether the command can do without a secret, for the hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsigned {
    /// It has `--unsigned`.
    Possible,
    /// It has not.
    Never,
}

/// Whether standard input may be read for a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stdin {
    /// The secret is used, once.
    Read,
    /// The command only asks where it would come from.
    Untouched,
}

/// A secret, and where it was found.
pub(super) struct FoundSecret {
    pub(super) secret: Secret,
    pub(super) origin: SettingOrigin,
}

/// The keys of a configuration file that name a secret: the variable, and the file.
pub(super) const SECRET_KEYS: [&str; 2] = ["secret-env", "secret-file"];

/// The variable that serves every provider.
const ANY: &str = "LEADHOOK_SECRET";

impl Context<'_> {
    /// The secrets to verify with: those given, else those of the environment, else none.
    pub(super) fn keyring(&mut self) -> Result<Keyring, Error> {
        let given = self.given_secrets()?;
        let ids: Vec<_> = self.packs.iter().map(|pack| pack.provider.id.clone()).collect();
        let mut keyring =
            if given.is_empty() { self.found_secrets(&ids)? } else { Keyring::for_any(given) };
        self.withhold_general(&ids, &mut keyring);
        Ok(keyring)
    }

    /// Those that the environment and the configuration files name, else that of the terminal.
    fn found_secrets(&mut self, ids: &[String]) -> Result<Keyring, Error> {
        let any = self.any_secret(Stdin::Read)?;
        if let Some(found) = &any {
            self.tell_secret(None, &found.origin);
        }
        let mut keyring = Keyring::for_any(any.into_iter().map(|found| found.secret).collect());
        for id in ids {
            if let Some(found) = self.secret_of(id)? {
                // One that serves every provider was named above.
                if !keyring.of(id).contains(&found.secret) {
                    self.tell_secret(Some(id), &found.origin);
                }
                keyring.insert(id, found.secret);
            }
        }
        // An option without a value asks for a secret: without one there is no going on.
        if keyring.is_empty() && !self.global.secret.is_empty() {
            return Ok(Keyring::for_any(vec![self.asked("the provider", ANY, Unsigned::Never)?]));
        }
        Ok(keyring)
    }

    /// Keeps the general secrets from packs that may not use them, and says so.
    fn withhold_general(&mut self, ids: &[String], keyring: &mut Keyring) {
        for id in ids {
            let Err(error) = self.check_general_secret(id, None) else { continue };
            let is_told = !keyring.of(id).is_empty();
            keyring.withhold(id);
            if is_told && keyring.of(id).is_empty() {
                let hint = error.hint().unwrap_or_default();
                self.printer.note(&format!("{error}: {hint}"));
            }
        }
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
        // A secret of a profile that is not in force may be the one. One that cannot be read
        // now is no candidate.
        for (key, place) in self.settings.everywhere(&SECRET_KEYS) {
            if let Ok(Some(found)) = self.written_secret(key, None, &place) {
                candidates
                    .push(Candidate { place: place.origin.to_string(), secret: found.secret });
            }
        }
        let Some(path) = path else { return Ok(candidates) };
        let bytes = input::read(self.env.stdin(), "candidates", path, MAX_CANDIDATES)?;
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
        let unset: BTreeSet<_> = self
            .settings
            .in_force(SECRET_KEYS[0])
            .into_iter()
            .filter(|place| self.env.os(&place.text).is_none())
            .map(|place| format!("`{}` is not set, which {} names", place.text, place.origin))
            .collect();
        for text in &unset {
            self.printer.note(text);
        }
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

    /// The one secret to sign with. `event` is the event that was asked for, if one was.
    pub(super) fn signing_secret(
        &mut self,
        provider: &Provider,
        event: Option<&EventRef>,
        unsigned: Unsigned,
    ) -> Result<Secret, Error> {
        let mut given = self.given_secrets()?;
        if given.len() > 1 {
            return Err(several_secrets());
        }
        let id = &provider.id;
        let usable = self.check_general_secret(id, event);
        if let Some(secret) = given.pop() {
            return usable.map(|()| secret);
        }
        if let Some(found) = self.secret_of(id)? {
            self.tell_secret(Some(id), &found.origin);
            return Ok(found.secret);
        }
        if let Some(found) = self.any_secret(Stdin::Read)? {
            self.tell_secret(None, &found.origin);
            return usable.map(|()| found.secret);
        }
        // The name that a file gives is the one to be set.
        let written = self.settings.first_of(&provider.id, &SECRET_KEYS);
        let named = written.filter(|(key, _)| *key == SECRET_KEYS[0]);
        let name = named.map_or_else(|| variable(&provider.id), |(_, place)| place.text);
        self.asked(&provider.name, &name, unsigned)
    }

    /// The secret of one provider that stands before those of any: its own variable, or what a file
    /// says where no variable says anything.
    pub(super) fn secret_of(&mut self, id: &str) -> Result<Option<FoundSecret>, Error> {
        let name = variable(id);
        if let Some(secret) = self.variable(&name)? {
            return Ok(Some(FoundSecret { secret, origin: SettingOrigin::Variable(name) }));
        }
        if self.env.os(ANY).is_some() || self.env.os(&variable_of_option("secret_file")).is_some() {
            return Ok(None);
        }
        match self.settings.first_of(id, &SECRET_KEYS) {
            Some((key, place)) => self.used(key, Some(id), &place),
            None => Ok(None),
        }
    }

    /// The secret that serves every provider without one of its own.
    pub(super) fn any_secret(&mut self, stdin: Stdin) -> Result<Option<FoundSecret>, Error> {
        if let Some(secret) = self.variable(ANY)? {
            return Ok(Some(FoundSecret {
                secret,
                origin: SettingOrigin::Variable(ANY.to_owned()),
            }));
        }
        let name = variable_of_option("secret_file");
        if let Some(path) = self.env.os(&name).map(PathBuf::from) {
            if stdin == Stdin::Untouched && path.as_os_str() == "-" {
                return Ok(None);
            }
            let secret = self.file(&format!("`{name}`"), &path)?;
            return Ok(Some(FoundSecret { secret, origin: SettingOrigin::Variable(name) }));
        }
        match self.settings.first_general(&SECRET_KEYS) {
            Some((key, place)) => self.used(key, None, &place),
            None => Ok(None),
        }
    }

    /// The secret that a key of a file names, and what is to be said of it.
    fn used(
        &mut self,
        key: &str,
        provider: Option<&str>,
        place: &Effective,
    ) -> Result<Option<FoundSecret>, Error> {
        let found = self.written_secret(key, provider, place)?;
        if key != SECRET_KEYS[0]
            && found.as_ref().is_some_and(|found| found.secret.has_outer_space())
        {
            self.note_outer_space(&place.origin.to_string());
        }
        Ok(found)
    }

    fn note_outer_space(&mut self, origin: &str) {
        self.printer
            .note(&format!("{origin}: white space at its ends counts as part of the secret"));
    }

    /// The secret that a key of a file names; none where its variable is not set.
    fn written_secret(
        &self,
        key: &str,
        provider: Option<&str>,
        place: &Effective,
    ) -> Result<Option<FoundSecret>, Error> {
        self.check_secret_source(key, provider, place)?;
        let origin = place.origin.clone();
        let secret = if key == SECRET_KEYS[0] {
            self.variable(&place.text)?
        } else {
            let path = place.path();
            // Whoever wrote the file must not make every command wait for a pipe.
            let name = origin.to_string();
            let bytes = input::read_regular("secret", &path, MAX_SECRET)
                .map_err(|error| without_name(error, &name))?;
            Some(of_file(&name, &bytes)?.0)
        };
        Ok(secret.map(|secret| FoundSecret { secret, origin }))
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
            // The name of what does not exist may be the secret.
            let name = path.symlink_metadata().map(|_| format!(" {}", path.display()));
            let origin = format!("`--secret-file{}`", name.unwrap_or_default());
            secrets.push(self.file(&origin, &path)?);
        }
        Ok(secrets)
    }

    fn file(&mut self, origin: &str, path: &Path) -> Result<Secret, Error> {
        let stdin = self.env.stdin();
        let bytes = input::read_within(stdin, "secret", path, MAX_SECRET, LONGEST_PIPE)
            .map_err(|error| without_name(error, origin))?;
        let (secret, ended) = of_file(origin, &bytes)?;
        if ended {
            self.printer.detail(&format!("{origin}: one final line end was dropped"));
        }
        if secret.has_outer_space() {
            self.note_outer_space(origin);
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
        let answer = prompt::secret(self.env, &format!("signing secret of {provider}"))
            .map_err(|_| none())?;
        secret("the answer", answer.as_bytes())
    }
}

/// The error for several secrets where one of them would have to be chosen.
pub(super) fn several_secrets() -> Error {
    Error::Option {
        message: "more than one secret was given, and a delivery is signed with one".to_owned(),
        hint: "`verify`, `listen` and `practice` take several".to_owned(),
    }
}

/// Returns the error without the name of a file that does not exist: a secret is easily typed where
/// its file belongs.
fn without_name(error: IoError, origin: &str) -> IoError {
    match error {
        IoError::Read { path, source, .. } if path.symlink_metadata().is_err() => {
            IoError::SecretFile { origin: origin.to_owned(), source }
        }
        error => error,
    }
}

/// Returns the secret that a file holds, and whether a line end was dropped behind it.
fn of_file(origin: &str, bytes: &[u8]) -> Result<(Secret, bool), Error> {
    // `echo secret > file` ends the line, and the secret does not.
    let line = bytes.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    Ok((secret(origin, line.unwrap_or(bytes))?, line.is_some()))
}

fn secret(origin: &str, bytes: &[u8]) -> Result<Secret, Error> {
    Secret::new(bytes).map_err(|source| Error::Secret { origin: origin.to_owned(), source })
}

/// `LEADHOOK_REALGEEKS_SECRET`
pub(super) fn variable(id: &str) -> String {
    let id: String = id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect();
    format!("LEADHOOK_{id}_SECRET")
}
