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
        (201, "Real Geeks counts only 200 as a success: answer 200"),
        (302, "webhook senders do not follow redirects"),
        (404, "is `/hooks?a=1` the path that your app registers?"),
        (405, "is `/hooks?a=1` another page of the app?"),
        (413, "raise the limit for the size of the body"),
        (415, "accept `Content-Type: application/json`"),
        (429, "exempt Real Geeks from the rate limit"),
        (500, "find the exception in the receiver's log"),
        (503, "the app does not run, or a proxy in front of it cannot reach it"),
    ] {
        let (outcome, _) = sent(status, "", "/hooks?a=1", &[]);
        let hints = labelled(&outcome, "hint: ");
        assert_eq!((outcome.exit, hints.len()), (1, 1), "{status}: {}", outcome.stdout);
        assert!(hints[0].starts_with(expected) || hints[0].contains(expected), "{hints:?}");
    }
    for (status, exit) in [(200, 0), (409, 1)] {
        let (outcome, _) = sent(status, "", "/", &[]);
        assert_eq!((outcome.exit, labelled(&outcome, "hint: ").len()), (exit, 0), "{status}");
    }
}

#[test]
fn a_refused_signature_leads_to_check_and_verify() {
    for (status, expected) in [
        (400, "rejects the signature or the body: is it the same secret on both sides?"),
        (401, "is it the same secret on both sides, and is `-p realgeeks` the right provider?"),
        (403, "the receiver probably rejects the signature: "),
        (406, "rejects the signature or the body: "),
        (422, "rejects the signature or the body: "),
    ] {
        let (outcome, target) = sent(status, "", "/hooks", &[]);
        let hints = labelled(&outcome, "hint: ");
        assert_eq!(hints.len(), 2, "{}", outcome.stdout);
        assert!(hints[0].contains(expected), "{hints:?}");
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
