//! Generators of random, deliberately odd JSON texts for property tests.

use proptest::collection::vec;
use proptest::prelude::*;

/// Generates a JSON text of any kind.
pub(crate) fn text() -> impl Strategy<Value = String> {
    nested(|fields| format!("{{{}}}", fields.join(" , ")))
}

/// Generates a JSON text without duplicate keys.
pub(crate) fn text_without_duplicates() -> impl Strategy<Value = String> {
    nested(|fields| {
        // The number makes the keys distinct, and the character keeps them from being indices.
        let numbered = fields.iter().enumerate();
        let fields: Vec<_> = numbered
            .map(|(number, field)| field.replacen('"', &format!("\"k{number}-"), 1))
            .collect();
        format!("{{{}}}", fields.join(","))
    })
}

fn nested(format_object: fn(Vec<String>) -> String) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("null".to_owned()), Just("true".to_owned()), number(), string()];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        let field = (string(), inner.clone()).prop_map(|(key, value)| format!("{key}:{value}"));
        prop_oneof![
            vec(inner, 0..6).prop_map(|elements| format!("[ {}\n]", elements.join(","))),
            vec(field, 0..6).prop_map(format_object),
        ]
    })
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,19})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
        "-?90071992547409[89][0-9](\\.0)?",
        "-?[1-9]0{0,30}(e-?[0-9]{1,12})?",
    ]
}

fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-c0-9 /~é😀\u{7f}\u{2028}]{0,3}",
        "\\\\([\"\\\\/bfnrt]|u00[0-9a-fA-F]{2}|u[dD][89abAB][0-9]{2}|u[dD][c-fC-F][0-9]{2})",
    ];
    vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}
