//! Reports, read by their consumers.

use crate::check::{SECRETS, practice};
use crate::support::{Outcome, ROOT, assert_valid_output, objects, skipped};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// Returns all reports of one check with passed, failed and incomplete cases.
fn reports() -> (Outcome, TempDir) {
    let running = practice("realgeeks", "answers-500-to-forgery");
    let url = format!(":{}", running.address().port());
    let files = "junit=r.xml,tap=r.tap,json=r.json,ndjson=r.ndjson,html=r.html,github";
    leadhook!("check {} --secret {} --report {} --format json", url, SECRETS[0], files)
        .args(["--seed", "4711", "--now", "2026-11-30T12:00:00Z"])
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .file("summary.md", "an earlier line\n")
        .run_in()
}

/// Runs a consumer; returns `None` if it is not installed.
#[expect(
    clippy::disallowed_methods,
    reason = "the interpreter belongs to the tests, not to leadhook"
)]
fn consumer(name: &str, variable: &str, args: &[&str]) -> Option<(bool, String)> {
    let program = std::env::var(variable).unwrap_or_else(|_| name.to_owned());
    let output = Command::new(program).args(args).output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

#[test]
fn the_junit_file_conforms_to_its_schema() {
    let (_, dir) = reports();
    let needs = consumer("python3", "LEADHOOK_TEST_PYTHON", &["-c", "import lxml.etree"]);
    if !needs.is_some_and(|(there, _)| there) {
        return skipped("junit.xsd", "`python3` has no lxml");
    }
    let script = "import sys, lxml.etree as e\n\
                  e.XMLSchema(e.parse(sys.argv[1])).assertValid(e.parse(sys.argv[2]))";
    let schema = format!("{ROOT}/tests/corpus/junit.xsd");
    let file = dir.path().join("r.xml");
    let check = |file: &str| {
        consumer("python3", "LEADHOOK_TEST_PYTHON", &["-c", script, &schema, file]).unwrap()
    };
    let (valid, report) = check(file.to_str().unwrap());
    assert!(valid, "{report}");
    // The schema must also reject something.
    let text = fs::read_to_string(&file).unwrap();
    let broken = dir.path().join("broken.xml");
    fs::write(
        &broken,
        text.replacen("<failure", "<broken", 1).replacen("</failure", "</broken", 1),
    )
    .unwrap();
    assert!(!check(broken.to_str().unwrap()).0);
}

#[test]
fn a_tap_consumer_reads_the_tap_file_as_intended() {
    let (outcome, dir) = reports();
    let cases = objects(&outcome.stdout);
    let script = "use TAP::Parser; my $p = TAP::Parser->new({ source => $ARGV[0] }); $p->run; \
                  print join(' ', scalar $p->passed, scalar $p->failed, scalar $p->todo, \
                  scalar $p->skipped, scalar $p->parse_errors), qq{\\n};";
    let file = dir.path().join("r.tap");
    // Perl's parser reads TAP 13; the extensions of TAP 14 are not used here.
    let text = fs::read_to_string(&file).unwrap().replacen("version 14", "version 13", 1);
    let old = dir.path().join("old.tap");
    fs::write(&old, text).unwrap();
    let Some((true, report)) =
        consumer("perl", "LEADHOOK_TEST_PERL", &["-e", script, old.to_str().unwrap()])
    else {
        return skipped("TAP::Parser", "`perl` has none");
    };
    let count = |outcome| cases.iter().filter(|case| case["outcome"] == outcome).count();
    let (pass, fail) = (count("pass"), count("fail"));
    let (incomplete, left_out) = (count("incomplete"), count("skipped"));
    assert!(fail > 0 && incomplete > 0 && left_out > 0);
    // A consumer counts a `TODO` as passed and lists it separately.
    let expected = [pass + left_out + incomplete, fail, incomplete, left_out, 0]
        .map(|count| count.to_string());
    assert_eq!(report.trim(), expected.join(" "), "{report}");
}

#[test]
fn all_report_formats_agree() {
    let (outcome, dir) = reports();
    let printed = objects(&outcome.stdout);
    let cases: Vec<_> = printed.iter().filter(|object| object["kind"] == "case").collect();
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(objects(&read("r.ndjson")), printed);
    let page = read("r.html");
    for case in &cases {
        assert!(page.contains(&format!(">{}<", case["id"].as_str().unwrap())), "{case}");
        assert!(case["outcome"] != "pass" || case["curl"].is_null(), "{case}");
    }
    assert!(page.contains("Real Geeks sends it 7 more times; 406 would stop it."));
    assert!(page.contains("<dd>4711</dd>") && page.contains("2026-11-30T12:00:00Z"));
    let count = |wanted: &str| cases.iter().filter(|case| case["outcome"] == wanted).count();
    let lines = |start: &str| outcome.stderr.lines().filter(|line| line.starts_with(start)).count();
    let (failed, incomplete) = (count("fail"), count("incomplete"));
    assert_eq!(lines("::error title="), failed.min(10), "{}", outcome.stderr);
    assert_eq!(lines("::warning title="), incomplete.min(10));
    assert_eq!(lines("::notice "), usize::from(failed > 10 || incomplete > 10));
    let annotation = outcome.stderr.lines().find(|line| line.starts_with("::error")).unwrap();
    assert!(annotation.matches("%0A").count() >= 2, "{annotation}");
    let summary = read("summary.md");
    assert!(summary.starts_with("an earlier line\n## leadhook check: "), "{summary}");
    let rows = summary.lines().filter(|line| line.starts_with("| ")).count();
    assert_eq!(rows, failed + incomplete + 2, "{summary}");
    let all = [read("r.xml"), read("r.tap"), read("r.json"), page, summary, outcome.stderr];
    assert!(!all.concat().contains(SECRETS[0]), "a secret is in a report");
}

#[test]
fn the_json_report_is_one_document_with_the_printed_objects() {
    let (outcome, dir) = reports();
    let text = fs::read_to_string(dir.path().join("r.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_valid_output(&document);
    assert_eq!(document["kind"], "check");
    assert_eq!(document["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!((&document["provider"], &document["seed"]), (&json!("realgeeks"), &json!(4711)));
    assert_eq!(document["date"], "2026-11-30T12:00:00Z");
    let mut printed = objects(&outcome.stdout);
    for object in &mut printed {
        let object = object.as_object_mut().unwrap();
        object.retain(|key, _| key != "kind" && key != "schema_version");
    }
    let summary = printed.pop().unwrap();
    assert_eq!(document["summary"], summary);
    assert_eq!(document["cases"], Value::Array(printed));
}

#[test]
fn the_names_of_junit_tests_are_the_same_in_every_run() {
    let names = || {
        let (_, dir) = reports();
        let text = fs::read_to_string(dir.path().join("r.xml")).unwrap();
        let parsed = quick_junit::Report::deserialize_from_str(&text).unwrap();
        let cases = parsed.test_suites.into_iter().flat_map(|suite| suite.test_cases);
        let name = |case: quick_junit::TestCase| {
            (case.classname.unwrap().to_string(), case.name.to_string())
        };
        cases.map(name).collect::<Vec<_>>()
    };
    let found = names();
    assert_eq!(found, names());
    let class = "leadhook.check.realgeeks.accepts".to_owned();
    assert_eq!(found[0], (class, "event-created: `created`, signed".to_owned()));
    let mut unique = found.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), found.len(), "every name is unique");
    for (class, name) in found {
        assert!(!class.contains(' ') && name.contains(' '), "{class}: {name}");
    }
}

#[test]
fn a_step_summary_that_cannot_be_written_fails_before_anything_is_sent() {
    let running = practice("realgeeks", "answers-500-to-forgery");
    let url = format!(":{}", running.address().port());
    let run = |more: &[&str]| {
        let check = leadhook!("check {} --secret {} --only event-created", url, SECRETS[0]);
        check.args(more).env("GITHUB_STEP_SUMMARY", "no/such/folder/a.md").run()
    };
    let outcome = run(&["--report", "github"]).exits(3, "no folder");
    assert!(outcome.stderr.contains("cannot write step summary"), "{outcome:?}");
    run(&[]).exits(0, "the variable is not used without the report");
}

#[test]
fn a_check_that_cannot_run_replaces_the_reports_of_an_earlier_one() {
    let files = "junit=r.xml,tap=r.tap,json=r.json,ndjson=r.ndjson,html=r.html,github";
    let run = ["r.xml", "r.tap", "r.json", "r.ndjson", "r.html"]
        .into_iter()
        .fold(leadhook!("check :9 --report {}", files), |run, name| run.file(name, "59 passed"));
    let (outcome, dir) =
        run.file("summary.md", "").env("GITHUB_STEP_SUMMARY", "summary.md").run_in();
    assert_eq!(outcome.exit, 2, "{outcome:#?}");
    for (name, expected) in [
        ("r.xml", "<error message=\"no secret for Real Geeks\">"),
        ("r.tap", "Bail out! no secret for Real Geeks"),
        ("r.json", "\"kind\":\"error\",\"code\":\"no-secret\""),
        ("r.ndjson", "\"kind\":\"error\",\"code\":\"no-secret\""),
        ("r.html", "The check could not run"),
        ("summary.md", "no secret for Real Geeks"),
    ] {
        let text = fs::read_to_string(dir.path().join(name)).unwrap();
        assert!(text.contains(expected) && !text.contains("59 passed"), "{name}: {text}");
    }
    let annotation = "::error title=leadhook check::no secret for Real Geeks";
    assert!(outcome.stderr.contains(annotation), "{outcome:#?}");
}
