//! `leadhook check`: early stop, deadline, streamed output and the configured target.

use crate::check::{SECRETS, ids, practice};
use crate::support::{Endpoint, PATIENCE, objects, read_request};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::mpsc::channel;

/// Starts an endpoint that gives this response to every request.
fn endpoint(status: &str, headers: &str) -> Endpoint {
    let response =
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n");
    Endpoint::raw(vec![response])
}

/// Starts an endpoint that accepts connections and never responds, and returns its target.
fn hanging() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!(":{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let mut streams = Vec::new();
        for stream in listener.incoming() {
            streams.push(stream.unwrap());
        }
    });
    target
}

/// Returns the cases and the summary of a JSON output.
fn split(stdout: &str) -> (Vec<Value>, Value) {
    let mut cases = objects(stdout);
    let summary = cases.pop().unwrap_or_default();
    assert_eq!(summary["kind"], "summary", "{stdout}");
    (cases, summary)
}

#[test]
fn a_refusal_of_every_genuine_delivery_stops_the_check_with_its_cause() {
    for (status, headers, code, shown) in [
        ("404 Not Found", "", "wrong-path", "is `/hooks` the path that your app"),
        ("401 Unauthorized", "", "signature-refused", "is it the same secret"),
        ("403 Forbidden", "", "signature-refused", "is `-p realgeeks` the right provider?"),
        ("405 Method Not Allowed", "Allow: GET\r\n", "method-not-allowed", "POST"),
        ("415 Unsupported Media Type", "", "media-type-refused", "Content-Type"),
        (
            "301 Moved Permanently",
            "Location: https://example.com/hooks/\r\n",
            "redirected",
            "`https://example.com/hooks/`",
        ),
        ("500 Internal Server Error", "", "server-error", "the exception in the receiver's log"),
        ("503 Service Unavailable", "", "unavailable", "the logs of the receiver and of the proxy"),
        ("429 Too Many Requests", "", "rate-limited", "exempt Real Geeks from the rate limit"),
        ("422 Unprocessable Entity", "", "bad-request", "is it the same secret"),
        ("406 Not Acceptable", "", "bad-request", "the signature or the body"),
        ("", "", "connection-closed", "is it the right port"),
    ] {
        let receiver = || {
            if status.is_empty() {
                Endpoint::raw(vec![String::new()])
            } else {
                endpoint(status, headers)
            }
        };
        let first = receiver();
        let text = leadhook!("check {}/hooks --secret s3cret", first.target()).run();
        let text = text.exits(1, code);
        assert!(text.stdout.lines().count() < 12, "{}", text.stdout);
        let mut lines = text.stdout.lines();
        assert_eq!(lines.find(|line| line.chars().count() > 80), None, "{}", text.stdout);
        // A line is broken between words.
        let joined = text.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [status, shown, "0 of 3, 27 not run", "for 3 genuine deliveries", "Stopped: "] {
            assert!(joined.contains(part), "{part:?} is not in\n{}", text.stdout);
        }
        assert!(joined.contains("`--keep-going` runs the other 60 cases"), "{}", text.stdout);
        // Questions about the signature follow three refusals that may be about it.
        let arrived = first.arrived().len();
        if ["signature-refused", "bad-request"].contains(&code) {
            assert!((4..=3 + 130).contains(&arrived), "{arrived}");
        } else {
            assert_eq!(arrived, 3, "{code}");
        }

        let second = receiver();
        let target = second.target();
        let json = leadhook!("check {}/hooks --secret s3cret --format json", target).run();
        let (cases, summary) = split(&json.exits(1, code).stdout);
        assert_eq!(summary["stopped"]["reason"], "cause", "{summary}");
        assert_eq!(summary["causes"][0]["code"], code, "{summary}");
        let failed: Vec<_> = cases.iter().take(3).map(|case| case["id"].clone()).collect();
        assert_eq!(summary["causes"][0]["cases"], json!(failed), "{summary}");
        let counts = (&summary["failed"], &summary["not_run"], &summary["exit_reason"]);
        assert_eq!(counts, (&json!(3), &json!(60), &Value::Null), "{summary}");
        let observed = cases[3]["observed"].as_str().unwrap();
        assert!(
            observed.starts_with("not run: ") && observed.contains("--keep-going"),
            "{observed}"
        );
    }
}

#[test]
fn a_location_is_shown_cut_and_sanitised() {
    let long = format!("Location: https://example.com/\u{202e}{}\r\n", "x".repeat(4_000));
    let receiver = endpoint("308 Permanent Redirect", &long);
    let shown = leadhook!("check {} --secret s3cret", receiver.target()).run().exits(1, "long");
    assert!(shown.stdout.contains("https://example.com/"), "{}", shown.stdout);
    assert!(!shown.stdout.contains('\u{202e}') && shown.stdout.len() < 1_500, "{}", shown.stdout);
}

