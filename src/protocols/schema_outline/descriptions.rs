//! Describes the keywords of a schema in English, as requirements on a value.

use super::assertions::ASSERTIONS;
use super::located_schema::{LocatedSchema, resolve};
use crate::domain::pointer;
use crate::protocols::schema::{
    describe_format, describe_type_of, describe_types, format_count, join_alternatives, severity,
};
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
    /// A description in English.
    Description(String),
    /// One of these values.
    OneOf(Vec<Value>),
}

impl fmt::Display for ExpectedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Description(description) => f.write_str(description),
            Self::OneOf(values) => match values.as_slice() {
                [value] => write!(f, "`{}`", format_unquoted(value)),
                values => {
                    let values: Vec<_> = values
                        .iter()
                        .map(|value| format!("`{}`", format_unquoted(value)))
                        .collect();
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
    pub applies_if_true: bool,
    /// The source of the condition.
    pub source: Option<String>,
}

impl Condition {
    /// Returns the condition that the value at `pointer` matches `schema`.
    pub(super) fn new(
        documents: &BTreeMap<String, Value>,
        schema: &LocatedSchema<'_>,
        pointer: &str,
        applies_if_true: bool,
        source: Option<String>,
    ) -> Self {
        let clauses = Describer::new(documents).condition_clauses(schema, pointer, 0);
        Self { clauses, applies_if_true, source }
    }

    /// Returns the condition that the object at `parent` has a field `name`.
    pub(super) fn field_present(parent: &str, name: &str, source: Option<String>) -> Self {
        let clauses = vec![format!("`{parent}/{}` is present", pointer::escape(name))];
        Self { clauses, applies_if_true: true, source }
    }
}

/// Describes the keyword `keyword` of a schema, or returns `None` if another keyword covers it.
pub(super) fn expected_value(
    documents: &BTreeMap<String, Value>,
    schema: &LocatedSchema<'_>,
    keyword: &str,
) -> Option<ExpectedValue> {
    let keywords = schema.schema.as_object()?;
    let value = keywords.get(keyword)?;
    Describer::new(documents).describe_keyword(schema, keywords, keyword, value, 0)
}

/// Describes the types of some values.
pub(super) fn describe_types_of(values: &[Value]) -> String {
    let mut types = Vec::new();
    for name in values.iter().map(describe_type_of) {
        if !types.contains(&name) {
            types.push(name);
        }
    }
    join_alternatives(&types)
}

/// Formats a value, with strings unquoted.
pub fn format_unquoted(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Describes schemas, up to a maximum number of phrases.
struct Describer<'d> {
    documents: &'d BTreeMap<String, Value>,
    phrase_count: Cell<usize>,
}

impl<'d> Describer<'d> {
    fn new(documents: &'d BTreeMap<String, Value>) -> Self {
        Self { documents, phrase_count: Cell::new(0) }
    }

    fn describe_keyword(
        &self,
        schema: &LocatedSchema<'d>,
        keywords: &'d Map<String, Value>,
        keyword: &str,
        value: &'d Value,
        depth: usize,
    ) -> Option<ExpectedValue> {
        let custom = keywords.get("x-expected").and_then(Value::as_str).map(str::to_owned);
        let subschema = |value| self.describe_schema(&schema.nested(&[keyword], value), depth + 1);
        let alternatives = || {
            let list = value.as_array().into_iter().flatten().enumerate();
            list.map(|(n, value)| {
                self.describe_schema(&schema.nested(&[keyword, &n.to_string()], value), depth + 1)
            })
            .collect::<Vec<_>>()
        };
        let one_of =
            |value: &Value| value.as_array().map(|values| ExpectedValue::OneOf(values.clone()));
        let range = RANGES.iter().find(|(min, max, _)| [*min, *max].contains(&keyword));
        if let Some(range) = range {
            return describe_limits(keywords, keyword, *range).map(ExpectedValue::Description);
        }
        let description = match keyword {
            "enum" => return one_of(value),
            "const" => return Some(ExpectedValue::OneOf(vec![value.clone()])),
            "type" => describe_types(value),
            "required" => {
                let names = value.as_array().into_iter().flatten().map(format_unquoted);
                let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
                format!("an object with {}", names.join(" and "))
            }
            "format" => {
                custom.unwrap_or_else(|| describe_format(&format_unquoted(value)).to_owned())
            }
            "pattern" => custom
                .unwrap_or_else(|| format!("a string that matches `{}`", format_unquoted(value))),
            "uniqueItems" if value == &Value::Bool(true) => "no duplicate items".to_owned(),
            "exclusiveMinimum" => format!("more than {value}"),
            "exclusiveMaximum" => format!("less than {value}"),
            "multipleOf" => format!("a multiple of {value}"),
            "not" => custom.unwrap_or_else(|| format!("anything but {}", subschema(value))),
            "anyOf" => custom.unwrap_or_else(|| alternatives().join(", or ")),
            "oneOf" => {
                custom.unwrap_or_else(|| format!("exactly one of: {}", alternatives().join("; ")))
            }
            "contains" => custom.unwrap_or_else(|| format!("an item that is {}", subschema(value))),
            "propertyNames" => format!("field names: {}", subschema(value)),
            _ => return None,
        };
        Some(ExpectedValue::Description(description))
    }

    /// Describes all requirements of a schema in one phrase.
    fn describe_schema(&self, schema: &LocatedSchema<'d>, depth: usize) -> String {
        let by_location = || format!("what `{}#{}` describes", schema.file, schema.pointer);
        let keywords = match schema.schema {
            Value::Bool(true) => return "anything".to_owned(),
            Value::Bool(false) => return "nothing".to_owned(),
            Value::Object(_) if depth > MAX_DEPTH || self.phrase_count.get() > MAX_PHRASES => {
                return by_location();
            }
            Value::Object(keywords) => keywords,
            _ => return by_location(),
        };
        self.phrase_count.set(self.phrase_count.get() + 1);
        let mut phrases: Vec<String> = Vec::new();
        for (keyword, value) in keywords {
            let phrase = match keyword.as_str() {
                "$ref" => {
                    let target = resolve(self.documents, schema.file, &format_unquoted(value));
                    target.map(|target| self.describe_schema(&target, depth + 1))
                }
                "allOf" => {
                    let schemas = value.as_array().into_iter().flatten().enumerate();
                    let parts = schemas.map(|(n, value)| {
                        self.describe_schema(
                            &schema.nested(&["allOf", &n.to_string()], value),
                            depth + 1,
                        )
                    });
                    Some(parts.collect::<Vec<_>>().join(" and "))
                }
                "properties" => {
                    let parts = value.as_object().into_iter().flatten().map(|(name, value)| {
                        let field = schema.nested(&["properties", name], value);
                        format!("whose `{name}` is {}", self.describe_schema(&field, depth + 1))
                    });
                    Some(parts.collect::<Vec<_>>().join(" and "))
                }
                keyword if ASSERTIONS.contains(&keyword) => self
                    .describe_keyword(schema, keywords, keyword, value, depth)
                    .map(|expected| expected.to_string()),
                "$comment" | "title" | "description" | "$defs" => None,
                keyword if keyword.starts_with("x-") => None,
                _ => return by_location(),
            };
            phrases.extend(phrase.filter(|phrase| !phrases.contains(phrase)));
        }
        if phrases.is_empty() { "anything".to_owned() } else { phrases.join(" and ") }
    }

    /// Returns the clauses that must all be true for the value at `pointer` to match `schema`.
    fn condition_clauses(
        &self,
        schema: &LocatedSchema<'d>,
        pointer: &str,
        depth: usize,
    ) -> Vec<String> {
        let one_clause = || {
            let subject =
                if pointer.is_empty() { "the body".to_owned() } else { format!("`{pointer}`") };
            vec![format!("{subject} is {}", self.describe_schema(schema, depth))]
        };
        let Some(keywords) = schema.schema.as_object() else { return one_clause() };
        let required: Vec<_> = match keywords.get("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let properties = keywords.get("properties").and_then(Value::as_object);
        let pointer_to = |name: &str| format!("{pointer}/{}", pointer::escape(name));
        let mut clauses = Vec::new();
        for (name, field) in properties.into_iter().flatten() {
            let field = schema.nested(&["properties", name], field);
            let phrase = self.describe_schema(&field, depth + 1);
            let absent = if required.contains(&name.as_str()) { "" } else { " or absent" };
            clauses.push(format!("`{}` is {phrase}{absent}", pointer_to(name)));
        }
        let has_schema = |name: &str| properties.is_some_and(|known| known.contains_key(name));
        let only_required = required.iter().filter(|name| !has_schema(name));
        clauses.extend(only_required.map(|name| format!("`{}` is present", pointer_to(name))));
        let is_covered = |keyword: &&str| {
            matches!(*keyword, "properties" | "required" | "$comment" | "title" | "description")
                || keyword.starts_with("x-")
        };
        if keywords.keys().map(String::as_str).all(|keyword| is_covered(&keyword)) {
            clauses
        } else {
            // A further keyword has no clause of its own, so the whole schema becomes one.
            one_clause()
        }
    }
}

/// Describes a keyword that limits a number or a count, or returns `None` if the keyword for the
/// opposite limit covers both.
fn describe_limits(
    keywords: &Map<String, Value>,
    keyword: &str,
    (min, max, noun): (&str, &str, &str),
) -> Option<String> {
    let counted = |number: &Value| match noun {
        "" => number.to_string(),
        noun => format_count(number, noun),
    };
    let severity = |keyword| severity(Some(keywords), keyword);
    match (keywords.get(min), keywords.get(max)) {
        // Limits of different severity are described separately.
        (Some(from), Some(to)) if severity(min) == severity(max) => {
            let range = if from == to {
                format!("exactly {}", counted(to))
            } else {
                format!("{from} to {}", counted(to))
            };
            (keyword == min).then_some(range)
        }
        (Some(from), _) if keyword == "minLength" && from == 1 => Some("not empty".to_owned()),
        (Some(from), _) if keyword == min => Some(format!("at least {}", counted(from))),
        (_, Some(to)) => {
            let unit = if max == "x-max-bytes" { " as compact JSON" } else { "" };
            Some(format!("at most {}{unit}", counted(to)))
        }
        (_, None) => None,
    }
}
