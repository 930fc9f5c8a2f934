use super::*;
use serde_json::json;

fn outline_of(schema: Value) -> Outline {
    let shared = json!({"$defs": {
        "lead": {
            "type": "object",
            "properties": {
                "id": {"$ref": "#/$defs/id", "$comment": "B: the lead"},
                "name": {"type": ["string", "null"], "$comment": "A: who"},
            },
        },
        "id": {"type": "string", "minLength": 1, "format": "uuid", "x-severity": {"format": "warning"}, "$comment": "A: a UUID"},
    }});
    let documents = [("a.json".to_owned(), schema), ("defs.json".to_owned(), shared)];
    outline("a.json", &documents.into())
}

fn severity_mark(severity: Severity) -> &'static str {
    if severity == Severity::Warning { "?" } else { "" }
}

/// Formats every field as `/pointer: type; requirements`, where `?` marks a warning.
fn fields(outline: &Outline) -> Vec<String> {
    let requirement = |it: &Requirement| format!("{}{}", it.expected, severity_mark(it.severity));
    let describe = |field: &Field| {
        let presence = match field.presence {
            Presence::Optional => "",
            Presence::Conditional => "~",
            Presence::Required(Severity::Warning) => "!?",
            Presence::Required(Severity::Error) => "!",
        };
        let all: Vec<_> = field.types.iter().chain(&field.requirements).map(requirement).collect();
        format!("{}{presence}: {}", field.pointer, all.join("; "))
    };
    outline.fields.iter().map(describe).collect()
}

/// Formats every rule as `conditions: pointers requirement`.
fn rules(outline: &Outline) -> Vec<String> {
    let describe = |rule: &ConditionalRule| {
        let conditions: Vec<_> = rule
            .conditions
            .iter()
            .map(|it| {
                format!(
                    "{}{}",
                    if it.applies_if_true { "" } else { "not " },
                    it.clauses.join(" & ")
                )
            })
            .collect();
        let requirements: Vec<_> = rule
            .requirements
            .iter()
            .map(|(pointers, expected, severity)| {
                let expected = expected.as_ref().map_or("!".to_owned(), ToString::to_string);
                format!("{} {expected}{}", pointers.join(" "), severity_mark(*severity))
            })
            .collect();
        format!("{}: {}", conditions.join(", "), requirements.join("; "))
    };
    outline.rules.iter().map(describe).collect()
}

#[test]
fn a_field_is_described_by_all_schemas_that_apply_to_it() {
    let outline = outline_of(json!({
        "$comment": "page 7",
        "$ref": "defs.json#/$defs/lead",
        "required": ["id", "extra"],
        "allOf": [{"required": ["name"], "x-severity": "warning", "$comment": "C: always"}],
        "properties": {
            "kind": {"enum": ["a", null]},
            "name": {"maxLength": 50, "x-severity": "warning"},
            "pair": {"type": "array", "x-expected": "a list of two", "x-severity": "warning"},
            "plain": {"type": ["string", "null"], "x-expected": "a string"},
        },
    }));
    assert_eq!(
        fields(&outline),
        [
            ": an object",
            "/id!: a string; not empty; a hyphenated UUID?",
            "/name!?: a string or null; at most 50 characters?",
            "/kind: a string or null; one of `a`, `null`",
            "/pair: a list?; a list of two?",
            "/plain: a string or null",
            "/extra!: ",
        ]
    );
    assert_eq!(outline.fields[1].sources, ["B: the lead", "A: a UUID"]);
    assert_eq!(outline.fields[2].sources, ["A: who", "C: always"]);
    assert_eq!(outline.source.as_deref(), Some("page 7"));
}

#[test]
fn parents_come_before_their_children() {
    let outline = outline_of(json!({
        "properties": {"data": {"type": "object"}, "type": {"const": "x"}},
        "allOf": [{"properties": {"data": {"properties": {
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
            "meta": {"additionalProperties": {"type": "number"}, "x-max-bytes": 1024},
        }}}}],
    }));
    assert_eq!(
        fields(&outline),
        [
            ": ",
            "/data: an object",
            "/data/tags: a list; exactly 2 items",
            "/data/tags/*: a string",
            "/data/meta: at most 1024 bytes as compact JSON",
            "/data/meta/*: a number",
            "/type: a string; `x`",
        ]
    );
}

#[test]
fn a_requirement_under_a_condition_is_described_with_it() {
    let outline = outline_of(json!({
        "if": {
            "required": ["type"],
            "properties": {"type": {"enum": ["sale", "let"]}, "office": {"type": "null"}},
        },
        "then": {
            "required": ["address", "postcode"],
            "properties": {
                "address": {"not": {"type": "null"}},
                "postcode": {"not": {"type": "null"}, "$comment": "C: given"},
            },
            "x-severity": "warning",
        },
        "else": {"properties": {"advert": false}},
        "$comment": "A: the rule",
        "dependentRequired": {"a": ["b"]},
    }));
    assert_eq!(
        rules(&outline),
        [
            "`/type` is one of `sale`, `let` & `/office` is null or absent: \
             /address /postcode !?; /address /postcode anything but null",
            "not `/type` is one of `sale`, `let` & `/office` is null or absent: \
             /advert absent",
            "`/a` is present: /b !",
        ]
    );
    assert_eq!(outline.rules[0].sources, ["A: the rule", "C: given"]);
    // A field that is only described under a condition is not listed.
    assert!(!outline.fields.iter().any(|field| field.pointer == "/advert"));
    let field = |pointer: &str| outline.fields.iter().find(|it| it.pointer == pointer).unwrap();
    assert_eq!(field("/address").presence, Presence::Conditional);
    assert!(field("/address").requirements.is_empty());
}

