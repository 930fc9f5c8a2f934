//! The messages of every hypothesis and fact, from the tables that the search uses.

use crate::engine::explain::{
    body_edits, observed_faults, other_side, placeholder_secrets, reserialised, secret_edits,
    secret_notations, signature_locations, signature_readings, signed_headers, signed_strings,
    signed_templates, signing_mistakes,
};
use crate::protocols::schemes::KINDS;
use crate::protocols::schemes::hypothesis::{HypothesisKind, HypothesisText};

/// The messages of the facts: the code, what the request looks like, and the fix.
///
/// A fact is worded when it is observed, with numbers of the request; this is its general form.
static FACTS: &[(&str, &str, &str)] = &[
    (
        "length-differs",
        "The body has another number of bytes than `Content-Length` says.",
        "capture the request where it arrives, byte for byte",
    ),
    (
        "body-cut-off",
        "The JSON of the body ends in the middle, often after a round number of bytes, or the body \
         is empty.",
        "raise the limit of the tool that captured it, or use `leadhook listen --save`",
    ),
    (
        "other-encoding",
        "The body is JSON in UTF-16, Latin-1 or Windows-1252 instead of UTF-8.",
        "keep the bytes as they arrive: JSON is UTF-8 (RFC 8259, section 8.1)",
    ),
    (
        "replaced-letters",
        "The body contains U+FFFD, with which decoders replace invalid UTF-8.",
        "hash the bytes before anything decodes them",
    ),
    (
        "content-encoding",
        "`Content-Encoding` names a compression, or the body begins with the magic number of one.",
        "capture the request behind the layer that decompresses it, byte for byte",
    ),
    (
        "stringified-object",
        "The body is the text of an object and not JSON: `[object Object]`, `undefined`, `map[…]`.",
        "send the JSON text of the object: `JSON.stringify(data)`",
    ),
    (
        "html-page",
        "The body is an HTML page or XML: it may come from an error page or another endpoint.",
        "look at the text of the page, and capture the request of the provider",
    ),
    (
        "form-body",
        "The body is a form and not JSON.",
        "send JSON with `Content-Type: application/json`",
    ),
    (
        "large-number",
        "The body contains an integer beyond 2^53, which JavaScript and others round.",
        "hash the raw body; send such numbers as strings",
    ),
    (
        "token-cut-off",
        "The token ends at a length that is a usual limit, before the end of its signature: a \
         column or field of a log has that limit.",
        "log the whole header, or use `leadhook listen --save`",
    ),
    (
        "question-marks",
        "The body is ASCII and has `?` between letters: an encoding that lacks a character may \
         have put it there.",
        "use UTF-8 wherever the body is read, kept and hashed",
    ),
    (
        "redacted-body",
        "The body, or a field of it, is text with which logs hide a value, such as `[REDACTED]`.",
        "capture the request where it arrives, or allow this field in the log",
    ),
];

/// Returns the messages of every hypothesis and every fact, in the order of their kinds.
///
/// A code may occur several times: each variant has its own messages. `{}` and the placeholders of
/// [`DigestFormat::edit`](crate::protocols::schemes::digest::DigestFormat::edit) are not replaced.
#[must_use]
pub fn texts() -> Vec<HypothesisText> {
    let secret = HypothesisKind::Secret;
    let secrets = secret_edits::ROWS.iter().map(|row| row.text(secret));
    let other_secrets =
        [&secret_edits::OTHER_SECRET, &secret_edits::CANDIDATE].map(|row| row.text(secret));
    let notations = secret_notations::ROWS.iter().map(|row| row.text(secret));
    let mut texts: Vec<_> = body_edits::texts()
        .chain(reserialised::texts())
        .chain(secrets)
        .chain(notations)
        .chain(placeholder_secrets::texts())
        .chain(other_secrets)
        .chain(signing_mistakes::texts())
        .chain(signed_templates::texts())
        .chain(signed_headers::texts())
        .chain(signed_strings::texts())
        .chain(signature_locations::texts())
        .chain(signature_readings::texts())
        .chain(KINDS.iter().flat_map(|kind| (kind.texts)()))
        .chain(observed_faults::codes().filter_map(fact))
        .collect();
    // A stable sort: within a kind, the likelier hypotheses stay first.
    texts.sort_by_key(|text| text.kind);
    texts.iter_mut().for_each(other_side::add_to_text);
    texts
}

/// Returns the messages of a fact.
fn fact(code: &'static str) -> Option<HypothesisText> {
    let (_, evidence, fix) = FACTS.iter().find(|(known, ..)| *known == code)?;
    Some(HypothesisText {
        kind: HypothesisKind::Fact,
        code,
        condition: "".into(),
        evidence: (*evidence).into(),
        fix: (*fix).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_fact_has_messages() {
        let described: BTreeSet<_> = texts()
            .iter()
            .filter(|text| text.kind == HypothesisKind::Fact)
            .map(|text| text.code)
            .collect();
        let expected: BTreeSet<_> = observed_faults::codes().collect();
        assert_eq!(described, expected, "a fact needs a row in `FACTS`");
    }

    #[test]
    fn every_fix_for_a_sender_belongs_to_a_hypothesis_about_the_body() {
        for (code, _) in other_side::SENDER_FIXES {
            let texts = texts();
            let text = texts.iter().find(|text| text.code == *code);
            assert!(text.is_some_and(|text| text.kind == HypothesisKind::Body), "{code}");
            assert!(text.is_some_and(|text| text.fix.contains("; a sender ")), "{code}");
        }
    }
}
