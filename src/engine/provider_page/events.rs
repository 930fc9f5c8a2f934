//! The events section: a table of all events and their variants.

use super::markdown;
use super::payloads::Payload;
use crate::providers::provider::{EventFacts, ShapeConfidence};

/// Writes the section with these events.
pub(super) fn section(title: &str, events: &[EventFacts], payloads: &[Payload<'_>]) -> String {
    let name_source = |event: &EventFacts| {
        let payload = payloads.iter().find(|payload| payload.name_source(&event.name).is_some());
        payload.and_then(|payload| payload.name_source(&event.name)).unwrap_or_default()
    };
    let rows: Vec<_> = events
        .iter()
        .map(|event| {
            let shape = match event.shape {
                ShapeConfidence::Documented => "documented",
                ShapeConfidence::Guess => "a guess",
            };
            vec![
                markdown::code(&event.name),
                markdown::prose(&event.summary),
                shape.to_owned(),
                markdown::prose(name_source(event)),
            ]
        })
        .collect();
    markdown::paragraphs([
        format!("## {title}"),
        markdown::table(&["event", "meaning", "payload", "source"], &rows),
        "`leadhook events show EVENT` prints a sample of an event's payload, and `leadhook events \
         schema EVENT` the rules below as a JSON Schema."
            .to_owned(),
        variants(events),
    ])
}

/// Lists the variants of each event.
fn variants(events: &[EventFacts]) -> String {
    let rows: Vec<_> = events
        .iter()
        .flat_map(|event| event.variants.iter().map(move |variant| (event, variant)))
        .map(|(event, variant)| {
            vec![
                markdown::code(&event.name),
                markdown::code(&variant.name),
                markdown::prose(&variant.summary),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    markdown::paragraphs([
        "A variant is another payload of an event: `leadhook send EVENT --variant NAME`."
            .to_owned(),
        markdown::table(&["event", "variant", "difference"], &rows),
    ])
}
