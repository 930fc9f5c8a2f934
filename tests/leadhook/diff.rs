//! `leadhook diff`: two requests, and the cause of their difference.

use crate::support::{Leadhook, Outcome, assert_valid_output, keys};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const BODY: &str = r#"{"id":7,"url":"https://x.example/a"}"#;

fn request(body: &str) -> String {
    format!("POST /hooks HTTP/1.1\r\nHost: x.example\r\nX-Id: 1\r\n\r\n{body}")
}

/// Compares two files.
fn diff(a: &str, b: &str, more: &[&str]) -> Outcome {
    leadhook!("diff a.http b.http").args(more).file("a.http", a).file("b.http", b).run()
}

/// Compares two files to JSON.
#[track_caller]
fn difference(a: &str, b: &str, exit: i32) -> Value {
    let found = diff(a, b, &["--format", "json"]).exits(exit, b).object();
    assert_valid_output(&found);
    found
}

#[test]
fn the_first_line_is_the_cause() {
    let a = request(BODY);
    for (b, exit, first) in [
        (a.clone(), 0, "same bytes"),
        (request(&format!("{BODY}\n")), 1, "B has a final newline"),
        (request(&BODY[..20]), 1, "B is cut off after 20 bytes"),
        (request(r#"{"id":7}"#), 1, "B lost the field `/url`"),
        (request(r#"{"url":"https://x.example/a","id":7}"#), 1, "same JSON, other order of fields"),
        (a.replace("X-Id: 1", "X-Id: 2"), 1, "same body, other header"),
        (a.replace("X-Id", "x-id"), 1, "same body, other case of the header names"),
        (a.replace("POST", "PUT"), 1, "same body, other method"),
    ] {
        let outcome = diff(&a, &b, &[]).exits(exit, first);
        assert_eq!(outcome.stdout.lines().next(), Some(first), "{outcome:?}");
        assert_eq!(outcome.stderr, "");
    }
    let php = request(&BODY.replace('/', "\\/"));
    let first = diff(&a, &php, &[]).exits(1, "php").stdout;
    assert!(
        first.starts_with("same JSON, B was printed by PHP's `json_encode($array)`"),
        "{first}"
    );
}

#[test]
fn every_part_that_differs_is_shown() {
    let a = request(BODY);
    let b = request(&BODY.replace('7', "8"))
        .replace("X-Id: 1", "X-Id: 2")
        .replace("POST /hooks", "PUT /x");
    let found = difference(&a, &b, 1);
    assert_eq!(
        keys(&found),
        [
            "schema_version",
            "kind",
            "a",
            "b",
            "same",
            "cause",
            "method",
            "target",
            "headers",
            "body",
            "json"
        ]
    );
    assert_eq!(found["method"], json!({"same": false, "a": "POST", "b": "PUT"}));
    assert_eq!(found["target"], json!({"same": false, "a": "/hooks", "b": "/x"}));
    let header = json!([{"change": "changed", "name": "X-Id", "a": ["1"], "b": ["2"]}]);
    assert_eq!(found["headers"], header);
    assert_eq!(found["body"]["first_difference"]["offset"], 6);
    assert_eq!(found["body"]["first_difference"]["a"]["character"], "`7`");
    let value = json!([{"pointer": "/id", "change": "changed", "a": "7", "b": "8", "note": null}]);
    assert_eq!(found["json"], value);
    let text = diff(&a, &b, &[]).exits(1, "text").stdout;
    for part in [
        "method   A  POST",
        "target   A  /hooks",
        "changed  X-Id",
        "/id  changed",
        "A has `7`, B has `8`",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn the_bodies_alone_can_be_compared() {
    let a = request(BODY);
    let b = a.replace("POST", "PUT").replace("X-Id", "X-Other");
    let outcome = diff(&a, &b, &["--body-only"]).exits(0, "body only");
    assert!(outcome.stdout.starts_with("same bytes\n"), "{outcome:?}");
    let json = diff(&a, &b, &["--body-only", "--format", "json"]).exits(0, "json").object();
    assert_valid_output(&json);
    assert_eq!((&json["same"], &json["headers"]), (&json!(true), &Value::Null));
}

#[test]
fn one_of_several_requests_is_selected() {
    let capture = |body: &str| json!({"headers": {}, "body": body}).to_string();
    let lines = format!("{}\n{}\n{{\"torn\n{}\n", capture("1"), capture("2"), capture("1"));
    let run = |a: &str, b: &str| {
        leadhook!("diff {} {}", a, b).file("l.jsonl", &lines).file("one.json", capture("1")).run()
    };
    run("l.jsonl:1", "one.json").exits(0, "by line");
    run("l.jsonl:2", "one.json").exits(1, "another line");
    run("l.jsonl#4", "one.json:1").exits(0, "after an unreadable line");
    let several = run("l.jsonl", "one.json").exits(3, "several");
    assert!(several.stderr_line("hint: ").contains("`l.jsonl:1` or `l.jsonl:2`"), "{several:?}");
    let torn = run("l.jsonl:3", "one.json").exits(3, "torn");
    assert!(torn.stderr.contains("line 3"), "{torn:?}");
    let none = run("l.jsonl:9", "one.json").exits(3, "none");
    assert!(none.stderr_line("error: ").contains("has no request 9"), "{none:?}");
    let missing = run("nowhere.json:1", "one.json").exits(3, "missing");
    assert!(missing.stderr.contains("`nowhere.json:1`"), "{missing:?}");
}

#[test]
fn standard_input_is_one_of_the_two() {
    let run = |a: &str, b: &str| {
        leadhook!("diff {} {}", a, b).file("a.http", request(BODY)).stdin(request(BODY)).run()
    };
    run("-", "a.http").exits(0, "first");
    run("a.http", "-").exits(0, "second");
    let both = run("-", "-").exits(2, "both");
    assert!(both.stderr.contains("standard input is used twice"), "{both:?}");
    leadhook!("diff a.http").in_process().exits(2, "one argument");
}

#[test]
fn a_parsed_body_is_not_called_the_same() {
    let parsed = r#"{"headers":{},"body":{"id":7,"url":"https://x.example/a"}}"#;
    let outcome = Leadhook::new(["diff", "a.json", "b.http", "--body-only"])
        .file("a.json", parsed)
        .file("b.http", request(BODY))
        .run()
        .exits(1, "parsed");
    let first = "same JSON, but the bytes of A are not known";
    assert!(outcome.stdout.starts_with(first), "{outcome:?}");
}

#[test]
fn invisible_and_hostile_characters_are_escaped_and_lines_fit() {
    let a = request(&format!(r#"{{"a":"x y","b":"{}"}}"#, "long ".repeat(60)));
    let b = a
        .replace("x y", "x\u{a0}y\u{202e}\u{1b}[31m")
        .replace("X-Id: 1", &format!("X-Id: {}", "z".repeat(300)));
    for columns in [60, 80, 120] {
        let outcome = leadhook!("diff a.http b.http")
            .env("COLUMNS", &columns.to_string())
            .file("a.http", &a)
            .file("b.http", &b)
            .run()
            .exits(1, "width");
        assert!(!outcome.stdout.contains(['\u{a0}', '\u{202e}', '\u{1b}']), "{outcome:?}");
        for line in outcome.stdout.lines() {
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
    }
    let found = difference(&a, &b, 1);
    assert_eq!(found["body"]["first_difference"]["b"]["character"], "no-break space, U+00A0");
}

#[test]
fn the_times_of_a_token_are_no_difference_to_the_body_of_its_request() {
    let parts = [r#"{"alg":"HS256"}"#, r#"{"event":"lead.created","iat":1,"exp":2,"nbf":1}"#, "x"];
    let token = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let request = format!("POST / HTTP/1.1\r\nAuthorization: {token}\r\n\r\n");
    let found = difference(&token, &format!("{request}{{\"event\":\"lead.created\"}}"), 1);
    assert_eq!(found["json"], json!([]));
    let found = difference(&token, &format!("{request}{{\"event\":\"lead.lost\"}}"), 1);
    assert_eq!(found["json"][0]["pointer"], "/event");
}
