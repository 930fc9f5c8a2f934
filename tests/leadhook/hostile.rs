//! Output safety: no secrets, and no foreign bytes that drive a terminal.

use crate::support::{Endpoint, Leadhook, Outcome, leadhook};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

/// A secret that occurs in no program or payload by accident.
const MARKER: &str = "Marker-9f3c0a7e";

/// Escape, carriage return, NUL, the C1 escape, and bidirectional control characters.
const HOSTILE: &str = "a\u{1b}[31mb\rc\0d\u{9b}31me\u{202e}f\u{2066}g\u{200b}h";

#[track_caller]
fn has_no_marker(case: &str, outcome: &Outcome) {
    for form in [MARKER.to_owned(), hex::encode(MARKER), STANDARD.encode(MARKER)] {
        assert!(!outcome.stdout.contains(&form), "{case}: {outcome:#?}");
        assert!(!outcome.stderr.contains(&form), "{case}: {outcome:#?}");
    }
}

#[track_caller]
fn is_harmless(case: &str, outcome: &Outcome) {
    for text in [&outcome.stdout, &outcome.stderr] {
        for mark in ['\u{1b}', '\r', '\0', '\u{9b}', '\u{202e}', '\u{2066}', '\u{200b}'] {
            assert!(!text.contains(mark), "{case}: {mark:?} in {outcome:#?}");
        }
    }
}

#[test]
fn a_secret_is_never_printed_with_any_option() {
    let endpoint = Endpoint::new(&[200, 503, 406]);
    let target = endpoint.target();
    let body = r#"{"event":"lead.created","data":{}}"#;
    let forged = leadhook!("send created --secret other --dry-run --print json").run().stdout;
    let pem = format!("-----BEGIN PRIVATE KEY----- {MARKER}");
    let url = format!("http://localhost/{MARKER}");
    let runs: &[&[&str]] = &[
        &["send", "created", &target],
        &["send", "leadpro:lead.created", &target],
        &["send", "realtorbot:test", &target, "--tamper", "wrong-secret"],
        &["send", "created", "--dry-run", "--print", "curl"],
        &["send", "created", "--dry-run", "--print", "http"],
        &["send", "created", "--dry-run", "--print", "json"],
        &["send", "created", "http://127.0.0.1:1/"],
        &["send", "creatd"],
        &["send", "created", "--sed", "1"],
        &["send", "created", "--secret-file", "secret"],
        &["sign", "body", "-p", "leadpro"],
        &["sign", "body", "-p", "realgeeks", "--print", "json"],
        &["verify", "forged.json"],
        &["verify", "forged.json", "--show-expected"],
        &["verify", "body"],
        &["simulate", "created", &target, "--attempts", "2"],
        &["events", "show", "created"],
        &["practice", "--list-faults"],
        &["practice", ":0", "--fault", "nothing"],
        &["listen", ":0", "--timeout", "10ms"],
        &["listen", ":0", "--timeout", "10ms", "--secret", "other"],
        &["snd"],
    ];
    for run in runs {
        for more in [vec![], vec!["-vv"], vec!["-vv", "--format", "json"]] {
            let args = [*run, more.as_slice(), &["--secret", MARKER]].concat();
            let case = format!("{args:?}");
            let ready = |args: &[&str]| {
                Leadhook::new(args)
                    .file("body", body)
                    .file("forged.json", &forged)
                    .file("secret", MARKER)
            };
            has_no_marker(&case, &ready(&args).run());
            let args = [*run, more.as_slice()].concat();
            has_no_marker(&case, &ready(&args).env("LEADHOOK_SECRET", MARKER).run());
        }
    }
    for refused in [pem.as_str(), &url] {
        for more in [
            vec!["send", "created"],
            vec!["send", "created", "--sed"],
            vec!["verify", "body"],
            vec!["snd"],
        ] {
            has_no_marker(
                refused,
                &Leadhook::new(&more).args(["-vv", "--secret", refused]).run().exits(2, refused),
            );
        }
    }
}

#[test]
fn a_secret_that_begins_with_a_hyphen_is_a_secret() {
    for secret in ["-Zq83kd", "-pS3cr3t", "--Zq-3", "-"] {
        let sent = leadhook!("send created --dry-run --print json --secret {}", secret)
            .run()
            .exits(0, secret);
        let verified =
            leadhook!("verify - --secret-file key").file("key", secret).stdin(sent.stdout);
        verified.run().exits(0, secret);
    }
    let option = leadhook!("send created --secret --dry-run").env("LEADHOOK_SECRET", "s3cret");
    assert!(
        option.run().exits(0, "an option follows").stdout.starts_with("POST / "),
        "it is no secret"
    );
}

