//! A ladder of the user's own: the `[retry]` table of a pack, in a file by itself or in a whole
//! `provider.toml`.

use crate::domain::retry::{PolicyError, RetryPolicy};
use serde::Deserialize;
use thiserror::Error;
use toml::{Spanned, Table};

/// A ladder, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPolicy {
    /// What the file calls it.
    pub name: Option<String>,
    /// The ladder.
    pub policy: RetryPolicy,
}

/// A file that holds no ladder.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyFileError {
    /// It is no TOML, or a value in it is not what it should be.
    #[error("line {line}: {problem}")]
    Form {
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// The ladder contradicts itself.
    #[error("line {line}: {source}")]
    Impossible {
        /// Where the ladder begins, counted from 1.
        line: usize,
        /// Why it cannot be.
        source: PolicyError,
    },
}

/// What of the file is read; the rest of a pack is its own affair.
#[derive(Deserialize)]
struct PolicyFile {
    name: Option<String>,
    retry: Spanned<Table>,
}

/// Reads the text of a policy file.
pub fn read(text: &str) -> Result<NamedPolicy, PolicyFileError> {
    let line = |at: usize| 1 + text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count();
    let wrong = |error: &toml::de::Error, otherwise: usize| PolicyFileError::Form {
        line: line(error.span().map_or(otherwise, |span| span.start)),
        problem: error.message().trim().to_owned(),
    };
    let PolicyFile { name, retry } = toml::from_str(text).map_err(|error| wrong(&error, 0))?;
    let start = retry.span().start;
    let mut table = retry.into_inner();
    // Whoever writes a ladder knows it.
    table.entry("documented").or_insert(true.into());
    let policy: RetryPolicy = table.try_into().map_err(|error| wrong(&error, start))?;
    policy.check().map_err(|source| PolicyFileError::Impossible { line: line(start), source })?;
    Ok(NamedPolicy { name, policy })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Wait;

    #[test]
    fn a_ladder_is_the_table_of_a_pack() {
        let found = read("[retry]\nwaits = [\"1m\", \"1h\"]\nsuccess = [\"2xx\"]\n").unwrap();
        assert_eq!((found.name, found.policy.waits), (None, vec![Wait(60), Wait(3_600)]));
        assert!(found.policy.documented);
        let pack = "id = \"a\"\nname = \"Acme\"\n[retry]\ndocumented = false\nwaits = []\n\
                    success = [\"200\"]\ntimeout = \"10s\"\n[other]\nx = 1\n";
        let found = read(pack).unwrap();
        assert_eq!(found.name.as_deref(), Some("Acme"));
        assert_eq!((found.policy.documented, found.policy.timeout), (false, Some(Wait(10))));
    }

    #[test]
    fn what_is_no_ladder_is_said_with_its_line_and_value() {
        for (text, said) in [
            ("", "line 1: missing field `retry`"),
            ("[retry]\nsuccess = [\"200\"]\n", "line 1: missing field `waits`"),
            ("[retry]\nwaits = [\"-1m\"]\nsuccess = [\"200\"]\n", "`-1m` is not a length of time"),
            ("[retry]\nwaits = [5]\nsuccess = [\"200\"]\n", "expected a string"),
            ("[retry]\nwaits = []\nsuccess = []\n", "line 1: no status counts as success"),
            (
                "\n[retry]\nwaits = []\nsuccess = [\"2xx\"]\nstop = [\"204\"]\n",
                "line 2: status 204 is both a success and a stop code",
            ),
            ("[retry]\nwaits = []\nsuccess = [\"20\"]\n", "`20` is not a status"),
            ("[retry]\nwait = []\nsuccess = [\"200\"]\n", "unknown field `wait`"),
            ("[retry\n", "line 1: "),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
