//! Tests of signing and checking tokens: valid, malformed and modified ones, and bodies that differ
//! from the claims.

use super::*;
use crate::domain::message::Headers;
use crate::domain::verdict::SignatureStatus;

const BODY: &str = r#"{"event":"lead.created","data":{"id":1}}"#;

fn secret() -> Secret {
    Secret::new("leadpro-webhook-secret").unwrap()
}

/// Returns the time of signing and of verification in every test.
fn now() -> Timestamp {
    Timestamp::from_second(1_609_459_200).unwrap()
}

/// Returns the scheme with the token in this header. `adds_iat` is `true` if signing adds the claim
/// `iat` (issued at).
fn scheme(header: &str, adds_iat: bool) -> JwtHs256 {
    JwtHs256 { header: header.to_owned(), issued_at: adds_iat }
}

fn envelope() -> Envelope<'static> {
    Envelope { message_id: None, at: now() }
}

/// Returns a token of these parts, signed with the correct secret.
fn token(header: &str, claims: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    format!("{signed}.{}", token_signature(&secret(), &signed).unwrap())
}

/// Checks a request with this `Authorization` header and body.
fn check(value: &str, body: &str) -> SignatureCheck {
    let headers = Headers::from_iter([("Authorization", value)]);
    let result = scheme("authorization", true).check_signature(
        &[secret()],
        &Message::post("/", headers, body.to_owned()),
        now(),
    );
    result.unwrap_or_else(|failed| failed)
}

/// Returns the code of the first explanation, or `valid`.
fn code(check: &SignatureCheck) -> &'static str {
    check.explanations.first().map_or("valid", |explanation| explanation.code)
}

#[test]
fn a_token_is_accepted_alone_and_after_bearer() {
    let value =
        scheme("Authorization", true).sign(&secret(), BODY.as_bytes(), &envelope()).unwrap().value;
    for value in [value.clone(), format!("Bearer {value}"), format!("bearer   {value}")] {
        assert_eq!(code(&check(&value, BODY)), "valid");
    }
    assert_eq!(code(&check(&format!("Basic {value}"), BODY)), "bad-scheme");
}

#[test]
fn signing_keeps_the_bytes_of_the_body_and_appends_iat() {
    let body = "{ \"data\": {\"a\": 1.50, \"a\": 9007199254740993} }\n";
    let value =
        scheme("Authorization", true).sign(&secret(), body.as_bytes(), &envelope()).unwrap().value;
    let claims = URL_SAFE_NO_PAD.decode(value.split('.').nth(1).unwrap()).unwrap();
    let expected = "{ \"data\": {\"a\": 1.50, \"a\": 9007199254740993},\"iat\":1609459200}";
    assert_eq!(String::from_utf8(claims).unwrap(), expected);
}

#[test]
fn an_empty_object_can_be_signed_and_an_array_cannot() {
    let value = scheme("Authorization", true).sign(&secret(), b"{}", &envelope()).unwrap().value;
    let claims = URL_SAFE_NO_PAD.decode(value.split('.').nth(1).unwrap()).unwrap();
    assert_eq!(claims, br#"{"iat":1609459200}"#);
    assert!(scheme("Authorization", false).sign(&secret(), b"[]", &envelope()).is_err());
}

#[test]
fn every_algorithm_but_hs256_is_rejected() {
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"None"}"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":"hs256"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":null}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"alg":"HS256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256","b64":true}"#,
        r#"{"alg":"HS256","b64":null}"#,
    ] {
        assert_eq!(code(&check(&token(header, BODY), BODY)), "alg-not-allowed", "{header}");
    }
    let twice = token(r#"{"alg":"HS256","alg":"none"}"#, BODY);
    assert_eq!(code(&check(&twice, BODY)), "malformed-token");
}

#[test]
fn a_token_that_is_not_three_parts_in_unpadded_base64url_is_rejected() {
    let valid_token = token(JOSE_HEADER, BODY);
    assert_eq!(code(&check(&format!("{valid_token}="), BODY)), "bad-base64");
    assert_eq!(code(&check(&valid_token.replacen('.', "\n.", 1), BODY)), "bad-base64");
    assert_eq!(code(&check(&format!("{valid_token}.x"), BODY)), "malformed-token");
    assert_eq!(code(&check("", BODY)), "malformed-token");
    let (signed, _) = valid_token.rsplit_once('.').unwrap();
    assert_eq!(code(&check(&format!("{signed}."), BODY)), "malformed-token");
}

