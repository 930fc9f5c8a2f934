//! The fixes for the other side: a difference of whitespace, newlines or characters can arise after
//! the signature was made, or while it was made.
//!
//! The fix of a hypothesis is for the likelier side. This table adds the one for the sender, who
//! may have signed other bytes than it sent.

use crate::protocols::schemes::hypothesis::{Edit, HypothesisText};

/// The fix for the sender, by the code of the hypothesis.
pub(super) static SENDER_FIXES: &[(&str, &str)] = &[
    (
        "final-newline-added",
        "a sender signs the newline as well, if it sends one: `json.Encoder` (Go) and `puts` add it",
    ),
    (
        "final-newline-removed",
        "a sender signs without it: `printf %s \"$BODY\" | openssl dgst …` instead of `echo`",
    ),
    ("crlf-to-lf", "a sender signs the bytes after the newlines were changed, as they are sent"),
    ("lf-to-crlf", "a sender signs the bytes after the newlines were changed, as they are sent"),
    (
        "bom-added",
        "a sender signs the mark as well, or sends none: Python `utf-8` instead of `utf-8-sig`",
    ),
    (
        "bom-removed",
        "a sender saves what it signs without the mark: .NET `new UTF8Encoding(false)`",
    ),
    ("outer-white-space", "a sender signs the text that is sent, not a trimmed copy"),
    ("not-composed", "a sender signs the text as it is sent, not a normalised copy"),
    (
        "decoded-as-code-page",
        "a sender signs the UTF-8 bytes that are sent: Node `Buffer.from(body, \"utf8\")`, not `\"latin1\"`",
    ),
    (
        "body-in-code-page",
        "a sender sends the UTF-8 bytes that are signed: Java `getBytes(UTF_8)`, not `getBytes()`",
    ),
    ("percent-encoded", "a sender signs the body after it was encoded, as it is sent"),
    ("nul-added", "a sender signs and sends the same length: `strlen(body)` in both calls"),
];

/// The sentence that follows the evidence, which names the likelier side.
const SENDER_EVIDENCE: &str = "Or the sender signed other bytes than it sent.";

/// Appends the other side and the fix for the sender to the edits that have one.
pub(super) fn add_fixes(edits: &mut [Edit]) {
    for edit in edits {
        if let Some(fix) = with_sender_fix(edit.code, &edit.fix) {
            edit.fix = fix.into();
            edit.evidence = format!("{} {SENDER_EVIDENCE}", edit.evidence).into();
        }
    }
}

/// Appends the other side and the fix for the sender to the messages, if the hypothesis has one.
pub(super) fn add_to_text(text: &mut HypothesisText) {
    if let Some(fix) = with_sender_fix(text.code, &text.fix) {
        text.fix = fix.into();
        text.evidence = format!("{} {SENDER_EVIDENCE}", text.evidence).into();
    }
}

fn with_sender_fix(code: &str, fix: &str) -> Option<String> {
    let (_, sender) = SENDER_FIXES.iter().find(|(known, _)| *known == code)?;
    Some(format!("{fix}; {sender}"))
}
