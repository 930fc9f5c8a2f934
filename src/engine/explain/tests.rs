//! Tests of every hypothesis, each with a deliberate fault.

use super::*;
use crate::domain::message::Headers;
use crate::domain::secret::Keyring;
use crate::engine::judge::Judgement;
use crate::engine::judge::Strictness;
use crate::protocols::json_print;
use crate::protocols::schemes::digest;
use crate::protocols::schemes::mac::{self, HashFunction};
use crate::protocols::schemes::scheme::Envelope;
use crate::providers::Packs;

const BODY: &str = r#"{"id":"evt_1","type":"lead.scored","timestamp":"2026-01-14T19:22:08Z","data":{"leadId":"lead_1","score":75.0,"note":"Zoë </b> a/b"}}"#;
const HMAC: &str = "realgeeks";
const TOKEN: &str = "leadpro";

fn at() -> Timestamp {
    Timestamp::from_second(1_768_400_000).unwrap()
}

fn pack(id: &str) -> Pack {
    Pack::clone(Packs::builtin().unwrap().find(id).unwrap())
}

/// Signs `body` with this provider's scheme: returns the name and the value of the header.
fn sign(id: &str, secret: &[u8], body: &[u8]) -> (String, String) {
    let secret = Secret::new(secret).unwrap();
    let envelope = Envelope { message_id: None, at: at() };
    let scheme = &pack(id).provider.signature;
    let signed = scheme.sign(&secret, body, &envelope).unwrap();
    (scheme.header().unwrap().to_owned(), signed.value)
}

struct Explained {
    status: SignatureStatus,
    codes: Vec<&'static str>,
    messages: String,
    tried: usize,
}

fn explain(id: &str, secrets: &[&str], headers: Headers, body: impl Into<Vec<u8>>) -> Explained {
    explain_with_candidates(id, secrets, Vec::new(), headers, body)
}

fn explain_with_candidates(
    id: &str,
    secrets: &[&str],
    candidates: Vec<Candidate>,
    headers: Headers,
    body: impl Into<Vec<u8>>,
) -> Explained {
    let secrets = secrets.iter().map(|secret| Secret::new(*secret).unwrap()).collect();
    let mut ring = Keyring::default();
    for secret in Vec::<Secret>::clone(&secrets) {
        ring.insert(id, secret);
    }
    ring.insert("realtorbot", Secret::new("of-the-bot").unwrap());
    let judge =
        Judge::new(Packs::builtin().unwrap(), ring, Some(id.to_owned()), Strictness::default());
    let message = Message::post("/", headers, body.into());
    let Judgement { mut verdict, pack, .. } = judge.judge(&message, at());
    let (pack, event) = (pack.as_deref(), verdict.event.as_deref());
    let failure = Failure { message: &message, at: at(), pack, event };
    let mut explainer = Explainer::new(candidates);
    explainer.explain(&judge, &failure, &Vec::new, &mut verdict.signature);
    let signature = verdict.signature;
    let messages = signature.explanations.iter().map(|explanation| {
        format!("{} | {}\n", explanation.message, explanation.fix.as_deref().unwrap_or_default())
    });
    Explained {
        status: signature.status,
        codes: signature.explanations.iter().map(|explanation| explanation.code).collect(),
        messages: messages.collect(),
        tried: signature.tried.unwrap_or_default(),
    }
}

/// Explains a body that was signed in another form.
fn explain_body(signed_body: &[u8], body: &[u8]) -> Explained {
    let (header, value) = sign(HMAC, b"s3cret", signed_body);
    explain(HMAC, &["s3cret"], Headers::from_iter([(header, value)]), body)
}

