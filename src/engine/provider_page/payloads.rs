//! What the payloads hold: what several events have alike is told once.

use super::markdown;
use crate::domain::finding::Severity;
use crate::domain::provider::EventFacts;
use crate::domain::provider::Provider;
use crate::domain::provider::Shape;
use crate::protocols::schema_outline::Asked;
use crate::protocols::schema_outline::Expected;
use crate::protocols::schema_outline::Field;
use crate::protocols::schema_outline::Presence;
use crate::protocols::schema_outline::Rule;
use crate::protocols::schema_outline::outline;
use crate::protocols::schema_outline::plain;
use crate::providers::pack::Pack;
use crate::providers::pack::PackError;

/// How many rows several payloads must have alike for a table of their own.
const ROWS: usize = 3;

/// How many events a heading names.
const NAMED: usize = 3;

/// How many characters of values a cell holds: a longer list stands below the table.
const CELL: usize = 80;

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

/// One thing to be told of a payload.
#[derive(Clone, PartialEq)]
enum Part {
    /// A place in it.
    Field(Field),
    /// What is asked of it as a whole.
    Whole(Asked),
    /// What is asked under a condition.
    Rule(Rule),
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
        asked.source = None;
        *name = field.sources.pop();
        field.sources.clear();
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

What is asked of a place is an error where it does not hold, or a *(warning)*. `--strict` makes \
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

/// A table of the fields, and below it what a table has no room for.
fn told(parts: &[Part]) -> String {
    let fields: Vec<_> = parts
        .iter()
        .filter_map(|part| if let Part::Field(field) = part { Some(field) } else { None })
        .collect();
    let notes = notes(&fields);
    let rows: Vec<_> = fields.iter().map(|field| row(field, &notes)).collect();
    let heads = ["place", "type", "presence", "what is asked of it", "source"];
    let lists = fields.iter().flat_map(|field| {
        let long = field.asked.iter().filter(|asked| is_long(&asked.expected));
        long.map(|asked| {
            format!("Values of {}: {}.", markdown::code(&field.place), values(&asked.expected))
        })
    });
    let notes = notes
        .iter()
        .enumerate()
        .map(|(index, note)| format!("Note {}: {}", index + 1, markdown::prose(note)));
    let rules = parts.iter().filter_map(|part| match part {
        Part::Field(_) => None,
        Part::Whole(asked) => {
            let source = asked.source.as_deref().map_or_else(String::new, source_in_brackets);
            Some(format!("The body as a whole: {}.{source}", weighed(asked)))
        }
        Part::Rule(rule) => Some(conditional(rule)),
    });
    markdown::paragraphs(
        std::iter::once(markdown::table(&heads, &rows))
            .chain([markdown::bullets(rules)])
            .chain(lists)
            .chain([markdown::bullets(notes)]),
    )
}

/// Long sources of several fields: they are told once, below the table.
fn notes(fields: &[&Field]) -> Vec<String> {
    let all: Vec<_> = fields.iter().flat_map(|field| &field.sources).collect();
    let mut notes: Vec<String> = Vec::new();
    for source in &all {
        let is_long = source.len() > CELL;
        let is_shared = all.iter().filter(|other| *other == source).count() > 1;
        if is_long && is_shared && !notes.contains(source) {
            notes.push((*source).clone());
        }
    }
    notes
}

fn row(field: &Field, notes: &[String]) -> Vec<String> {
    let presence = match field.presence {
        // Whether a list has items is the list's affair.
        Presence::Optional if field.place.ends_with("/*") => "",
        Presence::Optional => "optional",
        Presence::Conditional => "conditional",
        Presence::Required(Severity::Warning) => "expected",
        Presence::Required(Severity::Error) => "required",
    };
    let kind = field.types.as_ref().map_or_else(|| "any".to_owned(), weighed);
    // In a column of types the articles say nothing.
    let kind: Vec<_> = kind.split(' ').filter(|word| !matches!(*word, "a" | "an")).collect();
    let asked: Vec<_> = field.asked.iter().map(weighed).collect();
    vec![
        markdown::code(&field.place),
        kind.join(" "),
        presence.to_owned(),
        asked.join("; "),
        sources(&field.sources, notes),
    ]
}

/// The sources that say more than another one does. What is a note is named by its number.
fn sources(sources: &[String], notes: &[String]) -> String {
    let mut told: Vec<String> = Vec::new();
    for source in sources {
        let note = notes.iter().position(|note| note == source);
        let text = note.map_or_else(|| markdown::prose(source), |n| format!("*Note {}*", n + 1));
        let others = sources.iter().filter(|other| *other != source);
        let says_less = others.into_iter().any(|other| other.starts_with(source.as_str()));
        if !says_less && !told.contains(&text) {
            told.push(text);
        }
    }
    let last = told.len().saturating_sub(1);
    let ended = told.iter().enumerate().map(|(index, source)| {
        let ends = index == last || source.ends_with('.');
        format!("{source}{}", if ends { "" } else { "." })
    });
    ended.collect::<Vec<_>>().join(" ")
}

fn source_in_brackets(source: &str) -> String {
    format!(" *({})*", markdown::prose(source).trim_end_matches('.'))
}

fn weighed(asked: &Asked) -> String {
    let words = if is_long(&asked.expected) {
        let Expected::OneOf(values) = &asked.expected else { return String::new() };
        format!("one of {} values, below", values.len())
    } else {
        words(&asked.expected)
    };
    format!("{words}{}", weight(asked.severity))
}

fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => " *(warning)*",
        Severity::Error => "",
    }
}

