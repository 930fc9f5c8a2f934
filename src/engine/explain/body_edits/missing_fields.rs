//! Fields that a framework drops because they have no value, or adds as `null`.

use crate::engine::explain::body_edits::received_body::{Form, ReceivedBody};
use crate::protocols::json_layout::{JsonLayout, Kind, Node};
use crate::protocols::schemes::hypothesis::truncate_name;
use serde_json::{Map, Value};
use std::ops::Range;

/// The maximum number of objects of a body, and of levels above them, that are compared with a
/// sample.
const MAX_OBJECTS: usize = 8;
const MAX_DEPTH: usize = 4;

/// The maximum number of fields of one object that are compared.
const MAX_FIELDS: usize = 200;

/// The maximum number of fields that are put back or removed one at a time.
const MAX_SINGLES: usize = 160;

/// The maximum number of `null` fields of which every selection is removed.
const MAX_SELECTED: usize = 5;

/// The maximum number of bytes of all forms of one row.
const MAX_BYTES: usize = 512 << 10;

/// Returns `true` if a field with this value in the sample may have been empty in the way of a row.
type IsOfKind = fn(&Value) -> bool;

/// The values that a dropped field may have had, with the predicate on the value of the sample.
const EMPTY_VALUES: [(&str, IsOfKind); 5] = [
    ("null", |_| true),
    ("\"\"", Value::is_string),
    ("[]", Value::is_array),
    ("false", Value::is_boolean),
    ("0", Value::is_number),
];

/// A field that the sample has and the body lacks.
struct Missing<'s> {
    /// The offset at which it is put back.
    offset: usize,
    key: &'s str,
    sample: &'s Value,
    /// Whether it follows another field, rather than being the first.
    is_after: bool,
}

/// Returns the body with documented fields put back in their documented place: each alone, and all
/// of a sample.
pub(super) fn restored(body: &ReceivedBody<'_>) -> Vec<Form> {
    let samples = body.context.samples;
    let Some(layout) = body.layout().filter(|_| !samples.is_empty()) else { return Vec::new() };
    let limit = MAX_BYTES / (body.len() + 1);
    let separators = Separators::of(layout);
    let mut singles: Vec<(usize, &str, &str)> = Vec::new();
    let mut forms = Vec::new();
    for sample in samples {
        let missing = missing_fields(layout, sample);
        for (empty, applies) in EMPTY_VALUES {
            let fields: Vec<_> = missing.iter().filter(|field| applies(field.sample)).collect();
            if fields.len() > 1 && forms.len() < limit {
                forms.push(put_back(layout, &separators, &fields, empty));
            }
            for field in fields {
                let is_new = !singles.contains(&(field.offset, field.key, empty));
                if is_new && singles.len() < MAX_SINGLES && forms.len() < limit {
                    singles.push((field.offset, field.key, empty));
                    forms.push(put_back(layout, &separators, &[field], empty));
                }
            }
        }
    }
    forms
}

/// Finds the fields of a sample that the objects of the body lack, in ascending order of offset.
fn missing_fields<'s>(layout: &JsonLayout<'_>, sample: &'s Value) -> Vec<Missing<'s>> {
    let mut missing = Vec::new();
    let objects = layout.nodes().iter().enumerate().filter(|(_, node)| {
        node.kind == Kind::Object && node.depth < MAX_DEPTH && !node.is_empty_container()
    });
    for (index, node) in objects.take(MAX_OBJECTS) {
        let Some(Value::Object(model)) = sample.pointer(&layout.pointer(node)) else { continue };
        let fields = fields_of(layout, index);
        missing_in(layout, node, &fields, model, &mut missing);
    }
    missing.sort_by_key(|field| field.offset);
    missing
}

/// Returns the fields of the object at this position among the nodes.
fn fields_of<'l>(layout: &'l JsonLayout<'_>, object: usize) -> Vec<&'l Node> {
    let nodes = layout.nodes().iter().skip(object + 1);
    let inside = nodes.take_while(|node| node.parent.is_some_and(|parent| parent >= object));
    inside.filter(|node| node.parent == Some(object)).take(MAX_FIELDS).collect()
}

