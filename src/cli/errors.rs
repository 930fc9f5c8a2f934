//! Converts the errors of clap to the error format of `leadhook`: one line and a hint.

use crate::commands::manual::other_names;
use crate::domain::similar_names::quoted;
use crate::error::ArgumentsError;
use crate::io::environment::Environment;
use crate::output::printer::{ColorWhen, Format, OutputOptions};
use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use std::ffi::OsString;
use std::num::{IntErrorKind, ParseIntError};

/// Converts a clap error to a message of one line and a hint. `path` is the command that was
/// parsed, as [`command_path`] returns it.
pub(super) fn convert(error: &clap::Error, path: &str) -> ArgumentsError {
    let (rendered, tip) = rendered(error);
    let message = own_message(error).unwrap_or(rendered);
    let hint = suggestion(error, path).or(tip).unwrap_or_else(|| match path {
        "leadhook" | "leadhook help" => "`leadhook help` lists the commands".to_owned(),
        path => format!("see `{path} --help`"),
    });
    ArgumentsError { message, hint: Some(hint) }
}

/// Returns the message for the common mistakes.
fn own_message(error: &clap::Error) -> Option<String> {
    match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            Some("no command given".to_owned())
        }
        ErrorKind::InvalidSubcommand => {
            Some(format!("unknown command `{}`", context(error, ContextKind::InvalidSubcommand)?))
        }
        ErrorKind::UnknownArgument => {
            let arg = context(error, ContextKind::InvalidArg)?;
            let what = if arg.starts_with('-') { "unknown option" } else { "unexpected argument" };
            Some(format!("{what} `{arg}`"))
        }
        ErrorKind::MissingRequiredArgument => {
            Some(format!("missing {}", quoted(list(error, ContextKind::InvalidArg)?, ", ")))
        }
        ErrorKind::InvalidValue => unlisted_value(error),
        ErrorKind::ValueValidation => invalid_value(error),
        _ => None,
    }
}

/// Returns the text of one kind that the context of an error has.
fn context(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

/// Returns the list of one kind that the context of an error has.
fn list(error: &clap::Error, kind: ContextKind) -> Option<&[String]> {
    match error.get(kind)? {
        ContextValue::Strings(texts) => Some(texts),
        _ => None,
    }
}

/// Returns the message and the tip of a clap error.
///
/// clap renders a paragraph: the error, lines of details and tips, then the usage. The details are
/// joined to the message, and the usage is dropped.
fn rendered(error: &clap::Error) -> (String, Option<String>) {
    let rendered = error.render().to_string();
    let mut lines = rendered.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first).replace('\'', "`");
    let rest: Vec<_> = lines
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .filter(|line| !line.starts_with("[possible values"))
        .collect();
    let (tips, details): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|line| line.starts_with("tip:"));
    let message =
        if details.is_empty() { message } else { format!("{message} {}", details.join(", ")) };
    let tips = tips.iter().filter_map(|line| line.strip_prefix("tip: "));
    let mut tips =
        tips.map(|tip| match tip.strip_prefix('\'').and_then(|tip| tip.strip_suffix("' exists")) {
            Some(option_of_command) => format!("did you mean `leadhook {option_of_command}`?"),
            None => tip.replace('\'', "`"),
        });
    // An option that does not exist is hardly ever meant as a value.
    (message, tips.find(|tip| !tip.starts_with("to pass ")))
}

/// Returns the message for a value that is missing or not one of those that the option has.
fn unlisted_value(error: &clap::Error) -> Option<String> {
    let arg = context(error, ContextKind::InvalidArg)?;
    let expected = list(error, ContextKind::ValidValue)
        .filter(|values| !values.is_empty())
        .map(|values| format!(": expected {}", quoted(values, ", ")))
        .unwrap_or_default();
    Some(match context(error, ContextKind::InvalidValue) {
        None | Some("") => format!("`{arg}` needs a value{expected}"),
        Some(value) => format!("invalid value `{value}` for `{arg}`{expected}"),
    })
}

