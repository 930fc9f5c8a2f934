//! The members of an object under the names that tools give them.

use crate::protocols::json::Json;

/// The member of that name, the last where there are several; a `/` leads further in.
pub(super) fn member<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    name.split('/').try_fold(value, |value, name| {
        let members = value.as_object()?.iter().rev();
        let mut named =
            members.filter(|(key, _)| key.as_str().is_some_and(|key| is_name(key, name)));
        named.next().map(|(_, member)| member)
    })
}

/// The member of that name, where it is not `null`.
pub(super) fn present<'a>(value: &'a Json, name: &str) -> Option<&'a Json> {
    member(value, name).filter(|found| **found != Json::Null)
}

/// Whether a key is a name of the tables: case, `_` and `-` do not count.
fn is_name(key: &str, name: &str) -> bool {
    let key = key.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
    key.map(|byte| byte.to_ascii_lowercase()).eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}