#[test]
fn a_capture_cannot_drive_the_terminal() {
    let hostile = json!({
        "headers": {"X-Lead-Router-Action": HOSTILE, "X-Lead-Router-Message-Id": HOSTILE, "X-Lead-Router-Signature": HOSTILE},
        "method": HOSTILE, "target": HOSTILE, "remote": HOSTILE, "body": HOSTILE,
    });
    let named = json!({
        "headers": {"X-Lead-Router-Action": "created"},
        "body": json!({"id": HOSTILE, "first_name": HOSTILE, "role": HOSTILE, HOSTILE: 1, "activities": [{"type": HOSTILE}]}).to_string(),
    });
    let wrong_kind = json!({"kind": HOSTILE, "headers": {}, "body": ""});
    let wrong_header = json!({"headers": {HOSTILE: true}, "body": ""});
    for capture in [hostile, named, wrong_kind, wrong_header] {
        for more in [vec![], vec!["-vv"], vec!["--show-expected"]] {
            let outcome =
                leadhook!("verify - --secret s").args(&more).stdin(capture.to_string()).run();
            assert_ne!(outcome.exit, 0, "{capture}");
            is_harmless(&format!("{capture} {more:?}"), &outcome);
        }
    }
}

#[test]
fn json_output_has_hostile_strings_complete_and_escaped() {
    let body = json!({"event": "lead.created", "data": {"first_name": HOSTILE, "type": HOSTILE}})
        .to_string();
    let capture = json!({"headers": {"X-Lead-Router-Action": HOSTILE}, "body": body});
    let outcome = leadhook!("verify - --secret s --format json").stdin(capture.to_string()).run();
    let verdict = outcome.clone().exits(1, "json").object();
    assert_eq!(verdict["event"], HOSTILE, "nothing is lost");
    is_harmless("json", &outcome);
}

#[test]
fn a_response_cannot_drive_the_terminal() {
    for body in [HOSTILE, "::error::gotcha\n##vso[task.complete]\n"] {
        for content_type in ["text/plain", "application/json"] {
            let response = format!(
                "HTTP/1.1 500 X\r\nContent-Type: {content_type}\r\nX-Y: \u{202e}\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            for more in [vec![], vec!["-vv"]] {
                let endpoint = Endpoint::raw(vec![response.clone()]);
                let target = endpoint.target();
                let outcome = leadhook!("send created {} --secret s", target)
                    .args(&more)
                    .run()
                    .exits(1, body);
                is_harmless(body, &outcome);
                let is_executed = |line: &str| {
                    line.trim_start().starts_with("::") || line.trim_start().starts_with("##")
                };
                assert!(
                    !outcome.stdout.lines().any(is_executed),
                    "a CI system would obey: {outcome:#?}"
                );
            }
        }
    }
}

#[test]
fn arguments_and_file_names_cannot_drive_the_terminal() {
    let text = "a\u{1b}[31mb\rc\u{202e}d\ne";
    for args in [
        ["send", text, "--secret", "s"].as_slice(),
        &["send", "created", text, "--secret", "s"],
        &["send", "created", "--secret", "s", "--set", text],
        &["send", "created", "--secret", "s", "--unset", text],
        &["send", "created", "--secret", "s", "--variant", text],
        &["send", "created", "--secret", "s", "--tamper", text],
        &["send", "created", "--secret", "s", "--now", text],
        &["send", "created", "--secret", "s", "-H", text],
        &["send", "created", "--secret-file", text],
        &["events", "-p", text],
        &["verify", text],
        &["practice", text],
        &["practice", ":0", "--fault", text],
        &["listen", ":0", "--respond", text],
        &[text],
    ] {
        for format in ["human", "json"] {
            let args = [&["--format", format], args].concat();
            let outcome = leadhook(&args);
            assert!([2, 3].contains(&outcome.exit), "{args:?}: {outcome:#?}");
            is_harmless(&format!("{args:?}"), &outcome);
            let most = if format == "json" { 1 } else { 2 };
            assert!(outcome.stderr.lines().count() <= most, "{args:?}: {outcome:#?}");
        }
    }
}

#[test]
fn a_received_request_cannot_drive_the_terminal() {
    let (mut command, _dir) = leadhook!("listen :0 --secret s --count 1 -vv").command();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    let address = first
        .split("http://")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
        .to_owned();
    let body = json!({"id": HOSTILE, "first_name": HOSTILE, "email": HOSTILE, "role": HOSTILE, HOSTILE: HOSTILE}).to_string();
    let head = "POST /\u{202e} HTTP/1.1\r\nHost: x\r\nX-Lead-Router-Action: crea\u{202e}ted\u{9b}\r\nX-Lead-Router-Message-Id: \u{2066}";
    let head = head.replace("/\u{202e} ", "/%1b?a=%0d ");
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(stream, "{head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    assert!(response.starts_with(b"HTTP/1.1 401"), "{:?}", String::from_utf8_lossy(&response));
    stdout.read_to_string(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(first.contains("31m"), "the person is shown, with the dangers escaped: {first}");
    is_harmless("listen", &Outcome { exit: 0, stdout: first, stderr });
}