#[test]
fn every_fault_of_a_body_is_named() {
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(3000));
    for (signed, received, code) in [
        ("{}", "{}\n", "final-newline-added"),
        ("{}", "{}\r\n", "final-newline-added"),
        ("{}\n", "{}", "final-newline-removed"),
        ("{}\r\n", "{}", "final-newline-removed"),
        ("{\r\n}", "{\n}", "crlf-to-lf"),
        ("{\n}", "{\r\n}", "lf-to-crlf"),
        ("{}", "\u{feff}{}", "bom-added"),
        ("\u{feff}{}", "{}", "bom-removed"),
        ("{}", " {} ", "outer-white-space"),
        ("", BODY, "empty-body"),
        (BODY, &format!("{BODY}\0"), "nul-added"),
        ("\"Zo\u{eb}\"", "\"Zoe\u{308}\"", "not-composed"),
        ("\"é\"", "\"Ã©\"", "decoded-as-code-page"),
        ("{\"a\":1}", "payload=%7B%22a%22%3A1%7D", "form-encoded"),
        ("{\"a\":1}", "%7B%22a%22%3A1%7D", "percent-encoded"),
        ("%7B%22a%22%3A1%7D", "{\"a\":1}", "signed-percent-encoded"),
        (&long[..2048], &long, "signed-in-part"),
        (BODY, &json_print_of("javascript-stringify", &format!("{BODY:?}")), "stringified-twice"),
    ] {
        let explained = explain_body(signed.as_bytes(), received.as_bytes());
        assert_eq!(explained.status, SignatureStatus::Invalid, "{signed:?} {received:?}");
        assert_eq!(explained.codes, [code], "{signed:?} {received:?}\n{}", explained.messages);
    }
    let latin1 = explain_body("\"é\"".as_bytes(), b"\"\xe9\"");
    assert_eq!(latin1.codes, ["body-in-code-page"]);
}

fn json_print_of(code: &str, text: &str) -> String {
    let style = json_print::STYLES.iter().find(|style| style.code == code).unwrap();
    let json = json::read(text.as_bytes()).unwrap();
    String::from_utf8(json_print::print(&json, style)).unwrap()
}

#[test]
fn a_reprinted_body_names_the_language() {
    let whole = BODY.replace("75.0", "75");
    for (body, signed, received, code) in [
        (&*whole, "python-dumps", "javascript-stringify", "reserialised-javascript"),
        (&whole, "python-dumps-compact", "python-dumps", "reserialised-python"),
        (&whole, "javascript-stringify", "php-array", "reserialised-php"),
        (BODY, "python-dumps", "ruby-generate", "reserialised-ruby"),
    ] {
        let explained = explain_body(
            json_print_of(signed, body).as_bytes(),
            json_print_of(received, body).as_bytes(),
        );
        assert_eq!(explained.codes, [code], "{signed} {received}\n{}", explained.messages);
    }
    let by_hand = BODY.replace("\":", "\" :");
    let explained =
        explain_body(json_print_of("python-dumps", BODY).as_bytes(), by_hand.as_bytes());
    assert_eq!(explained.codes, ["reserialised"], "{}", explained.messages);
}

#[test]
fn an_explanation_names_both_sides_with_a_fix_for_each() {
    let whole = BODY.replace("75.0", "75");
    let (python, javascript) =
        (json_print_of("python-dumps", &whole), json_print_of("javascript-stringify", &whole));
    let explained = explain_body(python.as_bytes(), javascript.as_bytes());
    for part in [
        "Either it was parsed and printed again after it was signed, and is now as \
         `JSON.stringify(data)` (JavaScript) prints it",
        "or the sender signed one printed form and sent another.",
        "hash the raw body, not `JSON.stringify(req.body)`: Express ",
        "; in a sender in Python, print once: `body = json.dumps(data).encode()`",
    ] {
        assert!(explained.messages.contains(part), "{part}: {}", explained.messages);
    }
    let explained = explain_body(b"{}\n", b"{}");
    for part in ["Or the sender signed other bytes than it sent.", "; a sender signs without it"] {
        assert!(explained.messages.contains(part), "{part}: {}", explained.messages);
    }
}

#[test]
fn sorted_fields_are_restored_to_the_order_of_the_sample() {
    let pack = pack(HMAC);
    let sample = pack.json("created.json").unwrap().to_string();
    let sorted = json_print_of("go-marshal-map", &sample);
    let (header, value) = sign(HMAC, b"s3cret", sample.as_bytes());
    let headers = Headers::from_iter([
        (header.as_str(), value.as_str()),
        ("X-Lead-Router-Action", "created"),
    ]);
    let explained = explain(HMAC, &["s3cret"], headers, sorted);
    assert_eq!(explained.codes, ["reserialised-go"], "{}", explained.messages);
}

