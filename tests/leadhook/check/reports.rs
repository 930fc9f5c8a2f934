//! Reports, read by their consumers.

use crate::check::{SECRETS, practice};
use crate::support::{Outcome, ROOT, objects, skipped};
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// Returns all reports of one check with passed, failed and incomplete cases.
fn reports() -> (Outcome, TempDir) {
    let running = practice("realgeeks", "answers-500-to-forgery");
    let url = format!(":{}", running.address().port());
    let files = "junit=r.xml,tap=r.tap,json=r.json,html=r.html,github";
    leadhook!("check {} --secret {} --report {} --format json", url, SECRETS[0], files).run_in()
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
    let cases: Vec<_> =
        objects(&outcome.stdout).into_iter().filter(|object| object["kind"] == "case").collect();
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(objects(&read("r.json")), cases);
    let page = read("r.html");
    for case in &cases {
        assert!(page.contains(&format!(">{}<", case["id"].as_str().unwrap())), "{case}");
    }
    assert!(page.contains("Real Geeks sends it 7 more times; 406 would stop it."));
    let count = |wanted: &str| cases.iter().filter(|case| case["outcome"] == wanted).count();
    let lines = |start: &str| outcome.stderr.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(lines("::error title="), count("fail"), "{}", outcome.stderr);
    assert_eq!(lines("::warning title="), count("incomplete"));
    let all = [read("r.xml"), read("r.tap"), read("r.json"), page, outcome.stderr].concat();
    assert!(!all.contains(SECRETS[0]), "a secret is in a report");
}
