//! Lookup of secrets: from options, files, the environment or a prompt on the terminal.

use crate::commands::context::Context;
use crate::commands::global_options::NO_VALUE;
use crate::commands::settings::{EffectiveValue, SettingOrigin};
use crate::domain::config::option_env_var;
use crate::domain::event_ref::EventRef;
use crate::domain::secret::{Keyring, Secret};
use crate::domain::target::Target;
use crate::domain::verdict::Proof;
use crate::engine::explain::Candidate;
use crate::error::Error;
use crate::io::error::Error as IoError;
use crate::io::{input, prompt};
use crate::protocols::secret_list;
use crate::protocols::secret_text::{FileEncoding, decode_file};
use crate::providers::provider::Provider;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The maximum size of a secret file, which contains one line.
const MAX_SECRET: u64 = 64 * 1024;

/// The maximum time to read a secret from a pipe. A password manager such as `pass` may ask for a
/// key first.
const PIPE_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum size of a file of candidates.
const MAX_CANDIDATES: u64 = 1024 * 1024;

/// The support of a command for `--unsigned`, which the error about a missing secret suggests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnsignedOption {
    /// The command has `--unsigned`.
    Available,
    /// The command always needs a secret.
    Unavailable,
}

/// The permission to read a secret from standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StdinUse {
    /// The secret is used, once.
    Read,
    /// The command only shows the origin of the secret.
    Skip,
}

/// A secret and its origin.
pub(super) struct FoundSecret {
    pub(super) secret: Secret,
    pub(super) origin: SettingOrigin,
    /// The encoding that its file was decoded from, if not UTF-8 without a byte order mark.
    pub(super) encoding: Option<FileEncoding>,
}

impl FoundSecret {
    /// Returns a secret that was not read from a file.
    fn of_value(secret: Secret, origin: SettingOrigin) -> Self {
        Self { secret, origin, encoding: None }
    }
}

/// The keys of a configuration file that name a secret: as a variable, and as a file.
pub(super) const SECRET_KEYS: [&str; 2] = ["secret-env", "secret-file"];

/// The variable of the general secret, which applies to every provider.
pub(super) const GENERAL_VARIABLE: &str = "LEADHOOK_SECRET";

