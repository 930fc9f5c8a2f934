//! The context of a command: its global options, packs, configuration and environment.

use crate::commands::global_options::GlobalOptions;
use crate::commands::option_sources::{ExplicitOptions, TypedOption};
use crate::commands::settings::{EffectiveValue, SettingOrigin, Settings};
use crate::domain::config::option_env_var;
use crate::domain::target::{DEFAULT_TARGET, Target};
use crate::domain::verdict::Proof;
use crate::error::Error;
use crate::io::environment::Environment;
use crate::output::printer::Printer;
use crate::providers::provider::Provider;
use crate::providers::{LookupError, Packs};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The context that is passed to every command.
pub struct Context<'a> {
    /// The global options.
    pub global: GlobalOptions,
    /// The environment: variables, streams, clock and signals.
    pub env: &'a Environment,
    /// The printer for standard output and standard error.
    pub printer: &'a mut Printer,
    /// The provider definitions (packs): the built-in ones and those of the user.
    pub packs: Packs,
    /// The origins of the packs that were loaded because a configuration file names them, by id.
    pub pack_origins: BTreeMap<String, SettingOrigin>,
    /// The values of the configuration files.
    pub settings: Settings,
    /// The options given on the command line.
    pub explicit: ExplicitOptions,
    /// The same options as words, for a command that repeats the run.
    pub typed: Vec<TypedOption>,
    /// The notes about secrets that were printed: several providers may name the same file.
    pub secret_notes: BTreeSet<String>,
    /// The origins of the secrets that were read from the environment or a configuration file, by
    /// provider; that of the general secret has none.
    pub secret_origins: BTreeMap<Option<String>, SettingOrigin>,
    /// Builds the [`clap::Command`] of the program.
    pub root: fn() -> clap::Command,
}

impl Context<'_> {
    /// Returns the provider named by `--provider`, its environment variable or a configuration file,
    /// if there is exactly one.
    pub(super) fn provider(&self) -> Option<&str> {
        match self.global.provider.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Returns every provider that was named.
    pub(super) fn providers(&self) -> &[String] {
        &self.global.provider
    }

    /// Returns the target for a provider, and its origin: `explicit`, which is given on the command
    /// line, or else the configured target.
    pub(super) fn target_or_configured(
        &self,
        explicit: Option<&str>,
        provider: Option<&str>,
    ) -> Result<(Target, SettingOrigin), Error> {
        let EffectiveValue { text, origin } = match explicit {
            Some(text) => EffectiveValue {
                text: text.to_owned(),
                origin: SettingOrigin::Option("URL".to_owned()),
            },
            None => self.configured_target(provider),
        };
        Ok((Target::parse(&text)?, origin))
    }

    /// Returns the configured target: from its environment variable or a configuration file, or else
    /// the default address of `listen`.
    ///
    /// A file may set one for each provider. Without a provider, the general one is returned.
    pub(super) fn configured_target(&self, provider: Option<&str>) -> EffectiveValue {
        let name = option_env_var("target");
        if let Some(text) = self.env.var_os(&name) {
            // A value that is not UTF-8 is rejected when it is parsed as a target.
            let text = text.to_string_lossy().into_owned();
            return EffectiveValue { text, origin: SettingOrigin::Variable(name) };
        }
        let configured = match provider {
            Some(id) => self.settings.for_provider(id, "target"),
            None => self.settings.general("target"),
        };
        let default =
            || EffectiveValue { text: DEFAULT_TARGET.to_owned(), origin: SettingOrigin::Default };
        configured.unwrap_or_else(default)
    }

    /// Returns `true` if any option of the group `A` that satisfies `is_relevant` was given on the
    /// command line.
    pub(super) fn has_explicit_option<A: clap::Args>(
        &self,
        is_relevant: impl Fn(&str) -> bool,
    ) -> bool {
        let group = A::augment_args(clap::Command::new(""));
        let mut ids = group.get_arguments().map(|arg| arg.get_id().as_str());
        ids.any(|id| is_relevant(id) && self.explicit.contains_key(id))
    }

    /// Rejects an unknown provider, and several ones for a command that needs one, before anything
    /// else is done.
    pub(super) fn check_providers(&self, can_be_several: bool) -> Result<(), Error> {
        self.providers().iter().try_for_each(|id| self.packs.find(id).map(drop))?;
        if self.providers().len() > 1 && !can_be_several {
            return Err(Error::Option {
                message: "`--provider` was given more than once, and this command is about one"
                    .to_owned(),
                hint: "name one provider; `listen`, `verify`, `replay`, `convert`, `decode` and \
                       `practice` accept several"
                    .to_owned(),
            });
        }
        Ok(())
    }

    /// Rejects what needs a signature if a named provider has none.
    pub(super) fn check_named_sign(&self, what: &str) -> Result<(), Error> {
        let packs = self.providers().iter().filter_map(|id| self.packs.find(id).ok());
        packs.into_iter().try_for_each(|pack| check_signs(&pack.provider, what))
    }

    /// Rejects settings for an unknown provider, since they would have no effect.
    ///
    /// Those of the user's own file are only printed, with `--verbose`: they may be for a pack of
    /// another project.
    pub(super) fn check_named_providers(&mut self) -> Result<(), Error> {
        for (id, origin) in self.settings.named_providers() {
            let Err(unknown @ LookupError::Provider { .. }) = self.packs.find(&id) else {
                continue;
            };
            if self.settings.is_from_project_file(&origin) {
                let message = format!("{origin}: {unknown}");
                let hint = Error::from(unknown).hint().unwrap_or_default();
                return Err(Error::Option { message, hint });
            }
            self.printer.detail(&format!("{origin}: {unknown}"));
        }
        Ok(())
    }

    /// Rejects reading standard input twice: the second read would find nothing.
    pub(super) fn check_stdin<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p PathBuf>,
    ) -> Result<(), Error> {
        let is_stdin = |path: &&PathBuf| path.as_os_str() == "-";
        let stdin_paths = paths.into_iter().filter(is_stdin).count();
        let uses = stdin_paths + self.global.secret_file.iter().filter(is_stdin).count();
        if uses < 2 {
            return Ok(());
        }
        Err(Error::Option {
            message: "standard input is used twice".to_owned(),
            hint: "pass one of them as a file".to_owned(),
        })
    }

    /// Returns the time of `--now`, or else the current time.
    pub(super) fn now(&self, given: Option<Timestamp>) -> Timestamp {
        given.unwrap_or_else(|| self.env.now())
    }
}

/// Rejects what needs a signature for a provider whose requests have none.
pub(super) fn check_signs(provider: &Provider, what: &str) -> Result<(), Error> {
    let (reason, hint) = match provider.signature.proof() {
        Proof::Signature => return Ok(()),
        Proof::SharedSecret => (
            "carry the secret itself",
            "`leadhook send --print curl` prints a command that reads it from a variable",
        ),
        Proof::None => ("are not signed", "`leadhook send` sends one"),
    };
    Err(Error::Option {
        message: format!(
            "`{what}` needs a signature, and the requests of {} {reason}",
            provider.name
        ),
        hint: hint.to_owned(),
    })
}