#[test]
fn three_timeouts_in_a_row_stop_the_check() {
    let target = hanging();
    let text = leadhook!("check {} --secret s3cret --budget 100ms", target).run();
    let text = text.exits(1, "text").stdout;
    assert!(text.lines().count() < 12, "{text}");
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(joined.contains("no response within 100ms for 3 requests in a row"), "{text}");
    assert!(joined.contains("`--keep-going` runs the other 60 cases"), "{text}");
    // Also within one case of 20 requests.
    let args = ["--only", "idle", "--timeout", "100ms", "--format", "json"];
    let json = leadhook!("check {} --secret s3cret", target).args(args).run().exits(1, "idle");
    let (cases, summary) = split(&json.stdout);
    assert_eq!(summary["causes"][0]["code"], "no-response", "{summary}");
    assert_eq!(summary["causes"][0]["cases"], json!(["idle"]), "{summary}");
    assert_eq!(cases.len(), 1);
}

#[test]
fn keep_going_runs_every_case_and_reports_the_cause_once() {
    let receiver = endpoint("404 Not Found", "");
    let run = |more: &[&str]| {
        let run = leadhook!("check {} --secret s3cret --keep-going", receiver.target());
        run.args(more).run().exits(1, "keep going").stdout
    };
    let (cases, summary) = split(&run(&["--format", "json"]));
    assert_eq!((&summary["not_run"], &summary["stopped"]), (&json!(0), &Value::Null), "{summary}");
    let cause = &summary["causes"][0];
    assert_eq!(cause["code"], "wrong-path");
    assert!(cause["cases"].as_array().unwrap().len() > 25, "{summary}");
    let failed = ids(&cases, "fail");
    let named = cause["cases"].as_array().unwrap();
    assert!(named.iter().all(|id| failed.contains(id.as_str().unwrap())), "{summary}");
    let text = run(&[]);
    assert_eq!(text.matches("the path that your app registers?").count(), 1, "{text}");
    assert!(text.contains("  FAIL  event-created       and 2"), "{text}");
    assert!(text.contains("for the same cause as above"), "{text}");
}

#[test]
fn a_deadline_ends_a_check_that_keeps_going() {
    let target = hanging();
    let run = |more: &[&str]| {
        leadhook!("check {} --secret s3cret --keep-going --format json", target).args(more).run()
    };
    // Mandatory cases have failed before.
    let (cases, summary) =
        split(&run(&["--deadline", "3s", "--budget", "200ms"]).exits(1, "failed").stdout);
    assert_eq!(summary["stopped"]["reason"], "deadline", "{summary}");
    assert_eq!(summary["causes"][0]["code"], "no-response", "{summary}");
    assert!(summary["stopped"]["message"].as_str().unwrap().contains("`--deadline TIME`"));
    assert_eq!(cases.len(), 63);

    // The only request is cut off, so that nothing is known.
    let cut = run(&["--deadline", "1s", "--only", "event-created,body"]).exits(5, "cut off");
    let (cases, summary) = split(&cut.stdout);
    assert_eq!(cases[0]["outcome"], "incomplete", "{}", cases[0]);
    assert!(cases[0]["observed"].as_str().unwrap().starts_with("not finished: the deadline of"));
    assert!(cases[1]["observed"].as_str().unwrap().starts_with("not run: the deadline of"));
    let counts = (&summary["failed"], &summary["incomplete"], &summary["not_run"]);
    assert_eq!(counts, (&json!(0), &json!(2), &json!(1)), "{summary}");
    assert!(summary["exit_reason"].as_str().unwrap().contains("`--deadline TIME`"), "{summary}");

    let text = leadhook!("check {} --secret s3cret --deadline 1s", target).run();
    let text = text.exits(5, "text").stdout;
    for line in
        ["29 not run", "\nStopped: the deadline of 1s was reached", "\nexit 5: the deadline"]
    {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
    assert!(text.contains("rejects forged or broken requests         21 not run\n"), "{text}");
}

#[test]
fn fail_fast_stops_after_the_first_failure_that_counts() {
    let running = practice("realgeeks", "answers-500-to-forgery");
    let url = format!(":{}", running.address().port());
    let json = leadhook!("check {} --secret {} --fail-fast --format json", url, SECRETS[0]).run();
    let (cases, summary) = split(&json.exits(1, "first").stdout);
    assert_eq!(ids(&cases, "fail").into_iter().collect::<Vec<_>>(), ["body"]);
    assert_eq!(ids(&cases, "pass").len(), 30);
    assert_eq!(summary["stopped"]["reason"], "fail-fast", "{summary}");
    assert_eq!(summary["not_run"], json!(cases.len() - 31), "{summary}");
    let both = leadhook!("check {} --secret s --fail-fast --keep-going", url).run();
    assert!(both.exits(2, "both").stderr.contains("--keep-going"));
}

#[test]
fn exit_5_is_explained() {
    let running = practice("realgeeks", "none");
    let url = format!(":{}", running.address().port());
    let run = |more: &[&str]| {
        leadhook!("check {} --secret {}", url, SECRETS[0])
            .args(more)
            .run()
            .exits(5, "exit 5")
            .stdout
    };
    for (more, reason) in [
        (vec!["--only", "repeat"], "nothing failed, but evidence is missing for 1 of 1 cases"),
        (vec!["--only", "rotation"], "no case was run, because all of them were skipped"),
    ] {
        let text = run(&more);
        assert!(text.ends_with(&format!("\nexit 5: {reason}\n")), "{text}");
        let (_, summary) = split(&run(&[more, vec!["--format", "json"]].concat()));
        assert_eq!(summary["exit_reason"], reason);
    }
}

/// A group is printed before the first request of the next one is answered, without a terminal.
#[test]
fn results_are_printed_while_the_check_runs() {
    for (format, printed) in
        [("human", "accepts genuine requests"), ("json", "\"id\":\"event-created\"")]
    {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = format!(":{}", listener.local_addr().unwrap().port());
        let (release, released) = channel();
        let receiver = std::thread::spawn(move || {
            let mut requests = 0;
            // Some connections only check whether the port accepts connections.
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if read_request(&stream).is_none() {
                    continue;
                }
                requests += 1;
                if requests == 2 {
                    released.recv_timeout(PATIENCE).unwrap();
                }
                let status = if requests == 1 { "200 OK" } else { "405 Method Not Allowed" };
                let response =
                    format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                stream.write_all(response.as_bytes()).unwrap();
                if requests == 2 {
                    return;
                }
            }
        });
        let args = ["--only", "event-created,body", "--budget", "100s", "--format", format];
        let (mut command, _dir) =
            leadhook!("check {} --secret s3cret", target).args(args).command();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let is_printed = lines.any(|line| line.unwrap().contains(printed));
        release.send(()).unwrap_or_else(|_| panic!("{format}: printed too late"));
        let rest = lines.map(Result::unwrap).collect::<Vec<_>>().join("\n");
        assert!(is_printed, "{format}: {rest}");
        assert!(rest.contains("rejects"), "{format}: {rest}");
        assert!(child.wait().unwrap().success(), "{format}: {rest}");
        receiver.join().unwrap();
    }
}

