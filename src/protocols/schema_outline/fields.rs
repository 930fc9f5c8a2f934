//! Outlines the payload of one event: every field and the requirements on it.
//!
//! The schemas are processed twice. The first pass creates the fields, so that the second, which
//! marks required fields, keeps the order in which the schemas describe them.

use super::assertions::{assertions, source};
use super::descriptions;
use super::descriptions::{Condition, ExpectedValue, expected_value};
use super::walk::{AppliesTo, Revisit, Step, Walk};
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
    pub rules: Vec<ConditionalRule>,
}

/// A field of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// A JSON Pointer, where `*` stands for every item or every other field.
    pub pointer: String,
    /// The requirement that the field is present.
    pub presence: Presence,
    /// The types that it may have, or `None` for any type.
    pub types: Option<Requirement>,
    /// Further requirements.
    pub requirements: Vec<Requirement>,
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

impl Presence {
    /// Returns the word for it in references.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Conditional => "conditional",
            Self::Required(Severity::Warning) => "expected",
            Self::Required(Severity::Error) => "required",
        }
    }
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
pub struct ConditionalRule {
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// The pointers of fields, the requirement on each of them, and its severity. `None` instead of
    /// a requirement means that the fields must be present.
    pub requirements: Vec<(Vec<String>, Option<ExpectedValue>, Severity)>,
    /// The sources of the rule.
    pub sources: Vec<String>,
}

/// Outlines the payload that the schema called `file` describes; it may refer to all `documents`.
#[must_use]
pub fn outline(file: &str, documents: &BTreeMap<String, Value>) -> Outline {
    let mut walk = Walk::new(documents, Revisit::UnlessNested);
    walk.visit_root(file);
    let mut builder = OutlineBuilder {
        documents,
        indices: BTreeMap::new(),
        fields: Vec::new(),
        rules: Vec::new(),
    };
    walk.steps.iter().for_each(|step| builder.add_requirements(step));
    walk.steps.iter().for_each(|step| builder.add_required_fields(step));
    let root = documents.get(file).and_then(Value::as_object);
    let empty_unsets =
        root.is_some_and(|root| root.get("x-empty-unsets") == Some(&Value::Bool(true)));
    let (fields, rules) = builder.finish();
    Outline { source: source(root), empty_unsets, fields, rules }
}

struct OutlineBuilder<'d> {
    documents: &'d BTreeMap<String, Value>,
    /// The index in `fields` by pointer.
    indices: BTreeMap<String, usize>,
    fields: Vec<Field>,
    rules: Vec<ConditionalRule>,
}

