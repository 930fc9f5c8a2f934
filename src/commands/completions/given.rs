//! The arguments of an unfinished command line, as far as other completions depend on them.

use clap::{Arg, Command};
use std::ffi::{OsStr, OsString};

/// The values of a command line by clap id, without the one that is being completed.
///
/// It is read without the parser of clap, which stops at the first error: an unfinished line has
/// missing values and options.
#[derive(Debug, Default)]
pub(super) struct GivenArguments(Vec<(String, OsString)>);

/// The position in the command line.
#[derive(Debug)]
struct Reader<'c> {
    command: &'c Command,
    /// The number of positional arguments of the command.
    positionals: usize,
    /// The option whose value is next.
    pending: Option<&'c Arg>,
    /// `true` after `--`.
    is_escaped: bool,
    values: Vec<(String, OsString)>,
}

impl GivenArguments {
    /// Reads the words of a line. `root` must be built, so that its commands have the global
    /// options. `current` is the index of the word that is being completed.
    pub(super) fn read(root: &Command, words: &[OsString], current: usize) -> Self {
        let mut reader = Reader {
            command: root,
            positionals: 0,
            pending: None,
            is_escaped: false,
            values: Vec::new(),
        };
        for (index, word) in words.iter().enumerate().skip(1) {
            let known = reader.values.len();
            reader.read(word);
            if index == current {
                reader.values.truncate(known);
            }
        }
        Self(reader.values)
    }

    /// Returns the values of an argument.
    pub(super) fn all(&self, id: &str) -> impl Iterator<Item = &OsStr> {
        self.0.iter().filter(move |(known, _)| known == id).map(|(_, value)| value.as_os_str())
    }

    /// Returns the last value of an argument.
    pub(super) fn last(&self, id: &str) -> Option<&OsStr> {
        self.all(id).last()
    }

    /// Returns the last value of an argument if it is UTF-8.
    pub(super) fn last_str(&self, id: &str) -> Option<&str> {
        self.last(id)?.to_str()
    }
}

impl Reader<'_> {
    fn read(&mut self, word: &OsStr) {
        let text = word.to_str().unwrap_or_default();
        let is_option = !self.is_escaped && text.len() > 1 && text.starts_with('-');
        if let Some(arg) = self.pending.take()
            && !(is_option && has_optional_value(arg))
        {
            self.push(arg, word.to_owned());
        } else if is_option && text == "--" {
            self.is_escaped = true;
        } else if is_option && let Some(long) = text.strip_prefix("--") {
            self.read_long(long);
        } else if is_option {
            self.read_short(text);
        } else if self.positionals == 0
            && !self.is_escaped
            && let Some(command) = self.command.find_subcommand(text)
        {
            self.command = command;
        } else {
            self.read_positional(word);
        }
    }

    fn read_long(&mut self, long: &str) {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        let is_named = |arg: &&Arg| {
            arg.get_long() == Some(name)
                || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
        };
        let Some(arg) = self.command.get_arguments().find(is_named) else { return };
        match value {
            Some(value) => self.push(arg, value.into()),
            None => self.pending = Some(arg).filter(|arg| takes_value(arg)),
        }
    }

    /// Reads `-v`, `-vp ID`, `-pID` or `-p=ID`.
    fn read_short(&mut self, text: &str) {
        let takes_flag = |flag| move |arg: &&Arg| arg.get_short() == Some(flag) && takes_value(arg);
        for (index, flag) in text.char_indices().skip(1) {
            let Some(arg) = self.command.get_arguments().find(takes_flag(flag)) else { continue };
            let rest = text.get(index + flag.len_utf8()..).unwrap_or_default();
            match rest.strip_prefix('=').unwrap_or(rest) {
                "" => self.pending = Some(arg),
                value => self.push(arg, value.into()),
            }
            return;
        }
    }

    fn read_positional(&mut self, word: &OsStr) {
        self.positionals += 1;
        let command = self.command;
        let nth = command.get_positionals().find(|arg| arg.get_index() == Some(self.positionals));
        // The last one may have several values.
        if let Some(arg) = nth.or_else(|| command.get_positionals().last()) {
            self.push(arg, word.to_owned());
        }
    }

    fn push(&mut self, arg: &Arg, value: OsString) {
        self.values.push((arg.get_id().to_string(), value));
    }
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

fn has_optional_value(arg: &Arg) -> bool {
    arg.get_num_args().is_some_and(|count| count.min_values() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ArgAction;

    fn root() -> Command {
        let option = |id: &'static str| Arg::new(id).long(id).action(ArgAction::Append);
        let mut root = Command::new("leadhook")
            .arg(option("provider").short('p').global(true))
            .arg(option("secret").num_args(0..=1).global(true))
            .arg(option("verbose").short('v').action(ArgAction::Count).global(true))
            .subcommand(
                Command::new("send")
                    .arg(Arg::new("event"))
                    .arg(Arg::new("target"))
                    .arg(option("variant").alias("sort")),
            )
            .subcommand(Command::new("verify").arg(Arg::new("files").num_args(1..)));
        root.build();
        root
    }

    fn read(line: &str, current: usize) -> Vec<(String, OsString)> {
        let words: Vec<_> = line.split(' ').map(OsString::from).collect();
        GivenArguments::read(&root(), &words, current).0
    }

    #[test]
    fn every_spelling_of_an_option_is_read() {
        for line in [
            "leadhook -p acme send",
            "leadhook -pacme send",
            "leadhook -vp=acme send",
            "leadhook send -v --provider acme",
            "leadhook --provider=acme send",
            "leadhook send --secret --provider acme",
            "leadhook send --unknown --provider acme --variant",
        ] {
            assert_eq!(read(line, 0), [("provider".to_owned(), "acme".into())], "{line}");
        }
    }

    #[test]
    fn positionals_are_named_and_the_current_word_is_left_out() {
        let line = "leadhook send --sort minimal acme:created :3000";
        let all = [("variant", "minimal"), ("event", "acme:created"), ("target", ":3000")];
        for (current, left_out) in [(0, ""), (3, "variant"), (4, "event"), (5, "target")] {
            let expected: Vec<_> = all
                .iter()
                .filter(|(id, _)| *id != left_out)
                .map(|(id, value)| ((*id).to_owned(), OsString::from(value)))
                .collect();
            assert_eq!(read(line, current), expected, "{current}");
        }
        let files = |name: &str| ("files".to_owned(), OsString::from(name));
        assert_eq!(read("leadhook verify a send -- -p", 0), ["a", "send", "-p"].map(files));
    }
}
