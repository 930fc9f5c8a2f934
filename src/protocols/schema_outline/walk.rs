//! Traverses the schemas of a pack, from a root to every schema that applies to a payload.
//!
//! Depth and number of steps are bounded, because schemas may refer to each other in circles and
//! every level of references can double the number of paths.

use super::assertions::source;
use super::located::{Located, resolve};
use super::sentences::Condition;
use crate::domain::pointer;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The part of a payload that the schemas of a keyword apply to, relative to the keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The same part, under a condition.
    Here,
    /// The same part: a list of schemas.
    All,
    /// The same part, if a field is present: schemas by the name of the field.
    Beside,
    /// Fields: schemas by name.
    Members,
    /// Fields whose name matches: schemas by pattern.
    Patterns,
    /// Every other field.
    OtherMembers,
    /// Items, one by one: a list of schemas.
    ItemsInTurn,
    /// Every other item.
    OtherItems,
}

/// The keywords whose schemas must match. Those in `if`, `not`, `anyOf` and `oneOf` need not.
const APPLICATORS: &[(&str, Reach)] = &[
    ("then", Reach::Here),
    ("else", Reach::Here),
    ("allOf", Reach::All),
    ("dependentSchemas", Reach::Beside),
    ("properties", Reach::Members),
    ("patternProperties", Reach::Patterns),
    ("additionalProperties", Reach::OtherMembers),
    ("unevaluatedProperties", Reach::OtherMembers),
    ("prefixItems", Reach::ItemsInTurn),
    ("items", Reach::OtherItems),
    ("unevaluatedItems", Reach::OtherItems),
];

/// The maximum nesting of references and schemas; deeper ones are not followed.
const MAX_DEPTH: usize = 400;

/// The maximum number of steps; a schema counts each time it is reached.
const MAX_STEPS: usize = 20_000;

/// One visited schema and the part of a payload that it applies to.
#[derive(Clone)]
pub(super) struct Step<'d> {
    pub(super) schema: Located<'d>,
    /// A JSON Pointer into the payload, where `*` stands for every item or every other field.
    pub(super) place: String,
    /// The kind of the last keyword; `None` at a root and after a reference.
    pub(super) reach: Option<Reach>,
    /// The conditions under which the schema applies.
    pub(super) when: Vec<Condition>,
}

/// Controls whether a walk visits a schema more than once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Each schema is visited once.
    Never,
    /// A schema is visited each time it is reached, except from inside itself.
    Outside,
}

pub(super) struct Walk<'d> {
    documents: &'d BTreeMap<String, Value>,
    again: Again,
    seen: BTreeSet<(&'d str, String)>,
    pub(super) steps: Vec<Step<'d>>,
}

impl<'d> Walk<'d> {
    pub(super) fn new(documents: &'d BTreeMap<String, Value>, again: Again) -> Self {
        Self { documents, again, seen: BTreeSet::new(), steps: Vec::new() }
    }

    /// Visits every schema that applies to the root of a document.
    pub(super) fn enter(&mut self, file: &str) {
        if let Some(schema) = resolve(self.documents, file, "#") {
            let (place, when) = (String::new(), Vec::new());
            self.visit(&Step { schema, place, reach: None, when }, 0);
        }
    }

    fn visit(&mut self, step: &Step<'d>, depth: usize) {
        let here = (step.schema.file, step.schema.pointer.clone());
        if depth > MAX_DEPTH || self.steps.len() >= MAX_STEPS || !self.seen.insert(here.clone()) {
            return;
        }
        self.steps.push(step.clone());
        if let Value::Object(members) = step.schema.schema {
            for (keyword, value) in members {
                for next in self.next(step, members, keyword, value) {
                    self.visit(&next, depth + 1);
                }
            }
        }
        if self.again == Again::Outside {
            self.seen.remove(&here);
        }
    }

    /// Returns the schemas that a keyword applies.
    fn next(
        &self,
        step: &Step<'d>,
        members: &'d Map<String, Value>,
        keyword: &str,
        value: &'d Value,
    ) -> Vec<Step<'d>> {
        if keyword == "$ref" {
            let file = step.schema.file;
            let there = value.as_str().and_then(|to| resolve(self.documents, file, to));
            let step = |schema| Step { schema, reach: None, ..step.clone() };
            return there.map(step).into_iter().collect();
        }
        let Some((_, reach)) = APPLICATORS.iter().find(|(name, _)| *name == keyword) else {
            return Vec::new();
        };
        let schemas: Vec<(Option<String>, &Value)> = match (reach, value) {
            (Reach::Here, _) if !members.contains_key("if") => Vec::new(),
            (Reach::All | Reach::ItemsInTurn, Value::Array(list)) => {
                list.iter().enumerate().map(|(n, one)| (Some(n.to_string()), one)).collect()
            }
            (Reach::Beside | Reach::Members | Reach::Patterns, Value::Object(by_name)) => {
                by_name.iter().map(|(name, one)| (Some(name.clone()), one)).collect()
            }
            (Reach::Here | Reach::OtherMembers | Reach::OtherItems, one) => vec![(None, one)],
            (_, _) => Vec::new(),
        };
        let next = |(name, schema): (Option<String>, &'d Value)| {
            let condition = match reach {
                Reach::Here => members.get("if").map(|value| {
                    let condition = step.schema.under(&["if"], value);
                    let comment = source(Some(members));
                    let holds = keyword == "then";
                    Condition::new(self.documents, &condition, &step.place, holds, comment)
                }),
                Reach::Beside => {
                    let name = name.as_deref().unwrap_or_default();
                    Some(Condition::present(&step.place, name, source(Some(members))))
                }
                _ => None,
            };
            let names: Vec<_> = [Some(keyword), name.as_deref()].into_iter().flatten().collect();
            Step {
                schema: step.schema.under(&names, schema),
                place: reach.place(&step.place, name.as_deref()),
                reach: Some(*reach),
                when: step.when.iter().cloned().chain(condition).collect(),
            }
        };
        schemas.into_iter().map(next).collect()
    }
}

impl Reach {
    /// Returns the pointer of the part that a schema under `name` applies to.
    fn place(self, place: &str, name: Option<&str>) -> String {
        match self {
            Self::Here | Self::All | Self::Beside => place.to_owned(),
            Self::Members | Self::ItemsInTurn => {
                format!("{place}/{}", pointer::escape(name.unwrap_or_default()))
            }
            Self::Patterns | Self::OtherMembers | Self::OtherItems => format!("{place}/*"),
        }
    }
}
