//! Deliveries to `listen`: every event of every provider, and the keys of the output.

use crate::listen::{SECRET, listen, next_saved};
use crate::support::{captures, events, keys, objects, send};
use leadhook::providers::Packs;
use serde_json::Value;

#[test]
fn every_event_arrives_valid_and_its_capture_verifies() {
    let packs = Packs::builtin().unwrap();
    let named = packs.iter().flat_map(|pack| ["-p", pack.provider.id.as_str()]);
    let named: Vec<_> = named.collect();
    let args = [&["--save", "caps/"], named.as_slice()].concat();
    let mut listener = listen(&args);
    let events = events(None);
    assert!(events.len() >= 27, "{events:?}");
    for event in &events {
        let (exit, delivery) = send(event, &listener.url, &SECRET);
        assert_eq!(
            (exit, &delivery["outcome"]),
            (0, &Value::from("delivered")),
            "{event}: {delivery}"
        );
        let request = listener.next();
        let (provider, name) = event.split_once(':').unwrap();
        assert_eq!(
            (&request["provider"], &request["event"]),
            (&provider.into(), &name.into()),
            "{event}"
        );
        assert_eq!(request["message_id"], delivery["message_id"], "{event}");
        let states = [
            &request["signature"]["status"],
            &request["payload"]["status"],
            &request["response"]["status"],
        ];
        assert_eq!(
            states,
            [&Value::from("valid"), &"valid".into(), &200.into()],
            "{event}: {request}"
        );
    }
    let saved = captures(&listener.dir().join("caps"));
    assert_eq!(saved.len(), events.len());
    let saved: Vec<_> = saved.iter().map(|path| path.to_str().unwrap()).collect();
    for (secret, exit, status) in [("s3cret", 0, "valid"), ("wrong", 1, "invalid")] {
        let outcome =
            leadhook!("verify --format json --secret {}", secret).args(&named).args(&saved).run();
        assert_eq!(outcome.exit, exit, "{secret}: {}", outcome.stderr);
        let verdicts = objects(&outcome.stdout);
        let verdicts: Vec<_> =
            verdicts.iter().filter(|object| object["kind"] == "verdict").collect();
        assert_eq!(verdicts.len(), events.len(), "{secret}");
        for (verdict, event) in verdicts.into_iter().zip(&events) {
            assert_eq!(verdict["signature"]["status"], status, "{event} with {secret}: {verdict}");
            assert_eq!(verdict["payload"]["status"], "valid", "{event} with {secret}: {verdict}");
        }
    }
}

#[test]
fn a_capture_verifies_only_with_its_secret() {
    let mut listener = listen(&["--save", "caps/"]);
    for event in ["created", "leadpro:lead.created", "realtorbot:appointment.scheduled"] {
        let (exit, _) = send(event, &listener.url, &SECRET);
        assert_eq!(exit, 0, "{event}");
        let saved = next_saved(&mut listener);
        for (secret, exit) in [("s3cret", 0), ("wrong", 1)] {
            let outcome = leadhook!("verify {} --secret {}", saved.to_str().unwrap(), secret).run();
            assert_eq!(
                outcome.exit, exit,
                "{event} with {secret}: {}{}",
                outcome.stdout, outcome.stderr
            );
        }
    }
}

