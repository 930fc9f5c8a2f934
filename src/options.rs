//! The command line with the variables and keys that stand in for its options.
//!
//! Every option named here has a variable, `LEADHOOK_` and its name. Where an option is not typed,
//! the value of its variable, or of its key in a configuration file, is put behind the arguments as
//! if it had been: so it is read, checked and refused like any other.

use crate::arguments::ArgumentsError;
use crate::cli::Cli;
use crate::domain::config::KEYS;
use crate::error::Error;
use crate::io::environment::Environment;
use crate::settings::{Effective, Origin, Settings};
use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches, Id, ValueHint};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// An option that has a variable.
struct Row {
    /// Its name, as clap has it.
    id: &'static str,
    /// Commands in which an option of that name means something else.
    except: &'static [&'static str],
    /// Who looks at the variable.
    read_by: Reader,
}

/// Who looks at a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// The command line, as an argument.
    Arguments,
    /// Something that comes before the command line, or weighs it against others.
    Elsewhere,
}

const fn argument(id: &'static str) -> Row {
    Row { id, except: &[], read_by: Reader::Arguments }
}

const fn elsewhere(id: &'static str) -> Row {
    Row { id, except: &[], read_by: Reader::Elsewhere }
}

/// The columns of help where nothing tells those of the terminal, and the most it ever fills.
const HELP_WIDTH: usize = 100;

/// What says something of one run alone has no row: a count, a tamper, a payload's change.
const ROWS: &[Row] = &[
    elsewhere("config"),
    elsewhere("profile"),
    elsewhere("secret_file"),
    // The positional URL of `send`, and `--to` of `replay`.
    elsewhere("target"),
    argument("pack"),
    argument("provider"),
    argument("format"),
    argument("color"),
    argument("quiet"),
    argument("verbose"),
    argument("seed"),
    argument("now"),
    Row { except: &["listen"], ..argument("timeout") },
    argument("wait"),
    argument("cacert"),
    argument("cert"),
    argument("key"),
    argument("insecure"),
    argument("proxy"),
    argument("strict"),
    argument("save"),
    argument("keep"),
    argument("keep_size"),
    argument("forward"),
    argument("forward_timeout"),
    argument("keep_host"),
    argument("respond"),
    Row { except: &["simulate"], ..argument("latency") },
    Row { except: &["simulate"], ..argument("fail_rate") },
    argument("drop_rate"),
    argument("answer_late"),
    argument("remember"),
    argument("unverified"),
    argument("invalid"),
    argument("redact"),
    argument("ready_file"),
    argument("admin"),
    argument("max_body"),
    argument("max_header"),
    argument("max_memory"),
    argument("max_connections"),
    argument("max_requests"),
    argument("idle_timeout"),
    argument("read_timeout"),
    argument("request_timeout"),
];

/// The names of the options that were typed; with what was typed for those that have a variable.
/// None of these holds a secret.
pub type Typed = BTreeMap<String, String>;

/// A command line that was read, with what is worth knowing of how.
#[derive(Debug)]
pub struct Parsed {
    /// The commands and options, those of variables and files included.
    pub cli: Cli,
    /// The options that were typed.
    pub typed: Typed,
    /// What configuration files say.
    pub settings: Settings,
}

/// Why there is nothing to run.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotParsed {
    /// Help or the version was asked for: this is it.
    Help(clap::Error),
    /// Something is wrong.
    Wrong(Box<Error>),
}

/// The variable of an option.
#[must_use]
pub fn variable(id: &str) -> String {
    format!("LEADHOOK_{}", id.to_ascii_uppercase())
}

/// The command line, with the variables in its help.
#[must_use]
pub fn command() -> Command {
    with_variables(Cli::command(), "")
}

fn with_variables(command: Command, name: &str) -> Command {
    let mut command = ROWS.iter().fold(command, |command, row| {
        let has_it = command.get_arguments().any(|arg| arg.get_id() == row.id);
        if !has_it || row.except.contains(&name) {
            return command;
        }
        command.mut_arg(row.id, |arg| {
            let said = |text: String| format!("{text} [env: {}]", variable(row.id));
            let (short, long) = (arg.get_help().cloned(), arg.get_long_help().cloned());
            let arg = short.into_iter().fold(arg, |arg, text| arg.help(said(text.to_string())));
            long.into_iter().fold(arg, |arg, text| arg.long_help(said(text.to_string())))
        })
    });
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| with_variables(sub, &name));
    }
    command
}

