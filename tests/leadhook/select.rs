//! The filters of `verify`, `replay` and `convert`, and `convert -o`.

use crate::support::{Endpoint, Leadhook, objects};
use serde_json::Value;
use std::fs;

/// Returns a capture of an event at a minute of an hour, with this message id.
fn capture(event: &str, id: &str, minute: usize, more: &[&str]) -> String {
    let now = format!("2026-01-02T03:{minute:02}:00Z");
    let line = format!("send {event} --message-id {id} --now {now}");
    let line = format!("{line} --secret s3cret --dry-run --print json");
    Leadhook::from_line(&line, &[]).args(more).run().exits(0, event).stdout
}

/// Returns five captures: two invalid ones, one without a time, and two providers.
fn captures() -> String {
    let forged = ["--tamper", "wrong-secret"];
    let mut lines = vec![
        capture("created", "id-0", 0, &[]),
        capture("updated", "id-1", 10, &forged),
        capture("realtorbot:test", "id-2", 20, &[]),
        capture("created", "id-3", 30, &forged),
    ];
    let untimed = capture("created", "id-4", 40, &[]);
    let mut untimed: Value = serde_json::from_str(&untimed).unwrap();
    untimed["received_at"] = Value::Null;
    lines.push(format!("{untimed}\n"));
    lines.concat()
}

