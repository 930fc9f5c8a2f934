//! Responses of `listen` to genuine deliveries, forgeries, unknown senders and other requests.

use crate::listen::{SECRET, listen};
use crate::support::{Running, objects, send};
use crate::wire::{exchange, genuine, post};

const FORGERIES: [&str; 4] = ["body", "missing-signature", "wrong-secret", "truncated"];

const EVENTS: [&str; 3] = ["created", "leadpro:lead.created", "realtorbot:test"];

#[test]
fn a_forgery_is_rejected_vaguely_and_the_operator_sees_the_reason() {
    let mut listener = listen(&[]);
    for event in EVENTS {
        for tamper in FORGERIES {
            let reply =
                exchange(listener.address(), &genuine(event, &["--tamper", tamper])).unwrap();
            assert_eq!(
                (reply.status, reply.body.as_slice()),
                (401, b"not verified\n".as_slice()),
                "{event} {tamper}"
            );
            let request = listener.next();
            let status = request["signature"]["status"].as_str().unwrap();
            assert!(
                ["invalid", "missing", "malformed"].contains(&status),
                "{event} {tamper}: {request}"
            );
            assert_eq!(request["response"]["status"], 401, "{event} {tamper}");
            let message = request["signature"]["explanations"][0]["message"].as_str();
            assert!(message.is_some_and(|text| !text.is_empty()), "{event} {tamper}: {request}");
            let headers = format!("{:?}", reply.headers).to_lowercase();
            assert!(
                !headers.contains("signature") && !headers.contains("mismatch"),
                "{event} {tamper}: {headers}"
            );
        }
    }
    listener.signal("TERM");
    let stopped = listener.wait().1.pop().unwrap();
    assert_eq!(
        (&stopped["refused"], &stopped["invalid"], &stopped["valid"]),
        (&12.into(), &12.into(), &0.into())
    );
}

#[test]
fn a_forgery_can_be_accepted_and_is_still_reported_invalid() {
    let mut listener = listen(&["--unverified", "warn"]);
    for event in EVENTS {
        for tamper in FORGERIES {
            let reply =
                exchange(listener.address(), &genuine(event, &["--tamper", tamper])).unwrap();
            assert_eq!(reply.status, 200, "{event} {tamper}");
            let request = listener.next();
            assert_ne!(request["signature"]["status"], "valid", "{event} {tamper}: {request}");
        }
    }
}

#[test]
fn an_invalid_payload_is_accepted_unless_rejection_is_requested() {
    for (args, status) in
        [(&[][..], 200), (&["--invalid", "warn"], 200), (&["--invalid", "reject"], 422)]
    {
        let mut listener = listen(args);
        let (_, delivery) =
            send("created", &listener.url, &[&SECRET[..], &["--set-json", "id=7"]].concat());
        assert_eq!(delivery["status"], status, "{args:?}");
        let request = listener.next();
        assert_eq!(request["signature"]["status"], "valid", "{args:?}");
        assert_eq!(request["payload"]["status"], "invalid", "{args:?}: {request}");
        assert_eq!(request["payload"]["findings"][0]["pointer"], "/id", "{args:?}: {request}");
        let (exit, delivery) = send("created", &listener.url, &SECRET);
        assert_eq!((exit, &delivery["status"]), (0, &200.into()), "{args:?}");
    }
}

#[test]
fn without_a_secret_nothing_is_verified_and_a_note_says_so() {
    let mut listener = leadhook!("listen :0 --format json").start();
    for event in EVENTS {
        let (exit, _) = send(event, &listener.url, &["--secret", "anything"]);
        assert_eq!(exit, 0, "{event}");
        let request = listener.next();
        let found = (
            &request["signature"]["status"],
            &request["payload"]["status"],
            &request["response"]["status"],
        );
        assert_eq!(
            found,
            (&"unchecked".into(), &"valid".into(), &200.into()),
            "{event}: {request}"
        );
    }
    let reply = exchange(listener.address(), &post(&[], b"{}")).unwrap();
    assert_eq!(reply.status, 200, "a stranger");
    listener.signal("TERM");
    let (_, objects, stderr) = listener.wait();
    assert!(stderr.contains("note: no secret"), "{stderr}");
    assert_eq!(objects.last().unwrap()["unchecked"], 4);
}

