//! A synthetic payload: the pack's sample, varied by a seed, with the user's changes.

use crate::domain::provider::EventFacts;
use crate::domain::provider::IdForm;
use crate::domain::provider::Provider;
use crate::domain::provider::Variation;
use crate::engine::dice::Dice;
use crate::engine::edit;
use crate::engine::edit::Edit;
use crate::engine::edit::EditError;
use crate::engine::persona::Persona;
use crate::protocols::json;
use crate::protocols::json_stringify;
use crate::protocols::pointer;
use crate::providers::pack::Pack;
use crate::providers::pack::PackError;
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use thiserror::Error;

/// What goes into a payload besides the sample.
#[derive(Clone, Debug)]
pub struct Recipe<'a> {
    /// A named variant of the event.
    pub variant: Option<&'a str>,
    /// Varies the sample; without one it stays as the pack has it.
    pub seed: Option<u64>,
    /// The id of the message, written where the provider keeps it in the body.
    pub message_id: Option<&'a str>,
    /// The time of sending.
    pub now: Timestamp,
    /// The user's changes, made last.
    pub edits: &'a [Edit],
}

/// Why there is no payload.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// The event has no such variant.
    #[error("unknown variant `{name}` of `{event}`")]
    UnknownVariant {
        /// As typed.
        name: String,
        /// The event.
        event: String,
        /// Every name that would have worked.
        known: Vec<String>,
    },
    /// A change makes no sense.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The pack has no usable sample.
    #[error(transparent)]
    Pack(#[from] PackError),
}

/// Makes the bytes of a payload: those that `JSON.stringify` would give.
pub fn payload(
    pack: &Pack,
    event: &EventFacts,
    recipe: &Recipe<'_>,
) -> Result<Vec<u8>, GenerateError> {
    check_variant(event, recipe.variant)?;
    let mut payload = pack.sample(event, recipe.variant)?.clone();
    if let Some(seed) = recipe.seed {
        vary(&mut payload, &pack.provider, seed, recipe.now);
    }
    stamp(&mut payload, &pack.provider, recipe);
    edit::apply(&mut payload, recipe.edits)?;
    Ok(stringify(&payload))
}

/// Refuses a variant that the event does not have.
pub fn check_variant(event: &EventFacts, variant: Option<&str>) -> Result<(), GenerateError> {
    match variant {
        Some(name) if !event.variants.iter().any(|known| known == name) => {
            Err(GenerateError::UnknownVariant {
                name: name.to_owned(),
                event: event.name.clone(),
                known: event.variants.clone(),
            })
        }
        Some(_) | None => Ok(()),
    }
}

/// A new id in the form that the provider gives to its messages.
#[must_use]
pub fn message_id(provider: &Provider, dice: &mut Dice) -> Option<String> {
    let facts = provider.message_id.as_ref()?;
    let id = match facts.form {
        IdForm::Uuid => uuid(dice),
        IdForm::Hex => hex::encode(dice.bytes::<12>()),
    };
    Some(format!("{}{id}", facts.prefix))
}

fn uuid(dice: &mut Dice) -> String {
    uuid::Builder::from_random_bytes(dice.bytes()).into_uuid().to_string()
}

/// Writes the message id and the time of sending where the provider keeps them in the body.
fn stamp(payload: &mut Value, provider: &Provider, recipe: &Recipe<'_>) {
    let id_place = provider.message_id.as_ref().and_then(|facts| facts.at.pointer.as_deref());
    if let (Some(pointer), Some(id)) = (id_place, recipe.message_id)
        && let Some(place) = payload.pointer_mut(pointer)
    {
        *place = id.into();
    }
    if let Some(facts) = &provider.timestamp
        && let Some(pointer) = &facts.at.pointer
        && let Some(place) = payload.pointer_mut(pointer)
    {
        let text = facts.precision.format(recipe.now);
        // Only seconds since 1970 read as a number, and then the sample says which it is.
        *place = match text.parse::<i64>() {
            Ok(seconds) if place.is_number() => seconds.into(),
            Ok(_) | Err(_) => text.into(),
        };
    }
}

/// Puts something else in every place that the pack lets vary; the same for the same seed and time.
fn vary(payload: &mut Value, provider: &Provider, seed: u64, now: Timestamp) {
    let persona = Persona::new(seed);
    let mut later = 0;
    for (pattern, variation) in &provider.vary {
        for place in pointer::expand(pattern, payload) {
            let mut dice = Dice::new(seed, &place);
            let Some(value) = payload.pointer_mut(&place) else { continue };
            // An unset value, or one of another form, stays: the sample says that on purpose.
            let is_uuid = || value.as_str().is_some_and(|text| uuid::Uuid::try_parse(text).is_ok());
            if value.is_null() || value == "" || (*variation == Variation::Uuid && !is_uuid()) {
                continue;
            }
            if *variation == Variation::RecentTime {
                later += 1;
            }
            *value = varied(*variation, value, &persona, &mut dice, now, later);
        }
    }
}

