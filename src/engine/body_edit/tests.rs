use super::*;
use crate::protocols::json_print::{STYLES, print};
use crate::protocols::json_style::{AS_SAMPLE, JSON_STYLES};
use proptest::prelude::*;
use serde_json::json;

fn set(path: &str, value: Value) -> PayloadEdit {
    PayloadEdit::Set { path: path.to_owned(), value }
}

fn add(path: &str, value: Value) -> PayloadEdit {
    PayloadEdit::Add { path: path.to_owned(), value }
}

fn unset(path: &str) -> PayloadEdit {
    PayloadEdit::Unset { path: path.to_owned() }
}

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
    assert_eq!(edited(" 1\n", &[merge(json!("x"))]).unwrap(), " \"x\"\n");
}

#[test]
fn duplicate_keys_are_edited_where_readers_take_the_value_from() {
    let body = r#"{"a":1,"b":2,"a":3}"#;
    assert_eq!(edited(body, &[set("a", json!(4))]).unwrap(), r#"{"a":1,"b":2,"a":4}"#);
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

proptest! {
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
