//! `leadhook check`: known receivers, the reports about them, and rejected options.

mod ci;
mod cli;
mod failures;
mod from_captures;
mod judgement;
mod known;
mod probe;
mod reports;
mod size_limit;
#[cfg(unix)]
mod start;
mod stops;

use crate::support::{Leadhook, Outcome, Running, leadhook, objects};
use serde_json::Value;
use std::collections::BTreeSet;

/// Two secrets, for rotation tests. At least 32 bytes each: `PyJWT` warns about shorter ones.
const SECRETS: [&str; 2] =
    ["an-example-of-a-signing-secret-32", "the-secret-before-it-of-32-bytes"];

/// Starts a practice receiver with the named fault, or a correct one.
pub(crate) fn practice(provider: &str, fault: &str) -> Running {
    let mut args = vec!["practice", ":0", "-p", provider, "--format", "json"];
    for secret in SECRETS {
        args.extend(["--secret", secret]);
    }
    if fault != "none" {
        args.extend(["--fault", fault]);
    }
    Leadhook::new(&args).start()
}

/// Checks the receiver on a port and returns the run, its cases and its summary.
fn check(port: u16, provider: &str, more: &[&str]) -> (Outcome, Vec<Value>, Value) {
    let (url, probe) = (format!(":{port}"), format!(":{port}/count"));
    let mut args = vec!["check", &url, "-p", provider, "--probe-url", &probe, "--seed", "7"];
    args.extend(["--format", "json"]);
    for secret in SECRETS {
        args.extend(["--secret", secret]);
    }
    args.extend(more);
    let outcome = leadhook(&args);
    let mut cases = objects(&outcome.stdout);
    let summary = cases.pop().unwrap_or_default();
    assert_eq!(summary["kind"], "summary", "{outcome:?}");
    assert!(cases.iter().all(|object| object["kind"] == "case"), "{outcome:?}");
    (outcome, cases, summary)
}

/// Returns the ids of the cases with this result.
fn ids(cases: &[Value], outcome: &str) -> BTreeSet<String> {
    let of = cases.iter().filter(|case| case["outcome"] == outcome);
    of.map(|case| case["id"].as_str().unwrap().to_owned()).collect()
}
