//! Implementation of `JSON.stringify(JSON.parse(text))` as in ECMAScript.
//!
//! Some senders sign this result, and their receivers verify it, instead of the bytes on the wire:
//! <https://tc39.es/ecma262/#sec-json.stringify>.

use crate::protocols::json::{Json, JsonError, read};
use crate::protocols::json_print::{JSON_STRINGIFY, print_text};

/// Returns the result of `JSON.stringify` for a parsed value.
#[must_use]
pub fn stringify(json: &Json) -> String {
    print_text(json, &JSON_STRINGIFY)
}

/// Parses a JSON text and returns the result of `JSON.stringify` for it.
///
/// # Errors
///
/// Returns an error if the text is invalid. `JSON.parse` rejects it as well, unless the only error
/// is its depth, or a byte order mark or invalid UTF-8 that was removed by decoding.
pub fn restringify(bytes: &[u8]) -> Result<Vec<u8>, JsonError> {
    read(bytes).map(|json| stringify(&json).into_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocols::json::{Ambiguity, arbitrary, differences, find_ambiguities};

    fn stringified(text: &str) -> String {
        String::from_utf8(restringify(text.as_bytes()).unwrap()).unwrap()
    }

    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(stringified(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_body_that_differs_from_its_stringified_form_is_stringified() {
        // The case "divergence" of the test vectors, checked with Node 20.
        let body = r#"{"id":"evt_edge1","type":"lead.scored","timestamp":"2024-01-15T10:30:00Z","data":{"leadId":"lead_1","score":75.0,"note":"caf\u00e9 \/ a","2":"b","1":"a"}}"#;
        let expected = r#"{"id":"evt_edge1","type":"lead.scored","timestamp":"2024-01-15T10:30:00Z","data":{"1":"a","2":"b","leadId":"lead_1","score":75,"note":"café / a"}}"#;
        assert_eq!(stringified(body), expected);
    }

    #[test]
    fn numbers_have_the_shortest_form_of_their_double() {
        check(&[
            ("75.0", "75"),
            ("1e2", "100"),
            ("-0", "0"),
            ("-0.0e9", "0"),
            ("0.1", "0.1"),
            ("1E400", "null"),
            ("-1e400", "null"),
            ("1e-400", "0"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e+21"),
            ("123456789012345678901", "123456789012345680000"),
            ("9007199254740993", "9007199254740992"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("-1.50e-7", "-1.5e-7"),
            ("5e-324", "5e-324"),
            ("2.4703282292062327e-324", "0"),
            ("2.4703282292062328e-324", "5e-324"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("1.7976931348623158079e308", "1.7976931348623157e+308"),
            ("1.797693134862315808e308", "null"),
            ("0.3000000000000000444", "0.30000000000000004"),
            ("1e23", "1e+23"),
            ("2087506051221634.25", "2087506051221634.2"),
        ]);
    }

    #[test]
    fn strings_escape_only_what_they_must() {
        check(&[
            (r#""\/\u00e9\u0041""#, "\"/éA\""),
            (r#""\"\\""#, r#""\"\\""#),
            (r#""\u0008\u0009\u000a\u000c\u000d""#, r#""\b\t\n\f\r""#),
            (r#""\u0000\u000B\u001F\u007f""#, "\"\\u0000\\u000b\\u001f\u{7f}\""),
            (r#""\u2028\u2029\uFEFF\uffff""#, "\"\u{2028}\u{2029}\u{feff}\u{ffff}\""),
            (r#""\ud83d\ude00""#, "\"😀\""),
            (r#""\uD83D""#, r#""\ud83d""#),
            (r#""\uDE00\uD83D""#, r#""\ude00\ud83d""#),
            (r#""\uD83D\uD83D\uDE00é""#, "\"\\ud83d😀é\""),
        ]);
    }

    #[test]
    fn keys_have_the_order_of_own_properties() {
        check(&[
            (r#"{"b": 1, "a": 2, "10": 3, "9": 4, "0": 5}"#, r#"{"0":5,"9":4,"10":3,"b":1,"a":2}"#),
            (r#"{"a": 1, "b": 2, "a": 3}"#, r#"{"a":3,"b":2}"#),
            (r#"{"1": 1, "0": 2, "1": 3}"#, r#"{"0":2,"1":3}"#),
            (r#"{"a": 1, "\u0061": 2}"#, r#"{"a":2}"#),
            (
                r#"{"4294967296": 1, "4294967295": 2, "4294967294": 3, "01": 4, "-1": 5, "+1": 6, "1.0": 7}"#,
                r#"{"4294967294":3,"4294967296":1,"4294967295":2,"01":4,"-1":5,"+1":6,"1.0":7}"#,
            ),
            (
                r#"{"a": 1, "__proto__": {"b": 2}, "toJSON": 3}"#,
                r#"{"a":1,"__proto__":{"b":2},"toJSON":3}"#,
            ),
            (r#"{"\ud800": 1, "\udc00": 2, "\ud800": 3}"#, r#"{"\ud800":3,"\udc00":2}"#),
            (r#"{"": [ ], " ": { }}"#, r#"{"":[]," ":{}}"#),
        ]);
    }

    proptest! {
        #[test]
        fn stringifying_is_idempotent(text in arbitrary::text()) {
            let once = stringified(&text);
            prop_assert_eq!(stringified(&once), once);
        }

        #[test]
        fn only_imprecise_numbers_change_their_meaning(text in arbitrary::text_without_duplicates()) {
            let json = read(text.as_bytes()).unwrap();
            let restringified = read(stringify(&json).as_bytes()).unwrap();
            let imprecise = find_ambiguities(&json).into_iter().filter_map(|oddity| match oddity {
                Ambiguity::ImpreciseNumber { pointer, .. } => Some(pointer),
                Ambiguity::DuplicateKey { .. } | Ambiguity::LoneSurrogate { .. } => None,
            });
            prop_assert_eq!(differences(&json, &restringified), imprecise.collect::<Vec<_>>());
        }
    }
}
