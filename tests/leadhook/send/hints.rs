//! The hints of `send`: the probable cause of a refusal, a redirect, and the next step.

use crate::in_process::run_in_terminal;
use crate::support::{Endpoint, Outcome};
use serde_json::{Value, json};

/// Sends `created` to `path` of an endpoint that answers with this status and these headers.
fn sent(status: u16, headers: &str, path: &str, more: &[&str]) -> (Outcome, String) {
    let response =
        format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n");
    let endpoint = Endpoint::raw(vec![response]);
    let target = format!("{}{path}", endpoint.target());
    (leadhook!("send created {} --secret s3cret", target).args(more).in_process(), target)
}

/// Returns the lines that begin with this label, without it.
fn labelled<'o>(outcome: &'o Outcome, label: &str) -> Vec<&'o str> {
    outcome.stdout.lines().filter_map(|line| line.trim_start().strip_prefix(label)).collect()
}

#[test]
fn a_refusal_has_the_hint_of_its_status() {
    for (status, expected) in [
        (201, "Real Geeks counts only `200` as a success"),
        (302, "few webhook senders follow a redirect"),
        (404, "is the path right? `POST /hooks?a=1` is what was requested"),
        (405, "does this path accept POST? `POST /hooks?a=1` is what was requested"),
        (413, "accept a body of "),
        (415, "does this path accept `Content-Type: application/json`?"),
        (500, "the app failed: its log has the reason"),
        (503, "is the app running?"),
    ] {
        let (outcome, _) = sent(status, "", "/hooks?a=1", &[]);
        let hints = labelled(&outcome, "hint: ");
        assert_eq!((outcome.exit, hints.len()), (1, 1), "{status}: {}", outcome.stdout);
        assert!(hints[0].starts_with(expected) || hints[0].contains(expected), "{hints:?}");
    }
    for (status, exit) in [(200, 0), (406, 1), (422, 1)] {
        let (outcome, _) = sent(status, "", "/", &[]);
        assert_eq!((outcome.exit, labelled(&outcome, "hint: ").len()), (exit, 0), "{status}");
    }
}

#[test]
fn a_refused_signature_leads_to_check_and_verify() {
    for status in [401, 403] {
        let (outcome, target) = sent(status, "", "/hooks", &[]);
        let hints = labelled(&outcome, "hint: ");
        assert_eq!(hints.len(), 2, "{}", outcome.stdout);
        assert!(hints[0].contains("the same secret, and is `-p realgeeks` the right"), "{hints:?}");
        let check =
            format!("`leadhook check {target}` tests what the app hashes; `leadhook verify");
        assert!(hints[1].starts_with(&check), "{hints:?}");
        assert!(!outcome.stdout.contains("s3cret"), "{}", outcome.stdout);
    }
}

#[test]
fn a_deliberate_defect_and_an_expected_refusal_need_no_hint() {
    for more in [&["--tamper", "wrong-secret"][..], &["--expect", "401"]] {
        let (outcome, _) = sent(401, "", "/", more);
        assert_eq!(labelled(&outcome, "hint: "), [""; 0], "{more:?}");
    }
    let response = "HTTP/1.1 403 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned();
    let endpoint = Endpoint::raw(vec![response]);
    let unsigned = leadhook!("send created {} --unsigned", endpoint.target()).in_process();
    let hints = labelled(&unsigned, "hint: ");
    assert_eq!(hints, ["the request was not signed: does the app require a signature?"]);
}

#[test]
fn a_redirect_shows_its_location_bounded_and_escaped() {
    let (outcome, _) = sent(301, "Location: https://example.com/hooks/\r\n", "/hooks", &[]);
    assert_eq!(labelled(&outcome, "Location: "), ["https://example.com/hooks/"]);
    let hostile = format!("Location: /\u{202e}\u{9b}31m{}\r\n", "x".repeat(5_000));
    let (outcome, _) = sent(308, &hostile, "/", &[]);
    let [location] = labelled(&outcome, "Location: ")[..] else { panic!("{}", outcome.stdout) };
    assert!(location.len() < 400 && location.ends_with('…'), "{location}");
    assert!(!outcome.stdout.contains(['\u{9b}', '\u{202e}']), "{}", outcome.stdout);
    // Only a redirect has a target.
    let (outcome, _) = sent(201, "Location: /leads/1\r\n", "/", &[]);
    assert_eq!(labelled(&outcome, "Location: "), [""; 0]);
}

#[test]
fn the_json_has_the_same_hints() {
    let headers = "Location: /login\r\n";
    let (outcome, _) = sent(302, headers, "/", &["--format", "json"]);
    let sent_object: Value = outcome.object();
    assert_eq!(sent_object["location"], "/login");
    let hints = sent_object["hints"].as_array().unwrap();
    assert!(hints[0].as_str().unwrap().contains("redirect"), "{sent_object}");
    let (outcome, _) = sent(200, "", "/", &["--format", "json"]);
    let delivered = outcome.object();
    assert_eq!((&delivered["location"], &delivered["hints"]), (&json!(null), &json!(null)));
}

#[test]
fn the_next_step_after_a_success_is_for_terminals_only() {
    let endpoint = Endpoint::new(&[200]);
    let target = format!("{}/hooks", endpoint.target());
    let common = ["send", "created", &target, "--secret", "s3cret"];
    let next = |more: &[&str]| {
        let outcome = run_in_terminal(&[&common[..], more].concat());
        assert_eq!(outcome.exit, 0, "{}", outcome.stdout);
        labelled(&outcome, "next: ").first().map(|&line| line.to_owned())
    };
    let listed = leadhook!("check :1 --list --format json").in_process();
    let cases = listed.object()["cases"].as_array().unwrap().len();
    assert!(cases > 40, "{}", listed.stdout);
    let expected = format!("`leadhook check {target}` runs {cases} cases against it");
    assert_eq!(next(&["--color", "never"]).as_deref(), Some(expected.as_str()));
    assert_eq!(next(&["-q"]), None);
    assert_eq!(next(&["--format", "json"]), None);
    assert_eq!(next(&["--dry-run"]), None);
    let piped = leadhook!("send created {} --secret s3cret", target).in_process();
    assert_eq!(labelled(&piped, "next: "), [""; 0]);
    // Another provider than the default of `check` is named.
    let args = ["send", "leadpro:lead.created", &target, "--secret", "s3cret", "--color", "never"];
    let other = run_in_terminal(&args);
    let start = format!("`leadhook check {target} -p leadpro` runs ");
    assert!(labelled(&other, "next: ")[0].starts_with(&start), "{}", other.stdout);
}
