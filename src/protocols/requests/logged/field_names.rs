//! Lookup of fields by the names that tools give them.

use crate::protocols::json::Json;

/// The names that an object may have, as a filter: the tables have some hundred names, and an object
/// of a log about ten fields.
#[derive(Clone, Copy)]
pub(super) struct NameFilter(u64);

impl NameFilter {
    /// Collects the names of an object.
    pub(super) fn of(object: &Json) -> Self {
        let fields = object.as_object().unwrap_or_default().iter();
        let keys = fields.filter_map(|(key, _)| key.as_str());
        Self(keys.fold(0, |bits, key| bits | Self::bit(key.as_bytes())))
    }

    /// Returns `false` if the object has no field of this name of the tables.
    pub(super) fn may_have(self, name: &str) -> bool {
        self.0 & Self::bit(name.as_bytes()) != 0
    }

    /// Returns the bit of the names with this first letter.
    fn bit(name: &[u8]) -> u64 {
        let first = name.iter().find(|byte| !matches!(byte, b'_' | b'-')).unwrap_or(&0);
        1 << (first.to_ascii_lowercase() % 64)
    }
}

/// Returns the fields of an object that have one of these names, in the order of the names.
pub(super) fn fields<'a>(
    object: &'a Json,
    names: &'static [&'static str],
) -> impl Iterator<Item = &'a Json> {
    let filter = NameFilter::of(object);
    let names = names.iter().filter(move |name| filter.may_have(name));
    names.filter_map(|name| field(object, name))
}

/// Returns the field of that name, the last if it is repeated; a `/` separates nested names.
pub(super) fn field<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    // Nearly all names are plain, and `split` alone costs more than the comparison of a field.
    match name.bytes().position(|byte| byte == b'/') {
        None => named(value, name),
        Some(end) => {
            let (outer, inner) = name.split_at_checked(end)?;
            field(named(value, outer)?, inner.get(1..)?)
        }
    }
}

fn named<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    let mut fields = value.as_object()?.iter().rev();
    let found = fields.find(|(key, _)| key.as_str().is_some_and(|key| matches_name(key, name)));
    found.map(|(_, field)| field)
}

/// Returns the field of that name, if it is not `null`.
pub(super) fn non_null_field<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    field(value, name).filter(|found| **found != Json::Null)
}

/// Returns `true` if a key matches a name of the tables, ignoring case, `_` and `-` in the key.
pub(super) fn matches_name(key: &str, name: &str) -> bool {
    // Each field of a request is compared with every name of the tables, and nearly all of them
    // differ in the first letter or are too short: that is seen without a look at the rest.
    let is_separator = |byte: &u8| matches!(byte, b'_' | b'-');
    let differs = match (key.as_bytes().first(), name.as_bytes().first()) {
        (Some(key), Some(name)) => !is_separator(key) && !key.eq_ignore_ascii_case(name),
        _ => false,
    };
    if differs || key.len() < name.len() {
        return false;
    }
    let key = key.bytes().filter(|byte| !is_separator(byte));
    key.map(|byte| byte.to_ascii_lowercase()).eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// Returns a key in the form in which the tables have it.
pub(super) fn normalized(key: &str) -> String {
    let kept = key.chars().filter(|letter| !matches!(letter, '_' | '-'));
    kept.map(|letter| letter.to_ascii_lowercase()).collect()
}
