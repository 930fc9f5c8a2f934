//! What the payloads hold: what several events have alike is told once.

use super::markdown;
use super::parts::{Part, told};
use crate::protocols::schema_outline::{Asked, Expected, Field, outline};
use crate::providers::flaw::PackError;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, Provider, Shape};

/// How many rows several payloads must have alike for a table of their own.
const ROWS: usize = 3;

/// How many events a heading names.
const NAMED: usize = 3;

/// What the payloads of one or several events hold.
pub(super) struct Payload<'p> {
    events: Vec<EventSource<'p>>,
    parts: Vec<Part>,
    empty_unsets: bool,
}

/// An event, and what its schema says of where it comes from.
struct EventSource<'p> {
    event: &'p EventFacts,
    schema: Option<String>,
    /// The same, of the member that names the event.
    name: Option<String>,
}

/// A section: parts that these payloads have alike, as places in a list.
struct Shared {
    payloads: Vec<usize>,
    parts: Vec<Part>,
}

/// Reads what the payload of every event holds. Events with the same are one.
pub(super) fn read(pack: &Pack) -> Result<Vec<Payload<'_>>, PackError> {
    let mut payloads: Vec<Payload<'_>> = Vec::new();
    for event in &pack.provider.events {
        let file = format!("{}.schema.json", event.name);
        let outline = outline(&file, &pack.documents(&event.name)?);
        let mut name = None;
        let mut parts = Vec::new();
        for field in outline.fields {
            if field.place.is_empty() {
                let own = outline.source.as_ref();
                parts.extend(field.asked.into_iter().map(|asked| {
                    // It stands at the head of the section already.
                    let source = asked.source.filter(|source| Some(source) != own);
                    Part::Whole(Asked { source, ..asked })
                }));
            } else {
                parts.push(Part::Field(unnamed(field, &pack.provider, event, &mut name)));
            }
        }
        parts.extend(outline.rules.into_iter().map(Part::Rule));
        let source = EventSource { event, schema: outline.source, name };
        let empty_unsets = outline.empty_unsets;
        let alike = |known: &&mut Payload<'_>| {
            known.parts == parts
                && known.empty_unsets == empty_unsets
                && known.events[0].event.shape == event.shape
        };
        match payloads.iter_mut().find(alike) {
            Some(known) => known.events.push(source),
            None => payloads.push(Payload { events: vec![source], parts, empty_unsets }),
        }
    }
    Ok(payloads)
}

/// The field as every event has it: what it says of one event's name is taken out into `name`.
fn unnamed(
    mut field: Field,
    provider: &Provider,
    event: &EventFacts,
    name: &mut Option<String>,
) -> Field {
    let own = Expected::OneOf(vec![event.name.as_str().into()]);
    if provider.event.pointer.as_ref() == Some(&field.place)
        && let Some(asked) = field.asked.iter_mut().find(|asked| asked.expected == own)
    {
        asked.expected = Expected::Words("the name of the event".to_owned());
        *name = asked.source.take();
        field.sources.retain(|source| Some(source) != name.as_ref());
    }
    field
}

impl Payload<'_> {
    /// What the schema says of an event's name, if this is the payload of that event.
    pub(super) fn named(&self, event: &str) -> Option<&str> {
        let source = self.events.iter().find(|source| source.event.name == event)?;
        Some(source.name.as_deref().unwrap_or_default())
    }

    fn title(&self) -> String {
        let names: Vec<_> =
            self.events.iter().map(|source| markdown::code(&source.event.name)).collect();
        match names.as_slice() {
            [first, others @ ..] if names.len() > NAMED => {
                format!("{first} and {} more", others.len())
            }
            _ => markdown::and(&names),
        }
    }
}

