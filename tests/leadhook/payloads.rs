//! The corpus of payloads: each is validated as the file beside it expects, and every rule of every
//! schema is broken by one of them.
//!
//! `tests/corpus/payloads/make.py` generates the files and their expectations, without leadhook.

use crate::support::Corpus;
use leadhook::domain::finding::{Finding, Severity};
use leadhook::domain::secret::Keyring;
use leadhook::domain::verdict::PayloadVerdict;
use leadhook::engine::judge::{Judge, Strictness};
use leadhook::protocols::schema_outline::{Constraint, constraints};
use leadhook::providers::Packs;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// The minimum number of invalid payloads.
const MIN_INVALID: usize = 120;

/// The expected findings of a payload.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    provider: String,
    event: String,
    fault: String,
    status: String,
    /// The `severity code /pointer` of each finding.
    findings: Vec<String>,
    /// The outcome if warnings are errors, if it differs.
    strict: Option<String>,
    /// Substrings of the messages.
    #[serde(default)]
    says: Vec<String>,
}

/// Returns the corpus of payloads.
const CORPUS: Corpus = Corpus("payloads");

fn rows() -> BTreeMap<String, Row> {
    CORPUS.rows()
}

fn judge(strict: bool) -> Judge {
    let strictness = Strictness { strict, ..Strictness::default() };
    Judge::new(Packs::builtin().unwrap(), Keyring::default(), None, strictness)
}

fn check(judge: &Judge, name: &str, row: &Row) -> PayloadVerdict {
    let pack = judge.packs().find(&row.provider).unwrap();
    judge.validate_payload(pack, &row.event, &CORPUS.read(name))
}

fn status(verdict: &PayloadVerdict) -> String {
    serde_json::to_value(verdict.status).unwrap().as_str().unwrap().to_owned()
}

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
        other => panic!("{other:?} has no word in the table"),
    };
    format!("{severity} {} {}", finding.code, finding.pointer).trim_end().to_owned()
}

/// Returns the general defects of a finding's message.
fn unhelpful(finding: &Finding) -> Option<&'static str> {
    let Finding { message, expected, found, rule, source, .. } = finding;
    let in_message = |part: &str| message.contains(part);
    match () {
        () if expected.is_empty() || found.is_empty() || source.is_empty() => Some("is left empty"),
        // The message paraphrases these, or quotes them in part.
        () if finding.code == "duplicate-key" || expected.starts_with("one of ") => None,
        () if !in_message(expected) => Some("is not expected so"),
        () if finding.code == "missing" && found != "nothing" => Some("is there"),
        () if rule.as_ref().is_some_and(|rule| rule.contains('%')) => Some("is percent-encoded"),
        () if source.contains('[') => Some("has a source that only the pack can read"),
        () => None,
    }
}

#[test]
fn every_payload_is_validated_as_its_row_expects() {
    let (lenient, strict) = (judge(false), judge(true));
    let mut failures = Vec::new();
    for (name, row) in rows() {
        let verdict = check(&lenient, &name, &row);
        let found: Vec<_> = verdict.findings.iter().map(line).collect();
        let messages: Vec<_> = verdict.findings.iter().map(|it| it.message.as_str()).collect();
        let missing = row.says.iter().find(|part| !messages.concat().contains(*part));
        if (status(&verdict), &found) != (row.status.clone(), &row.findings) || missing.is_some() {
            let (expected, fault) = (&row.findings, &row.fault);
            failures.push(format!(
                "{name}: {fault}\nexpected {expected:#?}, found {found:#?}\n{messages:#?}\n{missing:?} is not in them"
            ));
        }
        for finding in &verdict.findings {
            if let Some(problem) = unhelpful(finding) {
                failures.push(format!("{name}: {problem}: {finding:#?}"));
            }
        }
        let with_strict = check(&strict, &name, &row);
        let expected = row.strict.as_ref().unwrap_or(&row.status);
        let raised = with_strict.findings.iter().all(|finding| finding.severity == Severity::Error);
        if status(&with_strict) != *expected || !raised || with_strict.findings.len() != found.len()
        {
            failures.push(format!(
                "{name}: expected {expected} with `--strict`, found {with_strict:#?}"
            ));
        }
    }
    assert!(failures.is_empty(), "{} are not: {}", failures.len(), failures.join("\n\n"));
}

