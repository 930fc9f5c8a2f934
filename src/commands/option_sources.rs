//! Option values from sources other than the command line: variables, configuration files and
//! defaults.
//!
//! The variable of an option is `LEADHOOK_` followed by its name. Its key in a configuration file,
//! if there is one, has the name of the option.

use crate::commands::settings::{EffectiveValue, SettingOrigin, Settings};
use crate::domain::config::{KEYS, option_env_var};
use crate::io::environment::Environment;
use clap::Command;
use std::collections::BTreeMap;
use std::ffi::OsString;

/// The ids of the options that a variable or a configuration key can set.
///
/// Options that apply to a single run are not included, such as a count, a defect or an edit of the
/// payload. An option that only shares its name with one of these has a different clap id.
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
    "forward",
    "forward_timeout",
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

/// The ids of options whose variable is not read by [`configured_value`]: it is needed before the
/// command line is complete, or it is combined with other sources. `target` is the positional URL
/// of `send`, and `--to` of `replay`.
pub const SEPARATELY_READ_OPTIONS: &[&str] = &["config", "profile", "secret_file", "target"];

/// The options given on the command line: their ids, with the values of those that have a variable.
/// None of the values is a secret.
pub type ExplicitOptions = BTreeMap<String, String>;

/// Returns `true` if an option has a variable.
#[must_use]
pub fn has_variable(id: &str) -> bool {
    CONFIGURABLE_OPTIONS.contains(&id) || SEPARATELY_READ_OPTIONS.contains(&id)
}

/// Returns the value of an option from its variable, or else from its configuration key.
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
    let key = KEYS.iter().map(|key| key.name).find(|key| key.replace('-', "_") == id)?;
    settings.general(key).map(|effective| (effective.text.into(), effective.origin))
}

/// Returns the effective value of every option in [`CONFIGURABLE_OPTIONS`], if it has one.
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
