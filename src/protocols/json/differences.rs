//! Compares two values by meaning, independent of their spelling.

use std::collections::HashMap;

use crate::domain::pointer::{PointerStep, format_excerpt};
use crate::protocols::json::decimal::{round_trips_as_double, same_value};
use crate::protocols::json::document::{Json, MAX_POINTERS};
use crate::protocols::json::text::Text;

/// Returns the JSON Pointers at which two values differ, the first [`MAX_POINTERS`] of them. A long
/// pointer is truncated.
///
/// The order of fields is ignored; the order of elements is not. Numbers are compared by their
/// exact value: `75.0` is `7.5e1`, and `9007199254740993` is not `9007199254740992`. A number that
/// a double cannot represent must be spelled the same on both sides, because parsers differ on its
/// value. A field or an element that only one side has is a difference at its own pointer.
///
/// A duplicate key on either side is a difference as well, even if its values are equal: some
/// parsers use the first and some the last, so the object has no single meaning and equals nothing,
/// not even itself.
#[must_use]
pub fn differences(left: &Json, right: &Json) -> Vec<String> {
    let mut comparison = Comparison { path: Vec::new(), found: Vec::new() };
    comparison.compare_values(left, right);
    comparison.found
}

/// Returns `true` if two literals are the same number for every parser.
///
/// A parser with integers keeps a large whole number exactly, but reads it as a double if it has a
/// fraction or an exponent: there `9007199254740993` is not `9007199254740993.0`.
fn same_number(left: &str, right: &str) -> bool {
    left == right
        || (same_value(left, right) && round_trips_as_double(left) && round_trips_as_double(right))
}

/// A field of an object.
#[derive(Clone, Copy)]
struct Field<'a> {
    value: &'a Json,
    is_duplicate: bool,
}

struct Comparison<'a> {
    path: Vec<PointerStep<'a>>,
    found: Vec<String>,
}

impl<'a> Comparison<'a> {
    fn compare_values(&mut self, left: &'a Json, right: &'a Json) {
        let same = match (left, right) {
            (Json::Object(left), Json::Object(right)) => return self.compare_objects(left, right),
            (Json::Array(left), Json::Array(right)) => return self.compare_arrays(left, right),
            (Json::Number(left), Json::Number(right)) => same_number(left, right),
            (Json::Null | Json::Bool(_) | Json::Text(_), _) => left == right,
            (Json::Number(_) | Json::Array(_) | Json::Object(_), _) => false,
        };
        if !same {
            self.found.push(format_excerpt(&self.path));
        }
    }

    fn compare_objects(&mut self, left: &'a [(Text, Json)], right: &'a [(Text, Json)]) {
        let (mut lefts, mut rights) = (fields_by_key(left), fields_by_key(right));
        for (key, _) in left {
            // The first occurrence removes the entry from the map, so a duplicate key is one step.
            if let Some(field) = lefts.remove(key) {
                self.compare_fields(key, Some(field), rights.remove(key));
            }
        }
        for (key, _) in right {
            if let Some(field) = rights.remove(key) {
                self.compare_fields(key, None, Some(field));
            }
        }
    }

    fn compare_fields(&mut self, key: &'a Text, left: Option<Field<'a>>, right: Option<Field<'a>>) {
        let repeats = |field: Option<Field<'_>>| field.is_some_and(|field| field.is_duplicate);
        let (left, right) = if repeats(left) || repeats(right) {
            // A value on only one side makes the field itself the difference.
            (left.or(right).map(|field| field.value), None)
        } else {
            (left.map(|field| field.value), right.map(|field| field.value))
        };
        self.compare_at(PointerStep::Name(key.to_string_lossy()), left, right);
    }

    fn compare_arrays(&mut self, left: &'a [Json], right: &'a [Json]) {
        for index in 0..left.len().max(right.len()) {
            self.compare_at(PointerStep::Index(index), left.get(index), right.get(index));
        }
    }

    fn compare_at(
        &mut self,
        step: PointerStep<'a>,
        left: Option<&'a Json>,
        right: Option<&'a Json>,
    ) {
        if self.found.len() == MAX_POINTERS {
            return;
        }
        self.path.push(step);
        match (left, right) {
            (Some(left), Some(right)) => self.compare_values(left, right),
            (Some(_), None) | (None, Some(_)) => self.found.push(format_excerpt(&self.path)),
            (None, None) => {}
        }
        self.path.pop();
    }
}

