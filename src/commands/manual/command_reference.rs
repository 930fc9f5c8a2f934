//! Every command as data: its usage, arguments, options, variables and examples.

use crate::commands::manual::examples::{self, Example};
use crate::commands::manual::short_help;
use crate::commands::manual::short_help::join;
use crate::commands::manual::surroundings::{self, Surrounding};
use crate::commands::option_sources::{has_variable, is_configurable};
use crate::domain::config::option_env_var;
use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, Command};
use serde::Serialize;

/// The name of the program, with which every command begins.
pub const PROGRAM: &str = "leadhook";

/// The heading of options that have none in the command line.
pub const OPTIONS: &str = "Options";

/// The id of the option that prints help.
const HELP: &str = "help";

/// Its purpose: clap has another one in the short and in the long help.
const ABOUT_HELP: &str = "Print the short help (`-h`) or the whole help (`--help`)";

/// The beginning of the paragraph of a long help that explains the exit statuses of a command.
const EXIT_STATUS: &str = "Exit status ";

/// One command.
#[derive(Debug, Serialize)]
pub struct CommandReference {
    /// The words of the command, such as `leadhook events show`.
    pub command: String,
    /// Its purpose in one line.
    pub summary: String,
    /// The paragraphs of its description.
    pub description: Vec<String>,
    /// The meaning of its exit statuses, if it has one of its own for them.
    pub exit_status: Option<String>,
    /// Its syntax.
    pub usage: String,
    /// Its subcommands.
    pub subcommands: Vec<String>,
    /// Its positional arguments.
    pub arguments: Vec<ArgumentReference>,
    /// Its options, without the global ones.
    pub options: Vec<OptionReference>,
    /// Its examples.
    pub examples: &'static [Example],
    /// The variables that it reads.
    pub environment: Vec<VariableReference>,
    /// The files that it reads without an option.
    pub files: Vec<&'static Surrounding>,
}

/// The parts that arguments and options have in common.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// Its purpose.
    pub summary: String,
    /// Further paragraphs.
    pub details: Vec<String>,
    /// The possible values; empty if it has no fixed list.
    pub values: Vec<ValueReference>,
    /// The default value, if it has a fixed one.
    pub default: Option<String>,
    /// The environment variable that sets it.
    pub variable: Option<String>,
    /// `true` if it can be given several times.
    pub repeatable: bool,
}

/// One positional argument.
#[derive(Debug, Serialize)]
pub struct ArgumentReference {
    /// Its name, as the usage has it.
    pub name: String,
    /// `true` if it must be given.
    pub required: bool,
    /// Its explanation.
    #[serde(flatten)]
    pub explanation: Explanation,
}

/// One option.
#[derive(Debug, Serialize)]
pub struct OptionReference {
    /// The long form, such as `--format`.
    pub long: String,
    /// The short form, such as `-p`.
    pub short: Option<String>,
    /// The name of its value; `None` for a switch.
    pub value_name: Option<String>,
    /// `true` if the value can be left out.
    pub value_optional: bool,
    /// `true` if the command needs the option.
    pub required: bool,
    /// The group of options that it belongs to.
    pub heading: String,
    /// `true` if the short help (`-h`) shows it.
    pub in_short_help: bool,
    /// Its explanation.
    #[serde(flatten)]
    pub explanation: Explanation,
}

/// One possible value.
#[derive(Debug, Serialize)]
pub struct ValueReference {
    /// The value.
    pub name: String,
    /// Its meaning, if it is explained.
    pub summary: Option<String>,
}

/// One environment variable of a command.
#[derive(Debug, Serialize)]
pub struct VariableReference {
    /// Its name.
    pub name: String,
    /// The option that it sets, if it is named after one.
    pub option: Option<String>,
    /// Its purpose.
    pub summary: String,
}

/// The whole command line.
#[derive(Debug)]
pub struct CommandLine {
    /// Every command, a command before its subcommands; the first is the program itself.
    pub commands: Vec<CommandReference>,
    /// The options of every command.
    pub global_options: Vec<OptionReference>,
}