/// Returns the message for a value that its parser rejects, which names the value once.
fn invalid_value(error: &clap::Error) -> Option<String> {
    let arg = context(error, ContextKind::InvalidArg)?;
    let value = context(error, ContextKind::InvalidValue)?;
    let source = error.source()?;
    let reason = if let Some(error) = source.downcast_ref::<ParseIntError>() {
        number_problem(error, value).to_owned()
    } else {
        let text = source.to_string();
        range_problem(&text).unwrap_or(text)
    };
    Some(if reason.starts_with(&format!("`{value}`")) {
        format!("invalid value for `{arg}`: {reason}")
    } else {
        format!("invalid value `{value}` for `{arg}`: {reason}")
    })
}

/// Returns what was expected in place of a value that is no whole number.
fn number_problem(error: &ParseIntError, value: &str) -> &'static str {
    let is_negative = value
        .strip_prefix('-')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    match error.kind() {
        _ if is_negative => "expected 0 or more",
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "the number is too large",
        _ => "expected a whole number",
    }
}

/// Returns what was expected in place of a number outside of its range, which clap writes as
/// `0 is not in 1..=65535`.
fn range_problem(text: &str) -> Option<String> {
    let (_, range) = text.split_once(" is not in ")?;
    let (min, max) = range.split_once("..")?;
    let max: u64 = max.trim_start_matches('=').parse().ok()?;
    // A range without an end has the largest number as its end, which tells nobody anything.
    Some(if max >= u64::from(u32::MAX) {
        format!("expected {min} or more")
    } else {
        format!("expected {min} to {max}")
    })
}

/// Suggests what was meant in place of an unknown command or option.
fn suggestion(error: &clap::Error, path: &str) -> Option<String> {
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand)?;
            // Other tools have it under this name.
            let other = (path == "leadhook").then(|| other_names::find(name)).flatten();
            let similar = || list(error, ContextKind::SuggestedSubcommand)?.last();
            let own = other.or_else(|| similar().map(String::as_str))?;
            Some(format!("did you mean `{path} {own}`?"))
        }
        ErrorKind::UnknownArgument => {
            let similar = context(error, ContextKind::SuggestedArg)?;
            Some(format!("did you mean `{similar}`?"))
        }
        ErrorKind::InvalidValue => {
            let similar = context(error, ContextKind::SuggestedValue)?;
            Some(format!("did you mean `{similar}`?"))
        }
        _ => None,
    }
}

/// Returns the command that a command line names, such as `leadhook events show`.
pub(super) fn command_path(command: &Command, args: &[OsString]) -> String {
    let (mut command, mut path) = (command, "leadhook".to_owned());
    for arg in args.iter().skip(1).filter_map(|arg| arg.to_str()) {
        if arg == "--" {
            break;
        }
        if arg == "help" {
            path.push_str(" help");
            break;
        }
        // Other arguments are options, their values, or values of a command.
        if let Some(sub) = command.find_subcommand(arg) {
            command = sub;
            path.push(' ');
            path.push_str(sub.get_name());
        }
    }
    path
}

