//! What the user can do about an error: one next step each.

use crate::engine::payload_edit::EditError;
use crate::engine::replay::ReplayError;
use crate::error::Error;
use crate::io::error::Error as IoError;
use crate::output::error::Error as OutputError;
use crate::protocols::config_file::ConfigProblem;
use crate::protocols::requests::RequestError;
use crate::protocols::schemes::scheme::SignError;
use crate::providers::Unknown;
use std::io;

impl Error {
    /// What the user can do about it, if that is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Arguments(error) => error.hint.clone(),
            Self::Unknown(Unknown::Provider { id, known }) => Some(did_you_mean(id, known)),
            Self::Unknown(Unknown::Event { name, known }) => {
                Some(format!("{} `leadhook events` lists them", did_you_mean(name, known)))
            }
            Self::Unknown(Unknown::Ambiguous { forms, .. }) => Some(format!("write {}", quoted(forms, " or "))),
            Self::UnknownName { name, known, .. } | Self::UnknownVariant { name, known, .. } => {
                Some(did_you_mean(name, known))
            }
            Self::NoProvider { known } => Some(format!("name it with `-p`: {}", known.join(", "))),
            Self::NoSecret { variable, unsigned, .. } => {
                let general = "LEADHOOK_SECRET";
                let or = if variable == general { String::new() } else { format!(" or {general}") };
                let unsigned = if *unsigned { ", or send with `--unsigned`" } else { "" };
                Some(format!("pass `--secret-file FILE`, or set {variable}{or}{unsigned}"))
            }
            Self::Secret { .. } | Self::Sign(SignError::SecretNotBase64) => Some("use the signing secret that the provider shows in its settings".to_owned()),
            Self::Sign(SignError::NoMessageId { .. }) => Some("give it one with `--message-id`".to_owned()),
            Self::SecretIsTarget => Some(
                "put the target before `--secret`, or the secret in a file: `--secret-file FILE`".to_owned(),
            ),
            Self::Target(_) => Some("for example `:3000/hooks`".to_owned()),
            Self::Edit(error) => Some(edit_hint(error)),
            Self::Pack(_) | Self::Unknown(Unknown::Broken(_)) => {
                Some("`leadhook events check-pack DIR` lists all that is wrong with a pack".to_owned())
            }
            Self::Option { hint, .. } | Self::Untrusted { hint, .. } => Some(hint.clone()),
            Self::NotJson { .. } => Some("mend that place: `jq . FILE` shows when it is JSON".to_owned()),
            Self::Print { .. } => Some("`--print json` and `--print har` hold any request".to_owned()),
            Self::Unfit { source, .. } => unfit_hint(source),
            Self::NotABaseline { .. } => Some(
                "`leadhook replay CAPTURE… --format json > FILE` makes one".to_owned(),
            ),
            Self::AnotherRun { .. } => Some(
                "it goes on with the command, the secret and the packs that it was begun with; another run wants another file"
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
            Self::Sign(SignError::NotClaims(_))
            | Self::Schema(_)
            | Self::Output(OutputError::Answer(_)) => None,
        }
    }
}

