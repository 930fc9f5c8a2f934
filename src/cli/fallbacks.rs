//! Fallback arguments, from variables and configuration files, for options that were not given.
//!
//! They are added to the given arguments and everything is parsed again, so that clap parses and
//! validates both in the same way. clap's default values are no alternative: it exempts a default
//! from `requires` and `conflicts_with`, so that `LEADHOOK_KEEP` without `--save` would be silently
//! ignored.

use crate::cli::errors;
use crate::commands::option_sources::{CONFIGURABLE_OPTIONS, ExplicitOptions, configured_value};
use crate::commands::settings::{SettingOrigin, Settings};
use crate::error::{ArgumentsError, Error};
use crate::io::environment::Environment;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command, ValueHint};
use std::ffi::{OsStr, OsString};

/// The arguments for an option that was not given on the command line, and their origin.
pub(super) struct Fallback {
    option: String,
    pub(super) args: Vec<OsString>,
    origin: SettingOrigin,
}

/// Returns the fallbacks for the options of a command that were not given on the command line.
pub(super) fn find(
    command: &Command,
    explicit: &ExplicitOptions,
    settings: &Settings,
    env: &Environment,
) -> Result<Vec<Fallback>, Error> {
    let mut found = Vec::new();
    for id in CONFIGURABLE_OPTIONS {
        let arg = command.get_arguments().find(|arg| arg.get_id() == id);
        let needs_fallback =
            |arg: &&Arg| !explicit.contains_key(*id) && !is_excluded(command, arg, explicit);
        let Some(arg) = arg.filter(needs_fallback) else { continue };
        let Some((value, origin)) = configured_value(id, settings, env) else { continue };
        let option = format!("--{}", arg.get_long().unwrap_or_default());
        let args = to_args(arg, &option, &value, &origin)?;
        if !args.is_empty() {
            found.push(Fallback { option, args, origin });
        }
    }
    Ok(found)
}

/// Returns `true` if this option conflicts with one that was given on the command line.
fn is_excluded(command: &Command, arg: &Arg, explicit: &ExplicitOptions) -> bool {
    let conflict = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|arg| arg.get_id() == other.get_id())
    };
    let mut given =
        command.get_arguments().filter(|other| explicit.contains_key(other.get_id().as_str()));
    given.any(|other| conflict(arg, other) || conflict(other, arg))
}

/// Converts a value to arguments: a switch is present or absent, a counted option is repeated.
fn to_args(
    arg: &Arg,
    option: &str,
    value: &OsStr,
    origin: &SettingOrigin,
) -> Result<Vec<OsString>, Error> {
    let invalid = |expected: &str| Error::Option {
        message: format!("`{origin}` is `{}`, expected {expected}", value.display()),
        hint: format!("it sets `{option}`"),
    };
    // Only a path may contain bytes that are not UTF-8.
    if value.to_str().is_none() && arg.get_value_hint() != ValueHint::AnyPath {
        return Err(invalid("a UTF-8 string"));
    }
    let option = OsString::from(option);
    match arg.get_action() {
        ArgAction::SetTrue => match value.to_str() {
            Some("1" | "true" | "yes" | "on") => Ok(vec![option]),
            Some("0" | "false" | "no" | "off") => Ok(Vec::new()),
            Some(_) | None => Err(invalid("`1` or `0`")),
        },
        ArgAction::Count => match value.to_str().and_then(|text| text.parse().ok()) {
            Some(count @ 0..=9) => Ok(vec![option; count]),
            Some(_) | None => Err(invalid("a number from 0 to 9")),
        },
        _ => {
            let mut arg = option;
            arg.push("=");
            arg.push(value);
            Ok(vec![arg])
        }
    }
}

/// Returns the arguments with options inserted before the `--` that ends them.
pub(super) fn insert<'a>(
    args: &'a [OsString],
    more: impl Iterator<Item = &'a OsString>,
) -> Vec<OsString> {
    let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    args[..end].iter().chain(more).chain(&args[end..]).cloned().collect()
}

/// Converts the error of parsing with fallbacks, and names the variable or key that is its cause.
pub(super) fn error_with_origin(
    error: &clap::Error,
    path: &str,
    fallbacks: &[Fallback],
) -> ArgumentsError {
    let converted = errors::convert(error, path);
    let invalid_arg = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(arg)) => arg.as_str(),
        _ => "",
    };
    let option = invalid_arg.split([' ', '=']).next().unwrap_or_default();
    let matching: Vec<_> = fallbacks.iter().filter(|fallback| fallback.option == option).collect();
    // The given arguments alone were valid, so that a fallback is the cause. If the error names
    // none of them, it may be any.
    let causes = if matching.is_empty() { fallbacks.iter().collect() } else { matching };
    let origins: Vec<_> = causes.iter().map(|fallback| format!("`{}`", fallback.origin)).collect();
    ArgumentsError {
        message: format!("{}: {}", origins.join(", "), converted.message),
        ..converted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn conflicts_can_be_queried_for_every_option() {
        let mut command = cli::command();
        command.build();
        for sub in cli::tests::all_commands(&command) {
            let all = sub.get_arguments().map(|arg| (arg.get_id().to_string(), String::new()));
            let explicit: ExplicitOptions = all.collect();
            for arg in sub.get_arguments() {
                is_excluded(sub, arg, &explicit);
            }
        }
    }

    #[test]
    fn options_are_inserted_before_the_double_hyphen() {
        let args = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        let more = args("--timeout=5s");
        assert_eq!(insert(&args("a b"), more.iter()), args("a b --timeout=5s"));
        assert_eq!(insert(&args("a -- b"), more.iter()), args("a --timeout=5s -- b"));
    }
}
