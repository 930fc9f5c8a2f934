//! Tests of the command line and of the tables that describe it.

use super::*;
use crate::commands::manual::command_reference::{CommandLine, PROGRAM};
use crate::commands::manual::examples::Needs;
use crate::commands::manual::{examples, other_names, surroundings};
use crate::commands::option_sources::{CONFIGURABLE_OPTIONS, SEPARATELY_READ_OPTIONS};
use clap::Parser;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The maximum number of lines of a short help that is 100 columns wide.
const MAX_SHORT_HELP: usize = 40;

pub(super) fn all_commands(command: &Command) -> Vec<&Command> {
    std::iter::once(command).chain(command.get_subcommands().flat_map(all_commands)).collect()
}

/// Returns the paths of all commands that the help lists, without the name of the program.
fn paths() -> Vec<String> {
    let line = CommandLine::new(command());
    let path = |name: &str| name.strip_prefix(PROGRAM).unwrap().trim_start().to_owned();
    line.commands.iter().map(|command| path(&command.command)).collect()
}

/// Returns the command at a path.
fn at(path: &str) -> Command {
    let mut found = command();
    found.build();
    for name in path.split_whitespace() {
        found = found.find_subcommand(name).unwrap_or_else(|| panic!("no `{path}`")).clone();
    }
    found
}

