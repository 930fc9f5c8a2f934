//! Hostile input to `verify`: it gets a verdict or exit status 3, in bounded time.
//!
//! A test build hashes about 5 MB per second. Therefore the bodies of 64 MiB are verified without a
//! secret, and those for which an explanation is searched are small.

use crate::corpus::CORPUS;
use crate::support::{Leadhook, Outcome, PATIENCE, in_threads, objects};
use std::time::Instant;

const MIB: usize = 1 << 20;

/// The beginning of a capture, up to its body.
const HEAD: &str = r#"{"headers":{"X-Lead-Router-Action":"user_updated"},"body":"#;

/// Builds a hostile input on demand, so that only the inputs in use are in memory.
type BuildInput = fn() -> Vec<u8>;

/// Hostile JSON, and whether to search for an explanation too, which costs time.
const INPUTS: &[(&str, bool, BuildInput)] = &[
    ("10,000 arrays", true, || [vec![b'['; 10_000], vec![b']'; 10_000]].concat()),
    ("10,000 objects", true, || [b"{\"a\":".repeat(10_000), b"1".to_vec()].concat()),
    ("64 MiB of opened arrays", false, || vec![b'['; 64 * MIB]),
    ("64 MiB of zeros", false, || [b"[".to_vec(), b"0,".repeat(32 * MIB), b"0]".to_vec()].concat()),
    ("64 MiB of white space", false, || vec![b' '; 64 * MIB]),
    ("a name 100,000 times", false, || repeated(100_000)),
    ("a name 2,000 times", true, || repeated(2_000)),
    ("NaN", true, || b"{\"id\":NaN}".to_vec()),
    ("a number of 100,000 digits", true, || [b"{\"id\":".to_vec(), vec![b'9'; 100_000]].concat()),
    ("1e999999999", true, || b"{\"id\":1e999999999}".to_vec()),
    ("a low surrogate before a high one", true, || br#"{"id":"\udc00\ud800"}"#.to_vec()),
    ("half a surrogate pair as a name", true, || br#"{"\ud800":1,"\ud800":2}"#.to_vec()),
    ("a byte order mark", true, || b"\xef\xbb\xbf{\"id\":\"1\"}".to_vec()),
    ("a byte order mark alone", true, || b"\xef\xbb\xbf".to_vec()),
    ("UTF-16 of nothing", true, || b"\xff\xfe".to_vec()),
    ("bytes that are no UTF-8", true, || b"{\"id\":\"\xff\xc0\x80\xed\xa0\x80\"}".to_vec()),
    ("NUL", true, || vec![0; 1000]),
];

fn repeated(times: usize) -> Vec<u8> {
    let fields = vec!["\"id\":\"1\""; times];
    format!("{{{}}}", fields.join(",")).into_bytes()
}

/// Asserts that a run has ended with a verdict or an error.
#[track_caller]
fn ends_with_verdict(case: &str, outcome: &Outcome, start: Instant) {
    assert!(start.elapsed() < PATIENCE, "{case}: {:?}", start.elapsed());
    let beginning = |text: &str| text.chars().take(2000).collect::<String>();
    let output = (beginning(&outcome.stdout), beginning(&outcome.stderr));
    assert!(matches!(outcome.exit, 0 | 1 | 3 | 5), "{case}: exit {}: {output:?}", outcome.exit);
    let kinds = objects(&outcome.stdout).into_iter().chain(objects(&outcome.stderr));
    assert!(kinds.count() > 0, "{case}: no output");
    let is_error = !outcome.stderr.is_empty();
    assert_eq!(is_error, outcome.exit == 3, "{case}: exit {}: {output:?}", outcome.exit);
}

#[test]
fn every_hostile_file_gets_a_verdict() {
    in_threads(INPUTS, |(case, _, make)| -> Option<()> {
        let start = Instant::now();
        ends_with_verdict(
            case,
            &leadhook!("verify input --secret s3cret --format json").file("input", make()).run(),
            start,
        );
        None
    });
}

#[test]
fn every_hostile_body_gets_a_verdict() {
    in_threads(INPUTS, |(case, is_searched, make)| -> Option<()> {
        let start = Instant::now();
        let digits = format!("X-Lead-Router-Signature: {}", "0".repeat(64));
        let action = "X-Lead-Router-Action: user_updated";
        let mut args = vec!["verify", "--body", "input", "-H", action, "-H", &digits];
        args.extend(["--format", "json"]);
        args.extend(is_searched.then_some(["--secret", "s3cret"]).into_iter().flatten());
        let outcome = Leadhook::new(&args).file("input", make()).run();
        ends_with_verdict(case, &outcome, start);
        assert_ne!(outcome.exit, 3, "{case}: any bytes may be a body");
        None
    });
}

#[test]
fn a_file_truncated_anywhere_gets_a_verdict() {
    let capture = CORPUS.read("valid/capture-realgeeks.json");
    let names: Vec<_> =
        (0..capture.len() - 1).step_by(50).map(|length| length.to_string()).collect();
    let arguments: Vec<_> = names.iter().map(String::as_str).collect();
    let start = Instant::now();
    let mut run = leadhook!("verify --secret s3cret --format json").args(&arguments);
    for name in &arguments {
        run = run.file(name, &capture[..name.parse().unwrap()]);
    }
    let outcome = run.run().exits(3, "no prefix is a complete document");
    ends_with_verdict("cut-off captures", &outcome, start);
    assert_eq!(objects(&outcome.stderr).len(), names.len());
}

#[test]
fn a_body_truncated_anywhere_gets_a_verdict() {
    let body = r#"{"id":"1","name":"Zo\u00eb \ud83d\ude00","admin":[true,null,1.5e3]}"#;
    let line = |length| format!("{HEAD}{}}}\n", serde_json::Value::from(&body[..length]));
    let lines: String = (0..body.len()).map(line).collect();
    let start = Instant::now();
    let outcome = leadhook!("verify - --secret s3cret --format json")
        .stdin(lines)
        .run()
        .exits(1, "none is signed");
    ends_with_verdict("cut-off bodies", &outcome, start);
    assert_eq!(objects(&outcome.stdout).len(), body.len() + 1, "one verdict each, and a summary");
}
