//! Tests of the scheme with the parts of two senders.

use super::*;
use crate::domain::message::Headers;
use crate::protocols::schemes::Scheme;
use proptest::prelude::*;
use serde_json::json;

const SECRET: &str = "wsec_demo";
const TIME: i64 = 1_739_537_297;
const BODY: &str = r#"{"type":"post_call_transcription","data":{"note":"café"}}"#;

/// Made with Python's `hmac` module.
const DIGEST: &str = "2a8bbc497724eca37c725158f3d4a6e59617817151bbd00deebd0b6f0a0dd398";

fn scheme(future: Option<&str>) -> Scheme {
    let mut keys = json!({
        "scheme": "timestamped-hmac",
        "header": "X-Signature",
        "time-part": "t",
        "signature-part": "v0",
        "tolerance": "30m",
    });
    if let Some(future) = future {
        keys["future-tolerance"] = json!(future);
    }
    serde_json::from_value(keys).unwrap()
}

fn secret() -> Secret {
    Secret::new(SECRET).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn message(value: &str) -> Message {
    Message::post("/", Headers::from_iter([("X-Signature", value)]), BODY)
}

/// Returns the status, and the code of the first explanation or finding.
fn verify(scheme: &Scheme, message: &Message, now: i64) -> (SignatureStatus, String) {
    let verdict = scheme.verify(&[secret()], message, at(now));
    let explained = verdict.explanations.first().map(|it| it.code.to_owned());
    let found = verdict.findings.first().map(|it| it.code.clone());
    (verdict.status, explained.or(found).unwrap_or_default())
}

#[test]
fn the_documented_value_is_made_and_accepted() {
    let scheme = scheme(None);
    let envelope = Envelope { message_id: None, at: at(TIME) };
    let signed = scheme.sign(&secret(), BODY.as_bytes(), &envelope).unwrap();
    assert_eq!(signed.value, format!("t={TIME},v0={DIGEST}"));
    let message = message(&signed.value);
    assert_eq!(verify(&scheme, &message, TIME), (SignatureStatus::Valid, String::new()));
    assert_eq!(scheme.expected(&secret(), &message), Some(signed.value));
    assert_eq!(scheme.signed_time(&message), Some(at(TIME)));
}

#[test]
fn the_age_is_limited_and_the_future_if_the_pack_says_so() {
    let message = message(&format!("t={TIME},v0={DIGEST}"));
    for (future, now, status, code) in [
        (None, TIME + 1_800, SignatureStatus::Valid, ""),
        (None, TIME + 1_801, SignatureStatus::Invalid, "stale-timestamp"),
        (None, TIME - 60, SignatureStatus::Valid, ""),
        (None, TIME - 7_200, SignatureStatus::Valid, "future-timestamp"),
        (Some("5m"), TIME - 300, SignatureStatus::Valid, ""),
        (Some("5m"), TIME - 301, SignatureStatus::Invalid, "future-timestamp"),
    ] {
        let found = verify(&scheme(future), &message, now);
        assert_eq!(found, (status, code.to_owned()), "{future:?} at {now}");
    }
    assert_eq!(scheme(None).expired_at(&message, at(TIME + 1_800)), None);
    assert_eq!(scheme(None).expired_at(&message, at(TIME + 9_999)), Some(at(TIME + 1_800)));
}

#[test]
fn one_of_several_signatures_is_enough() {
    let zeros = "0".repeat(64);
    for value in [
        format!("t={TIME},v0={zeros},v0={DIGEST}"),
        format!("v0={DIGEST},t={TIME}"),
        format!("t={TIME},v1={zeros},v0={DIGEST},extra"),
        format!("t={TIME},v0=short,v0={DIGEST}"),
    ] {
        assert_eq!(
            verify(&scheme(None), &message(&value), TIME).0,
            SignatureStatus::Valid,
            "{value}"
        );
    }
    let upper = format!("t={TIME},v0={}", DIGEST.to_uppercase());
    let found = verify(&scheme(None), &message(&upper), TIME);
    assert_eq!(found, (SignatureStatus::Valid, "uppercase-signature".to_owned()));
}

#[test]
fn a_malformed_header_is_named_and_never_accepted() {
    for (value, code) in [
        (String::new(), "empty-signature"),
        (format!("v0={DIGEST}"), "missing-timestamp"),
        (format!("t={TIME}"), "unprefixed-signature"),
        (format!("t={TIME},{DIGEST}"), "unprefixed-signature"),
        (format!("t={TIME},v1={DIGEST}"), "other-version"),
        (format!("t={TIME}, v0={DIGEST}"), "space-in-signature"),
        (format!("t={TIME},t={TIME},v0={DIGEST}"), "repeated-timestamp"),
        (format!("t=,v0={DIGEST}"), "malformed-timestamp"),
        (format!("t=yesterday,v0={DIGEST}"), "malformed-timestamp"),
        (format!("t=0{TIME},v0={DIGEST}"), "malformed-timestamp"),
        (format!("t=99999999999999999999,v0={DIGEST}"), "malformed-timestamp"),
        (format!("t={TIME}.0,v0={DIGEST}"), "malformed-timestamp"),
        (format!("t={TIME},v0="), "empty-signature"),
        (format!("t={TIME},v0={}", &DIGEST[..40]), "truncated-signature"),
        (format!("t={TIME},v0={DIGEST}0"), "malformed-signature"),
        (format!("T={TIME},V0={DIGEST}"), "missing-timestamp"),
    ] {
        let found = verify(&scheme(None), &message(&value), TIME);
        assert_eq!(found, (SignatureStatus::Malformed, code.to_owned()), "{value}");
    }
    let mut twice = message(&format!("t={TIME},v0={DIGEST}"));
    twice.headers.push("x-signature", format!("t={TIME},v0={DIGEST}"));
    assert_eq!(verify(&scheme(None), &twice, TIME).1, "repeated-signature");
    let none = Message::post("/", Headers::new(), BODY);
    assert_eq!(verify(&scheme(None), &none, TIME).0, SignatureStatus::Missing);
}

#[test]
fn keys_that_contradict_each_other_are_rejected() {
    let sent = EnvelopeHeaders { message_id: None, timestamp: None, precision: None };
    let check = |time: &str, signature: &str, tolerance: &str, future: &str| {
        let keys = json!({
            "scheme": "timestamped-hmac", "header": "X", "time-part": time,
            "signature-part": signature, "tolerance": tolerance, "future-tolerance": future,
        });
        let scheme: Scheme = serde_json::from_value(keys).unwrap();
        scheme.check(&sent).map_err(|it| it.key)
    };
    assert_eq!(check("t", "v0", "5m", "1m"), Ok(()));
    for (time, signature, tolerance, future, key) in [
        ("", "v0", "5m", "1m", "signature.time-part"),
        ("a,b", "v0", "5m", "1m", "signature.time-part"),
        ("a=b", "v0", "5m", "1m", "signature.time-part"),
        ("t", " v0", "5m", "1m", "signature.signature-part"),
        ("t", "v0=", "5m", "1m", "signature.signature-part"),
        ("t", "t", "5m", "1m", "signature.signature-part"),
        ("t", "v0", "0s", "1m", "signature.tolerance"),
        ("t", "v0", "5m", "0s", "signature.future-tolerance"),
    ] {
        assert_eq!(check(time, signature, tolerance, future), Err(key), "{time} {signature}");
    }
    for wrong in [
        json!({"scheme": "timestamped-hmac", "header": "X"}),
        json!({"scheme": "timestamped-hmac", "header": "X", "time-part": "t",
               "signature-part": "v0", "tolerance": "-5m"}),
        json!({"scheme": "timestamped-hmac", "header": "X", "time-part": "t",
               "signature-part": "v0", "tolerance": "5m", "over": "raw-body"}),
    ] {
        assert!(serde_json::from_value::<Scheme>(wrong.clone()).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn every_signature_is_accepted_and_any_changed_bit_refused(
        body in proptest::collection::vec(any::<u8>(), 0..64),
        time in 0_i64..4_000_000_000,
        bit in any::<usize>(),
    ) {
        let scheme = scheme(None);
        let envelope = Envelope { message_id: None, at: at(time) };
        let signed = scheme.sign(&secret(), &body, &envelope).unwrap();
        let headers = Headers::from_iter([("X-Signature", signed.value.as_str())]);
        let genuine = Message::post("/", headers, body.clone());
        prop_assert_eq!(verify(&scheme, &genuine, time).0, SignatureStatus::Valid);
        if !body.is_empty() {
            let mut changed = body.clone();
            let index = bit % (8 * body.len());
            changed[index / 8] ^= 1 << (index % 8);
            let changed = Message { body: changed.into(), ..genuine.clone() };
            prop_assert_eq!(verify(&scheme, &changed, time).1, "mismatch");
        }
    }

    #[test]
    fn no_header_makes_it_panic_or_is_accepted(value in "\\PC{0,40}|[tv0-9=, ]{0,40}") {
        let message = message(&value);
        let scheme = scheme(Some("5m"));
        prop_assert_ne!(verify(&scheme, &message, TIME).0, SignatureStatus::Valid);
        let _ = scheme.expected(&secret(), &message);
        let _ = scheme.split_signature(&value);
        let _ = (scheme.signed_time(&message), scheme.expired_at(&message, Timestamp::MAX));
    }
}
