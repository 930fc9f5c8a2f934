//! The user's candidates for the secret: which one signed, how it is written in its file, and that none
//! did.

use crate::domain::secret::Secret;
use crate::domain::verdict::Explanation;
use crate::engine::explain::secret_edits::CANDIDATE;
use crate::protocols::schemes::hypothesis::Edit;
use crate::protocols::secret_list::Surroundings;
use std::collections::BTreeSet;

/// The code of the explanation if no candidate signed a request, and no secret is configured.
const NO_CANDIDATE: &str = "no-candidate";

/// A secret that may have signed, and its origin.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The name of its origin, such as "line 3 of `FILE`"; never the secret itself.
    pub origin: String,
    /// The secret.
    pub secret: Secret,
    /// What stands around it in its file, which a loader may keep.
    pub surroundings: Surroundings,
}

/// The file of the user's candidates.
#[derive(Clone, Debug)]
pub(super) struct CandidateFile {
    name: String,
    /// The number of lines or JSON values that may be the secret.
    count: usize,
}

impl Candidate {
    /// Returns a candidate that is not from a file.
    #[must_use]
    pub fn new(origin: String, secret: Secret) -> Self {
        Self { origin, secret, surroundings: Surroundings::default() }
    }

    /// Returns the edit that uses this candidate. Its messages say what a loader of the file, or the
    /// signer, may have made part of the secret.
    pub(super) fn edit(&self) -> Edit {
        let Surroundings { kept, removed } = &self.surroundings;
        let (kept, removed) = (names(kept), names(removed));
        let with = kept.as_ref().map(|names| format!("with its {names}"));
        let without = removed.as_ref().map(|names| format!("without its {names}"));
        let parts: Vec<_> = with.into_iter().chain(without).collect();
        let mut edit = if parts.is_empty() {
            CANDIDATE.edit(&self.origin)
        } else {
            CANDIDATE.edit(&format!("{} {}", self.origin, parts.join(" and ")))
        };
        let mut fixes = Vec::new();
        if let Some(names) = kept {
            edit.evidence =
                format!("{} The signer used the {names} as part of the secret.", edit.evidence)
                    .into();
            fixes.push(format!("remove the {names} on the signing side"));
        }
        if let Some(names) = removed {
            edit.evidence =
                format!("{} If your loader keeps the {names}, that is the cause.", edit.evidence)
                    .into();
            fixes.push(format!("remove the {names} from the file"));
        }
        if !fixes.is_empty() {
            edit.fix = format!("{}: {}", edit.fix, fixes.join(", and ")).into();
        }
        edit
    }
}

impl CandidateFile {
    /// Counts the candidates of a file by their origins: one line may be read in several ways.
    pub(super) fn new(name: &str, candidates: &[Candidate]) -> Self {
        let end = format!(" of `{name}`");
        let origins = candidates.iter().map(|candidate| &candidate.origin);
        let origins: BTreeSet<_> = origins.filter(|origin| origin.ends_with(&end)).collect();
        Self { name: name.to_owned(), count: origins.len() }
    }

    /// Returns the explanation that no candidate signed the request.
    pub(super) fn no_match(&self) -> Explanation {
        let Self { name, count } = self;
        let message = match count {
            0 => format!("`{name}` contains no candidate."),
            1 => format!("1 candidate of `{name}` was tried, and it does not verify."),
            _ => format!("{count} candidates of `{name}` were tried, and none verifies."),
        };
        let fix = "look for the secret of this provider in another file: `--candidates` and \
                   `--secret-file` take it";
        Explanation::new(NO_CANDIDATE, message, fix)
    }
}

/// Joins the names of the characters around a secret.
fn names(names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(origin: &str, kept: &[&'static str], removed: &[&'static str]) -> Candidate {
        let surroundings = Surroundings { kept: kept.to_vec(), removed: removed.to_vec() };
        let secret = Secret::new("s3cret").unwrap();
        Candidate { surroundings, ..Candidate::new(origin.to_owned(), secret) }
    }

    #[test]
    fn a_candidate_says_what_its_file_has_around_it() {
        for (kept, removed, condition, says, fix) in [
            (vec![], vec![], "line 1 of `a.env`", "that candidate.", "on both sides"),
            (
                vec![],
                vec!["quotes"],
                "line 1 of `a.env` without its quotes",
                "If your loader keeps the quotes, that is the cause.",
                "remove the quotes from the file",
            ),
            (
                vec!["quotes"],
                vec!["carriage return"],
                "line 1 of `a.env` with its quotes and without its carriage return",
                "The signer used the quotes as part of the secret.",
                "remove the quotes on the signing side, and remove the carriage return from the file",
            ),
        ] {
            let edit = candidate("line 1 of `a.env`", &kept, &removed).edit();
            assert_eq!(edit.condition, format!("the secret is the one in {condition}"));
            assert!(edit.evidence.contains(says), "{edit:?}");
            assert!(edit.fix.ends_with(fix), "{edit:?}");
        }
    }

    #[test]
    fn the_lines_of_a_file_are_counted_and_not_their_readings() {
        let origins = ["line 1 of `a`", "line 1 of `a`", "line 2 of `a`", "`VARIABLE`"];
        let candidates = origins.map(|origin| candidate(origin, &[], &[]));
        let no_match = |candidates| CandidateFile::new("a", candidates).no_match().message;
        assert_eq!(no_match(&candidates), "2 candidates of `a` were tried, and none verifies.");
        assert_eq!(
            no_match(&candidates[..2]),
            "1 candidate of `a` was tried, and it does not verify."
        );
        assert_eq!(no_match(&[]), "`a` contains no candidate.");
    }
}
