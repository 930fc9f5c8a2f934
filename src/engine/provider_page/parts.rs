//! The fields and rules of a payload: a table, followed by the rules that do not fit into it.

use super::markdown;
use crate::domain::finding::Severity;
use crate::protocols::schema_outline::{
    ConditionalRule, ExpectedValue, Field, Presence, Requirement, format_unquoted,
};

/// The maximum number of characters of values in a cell: a longer list is placed below the table.
const MAX_CELL: usize = 80;

/// The maximum number of consequences of a condition in one sentence.
const MAX_INLINE_CONSEQUENCES: usize = 2;

/// A part of a payload's description.
#[derive(Clone, PartialEq)]
pub(super) enum Part {
    /// A field.
    Field(Field),
    /// A rule for the body as a whole.
    WholeBody(Requirement),
    /// A rule under a condition.
    Rule(ConditionalRule),
}

/// Writes a table of the fields, followed by long lists of values, rules and notes.
pub(super) fn part_list(parts: &[Part]) -> String {
    let fields: Vec<_> = parts
        .iter()
        .filter_map(|part| if let Part::Field(field) = part { Some(field) } else { None })
        .collect();
    let notes = notes(&fields);
    let rows: Vec<_> = fields.iter().map(|field| row(field, &notes)).collect();
    let heads = ["location", "type", "presence", "rules", "source"];
    let lists = fields.iter().flat_map(|field| {
        let long = field.requirements.iter().filter(|rule| is_long(&rule.expected));
        long.map(|rule| {
            format!("Values of {}: {}.", markdown::code(&field.pointer), values(&rule.expected))
        })
    });
    let notes = notes
        .iter()
        .enumerate()
        .map(|(index, note)| format!("Note {}: {}", index + 1, markdown::prose(note)));
    let rules = parts.iter().filter_map(|part| match part {
        Part::Field(_) => None,
        Part::WholeBody(rule) => {
            let source = rule.source.as_deref().map_or_else(String::new, source_in_brackets);
            Some(format!("The body as a whole: {}.{source}", with_severity(rule)))
        }
        Part::Rule(rule) => Some(conditional_rule(rule)),
    });
    markdown::paragraphs(
        std::iter::once(markdown::table(&heads, &rows))
            .chain([markdown::bullets(rules)])
            .chain(lists)
            .chain([markdown::bullets(notes)]),
    )
}

/// Returns the long sources that several fields share: they become notes below the table.
fn notes(fields: &[&Field]) -> Vec<String> {
    let all: Vec<_> = fields.iter().flat_map(|field| &field.sources).collect();
    let mut notes: Vec<String> = Vec::new();
    for source in &all {
        let is_long = source.len() > MAX_CELL;
        let is_shared = all.iter().filter(|other| *other == source).count() > 1;
        if is_long && is_shared && !notes.contains(source) {
            notes.push((*source).clone());
        }
    }
    notes
}

/// Returns the cells of one field.
fn row(field: &Field, notes: &[String]) -> Vec<String> {
    let presence = match field.presence {
        // The rule for the list decides whether it has items.
        Presence::Optional if field.pointer.ends_with("/*") => "",
        presence => presence.name(),
    };
    let kind = field.types.as_ref().map_or_else(|| "any".to_owned(), with_severity);
    // A column of types needs no articles.
    let kind: Vec<_> = kind.split(' ').filter(|word| !matches!(*word, "a" | "an")).collect();
    let rules: Vec<_> = field.requirements.iter().map(with_severity).collect();
    vec![
        markdown::code(&field.pointer),
        kind.join(" "),
        presence.to_owned(),
        rules.join("; "),
        sources(&field.sources, notes),
    ]
}

