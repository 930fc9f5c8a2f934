//! Tests of whole HTML reports.

use super::*;
use crate::domain::cause::Cause;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::output::report::tests::{cases, suite};
use quick_xml::Reader;
use quick_xml::name::QName;
use std::collections::BTreeSet;
use std::time::Duration;

/// The elements of HTML that have no end tag.
const VOID: [&str; 3] = ["meta", "input", "br"];

fn render(suite: &Suite<'_>) -> String {
    String::from_utf8(write(suite).unwrap()).unwrap()
}

fn name(name: QName<'_>) -> String {
    String::from_utf8(name.as_ref().to_vec()).unwrap()
}

fn cause(cases: &[&str]) -> Cause {
    Cause {
        code: "body-reserialised",
        message: "Your receiver hashes `JSON.stringify(body)`.".to_owned(),
        fix: "Hash the raw body.".to_owned(),
        confirmed: true,
        cases: cases.iter().map(|&case| case.to_owned()).collect(),
    }
}

/// Reads a document as elements: their names with the values of `id` and of the references to ids.
/// Panics if a tag is not closed where it should be, or if an element has an attribute twice.
fn elements(document: &str) -> Vec<(String, Option<String>, Vec<String>)> {
    let markup = document.strip_prefix("<!doctype html>\n").unwrap();
    let mut reader = Reader::from_str(markup);
    reader.config_mut().check_end_names = true;
    let (mut found, mut open) = (Vec::new(), 0);
    loop {
        let start = match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(start) => {
                open += 1;
                assert!(!VOID.contains(&name(start.name()).as_str()));
                start
            }
            Event::Empty(start) => {
                let name = name(start.name());
                let is_svg = ["line", "circle"].contains(&name.as_str());
                assert!(is_svg || VOID.contains(&name.as_str()), "{name}");
                start
            }
            Event::End(_) => {
                open -= 1;
                continue;
            }
            _ => continue,
        };
        let (mut id, mut references) = (None, Vec::new());
        for attribute in start.attributes() {
            let attribute = attribute.unwrap();
            let value = String::from_utf8(attribute.value.into_owned()).unwrap();
            match name(attribute.key).as_str() {
                "id" => id = Some(value),
                "href" => references.extend(value.strip_prefix('#').map(str::to_owned)),
                "for" | "aria-labelledby" => {
                    references.extend(value.split(' ').map(str::to_owned));
                }
                _ => {}
            }
        }
        found.push((name(start.name()), id, references));
    }
    assert_eq!(open, 0);
    found
}

/// Returns a report with something in every section.
fn full_report() -> String {
    let mut cases = cases();
    cases[0].response_times = vec![Duration::from_millis(2), Duration::from_secs(9)];
    cases[1].indented_bodies = vec![None, Some("{\n  \"a\": 1\n}".to_owned())];
    "an id/with \"quotes\"".clone_into(&mut cases[1].id);
    let explanations = [cause(&["an id/with \"quotes\""])];
    let stopped = Some("the deadline of 2m was reached");
    let redaction = Some("requests are redacted");
    render(&Suite { ran: 3, stopped, redaction, causes: &explanations, ..suite(&cases) })
}

#[test]
fn every_tag_is_closed_and_every_link_within_the_report_has_a_destination() {
    let all = elements(&full_report());
    let ids: Vec<_> = all.iter().filter_map(|(_, id, _)| id.clone()).collect();
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "an id is there twice: {ids:?}");
    let references: Vec<_> = all.iter().flat_map(|(.., references)| references).collect();
    assert!(references.len() > 10, "{references:?}");
    for reference in references {
        assert!(unique.contains(reference), "{reference}");
    }
    for id in ids {
        assert!(!id.contains(|c: char| c.is_whitespace() || "\"'<>&%#/".contains(c)), "{id}");
    }
}

#[test]
fn landmarks_and_headings_are_in_order() {
    let all = elements(&full_report());
    let count = |wanted: &str| all.iter().filter(|(name, ..)| name == wanted).count();
    for landmark in ["header", "nav", "main", "footer", "h1", "title"] {
        // The chart has a title as well.
        assert_eq!(count(landmark), if landmark == "title" { 2 } else { 1 }, "{landmark}");
    }
    let levels = all.iter().filter_map(|(name, ..)| name.strip_prefix('h')?.parse::<u8>().ok());
    let levels: Vec<_> = levels.collect();
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
}

#[test]
fn nothing_is_loaded_or_run() {
    let document = full_report();
    for name in ["script", "link", "img", "iframe", "object", "embed", "base", "form", "image"] {
        assert!(elements(&document).iter().all(|(found, ..)| found != name), "{name}");
    }
    for text in ["url(", "@import", "src=", "javascript:", "http-equiv", " onclick"] {
        assert!(!document.contains(text), "{text}");
    }
    assert!(document.contains(STYLE), "the style sheet was escaped");
}

#[test]
fn observed_values_cannot_add_markup() {
    let cases = cases();
    let document = render(&suite(&cases));
    assert!(document.starts_with("<!doctype html>\n<html"), "{document}");
    for markup in ["<script", "<b>bold", "Real <Estate>", "\u{1b}"] {
        assert!(!document.contains(markup), "{markup}");
    }
    assert!(document.contains("<a href=\"https://example.com/webhooks\" rel=\"noreferrer\">"));
    assert_eq!(document.matches("<details class=\"case ").count(), 4);
    let open = "<details class=\"case fail\" open=\"open\">";
    assert_eq!(document.matches(open).count(), 1, "failed cases are expanded: {document}");
}

