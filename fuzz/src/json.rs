//! Properties of the JSON reader and of the encoder styles.

use leadhook::protocols::json::{Ambiguity, Json, JsonErrorKind};
use leadhook::protocols::{json, json_print, json_stringify};
use serde::de::IgnoredAny;
use serde_json::{Number, Value};
use std::collections::HashSet;

/// Asserts that the reader accepts what `serde_json` accepts, within its limits, with equal values.
///
/// Documented differences: the reader accepts numbers beyond the range of a double and lone
/// surrogates, and it has its own limits.
pub fn read(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).ok();
    // `IgnoredAny` checks the grammar only: neither the depth nor the range of numbers.
    let is_json = text.is_some_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    match json::read(bytes) {
        Ok(document) => {
            assert!(is_json, "accepted, but `serde_json` rejects it");
            let (mut values, depth) = (0, depth(&document));
            count(&document, &mut values);
            assert!(depth <= json::MAX_DEPTH, "{depth} levels");
            assert!(values <= json::MAX_VALUES && values <= bytes.len(), "{values} values");
            if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
                assert!(
                    equal_values(&document.clone().into_value(), &value),
                    "another value: {value}"
                );
            }
            assert_stringify_is_stable(&document);
        }
        Err(error) => {
            let is_limit =
                matches!(error.kind, JsonErrorKind::TooDeep | JsonErrorKind::TooManyValues { .. });
            assert!(is_limit || !is_json, "rejected, but `serde_json` accepts it: {error}");
            assert!(error.offset <= bytes.len() && error.line >= 1, "{error:?}");
            assert!((1..=error.offset + 1).contains(&error.column), "{error:?}");
            let shown = error.to_string();
            assert!(!shown.contains(char::is_control), "{shown:?}");
        }
    }
}

/// Asserts that every style prints within its limit, is detected, and reaches a fixed point.
pub fn print(bytes: &[u8]) {
    let Ok(document) = json::read(bytes) else { return };
    for style in json_print::STYLES {
        let printed = json_print::print(&document, style);
        let shown = || format!("{}: {}", style.code, String::from_utf8_lossy(&printed));
        let within = |limit| json_print::print_with_limit(&document, style, limit);
        assert_eq!(within(printed.len()).as_ref(), Some(&printed), "{}", shown());
        assert_eq!(within(printed.len() - 1), None, "{}", shown());
        let by = json_print::matching_styles(&document, &printed);
        assert!(by.iter().any(|by| by.code == style.code), "{}", shown());
        let again = |bytes: &[u8]| match json::read(bytes) {
            Ok(document) => Some(json_print::print(&document, style)),
            // Some libraries print names for infinity, which is not valid JSON.
            Err(error) if !has_infinite_number(&document) => panic!("{error}: {}", shown()),
            Err(_) => None,
        };
        // The second output is the fixed point: PHP prints `-0.0` as `-0`, and that as `0`.
        let Some(twice) = again(&printed) else { continue };
        assert_eq!(again(&twice).as_ref(), Some(&twice), "{}", shown());
    }
}

/// Asserts that the output of `JSON.stringify` is stable, and differs from the input only in
/// numbers beyond a double and in repeated names.
fn assert_stringify_is_stable(document: &Json) {
    let once = json_stringify::stringify(document);
    let again = json::read(once.as_bytes()).unwrap_or_else(|error| panic!("{error}: {once}"));
    assert_eq!(json_stringify::stringify(&again), once);
    let (mut imprecise, mut repeated) = (HashSet::new(), HashSet::new());
    for oddity in json::find_ambiguities(document) {
        match oddity {
            Ambiguity::ImpreciseNumber { pointer, .. } => imprecise.insert(pointer),
            Ambiguity::DuplicateKey { pointer, .. } => repeated.insert(pointer),
            _ => false,
        };
    }
    if imprecise.len() < json::MAX_POINTERS && repeated.len() < json::MAX_POINTERS {
        for pointer in json::differences(document, &again) {
            let is_known = imprecise.contains(&pointer) || repeated.contains(&pointer);
            assert!(is_known, "`{pointer}` differs: {once}");
        }
    }
    // A document that repeats a name is not comparable.
    assert_eq!(json::differences(document, document).is_empty(), repeated.is_empty());
}

fn depth(json: &Json) -> usize {
    match json {
        Json::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Json::Object(fields) => {
            1 + fields.iter().map(|(_, value)| depth(value)).max().unwrap_or_default()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => 0,
    }
}

fn count(json: &Json, values: &mut usize) {
    *values += 1;
    match json {
        Json::Array(items) => items.iter().for_each(|item| count(item, values)),
        Json::Object(fields) => fields.iter().for_each(|(_, value)| count(value, values)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => {}
    }
}

fn has_infinite_number(json: &Json) -> bool {
    match json {
        Json::Number(literal) => literal.parse::<f64>().is_ok_and(f64::is_infinite),
        Json::Array(items) => items.iter().any(has_infinite_number),
        Json::Object(fields) => fields.iter().any(|(_, value)| has_infinite_number(value)),
        Json::Null | Json::Bool(_) | Json::Text(_) => false,
    }
}

/// Returns `true` if two values are equal except for the last few bits of a double, which
/// `serde_json` does not parse exactly.
pub(crate) fn equal_values(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let double = |number: &Number| number.as_f64().unwrap_or_default();
            let whole = |number: &Number| number.is_i64() || number.is_u64();
            let distance = (double(left) - double(right)).abs();
            left == right
                || !(whole(left) && whole(right))
                    && distance <= double(left).abs() * 1e-15 + f64::MIN_POSITIVE
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| equal_values(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let has_same =
                |(name, left)| right.get(name).is_some_and(|right| equal_values(left, right));
            left.len() == right.len() && left.iter().all(has_same)
        }
        (left, right) => left == right,
    }
}
