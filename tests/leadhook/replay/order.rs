//! Order and timing of replayed captures.

use crate::replay::{each, genuine, ids, lines, received, replay};
use crate::support::{Endpoint, Outcome, kill};
use jiff::Timestamp;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::time::Instant;

/// Returns captures with the ids 0 to 9.
fn ten_captures() -> Vec<Value> {
    (0..10).map(|id| genuine(&id.to_string())).collect()
}

/// Returns the ids in order of arrival, one digit each, and the run.
fn order(args: &[&str]) -> (String, Outcome) {
    let endpoint = Endpoint::new(&[200]);
    let outcome = replay(&ten_captures(), &endpoint.target(), args).exits(0, "all delivered");
    (ids(&endpoint.arrived()).concat(), outcome)
}

#[test]
fn the_captured_order_can_be_reversed() {
    assert_eq!(order(&[]).0, "0123456789");
    assert_eq!(order(&["--order", "original"]).0, "0123456789");
    let (reversed, outcome) = order(&["--order", "reverse"]);
    assert_eq!(reversed, "9876543210");
    assert_eq!(each(&outcome, "source")[0], "caps.jsonl:10", "the position in the file");
}

#[test]
fn a_seed_shuffles_deterministically_and_a_random_one_is_named() {
    let (first, _) = order(&["--order", "shuffle", "--seed", "7"]);
    let (second, with_seed) = order(&["--order", "shuffle", "--seed", "7"]);
    let (other, _) = order(&["--order", "shuffle", "--seed", "8"]);
    assert_eq!(first, second);
    assert!(first != other && first != "0123456789", "{first} {other}");
    assert_eq!(with_seed.stderr, "");
    let mut sorted: Vec<_> = first.chars().collect();
    sorted.sort_unstable();
    assert_eq!(sorted.iter().collect::<String>(), "0123456789");

    let (random, outcome) = order(&["--order", "shuffle"]);
    let seed = outcome.stderr_line("note: `--seed ").split('`').next().unwrap();
    assert_eq!(order(&["--order", "shuffle", "--seed", seed]).0, random);
}

#[test]
fn conflicting_options_are_rejected_before_anything_is_sent() {
    let endpoint = Endpoint::new(&[200]);
    for (args, names, hint) in [
        (&["--order", "reverse", "--speed", "60x"][..], "`--speed`", "remove one"),
        (&["--order", "shuffle", "--speed", "real"], "`--order`", "remove one"),
        (&["--seed", "7"], "`--seed`", "--order shuffle"),
        (&["--speed", "0x"], "`0x` is not a speed", "--help"),
        (&["--expect", "2x"], "`2x` is not a status", "--help"),
        (&["--baseline", "-"], "standard input is used twice", "as a file"),
    ] {
        let outcome = leadhook!("replay - --to {}", endpoint.target())
            .args(args)
            .stdin(genuine("1").to_string())
            .run()
            .exits(2, &format!("{args:?}"));
        assert!(outcome.stderr_line("error: ").contains(names), "{outcome:?}");
        assert!(outcome.stderr_line("hint: ").contains(hint), "{outcome:?}");
    }
    leadhook!("replay").run().exits(2, "no capture").stderr_line("error: ");
    assert!(endpoint.arrived().is_empty());
}

#[test]
fn the_waits_are_those_of_the_captures_divided_by_the_speed() {
    let captures = [
        received(genuine("1"), "2026-01-02T03:00:00Z"),
        genuine("2"),
        received(genuine("3"), "2026-01-02T03:30:00Z"),
        received(genuine("4"), "2026-01-02T03:10:00Z"),
    ];
    let endpoint = Endpoint::new(&[200]);
    // Half an hour at this speed is 300 ms.
    let outcome = replay(&captures, &endpoint.target(), &["--speed", "6000x"])
        .exits(0, "at their capture times");
    assert_eq!(ids(&endpoint.arrived()), ["1", "2", "3", "4"]);
    let at: Vec<Timestamp> =
        each(&outcome, "at").iter().map(|at| at.as_str().unwrap().parse().unwrap()).collect();
    let waited = at[2].duration_since(at[1]).as_millis();
    assert!(waited >= 300, "{waited} ms");
    let real = [
        received(genuine("1"), "2026-01-02T03:00:00.000Z"),
        received(genuine("2"), "2026-01-02T03:00:00.200Z"),
    ];
    let start = Instant::now();
    replay(&real, &Endpoint::new(&[200]).target(), &["--speed", "real"]).exits(0, "in real time");
    assert!(start.elapsed().as_millis() >= 200);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_long_wait_with_a_summary() {
    let captures = lines(&[
        received(genuine("1"), "2026-01-02T00:00:00Z"),
        received(genuine("2"), "2026-01-02T00:00:00Z"),
        received(genuine("3"), "2026-01-09T00:00:00Z"),
    ]);
    for (signal, exit) in [("INT", 130), ("TERM", 143)] {
        let endpoint = Endpoint::new(&[200]);
        let target = endpoint.target();
        let (mut command, _dir) =
            leadhook!("replay c.jsonl --to {} --speed real --format json", target)
                .file("c.jsonl", &captures)
                .command();
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        // Once the second is printed, a week of waiting remains.
        for _ in 0..2 {
            assert!(stdout.read_line(&mut String::new()).unwrap() > 0);
        }
        assert!(kill(signal, &child.id().to_string()));
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(exit), "{signal}");
        let summary: Value = serde_json::from_str(&rest).unwrap();
        assert_eq!((&summary["kind"], &summary["deliveries"]), (&"summary".into(), &2.into()));
        assert_eq!(ids(&endpoint.arrived()), ["1", "2"], "{signal}");
    }
}
