//! Tests with published vectors, and with anything that a header may contain.

use super::*;
use crate::domain::message::Headers;
use proptest::prelude::*;

// The published vector of the reference libraries.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SENT: i64 = 1_614_265_330;
const BODY: &str = r#"{"test": 2432232314}"#;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn scheme() -> StandardWebhooks {
    StandardWebhooks {
        header: "webhook-signature".to_owned(),
        id_header: "webhook-id".to_owned(),
        timestamp_header: "webhook-timestamp".to_owned(),
        tolerance: Wait(300),
    }
}

/// Returns the result of the check, passed or failed.
fn checked(secrets: &[Secret], message: &Message, at: Timestamp) -> SignatureCheck {
    scheme().check_signature(secrets, message, at).unwrap_or_else(|failed| failed)
}

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn signed_as(secret: &Secret, id: &str, body: &str) -> Result<SignatureValue, SignError> {
    let envelope = Envelope { message_id: Some(id), at: time(SENT) };
    scheme().sign(secret, body.as_bytes(), &envelope)
}

/// Checks the vector with these headers in place of its own, as of the time `at`.
fn judge_at(changed: &[(&str, &str)], at: i64) -> SignatureCheck {
    let sent = SENT.to_string();
    let defaults = [
        ("webhook-id", ID),
        ("webhook-timestamp", sent.as_str()),
        ("webhook-signature", SIGNATURE),
    ];
    let kept = defaults.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    // The value `-` stands for a missing header.
    let added = changed.iter().filter(|(_, value)| *value != "-");
    let headers: Headers = kept.chain(added).copied().collect();
    checked(&[secret(SECRET)], &Message::post("/", headers, BODY), time(at))
}

fn code(judgement: &SignatureCheck) -> &'static str {
    judgement.explanations.first().map_or("valid", |explanation| explanation.code)
}

#[test]
fn the_published_vectors_verify() {
    assert_eq!(signed_as(&secret(SECRET), ID, BODY).unwrap().value, SIGNATURE);
    assert_eq!(judge_at(&[], SENT), SignatureCheck::valid(MatchedBody::Raw));
    let other = secret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
    let envelope =
        Envelope { message_id: Some("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"), at: time(1_649_367_553) };
    let body = br#"{"email":"test@example.com","username":"test_user"}"#;
    assert_eq!(
        scheme().sign(&other, body, &envelope).unwrap().value,
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
    );
}

#[test]
fn the_prefix_and_the_padding_of_a_secret_are_optional() {
    let plain = signed_as(&secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), ID, BODY).unwrap();
    assert_eq!(plain.value, SIGNATURE);
    for (spelled, bytes) in [("whsec_AA==", 1), ("whsec_AA", 1), ("AAA=", 2), ("AAAA", 3)] {
        assert_eq!(decode_key(spelled.as_bytes()).map(|key| key.len()), Some(bytes), "{spelled}");
    }
    for invalid in ["whsec_", "whsec_s3cret!", "not base64", "whsec_-_-_", "whsec_AAAA\n"] {
        let error = signed_as(&secret(invalid), ID, BODY);
        assert_eq!(error, Err(SignError::SecretNotBase64), "{invalid:?}");
        assert!(!format!("{error:?}{}", SignError::SecretNotBase64).contains("s3cret"));
    }
}

#[test]
fn without_a_usable_secret_the_signature_is_unchecked() {
    let headers = Headers::from_iter([
        ("webhook-id", ID),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", SIGNATURE),
    ]);
    let message = Message::post("/", headers, BODY);
    let judged = checked(&[secret("not base64")], &message, time(SENT));
    assert_eq!((judged.status, code(&judged)), (SignatureStatus::Unchecked, "secret-not-base64"));
    let both = [secret("not base64"), secret(SECRET)];
    assert_eq!(code(&checked(&both, &message, time(SENT))), "valid");
}

