//! Seeded variation of a payload: replaces every value that the pack allows to vary.

use crate::domain::pointer::{self, PatternMatch};
use crate::domain::variation::{
    Choice, Country, Fact, FactPlaceholder, LEAD, NumberRange, Persona, RandomValue, Template,
    TemplatePiece, Variation, Variations,
};
use crate::engine::generate::timestamps::{TimeFormat, TimestampGenerator};
use crate::engine::persona;
use crate::engine::seeded_rng::SeededRng;
use crate::providers::provider::{EventFacts, Provider};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// The variation rules of one payload.
#[derive(Debug)]
pub(super) struct Rules<'p> {
    country: Country,
    /// The rules of the pack, of the event, and of the variant; a later layer takes precedence.
    layers: Vec<&'p Variations>,
    /// Patterns of the values that stay unchanged.
    keep: &'p [String],
}

/// A value that varies, and its variation.
#[derive(Debug)]
pub(super) struct VariedValue<'p> {
    pub(super) location: PatternMatch,
    /// The index of the layer that the rule belongs to.
    layer: usize,
    pub(super) pattern: &'p str,
    pub(super) variation: &'p Variation,
}

impl<'p> Rules<'p> {
    /// Returns the rules for one payload of a pack.
    pub(super) fn for_payload(
        provider: &'p Provider,
        event: &'p EventFacts,
        variant: Option<&str>,
    ) -> Self {
        let variant = variant.and_then(|name| event.variant(name));
        let own = variant.map(|facts| &facts.vary);
        Self {
            country: provider.country,
            layers: [&provider.vary, &event.vary].into_iter().chain(own).collect(),
            keep: variant.map_or(&[], |facts| facts.keep.as_slice()),
        }
    }

    /// Returns every varied value of `payload` in document order; twice if two patterns of one
    /// layer match it.
    pub(super) fn varied_values(&self, payload: &Value) -> Vec<VariedValue<'p>> {
        let kept_matches: Vec<_> =
            self.keep.iter().flat_map(|pattern| pointer::find_matches(pattern, payload)).collect();
        let is_kept = |at: &PatternMatch| {
            kept_matches.iter().any(|kept| at.position.starts_with(&kept.position))
        };
        let mut varied_values = Vec::new();
        for (layer, rules) in self.layers.iter().enumerate() {
            for (pattern, variation) in *rules {
                let matches = pointer::find_matches(pattern, payload);
                let matches = matches.into_iter().filter(|at| !is_kept(at));
                varied_values.extend(matches.map(|at| VariedValue {
                    location: at,
                    layer,
                    pattern,
                    variation,
                }));
            }
        }
        // Where several layers match the same value, the last layer sorts first and the others are
        // dropped. Two matches within one layer stay, so that the pack check can report them.
        varied_values.sort_by(|a, b| {
            a.location.position.cmp(&b.location.position).then_with(|| b.layer.cmp(&a.layer))
        });
        varied_values.dedup_by(|outer, inner| {
            outer.location.position == inner.location.position && outer.layer < inner.layer
        });
        varied_values
    }
}

/// Replaces every value that the rules match; the same seed and time give the same values.
pub(super) fn vary(payload: &mut Value, rules: &Rules<'_>, seed: u64, now: Timestamp) {
    let mut generator = ValueGenerator::new(rules, seed, now);
    for varied in rules.varied_values(payload) {
        let Some(value) = payload.pointer_mut(&varied.location.pointer) else { continue };
        if !is_varied(value) {
            continue;
        }
        if let Some(generated) = generator.generate(&varied, value) {
            *value = generated;
        }
    }
}

