//! Bytes of a replay: every captured byte is sent, from every format.

use crate::replay::{
    BODY, SECRET, capture, deliveries, each, genuine, ids, lines, replay, summary,
};
use crate::support::{Endpoint, Leadhook, ROOT, captures, keys, objects, send};
use crate::wire::{exchange, post};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Returns the request of a capture: all but its time and its sender.
fn request(path: &Path) -> Value {
    let mut capture: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let fields = capture.as_object_mut().unwrap();
    assert!(fields.remove("received_at").is_some() && fields.remove("remote").is_some());
    capture
}

#[test]
fn a_replayed_capture_is_saved_as_the_same_capture() {
    let mut listener =
        leadhook!("listen :0 --format json --save caps --unverified warn --secret {}", SECRET)
            .start();
    let url = format!("{}hooks?a=1&b=%20", listener.url);
    let events = ["created", "updated", "leadpro:lead.created", "realtorbot:lead.created"];
    for event in events {
        send(event, &url, &["--secret", SECRET]);
    }
    for body in [&b""[..], b"\xef\xbb\xbf{ \"a\" : 1.0 }\r\n\0", b"\xff\xfe\x80"] {
        let headers = [("X-Lead-Router-Action", "created"), ("Accept", "text/plain")];
        exchange(listener.address(), &post(&headers, body)).unwrap();
    }
    let folder = listener.dir().join("caps");
    let before = captures(&folder);
    let count = before.len();
    assert_eq!(count, events.len() + 3);
    let caps = folder.display().to_string();
    let outcome = leadhook!("replay {} --to {} --expect 200,401", caps, listener.url);
    outcome.run().exits(0, "all are answered");
    let after: Vec<_> =
        captures(&folder).into_iter().filter(|path| !before.contains(path)).collect();
    assert_eq!(after.len(), count);
    for (before, after) in before[..events.len()].iter().zip(&after) {
        assert_eq!(request(before), request(after), "{}", before.display());
    }
    for (before, after) in before.iter().zip(&after) {
        let (before, after) = (request(before), request(after));
        for key in ["method", "target", "body", "body_base64"] {
            assert_eq!(before.get(key), after.get(key), "{before}");
        }
    }
    assert!((0..2 * count).all(|_| listener.next()["kind"] == "request"));
}

#[test]
fn headers_keep_order_and_repeats_without_hop_by_hop_ones() {
    let endpoint = Endpoint::new(&[200]);
    let headers = [
        ("Host", "leads.example.com"),
        ("X-B", "1"),
        ("X-Twice", "one"),
        ("X-Twice", "two"),
        ("Connection", "keep-alive, X-Of-This-Hop"),
        ("X-Of-This-Hop", "1"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "999"),
        ("Accept", "*/*"),
        ("X-A", " spaced\tout "),
    ];
    replay(&[capture("/", &headers, BODY)], &endpoint.target(), &[]).exits(0, "delivered");
    let arrived = endpoint.only();
    let length = BODY.len().to_string();
    let host = format!("127.0.0.1{}", endpoint.target());
    let expected = [
        ("X-B", "1"),
        ("X-Twice", "one"),
        ("X-Twice", "two"),
        ("X-Of-This-Hop", "1"),
        ("Accept", "*/*"),
        ("X-A", "spaced\tout"),
        ("Host", &host),
        ("Content-Length", &length),
    ];
    let found: Vec<_> = arrived
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.trim_matches([' ', '\t'])))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(arrived.body, BODY.as_bytes());
}

#[test]
fn each_goes_to_its_own_path_unless_the_target_names_one() {
    let captures = [
        capture("/hooks?a=1&b=%20", &[], BODY),
        capture("/other", &[], BODY),
        capture("http://leads.example.com/proxied?x", &[], BODY),
    ];
    let endpoint = Endpoint::new(&[200]);
    let outcome = replay(&captures, &endpoint.target(), &[]).exits(0, "its own");
    let targets = ["/hooks?a=1&b=%20", "/other", "/proxied?x"];
    let lines: Vec<_> = endpoint.arrived().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, targets.map(|target| format!("POST {target} HTTP/1.1")));
    let url = |target: &str| json!(format!("http://127.0.0.1{}{target}", endpoint.target()));
    assert_eq!(each(&outcome, "url"), targets.map(url));

    let endpoint = Endpoint::new(&[200]);
    let to = format!("{}/in?key=1", endpoint.target());
    replay(&captures, &to, &[]).exits(0, "the target's");
    assert!(endpoint.arrived().iter().all(|request| request.line == "POST /in?key=1 HTTP/1.1"));
    assert_eq!(endpoint.arrived().len(), 3);
}