impl OutlineBuilder<'_> {
    /// Records the requirements of a schema on the value that it applies to.
    fn add_requirements(&mut self, step: &Step<'_>) {
        let pointer = match (step.schema.schema, step.applies_to) {
            // `false` is a requirement on the object or list that must not have such a part.
            (
                Value::Bool(false),
                Some(AppliesTo::OtherFields | AppliesTo::MatchingFields | AppliesTo::OtherItems),
            ) => step.payload_pointer.rsplit_once('/').map_or("", |(parent, _)| parent),
            _ => &step.payload_pointer,
        };
        let requirements = self.requirements_of(step);
        if !step.conditions.is_empty() {
            for (_, requirement) in requirements {
                self.add_conditional_requirement(step, pointer, requirement);
            }
            return;
        }
        let field = self.field_at(pointer);
        // The comment of a rule about other fields is no source of this one.
        if let Value::Object(keywords) = step.schema.schema
            && !only_requires(keywords)
            && !keywords.contains_key("if")
            && let Some(source) = source(Some(keywords))
            && !field.sources.contains(&source)
        {
            field.sources.push(source);
        }
        for (keyword, requirement) in requirements {
            // Schemas that expect the same value make one requirement, of the higher severity.
            let is_same = |known: &Requirement| known.expected == requirement.expected;
            if keyword == "type" && field.types.as_ref().is_none_or(is_same) {
                let known = field.types.get_or_insert_with(|| requirement.clone());
                known.severity = known.severity.max(requirement.severity);
            } else if let Some(known) = field.requirements.iter_mut().find(|known| is_same(known)) {
                known.severity = known.severity.max(requirement.severity);
            } else {
                field.requirements.push(requirement);
            }
        }
    }

    /// Returns the requirements of a schema by keyword.
    fn requirements_of(&self, step: &Step<'_>) -> Vec<(String, Requirement)> {
        match step.schema.schema {
            Value::Object(keywords) => {
                let requirement = |keyword: &str, expected| Requirement {
                    expected,
                    severity: severity(Some(keywords), keyword),
                    source: source(Some(keywords)),
                };
                let mut all: Vec<_> = assertions(keywords)
                    .filter(|(keyword, _)| !matches!(*keyword, "required" | "dependentRequired"))
                    .filter_map(|(keyword, _)| {
                        let expected = expected_value(self.documents, &step.schema, keyword)?;
                        Some((keyword.to_owned(), requirement(keyword, expected)))
                    })
                    .collect();
                if let Some(expected) = custom_expectation(keywords, &all) {
                    all.push(("x-expected".to_owned(), requirement("type", expected)));
                }
                all
            }
            Value::Bool(false) => {
                let (parent, keyword) = step.schema.parent_and_key(self.documents);
                let description = match step.applies_to {
                    Some(AppliesTo::OtherFields) => "no fields other than those listed".to_owned(),
                    Some(AppliesTo::MatchingFields) => {
                        format!("no fields whose name matches `{keyword}`")
                    }
                    Some(AppliesTo::OtherItems) => "no further items".to_owned(),
                    _ => "absent".to_owned(),
                };
                let requirement = Requirement {
                    expected: ExpectedValue::Description(description),
                    severity: severity(parent, keyword),
                    source: source(parent),
                };
                vec![(keyword.to_owned(), requirement)]
            }
            _ => Vec::new(),
        }
    }

    /// Records the fields that a schema requires.
    fn add_required_fields(&mut self, step: &Step<'_>) {
        let Value::Object(keywords) = step.schema.schema else { return };
        let pointers = |value: &Value| -> Vec<String> {
            let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            names
                .map(|name| format!("{}/{}", step.payload_pointer, pointer::escape(name)))
                .collect()
        };
        if let Some(required) = keywords.get("required").map(pointers) {
            let severity = severity(Some(keywords), "required");
            if step.conditions.is_empty() {
                for pointer in &required {
                    let field = self.field_at(pointer);
                    field.presence = field.presence.max(Presence::Required(severity));
                    if only_requires(keywords) {
                        field.sources.extend(source(Some(keywords)));
                    }
                }
            } else {
                self.require_conditionally(
                    step.conditions.clone(),
                    required,
                    severity,
                    source(Some(keywords)),
                );
            }
        }
        let by_field = keywords.get("dependentRequired").and_then(Value::as_object);
        for (name, value) in by_field.into_iter().flatten() {
            let is_present = Condition::field_present(&step.payload_pointer, name, None);
            let conditions = step.conditions.iter().cloned().chain([is_present]).collect();
            let severity = severity(Some(keywords), "dependentRequired");
            self.require_conditionally(
                conditions,
                pointers(value),
                severity,
                source(Some(keywords)),
            );
        }
    }

    fn require_conditionally(
        &mut self,
        conditions: Vec<Condition>,
        required: Vec<String>,
        severity: Severity,
        source: Option<String>,
    ) {
        for pointer in &required {
            let field = self.field_at(pointer);
            field.presence = field.presence.max(Presence::Conditional);
        }
        let rule = self.rule_for(conditions);
        rule.sources.extend(source);
        // That a field is present comes before the requirements on its value.
        rule.requirements.insert(0, (required, None, severity));
    }

    /// Records a requirement that applies under a condition.
    fn add_conditional_requirement(
        &mut self,
        step: &Step<'_>,
        pointer: &str,
        requirement: Requirement,
    ) {
        let Requirement { expected, severity, source } = requirement;
        // A condition that says the same makes the requirement redundant.
        let clause = format!("`{pointer}` is {expected}");
        if step
            .conditions
            .iter()
            .any(|condition| condition.applies_if_true && condition.clauses.contains(&clause))
        {
            return;
        }
        let rule = self.rule_for(step.conditions.clone());
        rule.sources.extend(source);
        let known = rule.requirements.iter_mut().find(|(_, known, known_severity)| {
            known.as_ref() == Some(&expected) && *known_severity == severity
        });
        match known {
            Some((pointers, _, _)) => pointers.push(pointer.to_owned()),
            None => rule.requirements.push((vec![pointer.to_owned()], Some(expected), severity)),
        }
    }

    /// Returns the rule with these conditions, which it adds if there is none.
    fn rule_for(&mut self, conditions: Vec<Condition>) -> &mut ConditionalRule {
        let known = self.rules.iter().position(|rule| rule.conditions == conditions);
        let index = known.unwrap_or_else(|| {
            let sources =
                conditions.iter().filter_map(|condition| condition.source.clone()).collect();
            self.rules.push(ConditionalRule { conditions, requirements: Vec::new(), sources });
            self.rules.len() - 1
        });
        &mut self.rules[index]
    }

    /// Returns the field at a pointer, which it adds if there is none.
    fn field_at(&mut self, pointer: &str) -> &mut Field {
        let index = *self.indices.entry(pointer.to_owned()).or_insert(self.fields.len());
        if index == self.fields.len() {
            self.fields.push(Field {
                pointer: pointer.to_owned(),
                presence: Presence::Optional,
                types: None,
                requirements: Vec::new(),
                sources: Vec::new(),
            });
        }
        &mut self.fields[index]
    }

    /// Returns the fields in the order of their first mention, parents before children.
    fn finish(mut self) -> (Vec<Field>, Vec<ConditionalRule>) {
        let mut keys: Vec<_> =
            self.fields.iter().map(|field| self.sort_key(&field.pointer)).collect();
        let mut fields: Vec<_> = keys.drain(..).zip(self.fields.drain(..)).collect();
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        (fields.into_iter().map(|(_, field)| with_derived_types(field)).collect(), self.rules)
    }

    /// Returns the sort key of a field: the position of each of its ancestors, then its own.
    fn sort_key(&self, pointer: &str) -> Vec<usize> {
        let ends = pointer.match_indices('/').map(|(end, _)| end).skip(1).chain([pointer.len()]);
        ends.map(|end| self.indices.get(&pointer[..end]).copied().unwrap_or(usize::MAX)).collect()
    }
}

