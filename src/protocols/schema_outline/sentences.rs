//! Describes the keywords of a schema in English, as requirements on a value.

use super::assertions::ASSERTIONS;
use super::located::{Located, resolve};
use crate::domain::pointer;
use crate::protocols::schema::{alternatives, counted, format_name, severity, type_of, types};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

/// The maximum depth to which a nested schema is described; a deeper one is named by its location.
const MAX_DEPTH: usize = 6;

/// The maximum number of schemas in one description, as schemas can refer to each other in circles.
const MAX_PHRASES: usize = 500;

/// Pairs of a minimum and a maximum that are described together, and the unit that they count.
const RANGES: &[(&str, &str, &str)] = &[
    ("minLength", "maxLength", "character"),
    ("minItems", "maxItems", "item"),
    ("minContains", "maxContains", "such item"),
    ("minProperties", "maxProperties", "field"),
    ("minimum", "maximum", ""),
    ("", "x-max-bytes", "byte"),
    ("", "x-max-decimals", "decimal"),
];

/// A requirement on a value, phrased to follow "must be" or "must have".
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpectedValue {
    /// In words.
    Words(String),
    /// One of these values.
    OneOf(Vec<Value>),
}

impl fmt::Display for ExpectedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(words),
            Self::OneOf(values) => match values.as_slice() {
                [only] => write!(f, "`{}`", plain(only)),
                several => {
                    let values: Vec<_> =
                        several.iter().map(|value| format!("`{}`", plain(value))).collect();
                    write!(f, "one of {}", values.join(", "))
                }
            },
        }
    }
}

/// A condition under which a rule applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The clauses of the condition, all of which must be true, such as "`/type` is `sale`".
    pub clauses: Vec<String>,
    /// `true` if the rule applies when the clauses are true, `false` if it applies when they are
    /// not.
    pub holds: bool,
    /// The source of the condition.
    pub source: Option<String>,
}

impl Condition {
    /// Returns the condition that the value at `place` matches `schema`.
    pub(super) fn new(
        documents: &BTreeMap<String, Value>,
        schema: &Located<'_>,
        place: &str,
        holds: bool,
        source: Option<String>,
    ) -> Self {
        let clauses = Describer::new(documents).clauses(schema, place, 0);
        Self { clauses, holds, source }
    }

    /// Returns the condition that the object at `place` has a field `name`.
    pub(super) fn present(place: &str, name: &str, source: Option<String>) -> Self {
        let clauses = vec![format!("`{place}/{}` is there", pointer::escape(name))];
        Self { clauses, holds: true, source }
    }
}

/// Describes the keyword `keyword` of a schema, or returns `None` if another keyword covers it.
pub(super) fn asked(
    documents: &BTreeMap<String, Value>,
    schema: &Located<'_>,
    keyword: &str,
) -> Option<ExpectedValue> {
    let members = schema.schema.as_object()?;
    let value = members.get(keyword)?;
    Describer::new(documents).asked(schema, members, keyword, value, 0)
}

/// Describes the types of some values.
pub(super) fn types_of(values: &[Value]) -> String {
    let mut types = Vec::new();
    for kind in values.iter().map(type_of) {
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    alternatives(&types)
}

/// Formats a value, with strings unquoted.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

struct Describer<'d> {
    documents: &'d BTreeMap<String, Value>,
    phrases: Cell<usize>,
}

impl<'d> Describer<'d> {
    fn new(documents: &'d BTreeMap<String, Value>) -> Self {
        Self { documents, phrases: Cell::new(0) }
    }

    fn asked(
        &self,
        schema: &Located<'d>,
        members: &'d Map<String, Value>,
        keyword: &str,
        value: &'d Value,
        depth: usize,
    ) -> Option<ExpectedValue> {
        let custom = members.get("x-expected").and_then(Value::as_str).map(str::to_owned);
        let inside = |value| self.phrase(&schema.under(&[keyword], value), depth + 1);
        let branches = || {
            let list = value.as_array().into_iter().flatten().enumerate();
            list.map(|(n, value)| {
                self.phrase(&schema.under(&[keyword, &n.to_string()], value), depth + 1)
            })
            .collect::<Vec<_>>()
        };
        let list =
            |value: &Value| value.as_array().map(|values| ExpectedValue::OneOf(values.clone()));
        let bound = RANGES.iter().find(|(least, most, _)| [*least, *most].contains(&keyword));
        if let Some(range) = bound {
            return describe_limits(members, keyword, *range).map(ExpectedValue::Words);
        }
        let words = match keyword {
            "enum" => return list(value),
            "const" => return Some(ExpectedValue::OneOf(vec![value.clone()])),
            "type" => types(value),
            "required" => {
                let names = value.as_array().into_iter().flatten().map(plain);
                let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
                format!("an object with {}", names.join(" and "))
            }
            "format" => custom.unwrap_or_else(|| format_name(&plain(value)).to_owned()),
            "pattern" => {
                custom.unwrap_or_else(|| format!("a string that matches `{}`", plain(value)))
            }
            "uniqueItems" if value == &Value::Bool(true) => "no item twice".to_owned(),
            "exclusiveMinimum" => format!("more than {value}"),
            "exclusiveMaximum" => format!("less than {value}"),
            "multipleOf" => format!("a multiple of {value}"),
            "not" => custom.unwrap_or_else(|| format!("anything but {}", inside(value))),
            "anyOf" => custom.unwrap_or_else(|| branches().join(", or ")),
            "oneOf" => {
                custom.unwrap_or_else(|| format!("exactly one of: {}", branches().join("; ")))
            }
            "contains" => custom.unwrap_or_else(|| format!("an item that is {}", inside(value))),
            "propertyNames" => format!("names of fields: {}", inside(value)),
            _ => return None,
        };
        Some(ExpectedValue::Words(words))
    }

