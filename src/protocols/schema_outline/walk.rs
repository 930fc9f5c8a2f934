//! Traverses the schemas of a pack, from a root to every schema that applies to a payload.
//!
//! Depth and number of steps are bounded, because schemas may refer to each other in circles and
//! every level of references can double the number of paths.

use super::assertions::source;
use super::descriptions::Condition;
use super::located_schema::{LocatedSchema, resolve};
use crate::domain::pointer;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The part of a payload that the schemas of a keyword apply to, relative to the part that the
/// schema with the keyword applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AppliesTo {
    /// The same part, under the condition of `if`.
    SameIfCondition,
    /// The same part: a list of schemas.
    Same,
    /// The same part, if a field is present: schemas by the name of the field.
    SameIfFieldPresent,
    /// Fields: schemas by name.
    Fields,
    /// Fields whose name matches: schemas by pattern.
    MatchingFields,
    /// Every other field.
    OtherFields,
    /// Items by position: a list of schemas.
    ItemsByPosition,
    /// Every other item.
    OtherItems,
}

/// The keywords whose schemas must match. Those in `if`, `not`, `anyOf` and `oneOf` need not.
const APPLICATORS: &[(&str, AppliesTo)] = &[
    ("then", AppliesTo::SameIfCondition),
    ("else", AppliesTo::SameIfCondition),
    ("allOf", AppliesTo::Same),
    ("dependentSchemas", AppliesTo::SameIfFieldPresent),
    ("properties", AppliesTo::Fields),
    ("patternProperties", AppliesTo::MatchingFields),
    ("additionalProperties", AppliesTo::OtherFields),
    ("unevaluatedProperties", AppliesTo::OtherFields),
    ("prefixItems", AppliesTo::ItemsByPosition),
    ("items", AppliesTo::OtherItems),
    ("unevaluatedItems", AppliesTo::OtherItems),
];

/// The maximum nesting of references and schemas; deeper ones are not followed.
const MAX_DEPTH: usize = 400;

/// The maximum number of steps; a schema counts each time it is reached.
const MAX_STEPS: usize = 20_000;

/// One visited schema and the part of a payload that it applies to.
#[derive(Clone)]
pub(super) struct Step<'d> {
    pub(super) schema: LocatedSchema<'d>,
    /// A JSON Pointer into the payload, where `*` stands for every item or every other field.
    pub(super) payload_pointer: String,
    /// The relation of the last keyword to its schemas; `None` at a root and after a reference.
    pub(super) applies_to: Option<AppliesTo>,
    /// The conditions under which the schema applies.
    pub(super) conditions: Vec<Condition>,
}

/// Controls whether a walk visits a schema more than once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Revisit {
    /// Each schema is visited once.
    Never,
    /// A schema is visited each time it is reached, except from inside itself.
    UnlessNested,
}

/// A depth-first traversal of schemas, with all steps so far.
pub(super) struct Walk<'d> {
    documents: &'d BTreeMap<String, Value>,
    revisit: Revisit,
    seen: BTreeSet<(&'d str, String)>,
    pub(super) steps: Vec<Step<'d>>,
}

impl<'d> Walk<'d> {
    pub(super) fn new(documents: &'d BTreeMap<String, Value>, revisit: Revisit) -> Self {
        Self { documents, revisit, seen: BTreeSet::new(), steps: Vec::new() }
    }

    /// Visits every schema that applies to the root of a document.
    pub(super) fn visit_root(&mut self, file: &str) {
        if let Some(schema) = resolve(self.documents, file, "#") {
            let root = Step {
                schema,
                payload_pointer: String::new(),
                applies_to: None,
                conditions: Vec::new(),
            };
            self.visit(&root, 0);
        }
    }

