//! `leadhook decode`: the parts of tokens and signature headers in words.

use crate::support::{Leadhook, Outcome, assert_valid_output, hmac_hex, keys};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const BODY: &str = r#"{"email":"ada@example.com"}"#;

/// The time of the runs, and a time five minutes later.
const NOW: &str = "@1767323045";
const LATER: u64 = 1_767_323_345;

fn token(header: &str, claims: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let digest = hex::decode(hmac_hex(b"s3cret", signed.as_bytes())).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(digest))
}

fn expiring_token() -> String {
    token(r#"{"alg":"HS256","typ":"JWT"}"#, &format!(r#"{{"name":"Jo","exp":{LATER}}}"#))
}

/// Decodes standard input at [`NOW`].
fn decode(input: &str, more: &[&str]) -> Outcome {
    leadhook!("decode - --now {}", NOW).args(more).stdin(input).in_process()
}

/// Decodes standard input to JSON.
#[track_caller]
fn decoded(input: &str, more: &[&str], exit: i32) -> Value {
    let found = decode(input, &[more, &["--format", "json"]].concat()).exits(exit, input).object();
    assert_valid_output(&found);
    found
}

#[test]
fn the_first_line_says_whether_a_token_is_verified() {
    let text = expiring_token();
    for (secret, exit, first) in [
        (None, 0, "not verified: no secret was given (`--secret-file FILE`)"),
        (Some("s3cret"), 0, "signature valid: a configured secret signed this token"),
        (Some("other"), 1, "signature INVALID: the configured secret did not sign this token"),
    ] {
        let more: Vec<_> = secret.into_iter().flat_map(|secret| ["--secret", secret]).collect();
        let outcome = decode(&text, &more).exits(exit, first);
        assert_eq!(outcome.stdout.lines().next(), Some(first));
        assert!(outcome.stdout.contains("exp: expires in 5 minutes"), "{outcome:?}");
        assert!(outcome.stdout.contains("\"name\": \"Jo\""), "{outcome:?}");
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn a_token_is_accepted_in_every_usual_form() {
    let text = expiring_token();
    let argument = |value: &str| {
        let args = ["decode", value, "--now", NOW, "--format", "json"];
        Leadhook::new(args).in_process().exits(0, value).object()
    };
    let bearer = format!("Bearer {text}");
    let header = format!("Authorization: Bearer {text}");
    for found in [argument(&text), argument(&bearer), argument(&header)] {
        assert_eq!(found["source"], "argument");
        assert_eq!(found["times"][0]["words"], "expires in 5 minutes");
    }
    let folded = format!("{}\n{}\n", &text[..30], &text[30..]);
    for input in [&text, &bearer, &header, &format!("\u{feff}\"{text}\"\r\n"), &folded] {
        let found = decoded(input, &["--secret", "s3cret"], 0);
        assert_eq!(found["verification"]["status"], "valid", "{input}");
        assert_eq!(found["claims"]["name"], "Jo");
    }
    let file = leadhook!("decode t.txt --now {}", NOW).file("t.txt", &text).run();
    assert!(file.exits(0, "a file").stdout.contains("from `t.txt`"));
}

#[test]
fn the_json_output_has_every_part() {
    let found = decoded(&expiring_token(), &["--secret", "s3cret"], 0);
    assert_eq!(
        keys(&found),
        [
            "schema_version",
            "kind",
            "source",
            "type",
            "header_name",
            "provider",
            "verification",
            "form",
            "algorithm",
            "header",
            "claims",
            "times",
            "signatures",
            "covers",
            "notes"
        ]
    );
    assert_eq!(found["header"], json!({"alg": "HS256", "typ": "JWT"}));
    assert_eq!(found["times"][0]["at"], "2026-01-02T03:09:05Z");
    let signature = decoded(&format!("t=1767322985,v0={}", hmac_hex(b"k", b"")), &[], 0);
    assert_eq!((&signature["type"], &signature["claims"]), (&json!("signature"), &Value::Null));
    assert_eq!(signature["times"][0]["words"], "signed 1 minute ago");
    assert_eq!(signature["signatures"][0]["label"], "v0");
}

#[test]
fn claims_are_escaped_and_bounded() {
    let claims = format!(r#"{{"a":"\u001b[31m\u202e","b":"{}"}}"#, "x".repeat(100_000));
    let text = token(r#"{"alg":"HS256"}"#, &claims);
    let shown = decode(&text, &[]).exits(0, "escaped").stdout;
    assert!(!shown.contains(['\u{1b}', '\u{202e}']) && shown.len() < 4_000, "{}", shown.len());
    let found = decoded(&text, &[], 0);
    assert_eq!(found["claims"]["truncated"], true);
    let long = format!("[{}1]", "1,".repeat(50_000));
    let shown = decode(&token(r#"{"alg":"HS256"}"#, &long), &[]).exits(0, "long").stdout;
    assert!(shown.contains("lines more") && shown.lines().count() < 500);
}

#[test]
fn what_cannot_be_decoded_is_an_input_error() {
    for (input, expected) in [
        ("", "is empty"),
        ("hello", "has neither a token nor a signature, and is not a captured request"),
        ("eyJhbGciOiJIUzI1NiJ9.e30", "expected 3 parts separated by dots, found 2"),
        ("eyJhbGciOiJkaXIifQ..aaaa.bbbb.cccc", "encrypted token (JWE, 5 parts)"),
        ("Authorization: Basic dXNlcjpwYXNz", "the authentication scheme `Basic`"),
        ("X-Signature: [REDACTED]", "`X-Signature` is redacted"),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "has no header with a signature or a token"),
    ] {
        let outcome = decode(input, &[]).exits(3, input);
        assert!(outcome.stderr_line("error: ").contains(expected), "{input}: {outcome:?}");
        assert_eq!(outcome.stdout, "");
    }
    let claims = decoded(&token(r#"{"alg":"HS256"}"#, "{"), &["--secret", "s3cret"], 3);
    assert_eq!(
        (&claims["claims"], &claims["notes"][0]["code"]),
        (&Value::Null, &json!("not-json"))
    );
    let missing = leadhook!("decode caps.2026.json").in_process().exits(3, "a file name");
    assert!(missing.stderr.contains("`caps.2026.json`"), "{missing:?}");
    leadhook!("decode").in_process().exits(2, "no argument");
}

#[test]
fn a_digest_is_verified_if_its_request_is_given() {
    let signature = hmac_hex(b"s3cret", BODY.as_bytes());
    let header = format!("X-Lead-Router-Signature: {signature}");
    let alone = decode(&header, &["--secret", "s3cret"]).exits(0, "alone").stdout;
    assert!(alone.starts_with("not verified: a digest covers the body"), "{alone}");
    assert!(alone.contains("body, as Real Geeks documents"), "{alone}");
    let request = |body: &str| {
        format!("POST / HTTP/1.1\r\nX-Lead-Router-Action: created\r\n{header}\r\n\r\n{body}")
    };
    let (good, forged) = (request(BODY), request("{}"));
    for (input, more, exit, status) in [
        (&good, ["--secret", "s3cret"].as_slice(), 0, "valid"),
        (&good, &["--secret", "other"], 1, "invalid"),
        (&forged, &["--secret", "s3cret"], 1, "invalid"),
        (&good, &[], 0, "not-verified"),
    ] {
        let found = decoded(input, more, exit);
        assert_eq!(found["verification"]["status"], status, "{input} {more:?}");
        assert_eq!(found["provider"], "realgeeks");
    }
    let curl = format!("curl http://x/ -H 'X-Hub-Signature: sha1={signature}' -d '{{}}'");
    let found = decoded(&curl, &["--secret", "s3cret"], 0);
    assert_eq!(found["verification"]["status"], "not-verified", "an unknown provider");
    assert_eq!(found["notes"][0]["code"], "digest-length");
}

#[test]
fn a_valid_token_with_another_body_has_a_note() {
    let text = token(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"event":"lead.created"}"#);
    let request = format!("POST / HTTP/1.1\r\nAuthorization: {text}\r\n\r\n{{\"event\":\"x\"}}");
    let found = decoded(&request, &["-p", "leadpro", "--secret", "s3cret"], 0);
    assert_eq!(found["verification"]["status"], "valid");
    assert_eq!(found["notes"][0]["code"], "body-claims-mismatch");
    let shown = decode(&request, &["-p", "leadpro", "--secret", "s3cret"]).exits(0, "text").stdout;
    assert!(shown.starts_with("signature valid, body differs: a configured secret"), "{shown}");
    let unverified = decoded(&request, &["-p", "leadpro"], 0);
    assert_eq!(unverified["verification"]["status"], "not-verified");
    assert_eq!(unverified["notes"][0]["code"], "body-claims-mismatch");
}

#[test]
fn a_token_that_was_issued_in_the_future_has_a_note() {
    let codes = |claims: &str| {
        let found = decoded(&token(r#"{"alg":"HS256"}"#, claims), &[], 0);
        found["notes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|note| note["code"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&format!(r#"{{"iat":{LATER}}}"#)), ["issued-in-future"]);
    assert!(codes(r#"{"iat":1767323045}"#).is_empty());
    // A request is judged at the time of its arrival, even if that was long ago.
    let text = token(r#"{"alg":"HS256"}"#, r#"{"event":"lead.created","iat":1000000010}"#);
    let arrived_at = |time: &str| {
        let capture = json!({
            "schema_version": 1,
            "kind": "capture",
            "received_at": time,
            "method": "POST",
            "target": "/",
            "http_version": "HTTP/1.1",
            "headers": [["Authorization", text]],
            "body": r#"{"event":"lead.created"}"#,
        });
        let run = leadhook!("decode c.json -p leadpro --secret s3cret --format json");
        let run = run.file("c.json", capture.to_string()).run();
        run.exits(0, time).object()["notes"].take()
    };
    let notes = arrived_at("2001-09-09T01:46:40Z");
    let message = notes[0]["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("`iat` is 10 s after the time of verification (2001"), "{notes}");
    assert_eq!(arrived_at("2001-09-09T01:46:50Z"), json!([]));
}

#[test]
fn lines_fit_the_terminal() {
    let claims = format!(r#"{{"message":"{}","exp":"{LATER}"}}"#, "call me ".repeat(40));
    let text =
        token(r#"{"alg":"HS256","typ":"JWT","kid":"a key with a rather long name"}"#, &claims);
    for columns in [60, 80, 120] {
        let outcome = leadhook!("decode - --now {}", NOW)
            .env("COLUMNS", &columns.to_string())
            .stdin(text.as_str())
            .run()
            .exits(0, "width");
        for line in outcome.stdout.lines() {
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
    }
}
