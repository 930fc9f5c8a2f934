//! Renamed headers: restores header names that a proxy or a CGI layer changed.

use crate::domain::message::Headers;

/// The prefixes that proxies and gateways add to header names: CGI (RFC 3875, section 4.1.18),
/// Apache after a rewrite, AWS API Gateway, and common conventions.
const PREFIXES: [&str; 6] =
    ["redirect-http-", "http-", "x-amzn-remapped-", "x-original-", "x-forwarded-", "x-"];

/// Returns the name in lower case, with hyphens and without added prefixes.
pub(super) fn canonical_name(name: &str) -> String {
    let mut name = name.to_ascii_lowercase().replace('_', "-");
    for prefix in PREFIXES {
        if let Some(rest) = name.strip_prefix(prefix) {
            name = rest.to_owned();
        }
    }
    name
}

/// Returns the headers with their original names, as far as these are `known`, or `None` if no name
/// was changed.
pub(super) fn restore_names(headers: &Headers, known: &[&str]) -> Option<Headers> {
    // Computed once rather than for every header: both lists may be long.
    let known = known.iter().map(|name| (canonical_name(name), *name, !headers.contains(name)));
    let known: Vec<_> = known.collect();
    let mut changed = false;
    let restored = headers.iter().map(|(name, value)| {
        let canonical = canonical_name(name);
        let original = known.iter().find(|(known, _, _)| *known == canonical);
        let original = original.filter(|(_, _, is_missing)| *is_missing).map(|(_, name, _)| *name);
        changed |= original.is_some();
        (original.unwrap_or(name), value)
    });
    let restored: Headers = restored.collect();
    changed.then_some(restored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_prefix_is_removed() {
        for name in [
            "X-Lead-Router-Action",
            "HTTP_X_LEAD_ROUTER_ACTION",
            "REDIRECT_HTTP_X_LEAD_ROUTER_ACTION",
            "x_lead_router_action",
            "X-Original-X-Lead-Router-Action",
            "Lead-Router-Action",
        ] {
            assert_eq!(canonical_name(name), "lead-router-action", "{name}");
        }
        assert_eq!(canonical_name("x-amzn-Remapped-Authorization"), "authorization");
    }

    #[test]
    fn a_name_is_restored_if_it_is_known_and_missing() {
        let headers = Headers::from_iter([("HTTP_X_B", "1"), ("HTTP_OTHER", "2")]);
        let restored = restore_names(&headers, &["X-A", "X-B"]).unwrap();
        assert_eq!(restored, Headers::from_iter([("X-B", "1"), ("HTTP_OTHER", "2")]));
        assert_eq!(restore_names(&restored, &["X-A", "X-B"]), None);
        // Of two known names with the same canonical form, the one that is present stays.
        assert_eq!(restore_names(&Headers::from_iter([("X-B", "1")]), &["X-B", "B"]), None);
        let both = Headers::from_iter([("X-B", "1"), ("HTTP_X_B", "2")]);
        assert_eq!(restore_names(&both, &["X-B"]), None);
    }
}
