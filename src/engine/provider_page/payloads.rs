//! The payloads section: the fields and rules of each event; shared ones are described once.

use super::markdown;
use super::parts::{Part, part_list};
use crate::protocols::schema_outline::{ExpectedValue, Field, Requirement, outline};
use crate::providers::flaw::PackError;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, Provider, ShapeConfidence};

/// The minimum number of rows that payloads must share for a table of their own.
const MIN_SHARED_ROWS: usize = 3;

/// The maximum number of events that a heading names.
const MAX_NAMED: usize = 3;

/// The payload of one or several events.
pub(super) struct Payload<'p> {
    events: Vec<EventSource<'p>>,
    parts: Vec<Part>,
    empty_unsets: bool,
}

/// An event, and the sources that its schema names.
struct EventSource<'p> {
    event: &'p EventFacts,
    schema_source: Option<String>,
    /// The source of the field that names the event.
    name_source: Option<String>,
}

/// A section of parts that several payloads share. The payloads are given as indices.
struct SharedParts {
    payloads: Vec<usize>,
    parts: Vec<Part>,
}

/// Reads the payload of each of these events of a pack. Events with equal payloads are merged.
pub(super) fn read<'p>(
    pack: &'p Pack,
    events: &'p [EventFacts],
) -> Result<Vec<Payload<'p>>, PackError> {
    let mut payloads: Vec<Payload<'_>> = Vec::new();
    for event in events {
        let file = format!("{}.schema.json", event.name);
        let outline = outline(&file, &pack.documents(&event.name)?);
        let mut name = None;
        let mut parts = Vec::new();
        for field in outline.fields {
            if field.pointer.is_empty() {
                let schema_source = outline.source.as_ref();
                parts.extend(field.requirements.into_iter().map(|rule| {
                    // The section already begins with this source.
                    let source = rule.source.filter(|source| Some(source) != schema_source);
                    Part::WholeBody(Requirement { source, ..rule })
                }));
            } else {
                parts.push(Part::Field(generalise_event_name(
                    field,
                    &pack.provider,
                    event,
                    &mut name,
                )));
            }
        }
        parts.extend(outline.rules.into_iter().map(Part::Rule));
        let source = EventSource { event, schema_source: outline.source, name_source: name };
        let empty_unsets = outline.empty_unsets;
        let is_equal = |known: &&mut Payload<'_>| {
            known.parts == parts
                && known.empty_unsets == empty_unsets
                && known.events[0].event.shape == event.shape
        };
        match payloads.iter_mut().find(is_equal) {
            Some(known) => known.events.push(source),
            None => payloads.push(Payload { events: vec![source], parts, empty_unsets }),
        }
    }
    Ok(payloads)
}

/// If `field` names the event, replaces the name by a description that applies to every event, and
/// moves its source to `name`. Payloads that only differ in the name become equal.
fn generalise_event_name(
    mut field: Field,
    provider: &Provider,
    event: &EventFacts,
    name: &mut Option<String>,
) -> Field {
    let event_name = ExpectedValue::OneOf(vec![event.name.as_str().into()]);
    if provider.event.pointer.as_ref() == Some(&field.pointer)
        && let Some(rule) = field.requirements.iter_mut().find(|rule| rule.expected == event_name)
    {
        rule.expected = ExpectedValue::Description("the name of the event".to_owned());
        *name = rule.source.take();
        field.sources.retain(|source| Some(source) != name.as_ref());
    }
    field
}

impl Payload<'_> {
    /// Returns the schema's source for an event's name, if this is the payload of that event.
    pub(super) fn name_source(&self, event: &str) -> Option<&str> {
        let source = self.events.iter().find(|source| source.event.name == event)?;
        Some(source.name_source.as_deref().unwrap_or_default())
    }

    fn title(&self) -> String {
        let names: Vec<_> =
            self.events.iter().map(|source| markdown::code(&source.event.name)).collect();
        match names.as_slice() {
            [first, others @ ..] if names.len() > MAX_NAMED => {
                format!("{first} and {} more", others.len())
            }
            _ => markdown::join_with_and(&names),
        }
    }
}

