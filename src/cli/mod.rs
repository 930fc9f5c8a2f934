//! The command line: combines arguments, variables and configuration files into one command.

pub mod args;
pub mod errors;
mod fallbacks;
pub mod secret_args;
mod typed_options;

use crate::cli::args::Cli;
use crate::cli::fallbacks::Fallback;
use crate::commands;
use crate::commands::Invocation;
use crate::commands::completions;
use crate::commands::global_options::GlobalOptions;
use crate::commands::help::Help;
use crate::commands::manual::command_reference::variable_note;
use crate::commands::manual::{short_help, with_examples};
use crate::commands::option_sources::{
    ExplicitOptions, TypedOption, has_variable, is_configurable,
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

/// Runs one invocation of `leadhook` and returns its exit status.
///
/// The environment variables, the streams and the clock are only used through `env`, so that
/// several runs can share one process, even at the same time.
pub fn run(args: impl IntoIterator<Item = OsString>, env: &Environment) -> Exit {
    let args: Vec<_> = args.into_iter().collect();
    if let Some(exit) = completions::answer(command, &args, env) {
        return exit;
    }
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

/// Returns the whole command line: with the variables in its long help, and without rare options in
/// its short help.
#[must_use]
pub fn command() -> Command {
    let command = with_nested_help(short_help::hide_rare_options(Cli::command()));
    with_negative_numbers(with_variables(command))
}

/// The name of the command that prints help.
const HELP: &str = "help";

/// Adds `help` to each command that has subcommands, as `leadhook events help show`. clap can add
/// it to all commands or to none, and the one of the root is [`commands::help`].
fn with_nested_help(command: Command) -> Command {
    let names = Arg::new("commands").value_name("COMMAND").num_args(0..);
    command.mut_subcommands(|sub| {
        if !sub.has_subcommands() {
            return sub;
        }
        let help = Command::new(HELP).about("Print the help of a subcommand").hide(true);
        sub.subcommand(help.arg(names.clone()))
    })
}

/// Returns the command whose help is requested by `help` after another command.
fn nested_help(matches: &ArgMatches) -> Option<Vec<String>> {
    let (mut path, mut matches) = (Vec::new(), matches);
    while let Some((name, inner)) = matches.subcommand() {
        if name == HELP && !path.is_empty() {
            path.extend(inner.get_many::<String>("commands").into_iter().flatten().cloned());
            return Some(path);
        }
        path.push(name.to_owned());
        matches = inner;
    }
    None
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

/// Adds the variable of each option to its long help, as `[env: NAME]`.
fn with_variables(command: Command) -> Command {
    command
        .mut_args(|arg| {
            let id = arg.get_id().as_str();
            if !has_variable(id) {
                return arg;
            }
            let note = variable_note(&option_env_var(id));
            let help = arg.get_long_help().or(arg.get_help()).map(|help| format!("{help}{note}"));
            help.into_iter().fold(arg, Arg::long_help)
        })
        .mut_subcommands(with_variables)
}

/// Parses the command line without fallbacks. Returns the command as well, which has examples if it
/// may print help: laying them out takes longer than the parsing.
fn read_matches(args: &[OsString], width: usize) -> (Command, Result<ArgMatches, clap::Error>) {
    let mut plain = command().term_width(width);
    match plain.try_get_matches_from_mut(args) {
        Err(error) if error.kind() != ErrorKind::DisplayVersion => {
            let mut command = with_examples(command(), width).term_width(width);
            let matches = command.try_get_matches_from_mut(args);
            (command, matches)
        }
        matches => (plain, matches),
    }
}

/// Parses the command line, with fallbacks for the options that were not given.
///
/// The given arguments are parsed first without fallbacks: they name the configuration to read,
/// some commands read none, and help and syntax errors take precedence over a bad configuration.
pub fn parse(args: &[OsString], env: &Environment) -> Result<Invocation, NotParsed> {
    let width = help::width(env);
    let (mut command, matches) = read_matches(args, width);
    let matches = match matches {
        Ok(matches) => matches,
        Err(error) => return Err(NotParsed::new(error, &mut command, args)),
    };
    if let Some(path) = nested_help(&matches) {
        let global = GlobalOptions::from_arg_matches(&matches)
            .map_err(|error| NotParsed::new(error, &mut command, args))?;
        let cli = Cli { global, command: commands::Command::Help(Help::of(path)) };
        let explicit = ExplicitOptions::new();
        return Ok(invocation(cli, explicit, Vec::new(), Settings::default(), Vec::new()));
    }
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return Err(NotParsed::new(error, &mut command, args)),
    };
    let (path, leaf, leaf_matches) = leaf(&command, &matches);
    let explicit = explicit_options(leaf_matches);
    let typed = typed_options::read(leaf, leaf_matches);
    if !is_configurable(&path) {
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

/// Returns the path of the innermost subcommand, the subcommand and its arguments.
fn leaf<'c>(
    mut command: &'c Command,
    mut matches: &'c ArgMatches,
) -> (String, &'c Command, &'c ArgMatches) {
    let mut path = String::new();
    while let Some((name, inner)) = matches.subcommand()
        && let Some(sub) = command.find_subcommand(name)
    {
        path = short_help::join(&path, name);
        (command, matches) = (sub, inner);
    }
    (path, command, matches)
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
mod tests;
