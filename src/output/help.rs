//! Prints the help and the version, as rendered by clap.

use crate::io::environment::Environment;
use clap::builder::StyledStr;
use console::Term;
use std::io::Write;

/// The default and the maximum width of help, in columns.
const MAX_WIDTH: usize = 100;

/// Returns the width of help: that of the terminal, up to 100 columns.
#[must_use]
pub fn width(env: &Environment) -> usize {
    // To clap, 0 means unlimited.
    env.columns().unwrap_or(MAX_WIDTH).clamp(1, MAX_WIDTH)
}

/// Writes help or version to standard output.
pub fn print(text: &StyledStr, env: &Environment) {
    write(text, env.stdout(), uses_styles(env, env.stdout_is_terminal));
}

/// Writes the help to standard error, in place of an error.
pub fn print_to_stderr(text: &StyledStr, env: &Environment) {
    write(text, env.stderr(), uses_styles(env, env.stderr_is_terminal));
}

fn write(text: &StyledStr, mut out: impl Write, styles: bool) {
    let written = if styles { write!(out, "{}", text.ansi()) } else { write!(out, "{text}") };
    // If the stream is closed, the error cannot be reported anywhere useful.
    let _ = written.and_then(|()| out.flush());
}

/// Returns `true` if help is printed with styles.
///
/// Follows the rule of clap, which does not consider `--color`: `NO_COLOR`, `CLICOLOR_FORCE` and
/// `CLICOLOR`, then the capabilities of the terminal.
fn uses_styles(env: &Environment, is_terminal: bool) -> bool {
    if env.var_os("NO_COLOR").is_some() {
        return false;
    }
    if env.var_os("CLICOLOR_FORCE").is_some() {
        return true;
    }
    let supports_styles = match env.var("TERM") {
        Some(term) => term != "dumb",
        // Only on Windows, terminals work without `TERM`.
        None => cfg!(windows) || env.is_set("TERM"),
    };
    let is_enabled = match env.var("CLICOLOR") {
        Some("0") => false,
        _ => supports_styles || env.is_set("CLICOLOR") || env.is_set("CI"),
    };
    is_enabled && is_terminal && console_shows_styles()
}

/// Returns `true` if the console interprets escape sequences. On Windows this also enables them.
fn console_shows_styles() -> bool {
    !cfg!(windows) || Term::stdout().features().colors_supported()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_follow_the_variables_then_the_terminal() {
        for (vars, is_terminal, is_styled) in [
            (vec![("TERM", "xterm")], true, true),
            (vec![("TERM", "xterm")], false, false),
            (vec![("TERM", "dumb")], true, false),
            (vec![("TERM", "dumb"), ("CI", "")], true, true),
            (vec![("TERM", "dumb"), ("CLICOLOR", "1")], true, true),
            (vec![("TERM", "xterm"), ("CLICOLOR", "0")], true, false),
            (vec![("TERM", "xterm"), ("NO_COLOR", "1")], true, false),
            (vec![("TERM", "xterm"), ("NO_COLOR", "")], true, true),
            (vec![("CLICOLOR_FORCE", "1")], false, true),
            (vec![("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], false, true),
            (vec![("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], true, false),
        ] {
            let env = Environment::fixed(&vars, jiff::Timestamp::UNIX_EPOCH);
            assert_eq!(uses_styles(&env, is_terminal), is_styled, "{vars:?} {is_terminal}");
        }
    }
}
