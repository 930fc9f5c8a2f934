//! The target of a redirect, as results show it.

use crate::domain::message::Response;
use crate::output::sanitize;

/// The maximum number of bytes of a `Location` that a result has.
const MAX_LOCATION: usize = 256;

/// Returns the target of a redirect in printable form, if the response is one and names it. A URL
/// can be of any length, so that it is cut.
pub(super) fn redirect_target(response: &Response) -> Option<String> {
    let received = response.headers.get("Location").filter(|_| response.status / 100 == 3)?;
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
        redirect_target(&Response { status, headers, body: Vec::new(), truncated: false })
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
    fn only_a_redirect_has_a_target() {
        assert_eq!(target(201, b"/leads/1"), None);
        let headers = std::iter::empty::<(&str, &[u8])>().collect();
        let response = Response { status: 304, headers, body: Vec::new(), truncated: false };
        assert_eq!(redirect_target(&response), None);
    }
}
