//! `leadhook events check`: payloads validated against the schema of their event.

use crate::support::{Outcome, keys, objects};

const BOT: &str = r#"{"id":"evt_1","type":"lead.created","timestamp":"2026-01-02T03:04:05Z","data":{"leadId":7,"firstName":"Jo","lastName":"Vale","email":"jo@example.com","phone":"+18085550142","source":"w","score":140}}"#;

fn check(files: &[(&str, &str)], args: &[&str]) -> Outcome {
    let names: Vec<_> = files.iter().map(|(name, _)| *name).collect();
    files
        .iter()
        .fold(leadhook!("events check").args(&names).args(args), |run, (name, text)| {
            run.file(name, text)
        })
        .run()
}

#[test]
fn every_finding_states_found_expected_and_source() {
    let outcome = check(&[("a.json", BOT)], &["--format", "json"]).exits(1, "json");
    let report = outcome.object();
    assert_eq!(
        keys(&report),
        ["schema_version", "kind", "source", "provider", "event", "status", "findings"]
    );
    let start = [&report["kind"], &report["provider"], &report["event"], &report["status"]];
    assert_eq!(start, ["payload", "realtorbot", "lead.created", "invalid"]);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "all of them, not the first: {report:#}");
    for finding in findings {
        for key in ["severity", "code", "pointer", "message", "expected", "found", "rule", "source"]
        {
            assert!(finding[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {finding}");
        }
    }
    let text = check(&[("a.json", BOT)], &[]).exits(1, "text").stdout;
    assert_eq!(
        text,
        "a.json  realtorbot lead.created  INVALID: 1 error, 1 warning\n  \
         /data/leadId  is the number `7`, expected a string\n  \
         /data/score  is `140`, expected at most 100\n"
    );
}

#[test]
fn strict_turns_warnings_into_errors() {
    let warned = BOT.replace("\"leadId\":7", "\"leadId\":\"7\"");
    let files = [("a.json", warned.as_str())];
    let plain = check(&files, &["--format", "json"]).exits(0, "warnings").object();
    assert_eq!(
        (&plain["status"], &plain["findings"][0]["severity"]),
        (&"warnings".into(), &"warning".into())
    );
    let strict = check(&files, &["--strict", "--format", "json"]).exits(1, "strict").object();
    assert_eq!(
        (&strict["status"], &strict["findings"][0]["severity"]),
        (&"invalid".into(), &"error".into())
    );
}

#[test]
fn the_event_is_named_or_detected_or_requested() {
    let updated = r#"{"id":"3f1c9a52-7d0e-4b86-9a41-c2e5d8f07b16","site_uuid":"3f1c9a52-7d0e-4b86-9a41-c2e5d8f07b16","site_domain":"www.example.com","partner_id":"1"}"#;
    check(&[("a.json", updated)], &["--event", "updated"]).exits(0, "named");
    let outcome = check(&[("a.json", updated)], &[]).exits(2, "not detected");
    assert_eq!(outcome.stderr_line("error: "), "no event given, and the payload does not name one");
    assert!(outcome.stderr_line("hint: ").contains("`--event`"));
    let with_action = updated.replacen('{', r#"{"action":"updated","#, 1);
    check(&[("a.json", with_action.as_str())], &["-p", "realgeeks"]).exits(0, "detected");
    let outcome = check(&[("a.json", "not JSON")], &[]).exits(3, "not JSON");
    assert!(outcome.stderr_line("error: ").starts_with("payload `a.json` is not JSON: "));
    let files = [("a.json", "not JSON"), ("b.json", BOT)];
    let outcome = check(&files, &[]).exits(3, "the other one is checked");
    assert!(outcome.stdout.ends_with("0 valid, 0 with warnings, 1 invalid, 1 unreadable\n"));
    let outcome = check(&[("a.json", "not JSON")], &["--event", "test", "--format", "json"]);
    assert_eq!(outcome.exits(1, "named").object()["findings"][0]["code"], "not-json");
    let another = BOT.replace("lead.created", "lead.made");
    let outcome = check(&[("a.json", another.as_str())], &["--format", "json"]).exits(1, "unknown");
    assert_eq!(outcome.object()["findings"][0]["code"], "unknown-event");
}

#[test]
fn a_captured_request_is_not_a_payload() {
    let capture = r#"{"schema_version":1,"kind":"capture","method":"POST","target":"/hooks","http_version":"HTTP/1.1","headers":[["Content-Type","application/json"],["X-Lead-Router-Action","created"]],"body":"{}"}"#;
    let message = "POST /hooks HTTP/1.1\r\nContent-Type: application/json\r\n\
                   X-Lead-Router-Action: created\r\nContent-Length: 2\r\n\r\n{}";
    for text in [capture, message] {
        let outcome = check(&[("a.json", text)], &[]).exits(3, text);
        let error = outcome.stderr_line("error: ");
        assert_eq!(error, "`a.json` is a captured request, not a payload");
        assert!(outcome.stderr_line("hint: ").contains("`leadhook verify a.json`"), "{outcome:?}");
    }
}

#[test]
fn several_payloads_are_counted_and_an_unreadable_one_hides_none() {
    let good = BOT.replace("\"leadId\":7", "\"leadId\":\"7\"").replace("140", "14");
    let files = [("a.json", BOT), ("b.json", good.as_str())];
    let outcome = check(&files, &["nothing.json"]).exits(3, "one is missing");
    assert!(
        outcome.stdout.ends_with("2 payloads: 1 valid, 0 with warnings, 1 invalid, 1 unreadable\n")
    );
    assert!(outcome.stderr_line("error: ").contains("`nothing.json`"));
    let summary = objects(&check(&files, &["--format", "json"]).exits(1, "both").stdout).remove(2);
    let counts = ["payloads", "valid", "warnings", "invalid"].map(|key| summary[key].as_u64());
    assert_eq!(counts, [Some(2), Some(1), Some(0), Some(1)]);
}

#[test]
fn every_sample_and_variant_passes_the_check() {
    let list = leadhook!("events --format json").in_process().object();
    let mut checked = 0;
    for event in list["events"].as_array().unwrap() {
        let name =
            format!("{}:{}", event["provider"].as_str().unwrap(), event["event"].as_str().unwrap());
        let variants = event["variants"].as_array().unwrap();
        let variants = variants.iter().map(|variant| variant.as_str());
        for variant in std::iter::once(None).chain(variants) {
            let more: Vec<_> = variant.into_iter().flat_map(|name| ["--variant", name]).collect();
            let shown = leadhook!("events show {}", name).args(&more).in_process();
            let shown = shown.exits(0, &name).stdout;
            leadhook!("events check - --strict --event {}", name)
                .stdin(shown)
                .in_process()
                .exits(0, &format!("{name} {variant:?}"));
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked} payloads");
}

#[test]
fn a_hostile_payload_cannot_drive_the_terminal() {
    let hostile =
        BOT.replace("\"w\"", "\"\\u001b[2J\"").replace("evt_1", "\\u001b]0;x\\u0007 \\u202e");
    let outcome = check(&[("a.json", hostile.as_str())], &["-v"]).exits(1, "hostile");
    assert!(!outcome.stdout.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{outcome:#?}");
}
