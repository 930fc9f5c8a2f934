//! Findings about a payload, in JSON and text.

use super::{capture, verify};
use crate::support::keys;
use serde_json::json;

const SECRET: [&str; 2] = ["--secret", "s3cret"];

/// Returns the text output of `verify`.
fn as_text(input: &str, more: &[&str]) -> String {
    leadhook!("verify -").args(SECRET).args(more).stdin(input).run().stdout
}

#[test]
fn a_finding_states_expected_found_and_rule() {
    let broken = capture("created", &["--unset", "id", "--set", "email=corinne at example"]);
    let verdict = verify(broken, &SECRET).exits(1, "a lead without an id").object();
    let [missing, misformed] = verdict["payload"]["findings"].as_array().unwrap().as_slice() else {
        panic!("expected two findings: {verdict}");
    };
    let expected =
        ["severity", "code", "pointer", "message", "expected", "found", "rule", "source"];
    assert_eq!(keys(missing), expected);
    assert_eq!(
        [&missing["message"], &missing["expected"], &missing["found"], &missing["rule"]],
        [
            &json!("is missing, expected a hyphenated UUID or 32 hex digits"),
            &json!("a hyphenated UUID or 32 hex digits"),
            &json!("nothing"),
            &json!("created.schema.json#/allOf/0/required"),
        ]
    );
    assert!(missing["source"].as_str().unwrap().contains("developers.realgeeks.com/leads"));
    assert_eq!(
        [&misformed["pointer"], &misformed["found"], &misformed["rule"]],
        [
            &json!("/email"),
            &json!("`corinne at example`"),
            &json!("definitions.schema.json#/$defs/lead/properties/email/format"),
        ]
    );
}

#[test]
fn verbose_text_shows_the_source_and_the_rule() {
    let with_warning = capture("created", &["--set", "activities[0].type=danced"]);
    let (short, long) = (as_text(&with_warning, &[]), as_text(&with_warning, &["-v"]));
    let line = "/activities/0/type  is `danced`, expected one of 28 values";
    for text in [&short, &long] {
        assert!(text.contains(line), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 79), "{text}");
    }
    let text: String = long.split_whitespace().collect::<Vec<_>>().join(" ");
    for detail in [
        "expected one of `visited`, `search_performed`,",
        "source A (developers.realgeeks.com/activities),",
        "rule definitions.schema.json#/$defs/activity/properties/ type/enum",
    ] {
        assert!(text.contains(detail), "{detail} is not in {text}");
        assert!(!short.contains(detail), "{detail} is in {short}");
    }
}

#[test]
fn strict_makes_every_finding_an_error_in_json_and_text() {
    let with_warning = capture("created", &["--set", "activities[0].type=danced"]);
    let strict = [&SECRET[..], &["--strict"]].concat();
    let verdict = verify(with_warning.clone(), &strict).exits(1, "--strict").object();
    assert_eq!(verdict["payload"]["status"], "invalid");
    assert_eq!(verdict["payload"]["findings"][0]["severity"], "error");
    let text = as_text(&with_warning, &["--strict"]);
    assert!(text.contains("payload    INVALID: 1 error\n"), "{text}");
}

#[test]
fn a_hostile_value_is_truncated_and_cannot_drive_the_terminal() {
    let value = format!("role=\u{1b}[2J\n{}", "x".repeat(500));
    let hostile = capture("created", &["--set", &value]);
    let verdict = verify(hostile.clone(), &SECRET).exits(0, "a warning").object();
    let found = verdict["payload"]["findings"][0]["found"].as_str().unwrap();
    assert!(found.len() < 80 && found.ends_with("…`"), "{found}");
    let text = as_text(&hostile, &["-v"]);
    assert!(!text.contains('\u{1b}') && text.contains(r"`\u{1b}[2J\u{a}xxx"), "{text}");
}

#[test]
fn long_names_and_values_are_truncated_in_every_output() {
    let key = "k".repeat(300_000);
    let value = "v".repeat(300_000);
    let numbers = "1e400,".repeat(40);
    let body = format!(
        r#"{{"id":"1","role":"{value}","{key}":[{numbers}1],"{key}":{{"{key}":"\ud800"}}}}"#
    );
    let capture = json!({
        "headers": {
            "X-Lead-Router-Action": value, "X-Lead-Router-Message-Id": value,
            "X-Lead-Router-Signature": value,
        },
        "target": format!("/{value}"),
        "body": body,
    });
    let named = json!({"headers": {"X-Lead-Router-Action": "created"}, "body": body});
    for captured in [capture.to_string(), named.to_string()] {
        for form in ["", "-vv", "--format json"] {
            let args: Vec<_> = form.split_whitespace().collect();
            let run = leadhook!("verify - --secret s").args(&args).stdin(captured.clone()).run();
            let size = run.stdout.len() + run.stderr.len();
            assert!(size < 256 * 1024, "{form}: {size} bytes");
            if form.contains("json") {
                let verdict = run.object();
                let findings = verdict["payload"]["findings"].as_array().unwrap().iter();
                let cut = findings.filter(|finding| finding["truncated"] == true);
                let long = verdict.to_string().split('"').map(str::len).max();
                assert!(long <= Some(1024), "{long:?}");
                assert!(cut.count() > 2 || verdict["truncated"] == true, "{verdict}");
            }
        }
    }
}

#[test]
fn the_length_of_a_large_value_is_measured_in_full() {
    let message = "m".repeat(400_000);
    let body = json!({"event": "lead.created", "data": {"message": message, "email": 1}});
    let run = leadhook!("verify - -p leadpro --format json");
    let run = run.stdin(json!({"headers": {}, "body": body.to_string()}).to_string()).run();
    let verdict = run.exits(1, "invalid").object();
    let findings = verdict["payload"]["findings"].as_array().unwrap();
    let of = |pointer: &str| findings.iter().find(|it| it["pointer"] == pointer).unwrap();
    assert_eq!(of("/data/message")["found"], "400000 characters", "{findings:#?}");
    assert_eq!(of("/data/email")["code"], "wrong-type");
    assert!(findings.iter().any(|it| it["code"] == "more-findings"), "{findings:#?}");
}