fn words(expected: &Expected) -> String {
    match expected {
        Expected::OneOf(list) if list.len() == 1 => values(expected),
        Expected::OneOf(_) => format!("one of {}", values(expected)),
        Expected::Words(words) => markdown::prose(words),
    }
}

fn values(expected: &Expected) -> String {
    match expected {
        Expected::OneOf(values) => {
            values.iter().map(|value| markdown::code(&plain(value))).collect::<Vec<_>>().join(", ")
        }
        Expected::Words(words) => markdown::prose(words),
    }
}

fn is_long(expected: &Expected) -> bool {
    matches!(expected, Expected::OneOf(_)) && values(expected).len() > CELL
}

/// A rule under a condition as one sentence.
fn conditional(rule: &Rule) -> String {
    let when: Vec<_> = rule
        .when
        .iter()
        .map(|condition| {
            let word = if condition.holds { "when" } else { "unless" };
            format!("{word} {}", condition.clauses.join(" and "))
        })
        .collect();
    let mut told: Vec<String> = Vec::new();
    let mut before: &[String] = &[];
    for (places, expected, severity) in &rule.asked {
        let asked = match (expected, severity) {
            (Some(expected), _) => format!("must be {}{}", words(expected), weight(*severity)),
            (None, Severity::Error) => "must be there".to_owned(),
            (None, Severity::Warning) => "should be there".to_owned(),
        };
        if before == places.as_slice() {
            told.push(format!(", and {asked}"));
        } else {
            let gap = if told.is_empty() { "" } else { "; " };
            told.push(format!("{gap}{} {asked}", named(places)));
        }
        before = places;
    }
    let source = match sources(&rule.sources, &[]) {
        said if said.is_empty() => String::new(),
        said => format!(" *({})*", said.trim_end_matches('.')),
    };
    let when = markdown::sentence(&markdown::prose(&when.join(", ")));
    format!("{when}: {}.{source}", told.concat())
}

/// Places as the subject of a sentence.
fn named(places: &[String]) -> String {
    let name = |place: &String| {
        if place.is_empty() { "the body".to_owned() } else { markdown::code(place) }
    };
    markdown::and(&places.iter().map(name).collect::<Vec<_>>())
}
