//! The command line before and after it is parsed: secrets that look like options, errors in our words.

use clap::error::ErrorKind;
use std::ffi::OsString;
use thiserror::Error;

/// A command line that cannot be parsed, in the words of every other error.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct ArgumentsError {
    message: String,
    /// What would have worked.
    pub hint: Option<String>,
}

impl ArgumentsError {
    /// Puts clap's words into one line and a hint.
    #[must_use]
    pub fn new(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default();
        let message = first.strip_prefix("error: ").unwrap_or(first).replace('\'', "`");
        let rest: Vec<_> = lines
            .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
            .collect();
        let is_tip =
            |line: &&&str| line.starts_with("tip:") || line.starts_with("[possible values");
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
        // Help without a command comes as an error whose text is the whole help or every command.
        if matches!(
            error.kind(),
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
        ) {
            return Self { message: "no command given".to_owned(), hint: Some(hint) };
        }
        Self { message, hint: Some(hint) }
    }
}

impl ArgumentsError {
    /// The same error, with the origin of the value that is wrong before it.
    #[must_use]
    pub fn of(self, origin: &str) -> Self {
        Self { message: format!("{origin}: {}", self.message), ..self }
    }
}

/// Joins `--secret` and a value that begins with `-`, which the parser would take for an option and
/// print: a base64url secret may begin so, and a PEM key does.
#[must_use]
pub fn join_secrets(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    for arg in args {
        match joined.last_mut() {
            Some(last)
                if *last == *"--secret"
                    && arg.to_str().is_some_and(|arg| arg.starts_with('-') && !is_option(arg)) =>
            {
                last.push("=");
                last.push(arg);
            }
            _ => joined.push(arg),
        }
    }
    joined
}

/// Whether it has the form of an option as people write one: `-`, `--`, `-p`, `-vv`, `--dry-run`, `--format=json`.
fn is_option(arg: &str) -> bool {
    let long = |name: &str| {
        let name = name.split_once('=').map_or(name, |(name, _)| name);
        !name.starts_with('-') && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    arg.len() <= 2
        || arg.strip_prefix("--").is_some_and(long)
        || arg[1..].bytes().all(|byte| byte == b'v')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    #[test]
    fn a_secret_may_begin_with_a_hyphen_and_an_option_may_follow_in_its_place() {
        let join = |args: &[&str]| join_secrets(args.iter().map(OsString::from));
        for value in ["-----BEGIN PRIVATE KEY-----", "-pS3cr3t", "-Zq83kd", "--Zq8", "---"] {
            assert_eq!(
                join(&["send", "--secret", value]),
                ["send", format!("--secret={value}").as_str()],
                "{value}"
            );
        }
        for option in
            ["-", "--", "-p", "-v", "-vvv", "--format", "--format=json", "--dry-run", "s3cret", ""]
        {
            assert_eq!(
                join(&["send", "--secret", option]),
                ["send", "--secret", option],
                "{option}"
            );
        }
    }

    #[test]
    fn errors_are_one_line_and_a_hint() {
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
            let error = ArgumentsError::new(&Cli::try_parse_from(&args).unwrap_err());
            assert_eq!(
                (error.message.as_str(), error.hint.as_deref()),
                (message, Some(hint)),
                "{args:?}"
            );
        }
    }
}