#[test]
fn any_signature_of_version_1_may_match_and_others_are_skipped() {
    let other = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    let asymmetric = format!("v1a,{}", "A".repeat(86));
    for (value, expected) in [
        (format!("{other} {SIGNATURE}"), "valid"),
        (format!("{SIGNATURE} {other}"), "valid"),
        (format!("{asymmetric}  {SIGNATURE} v2,x nothing"), "valid"),
        (format!("v1,broken {SIGNATURE}"), "valid"),
        (other.to_owned(), "mismatch"),
        (asymmetric, "other-version"),
        (SIGNATURE.replace("v1,", "v2,"), "other-version"),
        (SIGNATURE.replace("v1,", ""), "unprefixed-signature"),
        (SIGNATURE.replace("v1,", "V1,"), "unprefixed-signature"),
        (SIGNATURE.replace("v1,", "v1="), "unprefixed-signature"),
        (SIGNATURE[..40].to_owned(), "truncated-signature"),
        (SIGNATURE.trim_end_matches('=').to_owned(), "truncated-signature"),
        ("v1,".to_owned(), "malformed-signature"),
        (format!("{SIGNATURE}A"), "malformed-signature"),
        (SIGNATURE.replace('+', "-").replace('/', "_"), "malformed-signature"),
        (format!("v1,{}", "0f".repeat(32)), "malformed-signature"),
        (" ".to_owned(), "empty-signature"),
        ("-".to_owned(), "missing-signature"),
    ] {
        assert_eq!(code(&judge_at(&[("webhook-signature", &value)], SENT)), expected, "{value}");
    }
}

#[test]
fn id_and_time_are_signed_and_must_occur_once() {
    for (changed, expected) in [
        (vec![("webhook-id", "msg_other")], "mismatch"),
        (vec![("webhook-id", "-")], "missing-message-id"),
        (vec![("webhook-id", "")], "missing-message-id"),
        (vec![("webhook-id", ID), ("webhook-id", ID)], "repeated-header"),
        (vec![("webhook-timestamp", "1614265331")], "mismatch"),
        (vec![("webhook-timestamp", "-")], "missing-timestamp"),
        (vec![("webhook-timestamp", "2021-02-25T15:02:10Z")], "malformed-timestamp"),
        (vec![("webhook-timestamp", "1614265330.0")], "malformed-timestamp"),
        (vec![("webhook-timestamp", "01614265330")], "malformed-timestamp"),
        (vec![("webhook-timestamp", "+1614265330")], "malformed-timestamp"),
        (vec![("webhook-timestamp", "99999999999999999999")], "malformed-timestamp"),
        (vec![("webhook-timestamp", "\u{661}")], "malformed-timestamp"),
    ] {
        let judgement = judge_at(&changed, SENT);
        assert_eq!(code(&judgement), expected, "{changed:?}");
        let status = match expected {
            "mismatch" => SignatureStatus::Invalid,
            _ => SignatureStatus::Malformed,
        };
        assert_eq!(judgement.status, status, "{changed:?}");
    }
}

#[test]
fn a_time_outside_the_tolerance_is_rejected() {
    for (at, expected) in [
        (SENT + 300, "valid"),
        (SENT - 300, "valid"),
        (SENT + 301, "stale-timestamp"),
        (SENT - 301, "future-timestamp"),
    ] {
        assert_eq!(code(&judge_at(&[], at)), expected, "{at}");
    }
    let stale = &judge_at(&[], SENT + 720);
    assert_eq!(stale.status, SignatureStatus::Invalid);
    assert_eq!(
        stale.explanations[0].message,
        "The signature is valid, but its timestamp is 12 min old; up to 5 min are allowed."
    );
    // For an invalid signature, the time is not reported.
    let forged = judge_at(&[("webhook-id", "msg_other")], SENT + 720);
    assert_eq!(code(&forged), "mismatch");
    let milliseconds = scheme().time_tolerance().rejection(1_614_265_330_000, time(SENT)).unwrap();
    assert_eq!(milliseconds.code, "future-timestamp");
    assert_eq!(milliseconds.fix.as_deref(), Some("write seconds, not milliseconds"));
    for far in [i64::MIN, i64::MAX] {
        assert!(scheme().time_tolerance().rejection(far, time(SENT)).is_some());
    }
}