/// Returns the values of a received payload that identify its lead, by JSON Pointer, with those of
/// the lead of `seed`.
///
/// These are the values whose rule generates an id or a contact detail of the lead, the pack's
/// pointers to them, and an email address and a telephone number without a rule: a receiver may
/// write to them.
pub(super) fn other_identity(
    payload: &Value,
    provider: &Provider,
    rules: &Rules<'_>,
    seed: u64,
    now: Timestamp,
) -> Vec<(String, Value)> {
    let mut generator = ValueGenerator::new(rules, seed, now);
    let lead = provider.order.as_ref().map(|order| &order.lead_pointer);
    let person = &provider.person;
    let pointers = [lead, person.email.as_ref(), person.phone.as_ref()].into_iter().flatten();
    let pointers: Vec<_> = pointers.chain(&provider.message_identity).collect();
    let mut identity = Vec::new();
    for varied in rules.varied_values(payload) {
        let pointer = &varied.location.pointer;
        let Some(value) = payload.pointer(pointer).filter(|value| is_varied(value)) else {
            continue;
        };
        if !varied.variation.identifies_lead() && !pointers.contains(&pointer) {
            continue;
        }
        if let Some(generated) = generator.generate(&varied, value) {
            identity.push((pointer.clone(), in_form_of(value, generated)));
        }
    }
    for (pointer, fact) in [(&person.email, "email"), (&person.phone, "phone")] {
        let Some(pointer) = pointer else { continue };
        let is_string = payload.pointer(pointer).is_some_and(|it| it.is_string() && is_varied(it));
        if is_string
            && !identity.iter().any(|(known, _)| known == pointer)
            && let Some(fact) = Fact::find(fact)
        {
            identity.push((pointer.clone(), (fact.value)(generator.person(LEAD)).into()));
        }
    }
    identity
}

/// Returns a generated value in the form of the received one: a receiver may tell a number from a
/// string of digits, and a hyphenated UUID from 32 hex digits.
fn in_form_of(received: &Value, generated: Value) -> Value {
    let is_uuid = |text: &str| uuid::Uuid::try_parse(text).is_ok();
    match (received, &generated) {
        (Value::String(_), Value::Number(number)) => number.to_string().into(),
        (Value::String(old), Value::String(new))
            if !old.contains('-') && is_uuid(old) && is_uuid(new) =>
        {
            new.replace('-', "").into()
        }
        _ => generated,
    }
}

/// Returns `true` if `--seed` varies a value. Null, the empty string, lists and objects stay
/// unchanged: the sample has them on purpose.
fn is_varied(value: &Value) -> bool {
    !(value.is_null() || value == "" || value.is_array() || value.is_object())
}

/// Generates the values of one payload.
struct ValueGenerator {
    seed: u64,
    country: Country,
    people: BTreeMap<String, Persona>,
    timestamps: TimestampGenerator,
}

impl ValueGenerator {
    fn new(rules: &Rules<'_>, seed: u64, now: Timestamp) -> Self {
        Self {
            seed,
            country: rules.country,
            people: BTreeMap::new(),
            timestamps: TimestampGenerator::new(seed, now),
        }
    }

    /// Generates one value; `None` if the sample has no format to follow.
    fn generate(&mut self, varied: &VariedValue<'_>, sample: &Value) -> Option<Value> {
        let at = &varied.location;
        match varied.variation {
            Variation::Text(template) => Some(self.render(template, at).into()),
            Variation::OneOf(choices) => match self.choice(choices, varied)? {
                Choice::Text(template) => Some(self.render(template, at).into()),
                Choice::Literal(value) => Some(value.clone()),
            },
            Variation::Number(range) => random_number(*range, &mut self.rng(at)),
            Variation::NumberOf(piece) => {
                serde_json::from_str(&self.render_piece(piece, at, &mut None)).ok()
            }
            Variation::Time(when) => {
                let format = TimeFormat::of_value(sample)?;
                let mut rng = self.rng(at);
                Some(format.to_value(self.timestamps.next(*when, &format, &mut rng)))
            }
            Variation::ListingDate(name) => {
                let format = TimeFormat::of_value(sample)?;
                let days = self.person(&name.for_item(at.item_index)).days_listed;
                Some(format.to_value(self.timestamps.days_ago(days, &format)))
            }
        }
    }

    /// Creates the random number generator of one location. Each location has its own, so that
    /// varying one more value leaves all others unchanged.
    fn rng(&self, at: &PatternMatch) -> SeededRng {
        SeededRng::new(self.seed, &at.pointer)
    }

    fn person(&mut self, name: &str) -> &Persona {
        let (seed, country) = (self.seed, self.country);
        self.people.entry(name.to_owned()).or_insert_with(|| persona::draw(seed, country, name))
    }

