//! Tests of compiling schemas and describing findings.

use super::*;
use serde_json::json;

fn findings(schema: Value, document: &Value) -> Vec<(Severity, String, String)> {
    let definitions = json!({"$defs": {"name": {"type": "string", "maxLength": 3, "x-severity": "warning", "$comment": "page 7"}}});
    let documents = [("a.json".to_owned(), schema), ("defs.json".to_owned(), definitions)];
    let schema = Schema::compile("a.json", documents.into()).unwrap();
    schema.findings(document).into_iter().map(|f| (f.severity, f.code, f.pointer)).collect()
}

fn one_finding(severity: Severity, code: &str, pointer: &str) -> Vec<(Severity, String, String)> {
    vec![(severity, code.to_owned(), pointer.to_owned())]
}

#[test]
fn severity_is_read_next_to_the_keyword_through_references() {
    let schema = json!({"properties": {"a": {"$ref": "defs.json#/$defs/name"}}});
    assert_eq!(
        findings(schema, &json!({"a": "long"})),
        one_finding(Severity::Warning, "too-long", "/a")
    );
}

#[test]
fn a_missing_field_has_its_own_pointer() {
    let schema = json!({"properties": {"d": {"required": ["a/b"]}}});
    assert_eq!(
        findings(schema, &json!({"d": {}})),
        one_finding(Severity::Error, "missing", "/d/a~1b")
    );
}

#[test]
fn severity_can_be_set_for_each_keyword() {
    let schema = json!({"type": "object", "properties": {"a": true}, "additionalProperties": false, "x-severity": {"additionalProperties": "warning"}});
    let expected = one_finding(Severity::Warning, "unknown-member", "/x");
    assert_eq!(findings(schema.clone(), &json!({"x": 1})), expected);
    assert_eq!(findings(schema, &json!([])), one_finding(Severity::Error, "wrong-type", ""));
}

#[test]
fn an_empty_string_means_unset_if_the_root_declares_it() {
    let fields = json!({"a": {"format": "email"}, "id": {"minLength": 1}});
    let unsets = json!({"x-empty-unsets": true, "properties": fields});
    assert_eq!(
        findings(unsets, &json!({"a": "", "id": ""})),
        one_finding(Severity::Error, "empty", "/id")
    );
    let keeps = json!({"properties": fields});
    assert_eq!(
        findings(keeps, &json!({"a": "", "id": "x"})),
        one_finding(Severity::Error, "bad-format", "/a")
    );
}

#[test]
fn custom_keywords_limit_bytes_and_decimals() {
    let schema = json!({"properties": {"m": {"x-max-bytes": 9}, "n": {"x-max-decimals": 2}}});
    assert_eq!(
        findings(schema.clone(), &json!({"m": {"a": "é"}, "n": 1.25})),
        one_finding(Severity::Error, "too-large", "/m")
    );
    assert_eq!(
        findings(schema, &json!({"m": {}, "n": 1.255})),
        one_finding(Severity::Error, "too-precise", "/n")
    );
}

#[test]
fn a_wrong_type_is_reported_once() {
    let schema = json!({"properties": {"a": {"type": "string", "enum": ["x"]}}});
    assert_eq!(
        findings(schema, &json!({"a": 1})),
        one_finding(Severity::Error, "wrong-type", "/a")
    );
}

#[test]
fn a_more_severe_error_is_reported_beside_a_wrong_type() {
    let field = json!({"type": "string", "enum": ["x"], "x-severity": {"type": "warning"}});
    let schema = json!({"properties": {"a": field}});
    let mut expected = one_finding(Severity::Warning, "wrong-type", "/a");
    expected.extend(one_finding(Severity::Error, "not-in-list", "/a"));
    assert_eq!(findings(schema, &json!({"a": 1})), expected);
}

#[test]
fn a_rule_has_its_location_and_the_nearest_comment() {
    let schema = json!({
        "x-sources": {"P": "example.com/page"},
        "$comment": "of all",
        "properties": {
            "a b/%": {"$comment": "A [P], [Q]: far", "items": {"type": "string"}},
            "c": {"type": "string"},
        },
    });
    let schema = Schema::compile("a b.json", [("a b.json".to_owned(), schema)].into()).unwrap();
    let findings = schema.findings(&json!({"a b/%": [1], "c": 1}));
    let rules: Vec<_> =
        findings.iter().map(|it| (it.rule.as_deref().unwrap_or_default(), &*it.source)).collect();
    assert_eq!(
        rules,
        [
            ("a b.json#/properties/a b~1%/items/type", "A (example.com/page), [Q]: far"),
            ("a b.json#/properties/c/type", "of all"),
        ]
    );
}

#[test]
fn reaching_the_limit_of_findings_is_reported() {
    let schema = json!({"items": {"type": "string"}});
    for length in [MAX_FINDINGS + 1, MAX_FULLY_CHECKED_VALUES + 1] {
        let found = findings(schema.clone(), &json!(vec![0; length]));
        assert!(found.len() <= MAX_FINDINGS + 1, "{length}");
        assert_eq!(found.last().unwrap().1, "more-findings", "{length}");
    }
}

#[test]
fn errors_are_listed_before_warnings_at_the_limit() {
    let schema = json!({
        "items": {"minimum": 1, "x-severity": "warning"},
        "contains": {"const": 1},
        "maxItems": 9,
    });
    let found = findings(schema, &json!(vec![0; 2 * MAX_FINDINGS]));
    assert_eq!(found.len(), MAX_FINDINGS + 1);
    assert_eq!(
        [found[0].0, found[1].0, found[2].0],
        [Severity::Error, Severity::Error, Severity::Warning]
    );
    let warnings = json!({"items": {"minimum": 1, "x-severity": "warning"}});
    let found = findings(warnings, &json!(vec![0; 2 * MAX_FINDINGS]));
    assert_eq!(found.last().unwrap().0, Severity::Warning);
    let errors = json!({"items": {"minimum": 1}});
    let found = findings(errors, &json!(vec![0; 2 * MAX_FINDINGS]));
    assert_eq!(found.last().unwrap().0, Severity::Error);
}

#[test]
fn checks_skipped_in_a_large_document_are_reported_without_findings() {
    let fields = json!({"a": {"format": "email"}, "b": {"items": {"type": "number"}}});
    let schema = json!({"x-empty-unsets": true, "properties": fields});
    let large = json!({"a": "", "b": vec![""; MAX_FULLY_CHECKED_VALUES]});
    assert_eq!(findings(schema, &large), one_finding(Severity::Warning, "more-findings", ""));
}

#[test]
fn a_pattern_beyond_the_backtracking_limit_is_a_warning() {
    let schema = json!({"pattern": "^(?:(a|a)*\\1b|a*!)$"});
    assert_eq!(findings(schema.clone(), &json!("aa!")), []);
    let long = json!(format!("{}!", "a".repeat(40)));
    assert_eq!(findings(schema, &long), one_finding(Severity::Warning, "undecided", ""));
}

#[test]
fn nothing_is_fetched() {
    let schema = json!({"$ref": "https://example.com/schema.json"});
    let error = Schema::compile("a.json", [("a.json".to_owned(), schema)].into()).unwrap_err();
    assert!(error.reason.contains("nothing is fetched"), "{error}");
}
