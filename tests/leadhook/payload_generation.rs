//! Generated payloads: seeds, variants and edits.

mod changes;
mod seeds;
mod variants;

use leadhook::engine::generate;
use leadhook::engine::generate::PayloadOptions;
use leadhook::engine::payload_edit::PayloadEdit;
use leadhook::providers::Packs;
use leadhook::providers::pack::Pack;
use leadhook::providers::provider::{EventFacts, IdFormat};
use serde_json::Value;

/// The time of sending in every test here.
pub const NOW: &str = "2026-01-02T03:04:05Z";

/// The id of the message in every test here.
pub const MESSAGE_ID: &str = "evt_0123456789abcdef01234567";

/// The message id of every payload whose provider has UUIDs in the body.
const MESSAGE_UUID: &str = "01234567-89ab-4def-8123-456789abcdef";

/// Returns the message id of the payloads of a pack.
pub fn message_id(pack: &Pack) -> &'static str {
    let facts = pack.provider.message_id.as_ref();
    let is_uuid =
        facts.is_some_and(|it| it.format == IdFormat::Uuid && it.location.pointer.is_some());
    if is_uuid { MESSAGE_UUID } else { MESSAGE_ID }
}

/// A payload that can be generated: its pack, event and variant.
pub type Form<'p> = (&'p Pack, &'p EventFacts, Option<&'p str>);

/// Returns every event of every pack, as the sample and in every variant.
pub fn forms(packs: &Packs) -> Vec<Form<'_>> {
    let events = packs
        .iter()
        .flat_map(|pack| pack.provider.events.iter().map(move |event| (&**pack, event)));
    events
        .flat_map(|(pack, event)| {
            let variants = event.variant_names().map(Some);
            std::iter::once(None).chain(variants).map(move |variant| (pack, event, variant))
        })
        .collect()
}

/// Returns `provider:event variant`, for a message.
pub fn describe((pack, event, variant): Form<'_>) -> String {
    let name = format!("{}:{} {}", pack.provider.id, event.name, variant.unwrap_or_default());
    name.trim_end().to_owned()
}

/// Returns the bytes of one payload.
pub fn bytes((pack, event, variant): Form<'_>, seed: Option<u64>) -> Vec<u8> {
    let edits: &[PayloadEdit] = &[];
    let now = NOW.parse().unwrap();
    let recipe = PayloadOptions { variant, seed, message_id: Some(message_id(pack)), now, edits };
    generate::payload(pack, event, &recipe).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns one payload as a value.
pub fn payload(form: Form<'_>, seed: Option<u64>) -> Value {
    serde_json::from_slice(&bytes(form, seed)).unwrap()
}

/// Returns the payload of one event.
pub fn generated(event: &str, variant: Option<&str>, seed: Option<u64>) -> Value {
    let packs = Packs::builtin().unwrap();
    let (pack, facts) = packs.find_event(&event.parse().unwrap(), None).unwrap();
    payload((pack, facts, variant), seed)
}

/// Returns every string of a payload with the name of its field.
pub fn strings<'v>(value: &'v Value, name: &'v str, found: &mut Vec<(&'v str, &'v str)>) {
    match value {
        Value::String(text) => found.push((name, text)),
        Value::Array(items) => items.iter().for_each(|item| strings(item, name, found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| strings(field, name, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
