//! `--dry-run`: every request is printed as it would be sent, and nothing is.

use crate::replay::{BODY, SECRET, capture, genuine, lines, replay, summary};
use crate::support::{DeadPort, Endpoint, objects};
use serde_json::{Value, json};

/// Returns the headers of an object as pairs in order.
fn pairs(request: &Value) -> Vec<(String, String)> {
    serde_json::from_value(request["headers"].clone()).unwrap()
}

#[test]
fn what_is_printed_is_what_is_sent() {
    let endpoint = Endpoint::new(&[200]);
    let other =
        capture("/other?a=1", &[("x-lower", "1"), ("Host", "leads.example.com")], "\u{e9}\n");
    let captures = [genuine("1"), other];
    for args in [&[][..], &["--keep-host"]] {
        let dry = [&["--dry-run"], args].concat();
        let planned = replay(&captures, &endpoint.target(), &dry).exits(0, "a dry run");
        let before = endpoint.arrived().len();
        replay(&captures, &endpoint.target(), args).exits(0, "sent");
        let sent = &endpoint.arrived()[before..];
        let mut planned = objects(&planned.stdout);
        let summary = planned.pop().unwrap();
        assert_eq!((&summary["would_send"], &summary["deliveries"]), (&json!(2), &json!(0)));
        assert_eq!(planned.len(), sent.len());
        for (planned, sent) in planned.iter().zip(sent) {
            assert_eq!(planned["kind"], "dry-run");
            let request = &planned["request"];
            let target = request["target"].as_str().unwrap();
            assert_eq!(planned["url"], format!("http://127.0.0.1{}{target}", endpoint.target()));
            let line = format!("{} {target} HTTP/1.1", request["method"].as_str().unwrap());
            assert_eq!(line, sent.line);
            let mut headers = (pairs(request), sent.headers.clone());
            headers.0.sort();
            headers.1.sort();
            assert_eq!(headers.0, headers.1);
            assert_eq!(request["body"].as_str().unwrap().as_bytes(), sent.body);
        }
    }
    assert_eq!(endpoint.arrived().len(), 4);
}

#[test]
fn nothing_is_sent_and_the_edited_request_can_be_verified() {
    let dead = DeadPort::new();
    let args = "--dry-run --resign --secret s3cret --set partner_id=002 --now @1767323045 -q";
    let args: Vec<_> = args.split(' ').collect();
    let outcome = replay(&[genuine("1")], &dead.target(), &args).exits(0, "a dry run");
    let planned = outcome.object();
    let keys =
        ["schema_version", "kind", "source", "provider", "event", "message_id", "url", "request"];
    assert_eq!(crate::support::keys(&planned), keys);
    assert_eq!(planned["source"], "caps.jsonl");
    assert_eq!(planned["request"]["received_at"], "2026-01-02T03:04:05Z");
    assert_eq!(planned["request"]["body"], BODY.replace("001", "002"));
    leadhook!("verify planned.json --secret {}", SECRET)
        .file("planned.json", planned["request"].to_string())
        .run()
        .exits(0, "its signature is valid");
}

#[test]
fn text_shows_each_request_with_its_url_and_body() {
    let captures = [genuine("1"), capture("/", &[], "hello\n\u{1b}[31m")];
    let outcome = leadhook!("replay c.jsonl --to :3000/in --dry-run")
        .file("c.jsonl", lines(&captures))
        .run()
        .exits(0, "a dry run");
    for part in [
        "--> c.jsonl:1  realgeeks integration_enabled  1\n    POST http://127.0.0.1:3000/in  ",
        "    X-Lead-Router-Message-Id: 1\n",
        "    Accept: */*\n    Host: 127.0.0.1:3000\n    Content-Length: 71\n\n",
        BODY,
        "--> c.jsonl:2  unknown provider\n",
        "    hello\n    \\u{1b}[31m\n",
        "\ndry run: 2 requests would be sent; nothing was sent\n",
    ] {
        assert!(outcome.stdout.contains(part), "{part:?} in {}", outcome.stdout);
    }
    assert_eq!(outcome.stderr, "");
}

#[test]
fn captures_that_cannot_be_sent_are_reported_as_without_a_dry_run() {
    let captures = [capture("*", &[], BODY), genuine("2")];
    let outcome = replay(&captures, ":3000", &["--dry-run"]).exits(3, "one is left out");
    let summary = summary(&outcome);
    assert_eq!((&summary["would_send"], &summary["left_out"]), (&json!(1), &json!(1)));
    for option in [["--expect", "200"], ["--speed", "real"], ["--baseline", "before"]] {
        let args = [&["--dry-run"], &option[..]].concat();
        replay(&captures, ":3000", &args).exits(2, "it would have no effect");
    }
}

#[test]
fn a_remote_target_of_the_project_may_be_shown() {
    let outcome = leadhook!("replay c.jsonl --dry-run --format json")
        .file("c.jsonl", genuine("1").to_string())
        .file("leadhook.toml", "target = \"https://leads.example.com\"\n")
        .run()
        .exits(0, "nothing is sent");
    assert_eq!(outcome.object()["url"], "https://leads.example.com/hooks");
}
