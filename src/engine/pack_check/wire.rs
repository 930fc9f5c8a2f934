//! Rules about the facts that are sent over HTTP or printed to a terminal.

use crate::domain::unsafe_char::is_unsafe;
use crate::protocols::http1;
use crate::providers::flaw::Flaw;
use crate::providers::pack::{FACTS_FILE, Pack};
use crate::providers::provider::Provider;

/// Reports the header names, header values and statuses that cannot be sent over HTTP.
pub(super) fn invalid_http(pack: &Pack) -> Vec<Flaw> {
    let provider = &pack.provider;
    let mut flaws = Vec::new();
    for (location, name) in header_names(provider) {
        if http1::is_framing(name) {
            let message =
                format!("`{name}` is set by the client and cannot be used for anything else");
            flaws.push(Flaw::error("bad-header", FACTS_FILE, location, message));
        } else if !http1::is_token(name) {
            let message = format!("`{}` is not a valid header name", name.escape_debug());
            flaws.push(Flaw::error("bad-header", FACTS_FILE, location, message));
        }
    }
    flaws.extend(shared_headers(provider));
    for (location, value) in header_values(provider) {
        if !http1::is_field_value(value.as_bytes()) {
            let message = format!("`{}` is not a valid header value", value.escape_debug());
            flaws.push(Flaw::error("bad-header", FACTS_FILE, location, message));
        }
    }
    let status = provider.receiver.rejection_status;
    if !(300..600).contains(&status) {
        let message =
            format!("{status} does not reject anything: expected a status from 300 to 599");
        flaws.push(Flaw::error("bad-status", FACTS_FILE, "/receiver/refuses-with", message));
    }
    flaws
}

/// Reports the headers that carry two facts, one of which would overwrite the other.
fn shared_headers(provider: &Provider) -> Vec<Flaw> {
    let mut used = vec!["content-type".to_owned(), "user-agent".to_owned()];
    let mut flaws = Vec::new();
    let names = header_names(provider);
    // These lists name headers that carry a fact elsewhere.
    let is_list = |location: &str| {
        location.starts_with("/recognise") || location.starts_with("/request/required-headers")
    };
    for (location, name) in names.into_iter().filter(|(location, _)| !is_list(location)) {
        let name = name.to_ascii_lowercase();
        if used.contains(&name) {
            let message = format!("`{name}` is already used for something else");
            flaws.push(Flaw::error("bad-header", FACTS_FILE, location, message));
        }
        used.push(name);
    }
    flaws
}

/// Reports the displayed strings with characters that control a terminal.
pub(super) fn unprintable(pack: &Pack) -> Vec<Flaw> {
    let flaw = |(location, text): (String, &str)| {
        let c = text.chars().find(|c| is_unsafe(*c))?;
        let message = format!("it contains U+{:04X}, which is not printable", u32::from(c));
        Some(Flaw::error("unprintable", FACTS_FILE, location, message))
    };
    strings(&pack.provider).into_iter().filter_map(flaw).collect()
}

/// Returns every header name of the facts, with its location in `provider.toml`.
fn header_names(provider: &Provider) -> Vec<(String, &str)> {
    let id = provider.message_id.as_ref().and_then(|facts| facts.location.header.as_deref());
    let time = provider.timestamp.as_ref().and_then(|facts| facts.location.header.as_deref());
    let singles = [
        ("/event/header", provider.event.header.as_deref()),
        ("/message-id/at/header", id),
        ("/timestamp/at/header", time),
        ("/signature/header", provider.signature.header()),
    ];
    let single = |(location, name): (&str, Option<_>)| Some((location.to_owned(), name?));
    let marks = provider.recognise.headers.iter().enumerate();
    let marks = marks.map(|(index, name)| (format!("/recognise/headers/{index}"), name.as_str()));
    let required = provider.request.required_headers.iter().enumerate();
    let required =
        required.map(|(index, name)| (format!("/request/required-headers/{index}"), name.as_str()));
    singles.into_iter().filter_map(single).chain(marks).chain(required).collect()
}

/// Returns every header value of the facts, with its location.
fn header_values(provider: &Provider) -> Vec<(&'static str, &str)> {
    let prefix = provider.message_id.as_ref().map(|facts| facts.prefix.as_str());
    let values = [
        ("/request/content-type", Some(provider.request.content_type.as_str())),
        ("/request/user-agent", provider.request.user_agent.as_deref()),
        ("/message-id/prefix", prefix),
    ];
    values.into_iter().filter_map(|(location, value)| Some((location, value?))).collect()
}

/// Returns every displayed string, with its location.
fn strings(provider: &Provider) -> Vec<(String, &str)> {
    let mut strings = vec![
        ("/name".to_owned(), provider.name.as_str()),
        ("/documentation".to_owned(), provider.documentation.as_str()),
    ];
    strings.extend(provider.retry.note.as_deref().map(|note| ("/retry/note".to_owned(), note)));
    let effect = provider.retry.stop_effect.as_deref();
    strings.extend(effect.map(|effect| ("/retry/stop-effect".to_owned(), effect)));
    for (index, event) in provider.events.iter().enumerate() {
        strings.push((format!("/events/{index}/summary"), &event.summary));
        for (number, variant) in event.variants.iter().enumerate() {
            strings.push((format!("/events/{index}/variants/{number}/summary"), &variant.summary));
        }
    }
    strings
}
