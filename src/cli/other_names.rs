//! Commands of similar tools, and the command or option here that does the same.

/// A name that users of other tools type, and what to type instead.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("check-pack", "events check-pack"),
    ("completion", "completions"),
    ("curl", "convert --print curl"),
    ("explain", "verify"),
    ("fire", "send"),
    ("forward", "listen --forward"),
    ("init", "config init"),
    ("jwt", "decode"),
    ("list", "events list"),
    ("log", "listen"),
    ("logs", "listen"),
    ("ls", "events list"),
    ("new", "events new"),
    ("post", "send"),
    ("providers", "events list"),
    ("receive", "listen"),
    ("redeliver", "replay"),
    ("resend", "replay"),
    ("retry", "replay"),
    ("schema", "events schema"),
    ("serve", "listen"),
    ("server", "listen"),
    ("show", "events show"),
    ("tail", "listen"),
    ("test", "check"),
    ("trigger", "send"),
    ("validate", "events check"),
    ("version", "--version"),
];

/// Returns the command line for a name of another tool, without the name of the program.
pub(super) fn find(name: &str) -> Option<&'static str> {
    OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, own)| *own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn every_suggestion_is_a_command_line_and_no_name_is_a_command() {
        for (name, own) in OTHER_NAMES {
            let mut command = cli::command();
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
        assert!(OTHER_NAMES.is_sorted());
    }
}
