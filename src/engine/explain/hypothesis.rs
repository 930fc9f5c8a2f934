//! What might have been done to a request: a row of words and a pure function.

use crate::domain::verdict::Explanation;
use std::borrow::Cow;

/// How many edits may be needed together.
pub(super) const DEPTH: usize = 2;

/// How much is shown of a name that came from outside.
const SHOWN: usize = 60;

/// One hypothesis: how to undo what might have been done to one side of the comparison.
///
/// `{}` in the words stands for what the function found: a prefix, a header, a line. In the rows of
/// digests, `{digest}` and `{content}` stand for what the provider at hand sends and signs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hypothesis<F: 'static> {
    /// The code of the explanation, in kebab case.
    pub(super) code: &'static str,
    /// Ends the sentence "It holds when …".
    pub(super) when: &'static str,
    /// What that tells, in one sentence.
    pub(super) evidence: &'static str,
    /// The smallest change that mends it.
    pub(super) fix: &'static str,
    /// Undoes it, or finds that there is nothing to undo.
    pub(super) apply: F,
}

/// A hypothesis as it was applied: its words with what was found in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// Tells this edit from every other one: the code, or something finer.
    pub(super) key: &'static str,
    pub(super) code: &'static str,
    pub(super) when: Cow<'static, str>,
    pub(super) evidence: Cow<'static, str>,
    pub(super) fix: Cow<'static, str>,
}

/// A value, and the edits that lead to it from what was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form<T> {
    pub(super) value: T,
    pub(super) edits: Vec<Edit>,
}

impl<F> Hypothesis<F> {
    /// The hypothesis as an edit, with `found` in the place of `{}`.
    pub(super) fn edit(&self, found: &str) -> Edit {
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

impl<T> Form<T> {
    /// What was received.
    pub(super) fn received(value: T) -> Self {
        Self { value, edits: Vec::new() }
    }

    /// One edit further on.
    pub(super) fn then(edits: &[Edit], edit: Edit, value: T) -> Self {
        let mut edits = edits.to_vec();
        edits.push(edit);
        Self { value, edits }
    }
}

/// A name that came from outside, short enough for a sentence.
pub(super) fn shown(name: &str) -> String {
    name.chars().take(SHOWN).collect()
}

/// The edits that make a signature hold, as explanations: the first says all that it takes.
pub(super) fn explanations(edits: &[Edit]) -> Vec<Explanation> {
    let whens: Vec<_> = edits.iter().map(|edit| &*edit.when).collect();
    let holds = format!("It holds when {}.", whens.join(", and "));
    let said = |(index, edit): (usize, &Edit)| {
        let text = if index == 0 {
            format!("{holds} {}", edit.evidence)
        } else {
            edit.evidence.to_string()
        };
        Explanation::new(edit.code, text, edit.fix.clone())
    };
    edits.iter().enumerate().map(said).collect()
}