/// Returns the columns that help fills: those of the terminal, up to the usual.
fn help_width(env: &Environment) -> usize {
    // 0 would mean no limit to clap.
    env.columns().unwrap_or(HELP_WIDTH).clamp(1, HELP_WIDTH)
}

/// Reads the command line, and what stands in for the options that it leaves out.
pub fn parse(args: &[OsString], env: &Environment) -> Result<Parsed, NotParsed> {
    let mut command = command().term_width(help_width(env));
    let matches = command.try_get_matches_from_mut(args).map_err(NotParsed::new)?;
    let cli = Cli::from_arg_matches(&matches).map_err(NotParsed::new)?;
    let (leaf, leaf_matches) = leaf(&command, &matches);
    let typed = typed(leaf_matches);
    if !cli.command.is_configurable() {
        return Ok(Parsed { cli, typed, settings: Settings::default() });
    }
    let given = |option: Option<OsString>, id: &str| {
        option.or_else(|| env.os(&variable(id)).map(OsStr::to_owned))
    };
    let file = given(cli.global.config.clone().map(Into::into), "config");
    let profile = given(cli.global.profile.clone().map(Into::into), "profile");
    let settings = Settings::read(
        env,
        file.as_deref().map(std::path::Path::new),
        profile.as_ref().map(|name| name.to_string_lossy()).as_deref(),
    )
    .map_err(NotParsed::from)?;
    let more = stand_ins(leaf, &typed, &settings, env).map_err(NotParsed::from)?;
    if more.is_empty() {
        return Ok(Parsed { cli, typed, settings });
    }
    let all = with(args, more.iter().flat_map(|stand_in| &stand_in.args));
    let blamed = |error: clap::Error| NotParsed::from(Error::Arguments(blame(&error, &more)));
    let matches = self::command().try_get_matches_from(all).map_err(blamed)?;
    let cli = Cli::from_arg_matches(&matches).map_err(blamed)?;
    Ok(Parsed { cli, typed, settings })
}

impl From<Error> for NotParsed {
    fn from(error: Error) -> Self {
        Self::Wrong(Box::new(error))
    }
}

impl NotParsed {
    fn new(error: clap::Error) -> Self {
        if error.use_stderr() {
            Error::Arguments(ArgumentsError::new(&error)).into()
        } else {
            Self::Help(error)
        }
    }
}

/// The innermost command that was named.
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

fn typed(matches: &ArgMatches) -> Typed {
    let is_typed = |id: &&Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
    let text = |id: &str| {
        let known = ROWS.iter().any(|row| row.id == id).then(|| matches.get_raw(id)).flatten();
        let values = known.into_iter().flatten().map(|value| value.to_string_lossy());
        values.collect::<Vec<_>>().join(", ")
    };
    let ids = matches.ids().filter(is_typed).map(Id::as_str);
    ids.map(|id| (id.to_owned(), text(id))).collect()
}

/// Arguments for an option that was not typed, and where they come from.
struct StandIn {
    option: String,
    args: Vec<OsString>,
    origin: Origin,
}

fn stand_ins(
    command: &Command,
    typed: &Typed,
    settings: &Settings,
    env: &Environment,
) -> Result<Vec<StandIn>, Error> {
    let mut found = Vec::new();
    for row in ROWS.iter().filter(|row| row.read_by == Reader::Arguments) {
        let arg = command.get_arguments().find(|arg| arg.get_id() == row.id);
        let Some(arg) = arg.filter(|_| !row.except.contains(&command.get_name())) else { continue };
        if typed.contains_key(row.id) || is_excluded(command, arg, typed) {
            continue;
        }
        let Some((value, origin)) = value(row.id, settings, env) else { continue };
        let option = format!("--{}", arg.get_long().unwrap_or_default());
        let args = spelled(arg, &option, &value, &origin)?;
        if !args.is_empty() {
            found.push(StandIn { option, args, origin });
        }
    }
    Ok(found)
}