pub(super) fn section(provider: &Provider, payloads: &[Payload<'_>]) -> String {
    let shared = shared(payloads);
    let alike = shared.iter().map(|shared| {
        let title = shared.title(payloads);
        markdown::paragraphs([format!("### {title}"), told(&shared.parts)])
    });
    let own = payloads.iter().enumerate().map(|(index, payload)| {
        let common = shared.iter().find(|shared| shared.payloads.contains(&index));
        let is_own = |part: &&Part| !common.is_some_and(|shared| shared.parts.contains(part));
        let parts: Vec<_> = payload.parts.iter().filter(is_own).cloned().collect();
        markdown::paragraphs([
            format!("### {}", payload.title()),
            introduction(provider, payload),
            beside(common, payloads, parts.is_empty()),
            told(&parts),
        ])
    });
    markdown::paragraphs(
        ["## Payloads".to_owned(), KEY.to_owned()].into_iter().chain(alike).chain(own),
    )
}

const KEY: &str =
    "A place is a JSON Pointer, in which `*` stands for every item of a list or every \
     member of an object. A place is

- *required* where it must be there as soon as the object around it is: an error where it is not;
- *expected* where that is a warning;
- *conditional* where it must be there under a condition that stands below the table;
- *optional* otherwise.

What is asked of a place is an error where it does not hold, or a *(warning)*. Below a table, what \
     *must* hold is an error where it does not, and what *should* is a warning. `--strict` makes \
     errors of all warnings.";

/// What payloads have alike, where it is enough for a table of its own.
fn shared(payloads: &[Payload<'_>]) -> Vec<Shared> {
    let mut found: Vec<Shared> = Vec::new();
    let parts = payloads.iter().flat_map(|payload| &payload.parts);
    let mut seen: Vec<&Part> = Vec::new();
    for part in parts {
        if seen.contains(&part) {
            continue;
        }
        seen.push(part);
        let having: Vec<_> =
            (0..payloads.len()).filter(|index| payloads[*index].parts.contains(part)).collect();
        if having.len() < 2 {
            continue;
        }
        match found.iter_mut().find(|shared| shared.payloads == having) {
            Some(known) => known.parts.push(part.clone()),
            None => found.push(Shared { payloads: having, parts: vec![part.clone()] }),
        }
    }
    let rows =
        |shared: &Shared| shared.parts.iter().filter(|part| matches!(part, Part::Field(_))).count();
    found.retain(|shared| rows(shared) >= ROWS);
    found.sort_by_key(|shared| std::cmp::Reverse(rows(shared) * shared.payloads.len()));
    // A reader should look in two places at most.
    let mut taken = Vec::new();
    found.retain(|shared| {
        let is_free = !shared.payloads.iter().any(|index| taken.contains(index));
        if is_free {
            taken.extend(&shared.payloads);
        }
        is_free
    });
    found
}

impl Shared {
    fn title(&self, payloads: &[Payload<'_>]) -> String {
        let events: Vec<_> =
            self.payloads.iter().flat_map(|index| &payloads[*index].events).collect();
        if self.payloads.len() == payloads.len() && events.len() > NAMED {
            return "Alike in every event".to_owned();
        }
        let names: Vec<_> =
            events.iter().map(|source| markdown::code(&source.event.name)).collect();
        format!("Alike in {}", markdown::and(&names))
    }
}

/// What is to be said of the events before their table.
fn introduction(provider: &Provider, payload: &Payload<'_>) -> String {
    let events = &payload.events;
    let names: Vec<_> = events.iter().map(|source| markdown::code(&source.event.name)).collect();
    let listed = if names.len() > NAMED {
        format!("The events {}.", markdown::and(&names))
    } else {
        String::new()
    };
    let guess = if events[0].event.shape == Shape::Guess {
        format!(
            "{} names {} and shows no payload: what the samples of `leadhook` hold beyond this is \
             a guess.",
            markdown::prose(&provider.name),
            if names.len() == 1 { "this event" } else { "these events" },
        )
    } else {
        String::new()
    };
    let mut sources: Vec<(&String, Vec<String>)> = Vec::new();
    for (source, name) in events.iter().zip(&names) {
        let Some(schema) = &source.schema else { continue };
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
        let said = source.strip_prefix("Source: ").unwrap_or(source);
        format!("> From {schema}: {}", markdown::prose(said))
    });
    let unsets = if payload.empty_unsets {
        "An empty text stands for \"unset\": it may break the list, the format or the pattern of \
         its place, but not a least length."
    } else {
        ""
    };
    markdown::paragraphs([listed, guess].into_iter().chain(sources).chain([unsets.to_owned()]))
}

/// Where the rest of a payload is told.
fn beside(common: Option<&Shared>, payloads: &[Payload<'_>], is_all: bool) -> String {
    let link = common.map(|shared| {
        let title = shared.title(payloads);
        format!("[{}](#{})", title.replacen("Alike", "alike", 1), markdown::anchor(&title))
    });
    match (link, is_all) {
        (None, true) => "Nothing is asked of it.".to_owned(),
        (None, false) => String::new(),
        (Some(link), true) => format!("It holds what is {link}."),
        (Some(link), false) => format!("It holds what is {link}, and:"),
    }
}