/// Returns the help of a command line at a width.
fn help(line: &str, width: usize) -> String {
    let columns = width.to_string();
    let env = Environment::fixed(&[("COLUMNS", &columns)], Timestamp::UNIX_EPOCH);
    let args: Vec<_> = format!("{PROGRAM} {line}").split_whitespace().map(OsString::from).collect();
    match parse(&args, &env) {
        Err(NotParsed::Help(help)) => help.render().to_string(),
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn the_command_line_is_well_formed() {
    with_examples(command(), 80).debug_assert();
}

#[test]
fn every_variable_is_named_in_the_long_help_of_its_option() {
    let mut command = command();
    command.build();
    for id in CONFIGURABLE_OPTIONS.iter().chain(SEPARATELY_READ_OPTIONS) {
        let name = option_env_var(id);
        let mut commands = 0;
        for sub in all_commands(&command) {
            let Some(arg) = sub.get_arguments().find(|arg| arg.get_id() == id) else {
                continue;
            };
            let help = arg.get_long_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.ends_with(&format!("[env: {name}]")), "{} {help}", sub.get_name());
            commands += 1;
        }
        assert!(commands > 0, "{name} sets no option");
    }
}

#[test]
fn every_command_has_a_row_for_its_short_help() {
    let known: Vec<_> = short_help::SHORT_HELP.iter().map(|row| row.command).collect();
    assert_eq!(known.iter().collect::<BTreeSet<_>>().len(), known.len(), "each command once");
    for path in paths() {
        assert!(known.contains(&path.as_str()), "`{path}` has no row in `short_help`");
    }
    for row in short_help::SHORT_HELP {
        let command = at(row.command);
        let global = |id: &str| {
            command.get_arguments().find(|arg| arg.get_id() == id).map(Arg::is_global_set)
        };
        for (ids, is_global) in [(row.options, false), (row.global, true)] {
            let wrong: Vec<_> = ids.iter().filter(|id| global(id) != Some(is_global)).collect();
            assert!(wrong.is_empty(), "`{}` has no {wrong:?}", row.command);
        }
        assert!(row.options.len() <= 10, "`{}`: too many options", row.command);
    }
}

#[test]
fn a_short_help_fits_on_a_screen_and_names_the_long_one() {
    let paths = paths();
    let lines = |path: &String| help(&format!("{path} -h"), 100).trim_end().lines().count();
    let long: Vec<_> = paths.iter().filter(|path| lines(path) > MAX_SHORT_HELP).collect();
    assert!(long.is_empty(), "more than {MAX_SHORT_HELP} lines: {long:?}");
    for path in paths {
        let text = help(&format!("{path} -h"), 100);
        let last = text.trim_end().lines().last().unwrap();
        let name = format!("{PROGRAM} {path}");
        assert!(
            last.starts_with(&format!("`{} --help` shows all options", name.trim_end())),
            "{last}"
        );
        assert!(!text.contains("[env:"), "{text}");
        let long = help(&format!("{path} --help"), 100);
        assert!(long.contains("\nExamples:\n") && long.contains("[env:"), "{long}");
    }
}

#[test]
fn no_line_of_help_is_wider_than_the_terminal() {
    for (path, width) in paths().iter().flat_map(|path| [60, 100].map(|width| (path, width))) {
        for option in ["-h", "--help"] {
            let text = help(&format!("{path} {option}"), width);
            // Only words that cannot be broken, such as a URL or a digest, may be longer.
            let is_wide = |line: &&str| {
                line.chars().count() > width && line.trim().trim_end_matches(" \\").contains(' ')
            };
            let wide: Vec<_> = text.lines().filter(is_wide).collect();
            assert!(wide.is_empty(), "`{path} {option}` at {width} columns: {wide:#?}");
        }
    }
}

#[test]
fn help_before_and_after_a_command_is_the_same_text() {
    for (one, other) in
        [("send --help", "send --help"), ("events show --help", "events show --help")]
    {
        assert_eq!(help(one, 80), help(other, 80));
    }
    let nested = |line: &str| {
        let args: Vec<_> = line.split(' ').map(OsString::from).collect();
        nested_help(&command().try_get_matches_from(args).unwrap())
    };
    let words = |line: &str| Some(line.split(' ').map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(nested("leadhook events help show"), words("events show"));
    assert_eq!(nested("leadhook config help"), words("config"));
    assert_eq!(nested("leadhook help events"), None);
    assert_eq!(nested("leadhook events show help"), None);
}

#[test]
fn every_command_has_examples_that_can_be_parsed() {
    let paths = paths();
    let rows: Vec<_> = examples::all().map(|row| row.command).collect();
    assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len(), "each command once");
    for path in &paths {
        let count = examples::of(path).len();
        // Verbs have three to five examples, subcommands at least one.
        let expected = if path.contains(' ') { 1..=5 } else { 3..=5 };
        assert!(expected.contains(&count), "`{path}` has {count} examples");
    }
    for row in examples::all() {
        assert!(paths.iter().any(|path| path == row.command), "`{}` is no command", row.command);
        for example in row.examples {
            check_example(row.command, example.line, example.needs);
        }
    }
}

/// Parses an example, and checks that it is one of its command.
fn check_example(path: &str, line: &str, needs: Needs) {
    let words = shlex::split(line).unwrap();
    let words = words.iter().skip_while(|word| word.contains('='));
    let words: Vec<_> =
        words.take_while(|word| !["|", ">", "<"].contains(&word.as_str())).collect();
    assert_eq!(words[0], PROGRAM, "{line}");
    let names: Vec<_> = path.split_whitespace().collect();
    assert!(words[1..].iter().zip(&names).all(|(word, name)| word == name), "`{path}`: {line}");
    let parsed = Cli::try_parse_from(&words);
    parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
    let uses_programs = ["|", "--start", "--tunnel"].iter().any(|mark| line.contains(mark));
    assert_eq!(needs == Needs::OtherProgram, uses_programs, "{line}");
}

#[test]
fn the_tables_of_variables_and_files_name_commands() {
    let paths = paths();
    for name in surroundings::named_commands() {
        assert!(paths.iter().any(|path| path == name), "`{name}` is no command");
    }
    for path in paths.iter().filter(|path| !path.contains(' ') && !path.is_empty()) {
        let command = at(path);
        let has_more = command.has_subcommands() || !surroundings::related(path).is_empty();
        assert!(has_more, "`{path}` has no related commands");
    }
}

#[test]
fn every_suggestion_is_a_command_line_and_no_name_is_a_command() {
    for (name, own) in other_names::OTHER_NAMES {
        let mut command = command();
        assert!(command.find_subcommand(name).is_none(), "{name}");
        if *own == "--version" {
            continue;
        }
        for word in own.split(' ').take_while(|word| !word.starts_with('-')) {
            let sub = command.find_subcommand(word).cloned();
            command = sub.unwrap_or_else(|| panic!("{own}: no command {word}"));
        }
        let option = own.split(' ').find_map(|word| word.strip_prefix("--"));
        if let Some(option) = option {
            let has = command.get_arguments().any(|arg| arg.get_long() == Some(option));
            assert!(has, "{own}: no option --{option}");
        }
    }
    assert!(other_names::OTHER_NAMES.is_sorted());
}