impl CommandLine {
    /// Describes the command line.
    #[must_use]
    pub fn new(mut root: Command) -> Self {
        root.build();
        let global = root.get_arguments().filter(|arg| is_visible(arg) && arg.is_global_set());
        let global_options: Vec<_> = global.map(option).collect();
        let mut commands = Vec::new();
        describe(&root, "", &global_options, &mut commands);
        Self { commands, global_options }
    }

    /// Returns the command with these words after the name of the program, and its subcommands.
    pub fn at(&self, path: &str) -> impl Iterator<Item = &CommandReference> {
        let name = if path.is_empty() { PROGRAM.to_owned() } else { format!("{PROGRAM} {path}") };
        let below = format!("{name} ");
        self.commands
            .iter()
            .filter(move |found| found.command == name || found.command.starts_with(&below))
    }
}

/// Appends a command and its subcommands. `path` has its words after the name of the program.
fn describe(
    command: &Command,
    path: &str,
    global: &[OptionReference],
    found: &mut Vec<CommandReference>,
) {
    let subcommands = || command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let own = |arg: &&Arg| is_visible(arg) && !arg.is_global_set();
    let named = command.get_arguments().filter(own).filter(|arg| !arg.is_positional());
    let options: Vec<_> = sorted(named, path).into_iter().map(option).collect();
    let arguments: Vec<_> = command.get_positionals().filter(own).map(argument).collect();
    let summary = text(command.get_about());
    let paragraphs = further_paragraphs(&text(command.get_long_about()), &summary);
    let is_exit_status = |paragraph: &String| paragraph.starts_with(EXIT_STATUS);
    let (exit_status, description): (Vec<_>, Vec<_>) =
        paragraphs.into_iter().partition(is_exit_status);
    found.push(CommandReference {
        command: if path.is_empty() { PROGRAM.to_owned() } else { format!("{PROGRAM} {path}") },
        description,
        exit_status: (!exit_status.is_empty()).then(|| exit_status.join(" ")),
        summary,
        usage: usage(command),
        subcommands: subcommands().map(|sub| sub.get_name().to_owned()).collect(),
        examples: examples::of(path),
        environment: environment(path, &arguments, options.iter().chain(global)),
        files: surroundings::files(path).collect(),
        arguments,
        options,
    });
    for sub in subcommands() {
        describe(sub, &join(path, sub.get_name()), global, found);
    }
}

fn is_visible(arg: &Arg) -> bool {
    !arg.is_hide_set()
}

/// Sorts options as the help does: those of the short help first.
fn sorted<'a>(args: impl Iterator<Item = &'a Arg>, path: &str) -> Vec<&'a Arg> {
    let mut args: Vec<_> = args.collect();
    let shown = short_help::of(path).map_or(&[][..], |row| row.options);
    args.sort_by_key(|arg| {
        let place = shown.iter().position(|id| arg.get_id() == id).unwrap_or(shown.len());
        (arg.get_id() == HELP, place)
    });
    args
}

