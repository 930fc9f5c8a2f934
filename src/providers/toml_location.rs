//! Locations in a TOML document: the line of a byte, and a JSON Pointer to the value it is in.
//!
//! `serde_path_to_error` would give the pointer as well, but it wraps every type of a pack: the
//! binary grows by 240 KB, and each start reads the built-in packs 2 % slower.

use crate::domain::pointer::{self, PointerStep};
use std::num::NonZeroU32;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Returns the pointer to the innermost value or key that contains the start of `span`; empty if
/// the document is not valid TOML.
#[must_use]
pub(super) fn pointer(text: &str, span: &Range<usize>) -> String {
    let Ok(table) = DeTable::parse(text) else { return String::new() };
    let root = DeValue::Table(table.into_inner());
    pointer::format_steps(steps(&root, span.start).unwrap_or_default().iter().rev())
}

/// Returns the line of the value at a JSON Pointer, or of the innermost one around it that exists;
/// none if there is no such value.
#[must_use]
pub(super) fn line_of_pointer(text: &str, pointer: &str) -> Option<NonZeroU32> {
    let table = DeTable::parse(text).ok()?.into_inner();
    let (root, mut start) = (DeValue::Table(table), None);
    let mut value = &root;
    for segment in pointer::segments(pointer) {
        let found = match value {
            DeValue::Table(table) => {
                let pair = table.iter().find(|(key, _)| key.get_ref().as_ref() == segment);
                pair.map(|(key, value)| (key.span(), value))
            }
            DeValue::Array(items) => {
                let item = segment.parse().ok().and_then(|index: usize| items.get(index));
                item.map(|item| (item.span(), item))
            }
            _ => None,
        };
        let Some((span, inner)) = found else { break };
        (start, value) = (Some(span.start), inner.get_ref());
    }
    line(text, start?)
}

/// Returns the line of a byte, counted from 1; none if there are too many lines.
#[must_use]
pub(super) fn line(text: &str, at: usize) -> Option<NonZeroU32> {
    let before = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
    NonZeroU32::MIN.checked_add(before.try_into().ok()?)
}

/// Returns the steps to the innermost value that contains the byte `at`, the last step first.
fn steps<'t>(value: &'t DeValue<'_>, at: usize) -> Option<Vec<PointerStep<'t>>> {
    let children: Vec<_> = match value {
        DeValue::Table(table) => table
            .iter()
            .map(|(key, value)| {
                let contains = key.span().contains(&at) || value.span().contains(&at);
                (PointerStep::Name(key.get_ref().as_ref().into()), contains, value)
            })
            .collect(),
        DeValue::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (PointerStep::Index(index), item.span().contains(&at), item))
            .collect(),
        _ => return None,
    };
    // The span of a table with a header covers that header alone, so every value is searched.
    let paths = children.into_iter().filter_map(|(step, contains, value)| {
        let mut steps = steps(value.get_ref(), at).or_else(|| contains.then(Vec::new))?;
        steps.push(step);
        Some(steps)
    });
    paths.max_by_key(Vec::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_value_is_found() {
        let text = "id = \"a\"\n[retry]\nwaits = [\"1s\", \"x\"]\n\n[[events]]\nname = \"a\"\n\
                    [[events]]\nnane = { b = 1 }\n[\"x/y\"]\nz = 1\n";
        for (part, expected) in [
            ("\"a\"\n[retry", "/id"),
            ("\"x\"]", "/retry/waits/1"),
            ("nane", "/events/1/nane"),
            ("1 }", "/events/1/nane/b"),
            ("z = 1", "/x~1y/z"),
        ] {
            let at = text.find(part).unwrap();
            assert_eq!(pointer(text, &(at..at + 1)), expected, "{part}");
        }
        assert_eq!(line(text, text.find("waits").unwrap()), NonZeroU32::new(3));
        for (pointer, expected) in [
            ("/id", Some(1)),
            ("/retry", Some(2)),
            ("/retry/waits/1", Some(3)),
            ("/retry/stop", Some(2)),
            ("/events/1/name", Some(7)),
            ("/events/1/nane/b", Some(8)),
            ("/x~1y/z", Some(10)),
            ("/missing", None),
            ("", None),
        ] {
            let found = line_of_pointer(text, pointer).map(NonZeroU32::get);
            assert_eq!(found, expected, "{pointer}");
        }
        assert_eq!(pointer("a = ", &(0..1)), "");
    }
}
