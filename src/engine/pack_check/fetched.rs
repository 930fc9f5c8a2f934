//! Rules about the handshake and about the resources that a receiver fetches.

use crate::domain::pointer;
use crate::domain::unsafe_char::is_unsafe;
use crate::engine::pack_check::reserved_data;
use crate::engine::pack_check::schemas;
use crate::providers::fetch_facts::FetchFacts;
use crate::providers::flaw::Flaw;
use crate::providers::pack::{FACTS_FILE, Pack};

/// Reports the resources whose sample has no place for the id, and sources that cannot be printed.
pub(super) fn unusable_tables(pack: &Pack) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (index, facts) in pack.provider.fetch.iter().enumerate() {
        let Some(pointer) = &facts.sample_id else { continue };
        let sample = pack.json(&facts.sample);
        if sample.is_ok_and(|sample| sample.pointer(pointer).is_none()) {
            let message =
                format!("`{pointer}` is not in `{}`: expected the place of the id", facts.sample);
            let location = format!("/fetch/{index}/sample-id");
            flaws.push(Flaw::error("lost-pointer", FACTS_FILE, location, message));
        }
    }
    let handshake =
        pack.provider.handshake.iter().map(|facts| ("/handshake/source", &facts.source));
    let fetched = pack.provider.fetch.iter().map(|facts| ("/fetch/source", &facts.source));
    for (location, source) in handshake.chain(fetched) {
        let found = source.iter().flat_map(|text| text.chars()).find(|c| is_unsafe(*c));
        if let Some(found) = found {
            let message = format!("it contains U+{:04X}, which is not printable", u32::from(found));
            flaws.push(Flaw::error("unprintable", FACTS_FILE, location, message));
        }
    }
    flaws
}

/// Reports the resources whose ids are in no sample, and fetched samples with data that may belong
/// to somebody.
pub(super) fn doubtful_tables(pack: &Pack) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (index, facts) in pack.provider.fetch.iter().enumerate() {
        if !is_in_a_sample(pack, facts) {
            let message = format!("`{}` matches nothing in any sample", facts.ids);
            let location = format!("/fetch/{index}/ids");
            flaws.push(Flaw::warning("lost-pointer", FACTS_FILE, location, message));
        }
        if let Ok(sample) = pack.json(&facts.sample) {
            flaws.extend(reserved_data::unreserved_values(sample, &facts.sample));
        }
    }
    flaws
}

/// Returns `true` if a sample of an event of the resource has its ids.
fn is_in_a_sample(pack: &Pack, facts: &FetchFacts) -> bool {
    schemas::payloads(pack).any(|(event, variant)| {
        let sample = pack.sample(event, variant);
        facts.belongs_to(Some(&event.name))
            && sample.is_ok_and(|sample| !pointer::find_matches(&facts.ids, sample).is_empty())
    })
}
