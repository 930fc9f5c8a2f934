//! Re-signing of captured requests with the current time.

use crate::domain::message::{Headers, Message};
use crate::domain::secret::Secret;
use crate::protocols::schemes::scheme::{Envelope, SignError};
use crate::providers::provider::Provider;
use jiff::Timestamp;

/// A re-signed request.
#[derive(Clone, Debug)]
pub struct Resigned {
    /// The request with the same body and headers, except for those of the signature.
    pub message: Message,
    /// A note for the user.
    pub note: Option<&'static str>,
}

/// Signs the body of `message` as its provider would at `at`. An expiry is renewed.
///
/// A replaced header keeps its name and its position, its repetitions are removed, and a missing
/// one is appended.
pub fn resign(
    provider: &Provider,
    message: &Message,
    message_id: Option<&str>,
    secret: &Secret,
    at: Timestamp,
) -> Result<Resigned, SignError> {
    let envelope = Envelope { message_id, at };
    let signed = provider.signature.resign(secret, message, &envelope)?;
    let mut headers = message.headers.clone();
    for header in provider.signature.signed_headers() {
        headers = with_header(&headers, header.name, &envelope.value(header.part));
    }
    let place = provider.signature.place();
    if let Some(header) = place.header() {
        headers = with_header(&headers, header, &signed.value);
    }
    let mut message = Message { headers, ..message.clone() };
    if place.header().is_none() {
        place.write(&signed.value, &mut message);
    }
    Ok(Resigned { message, note: signed.note })
}

/// Returns the headers with exactly one header of this name, with this value.
fn with_header(headers: &Headers, name: &str, value: &str) -> Headers {
    let mut is_present = false;
    let replaced = headers.iter().filter_map(|(known, old)| {
        if !known.eq_ignore_ascii_case(name) {
            return Some((known, old));
        }
        let is_first = !std::mem::replace(&mut is_present, true);
        is_first.then_some((known, value.as_bytes()))
    });
    let mut headers: Headers = replaced.collect();
    if !is_present {
        headers.push(name, value);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::SignatureStatus;
    use crate::providers::Packs;
    use serde_json::json;
    use std::slice;

    const BODY: &str = r#"{"event":"lead.created","data":{"b":1,"a":[2.50]}}"#;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn with_every_scheme_the_new_signature_is_valid_and_the_body_unchanged() {
        let secret = Secret::new("s3cret").unwrap();
        for pack in Packs::builtin().unwrap().iter() {
            let scheme = &pack.provider.signature;
            let stale =
                Headers::from_iter([("A", "1"), (scheme.header().unwrap(), "stale"), ("B", "2")]);
            let message = Message::post("/x", stale, BODY);
            let resigned = resign(&pack.provider, &message, Some("1"), &secret, at(9)).unwrap();
            let Message { headers, body, .. } = &resigned.message;
            assert_eq!(body, BODY.as_bytes());
            let names: Vec<_> = headers.iter().map(|(name, _)| name).collect();
            assert_eq!(names, ["A", scheme.header().unwrap(), "B"], "{}", pack.provider.id);
            let verdict = scheme.verify(slice::from_ref(&secret), &resigned.message, at(9));
            assert_eq!(verdict.status, SignatureStatus::Valid, "{}", pack.provider.id);
        }
    }

    #[test]
    fn the_signed_time_is_the_current_one() {
        let packs = Packs::builtin().unwrap();
        let mut provider = packs.iter().next().unwrap().provider.clone();
        let keys = json!({
            "scheme": "standard-webhooks",
            "header": "webhook-signature",
            "id-header": "webhook-id",
            "timestamp-header": "webhook-timestamp",
            "tolerance": "5m",
        });
        provider.signature = serde_json::from_value(keys).unwrap();
        let headers = Headers::from_iter([
            ("Webhook-Timestamp", "100"),
            ("webhook-id", "msg_1"),
            ("webhook-signature", "v1,old"),
        ]);
        let message = Message::post("/", headers, BODY);
        let secret = Secret::new("whsec_MDEyMzQ1Njc4OWFiY2RlZg==").unwrap();
        let resigned = resign(&provider, &message, Some("msg_1"), &secret, at(10_000)).unwrap();
        assert_eq!(resigned.message.headers.get("webhook-timestamp"), Some(b"10000".as_slice()));
        let verify =
            |at| provider.signature.verify(slice::from_ref(&secret), &resigned.message, at).status;
        assert_eq!(verify(at(10_001)), SignatureStatus::Valid);
        assert_eq!(verify(at(100)), SignatureStatus::Invalid);
        let unnamed = resign(&provider, &message, None, &secret, at(10_000)).unwrap_err();
        assert!(matches!(unnamed, SignError::NoMessageId { .. }));
    }

    #[test]
    fn a_header_keeps_its_position_and_name_and_occurs_once() {
        let before = Headers::from_iter([("x-sig", "1"), ("A", "2"), ("X-Sig", "3")]);
        let after = Headers::from_iter([("x-sig", "new"), ("A", "2")]);
        assert_eq!(with_header(&before, "X-Sig", "new"), after);
        let last = Headers::from_iter([("A", "2"), ("X-Sig", "new")]);
        assert_eq!(with_header(&Headers::from_iter([("A", "2")]), "X-Sig", "new"), last);
    }
}
