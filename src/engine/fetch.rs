//! The resources that a receiver fetches after deliveries that hold ids only.
//!
//! Only resources that a delivery named are known; the others are not found, as with the vendor.

use crate::domain::message::{Message, Response};
use crate::domain::pointer;
use crate::engine::judge::Judgement;
use crate::providers::Packs;
use crate::providers::fetch_facts::{FetchFacts, ID_PLACEHOLDER};
use crate::providers::pack::Pack;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use url::form_urlencoded;

/// The maximum number of resources that one delivery makes known.
const MAX_PER_DELIVERY: usize = 1000;

/// The maximum number of resources that are known; the oldest are forgotten.
const MAX_KNOWN: usize = 50_000;

/// The maximum length of an id.
const MAX_ID: usize = 256;

/// The maximum number of query parameters that are read.
const MAX_PARAMETERS: usize = 100;

/// The characters that are encoded in an id in a path or a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A resource that a delivery names.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// The path with the query under which it is fetched.
    pub path: String,
    key: ResourceKey,
    /// The id as the delivery spells it: a string or a number.
    id: Value,
}

/// The provider, the index of the table in its pack, and the id as text.
type ResourceKey = (String, usize, String);

/// The resources that are known because a delivery named them.
#[derive(Clone, Debug, Default)]
pub struct KnownResources {
    known: BTreeMap<ResourceKey, KnownResource>,
    /// The keys in the order in which they became known.
    order: VecDeque<ResourceKey>,
}

/// A known resource.
#[derive(Clone, Debug)]
struct KnownResource {
    id: Value,
    is_fetched: bool,
}

/// Returns the resources that a delivery names, if it was recognised.
pub fn resources(judgement: &Judgement, message: &Message) -> impl Iterator<Item = Resource> {
    let event = judgement.verdict.event.as_deref();
    let found = judgement.pack.as_deref().map(|pack| of_pack(pack, event, &message.body));
    found.unwrap_or_default().into_iter()
}

/// Returns the resources that the body of a delivery of this pack names.
#[must_use]
pub fn of_pack(pack: &Pack, event: Option<&str>, body: &[u8]) -> Vec<Resource> {
    let tables: Vec<_> = pack
        .provider
        .fetch
        .iter()
        .enumerate()
        .filter(|(_, facts)| facts.belongs_to(event))
        .collect();
    if tables.is_empty() {
        return Vec::new();
    }
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    let mut found = Vec::new();
    for (index, facts) in tables {
        for id in ids(&body, &facts.ids) {
            let Some(text) = id_text(id) else { continue };
            let encoded = utf8_percent_encode(&text, ENCODED).to_string();
            let path = facts.path.replace(ID_PLACEHOLDER, &encoded);
            let key = (pack.provider.id.clone(), index, text);
            found.push(Resource { path, key, id: id.clone() });
        }
    }
    found.truncate(MAX_PER_DELIVERY);
    found
}

/// Returns the values at a pattern; a list stands for each of its items.
fn ids<'v>(body: &'v Value, pattern: &str) -> impl Iterator<Item = &'v Value> {
    let matches = pointer::find_matches(pattern, body).into_iter();
    let values = matches.filter_map(|found| body.pointer(&found.pointer));
    values.flat_map(|value| match value {
        Value::Array(items) => items.iter().collect::<Vec<_>>(),
        single => vec![single],
    })
}

/// Returns an id as text; `None` if it is neither a string nor a number, or too long.
fn id_text(id: &Value) -> Option<String> {
    let text = match id {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty() && text.len() <= MAX_ID).then_some(text)
}

impl KnownResources {
    /// Makes resources known; those that are known already stay as they are.
    pub fn learn(&mut self, resources: impl IntoIterator<Item = Resource>) {
        for Resource { key, id, .. } in resources {
            if self.known.contains_key(&key) {
                continue;
            }
            if self.order.len() >= MAX_KNOWN
                && let Some(oldest) = self.order.pop_front()
            {
                self.known.remove(&oldest);
            }
            self.order.push_back(key.clone());
            self.known.insert(key, KnownResource { id, is_fetched: false });
        }
    }

    /// Returns `true` if a resource was fetched since it became known.
    #[must_use]
    pub fn is_fetched(&self, resource: &Resource) -> bool {
        self.known.get(&resource.key).is_some_and(|known| known.is_fetched)
    }

    /// Answers a request for a resource, and notes that it was fetched.
    pub fn answer(&mut self, packs: &Packs, message: &Message) -> Response {
        if !matches!(message.method.as_str(), "GET" | "HEAD") {
            let mut response = Response::text(405, "only GET and HEAD are served here\n");
            response.headers.push("Allow", "GET, HEAD");
            return response;
        }
        let tables = packs.iter().flat_map(|pack| {
            let tables = pack.provider.fetch.iter().enumerate();
            tables.map(move |(index, facts)| (pack, index, facts))
        });
        for (pack, index, facts) in tables {
            let Some(text) = requested_id(facts, &message.target) else { continue };
            let key = (pack.provider.id.clone(), index, text);
            let Some(known) = self.known.get_mut(&key) else { continue };
            if let Some(response) = resource_response(pack, facts, &known.id) {
                known.is_fetched = true;
                return response;
            }
        }
        Response::text(404, "not found: no delivery has named it\n")
    }
}