/// Adds the fields of `model` that are not among `fields`, each after the field that precedes it in
/// the model.
fn missing_in<'s>(
    layout: &JsonLayout<'_>,
    object: &Node,
    fields: &[&Node],
    model: &'s Map<String, Value>,
    missing: &mut Vec<Missing<'s>>,
) {
    let known = |key: &str| fields.iter().find(|field| layout.key(field) == Some(key));
    // An object of another kind shares no field with the sample.
    if !model.keys().any(|key| known(key).is_some()) {
        return;
    }
    let first = fields.first().and_then(|field| field.key.as_ref());
    let mut offset = first.map_or(object.range.start + 1, |key| key.start);
    let mut is_after = false;
    for (key, sample) in model.iter().take(MAX_FIELDS) {
        match known(key) {
            Some(field) => {
                offset = field.range.end;
                is_after = true;
            }
            None => missing.push(Missing { offset, key, sample, is_after }),
        }
    }
}

/// The white space around the separators of a body.
struct Separators<'t> {
    comma: &'t str,
    colon: &'t str,
}

impl<'t> Separators<'t> {
    /// Reads them from the first two fields.
    fn of(layout: &JsonLayout<'t>) -> Self {
        let fields = fields_of(layout, 0);
        let between = |start: usize, end: usize| layout.slice(&(start..end));
        let first = fields.first();
        let colon = first
            .and_then(|field| Some(between(field.key.as_ref()?.end, field.range.start)))
            .filter(|colon| colon.contains(':'));
        let comma = first
            .zip(fields.get(1))
            .and_then(|(first, next)| Some(between(first.range.end, next.key.as_ref()?.start)))
            .filter(|comma| comma.contains(','));
        Self { comma: comma.unwrap_or(","), colon: colon.unwrap_or(":") }
    }
}

