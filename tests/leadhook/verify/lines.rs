//! JSON Lines: many chunks and several threads keep the input order.

use super::capture;
use crate::support::{Outcome, objects};
use serde_json::Value;
use std::process::Stdio;
use std::sync::LazyLock;

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Valid,
    Forged,
    Torn,
    Blank,
}

/// Returns a megabyte of lines in irregular order, so that every chunk has another mixture.
fn mixture() -> Vec<Kind> {
    let mut state = 1_u32;
    let mut next = || {
        // The generator of Numerical Recipes: the high bits are good enough here.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match state >> 28 {
            0 | 1 => Kind::Forged,
            2 => Kind::Torn,
            3 => Kind::Blank,
            _ => Kind::Valid,
        }
    };
    // The first two lines identify the format as JSON Lines.
    [Kind::Valid; 2].into_iter().chain(std::iter::repeat_with(&mut next).take(1000)).collect()
}

/// Returns genuine captures of several events, and a forged one.
static SAMPLES: LazyLock<([String; 4], String)> = LazyLock::new(|| {
    let events = ["created", "leadpro:lead.created", "realtorbot:test", "activity_added"];
    let line = |event: &str, more: &[&str]| capture(event, more).trim_end().to_owned();
    (events.map(|event| line(event, &[])), line("updated", &["--tamper", "wrong-secret"]))
});

fn text(kinds: &[Kind], end: &str) -> String {
    let (valid, forged) = &*SAMPLES;
    let lines = kinds.iter().enumerate().map(|(index, kind)| match kind {
        Kind::Valid => valid[index % valid.len()].as_str(),
        Kind::Forged => forged,
        Kind::Torn => &forged[..forged.len() / 2],
        Kind::Blank => "",
    });
    lines.collect::<Vec<_>>().join(end)
}

/// Returns the numbers of the lines reported as this kind.
fn numbers(outcome: &Outcome, kind: Kind) -> Vec<usize> {
    if kind == Kind::Torn {
        let errors = objects(&outcome.stderr).into_iter().map(|error| {
            let message = error["message"].as_str().unwrap().to_owned();
            let (_, rest) = message.split_once(" line ").unwrap();
            rest.split(' ').next().unwrap().parse().unwrap()
        });
        return errors.collect();
    }
    let verdicts = objects(&outcome.stdout);
    let verdicts = verdicts.iter().filter(|object| object["kind"] == "verdict");
    let of_kind = verdicts.filter(|verdict| verdict["valid"] == (kind == Kind::Valid));
    let number = |verdict: &Value| {
        let source = verdict["source"].as_str().unwrap().to_owned();
        source.rsplit(':').next().unwrap().parse().unwrap()
    };
    of_kind.map(number).collect()
}

#[test]
fn line_order_and_numbers_are_kept_across_chunks() {
    let kinds = mixture();
    for (end, last) in [("\n", "\n"), ("\r\n", "")] {
        let text = text(&kinds, end) + last;
        assert!(text.len() > 3 * 256 * 1024, "{} bytes are too few chunks", text.len());
        let outcome = leadhook!("verify - --secret s3cret --format json")
            .stdin(text)
            .run()
            .exits(3, "some lines are torn");
        for kind in [Kind::Valid, Kind::Forged, Kind::Torn] {
            let expected = (1..).zip(&kinds).filter(|(_, of)| **of == kind);
            let expected: Vec<usize> = expected.map(|(number, _)| number).collect();
            assert_eq!(numbers(&outcome, kind), expected, "{kind:?} with {end:?}");
        }
        let sources: Vec<_> = objects(&outcome.stdout)
            .iter()
            .filter_map(|object| {
                object["source"].as_str()?.strip_prefix("-:")?.parse::<usize>().ok()
            })
            .collect();
        assert!(sources.is_sorted(), "out of order");
        let summary = objects(&outcome.stdout).pop().unwrap();
        let count = |kind| kinds.iter().filter(|of| **of == kind).count();
        assert_eq!(
            (&summary["valid"], &summary["invalid"], &summary["unreadable"]),
            (&count(Kind::Valid).into(), &count(Kind::Forged).into(), &count(Kind::Torn).into())
        );
    }
}