/// Returns the response with the sample of a resource, in which the id is replaced.
fn resource_response(pack: &Pack, facts: &FetchFacts, id: &Value) -> Option<Response> {
    let mut sample = pack.json(&facts.sample).ok()?.clone();
    let place = facts.sample_id.as_deref().and_then(|pointer| sample.pointer_mut(pointer));
    if let Some(place) = place {
        *place = id.clone();
    }
    let body = serde_json::to_vec(&sample).ok()?;
    let mut response = Response { body, ..Response::text(facts.status, "") };
    response.headers.replace("Content-Type", "application/json");
    Some(response)
}

/// Returns the id that a request names, if its path and query match those of the table. Further
/// query parameters, such as a token, are ignored.
fn requested_id(facts: &FetchFacts, target: &str) -> Option<String> {
    fn split(target: &str) -> (&str, &str) {
        target.split_once('?').unwrap_or((target, ""))
    }
    let ((expected_path, expected_query), (path, query)) = (split(&facts.path), split(target));
    let mut id = match expected_path.split_once(ID_PLACEHOLDER) {
        None if expected_path == path => None,
        None => return None,
        Some((before, after)) => {
            let found = path.strip_prefix(before)?.strip_suffix(after)?;
            let is_segment = !found.is_empty() && !found.contains('/');
            Some(percent_decode_str(found).decode_utf8().ok().filter(|_| is_segment)?.into_owned())
        }
    };
    for (name, expected) in form_urlencoded::parse(expected_query.as_bytes()) {
        let mut given = form_urlencoded::parse(query.as_bytes()).take(MAX_PARAMETERS);
        let (_, value) = given.find(|(known, _)| *known == name)?;
        match expected.split_once(ID_PLACEHOLDER) {
            None if expected == value => {}
            None => return None,
            Some((before, after)) => {
                id = Some(value.strip_prefix(before)?.strip_suffix(after)?.to_owned());
            }
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = include_str!("../../fixtures/leadpro/provider.toml");

    fn pack(fetch: &str) -> Pack {
        let toml = TOML.replacen("\n[recognise]", &format!("\n{fetch}\n[recognise]"), 1);
        let files = [("provider.toml", toml.as_str()), ("p.json", r#"{"people":[{"id":0}]}"#)];
        Pack::parse(Some("leadpro"), &files).unwrap()
    }

    fn table(path: &str, ids: &str) -> String {
        format!(
            "[fetch]\npath = \"{path}\"\nids = \"{ids}\"\nsample = \"p.json\"\n\
             sample-id = \"/people/0/id\"\n"
        )
    }

    fn get(target: &str) -> Message {
        Message { target: target.to_owned(), ..Message::get() }
    }

    #[test]
    fn only_what_a_delivery_named_is_found() {
        for (path, first, extra, unknown) in [
            ("/v1/people?id={id}", "/v1/people?id=12", "/v1/people?x=1&id=12&y", "/v1/people?id=1"),
            ("/v1/people/{id}", "/v1/people/12", "/v1/people/12?token=x", "/v1/people/12/x"),
            ("/p/{id}.json?all=1", "/p/12.json?all=1", "/p/12.json?b=2&all=1", "/p/12.json?all=2"),
        ] {
            let pack = pack(&table(path, "/ids"));
            let packs = Packs::from_iter([pack.clone()]);
            let named = of_pack(&pack, None, br#"{"ids":[12,"a/b",null,{}]}"#);
            assert_eq!(named.len(), 2);
            assert_eq!(named[0].path, first);
            let mut known = KnownResources::default();
            assert_eq!(known.answer(&packs, &get(first)).status, 404);
            known.learn(named.clone());
            assert!(!known.is_fetched(&named[0]));
            for target in [first, extra] {
                let response = known.answer(&packs, &get(target));
                assert_eq!(response.status, 200, "{target}");
                assert_eq!(response.body, br#"{"people":[{"id":12}]}"#);
            }
            assert_eq!(known.answer(&packs, &get(unknown)).status, 404, "{unknown}");
            assert!(known.is_fetched(&named[0]) && !known.is_fetched(&named[1]));
            assert_eq!(known.answer(&packs, &get(&named[1].path)).status, 200);
            let post = Message { method: "POST".to_owned(), ..get(first) };
            assert_eq!(known.answer(&packs, &post).status, 405);
        }
    }

    #[test]
    fn ids_are_bounded_and_any_body_is_read() {
        let pack = pack(&table("/v1/{id}", "/entry/*/id"));
        let many = format!("{{\"entry\":[{}]}}", vec!["{\"id\":1}"; 2000].join(","));
        assert_eq!(of_pack(&pack, None, many.as_bytes()).len(), MAX_PER_DELIVERY);
        let long = format!("{{\"entry\":[{{\"id\":\"{}\"}}]}}", "x".repeat(MAX_ID + 1));
        for body in [&b""[..], b"[", b"{}", b"{\"entry\":3}", long.as_bytes()] {
            assert!(of_pack(&pack, None, body).is_empty());
        }
    }
}
