use super::*;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

const NOW: i64 = 1_767_323_045;

/// The SHA-256 digest of nothing.
const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn token_text(header: &[u8], claims: &[u8]) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    format!("{}.{}.{}", part(header), part(claims), part(&[7; 32]))
}

fn token(header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> DecodedToken {
    match decode(&token_text(header.as_ref(), claims.as_ref()), false, now()) {
        Ok(Decoded::Token(token)) => *token,
        other => panic!("{other:?}"),
    }
}

fn signature(value: &str) -> DecodedSignature {
    match decode(value, true, now()) {
        Ok(Decoded::Signature(signature)) => signature,
        other => panic!("{value}: {other:?}"),
    }
}

fn codes(notes: &[Note]) -> Vec<&str> {
    notes.iter().map(|note| note.code).collect()
}

#[test]
fn times_are_given_in_words() {
    for (claims, expected) in [
        (format!(r#"{{"exp":{}}}"#, NOW + 300), "expires in 5 minutes"),
        (format!(r#"{{"exp":{}}}"#, NOW - 3 * 86_400), "expired 3 days ago"),
        (format!(r#"{{"exp":{NOW}}}"#), "expired just now"),
        (format!(r#"{{"iat":{}}}"#, NOW - 1), "issued 1 second ago"),
        (format!(r#"{{"iat":{}}}"#, NOW + 60), "issued 1 minute in the future"),
        (format!(r#"{{"iat":{}.5}}"#, NOW - 90), "issued 90 seconds ago"),
        (format!(r#"{{"nbf":{}}}"#, NOW + 5_400), "not valid for another 90 minutes"),
        (format!(r#"{{"nbf":{}}}"#, NOW - 7_200), "valid since 2 hours ago"),
        (format!(r#"{{"auth_time":{}}}"#, NOW - 63_115_200), "signed in 2 years ago"),
    ] {
        let token = token(r#"{"alg":"HS256"}"#, &claims);
        let time = &token.times[0];
        assert_eq!((time.words.as_str(), &time.problem), (expected, &None), "{claims}");
    }
}

#[test]
fn a_time_in_another_unit_or_type_has_a_problem() {
    for (value, words, problem) in [
        (format!("{NOW}000"), "expired just now", "in milliseconds"),
        (format!("{NOW}000000"), "expired just now", "in microseconds"),
        (format!("\"{}\"", NOW + 300), "expires in 5 minutes", "a string"),
        ("\"2026-01-02T03:04:05Z\"".to_owned(), "expired just now", "a string"),
        (format!("\"{NOW}000\""), "expired just now", "a string, and receivers"),
        ("\"soon\"".to_owned(), "not a time", "a string"),
        ("1e400".to_owned(), "not a time", "out of range"),
        ("null".to_owned(), "not a time", "not a number of seconds"),
        ("{}".to_owned(), "not a time", "not a number of seconds"),
    ] {
        let token = token(r#"{"alg":"HS256"}"#, format!(r#"{{"exp":{value}}}"#));
        let time = &token.times[0];
        assert_eq!(time.words, words, "{value}");
        assert!(time.problem.as_ref().is_some_and(|found| found.contains(problem)), "{time:?}");
    }
}

#[test]
fn a_header_that_receivers_must_not_trust_has_notes() {
    for (header, expected) in [
        (r#"{"alg":"HS256","typ":"JWT"}"#, vec![]),
        (r#"{"alg":"none"}"#, vec!["alg-none"]),
        (r#"{"alg":"NONE"}"#, vec!["alg-none"]),
        (r#"{"typ":"JWT"}"#, vec!["alg-missing"]),
        (r#"{"alg":7}"#, vec!["alg-unknown"]),
        (r#"{"alg":"HS1"}"#, vec!["alg-unknown"]),
        (r#"{"alg":"HS512"}"#, vec!["signature-length"]),
        (r#"{"alg":"HS256","crit":["exp"],"b64":false}"#, vec!["crit", "b64"]),
        (r#"{"alg":"HS256","crit":"exp"}"#, vec!["crit"]),
        (r#"{"alg":"HS256","typ":"X","jku":"https://x.example"}"#, vec!["typ", "key-in-token"]),
        (r#"{"alg":"HS256","alg":"HS256"}"#, vec!["repeated-name"]),
        (r#"{"alg":"HS256","zip":"DEF"}"#, vec!["zip"]),
    ] {
        assert_eq!(codes(&token(header, "{}").notes), expected, "{header}");
    }
}

#[test]
fn claims_that_receivers_read_differently_have_notes() {
    for (claims, expected) in [
        (b"{\"a\":{\"b\":1,\"b\":2}}".as_slice(), "repeated-name"),
        (b"{\"a\":\"\xff\"}", "not-utf8"),
        (b"{\"a\":", "not-json"),
        (b"[1]", "not-an-object"),
    ] {
        let token = token(r#"{"alg":"HS256"}"#, claims);
        assert_eq!(codes(&token.notes), [expected]);
        let is_json = ["repeated-name", "not-an-object"].contains(&expected);
        assert_eq!(token.claims.is_some(), is_json, "{expected}");
    }
}

#[test]
fn compressed_claims_are_read_within_limits() {
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use std::io::Write;
    let deflated = |claims: &[u8]| {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(claims).unwrap();
        encoder.finish().unwrap()
    };
    let header = r#"{"alg":"HS256","zip":"DEF"}"#;
    let small = token(header, deflated(br#"{"a":"short"}"#));
    assert_eq!(small.claims_text, br#"{"a":"short"}"#);
    let bomb = token(header, deflated(&vec![b' '; 10 << 20]));
    assert_eq!(codes(&bomb.notes), ["zip", "not-inflated"]);
    assert!(bomb.claims.is_none() && bomb.claims_text.is_empty());
}

#[test]
fn a_token_is_verified_by_the_algorithm_that_it_names() {
    use crate::protocols::schemes::mac::{HashFunction, mac};
    for (name, function) in [
        ("HS256", HashFunction::Sha256),
        ("HS384", HashFunction::Sha384),
        ("HS512", HashFunction::Sha512),
    ] {
        let text = token_text(format!(r#"{{"alg":"{name}"}}"#).as_bytes(), b"{}");
        let signed = text.rsplit_once('.').unwrap().0;
        let tag = URL_SAFE_NO_PAD.encode(mac(function, b"s3cret", &[signed.as_bytes()]));
        let Ok(Decoded::Token(token)) = decode(&format!("{signed}.{tag}"), false, now()) else {
            panic!("{name}");
        };
        assert_eq!(token.verify([b"no".as_slice(), b"s3cret"]), TokenCheck::Valid, "{name}");
        assert!(matches!(token.verify([b"no".as_slice()]), TokenCheck::Invalid(_)), "{name}");
        assert!(token.notes.is_empty(), "{name}");
    }
    let secrets = [b"s3cret".as_slice()];
    let check = |header: &str| token(header, "{}").verify(secrets);
    assert!(matches!(check(r#"{"alg":"RS256"}"#), TokenCheck::Impossible(_)));
    assert!(matches!(check(r#"{"alg":"none"}"#), TokenCheck::Invalid(_)));
    assert!(matches!(check("{}"), TokenCheck::Impossible(_)));
}

#[test]
fn a_token_that_cannot_be_read_says_why() {
    let error = |value: &str| decode(value, false, now()).unwrap_err().to_string();
    for (value, expected) in [
        ("eyJhbGciOiJIUzI1NiJ9.e30".to_owned(), "expected 3 parts separated by dots, found 2"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.e30.a.b".to_owned(), "found 4"),
        ("Bearer secret".to_owned(), "found 1"),
        (token_text(b"{\"a\"", b"{}"), "the header is not JSON"),
        (format!("{}.e30.!", URL_SAFE_NO_PAD.encode("{}")), "neither a token nor a signature"),
        ("eyJhbGciOiJkaXIifQ..aaaa.bbbb.cccc".to_owned(), "encrypted token (JWE, 5 parts)"),
        ("Basic dXNlcjpwYXNz".to_owned(), "the authentication scheme `Basic`"),
        ("[REDACTED]".to_owned(), "is redacted"),
        ("Bearer ****".to_owned(), "is redacted"),
        ("hello".to_owned(), "neither a token nor a signature"),
        ("a".repeat(MAX_VALUE + 1), "is longer than"),
    ] {
        assert!(error(&value).contains(expected), "{value}: {}", error(&value));
    }
}

#[test]
fn a_damaged_signature_of_a_token_has_a_note() {
    let text = token_text(br#"{"alg":"HS256"}"#, b"{}");
    for (value, expected) in [
        (text[..text.len() - 10].to_owned(), "signature-length"),
        (text[..text.len() - 8].to_owned(), "signature-length"),
        (format!("{text}="), "not-base64url"),
    ] {
        let Ok(Decoded::Token(token)) = decode(&value, false, now()) else { panic!("{value}") };
        assert!(codes(&token.notes).contains(&expected), "{value}: {:?}", token.notes);
    }
}

#[test]
fn the_parts_of_a_signature_are_named() {
    let base64 = STANDARD.encode(hex::decode(DIGEST).unwrap());
    let ed25519 = STANDARD.encode([1; 64]);
    for (value, form, entries) in [
        (DIGEST.to_owned(), "a digest", vec![(None, "hex", 32)]),
        (DIGEST.to_uppercase(), "a digest", vec![(None, "hex", 32)]),
        (base64.clone(), "a digest", vec![(None, "base64", 32)]),
        (format!("sha256={DIGEST}"), "a digest after a prefix", vec![(Some("sha256"), "hex", 32)]),
        (
            format!("sha256:{base64}"),
            "a digest after a prefix",
            vec![(Some("sha256"), "base64", 32)],
        ),
        (
            format!("sig1=:{base64}:"),
            "an HTTP message signature (RFC 9421)",
            vec![(Some("sig1"), "base64", 32)],
        ),
        (
            format!("v1,{base64} v1a,{ed25519}"),
            "a list of versions, as in Standard Webhooks",
            vec![(Some("v1"), "base64", 32), (Some("v1a"), "base64", 64)],
        ),
        (
            format!("t={NOW},v1={DIGEST},v0={DIGEST}"),
            "a list of a timestamp and digests",
            vec![(Some("v1"), "hex", 32), (Some("v0"), "hex", 32)],
        ),
    ] {
        let found = signature(&value);
        let parts: Vec<_> = found
            .entries
            .iter()
            .map(|entry| (entry.label.as_deref(), entry.encoding, entry.bytes))
            .collect();
        assert_eq!((found.form, parts), (form, entries), "{value}");
        assert!(found.notes.is_empty(), "{value}: {:?}", found.notes);
    }
    assert_eq!(
        signature(&format!("v1a,{ed25519}")).entries[0].algorithm,
        "Ed25519, verified with a public key"
    );
    let encoded_twice = signature(&STANDARD.encode(DIGEST)).entries[0].algorithm.clone();
    assert!(encoded_twice.starts_with("the hex digits of SHA-256"), "{encoded_twice}");
    let cut = signature(&DIGEST[..31]).entries[0].algorithm.clone();
    assert!(cut.contains("no known digest has this length"), "{cut}");
    let time = signature(&format!("t={},v0={DIGEST}", NOW - 120)).timestamp.unwrap();
    assert_eq!(time.words, "signed 2 minutes ago");
}

#[test]
fn a_damaged_signature_has_a_note() {
    let base64 = STANDARD.encode(hex::decode(DIGEST).unwrap());
    for (value, code) in [
        (format!("sha1={DIGEST}"), "digest-length"),
        (format!("t={NOW},v1={DIGEST},v0=zz"), "unreadable-part"),
        (format!("v1,{base64} v2,!"), "unreadable-part"),
        (format!("v1%2C{}", base64.replace('=', "%3D")), "percent-encoded"),
    ] {
        assert_eq!(codes(&signature(&value).notes), [code], "{value}");
    }
}

#[test]
fn values_are_found_in_text() {
    let token = token_text(br#"{"alg":"HS256"}"#, b"{}");
    let found = |text: &str| -> Vec<(Option<String>, String)> {
        let values = find_values(text.as_bytes()).into_iter();
        values.map(|found| (found.name, found.value)).collect()
    };
    let named = |name: &str, value: &str| (Some(name.to_owned()), value.to_owned());
    assert_eq!(found(&format!("\u{feff}{token}\n")), [(None, token.clone())]);
    assert_eq!(found(&format!("X-Sig: {DIGEST}")), [named("X-Sig", DIGEST)]);
    assert_eq!(found(&format!("-H 'X-Sig: {DIGEST}'")), [named("X-Sig", DIGEST)]);
    assert_eq!(found(&format!("sha256:{DIGEST}")), [(None, format!("sha256:{DIGEST}"))]);
    let lines = format!("Host: x\nX-Signature: {DIGEST}\nAuthorization: Bearer {token}\n");
    let bearer = format!("Bearer {token}");
    assert_eq!(found(&lines), [named("X-Signature", DIGEST), named("Authorization", &bearer)]);
    let folded = format!("{}\n{}\n", &token[..20], &token[20..]);
    assert_eq!(found(&folded), [(None, token.clone())]);
    for other in ["", "{}", "POST / HTTP/1.1\r\nX-Signature: a\r\n\r\n", "two\nlines of text"] {
        assert_eq!(found(other), [], "{other}");
    }
    assert_eq!(find_values(b"\xff"), []);
    assert!(is_token_argument(&token) && is_token_argument(&bearer));
    for file in ["request.json", "caps.2026.json", "exam.v1.json", "eyes.a.b", "a/b.c.d", "-"] {
        assert!(!is_token_argument(file), "{file}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC{0,80}", bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = find_values(&bytes);
        for found in find_values(text.as_bytes()) {
            let _ = decode(&found.value, true, now());
        }
        let _ = decode(&text, false, now());
        let _ = decode(&token_text(&bytes, text.as_bytes()), false, now());
        let _ = decode(&token_text(b"{\"alg\":\"HS256\"}", &bytes), false, now());
    }
}
