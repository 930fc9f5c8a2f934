//! Hypotheses: possible changes to a request, each with its messages and a function that reverts
//! it.

use crate::domain::verdict::Explanation;
use std::borrow::Cow;

/// The maximum number of edits that one explanation combines.
pub const MAX_EDITS: usize = 2;

/// The maximum number of characters printed of a name that comes from the request.
const MAX_NAME_CHARACTERS: usize = 60;

/// One possible cause of a failure, with the function that reverts it.
///
/// `{}` in the messages stands for what the function found: a prefix, a header, a line. The
/// hypotheses about digests have further placeholders, which
/// [`DigestFormat::edit`](super::digest::DigestFormat::edit) fills in.
#[derive(Clone, Copy, Debug)]
pub struct Hypothesis<F: 'static> {
    /// The code of the explanation, in kebab case.
    pub code: &'static str,
    /// The end of the sentence "It verifies if …".
    pub condition: &'static str,
    /// The conclusion, in one sentence.
    pub evidence: &'static str,
    /// The smallest change that repairs it.
    pub fix: &'static str,
    /// Reverts the change, or returns `None` if there is nothing to revert.
    pub apply: F,
}

/// The part of a request or of its configuration that a hypothesis is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum HypothesisKind {
    /// The bytes of the body.
    Body,
    /// A body that a JSON library printed again.
    PrintedAgain,
    /// The secret.
    Secret,
    /// The signed content, and the function that signs it.
    SignedContent,
    /// The header with the signature, and the encoding of the digest in it.
    Signature,
    /// The token and its claims.
    Token,
    /// A fact that is visible without a signature.
    Fact,
    /// The content that a receiver's code hashed.
    OwnDigest,
}

/// The messages of a hypothesis, for the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HypothesisText {
    /// Its kind.
    pub kind: HypothesisKind,
    /// The code of the explanation.
    pub code: &'static str,
    /// The end of the sentence "It verifies if …"; empty if no change makes it valid.
    pub condition: Cow<'static, str>,
    /// The conclusion, in one sentence.
    pub evidence: Cow<'static, str>,
    /// The smallest change that repairs it.
    pub fix: Cow<'static, str>,
}

/// An applied hypothesis, with what was found filled into its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Identifies the edit: the code, or something finer.
    pub key: &'static str,
    /// The code of the explanation.
    pub code: &'static str,
    /// The end of the sentence "It verifies if …".
    pub condition: Cow<'static, str>,
    /// The conclusion, in one sentence.
    pub evidence: Cow<'static, str>,
    /// The smallest change that repairs it.
    pub fix: Cow<'static, str>,
}

/// A value, and the edits that turn the received value into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited<T> {
    /// The value.
    pub value: T,
    /// The edits, the first one first.
    pub edits: Vec<Edit>,
}

impl<F> Hypothesis<F> {
    /// Returns the messages, with their placeholders.
    #[must_use]
    pub fn text(&self, kind: HypothesisKind) -> HypothesisText {
        HypothesisText {
            kind,
            code: self.code,
            condition: self.condition.into(),
            evidence: self.evidence.into(),
            fix: self.fix.into(),
        }
    }

    /// Returns the hypothesis as an edit, with `found` in place of `{}`.
    #[must_use]
    pub fn edit(&self, found: &str) -> Edit {
        let fill = |template: &'static str| {
            if template.contains("{}") {
                template.replace("{}", found).into()
            } else {
                template.into()
            }
        };
        Edit {
            key: self.code,
            code: self.code,
            condition: fill(self.condition),
            evidence: fill(self.evidence),
            fix: fill(self.fix),
        }
    }
}

impl<T> Edited<T> {
    /// Returns the value as received, without edits.
    #[must_use]
    pub fn unedited(value: T) -> Self {
        Self { value, edits: Vec::new() }
    }

    /// Returns a value that `edits` and one more edit lead to.
    #[must_use]
    pub fn with_edit(edits: &[Edit], edit: Edit, value: T) -> Self {
        let mut edits = edits.to_vec();
        edits.push(edit);
        Self { value, edits }
    }
}

/// Truncates a name that comes from the request, so that it fits into a sentence.
#[must_use]
pub fn truncate_name(name: &str) -> String {
    name.chars().take(MAX_NAME_CHARACTERS).collect()
}

/// Returns the content between matching quotes, single or double.
#[must_use]
pub fn strip_quotes(text: &[u8]) -> Option<&[u8]> {
    let inside = |quote: u8| text.strip_prefix(&[quote])?.strip_suffix(&[quote]);
    inside(b'"').or_else(|| inside(b'\''))
}

/// Returns the edits under which a signature is valid as explanations: the first names them all.
#[must_use]
pub fn explanations(edits: &[Edit]) -> Vec<Explanation> {
    let conditions: Vec<_> = edits.iter().map(|edit| &*edit.condition).collect();
    let verifies = format!("It verifies if {}.", conditions.join(", and "));
    let explanation = |(index, edit): (usize, &Edit)| {
        let text = if index == 0 {
            format!("{verifies} {}", edit.evidence)
        } else {
            edit.evidence.to_string()
        };
        Explanation::new(edit.code, text, edit.fix.clone())
    };
    edits.iter().enumerate().map(explanation).collect()
}
