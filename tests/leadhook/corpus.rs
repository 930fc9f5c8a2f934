//! The corpus of captured requests: `verify` reports for each what the file beside it expects.
//!
//! `tests/corpus/verify/make.py` generates the inputs, one folder for each kind, and states the
//! expectation for `body/bom-added.json` in `body/bom-added.expected.json`, without leadhook.

mod hostile;

use crate::support::{Corpus, Leadhook, Outcome, in_threads, objects};
use crate::{custom_packs, shared_secret};
use leadhook::engine::explain::{self, own_digest};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// The minimum size of the corpus, and of its part that explains an invalid signature.
const MIN_ROWS: usize = 150;
const MIN_EXPLAINED: usize = 80;

/// The code that the search reports if it finds no explanation.
const UNEXPLAINED: &str = "none-holds";

/// A row: the options of `verify` for a file, and the expected result.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    fault: String,
    exit: i32,
    #[serde(default)]
    args: Vec<String>,
    secrets: Option<Vec<String>>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    candidates: Option<String>,
    #[serde(default)]
    also: Vec<String>,
    verdicts: Vec<Verdict>,
    errors: Vec<Failure>,
}

/// The expected verdict on one request.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Verdict {
    signature: String,
    matched: Option<String>,
    explanations: Vec<String>,
    remarks: Vec<String>,
    payload: String,
    findings: Vec<String>,
    /// Substrings of the explanations, and of what `--mine` found.
    says: Vec<String>,
    /// The code of what `--mine` found.
    mine: Option<String>,
}

/// The error for an unreadable entry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Failure {
    code: String,
    says: Vec<String>,
}

/// Returns the corpus of captured requests.
const CORPUS: Corpus = Corpus("verify");

fn rows() -> BTreeMap<String, Row> {
    CORPUS.rows()
}

fn strings(value: &Value) -> Vec<&Value> {
    value.as_array().map(|items| items.iter().collect()).unwrap_or_default()
}

/// Returns `severity code /pointer` of each finding and asserts that each has a usable message.
fn findings(list: &Value) -> Vec<String> {
    for finding in strings(list) {
        for key in ["message", "expected", "found", "source"] {
            let words = finding[key].as_str().unwrap_or_default();
            assert!(!words.is_empty(), "nothing is {key}: {finding}");
        }
    }
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let line = |finding| ["severity", "code", "pointer"].map(|key| word(finding, key)).join(" ");
    strings(list).into_iter().map(|finding| line(finding).trim_end().to_owned()).collect()
}

impl Verdict {
    /// Converts a `verdict` object to the fields of a row; `says` has the text of all explanations.
    fn of(object: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (signature, payload) = (&object["signature"], &object["payload"]);
        let explanations = strings(&signature["explanations"]);
        let mine = Some(&object["mine"]).filter(|mine| !mine.is_null());
        let words = |explanation: &&Value| {
            [&explanation["message"], &explanation["fix"]].map(text).join("\n")
        };
        Self {
            signature: text(&signature["status"]),
            matched: signature["matched"].as_str().map(str::to_owned),
            says: explanations.iter().chain(&mine).map(words).collect(),
            mine: mine.map(|mine| text(&mine["code"])),
            explanations: explanations.iter().map(|it| text(&it["code"])).collect(),
            remarks: findings(&signature["findings"]),
            payload: text(&payload["status"]),
            findings: findings(&payload["findings"]),
        }
    }

    /// Returns the difference between `found` and this expectation.
    fn difference(&self, mut found: Self) -> Option<String> {
        let words = std::mem::take(&mut found.says).concat();
        let missing = self.says.iter().find(|part| !words.contains(*part));
        found.says.clone_from(&self.says);
        if found != *self {
            return Some(format!("expected {self:#?}\nfound {found:#?}\n{words}"));
        }
        missing.map(|part| format!("`{part}` is not in: {words}"))
    }

    fn is_explained(&self) -> bool {
        let codes = explain::codes();
        let found = |code: &String| code != UNEXPLAINED && codes.contains(code.as_str());
        !matches!(self.signature.as_str(), "valid" | "unchecked")
            && self.explanations.iter().any(found)
    }
}

impl Row {
    /// Returns `true` if the row uses the default options and expects success.
    fn is_plain(&self) -> bool {
        let is_bare = self.args.is_empty() && self.env.is_empty() && self.also.is_empty();
        is_bare && self.secrets.is_none() && self.candidates.is_none() && self.exit == 0
    }

