//! Requests in the logs of web servers and frameworks, and what is said of the lines around them.

use crate::support::{Corpus, Leadhook, objects};
use serde_json::json;
use std::io::Write;
use std::process::{Command, Stdio};

const CORPUS: Corpus = Corpus("verify");

#[test]
fn only_the_headers_of_a_log_entry_are_headers() {
    for (name, target) in [("log/nginx.json", "/hooks"), ("log/server-realgeeks.json", "/hooks")] {
        let outcome = leadhook!("convert --print json log")
            .file("log", CORPUS.read(name))
            .run()
            .exits(0, name);
        let capture = outcome.object();
        assert_eq!(
            (&capture["method"], &capture["target"]),
            (&json!("POST"), &json!(target)),
            "{name}"
        );
        let headers = capture["headers"].as_array().unwrap();
        let mut names: Vec<_> = headers.iter().map(|pair| pair[0].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "Content-Type",
                "Host",
                "User-Agent",
                "X-Lead-Router-Action",
                "X-Lead-Router-Message-Id",
                "X-Lead-Router-Signature"
            ],
            "{name}"
        );
    }
}

#[test]
fn the_request_line_of_a_log_entry_has_the_query() {
    let entry = json!({
        "request": "PUT /hooks?a=1&b HTTP/2.0", "uri": "/hooks", "status": "401",
        "remote_addr": "192.0.2.7", "time_local": "30/Nov/2026:09:12:45 +0000",
        "http_x_any": "1", "request_body": "{}",
    });
    let outcome =
        leadhook!("convert --print json -").stdin(entry.to_string()).run().exits(0, "converted");
    let capture = outcome.object();
    let found = ["method", "target", "http_version", "remote", "received_at", "body"]
        .map(|key| capture[key].as_str().unwrap_or_default().to_owned());
    let expected = ["PUT", "/hooks?a=1&b", "HTTP/2.0", "192.0.2.7", "2026-11-30T09:12:45Z", "{}"];
    assert_eq!(found, expected, "{capture}");
}

#[test]
fn the_time_of_a_log_line_is_the_time_of_arrival() {
    let line = |prefix: &str| format!("{prefix} {{\"headers\":{{}},\"body\":\"{{}}\"}}\n");
    let log = [
        line("[2026-11-30T09:12:45.102+00:00] local.INFO: a"),
        line("2026-11-30 09:12:45,102 INFO b"),
        line("started"),
    ];
    let outcome = leadhook!("convert --print json -").stdin(log.concat()).run().exits(0, "a log");
    let times: Vec<_> = objects(&outcome.stdout)
        .into_iter()
        .map(|capture| capture["received_at"].clone())
        .collect();
    // A time without a zone is not guessed.
    assert_eq!(times, [json!("2026-11-30T09:12:45.102Z"), json!(null), json!(null)]);
}

#[test]
fn a_known_time_of_arrival_is_not_called_unknown() {
    for (name, args) in [
        ("log/prefix-late.log", [].as_slice()),
        ("log/unknown-time.http", &["--now", "2026-01-16T00:00:00Z"]),
    ] {
        let outcome = leadhook!("verify log --secret s3cret")
            .args(args)
            .file("log", CORPUS.read(name))
            .run()
            .exits(1, name);
        assert!(outcome.stdout.contains("The token expired"), "{name}: {outcome:?}");
        assert!(!outcome.stdout.contains("as of now"), "{name}: {outcome:?}");
    }
}

#[test]
fn requests_of_no_provider_are_counted_as_unchecked() {
    let health = r#"{"req":{"method":"GET","url":"/health","headers":{"host":"x"}},"status":200}"#;
    let signed = |more: &[&str]| {
        leadhook!("send created --secret s3cret --dry-run --print json")
            .args(more)
            .run()
            .exits(0, "sent")
            .stdout
    };
    let (valid, forged) = (signed(&[]), signed(&["--tamper", "body"]));
    let verify = |lines: &[&str], args: &[&str]| {
        let log = lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n");
        leadhook!("verify - --secret s3cret").args(args).stdin(log).run()
    };
    for (lines, exit, words) in [
        (&[health, &valid, health][..], 5, "3 requests: 1 valid, 2 unchecked"),
        (&[health, &valid, &forged, health], 1, "4 requests: 1 valid, 1 invalid, 2 unchecked"),
    ] {
        let outcome = verify(lines, &[]).exits(exit, words);
        assert_eq!(outcome.stdout.lines().last(), Some(words), "{outcome:?}");
    }
    let outcome = verify(&[health, &valid, &forged], &["--format", "json"]).exits(1, "in JSON");
    let summary = objects(&outcome.stdout).pop().unwrap();
    let counts = ["requests", "valid", "invalid", "unchecked"].map(|key| summary[key].clone());
    assert_eq!(counts, [json!(3), json!(1), json!(1), json!(1)], "{summary}");
}

#[test]
fn a_request_with_a_broken_body_stays_invalid() {
    for request in
        ["POST /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"]
    {
        leadhook!("verify - --secret s3cret").stdin(request).run().exits(1, request);
    }
}

#[test]
fn the_hint_about_a_token_is_a_command_that_verifies_it() {
    for name in ["access", "print-r", "mail", "message", "no-body", "json-lines"] {
        let file = format!("log file-{name}");
        let input = CORPUS.read(&format!("unreadable/token-in-{name}.log"));
        let run = leadhook!("verify").args([&file, "--secret", "s3cret"]).file(&file, input);
        let (outcome, dir) = run.run_in();
        let outcome = outcome.exits(3, name);
        assert_eq!(outcome.stderr.lines().count(), 2, "{name}: {outcome:?}");
        let hint = outcome.stderr_line("hint: ");
        let command = hint.split('`').nth(1).unwrap();
        let program = format!("{} verify -", env!("CARGO_BIN_EXE_leadhook"));
        let command = command.replace("leadhook verify -", &program);
        let now = "--secret s3cret --now 2026-01-15T12:00:00Z --format json";
        let output = Command::new("sh")
            .args(["-c", &format!("{command} {now}")])
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        std::io::stderr().write_all(&output.stderr).unwrap();
        let verdict = objects(&String::from_utf8_lossy(&output.stdout)).remove(0);
        assert_eq!(verdict["valid"], json!(true), "{name}: {command}: {verdict}");
    }
}

#[test]
fn every_verb_that_reads_requests_names_the_token() {
    let input = CORPUS.read("unreadable/token-in-message.log");
    for verb in ["convert log --print http", "replay log --to http://127.0.0.1:9/", "decode log"] {
        let outcome = Leadhook::from_line(verb, &[]).file("log", &input).run().exits(3, verb);
        let error = outcome.stderr_line("error: ");
        assert!(error.contains("line 1 contains a token"), "{verb}: {outcome:?}");
    }
}
