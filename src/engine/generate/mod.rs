//! Payload generation: the pack's sample, varied by a seed, with the user's edits.

mod captured;
mod check;
mod sent_values;
mod timestamps;
mod vary;

pub use captured::CapturedBody;
pub use timestamps::is_time;
pub use vary::random_string;

pub use check::{VaryProblem, check_variations};

use crate::domain::pointer;
use crate::domain::variation::Variation;
use crate::engine::generate::sent_values::sent_values;
use crate::engine::payload_edit;
use crate::engine::payload_edit::{EditError, PayloadEdit};
use crate::engine::seeded_rng::SeededRng;
use crate::providers::flaw::PackError;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, IdFormat, Provider};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

/// The inputs of a payload besides the sample.
#[derive(Clone, Debug)]
pub struct PayloadOptions<'a> {
    /// A named variant of the event.
    pub variant: Option<&'a str>,
    /// The seed that varies the sample; without one, the sample is unchanged.
    pub seed: Option<u64>,
    /// The message id, written to its location in the body, if the provider has one there.
    pub message_id: Option<&'a str>,
    /// The time of sending.
    pub now: Timestamp,
    /// The user's edits, applied last.
    pub edits: &'a [PayloadEdit],
}

/// An error of payload generation.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The event has no such variant.
    #[error("unknown variant `{name}` of `{event}`")]
    UnknownVariant {
        /// The name, as given.
        name: String,
        /// The event.
        event: String,
        /// The available names.
        known: Vec<String>,
    },
    /// An edit cannot be applied.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The pack has no usable sample.
    #[error(transparent)]
    Pack(#[from] PackError),
}

/// Generates the bytes of a payload, printed as the sender prints JSON.
pub fn payload(
    pack: &Pack,
    event: &EventFacts,
    recipe: &PayloadOptions<'_>,
) -> Result<Vec<u8>, GenerateError> {
    payload_as_of(pack, event, recipe, None)
}

/// Generates the bytes of a payload as the sender printed it on a date, or prints it now.
pub fn payload_as_of(
    pack: &Pack,
    event: &EventFacts,
    recipe: &PayloadOptions<'_>,
    date: Option<Date>,
) -> Result<Vec<u8>, GenerateError> {
    let value = payload_value(pack, event, recipe, date)?;
    Ok(pack.provider.body_style().print(value))
}

/// Generates a payload as a value.
fn payload_value(
    pack: &Pack,
    event: &EventFacts,
    recipe: &PayloadOptions<'_>,
    date: Option<Date>,
) -> Result<Value, GenerateError> {
    check_variant(event, recipe.variant)?;
    let mut payload = pack.sample(event, recipe.variant)?.clone();
    if let Some(seed) = recipe.seed {
        let rules = vary::Rules::for_payload(&pack.provider, event, recipe.variant);
        vary::vary(&mut payload, &rules, seed, recipe.now);
    }
    for (pointer, sent) in sent_values(&payload, &pack.provider, recipe.message_id, recipe.now) {
        if let Some(value) = payload.pointer_mut(pointer) {
            *value = sent;
        }
    }
    if let Some(date) = date {
        remove_newer_fields(&mut payload, &pack.provider, date);
    }
    payload_edit::apply(&mut payload, recipe.edits)?;
    Ok(payload)
}

/// Removes the fields that did not exist on a date.
pub fn remove_newer_fields(payload: &mut Value, provider: &Provider, date: Date) {
    for pattern in provider.versions.fields_after(date) {
        let found = pointer::find_matches(pattern, payload);
        // The last item of a list goes first, so that the others keep their positions.
        for found in found.into_iter().rev() {
            remove(payload, &found.pointer);
        }
    }
}

/// Removes the value at a JSON Pointer.
fn remove(payload: &mut Value, pointer: &str) {
    let Some((holder, name)) = pointer.rsplit_once('/') else { return };
    let name = pointer::segments(&pointer[holder.len()..]).last().unwrap_or(name.into());
    match payload.pointer_mut(holder) {
        Some(Value::Object(fields)) => drop(fields.shift_remove(&*name)),
        Some(Value::Array(items)) => {
            let index = name.parse().ok().filter(|index| *index < items.len());
            drop(index.map(|index: usize| items.remove(index)));
        }
        _ => {}
    }
}

/// Returns an error if the event does not have the variant.
pub fn check_variant(event: &EventFacts, variant: Option<&str>) -> Result<(), GenerateError> {
    match variant {
        Some(name) if event.variant(name).is_none() => Err(GenerateError::UnknownVariant {
            name: name.to_owned(),
            event: event.name.clone(),
            known: event.variant_names().map(str::to_owned).collect(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Returns the rule of each value of a received payload that `--seed` would vary, by JSON Pointer.
#[must_use]
pub fn variations<'p>(
    provider: &'p Provider,
    event: &'p EventFacts,
    payload: &Value,
) -> BTreeMap<String, &'p Variation> {
    let varied = vary::Rules::for_payload(provider, event, None).varied_values(payload);
    varied.into_iter().map(|value| (value.location.pointer, value.variation)).collect()
}

/// Generates a message id in the provider's format.
#[must_use]
pub fn message_id(provider: &Provider, rng: &mut SeededRng) -> Option<String> {
    let facts = provider.message_id.as_ref()?;
    let id = match facts.format {
        IdFormat::Uuid => rng.uuid(),
        IdFormat::Hex => hex::encode(rng.bytes::<12>()),
    };
    Some(format!("{}{id}", facts.prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::judge::compile_schema;
    use crate::providers::Packs;

    fn recipe(seed: Option<u64>) -> PayloadOptions<'static> {
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        PayloadOptions {
            variant: None,
            seed,
            message_id: Some("evt_0123456789abcdef01234567"),
            now,
            edits: &[],
        }
    }

    #[test]
    fn every_generated_payload_is_valid_against_its_schema() {
        let packs = Packs::builtin().unwrap();
        for pack in packs.iter() {
            for event in &pack.provider.events {
                let schema = compile_schema(pack, &event.name).unwrap();
                for seed in 0..50 {
                    let mut rng = SeededRng::new(seed, "message-id");
                    let id = message_id(&pack.provider, &mut rng);
                    let recipe = PayloadOptions { message_id: id.as_deref(), ..recipe(Some(seed)) };
                    let body = payload(pack, event, &recipe).unwrap();
                    let findings = schema.findings(&serde_json::from_slice(&body).unwrap());
                    assert!(findings.is_empty(), "{} {seed}: {findings:?}", event.name);
                }
            }
        }
    }

    #[test]
    fn the_bytes_depend_only_on_the_seed_and_the_time() {
        let packs = Packs::builtin().unwrap();
        let pack = packs.find("realgeeks").unwrap();
        let event = pack.provider.event("created").unwrap();
        let generated = |seed| payload(pack, event, &recipe(seed)).unwrap();
        assert_eq!(generated(Some(7)), generated(Some(7)));
        assert_ne!(generated(Some(7)), generated(Some(8)));
        assert_ne!(generated(Some(7)), generated(None));
    }
}
