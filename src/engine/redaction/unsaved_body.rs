//! Captures without a body, for `listen --save-body none`.

use crate::domain::capture::{BodySaved, Capture};
use crate::domain::message::{Headers, Message};
use crate::engine::decode::is_token_argument;
use crate::engine::redaction::REDACTED;
use crate::protocols::schemes::scheme::SignedForm;
use crate::providers::pack::Pack;

/// Returns a capture without its body. A header that may hold a copy of the payload, such as a
/// token, is redacted; the others are kept. `pack` is the one that recognised the request.
#[must_use]
pub fn without_body(capture: Capture, pack: Option<&Pack>) -> Capture {
    let copied_in = pack
        .map(|pack| &pack.provider.signature)
        .filter(|scheme| scheme.signed_form() == SignedForm::Claims)
        .and_then(|scheme| scheme.header());
    let has_copy = |name: &str, value: &[u8]| {
        copied_in.is_some_and(|header| header.eq_ignore_ascii_case(name))
            || is_token_argument(&String::from_utf8_lossy(value))
    };
    let headers = capture.message.headers.iter();
    let headers: Headers = headers
        .map(|(name, value)| {
            let value = if has_copy(name, value) { REDACTED.into() } else { value.to_vec() };
            (name.to_owned(), value)
        })
        .collect();
    let message = Message { headers, body: Vec::new().into(), ..capture.message };
    Capture { message, body_saved: BodySaved::None, ..capture }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Packs;

    #[test]
    fn a_token_is_redacted_and_other_headers_are_kept() {
        let packs = Packs::builtin().unwrap();
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImpvQGV4YW1wbGUuY29tIn0.c2lnbmF0dXJl";
        let headers = [
            ("Host", "localhost"),
            ("Authorization", "not a token"),
            ("X-Copy", &format!("Bearer {token}")),
            ("X-Lead-Router-Signature", "00ff"),
        ];
        let message = Message::post("/hooks", headers.into_iter().collect(), "{}");
        let capture = Capture::new(None, Some("127.0.0.1:1".to_owned()), message);
        let of_pack = without_body(capture.clone(), packs.find("leadpro").ok().map(|it| &**it));
        let unknown = without_body(capture, None);
        for (saved, own) in [(of_pack, "redacted"), (unknown, "not a token")] {
            let header = |name| saved.message.headers.get_str(name);
            let names = ["Host", "Authorization", "X-Copy", "X-Lead-Router-Signature"];
            let values = ["localhost", own, "redacted", "00ff"];
            assert_eq!(names.map(header), values.map(Some));
            assert_eq!((saved.message.body.len(), saved.body_saved), (0, BodySaved::None));
            assert!(saved.remote.is_some());
        }
    }
}