#[test]
fn groups_are_printed_in_order_with_what_was_not_run() {
    let running = practice("realgeeks", "answers-500-to-forgery");
    let url = format!(":{}", running.address().port());
    let text = leadhook!("check {} --secret {} --fail-fast", url, SECRETS[0]).run();
    let text = text.exits(1, "fail fast").stdout;
    let mut at = 0;
    for part in [
        "Checking ",
        "accepts genuine requests                  30 of 30\n",
        "rejects forged or broken requests         0 of 1, 20 not run\n",
        "  FAIL  body  ",
        "processes once, in any order              10 not run\n",
        "responds in time                          2 not run\n",
        "Stopped: a case failed, and `--fail-fast` is set\n",
        "30 passed, 1 failed, 0 incomplete, 32 not run in ",
    ] {
        let found = text[at..].find(part);
        at += found.unwrap_or_else(|| panic!("{part:?} is not in its place in\n{text}"));
    }
}

#[test]
fn the_target_is_configured_as_for_send() {
    let endpoint = Endpoint::new(&[200]);
    let target = format!("{}/hooks", endpoint.target());
    let check = || leadhook!("check --secret s3cret --only event-created");
    check().env("LEADHOOK_TARGET", &target).run().exits(0, "variable");
    let general = format!("target = \"{target}\"\n");
    let own = format!("target = \":1\"\n[providers.realgeeks]\ntarget = \"{target}\"\n");
    for config in [general, own] {
        let configured = check().file("leadhook.toml", &config).run().exits(0, &config);
        assert!(configured.stderr_line("note: target ").contains("leadhook.toml:"));
    }
    // The command line takes precedence.
    leadhook!("check {} --secret s3cret --only event-created", target)
        .env("LEADHOOK_TARGET", ":1")
        .run()
        .exits(0, "argument");
    let lines: Vec<_> = endpoint.arrived().into_iter().map(|arrived| arrived.line).collect();
    assert_eq!(lines, ["POST /hooks HTTP/1.1"; 4]);
    // A remote one needs permission, whoever names it.
    let remote = check().env("LEADHOOK_TARGET", "http://192.0.2.1:9/").run();
    assert!(remote.exits(2, "remote").stderr.contains("--allow-remote"));
}

/// Genuine deliveries of every case are refused for one bug, also of those that measure.
#[test]
fn the_cases_that_measure_belong_to_the_cause_of_the_others() {
    let running = practice("realgeeks", "hash-parsed-body");
    let url = format!(":{}", running.address().port());
    for more in ["event-created,accepts,timing", "idle,50-at-once"] {
        let args = ["--keep-going", "--strict", "--format", "json", "--only", more];
        let run = leadhook!("check {} --secret {}", url, SECRETS[0]).args(args).run();
        let (cases, summary) = split(&run.exits(1, more).stdout);
        let [cause] = &summary["causes"].as_array().unwrap()[..] else { panic!("{summary}") };
        assert!(cause["code"].as_str().unwrap().starts_with("reserialised-"), "{summary}");
        let named: Vec<_> =
            cause["cases"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        let failed = ids(&cases, "fail");
        for case in ["idle", "50-at-once", "size-limit"] {
            assert_eq!(named.contains(&case), failed.contains(case), "{case}: {summary}");
        }
        assert!(named.contains(&"idle"), "{summary}");
    }
}
