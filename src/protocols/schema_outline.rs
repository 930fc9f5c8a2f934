//! What the schemas of a pack ask for, read off the documents without a payload.

use crate::domain::finding::Severity;
use crate::protocols::pointer;
use crate::protocols::schema::severity;
use percent_encoding::percent_decode_str;
use serde_json::Map;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Keywords that a payload can break by themselves. `false` in place of a schema is one more.
const ASSERTIONS: &[&str] = &[
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "required",
    "uniqueItems",
    "anyOf",
    "oneOf",
    "not",
    "contains",
    "propertyNames",
    "dependentRequired",
    "x-max-bytes",
    "x-max-decimals",
];

/// Where a keyword's schemas look at, seen from where the keyword stands.
#[derive(Clone, Copy)]
enum Reach {
    /// At the same place: one schema.
    Here,
    /// At the same place: a list of schemas, all of which must hold.
    All,
    /// At the same place, as long as a member is there: schemas by the member's name.
    Beside,
    /// At members: schemas by name.
    Members,
    /// At members that are not named.
    OtherMembers,
    /// At members that are not named: schemas by the pattern of the name.
    Patterns,
    /// At every item, or at every one after those told one by one.
    Items,
    /// At items, one by one.
    ItemsInTurn,
}

/// Keywords whose schemas must hold. What stands in `if`, `not`, `anyOf` and `oneOf` need not.
const APPLICATORS: &[(&str, Reach)] = &[
    ("allOf", Reach::All),
    ("then", Reach::Here),
    ("else", Reach::Here),
    ("dependentSchemas", Reach::Beside),
    ("properties", Reach::Members),
    ("patternProperties", Reach::Patterns),
    ("additionalProperties", Reach::OtherMembers),
    ("unevaluatedProperties", Reach::OtherMembers),
    ("prefixItems", Reach::ItemsInTurn),
    ("items", Reach::Items),
    ("unevaluatedItems", Reach::Items),
];

/// How deep references and schemas may nest: what is deeper is not followed.
const DEEPEST: usize = 400;

/// One keyword that a payload can break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The keyword's place: `FILE#` and a JSON Pointer, not percent-encoded.
    pub rule: String,
    /// The keyword, or where `false` stands in place of a schema, the name that it stands under.
    pub keyword: String,
    /// How much breaking it weighs.
    pub severity: Severity,
    /// Where the rule comes from, if it is said beside it.
    pub source: Option<String>,
}

/// Every keyword that a payload can break, in the order of the schemas, each once.
///
/// The walk begins at the root of each document, so a definition that nothing refers to, or a
/// condition alone, gives nothing.
#[must_use]
pub fn constraints(documents: &BTreeMap<String, Value>) -> Vec<Constraint> {
    let mut walk = Walk { documents, seen: BTreeSet::new(), steps: Vec::new() };
    for (file, root) in documents {
        walk.visit(&Step { file, pointer: String::new(), schema: root }, 0);
    }
    walk.steps.iter().flat_map(|step| step.constraints(documents)).collect()
}

/// One schema on the way, with where it stands.
#[derive(Clone)]
struct Step<'d> {
    file: &'d str,
    pointer: String,
    schema: &'d Value,
}

struct Walk<'d> {
    documents: &'d BTreeMap<String, Value>,
    seen: BTreeSet<(&'d str, String)>,
    steps: Vec<Step<'d>>,
}

impl<'d> Walk<'d> {
    fn visit(&mut self, step: &Step<'d>, depth: usize) {
        if depth > DEEPEST || !self.seen.insert((step.file, step.pointer.clone())) {
            return;
        }
        self.steps.push(step.clone());
        let Value::Object(members) = step.schema else { return };
        for (keyword, value) in members {
            for next in self.next(step, members, keyword, value) {
                self.visit(&next, depth + 1);
            }
        }
    }