/// Returns the body with these fields put back.
fn put_back(
    layout: &JsonLayout<'_>,
    separators: &Separators<'_>,
    fields: &[&Missing<'_>],
    empty: &str,
) -> Form {
    let Separators { comma, colon } = separators;
    let insertions: Vec<(Range<usize>, String)> = fields
        .iter()
        .map(|field| {
            let written = format!("\"{}\"{colon}{empty}", field.key);
            let text = if field.is_after {
                format!("{comma}{written}")
            } else {
                format!("{written}{comma}")
            };
            (field.offset..field.offset, text)
        })
        .collect();
    let text = layout.replace(insertions.iter().map(|(range, text)| (range, text.as_str())));
    let detail = match fields {
        [field] => {
            format!("the dropped field `{}` is put back as `{empty}`", truncate_name(field.key))
        }
        _ => format!("the {} dropped fields of the sample are put back as `{empty}`", fields.len()),
    };
    (text.into_bytes(), detail)
}

/// Returns the body without its `null` fields: all of them, each alone, and every selection if they
/// are few.
pub(super) fn without_nulls(body: &ReceivedBody<'_>) -> Vec<Form> {
    let Some(layout) = body.layout() else { return Vec::new() };
    let is_null = |node: &&Node| node.key.is_some() && layout.slice(&node.range) == "null";
    let nulls: Vec<&Node> = layout.nodes().iter().filter(is_null).collect();
    let limit = MAX_BYTES / (body.len() + 1);
    let all = std::iter::once(vec![true; nulls.len()]).filter(|_| !nulls.is_empty());
    let selections: Vec<Vec<bool>> = if nulls.len() <= MAX_SELECTED {
        let count = 1_usize << nulls.len();
        let bits = |number: usize| (0..nulls.len()).map(|bit| number >> bit & 1 == 1).collect();
        all.chain((1..count.saturating_sub(1)).map(bits)).take(limit).collect()
    } else {
        let single = |index: usize| (0..nulls.len()).map(|other| other == index).collect();
        all.chain((0..nulls.len().min(MAX_SINGLES)).map(single)).take(limit).collect()
    };
    let forms = selections.into_iter().map(|selection| {
        let selected = nulls.iter().zip(selection).filter(|(_, is_selected)| *is_selected);
        let removed: Vec<&Node> = selected.map(|(node, _)| *node).collect();
        without_fields(layout, &removed)
    });
    forms.collect()
}

/// Returns the body without these fields, which are in ascending order.
fn without_fields(layout: &JsonLayout<'_>, removed: &[&Node]) -> Form {
    let starts: std::collections::BTreeSet<usize> =
        removed.iter().map(|node| node.range.start).collect();
    let parents: std::collections::BTreeSet<usize> =
        removed.iter().filter_map(|node| node.parent).collect();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for parent in parents {
        let fields = fields_of(layout, parent);
        let is_removed = |field: &Node| starts.contains(&field.range.start);
        let kept_end = fields.iter().rposition(|field| !is_removed(field));
        // The fields before the last kept one are removed with the comma after them, and the
        // others with the comma before them.
        let trailing = kept_end.map_or(0, |last| last + 1);
        for pair in fields.get(..trailing).unwrap_or_default().windows(2) {
            if let [field, next] = pair
                && is_removed(field)
                && let (Some(key), Some(next_key)) = (&field.key, &next.key)
            {
                ranges.push(key.start..next_key.start);
            }
        }
        let (first, last) = (fields.get(trailing), fields.last());
        if let (Some(first), Some(last)) = (first, last) {
            let kept = kept_end.and_then(|last| fields.get(last)).map(|field| field.range.end);
            let start = kept.or_else(|| first.key.as_ref().map(|key| key.start));
            ranges.extend(start.map(|start| start..last.range.end));
        }
    }
    ranges.sort_by_key(|range| range.start);
    let text = layout.replace(ranges.iter().map(|range| (range, "")));
    let first = removed.first().and_then(|node| layout.key(node)).unwrap_or_default();
    let others = match removed.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    (text.into_bytes(), format!("`{}`{others}", truncate_name(first)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::body_edits::received_body::BodyContext;
    use serde_json::json;

    fn texts(forms: Vec<Form>) -> Vec<String> {
        forms.into_iter().map(|(bytes, _)| String::from_utf8(bytes).unwrap()).collect()
    }

    #[test]
    fn dropped_fields_are_put_back_in_their_place() {
        let sample = json!({"a": "x", "b": "x", "c": {"d": 1, "e": []}, "f": true});
        let samples = [&sample];
        let context = BodyContext { samples: &samples, ..BodyContext::default() };
        let restored = |body: &str| texts(restored(&ReceivedBody::new(body.as_bytes(), context)));
        let found = restored("{\"b\": 1, \"c\": {\"d\": 2}}");
        for expected in [
            "{\"a\": null, \"b\": 1, \"c\": {\"d\": 2}}",
            "{\"b\": 1, \"c\": {\"d\": 2, \"e\": []}}",
            "{\"b\": 1, \"c\": {\"d\": 2}, \"f\": false}",
            "{\"a\": null, \"b\": 1, \"c\": {\"d\": 2, \"e\": null}, \"f\": null}",
        ] {
            assert!(found.iter().any(|form| form == expected), "{expected}\n{found:#?}");
        }
        assert_eq!(restored("{\"x\":1}"), [""; 0]);
    }

    #[test]
    fn added_nulls_are_removed() {
        let without = |body: &str| {
            texts(without_nulls(&ReceivedBody::new(body.as_bytes(), BodyContext::default())))
        };
        assert_eq!(without("{\"a\":null}"), ["{}"]);
        assert_eq!(
            without("{\"a\": 1, \"b\": null, \"c\": null}"),
            ["{\"a\": 1}", "{\"a\": 1, \"c\": null}", "{\"a\": 1, \"b\": null}"]
        );
        assert_eq!(
            without("{\"a\":null,\"b\":{\"c\":null,\"d\":1},\"e\":null}")[0],
            "{\"b\":{\"d\":1}}"
        );
        assert_eq!(without("[null,1]"), [""; 0]);
        let many = (0..10).map(|n| format!("\"k{n}\":null")).collect::<Vec<_>>().join(",");
        assert_eq!(without(&format!("{{{many}}}")).len(), 11);
    }
}
