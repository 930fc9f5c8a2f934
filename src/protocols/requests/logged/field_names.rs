//! Lookup of fields by the names that tools give them.

use crate::protocols::json::Json;

/// Returns the field of that name, the last if it is repeated; a `/` separates nested names.
pub(super) fn field<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    name.split('/').try_fold(value, |value, name| {
        let fields = value.as_object()?.iter().rev();
        let mut named =
            fields.filter(|(key, _)| key.as_str().is_some_and(|key| matches_name(key, name)));
        named.next().map(|(_, field)| field)
    })
}

/// Returns the field of that name, if it is not `null`.
pub(super) fn non_null_field<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    field(value, name).filter(|found| **found != Json::Null)
}

/// Returns `true` if a key matches a name of the tables, ignoring case, `_` and `-` in the key.
pub(super) fn matches_name(key: &str, name: &str) -> bool {
    let key = key.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
    key.map(|byte| byte.to_ascii_lowercase()).eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// Returns a key in the form in which the tables have it.
pub(super) fn normalized(key: &str) -> String {
    let kept = key.chars().filter(|letter| !matches!(letter, '_' | '-'));
    kept.map(|letter| letter.to_ascii_lowercase()).collect()
}