#[test]
fn each_provider_has_its_own_secret_in_the_environment() {
    let mut run = leadhook!("listen :0 --format json");
    let secrets = [
        ("REALGEEKS", "created", "a1"),
        ("LEADPRO", "leadpro:lead.created", "b2"),
        ("REALTORBOT", "test", "c3"),
    ];
    for (name, _, secret) in secrets {
        run = run.env(&format!("LEADHOOK_{name}_SECRET"), secret);
    }
    let listener = run.start();
    for (owner, event, _) in secrets {
        for (other, _, secret) in secrets {
            let (_, delivery) = send(event, &listener.url, &["--secret", secret]);
            let status = if owner == other { 200 } else { 401 };
            assert_eq!(delivery["status"], status, "{event} signed with the secret of {other}");
        }
    }
}

#[test]
fn one_environment_secret_serves_all_providers_and_several_rotate() {
    let by_environment =
        leadhook!("listen :0 --format json").env("LEADHOOK_SECRET", "s3cret").start();
    let rotation = listen(&["--secret", "n3w"]);
    for event in EVENTS {
        let status = |listener: &Running, secret| {
            send(event, &listener.url, &["--secret", secret]).1["status"].clone()
        };
        assert_eq!(status(&by_environment, "s3cret"), 200, "{event}");
        assert_eq!(status(&by_environment, "n3w"), 401, "{event}");
        for (secret, expected) in [("s3cret", 200), ("n3w", 200), ("other", 401)] {
            assert_eq!(status(&rotation, secret), expected, "{event} with {secret}");
        }
    }
}

#[test]
fn an_unrecognised_sender_is_rejected_if_a_secret_is_set() {
    let mut listener = listen(&[]);
    for body in [&b"{}"[..], b"not json", b"", b"\xff\xfe"] {
        let reply =
            exchange(listener.address(), &post(&[("Content-Type", "text/plain")], body)).unwrap();
        assert_eq!(reply.status, 401, "{body:?}");
        let request = listener.next();
        assert!(request["provider"].is_null(), "{body:?}: {request}");
    }
}

#[test]
fn a_response_script_runs_the_retry_schedule_with_one_message_id() {
    let mut listener = listen(&["--respond", "503x2,200"]);
    let outcome =
        leadhook!("simulate created {} --format json --secret s3cret", listener.url).run();
    assert_eq!(outcome.exit, 0, "{}{}", outcome.stdout, outcome.stderr);
    let deliveries = objects(&outcome.stdout);
    let deliveries: Vec<_> =
        deliveries.iter().filter(|object| object["kind"] == "delivery").collect();
    let statuses: Vec<_> =
        deliveries.iter().map(|delivery| delivery["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [503, 503, 200]);
    for (number, delivery) in (1..).zip(&deliveries) {
        let request = listener.next();
        assert_eq!(delivery["attempt"], number, "{delivery}");
        assert_eq!(request["attempt"], number, "{request}");
        assert_eq!(request["message_id"], deliveries[0]["message_id"], "attempt {number}");
        assert_eq!(delivery["message_id"], deliveries[0]["message_id"], "attempt {number}");
        assert_eq!(request["response"]["status"], delivery["status"], "attempt {number}");
        assert_eq!(request["signature"]["status"], "valid", "attempt {number}");
    }
    listener.signal("INT");
    assert_eq!(listener.wait().1.pop().unwrap()["requests"], 3, "and no fourth");
}

#[test]
fn a_forgery_uses_no_response_of_the_script() {
    let listener = listen(&["--respond", "503,200"]);
    let statuses = ["wrong", "s3cret", "s3cret"]
        .map(|secret| send("created", &listener.url, &["--secret", secret]).1["status"].clone());
    assert_eq!(statuses, [401, 503, 200]);
}

#[test]
fn health_checks_and_other_methods_are_not_counted_as_deliveries() {
    let listener = listen(&[]);
    let ask = |method: &str, path: &str| {
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        exchange(listener.address(), request.as_bytes()).unwrap()
    };
    for (method, path, status) in [
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/readyz?full", 200),
        ("GET", "/", 405),
        ("GET", "/hooks", 405),
        ("PUT", "/", 405),
        ("DELETE", "/healthz", 405),
    ] {
        let reply = ask(method, path);
        assert_eq!(reply.status, status, "{method} {path}");
        assert_eq!(reply.header("allow"), (status == 405).then_some("POST"), "{method} {path}");
    }
    listener.signal("TERM");
    assert_eq!(listener.wait().1.pop().unwrap()["requests"], 0);
}