    fn choice<'c>(&self, choices: &'c [Choice], varied: &VariedValue<'_>) -> Option<&'c Choice> {
        let at = &varied.location;
        // The items of one list rotate through the choices, so that they are distinct while there
        // are enough.
        let index = match (varied.pattern.strip_suffix("/*"), at.item_index) {
            (Some(_), Some(item)) => {
                let list = at.pointer.rsplit_once('/').map_or("", |(list, _)| list);
                SeededRng::new(self.seed, &format!("{list}/*")).index(choices.len()) + item
            }
            _ => self.rng(at).index(choices.len()),
        };
        choices.get(index.checked_rem(choices.len())?)
    }

    fn render(&mut self, template: &Template, at: &PatternMatch) -> String {
        let mut rng = None;
        template.pieces().iter().map(|piece| self.render_piece(piece, at, &mut rng)).collect()
    }

    /// Generates one piece. `rng` is created on first use, because most templates need none.
    fn render_piece(
        &mut self,
        piece: &TemplatePiece,
        at: &PatternMatch,
        rng: &mut Option<SeededRng>,
    ) -> String {
        match piece {
            TemplatePiece::Literal(text) => text.clone(),
            TemplatePiece::Fact(FactPlaceholder { persona: of, fact }) => {
                (fact.value)(self.person(&of.for_item(at.item_index)))
            }
            TemplatePiece::Random(chance, None) => {
                random_string(*chance, rng.get_or_insert_with(|| self.rng(at)))
            }
            TemplatePiece::Random(chance, Some(label)) => {
                let label = format!("label {}", label.for_item(at.item_index));
                random_string(*chance, &mut SeededRng::new(self.seed, &label))
            }
        }
    }
}

/// Draws a random value of this kind.
pub fn random_string(chance: RandomValue, rng: &mut SeededRng) -> String {
    let digit = |min: u64, count: u64, rng: &mut SeededRng| {
        u32::try_from(min + rng.number_below(count))
            .ok()
            .and_then(|digit| char::from_digit(digit, 16))
    };
    match chance {
        RandomValue::Uuid => rng.uuid(),
        RandomValue::Hex(count) => (0..count).filter_map(|_| digit(0, 16, rng)).collect(),
        RandomValue::Digits(count) => {
            let first = digit(1, 9, rng);
            first.into_iter().chain((1..count).filter_map(|_| digit(0, 10, rng))).collect()
        }
    }
}

