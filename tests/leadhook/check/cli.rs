//! `leadhook check`: selection of cases, rejected options, and unreachable receivers.

use crate::check::{SECRETS, check, ids, practice};
use crate::support::{DeadPort, Endpoint, keys, leadhook, objects, read_request};
use serde_json::{Value, json};
use std::io::Write;
use std::net::{TcpListener, TcpStream};

#[test]
fn every_provider_has_at_least_45_cases_with_source_and_unique_id() {
    for provider in ["realgeeks", "leadpro", "realtorbot"] {
        let list = leadhook!("check --list -p {} --format json", provider).run().exits(0, "");
        let cases = list.object()["cases"].as_array().unwrap().clone();
        assert!(cases.len() >= 45, "{provider}: {}", cases.len());
        let mut ids: Vec<_> = cases.iter().map(|case| case["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "{provider}");
        assert!(cases.iter().all(|case| case["source"].as_str().is_some_and(|it| !it.is_empty())));
    }
    let shown = leadhook!("check --list").run().exits(0, "text output").stdout;
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn case_json_has_the_documented_keys_and_the_providers_reaction() {
    let running = practice("realgeeks", "answers-500-to-forgery");
    let (outcome, cases, summary) =
        check(running.address().port(), "realgeeks", &["--only", "truncated"]);
    assert_eq!(outcome.exit, 1);
    assert_eq!(
        keys(&cases[0])[..11],
        [
            "schema_version",
            "kind",
            "id",
            "level",
            "outcome",
            "expected",
            "observed",
            "would",
            "advice",
            "source",
            "duration_ms"
        ]
    );
    assert_eq!(cases[0]["would"], json!({"action": "retry", "wait_s": 600}));
    assert_eq!(cases[0]["consequence"], "Real Geeks sends it 7 more times; 406 would stop it.");
    assert!(cases[0]["curl"].as_str().unwrap().starts_with("curl "), "{}", cases[0]);
    assert_eq!((&summary["failed"], &summary["passed"]), (&json!(1), &json!(0)));
    let output = outcome.stdout + &outcome.stderr;
    assert!(SECRETS.iter().all(|secret| !output.contains(secret)), "a secret is shown");
}

#[test]
fn the_same_seed_sends_the_same_bytes() {
    let running = practice("realgeeks", "none");
    let (outcome, cases, _) = check(running.address().port(), "realgeeks", &[]);
    assert_eq!(outcome.exit, 0, "{outcome:?}");
    assert!(cases.len() > 45);
    let requests = || {
        let endpoint = Endpoint::new(&[200]);
        let check = leadhook!("check {} -p realgeeks --secret s3cret --seed 7", endpoint.target());
        // The search of the size limit stops at a limit of the endpoint.
        let now = ["--now", "2026-01-02T03:04:05Z", "--only", "accepts", "--skip", "size-limit"];
        check.args(now).run().exits(0, "every response is a success");
        let arrived = endpoint.arrived().into_iter().map(|request| {
            let signature =
                request.header("X-Lead-Router-Signature").unwrap_or_default().to_owned();
            (request.line, signature, request.body)
        });
        arrived.collect::<Vec<_>>()
    };
    let sent = requests();
    assert!(sent.len() > 20, "{}", sent.len());
    assert_eq!(sent, requests());
}

#[test]
fn a_first_line_that_is_too_long_is_broken_after_the_address() {
    let endpoint = Endpoint::new(&[200]);
    let first_lines = |columns: &str| {
        let check = leadhook!("check {} -p realgeeks --secret s3cret", endpoint.target());
        let check = check.args(["--only", "event-created", "--seed", "123456789"]);
        let stdout = check.env("COLUMNS", columns).run().exits(0, columns).stdout;
        stdout.lines().take_while(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let narrow = first_lines("60");
    let [target, manner] = narrow.as_slice() else { panic!("{narrow:?}") };
    assert!(target.starts_with("Checking http://"), "{target}");
    assert_eq!(manner, "as Real Geeks would call it   (seed 123456789)");
    assert_eq!(first_lines("120"), [format!("{target} {manner}")]);
}

#[test]
fn without_a_probe_side_effects_are_not_guessed() {
    let running = practice("realgeeks", "no-dedupe");
    let url = format!(":{}", running.address().port());
    let run = |more: &[&str]| {
        leadhook!("check {} --secret {} --format json", url, SECRETS[0]).args(more).run()
    };
    let outcome = run(&[]).exits(5, "no probe");
    let cases = objects(&outcome.stdout);
    let incomplete = ids(&cases, "incomplete");
    assert!(incomplete.contains("repeat") && incomplete.contains("retry-after-late-answer"));
    assert!(ids(&cases, "fail").is_empty());
    // With one secret, rotation is skipped, which alone does not make the result incomplete.
    assert_eq!(ids(&cases, "skipped").into_iter().collect::<Vec<_>>(), ["rotation"]);
    run(&["--skip", "idempotency"]).exits(0, "without them");
    run(&["--only", "rotation"]).exits(5, "nothing was tried");
}

#[test]
fn a_command_is_a_probe_and_has_the_case_in_its_environment() {
    let running = practice("realgeeks", "none");
    let port = running.address().port();
    let url = format!(":{port}");
    let probe =
        "echo \"$LEADHOOK_CASE $LEADHOOK_PROVIDER\" >> asked; cat number 2>/dev/null || echo 0";
    let (outcome, dir) = leadhook!(
        "check {} --secret {} --probe-cmd {} --only repeat --settle 0 --format json",
        url,
        SECRETS[0],
        probe
    )
    .run_in();
    let case = &objects(&outcome.stdout)[0];
    // The number does not grow, so the lead appears to be lost.
    assert_eq!(
        (outcome.exit, &case["outcome"], &case["observed"]),
        (1, &json!("fail"), &json!("0 effects"))
    );
    let calls = std::fs::read_to_string(dir.path().join("asked")).unwrap();
    let before: Vec<_> = calls.lines().take(2).collect();
    assert_eq!(before, ["none realgeeks"; 2], "twice before anything is sent");
    assert!(calls.lines().skip(2).all(|line| line == "repeat realgeeks"), "{calls}");
}

#[test]
fn a_probe_without_a_number_fails_before_anything_is_sent() {
    let endpoint = Endpoint::new(&[200]);
    let target = endpoint.target();
    for (probe, message) in [
        ("echo many", "it returned `many`, expected a whole number"),
        ("exit 3", "it failed"),
        ("printf '%s' '\u{1b}[31m'", "expected a whole number"),
    ] {
        let outcome =
            leadhook!("check {} --secret s --probe-cmd {}", target, probe).run().exits(3, probe);
        assert!(outcome.stderr.contains(message), "{outcome:?}");
        assert!(!outcome.stderr.contains('\u{1b}'), "{outcome:?}");
    }
    // `wait_until_up` connects and sends nothing.
    assert!(endpoint.arrived().is_empty());
}

#[test]
fn invalid_options_are_rejected_before_anything_is_sent() {
    let endpoint = Endpoint::new(&[200]);
    let target = endpoint.target();
    let with =
        |more: &[&'static str]| [&["check", target.as_str(), "--secret", "s3cret"], more].concat();
    for (args, exit, message) in [
        (with(&["--only", "repaet"]), 2, "unknown case `repaet`"),
        (with(&["--skip", "nothing"]), 2, "unknown case `nothing`"),
        (with(&["--only", "repeat", "--skip", "idempotency"]), 2, "leave no case"),
        (with(&["--report", "xml=a"]), 2, "`xml=a` is not a report"),
        (with(&["--report", "junit=no/such/folder/a.xml"]), 3, "cannot write report"),
        (with(&["--strict", "--lenient"]), 2, "--lenient"),
        (with(&["--budget", "0s"]), 2, "a duration above zero"),
        (with(&["--probe-url", ":1/count", "--probe-cmd", "echo 1"]), 2, "--probe"),
        (with(&["--probe-json", "/count"]), 2, "--probe-url"),
        (with(&["--probe-header", "X-Count"]), 2, "--probe-url"),
        (with(&["--probe-cmd", "echo 1", "--probe-json", "/count"]), 2, "--probe"),
        (with(&["--probe-url", ":1", "--probe-json", "count"]), 2, "such as `/count`"),
        (with(&["--probe-url", ":1", "--probe-header", "X Count"]), 2, "`X-Total-Count`"),
        (
            with(&["--probe-url", ":1", "--probe-json", "/a", "--probe-header", "X"]),
            2,
            "cannot be used with",
        ),
        (with(&["-p", "nobody"]), 2, "unknown provider `nobody`"),
        (vec!["check", "http://192.0.2.1/", "--secret", "s"], 2, "`--allow-remote`"),
        (vec!["check", "http://169.254.1.1/", "--secret", "s", "--allow-remote"], 2, "link-local"),
        (vec!["check", &target], 2, "no secret for Real Geeks"),
        (vec!["check"], 2, "no secret for Real Geeks"),
    ] {
        let outcome = leadhook(&args).exits(exit, &format!("{args:?}"));
        assert!(
            outcome.stderr.contains(message),
            "{args:?}: {message:?} is not in {}",
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "", "{args:?}");
    }
    assert!(endpoint.arrived().is_empty(), "nothing was sent");
}

#[test]
fn an_unreachable_endpoint_is_exit_4_before_any_case() {
    let dead_port = DeadPort::new();
    let outcome = leadhook!("check {} --secret s3cret --format json", dead_port.target())
        .run()
        .exits(4, "nothing listens");
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_receiver_that_stops_leaves_the_remaining_cases_incomplete() {
    // It accepts five requests, then its process ends and the listening socket closes.
    let port = stopping_receiver(5);
    let url = format!(":{port}");
    let (outcome, dir) =
        leadhook!("check {} --secret s3cret --report ndjson=report.json --format json", url)
            .run_in();
    let outcome = outcome.exits(1, "the receiver stops in one case");
    let cases: Vec<Value> = objects(&outcome.stdout);
    assert_eq!(ids(&cases, "pass").len(), 5);
    assert_eq!(ids(&cases, "fail").len(), 1);
    let unreachable = cases
        .iter()
        .filter(|case| case["observed"] == "not run: the receiver stopped responding")
        .count();
    assert!(unreachable > 40, "{unreachable}");
    let written = objects(&std::fs::read_to_string(dir.path().join("report.json")).unwrap());
    assert_eq!(written, cases);
}

/// Starts a receiver that stops after this many requests, and returns its port.
fn stopping_receiver(requests: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let respond = |mut stream: TcpStream| {
            let response = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n0";
            stream.write_all(response).unwrap();
        };
        // Some connections only check whether the port accepts connections.
        let next = || loop {
            let (stream, _) = listener.accept().unwrap();
            if read_request(&stream).is_some() {
                return stream;
            }
        };
        (1..requests).for_each(|_| respond(next()));
        let last = next();
        // Dropped before the response: a connection in the backlog would be reset, not refused.
        drop(listener);
        respond(last);
    });
    port
}

#[test]
fn a_probe_that_fails_with_its_receiver_still_yields_a_report() {
    // It may stop before a case, during one, or when the probe runs.
    for requests in [3, 4, 5, 6, 10] {
        let port = stopping_receiver(requests);
        let (url, probe) = (format!(":{port}"), format!(":{port}/count"));
        let (outcome, dir) = leadhook!(
            "check {} --secret s3cret --probe-url {} --settle 0 \
             --report ndjson=report.json,tap=report.tap",
            url,
            probe
        )
        .run_in();
        assert!([1, 5].contains(&outcome.exit), "{requests}: {outcome:?}");
        let cases = objects(&std::fs::read_to_string(dir.path().join("report.json")).unwrap());
        assert!(cases.len() > 45 && ids(&cases, "incomplete").len() > 30, "{requests}");
        assert!(std::fs::metadata(dir.path().join("report.tap")).unwrap().len() > 1_000);
    }
}

#[test]
fn lenient_and_strict_change_which_cases_count() {
    // Accepting unknown events is a recommendation: it counts unless `--lenient` is given.
    let running = practice("realgeeks", "refuses-unknown-events");
    let port = running.address().port();
    let exit = |more: &[&str]| check(port, "realgeeks", more).0.exit;
    assert_eq!(exit(&["--only", "accepts"]), 1);
    assert_eq!(exit(&["--only", "accepts", "--lenient"]), 0);
    assert_eq!(exit(&["--only", "accepts", "--strict"]), 1);
}

#[test]
fn a_receiver_that_hangs_fails_within_the_timeout() {
    let running = practice("realgeeks", "slow:20s");
    for budget in ["--budget", "--timeout"] {
        let more = ["--only", "event-created,body", budget, "200ms"];
        let (outcome, cases, _) = check(running.address().port(), "realgeeks", &more);
        assert_eq!(outcome.exit, 1);
        let late = |case: &Value| case["observed"] == "no response within 200ms";
        assert!(cases.iter().all(late), "{cases:#?}");
    }
    // The longest durations that can be parsed must not overflow.
    let more = ["--only", "lower-case-headers", "--budget", "500000000y", "--settle", "500000000y"];
    let quick = practice("realgeeks", "none");
    assert_eq!(check(quick.address().port(), "realgeeks", &more).0.exit, 0);
}

/// Any malformed response is a failure, in bounded time, and cannot drive the terminal.
#[test]
fn a_malformed_response_fails_the_case_and_does_no_harm() {
    let endless =
        format!("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}", "x".repeat(2_000_000));
    for response in [
        "hello\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 999 \u{1b}[31mred\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 500 ::error::no\r\nContent-Length: 0\r\nX: \u{202e}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        &endless,
        "",
    ] {
        let endpoint = Endpoint::raw(vec![response.to_owned()]);
        let only = "event-created,lower-case-headers,expect-continue,keep-alive,body,get,repeat";
        let outcome =
            leadhook!("check {} --secret s --budget 300ms --only {}", endpoint.target(), only)
                .run()
                .exits(1, response.get(..20).unwrap_or(response));
        let message = outcome.stdout + &outcome.stderr;
        assert!(
            !message.contains(['\u{1b}', '\u{202e}']) && !message.contains("\n::"),
            "{message}"
        );
    }
}

#[test]
fn the_text_report_names_the_failure_its_reason_and_the_fix() {
    let running = practice("realgeeks", "throws-on-short-signature");
    let url = format!(":{}", running.address().port());
    let shown = leadhook!("check {} --secret {} --only rejects --now @1767323045", url, SECRETS[0])
        .run()
        .exits(1, "text output")
        .stdout;
    for line in [
        "rejects forged or broken requests         14 of 21",
        "  FAIL  truncated           the last half of the signature is cut off",
        "        Real Geeks sends it 7 more times; 406 would stop it.",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line:?} is not in\n{shown}");
    }
    assert!(shown.contains("14 passed, 7 failed, 0 incomplete in "), "{shown}");
    let wide: Vec<_> = shown
        .lines()
        .filter(|line| line.chars().count() > 80 && !line.starts_with("repeat with: "))
        .collect();
    assert!(wide.is_empty(), "{wide:#?}");
}
