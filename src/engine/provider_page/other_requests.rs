//! The sections about the requests beside the deliveries: the handshake, and what a receiver fetches.

use super::markdown;
use crate::engine::handshake::MAX_CHALLENGE;
use crate::providers::fetch_facts::FetchFacts;
use crate::providers::handshake_facts::HandshakeFacts;
use crate::providers::provider::Provider;

/// Writes the section about the handshake, if the sender has one.
pub(super) fn handshake_section(provider: &Provider) -> String {
    let Some(HandshakeFacts { mode, challenge, token, source }) = &provider.handshake else {
        return String::new();
    };
    let mode = mode.as_ref().map(|mode| {
        format!("{} is {}.", markdown::code(&mode.parameter), markdown::code(&mode.value))
    });
    let facts = mode.into_iter().chain([
        format!("{} is the challenge.", markdown::code(challenge)),
        format!("{} is the token, which the receiver knows as well.", markdown::code(token)),
    ]);
    let source = source.as_deref().map_or_else(String::new, markdown::prose);
    markdown::paragraphs([
        "## The handshake".to_owned(),
        "Before the first delivery, a GET confirms the URL. Its query has these parameters:"
            .to_owned(),
        markdown::bullets(facts),
        format!(
            "The URL is confirmed by a response with 200 whose body is exactly the challenge, as \
             plain text. `leadhook listen` returns it if the token is right and the challenge has up \
             to {MAX_CHALLENGE} letters, digits, `.`, `_` and `-`; any other request gets 403 or \
             400."
        ),
        source,
        format!(
            "{} sends it.",
            markdown::code(&format!("leadhook send --handshake -p {} :3000", provider.id))
        ),
    ])
}

/// Writes the section about the resources that a receiver fetches, if there are any.
pub(super) fn fetch_section(provider: &Provider) -> String {
    if provider.fetch.is_empty() {
        return String::new();
    }
    let rows: Vec<_> = provider.fetch.iter().map(row).collect();
    markdown::paragraphs([
        "## Fetched resources".to_owned(),
        "A delivery holds ids only. The receiver fetches what they stand for from the vendor's API; \
         `leadhook listen --fetch ADDR` serves it from a sample."
            .to_owned(),
        markdown::table(&["GET", "ids at", "events", "status", "source"], &rows),
    ])
}

fn row(facts: &FetchFacts) -> Vec<String> {
    let events: Vec<_> = facts.events.iter().map(|event| markdown::code(event)).collect();
    let events = if events.is_empty() { "all".to_owned() } else { events.join(", ") };
    let source = facts.source.as_deref().map_or_else(String::new, markdown::prose);
    let (path, ids) = (markdown::code(&facts.path), markdown::code(&facts.ids));
    vec![path, ids, events, facts.status.to_string(), source]
}
