//! Hypotheses: possible changes to a request, each with its texts and a function that undoes it.

use crate::domain::verdict::Explanation;
use std::borrow::Cow;

/// The most edits that one explanation combines.
pub const DEPTH: usize = 2;

/// The most characters that are shown of a name that came from outside.
const MAX_NAME: usize = 60;

/// One hypothesis: how to undo what may have been done to one side of the comparison.
///
/// `{}` in the words stands for what the function found: a prefix, a header, a line. The rows of
/// digests have further names, which [`DigestFormat::edit`](super::digest::DigestFormat::edit)
/// fills.
#[derive(Clone, Copy, Debug)]
pub struct Hypothesis<F: 'static> {
    /// The code of the explanation, in kebab case.
    pub code: &'static str,
    /// The end of the sentence "It verifies if …".
    pub when: &'static str,
    /// The conclusion, in one sentence.
    pub evidence: &'static str,
    /// The smallest change that repairs it.
    pub fix: &'static str,
    /// Undoes it, or finds that there is nothing to undo.
    pub apply: F,
}

/// A hypothesis as it was applied: its words with what was found in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Identifies the edit: the code, or something finer.
    pub key: &'static str,
    /// The code of the explanation.
    pub code: &'static str,
    /// See [`Hypothesis::when`].
    pub when: Cow<'static, str>,
    /// See [`Hypothesis::evidence`].
    pub evidence: Cow<'static, str>,
    /// See [`Hypothesis::fix`].
    pub fix: Cow<'static, str>,
}

/// A value, and the edits that lead to it from what was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited<T> {
    /// The value.
    pub value: T,
    /// The edits, the first one first.
    pub edits: Vec<Edit>,
}

impl<F> Hypothesis<F> {
    /// Returns the hypothesis as an edit, with `found` in the place of `{}`.
    #[must_use]
    pub fn edit(&self, found: &str) -> Edit {
        let filled = |words: &'static str| {
            if words.contains("{}") { words.replace("{}", found).into() } else { words.into() }
        };
        Edit {
            key: self.code,
            code: self.code,
            when: filled(self.when),
            evidence: filled(self.evidence),
            fix: filled(self.fix),
        }
    }
}

impl<T> Edited<T> {
    /// Returns a value as it was received.
    #[must_use]
    pub fn received(value: T) -> Self {
        Self { value, edits: Vec::new() }
    }

    /// Returns a value that is one edit further on.
    #[must_use]
    pub fn then(edits: &[Edit], edit: Edit, value: T) -> Self {
        let mut edits = edits.to_vec();
        edits.push(edit);
        Self { value, edits }
    }
}

/// Returns a name that came from outside, cut to fit a sentence.
#[must_use]
pub fn shown(name: &str) -> String {
    name.chars().take(MAX_NAME).collect()
}

/// Returns the text between quotes of one kind.
#[must_use]
pub fn unquoted(text: &[u8]) -> Option<&[u8]> {
    let inside = |quote: u8| text.strip_prefix(&[quote])?.strip_suffix(&[quote]);
    inside(b'"').or_else(|| inside(b'\''))
}

/// Returns the edits under which a signature is valid as explanations: the first names them all.
#[must_use]
pub fn explanations(edits: &[Edit]) -> Vec<Explanation> {
    let whens: Vec<_> = edits.iter().map(|edit| &*edit.when).collect();
    let verifies = format!("It verifies if {}.", whens.join(", and "));
    let said = |(index, edit): (usize, &Edit)| {
        let text = if index == 0 {
            format!("{verifies} {}", edit.evidence)
        } else {
            edit.evidence.to_string()
        };
        Explanation::new(edit.code, text, edit.fix.clone())
    };
    edits.iter().enumerate().map(said).collect()
}