/// Writes the section.
pub(super) fn section(provider: &Provider, payloads: &[Payload<'_>]) -> String {
    let shared = find_shared_parts(payloads);
    let shared_sections = shared.iter().map(|shared| {
        let title = shared.title(payloads);
        markdown::paragraphs([format!("### {title}"), part_list(&shared.parts)])
    });
    let payload_sections = payloads.iter().enumerate().map(|(index, payload)| {
        let common = shared.iter().find(|shared| shared.payloads.contains(&index));
        let is_own = |part: &&Part| !common.is_some_and(|shared| shared.parts.contains(part));
        let parts: Vec<_> = payload.parts.iter().filter(is_own).cloned().collect();
        markdown::paragraphs([
            format!("### {}", payload.title()),
            introduction(provider, payload),
            shared_reference(common, payloads, parts.is_empty()),
            part_list(&parts),
        ])
    });
    markdown::paragraphs(
        ["## Payloads".to_owned(), LEGEND.to_owned()]
            .into_iter()
            .chain(shared_sections)
            .chain(payload_sections),
    )
}

const LEGEND: &str =
    "A location is a JSON Pointer, in which `*` stands for every item of a list or every \
     field of an object. The value at a location is

- *required* if it must be present whenever the object around it is: its absence is an error;
- *expected* if its absence is a warning;
- *conditional* if it must be present under a condition that is listed below the table;
- *optional* otherwise.

A violated rule is an error, or a *(warning)*. Below a table, a violated *must* is an error and a \
     violated *should* is a warning. `--strict` turns all \
     warnings into errors.";

/// Returns the parts that payloads share, if there are enough of them for a table of their own.
fn find_shared_parts(payloads: &[Payload<'_>]) -> Vec<SharedParts> {
    let mut found: Vec<SharedParts> = Vec::new();
    let parts = payloads.iter().flat_map(|payload| &payload.parts);
    let mut seen: Vec<&Part> = Vec::new();
    for part in parts {
        if seen.contains(&part) {
            continue;
        }
        seen.push(part);
        let containing: Vec<_> =
            (0..payloads.len()).filter(|index| payloads[*index].parts.contains(part)).collect();
        if containing.len() < 2 {
            continue;
        }
        match found.iter_mut().find(|shared| shared.payloads == containing) {
            Some(known) => known.parts.push(part.clone()),
            None => found.push(SharedParts { payloads: containing, parts: vec![part.clone()] }),
        }
    }
    let rows = |shared: &SharedParts| {
        shared.parts.iter().filter(|part| matches!(part, Part::Field(_))).count()
    };
    found.retain(|shared| rows(shared) >= MIN_SHARED_ROWS);
    found.sort_by_key(|shared| std::cmp::Reverse(rows(shared) * shared.payloads.len()));
    // Each payload is in one shared section at most, so that a reader has two tables to look at.
    let mut covered = Vec::new();
    found.retain(|shared| {
        let is_free = !shared.payloads.iter().any(|index| covered.contains(index));
        if is_free {
            covered.extend(&shared.payloads);
        }
        is_free
    });
    found
}

impl SharedParts {
    fn title(&self, payloads: &[Payload<'_>]) -> String {
        let events: Vec<_> =
            self.payloads.iter().flat_map(|index| &payloads[*index].events).collect();
        if self.payloads.len() == payloads.len() && events.len() > MAX_NAMED {
            return "Common to every event".to_owned();
        }
        let names: Vec<_> =
            events.iter().map(|source| markdown::code(&source.event.name)).collect();
        format!("Common to {}", markdown::join_with_and(&names))
    }
}

/// Writes the paragraphs before the table of a payload: its events, its sources and its gaps.
fn introduction(provider: &Provider, payload: &Payload<'_>) -> String {
    let events = &payload.events;
    let names: Vec<_> = events.iter().map(|source| markdown::code(&source.event.name)).collect();
    let listed = if names.len() > MAX_NAMED {
        format!("The events {}.", markdown::join_with_and(&names))
    } else {
        String::new()
    };
    let guess = if events[0].event.shape == ShapeConfidence::Guess {
        format!(
            "{} names {} and shows no payload: everything else in the samples of `leadhook` is \
             a guess.",
            markdown::prose(&provider.name),
            if names.len() == 1 { "this event" } else { "these events" },
        )
    } else {
        String::new()
    };
    let mut sources: Vec<(&String, Vec<String>)> = Vec::new();
    for (source, name) in events.iter().zip(&names) {
        let Some(schema) = &source.schema_source else { continue };
        match sources.iter_mut().find(|(known, _)| *known == schema) {
            Some((_, known)) => known.push(name.clone()),
            None => sources.push((schema, vec![name.clone()])),
        }
    }
    let sources = sources.into_iter().map(|(source, names)| {
        let schema = match names.as_slice() {
            [only] => format!("the schema of {only}"),
            _ => "their schemas".to_owned(),
        };
        let source = source.strip_prefix("Source: ").unwrap_or(source);
        format!("> From {schema}: {}", markdown::prose(source))
    });
    let unsets = if payload.empty_unsets {
        "An empty string means \"unset\": it may violate the list, the format or the pattern of \
         its field, but not a minimum length."
    } else {
        ""
    };
    markdown::paragraphs([listed, guess].into_iter().chain(sources).chain([unsets.to_owned()]))
}

/// Returns a reference to the section with the shared parts of a payload.
fn shared_reference(
    common: Option<&SharedParts>,
    payloads: &[Payload<'_>],
    is_all: bool,
) -> String {
    let link = common.map(|shared| {
        let title = shared.title(payloads);
        format!("[{}](#{})", title.replacen("Common", "common", 1), markdown::anchor(&title))
    });
    match (link, is_all) {
        (None, true) => "There are no rules for it.".to_owned(),
        (None, false) => String::new(),
        (Some(link), true) => format!("It contains what is {link}."),
        (Some(link), false) => format!("It contains what is {link}, and:"),
    }
}
