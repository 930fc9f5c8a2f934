//! Reserved data: samples may only contain addresses and numbers that belong to no real person.

use crate::domain::pointer;
use crate::engine::pack_check::schemas::{payloads, sample_file};
use crate::providers::flaw::Flaw;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use serde_json::Value;

/// Domains that are reserved for examples (RFC 2606, RFC 6761).
const DOMAINS: &[&str] = &["example.com", "example.org", "example.net"];

/// Top-level domains that are reserved for examples and tests.
const TOP_LEVEL: &[&str] = &[".example", ".test", ".invalid", ".localhost"];

/// The minimum number of digits of a complete telephone number.
const MIN_DIGITS: usize = 9;

/// Reports the samples with an address, a host or a number that may belong to somebody.
pub(super) fn unreserved_data(pack: &Pack) -> Vec<Flaw> {
    let of_sample = |(event, variant): (&EventFacts, Option<&str>)| {
        let Ok(sample) = pack.sample(event, variant) else { return Vec::new() };
        unreserved_values(sample, &sample_file(event, variant))
    };
    payloads(pack).flat_map(of_sample).collect()
}

/// Reports the values of one sample file that may belong to somebody.
pub(super) fn unreserved_values(sample: &Value, file: &str) -> Vec<Flaw> {
    let flaw = |location: String| {
        let text = sample.pointer(&location).and_then(Value::as_str)?;
        let message = unreserved_part(&location, text)?;
        Some(Flaw::warning("not-reserved", file, location, message))
    };
    pointer::all_pointers(sample).into_iter().filter_map(flaw).collect()
}

/// Returns a message about the part of a field's value that may belong to somebody.
fn unreserved_part(location: &str, text: &str) -> Option<String> {
    for word in text.split(|c: char| c.is_whitespace() || "<>()\"',;".contains(c)) {
        if let Some((_, rest)) = word.split_once("://") {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let host = host.rsplit('@').next().unwrap_or_default();
            let host = host.split(':').next().unwrap_or_default();
            if !is_reserved(host) {
                return Some(format!(
                    "`{host}` may belong to somebody: expected one under example.com"
                ));
            }
        } else if let Some((name, host)) = word.rsplit_once('@')
            && !name.is_empty()
            && host.contains('.')
            && !is_reserved(host.trim_end_matches('.'))
        {
            return Some(format!(
                "`{host}` may belong to somebody: expected one under example.com"
            ));
        }
    }
    let name = location.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_number = ["phone", "mobile", "tel", "fax"].iter().any(|part| name.contains(part));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_callable = is_number && digits.len() >= MIN_DIGITS && !is_reserved_number(&digits);
    is_callable.then(|| {
        "this number may belong to somebody: expected 555-01xx (North America) or 07700 900xxx (UK)"
            .to_owned()
    })
}

/// Returns `true` if a host is reserved or local.
fn is_reserved(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_in_domain = |domain: &str| {
        host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    DOMAINS.iter().any(|domain| is_in_domain(domain))
        || TOP_LEVEL.iter().any(|name| host.ends_with(name))
        || host == "localhost"
        || host == "127.0.0.1"
}

/// Returns `true` for 555-0100 to 555-0199 after an area code, and for 07700 900000 to 900999
/// (Ofcom).
fn is_reserved_number(digits: &str) -> bool {
    let national = digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(digits);
    let north_american = national.len() == 10 && national[3..].starts_with("55501");
    let british = ["07700900", "447700900", "4407700900"];
    north_american || british.iter().any(|start| digits.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_that_may_belong_to_somebody_is_found() {
        for (location, text, found) in [
            ("/email", "jo@example.com", false),
            ("/email", "jo@gmail.com", true),
            ("/email", "jo@notexample.com", true),
            ("/notes", "write to jo@mail.example.org.", false),
            ("/notes", "see https://www.example.net/a?b", false),
            ("/notes", "see https://acme.io/a", true),
            ("/notes", "see https://example.com@acme.io/", true),
            ("/url", "http://127.0.0.1:3000/x", false),
            ("/phone", "808-555-0142", false),
            ("/phone2", "+1 (212) 555-0199", false),
            ("/phone", "808-555-1142", true),
            ("/data/phone", "07700900142", false),
            ("/data/phone", "+44 7700 900142", false),
            ("/data/phone", "07911123456", true),
            ("/phone", "", false),
            ("/price", "1234567890", false),
        ] {
            assert_eq!(unreserved_part(location, text).is_some(), found, "{location} {text}");
        }
    }
}