#[test]
fn every_fault_of_a_secret_is_named_without_revealing_it() {
    for (signing, configured, code) in [
        ("s3cret", "s3cret\n", "secret-not-trimmed"),
        ("s3cret\n", "s3cret", "secret-with-newline"),
        ("s3cret\r\n", "s3cret", "secret-with-newline"),
        ("s3cret", "s3cret ", "secret-not-trimmed"),
        ("s3cret ", "s3cret", "secret-with-space"),
        ("s3cret", "\"s3cret\"", "secret-in-quotes"),
        ("s3cret", "'s3cret'", "secret-in-quotes"),
        ("\"s3cret\"", "s3cret", "secret-signed-with-quotes"),
        ("s3cret", "733363726574", "secret-is-hex"),
        ("s3cret", "czNjcmV0", "secret-is-base64"),
        ("s3cret", "whsec_s3cret", "secret-with-whsec"),
        ("s3cret", "whsec_czNjcmV0", "secret-with-whsec"),
        ("733363726574", "s3cret", "secret-as-hex"),
        ("czNjcmV0", "s3cret", "secret-as-base64"),
        ("s3cret", "S3CRET", "secret-in-lower-case"),
        ("S3CRET", "s3cret", "secret-in-upper-case"),
        ("of-the-bot", "s3cret", "other-secret"),
    ] {
        for (id, body) in [(HMAC, BODY), (TOKEN, r#"{"event":"lead.created","data":{}}"#)] {
            let (header, value) = sign(id, signing.as_bytes(), body.as_bytes());
            let explained = explain(id, &[configured], Headers::from_iter([(header, value)]), body);
            assert_eq!(
                explained.codes,
                [code],
                "{id} {signing:?} {configured:?} {}",
                explained.messages
            );
            assert!(!explained.messages.contains("3cret"), "{}", explained.messages);
        }
    }
}

#[test]
fn a_candidate_is_named_by_its_line_without_revealing_it() {
    let (header, value) = sign(HMAC, b"hidden-one", BODY.as_bytes());
    let candidate = |origin: &str, secret: &str| {
        Candidate::new(origin.to_owned(), Secret::new(secret).unwrap())
    };
    let candidates =
        vec![candidate("line 1 of `f`", "other"), candidate("line 2 of `f`", "hidden-one\n")];
    let headers = Headers::from_iter([(header, value)]);
    let explained = explain_with_candidates(HMAC, &["s3cret"], candidates, headers, BODY);
    assert_eq!(explained.codes, ["candidate-secret", "secret-not-trimmed"]);
    assert!(explained.messages.contains("line 2 of `f`") && !explained.messages.contains("hidden"));
}

#[test]
fn every_fault_of_a_signature_is_named() {
    let key = b"s3cret";
    let body = BODY.as_bytes();
    let mac = |function| mac::mac(function, key, &[body]);
    let hex_of = |bytes: Vec<u8>| hex::encode(bytes);
    let correct = hex_of(mac(HashFunction::Sha256));
    let base64 = digest::ANY_BASE64.each_ref();
    let encoded = |engine: usize, bytes: &[u8]| base64::Engine::encode(base64[engine], bytes);
    for (value, code) in [
        (format!("sha256={correct}"), "prefixed-signature"),
        (format!("v1={correct}"), "prefixed-signature"),
        (format!("t=1,v1={correct}"), "prefixed-signature"),
        (format!("0x{correct}"), "prefixed-signature"),
        (format!("\"{correct}\""), "quoted-signature"),
        (format!("{} {}", &correct[..32], &correct[32..]), "white-space-in-signature"),
        (format!("{}\r\n {}", &correct[..32], &correct[32..]), "folded-signature"),
        (encoded(0, &mac(HashFunction::Sha256)), "base64-signature"),
        (encoded(0, correct.as_bytes()), "base64-of-hex"),
        (correct[..60].to_owned(), "truncated-signature"),
        // As long as a SHA-1 digest, but the beginning of the correct one.
        (correct[..40].to_owned(), "truncated-signature"),
        (hex_of(mac(HashFunction::Sha1)), "other-digest"),
        (hex_of(mac(HashFunction::Sha384)), "other-digest"),
        (hex_of(mac(HashFunction::Sha512)), "other-digest"),
        (hex_of(mac::mac(HashFunction::Sha256, body, &[key])), "swapped-key-and-body"),
        (hex_of(mac::mac(HashFunction::Sha256, key, &[b"77.", body])), "timestamp-signed"),
        (
            hex_of(mac::mac(HashFunction::Sha256, key, &[b"id-1.77.", body])),
            "id-and-timestamp-signed",
        ),
    ] {
        let headers = Headers::from_iter([
            ("X-Lead-Router-Message-Id", "id-1"),
            ("X-Lead-Router-Timestamp", "77"),
            ("X-Lead-Router-Signature", &value),
        ]);
        let explained = explain(HMAC, &["s3cret"], headers, BODY);
        assert_eq!(explained.codes, [code], "{value} {}", explained.messages);
    }
}

#[test]
fn a_signature_in_another_location_is_found() {
    let (header, value) = sign(HMAC, b"s3cret", BODY.as_bytes());
    for name in [
        "HTTP_X_LEAD_ROUTER_SIGNATURE",
        "X_Lead_Router_Signature",
        "X-Original-X-Lead-Router-Signature",
    ] {
        let headers = Headers::from_iter([(name, value.as_str())]);
        let explained = explain(HMAC, &["s3cret"], headers, BODY);
        assert_eq!(
            (explained.status, explained.codes.as_slice()),
            (SignatureStatus::Missing, ["renamed-header"].as_slice())
        );
        assert!(explained.messages.contains(name));
    }
    let wrong = "0".repeat(64);
    let twice =
        Headers::from_iter([(header.as_str(), wrong.as_str()), (header.as_str(), value.as_str())]);
    let repeated = explain(HMAC, &["s3cret"], twice, BODY);
    assert_eq!(repeated.codes, ["repeated-signature"]);
    assert!(repeated.messages.contains("second"));
    let other_header = Headers::from_iter([("X-Hub-Signature-256", format!("sha256={value}"))]);
    let found = explain(HMAC, &["s3cret"], other_header, BODY);
    assert_eq!(found.codes, ["signature-elsewhere", "prefixed-signature"]);
}

#[test]
fn two_edits_are_found_and_the_first_message_names_both() {
    let (header, value) = sign(HMAC, b"s3cret", BODY.as_bytes());
    let headers = Headers::from_iter([(header, value)]);
    let explained = explain(HMAC, &["s3cret\n"], headers, format!("{BODY}\n"));
    assert_eq!(explained.codes, ["final-newline-added", "secret-not-trimmed"]);
    assert!(explained.messages.starts_with(
        "It verifies if the final newline is removed from the body, and the whitespace around the secret is stripped."
    ));
}

#[test]
fn an_unexplained_failure_reports_the_number_tried_and_the_facts() {
    let (header, value) = sign(HMAC, b"another", BODY.as_bytes());
    let headers =
        Headers::from_iter([(header, value), ("Content-Length".to_owned(), "7".to_owned())]);
    let explained = explain(HMAC, &["s3cret"], headers, BODY);
    assert_eq!(explained.codes, ["length-differs", "none-holds"]);
    assert!(explained.tried > 300, "{}", explained.tried);
    assert!(explained.messages.contains(&format!("({} tried: ", explained.tried)));
}

/// Returns a token with these claims, signed as HS256 unless `function` is SHA-512.
fn token(function: HashFunction, alphabet: usize, claims: &str) -> String {
    let alg = if function == HashFunction::Sha512 { "HS512" } else { "HS256" };
    let encoded = |bytes: &[u8]| match alphabet {
        0 => base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes),
        1 => base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE, bytes),
        _ => base64::Engine::encode(&base64::engine::general_purpose::STANDARD_NO_PAD, bytes),
    };
    let header = format!("{{\"alg\":\"{alg}\",\"typ\":\"JWT\"}}");
    let signed = format!("{}.{}", encoded(header.as_bytes()), encoded(claims.as_bytes()));
    let mac = mac::mac(function, b"s3cret", &[signed.as_bytes()]);
    format!("{signed}.{}", encoded(&mac))
}

