//! The target of a redirect, as results show it.

use crate::domain::message::Response;
use crate::output::sanitize;

/// The maximum number of bytes of a `Location` that a result has.
const MAX_LOCATION: usize = 256;

/// Returns the target of a redirect in printable form, if the response is one and names it. A URL
/// can be of any length, so that it is cut. `hide` removes secrets from the whole of it: a receiver
/// that redirects often repeats the query.
pub(super) fn redirect_target(
    response: &Response,
    hide: impl FnOnce(&str) -> String,
) -> Option<String> {
    let received = response.headers.get("Location").filter(|_| response.status / 100 == 3)?;
    let text = String::from_utf8_lossy(received);
    let hidden = hide(&text);
    let received = if hidden == text { received } else { hidden.as_bytes() };
    Some(match received.get(..MAX_LOCATION) {
        Some(kept) if kept.len() < received.len() => {
            sanitize::whole_bytes(sanitize::whole_characters(kept)) + "…"
        }
        Some(_) | None => sanitize::whole_bytes(received),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(status: u16, location: &[u8]) -> Option<String> {
        let headers = [("Location", location)].into_iter().collect();
        let response = Response { status, headers, body: Vec::new(), truncated: false };
        redirect_target(&response, str::to_owned)
    }

    #[test]
    fn a_location_is_cut_and_escaped() {
        let url = "https://example.com/hooks/";
        assert_eq!(target(301, url.as_bytes()).as_deref(), Some(url));
        assert!(!target(308, b"/\x1b[31m\r\n").unwrap().contains(['\u{1b}', '\r', '\n']));
        let long = target(302, "/é".repeat(200).as_bytes()).unwrap();
        assert!(long.ends_with('…') && long.len() < MAX_LOCATION + 4, "{long}");
    }

    #[test]
    fn a_secret_is_hidden_before_the_location_is_cut() {
        let url = format!("/{}?key=s3cret", "a".repeat(MAX_LOCATION - 8));
        let headers = [("Location", url.as_bytes())].into_iter().collect();
        let response = Response { status: 301, headers, body: Vec::new(), truncated: false };
        let shown = redirect_target(&response, |text| text.replace("s3cret", "***")).unwrap();
        assert!(!shown.contains("s3"), "{shown}");
    }

    #[test]
    fn only_a_redirect_has_a_target() {
        assert_eq!(target(201, b"/leads/1"), None);
        let headers = std::iter::empty::<(&str, &[u8])>().collect();
        let response = Response { status: 304, headers, body: Vec::new(), truncated: false };
        assert_eq!(redirect_target(&response, str::to_owned), None);
    }
}
