//! `leadhook demo`: the whole tool in one command, without further setup.

use crate::support::{Leadhook, objects};
use serde_json::Value;

/// The cause that `check` and `verify` name.
const MESSAGE: &str = "Your code hashed `JSON.stringify(data)` (JavaScript) of the parsed body.";

/// The maximum number of lines: it has to fit on one screen.
const MAX_LINES: usize = 32;

#[test]
fn it_finds_a_bug_names_it_checks_the_fix_and_survives_an_outage() {
    let outcome = leadhook!("demo").run();
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    let parts: Vec<_> = outcome.stdout.split("\n$ leadhook ").collect();
    assert_eq!(parts.len(), 6, "a greeting and five commands: {}", outcome.stdout);
    let begins = ["practice :", "check :", "verify ", "check :", "simulate "];
    for (part, begin) in parts[1..].iter().zip(begins) {
        assert!(part.starts_with(begin), "{begin}: {part}");
    }
    for (part, line) in [
        (2, "3 genuine requests refused"),
        (2, MESSAGE),
        (3, "signature valid, but your code computed "),
        (3, MESSAGE),
        (3, "Fix: hash the raw body"),
        (4, " 0 failed"),
    ] {
        let text = parts[part].split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(line.trim()), "{line} in {}", parts[part]);
    }
    let attempts: Vec<_> = parts[5].lines().filter(|line| line.contains("attempt ")).collect();
    assert_eq!(attempts.len(), 3, "{}", parts[5]);
    assert!(
        attempts[0].contains("503 refused")
            && attempts[1].contains("503 refused")
            && attempts[2].contains("200 delivered"),
        "{}",
        parts[5]
    );
    assert!(outcome.stdout.lines().count() <= MAX_LINES, "{}", outcome.stdout);
    for line in outcome.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn json_output_consists_of_the_objects_of_its_commands() {
    let outcome = leadhook!("demo --format json").run();
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    let objects = objects(&outcome.stdout);
    let kinds: Vec<_> = objects.iter().map(|object| object["kind"].as_str().unwrap()).collect();
    let mut changes = kinds.clone();
    changes.dedup();
    assert_eq!(changes, ["case", "summary", "verdict", "case", "summary", "delivery"]);
    let of =
        |kind: &str| objects.iter().filter(|object| object["kind"] == kind).collect::<Vec<_>>();
    let summaries = of("summary");
    let causes: Vec<_> =
        summaries.iter().map(|summary| summary["causes"].as_array().unwrap().len()).collect();
    assert_eq!(causes, [1, 0]);
    assert_eq!(summaries[0]["causes"][0]["message"], MESSAGE);
    let counts =
        |name: &str| summaries.iter().map(|it| it[name].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!((counts("failed"), counts("incomplete")[1]), (vec![3, 0], 0));
    let verdicts = of("verdict");
    assert_eq!(verdicts[0]["signature"]["status"], "valid");
    assert_eq!(verdicts[0]["mine"]["code"], summaries[0]["causes"][0]["code"]);
    let outcomes: Vec<_> =
        of("delivery").iter().map(|delivery| delivery["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["refused", "refused", "delivered"]);
    let attempts: Vec<_> =
        of("delivery").iter().map(|delivery| delivery["attempt"].clone()).collect();
    assert_eq!(attempts, [1, 2, 3].map(Value::from));
}

#[test]
fn its_secrets_are_generated_and_never_shown() {
    for args in [&["demo"][..], &["demo", "--format", "json"], &["demo", "-vv"]] {
        let outcome = Leadhook::new(args).env("LEADHOOK_SECRET", "mine-7f3a").run();
        assert_eq!(outcome.exit, 0, "{args:?}: {}", outcome.stdout);
        assert!(
            !outcome.stdout.contains("mine-7f3a") && !outcome.stderr.contains("mine-7f3a"),
            "{args:?}"
        );
    }
}

#[test]
fn two_concurrent_demos_do_not_interfere() {
    let runs = [(); 2].map(|()| std::thread::spawn(|| leadhook!("demo").run()));
    for run in runs {
        let outcome = run.join().unwrap();
        assert_eq!(outcome.exit, 0, "{outcome:?}");
    }
}
