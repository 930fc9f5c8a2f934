use super::*;
use crate::engine::payload_edit::tests::{add, set, unset};
use crate::protocols::json_print::{STYLES, print};
use crate::protocols::json_style::{AS_SAMPLE, JSON_STYLES};
use proptest::prelude::*;
use serde_json::json;

fn merge(patch: Value) -> PayloadEdit {
    PayloadEdit::Merge { patch }
}

fn edited(body: &str, edits: &[PayloadEdit]) -> Result<String, BodyEditError> {
    apply(body.as_bytes(), edits, &AS_SAMPLE).map(|body| String::from_utf8(body).unwrap())
}

#[test]
fn only_the_edited_value_changes() {
    let body = "\u{feff}{ \"b\" : 1.50,\r\n\t\"a\":[1e2, {\"c\":\"\\u00e9\\/\"}],  \"d\":{}} \n";
    for (edit, from, to) in [
        (set("b", json!("x")), "1.50", "\"x\""),
        (set("a[1].c", json!({"n": null})), "\"\\u00e9\\/\"", "{\"n\":null}"),
        (set("/d", json!(2.0)), "\"d\":{}", "\"d\":2.0"),
        (unset("b"), "\"b\" : 1.50,\r\n\t", ""),
        (unset("a[0]"), "1e2, ", ""),
        (unset("a[1]"), ", {\"c\":\"\\u00e9\\/\"}", ""),
        (unset("d"), ",  \"d\":{}", ""),
        (unset("a[1].c"), "{\"c\":\"\\u00e9\\/\"}", "{}"),
        (add("e", json!(true)), "\"d\":{}", "\"d\":{},  \"e\":true"),
        (add("d.f", json!("ü")), "\"d\":{}", "\"d\":{\"f\" : \"ü\"}"),
        (add("a[2]", json!(3)), "\\/\"}]", "\\/\"}, 3]"),
        (add("/a/-", json!(3)), "\\/\"}]", "\\/\"}, 3]"),
        (merge(json!({"b": 2, "x": null})), "1.50", "2"),
        (merge(json!({"d": {"f": {"g": 1, "h": null}}})), "{}", "{\"f\" : {\"g\":1}}"),
    ] {
        assert_eq!(
            edited(body, std::slice::from_ref(&edit)),
            Ok(body.replace(from, to)),
            "{edit:?}"
        );
    }
}

