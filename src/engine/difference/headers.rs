//! Headers that differ: added, removed, changed, or the same in another case or order.

use crate::domain::excerpt::{MAX_STORED_BYTES, prefix};
use crate::domain::message::Headers;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The maximum number of headers of a request that are compared: twice as many as `listen` accepts.
const MAX_HEADERS: usize = 512;

/// A header that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderDifference {
    /// The kind of difference.
    pub change: HeaderChange,
    /// The name, as the first request that has it writes it; `None` for the order.
    pub name: Option<String>,
    /// The values of the first request; for a difference in case or order, the names.
    pub a: Vec<String>,
    /// The same of the second request.
    pub b: Vec<String>,
}

/// The kind of difference of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HeaderChange {
    /// Only the second request has it.
    Added,
    /// Only the first request has it.
    Removed,
    /// The values differ.
    Changed,
    /// The values are the same, and the name is written in another case.
    Case,
    /// All names and values are the same, in another order.
    Order,
}

/// The names and values of one header, in the order of the request.
#[derive(Debug, Default)]
struct Field<'h> {
    names: Vec<&'h str>,
    values: Vec<&'h [u8]>,
}

/// Returns the differences: by name in alphabetical order, then the order of all names.
pub(super) fn differences(a: &Headers, b: &Headers) -> Vec<HeaderDifference> {
    let mut fields: BTreeMap<String, [Field<'_>; 2]> = BTreeMap::new();
    for (side, headers) in [a, b].into_iter().enumerate() {
        for (name, value) in headers.iter().take(MAX_HEADERS) {
            let field = fields.entry(name.to_ascii_lowercase()).or_default();
            if let Some(field) = field.get_mut(side) {
                field.names.push(name);
                field.values.push(value);
            }
        }
    }
    let mut found: Vec<_> = fields.values().filter_map(field_difference).collect();
    let names = |headers: &Headers| -> Vec<String> {
        headers.iter().take(MAX_HEADERS).map(|(name, _)| name.to_ascii_lowercase()).collect()
    };
    // If a header is missing or has another value, the position of the others follows from it.
    let is_complete = found.iter().all(|header| header.change == HeaderChange::Case);
    let (a, b) = (names(a), names(b));
    if is_complete && a != b {
        found.push(HeaderDifference { change: HeaderChange::Order, name: None, a, b });
    }
    found
}

fn field_difference([a, b]: &[Field<'_>; 2]) -> Option<HeaderDifference> {
    let change = match (a.names.is_empty(), b.names.is_empty()) {
        (true, _) => HeaderChange::Added,
        (_, true) => HeaderChange::Removed,
        _ if a.values != b.values => HeaderChange::Changed,
        _ if a.names != b.names => HeaderChange::Case,
        _ => return None,
    };
    let text = |field: &Field<'_>| -> Vec<String> {
        match change {
            HeaderChange::Case => field.names.iter().map(|name| (*name).to_owned()).collect(),
            _ => field.values.iter().map(|value| excerpt(value)).collect(),
        }
    };
    let name = a.names.first().or(b.names.first()).map(|name| (*name).to_owned());
    Some(HeaderDifference { change, name, a: text(a), b: text(b) })
}

/// Returns a value as text, with bytes that are not UTF-8 as `\xff`.
fn excerpt(value: &[u8]) -> String {
    let mut text = String::new();
    for chunk in value.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
        if text.len() > MAX_STORED_BYTES {
            break;
        }
    }
    prefix(&text, MAX_STORED_BYTES).to_owned()
}
