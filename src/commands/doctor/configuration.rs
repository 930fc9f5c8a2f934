//! Checks of the configuration: its files, their trust, the profile, and variables.

use super::check_result::CheckResult;
use crate::commands::context::Context;
use crate::commands::option_sources::{CONFIGURABLE_OPTIONS, SEPARATELY_READ_OPTIONS};
use crate::commands::secrets::{GENERAL_VARIABLE, SECRET_KEYS, secret_variable};
use crate::commands::settings::{SettingOrigin, Settings};
use crate::domain::config::{ConfigFile, OWN_VARIABLES, option_env_var};
use crate::engine::doctor::unknown_variables;
use crate::error::Error;
use crate::io::config;
use crate::io::environment::Environment;
use crate::providers::LookupError;

/// Checks the files and the profile. `errors` are those of reading them.
pub(super) fn check_files(
    settings: &Settings,
    errors: &[Error],
    env: &Environment,
) -> Vec<CheckResult> {
    let mut results: Vec<_> = errors.iter().map(failed).collect();
    results.extend(settings.files().iter().map(|file| {
        let path = file.path.display().to_string();
        CheckResult::ok("configuration", format!("{path}: {}", trust(settings, file, env)))
            .about(path)
    }));
    if !results.iter().any(|result| result.check == "configuration") {
        let user = config::user_file(env);
        let user = user.map_or_else(String::new, |path| format!(" or {}", path.display()));
        let message = format!("defaults apply: no ./{}{user}", config::PROJECT_FILE);
        results.push(CheckResult::ok("configuration", message));
    }
    if let Some(name) = settings.profile()
        && settings.profiles().contains(name)
    {
        results.push(CheckResult::ok("profile", format!("`{name}` is selected")));
    }
    results
}

/// Returns the result for an error of the configuration, which may also come from a variable.
fn failed(error: &Error) -> CheckResult {
    let check = match error {
        Error::UnknownName { what: "profile", .. } => "profile",
        Error::Arguments(_) | Error::Option { .. } => "variables",
        _ => "configuration",
    };
    CheckResult::failed(check, error)
}

/// Describes who may have written a file, and what it may set.
fn trust(settings: &Settings, file: &ConfigFile, env: &Environment) -> &'static str {
    let origin = SettingOrigin::File { path: file.path.clone(), line: 1, profile: None };
    if settings.is_untrusted(&origin) {
        "in this folder, where others may have written it: its target must be this machine"
    } else if config::user_file(env).as_ref() == Some(&file.path) {
        "your own file"
    } else {
        "named by `--config`"
    }
}

/// Checks the variables with the prefix of `leadhook`: a misspelt one has no effect.
pub(super) fn check_variables(context: &Context<'_>) -> Vec<CheckResult> {
    let options = CONFIGURABLE_OPTIONS.iter().chain(SEPARATELY_READ_OPTIONS);
    let options = options.map(|id| option_env_var(id));
    let secrets = context.packs.iter().map(|pack| secret_variable(&pack.provider.id));
    let known: Vec<_> = options.chain(secrets).chain([GENERAL_VARIABLE.to_owned()]).collect();
    // A configuration file may name any variable.
    let settings = context.settings.values_in_all_profiles(&SECRET_KEYS);
    let is_named = |name: &str| settings.iter().any(|(_, setting)| setting.text == name);
    let set = context.env.vars().filter_map(|(name, _)| name.to_str());
    let unknown = unknown_variables(set.filter(|name| !is_named(name)), OWN_VARIABLES, &known);
    let notes = unknown.into_iter().map(|(name, suggestion)| {
        let message = format!("{name} has no effect: `leadhook` reads no such variable");
        let note = CheckResult::note("variables", message).about(name);
        CheckResult { hint: suggestion, ..note }
    });
    notes.collect()
}

/// Checks the selected provider, and the providers that files have values for.
pub(super) fn check_providers(context: &Context<'_>) -> Vec<CheckResult> {
    let mut results = Vec::new();
    if let Some(id) = context.provider() {
        results.push(match context.packs.find(id) {
            Ok(_) => CheckResult::ok("provider", format!("{id} is assumed where none is named")),
            Err(error) => CheckResult::failed("provider", &error.into()),
        });
    }
    for (id, origin) in context.settings.named_providers() {
        let Err(error) = context.packs.find(&id) else { continue };
        if matches!(error, LookupError::Broken(_)) {
            continue;
        }
        let error = Error::from(error);
        let failed = CheckResult::failed("provider", &error).about(&id);
        let message = format!("{origin}: {}", failed.message);
        // The user's own file may have values for the pack of another project.
        results.push(if context.settings.is_from_project_file(&origin) {
            CheckResult { message, ..failed }
        } else {
            CheckResult::note("provider", message).about(&id)
        });
    }
    results
}