#[test]
fn edits_are_applied_in_order() {
    let edits = [
        unset("a"),
        add("a", json!([])),
        add("a[0]", json!("x")),
        set("a[0]", json!("y")),
        merge(json!({"b": null, "c": [1]})),
    ];
    assert_eq!(edited(r#"{"a": 1, "b": 2}"#, &edits).unwrap(), r#"{"a": ["y"],"c": [1]}"#);
    assert_eq!(edited("[1]", &[merge(json!({"a": null, "b": 1}))]).unwrap(), r#"{"b":1}"#);
    for (body, patches, expected) in [
        (" 1\n", vec![json!("x")], "\"x\""),
        ("\u{feff}1", vec![json!({"a": 1, "b": null})], "\u{feff}{\"a\":1}"),
        ("{}", vec![json!(1), json!({"a": 2}), json!([3])], "[3]"),
        (" {} ", vec![json!([1])], " [1] "),
        (" 1.50", vec![], " 1.50"),
    ] {
        let edits: Vec<_> = patches.into_iter().map(merge).collect();
        assert_eq!(edited(body, &edits).unwrap(), expected);
    }
}

#[test]
fn every_duplicate_of_a_key_is_edited() {
    let body = r#"{"a":1,"b":2,"a":3}"#;
    assert_eq!(edited(body, &[set("a", json!(4))]).unwrap(), r#"{"a":4,"b":2,"a":4}"#);
    let patched = edited(body, &[merge(json!({"a": {"x": 1}}))]).unwrap();
    assert_eq!(patched, r#"{"a":{"x":1},"b":2,"a":{"x":1}}"#);
    let nested = r#"{"a":{"\u0078":1,"y":[]},"a":{"x":2,"y":[1]}}"#;
    let edits = [set("a.x", json!(4)), add("a.y[1]", json!(5)), add("a.z", json!(6))];
    let expected = r#"{"a":{"\u0078":4,"y":[],"z":6},"a":{"x":4,"y":[1,5],"z":6}}"#;
    assert_eq!(edited(nested, &edits).unwrap(), expected);
    assert_eq!(edited(body, &[unset("a")]).unwrap(), r#"{"b":2}"#);
    assert_eq!(edited(r#"{"a":1,"a":3}"#, &[unset("a")]).unwrap(), "{}");
    let many = format!("{{{}\"b\":2}}", "\"a\":1,".repeat(100_000));
    assert_eq!(edited(&many, &[unset("a")]).unwrap(), r#"{"b":2}"#);
}

#[test]
fn new_values_are_printed_as_the_provider_prints_them() {
    let style = JSON_STYLES.iter().find(|style| style.name == "php").unwrap();
    let edits = [set("a", json!("é/")), add("é", json!(1))];
    let body = apply(br#"{"a":"/"}"#, &edits, style).unwrap();
    assert_eq!(String::from_utf8(body).unwrap(), r#"{"a":"\u00e9\/","\u00e9":1}"#);
}

#[test]
fn an_edit_that_does_not_apply_is_an_error() {
    let body = r#"{"first": 1, "list": [1]}"#;
    let known = ["first", "list", "list[0]"].map(str::to_owned).to_vec();
    for edit in [set("frist", json!(1)), unset("list[1]"), set("first.x", json!(1))] {
        let Err(BodyEditError::Edit(EditError::UnknownPath { known: found, .. })) =
            edited(body, std::slice::from_ref(&edit))
        else {
            panic!("{edit:?}")
        };
        assert_eq!(found, known);
    }
    let exists = edited(body, &[add("first", json!(1))]);
    assert!(matches!(exists, Err(BodyEditError::Edit(EditError::PathExists { .. }))), "{exists:?}");
    for body in ["", "{", "a=1", "\u{1f}\u{8b}"] {
        let error = edited(body, &[set("a", json!(1))]);
        assert!(matches!(error, Err(BodyEditError::NotJson(_))), "{body:?}");
    }
    assert!(apply(b"{\"a\":\"\xff\"}", &[unset("a")], &AS_SAMPLE).is_err());
    assert_eq!(edited(r#"{"\ud800":1}"#, &[set("\u{fffd}", json!(2))]).unwrap(), r#"{"\ud800":2}"#);
}

/// Returns a strategy for payloads.
fn payloads() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-c\"\\\\é, \\]}{]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[a-c]", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn edits() -> impl Strategy<Value = PayloadEdit> {
    let path = "[a-c](\\.[a-c]|\\[[0-2]\\]){0,2}";
    prop_oneof![
        (path, payloads()).prop_map(|(path, value)| set(&path, value)),
        (path, payloads()).prop_map(|(path, value)| add(&path, value)),
        path.prop_map(|path| unset(&path)),
        payloads().prop_map(merge),
    ]
}

/// Returns a strategy for JSON texts with duplicate keys, escapes and white space.
fn texts() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("1.50"), Just("\"\\u00e9, }\""), Just("{ }"), Just("[]")];
    leaf.prop_map(str::to_owned).prop_recursive(3, 24, 4, |inner| {
        let space = "[ \n]{0,2}";
        let key = prop_oneof![Just("\"a\""), Just("\"b\""), Just("\"\\u0061\"")];
        let element = (space, inner.clone(), space).prop_map(|(a, item, b)| [a, item, b].concat());
        let field = (space, key, space, inner)
            .prop_map(|(a, key, b, value)| format!("{a}{key}{b}:{a}{value}{b}"));
        prop_oneof![
            proptest::collection::vec(element, 1..4).prop_map(|it| format!("[{}]", it.join(","))),
            proptest::collection::vec(field, 1..4).prop_map(|it| format!("{{{}}}", it.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn the_edited_text_with_duplicates_has_the_edited_value(
        text in texts(),
        edits in proptest::collection::vec(edits(), 1..4),
    ) {
        let mut expected = json::read(text.as_bytes()).unwrap().into_value();
        let result = payload_edit::apply(&mut expected, &edits);
        match apply(text.as_bytes(), &edits, &AS_SAMPLE) {
            Ok(edited) => {
                prop_assert_eq!(result, Ok(()));
                prop_assert_eq!(json::read(&edited).unwrap().into_value(), expected);
            }
            Err(BodyEditError::Edit(error)) => prop_assert_eq!(result, Err(error)),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn the_edited_text_has_the_edited_value(
        payload in payloads(),
        edits in proptest::collection::vec(edits(), 1..4),
        style in 0..STYLES.len(),
    ) {
        // A style may lose what it cannot print, so the text is the starting point.
        let text = print(&json::Json::from(payload), &STYLES[style]);
        let mut expected = json::read(&text).unwrap().into_value();
        let result = payload_edit::apply(&mut expected, &edits);
        match apply(&text, &edits, &AS_SAMPLE) {
            Ok(edited) => {
                prop_assert_eq!(result, Ok(()));
                prop_assert_eq!(json::read(&edited).unwrap().into_value(), expected);
            }
            Err(BodyEditError::Edit(error)) => prop_assert_eq!(result, Err(error)),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}
