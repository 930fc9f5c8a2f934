//! Tests with published examples, and with anything that a header may contain.

use super::*;
use crate::domain::message::Headers;
use crate::domain::verdict::SignatureStatus;
use crate::protocols::schemes::Scheme;
use serde_json::json;

const HEADER: &str = "X-Signature";

fn secret() -> Secret {
    Secret::new("your_secret").unwrap()
}

fn scheme(header: &str, over: SignedForm, prefix: &str) -> BodyHmac {
    BodyHmac {
        header: header.to_owned(),
        algorithm: HashFunction::Sha256,
        encoding: EncodingName::Hex,
        over,
        prefix: prefix.to_owned(),
    }
}

fn sign(
    header: &str,
    over: SignedForm,
    prefix: &str,
    secret: &Secret,
    body: &[u8],
) -> SignatureValue {
    scheme(header, over, prefix).sign_body(secret, body)
}

fn verify(
    header: &str,
    over: SignedForm,
    prefix: &str,
    secrets: &[Secret],
    message: &Message,
) -> SignatureCheck {
    let check =
        scheme(header, over, prefix).check_signature(secrets, message, Timestamp::UNIX_EPOCH);
    check.unwrap_or_else(|failed| failed)
}

fn judge(value: &[u8], body: &str) -> SignatureCheck {
    let headers = Headers::from_iter([("x-signature", value)]);
    verify(
        HEADER,
        SignedForm::RawBody,
        "",
        &[secret()],
        &Message::post("/", headers, body.to_owned()),
    )
}

#[test]
fn upper_case_hex_is_valid_with_a_warning() {
    let value = sign(HEADER, SignedForm::RawBody, "", &secret(), b"{}").value;
    assert_eq!(judge(value.as_bytes(), "{}"), SignatureCheck::valid(MatchedBody::Raw));
    let upper = judge(format!(" {}\t", value.to_uppercase()).as_bytes(), "{}");
    assert_eq!(upper.status, SignatureStatus::Valid);
    assert_eq!(upper.findings[0].code, "uppercase-signature");
}

#[test]
fn every_malformed_signature_has_its_own_code() {
    let good = sign(HEADER, SignedForm::RawBody, "", &secret(), b"{}").value;
    for (value, code) in [
        (String::new(), "empty-signature"),
        (good[..62].to_owned(), "truncated-signature"),
        (format!("sha256={good}"), "prefixed-signature"),
        (format!("0x{good}"), "prefixed-signature"),
        (format!("{good}00"), "malformed-signature"),
        (format!("\"{good}\""), "malformed-signature"),
        (format!("{good}, {good}"), "malformed-signature"),
        ("zz".repeat(32), "malformed-signature"),
        (format!("{good}\u{a0}"), "malformed-signature"),
    ] {
        let judgement = judge(value.as_bytes(), "{}");
        assert_eq!(judgement.status, SignatureStatus::Malformed, "{value}");
        assert_eq!(judgement.explanations[0].code, code, "{value}");
    }
}

#[test]
fn the_example_in_the_github_documentation_verifies_with_its_prefix() {
    // docs.github.com, "Validating webhook deliveries": values to test with.
    let secret = Secret::new("It's a Secret to Everybody").unwrap();
    let body = "Hello, World!";
    let digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let hub = |value: String| {
        let headers = Headers::from_iter([("X-Hub-Signature-256", value)]);
        let message = Message::post("/", headers, body);
        let secrets = std::slice::from_ref(&secret);
        verify("X-Hub-Signature-256", SignedForm::RawBody, "sha256=", secrets, &message)
    };
    let signed =
        sign("X-Hub-Signature-256", SignedForm::RawBody, "sha256=", &secret, body.as_bytes());
    assert_eq!(signed.value, format!("sha256={digits}"));
    assert_eq!(hub(signed.value), SignatureCheck::valid(MatchedBody::Raw));
    let upper = hub(format!("sha256={}", digits.to_uppercase()));
    assert_eq!(upper.findings[0].code, "uppercase-signature");
    for (value, code) in [
        (digits.to_owned(), "unprefixed-signature"),
        (format!("SHA256={digits}"), "prefixed-signature"),
        (format!("v1={digits}"), "prefixed-signature"),
        (format!("sha256=sha256={digits}"), "prefixed-signature"),
        (format!("sha256:{digits}"), "unprefixed-signature"),
        (format!("sha256={}", &digits[..62]), "truncated-signature"),
        (format!("sha256= {digits}"), "malformed-signature"),
        ("sha256=".to_owned(), "empty-signature"),
        (String::new(), "empty-signature"),
        ("é".to_owned(), "unprefixed-signature"),
    ] {
        let judgement = hub(value.clone());
        assert_eq!(judgement.status, SignatureStatus::Malformed, "{value}");
        assert_eq!(judgement.explanations[0].code, code, "{value}");
    }
}

