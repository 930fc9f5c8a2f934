//! Every event in a table, with how well its payload is known.

use super::markdown;
use super::payloads::Payload;
use crate::domain::provider::EventFacts;
use crate::domain::provider::Provider;
use crate::domain::provider::Shape;

pub(super) fn section(provider: &Provider, payloads: &[Payload<'_>]) -> String {
    let named_by = |event: &EventFacts| {
        let payload = payloads.iter().find(|payload| payload.named(&event.name).is_some());
        payload.and_then(|payload| payload.named(&event.name)).unwrap_or_default()
    };
    let rows: Vec<_> = provider
        .events
        .iter()
        .map(|event| {
            let shape = match event.shape {
                Shape::Documented => "documented",
                Shape::Guess => "a guess",
            };
            vec![
                markdown::code(&event.name),
                markdown::prose(&event.summary),
                shape.to_owned(),
                variants(event).join(", "),
                markdown::prose(named_by(event)),
            ]
        })
        .collect();
    markdown::paragraphs([
        "## Events".to_owned(),
        markdown::table(&["event", "tells", "payload", "variants", "source"], &rows),
        "`leadhook events show EVENT` prints a sample of an event's payload, and `leadhook events \
         schema EVENT` the rules below as a JSON Schema."
            .to_owned(),
        variants_note(provider),
    ])
}

/// The names of the other payloads of an event.
fn variants(event: &EventFacts) -> Vec<String> {
    event.variants.iter().map(|variant| markdown::code(variant)).collect()
}

fn variants_note(provider: &Provider) -> String {
    let has_variants = provider.events.iter().any(|event| !event.variants.is_empty());
    if has_variants {
        "A variant is another payload of the same event: `leadhook send EVENT --variant NAME`."
            .to_owned()
    } else {
        String::new()
    }
}
