//! `--resign`, and the notes about invalid signatures.

use crate::custom_packs;
use crate::replay::{BODY, SECRET, capture, each, genuine, lines, replay, signed};
use crate::support::{Endpoint, ROOT, hmac_hex, send, token};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

#[test]
fn a_capture_with_another_secret_is_signed_again() {
    let recorder = leadhook!("listen :0 --format json --save old.jsonl").start();
    let events = ["created", "activity_added", "leadpro:lead.created", "realtorbot:test"];
    for event in events {
        send(event, &recorder.url, &["--secret", "of last year"]);
    }
    let old = recorder.dir().join("old.jsonl").display().to_string();
    let mut listener = leadhook!("listen :0 --format json --secret {}", SECRET).start();
    let run = |more: &[&str]| {
        leadhook!("replay {} --to {} --secret {}", old, listener.url, SECRET).args(more).run()
    };
    run(&[]).exits(1, "signed with another secret");
    run(&["--resign"]).exits(0, "signed again");
    for status in ["invalid", "valid"] {
        for event in events {
            let request = listener.next();
            assert_eq!(request["signature"]["status"], status, "{event}: {request}");
        }
    }
}

#[test]
fn only_the_signature_header_is_replaced() {
    let endpoint = Endpoint::new(&[200]);
    let headers = [
        ("X-Lead-Router-Action", "integration_enabled"),
        ("X-Lead-Router-Signature", "00ff"),
        ("X-Lead-Router-Timestamp", "2020-01-02T03:04:05Z"),
        ("X-Lead-Router-Message-Id", "1"),
        ("X-Lead-Router-Signature", "00fe"),
    ];
    let args = ["--resign", "--secret", SECRET];
    replay(&[capture("/", &headers, BODY)], &endpoint.target(), &args).exits(0, "signed");
    let arrived = endpoint.only();
    let signature = hmac_hex(SECRET.as_bytes(), BODY.as_bytes());
    let expected = [
        ("X-Lead-Router-Action", "integration_enabled"),
        ("X-Lead-Router-Signature", &signature),
        ("X-Lead-Router-Timestamp", "2020-01-02T03:04:05Z"),
        ("X-Lead-Router-Message-Id", "1"),
    ];
    let found: Vec<_> =
        arrived.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(found[..4], expected);
    assert_eq!(arrived.body, BODY.as_bytes());
}

#[test]
fn a_token_has_the_body_as_claims_and_the_current_time() {
    let endpoint = Endpoint::new(&[200]);
    let body = r#"{ "event":"lead.created", "data":{"score":2.50} }"#;
    let headers = [("Authorization", "Bearer eyJ0.eyJ9.stale")];
    let args = ["--resign", "--secret", SECRET, "--now", "@1767323045"];
    replay(&[capture("/", &headers, body)], &endpoint.target(), &args).exits(0, "signed");
    let arrived = endpoint.only();
    assert_eq!(arrived.body, body.as_bytes());
    let value = arrived.header("authorization").unwrap();
    let (_, claims, is_valid) = token(SECRET.as_bytes(), value.trim_start_matches("Bearer "));
    assert!(is_valid, "{value}");
    assert_eq!(claims["data"], json!({"score": 2.5}));
    assert_eq!(claims["iat"], 1_767_323_045);
}

#[test]
fn a_signed_timestamp_is_replaced_with_the_current_time() {
    let packs = custom_packs::packs();
    let pack = packs.find("standard").unwrap();
    let old = custom_packs::message(pack, "2020-01-02T03:04:05Z".parse().unwrap(), None);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let headers: Vec<_> =
        old.headers.iter().map(|(name, value)| (name.to_owned(), text(value))).collect();
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let captures = [capture("/", &headers, &text(&old.body))];
    let folder = format!("{ROOT}/docs/book/src/packs/standard");
    let global = ["--pack", &folder, "--secret", custom_packs::SECRET];
    let mut listener = leadhook!("listen :0 --format json").args(global).start();
    let stale = replay(&captures, &listener.url, &global).exits(1, "an old token");
    let note = stale.stderr_line("note: ").to_owned();
    assert!(note.contains("its signature expired at 2020-01-02T03:09:05Z"), "{note}");
    replay(&captures, &listener.url, &[&global[..], &["--resign"]].concat())
        .exits(0, "the current time");
    let statuses =
        [listener.next(), listener.next()].map(|mut it| it["signature"]["status"].take());
    assert_eq!(statuses, [json!("invalid"), json!("valid")]);
}