#[test]
fn a_time_before_1970_is_accepted_like_in_the_reference_libraries() {
    let id = "msg_1";
    let signed = |seconds: i64| {
        let envelope = Envelope { message_id: Some(id), at: time(seconds) };
        scheme().sign(&secret(SECRET), BODY.as_bytes(), &envelope).unwrap().value
    };
    let judged = |text: &str, seconds: i64, at: i64| {
        let value = signed(seconds);
        let changed =
            [("webhook-id", id), ("webhook-timestamp", text), ("webhook-signature", &value)];
        code(&judge_at(&changed, at))
    };
    assert_eq!(judged("-100", -100, 0), "valid");
    assert_eq!(judged("-100", -100, -400), "valid");
    assert_eq!(judged("-301", -301, 0), "stale-timestamp");
    assert_eq!(judged("-100", -100, SENT), "stale-timestamp");
    // Only the canonical form is accepted, which every library writes before it signs.
    for text in ["-0", "-0100", "- 100", "--100", "\u{2212}100"] {
        assert_eq!(judged(text, -100, 0), "malformed-timestamp", "{text}");
    }
}

#[test]
fn an_id_is_required_and_a_dot_in_it_is_reported() {
    let envelope = Envelope { message_id: None, at: time(SENT) };
    let error = scheme().sign(&secret(SECRET), b"{}", &envelope).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot sign without a message id: `webhook-id` is signed with the body"
    );
    let dotted = signed_as(&secret(SECRET), "a.b", BODY).unwrap();
    assert!(dotted.note.is_some());
    let changed = [("webhook-id", "a.b"), ("webhook-signature", dotted.value.as_str())];
    let judgement = judge_at(&changed, SENT);
    assert_eq!(judgement.status, SignatureStatus::Valid);
    assert_eq!(judgement.findings[0].code, "dotted-message-id");
}

#[test]
fn the_expected_signature_is_the_valid_one() {
    let headers = Headers::from_iter([("webhook-id", ID), ("webhook-timestamp", "1614265330")]);
    let message = Message::post("/", headers, BODY);
    assert_eq!(scheme().expected(&secret(SECRET), &message).as_deref(), Some(SIGNATURE));
    let bare = Message::post("/", Headers::new(), BODY);
    assert_eq!(scheme().expected(&secret(SECRET), &bare), None);
}

proptest! {
    #[test]
    fn a_signed_message_verifies_and_random_headers_do_not(
        id in "[!-~]{1,40}",
        body in any::<Vec<u8>>(),
        noise in any::<Vec<u8>>(),
    ) {
        let envelope = Envelope { message_id: Some(&id), at: time(SENT) };
        let signed = scheme().sign(&secret(SECRET), &body, &envelope).unwrap();
        let message = |signature: &[u8], time: &[u8]| {
            let headers = Headers::from_iter([
                ("webhook-id", id.as_bytes()),
                ("webhook-timestamp", time),
                ("webhook-signature", signature),
            ]);
            Message::post("/", headers, body.clone())
        };
        let judge = |message: &Message| {
            checked(&[secret(SECRET)], message, time(SENT)).status
        };
        let good = signed.value.as_bytes();
        prop_assert_eq!(judge(&message(good, b"1614265330")), SignatureStatus::Valid);
        prop_assert_ne!(judge(&message(&noise, b"1614265330")), SignatureStatus::Valid);
        prop_assert_ne!(judge(&message(good, &noise)), SignatureStatus::Valid);
    }
}
