//! The call of a completion script, and the answer in the syntax of its shell.

use crate::commands::completions::bash_line::BashLine;
use crate::commands::completions::candidates::{PathKind, RequestedPaths};
use crate::commands::completions::scripts::VARIABLE;
use crate::io::environment::Environment;
use clap::ValueEnum;
use clap_complete::Shell;
use std::ffi::OsString;
use std::fmt::Write;

/// The variable in which the script for elvish passes the index of the current word.
const INDEX_VARIABLE: &str = "_CLAP_COMPLETE_INDEX";

/// The call of a completion script.
#[derive(Debug)]
pub(super) struct ShellCall {
    shell: Shell,
    /// The words of the command line, with the name of the program.
    pub(super) words: Vec<OsString>,
    /// The index of the word to complete, which exists.
    pub(super) index: usize,
    /// The part of that word that the shell does not replace.
    kept: String,
    /// `true` if that word is the file of a redirection.
    pub(super) is_redirection: bool,
}

/// A value that is offered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Suggestion {
    /// The value, without control characters.
    pub(super) value: String,
    /// Its description, in one line.
    pub(super) about: String,
}

impl ShellCall {
    /// Returns the call of a script, or `None` if this is another run: scripts set a variable, and
    /// pass the words after `--`.
    pub(super) fn read(args: &[OsString], env: &Environment) -> Option<Self> {
        let shell = Shell::from_str(env.var(VARIABLE)?, false).ok()?;
        let [_, separator, words @ ..] = args else { return None };
        if separator != "--" {
            return None;
        }
        match shell {
            Shell::Bash => Self::of_bash(words),
            Shell::Zsh => {
                let (index, words) = words.split_first()?;
                Self::of_words(shell, words, index.to_str()?.parse().ok()?)
            }
            Shell::Elvish => Self::of_words(shell, words, env.var(INDEX_VARIABLE)?.parse().ok()?),
            // The others pass the words up to the cursor.
            _ => Self::of_words(shell, words, words.len().checked_sub(1)?),
        }
    }

    fn of_words(shell: Shell, words: &[OsString], index: usize) -> Option<Self> {
        let words = words.to_vec();
        (index < words.len()).then(|| Self {
            shell,
            words,
            index,
            kept: String::new(),
            is_redirection: false,
        })
    }

    /// Reads the arguments of the script for bash: `COMP_WORDBREAKS`, and the line before and after
    /// the cursor.
    fn of_bash(args: &[OsString]) -> Option<Self> {
        let [breaks, before, after] = args else { return None };
        let text = |arg: &OsString| arg.to_string_lossy().into_owned();
        let BashLine { before, after, is_redirection, kept } =
            BashLine::split(&text(before), &text(after), &text(breaks));
        let index = before.len().checked_sub(1)?;
        let words = before.into_iter().chain(after).map(OsString::from).collect();
        Some(Self { shell: Shell::Bash, words, index, kept, is_redirection })
    }

    /// Returns `true` if the shell lists files itself where it is asked to. It knows better how to
    /// quote their names.
    pub(super) fn lists_paths(&self) -> bool {
        // PowerShell lists files if there are no candidates.
        matches!(self.shell, Shell::Bash | Shell::Zsh | Shell::PowerShell)
    }

    /// Writes the suggestions as the script expects them.
    pub(super) fn answer(&self, found: &[Suggestion], paths: Option<&RequestedPaths>) -> String {
        match self.shell {
            Shell::Bash => self.bash_answer(found, paths),
            Shell::Zsh => self.zsh_answer(found, paths),
            Shell::Elvish => lines(found, |suggestion| suggestion.value.clone()),
            // fish and PowerShell
            _ => lines(found, |Suggestion { value, about }| described(value.clone(), '\t', about)),
        }
    }

    /// Returns the kind of the answer in one line, then one line for each candidate.
    fn bash_answer(&self, found: &[Suggestion], paths: Option<&RequestedPaths>) -> String {
        let kind = match paths.map(|paths| paths.kind) {
            Some(PathKind::File) => "files",
            Some(PathKind::Folder) => "folders",
            None if found.iter().all(Suggestion::is_continued) => "nospace",
            None => "words",
        };
        let values = found.iter().filter_map(|found| found.value.strip_prefix(&self.kept));
        values.fold(format!("{kind}\n"), |mut answer, value| {
            let _ = writeln!(answer, "{value}");
            answer
        })
    }

    /// Returns one line for each candidate and for the paths, which begins with its kind.
    fn zsh_answer(&self, found: &[Suggestion], paths: Option<&RequestedPaths>) -> String {
        let values = lines(found, |suggestion| {
            let kind = if suggestion.is_continued() { '+' } else { '-' };
            let value = suggestion.value.replace('\\', r"\\").replace(':', r"\:");
            described(format!("{kind}{value}"), ':', &suggestion.about.replace('\\', r"\\"))
        });
        let paths = paths.and_then(|RequestedPaths { kind, start }| {
            let kind = match kind {
                PathKind::File => 'f',
                PathKind::Folder => 'd',
            };
            let word = self.words.get(self.index)?.to_str()?;
            let before = word.strip_suffix(start.to_str()?)?;
            Some(format!("{kind}{before}\n"))
        });
        values + &paths.unwrap_or_default()
    }
}

impl Suggestion {
    /// Returns `true` if more follows in the same word.
    fn is_continued(&self) -> bool {
        self.value.ends_with([':', '=', '/'])
    }
}

fn lines(found: &[Suggestion], line: impl Fn(&Suggestion) -> String) -> String {
    let lines = found.iter().map(|suggestion| line(suggestion) + "\n");
    lines.collect()
}

fn described(value: String, separator: char, about: &str) -> String {
    if about.is_empty() { value } else { format!("{value}{separator}{about}") }
}