/// Returns the output options of a command line that cannot be parsed, as far as they can be
/// recognised.
#[must_use]
pub fn output_options(args: &[OsString], env: &Environment) -> OutputOptions {
    let has = |option: &str, value: &str| {
        args.iter().any(|arg| *arg == *format!("{option}={value}"))
            || args.windows(2).any(|pair| pair[0] == *option && pair[1] == *value)
    };
    let is_given = |option: &str| {
        args.iter().any(|arg| {
            arg.to_str().is_some_and(|arg| arg.split('=').next().is_some_and(|arg| arg == option))
        })
    };
    let json = has("--format", "json")
        || !is_given("--format") && env.var("LEADHOOK_FORMAT") == Some("json");
    let format = if json { Format::Json } else { Format::Human };
    let color = if has("--color", "always") {
        ColorWhen::Always
    } else if has("--color", "never") {
        ColorWhen::Never
    } else {
        ColorWhen::Auto
    };
    OutputOptions { format, color, quiet: false, verbose: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    fn convert_args(args: &[&str]) -> ArgumentsError {
        let args: Vec<_> = std::iter::once("leadhook").chain(args.iter().copied()).collect();
        let args: Vec<_> = args.into_iter().map(OsString::from).collect();
        let mut command = cli::command();
        let error = command.try_get_matches_from_mut(&args).unwrap_err();
        convert(&error, &command_path(&command, &args))
    }

    #[test]
    fn an_error_of_clap_becomes_one_line_and_a_hint() {
        let see = "see `leadhook send --help`";
        for (args, message, hint) in [
            (&["snd"][..], "unknown command `snd`", "did you mean `leadhook send`?"),
            (&["trigger"], "unknown command `trigger`", "did you mean `leadhook send`?"),
            (&["zzz"], "unknown command `zzz`", "`leadhook help` lists the commands"),
            (&["send", "a", "--sed", "1"], "unknown option `--sed`", "did you mean `--seed`?"),
            (&["send", "a", "--attempts", "0"], "unknown option `--attempts`", see),
            (
                &["send", "a", "--seed", "abc"],
                "invalid value `abc` for `--seed <N>`: expected a whole number",
                see,
            ),
            (
                &["send", "a", "--seed", "-1"],
                "invalid value `-1` for `--seed <N>`: expected 0 or more",
                see,
            ),
            (
                &["send", "a", "--seed", "99999999999999999999"],
                "invalid value `99999999999999999999` for `--seed <N>`: the number is too large",
                see,
            ),
            (
                &["simulate", "a", "--attempts", "0"],
                "invalid value `0` for `--attempts <N>`: expected 1 to 65535",
                "see `leadhook simulate --help`",
            ),
            (
                &["listen", "--count", "0"],
                "invalid value `0` for `--count <N>`: expected 1 or more",
                "see `leadhook listen --help`",
            ),
            (
                &["send", "a", "--timeout", "5"],
                "invalid value for `--timeout <TIME>`: `5` is not a duration: expected a number \
                 and a unit, such as `500ms`, `30s` or `10m`",
                see,
            ),
            (&["events", "show"], "missing `<EVENT>`", "see `leadhook events show --help`"),
            (
                &["convert"],
                "missing `--print <FORM>`, `<FILE>...`",
                "see `leadhook convert --help`",
            ),
            (&["events", "shw"], "unknown command `shw`", "did you mean `leadhook events show`?"),
            (&["check", ":1", ":2"], "unexpected argument `:2`", "see `leadhook check --help`"),
            (
                &["send", "a", "--print", "yml"],
                "invalid value `yml` for `--print <FORM>`: expected `curl`, `http`, `har`, `json`",
                see,
            ),
            (
                &["send", "a", "--print", "jsn"],
                "invalid value `jsn` for `--print <FORM>`: expected `curl`, `http`, `har`, `json`",
                "did you mean `json`?",
            ),
            (&["send", "a", "--seed"], "`--seed <N>` needs a value", see),
            (
                &["--to", ":3000", "replay", "x"],
                "unknown option `--to`",
                "did you mean `leadhook replay --to`?",
            ),
            (&["a\n'b"], "unknown command `a\n'b`", "`leadhook help` lists the commands"),
        ] {
            let error = convert_args(args);
            assert_eq!(
                (error.message.as_str(), error.hint.as_deref()),
                (message, Some(hint)),
                "{args:?}"
            );
        }
    }

    #[test]
    fn a_value_is_no_part_of_the_path_of_a_command() {
        let path = |line: &str| {
            let args: Vec<_> = line.split(' ').map(OsString::from).collect();
            command_path(&cli::command(), &args)
        };
        assert_eq!(
            path("leadhook --format json events check-pack x"),
            "leadhook events check-pack"
        );
        assert_eq!(path("leadhook send created :3000"), "leadhook send");
        assert_eq!(path("leadhook -v"), "leadhook");
        assert_eq!(path("leadhook help send"), "leadhook help");
        assert_eq!(path("leadhook -- send"), "leadhook");
    }
}