/// Returns the fields that a rule requires, if any: each counts as one rule.
fn each(documents: &BTreeMap<String, Value>, constraint: &Constraint) -> Vec<String> {
    if constraint.keyword != "required" {
        return vec![String::new()];
    }
    let (file, pointer) = constraint.rule.split_once('#').unwrap();
    let names = documents[file].pointer(pointer).unwrap().as_array().unwrap();
    names.iter().map(|name| format!(" {}", name.as_str().unwrap())).collect()
}

#[test]
fn every_rule_of_every_schema_is_broken_by_a_payload() {
    let judge = judge(false);
    let mut broken = BTreeSet::new();
    for (name, row) in &rows() {
        for finding in check(&judge, name, row).findings {
            let field = finding.pointer.rsplit('/').next().filter(|_| finding.found == "nothing");
            let field = field.map(|field| format!(" {field}")).unwrap_or_default();
            broken.extend(finding.rule.map(|rule| format!("{} {rule}{field}", row.provider)));
        }
    }
    let mut rules = BTreeSet::new();
    for pack in judge.packs().iter() {
        for event in &pack.provider.events {
            let documents = pack.documents(&event.name).unwrap();
            for constraint in constraints(&documents) {
                let rule = format!("{} {}", pack.provider.id, constraint.rule);
                assert!(constraint.source.is_some(), "{rule} has no source beside it");
                rules.extend(
                    each(&documents, &constraint).iter().map(|name| format!("{rule}{name}")),
                );
            }
        }
    }
    let never_broken: Vec<_> = rules.difference(&broken).collect();
    assert!(never_broken.is_empty(), "{} are never broken: {never_broken:#?}", never_broken.len());
    let unlisted: Vec<_> = broken.difference(&rules).collect();
    assert!(unlisted.is_empty(), "are broken, and are not rules: {unlisted:#?}");
    let _ = writeln!(std::io::stderr(), "payloads: {} rules, all of them broken", rules.len());
}

#[test]
fn findings_point_into_the_payload_and_the_pack() {
    let judge = judge(false);
    let mut checked = 0;
    for (name, row) in &rows() {
        let bytes = CORPUS.read(name);
        // Half a surrogate pair, which this reader rejects, is tested elsewhere.
        let Ok(payload) = serde_json::from_slice::<Value>(&bytes) else { continue };
        let pack = judge.packs().find(&row.provider).unwrap();
        // As another event, it breaks more rules than intended.
        for event in &pack.provider.events {
            let documents = pack.documents(&event.name).unwrap();
            for finding in judge.validate_payload(pack, &event.name, &bytes).findings {
                let Some(rule) = &finding.rule else { continue };
                let (file, pointer) = rule.split_once('#').unwrap();
                let is_rule = documents[file].pointer(pointer).is_some();
                let is_there = payload.pointer(&finding.pointer).is_some();
                let is_missing = finding.found == "nothing";
                assert!(is_rule && is_there != is_missing, "{name} as {}: {finding:?}", event.name);
                assert_eq!(unhelpful(&finding), None, "{name} as {}: {finding:?}", event.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 3000, "{checked}");
}

#[test]
fn every_code_of_a_schema_occurs() {
    fn codes(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(fields) => {
                found.extend(fields.get("x-code").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|field| codes(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| codes(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut declared = BTreeSet::new();
    for pack in Packs::builtin().unwrap().iter() {
        for event in &pack.provider.events {
            for document in pack.documents(&event.name).unwrap().values() {
                codes(document, &mut declared);
            }
        }
    }
    assert!(declared.len() > 5, "{declared:?}");
    let rows = rows();
    let occurring: BTreeSet<_> = rows
        .values()
        .flat_map(|row| &row.findings)
        .filter_map(|finding| finding.split(' ').nth(1).map(str::to_owned))
        .collect();
    let missing: Vec<_> = declared.difference(&occurring).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_payload_corpus_has_its_minimum_size() {
    let rows = rows();
    let invalid = rows.values().filter(|row| !row.findings.is_empty()).count();
    // Not `println!`: the test harness captures its output if the test passes.
    let _ = writeln!(std::io::stderr(), "payloads: {} files, {invalid} with a finding", rows.len());
    assert!(invalid >= MIN_INVALID, "{invalid} payloads");
}

#[test]
fn every_payload_has_an_expectation_and_every_expectation_a_payload() {
    CORPUS.assert_paired();
}

#[test]
fn the_payloads_match_their_generator() {
    CORPUS.assert_matches_generator("the_payloads_match_their_generator");
}
