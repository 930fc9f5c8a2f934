//! `--baseline`: comparison with an earlier run.

use crate::replay::{SECRET, deliveries, each, genuine, lines, replay, summary};
use crate::support::{DeadPort, Endpoint, Outcome, objects};
use serde_json::{Value, json};

/// Returns the output of an earlier run over these ids with these responses.
fn earlier_run(ids: &[&str], statuses: &[u16]) -> String {
    let captures: Vec<_> = ids.iter().map(|id| genuine(id)).collect();
    replay(&captures, &Endpoint::new(statuses).target(), &[]).stdout
}

/// Replays these ids with these responses and compares with that baseline.
fn replay_and_compare(baseline: &str, ids: &[&str], statuses: &[u16], args: &[&str]) -> Outcome {
    let captures: Vec<_> = ids.iter().map(|id| genuine(id)).collect();
    let target = Endpoint::new(statuses).target();
    leadhook!("replay moved --to {} --format json --baseline before", target)
        .args(args)
        .folder("moved")
        .file("moved/other.jsonl", lines(&captures))
        .file("before", baseline)
        .run()
}

/// Returns the message id and the standing of every delivery.
fn standings(outcome: &Outcome) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let deliveries = deliveries(outcome);
    deliveries.iter().map(|it| (text(&it["message_id"]), text(&it["baseline"]))).collect()
}

/// Asserts the message id and the standing of every delivery.
#[track_caller]
fn assert_standings(outcome: &Outcome, expected: &[(&str, &str)]) {
    let found = standings(outcome);
    let found: Vec<_> = found.iter().map(|(id, word)| (id.as_str(), word.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn each_delivery_is_compared_with_the_earlier_run() {
    let before = earlier_run(&["1", "2", "3", "4", "5"], &[200, 200, 500, 500, 200]);
    let ids = ["1", "2", "3", "4", "6"];
    let outcome = replay_and_compare(&before, &ids, &[200, 500, 200, 500, 200], &[])
        .exits(1, "one regressed");
    assert_standings(
        &outcome,
        &[
            ("1", "still-delivered"),
            ("2", "regressed"),
            ("3", "fixed"),
            ("4", "still-failing"),
            ("6", "new"),
        ],
    );
    let expected = json!({
        "fixed": 1, "regressed": 1, "still_failing": 1, "still_delivered": 1, "new": 1, "missing": 1
    });
    assert_eq!(summary(&outcome)["baseline"], expected);
    assert_eq!(outcome.stderr_line("note: "), "in the baseline, but not sent: `caps.jsonl:5`");
}

#[test]
fn only_a_regression_or_a_new_failure_fails_the_run() {
    let before = earlier_run(&["1", "2"], &[200, 500]);
    for (ids, statuses, exit, case) in [
        (&["1", "2"][..], &[200, 500][..], 0, "still failing alone"),
        (&["1", "2"], &[200, 200], 0, "fixed"),
        (&["1", "2"], &[500, 200], 1, "regressed"),
        (&["1", "3"], &[200, 200], 0, "new and delivered"),
        (&["1", "3"], &[200, 500], 1, "new and failing"),
        (&["1"], &[200], 0, "missing"),
    ] {
        replay_and_compare(&before, ids, statuses, &[]).exits(exit, case);
    }
    let dead_port = DeadPort::new();
    let args = ["--baseline", "before", "--to", &dead_port.target()];
    let outcome = leadhook!("replay c.json")
        .args(args)
        .file("c.json", genuine("1").to_string())
        .file("before", &before)
        .run();
    outcome.exits(4, "no response: regressions are unknown");
}

#[test]
fn captures_match_in_another_folder_order_and_signature() {
    let before = earlier_run(&["1", "2", "3"], &[200, 500, 200]);
    let args = ["--order", "reverse", "--resign", "--secret", SECRET];
    let outcome = replay_and_compare(&before, &["1", "2", "3"], &[200, 200, 500], &args)
        .exits(1, "the first");
    assert_standings(&outcome, &[("3", "still-delivered"), ("2", "fixed"), ("1", "regressed")]);
}

#[test]
fn repeats_of_one_capture_are_paired_in_order() {
    let before = earlier_run(&["1", "1", "1"], &[503, 503, 200]);
    let outcome = replay_and_compare(&before, &["1", "1"], &[503, 200], &[]).exits(0, "better");
    assert_standings(&outcome, &[("1", "still-failing"), ("1", "fixed")]);
    assert_eq!(summary(&outcome)["baseline"]["missing"], 1);
    let digests = each(&outcome, "digest");
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn failures_of_the_earlier_run_use_its_own_expectations() {
    let captures = [genuine("1"), genuine("2")];
    let refusing = Endpoint::new(&[406]);
    let before =
        replay(&captures, &refusing.target(), &["--expect", "406"]).exits(0, "as expected");
    let outcome =
        replay_and_compare(&before.stdout, &["1", "2"], &[406, 200], &["--expect", "406"]);
    assert_standings(
        &outcome.exits(1, "one is not"),
        &[("1", "still-delivered"), ("2", "regressed")],
    );
}

#[test]
fn a_baseline_may_come_from_standard_input() {
    let before = earlier_run(&["1", "2"], &[500, 500]);
    let endpoint = Endpoint::new(&[200]);
    let outcome = leadhook!("replay c.json --baseline - --to {}", endpoint.target())
        .file("c.json", genuine("1").to_string())
        .stdin(before)
        .run()
        .exits(0, "fixed");
    assert!(outcome.stdout.contains("delivered  fixed\n"), "{outcome:?}");
}

#[test]
fn a_file_that_is_not_a_baseline_is_rejected_before_sending() {
    let endpoint = Endpoint::new(&[200]);
    let sent = earlier_run(&["1"], &[200]);
    let other = sent.replace("\"digest\"", "\"other\"");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let hostile = "{\"kind\":\"\\u001b[31m::error::\\u202e\"}";
    for (text, reason) in [
        ("", "it contains no `delivery`"),
        ("not JSON", "line 1 is not JSON"),
        (&genuine("1").to_string(), "line 1 is a `capture`, expected a `delivery`"),
        (&other, "line 1 has no `digest`, expected a `delivery` of `replay`"),
        (&format!("{sent}{{\"kind\""), "line 2 is not JSON"),
        (&deep, "line 1 is not JSON"),
        ("\u{0}\u{ff}", "line 1 is not JSON"),
        (hostile, "line 1 is a `"),
    ] {
        let run = leadhook!("replay c.json --baseline before --to {}", endpoint.target())
            .file("c.json", genuine("1").to_string());
        let outcome = run.file("before", text).run().exits(3, reason);
        let message = outcome.stderr_line("error: `before` is not a baseline file: ");
        assert!(message.starts_with(reason), "{message}");
        assert!(outcome.stderr_line("hint: ").contains("--format json > FILE"), "{outcome:?}");
        assert!(!outcome.stderr.contains(['\u{1b}', '\u{202e}']), "{outcome:?}");
    }
    let outcome = leadhook!("replay c.json --baseline nowhere --format json")
        .file("c.json", genuine("1").to_string())
        .run();
    assert_eq!(objects(&outcome.exits(3, "no such file").stderr)[0]["code"], "cannot-read");
    assert!(endpoint.arrived().is_empty());
}