/// Returns the syntax in one line.
fn usage(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage:").unwrap_or(&usage);
    usage.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn argument(arg: &Arg) -> ArgumentReference {
    ArgumentReference {
        name: value_name(arg).unwrap_or_else(|| arg.get_id().to_string()),
        required: arg.is_required_set(),
        explanation: explanation(arg),
    }
}

fn option(arg: &Arg) -> OptionReference {
    let takes_value = arg.get_action().takes_values();
    let is_optional = arg.get_num_args().is_some_and(|range| range.min_values() == 0);
    OptionReference {
        long: arg.get_long().map(|long| format!("--{long}")).unwrap_or_default(),
        short: arg.get_short().map(|short| format!("-{short}")),
        value_name: takes_value.then(|| value_name(arg)).flatten(),
        value_optional: takes_value && is_optional,
        required: arg.is_required_set(),
        heading: arg.get_help_heading().unwrap_or(OPTIONS).to_owned(),
        in_short_help: !arg.is_hide_short_help_set(),
        explanation: explanation(arg),
    }
}

fn explanation(arg: &Arg) -> Explanation {
    let id = arg.get_id().as_str();
    let variable = has_variable(id).then(|| option_env_var(id));
    let (summary, long) = match id {
        HELP => (ABOUT_HELP.to_owned(), String::new()),
        _ => (text(arg.get_help()), text(arg.get_long_help())),
    };
    // The variable has a field of its own.
    let suffix = variable.as_ref().map(|name| variable_note(name));
    let long = suffix.and_then(|suffix| long.strip_suffix(&suffix)).unwrap_or(&long);
    let default = arg.get_default_values().first();
    let default = default.map(|value| value.to_string_lossy().into_owned());
    let is_several = arg.get_num_args().is_some_and(|range| range.max_values() > 1);
    Explanation {
        details: further_paragraphs(long, &summary),
        summary,
        values: values(arg),
        // clap has `false` for a switch.
        default: default.filter(|_| arg.get_action().takes_values()),
        variable,
        repeatable: is_several || matches!(arg.get_action(), ArgAction::Append | ArgAction::Count),
    }
}

/// Returns the note on the variable of an option that ends its long help.
#[must_use]
pub fn variable_note(name: &str) -> String {
    format!(" [env: {name}]")
}

fn value_name(arg: &Arg) -> Option<String> {
    Some(arg.get_value_names()?.first()?.to_string())
}

fn values(arg: &Arg) -> Vec<ValueReference> {
    let value = |value: PossibleValue| ValueReference {
        name: value.get_name().to_owned(),
        summary: value.get_help().map(ToString::to_string),
    };
    let possible = arg.get_possible_values().into_iter();
    possible.filter(|value| !value.is_hide_set()).map(value).collect()
}

fn text(styled: Option<&clap::builder::StyledStr>) -> String {
    styled.map(ToString::to_string).unwrap_or_default()
}

/// Returns the paragraphs of `text` after its first one, which is `summary`.
fn further_paragraphs(text: &str, summary: &str) -> Vec<String> {
    let rest = text.strip_prefix(summary).unwrap_or(text);
    let paragraphs = rest.split("\n\n").map(|paragraph| paragraph.trim().replace('\n', " "));
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect()
}

/// Returns the variables of a command: those of its options, then the others.
fn environment<'a>(
    path: &str,
    arguments: &'a [ArgumentReference],
    options: impl Iterator<Item = &'a OptionReference>,
) -> Vec<VariableReference> {
    // Without configuration, the variables of options are not read either.
    let reads_variables = is_configurable(path);
    let of_arguments = arguments
        .iter()
        .map(|argument| (argument.explanation.variable.as_ref(), format!("<{}>", argument.name)));
    let of_options =
        options.map(|option| (option.explanation.variable.as_ref(), option.long.clone()));
    let of_options = of_arguments.chain(of_options).filter(|_| reads_variables).filter_map(
        |(variable, option)| {
            Some(VariableReference {
                name: variable?.clone(),
                summary: format!("Sets `{option}`."),
                option: Some(option),
            })
        },
    );
    let others = surroundings::variables(path).map(|row| VariableReference {
        name: row.name.to_owned(),
        option: None,
        summary: row.summary.to_owned(),
    });
    of_options.chain(others).collect()
}

/// Returns the headings in the order in which the help has them.
pub(super) fn headings<'o>(options: &[&'o OptionReference]) -> Vec<&'o str> {
    let mut headings = vec![OPTIONS];
    for option in options {
        if !headings.contains(&option.heading.as_str()) {
            headings.push(&option.heading);
        }
    }
    headings
}

impl OptionReference {
    /// Returns its forms as the help shows them, such as `-p, --provider <ID>`.
    #[must_use]
    pub fn syntax(&self) -> String {
        let short = self.short.as_ref().map(|short| format!("{short}, ")).unwrap_or_default();
        let value = match &self.value_name {
            None => String::new(),
            Some(name) if self.value_optional => format!(" [<{name}>]"),
            Some(name) => format!(" <{name}>"),
        };
        format!("{short}{}{value}", self.long)
    }
}

impl Explanation {
    /// Returns all paragraphs, with the default and the variable at the end.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<String> {
        let mut paragraphs = vec![self.summary.clone()];
        paragraphs.extend(self.details.iter().cloned());
        let default = self.default.as_ref().map(|value| format!(" [default: {value}]"));
        let variable = self.variable.as_ref().map(|name| variable_note(name));
        if let Some(last) = paragraphs.last_mut() {
            last.extend(default.into_iter().chain(variable));
        }
        paragraphs
    }
}
