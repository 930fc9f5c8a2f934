//! The table, and what its rows leave as it is.

use super::*;
use std::collections::BTreeSet;

#[test]
fn a_changed_body_is_another_document_and_stays_json() {
    let read = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).unwrap();
    for body in [
        r#"{"a":"z"}"#,
        r#"{"a":"0","b":1}"#,
        r#"{"a":true}"#,
        r#"{"type":"bca"}"#,
        r#"{"a":"x\n"}"#,
        r#"{"a":"\u00ef"}"#,
        "{}",
        r#"{"":1}"#,
    ] {
        let mut changed = body.as_bytes().to_vec();
        spoil::change_one_byte(&mut changed);
        assert_ne!(read(&changed), read(body.as_bytes()), "{body}");
    }
}

#[test]
fn names_are_unique() {
    let names: BTreeSet<_> = TAMPERS.iter().map(|tamper| tamper.name).collect();
    assert_eq!(names.len(), TAMPERS.len());
}
