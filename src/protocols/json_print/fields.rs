//! The fields of an object as a library keeps them after parsing.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::protocols::json::{Json, Text};
use crate::protocols::json_print::style::{Keys, LoneSurrogate, Nulls, Style};

/// One field: the key as parsed, and the value.
pub(super) type Field<'a> = (Cow<'a, Text>, &'a Json);

/// The maximum number of fields for which a linear search is faster than hashing.
const MAX_LINEAR: usize = 16;

/// Returns the fields in the order in which the library prints them.
pub(super) fn as_printed<'a>(fields: &'a [(Text, Json)], style: &Style) -> Vec<Field<'a>> {
    let replaces_surrogates = style.escapes.lone_surrogate == LoneSurrogate::Replaced;
    let fields = fields.iter().map(|(key, value)| {
        let is_unchanged = !replaces_surrogates || key.as_str().is_some();
        let lossy = || Cow::Owned(Text::from(key.to_string_lossy().into_owned()));
        (if is_unchanged { Cow::Borrowed(key) } else { lossy() }, value)
    });
    if style.keys == Keys::AsWritten {
        return fields.collect();
    }
    let mut fields = without_duplicates(fields);
    if style.nulls == Nulls::Dropped {
        fields.retain(|(_, value)| **value != Json::Null);
    }
    match style.keys {
        Keys::AsWritten | Keys::FirstOccurrence => {}
        // `OrdinaryOwnPropertyKeys`: indices come first in ascending order. The sort is stable, so
        // the other keys keep their order.
        Keys::IndicesFirst => {
            fields.sort_by_cached_key(|(key, _)| array_index(key).map_or(u32::MAX, |index| index));
        }
        Keys::Sorted => {
            fields.sort_by(|(left, _), (right, _)| match (left.as_str(), right.as_str()) {
                (Some(left), Some(right)) => left.cmp(right),
                _ => code_points(left).cmp(code_points(right)),
            });
        }
    }
    fields
}

/// Returns `true` if the keys are `0`, `1` and so on, in order, or if there are none.
pub(super) fn is_list(fields: &[Field<'_>]) -> bool {
    let mut numbered = (0_u32..).zip(fields);
    numbered.all(|(number, (key, _))| array_index(key) == Some(number))
}

/// Keeps each key once, at its first position and with its last value.
fn without_duplicates<'a>(fields: impl ExactSizeIterator<Item = Field<'a>>) -> Vec<Field<'a>> {
    let mut kept: Vec<Field<'a>> = Vec::with_capacity(fields.len());
    if fields.len() <= MAX_LINEAR {
        for (key, value) in fields {
            match kept.iter_mut().find(|(known, _)| *known == key) {
                Some(field) => field.1 = value,
                None => kept.push((key, value)),
            }
        }
        return kept;
    }
    let mut positions = HashMap::with_capacity(fields.len());
    for (key, value) in fields {
        match positions.entry(key.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(kept.len());
                kept.push((key, value));
            }
            Entry::Occupied(entry) => kept[*entry.get()].1 = value,
        }
    }
    kept
}

/// Parses a key as an array index, which is below 2³² - 1 and has only one spelling.
fn array_index(key: &Text) -> Option<u32> {
    let key = key.as_str()?;
    let is_canonical = key == "0" || key.starts_with(|first: char| matches!(first, '1'..='9'));
    if is_canonical { key.parse().ok().filter(|index| *index < u32::MAX) } else { None }
}

fn code_points(key: &Text) -> impl Iterator<Item = u32> {
    key.chars().map(|char| char.map_or_else(u32::from, u32::from))
}
