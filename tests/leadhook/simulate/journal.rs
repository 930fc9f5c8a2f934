//! Journals: a killed run resumes where it stopped.

use crate::support::{Endpoint, Leadhook, Outcome, amount, eventually, json_lines, kill, objects};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// Four attempts, ten minutes apart.
const SCHEDULE: &str = "10m,10m,10m";

/// Runs four attempts of a short retry schedule.
const QUICK: &str = "1s,1s,1s";

/// Returns the arguments of a run at a speed.
fn args<'a>(target: &'a str, speed: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    args_with_schedule(target, SCHEDULE, speed, more)
}

/// Returns the arguments with this retry schedule.
fn args_with_schedule<'a>(
    target: &'a str,
    schedule: &'a str,
    speed: &'a str,
    more: &[&'a str],
) -> Vec<&'a str> {
    let mut args = vec!["simulate", "created", target, "--secret", "s3cret", "--format", "json"];
    args.extend(["--journal", "run.jsonl", "--speed", speed]);
    args.extend(["--schedule", schedule]);
    args.extend(more);
    args
}

/// Runs in a folder that outlives the run.
fn run(folder: &Path, args: &[&str]) -> Outcome {
    Leadhook::new(args).in_folder(folder).run()
}

/// Starts in a folder that outlives the run.
fn start(folder: &Path, args: &[&str]) -> std::process::Child {
    let (mut command, _own) = Leadhook::new(args).in_folder(folder).command();
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn journal(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("run.jsonl")).unwrap_or_default();
    let complete = text.rfind('\n').map_or("", |end| &text[..=end]);
    json_lines(complete)
}

fn attempts_made(folder: &Path) -> usize {
    journal(folder).iter().filter(|line| line["kind"] == "made").count()
}

#[test]
fn a_killed_real_time_run_makes_exactly_the_remaining_attempts() {
    // After both attempts of one time: for a second, nothing is in flight.
    for killed_after in [2, 4] {
        let dir = tempfile::tempdir().unwrap();
        let endpoint = Endpoint::new(&[503, 503, 503, 200]);
        let target = endpoint.target();
        let args = args_with_schedule(&target, QUICK, "real", &["--count", "2", "--seed", "7"]);
        let mut child = start(dir.path(), &args);
        eventually("the attempts before the kill", || {
            (attempts_made(dir.path()) >= killed_after).then_some(())
        });
        assert!(kill("KILL", &child.id().to_string()));
        child.wait().unwrap();
        let before = endpoint.arrived().len();
        let outcome = run(dir.path(), &args);
        let said = format!("`run.jsonl`: {before} attempts were made before, ");
        assert!(outcome.stderr_line("note: ").starts_with(&said), "{outcome:?}");
        let deliveries: Vec<_> = objects(&outcome.stdout)
            .into_iter()
            .filter(|object| object["kind"] == "delivery")
            .collect();
        let arrived = endpoint.arrived();
        // 503 to three of the first four attempts: both leads are delivered after five.
        assert_eq!((arrived.len(), before + deliveries.len()), (5, 5), "{outcome:?}");
        let ids = |line: &crate::support::Arrived| {
            line.header("x-lead-router-message-id").unwrap().to_owned()
        };
        let mut each: Vec<_> =
            arrived.iter().map(|request| (ids(request), request.body.clone())).collect();
        each.sort();
        each.dedup();
        assert_eq!(each.len(), 2, "two messages, each with the same bytes every time");
        // Without an interruption, the same command sends the same ids.
        let uninterrupted = Endpoint::new(&[503, 503, 503, 200]);
        let other = tempfile::tempdir().unwrap();
        let target = uninterrupted.target();
        let args = args_with_schedule(&target, QUICK, "instant", &["--count", "2", "--seed", "7"]);
        run(other.path(), &args).exits(0, "without an interruption");
        let sequence =
            |endpoint: &Endpoint| -> Vec<_> { endpoint.arrived().iter().map(ids).collect() };
        assert_eq!(
            sequence(&endpoint),
            sequence(&uninterrupted),
            "the same attempts in the same order"
        );
    }
}

#[test]
fn a_run_killed_repeatedly_sends_no_attempt_twice() {
    kill_repeatedly(1);
}

#[test]
fn a_concurrent_run_killed_repeatedly_sends_no_attempt_twice() {
    kill_repeatedly(5);
}

