//! Hints: the next step that the user can take after each error.

use crate::domain::similar_names::{did_you_mean, quoted, similar_names};
use crate::engine::body_edit::BodyEditError;
use crate::engine::payload_edit::EditError;
use crate::engine::replay::ReplayError;
use crate::error::Error;
use crate::io::error::Error as IoError;
use crate::output::error::Error as OutputError;
use crate::protocols::config_file::ConfigProblem;
use crate::protocols::requests::RequestError;
use crate::protocols::schemes::scheme::SignError;
use crate::protocols::shell_word;
use crate::providers::LookupError;
use std::io;
use std::path::Path;

impl Error {
    /// Returns the next step, if one is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Arguments(error) => error.hint.clone(),
            Self::Unknown(LookupError::Provider { id, known }) => Some(did_you_mean(id, known)),
            Self::Unknown(LookupError::Event { name, known }) => {
                Some(format!("{} `leadhook events` lists them", did_you_mean(name, known)))
            }
            Self::Unknown(LookupError::Ambiguous { forms, .. }) => Some(format!("write {}", quoted(forms, " or "))),
            Self::UnknownName { what, name, known } => Some(known_names(what, name, known)),
            Self::UnknownVariant { name, known, .. } => Some(did_you_mean(name, known)),
            Self::NoProvider { known } => Some(format!("name it with `-p`: {}", known.join(", "))),
            Self::NoSecret { variable, unsigned, .. } => {
                let general = "LEADHOOK_SECRET";
                let or = if variable == general { String::new() } else { format!(" or {general}") };
                let unsigned = if *unsigned { ", or send with `--unsigned`" } else { "" };
                Some(format!("pass `--secret-file FILE`, or set {variable}{or}{unsigned}"))
            }
            Self::Secret { .. } | Self::Sign(SignError::SecretNotBase64 | SignError::UnsendableSecret { .. }) => Some("use the signing secret that the provider shows in its settings".to_owned()),
            Self::Sign(SignError::NoMessageId { .. }) => Some("set one with `--message-id`".to_owned()),
            Self::SecretIsTarget => Some(
                "put the target before `--secret`, or put the secret in a file: `--secret-file FILE`".to_owned(),
            ),
            Self::Target(_) => Some("for example `:3000/hooks`".to_owned()),
            Self::Edit(error) => Some(edit_hint(error)),
            Self::Pack(_) | Self::Unknown(LookupError::Broken(_)) => {
                Some("`leadhook events check-pack DIR` lists every problem of a pack".to_owned())
            }
            Self::Option { hint, .. } | Self::Untrusted { hint, .. } | Self::Unreadable { hint, .. } => Some(hint.clone()),
            Self::NoMatch { .. } => Some("remove or widen one of these filters".to_owned()),
            Self::Unjudged { .. } => Some(
                "pass `--secret-file FILE`, or set LEADHOOK_SECRET; `-p` names the provider".to_owned(),
            ),
            Self::NotJson { .. } => Some("fix the file: `jq . FILE` shows where it is not JSON".to_owned()),
            Self::Print { .. } => Some("`--print json` and `--print har` can represent any request".to_owned()),
            Self::CannotReplay { source, .. } => replay_hint(source),
            Self::NotABaseline { .. } => Some(
                "`leadhook replay CAPTURE… --format json > FILE` creates one".to_owned(),
            ),
            Self::AnotherRun { .. } => Some(
                "resume it with the same command, secret and packs; use another file for another run"
                    .to_owned(),
            ),
            Self::Policy { .. } => Some(
                "a policy is the `[retry]` table of a pack: `waits = [\"10m\", \"1h\"]`, `success = [\"200\"]`"
                    .to_owned(),
            ),
            Self::Transport { hint, .. } => hint.clone(),
            Self::Io(error) => io_hint(error),
            Self::Output(OutputError::UnsafeForTerminal) => {
                Some("redirect it to a file, or use `--print json`".to_owned())
            }
            Self::Sign(SignError::InvalidClaims(_))
            | Self::Schema(_)
            | Self::Output(OutputError::Write(_)) => None,
        }
    }
}

/// Returns the command that verifies the token in a line of a file.
fn token_hint(path: &Path, line: usize) -> String {
    let path = path.display().to_string();
    let file = match path.as_str() {
        "-" => String::new(),
        path => format!(" {}", shell_word::quote_if_needed(path)),
    };
    format!(
        "`sed -n {line}p{file} | grep -o 'eyJ[A-Za-z0-9._-]*' | leadhook verify -` verifies the \
         token alone, and `leadhook decode -` prints what is in it"
    )
}

