//! Arguments for options that nobody typed, from variables and configuration files.
//!
//! They join what was typed for another parse, so that clap reads, checks and refuses them like any
//! argument. Default values would not do: clap exempts a default from `requires` and
//! `conflicts_with`, so that `LEADHOOK_KEEP` without a store to keep anything in would be ignored
//! in silence.

use crate::cli::errors;
use crate::commands::option_sources::{SUPPLIED, Typed, value};
use crate::commands::settings::{SettingOrigin, Settings};
use crate::error::{ArgumentsError, Error};
use crate::io::environment::Environment;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command, ValueHint};
use std::ffi::{OsStr, OsString};

/// Arguments for an option that was not typed, and where they come from.
pub(super) struct StandIn {
    option: String,
    pub(super) args: Vec<OsString>,
    origin: SettingOrigin,
}

/// Finds the arguments for every option of a command that was not typed.
pub(super) fn stand_ins(
    command: &Command,
    typed: &Typed,
    settings: &Settings,
    env: &Environment,
) -> Result<Vec<StandIn>, Error> {
    let mut found = Vec::new();
    for id in SUPPLIED {
        let arg = command.get_arguments().find(|arg| arg.get_id() == id);
        let is_open = |arg: &&Arg| !typed.contains_key(*id) && !is_excluded(command, arg, typed);
        let Some(arg) = arg.filter(is_open) else { continue };
        let Some((value, origin)) = value(id, settings, env) else { continue };
        let option = format!("--{}", arg.get_long().unwrap_or_default());
        let args = spelled(arg, &option, &value, &origin)?;
        if !args.is_empty() {
            found.push(StandIn { option, args, origin });
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

/// Returns a value as arguments: a switch once or not at all, a counted one as often as it says.
fn spelled(
    arg: &Arg,
    option: &str,
    value: &OsStr,
    origin: &SettingOrigin,
) -> Result<Vec<OsString>, Error> {
    let refused = |expected: &str| Error::Option {
        message: format!("`{origin}` is `{}`, expected {expected}", value.display()),
        hint: format!("it stands for `{option}`"),
    };
    // Only a path may be anything but text.
    if value.to_str().is_none() && arg.get_value_hint() != ValueHint::AnyPath {
        return Err(refused("a text"));
    }
    let option = OsString::from(option);
    match arg.get_action() {
        ArgAction::SetTrue => match value.to_str() {
            Some("1" | "true" | "yes" | "on") => Ok(vec![option]),
            Some("0" | "false" | "no" | "off") => Ok(Vec::new()),
            Some(_) | None => Err(refused("`1` or `0`")),
        },
        ArgAction::Count => match value.to_str().and_then(|text| text.parse().ok()) {
            Some(count @ 0..=9) => Ok(vec![option; count]),
            Some(_) | None => Err(refused("a number from 0 to 9")),
        },
        _ => {
            let mut whole = option;
            whole.push("=");
            whole.push(value);
            Ok(vec![whole])
        }
    }
}

/// Inserts options before the `--` that ends them.
pub(super) fn with<'a>(
    args: &'a [OsString],
    more: impl Iterator<Item = &'a OsString>,
) -> Vec<OsString> {
    let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    args[..end].iter().chain(more).chain(&args[end..]).cloned().collect()
}

/// Returns the error for a value that nobody typed, with the name of its source.
pub(super) fn blame(error: &clap::Error, more: &[StandIn]) -> ArgumentsError {
    let wrong = errors::in_our_words(error);
    let named = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(named)) => named.as_str(),
        _ => "",
    };
    let option = named.split([' ', '=']).next().unwrap_or_default();
    let named: Vec<_> = more.iter().filter(|stand_in| stand_in.option == option).collect();
    // All that was typed is right: where the error names none of these, one of them is to blame.
    let blamed = if named.is_empty() { more.iter().collect() } else { named };
    let origins: Vec<_> = blamed.iter().map(|stand_in| format!("`{}`", stand_in.origin)).collect();
    ArgumentsError { message: format!("{}: {}", origins.join(", "), wrong.message), ..wrong }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn whether_an_option_may_stand_beside_another_can_be_asked_of_all() {
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
    fn more_options_come_before_what_ends_them() {
        let args = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        let more = args("--timeout=5s");
        assert_eq!(with(&args("a b"), more.iter()), args("a b --timeout=5s"));
        assert_eq!(with(&args("a -- b"), more.iter()), args("a --timeout=5s -- b"));
    }
}