/// `later` counts the times already given out, so that they follow one another as events do.
fn varied(
    variation: Variation,
    sample: &Value,
    persona: &Persona,
    dice: &mut Dice,
    now: Timestamp,
    later: u64,
) -> Value {
    match variation {
        Variation::FirstName => persona.first.into(),
        Variation::LastName => persona.last.into(),
        Variation::FullName => persona.full().into(),
        Variation::Email => persona.email().into(),
        Variation::UsPhone => persona.us_phone().into(),
        Variation::UsPhoneE164 => persona.us_phone_e164().into(),
        Variation::UkPhone => persona.uk_phone().into(),
        Variation::Street => persona.street().into(),
        Variation::Uuid => uuid(dice).into(),
        Variation::Number => (10_000 + dice.below(9_000_000)).into(),
        Variation::Score => dice.below(101).into(),
        Variation::PrefixedId => {
            let prefix = sample
                .as_str()
                .and_then(|id| id.split_once('_'))
                .map_or("id", |(prefix, _)| prefix);
            format!("{prefix}_{}", hex::encode(dice.bytes::<6>())).into()
        }
        Variation::RecentTime => {
            let before = 3_600_u64.saturating_sub(97 * later).saturating_sub(dice.below(60));
            recent(sample, now, before, dice.below(1_000_000_000)).into()
        }
        Variation::ComingDay => {
            let days = 1 + dice.below(28);
            shifted(now, 86_400 * i64::try_from(days).unwrap_or(1), 0)
                .to_zoned(TimeZone::UTC)
                .date()
                .to_string()
                .into()
        }
    }
}

/// A time so many seconds ago, with as many fraction digits as the sample has.
fn recent(sample: &Value, now: Timestamp, seconds_ago: u64, nanoseconds: u64) -> String {
    let digits = sample
        .as_str()
        .and_then(|text| text.split_once('.'))
        .map_or(0, |(_, fraction)| fraction.chars().take_while(char::is_ascii_digit).count());
    let at = shifted(
        now,
        -i64::try_from(seconds_ago).unwrap_or(0),
        i32::try_from(nanoseconds).unwrap_or(0),
    );
    format!("{at:.digits$}")
}

/// `now` moved by whole seconds, its fraction replaced; `now` itself at the ends of time.
fn shifted(now: Timestamp, seconds: i64, nanoseconds: i32) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds))
        .and_then(|at| Timestamp::new(at.as_second(), nanoseconds))
        .unwrap_or(now)
}

/// The form in which every synthetic body leaves: a receiver that hashes the raw bytes and one
/// that parses and prints them again then agree.
fn stringify(payload: &Value) -> Vec<u8> {
    let text = payload.to_string().into_bytes();
    json::read(&text).map_or(text, |value| json_stringify::stringify(&value).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::judge::pack_schema;
    use crate::providers::Packs;

    fn recipe(seed: Option<u64>) -> Recipe<'static> {
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        Recipe {
            variant: None,
            seed,
            message_id: Some("evt_0123456789abcdef01234567"),
            now,
            edits: &[],
        }
    }

    #[test]
    fn every_event_at_many_seeds_passes_its_own_schema() {
        let packs = Packs::builtin().unwrap();
        for pack in packs.iter() {
            for event in &pack.provider.events {
                let schema = pack_schema(pack, &event.name).unwrap();
                for seed in 0..50 {
                    let body = payload(pack, event, &recipe(Some(seed))).unwrap();
                    let findings = schema.findings(&serde_json::from_slice(&body).unwrap());
                    assert!(findings.is_empty(), "{} {seed}: {findings:?}", event.name);
                }
            }
        }
    }

    #[test]
    fn the_same_seed_and_clock_give_the_same_bytes_and_another_seed_others() {
        let packs = Packs::builtin().unwrap();
        let pack = packs.find("realgeeks").unwrap();
        let event = pack.provider.event("created").unwrap();
        let made = |seed| payload(pack, event, &recipe(seed)).unwrap();
        assert_eq!(made(Some(7)), made(Some(7)));
        assert_ne!(made(Some(7)), made(Some(8)));
        assert_ne!(made(Some(7)), made(None));
    }

    #[test]
    fn every_place_that_varies_is_in_some_sample() {
        for pack in Packs::builtin().unwrap().iter() {
            let samples =
                || pack.provider.events.iter().map(|event| pack.sample(event, None).unwrap());
            for pattern in pack.provider.vary.keys() {
                let found = samples().any(|sample| !pointer::expand(pattern, sample).is_empty());
                assert!(found, "{}: {pattern}", pack.provider.id);
            }
        }
    }

    #[test]
    fn nobody_can_be_called_or_written_to() {
        for seed in 0..200 {
            let persona = Persona::new(seed);
            assert!(persona.email().ends_with("@example.com"));
            assert!(persona.us_phone().starts_with("808-555-01") && persona.us_phone().len() == 12);
            assert!(persona.us_phone_e164().starts_with("+180855501"));
            assert!(persona.uk_phone().starts_with("07700900") && persona.uk_phone().len() == 11);
        }
    }
}