#[test]
fn every_keyword_is_described_in_english() {
    for (schema, expected) in [
        (json!({"minLength": 1, "maxLength": 50}), "1 to 50 characters"),
        (
            json!({"minLength": 2, "maxLength": 9, "x-severity": {"maxLength": "warning"}}),
            "at least 2 characters; at most 9 characters?",
        ),
        (json!({"minimum": 0, "maximum": 100}), "0 to 100"),
        (json!({"exclusiveMinimum": 0, "multipleOf": 5}), "more than 0; a multiple of 5"),
        (json!({"maxItems": 1, "uniqueItems": true}), "at most 1 item; no duplicate items"),
        (json!({"x-max-decimals": 2}), "at most 2 decimals"),
        (json!({"pattern": "^[0-9]+$"}), "a string that matches `^[0-9]+$`"),
        (json!({"pattern": "^[0-9]+$", "format": "date", "x-expected": "a day"}), "a day"),
        (
            json!({"additionalProperties": false, "x-severity": "warning"}),
            "no fields other than those listed?",
        ),
        (json!({"patternProperties": {"^x-": false}}), "no fields whose name matches `^x-`"),
        (json!({"prefixItems": [true], "items": false}), "no further items"),
        (json!({"not": {"const": 1}}), "anything but `1`"),
        (json!({"not": {"type": "object"}, "x-expected": "a list"}), "a list"),
        (
            json!({"anyOf": [{"required": ["a"]}, {"properties": {"b": {"const": 1}}}]}),
            "an object with `a`, or whose `b` is `1`",
        ),
        (
            json!({"oneOf": [{"$ref": "defs.json#/$defs/id"}, {"type": "null"}]}),
            "exactly one of: a string and not empty and a hyphenated UUID; null",
        ),
        (
            json!({"contains": {"const": 1}, "minContains": 2}),
            "an item that is `1`; at least 2 such items",
        ),
        (json!({"propertyNames": {"maxLength": 3}}), "field names: at most 3 characters"),
        (json!({"minProperties": 1}), "at least 1 field"),
        (json!({"not": {"if": true}}), "anything but what `a.json#/properties/p/not` describes"),
    ] {
        let outline = outline_of(json!({"properties": {"p": schema}}));
        let described = fields(&outline).into_iter().find(|described| described.starts_with("/p:"));
        assert_eq!(described.as_deref(), Some(format!("/p: {expected}").as_str()), "{schema}");
    }
}

#[test]
fn a_recursive_schema_is_described_once() {
    let outline = outline_of(json!({
        "properties": {"next": {"$ref": "#"}, "not": {"not": {"$ref": "#/properties/not"}}},
    }));
    assert_eq!(fields(&outline).len(), 3);
}

#[test]
fn a_condition_is_not_repeated_as_a_requirement() {
    let outline = outline_of(json!({"properties": {"a": {
        "if": {"type": "object"},
        "then": {"type": "object", "properties": {"b": {"type": "string"}}},
    }}}));
    assert_eq!(rules(&outline), ["`/a` is an object: /a/b a string"]);
    assert_eq!(fields(&outline), [": ", "/a: "]);
}

#[test]
fn circular_schemas_are_described_in_bounded_time() {
    // A long chain, then schemas each of which refers to the next one twice.
    let chained = |n: usize| json!({"$ref": format!("#/$defs/{}", n + 1)});
    let doubled = |n: usize| {
        let next = json!({"$ref": format!("#/$defs/{}", n + 1)});
        json!({"type": "object", "properties": {"a": next, "b": next}})
    };
    let mut definitions = Map::new();
    definitions.extend((0..2_000).map(|n| (n.to_string(), chained(n))));
    definitions.extend((3_000..3_040).map(|n| (n.to_string(), doubled(n))));
    let every = vec![json!({"$ref": "#/$defs/many"}); 40];
    definitions.insert("many".to_owned(), json!({"anyOf": every}));
    let outline = outline_of(json!({
        "if": {"$ref": "#/$defs/many"},
        "then": {"required": ["c"]},
        "properties": {"chain": {"$ref": "#/$defs/0"}, "tree": {"$ref": "#/$defs/3000"}},
        "$defs": definitions,
    }));
    assert_eq!(outline.rules.len(), 1);
    assert!((1_000..20_000).contains(&outline.fields.len()), "{}", outline.fields.len());
}
