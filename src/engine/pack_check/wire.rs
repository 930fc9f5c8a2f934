//! Rules about what of the facts goes onto the wire, and onto a terminal.

use crate::domain::unsafe_char::is_unsafe;
use crate::protocols::http1;
use crate::providers::flaw::Flaw;
use crate::providers::pack::{FACTS, Pack};
use crate::providers::provider::Provider;

/// Headers and a status that HTTP has no place for.
pub(super) fn impossible(pack: &Pack) -> Vec<Flaw> {
    let provider = &pack.provider;
    let mut flaws = Vec::new();
    for (place, name) in header_names(provider) {
        if http1::is_framing(name) {
            let message = format!("`{name}` is set by the client, and can carry nothing else");
            flaws.push(Flaw::error("bad-header", FACTS, place, message));
        } else if !http1::is_token(name) {
            let message = format!("`{}` cannot be the name of a header", name.escape_debug());
            flaws.push(Flaw::error("bad-header", FACTS, place, message));
        }
    }
    flaws.extend(shared_headers(provider));
    for (place, value) in header_values(provider) {
        if !http1::is_field_value(value.as_bytes()) {
            let message = format!("`{}` cannot stand in a header", value.escape_debug());
            flaws.push(Flaw::error("bad-header", FACTS, place, message));
        }
    }
    let status = provider.receiver.refuses_with;
    if !(300..600).contains(&status) {
        let message = format!("{status} refuses nothing: expected a status from 300 to 599");
        flaws.push(Flaw::error("bad-status", FACTS, "/receiver/refuses-with", message));
    }
    flaws
}

/// Headers that would carry two things: one of them would be taken for the other.
fn shared_headers(provider: &Provider) -> Vec<Flaw> {
    let mut taken = vec!["content-type".to_owned(), "user-agent".to_owned()];
    let mut flaws = Vec::new();
    let placed = header_names(provider);
    for (place, name) in placed.into_iter().filter(|(place, _)| !place.starts_with("/recognise")) {
        let name = name.to_ascii_lowercase();
        if taken.contains(&name) {
            let message = format!("`{name}` carries something else already");
            flaws.push(Flaw::error("bad-header", FACTS, place, message));
        }
        taken.push(name);
    }
    flaws
}

/// Texts for people that would drive a terminal.
pub(super) fn unprintable(pack: &Pack) -> Vec<Flaw> {
    let flaw = |(place, text): (String, &str)| {
        let letter = text.chars().find(|letter| is_unsafe(*letter))?;
        let message = format!("it holds U+{:04X}, which does not print", u32::from(letter));
        Some(Flaw::error("unprintable", FACTS, place, message))
    };
    texts(&pack.provider).into_iter().filter_map(flaw).collect()
}

fn header_names(provider: &Provider) -> Vec<(String, &str)> {
    let id = provider.message_id.as_ref().and_then(|facts| facts.at.header.as_deref());
    let time = provider.timestamp.as_ref().and_then(|facts| facts.at.header.as_deref());
    let singles = [
        ("/event/header", provider.event.header.as_deref()),
        ("/message-id/at/header", id),
        ("/timestamp/at/header", time),
        ("/signature/header", Some(provider.signature.header())),
    ];
    let named = |(place, name): (&str, Option<_>)| Some((place.to_owned(), name?));
    let marks = provider.recognise.headers.iter().enumerate();
    let marks = marks.map(|(index, name)| (format!("/recognise/headers/{index}"), name.as_str()));
    singles.into_iter().filter_map(named).chain(marks).collect()
}

fn header_values(provider: &Provider) -> Vec<(&'static str, &str)> {
    let prefix = provider.message_id.as_ref().map(|facts| facts.prefix.as_str());
    let values = [
        ("/request/content-type", Some(provider.request.content_type.as_str())),
        ("/request/user-agent", provider.request.user_agent.as_deref()),
        ("/message-id/prefix", prefix),
    ];
    values.into_iter().filter_map(|(place, value)| Some((place, value?))).collect()
}

fn texts(provider: &Provider) -> Vec<(String, &str)> {
    let mut texts = vec![
        ("/name".to_owned(), provider.name.as_str()),
        ("/documentation".to_owned(), provider.documentation.as_str()),
    ];
    texts.extend(provider.retry.note.as_deref().map(|note| ("/retry/note".to_owned(), note)));
    for (index, event) in provider.events.iter().enumerate() {
        texts.push((format!("/events/{index}/summary"), &event.summary));
        for (at, variant) in event.variants.iter().enumerate() {
            texts.push((format!("/events/{index}/variants/{at}/summary"), &variant.summary));
        }
    }
    texts
}
