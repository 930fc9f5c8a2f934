//! Converts the errors of clap to the error format of `leadhook`: one line and a hint.

use crate::error::ArgumentsError;
use crate::io::environment::Environment;
use crate::output::printer::{ColorWhen, Format, OutputOptions};
use clap::error::ErrorKind;
use std::ffi::OsString;

/// Converts a clap error to a message of one line and a hint.
///
/// clap renders a paragraph: the error, lines of details and tips, then the usage. The details are
/// joined to the message, the first tip becomes the hint, and the usage is dropped.
pub(super) fn convert(error: &clap::Error) -> ArgumentsError {
    let rendered = error.render().to_string();
    let mut lines = rendered.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first).replace('\'', "`");
    let rest: Vec<_> = lines
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .collect();
    let is_tip = |line: &&&str| line.starts_with("tip:") || line.starts_with("[possible values");
    let details: Vec<_> = rest.iter().filter(|line| !is_tip(line)).copied().collect();
    let message =
        if details.is_empty() { message } else { format!("{message} {}", details.join(", ")) };
    let tip = rest.iter().find(is_tip).map(|line| {
        let line = line.strip_prefix("tip: ").unwrap_or(line);
        line.trim_matches(['[', ']']).replace('\'', "`")
    });
    let hint = tip.unwrap_or_else(|| {
        "`leadhook help` lists the commands, `leadhook COMMAND --help` the options of one"
            .to_owned()
    });
    // Without a command, clap renders the complete help or the list of commands, from which no
    // message can be extracted.
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
    ) {
        return ArgumentsError { message: "no command given".to_owned(), hint: Some(hint) };
    }
    ArgumentsError { message, hint: Some(hint) }
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
    use crate::cli::args::Cli;
    use clap::Parser;

    #[test]
    fn an_error_of_clap_becomes_one_line_and_a_hint() {
        for (args, message, hint) in [
            (
                vec!["leadhook", "snd"],
                "unrecognized subcommand `snd`",
                "a similar subcommand exists: `send`",
            ),
            (
                vec!["leadhook", "send", "a", "--sed", "1"],
                "unexpected argument `--sed` found",
                "a similar argument exists: `--seed`",
            ),
        ] {
            let error = convert(&Cli::try_parse_from(&args).unwrap_err());
            assert_eq!(
                (error.message.as_str(), error.hint.as_deref()),
                (message, Some(hint)),
                "{args:?}"
            );
        }
    }
}
