//! `leadhook verify`: captured requests are read, judged and explained.

mod findings;
mod lines;
mod logs;
mod secret_files;

use crate::support::{Leadhook, Outcome, hmac_hex, keys, objects};
use serde_json::{Value, json};
use std::process::Stdio;

/// Returns a capture of one synthetic delivery, as `send --dry-run` prints it.
fn capture(event: &str, more: &[&str]) -> String {
    leadhook!("send {} --secret s3cret --now 2026-01-02T03:04:05Z --dry-run --print json", event)
        .args(more)
        .run()
        .exits(0, event)
        .stdout
}

/// Verifies standard input in JSON.
fn verify(input: impl Into<Vec<u8>>, more: &[&str]) -> Outcome {
    leadhook!("verify - --format json").args(more).stdin(input).run()
}

fn codes(verdict: &Value) -> Vec<&str> {
    let findings = verdict["payload"]["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[test]
fn one_changed_byte_makes_a_valid_request_invalid() {
    for event in ["realgeeks:updated", "leadpro:lead.updated", "realtorbot:test"] {
        let genuine = capture(event, &[]);
        let verdict = verify(genuine, &["--secret", "s3cret"]).exits(0, event).object();
        assert_eq!(
            (&verdict["valid"], &verdict["signature"]["status"], &verdict["payload"]["status"]),
            (&json!(true), &json!("valid"), &json!("valid")),
            "{event}: {verdict}"
        );
        let forged = capture(event, &["--tamper", "body"]);
        let outcome = verify(forged.clone(), &["--secret", "s3cret"]).exits(1, event);
        let verdict = outcome.object();
        assert_eq!(
            (&verdict["valid"], &verdict["signature"]["status"]),
            (&json!(false), &json!("invalid")),
            "{event}"
        );
        assert!(verdict["signature"]["explanations"][0]["fix"].is_string(), "{event}: {verdict}");
        assert_eq!(outcome.stderr, "", "{event}: a negative result is not an error");
        let human =
            leadhook!("verify r.json --secret s3cret").file("r.json", forged).run().exits(1, event);
        assert!(
            human.stdout.starts_with("r.json  ")
                && ["signature  INVALID", "signature  valid, body differs"]
                    .iter()
                    .any(|status| human.stdout.contains(status)),
            "{human:?}"
        );
    }
}

#[test]
fn the_verdict_has_the_documented_keys() {
    let verdict = verify(capture("created", &["--message-id", "msg-1"]), &["--secret", "s3cret"])
        .exits(0, "genuine")
        .object();
    let documented = [
        "schema_version",
        "kind",
        "source",
        "provider",
        "event",
        "message_id",
        "valid",
        "signature",
        "payload",
    ];
    assert_eq!(keys(&verdict), documented);
    assert_eq!(
        (&verdict["schema_version"], &verdict["kind"], &verdict["source"]),
        (&json!(1), &json!("verdict"), &json!("-"))
    );
    assert_eq!((&verdict["event"], &verdict["message_id"]), (&json!("created"), &json!("msg-1")));
    assert_eq!(
        keys(&verdict["signature"]),
        ["status", "scheme", "proof", "covers", "matched", "explanations"]
    );
    assert_eq!(
        (&verdict["signature"]["covers"], &verdict["signature"]["matched"]),
        (&json!(["body"]), &json!("raw"))
    );
    assert_eq!(verdict["payload"], json!({"status": "valid", "findings": []}));
    let invalid = verify(
        capture("created", &["--unset", "site_uuid", "--tamper", "wrong-secret"]),
        &["--secret", "s3cret"],
    )
    .exits(1, "invalid")
    .object();
    assert_eq!(keys(&invalid["signature"]["explanations"][0]), ["code", "message", "fix"]);
    assert_eq!(
        keys(&invalid["payload"]["findings"][0])[..4],
        ["severity", "code", "pointer", "message"]
    );
}

#[test]
fn headers_and_body_are_read_in_the_common_shapes() {
    let signature = hmac_hex(b"s3cret", br#"{"action":"integration_enabled","partner_id":"1","site_uuid":"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba"}"#);
    let body = r#""{\"action\":\"integration_enabled\",\"partner_id\":\"1\",\"site_uuid\":\"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba\"}""#;
    for headers in [
        format!(r#"{{"x-lead-router-signature":"{signature}"}}"#),
        format!(r#"{{"X-LEAD-ROUTER-SIGNATURE":["{signature}"]}}"#),
        format!(r#"[["X-Lead-Router-Signature","{signature}"]]"#),
        format!(r#"[{{"name":"X-Lead-Router-Signature","value":"{signature}"}}]"#),
    ] {
        let file = format!(r#"{{"headers":{headers},"body":{body}}}"#);
        let verdict = verify(file, &["--secret", "s3cret"]).exits(0, &headers).object();
        assert_eq!(
            (&verdict["provider"], &verdict["event"]),
            (&json!("realgeeks"), &json!("integration_enabled")),
            "{headers}"
        );
    }
}

#[test]
fn a_body_kept_as_a_json_value_is_noted_as_inexact() {
    let body = r#"{"id":"evt_1","type":"test","timestamp":"2026-01-02T03:04:05Z","data":{"message":"hi"}}"#;
    let signature = hmac_hex(b"s3cret", body.as_bytes());
    let file = format!(r#"{{"headers":{{"x-realtorbot-signature":"{signature}"}},"body":{body}}}"#);
    let verdict =
        verify(file.clone(), &["--secret", "s3cret"]).exits(0, "it can still be valid").object();
    assert_eq!(
        (codes(&verdict), &verdict["payload"]["status"]),
        (vec!["bytes-were-lost"], &json!("warnings"))
    );
    let strict = verify(file, &["--secret", "s3cret", "--strict"]).exits(1, "--strict").object();
    assert_eq!(strict["valid"], false);
}

#[test]
fn several_requests_get_a_verdict_each_and_a_summary() {
    let (good, bad) =
        (capture("created", &[]), capture("leadpro:lead.created", &["--tamper", "body"]));
    let run = |names: &[&str]| {
        let run = leadhook!("verify --secret s3cret --format json")
            .args(names)
            .file("good.json", &good)
            .file("bad.json", &bad)
            .file("both.jsonl", format!("{good}\n{bad}"));
        run.file("none.txt", "hello").run()
    };
    let printed_files = |outcome: &Outcome| {
        objects(&outcome.stdout)
            .iter()
            .map(|object| object["source"].as_str().unwrap_or("summary").to_owned())
            .collect::<Vec<_>>()
    };
    let both = run(&["good.json", "bad.json"]).exits(1, "two files");
    assert_eq!(printed_files(&both), ["good.json", "bad.json", "summary"]);
    let counts = json!({"schema_version": 1, "kind": "summary", "requests": 2, "valid": 1, "invalid": 1, "unchecked": 0, "unreadable": 0});
    let mut summary = objects(&both.stdout).remove(2);
    assert!(
        summary.as_object_mut().unwrap().remove("duration_ms").is_some_and(|took| took.is_u64())
    );
    assert_eq!(summary, counts);
    let lines = run(&["both.jsonl"]).exits(1, "JSON Lines");
    assert_eq!(printed_files(&lines), ["both.jsonl:1", "both.jsonl:3", "summary"]);
    run(&["good.json", "good.json"]).exits(0, "both valid");
    let unreadable =
        run(&["none.txt", "good.json", "nowhere.json"]).exits(3, "two of three are unreadable");
    assert_eq!(
        printed_files(&unreadable),
        ["good.json", "summary"],
        "the readable one is still verified"
    );
    assert_eq!(objects(&unreadable.stdout)[1]["unreadable"], 2);
    assert_eq!(objects(&unreadable.stderr).len(), 2, "{unreadable:?}");
    let human = leadhook!("verify nowhere.json nothing.json").run().exits(3, "text output");
    assert_eq!(human.stdout, "0 requests: 0 valid, 2 unreadable\n");
}

#[test]
fn without_a_secret_the_payload_is_still_validated() {
    let verdict = verify(capture("created", &[]), &[]).exits(5, "nothing to compare with").object();
    assert_eq!(
        (&verdict["signature"]["status"], &verdict["payload"]["status"]),
        (&json!("unchecked"), &json!("valid"))
    );
    assert_eq!(verdict["valid"], false, "an unchecked request is not valid");
    let verdict = verify(capture("created", &["--unset", "site_uuid"]), &[])
        .exits(1, "an invalid payload")
        .object();
    assert_eq!(
        (&verdict["signature"]["status"], &verdict["payload"]["status"]),
        (&json!("unchecked"), &json!("invalid"))
    );
    assert_eq!(verdict["payload"]["findings"][0]["severity"], "error", "{verdict}");
}

#[test]
fn strict_counts_warnings_and_no_payload_skips_validation() {
    let with_warning = capture("created", &["--set", "activities[0].type=danced"]);
    let secret = ["--secret", "s3cret"];
    let verdict =
        verify(with_warning.clone(), &secret).exits(0, "a warning is not an error").object();
    assert_eq!(verdict["payload"]["status"], "warnings");
    let finding = &verdict["payload"]["findings"][0];
    assert_eq!(
        (&finding["severity"], &finding["pointer"]),
        (&json!("warning"), &json!("/activities/0/type")),
        "{verdict}"
    );
    verify(with_warning.clone(), &[&secret[..], &["--strict"]].concat()).exits(1, "--strict");
    let broken = capture("created", &["--unset", "id"]);
    verify(broken.clone(), &secret).exits(1, "an invalid payload");
    let verdict = verify(broken, &[&secret[..], &["--no-payload"]].concat())
        .exits(0, "--no-payload")
        .object();
    assert_eq!(verdict["payload"]["status"], "unchecked");
    verify(with_warning, &[&secret[..], &["--strict", "--no-payload"]].concat())
        .exits(2, "conflicting options");
}

#[test]
fn token_times_are_checked_at_the_capture_time_or_now_option() {
    // 2026-01-02T03:04:05Z is 1767323045.
    let with_times = |times: &str| {
        let body = format!(r#"{{"event":"lead.created","data":{{}},{times}}}"#);
        leadhook!(
            "send leadpro:lead.created --secret s3cret --data - --now @1767323045 --dry-run \
             --print json"
        )
        .stdin(body)
        .run()
        .exits(0, times)
        .stdout
    };
    for (times, now, exit) in [
        (r#""exp":1767323645"#, None, 0),
        (r#""exp":1767323645"#, Some("@1767324000"), 1),
        (r#""exp":1767323645"#, Some("2026-01-02T03:10:00Z"), 0),
        (r#""exp":1700000000"#, None, 1),
        (r#""exp":1700000000"#, Some("@1699999999"), 0),
        (r#""nbf":1767324000"#, None, 1),
        (r#""nbf":1767324000"#, Some("@1767324001"), 0),
    ] {
        let case = format!("{times} {now:?}");
        let more = now.map_or(vec![], |now| vec!["--now", now]);
        let outcome = verify(
            with_times(times),
            &[&["--secret", "s3cret", "--no-payload"], more.as_slice()].concat(),
        );
        let status = outcome.exits(exit, &case).object()["signature"]["status"].clone();
        assert_eq!(status, if exit == 0 { "valid" } else { "invalid" }, "{case}");
    }
}

/// Verifies a delivery whose token is from `issued` and whose body is edited, received at 1767323045.
fn shown_verdict(issued: &str, change: &str, more: &[&str], exit: i32) -> String {
    let sent = leadhook!(
        "send leadpro:lead.created --secret s3cret --seed 7 --now {} --dry-run --print json",
        issued
    );
    let mut capture = sent.run().exits(0, issued).object();
    capture["received_at"] = "2026-01-02T03:04:05Z".into();
    let body = capture["body"].as_str().unwrap().replacen("lead.created", change, 1);
    capture["body"] = body.into();
    let run = leadhook!("verify r.json --secret s3cret").args(more);
    run.file("r.json", capture.to_string()).run().exits(exit, change).stdout
}

#[test]
fn a_valid_signature_of_another_body_is_called_so() {
    let shown = shown_verdict("@1767323045", "lead.updated", &["--no-payload"], 1);
    assert!(shown.contains("  signature  valid, body differs\n"), "{shown}");
    assert!(shown.contains("differs from the signed claims at `/event`"), "{shown}");
}

#[test]
fn a_clock_ahead_is_a_warning_and_an_error_with_strict() {
    let warned = shown_verdict("@1767330185", "lead.created", &[], 0);
    assert!(warned.contains("valid, covers only the claims\n"), "{warned}");
    assert!(warned.contains("`iat` is 1 h 59 min after the time of verification"), "{warned}");
    let strict = shown_verdict("@1767330185", "lead.created", &["--strict"], 1);
    assert!(strict.contains("  signature  valid, 1 error, covers only the claims\n"), "{strict}");
    let origin = shown_verdict("@1767330185", "lead.created", &["-v"], 0);
    assert!(origin.contains("PyJWT"), "{origin}");
    let right = shown_verdict("@1767323045", "lead.created", &["--strict"], 0);
    assert!(!right.contains("`iat`"), "{right}");
}

#[test]
fn the_expected_signature_is_shown_only_when_asked_for() {
    let object: Value =
        serde_json::from_str(&capture("created", &["--tamper", "wrong-secret"])).unwrap();
    let expected = hmac_hex(b"s3cret", object["body"].as_str().unwrap().as_bytes());
    for more in [vec![], vec!["-v"], vec!["-vv"]] {
        for format in ["human", "json"] {
            let args =
                [&["verify", "-", "--secret", "s3cret", "--format", format], more.as_slice()]
                    .concat();
            let run = |args: &[&str]| {
                Leadhook::new(args).stdin(object.to_string()).run().exits(1, format)
            };
            let without_option = run(&args);
            assert!(
                !format!("{without_option:?}").contains(&expected),
                "{args:?}: {without_option:?}"
            );
            let with_option = run(&[args.as_slice(), &["--show-expected"]].concat());
            assert!(with_option.stdout.contains(&expected), "{args:?}: {with_option:?}");
        }
    }
}

#[test]
fn the_old_and_the_new_secret_are_both_accepted_during_a_rotation() {
    for event in ["created", "leadpro:lead.created", "realtorbot:test"] {
        let genuine = capture(event, &[]);
        for secrets in [["s3cret", "newer"], ["newer", "s3cret"]] {
            verify(genuine.clone(), &["--secret", secrets[0], "--secret", secrets[1]])
                .exits(0, event);
        }
        verify(genuine, &["--secret", "newer", "--secret", "newest"]).exits(1, event);
    }
}

#[test]
fn a_named_provider_takes_precedence_over_recognition() {
    let genuine = capture("created", &[]);
    let recognised =
        verify(genuine.clone(), &["--secret", "s3cret"]).exits(0, "recognised").object();
    assert_eq!(recognised["provider"], "realgeeks");
    let assumed = verify(genuine, &["--secret", "s3cret", "-p", "realtorbot"])
        .exits(1, "another was named")
        .object();
    assert_eq!(
        (&assumed["provider"], &assumed["signature"]["status"]),
        (&json!("realtorbot"), &json!("missing"))
    );
    let unrecognised = verify(r#"{"headers":{},"body":"{}"}"#, &["--secret", "s3cret"]).object();
    assert_eq!(
        (&unrecognised["provider"], &unrecognised["signature"]["explanations"][0]["code"]),
        (&Value::Null, &json!("unknown-provider"))
    );
}

#[test]
fn input_without_a_request_is_reported_with_the_expected_format() {
    let binary: Vec<u8> = (0..=255).collect();
    for (name, content) in [
        ("empty.json", b"".as_slice()),
        ("blank.json", b" \n\t"),
        ("text.json", b"hello"),
        ("page.html", b"<!DOCTYPE html><html></html>"),
        ("list.json", b"[]"),
        ("number.json", b"1"),
        ("object.json", b"{}"),
        ("half.json", br#"{"headers":{},"body":"#),
        ("binary.bin", &binary),
        ("request.json", br#"{"schema_version":1,"kind":"request","headers":{},"body":""}"#),
    ] {
        let outcome =
            leadhook!("verify {} --secret s3cret", name).file(name, content).run().exits(3, name);
        assert!(outcome.stderr_line("error: ").contains(&format!("`{name}`")), "{outcome:?}");
        assert!(outcome.stderr_line("hint: ").contains("`--body FILE"), "{outcome:?}");
        assert_eq!(
            (outcome.stdout.as_str(), outcome.stderr.lines().count()),
            ("", 2),
            "{outcome:?}"
        );
    }
    for name in ["nowhere.json", "."] {
        let outcome = leadhook!("verify {}", name).run().exits(3, name);
        assert!(outcome.stderr_line("error: ").contains(&format!("`{name}`")), "{outcome:?}");
    }
    leadhook!("verify").run().exits(3, "standard input is empty");
}

#[test]
fn a_closed_standard_output_keeps_the_exit_status() {
    let genuine = capture("created", &[]);
    for (secret, exit) in [("wrong", 1), ("s3cret", 0)] {
        let files = ["r.json"; 50];
        let (mut command, _dir) =
            leadhook!("verify --secret {}", secret).args(files).file("r.json", &genuine).command();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(exit), "{secret}: {output:?}");
        assert!(output.stderr.is_empty(), "{secret}: {output:?}");
    }
}
