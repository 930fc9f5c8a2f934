//! Redaction for `--redact`: removes personal data from the output.
//!
//! It uses an allowlist: names that the pack knows, ids, known events, times, statuses and
//! expected values are kept, and everything else is replaced. A denylist could never be complete:
//! an unknown field can contain anything.

use crate::domain::finding::Finding;
use crate::domain::message::Headers;
use crate::domain::pointer;
use crate::domain::verdict::{PayloadVerdict, SignatureVerdict};
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The replacement for a value.
pub(super) const REDACTED_VALUE: &str = "(not shown: --redact)";

/// The replacement for a name or a query.
const REDACTED_NAME: &str = "…";

/// The exclusive maximum of an array index that is kept. A longer number is more likely a field
/// name, such as a telephone number.
const MAX_INDEX: usize = 10_000;

/// The headers of any request that contain no personal data.
const HARMLESS_HEADERS: [&str; 13] = [
    "Accept",
    "Accept-Encoding",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Expect",
    "Host",
    "TE",
    "Traceparent",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
];

/// Redacts deliveries. The names of a pack are collected when its first delivery arrives.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    names: BTreeMap<String, BTreeSet<String>>,
}

/// The parts of a delivery that can contain personal data.
pub(super) struct PersonalParts<'r, 'e> {
    /// The pack of the provider, which defines the known names.
    pub(super) pack: Option<&'r Pack>,
    pub(super) path: &'r mut String,
    pub(super) event: &'r mut Option<&'e str>,
    pub(super) headers: &'r mut Headers,
    pub(super) signature: &'r mut SignatureVerdict,
    pub(super) payload: &'r mut PayloadVerdict,
}

impl Redactor {
    /// Replaces personal data in all parts.
    pub(super) fn redact(&mut self, parts: PersonalParts<'_, '_>) {
        let PersonalParts { pack, path, event, headers, signature, payload } = parts;
        let no_names = BTreeSet::new();
        let names = match pack {
            Some(pack) => {
                let id = pack.provider.id.clone();
                &*self.names.entry(id).or_insert_with(|| names_in_pack(pack))
            }
            None => &no_names,
        };
        redact_query(path);
        let is_event = |name: &str| pack.is_some_and(|it| it.provider.event(name).is_some());
        if event.is_some_and(|name| !is_event(name)) {
            *event = Some(REDACTED_NAME);
        }
        redact_headers(headers, pack.map(|pack| &pack.provider));
        for finding in payload.findings.iter_mut().chain(&mut signature.findings) {
            redact_finding(finding, names);
        }
        for explanation in &mut signature.explanations {
            redact_pointers(&mut explanation.message, names);
        }
    }
}

/// Replaces the query of a path or a URL.
pub(super) fn redact_query(url: &mut String) {
    if let Some((path, _)) = url.split_once('?') {
        *url = format!("{path}?{REDACTED_NAME}");
    }
}

/// Returns every name in the samples and the schemas of a pack.
fn names_in_pack(pack: &Pack) -> BTreeSet<String> {
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    names.insert(name.clone());
                    collect(value, names);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut names = BTreeSet::new();
    for value in pack.file_names().filter_map(|name| pack.json(name).ok()) {
        collect(value, &mut names);
    }
    names
}

/// Replaces the values of all headers except harmless ones and known ones of the provider.
fn redact_headers(headers: &mut Headers, provider: Option<&Provider>) {
    let is_known =
        |name: &str, value: &[u8]| provider.is_some_and(|it| is_harmless_value(it, name, value));
    let is_harmless =
        |name: &str| HARMLESS_HEADERS.iter().any(|known| name.eq_ignore_ascii_case(known));
    *headers = headers
        .iter()
        .map(|(name, value)| {
            let is_kept = is_harmless(name) || is_known(name, value);
            (name.to_owned(), if is_kept { value.to_vec() } else { REDACTED_VALUE.into() })
        })
        .collect();
}

/// Returns `true` if a header of the provider contains no personal data: the name of a known event,
/// the id of the message, or a time.
fn is_harmless_value(provider: &Provider, name: &str, value: &[u8]) -> bool {
    let is_header =
        |known: Option<&str>| known.is_some_and(|known| known.eq_ignore_ascii_case(name));
    let Ok(value) = str::from_utf8(value) else { return false };
    let id = provider.message_id.as_ref().and_then(|field| field.location.header.as_deref());
    let time = provider.timestamp.as_ref().and_then(|field| field.location.header.as_deref());
    let is_time = || value.parse::<Timestamp>().is_ok() || value.parse::<i64>().is_ok();
    is_header(id)
        || (is_header(provider.event.header.as_deref()) && provider.event(value).is_some())
        || (is_header(time) && is_time())
}

/// Replaces the value that a finding quotes, and the unknown names in its pointer.
fn redact_finding(finding: &mut Finding, names: &BTreeSet<String>) {
    finding.pointer = redacted_pointer(&finding.pointer, names);
    // Findings quote values of the request in backticks, but also names that were expected. Only a
    // backtick outside of the expected part is treated as a quoted value.
    let found_part = finding.message.replace(&finding.expected, "");
    if found_part.contains('`') || finding.found.contains('`') {
        finding.message = format!("is not as expected, expected {}", finding.expected);
        REDACTED_VALUE.clone_into(&mut finding.found);
    }
}

/// Replaces the pointers in a sentence if one of them contains an unknown name.
fn redact_pointers(message: &mut String, names: &BTreeSet<String>) {
    let Some(start) = message.find("`/") else { return };
    let mut pointers = message[start..].split('`').filter(|part| part.starts_with('/'));
    if pointers.any(|pointer| redacted_pointer(pointer, names) != pointer) {
        message.truncate(start);
        message.push_str(REDACTED_VALUE);
    }
}

/// Returns the pointer with unknown names replaced; known names and indices are kept.
fn redacted_pointer(text: &str, names: &BTreeSet<String>) -> String {
    let is_index = |name: &str| pointer::parse_index(name).is_some_and(|index| index < MAX_INDEX);
    let is_kept = |name: &str| names.contains(name) || is_index(name);
    let segments = pointer::segments(text);
    segments
        .map(|name| {
            if is_kept(&name) {
                format!("/{}", pointer::escape(&name))
            } else {
                format!("/{REDACTED_NAME}")
            }
        })
        .collect()
}