#[test]
fn exp_and_nbf_are_optional_numbers_with_a_leeway_of_60_s() {
    let claims = |times: &str| format!("{}{times}}}", BODY.strip_suffix('}').unwrap());
    for (times, expected) in [
        ("", "valid"),
        (r#","exp":1609459200"#, "valid"),
        (r#","exp":1609459139"#, "expired"),
        (r#","nbf":1609459260"#, "valid"),
        (r#","nbf":1609459261"#, "not-yet-valid"),
        (r#","exp":"1909459200""#, "malformed-claim"),
        (r#","exp":null"#, "malformed-claim"),
        (r#","nbf":true"#, "malformed-claim"),
        (r#","exp":1e400"#, "malformed-claim"),
    ] {
        assert_eq!(code(&check(&token(JOSE_HEADER, &claims(times)), BODY)), expected, "{times}");
    }
}

#[test]
fn exp_and_nbf_accept_any_notation_of_a_json_number() {
    let zeros = "0".repeat(700_000);
    let claims =
        |name: &str, time: &str| format!("{},\"{name}\":{time}}}", BODY.strip_suffix('}').unwrap());
    // 1609459139 is 61 s before `now()`, and 1909459200 is years after it.
    for (name, time, expected) in [
        ("exp", format!("0.{zeros}1909459200e700010"), "valid"),
        ("exp", format!("0.{zeros}1609459139e700010"), "expired"),
        ("nbf", format!("0.{zeros}1909459200e700010"), "not-yet-valid"),
        ("nbf", format!("0.{zeros}1609459139e700010"), "valid"),
        ("exp", format!("1909459200{zeros}e-700000"), "valid"),
        ("nbf", format!("1909459200{zeros}e-700000"), "not-yet-valid"),
        ("exp", format!("1{zeros}"), "malformed-claim"),
        ("nbf", "1e309".to_owned(), "malformed-claim"),
        ("exp", "1.9094592E9".to_owned(), "valid"),
        ("nbf", "-1".to_owned(), "valid"),
    ] {
        let checked = check(&token(JOSE_HEADER, &claims(name, &time)), BODY);
        assert_eq!(code(&checked), expected, "{name} {}", &time[..time.len().min(20)]);
    }
}

#[test]
fn a_duplicate_key_anywhere_in_the_body_is_rejected() {
    let claims = r#"{"iss":"i","event":"e","data":{"x":"good","l":[{"x":{"y":1}}]},"iat":1}"#;
    for (body, pointer) in [
        (
            r#"{"iss":"i","event":"e","data":{"x":"evil","x":"good","l":[{"x":{"y":1}}]}}"#,
            "/data/x",
        ),
        (
            r#"{"iss":"i","event":"e","data":{"x":"good","x":"good","l":[{"x":{"y":1}}]}}"#,
            "/data/x",
        ),
        (
            r#"{"iss":"i","event":"e","data":{"\u0078":"evil","x":"good","l":[{"x":{"y":1}}]}}"#,
            "/data/x",
        ),
        (
            r#"{"iss":"i","event":"e","data":{"x":"good","l":[{"x":{"y":2,"y":1}}]}}"#,
            "/data/l/0/x/y",
        ),
        (
            r#"{"iss":"i","event":"e","data":{"x":"good","l":[{"x":{"y":2},"x":{"y":1}}]}}"#,
            "/data/l/0/x",
        ),
        (r#"{"iss":"i","event":"e","data":{},"data":{"x":"good","l":[{"x":{"y":1}}]}}"#, "/data"),
        (
            r#"{"iss":"i","event":"evil","event":"e","data":{"x":"good","l":[{"x":{"y":1}}]}}"#,
            "/event",
        ),
        (r#"{"iss":"evil","iss":"i","event":"e","data":{"x":"good","l":[{"x":{"y":1}}]}}"#, "/iss"),
        (
            r#"{"iat":2,"iat":1,"iss":"i","event":"e","data":{"x":"good","l":[{"x":{"y":1}}]}}"#,
            "/iat",
        ),
    ] {
        let checked = check(&token(JOSE_HEADER, claims), body);
        assert_eq!(
            (checked.status, code(&checked)),
            (SignatureStatus::Invalid, "body-claims-mismatch"),
            "{body}"
        );
        let message = &checked.explanations[0].message;
        assert!(message.contains(&format!("`{pointer}`")), "{body}: {message}");
    }
}

/// Inserts a duplicate of the first key of one of the non-empty objects, with another value.
/// `index` selects the object, modulo their number.
fn duplicate_key(text: &str, index: usize) -> String {
    let (mut in_string, mut is_escaped, mut starts) = (false, false, Vec::new());
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_string,
            b'"' => in_string = !in_string,
            b'{' if !in_string && text[offset + 1..].trim_start().starts_with('"') => {
                starts.push(offset + 1);
            }
            _ => {}
        }
    }
    let (before, after) = text.split_at(starts[index % starts.len()]);
    // The key ends at the first quote after an even number of backslashes.
    let end = after.trim_start()[1..].match_indices('"').map(|(end, _)| end).find(|end| {
        let name = &after.trim_start()[1..=*end];
        name.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0
    });
    let name = &after.trim_start()[..end.unwrap() + 2];
    format!("{before}{name}:\"evil\",{after}")
}

proptest::proptest! {
    #[test]
    fn a_body_with_a_duplicate_key_never_equals_its_claims(
        text in json::arbitrary::text_without_duplicates(),
        index in 0_usize..20,
    ) {
        let claims = format!("{{\"data\":{text}}}");
        let value = token(JOSE_HEADER, &claims);
        proptest::prop_assert_eq!(code(&check(&value, &claims)), "valid");
        let body = duplicate_key(&claims, index);
        proptest::prop_assert_eq!(code(&check(&value, &body)), "body-claims-mismatch", "{}", body);
    }
}

#[test]
fn a_body_that_differs_from_the_claims_is_rejected_with_the_pointer_of_the_difference() {
    let valid_token = token(JOSE_HEADER, BODY);
    let checked = check(&valid_token, r#"{"event":"lead.created","data":{"id":2}}"#);
    assert_eq!(code(&checked), "body-claims-mismatch");
    assert!(checked.explanations[0].message.contains("`/data/id`"));
    assert_eq!(code(&check(&valid_token, "not JSON")), "body-claims-mismatch");
    // The order of fields does not matter.
    assert_eq!(code(&check(&valid_token, r#"{"data":{"id":1},"event":"lead.created"}"#)), "valid");
}
