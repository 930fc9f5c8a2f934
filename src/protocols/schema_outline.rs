//! Extracts the constraints and fields that the schemas of a pack define, without a payload.

mod assertions;
mod descriptions;
mod documented_fields;
mod fields;
mod located_schema;
mod walk;

pub use descriptions::{Condition, ExpectedValue, format_unquoted};
pub use documented_fields::{DocumentedField, documented_fields};
pub use fields::{ConditionalRule, Field, Outline, Presence, Requirement, outline};

use crate::domain::finding::Severity;
use crate::protocols::schema::severity;
use assertions::{assertions, source};
use located_schema::LocatedSchema;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use walk::{Revisit, Walk};

/// One keyword that a payload can break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The location of the keyword: `FILE#` and a JSON Pointer, not percent-encoded.
    pub rule: String,
    /// The keyword, or for a `false` in place of a schema, the key of that `false`.
    pub keyword: String,
    /// The severity of a violation.
    pub severity: Severity,
    /// The source of the rule, if its object has a `$comment`.
    pub source: Option<String>,
}

/// Returns every keyword that a payload can break, in the order of the schemas, each once.
///
/// The walk begins at the root of each document, so it skips definitions that nothing refers to
/// and conditions.
#[must_use]
pub fn constraints(documents: &BTreeMap<String, Value>) -> Vec<Constraint> {
    let mut walk = Walk::new(documents, Revisit::Never);
    for file in documents.keys() {
        walk.visit_root(file);
    }
    walk.steps.iter().flat_map(|step| constraints_of(&step.schema, documents)).collect()
}

fn constraints_of(
    located: &LocatedSchema<'_>,
    documents: &BTreeMap<String, Value>,
) -> Vec<Constraint> {
    match located.schema {
        Value::Object(keywords) => assertions(keywords)
            .map(|(keyword, _)| {
                constraint(located.keyword_location(keyword), keyword, Some(keywords))
            })
            .collect(),
        Value::Bool(false) => {
            let (parent, name) = located.parent_and_key(documents);
            vec![constraint(format!("{}#{}", located.file, located.pointer), name, parent)]
        }
        _ => Vec::new(),
    }
}

/// Returns the names in brackets that `$comment`s use, with their meanings from `x-sources`.
#[must_use]
pub fn source_names(documents: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let roots = documents.values().filter_map(|root| root.get("x-sources")?.as_object());
    let entries = roots.flatten().filter_map(|(name, meaning)| Some((name, meaning.as_str()?)));
    entries.map(|(name, meaning)| (name.clone(), meaning.to_owned())).collect()
}

