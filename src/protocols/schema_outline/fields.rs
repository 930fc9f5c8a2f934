//! What a payload of one event holds: every place, and what is asked of it.

use super::assertions::{assertions, source};
use super::sentences;
use super::sentences::{Condition, Expected, asked};
use super::walk::{Again, Reach, Step, Walk};
use crate::domain::finding::Severity;
use crate::domain::pointer;
use crate::protocols::schema::severity;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a payload of one event holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What the schema says of itself.
    pub source: Option<String>,
    /// Whether an empty text stands for "unset", and may be of any form.
    pub empty_unsets: bool,
    /// Every place that a schema speaks of, the whole body first, each before what is inside it.
    pub fields: Vec<Field>,
    /// What is asked under a condition.
    pub rules: Vec<Rule>,
}

/// A place of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// A JSON Pointer, where `*` stands for every item or every other member.
    pub place: String,
    /// Whether it must be there.
    pub presence: Presence,
    /// The types that it may have; nothing where any will do.
    pub types: Option<Asked>,
    /// What else is asked of it.
    pub asked: Vec<Asked>,
    /// What the schemas say of it, with where they have it from.
    pub sources: Vec<String>,
}

/// Whether a place must be there. A later one is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Presence {
    /// It may be left out.
    Optional,
    /// It must be there under a condition.
    Conditional,
    /// It must be there wherever the object around it is: how much it weighs when it is not.
    Required(Severity),
}

/// One thing that is asked of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What is asked.
    pub expected: Expected,
    /// How much breaking it weighs.
    pub severity: Severity,
    /// Where it comes from, if that is said beside it.
    pub source: Option<String>,
}

/// What is asked under conditions that hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The conditions.
    pub when: Vec<Condition>,
    /// Places, and what is asked of each of them; nothing but to be there where that is absent.
    pub asked: Vec<(Vec<String>, Option<Expected>, Severity)>,
    /// Where it comes from.
    pub sources: Vec<String>,
}

/// What the schema called `file` asks of a payload, which may refer to any of the `documents`.
#[must_use]
pub fn outline(file: &str, documents: &BTreeMap<String, Value>) -> Outline {
    let mut walk = Walk::new(documents, Again::Outside);
    walk.enter(file);
    let mut sketch =
        Sketch { documents, places: BTreeMap::new(), fields: Vec::new(), rules: Vec::new() };
    walk.steps.iter().for_each(|step| sketch.take(step));
    walk.steps.iter().for_each(|step| sketch.require(step));
    let root = documents.get(file).and_then(Value::as_object);
    let empty_unsets =
        root.is_some_and(|root| root.get("x-empty-unsets") == Some(&Value::Bool(true)));
    let (fields, rules) = sketch.in_order();
    Outline { source: source(root), empty_unsets, fields, rules }
}

struct Sketch<'d> {
    documents: &'d BTreeMap<String, Value>,
    /// Where in `fields` a place stands.
    places: BTreeMap<String, usize>,
    fields: Vec<Field>,
    rules: Vec<Rule>,
}