#[test]
fn texts_of_the_receiver_are_cut() {
    let mut cases = cases();
    cases[1].observed = "x".repeat(1 << 20);
    let document = render(&suite(&cases));
    assert!(document.len() < 1 << 16, "{}", document.len());
    assert!(document.contains("xxx…"));
}

#[test]
fn the_verdict_is_said_in_words() {
    let verdict = |cases: &[CaseReport]| {
        let document = render(&suite(cases));
        let (_, rest) = document.split_once("<header class=\"band ").unwrap();
        let (band, _) = rest.split_once("</header>").unwrap();
        band.to_owned()
    };
    let cases = cases();
    for (cases, class, word, sentence) in [
        (&cases[..1], "pass", "Check passed", "1 of 1 case passed."),
        (&cases[..2], "fail", "Check failed", "1 of 2 cases failed."),
        (&cases[2..], "incomplete", "Check incomplete", "No failure, 1 of 2 cases incomplete."),
    ] {
        let band = verdict(cases);
        assert!(band.starts_with(class), "{band}");
        assert!(band.contains(word) && band.contains(sentence), "{sentence}: {band}");
        assert!(band.contains("2026-11-30 00:00:00 UTC") && band.contains("seed 7"), "{band}");
    }
}

#[test]
fn cases_that_were_not_run_are_counted_apart() {
    let cases = cases();
    let stopped = Some("the deadline of 2m was reached");
    let document = render(&Suite { ran: 2, stopped, ..suite(&cases) });
    for expected in [
        "1 passed, 1 failed, 0 incomplete, 2 not run in 1.0 s",
        "<li class=\"not-run\"><b>2</b> not run</li>",
        "<strong>2 cases were not run</strong><p>The deadline of 2m was reached.</p>",
        "1 of 2 passed, 2 not run",
        "not run: unknown, left-out",
    ] {
        assert!(document.contains(expected), "{expected}: {document}");
    }
    assert!(!document.contains("incomplete case"), "{document}");
    assert_eq!(document.matches("<details class=\"case ").count(), 2);
    let cut_off = render(&Suite { stopped, ..suite(&cases) });
    assert!(cut_off.contains("<strong>The check did not finish</strong>"), "{cut_off}");
}

#[test]
fn causes_and_failures_lead_to_their_cases() {
    let mut cases = cases();
    "explained".clone_into(&mut cases[1].advice);
    cases[2].outcome = CaseOutcome::Fail;
    "hash `express.raw()`".clone_into(&mut cases[2].advice);
    let suite = Suite { causes: &[cause(&["bad"])], ..suite(&cases) };
    let document = render(&suite);
    for (link, count) in [
        ("<a href=\"#case-bad\">", 1),
        ("<a href=\"#case-unknown\">", 1),
        ("<a href=\"#cause-body-reserialised\">", 1),
        ("<a href=\"#failures\">Other failures</a> 1<", 1),
        ("expected: refused, below 500; observed: 500 in 2 ms", 1),
        ("explained", 0),
    ] {
        assert_eq!(document.matches(link).count(), count, "{link}: {document}");
    }
    for expected in [
        "<h2>1 other failure</h2>",
        "id=\"case-bad\"",
        "Your receiver hashes <code>JSON.stringify(body)</code>.",
        "hash <code>express.raw()</code>",
        "<dd><code>must</code>: required, since",
        "<dt>seed</dt><dd>7</dd>",
        "<time datetime=\"2026-11-30T00:00:00Z\">2026-11-30 00:00:00 UTC</time>",
        "<dt>secret</dt><dd><code>--secret</code></dd>",
        "rel=\"noreferrer\" class=\"titled\">RFC 9110</a>",
        "leadhook check :3000 --secret --seed 7</pre>",
        "<input type=\"checkbox\" id=\"only-failures\"/><label for=\"only-failures\">",
    ] {
        assert!(document.contains(expected), "{expected}: {document}");
    }
}

#[test]
fn failures_that_do_not_count_are_told_from_those_that_do() {
    let mut cases = cases();
    cases[1].level = crate::domain::conformance::RequirementLevel::May;
    let document = render(&suite(&cases));
    for expected in ["(may, not counted)", "this failure is not counted", "failed and not counted"]
    {
        assert!(document.contains(expected), "{expected}: {document}");
    }
    let passed = render(&suite(&cases[..1]));
    assert!(!passed.contains("id=\"only-failures\""), "a filter without failures");
    assert!(!passed.contains("id=\"failures\""), "a list without failures");
}

#[test]
fn a_long_request_is_folded_and_whole() {
    let mut cases = cases();
    let is_folded = |curl: String, cases: &mut [CaseReport]| {
        cases[1].curl = Some(curl.clone());
        let document = render(&suite(cases));
        assert!(document.contains(&format!(">{curl}</pre>")), "the command is cut");
        document.contains("<details class=\"request\"><summary>Request as curl")
    };
    assert!(!is_folded("curl a".to_owned(), &mut cases));
    assert!(is_folded("x".repeat(20_000), &mut cases));
}

#[test]
fn a_report_without_a_command_says_why() {
    let cases = cases();
    let document = render(&Suite { command: None, ..suite(&cases) });
    assert!(document.contains("no command: an input came from a pipe"), "{document}");
}