/// Returns the next step after an error of `io`.
fn io_hint(error: &IoError) -> Option<String> {
    let hint = match error {
        // The error already says what was expected at this location.
        IoError::NotARequest { source: RequestError::Invalid { .. }, .. } => {
            "fix the input; `leadhook verify` also accepts a bare body: `--body FILE -H 'Name: value'`"
        }
        IoError::NotARequest { source: RequestError::BodyNotSaved { .. }, .. } => {
            "save whole bodies with `leadhook listen --save-body full`; `leadhook convert --print json` prints it as it is"
        }
        IoError::NotARequest { path, source: RequestError::OnlyToken { line } } => {
            return Some(token_hint(path, *line));
        }
        IoError::NotARequest { .. } => {
            "`leadhook listen --save` creates captures; `leadhook verify` also accepts a bare body: `--body FILE -H 'Name: value'`"
        }
        IoError::Config(error) => return Some(config_hint(&error.problem)),
        IoError::Journal { .. } => "to start a new run, name a file that does not exist yet",
        IoError::SecretFile { .. } => {
            "the file name is not shown because it may be the secret: pass a secret with `--secret` or LEADHOOK_SECRET"
        }
        IoError::Proxy { .. } => "for example `--proxy http://localhost:8080`",
        IoError::Client(_) => {
            "install the system's CA certificates, or name them with `--cacert FILE`"
        }
        IoError::LinkLocal { .. } => "use the address that the app itself listens on",
        IoError::NotUp { .. } => "is it the right port?",
        IoError::PortInUse { .. } => {
            "stop it, or leave out `--start` to check what already listens there"
        }
        IoError::ReceiverNotStarted { .. } => {
            "the command must stay in the foreground and listen on the port of the target; `--wait TIME` waits longer"
        }
        IoError::Tunnel { hint, .. } => hint,
        IoError::Probe { hint: Some(hint), .. } => return Some(hint.clone()),
        IoError::Probe { hint: None, .. } => {
            "it is queried before and after each case and must return the number of leads or messages, such as `42`"
        }
        IoError::Bind { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
            "another program uses it: choose another port, or `:0` for a free one"
        }
        IoError::Clock => "set the clock of this machine",
        IoError::Read { what: "configuration", source, .. }
            if source.kind() == io::ErrorKind::InvalidInput =>
        {
            "use a regular file; `--config -` reads standard input"
        }
        IoError::Read { what: "secret", source, .. }
            if source.kind() == io::ErrorKind::InvalidInput =>
        {
            "use a regular file, or pass the pipe on the command line: `--secret-file <(COMMAND)`"
        }
        IoError::Read { .. }
        | IoError::TooLarge { .. }
        | IoError::Write { .. }
        | IoError::Certificate { .. }
        | IoError::Bind { .. }
        | IoError::Serve(_) => return None,
    };
    Some(hint.to_owned())
}

/// Returns the next step after an edit of the payload that cannot be applied.
fn edit_hint(error: &EditError) -> String {
    match error {
        EditError::InvalidPath { .. } => {
            "for example `first_name` or `activities[0].type`".to_owned()
        }
        EditError::UnknownPath { path, known } => {
            format!("{} `--add` adds a new field", did_you_mean(path, known))
        }
        EditError::PathExists { path } => format!("change it with `--set {path}=…`"),
    }
}

/// Returns the next step after a capture that cannot be replayed.
fn replay_hint(error: &ReplayError) -> Option<String> {
    match error {
        ReplayError::NoProvider { known } => Some(format!(
            "name the provider with `-p`: {}; or send it unchanged, without `--resign`",
            known.join(", ")
        )),
        ReplayError::NoSecret { .. } => {
            Some("pass `--secret-file FILE`, or send it unchanged, without `--resign`".to_owned())
        }
        ReplayError::NoPath(_) => {
            Some("name the path with `--to`, such as `:3000/hooks`".to_owned())
        }
        ReplayError::Edit(BodyEditError::Edit(error)) => Some(edit_hint(error)),
        ReplayError::Edit(BodyEditError::NotJson(_)) => {
            Some("only JSON can be edited; send it unchanged, without the edits".to_owned())
        }
        ReplayError::Sign(SignError::SecretNotBase64 | SignError::UnsendableSecret { .. }) => {
            Some("use the signing secret that the provider shows in its settings".to_owned())
        }
        ReplayError::Sign(SignError::InvalidClaims(_) | SignError::NoMessageId { .. }) => {
            Some("send it unchanged, without `--resign`".to_owned())
        }
        ReplayError::Encode(_) => None,
    }
}

/// Returns the next step after a problem in a configuration file.
fn config_hint(problem: &ConfigProblem) -> String {
    match problem {
        ConfigProblem::Syntax(_) => "strings must be quoted: `timeout = \"30s\"`".to_owned(),
        ConfigProblem::UnknownKey { key, known } => {
            did_you_mean(key.rsplit('.').next().unwrap_or(key), known)
        }
        ConfigProblem::LiteralSecret { .. } => {
            "keep it in a variable or a file, and write `secret-env = \"NAME\"` or \
             `secret-file = \"PATH\"`"
                .to_owned()
        }
        ConfigProblem::Conflict { .. } => "remove one of them".to_owned(),
        ConfigProblem::WrongType { .. } | ConfigProblem::InvalidValue { .. } => {
            "`leadhook config init` writes a file with every key".to_owned()
        }
    }
}

/// The commands that list names with their descriptions, by kind of name.
const LISTS: &[(&str, &str)] = &[
    ("case", "`leadhook check --list` lists them"),
    ("fault", "`leadhook practice --list-faults` lists them"),
];

/// Returns the similar names of a kind, and the command that lists all of them.
fn known_names(what: &str, name: &str, known: &[String]) -> String {
    let list = LISTS.iter().find(|(kind, _)| *kind == what).map(|(_, list)| *list);
    match (similar_names(name, known), list) {
        (Some(similar), Some(list)) => format!("{similar} {list}"),
        (None, Some(list)) => list.to_owned(),
        (_, None) => did_you_mean(name, known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_that_lists_names_is_suggested() {
        let cases: Vec<_> = ["event-created", "repeat"].map(str::to_owned).into();
        let list = "`leadhook check --list` lists them";
        assert_eq!(known_names("case", "repaet", &cases), format!("did you mean `repeat`? {list}"));
        assert_eq!(known_names("case", "zzz", &cases), list);
        assert_eq!(known_names("profile", "zzz", &cases), "available: `event-created`, `repeat`.");
    }
}
