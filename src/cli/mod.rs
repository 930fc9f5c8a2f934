//! The command line: combines arguments, variables and configuration files into one command.

pub mod args;
pub mod errors;
mod fallbacks;
mod other_names;
pub mod secret_args;
mod typed_options;

use crate::cli::args::Cli;
use crate::cli::fallbacks::Fallback;
use crate::commands;
use crate::commands::Invocation;
use crate::commands::option_sources::{
    CONFIGURABLE_OPTIONS, ExplicitOptions, SEPARATELY_READ_OPTIONS, TypedOption, has_variable,
};
use crate::commands::settings::Settings;
use crate::domain::config::option_env_var;
use crate::error::{Error, Exit};
use crate::io::environment::Environment;
use crate::output::help;
use crate::output::printer::{Format, Printer};
use clap::builder::StyledStr;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches, Id};
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The default and the maximum width of help, in columns.
const HELP_WIDTH: usize = 100;

/// Runs one invocation of `leadhook` and returns its exit status.
///
/// The environment variables, the streams and the clock are only used through `env`, so that
/// several runs can share one process, even at the same time.
pub fn run(args: impl IntoIterator<Item = OsString>, env: &Environment) -> Exit {
    let args = secret_args::join_secret_values(args);
    let invocation = match parse(&args, env) {
        Ok(invocation) => invocation,
        Err(NotParsed::Help(help)) => {
            help::print(&help.render(), env);
            return Exit::Success;
        }
        Err(NotParsed::NoCommand { help, error }) => {
            let options = errors::output_options(&args, env);
            if options.format == Format::Json {
                Printer::new(env, &options).error(&*error);
            } else {
                help::print_to_stderr(&help, env);
            }
            return error.exit();
        }
        Err(NotParsed::Invalid(error)) => {
            Printer::new(env, &errors::output_options(&args, env)).error(&*error);
            return error.exit();
        }
    };
    let mut printer = Printer::new(env, &invocation.global.output_options());
    commands::dispatch(invocation, env, &mut printer).unwrap_or_else(|error| {
        printer.error(&error);
        error.exit()
    })
}

/// The reason why the command line gives no command to run.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotParsed {
    /// Help or the version was requested; clap's error contains the text.
    Help(clap::Error),
    /// No command was given.
    NoCommand {
        /// The short help.
        help: StyledStr,
        /// The error, for a program that reads the output.
        error: Box<Error>,
    },
    /// An argument, a variable or the configuration is invalid.
    Invalid(Box<Error>),
}

impl From<Error> for NotParsed {
    fn from(error: Error) -> Self {
        Self::Invalid(Box::new(error))
    }
}

impl NotParsed {
    /// Converts the error of parsing `args` as `command`.
    fn new(error: clap::Error, command: &mut Command, args: &[OsString]) -> Self {
        if !error.use_stderr() {
            return Self::Help(error);
        }
        let converted =
            Error::Arguments(errors::convert(&error, &errors::command_path(command, args)));
        match error.kind() {
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
                let asks_for_help = args.iter().cloned().chain([OsString::from("-h")]);
                match command.try_get_matches_from_mut(asks_for_help) {
                    Err(help) if help.kind() == ErrorKind::DisplayHelp => {
                        Self::NoCommand { help: help.render(), error: Box::new(converted) }
                    }
                    Ok(_) | Err(_) => converted.into(),
                }
            }
            _ => converted.into(),
        }
    }
}

/// Returns the whole command line, with the variables in its help.
#[must_use]
pub fn command() -> Command {
    with_negative_numbers(with_variables(Cli::command()))
}

/// Lets every option with a number accept a negative one, which its parser then rejects. Otherwise
/// `-1` would be reported as an unknown option.
fn with_negative_numbers(command: Command) -> Command {
    let takes_number = |arg: &Arg| {
        !arg.is_positional()
            && arg.get_value_names().is_some_and(|names| names.iter().any(|name| name == "N"))
    };
    command
        .mut_args(|arg| {
            let accepts = takes_number(&arg);
            if accepts { arg.allow_negative_numbers(true) } else { arg }
        })
        .mut_subcommands(with_negative_numbers)
}

/// Adds the variable of each option to its help, as `[env: NAME]`.
fn with_variables(command: Command) -> Command {
    // `mut_arg` moves an option behind the others, so that the order here determines the order in
    // completions.
    let ids = SEPARATELY_READ_OPTIONS.iter().chain(CONFIGURABLE_OPTIONS);
    let mut command = ids.fold(command, |command, id| {
        if !command.get_arguments().any(|arg| arg.get_id() == id) {
            return command;
        }
        command.mut_arg(id, |arg| {
            let documented = |text: String| format!("{text} [env: {}]", option_env_var(id));
            let (short, long) = (arg.get_help().cloned(), arg.get_long_help().cloned());
            let arg =
                short.into_iter().fold(arg, |arg, text| arg.help(documented(text.to_string())));
            long.into_iter().fold(arg, |arg, text| arg.long_help(documented(text.to_string())))
        })
    });
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, with_variables);
    }
    command
}