    fn visit(&mut self, step: &Step<'d>, depth: usize) {
        let location = (step.schema.file, step.schema.pointer.clone());
        if depth > MAX_DEPTH || self.steps.len() >= MAX_STEPS || !self.seen.insert(location.clone())
        {
            return;
        }
        self.steps.push(step.clone());
        if let Value::Object(keywords) = step.schema.schema {
            for (keyword, value) in keywords {
                for applied in self.applied_schemas(step, keywords, keyword, value) {
                    self.visit(&applied, depth + 1);
                }
            }
        }
        // From here on, the schema may be visited again: it is no longer inside itself.
        if self.revisit == Revisit::UnlessNested {
            self.seen.remove(&location);
        }
    }

    /// Returns the schemas that a keyword applies.
    fn applied_schemas(
        &self,
        step: &Step<'d>,
        keywords: &'d Map<String, Value>,
        keyword: &str,
        value: &'d Value,
    ) -> Vec<Step<'d>> {
        if keyword == "$ref" {
            let file = step.schema.file;
            let target =
                value.as_str().and_then(|reference| resolve(self.documents, file, reference));
            let to_step = |schema| Step { schema, applies_to: None, ..step.clone() };
            return target.map(to_step).into_iter().collect();
        }
        let Some((_, reach)) = APPLICATORS.iter().find(|(name, _)| *name == keyword) else {
            return Vec::new();
        };
        let schemas: Vec<(Option<String>, &Value)> = match (reach, value) {
            // Without `if`, the keywords `then` and `else` have no effect.
            (AppliesTo::SameIfCondition, _) if !keywords.contains_key("if") => Vec::new(),
            (AppliesTo::Same | AppliesTo::ItemsByPosition, Value::Array(list)) => {
                list.iter().enumerate().map(|(n, schema)| (Some(n.to_string()), schema)).collect()
            }
            (
                AppliesTo::SameIfFieldPresent | AppliesTo::Fields | AppliesTo::MatchingFields,
                Value::Object(by_name),
            ) => by_name.iter().map(|(name, schema)| (Some(name.clone()), schema)).collect(),
            (
                AppliesTo::SameIfCondition | AppliesTo::OtherFields | AppliesTo::OtherItems,
                schema,
            ) => vec![(None, schema)],
            (_, _) => Vec::new(),
        };
        let to_step = |(name, schema): (Option<String>, &'d Value)| {
            let condition = match reach {
                AppliesTo::SameIfCondition => keywords.get("if").map(|value| {
                    let condition = step.schema.nested(&["if"], value);
                    let comment = source(Some(keywords));
                    let if_true = keyword == "then";
                    Condition::new(
                        self.documents,
                        &condition,
                        &step.payload_pointer,
                        if_true,
                        comment,
                    )
                }),
                AppliesTo::SameIfFieldPresent => {
                    let name = name.as_deref().unwrap_or_default();
                    Some(Condition::field_present(
                        &step.payload_pointer,
                        name,
                        source(Some(keywords)),
                    ))
                }
                _ => None,
            };
            let names: Vec<_> = [Some(keyword), name.as_deref()].into_iter().flatten().collect();
            Step {
                schema: step.schema.nested(&names, schema),
                payload_pointer: reach.payload_pointer(&step.payload_pointer, name.as_deref()),
                applies_to: Some(*reach),
                conditions: step.conditions.iter().cloned().chain(condition).collect(),
            }
        };
        schemas.into_iter().map(to_step).collect()
    }
}

impl AppliesTo {
    /// Returns the pointer of the part that the schema called `name` applies to, if the schema with
    /// the keyword applies to the part at `parent`.
    fn payload_pointer(self, parent: &str, name: Option<&str>) -> String {
        match self {
            Self::SameIfCondition | Self::Same | Self::SameIfFieldPresent => parent.to_owned(),
            Self::Fields | Self::ItemsByPosition => {
                format!("{parent}/{}", pointer::escape(name.unwrap_or_default()))
            }
            Self::MatchingFields | Self::OtherFields | Self::OtherItems => format!("{parent}/*"),
        }
    }
}
