//! Recognition: finds the provider of a request, and reads its event, message id and person.

use crate::domain::message::Message;
use crate::engine::renamed_headers;
use crate::protocols::json::Json;
use crate::providers::Packs;
use crate::providers::pack::Pack;
use crate::providers::provider::{Location, Provider};
use serde_json::Value;
use std::sync::Arc;

/// Returns the pack that matches the request best, or `None` if no pack or several match.
///
/// `named` are the ids of the providers that the user named. With one of them, every request is its
/// own; with several, they are the only candidates; without any, every pack is one that need not be
/// named.
#[must_use]
pub fn recognise<'p>(
    packs: &'p Packs,
    named: &[String],
    message: &Message,
    body: Option<&Json>,
) -> Option<&'p Arc<Pack>> {
    if let [only] = named {
        return packs.find(only).ok();
    }
    best(candidates(packs, named), message, body)
}

/// Returns the packs whose requests are recognised: those that the user named, or those that need
/// not be named.
pub fn candidates<'p>(packs: &'p Packs, named: &[String]) -> impl Iterator<Item = &'p Arc<Pack>> {
    packs.iter().filter(move |pack| match named {
        [] => !pack.provider.is_recognised_only_if_named(),
        _ => named.contains(&pack.provider.id),
    })
}

/// Returns the pack that would be recognised if the user named it.
#[must_use]
pub fn recognise_if_named<'p>(
    packs: &'p Packs,
    message: &Message,
    body: Option<&Json>,
) -> Option<&'p Arc<Pack>> {
    best(packs.iter().filter(|pack| pack.provider.is_recognised_only_if_named()), message, body)
}

/// Returns the candidate with the highest score, if there is exactly one.
fn best<'p>(
    candidates: impl Iterator<Item = &'p Arc<Pack>>,
    message: &Message,
    body: Option<&Json>,
) -> Option<&'p Arc<Pack>> {
    let mut scores: Vec<_> =
        candidates.map(|pack| (score(&pack.provider, message, body), pack)).collect();
    scores.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    match scores.as_slice() {
        [(best, _), (second, _), ..] if best == second => None,
        [(best, pack), ..] if *best > 0 => Some(pack),
        _ => None,
    }
}

/// Returns the message with its original header names, if a proxy or a CGI layer renamed them.
#[must_use]
pub fn with_original_headers(packs: &Packs, message: &Message) -> Option<Message> {
    let known = packs.iter().flat_map(|pack| {
        let Provider { recognise, event, message_id, signature, .. } = &pack.provider;
        let id = message_id.as_ref().and_then(|facts| facts.location.header.as_deref());
        let own = recognise.headers.iter().map(String::as_str);
        let signed = signature.signed_headers().into_iter().map(|header| header.name);
        let signed = signed.chain(signature.header());
        own.chain(event.header.as_deref()).chain(id).chain(signed)
    });
    let headers = renamed_headers::restore_names(&message.headers, &known.collect::<Vec<_>>())?;
    Some(Message { headers, ..message.clone() })
}

/// Scores how well a request matches a provider; 0 means not at all.
///
/// A provider's own header scores 8, more than everything else together (5): a body could match by
/// accident, a header such as `X-Lead-Router-Action` cannot.
fn score(provider: &Provider, message: &Message, body: Option<&Json>) -> usize {
    let facts = &provider.recognise;
    let headers = facts.headers.iter().filter(|name| message.headers.contains(name)).count();
    let fields = !facts.fields.is_empty()
        && body
            .is_some_and(|body| facts.fields.iter().all(|pointer| body.pointer(pointer).is_some()));
    let event =
        value_at(&provider.event, message, body).is_some_and(|name| provider.event(name).is_some());
    let signed = provider.signature.is_plausible(message);
    8 * headers + 2 * usize::from(event) + usize::from(fields) + 2 * usize::from(signed)
}

/// Returns the name of the event: from the header if present, then from the body, then from the path,
/// and else the fixed one of the provider.
#[must_use]
pub fn event(provider: &Provider, message: &Message, body: Option<&Json>) -> Option<String> {
    let named = value_at(&provider.event, message, body);
    let in_path = || provider.event_of_path(&message.target).map(|event| event.name.as_str());
    named.or_else(in_path).or(provider.event.fixed.as_deref()).map(str::to_owned)
}

/// Returns the id that all attempts of one message share, even if a proxy renamed its header.
#[must_use]
pub fn message_id(provider: &Provider, message: &Message, body: Option<&Json>) -> Option<String> {
    let location = &provider.message_id.as_ref()?.location;
    if let Some(id) = value_at(location, message, body) {
        return Some(id.to_owned());
    }
    let headers = renamed_headers::restore_names(&message.headers, &[location.header.as_deref()?])?;
    headers.get_str(location.header.as_deref()?).map(|id| id.trim().to_owned())
}