    fn run(&self, name: &str) -> Outcome {
        let mut args = vec!["verify", "--format", "json"];
        let body_alone = self.args.first().is_some_and(|arg| arg == "--body");
        args.extend(body_alone.then_some("--body"));
        args.push(name);
        args.extend(self.also.iter().map(String::as_str));
        args.extend(self.args.iter().skip(usize::from(body_alone)).map(String::as_str));
        let secrets = self.secrets.clone().unwrap_or_else(|| vec!["s3cret".to_owned()]);
        args.extend(secrets.iter().flat_map(|secret| ["--secret", secret]));
        if self.candidates.is_some() {
            args.extend(["--candidates", "candidates"]);
        }
        let mut run =
            Leadhook::new(&args).file("candidates", self.candidates.as_deref().unwrap_or("-"));
        for file in self.also.iter().map(String::as_str).chain([name]) {
            run = run.file(file, CORPUS.read(file));
        }
        for (variable, value) in &self.env {
            run = run.env(variable, value);
        }
        run.run()
    }

    /// Returns the first difference between a run and its expectation.
    fn difference(&self, outcome: &Outcome) -> Option<String> {
        let said = objects(&outcome.stdout);
        let verdicts: Vec<_> = said.iter().filter(|object| object["kind"] == "verdict").collect();
        let errors = objects(&outcome.stderr);
        let counts = (outcome.exit, verdicts.len(), errors.len());
        if counts != (self.exit, self.verdicts.len(), self.errors.len()) {
            return Some(format!("exit, verdicts and errors are {counts:?}: {outcome:#?}"));
        }
        let pairs = self.verdicts.iter().zip(verdicts);
        let of_errors = self.errors.iter().zip(&errors).filter_map(|(expected, found)| {
            let message = found["message"].as_str().unwrap();
            let has_text = expected.says.iter().all(|part| message.contains(part));
            (!has_text || found["code"] != expected.code.as_str()).then(|| found.to_string())
        });
        pairs.filter_map(|(row, found)| row.difference(Verdict::of(found))).chain(of_errors).next()
    }
}

#[test]
fn every_file_is_verified_as_its_row_expects() {
    let rows: Vec<_> = rows().into_iter().filter(|(_, row)| !row.is_plain()).collect();
    let mut failures = in_threads(&rows, |(name, row)| {
        let problem = row.difference(&row.run(name))?;
        Some(format!("{name}: {}\n{problem}", row.fault))
    });
    failures.sort();
    assert!(failures.is_empty(), "{} are not: {}", failures.len(), failures.join("\n\n"));
}

#[test]
fn all_valid_requests_are_valid_in_one_run() {
    let rows: Vec<_> = rows().into_iter().filter(|(_, row)| row.is_plain()).collect();
    assert!(rows.len() > 3 * 20, "each form of each provider");
    let names: Vec<_> = rows.iter().map(|(name, _)| name.as_str()).collect();
    let mut run = leadhook!("verify --secret s3cret --format json").args(&names);
    for name in &names {
        run = run.file(name, CORPUS.read(name));
    }
    let outcome = run.run().exits(0, "every request");
    let mut said = objects(&outcome.stdout).into_iter();
    for (name, row) in &rows {
        for expected in &row.verdicts {
            let found = said.next().unwrap();
            let source = found["source"].as_str().unwrap();
            assert!(source.starts_with(name), "{source}, expected {name}");
            let problem = expected.difference(Verdict::of(&found));
            assert_eq!(problem, None, "{name}: {}", row.fault);
        }
    }
    assert_eq!(said.next().unwrap()["kind"], "summary");
}

#[test]
fn every_input_has_an_expectation_and_every_expectation_one_input() {
    CORPUS.assert_paired();
}

#[test]
fn the_corpus_has_its_minimum_size() {
    let rows = rows();
    let explained = rows.values().filter(|row| row.verdicts.iter().any(Verdict::is_explained));
    let (all, explained) = (rows.len(), explained.count());
    // Not `println!`: the test harness captures its output if the test passes.
    let _ = writeln!(
        std::io::stderr(),
        "corpus: {all} files, {explained} with an explanation of a signature that does not hold"
    );
    assert!(all >= MIN_ROWS, "{all} files");
    assert!(explained >= MIN_EXPLAINED, "{explained} explanations");
}

#[test]
fn every_explanation_of_the_search_occurs_in_the_corpus() {
    let rows = rows();
    let verdicts = rows.values().flat_map(|row| &row.verdicts);
    let said = verdicts.flat_map(|verdict| &verdict.explanations).map(String::as_str);
    // Explanations that only custom packs can have are tested in `custom_packs`.
    let said: BTreeSet<_> =
        said.chain(custom_packs::explained::CODES).chain(shared_secret::CODES).collect();
    let codes = explain::codes();
    let missing: Vec<_> = codes.difference(&said).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_content_that_receivers_hash_occurs_in_the_corpus() {
    let rows = rows();
    let verdicts = rows.values().flat_map(|row| &row.verdicts);
    let found: BTreeSet<_> = verdicts.filter_map(|verdict| verdict.mine.as_deref()).collect();
    let codes: BTreeSet<_> = own_digest::texts().iter().map(|text| text.code).collect();
    let missing: Vec<_> = codes.difference(&found).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_files_match_their_generator() {
    CORPUS.assert_matches_generator("the_files_match_their_generator");
}