/// Builds a constraint for a keyword of the object `parent`.
fn constraint(rule: String, keyword: &str, parent: Option<&Map<String, Value>>) -> Constraint {
    let severity = severity(parent, keyword);
    Constraint { rule, keyword: keyword.to_owned(), severity, source: source(parent) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::percent_decode_str;
    use serde_json::json;

    fn documents(files: &[(&str, Value)]) -> BTreeMap<String, Value> {
        files.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    fn rules(files: &[(&str, Value)]) -> Vec<String> {
        constraints(&documents(files)).into_iter().map(|constraint| constraint.rule).collect()
    }

    #[test]
    fn a_referenced_definition_is_listed_once() {
        let event = json!({"properties": {
            "a": {"$ref": "defs.json#/$defs/name"},
            "b": {"$ref": "defs.json#/$defs/name", "minLength": 1},
        }});
        let shared = json!({"$defs": {
            "name": {"type": "string", "$ref": "#/$defs/long"},
            "long": {"maxLength": 9},
            "spare": {"type": "null"},
        }});
        assert_eq!(
            rules(&[("a.json", event), ("defs.json", shared)]),
            [
                "defs.json#/$defs/name/type",
                "defs.json#/$defs/long/maxLength",
                "a.json#/properties/b/minLength",
            ]
        );
    }

    #[test]
    fn then_and_else_are_constraints_but_if_is_not() {
        let event = json!({
            "if": {"required": ["a"], "properties": {"a": {"$ref": "#/$defs/sale"}}},
            "then": {"required": ["b"]},
            "else": false,
            "not": {"type": "null"},
            "anyOf": [{"required": ["c"]}, {"type": "array"}],
            "$defs": {"sale": {"const": "sale"}},
        });
        assert_eq!(
            rules(&[("a.json", event)]),
            ["a.json#/not", "a.json#/anyOf", "a.json#/then/required", "a.json#/else"]
        );
        let unconditional = json!({"then": {"required": ["b"]}});
        assert_eq!(rules(&[("a.json", unconditional)]), Vec::<String>::new());
    }

    #[test]
    fn severity_and_source_are_read_next_to_the_keyword() {
        let event = json!({
            "type": "object",
            "additionalProperties": false,
            "x-severity": {"additionalProperties": "warning"},
            "$comment": "page 7",
            "properties": {"a/b": {"enum": [1], "x-severity": "warning"}},
        });
        let constraint = |rule: &str, keyword: &str, severity, source: Option<&str>| Constraint {
            rule: format!("a.json#{rule}"),
            keyword: keyword.to_owned(),
            severity,
            source: source.map(str::to_owned),
        };
        let warning = Severity::Warning;
        assert_eq!(
            constraints(&documents(&[("a.json", event)])),
            [
                constraint("/type", "type", Severity::Error, Some("page 7")),
                constraint(
                    "/additionalProperties",
                    "additionalProperties",
                    warning,
                    Some("page 7")
                ),
                constraint("/properties/a~1b/enum", "enum", warning, None),
            ]
        );
    }

    #[test]
    fn a_recursive_schema_ends() {
        let event = json!({
            "type": "object",
            "properties": {"next": {"$ref": "#"}, "lost": {"$ref": "none.json#/x"}},
        });
        assert_eq!(rules(&[("a.json", event)]), ["a.json#/type"]);
    }

    #[test]
    fn rules_have_the_locations_that_the_validator_reports() {
        // A schema, and a document that violates one keyword of it.
        let cases = [
            (json!({"properties": {"a b%/": {"type": "string"}}}), json!({"a b%/": 1})),
            (json!({"items": {"exclusiveMinimum": 1}}), json!([1])),
            (json!({"prefixItems": [{"const": 1}], "items": false}), json!([1, 2])),
            (json!({"additionalProperties": {"multipleOf": 2}}), json!({"a": 1})),
            (json!({"patternProperties": {"^a": {"uniqueItems": true}}}), json!({"a": [1, 1]})),
            (json!({"properties": {"a": false}}), json!({"a": 1})),
            (json!({"properties": {"a": true}, "unevaluatedProperties": false}), json!({"b": 1})),
            (json!({"dependentSchemas": {"a": {"required": ["b"]}}}), json!({"a": 1})),
            (json!({"dependentRequired": {"a": ["b"]}}), json!({"a": 1})),
            (json!({"propertyNames": {"maxLength": 1}}), json!({"ab": 1})),
            (json!({"contains": {"const": 1}}), json!([2])),
            (json!({"oneOf": [{"const": 1}, {"const": 1}]}), json!(1)),
            (
                json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"minProperties": 1}}}),
                json!({}),
            ),
            (json!({"if": {"const": 1}, "then": {"format": "email", "not": {}}}), json!(1)),
            (json!({"if": true, "then": false}), json!(1)),
            (json!(false), json!(1)),
        ];
        for (schema, document) in cases {
            let options = jsonschema::options().with_base_uri("leadhook:///a.json");
            let validator = options.build(&schema).unwrap();
            let errors: Vec<_> = validator.iter_errors(&document).collect();
            let rules = rules(&[("a.json", schema.clone())]);
            for error in &errors {
                let location = error.absolute_keyword_location().unwrap().as_str();
                let (_, fragment) = location.split_once('#').unwrap();
                let fragment = percent_decode_str(fragment).decode_utf8().unwrap();
                // The validator compiles `dependentRequired` to a numbered list; it is one keyword.
                let rule = format!("a.json#{}", fragment.trim_end_matches("/0"));
                assert!(rules.contains(&rule), "{schema}: {rule} is not in {rules:?}");
            }
            assert_eq!(errors.len(), 1, "{schema}");
        }
    }
}