impl Context<'_> {
    /// Returns the secrets to verify with: those of the options, or else those of the environment
    /// and the configuration files. The result may be empty.
    pub(super) fn keyring(&mut self) -> Result<Keyring, Error> {
        let explicit = self.explicit_secrets()?;
        let ids: Vec<_> = self.packs.iter().map(|pack| pack.provider.id.clone()).collect();
        let mut keyring = if explicit.is_empty() {
            self.configured_secrets(&ids)?
        } else {
            Keyring::for_any(explicit)
        };
        self.withhold_general_secrets(&ids, &mut keyring);
        Ok(keyring)
    }

    /// Returns the secrets of the environment and the configuration files. If there are none, and
    /// `--secret` was given without a value, asks for one.
    fn configured_secrets(&mut self, ids: &[String]) -> Result<Keyring, Error> {
        let general = self.general_secret(StdinUse::Read)?;
        if let Some(found) = &general {
            self.report_secret_origin(None, &found.origin);
        }
        let mut keyring = Keyring::for_any(general.into_iter().map(|found| found.secret).collect());
        for id in ids {
            if let Some(found) = self.provider_secret(id)? {
                // The origin of the secret for any provider was printed above.
                if !keyring.secrets_for(id).contains(&found.secret) {
                    self.report_secret_origin(Some(id), &found.origin);
                }
                keyring.insert(id, found.secret);
            }
        }
        // `--secret` without a value requires a secret.
        if keyring.is_empty() && !self.global.secret.is_empty() {
            return Ok(Keyring::for_any(vec![self.prompt_for_secret(
                "the provider",
                GENERAL_VARIABLE,
                UnsignedOption::Unavailable,
            )?]));
        }
        Ok(keyring)
    }

    /// Withholds the general secrets from packs that are not allowed to use them, with a note.
    fn withhold_general_secrets(&mut self, ids: &[String], keyring: &mut Keyring) {
        for id in ids {
            let Err(error) = self.check_general_secret(id, None) else { continue };
            let had_secret = !keyring.secrets_for(id).is_empty();
            keyring.exclude_from_general(id);
            if had_secret && keyring.secrets_for(id).is_empty() {
                let hint = error.hint().unwrap_or_default();
                self.printer.note(&format!("{error}: {hint}"));
            }
        }
    }

    /// Returns further secrets to try if none of the keyring verifies: those of the environment,
    /// those of all profiles, and each value of the file of `--candidates`.
    pub(super) fn candidates(&mut self, path: Option<&Path>) -> Result<Vec<Candidate>, Error> {
        let mut candidates = Vec::new();
        let ids = self.packs.iter().map(|pack| secret_variable(&pack.provider.id));
        for name in ids.chain([GENERAL_VARIABLE.to_owned()]) {
            if let Some(secret) = self.read_variable(&name)? {
                candidates.push(Candidate::new(format!("`{name}`"), secret));
            }
        }
        // The secret of a profile that is not selected may be the right one. One that cannot be
        // read is skipped.
        for (key, setting) in self.settings.values_in_all_profiles(&SECRET_KEYS) {
            if let Ok(Some(found)) = self.read_secret_of_setting(key, None, &setting) {
                candidates.push(Candidate::new(setting.origin.to_string(), found.secret));
            }
        }
        let Some(path) = path else { return Ok(candidates) };
        let bytes = input::read(self.env.stdin(), "candidates", path, MAX_CANDIDATES)?;
        let list = secret_list::read(&bytes);
        if list.is_truncated {
            self.printer.note(&format!(
                "`{}` has more values than are tried: only the first {} are",
                path.display(),
                secret_list::MAX_VALUES
            ));
        }
        for listed in list.secrets {
            if let Ok(secret) = Secret::new(listed.value) {
                let origin = format!("{} of `{}`", listed.location, path.display());
                let surroundings = listed.surroundings;
                candidates.push(Candidate { surroundings, ..Candidate::new(origin, secret) });
            }
        }
        Ok(candidates)
    }

    /// Returns a note on each variable that a configuration file names and that is not set.
    pub(super) fn unset_secret_variables(&self) -> BTreeSet<String> {
        self.settings
            .values_of_key(SECRET_KEYS[0])
            .into_iter()
            .filter(|setting| self.env.var_os(&setting.text).is_none())
            .map(|setting| format!("`{}`, named by {}, is not set", setting.text, setting.origin))
            .collect()
    }

    /// Prints notes on the providers whose signatures cannot be verified with this keyring.
    pub(super) fn note_unverifiable(&mut self, keyring: &Keyring) {
        for text in &self.unset_secret_variables() {
            self.printer.note(text);
        }
        let named = self.providers().iter().filter_map(|id| self.packs.find(id).ok());
        let unsigned = named.filter(|pack| pack.provider.signature.proof() == Proof::None);
        let unsigned: Vec<_> = unsigned.map(|pack| pack.provider.name.clone()).collect();
        for name in unsigned {
            self.printer.note(&format!(
                "the requests of {name} are unsigned: anyone who knows the URL can send one"
            ));
        }
        if keyring.is_empty() {
            self.printer.note("no secret: no signature is verified, every delivery is accepted");
            return;
        }
        let with_proof =
            self.packs.iter().filter(|pack| pack.provider.signature.proof() != Proof::None);
        let ids = with_proof.map(|pack| pack.provider.id.as_str());
        let without_secret: Vec<_> = ids.filter(|id| keyring.secrets_for(id).is_empty()).collect();
        if !without_secret.is_empty() {
            self.printer.note(&format!(
                "no secret of {}: their deliveries are not verified",
                without_secret.join(", ")
            ));
        }
    }

    /// Returns the secret to sign with. `event` is the requested event, if there is one.
    pub(super) fn signing_secret(
        &mut self,
        provider: &Provider,
        event: Option<&EventRef>,
        unsigned: UnsignedOption,
    ) -> Result<Secret, Error> {
        let mut explicit = self.explicit_secrets()?;
        if explicit.len() > 1 {
            return Err(several_secrets_error());
        }
        let id = &provider.id;
        // A secret that is not for this provider in particular needs this permission.
        let permission = self.check_general_secret(id, event);
        if let Some(secret) = explicit.pop() {
            return permission.map(|()| secret);
        }
        if let Some(found) = self.provider_secret(id)? {
            self.report_secret_origin(Some(id), &found.origin);
            return Ok(found.secret);
        }
        if let Some(found) = self.general_secret(StdinUse::Read)? {
            self.report_secret_origin(None, &found.origin);
            return permission.map(|()| found.secret);
        }
        // The hint names the variable that a configuration file names, if there is one.
        let setting = self.settings.first_for_provider(&provider.id, &SECRET_KEYS);
        let setting = setting.filter(|(key, _)| *key == SECRET_KEYS[0]);
        let name =
            setting.map_or_else(|| secret_variable(&provider.id), |(_, setting)| setting.text);
        self.prompt_for_secret(&provider.name, &name, unsigned)
    }

    /// Describes where the secrets of a provider were read from, without their values. Call it after
    /// they were read.
    pub(super) fn describe_secret_origin(&self, id: &str) -> String {
        let values = self.global.secret.iter().filter(|value| *value != NO_VALUE).count();
        let mut origins = match values {
            0 => Vec::new(),
            1 => vec!["`--secret`".to_owned()],
            count => vec![format!("`--secret`, {count} times")],
        };
        let files = self.global.secret_file.iter();
        origins.extend(files.map(|path| format!("`--secret-file {}`", path.display())));
        if origins.is_empty() {
            let known = self.secret_origins.get(&Some(id.to_owned()));
            let known = known.or_else(|| self.secret_origins.get(&None));
            origins.extend(known.map(|origin| match origin {
                SettingOrigin::Variable(name) => format!("the variable `{name}`"),
                origin => format!("`{origin}`"),
            }));
        }
        if origins.is_empty() { "the prompt".to_owned() } else { origins.join(", ") }
    }

    /// Returns the secret of one provider, which takes precedence over the general one: from its
    /// own variable, or else from a configuration file unless a general variable is set.
    pub(super) fn provider_secret(&mut self, id: &str) -> Result<Option<FoundSecret>, Error> {
        let name = secret_variable(id);
        if let Some(secret) = self.read_variable(&name)? {
            return Ok(Some(FoundSecret::of_value(secret, SettingOrigin::Variable(name))));
        }
        if self.env.var_os(GENERAL_VARIABLE).is_some()
            || self.env.var_os(&option_env_var("secret_file")).is_some()
        {
            return Ok(None);
        }
        match self.settings.first_for_provider(id, &SECRET_KEYS) {
            Some((key, setting)) => self.secret_of_setting(key, Some(id), &setting),
            None => Ok(None),
        }
    }

    /// Returns the general secret, for every provider without its own.
    pub(super) fn general_secret(&mut self, stdin: StdinUse) -> Result<Option<FoundSecret>, Error> {
        if let Some(secret) = self.read_variable(GENERAL_VARIABLE)? {
            let origin = SettingOrigin::Variable(GENERAL_VARIABLE.to_owned());
            return Ok(Some(FoundSecret::of_value(secret, origin)));
        }
        let name = option_env_var("secret_file");
        if let Some(path) = self.env.var_os(&name).map(PathBuf::from) {
            if stdin == StdinUse::Skip && path.as_os_str() == "-" {
                return Ok(None);
            }
            let label = format!("`{name}`");
            let origin = SettingOrigin::Variable(name);
            return self.read_secret_file(&label, &path, origin).map(Some);
        }
        match self.settings.first_general(&SECRET_KEYS) {
            Some((key, setting)) => self.secret_of_setting(key, None, &setting),
            None => Ok(None),
        }
    }

    /// Returns the secret that a key of a configuration file names, and notes white space around
    /// it.
    fn secret_of_setting(
        &mut self,
        key: &str,
        provider: Option<&str>,
        setting: &EffectiveValue,
    ) -> Result<Option<FoundSecret>, Error> {
        let Some(found) = self.read_secret_of_setting(key, provider, setting)? else {
            return Ok(None);
        };
        self.note_encoding(&setting.origin.to_string(), found.encoding);
        if key != SECRET_KEYS[0] && found.secret.has_outer_whitespace() {
            self.note_outer_space(&setting.origin.to_string());
        }
        Ok(Some(found))
    }

    /// Notes that a secret file was decoded, since a program that uses its bytes gets another key.
    fn note_encoding(&mut self, origin: &str, encoding: Option<FileEncoding>) {
        if let Some(encoding) = encoding {
            self.note_once(format!("{origin}: {}", encoding_note(encoding)));
        }
    }

    fn note_outer_space(&mut self, origin: &str) {
        self.note_once(format!("{origin}: leading and trailing white space is part of the secret"));
    }

    /// Prints a note about a secret, unless it was printed for another provider.
    fn note_once(&mut self, text: String) {
        if !self.secret_notes.contains(&text) {
            self.printer.note(&text);
            self.secret_notes.insert(text);
        }
    }

    /// Returns the secret that a key of a configuration file names; none if its variable is not set.
    fn read_secret_of_setting(
        &self,
        key: &str,
        provider: Option<&str>,
        setting: &EffectiveValue,
    ) -> Result<Option<FoundSecret>, Error> {
        self.check_secret_source(key, provider, setting)?;
        let origin = setting.origin.clone();
        let mut encoding = None;
        let secret = if key == SECRET_KEYS[0] {
            self.read_variable(&setting.text)?
        } else {
            let path = setting.path();
            // The author of a configuration file must not be able to make every command wait for a
            // pipe.
            let name = origin.to_string();
            let bytes = input::read_regular("secret", &path, MAX_SECRET)
                .map_err(|error| hide_missing_path(error, &name))?;
            let file = parse_secret_file(&name, &bytes)?;
            encoding = file.encoding;
            Some(file.secret)
        };
        Ok(secret.map(|secret| FoundSecret { secret, origin, encoding }))
    }

    /// Returns the secrets of `--secret VALUE` and `--secret-file FILE`.
    fn explicit_secrets(&mut self) -> Result<Vec<Secret>, Error> {
        let found = self.find_explicit_secrets().into_iter();
        found.map(|found| found.map(|found| found.secret)).collect()
    }

    /// Returns each secret of `--secret VALUE` and `--secret-file FILE`, or why it cannot be used.
    pub(super) fn find_explicit_secrets(&mut self) -> Vec<Result<FoundSecret, Error>> {
        let of_value = |value: &String| {
            if Target::looks_like_target(value) {
                return Err(Error::SecretIsTarget);
            }
            let secret = parse_secret("`--secret`", value.as_bytes())?;
            Ok(FoundSecret::of_value(secret, SettingOrigin::Option("--secret".to_owned())))
        };
        let values = self.global.secret.iter().filter(|value| *value != NO_VALUE);
        let mut secrets: Vec<_> = values.map(of_value).collect();
        for path in self.global.secret_file.clone() {
            // If the file does not exist, its name may be the secret itself: do not show it.
            let name = path.symlink_metadata().map(|_| format!(" {}", path.display()));
            let origin = format!("--secret-file{}", name.unwrap_or_default());
            let label = format!("`{origin}`");
            secrets.push(self.read_secret_file(&label, &path, SettingOrigin::Option(origin)));
        }
        secrets
    }

    /// Reads a secret from a file or standard input, and prints notes on its white space.
    fn read_secret_file(
        &mut self,
        label: &str,
        path: &Path,
        origin: SettingOrigin,
    ) -> Result<FoundSecret, Error> {
        let stdin = self.env.stdin();
        let bytes = input::read_with_timeout(stdin, "secret", path, MAX_SECRET, PIPE_TIMEOUT)
            .map_err(|error| hide_missing_path(error, label))?;
        let SecretFile { secret, had_newline, encoding } = parse_secret_file(label, &bytes)?;
        self.note_encoding(label, encoding);
        if had_newline {
            self.printer.detail(&format!("{label}: the final newline was removed"));
        }
        if secret.has_outer_whitespace() {
            self.note_outer_space(label);
        }
        Ok(FoundSecret { secret, origin, encoding })
    }

    /// Returns the secret in a variable, if it is set.
    fn read_variable(&self, name: &str) -> Result<Option<Secret>, Error> {
        self.env.var_bytes(name).map(|value| parse_secret(name, value)).transpose()
    }

    /// Asks for a secret on the terminal if `--secret` was given without a value; otherwise fails.
    fn prompt_for_secret(
        &mut self,
        provider: &str,
        variable: &str,
        unsigned: UnsignedOption,
    ) -> Result<Secret, Error> {
        let missing = || Error::NoSecret {
            provider: provider.to_owned(),
            variable: variable.to_owned(),
            unsigned: unsigned == UnsignedOption::Available,
        };
        let is_requested = self.global.secret.iter().any(|value| value == NO_VALUE);
        if !(is_requested && self.env.stdin_is_terminal && self.env.stderr_is_terminal) {
            return Err(missing());
        }
        let input = prompt::read_secret(self.env, &format!("signing secret of {provider}"))
            .map_err(|_| missing())?;
        parse_secret("the entered secret", input.as_bytes())
    }
}