#[test]
fn a_repeated_signature_is_invalid_even_if_both_match() {
    let value = sign(HEADER, SignedForm::RawBody, "", &secret(), b"{}").value;
    let headers = Headers::from_iter([(HEADER, value.clone()), ("x-signature", value)]);
    let judgement =
        verify(HEADER, SignedForm::RawBody, "", &[secret()], &Message::post("/", headers, "{}"));
    assert_eq!(judgement.explanations[0].code, "repeated-signature");
}

#[test]
fn the_stringified_body_is_only_tried_if_the_pack_signs_it() {
    let pretty = "{ \"a\": 1.0 }";
    let value = sign(HEADER, SignedForm::JsonStringify, "", &secret(), pretty.as_bytes()).value;
    assert_eq!(value, sign(HEADER, SignedForm::RawBody, "", &secret(), b"{\"a\":1}").value);
    let headers = Headers::from_iter([(HEADER, value)]);
    let message = Message::post("/", headers, pretty);
    let as_stringified = verify(HEADER, SignedForm::JsonStringify, "", &[secret()], &message);
    assert_eq!(as_stringified.matched, Some(MatchedBody::Restringified));
    let as_raw = verify(HEADER, SignedForm::RawBody, "", &[secret()], &message);
    assert_eq!(as_raw.status, SignatureStatus::Invalid);
}

#[test]
fn a_signature_by_any_of_several_secrets_is_valid() {
    let value = sign(HEADER, SignedForm::RawBody, "", &secret(), b"{}").value;
    let message = Message::post("/", Headers::from_iter([(HEADER, value)]), "{}");
    let secrets = [Secret::new("old").unwrap(), secret(), Secret::new("other").unwrap()];
    assert_eq!(
        verify(HEADER, SignedForm::RawBody, "", &secrets, &message).status,
        SignatureStatus::Valid
    );
    assert_eq!(
        verify(HEADER, SignedForm::RawBody, "", &secrets[..1], &message).status,
        SignatureStatus::Invalid
    );
}

/// Signs as other senders do; the digests were made with Python's `hmac` module.
#[test]
fn other_functions_encodings_and_forms_of_the_body_are_keys() {
    let body = br#"{"id":"CAL1","answered":true}"#;
    let with = |keys: serde_json::Value| -> Scheme { serde_json::from_value(keys).unwrap() };
    for (keys, expected) in [
        (
            json!({"scheme": "hmac", "header": "S", "over": "raw-body", "algorithm": "sha1",
                   "encoding": "base64"}),
            "m4G2uwTneDy/+r4xzuWAGDr1Nzk=",
        ),
        (
            json!({"scheme": "hmac", "header": "S", "over": "base64-of-body"}),
            "92c29780868eeb55161a475cb232b4d6f031856858647d32f14ec7f944c71775",
        ),
        (
            json!({"scheme": "hmac", "header": "S", "over": "raw-body", "encoding": "base64",
                   "prefix": "sha256="}),
            "sha256=ZunL3plAz3Ebvssb0fq7pw2R1eBu4fJZjHk0RLtAcAk=",
        ),
    ] {
        let scheme = with(keys);
        let secret = Secret::new("s3cret").unwrap();
        let envelope = Envelope { message_id: None, at: Timestamp::UNIX_EPOCH };
        let signed = scheme.sign(&secret, body, &envelope).unwrap();
        assert_eq!(signed.value, expected);
        let check = |value: &str| {
            let message = Message::post("/", Headers::from_iter([("S", value)]), body.to_vec());
            let verdict =
                scheme.verify(std::slice::from_ref(&secret), &message, Timestamp::UNIX_EPOCH);
            (verdict.status, verdict.explanations.first().map(|it| it.code))
        };
        assert_eq!(check(expected), (SignatureStatus::Valid, None));
        let shorter = &expected[..expected.len() - 4];
        assert_eq!(check(shorter), (SignatureStatus::Malformed, Some("truncated-signature")));
        let longer = format!("{expected}AAAA");
        assert_eq!(check(&longer), (SignatureStatus::Malformed, Some("malformed-signature")));
    }
    let old = with(json!({"scheme": "hmac-sha256-hex", "header": "S", "over": "raw-body"}));
    assert_eq!(old.name(), "hmac");
}