#[test]
fn the_method_is_the_captured_one() {
    let endpoint = Endpoint::new(&[200]);
    let mut put = capture("/a", &[], BODY);
    put["method"] = "PUT".into();
    replay(&[put], &endpoint.target(), &[]).exits(0, "an unknown sender");
    assert_eq!(endpoint.only().line, "PUT /a HTTP/1.1");
}

#[test]
fn without_a_target_the_target_of_send_is_used() {
    let (with_path, without_path) = (Endpoint::new(&[200]), Endpoint::new(&[200]));
    let token = capture("/", &[], r#"{"event":"lead.created","data":{}}"#);
    let outcome = leadhook!("replay caps.jsonl --format json")
        .file("caps.jsonl", lines(&[genuine("1"), token]))
        .file(
            "leadhook.toml",
            format!(
                "target = \"{}\"\n[providers.leadpro]\ntarget = \"{}/pro\"\n",
                with_path.target(),
                without_path.target()
            ),
        )
        .run()
        .exits(0, "two targets");
    assert_eq!(each(&outcome, "provider"), ["realgeeks", "leadpro"]);
    assert_eq!(with_path.only().line, "POST /hooks HTTP/1.1");
    assert_eq!(without_path.only().line, "POST /pro HTTP/1.1");
    let variable = Endpoint::new(&[200]);
    leadhook!("replay -")
        .env("LEADHOOK_TARGET", &variable.target())
        .stdin(genuine("1").to_string())
        .run()
        .exits(0, "the variable");
    assert_eq!(variable.only().line, "POST /hooks HTTP/1.1");
}

#[test]
fn every_format_that_verify_reads_can_be_replayed() {
    let corpus = Path::new(ROOT).join("tests/corpus/verify/valid");
    let mut files: Vec<_> = fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.to_string_lossy().ends_with(".expected.json"))
        // A body alone is not a request.
        .filter(|path| path.extension().is_some_and(|extension| extension != "body"))
        .map(|path| path.display().to_string())
        .collect();
    files.sort();
    let kinds: BTreeSet<_> = files.iter().filter_map(|file| file.rsplit('.').next()).collect();
    assert!(files.len() > 20 && kinds.len() > 3, "{files:?}");
    let files: Vec<_> = files.iter().map(String::as_str).collect();
    let verify = [&["verify", "--no-payload", "--format", "json"], &files[..]].concat();
    let verdicts = objects(&Leadhook::new(&verify).run().exits(5, "no secret").stdout);
    let sources: Vec<_> =
        verdicts.iter().filter_map(|verdict| verdict.get("source")).cloned().collect();
    let endpoint = Endpoint::new(&[200]);
    let outcome = leadhook!("replay --to {} --format json", endpoint.target())
        .args(&files)
        .run()
        .exits(0, "every request");
    assert_eq!(each(&outcome, "source"), sources, "in the words of `verify`");
    assert_eq!(endpoint.arrived().len(), sources.len());
}

#[test]
fn a_folder_is_read_in_name_order_and_stdin_as_one_file() {
    let endpoint = Endpoint::new(&[200]);
    let outcome = leadhook!("replay caps - --to {}", endpoint.target())
        .folder("caps/inner")
        .file("caps/b.jsonl", lines(&[genuine("2"), genuine("3")]))
        .file("caps/a.json", genuine("1").to_string())
        .file("caps/.c.json.part", "{")
        .file("caps/inner/d.json", genuine("x").to_string())
        .stdin(lines(&[genuine("4"), genuine("5")]))
        .run()
        .exits(0, "every request");
    assert_eq!(ids(&endpoint.arrived()), ["1", "2", "3", "4", "5"]);
    let sources: Vec<_> = outcome
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("--> ")?.split(' ').next())
        .collect();
    assert_eq!(sources, ["caps/a.json", "caps/b.jsonl:1", "caps/b.jsonl:2", "-:1", "-:2"]);
}

#[test]
fn an_entry_without_a_request_is_reported_and_the_rest_is_sent() {
    let endpoint = Endpoint::new(&[200]);
    let torn = format!("{}\n{{\"torn\n{}\n", genuine("1"), genuine("2"));
    for order in ["original", "reverse"] {
        let endpoint_target = endpoint.target();
        let more = ["--to", &endpoint_target, "--order", order];
        let outcome = leadhook!("replay notes.txt torn.jsonl empty good.json --format json")
            .args(more)
            .file("notes.txt", "hello\n")
            .file("torn.jsonl", &torn)
            .folder("empty")
            .file("good.json", genuine("3").to_string())
            .run()
            .exits(3, "some could not be read");
        let errors = objects(&outcome.stderr);
        let messages: Vec<_> =
            errors.iter().map(|error| error["message"].as_str().unwrap()).collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
        assert!(messages[0].starts_with("`notes.txt` "), "{messages:?}");
        assert!(messages[1].starts_with("`empty` is empty"), "{messages:?}");
        assert!(messages[2].starts_with("`torn.jsonl` line 2 "), "{messages:?}");
        assert!(errors.iter().all(|error| error["exit"] == 3), "{errors:?}");
        let summary = summary(&outcome);
        assert_eq!((&summary["deliveries"], &summary["unreadable"]), (&json!(3), &json!(3)));
    }
    assert_eq!(ids(&endpoint.arrived()), ["1", "2", "3", "3", "2", "1"]);
}