/// Returns the width of help: that of the terminal, up to [`HELP_WIDTH`].
fn help_width(env: &Environment) -> usize {
    // To clap, 0 means unlimited.
    env.columns().unwrap_or(HELP_WIDTH).clamp(1, HELP_WIDTH)
}

/// Parses the command line, with fallbacks for the options that were not given.
///
/// The given arguments are parsed first without fallbacks: they name the configuration to read,
/// some commands read none, and help and syntax errors take precedence over a bad configuration.
pub fn parse(args: &[OsString], env: &Environment) -> Result<Invocation, NotParsed> {
    let mut command = command().term_width(help_width(env));
    let matches = match command.try_get_matches_from_mut(args) {
        Ok(matches) => matches,
        Err(error) => return Err(NotParsed::new(error, &mut command, args)),
    };
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return Err(NotParsed::new(error, &mut command, args)),
    };
    let (leaf, leaf_matches) = leaf(&command, &matches);
    let explicit = explicit_options(leaf_matches);
    let typed = typed_options::read(leaf, leaf_matches);
    if !cli.command.is_configurable() {
        return Ok(invocation(cli, explicit, typed, Settings::default(), Vec::new()));
    }
    let option_or_variable = |option: Option<&OsStr>, id: &str| {
        option.or_else(|| env.var_os(&option_env_var(id))).map(OsStr::to_owned)
    };
    let file = option_or_variable(cli.global.config.as_deref().map(Path::as_os_str), "config");
    let profile = option_or_variable(cli.global.profile.as_deref().map(OsStr::new), "profile");
    let profile = profile.as_ref().map(|name| name.to_string_lossy());
    let (settings, mut errors) =
        Settings::read_valid(env, file.as_deref().map(Path::new), profile.as_deref());
    let fallbacks = fallbacks::find(leaf, &explicit, &settings, env);
    match fallbacks.and_then(|fallbacks| parse_again(&mut command, args, &fallbacks)) {
        Ok(None) => {}
        Ok(Some(with_fallbacks)) => cli = with_fallbacks,
        Err(error) => errors.push(error),
    }
    if cli.command.diagnoses_configuration() {
        return Ok(invocation(cli, explicit, typed, settings, errors));
    }
    match errors.into_iter().next() {
        Some(error) => Err(error.into()),
        None => Ok(invocation(cli, explicit, typed, settings, Vec::new())),
    }
}

/// Parses the command line with fallbacks for the options that were not given, if there are any.
fn parse_again(
    command: &mut Command,
    args: &[OsString],
    fallbacks: &[Fallback],
) -> Result<Option<Cli>, Error> {
    if fallbacks.is_empty() {
        return Ok(None);
    }
    let all_args = fallbacks::insert(args, fallbacks.iter().flat_map(|fallback| &fallback.args));
    let path = errors::command_path(command, args);
    let with_origin = |error: clap::Error| {
        Error::Arguments(fallbacks::error_with_origin(&error, &path, fallbacks))
    };
    let matches = command.try_get_matches_from_mut(all_args).map_err(with_origin)?;
    Cli::from_arg_matches(&matches).map(Some).map_err(with_origin)
}

fn invocation(
    cli: Cli,
    explicit: ExplicitOptions,
    typed: Vec<TypedOption>,
    settings: Settings,
    configuration_errors: Vec<Error>,
) -> Invocation {
    let Cli { global, command: run, .. } = cli;
    Invocation {
        global,
        command: run,
        explicit,
        typed,
        settings,
        configuration_errors,
        root: command,
    }
}

/// Returns the innermost subcommand and its arguments.
fn leaf<'c>(
    mut command: &'c Command,
    mut matches: &'c ArgMatches,
) -> (&'c Command, &'c ArgMatches) {
    while let Some((name, inner)) = matches.subcommand()
        && let Some(sub) = command.find_subcommand(name)
    {
        (command, matches) = (sub, inner);
    }
    (command, matches)
}

/// Returns the options that were given on the command line, with the values of those that a
/// variable can set.
fn explicit_options(matches: &ArgMatches) -> ExplicitOptions {
    let is_explicit =
        |id: &&Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
    let value = |id: &str| {
        let raw = has_variable(id).then(|| matches.get_raw(id)).flatten();
        let values = raw.into_iter().flatten().map(|value| value.to_string_lossy());
        values.collect::<Vec<_>>().join(", ")
    };
    let ids = matches.ids().filter(is_explicit).map(Id::as_str);
    ids.map(|id| (id.to_owned(), value(id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn all_commands(command: &Command) -> Vec<&Command> {
        std::iter::once(command).chain(command.get_subcommands().flat_map(all_commands)).collect()
    }

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn every_variable_is_named_in_the_help_of_its_option() {
        let mut command = command();
        command.build();
        for id in CONFIGURABLE_OPTIONS.iter().chain(SEPARATELY_READ_OPTIONS) {
            let name = option_env_var(id);
            let mut commands = 0;
            for sub in all_commands(&command) {
                let Some(arg) = sub.get_arguments().find(|arg| arg.get_id() == id) else {
                    continue;
                };
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains(&format!("[env: {name}]")), "{} {help}", sub.get_name());
                commands += 1;
            }
            assert!(commands > 0, "{name} sets no option");
        }
    }
}