/// Returns the next step after an error of `io`.
fn io_hint(error: &IoError) -> Option<String> {
    let hint = match error {
        // The parser of a known form says what it expected there.
        IoError::NotARequest { source: RequestError::Wrong { .. }, .. } => {
            "mend that place; `leadhook verify` takes a body alone: `--body FILE -H 'Name: value'`"
        }
        IoError::NotARequest { .. } => {
            "`leadhook listen --save` makes captures; `leadhook verify` takes a body alone: `--body FILE -H 'Name: value'`"
        }
        IoError::Config(error) => return Some(config_hint(&error.problem)),
        IoError::Journal { .. } => "name a file that is not there yet to begin a run",
        IoError::SecretFile { .. } => {
            "the name is not shown, since it may be the secret: a secret is an argument of `--secret`, or in LEADHOOK_SECRET"
        }
        IoError::Proxy { .. } => "for example `--proxy http://localhost:8080`",
        IoError::Client(_) => {
            "install the system's CA certificates, or name them with `--cacert FILE`"
        }
        IoError::LinkLocal { .. } => "use the address that the app itself listens on",
        IoError::NotUp { .. } => "is it the right port?",
        IoError::Probe { .. } => {
            "it is asked before and after a case: how many leads or messages there are, as `42`"
        }
        IoError::Bind { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
            "another program has it: choose another port, or `:0` for a free one"
        }
        IoError::Clock => "set the clock of this machine",
        IoError::Read { what: "configuration", source, .. }
            if source.kind() == io::ErrorKind::InvalidInput =>
        {
            "name a regular file; `--config -` reads standard input"
        }
        IoError::Read { what: "secret", source, .. }
            if source.kind() == io::ErrorKind::InvalidInput =>
        {
            "name a regular file there, or type the pipe: `--secret-file <(COMMAND)`"
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

/// What to do about a change to the payload.
fn edit_hint(error: &EditError) -> String {
    match error {
        EditError::Form { .. } => "for example `first_name` or `activities[0].type`".to_owned(),
        EditError::Unknown { path, known } => {
            format!("{} A new member is added with `--add`", did_you_mean(path, known))
        }
        EditError::Exists { path } => format!("change it with `--set {path}=…`"),
    }
}

/// What to do about a capture that cannot be sent again.
fn unfit_hint(unfit: &ReplayError) -> Option<String> {
    match unfit {
        ReplayError::NoProvider { known } => Some(format!(
            "name the provider with `-p`: {}; or send it as it is, without `--resign`",
            known.join(", ")
        )),
        ReplayError::NoSecret { .. } => {
            Some("pass `--secret-file FILE`, or send it as it is, without `--resign`".to_owned())
        }
        ReplayError::NoPath(_) => {
            Some("name the path with `--to`, such as `:3000/hooks`".to_owned())
        }
        ReplayError::Sign(SignError::SecretNotBase64) => {
            Some("use the signing secret that the provider shows in its settings".to_owned())
        }
        ReplayError::Sign(SignError::NotClaims(_) | SignError::NoMessageId { .. }) => {
            Some("send it as it is, without `--resign`".to_owned())
        }
        ReplayError::Uncarried(_) => None,
    }
}

/// What to do about a configuration file.
fn config_hint(problem: &ConfigProblem) -> String {
    match problem {
        ConfigProblem::Syntax(_) => "texts stand in quotes: `timeout = \"30s\"`".to_owned(),
        ConfigProblem::UnknownKey { key, known } => {
            did_you_mean(key.rsplit('.').next().unwrap_or(key), known)
        }
        ConfigProblem::Secret { .. } => {
            "keep it in a variable or a file, and write `secret-env = \"NAME\"` or \
             `secret-file = \"PATH\"`"
                .to_owned()
        }
        ConfigProblem::Both { .. } => "take one of them away".to_owned(),
        ConfigProblem::WrongType { .. } | ConfigProblem::WrongForm { .. } => {
            "`leadhook config init` writes a file with every key".to_owned()
        }
    }
}

/// How many near names a hint shows.
const NEAR: usize = 3;

/// How many names a hint shows when none is near.
const LISTED: usize = 12;

/// The nearest of `known`, or all of them where none is near and they are few.
fn did_you_mean(typed: &str, known: &[String]) -> String {
    let score = |name: &String| {
        let part = name.rsplit([':', '.']).next().unwrap_or(name);
        strsim::jaro_winkler(typed, name).max(strsim::jaro_winkler(typed, part) - 0.09)
    };
    let mut scored: Vec<_> =
        known.iter().map(|name| (score(name), name)).filter(|(score, _)| *score > 0.75).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    // A name that is much nearer than the others is the one that was meant.
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    let near: Vec<_> = scored
        .into_iter()
        .filter(|(score, _)| *score > best - 0.08)
        .map(|(_, name)| name.clone())
        .take(NEAR)
        .collect();
    if !near.is_empty() {
        return format!("did you mean {}?", quoted(&near, " or "));
    }
    match known {
        [] => "there is none.".to_owned(),
        few if few.len() <= LISTED => format!("there is {}.", quoted(few, ", ")),
        many => {
            format!("there is {} and {} more.", quoted(&many[..LISTED], ", "), many.len() - LISTED)
        }
    }
}

fn quoted(names: &[String], between: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let known: Vec<_> =
            ["created", "updated", "leadpro:lead.created"].map(str::to_owned).into();
        assert_eq!(did_you_mean("creatd", &known[..2]), "did you mean `created`?");
        assert_eq!(did_you_mean("xyz", &known[..2]), "there is `created`, `updated`.");
        assert_eq!(did_you_mean("xyz", &[]), "there is none.");
    }
}
