//! The rule on packs that only headers identify which many senders use.

use crate::providers::flaw::Flaw;
use crate::providers::pack::{FACTS_FILE, Pack};

/// The headers with a signature or a secret that many senders use.
const GENERIC_HEADERS: [&str; 12] = [
    "Signature",
    "X-Signature",
    "X-Webhook-Signature",
    "Webhook-Signature",
    "X-Hub-Signature",
    "X-Signature-256",
    "Api-Key",
    "X-Api-Key",
    "X-Auth-Token",
    "X-Secret",
    "X-Webhook-Secret",
    "X-Webhook-Token",
];

/// Reports a pack that is recognised by nothing but generic headers, although the user did not name
/// it: requests of other senders would count as its own.
pub(super) fn not_only_if_named(pack: &Pack) -> Vec<Flaw> {
    let provider = &pack.provider;
    let is_generic =
        |name: &str| GENERIC_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name));
    let marks = &provider.recognise.headers;
    let marks = if marks.is_empty() {
        provider.signature.header().into_iter().collect()
    } else {
        marks.iter().map(String::as_str).collect::<Vec<_>>()
    };
    if provider.is_recognised_only_if_named()
        || marks.is_empty()
        || !marks.iter().all(|name| is_generic(name))
    {
        return Vec::new();
    }
    let names: Vec<_> = marks.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "many senders use {}: expected `only-if-named = true`, or a header that only this sender uses",
        names.join(", ")
    );
    vec![Flaw::error("generic-header", FACTS_FILE, "/recognise", message)]
}
