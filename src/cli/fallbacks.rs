//! Arguments for options that were not typed, from variables and configuration files.
//!
//! They are added to the typed arguments and everything is parsed again, so that clap parses and
//! validates them like typed ones. Default values would not do: clap exempts a default from
//! `requires` and `conflicts_with`, so that `LEADHOOK_KEEP` without a store would be silently
//! ignored.

use crate::cli::errors;
use crate::commands::option_sources::{SUPPLIED, Typed, value};
use crate::commands::settings::{SettingOrigin, Settings};
use crate::error::{ArgumentsError, Error};
use crate::io::environment::Environment;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command, ValueHint};
use std::ffi::{OsStr, OsString};

/// The arguments for an option that was not typed, and their origin.
pub(super) struct Fallback {
    option: String,
    pub(super) args: Vec<OsString>,
    origin: SettingOrigin,
}

/// Returns the arguments for every option of a command that was not typed.
pub(super) fn find(
    command: &Command,
    typed: &Typed,
    settings: &Settings,
    env: &Environment,
) -> Result<Vec<Fallback>, Error> {
    let mut found = Vec::new();
    for id in SUPPLIED {
        let arg = command.get_arguments().find(|arg| arg.get_id() == id);
        let is_missing = |arg: &&Arg| !typed.contains_key(*id) && !is_excluded(command, arg, typed);
        let Some(arg) = arg.filter(is_missing) else { continue };
        let Some((value, origin)) = value(id, settings, env) else { continue };
        let option = format!("--{}", arg.get_long().unwrap_or_default());
        let args = to_args(arg, &option, &value, &origin)?;
        if !args.is_empty() {
            found.push(Fallback { option, args, origin });
        }
    }
    Ok(found)
}

/// Returns `true` if an option was typed that this one conflicts with.
fn is_excluded(command: &Command, arg: &Arg, typed: &Typed) -> bool {
    let excludes = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|found| found.get_id() == other.get_id())
    };
    let those = command.get_arguments().filter(|other| typed.contains_key(other.get_id().as_str()));
    those.into_iter().any(|other| excludes(arg, other) || excludes(other, arg))
}

/// Returns a value as arguments: a switch once or not at all, a counted one as often as given.
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
    // Only a path may contain anything but UTF-8.
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
            let mut whole = option;
            whole.push("=");
            whole.push(value);
            Ok(vec![whole])
        }
    }
}

/// Returns the arguments with options inserted before the `--` that ends them.
pub(super) fn with<'a>(
    args: &'a [OsString],
    more: impl Iterator<Item = &'a OsString>,
) -> Vec<OsString> {
    let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    args[..end].iter().chain(more).chain(&args[end..]).cloned().collect()
}

/// Returns the error for a value that was not typed, with the name of its origin.
pub(super) fn blame(error: &clap::Error, more: &[Fallback]) -> ArgumentsError {
    let wrong = errors::convert(error);
    let named = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(named)) => named.as_str(),
        _ => "",
    };
    let option = named.split([' ', '=']).next().unwrap_or_default();
    let named: Vec<_> = more.iter().filter(|fallback| fallback.option == option).collect();
    // The typed arguments alone were valid. If the error names no option of ours, any of them may
    // be the cause.
    let blamed = if named.is_empty() { more.iter().collect() } else { named };
    let origins: Vec<_> = blamed.iter().map(|fallback| format!("`{}`", fallback.origin)).collect();
    ArgumentsError { message: format!("{}: {}", origins.join(", "), wrong.message), ..wrong }
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
            let typed: Typed = all.collect();
            for arg in sub.get_arguments() {
                is_excluded(sub, arg, &typed);
            }
        }
    }

    #[test]
    fn options_are_inserted_before_the_double_hyphen() {
        let args = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        let more = args("--timeout=5s");
        assert_eq!(with(&args("a b"), more.iter()), args("a b --timeout=5s"));
        assert_eq!(with(&args("a -- b"), more.iter()), args("a --timeout=5s -- b"));
    }
}