/// Returns the values of the fields that identify a message without an id, as one string; `None` if
/// the provider has no such fields, or if one of them is missing, empty, or not a single value.
#[must_use]
pub fn identifying_values(provider: &Provider, body: Option<&Json>) -> Option<String> {
    let pointers = &provider.message_identity;
    let value = |pointer: &String| match body?.pointer(pointer)? {
        Json::Text(text) => Some(text.to_string_lossy().into_owned()).filter(|it| !it.is_empty()),
        Json::Number(literal) => Some(literal.clone()),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    };
    let values = pointers.iter().map(value).collect::<Option<Vec<String>>>()?;
    // A list keeps `ab`, `c` and `a`, `bc` apart.
    (!values.is_empty()).then(|| Value::from(values).to_string())
}

/// Returns the id of the lead, if the provider orders its events.
#[must_use]
pub fn lead_id(provider: &Provider, body: Option<&Json>) -> Option<String> {
    string_at(&provider.order.as_ref()?.lead_pointer, body).map(str::to_owned)
}

/// Returns the name and the email address of the person, as far as they are present.
#[must_use]
pub fn person(provider: &Provider, body: Option<&Json>) -> Option<String> {
    let facts = &provider.person;
    let parts =
        facts.name.iter().chain(&facts.email).filter_map(|pointer| string_at(pointer, body));
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Returns the value at a location, from the header if present, otherwise from the body.
fn value_at<'m>(
    location: &Location,
    message: &'m Message,
    body: Option<&'m Json>,
) -> Option<&'m str> {
    let header = location.header.as_ref().and_then(|name| message.headers.get_str(name));
    let header = header.map(str::trim).filter(|value| !value.is_empty());
    header.or_else(|| location.pointer.as_ref().and_then(|pointer| string_at(pointer, body)))
}

fn string_at<'b>(pointer: &str, body: Option<&'b Json>) -> Option<&'b str> {
    body?.pointer(pointer)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Headers;
    use crate::protocols::json;

    fn recognised_id(headers: &[(&str, &str)], body: &str) -> Option<String> {
        let packs = Packs::builtin().unwrap();
        let headers = headers.iter().copied().collect::<Headers>();
        let message = Message::post("/", headers, body.to_owned());
        let body = json::read(body.as_bytes()).ok();
        recognise(&packs, &[], &message, body.as_ref()).map(|pack| pack.provider.id.clone())
    }

    #[test]
    fn a_provider_header_decides_regardless_of_the_body() {
        let real_geeks = Some("realgeeks".to_owned());
        assert_eq!(recognised_id(&[("x-lead-router-action", "created")], "not JSON"), real_geeks);
        let body = r#"{"event":"lead.created","data":{}}"#;
        assert_eq!(recognised_id(&[("X-Lead-Router-Message-Id", "1")], body), real_geeks);
    }

    #[test]
    fn a_body_with_a_known_event_identifies_the_provider() {
        let body = r#"{"id":"evt_1","type":"lead.created","timestamp":"","data":{}}"#;
        assert_eq!(recognised_id(&[], body), Some("realtorbot".to_owned()));
        assert_eq!(
            recognised_id(&[], r#"{"event":"lead.created","data":{}}"#),
            Some("leadpro".to_owned())
        );
    }

    #[test]
    fn a_message_is_identified_by_all_its_fields_or_not_at_all() {
        let packs = Packs::builtin().unwrap();
        let mut provider = packs.find("leadpro").unwrap().provider.clone();
        let values = |provider: &Provider, body: &str| {
            identifying_values(provider, json::read(body.as_bytes()).ok().as_ref())
        };
        assert_eq!(values(&provider, r#"{"data":{"id":7}}"#), None);
        provider.message_identity = vec!["/data/id".to_owned(), "/at".to_owned()];
        for (body, expected) in [
            (r#"{"data":{"id":9007199254740993},"at":"x"}"#, Some(r#"["9007199254740993","x"]"#)),
            (r#"{"at":"x","data":{"id":true}}"#, Some(r#"["true","x"]"#)),
            (r#"{"data":{"id":7}}"#, None),
            (r#"{"data":{"id":7},"at":""}"#, None),
            (r#"{"data":{"id":null},"at":"x"}"#, None),
            (r#"{"data":{"id":[7]},"at":"x"}"#, None),
            ("not JSON", None),
        ] {
            assert_eq!(values(&provider, body).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn an_unknown_request_matches_no_provider() {
        assert_eq!(recognised_id(&[("Authorization", "Basic eDp5")], r#"{"hello":"world"}"#), None);
        assert_eq!(recognised_id(&[], ""), None);
    }
}
