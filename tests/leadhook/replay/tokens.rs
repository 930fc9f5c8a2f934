//! Replay of tokens: with a body that is not the signed one, and without any body.

use crate::replay::{SECRET, capture, lines};
use crate::support::{Endpoint, Outcome, hmac_hex, token};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const CLAIMS: &str =
    r#"{"event":"lead.created","data":{"phone":"07700 900123","n":1.50},"iat":1767323000}"#;

/// Returns a token over claims that may have any spelling.
fn signed(claims: &str, secret: &str) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let text = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let digest = hex::decode(hmac_hex(secret.as_bytes(), text.as_bytes())).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(digest))
}

/// Replays a request with the token over [`CLAIMS`], and returns the result with the claims that
/// arrived.
fn replay(body: &str, secret: &str, more: &[&str]) -> (Outcome, Value) {
    let headers = [("Authorization", signed(CLAIMS, secret))];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let endpoint = Endpoint::new(&[200]);
    let outcome = leadhook!("replay c.jsonl --to {} --secret {}", endpoint.target(), SECRET)
        .args(["--now", "@1767323045"])
        .args(more)
        .file("c.jsonl", lines(&[capture("/", &headers, body)]))
        .run()
        .exits(0, body);
    let arrived = endpoint.only();
    assert_eq!(arrived.body, body.as_bytes());
    let (_, claims, is_valid) = token(SECRET.as_bytes(), arrived.header("authorization").unwrap());
    assert_eq!(is_valid, secret == SECRET || more.contains(&"--resign"));
    (outcome, claims)
}

#[test]
fn a_body_that_was_changed_after_signing_is_noted() {
    let edited = r#"{"event":"lead.created","data":{"phone":"+447700900123","n":1.5}}"#;
    let differs = "note: `c.jsonl`: the body differs from the signed claims at `/data/phone`";
    let at = differs.replace("c.jsonl", "c.jsonl:1");
    let is_noted =
        |outcome: &Outcome| outcome.stderr.contains(differs) || outcome.stderr.contains(&at);
    let (plain, claims) = replay(edited, SECRET, &[]);
    assert!(is_noted(&plain) && plain.stderr.contains("would sign the changed body"), "{plain:?}");
    assert!(!plain.stderr.contains("does not verify"), "{plain:?}");
    assert_eq!(claims["data"]["phone"], "07700 900123", "the token is sent as captured");
    let (resigned, claims) = replay(edited, SECRET, &["--resign"]);
    assert!(is_noted(&resigned), "{resigned:?}");
    assert!(resigned.stderr.contains("the changed body is what `--resign` signs"), "{resigned:?}");
    assert_eq!(claims["data"]["phone"], "+447700900123");
    let (other, _) = replay(edited, "of last year", &[]);
    assert!(is_noted(&other) && other.stderr.contains("does not verify now"), "{other:?}");
}

#[test]
fn a_body_that_only_lacks_the_times_of_the_token_has_no_note() {
    let same = r#"{"data":{"n":1.50,"phone":"07700 900123"},"event":"lead.created"}"#;
    for more in [&[][..], &["--resign"]] {
        let (outcome, _) = replay(same, SECRET, more);
        assert_eq!(outcome.stderr, "", "{more:?}");
    }
}

#[test]
fn a_token_alone_is_sent_with_new_times_and_a_content_type() {
    let claims = r#"{"event":"lead.created","data":{"n":1.50},"iat":1000,"nbf":1000,"exp":1300}"#;
    for secret in [SECRET, "of last year"] {
        let endpoint = Endpoint::new(&[200]);
        let outcome = leadhook!("replay t.txt --to {} --secret {}", endpoint.target(), SECRET)
            .args(["--now", "@1767323045", "--resign"])
            .file("t.txt", signed(claims, secret))
            .run()
            .exits(0, secret);
        assert!(outcome.stderr.contains("`t.txt`: the file has only a token"), "{outcome:?}");
        let arrived = endpoint.only();
        assert_eq!(arrived.body, br#"{"event":"lead.created","data":{"n":1.50}}"#);
        assert_eq!(arrived.header("content-type"), Some("application/json"));
        let value = arrived.header("authorization").unwrap();
        let (_, claims, is_valid) = token(SECRET.as_bytes(), value);
        assert!(is_valid, "{value}");
        let times = json!([claims["iat"], claims["nbf"], claims["exp"]]);
        assert_eq!(times, json!([1_767_323_045, 1_767_323_045, 1_767_323_345]), "{claims}");
    }
}

#[test]
fn the_body_of_a_refusal_is_shown_escaped_and_bounded() {
    let long = format!("bad signature\u{1b}[31m {}", "x".repeat(100_000));
    for (status, is_shown) in [(401, true), (200, false)] {
        let length = long.len();
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n");
        let endpoint = Endpoint::raw(vec![format!("{head}Connection: close\r\n\r\n{long}")]);
        let outcome = leadhook!("replay c.jsonl --to {}", endpoint.target())
            .file("c.jsonl", lines(&[capture("/", &[], "{}")]))
            .run()
            .exits(i32::from(status != 200), "refused");
        let shown = outcome.stdout;
        assert_eq!(shown.contains("    bad signature\\u{1b}[31m xx"), is_shown, "{shown:.500}");
        assert!(!shown.contains('\u{1b}') && shown.len() < 10_000, "{}", shown.len());
    }
}
