//! Options of the command line as words, from which a command that repeats a run is composed.

use crate::commands::option_sources::TypedOption;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use std::ffi::{OsStr, OsString};

/// The option whose values are left out.
const SECRET: &str = "secret";

/// The option that is left out, since it makes no sense without its value, which is a secret.
const HANDSHAKE_TOKEN: &str = "handshake_token";

/// Returns the options that were given on the command line, in the order of their definition.
pub(super) fn read(command: &Command, matches: &ArgMatches) -> Vec<TypedOption> {
    let is_typed = |arg: &&Arg| {
        let id = arg.get_id().as_str();
        // `help` and `version` are no values of the matches.
        id != HANDSHAKE_TOKEN
            && matches.try_contains_id(id).is_ok()
            && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    let typed = command.get_arguments().filter(is_typed);
    typed
        .map(|arg| TypedOption { id: arg.get_id().to_string(), words: words(arg, matches) })
        .collect()
}

/// Returns the words of one option, which may have been given several times.
fn words(arg: &Arg, matches: &ArgMatches) -> Vec<OsString> {
    let name = arg.get_long().map(|long| OsString::from(format!("--{long}")));
    let id = arg.get_id().as_str();
    if !arg.get_action().takes_values() {
        return name.into_iter().collect();
    }
    let values = matches.get_raw(id).into_iter().flatten();
    if id == SECRET {
        // Without a value, it is read from the environment or prompted for.
        return values.filter_map(|_| name.clone()).collect();
    }
    values.flat_map(|value| named(name.as_deref(), value)).collect()
}

/// Returns a value after the name of its option. A value with a hyphen is joined to the name, so
/// that it is not mistaken for an option.
fn named(name: Option<&OsStr>, value: &OsStr) -> Vec<OsString> {
    match name {
        Some(name) if value.as_encoded_bytes().starts_with(b"-") => {
            let mut joined = name.to_owned();
            joined.push("=");
            joined.push(value);
            vec![joined]
        }
        Some(name) => vec![name.to_owned(), value.to_owned()],
        None => vec![value.to_owned()],
    }
}
