//! Text output of `replay`, including that of hostile captures.

use crate::replay::{SECRET, capture, genuine, lines, signed};
use crate::support::{Endpoint, Outcome};
use serde_json::Value;
use std::process::Stdio;

fn text_output(captures: &[Value], statuses: &[u16], args: &[&str]) -> Outcome {
    let target = Endpoint::new(statuses).target();
    leadhook!("replay c.jsonl --to {}", target).args(args).file("c.jsonl", lines(captures)).run()
}

#[test]
fn a_delivery_has_two_lines_and_the_summary_comes_last() {
    let captures = [genuine("1"), genuine("2"), capture("/", &[], "hello")];
    let outcome = text_output(&captures, &[200, 500, 406], &[]).exits(1, "two are refused");
    // The elapsed time is between the two parts of a line.
    let expected = [
        ("target http://127.0.0.1:", "/hooks"),
        ("--> c.jsonl:1  realgeeks integration_enabled  1", ""),
        ("<-- 200 OK in ", "  delivered"),
        ("--> c.jsonl:2  realgeeks integration_enabled  2", ""),
        ("<-- 500 Internal Server Error in ", "  refused"),
        ("    ok", ""),
        ("target http://127.0.0.1:", "/"),
        ("--> c.jsonl:3  unknown provider", ""),
        ("<-- 406 Not Acceptable in ", "  refused"),
        ("    ok", ""),
        ("", ""),
        ("3 deliveries in ", ": 1 delivered, 2 refused"),
        ("response time: p50 ", ""),
        ("failures:", ""),
        ("  1 × 500 Internal Server Error, c.jsonl:2", ""),
        ("    ok", ""),
        ("  1 × 406 Not Acceptable, c.jsonl:3", ""),
        ("    ok", ""),
    ];
    let lines: Vec<_> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{outcome:#?}");
    for (line, (start, end)) in lines.iter().zip(expected) {
        assert!(line.starts_with(start) && line.ends_with(end), "{start}…{end}: {line}");
        assert!(!end.is_empty() || start.starts_with("response time") || *line == start, "{line}");
    }
    let last: Vec<_> = lines[12].split(", ").map(|part| part.split(' ').next().unwrap()).collect();
    assert_eq!(last, ["response", "p90", "p99", "max"]);
    assert_eq!(outcome.stderr, "");
}

#[test]
fn verbose_shows_the_request_and_the_response() {
    let outcome = text_output(&[genuine("1")], &[200], &["-vv"]).exits(0, "delivered");
    for part in [
        "    POST http://127.0.0.1:",
        "/hooks  ",
        "    X-Lead-Router-Message-Id: 1\n",
        "    \"partner_id\": ",
        "    ok\n",
    ] {
        assert!(outcome.stdout.contains(part), "{part:?} in {}", outcome.stdout);
    }
    assert!(outcome.stderr.contains("target: http://127.0.0.1:"), "{outcome:?}");
}

#[test]
fn a_hostile_capture_cannot_drive_a_terminal_or_a_ci_system() {
    let action = "\u{1b}[31m\u{202e}::error::";
    let headers =
        [("X-Lead-Router-Action", action), ("X-Lead-Router-Message-Id", "::stop::\u{9b}")];
    let hostile = capture("/", &headers, "\u{1b}]0;title\u{7}");
    for args in [&["--color", "never"][..], &["-vv"], &["--format", "json"]] {
        let outcome = text_output(&[hostile.clone(), genuine("1")], &[200], args);
        let text = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{7}']), "{args:?}: {text:?}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
    }
}

#[test]
fn quiet_omits_the_notes() {
    let captures = [signed("1", "another"), signed("2", "another")];
    let outcome = text_output(&captures, &[200], &["--secret", SECRET]).exits(0, "delivered");
    assert_eq!(outcome.stderr.lines().count(), 2, "{outcome:?}");
    let outcome = text_output(&captures, &[200], &["--secret", SECRET, "--quiet"]);
    assert_eq!(outcome.exits(0, "delivered").stderr, "");
}

#[test]
fn a_closed_output_neither_stops_the_run_nor_changes_the_result() {
    let endpoint = Endpoint::new(&[200, 500]);
    let captures: Vec<_> = (0..20).map(|id| genuine(&id.to_string())).collect();
    let (mut command, _dir) = leadhook!("replay c.jsonl --to {}", endpoint.target())
        .file("c.jsonl", lines(&captures))
        .command();
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!((endpoint.arrived().len(), output.stderr.as_slice()), (20, &b""[..]));
}