#[test]
fn output_is_identical_across_runs_files_and_pipes() {
    let text = text(&mixture(), "\n");
    for format in ["human", "json"] {
        let run = |path: &str| {
            let outcome = leadhook!("verify {} --secret s3cret --format {}", path, format)
                .file("l.jsonl", &text)
                .stdin(text.as_str())
                .run();
            let outcome = outcome.exits(3, format);
            let with_stdin_name = |text: &str| text.replace("l.jsonl", "-");
            // The last line contains the elapsed time.
            let (verdicts, _) = outcome.stdout.trim_end().rsplit_once('\n').unwrap();
            (with_stdin_name(verdicts), with_stdin_name(&outcome.stderr))
        };
        let first = run("l.jsonl");
        for path in ["l.jsonl", "-"] {
            assert!(run(path) == first, "{format} {path}");
        }
    }
}

#[test]
fn the_exit_status_is_that_of_the_worst_line() {
    let mut kinds = vec![Kind::Valid; 600];
    let run = |kinds: &[Kind], secret: &[&str], exit: i32| {
        leadhook!("verify -").args(secret).stdin(text(kinds, "\n")).run().exits(exit, "lines")
    };
    run(&kinds, &["--secret", "s3cret"], 0);
    run(&kinds, &[], 5);
    kinds[590] = Kind::Forged;
    run(&kinds, &["--secret", "s3cret"], 1);
    kinds[300] = Kind::Torn;
    let outcome = run(&kinds, &["--secret", "s3cret"], 3);
    assert!(
        outcome.stderr_line("error: ").starts_with("`-` line 301 is not"),
        "{}",
        outcome.stderr
    );
    let last = outcome.stdout.lines().last();
    assert_eq!(last, Some("599 requests: 598 valid, 1 invalid, 1 unreadable"));
}

#[test]
fn a_closed_reader_keeps_the_exit_status() {
    let mut kinds = vec![Kind::Valid; 1000];
    kinds[999] = Kind::Forged;
    let (mut command, _dir) =
        leadhook!("verify l.jsonl --secret s3cret").file("l.jsonl", text(&kinds, "\n")).command();
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn blank_lines_around_one_request_do_not_make_it_json_lines() {
    let one = capture("created", &[]);
    for text in [format!("\n{one}\n\n \n"), format!("\u{feff}{one}"), one.trim_end().to_owned()] {
        let verdict = leadhook!("verify - --secret s3cret --format json")
            .stdin(text)
            .run()
            .exits(0, "one")
            .object();
        assert_eq!(verdict["source"], "-");
    }
}

#[test]
fn an_overlong_line_is_reported_and_hides_no_other() {
    let valid = &SAMPLES.0[0];
    // A little more than the limit of 128 MiB.
    let long = "x".repeat((128 << 20) + 1);
    let input = format!("{valid}\n{valid}\n{long}\n{valid}");
    let outcome = leadhook!("verify - --secret s3cret --format json")
        .stdin(input)
        .run()
        .exits(3, "a long line");
    let error = objects(&outcome.stderr).remove(0);
    let message = "`-` line 3 is not a captured request: it is longer than 134217728 bytes";
    assert_eq!(error["message"], message);
    assert_eq!(numbers(&outcome, Kind::Valid), [1, 2, 4]);
}

#[test]
fn a_torn_first_line_hides_no_other_and_is_named() {
    let (valid, _) = &*SAMPLES;
    for size in [1, 20, 300] {
        let torn = &valid[0][..size];
        for input in
            [format!("{torn}\n{}\n{}\n", valid[1], valid[2]), format!("{torn}\n{}", valid[1])]
        {
            let outcome = leadhook!("verify - --secret s3cret --format json")
                .stdin(input.as_str())
                .run()
                .exits(3, "torn");
            assert_eq!(numbers(&outcome, Kind::Torn), [1], "{input}");
            let expected: Vec<_> = (2..=input.lines().count()).collect();
            assert_eq!(numbers(&outcome, Kind::Valid), expected, "{input}");
        }
    }
    // The list has one element, on its own line: still one document.
    let list = format!("{{\"requests\":[\n{}\n]}}\n", valid[0]);
    let verdict = leadhook!("verify - --secret s3cret --format json")
        .stdin(list)
        .run()
        .exits(0, "list")
        .object();
    assert_eq!(verdict["source"], "- /requests/0");
}
