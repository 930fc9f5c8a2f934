//! Rules about the JSON files of a pack: its schemas and its samples.

use crate::domain::pointer;
use crate::engine::judge::compile_schema;
use crate::protocols::meta_schema;
use crate::protocols::schema_outline::constraints;
use crate::providers::flaw::Flaw;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use serde_json::Value;
use std::collections::BTreeMap;

/// The maximum number of findings listed for one sample.
const MAX_FINDINGS_PER_SAMPLE: usize = 10;

/// The maximum number of parts of a schema, including everything it refers to. The largest built-in
/// one has a few thousand.
const MAX_PARTS: usize = 100_000;

/// The maximum length of a chain of references.
const MAX_REFERENCE_DEPTH: usize = 200;

/// Reports the files that are not JSON.
pub(super) fn not_json(pack: &Pack) -> Vec<Flaw> {
    pack.file_names().filter_map(|name| pack.json(name).err()).map(|error| error.flaw).collect()
}

/// Reports the references to files outside the pack, because nothing is ever fetched.
pub(super) fn remote_references(pack: &Pack) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for name in pack.file_names().filter(|name| name.ends_with(".schema.json")) {
        let Ok(schema) = pack.json(name) else { continue };
        for location in
            pointer::all_pointers(schema).into_iter().filter(|location| location.ends_with("/$ref"))
        {
            let reference = schema.pointer(&location).and_then(Value::as_str).unwrap_or_default();
            let document = reference.split('#').next().unwrap_or_default();
            if !document.is_empty() && !pack.file_names().any(|known| known == document) {
                let message = format!("`{document}` is not in the pack, and nothing is fetched");
                flaws.push(Flaw::error("remote-reference", name, location, message));
            }
        }
    }
    flaws
}

/// Reports the files that are named as schemas and are not a JSON Schema.
pub(super) fn invalid_schemas(pack: &Pack) -> Vec<Flaw> {
    let flaw = |name: &str| {
        let (pointer, reason) = meta_schema::problem(pack.json(name).ok()?)?;
        Some(Flaw::error("bad-schema", name, pointer, format!("it is not a JSON Schema: {reason}")))
    };
    pack.file_names().filter(|name| name.ends_with(".schema.json")).filter_map(flaw).collect()
}

/// Reports the schemas that are too large after following their references: a few lines can refer
/// to each other so often that validation would take forever.
pub(super) fn oversized_schemas(pack: &Pack) -> Vec<Flaw> {
    let mut sizes = SchemaSizes { pack, sizes: BTreeMap::new() };
    let names = pack.file_names().filter(|name| name.ends_with(".schema.json"));
    let oversized = names.filter(|name| sizes.size_of(name, "", 0) > MAX_PARTS);
    let flaw = |name: &str| {
        let message = format!("it has more than {MAX_PARTS} parts, references included");
        Flaw::error("endless-schema", name, "", message)
    };
    oversized.map(flaw).collect()
}

/// Counts the parts of a schema after following every reference.
struct SchemaSizes<'p> {
    pack: &'p Pack,
    /// The counts by file and pointer; 1 for a part that is being counted.
    sizes: BTreeMap<(String, String), usize>,
}

impl SchemaSizes<'_> {
    /// Returns the size of the part at `pointer`, or more than the maximum if references are nested
    /// too deeply.
    fn size_of(&mut self, file: &str, pointer: &str, depth: usize) -> usize {
        let key = (file.to_owned(), pointer.to_owned());
        if let Some(size) = self.sizes.get(&key) {
            return *size;
        }
        if depth > MAX_REFERENCE_DEPTH {
            return MAX_PARTS + 1;
        }
        // A recursive reference is only followed as deep as the payload is, so it counts once.
        self.sizes.insert(key.clone(), 1);
        let pack = self.pack;
        let part = pack.json(file).ok().and_then(|schema| schema.pointer(pointer));
        let size = part.map_or(0, |part| self.measure(file, part, depth));
        self.sizes.insert(key, size);
        size
    }

    /// Counts `part` and everything in it.
    fn measure(&mut self, file: &str, part: &Value, depth: usize) -> usize {
        let mut size = 1_usize;
        let inner: Vec<&Value> = match part {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    let (document, pointer) = reference.split_once('#').unwrap_or((reference, ""));
                    let document = if document.is_empty() { file } else { document };
                    size = size.saturating_add(self.size_of(document, pointer, depth + 1));
                }
                // Definitions are counted at each reference to them.
                fields.iter().filter(|(name, _)| *name != "$defs").map(|(_, inner)| inner).collect()
            }
            Value::Array(items) => items.iter().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        inner
            .into_iter()
            .fold(size, |sum, inner| sum.saturating_add(self.measure(file, inner, depth)))
    }
}

/// Reports the schemas that cannot be compiled, although each is a valid JSON Schema.
pub(super) fn uncompilable_schemas(pack: &Pack) -> Vec<Flaw> {
    let earlier_rules = [remote_references(pack), invalid_schemas(pack), oversized_schemas(pack)];
    if earlier_rules.iter().any(|flaws| !flaws.is_empty()) {
        return Vec::new();
    }
    let event_flaw = |event: &EventFacts| {
        let error = compile_schema(pack, &event.name).err()?;
        // Another rule reports a file that is missing or not JSON.
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

/// Reports the samples that are invalid according to the schema of their event.
pub(super) fn failing_samples(pack: &Pack) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if !oversized_schemas(pack).is_empty() {
        return flaws;
    }
    for (event, variant) in payloads(pack) {
        let Ok(schema) = compile_schema(pack, &event.name) else { continue };
        let Ok(sample) = pack.sample(event, variant) else { continue };
        let file = sample_file(event, variant);
        let findings = schema.findings(sample).into_iter().take(MAX_FINDINGS_PER_SAMPLE);
        flaws.extend(findings.map(|finding| {
            let message = format!("the sample {} ({})", finding.message, finding.code);
            Flaw::error("failing-sample", file.clone(), finding.pointer, message)
        }));
    }
    flaws
}

/// Reports the constraints that do not name their source.
pub(super) fn constraints_without_source(pack: &Pack) -> Vec<Flaw> {
    let mut flaws: Vec<Flaw> = Vec::new();
    for event in &pack.provider.events {
        let Ok(documents) = pack.documents(&event.name) else { continue };
        for constraint in constraints(&documents).into_iter().filter(|it| it.source.is_none()) {
            let (file, pointer) = constraint.rule.split_once('#').unwrap_or((&constraint.rule, ""));
            if !flaws.iter().any(|flaw| flaw.file == file && flaw.pointer == pointer) {
                let message = "it has no `$comment` with its source";
                flaws.push(Flaw::warning("no-source", file, pointer, message));
            }
        }
    }
    flaws
}

/// Returns every event and variant that has a sample.
pub(super) fn payloads(pack: &Pack) -> impl Iterator<Item = (&EventFacts, Option<&str>)> {
    pack.provider.events.iter().flat_map(|event| {
        let variants = event.variant_names().map(Some);
        std::iter::once(None).chain(variants).map(move |variant| (event, variant))
    })
}

/// Returns the file name of a sample or of a variant.
pub(super) fn sample_file(event: &EventFacts, variant: Option<&str>) -> String {
    match variant {
        Some(variant) => format!("{}.{variant}.json", event.name),
        None => format!("{}.json", event.name),
    }
}
