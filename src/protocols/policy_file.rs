//! Parser for custom retry policies: a `[retry]` table, in a separate file or in a complete
//! `provider.toml`.

use crate::domain::retry::{PolicyError, RetryPolicy};
use serde::Deserialize;
use thiserror::Error;
use toml::{Spanned, Table};

/// A retry policy and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPolicy {
    /// The name that the file gives it.
    pub name: Option<String>,
    /// The policy.
    pub policy: RetryPolicy,
}

/// An error in a policy file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyFileError {
    /// The file is not TOML, or a value in it is invalid.
    #[error("line {line}: {problem}")]
    Invalid {
        /// The line, counted from 1.
        line: usize,
        /// The reason.
        problem: String,
    },
    /// The policy contradicts itself.
    #[error("line {line}: {source}")]
    Contradictory {
        /// The line on which the table begins, counted from 1.
        line: usize,
        /// The contradiction.
        source: PolicyError,
    },
}

/// The part of the file that is parsed; everything else in a pack is ignored here.
#[derive(Deserialize)]
struct PolicyFile {
    name: Option<String>,
    retry: Spanned<Table>,
}

/// Parses the content of a policy file.
pub fn read(text: &str) -> Result<NamedPolicy, PolicyFileError> {
    let line = |at: usize| 1 + text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count();
    let invalid = |error: &toml::de::Error, default_offset: usize| PolicyFileError::Invalid {
        line: line(error.span().map_or(default_offset, |span| span.start)),
        problem: error.message().trim().to_owned(),
    };
    let PolicyFile { name, retry } = toml::from_str(text).map_err(|error| invalid(&error, 0))?;
    let start = retry.span().start;
    let mut table = retry.into_inner();
    // A custom policy counts as documented, unless the file declares otherwise.
    table.entry("documented").or_insert(true.into());
    let policy: RetryPolicy = table.try_into().map_err(|error| invalid(&error, start))?;
    policy
        .check()
        .map_err(|source| PolicyFileError::Contradictory { line: line(start), source })?;
    Ok(NamedPolicy { name, policy })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Wait;

    #[test]
    fn reads_the_retry_table_of_a_pack() {
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
    fn an_invalid_policy_is_reported_with_its_line_and_value() {
        for (text, expected) in [
            ("", "line 1: missing field `retry`"),
            ("[retry]\nsuccess = [\"200\"]\n", "line 1: missing field `waits`"),
            ("[retry]\nwaits = [\"-1m\"]\nsuccess = [\"200\"]\n", "`-1m` is not a duration"),
            ("[retry]\nwaits = [5]\nsuccess = [\"200\"]\n", "expected a string"),
            ("[retry]\nwaits = []\nsuccess = []\n", "line 1: no status counts as success"),
            (
                "\n[retry]\nwaits = []\nsuccess = [\"2xx\"]\nstop = [\"204\"]\n",
                "line 2: status 204 is in `success` and in `stop`: expected one of the two",
            ),
            ("[retry]\nwaits = []\nsuccess = [\"20\"]\n", "`20` is not a status"),
            ("[retry]\nwait = []\nsuccess = [\"200\"]\n", "unknown field `wait`"),
            ("[retry\n", "line 1: "),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
