//! The parts of a payload as a table, and below it what a table has no room for.

use super::markdown;
use crate::domain::finding::Severity;
use crate::protocols::schema_outline::{Asked, Expected, Field, Presence, Rule, plain};

/// How many characters of values a cell holds: a longer list stands below the table.
const CELL: usize = 80;

/// How many things that follow from a condition go into one sentence.
const INLINE: usize = 2;

/// One thing to be told of a payload.
#[derive(Clone, PartialEq)]
pub(super) enum Part {
    /// A place in it.
    Field(Field),
    /// What is asked of it as a whole.
    Whole(Asked),
    /// What is asked under a condition.
    Rule(Rule),
}

/// A table of the fields, and below it what a table has no room for.
pub(super) fn told(parts: &[Part]) -> String {
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
        let asked = expected.as_ref().map_or_else(|| "there".to_owned(), words);
        let asked = match severity {
            Severity::Error => format!("must be {asked}"),
            Severity::Warning => format!("should be {asked}"),
        };
        if before == places.as_slice() {
            let last = told.pop().unwrap_or_default();
            told.push(format!("{last}, and {asked}"));
        } else {
            told.push(format!("{} {asked}", named(places)));
        }
        before = places;
    }
    let source = match sources(&rule.sources, &[]) {
        said if said.is_empty() => String::new(),
        said => format!(" *({})*", said.trim_end_matches('.')),
    };
    let when = markdown::sentence(&markdown::prose(&when.join(", ")));
    if told.len() > INLINE {
        let told = told.into_iter().map(|told| format!("\n  - {told}"));
        return format!("{when}:{source}{}", told.collect::<Vec<_>>().concat());
    }
    format!("{when}: {}.{source}", told.join("; "))
}

/// Places as the subject of a sentence.
fn named(places: &[String]) -> String {
    let name = |place: &String| {
        if place.is_empty() { "the body".to_owned() } else { markdown::code(place) }
    };
    markdown::and(&places.iter().map(name).collect::<Vec<_>>())
}
