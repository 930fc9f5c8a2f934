//! Option values from sources other than the command line: environment variables, configuration
//! files and defaults.
//!
//! The environment variable of an option is `LEADHOOK_` followed by its name in capitals, such as
//! `LEADHOOK_KEEP_SIZE` for `--keep-size`. Its key in a configuration file, if there is one, has
//! the name of the option.

use crate::commands::settings::{EffectiveValue, SettingOrigin, Settings};
use crate::domain::config::{GENERAL_KEYS, option_env_var};
use crate::io::environment::Environment;
use clap::Command;
use std::collections::BTreeMap;
use std::ffi::OsString;

/// The commands that read no configuration files and no variables of options: they must work even
/// if a file is broken.
pub const WITHOUT_CONFIGURATION: &[&str] =
    &["completions", "config init", "demo", "health", "help", "man"];

/// The clap ids of the options whose environment variable and configuration key
/// [`configured_value`] reads. [`SEPARATELY_READ_OPTIONS`] has the others that can be set this way.
///
/// Options that say what one command line sends are not included, such as the number of deliveries,
/// `--tamper` or an edit of the payload. Where another command has an option of the same name but
/// another meaning, that one has a different id: `--latency` of `simulate` is `simulated_latency`.
pub const CONFIGURABLE_OPTIONS: &[&str] = &[
    "pack",
    "provider",
    "format",
    "color",
    "quiet",
    "verbose",
    "seed",
    "now",
    "timeout",
    "wait",
    "cacert",
    "cert",
    "key",
    "insecure",
    "proxy",
    "strict",
    "save",
    "keep",
    "keep_size",
    "save_body",
    "forward",
    "forward_timeout",
    "forward_concurrency",
    "keep_host",
    "respond",
    "latency",
    "fail_rate",
    "drop_rate",
    "respond_late",
    "remember",
    "unverified",
    "invalid",
    "redact",
    "ready_file",
    "admin",
    "admin_host",
    "max_body",
    "max_header",
    "max_memory",
    "max_connections",
    "max_requests",
    "idle_timeout",
    "read_timeout",
    "request_timeout",
];

/// The clap ids of the options whose environment variable is read elsewhere. `config` and `profile`
/// choose the settings from which the other options get their values, so that they are read first.
/// `secret_file` and `target` are looked up for each provider. `target` is the positional URL of
/// `send` and `check`, and `--to` of `replay`.
pub const SEPARATELY_READ_OPTIONS: &[&str] = &["config", "profile", "secret_file", "target"];

/// The options given on the command line, by clap id. The value is empty for an option without an
/// environment variable, which includes every option that takes a secret. A proxy URL may contain a
/// password, which `config` removes before it prints the value.
pub type ExplicitOptions = BTreeMap<String, String>;

/// An option of the command line, as words that can be typed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedOption {
    /// Its clap id.
    pub id: String,
    /// Its name with its values; those of a secret are left out. A positional argument has no name.
    pub words: Vec<OsString>,
}

/// Returns `true` if a command, given without the name of the program, reads the configuration.
#[must_use]
pub fn is_configurable(command: &str) -> bool {
    !WITHOUT_CONFIGURATION.contains(&command)
}

/// Returns `true` if an option can be set by an environment variable.
#[must_use]
pub fn has_variable(id: &str) -> bool {
    CONFIGURABLE_OPTIONS.contains(&id) || SEPARATELY_READ_OPTIONS.contains(&id)
}

/// Returns the value of an option from its environment variable, or else from its configuration
/// key.
#[must_use]
pub fn configured_value(
    id: &str,
    settings: &Settings,
    env: &Environment,
) -> Option<(OsString, SettingOrigin)> {
    let name = option_env_var(id);
    if let Some(value) = env.var_os(&name) {
        return Some((value.to_owned(), SettingOrigin::Variable(name)));
    }
    let key = GENERAL_KEYS.iter().map(|key| key.name).find(|key| key.replace('-', "_") == id)?;
    settings.general(key).map(|effective| (effective.text.into(), effective.origin))
}

/// Returns the effective value of every option in [`CONFIGURABLE_OPTIONS`], if it has one: from the
/// command line, its environment variable, its configuration key or its default, in this order.
///
/// If several commands have the option, the default is that of the first one.
#[must_use]
pub fn effective_values(
    mut root: Command,
    explicit: &ExplicitOptions,
    settings: &Settings,
    env: &Environment,
) -> Vec<(String, Option<EffectiveValue>)> {
    root.build();
    let default = |id: &str| {
        let commands = std::iter::once(&root).chain(root.get_subcommands());
        let arg = commands.flat_map(Command::get_arguments).find(|arg| arg.get_id() == id)?;
        let text = arg.get_default_values().first()?.to_string_lossy().into_owned();
        Some(EffectiveValue { text, origin: SettingOrigin::Default })
    };
    let effective = |id: &&str| {
        let name = id.replace('_', "-");
        let origin = || SettingOrigin::Option(format!("--{name}"));
        let found = explicit
            .get(*id)
            .map(|text| (OsString::from(text), origin()))
            .or_else(|| configured_value(id, settings, env))
            .map(|(text, origin)| EffectiveValue {
                text: text.to_string_lossy().into_owned(),
                origin,
            });
        (name, found.or_else(|| default(id)))
    };
    CONFIGURABLE_OPTIONS.iter().map(effective).collect()
}
