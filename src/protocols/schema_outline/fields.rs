//! Outlines the payload of one event: every field and the requirements on it.
//!
//! The schemas are traversed twice. The first pass creates the fields, so that the second, which
//! marks required fields, keeps the order in which the schemas describe them.

use super::assertions::{assertions, source};
use super::sentences;
use super::sentences::{Condition, ExpectedValue, asked};
use super::walk::{Again, Reach, Step, Walk};
use crate::domain::finding::Severity;
use crate::domain::pointer;
use crate::protocols::schema::severity;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The outline of the payload of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The source of the schema as a whole.
    pub source: Option<String>,
    /// `true` if an empty string means "unset", and is exempt from format rules.
    pub empty_unsets: bool,
    /// Every field that a schema describes, the whole body first, parents before children.
    pub fields: Vec<Field>,
    /// The requirements that apply under a condition.
    pub rules: Vec<Rule>,
}

/// A field of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// A JSON Pointer, where `*` stands for every item or every other field.
    pub place: String,
    /// The requirement that the field is present.
    pub presence: Presence,
    /// The types that it may have, or `None` for any type.
    pub types: Option<Requirement>,
    /// Further requirements.
    pub asked: Vec<Requirement>,
    /// The sources that the schemas name for it.
    pub sources: Vec<String>,
}

/// The requirement that a field is present. A later variant is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Presence {
    /// It may be left out.
    Optional,
    /// It is required under a condition.
    Conditional,
    /// It is required wherever its object is present; the severity applies if it is missing.
    Required(Severity),
}

/// One requirement on a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The requirement.
    pub expected: ExpectedValue,
    /// The severity of a violation.
    pub severity: Severity,
    /// The source, if the schema names one.
    pub source: Option<String>,
}

/// The requirements that apply if several conditions are met together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The conditions.
    pub when: Vec<Condition>,
    /// Fields and the requirement on each of them; `None` if they only need to be present.
    pub asked: Vec<(Vec<String>, Option<ExpectedValue>, Severity)>,
    /// The sources of the rule.
    pub sources: Vec<String>,
}

/// Outlines the payload that the schema called `file` describes; it may refer to all `documents`.
#[must_use]
pub fn outline(file: &str, documents: &BTreeMap<String, Value>) -> Outline {
    let mut walk = Walk::new(documents, Again::Outside);
    walk.enter(file);
    let mut outline = OutlineBuilder {
        documents,
        places: BTreeMap::new(),
        fields: Vec::new(),
        rules: Vec::new(),
    };
    walk.steps.iter().for_each(|step| outline.take(step));
    walk.steps.iter().for_each(|step| outline.require(step));
    let root = documents.get(file).and_then(Value::as_object);
    let empty_unsets =
        root.is_some_and(|root| root.get("x-empty-unsets") == Some(&Value::Bool(true)));
    let (fields, rules) = outline.in_order();
    Outline { source: source(root), empty_unsets, fields, rules }
}

struct OutlineBuilder<'d> {
    documents: &'d BTreeMap<String, Value>,
    /// The index in `fields` by pointer.
    places: BTreeMap<String, usize>,
    fields: Vec<Field>,
    rules: Vec<Rule>,
}