#[test]
fn every_fault_of_a_token_is_named() {
    const CLAIMS: &str = r#"{"event":"lead.created","data":{"id":"?>?>~~","name":"Zoë"}}"#;
    let good = token(HashFunction::Sha256, 0, CLAIMS);
    let quoted = serde_json::to_string(CLAIMS).unwrap();
    let data = r#"{"id":"?>?>~~","name":"Zoë"}"#;
    let times = |claims: &str| CLAIMS.replace("}}", &format!("}},{claims}}}"));
    for (value, code) in [
        (format!("Bearer Bearer {good}"), "doubled-bearer"),
        (format!("JWT {good}"), "bad-scheme"),
        (format!("Bearer: {good}"), "bad-scheme"),
        (format!("Bearer \"{good}\""), "quoted-token"),
        (format!("Bearer {}\r\n {}", &good[..40], &good[40..]), "folded-token"),
        (token(HashFunction::Sha256, 1, CLAIMS), "padded-token"),
        (token(HashFunction::Sha256, 2, CLAIMS), "standard-base64-token"),
        (token(HashFunction::Sha512, 0, CLAIMS), "other-hmac-size"),
        (token(HashFunction::Sha256, 0, &quoted), "claims-are-a-string"),
        (token(HashFunction::Sha256, 0, data), "claims-are-a-part"),
        (
            token(HashFunction::Sha256, 0, &format!("{{\"payload\":{CLAIMS}}}")),
            "claims-are-wrapped",
        ),
        (token(HashFunction::Sha256, 0, &times("\"exp\":1")), "expired"),
        (token(HashFunction::Sha256, 0, &times("\"nbf\":9999999999")), "not-yet-valid"),
        (token(HashFunction::Sha256, 0, &CLAIMS.replace("Zoë", "Zoe")), "body-claims-mismatch"),
    ] {
        let explained =
            explain(TOKEN, &["s3cret"], Headers::from_iter([("Authorization", &*value)]), CLAIMS);
        assert_eq!(explained.codes, [code], "{value} {}", explained.messages);
    }
    for (body, code, location) in [
        (data.to_owned(), "body-is-a-part", "`/data`"),
        (format!("{{\"body\":{CLAIMS}}}"), "body-is-wrapped", "`/body`"),
        (CLAIMS.replace("\"id\"", "\"id\":\"x\",\"id\""), "body-claims-mismatch", "`/data/id`"),
    ] {
        let headers = Headers::from_iter([("Authorization", &*good)]);
        let explained = explain(TOKEN, &["s3cret"], headers, body);
        assert_eq!(explained.codes, [code], "{}", explained.messages);
        assert!(explained.messages.contains(location), "{}", explained.messages);
        assert!(!explained.messages.contains("the claims\n"), "{}", explained.messages);
    }
    let target = format!("/hook?token={good}");
    let message = Message::post(target, Headers::new(), CLAIMS);
    let found = signature_locations::values("Authorization", &message);
    assert_eq!(found[0].edits[0].code, "signature-in-query");
}