/// Formats the sources, except those that are the beginning of another one. A note is referenced by
/// its number.
fn sources(sources: &[String], notes: &[String]) -> String {
    let mut sentences: Vec<String> = Vec::new();
    for source in sources {
        let note = notes.iter().position(|note| note == source);
        let text = note.map_or_else(|| markdown::prose(source), |n| format!("*Note {}*", n + 1));
        let others = sources.iter().filter(|other| *other != source);
        let is_prefix = others.into_iter().any(|other| other.starts_with(source.as_str()));
        if !is_prefix && !sentences.contains(&text) {
            sentences.push(text);
        }
    }
    let last = sentences.len().saturating_sub(1);
    let ended = sentences.iter().enumerate().map(|(index, source)| {
        let is_complete = index == last || source.ends_with('.');
        format!("{source}{}", if is_complete { "" } else { "." })
    });
    ended.collect::<Vec<_>>().join(" ")
}

fn source_in_brackets(source: &str) -> String {
    format!(" *({})*", markdown::prose(source).trim_end_matches('.'))
}

/// Describes a requirement and its severity.
fn with_severity(rule: &Requirement) -> String {
    let expected = if is_long(&rule.expected) {
        let ExpectedValue::OneOf(values) = &rule.expected else { return String::new() };
        format!("one of {} values, below", values.len())
    } else {
        describe(&rule.expected)
    };
    format!("{expected}{}", severity_mark(rule.severity))
}

fn severity_mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => " *(warning)*",
        Severity::Error => "",
    }
}

fn describe(expected: &ExpectedValue) -> String {
    match expected {
        ExpectedValue::OneOf(list) if list.len() == 1 => values(expected),
        ExpectedValue::OneOf(_) => format!("one of {}", values(expected)),
        ExpectedValue::Description(words) => markdown::prose(words),
    }
}

fn values(expected: &ExpectedValue) -> String {
    match expected {
        ExpectedValue::OneOf(values) => values
            .iter()
            .map(|value| markdown::code(&format_unquoted(value)))
            .collect::<Vec<_>>()
            .join(", "),
        ExpectedValue::Description(words) => markdown::prose(words),
    }
}

fn is_long(expected: &ExpectedValue) -> bool {
    matches!(expected, ExpectedValue::OneOf(_)) && values(expected).len() > MAX_CELL
}

/// Writes a rule under a condition as one sentence.
fn conditional_rule(rule: &ConditionalRule) -> String {
    let conditions: Vec<_> = rule
        .conditions
        .iter()
        .map(|condition| {
            let word = if condition.applies_if_true { "when" } else { "unless" };
            format!("{word} {}", condition.clauses.join(" and "))
        })
        .collect();
    let mut sentences: Vec<String> = Vec::new();
    let mut previous: &[String] = &[];
    for (locations, expected, severity) in &rule.requirements {
        let predicate = expected.as_ref().map_or_else(|| "present".to_owned(), describe);
        let predicate = match severity {
            Severity::Error => format!("must be {predicate}"),
            Severity::Warning => format!("should be {predicate}"),
        };
        // Consequences for the same locations share their subject.
        if previous == locations.as_slice() {
            let last = sentences.pop().unwrap_or_default();
            sentences.push(format!("{last}, and {predicate}"));
        } else {
            sentences.push(format!("{} {predicate}", join_locations(locations)));
        }
        previous = locations;
    }
    let source = match sources(&rule.sources, &[]) {
        text if text.is_empty() => String::new(),
        text => format!(" *({})*", text.trim_end_matches('.')),
    };
    let condition = markdown::capitalize(&markdown::prose(&conditions.join(", ")));
    if sentences.len() > MAX_INLINE_CONSEQUENCES {
        let sentences = sentences.into_iter().map(|sentence| format!("\n  - {sentence}"));
        return format!("{condition}:{source}{}", sentences.collect::<Vec<_>>().concat());
    }
    format!("{condition}: {}.{source}", sentences.join("; "))
}

/// Writes locations as the subject of a sentence.
fn join_locations(locations: &[String]) -> String {
    let name = |location: &String| {
        if location.is_empty() { "the body".to_owned() } else { markdown::code(location) }
    };
    markdown::join_with_and(&locations.iter().map(name).collect::<Vec<_>>())
}