    /// Describes all requirements of a schema in one phrase.
    fn phrase(&self, schema: &Located<'d>, depth: usize) -> String {
        let by_place = || format!("what `{}#{}` describes", schema.file, schema.pointer);
        let members = match schema.schema {
            Value::Bool(true) => return "anything".to_owned(),
            Value::Bool(false) => return "nothing".to_owned(),
            Value::Object(_) if depth > MAX_DEPTH || self.phrases.get() > MAX_PHRASES => {
                return by_place();
            }
            Value::Object(members) => members,
            _ => return by_place(),
        };
        self.phrases.set(self.phrases.get() + 1);
        let mut phrases: Vec<String> = Vec::new();
        for (keyword, value) in members {
            let phrase = match keyword.as_str() {
                "$ref" => {
                    let there = resolve(self.documents, schema.file, &plain(value));
                    there.map(|there| self.phrase(&there, depth + 1))
                }
                "allOf" => {
                    let all = value.as_array().into_iter().flatten().enumerate();
                    let all = all.map(|(n, value)| {
                        self.phrase(&schema.under(&["allOf", &n.to_string()], value), depth + 1)
                    });
                    Some(all.collect::<Vec<_>>().join(" and "))
                }
                "properties" => {
                    let each = value.as_object().into_iter().flatten().map(|(name, value)| {
                        let inside = schema.under(&["properties", name], value);
                        format!("whose `{name}` is {}", self.phrase(&inside, depth + 1))
                    });
                    Some(each.collect::<Vec<_>>().join(" and "))
                }
                keyword if ASSERTIONS.contains(&keyword) => self
                    .asked(schema, members, keyword, value, depth)
                    .map(|expected| expected.to_string()),
                "$comment" | "title" | "description" | "$defs" => None,
                keyword if keyword.starts_with("x-") => None,
                _ => return by_place(),
            };
            phrases.extend(phrase.filter(|phrase| !phrases.contains(phrase)));
        }
        if phrases.is_empty() { "anything".to_owned() } else { phrases.join(" and ") }
    }

    /// Returns the clauses that must all be true for the value at `place` to match `schema`.
    fn clauses(&self, schema: &Located<'d>, place: &str, depth: usize) -> Vec<String> {
        let whole = || {
            let place = if place.is_empty() { "the body".to_owned() } else { format!("`{place}`") };
            vec![format!("{place} is {}", self.phrase(schema, depth))]
        };
        let Some(members) = schema.schema.as_object() else { return whole() };
        let required: Vec<_> = match members.get("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let properties = members.get("properties").and_then(Value::as_object);
        let at = |name: &str| format!("{place}/{}", pointer::escape(name));
        let mut clauses = Vec::new();
        for (name, inside) in properties.into_iter().flatten() {
            let inside = schema.under(&["properties", name], inside);
            let phrase = self.phrase(&inside, depth + 1);
            let absent = if required.contains(&name.as_str()) { "" } else { " or absent" };
            clauses.push(format!("`{}` is {phrase}{absent}", at(name)));
        }
        let named = |name: &str| properties.is_some_and(|known| known.contains_key(name));
        let alone = required.iter().filter(|name| !named(name));
        clauses.extend(alone.map(|name| format!("`{}` is there", at(name))));
        let is_covered = |keyword: &&str| {
            matches!(*keyword, "properties" | "required" | "$comment" | "title" | "description")
                || keyword.starts_with("x-")
        };
        if members.keys().map(String::as_str).all(|keyword| is_covered(&keyword)) {
            clauses
        } else {
            whole()
        }
    }
}

/// Describes a keyword that limits a number or a count, or returns `None` if the keyword for the
/// opposite limit covers both.
fn describe_limits(
    members: &Map<String, Value>,
    keyword: &str,
    (least, most, noun): (&str, &str, &str),
) -> Option<String> {
    let counted = |number: &Value| match noun {
        "" => number.to_string(),
        noun => counted(number, noun),
    };
    let severity = |keyword| severity(Some(members), keyword);
    match (members.get(least), members.get(most)) {
        // Limits of different severity are described separately.
        (Some(from), Some(to)) if severity(least) == severity(most) => {
            let words = if from == to {
                format!("exactly {}", counted(to))
            } else {
                format!("{from} to {}", counted(to))
            };
            (keyword == least).then_some(words)
        }
        (Some(from), _) if keyword == "minLength" && from == 1 => Some("not empty".to_owned()),
        (Some(from), _) if keyword == least => Some(format!("at least {}", counted(from))),
        (_, Some(to)) => {
            let unit = if most == "x-max-bytes" { " as compact JSON" } else { "" };
            Some(format!("at most {}{unit}", counted(to)))
        }
        (_, None) => None,
    }
}
