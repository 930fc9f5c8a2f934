//! Rules about the JSON files of a pack: its schemas and its samples.

use crate::domain::provider::EventFacts;
use crate::engine::judge::pack_schema;
use crate::protocols::meta_schema;
use crate::protocols::pointer;
use crate::protocols::schema_outline::constraints;
use crate::providers::flaw::Flaw;
use crate::providers::pack::Pack;
use serde_json::Value;

/// How many findings of one sample are listed: the first ones tell enough.
const MOST_OF_A_SAMPLE: usize = 10;

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

/// Schemas that cannot be compiled, though each is one.
pub(super) fn unusable(pack: &Pack) -> Vec<Flaw> {
    if !remote(pack).is_empty() || !no_schemas(pack).is_empty() {
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
