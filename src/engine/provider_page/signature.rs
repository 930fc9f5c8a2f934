//! The signature section: the signed content, the format, and the headers that are not covered.

use super::markdown;
use crate::domain::verdict::Proof;
use crate::protocols::schemes::place::SignaturePlace;
use crate::providers::provider::Provider;

/// Describes the signature, one fact in each sentence.
pub(super) fn facts(provider: &Provider) -> Vec<String> {
    let scheme = &provider.signature;
    let facts = scheme.reference(&markdown::code).into_iter();
    if scheme.proof() == Proof::Signature {
        facts.chain([not_covered(provider)]).collect()
    } else {
        facts.collect()
    }
}

/// Returns the place of the signature: the name of its header, or a description of another place.
pub(super) fn place(provider: &Provider) -> String {
    match provider.signature.place() {
        SignaturePlace::Header(name) => markdown::code(name),
        SignaturePlace::Nowhere => "No signature".to_owned(),
        place => format!("T{}", place.describe(&markdown::code).trim_start_matches('t')),
    }
}

/// Writes the section.
pub(super) fn section(provider: &Provider) -> String {
    let scheme = &provider.signature;
    markdown::paragraphs([
        "## The signature".to_owned(),
        format!("{}, by the scheme {}:", place(provider), markdown::code(scheme.name())),
        markdown::bullets(facts(provider)),
    ])
}

/// Lists the headers that can be changed without invalidating the signature.
fn not_covered(provider: &Provider) -> String {
    let header = |header: &Option<String>, contents: &str| {
        header.as_ref().map(|name| format!("{} ({contents})", markdown::code(name)))
    };
    let id = provider.message_id.as_ref().and_then(|id| header(&id.location.header, "the id"));
    let time =
        provider.timestamp.as_ref().and_then(|time| header(&time.location.header, "the time"));
    let covers = provider.signature.covers();
    let id = id.filter(|_| !covers.contains(&"message-id"));
    let has_unsigned_id = id.is_some();
    let uncovered: Vec<_> = [
        header(&provider.event.header, "the event"),
        id,
        time.filter(|_| !covers.contains(&"timestamp")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let replay = match (covers.contains(&"timestamp"), has_unsigned_id) {
        (true, _) => "",
        (false, true) => {
            " It does not expire: anyone who has seen a delivery can replay it, also under a new id."
        }
        (false, false) => " It does not expire: anyone who has seen a delivery can replay it.",
    };
    let other = if covers.contains(&"message-id") { "any other header" } else { "any header" };
    let headers = if uncovered.is_empty() {
        other.to_owned()
    } else {
        format!("{other}, {} among them", markdown::join_with_and(&uncovered))
    };
    format!("Not covered: {headers}.{replay}")
}