#[test]
fn trivial_values_are_not_evidence_of_a_cause() {
    let odd = "{\"event\":\"lead.created\",\"n\":null,\"t\":true,\"o\":{},\"l\":[],\"s\":\"hi\",\"i\":7,\
               \"m\":{\"a\":1},\"sub\":{\"iat\":1609459200,\"sub\":\"a-long-subject\"}}";
    let trivial = ["null", "true", "{}", "[]", "\"hi\"", "\"lead.created\"", "7", "{\"a\":1}"];
    let registered = [
        "{\"iat\":1609459200}",
        "{\"iat\":1609459200,\"sub\":\"a-long-subject\"}",
        "{\"sub\":\"x\"}",
    ];
    for value in trivial.into_iter().chain(registered) {
        let as_text = serde_json::to_string(value).unwrap();
        for (claims, body) in [(odd, value), (value, odd), (&*as_text, value)] {
            let token = token(HashFunction::Sha256, 0, claims);
            let headers = Headers::from_iter([("Authorization", &*token)]);
            let explained = explain(TOKEN, &["s3cret"], headers, body);
            let is_object = claims.starts_with('{');
            let expected = if is_object { "body-claims-mismatch" } else { "malformed-token" };
            assert_eq!(explained.codes, [expected], "{claims} {body} {}", explained.messages);
        }
    }
}