#[test]
fn every_input_is_opened_before_the_first_request_is_sent() {
    let endpoint = Endpoint::new(&[200]);
    for order in ["original", "reverse"] {
        let outcome =
            leadhook!("replay good.json missing notes.txt --format json --order {}", order)
                .args(["--to", &endpoint.target()])
                .file("good.json", genuine("1").to_string())
                .file("notes.txt", "hello\n")
                .run()
                .exits(3, "one cannot be opened");
        assert_eq!(outcome.stdout, "");
        let (note, errors): (Vec<_>, Vec<_>) =
            outcome.stderr.lines().partition(|line| line.starts_with("note: "));
        assert_eq!(note, ["note: nothing was sent, because an input cannot be opened"]);
        let errors = objects(&errors.join("\n"));
        assert_eq!([&errors[0]["code"], &errors[1]["code"]], ["cannot-read", "not-a-request"]);
        assert_eq!(errors.len(), 2, "each is reported once: {errors:?}");
    }
    assert!(endpoint.arrived().is_empty());
}

#[cfg(unix)]
#[test]
fn a_pipe_is_opened_once_and_read_in_its_turn() {
    let endpoint = Endpoint::new(&[200]);
    let program = env!("CARGO_BIN_EXE_leadhook");
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.json"), genuine("1").to_string()).unwrap();
    fs::write(dir.path().join("b.json"), genuine("2").to_string()).unwrap();
    let line = format!(
        "mkfifo pipe && (cat b.json > pipe & {program} replay a.json pipe --to {}; wait)",
        endpoint.target()
    );
    let mut shell = std::process::Command::new("sh");
    let status = shell.args(["-c", &line]).current_dir(dir.path()).output().unwrap().status;
    assert_eq!(status.code(), Some(0));
    assert_eq!(ids(&endpoint.arrived()), ["1", "2"]);
}

#[test]
fn a_delivery_and_a_summary_have_the_documented_keys() {
    let endpoint = Endpoint::new(&[200, 500]);
    let outcome = replay(&[genuine("1"), genuine("2")], &endpoint.target(), &[]).exits(1, "one");
    let delivery = deliveries(&outcome).remove(1);
    let documented = [
        "schema_version",
        "kind",
        "provider",
        "event",
        "message_id",
        "url",
        "attempt",
        "at",
        "status",
        "outcome",
        "would",
        "duration_ms",
        "error",
        "source",
        "digest",
    ];
    assert_eq!(keys(&delivery), documented);
    assert_eq!(
        (&delivery["source"], &delivery["outcome"], &delivery["would"]),
        (&json!("caps.jsonl:2"), &json!("refused"), &json!({"action": "retry", "wait_s": 600}))
    );
    let summary = summary(&outcome);
    let documented = [
        "schema_version",
        "kind",
        "deliveries",
        "delivered",
        "refused",
        "stopped",
        "timeout",
        "unreachable",
        "unreadable",
        "left_out",
        "duration_ms",
        "rate_per_s",
        "latency_ms",
        "failures",
    ];
    assert_eq!(keys(&summary), documented);
    assert_eq!((&summary["delivered"], &summary["refused"]), (&json!(1), &json!(1)));
    assert_eq!(keys(&summary["latency_ms"]), ["p50", "p90", "p99", "max"]);
    let latency = |key: &str| summary["latency_ms"][key].as_f64().unwrap();
    assert!(0.0 < latency("p50") && latency("p50") <= latency("max"), "{summary}");
    assert!(summary["rate_per_s"].as_f64().unwrap() > 0.0, "{summary}");
    let one = replay(&[genuine("1")], &Endpoint::new(&[200]).target(), &[]).exits(0, "one");
    assert_eq!(one.object()["kind"], "delivery", "one delivery is no sum");
}

#[test]
fn a_body_kept_only_as_a_json_value_is_noted() {
    let endpoint = Endpoint::new(&[200]);
    let value = r#"{"headers":{"X-Lead-Router-Action":"updated"},"body":{"a":1}}"#;
    let outcome = leadhook!("replay v.json --to {}", endpoint.target())
        .file("v.json", value)
        .run()
        .exits(0, "sent");
    assert!(
        outcome.stderr_line("note: ").starts_with("`v.json`: its body is a JSON value"),
        "{outcome:?}"
    );
    assert_eq!(endpoint.only().body, br#"{"a":1}"#);
}
