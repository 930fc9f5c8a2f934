//! Rules about the JSON files of a pack: its schemas and its samples.

use crate::domain::pointer;
use crate::engine::judge::pack_schema;
use crate::protocols::meta_schema;
use crate::protocols::schema_outline::constraints;
use crate::providers::flaw::Flaw;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many findings of one sample are listed: the first ones tell enough.
const MOST_OF_A_SAMPLE: usize = 10;

/// Most parts of a schema with what it refers to: the largest built-in one has some thousand.
const MOST_PARTS: usize = 100_000;

/// Most references behind one another.
const DEEPEST: usize = 200;

/// Files that are not JSON.
pub(super) fn not_json(pack: &Pack) -> Vec<Flaw> {
    pack.file_names().filter_map(|name| pack.json(name).err()).map(|error| error.flaw).collect()
}

/// References to what is not in the pack: nothing is ever fetched.
pub(super) fn remote(pack: &Pack) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for name in pack.file_names().filter(|name| name.ends_with(".schema.json")) {
        let Ok(schema) = pack.json(name) else { continue };
        for place in pointer::all(schema).into_iter().filter(|place| place.ends_with("/$ref")) {
            let reference = schema.pointer(&place).and_then(Value::as_str).unwrap_or_default();
            let document = reference.split('#').next().unwrap_or_default();
            if !document.is_empty() && !pack.file_names().any(|known| known == document) {
                let message = format!("`{document}` is not in the pack, and nothing is fetched");
                flaws.push(Flaw::error("remote-reference", name, place, message));
            }
        }
    }
    flaws
}

/// Files that are no JSON Schema, though they are called so.
pub(super) fn no_schemas(pack: &Pack) -> Vec<Flaw> {
    let flaw = |name: &str| {
        let (place, reason) = meta_schema::problem(pack.json(name).ok()?)?;
        Some(Flaw::error("bad-schema", name, place, format!("it is no schema: {reason}")))
    };
    pack.file_names().filter(|name| name.ends_with(".schema.json")).filter_map(flaw).collect()
}

/// Schemas that refer to parts of themselves so often that holding a payload against them does not
/// end: a few lines can ask for more than any machine could do.
pub(super) fn endless(pack: &Pack) -> Vec<Flaw> {
    let mut weights = Weights { pack, known: BTreeMap::new() };
    let names = pack.file_names().filter(|name| name.ends_with(".schema.json"));
    let heavy = names.filter(|name| weights.of(name, "", 0) > MOST_PARTS);
    let flaw = |name: &str| {
        let message = format!("it comes to more than {MOST_PARTS} parts with what it refers to");
        Flaw::error("endless-schema", name, "", message)
    };
    heavy.map(flaw).collect()
}

/// How many parts a schema comes to when every reference is followed.
struct Weights<'p> {
    pack: &'p Pack,
    /// What is known, by file and pointer; nothing yet where it is being asked for.
    known: BTreeMap<(String, String), usize>,
}

impl Weights<'_> {
    fn of(&mut self, file: &str, place: &str, depth: usize) -> usize {
        let key = (file.to_owned(), place.to_owned());
        if let Some(weight) = self.known.get(&key) {
            return *weight;
        }
        if depth > DEEPEST {
            return MOST_PARTS + 1;
        }
        // What refers to itself goes as deep as the payload, and not further.
        self.known.insert(key.clone(), 1);
        let pack = self.pack;
        let part = pack.json(file).ok().and_then(|schema| schema.pointer(place));
        let weight = part.map_or(0, |part| self.weigh(file, part, depth));
        self.known.insert(key, weight);
        weight
    }

    fn weigh(&mut self, file: &str, part: &Value, depth: usize) -> usize {
        let mut weight = 1_usize;
        let inner: Vec<&Value> = match part {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    let (document, place) = reference.split_once('#').unwrap_or((reference, ""));
                    let document = if document.is_empty() { file } else { document };
                    weight = weight.saturating_add(self.of(document, place, depth + 1));
                }
                // Definitions count where they are referred to.
                members
                    .iter()
                    .filter(|(name, _)| *name != "$defs")
                    .map(|(_, inner)| inner)
                    .collect()
            }
            Value::Array(items) => items.iter().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        inner
            .into_iter()
            .fold(weight, |sum, inner| sum.saturating_add(self.weigh(file, inner, depth)))
    }
}

/// Schemas that cannot be compiled, though each is one.
pub(super) fn unusable(pack: &Pack) -> Vec<Flaw> {
    let before = [remote(pack), no_schemas(pack), endless(pack)];
    if before.iter().any(|flaws| !flaws.is_empty()) {
        return Vec::new();
    }
    let event_flaw = |event: &EventFacts| {
        let error = pack_schema(pack, &event.name).err()?;
        // Another rule says that it is missing, or no JSON.
        pack.json(&error.file).ok()?;
        Some(Flaw::error(
            "bad-schema",
            error.file,
            "",
            format!("it cannot be used: {}", error.reason),
        ))
    };
    pack.provider.events.iter().filter_map(event_flaw).collect()
}

/// Samples that do not pass the schema of their event.
pub(super) fn failing_samples(pack: &Pack) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if !endless(pack).is_empty() {
        return flaws;
    }
    for (event, variant) in payloads(pack) {
        let Ok(schema) = pack_schema(pack, &event.name) else { continue };
        let Ok(sample) = pack.sample(event, variant) else { continue };
        let file = sample_file(event, variant);
        let findings = schema.findings(sample).into_iter().take(MOST_OF_A_SAMPLE);
        flaws.extend(findings.map(|finding| {
            let message = format!("the sample {} ({})", finding.message, finding.code);
            Flaw::error("failing-sample", file.clone(), finding.pointer, message)
        }));
    }
    flaws
}

/// Constraints that do not say where they come from.
pub(super) fn without_source(pack: &Pack) -> Vec<Flaw> {
    let mut flaws: Vec<Flaw> = Vec::new();
    for event in &pack.provider.events {
        let Ok(documents) = pack.documents(&event.name) else { continue };
        for constraint in constraints(&documents).into_iter().filter(|it| it.source.is_none()) {
            let (file, pointer) = constraint.rule.split_once('#').unwrap_or((&constraint.rule, ""));
            if !flaws.iter().any(|flaw| flaw.file == file && flaw.pointer == pointer) {
                let message = "it has no `$comment` that says where it comes from";
                flaws.push(Flaw::warning("no-source", file, pointer, message));
            }
        }
    }
    flaws
}

/// Every event and variant that has a sample.
pub(super) fn payloads(pack: &Pack) -> impl Iterator<Item = (&EventFacts, Option<&str>)> {
    pack.provider.events.iter().flat_map(|event| {
        let variants = event.variant_names().map(Some);
        std::iter::once(None).chain(variants).map(move |variant| (event, variant))
    })
}

/// The file of a sample or of a variant.
pub(super) fn sample_file(event: &EventFacts, variant: Option<&str>) -> String {
    match variant {
        Some(variant) => format!("{}.{variant}.json", event.name),
        None => format!("{}.json", event.name),
    }
}
