//! Finds the command that a user names, and suggests one for a name that is not known.

use crate::commands::manual::command_reference::PROGRAM;
use crate::commands::manual::other_names;
use crate::domain::similar_names::similar_names;
use crate::error::ArgumentsError;
use clap::Command;

/// Returns the words of the command that a user names, without the name of the program.
///
/// `verb` is the command that describes it, `help` or `man`; an error suggests it.
pub fn resolve(
    root: &Command,
    words: &[String],
    verb: &str,
) -> Result<Vec<String>, ArgumentsError> {
    // `events show` may also be one argument.
    let words = words.iter().flat_map(|word| word.split_whitespace());
    // `leadhook help leadhook send` is no mistake.
    let words = words.enumerate().filter(|(index, word)| *index > 0 || *word != PROGRAM);
    let (mut command, mut names) = (root, Vec::new());
    for (_, word) in words {
        let Some(found) = command.find_subcommand(word) else {
            return Err(unknown(command, &names, word, verb));
        };
        names.push(found.get_name().to_owned());
        command = found;
    }
    Ok(names)
}

/// Returns the error for a word that is not a subcommand of `command`, whose words are `names`.
fn unknown(command: &Command, names: &[String], word: &str, verb: &str) -> ArgumentsError {
    let describing = |verb: &str| {
        let words = [PROGRAM, verb].into_iter().chain(names.iter().map(String::as_str));
        words.collect::<Vec<_>>().join(" ")
    };
    let visible = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let known: Vec<_> = visible.map(|sub| sub.get_name().to_owned()).collect();
    let other = if names.is_empty() { command_of(word) } else { None };
    let hint = if let Some(other) = other {
        format!("did you mean `{PROGRAM} {verb} {other}`?")
    } else if known.is_empty() {
        format!("`{PROGRAM} {}` has no subcommands", names.join(" "))
    } else {
        similar_names(word, &known)
            .unwrap_or_else(|| format!("`{}` lists the commands", describing("help")))
    };
    ArgumentsError { message: format!("unknown command `{word}`"), hint: Some(hint) }
}

/// Returns the command that does what a command of another tool does.
fn command_of(other: &str) -> Option<String> {
    let own = other_names::find(other)?;
    let words: Vec<_> = own.split(' ').take_while(|word| !word.starts_with('-')).collect();
    (!words.is_empty()).then(|| words.join(" "))
}