/// What stands in for an option: its variable, or its key in a file.
fn value(id: &str, settings: &Settings, env: &Environment) -> Option<(OsString, Origin)> {
    let name = variable(id);
    if let Some(value) = env.os(&name) {
        return Some((value.to_owned(), Origin::Variable(name)));
    }
    let key = KEYS.iter().map(|key| key.name).find(|key| key.replace('-', "_") == id)?;
    settings.general(key).map(|effective| (effective.text.into(), effective.origin))
}

/// The value in force of every option that has a variable; none where nothing says anything.
///
/// What the help of some command names as its default counts where nothing else is said.
#[must_use]
pub fn in_force(
    typed: &Typed,
    settings: &Settings,
    env: &Environment,
) -> Vec<(String, Option<Effective>)> {
    let mut command = command();
    command.build();
    let default = |row: &Row| {
        let subs = command.get_subcommands().filter(|sub| !row.except.contains(&sub.get_name()));
        let args = std::iter::once(&command).chain(subs).flat_map(Command::get_arguments);
        let first = args.into_iter().find(|arg| arg.get_id() == row.id)?;
        let text = first.get_default_values().first()?.to_string_lossy().into_owned();
        Some(Effective { text, origin: Origin::Default })
    };
    let effective = |row: &Row| {
        let option = format!("--{}", row.id.replace('_', "-"));
        let typed = typed.get(row.id).map(|text| (OsString::from(text), Origin::Option(option)));
        let found = typed.or_else(|| value(row.id, settings, env));
        let shown = |(text, origin): (OsString, _)| Effective {
            text: text.to_string_lossy().into_owned(),
            origin,
        };
        found.map(shown).or_else(|| default(row))
    };
    let rows = ROWS.iter().filter(|row| row.read_by == Reader::Arguments);
    rows.map(|row| (row.id.replace('_', "-"), effective(row))).collect()
}

/// Whether something was typed that the option cannot stand beside.
fn is_excluded(command: &Command, arg: &Arg, typed: &Typed) -> bool {
    let excludes = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|found| found.get_id() == other.get_id())
    };
    let those = command.get_arguments().filter(|other| typed.contains_key(other.get_id().as_str()));
    those.into_iter().any(|other| excludes(arg, other) || excludes(other, arg))
}

/// The value as arguments: for a switch, whether it is on; for one that is counted, how often.
fn spelled(
    arg: &Arg,
    option: &str,
    value: &OsStr,
    origin: &Origin,
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

/// The arguments with more options, before a `--` that ends them.
fn with<'a>(args: &'a [OsString], more: impl Iterator<Item = &'a OsString>) -> Vec<OsString> {
    let end = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    args[..end].iter().chain(more).chain(&args[end..]).cloned().collect()
}

/// The error for a value that nobody typed: it names where the value comes from.
fn blame(error: &clap::Error, more: &[StandIn]) -> ArgumentsError {
    let wrong = ArgumentsError::new(error);
    let named = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(named)) => named.as_str(),
        _ => "",
    };
    let option = named.split([' ', '=']).next().unwrap_or_default();
    let named: Vec<_> = more.iter().filter(|stand_in| stand_in.option == option).collect();
    // All that was typed is right: where the error names none of these, one of them is to blame.
    let blamed = if named.is_empty() { more.iter().collect() } else { named };
    let origins: Vec<_> = blamed.iter().map(|stand_in| format!("`{}`", stand_in.origin)).collect();
    wrong.of(&origins.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_commands(command: &Command) -> Vec<&Command> {
        std::iter::once(command).chain(command.get_subcommands().flat_map(all_commands)).collect()
    }

    #[test]
    fn every_row_is_an_option_of_some_command_and_stands_in_its_help() {
        let mut command = command();
        command.build();
        for row in ROWS {
            let name = variable(row.id);
            let mut seen = 0;
            for sub in all_commands(&command) {
                let arg = sub.get_arguments().find(|arg| arg.get_id() == row.id);
                let Some(arg) = arg.filter(|_| !row.except.contains(&sub.get_name())) else {
                    continue;
                };
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains(&format!("[env: {name}]")), "{} {help}", sub.get_name());
                seen += 1;
            }
            assert!(seen > 0, "{name} stands for nothing");
        }
    }

    #[test]
    fn whether_an_option_may_stand_beside_another_can_be_asked_of_all() {
        let mut command = command();
        command.build();
        for sub in all_commands(&command) {
            let all = sub.get_arguments().map(|arg| (arg.get_id().to_string(), String::new()));
            let typed = all.collect();
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
