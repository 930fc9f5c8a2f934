//! `leadhook practice`, over real sockets.

use crate::support::{Running, eventually, keys, objects, send};
use crate::wire::{exchange, exchange_and_end, genuine, post};
use serde_json::Value;

const FAULTS: [&str; 5] = [
    "hash-parsed-body",
    "throws-on-short-signature",
    "answers-500-to-forgery",
    "no-dedupe",
    "dedupes-by-body",
];

fn practice(args: &[&str]) -> Running {
    leadhook!("practice :0 --format json --secret s3cret").args(args).start()
}

/// Returns the response to `GET /count`.
fn count(receiver: &Running) -> u64 {
    let reply = exchange(receiver.address(), b"GET /count HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert_eq!(reply.status, 200);
    String::from_utf8(reply.body).unwrap().trim_end().parse().unwrap()
}

#[test]
fn the_correct_receiver_responds_as_each_vendor_documents() {
    for (event, rejection) in
        [("created", 403), ("leadpro:lead.created", 401), ("realtorbot:lead.created", 401)]
    {
        let mut receiver = practice(&[]);
        let (exit, delivery) = send(event, &receiver.url, &["--secret", "s3cret"]);
        assert_eq!((exit, &delivery["status"]), (0, &200.into()), "{event}");
        assert_eq!(receiver.next()["signature"]["status"], "valid", "{event}");
        for tamper in ["body", "missing-signature", "wrong-secret", "truncated"] {
            let (exit, delivery) =
                send(event, &receiver.url, &["--secret", "s3cret", "--tamper", tamper]);
            assert_eq!((exit, &delivery["status"]), (1, &rejection.into()), "{event} {tamper}");
            let answered = receiver.next();
            assert_eq!(
                (&answered["kind"], &answered["status"]),
                (&"answered".into(), &rejection.into()),
                "{event} {tamper}"
            );
        }
        assert_eq!(count(&receiver), 1, "{event}");
    }
}

#[test]
fn a_repeat_is_accepted_and_counted_once() {
    for event in ["created", "leadpro:lead.created", "realtorbot:lead.created"] {
        let receiver = practice(&[]);
        assert_eq!(count(&receiver), 0, "{event}");
        let request = genuine(event, &["--seed", "1"]);
        for number in 1..=3 {
            assert_eq!(
                exchange(receiver.address(), &request).unwrap().status,
                200,
                "{event}, time {number}"
            );
            assert_eq!(count(&receiver), 1, "{event}, time {number}");
        }
        let other = genuine(event, &["--seed", "2"]);
        assert_eq!(exchange(receiver.address(), &other).unwrap().status, 200, "{event}");
        assert_eq!(count(&receiver), 2, "{event}");
    }
}

#[test]
fn each_fault_changes_one_behaviour_and_no_other() {
    let body = "{\"partner_id\": \"001\", \"site_uuid\": \"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba\"}";
    let spaced = format!("{body}\n");
    let plain = body.replace(": ", ":").replace(", ", ",");
    let request = |data: &str, args: &[&str]| {
        let run =
            leadhook!("send integration_enabled --secret s3cret --dry-run --print http --data -");
        run.args(args).stdin(data).run().exits(0, &format!("{args:?}")).stdout
    };
    let sent = [
        ("genuine", request(&plain, &["--message-id", "1"])),
        ("the same again", request(&plain, &["--message-id", "1"])),
        ("the same bytes, another id", request(&plain, &["--message-id", "2"])),
        ("forged", request(&plain, &["--message-id", "3", "--tamper", "wrong-secret"])),
        ("cut short", request(&plain, &["--message-id", "4", "--tamper", "truncated"])),
        ("unsigned", request(&plain, &["--message-id", "5", "--tamper", "missing-signature"])),
        ("with spaces", request(&spaced, &["--message-id", "6"])),
    ];
    for (fault, statuses, taken) in [
        (None, [200, 200, 200, 403, 403, 403, 200], 3),
        (Some("hash-parsed-body"), [200, 200, 200, 403, 403, 403, 403], 2),
        (Some("throws-on-short-signature"), [200, 200, 200, 403, 500, 403, 200], 3),
        (Some("answers-500-to-forgery"), [200, 200, 200, 500, 500, 500, 200], 3),
        (Some("no-dedupe"), [200, 200, 200, 403, 403, 403, 200], 4),
        (Some("dedupes-by-body"), [200, 200, 200, 403, 403, 403, 200], 2),
    ] {
        let receiver = practice(&fault.map_or_else(Vec::new, |name| vec!["--fault", name]));
        for ((what, request), status) in sent.iter().zip(statuses) {
            let reply = exchange(receiver.address(), request.as_bytes()).unwrap();
            assert_eq!(reply.status, status, "{fault:?}: {what}");
        }
        assert_eq!(count(&receiver), taken, "{fault:?}");
    }
}

#[test]
fn the_faults_are_listed_with_their_descriptions() {
    let outcome = leadhook!("practice --list-faults --format json").run();
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let listed = objects(&outcome.stdout).remove(0);
    assert_eq!(keys(&listed), ["schema_version", "kind", "faults"]);
    let names: Vec<_> =
        listed["faults"].as_array().unwrap().iter().map(|fault| fault["name"].clone()).collect();
    assert_eq!(names[..5], FAULTS.map(Value::from));
    let outcome = leadhook!("practice --list-faults").run();
    for name in FAULTS {
        assert!(
            outcome.stdout.lines().any(|line| line.starts_with(name)),
            "{name}: {}",
            outcome.stdout
        );
    }
}

#[test]
fn an_unknown_fault_is_a_usage_error_with_a_suggestion() {
    let outcome = leadhook!("practice :0 --secret s3cret --fault no-dedup").run();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("unknown fault `no-dedup`"), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("\nhint: ") && outcome.stderr.contains("`no-dedupe`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn it_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let outcome = leadhook!("practice {} --secret s3cret", address).run();
        assert_eq!(
            (outcome.exit, outcome.stdout.as_str()),
            (2, ""),
            "{address}: {}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains(address), "{address}: {}", outcome.stderr);
    }
}

#[test]
fn an_excessive_length_is_rejected_and_the_process_continues() {
    let receiver = practice(&[]);
    for length in [
        "16777217",
        "4294967296",
        "9223372036854775807",
        "18446744073709551615",
        "18446744073709551616",
        "-1",
    ] {
        let request = format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nabc");
        if let Some(reply) = exchange_and_end(receiver.address(), request.as_bytes()) {
            assert!((400..=499).contains(&reply.status), "{length}: {reply:?}");
        }
        assert_eq!(count(&receiver), 0, "after {length}");
    }
    let (exit, _) = send("created", &receiver.url, &["--secret", "s3cret"]);
    assert_eq!(exit, 0);
    assert_eq!(count(&receiver), 1);
}

#[test]
fn other_methods_and_paths_are_answered_405() {
    let receiver = practice(&[]);
    for (method, path) in
        [("GET", "/"), ("GET", "/hooks"), ("PUT", "/"), ("DELETE", "/count"), ("OPTIONS", "/")]
    {
        let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        let reply = exchange(receiver.address(), request.as_bytes()).unwrap();
        assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")), "{method} {path}");
    }
    assert_eq!(count(&receiver), 0);
}

#[test]
fn a_truncated_body_is_400_and_not_counted() {
    let receiver = practice(&[]);
    let complete = genuine("created", &[]);
    for missing in [1, 1000] {
        let reply =
            exchange_and_end(receiver.address(), &complete[..complete.len() - missing]).unwrap();
        assert_eq!(reply.status, 400, "{missing} bytes missing");
    }
    assert_eq!(count(&receiver), 0);
}

#[test]
fn a_truncated_short_body_is_not_counted() {
    let receiver = practice(&[]);
    let complete = genuine("realtorbot:test", &[]);
    if let Some(reply) = exchange_and_end(receiver.address(), &complete[..complete.len() - 1]) {
        assert_eq!(reply.status, 400);
    }
    assert_eq!(count(&receiver), 0);
    assert_eq!(
        exchange(receiver.address(), &complete).unwrap().status,
        200,
        "a complete one is accepted"
    );
    assert_eq!(count(&receiver), 1);
}

#[test]
fn a_signed_body_that_is_not_json_is_400() {
    let receiver = practice(&[]);
    let outcome = leadhook!("send created {} --secret s3cret --format json --data -", receiver.url)
        .stdin("not json")
        .run();
    assert_eq!(objects(&outcome.stdout)[0]["status"], 400, "{outcome:?}");
    assert_eq!(exchange(receiver.address(), &post(&[], b"{}")).unwrap().status, 401, "a stranger");
    assert_eq!(count(&receiver), 0);
}

#[test]
fn a_signal_ends_it_cleanly() {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let receiver = practice(&[]);
        let (exit, _) = send("created", &receiver.url, &["--secret", "s3cret"]);
        assert_eq!(exit, 0, "{signal}");
        receiver.signal(signal);
        let (exit, objects, stderr) = receiver.wait();
        assert_eq!((exit, objects.len(), stderr.as_str()), (status, 1, ""), "{signal}");
    }
}

#[test]
fn without_a_secret_everything_is_accepted_with_a_note() {
    let receiver = leadhook!("practice :0 --format json").start();
    let (exit, _) = send("created", &receiver.url, &["--secret", "whatever"]);
    assert_eq!(exit, 0);
    receiver.signal("TERM");
    let (_, _, stderr) = receiver.wait();
    assert!(stderr.contains("note: no secret"), "{stderr}");
}

#[test]
fn the_ready_file_contains_the_url_of_a_free_port() {
    let receiver = practice(&["--ready-file", "ready"]);
    let path = receiver.dir().join("ready");
    let url = eventually("a ready file", || {
        std::fs::read_to_string(&path).ok()?.strip_suffix('\n').map(str::to_owned)
    });
    assert_eq!(url, receiver.url);
    let outcome = leadhook!("practice :0 --ready-file no/such/folder/ready").run();
    assert!(outcome.exits(3, "no such folder").stderr.contains("cannot write ready file"));
}