#[test]
fn the_json_output_has_the_documented_keys() {
    let mut listener = listen(&["--save", "caps/"]);
    send("created", &listener.url, &SECRET);
    let request = listener.next();
    let documented = [
        "schema_version",
        "kind",
        "seq",
        "received_at",
        "remote",
        "method",
        "path",
        "provider",
        "event",
        "message_id",
        "attempt",
        "duplicate",
        "out_of_order",
        "signature",
        "payload",
        "response",
        "saved",
        "forward",
        "remarks",
    ];
    // `valid` combines both verdicts, as in a `verdict`.
    let found: Vec<_> = keys(&request).into_iter().filter(|key| *key != "valid").collect();
    assert_eq!(found, documented);
    assert_eq!(
        (&request["schema_version"], &request["kind"], &request["seq"]),
        (&1.into(), &"request".into(), &1.into())
    );
    assert_eq!(
        keys(&request["signature"]),
        ["status", "scheme", "proof", "covers", "matched", "explanations"]
    );
    assert_eq!(keys(&request["payload"]), ["status", "findings"]);
    assert_eq!(keys(&request["response"]), ["status"]);
    listener.signal("TERM");
    let (_, rest, _) = listener.wait();
    let stopped = rest.last().unwrap();
    assert_eq!(keys(stopped)[..3], ["schema_version", "kind", "requests"], "{stopped}");
    assert_eq!(
        (&stopped["kind"], &stopped["requests"], &stopped["valid"], &stopped["saved"]),
        (&"stopped".into(), &1.into(), &1.into(), &1.into())
    );
}

#[test]
fn the_first_line_has_the_address_and_the_last_the_counts() {
    let outcome =
        leadhook!("listen :0 --timeout 10ms --format json --save caps --forward :3000").run();
    let objects = objects(&outcome.stdout);
    assert_eq!(objects.len(), 2, "{outcome:?}");
    assert_eq!(
        keys(&objects[0]),
        ["schema_version", "kind", "url", "providers", "saving_to", "forwarding_to"]
    );
    assert_eq!(objects[0]["kind"], "ready");
    assert!(
        objects[0]["url"].as_str().is_some_and(|url| url.starts_with("http://127.0.0.1:")),
        "{outcome:?}"
    );
    let counts = ["requests", "valid", "invalid", "unchecked", "refused", "repeats", "saved"];
    assert_eq!(keys(&objects[1])[2..9], counts);
    for count in counts {
        assert_eq!(objects[1][count], 0, "{count}");
    }
}

#[test]
fn a_repeat_is_marked_as_an_attempt_and_a_new_id_is_not() {
    let mut listener = listen(&[]);
    for (id, attempt, duplicate) in
        [("one", 1, false), ("one", 2, true), ("two", 1, false), ("one", 3, true)]
    {
        let (exit, _) =
            send("created", &listener.url, &[&SECRET[..], &["--message-id", id]].concat());
        assert_eq!(exit, 0, "{id}");
        let request = listener.next();
        let found = (&request["message_id"], &request["attempt"], &request["duplicate"]);
        assert_eq!(found, (&id.into(), &attempt.into(), &duplicate.into()), "{request}");
    }
    listener.signal("INT");
    assert_eq!(listener.wait().1.last().unwrap()["repeats"], 2);
}

#[test]
fn a_forgery_with_a_known_id_does_not_count_as_an_attempt() {
    let mut listener = listen(&[]);
    for (secret, attempt) in [("wrong", 1), ("s3cret", 1), ("wrong", 1), ("s3cret", 2)] {
        send("created", &listener.url, &["--message-id", "one", "--secret", secret]);
        let request = listener.next();
        assert_eq!(request["attempt"], attempt, "signed with {secret}: {request}");
        assert_eq!(request["duplicate"], attempt > 1, "signed with {secret}: {request}");
    }
}

#[test]
fn an_activity_before_its_lead_is_out_of_order() {
    let mut listener = listen(&[]);
    let lead = ["--set", "id=5ead6dd1-2cb9-4f80-80fc-5716b05c90ba"];
    for (event, early) in
        [("activity_added", true), ("updated", true), ("created", false), ("activity_added", false)]
    {
        let (exit, _) = send(event, &listener.url, &[&SECRET[..], &lead].concat());
        assert_eq!(exit, 0, "{event}");
        let request = listener.next();
        assert_eq!(
            (&request["event"], &request["out_of_order"]),
            (&event.into(), &early.into()),
            "{request}"
        );
    }
}
