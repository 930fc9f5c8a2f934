//! The progress line of `simulate` and `replay` while they wait, on a terminal.

use crate::replay::{genuine, lines, received};
use crate::support::{Endpoint, Leadhook, PYTHON3, skipped};
use serde_json::Value;
use std::process::{Command, Stdio};

/// Runs a command on a terminal; needs Python 3.9.
const TERMINAL: &str = include_str!("progress/terminal.py");

fn has_terminal(test: &str) -> bool {
    let program = PYTHON3.program();
    let mut python = Command::new(program);
    python.args(["-c", "import pty, os; os.waitstatus_to_exitcode, str.removesuffix"]);
    let has = python
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !has {
        skipped(test, "Python 3.9 with `pty` is not installed");
    }
    has
}

/// The result of a run on a terminal.
#[derive(Debug)]
struct TerminalRun {
    exit: i64,
    /// Every version of the progress line that named a wait, with its padding.
    lines: Vec<String>,
    /// The rows at the end of the run.
    screen: Vec<String>,
}

/// Runs it on a terminal of `columns` columns, and presses Ctrl-C after this many waits were shown.
fn show(run: Leadhook, columns: usize, waits: usize, stderr: &str) -> TerminalRun {
    let (columns, waits) = (columns.to_string(), waits.to_string());
    let args = ["-c", TERMINAL, &columns, &waits, stderr];
    let shown = run.through(&PYTHON3.program(), &args).run().exits(0, "the terminal").object();
    let strings = |key: &str| {
        let values = shown[key].as_array().unwrap().iter();
        values.map(|value| value.as_str().unwrap().to_owned()).collect()
    };
    TerminalRun {
        exit: shown["exit"].as_i64().unwrap(),
        lines: strings("lines"),
        screen: strings("screen"),
    }
}

/// Returns two captures that were received together, and a third one at `last`.
fn captures(last: &str) -> [Value; 3] {
    let (first, second) = ("2026-01-02T03:00:00Z", "2026-01-02T03:00:00Z");
    [received(genuine("1"), first), received(genuine("2"), second), received(genuine("3"), last)]
}

/// Builds a replay that waits for its third capture.
fn replaying(name: &str, last: &str) -> Leadhook {
    let target = Endpoint::new(&[200]).target();
    leadhook!("replay {} --to {} --secret s3cret --speed real", name, target)
        .file(name, lines(&captures(last)))
}

/// A retry schedule that waits for its second attempt: 10 minutes at this many times the speed.
fn retrying(speed: &str) -> Leadhook {
    let target = Endpoint::new(&[503, 200]).target();
    leadhook!("simulate created {} --secret s3cret --speed {}", target, speed)
}

#[test]
fn an_interrupted_countdown_leaves_a_clean_line() {
    if !has_terminal("a_wait_is_counted_down") {
        return;
    }
    let of_replay = &["target ", "--> ", "<-- ", "2 deliveries in ", "response time: "][..];
    let of_simulate = &["--> ", "    POST ", "attempt 1 ", "not settled after 1 attempt"][..];
    let replay = || replaying("c.jsonl", "2026-01-02T03:10:00Z");
    std::thread::scope(|scope| {
        for columns in [80, 100] {
            for (run, awaited, rows) in [
                (replay(), ": capture 3 (c.jsonl:3)", of_replay),
                (retrying("real"), ": attempt 2", of_simulate),
            ] {
                scope.spawn(move || {
                    let shown = show(run, columns, 2, "terminal");
                    assert_eq!(shown.exit, 130, "{shown:#?}");
                    for line in &shown.lines {
                        assert!(line.trim_end().ends_with(awaited), "{line:?}");
                        // Space for the echo of Ctrl-C, so that it does not wrap to the next line.
                        assert_eq!(line.chars().count() + "^C".len(), columns, "{line:?}");
                    }
                    assert_rows(&shown, rows);
                });
            }
        }
    });
}

/// Asserts that every row starts with one of these, and the last row with the last of them.
#[track_caller]
fn assert_rows(shown: &TerminalRun, starts: &[&str]) {
    for row in shown.screen.iter().filter(|row| !row.is_empty()) {
        let is_expected = starts.iter().any(|start| row.starts_with(start));
        assert!(is_expected, "{row:?} in {shown:#?}");
    }
    assert!(shown.screen.last().unwrap().starts_with(starts.last().unwrap()), "{shown:#?}");
}

#[test]
fn the_progress_line_is_truncated_to_the_terminal_width() {
    if !has_terminal("a_progress_line_is_cut") {
        return;
    }
    let name = "recording-of-a-very-long-afternoon.jsonl";
    let shown = show(replaying(name, "2026-01-02T03:10:00Z"), 60, 1, "terminal");
    assert_eq!(shown.exit, 130, "{shown:#?}");
    for line in &shown.lines {
        assert!(
            line.contains(": capture 3 (recording-of-") && !line.contains(".jsonl"),
            "{line:?}"
        );
        assert_eq!(line.chars().count(), 58, "{line:?}");
    }
    assert!(!shown.screen.iter().any(|row| row.contains("next in")), "{shown:#?}");
}

#[test]
fn no_progress_is_shown_when_quiet_in_json_or_without_a_terminal() {
    if !has_terminal("no_wait_is_shown") {
        return;
    }
    std::thread::scope(|scope| {
        for (args, stderr) in
            [(&["--quiet"][..], "terminal"), (&["--format", "json"], "terminal"), (&[], "null")]
        {
            // Waits of 1.5 s, which are long enough to be shown.
            let replay = replaying("c.jsonl", "2026-01-02T03:00:01.500Z");
            for run in [replay, retrying("400x")] {
                scope.spawn(move || {
                    let shown = show(run.args(args), 100, 0, stderr);
                    assert_eq!((shown.exit, shown.lines.len()), (0, 0), "{args:?}: {shown:#?}");
                });
            }
        }
    });
}