/// Returns the `x-expected` of a type, if no other keyword covers it.
fn custom_expectation(
    keywords: &Map<String, Value>,
    requirements: &[(String, Requirement)],
) -> Option<ExpectedValue> {
    let custom = keywords.get("x-expected").and_then(Value::as_str)?;
    let (_, types) = requirements.iter().find(|(keyword, _)| keyword == "type")?;
    let is_more_precise = !types.expected.to_string().starts_with(custom);
    let expected = ExpectedValue::Description(custom.to_owned());
    let is_new = !requirements.iter().any(|(_, requirement)| requirement.expected == expected);
    (is_more_precise && is_new).then_some(expected)
}

/// Returns `true` if a schema only lists required fields, with no other rule for the object.
fn only_requires(keywords: &Map<String, Value>) -> bool {
    keywords.contains_key("required")
        && keywords.keys().all(|keyword| {
            matches!(keyword.as_str(), "required" | "$comment" | "title")
                || keyword.starts_with("x-")
        })
}

/// Returns the field with its types derived from the allowed values, if it has none.
fn with_derived_types(mut field: Field) -> Field {
    if field.types.is_none() {
        field.types = field.requirements.iter().find_map(|requirement| {
            let ExpectedValue::OneOf(values) = &requirement.expected else { return None };
            let expected = ExpectedValue::Description(descriptions::describe_types_of(values));
            Some(Requirement { expected, severity: requirement.severity, source: None })
        });
    }
    field
}

#[cfg(test)]
mod tests;