#[test]
fn an_expired_token_is_noted_before_it_is_sent_even_without_a_secret() {
    let token = |exp: i64| {
        let parts = [
            json!({"alg": "HS256", "typ": "JWT"}),
            json!({"exp": exp, "event": "lead.created", "data": {}}),
        ];
        let parts = parts.map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let header = format!("{}.{}", parts.join("."), URL_SAFE_NO_PAD.encode([0; 32]));
        capture("/", &[("Authorization", &header)], r#"{"event":"lead.created","data":{}}"#)
    };
    let old = [token(1_767_322_800), token(1_767_322_860), token(1), token(2), token(3)];
    let captures = [&old[..], &[token(1_767_409_445)]].concat();
    let now = ["--now", "2026-01-02T03:04:05Z"];
    for secret in [&[][..], &["--secret", SECRET]] {
        let args = [&now[..], secret].concat();
        let endpoint = Endpoint::new(&[200]);
        let outcome = replay(&captures, &endpoint.target(), &args).exits(0, "sent");
        let notes: Vec<_> = outcome.stderr.lines().collect();
        let resign = "`--resign` signs it again, with the current time";
        let expected = [
            format!(
                "note: `caps.jsonl:1`: its signature expired at 2026-01-02T03:00:00Z: {resign}"
            ),
            format!(
                "note: `caps.jsonl:2`: its signature expired at 2026-01-02T03:01:00Z: {resign}"
            ),
            format!(
                "note: `caps.jsonl:3`: its signature expired at 1970-01-01T00:00:01Z: {resign}"
            ),
        ];
        assert_eq!(notes[..3], expected);
        let rest =
            notes.iter().filter(|note| note.contains("2 more captures: its signature has expired"));
        assert_eq!(rest.count(), 1, "{notes:?}");
        let others = notes.iter().filter(|note| note.contains("does not verify now"));
        assert_eq!(others.count(), usize::from(!secret.is_empty()), "{notes:?}");
    }
    let args = [&now[..], &["--secret", SECRET, "--resign"]].concat();
    let endpoint = Endpoint::new(&[200]);
    let outcome = replay(&captures, &endpoint.target(), &args).exits(0, "signed again");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn headers_that_a_proxy_renamed_are_restored() {
    let endpoint = Endpoint::new(&[200]);
    let headers = [
        ("HTTP_X_LEAD_ROUTER_ACTION", "integration_enabled"),
        ("HTTP_X_LEAD_ROUTER_SIGNATURE", "stale"),
        ("HTTP_X_LEAD_ROUTER_MESSAGE_ID", "1"),
    ];
    let args = ["--resign", "--secret", SECRET];
    replay(&[capture("/", &headers, BODY)], &endpoint.target(), &args).exits(0, "signed");
    let arrived = endpoint.only();
    let signature = hmac_hex(SECRET.as_bytes(), BODY.as_bytes());
    assert_eq!(arrived.header("x-lead-router-signature"), Some(signature.as_str()));
    assert_eq!(arrived.header("http_x_lead_router_signature"), None);
}

#[test]
fn the_first_invalid_signatures_are_noted_and_the_rest_counted() {
    let forged: Vec<_> = (0..6).map(|id| signed(&id.to_string(), "another")).collect();
    let captures = [&[genuine("x")], &forged[..]].concat();
    let said = |args: &[&str]| {
        let outcome = replay(&captures, &Endpoint::new(&[200]).target(), args).exits(0, "sent");
        let notes = outcome.stderr.lines().filter_map(|line| line.strip_prefix("note: "));
        notes.map(str::to_owned).collect::<Vec<_>>()
    };
    let notes = said(&["--secret", SECRET]);
    let remark =
        "its signature does not verify now with the configured secret: `--resign` signs it again";
    let expected = [
        format!("`caps.jsonl:2`: {remark}"),
        format!("`caps.jsonl:3`: {remark}"),
        format!("`caps.jsonl:4`: {remark}"),
        format!("3 more captures: {remark}"),
    ];
    assert_eq!(notes, expected);
    assert!(said(&[]).is_empty(), "without a secret, signatures are unchecked");
    assert!(said(&["--secret", SECRET, "--secret", "another"]).is_empty(), "one of them is valid");
    assert!(said(&["--secret", SECRET, "--resign"]).is_empty(), "they are signed again");
}

#[test]
fn without_a_secret_nothing_is_signed_and_nothing_is_sent() {
    let endpoint = Endpoint::new(&[200]);
    let none = replay(&[genuine("1")], &endpoint.target(), &["--resign"]).exits(2, "no secret");
    let error: serde_json::Value = serde_json::from_str(&none.stderr).unwrap();
    assert_eq!(error["code"], "no-secret");
    assert!(error["hint"].as_str().unwrap().contains("LEADHOOK_SECRET"), "{error}");
    let two = ["--resign", "--secret", "a", "--secret", "b"];
    let two = replay(&[genuine("1")], &endpoint.target(), &two).exits(2, "an ambiguous event");
    assert!(two.stderr.contains("more than one secret"), "{two:?}");
    assert!(endpoint.arrived().is_empty());
}

#[test]
fn unsignable_captures_are_skipped_with_a_note() {
    let unrecognised = capture("/", &[("X-Of-Nobody", "1")], r#"{"hello":"world"}"#);
    let no_claims = capture("/", &[("Authorization", "eyJ0.eyJ9.x")], "[1]");
    let own = [("LEADHOOK_REALGEEKS_SECRET", SECRET)];
    let pro = [own[0], ("LEADHOOK_LEADPRO_SECRET", SECRET)];
    let token = capture("/", &[], r#"{"event":"lead.created","data":{}}"#);
    for (unfit, variables, exit, message, hint) in [
        (
            &unrecognised,
            &own[..],
            2,
            "its provider was not recognised, so it cannot be signed",
            "`-p`",
        ),
        (&token, &own, 2, "no secret is configured for LeadPro", "--secret-file"),
        (&no_claims, &pro, 3, "cannot sign the body as a token", "without `--resign`"),
    ] {
        let endpoint = Endpoint::new(&[200]);
        let target = endpoint.target();
        let run = leadhook!("replay c.jsonl --resign --to {} --format json", target)
            .file("c.jsonl", lines(&[unfit.clone(), genuine("1")]));
        let run = variables.iter().fold(run, |run, (name, value)| run.env(name, value));
        let outcome = run.run().exits(exit, message);
        let error: serde_json::Value = serde_json::from_str(&outcome.stderr).unwrap();
        let said = error["message"].as_str().unwrap();
        assert!(said.starts_with(&format!("cannot replay `c.jsonl:1`: {message}")), "{said}");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
        assert_eq!((&error["code"], &error["exit"]), (&json!("cannot-replay"), &json!(exit)));
        assert_eq!(each(&outcome, "source"), ["c.jsonl:2"]);
        assert_eq!(endpoint.arrived().len(), 1);
    }
}

#[test]
fn health_checks_among_webhooks_are_sent_unsigned() {
    let endpoint = Endpoint::new(&[200]);
    let mut health = capture("/health", &[("User-Agent", "probe")], "");
    health["method"] = json!("GET");
    let args = ["--resign", "--secret", SECRET];
    let captures = [health.clone(), signed("1", "of last year"), health];
    let outcome = replay(&captures, &endpoint.target(), &args).exits(0, "all are sent");
    let arrived = endpoint.arrived();
    let methods: Vec<_> =
        arrived.iter().map(|request| request.line.split(' ').next().unwrap()).collect();
    assert_eq!(methods, ["GET", "POST", "GET"]);
    let signature = hmac_hex(SECRET.as_bytes(), BODY.as_bytes());
    let signatures: Vec<_> =
        arrived.iter().map(|request| request.header("x-lead-router-signature")).collect();
    assert_eq!(signatures, [None, Some(&*signature), None]);
    assert!(outcome.stderr.contains("sent without a new signature"), "{outcome:?}");
}

#[test]
fn a_named_provider_signs_an_unrecognised_request() {
    let endpoint = Endpoint::new(&[200]);
    let unrecognised = capture("/", &[], r#"{"hello":"world"}"#);
    let args = ["--resign", "--secret", SECRET, "-p", "realgeeks"];
    let outcome = replay(&[unrecognised], &endpoint.target(), &args).exits(0, "as that provider");
    assert_eq!(each(&outcome, "provider"), ["realgeeks"]);
    let signature = hmac_hex(SECRET.as_bytes(), br#"{"hello":"world"}"#);
    assert_eq!(endpoint.only().header("x-lead-router-signature"), Some(signature.as_str()));
}

#[test]
fn the_secret_is_never_printed() {
    let secret = "a-secret-nobody-may-read";
    let endpoint = Endpoint::new(&[500]);
    let captures = lines(&[signed("1", "x"), signed("2", "x")]);
    for resign in [&["--resign"][..], &[]] {
        let target = endpoint.target();
        let run = leadhook!("replay c.jsonl --to {} -vv --secret-file key", target)
            .args(resign)
            .file("c.jsonl", &captures);
        let outcome = run.file("key", secret).run().exits(1, "refused");
        assert!(outcome.stdout.contains("X-Lead-Router-Signature: "), "{outcome:?}");
        assert!(!outcome.stdout.contains(secret) && !outcome.stderr.contains(secret));
    }
}