#[test]
fn a_part_or_a_wrapper_is_named_only_if_the_sample_identifies_it() {
    // Neither names an event, and neither has the shape of the sample.
    let (inner, wrapper) = ("{\"x\":\"something long\"}", "{\"y\":{\"x\":\"something long\"}}");
    for (claims, body) in [(inner, wrapper), (wrapper, inner)] {
        let token = token(HashFunction::Sha256, 0, claims);
        let headers = Headers::from_iter([("Authorization", &*token)]);
        let explained = explain(TOKEN, &["s3cret"], headers, body);
        assert_eq!(explained.codes, ["body-claims-mismatch"], "{}", explained.messages);
    }
    // Claims that repeat a name are malformed, and no other cause is reported.
    let claims = "{\"event\":\"x\",\"event\":\"lead.created\",\"data\":{\"id\":\"something\"}}";
    let token = token(HashFunction::Sha256, 0, claims);
    let headers = Headers::from_iter([("Authorization", &*token)]);
    let explained = explain(TOKEN, &["s3cret"], headers, "{\"id\":\"something\"}");
    assert_eq!(explained.codes, ["malformed-token"], "{}", explained.messages);
}

#[test]
fn only_a_truncated_character_counts_as_a_truncated_body() {
    let (header, value) = sign(HMAC, b"another", b"{}");
    for (body, expected) in [
        (b"{\"a\":\"caf\xe9\"}".as_slice(), ["other-encoding", "none-holds"].as_slice()),
        (b"{\"a\":\"\xe9\"}\n", &["other-encoding", "none-holds"]),
        (b"[\"\xe9\"]", &["other-encoding", "none-holds"]),
        (b"\xff\xfe{\0}\0", &["other-encoding", "none-holds"]),
        (b"\xfe\xff\0{\0}", &["other-encoding", "none-holds"]),
        // Invalid bytes that no encoding explains: no fault is reported.
        (b"{\"a\":\"\xf0\"", &["none-holds"]),
        (b"\x1f\x8b\x08\0\xff\xff", &["content-encoding", "none-holds"]),
        // A truncated character after complete JSON.
        (b"{\"a\":1}\xe2\x82", &["none-holds"]),
        // The first bytes of `é` and of an emoji.
        (b"{\"a\":\"caf\xc3", &["body-cut-off", "none-holds"]),
        (b"{\"a\":\"\xf0\x9f", &["body-cut-off", "none-holds"]),
        (b"{\"a\":\"\xf0\x9f\x98", &["body-cut-off", "none-holds"]),
        (b"{\"a\":\"caf", &["body-cut-off", "none-holds"]),
    ] {
        let headers = Headers::from_iter([(header.as_str(), value.as_str())]);
        let explained = explain(HMAC, &["s3cret"], headers, body);
        let body = String::from_utf8_lossy(body);
        assert_eq!(explained.codes, expected, "{body} {}", explained.messages);
    }
    for blank in ["", "  \n"] {
        let headers = Headers::from_iter([(header.as_str(), value.as_str())]);
        let explained = explain(HMAC, &["s3cret"], headers, blank);
        assert!(explained.messages.contains("The body is empty"), "{}", explained.messages);
    }
}

#[test]
fn the_number_of_readings_is_bounded_for_any_number_of_headers() {
    let digest = "0f".repeat(32);
    for name in ["HTTP_X_LEAD_ROUTER_SIGNATURE", "X-Lead-Router-Signature", "X-Other"] {
        let headers = (0..1000).map(|_| (name, digest.as_str())).collect();
        let message = Message::post(format!("/?{}", "sig=1&".repeat(1000)), headers, "{}");
        let values = signature_locations::values("X-Lead-Router-Signature", &message);
        assert_eq!(values.len(), 8, "{name}");
    }
}
