//! Trust in configuration files.
//!
//! `./leadhook.toml` may come with a repository that someone else wrote. Therefore targets, packs
//! and secrets that a file sets are always reported, and `./leadhook.toml` cannot set anything
//! harmful: it cannot send data to another machine, nor choose which of the user's secrets signs
//! it.

use crate::commands::context::Context;
use crate::commands::option_sources;
use crate::commands::secrets::{SECRET_KEYS, secret_variable};
use crate::commands::settings::{EffectiveValue, SettingOrigin, Settings};
use crate::domain::config::{OWN_VARIABLES, option_env_var};
use crate::domain::event_ref::EventRef;
use crate::domain::target::{Target, without_userinfo};
use crate::domain::verdict::Proof;
use crate::error::Error;
use crate::io::output_file;
use crate::output::printer::Printer;
use crate::providers::pack::Pack;
use std::path::{Path, PathBuf};

impl Context<'_> {
    /// Reports the origin of a target that a file names. Rejects one of `./leadhook.toml` that is
    /// not this machine, unless `allow_remote` is set.
    pub(super) fn check_target(
        &mut self,
        target: &Target,
        origin: &SettingOrigin,
        allow_remote: bool,
    ) -> Result<(), Error> {
        self.report_target_origin(target, origin);
        if allow_remote || target.is_loopback() || !self.settings.is_untrusted(origin) {
            return Ok(());
        }
        Err(Error::Untrusted {
            message: format!(
                "`{}` is not this machine, and {origin} names it as target",
                without_userinfo(&target.to_string())
            ),
            hint: "add `--allow-remote` if data may go there, or give the target as an argument"
                .to_owned(),
        })
    }

    /// Rejects another machine as target of a pack that `./leadhook.toml` brings and whose requests
    /// carry the secret: the file would choose who gets it.
    pub(super) fn check_pack_target(
        &self,
        pack: &Pack,
        target: &Target,
        is_dry_run: bool,
    ) -> Result<(), Error> {
        let provider = &pack.provider;
        let origin = self.pack_origins.get(&provider.id);
        let origin = origin.filter(|origin| self.settings.is_untrusted(origin));
        let sends_secret = provider.signature.proof() == Proof::SharedSecret;
        match origin {
            Some(origin) if sends_secret && !is_dry_run && !target.is_loopback() => {
                Err(Error::Untrusted {
                    message: format!(
                        "`{}` is not this machine, and the requests of `{}`, a pack of {origin}, \
                         carry the secret",
                        without_userinfo(&target.to_string()),
                        provider.id
                    ),
                    hint: "name the pack with `--pack`, or in your own configuration file"
                        .to_owned(),
                })
            }
            _ => Ok(()),
        }
    }

    /// Reports the origin of a target that a file names.
    pub(super) fn report_target_origin(&mut self, target: &Target, origin: &SettingOrigin) {
        let target = without_userinfo(&target.to_string());
        report_origin(self.printer, &self.settings, &format!("target {target}"), origin);
    }

    /// Records the origin of a secret, and reports it if a file names it.
    pub(super) fn report_secret_origin(&mut self, provider: Option<&str>, origin: &SettingOrigin) {
        let of = provider.map(|id| format!(" of {id}")).unwrap_or_default();
        report_origin(self.printer, &self.settings, &format!("secret{of}"), origin);
        self.secret_origins.insert(provider.map(str::to_owned), origin.clone());
    }

    /// Rejects the use of a general secret for a pack of `./leadhook.toml`.
    ///
    /// Such a pack decides what is signed with the secret: it could describe the scheme of another
    /// provider. Therefore the user must name its provider, with `-p` or in the event.
    pub(super) fn check_general_secret(
        &self,
        id: &str,
        event: Option<&EventRef>,
    ) -> Result<(), Error> {
        match self.pack_origins.get(id) {
            Some(origin) if self.settings.is_untrusted(origin) && !self.is_named(id, event) => {
                Err(Error::Untrusted {
                    message: format!(
                        "the general secret is not used for `{id}`, a pack of {origin}"
                    ),
                    hint: format!("name the provider: `-p {id}`, or set {}", secret_variable(id)),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Returns `true` if the user named this provider, and not only an untrusted file.
    fn is_named(&self, id: &str, event: Option<&EventRef>) -> bool {
        if event.is_some_and(|event| event.provider.as_deref() == Some(id)) {
            return true;
        }
        let origin = || option_sources::configured_value("provider", &self.settings, self.env);
        let is_from_user =
            || origin().is_some_and(|(_, origin)| !self.settings.is_untrusted(&origin));
        self.providers().iter().any(|named| named == id)
            && (self.explicit.contains_key("provider") || is_from_user())
    }

    /// Rejects a secret that `./leadhook.toml` is not allowed to use: a file outside its folder, or
    /// a variable of leadhook with the secret of another provider.
    ///
    /// `provider` is the one whose table contains the key, if there is one.
    pub(super) fn check_secret_source(
        &self,
        key: &str,
        provider: Option<&str>,
        setting: &EffectiveValue,
    ) -> Result<(), Error> {
        if !self.settings.is_untrusted(&setting.origin) {
            return Ok(());
        }
        let EffectiveValue { text, origin } = setting;
        if key == SECRET_KEYS[0] {
            let own = provider.map(secret_variable);
            if !text.starts_with(OWN_VARIABLES) || own.as_ref() == Some(text) {
                return Ok(());
            }
            return Err(Error::Untrusted {
                message: format!(
                    "{origin} names `{text}`, expected a variable without another provider's secret"
                ),
                hint:
                    "remove the line (leadhook reads its own variables anyway), or name another variable"
                        .to_owned(),
            });
        }
        if is_inside(setting) {
            return Ok(());
        }
        Err(Error::Untrusted {
            message: format!("{origin} names a secret file outside its folder"),
            hint: "name it with `--secret-file`, or in your own configuration file".to_owned(),
        })
    }

    /// Rejects an output that would overwrite a configuration or secret file that this run reads.
    pub(super) fn check_output(&self, option: &str, path: &Path) -> Result<(), Error> {
        let variable = self.env.var_os(&option_env_var("secret_file")).map(Path::new);
        let configs = self.settings.files().iter().map(|file| file.path.as_path());
        let secrets = self.global.secret_file.iter().map(PathBuf::as_path).chain(variable);
        if configs.chain(secrets).any(|input| output_file::leads_to_same_file(input, path)) {
            return Err(overwrites_input_error(option, path));
        }
        Ok(())
    }
}

/// Returns the error for an output that would overwrite an input.
pub(super) fn overwrites_input_error(option: &str, path: &Path) -> Error {
    Error::Option {
        message: format!("`{option}` would overwrite `{}`, which this run reads", path.display()),
        hint: "name another file".to_owned(),
    }
}

/// Reports the origin of a setting if a file names it. The values of `./leadhook.toml` are reported
/// even if notes are disabled.
pub(super) fn report_origin(
    printer: &mut Printer,
    settings: &Settings,
    what: &str,
    origin: &SettingOrigin,
) {
    let text = format!("{what} from {origin}");
    match origin {
        SettingOrigin::File { .. } if settings.is_untrusted(origin) => printer.warning(&text),
        SettingOrigin::File { .. } => printer.note(&text),
        SettingOrigin::Option(_)
        | SettingOrigin::Variable(_)
        | SettingOrigin::Pack(_)
        | SettingOrigin::Default => {}
    }
}

/// Returns `true` if the file is in the folder of the configuration file, with all links resolved.
fn is_inside(setting: &EffectiveValue) -> bool {
    let SettingOrigin::File { path, .. } = &setting.origin else { return false };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Ok(folder) = folder.unwrap_or(Path::new(".")).canonicalize() else { return false };
    // A file that does not exist is rejected when it is read.
    setting.path().canonicalize().map_or(true, |file| file.starts_with(folder))
}