/// Returns the ids that `verify` reports with these filters.
fn verified(filters: &str, exit: i32) -> Vec<String> {
    let line = format!("verify c.jsonl --secret s3cret --format json {filters}");
    let run =
        Leadhook::from_line(&line, &[]).file("c.jsonl", captures()).run().exits(exit, filters);
    let objects = objects(&run.stdout).into_iter();
    let verdicts = objects.filter(|object| object["kind"] == "verdict");
    verdicts.map(|verdict| verdict["message_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_request_must_pass_every_filter() {
    for (filters, exit, ids) in [
        ("--event created", 1, vec!["id-0", "id-3", "id-4"]),
        ("--event realgeeks:created", 1, vec!["id-0", "id-3", "id-4"]),
        ("--event realtorbot:test", 0, vec!["id-2"]),
        ("--id id-2", 0, vec!["id-2"]),
        ("--since 2026-01-02T03:10:00Z", 1, vec!["id-1", "id-2", "id-3"]),
        ("--before 2026-01-02T03:10:00Z", 0, vec!["id-0"]),
        ("--since 15m --now 2026-01-02T03:30:00Z", 1, vec!["id-2", "id-3"]),
        ("--failed", 1, vec!["id-1", "id-3"]),
        ("--failed --event created", 1, vec!["id-3"]),
        ("--last 2", 1, vec!["id-3", "id-4"]),
        ("--event created --last 1", 0, vec!["id-4"]),
        ("--failed --last 1", 1, vec!["id-3"]),
        ("--last 99", 1, vec!["id-0", "id-1", "id-2", "id-3", "id-4"]),
    ] {
        assert_eq!(verified(filters, exit), ids, "{filters}");
    }
}

#[test]
fn a_selection_without_requests_says_what_was_excluded() {
    for command in ["verify c.jsonl", "convert c.jsonl --print json", "replay c.jsonl --to :1"] {
        let line = format!(
            "{command} --secret s3cret --event created --id id-9 --since 2026-01-02T03:05:00Z"
        );
        let run =
            Leadhook::from_line(&line, &[]).file("c.jsonl", captures()).run().exits(3, command);
        assert!(
            run.stderr.contains(
                "error: no request matches: `--event` excluded 2, `--id` excluded 1, \
                 `--since` excluded 1, `--since` and `--before` excluded 1 without `received_at`"
            ),
            "{command}: {}",
            run.stderr
        );
        assert!(
            run.stderr.contains("hint: remove or widen one of these filters"),
            "{}",
            run.stderr
        );
    }
    let valid =
        leadhook!("verify - --secret s3cret --failed").stdin(capture("created", "1", 0, &[])).run();
    let valid = valid.exits(3, "all are valid");
    assert!(valid.stderr.contains("`--failed` excluded 1 that are valid"), "{}", valid.stderr);
}

#[test]
fn failed_needs_a_secret_for_each_request() {
    for command in ["verify c.jsonl", "convert c.jsonl --print json", "replay c.jsonl --to :1"] {
        let line = format!("{command} --failed");
        let run =
            Leadhook::from_line(&line, &[]).file("c.jsonl", captures()).run().exits(5, command);
        let expected =
            "error: `--failed` cannot tell if any request failed: no secret is configured";
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    let run = leadhook!("verify c.jsonl --failed --event realtorbot:test")
        .env("LEADHOOK_REALGEEKS_SECRET", "s3cret")
        .file("c.jsonl", captures())
        .run()
        .exits(5, "no secret of Realtor Bot");
    let expected = "error: `--failed` cannot tell if 1 request failed: no secret for `realtorbot`";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
}

#[test]
fn unusable_filters_are_named() {
    for (filters, message) in [
        ("--event creatd", "unknown event `creatd`"),
        ("--event lead.created", "event `lead.created` is known to 2 providers"),
        ("--last 0", "expected a whole number above zero"),
        ("--since yesterday", "or a duration such as `1h` for one hour ago"),
        ("--since @20 --before @10", "which is not before `--before`"),
    ] {
        let line = format!("verify - {filters}");
        let run = Leadhook::from_line(&line, &[]).stdin(captures()).run().exits(2, filters);
        assert!(run.stderr.contains(message), "{filters}: {}", run.stderr);
    }
    let run = leadhook!("convert - --print json --event creatd").stdin("").run().exits(2, "creatd");
    assert!(run.stderr.contains("did you mean `created`"), "{}", run.stderr);
}

#[test]
fn the_summary_counts_what_is_excluded() {
    let run =
        leadhook!("verify a.jsonl --secret s3cret --id id-2").file("a.jsonl", captures()).run();
    let run = run.exits(0, "one of five");
    assert!(
        run.stdout.ends_with("1 request: 1 valid, 4 excluded by the filters\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_last_requests_of_many_lines_and_files_are_kept_in_order() {
    let one = capture("created", "many", 0, &[]);
    let forged = capture("updated", "bad", 1, &["--tamper", "wrong-secret"]);
    let many = [one.repeat(600), forged.clone(), one.clone(), "{\"torn\n".to_owned(), one].concat();
    let run = leadhook!("verify a.jsonl b.json --secret s3cret --format json --last 3")
        .file("a.jsonl", many)
        .file("b.json", capture("created", "b", 2, &[]))
        .run()
        .exits(3, "a line is torn");
    let sources: Vec<_> = objects(&run.stdout)
        .into_iter()
        .filter(|object| object["kind"] == "verdict")
        .map(|verdict| verdict["source"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(sources, ["a.jsonl:602", "a.jsonl:604", "b.json"]);
    let explained = leadhook!("verify a.jsonl --secret s3cret --last 2")
        .file("a.jsonl", [capture("created", "x", 0, &[]), forged.clone(), forged].concat())
        .run()
        .exits(1, "explained");
    assert_eq!(explained.stdout.matches("INVALID").count(), 2, "{}", explained.stdout);
}

#[test]
fn replay_sends_the_selected_captures() {
    let endpoint = Endpoint::new(&[200]);
    let line = format!("replay c.jsonl --to {} --secret s3cret --failed", endpoint.target());
    let line = format!("{line} --order reverse --format json");
    let run =
        Leadhook::from_line(&line, &[]).file("c.jsonl", captures()).run().exits(0, "failed ones");
    let deliveries = objects(&run.stdout);
    let ids: Vec<_> = deliveries.iter().filter_map(|it| it["message_id"].as_str()).collect();
    assert_eq!(ids, ["id-3", "id-1"]);
}

#[test]
fn convert_writes_a_private_file() {
    let (run, dir) = leadhook!("convert c.jsonl --print json -o out.jsonl --event created")
        .file("c.jsonl", captures())
        .run_in();
    let run = run.exits(0, "written");
    assert_eq!(run.stdout, "");
    let written = fs::read_to_string(dir.path().join("out.jsonl")).unwrap();
    let stdout =
        leadhook!("convert c.jsonl --print json -o - --event created").file("c.jsonl", captures());
    assert_eq!(written, stdout.run().exits(0, "standard output").stdout);
    assert_eq!(written.lines().count(), 3);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let found = fs::metadata(dir.path().join("out.jsonl")).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn an_output_that_is_an_input_is_refused_and_one_without_requests_is_kept() {
    for (inputs, output) in [("c.jsonl", "c.jsonl"), ("c.jsonl .", "./c.jsonl")] {
        let line = format!("convert {inputs} --print json -o {output}");
        let (run, dir) = Leadhook::from_line(&line, &[]).file("c.jsonl", captures()).run_in();
        let run = run.exits(2, inputs);
        assert!(run.stderr.contains("`--output` would overwrite"), "{}", run.stderr);
        assert_eq!(fs::read_to_string(dir.path().join("c.jsonl")).unwrap(), captures());
    }
    let (run, dir) = leadhook!("convert c.jsonl --print har -o old --id none")
        .file("c.jsonl", captures())
        .file("old", "kept")
        .run_in();
    run.exits(3, "no request matches");
    assert_eq!(fs::read_to_string(dir.path().join("old")).unwrap(), "kept");
}