impl Sketch<'_> {
    /// Notes what a schema says of its own place.
    fn take(&mut self, step: &Step<'_>) {
        let place = match (step.schema.schema, step.reach) {
            // `false` speaks of the object or list that has no such part.
            (
                Value::Bool(false),
                Some(Reach::OtherMembers | Reach::Patterns | Reach::OtherItems),
            ) => step.place.rsplit_once('/').map_or("", |(parent, _)| parent),
            _ => &step.place,
        };
        let asked = self.asked_by(step);
        if !step.when.is_empty() {
            for (_, asked) in asked {
                self.rule(step, place, asked);
            }
            return;
        }
        let field = self.field(place);
        // What is said beside a rule about other places is not said of this one.
        if let Value::Object(members) = step.schema.schema
            && !only_requires(members)
            && !members.contains_key("if")
            && let Some(source) = source(Some(members))
            && !field.sources.contains(&source)
        {
            field.sources.push(source);
        }
        for (keyword, asked) in asked {
            let same = |known: &Asked| known.expected == asked.expected;
            if keyword == "type" && field.types.as_ref().is_none_or(same) {
                let known = field.types.get_or_insert_with(|| asked.clone());
                known.severity = known.severity.max(asked.severity);
            } else if let Some(known) = field.asked.iter_mut().find(|known| same(known)) {
                known.severity = known.severity.max(asked.severity);
            } else {
                field.asked.push(asked);
            }
        }
    }

    /// What a schema asks of its place, by keyword.
    fn asked_by(&self, step: &Step<'_>) -> Vec<(String, Asked)> {
        match step.schema.schema {
            Value::Object(members) => {
                let told = |keyword: &str, expected| Asked {
                    expected,
                    severity: severity(Some(members), keyword),
                    source: source(Some(members)),
                };
                let mut all: Vec<_> = assertions(members)
                    .filter(|(keyword, _)| !matches!(*keyword, "required" | "dependentRequired"))
                    .filter_map(|(keyword, _)| {
                        let expected = asked(self.documents, &step.schema, keyword)?;
                        Some((keyword.to_owned(), told(keyword, expected)))
                    })
                    .collect();
                if let Some(words) = kind(members, &all) {
                    all.push(("x-expected".to_owned(), told("type", words)));
                }
                all
            }
            Value::Bool(false) => {
                let (around, keyword) = step.schema.around(self.documents);
                let words = match step.reach {
                    Some(Reach::OtherMembers) => "no members but those named".to_owned(),
                    Some(Reach::Patterns) => format!("no members whose name matches `{keyword}`"),
                    Some(Reach::OtherItems) => "no more items".to_owned(),
                    _ => "never there".to_owned(),
                };
                let severity = severity(around, keyword);
                let source = source(around);
                let asked = Asked { expected: Expected::Words(words), severity, source };
                vec![(keyword.to_owned(), asked)]
            }
            _ => Vec::new(),
        }
    }

    /// Notes which members of its place a schema wants to be there.
    fn require(&mut self, step: &Step<'_>) {
        let Value::Object(members) = step.schema.schema else { return };
        let names = |value: &Value| -> Vec<String> {
            let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            names.map(|name| format!("{}/{}", step.place, pointer::escape(name))).collect()
        };
        if let Some(wanted) = members.get("required").map(names) {
            let weight = severity(Some(members), "required");
            if step.when.is_empty() {
                for place in &wanted {
                    let field = self.field(place);
                    field.presence = field.presence.max(Presence::Required(weight));
                    if only_requires(members) {
                        field.sources.extend(source(Some(members)));
                    }
                }
            } else {
                self.require_when(step.when.clone(), wanted, weight, source(Some(members)));
            }
        }
        let by_member = members.get("dependentRequired").and_then(Value::as_object);
        for (name, value) in by_member.into_iter().flatten() {
            let present = Condition::present(&step.place, name, None);
            let when = step.when.iter().cloned().chain([present]).collect();
            let weight = severity(Some(members), "dependentRequired");
            self.require_when(when, names(value), weight, source(Some(members)));
        }
    }

    fn require_when(
        &mut self,
        when: Vec<Condition>,
        wanted: Vec<String>,
        severity: Severity,
        source: Option<String>,
    ) {
        for place in &wanted {
            let field = self.field(place);
            field.presence = field.presence.max(Presence::Conditional);
        }
        let rule = self.rule_of(when);
        rule.sources.extend(source);
        rule.asked.insert(0, (wanted, None, severity));
    }

    /// Notes what is asked of a place under a condition.
    fn rule(&mut self, step: &Step<'_>, place: &str, asked: Asked) {
        let same = format!("`{place}` is {}", asked.expected);
        if step.when.iter().any(|when| when.holds && when.clauses.contains(&same)) {
            return;
        }
        let rule = self.rule_of(step.when.clone());
        rule.sources.extend(asked.source);
        let same = rule.asked.iter_mut().find(|(_, expected, severity)| {
            expected.as_ref() == Some(&asked.expected) && *severity == asked.severity
        });
        match same {
            Some((places, _, _)) => places.push(place.to_owned()),
            None => rule.asked.push((vec![place.to_owned()], Some(asked.expected), asked.severity)),
        }
    }

    fn rule_of(&mut self, when: Vec<Condition>) -> &mut Rule {
        let known = self.rules.iter().position(|rule| rule.when == when);
        let at = known.unwrap_or_else(|| {
            let sources = when.iter().filter_map(|condition| condition.source.clone()).collect();
            self.rules.push(Rule { when, asked: Vec::new(), sources });
            self.rules.len() - 1
        });
        &mut self.rules[at]
    }

    fn field(&mut self, place: &str) -> &mut Field {
        let at = *self.places.entry(place.to_owned()).or_insert(self.fields.len());
        if at == self.fields.len() {
            self.fields.push(Field {
                place: place.to_owned(),
                presence: Presence::Optional,
                types: None,
                asked: Vec::new(),
                sources: Vec::new(),
            });
        }
        &mut self.fields[at]
    }

    /// The fields in the order in which they were named first, each before what is inside it.
    fn in_order(mut self) -> (Vec<Field>, Vec<Rule>) {
        let mut ranks: Vec<_> = self.fields.iter().map(|field| self.rank(&field.place)).collect();
        let mut fields: Vec<_> = ranks.drain(..).zip(self.fields.drain(..)).collect();
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        (fields.into_iter().map(|(_, field)| typed(field)).collect(), self.rules)
    }

    /// Where a place stands among its siblings, and the objects around it among theirs.
    fn rank(&self, place: &str) -> Vec<usize> {
        let ends = place.match_indices('/').map(|(end, _)| end).skip(1).chain([place.len()]);
        ends.map(|end| self.places.get(&place[..end]).copied().unwrap_or(usize::MAX)).collect()
    }
}

/// What a type is wanted for, where the schema says so and no other keyword tells it.
fn kind(members: &Map<String, Value>, all: &[(String, Asked)]) -> Option<Expected> {
    let words = members.get("x-expected").and_then(Value::as_str)?;
    let (_, types) = all.iter().find(|(keyword, _)| keyword == "type")?;
    let is_more = !types.expected.to_string().starts_with(words);
    let expected = Expected::Words(words.to_owned());
    let is_new = !all.iter().any(|(_, asked)| asked.expected == expected);
    (is_more && is_new).then_some(expected)
}

/// Whether a schema says which members must be there and nothing of the object itself.
fn only_requires(members: &Map<String, Value>) -> bool {
    members.contains_key("required")
        && members.keys().all(|keyword| {
            matches!(keyword.as_str(), "required" | "$comment" | "title")
                || keyword.starts_with("x-")
        })
}

/// The same field, with the types of the values it may have where nothing else tells its types.
fn typed(mut field: Field) -> Field {
    if field.types.is_none() {
        field.types = field.asked.iter().find_map(|asked| {
            let Expected::OneOf(values) = &asked.expected else { return None };
            let words = Expected::Words(sentences::types_of(values));
            Some(Asked { expected: words, severity: asked.severity, source: None })
        });
    }
    field
}

#[cfg(test)]
mod tests;