/// Kills a run of `count` concurrent leads at twelve different times.
fn kill_repeatedly(leads: usize) {
    let dir = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::new(&[503]);
    let target = endpoint.target();
    let many = leads.to_string();
    let args = args(&target, "60000x", &["--count", &many, "--concurrency", &many]);
    for round in 0..amount(4, 24) {
        let mut child = start(dir.path(), &args);
        // At any point: the assertion must be true for every one.
        std::thread::sleep(Duration::from_millis(round * 4));
        let _ = kill("KILL", &child.id().to_string());
        child.wait().unwrap();
    }
    let outcome = run(dir.path(), &args).exits(1, "every lead is lost");
    let lines = journal(dir.path());
    let numbers = |kind: &str| -> Vec<_> {
        let of_kind = lines.iter().filter(|line| line["kind"] == kind);
        let mut numbers: Vec<_> = of_kind.map(|line| line["attempt"].as_u64().unwrap()).collect();
        numbers.sort_unstable();
        numbers
    };
    let mut each: Vec<_> = (1..=4).flat_map(|attempt| vec![attempt; leads]).collect();
    each.sort_unstable();
    assert_eq!(numbers("begun"), each, "{outcome:?}");
    assert_eq!(numbers("made"), each, "{outcome:?}");
    let unknown = lines.iter().filter(|line| line["no_answer"] == "unreachable").count();
    let arrived = endpoint.arrived().len();
    let all = 4 * leads;
    assert!(arrived <= all && arrived + unknown >= all, "{arrived} arrived, {unknown} unknown");
    // The run has ended: nothing more is sent, and the result is the same.
    let again = run(dir.path(), &args).exits(1, "again");
    assert!(
        again
            .stderr_line("note: ")
            .ends_with(&format!("{all} attempts were made before, the run is complete"))
    );
    assert_eq!(endpoint.arrived().len(), arrived);
}

/// Returns the journal of a complete run, and its folder.
fn complete_run(target: &str) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &args(target, "instant", &[]));
    let text = fs::read_to_string(dir.path().join("run.jsonl")).unwrap();
    (dir, text)
}

#[test]
fn a_torn_journal_is_repaired_and_resumes_after_its_last_line() {
    let endpoint = Endpoint::new(&[503]);
    let target = endpoint.target();
    let (dir, text) = complete_run(&target);
    let args = args(&target, "instant", &[]);
    assert_eq!(text.lines().count(), 9, "{text}");
    for cut in 0..text.len() {
        // One cut per line, each at another offset: all offsets would take too long.
        if cut % 97 != 0 && !text[..cut].ends_with('\n') {
            continue;
        }
        fs::write(dir.path().join("run.jsonl"), &text[..cut]).unwrap();
        let before = endpoint.arrived().len();
        let outcome = run(dir.path(), &args).exits(1, &format!("cut at {cut}"));
        let complete_lines = text[..cut].matches('\n').count();
        // The header, then two lines per attempt; a started attempt is not repeated.
        let started_attempts = complete_lines.saturating_sub(1).div_ceil(2);
        assert_eq!(
            endpoint.arrived().len() - before,
            4 - started_attempts,
            "cut at {cut}: {outcome:?}"
        );
        let is_torn = cut > 0 && !text[..cut].ends_with('\n');
        assert_eq!(outcome.stderr.contains("ended in an incomplete line"), is_torn, "{outcome:?}");
        let unknown = complete_lines > 1 && complete_lines % 2 == 0;
        assert_eq!(outcome.stderr.contains("counts as unanswered"), unknown, "{cut}: {outcome:?}");
        assert_eq!(journal(dir.path()).len(), 9, "cut at {cut}");
    }
}