    /// The schemas that a keyword leads to.
    fn next(
        &self,
        step: &Step<'d>,
        members: &'d Map<String, Value>,
        keyword: &str,
        value: &'d Value,
    ) -> Vec<Step<'d>> {
        let at = |names: &[&str], schema| Step {
            file: step.file,
            pointer: format!("{}{}", step.pointer, pointer::join(names)),
            schema,
        };
        if keyword == "$ref" {
            return value.as_str().and_then(|to| self.resolve(step.file, to)).into_iter().collect();
        }
        if matches!(keyword, "then" | "else") && !members.contains_key("if") {
            return Vec::new();
        }
        let Some((_, reach)) = APPLICATORS.iter().find(|(name, _)| *name == keyword) else {
            return Vec::new();
        };
        match (reach, value) {
            (Reach::All | Reach::ItemsInTurn, Value::Array(schemas)) => schemas
                .iter()
                .enumerate()
                .map(|(index, schema)| at(&[keyword, &index.to_string()], schema))
                .collect(),
            (Reach::Beside | Reach::Members | Reach::Patterns, Value::Object(schemas)) => {
                schemas.iter().map(|(name, schema)| at(&[keyword, name], schema)).collect()
            }
            (Reach::Here | Reach::OtherMembers | Reach::Items, schema) => {
                vec![at(&[keyword], schema)]
            }
            (_, _) => Vec::new(),
        }
    }

    /// What a reference in `file` leads to, if it is in the documents.
    fn resolve(&self, file: &'d str, reference: &str) -> Option<Step<'d>> {
        let (name, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let name = name.strip_prefix("./").unwrap_or(name);
        let (file, root) =
            self.documents.get_key_value(if name.is_empty() { file } else { name })?;
        // JSON Pointers in a URI fragment are percent-encoded (RFC 6901, section 6).
        let pointer = percent_decode_str(fragment).decode_utf8_lossy().into_owned();
        Some(Step { file, schema: root.pointer(&pointer)?, pointer })
    }
}

impl Step<'_> {
    fn constraints(&self, documents: &BTreeMap<String, Value>) -> Vec<Constraint> {
        match self.schema {
            Value::Object(members) => members
                .keys()
                .filter(|keyword| ASSERTIONS.contains(&keyword.as_str()))
                .map(|keyword| {
                    let rule = format!("{}#{}/{keyword}", self.file, self.pointer);
                    constraint(rule, keyword, Some(members))
                })
                .collect(),
            Value::Bool(false) => {
                let (parent, name) = self.pointer.rsplit_once('/').unwrap_or_default();
                let around = documents.get(self.file).and_then(|root| root.pointer(parent));
                let rule = format!("{}#{}", self.file, self.pointer);
                vec![constraint(rule, name, around.and_then(Value::as_object))]
            }
            _ => Vec::new(),
        }
    }
}

/// A constraint whose keyword stands in the object `around`.
fn constraint(rule: String, keyword: &str, around: Option<&Map<String, Value>>) -> Constraint {
    let source = around.and_then(|around| around.get("$comment")).and_then(Value::as_str);
    Constraint {
        rule,
        keyword: keyword.to_owned(),
        severity: severity(around, keyword),
        source: source.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn documents(files: &[(&str, Value)]) -> BTreeMap<String, Value> {
        files.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    fn rules(files: &[(&str, Value)]) -> Vec<String> {
        constraints(&documents(files)).into_iter().map(|constraint| constraint.rule).collect()
    }

    #[test]
    fn a_definition_counts_where_something_refers_to_it_and_once() {
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
    fn conditions_are_no_constraints_but_what_follows_from_them_is() {
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
        let idle = json!({"then": {"required": ["b"]}});
        assert_eq!(rules(&[("a.json", idle)]), Vec::<String>::new());
    }

    #[test]
    fn severity_and_source_stand_beside_the_keyword() {
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
    fn a_schema_that_leads_to_itself_comes_to_an_end() {
        let event = json!({
            "type": "object",
            "properties": {"next": {"$ref": "#"}, "lost": {"$ref": "none.json#/x"}},
        });
        assert_eq!(rules(&[("a.json", event)]), ["a.json#/type"]);
    }

    #[test]
    fn a_rule_is_called_as_the_validator_calls_it() {
        // A schema, and a document that breaks it at one place.
        let broken = [
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
        for (schema, document) in broken {
            let options = jsonschema::options().with_base_uri("leadhook:///a.json");
            let validator = options.build(&schema).unwrap();
            let errors: Vec<_> = validator.iter_errors(&document).collect();
            let rules = rules(&[("a.json", schema.clone())]);
            for error in &errors {
                let location = error.absolute_keyword_location().unwrap().as_str();
                let (_, fragment) = location.split_once('#').unwrap();
                let fragment = percent_decode_str(fragment).decode_utf8().unwrap();
                // The validator counts what it makes of `dependentRequired`, which is one keyword.
                let called = format!("a.json#{}", fragment.trim_end_matches("/0"));
                assert!(rules.contains(&called), "{schema}: {called} is not in {rules:?}");
            }
            assert_eq!(errors.len(), 1, "{schema}");
        }
    }
}