/// Returns what was decoded of a secret file, and its consequence.
pub(super) fn encoding_note(encoding: FileEncoding) -> String {
    let action = match encoding {
        FileEncoding::MarkedUtf8 => "its byte order mark was removed",
        FileEncoding::Utf16 => "it was decoded from UTF-16",
    };
    format!("{action}; a receiver that reads the bytes of the file uses another key")
}

/// Returns the error for several secrets if only one can be used.
pub(super) fn several_secrets_error() -> Error {
    Error::Option {
        message: "more than one secret was given, but a delivery is signed with one".to_owned(),
        hint: "`verify`, `listen` and `practice` accept several".to_owned(),
    }
}

/// Removes the name of a file that does not exist from an error: it may be a secret that was given
/// instead of the name of its file.
fn hide_missing_path(error: IoError, origin: &str) -> IoError {
    match error {
        IoError::Read { path, source, .. } if path.symlink_metadata().is_err() => {
            IoError::SecretFile { origin: origin.to_owned(), source }
        }
        error => error,
    }
}

/// A secret that was read from a file, and what was removed from it.
struct SecretFile {
    secret: Secret,
    /// `true` if a final newline was removed.
    had_newline: bool,
    /// The encoding that it was decoded from, if not UTF-8 without a byte order mark.
    encoding: Option<FileEncoding>,
}

/// Parses the contents of a secret file.
fn parse_secret_file(origin: &str, bytes: &[u8]) -> Result<SecretFile, Error> {
    let (bytes, encoding) = decode_file(bytes);
    // `echo secret > file` adds a newline that is not part of the secret.
    let line = bytes.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let secret = parse_secret(origin, line.unwrap_or(&bytes))?;
    Ok(SecretFile { secret, had_newline: line.is_some(), encoding })
}

fn parse_secret(origin: &str, bytes: &[u8]) -> Result<Secret, Error> {
    Secret::new(bytes).map_err(|source| Error::Secret { origin: origin.to_owned(), source })
}

/// Returns the name of the variable of a provider, such as `LEADHOOK_REALGEEKS_SECRET`.
pub(super) fn secret_variable(id: &str) -> String {
    let id: String = id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect();
    format!("LEADHOOK_{id}_SECRET")
}