#[test]
fn a_journal_of_another_run_is_rejected_and_not_changed() {
    let endpoint = Endpoint::new(&[503]);
    let target = endpoint.target();
    let (dir, text) = complete_run(&target);
    let sent = endpoint.arrived().len();
    let other = Endpoint::new(&[503]);
    let other_target = other.target();
    let with = |target, more: &[&'static str]| {
        [&["simulate", "created", target, "--journal", "run.jsonl"], more].concat()
    };
    let schedule = ["--schedule", "10m,10m,10m"];
    for args in [
        with(&other_target, &[&["--secret", "s3cret"], &schedule[..]].concat()),
        with(&target, &[&["--secret", "other"], &schedule[..]].concat()),
        with(&target, &["--secret", "s3cret"]),
        with(&target, &[&["--secret", "s3cret", "--seed", "1"], &schedule[..]].concat()),
        with(&target, &[&["--secret", "s3cret", "--count", "2"], &schedule[..]].concat()),
        with(&target, &[&["--secret", "s3cret", "--speed", "real"], &schedule[..]].concat()),
        with(&target, &[&["--secret", "s3cret", "--set", "first_name=x"], &schedule[..]].concat()),
    ] {
        let outcome = run(dir.path(), &args).exits(3, &format!("{args:?}"));
        assert!(
            outcome.stderr.contains("journal `run.jsonl` belongs to another run"),
            "{outcome:?}"
        );
        assert_eq!(fs::read_to_string(dir.path().join("run.jsonl")).unwrap(), text);
    }
    assert_eq!((endpoint.arrived().len(), other.arrived().len()), (sent, 0));
}

#[test]
fn a_file_that_is_not_a_journal_is_rejected_and_not_changed() {
    let endpoint = Endpoint::new(&[503]);
    let target = endpoint.target();
    let (dir, text) = complete_run(&target);
    let sent = endpoint.arrived().len();
    let args = args(&target, "instant", &[]);
    let lines: Vec<_> = text.lines().collect();
    let swapped = [lines[0], lines[2], lines[1], ""].join("\n");
    let foreign = "{\"kind\":\"capture\"}\n";
    let no_answer = text.replacen("\"status\":503,", "", 1);
    for (content, said) in [
        ("my notes\n", "is not a journal: line 1"),
        (foreign, "is not a journal: line 1"),
        (&no_answer, "is not a journal: line 3 is damaged"),
        (&swapped, "belongs to another run"),
    ] {
        fs::write(dir.path().join("run.jsonl"), content).unwrap();
        let outcome = run(dir.path(), &args).exits(3, content);
        assert!(outcome.stderr.contains(said), "{said}: {outcome:?}");
        assert_eq!(fs::read_to_string(dir.path().join("run.jsonl")).unwrap(), content);
    }
    assert_eq!(endpoint.arrived().len(), sent);
}

#[test]
fn two_runs_cannot_share_a_journal() {
    let dir = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::new(&[503]);
    let target = endpoint.target();
    let args = args(&target, "real", &[]);
    let mut child = start(dir.path(), &args);
    eventually("the first attempt", || (attempts_made(dir.path()) == 1).then_some(()));
    let outcome = run(dir.path(), &args).exits(3, "the second run");
    assert!(outcome.stderr.contains("another run is writing to it"), "{outcome:?}");
    // A signal ends it after the requests in flight, and the journal is complete.
    assert!(kill("TERM", &child.id().to_string()));
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!((journal(dir.path()).len(), endpoint.arrived().len()), (3, 1));
}

#[test]
fn an_interrupted_run_states_what_remains_and_how_to_resume() {
    let dir = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::new(&[200, 503]);
    let target = endpoint.target();
    let args = args(&target, "real", &["--count", "2"]);
    let (mut command, _own) = Leadhook::new(&args).in_folder(dir.path()).command();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    eventually("both attempts", || (attempts_made(dir.path()) == 2).then_some(()));
    assert!(kill("INT", &child.id().to_string()));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let summary = objects(&String::from_utf8(output.stdout).unwrap()).pop().unwrap();
    let found = ["messages", "first_attempt", "pending", "lost"].map(|key| summary[key].clone());
    assert_eq!(found, [json!(2), json!(1), json!(1), json!(0)], "{summary}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("run the same command again to continue"), "{said}");
}

#[test]
fn a_last_line_of_another_program_is_not_truncated() {
    let (endpoint, dir) = (Endpoint::new(&[200]), tempfile::tempdir().unwrap());
    let (target, journal) = (endpoint.target(), dir.path().join("run.jsonl"));
    run(dir.path(), &args(&target, "instant", &[])).exits(0, "started");
    let complete = fs::read_to_string(&journal).unwrap();
    for (tail, exit) in [("my notes", 3), ("[1", 3), ("{\"attempt", 0), ("{", 0)] {
        fs::write(&journal, format!("{complete}{tail}")).unwrap();
        run(dir.path(), &args(&target, "instant", &[])).exits(exit, tail);
        let journal_text = fs::read_to_string(&journal).unwrap();
        assert_eq!(journal_text.ends_with(tail), exit == 3, "{tail}");
    }
}
