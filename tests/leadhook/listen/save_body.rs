//! `listen --save-body`: captures with a redacted body or none.

use crate::listen::{SECRET, listen, next_saved};
use crate::support::{Endpoint, captures, json_lines, leadhook, objects, send};
use serde_json::Value;
use std::fs;

const PERSONAL: &str = "zebulon";

/// The changes that put a marker into each kind of delivery.
const EVENTS: [(&str, &str); 3] = [
    ("realgeeks:created", "email=zebulon@example.com"),
    ("leadpro:lead.created", "data.email=zebulon@example.com"),
    ("realtorbot:lead.created", "data.email=zebulon@example.com"),
];

#[test]
fn personal_data_is_not_saved_and_the_response_is_the_same() {
    for part in ["redacted", "none"] {
        let mut listener = listen(&["--save", "caps", "--save-body", part]);
        let hooks = format!("{}hooks", listener.url);
        for (event, change) in EVENTS {
            let (exit, delivery) = send(event, &hooks, &[&SECRET[..], &["--set", change]].concat());
            assert_eq!(exit, 0, "{part} {event}: {delivery}");
            let text = fs::read_to_string(next_saved(&mut listener)).unwrap();
            let capture = objects(&text).remove(0);
            assert_eq!(capture["body_saved"], part, "{capture}");
            assert_eq!(capture["body"] == "", part == "none", "{capture}");
            assert_eq!(capture["target"], "/hooks", "{capture}");
            // A token holds the claims in base64.
            for header in capture["headers"].as_array().unwrap() {
                let value = header[1].as_str().unwrap();
                for piece in value.split(['.', ' ']) {
                    let decoded = leadhook(&["decode", value]).stdout;
                    assert!(!decoded.contains(PERSONAL) && !piece.contains(PERSONAL), "{header}");
                }
            }
            assert!(!text.contains(PERSONAL), "{part} {event}: {text}");
        }
    }
}

#[test]
fn a_large_body_is_redacted_too() {
    let mut listener = listen(&["--save", "caps", "--save-body", "redacted"]);
    let long = format!("notes={}", "zebulon ".repeat(10_000));
    let outcome = leadhook!("send created {} --secret s3cret --set {}", listener.url, long).run();
    assert_eq!(outcome.exit, 0);
    let text = fs::read_to_string(next_saved(&mut listener)).unwrap();
    assert!(!text.contains(PERSONAL));
    assert_eq!(objects(&text)[0]["body_saved"], "redacted");
}

#[test]
fn whole_bodies_are_the_default_and_say_nothing() {
    let mut listener = listen(&["--save", "caps"]);
    send("created", &listener.url, &SECRET);
    let text = fs::read_to_string(next_saved(&mut listener)).unwrap();
    assert!(!text.contains("body_saved"), "{text}");
    let outcome = leadhook(&["listen", ":0", "--save-body", "none"]);
    assert_eq!(outcome.exit, 2, "{outcome:?}");
    assert!(outcome.stderr.contains("--save"), "{outcome:?}");
}

#[test]
fn such_captures_are_not_checked_and_not_replayed() {
    for part in ["redacted", "none"] {
        let listener = listen(&["--save", "caps", "--save-body", part]);
        for (event, _) in EVENTS {
            send(event, &listener.url, &SECRET);
        }
        let folder = listener.dir().join("caps");
        let folder = folder.to_str().unwrap();
        let verify = leadhook!("verify {} --secret s3cret --format json", folder).run();
        assert_eq!(verify.exit, 5, "{part}: {verify:?}");
        for verdict in objects(&verify.stdout).iter().filter(|it| it["kind"] == "verdict") {
            let signature = &verdict["signature"];
            assert_eq!(signature["status"], "unchecked", "{verdict}");
            assert_eq!(signature["explanations"][0]["code"], "body-not-saved", "{verdict}");
            assert_eq!((&verdict["valid"], signature.get("tried")), (&Value::Bool(false), None));
        }
        let text = leadhook!("verify {} --secret s3cret", folder).run();
        assert!(text.stdout.contains("not checked: the body was not saved"), "{text:?}");
        let failed = leadhook!("convert {} --print json --failed --secret s3cret", folder).run();
        assert_eq!(failed.exit, 5, "{failed:?}");
        assert!(failed.stderr.contains("the body was not saved"), "{failed:?}");

        let app = Endpoint::new(&[200]);
        for more in ["", "--resign", "--order reverse"] {
            let run = leadhook!("replay {} --to {} --secret s3cret", folder, app.target());
            let outcome = run.args(more.split_whitespace()).run();
            assert_eq!(outcome.exit, 3, "{part} {more}: {outcome:?}");
            let reason = format!("has no body to use: it was saved with `--save-body {part}`");
            assert!(outcome.stderr.contains(&reason), "{part} {more}: {outcome:?}");
        }
        assert!(app.arrived().is_empty(), "{part}");

        let file = captures(&listener.dir().join("caps")).remove(0);
        let printed = leadhook!("convert {} --print json", file.display()).run();
        assert_eq!(printed.exit, 0, "{printed:?}");
        assert_eq!(printed.stdout, fs::read_to_string(&file).unwrap());
        let curl = leadhook!("convert {} --print curl", file.display()).run();
        assert_eq!((curl.exit, curl.stdout.as_str()), (3, ""), "{curl:?}");
    }
}

#[test]
fn replacements_are_the_same_in_one_run_and_differ_between_runs() {
    let email = |round: u32| {
        let mut listener = listen(&["--save", "all.jsonl", "--save-body", "redacted"]);
        for _ in 0..2 {
            let change = ["--set", "email=zebulon@example.com"];
            send("created", &listener.url, &[&SECRET[..], &change].concat());
            listener.next();
        }
        let text = fs::read_to_string(listener.dir().join("all.jsonl")).unwrap();
        let emails: Vec<_> = json_lines(&text)
            .iter()
            .map(|capture| {
                let body: Value = serde_json::from_str(capture["body"].as_str().unwrap()).unwrap();
                body["email"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(emails[0], emails[1], "round {round}");
        emails[0].clone()
    };
    assert_ne!(email(1), email(2));
}