/// Generates a number of a range. It is formatted from integers and parsed back, so that it is the
/// same on every machine.
fn random_number(range: NumberRange, rng: &mut SeededRng) -> Option<Value> {
    let count = range.max.abs_diff(range.min).saturating_add(1);
    let scaled = range.min.checked_add_unsigned(rng.number_below(count))?;
    if range.decimals == 0 {
        return Some(scaled.into());
    }
    let unit = 10_u64.checked_pow(range.decimals)?;
    let (sign, digits) = (if scaled < 0 { "-" } else { "" }, scaled.unsigned_abs());
    let width = range.decimals as usize;
    serde_json::from_str(&format!("{sign}{}.{:0width$}", digits / unit, digits % unit)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn varied(rules: &str, keep: &[String], sample: &Value, seed: u64) -> Value {
        let table: Variations = toml::from_str(rules).unwrap_or_else(|error| panic!("{error}"));
        let mut payload = sample.clone();
        let rules = Rules { country: Country::Us, layers: vec![&table], keep };
        super::vary(&mut payload, &rules, seed, "2026-01-02T03:04:05Z".parse().unwrap());
        payload
    }

    #[test]
    fn varying_one_more_value_changes_no_other() {
        let sample = json!({"a": "x", "b": "x", "c": 1, "d": "x", "e": "x"});
        let few = "\"/a\" = \"{name} {hex:8}\"\n\"/c\" = { number = [0, 999999] }";
        let more = format!(
            "{few}\n\"/b\" = \"{{uuid}}\"\n\"/d\" = {{ one-of = [\"p\", \"q\"] }}\n\"/e\" = \"{{agent.email}}\""
        );
        for seed in 0..20 {
            let (few, more) = (varied(few, &[], &sample, seed), varied(&more, &[], &sample, seed));
            assert_eq!((&few["a"], &few["c"]), (&more["a"], &more["c"]));
            assert_ne!(few["b"], more["b"]);
        }
    }

    #[test]
    fn values_with_the_same_label_are_equal_and_others_differ() {
        let sample =
            json!({"a": "x", "b": "x", "c": "x", "d": "x", "list": [{"n": "x"}, {"n": "x"}]});
        let rules = "\"/a\" = \"{hex:12:id}\"\n\"/b\" = \"{hex:12:id}\"\n\
                     \"/c\" = \"{hex:12}\"\n\"/d\" = \"{hex:12}\"\n\"/list/*/n\" = \"{digits:9:item-*}\"";
        let generated = varied(rules, &[], &sample, 7);
        assert_eq!(generated["a"], generated["b"]);
        assert!(generated["c"] != generated["d"] && generated["c"] != generated["a"]);
        assert_ne!(generated["list"][0]["n"], generated["list"][1]["n"]);
    }

    #[test]
    fn the_items_of_a_list_are_distinct_choices() {
        let sample = json!({"tags": ["x", "x", "x"]});
        for seed in 0..50 {
            let generated = varied("\"/tags/*\" = { one-of = [1, 2, 3] }", &[], &sample, seed);
            let mut tags: Vec<_> =
                generated["tags"].as_array().unwrap().iter().map(Value::as_i64).collect();
            tags.sort_unstable();
            assert_eq!(tags, [Some(1), Some(2), Some(3)]);
        }
    }

    #[test]
    fn kept_empty_and_structured_values_stay() {
        let sample =
            json!({"a": "", "b": null, "c": {"d": "x", "e": ["x"]}, "f": {"g": 1}, "h": "x"});
        let rules = "\"/a\" = \"y\"\n\"/b\" = \"y\"\n\"/c/d\" = \"y\"\n\"/c/e/*\" = \"y\"\n\
                     \"/f\" = \"y\"\n\"/h\" = \"y\"";
        let generated = varied(rules, &["/c".to_owned()], &sample, 7);
        let expected =
            json!({"a": "", "b": null, "c": {"d": "x", "e": ["x"]}, "f": {"g": 1}, "h": "y"});
        assert_eq!(generated, expected);
    }

    #[test]
    fn numbers_stay_in_their_range_and_have_their_decimals() {
        for seed in 0..200 {
            let generated = varied(
                "\"/a\" = { number = [-1, 1], decimals = 2 }\n\"/b\" = { number-of = \"price\" }",
                &[],
                &json!({"a": 0, "b": 0}),
                seed,
            );
            let number = generated["a"].as_f64().unwrap();
            assert!((-1.0..=1.0).contains(&number), "{number}");
            assert!(generated["a"].to_string().len() <= 5, "{generated}");
            assert!(generated["b"].is_u64(), "{generated}");
        }
    }

    #[test]
    fn the_innermost_rule_takes_precedence() {
        let [pack, event]: [Variations; 2] =
            ["\"/list/*/n\" = \"pack\"\n\"/a\" = \"pack\"", "\"/list/0/n\" = \"event\""]
                .map(|rules| toml::from_str(rules).unwrap());
        let mut payload = json!({"list": [{"n": "x"}, {"n": "x"}], "a": "x"});
        let rules = Rules { country: Country::Us, layers: vec![&pack, &event], keep: &[] };
        super::vary(&mut payload, &rules, 7, Timestamp::UNIX_EPOCH);
        assert_eq!(payload, json!({"list": [{"n": "event"}, {"n": "pack"}], "a": "pack"}));
    }

    #[test]
    fn the_same_seed_gives_the_same_values_forever() {
        let rules = "\"/a\" = \"{name}, {address}\"\n\"/b\" = \"{uuid}\"\n\"/c\" = { time = \"past\" }\n\
                     \"/d\" = { number = [0, 1000000] }\n\"/e\" = { time = \"coming\" }";
        let sample = json!({"a": "x", "b": "x", "c": "2026-01-01T00:00:00Z", "d": 1, "e": "12:00"});
        let expected = json!({
            "a": "Mei-Ling Begaye, 538 Larkspur Road, Roswell, GA 30075",
            "b": "d77984a2-9abc-434f-867e-2569f71148b5",
            "c": "2025-12-31T10:49:01Z",
            "d": 914_963,
            "e": "15:30",
        });
        assert_eq!(varied(rules, &[], &sample, 7), expected);
    }
}
