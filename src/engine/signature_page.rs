//! The documentation page about signatures that do not verify, generated from the tables of the
//! search: every hypothesis and every fact with its code, its cause and its fix.

use crate::engine::explain::{self, own_digest};
use crate::engine::provider_page::markdown::{anchor, bullets, code, paragraphs, prose};
use crate::protocols::schemes::hypothesis::{HypothesisKind, HypothesisText};

/// The title of the page.
const TITLE: &str = "Signature does not match: what to look at";

/// The introduction.
const INTRODUCTION: &str = "\
`leadhook verify FILE --secret SECRET` reads a captured request, tries what is listed here, alone \
and in pairs, and reports the change under which the signature verifies, with its code. If you \
know the digest that your own code computed, `--mine DIGEST` finds what your code hashed. This \
page is the whole list.";

/// The questions to ask before anything else.
const FIRST_QUESTIONS: &[&str] = &[
    "**Is it the raw body?** Hash the bytes as they arrive, before a framework parses them: a \
     parsed body that is [printed again](#printed-again) has other bytes.",
    "**Is it the right secret?** Compare its length and its first characters with what the \
     provider shows: see [the secret](#the-secret).",
    "**Is it the documented content?** Some providers sign the body alone, others an id or a \
     timestamp before it: see [the signed content](#the-signed-content).",
    "**Are the same forms compared?** Hex and base64, upper and lower case, with and without a \
     prefix: see [the signature](#the-signature).",
    "**Was the request saved byte for byte?** A log, an editor or a proxy may have changed it: see \
     [what can be seen without the secret](#what-can-be-seen-without-the-secret).",
];

/// The section of each kind: the title and the introduction.
const SECTIONS: &[(HypothesisKind, &str, &str)] = &[
    (HypothesisKind::Body, "The body", "The bytes of the body changed between signing and saving."),
    (
        HypothesisKind::PrintedAgain,
        "Printed again",
        "A JSON library parsed the body and printed it with other spaces, escapes, numbers or \
         another order of fields. Either side can do it: a receiver that hashes its parsed body, \
         or a sender that signs one printed form and sends another.",
    ),
    (
        HypothesisKind::Secret,
        "The secret",
        "The two sides use different keys. No message shows a character of the secret.",
    ),
    (
        HypothesisKind::SignedContent,
        "The signed content",
        "The signature covers other content than the provider documents, or is not an HMAC.",
    ),
    (
        HypothesisKind::Signature,
        "The signature",
        "The digest is right, but it is in another header, encoding or form.",
    ),
    (
        HypothesisKind::Token,
        "Tokens",
        "Providers that sign with a JSON Web Token put the payload into it as claims.",
    ),
    (
        HypothesisKind::Fact,
        "What can be seen without the secret",
        "These facts are reported if the signature does not verify and nothing above explains it.",
    ),
    (
        HypothesisKind::OwnDigest,
        "What your own code hashed",
        "With `--mine DIGEST` the search looks for the digest that your code computed. It tries \
         everything above, and these contents, which only receivers hash.",
    ),
];

/// The words in place of the placeholders of the messages.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("{digest}", "the documented form"),
    ("{content}", "the documented content"),
    ("{function}", "the documented hash function"),
    ("{length}", "…"),
    ("{prefix}", "PREFIX"),
    ("{version}", "VERSION"),
    ("{after_prefix}", ""),
    ("{}", "…"),
];

/// The end of the page.
const UNEXPLAINED: &str = "\
The explanation `none-holds` says how many combinations were tried. Then either the secret \
differs, or the content was changed in a way that this list does not cover:";

/// The next steps if nothing explains the signature.
const NEXT_STEPS: &[&str] = &[
    "`leadhook verify FILE --candidates .env` tries every line of a file as the secret.",
    "`leadhook listen --save captures` receives the request itself, byte for byte.",
    "`leadhook verify FILE --mine DIGEST` starts from the digest that your code computed.",
    "`leadhook check URL` sends signed requests to your receiver and says which ones it rejects.",
];

/// Generates the page.
#[must_use]
pub fn render() -> String {
    let texts: Vec<_> = explain::texts().into_iter().chain(own_digest::texts()).collect();
    let sections = SECTIONS.iter().map(|row| section(row, &texts));
    let start = [
        format!("# {TITLE}"),
        INTRODUCTION.to_owned(),
        "## First questions".to_owned(),
        bullets(FIRST_QUESTIONS.iter().map(|question| (*question).to_owned())),
        "## Contents".to_owned(),
        contents(&texts),
    ];
    let end = [
        "## If nothing is found".to_owned(),
        UNEXPLAINED.to_owned(),
        bullets(NEXT_STEPS.iter().map(|step| (*step).to_owned())),
    ];
    paragraphs(start.into_iter().chain(sections).chain(end)) + "\n"
}

/// Returns the codes of one kind, each once, in the order of the table.
fn codes(kind: HypothesisKind, texts: &[HypothesisText]) -> Vec<&'static str> {
    let mut codes = Vec::new();
    for text in texts.iter().filter(|text| text.kind == kind) {
        if !codes.contains(&text.code) {
            codes.push(text.code);
        }
    }
    codes
}

/// Returns the table of contents: the kinds, each with its codes.
fn contents(texts: &[HypothesisText]) -> String {
    let row = |(kind, title, _): &(HypothesisKind, &str, &str)| {
        let links = codes(*kind, texts).into_iter();
        let links: Vec<_> =
            links.map(|name| format!("[{}](#{})", code(name), anchor(name))).collect();
        format!("[{title}](#{}): {}", anchor(title), links.join(", "))
    };
    bullets(SECTIONS.iter().map(row))
}

/// Returns the section of one kind.
fn section(
    (kind, title, introduction): &(HypothesisKind, &str, &str),
    texts: &[HypothesisText],
) -> String {
    let entries = codes(*kind, texts).into_iter().map(|name| {
        let variants = texts.iter().filter(|text| text.kind == *kind && text.code == name);
        paragraphs([format!("### {}", code(name)), bullets(variants.map(variant))])
    });
    let head = [format!("## {title}"), (*introduction).to_owned()];
    paragraphs(head.into_iter().chain(entries))
}

/// Returns one variant of a hypothesis: the evidence, its cause and its fix.
fn variant(text: &HypothesisText) -> String {
    let fix = format!("  - Fix: {}", fill(&text.fix));
    let evidence = fill(&text.evidence);
    if text.condition.is_empty() {
        return format!("{evidence}\n{fix}");
    }
    let subject = match text.kind {
        HypothesisKind::OwnDigest => "Your digest matches",
        _ => "It verifies",
    };
    let condition = fill(&text.condition);
    format!("{subject} if {condition}.\n  - Cause: {evidence}\n{fix}")
}

/// Replaces the placeholders of a message, and escapes its markup.
fn fill(message: &str) -> String {
    let replace = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
    prose(&PLACEHOLDERS.iter().fold(message.to_owned(), replace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_section() {
        for text in explain::texts().iter().chain(&own_digest::texts()) {
            assert!(SECTIONS.iter().any(|(kind, ..)| *kind == text.kind), "{}", text.code);
        }
    }

    #[test]
    fn placeholders_are_replaced_and_markup_is_escaped() {
        assert_eq!(fill("after `{}`, send {digest}"), "after `…`, send the documented form");
        assert_eq!(fill("a * b"), r"a \* b");
    }
}