/// Returns the fields of an object by key.
fn fields_by_key(fields: &[(Text, Json)]) -> HashMap<&Text, Field<'_>> {
    let mut found = HashMap::with_capacity(fields.len());
    for (key, value) in fields {
        found
            .entry(key)
            .and_modify(|field: &mut Field<'_>| field.is_duplicate = true)
            .or_insert(Field { value, is_duplicate: false });
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocols::json::{arbitrary, first_duplicate_key, read};

    fn pointers(left: &str, right: &str) -> Vec<String> {
        differences(&read(left.as_bytes()).unwrap(), &read(right.as_bytes()).unwrap())
    }

    #[test]
    fn values_are_compared_by_meaning() {
        let cases: &[(&str, &str, &[&str])] = &[
            (r#"{"a": 1, "b": [2]}"#, r#"{"b":[2.0],"a":1e0}"#, &[]),
            ("[9007199254740993, 75]", "[9007199254740993.0, 75.0]", &["/0"]),
            ("[12345678901234567890]", "[1.2345678901234567890e19]", &["/0"]),
            ("[9007199254740993, 1e400]", "[9007199254740993, 1e400]", &[]),
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 2}"#, &["/a"]),
            (r#"{"a": 2, "a": 1}"#, r#"{"a": 2}"#, &["/a"]),
            (r#"{"a": 2, "a": 2}"#, r#"{"a": 2}"#, &["/a"]),
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 1, "a": 2}"#, &["/a"]),
            (r#"{"a": 1, "\u0061": 1}"#, r#"{"b": 1}"#, &["/a", "/b"]),
            (r#"[{"x": {"a": {}, "a": {}}}]"#, r#"[{"x": {"a": {}}}]"#, &["/0/x/a"]),
            (r#"{"caf\u00e9": "\/"}"#, r#"{"café": "/"}"#, &[]),
            ("9007199254740993", "9007199254740992", &[""]),
            ("[1, 2]", "[2, 1]", &["/0", "/1"]),
            ("[1, 2, 3]", "[1]", &["/1", "/2"]),
            ("[1]", "[1, 2]", &["/1"]),
            (
                r#"{"a": {"b/c": [0, {"~": 1}]}}"#,
                r#"{"a": {"b/c": [0, {"~": 2}]}}"#,
                &["/a/b~1c/1/~0"],
            ),
            (r#"{"a": 1, "b": 2}"#, r#"{"b": 2, "c": 3}"#, &["/a", "/c"]),
            (r#"{"a": null}"#, "{}", &["/a"]),
            (
                r#"["1", true, null, [], {}]"#,
                "[1, false, 0, {}, []]",
                &["/0", "/1", "/2", "/3", "/4"],
            ),
            (r#"["\ud800"]"#, r#"["\ud801"]"#, &["/0"]),
            (r#"{"\ud800": 1}"#, r#"{"\ud800": 2}"#, &["/\u{fffd}"]),
            ("[0]", "[-0.0]", &[]),
            ("true", "true", &[]),
        ];
        for (left, right, expected) in cases {
            assert_eq!(pointers(left, right), *expected, "{left} and {right}");
            let mut back = pointers(right, left);
            back.sort();
            assert_eq!(back, *expected, "{right} and {left}");
        }
    }

    #[test]
    fn the_number_of_pointers_is_limited() {
        let (left, right) = (format!("[{}0]", "1,".repeat(1000)), "[]");
        assert_eq!(pointers(&left, right).len(), MAX_POINTERS);
        let left: Vec<_> = (0..1000).map(|key| format!(r#""{key}": {key}"#)).collect();
        let left = format!("{{{}}}", left.join(","));
        assert_eq!(pointers(&left, "{}").len(), MAX_POINTERS);
        assert_eq!(pointers("{}", &left).len(), MAX_POINTERS);
    }

    proptest! {
        #[test]
        fn a_value_does_not_differ_from_itself(text in arbitrary::text_without_duplicates()) {
            prop_assert_eq!(pointers(&text, &text), Vec::<String>::new());
        }

        #[test]
        fn a_value_with_a_duplicate_key_equals_nothing(text in arbitrary::text()) {
            let value = read(text.as_bytes()).unwrap();
            prop_assert_eq!(pointers(&text, &text).is_empty(), first_duplicate_key(&value).is_none());
        }
    }
}