impl OutlineBuilder<'_> {
    /// Records the requirements of a schema on the value that it applies to.
    fn take(&mut self, step: &Step<'_>) {
        let place = match (step.schema.schema, step.reach) {
            // `false` is a requirement on the object or list that must not have such a part.
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
        // The comment of a rule about other fields is no source of this one.
        if let Value::Object(members) = step.schema.schema
            && !only_requires(members)
            && !members.contains_key("if")
            && let Some(source) = source(Some(members))
            && !field.sources.contains(&source)
        {
            field.sources.push(source);
        }
        for (keyword, asked) in asked {
            let same = |known: &Requirement| known.expected == asked.expected;
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

    /// Returns the requirements of a schema by keyword.
    fn asked_by(&self, step: &Step<'_>) -> Vec<(String, Requirement)> {
        match step.schema.schema {
            Value::Object(members) => {
                let asked_for = |keyword: &str, expected| Requirement {
                    expected,
                    severity: severity(Some(members), keyword),
                    source: source(Some(members)),
                };
                let mut all: Vec<_> = assertions(members)
                    .filter(|(keyword, _)| !matches!(*keyword, "required" | "dependentRequired"))
                    .filter_map(|(keyword, _)| {
                        let expected = asked(self.documents, &step.schema, keyword)?;
                        Some((keyword.to_owned(), asked_for(keyword, expected)))
                    })
                    .collect();
                if let Some(words) = kind(members, &all) {
                    all.push(("x-expected".to_owned(), asked_for("type", words)));
                }
                all
            }
            Value::Bool(false) => {
                let (around, keyword) = step.schema.around(self.documents);
                let words = match step.reach {
                    Some(Reach::OtherMembers) => "no fields but those named".to_owned(),
                    Some(Reach::Patterns) => format!("no fields whose name matches `{keyword}`"),
                    Some(Reach::OtherItems) => "no more items".to_owned(),
                    _ => "never there".to_owned(),
                };
                let severity = severity(around, keyword);
                let source = source(around);
                let asked = Requirement { expected: ExpectedValue::Words(words), severity, source };
                vec![(keyword.to_owned(), asked)]
            }
            _ => Vec::new(),
        }
    }

    /// Records the fields that a schema requires.
    fn require(&mut self, step: &Step<'_>) {
        let Value::Object(members) = step.schema.schema else { return };
        let names = |value: &Value| -> Vec<String> {
            let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            names.map(|name| format!("{}/{}", step.place, pointer::escape(name))).collect()
        };
        if let Some(wanted) = members.get("required").map(names) {
            let severity = severity(Some(members), "required");
            if step.when.is_empty() {
                for place in &wanted {
                    let field = self.field(place);
                    field.presence = field.presence.max(Presence::Required(severity));
                    if only_requires(members) {
                        field.sources.extend(source(Some(members)));
                    }
                }
            } else {
                self.require_when(step.when.clone(), wanted, severity, source(Some(members)));
            }
        }
        let by_field = members.get("dependentRequired").and_then(Value::as_object);
        for (name, value) in by_field.into_iter().flatten() {
            let present = Condition::present(&step.place, name, None);
            let when = step.when.iter().cloned().chain([present]).collect();
            let severity = severity(Some(members), "dependentRequired");
            self.require_when(when, names(value), severity, source(Some(members)));
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

    /// Records a requirement that applies under a condition.
    fn rule(&mut self, step: &Step<'_>, place: &str, asked: Requirement) {
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

    /// Returns the fields in the order of their first mention, parents before children.
    fn in_order(mut self) -> (Vec<Field>, Vec<Rule>) {
        let mut ranks: Vec<_> = self.fields.iter().map(|field| self.rank(&field.place)).collect();
        let mut fields: Vec<_> = ranks.drain(..).zip(self.fields.drain(..)).collect();
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        (fields.into_iter().map(|(_, field)| typed(field)).collect(), self.rules)
    }

    /// Returns the sort key of a field: the position of each of its ancestors, then its own.
    fn rank(&self, place: &str) -> Vec<usize> {
        let ends = place.match_indices('/').map(|(end, _)| end).skip(1).chain([place.len()]);
        ends.map(|end| self.places.get(&place[..end]).copied().unwrap_or(usize::MAX)).collect()
    }
}

/// Returns the `x-expected` of a type, if no other keyword covers it.
fn kind(members: &Map<String, Value>, all: &[(String, Requirement)]) -> Option<ExpectedValue> {
    let words = members.get("x-expected").and_then(Value::as_str)?;
    let (_, types) = all.iter().find(|(keyword, _)| keyword == "type")?;
    let is_more = !types.expected.to_string().starts_with(words);
    let expected = ExpectedValue::Words(words.to_owned());
    let is_new = !all.iter().any(|(_, asked)| asked.expected == expected);
    (is_more && is_new).then_some(expected)
}

/// Returns `true` if a schema only lists required fields and says nothing of the object itself.
fn only_requires(members: &Map<String, Value>) -> bool {
    members.contains_key("required")
        && members.keys().all(|keyword| {
            matches!(keyword.as_str(), "required" | "$comment" | "title")
                || keyword.starts_with("x-")
        })
}

/// Returns the field with its types derived from the allowed values, if it has none.
fn typed(mut field: Field) -> Field {
    if field.types.is_none() {
        field.types = field.asked.iter().find_map(|asked| {
            let ExpectedValue::OneOf(values) = &asked.expected else { return None };
            let words = ExpectedValue::Words(sentences::types_of(values));
            Some(Requirement { expected: words, severity: asked.severity, source: None })
        });
    }
    field
}

#[cfg(test)]
mod tests;
