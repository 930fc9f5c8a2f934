//! Many messages against a real endpoint.

use crate::support::{DeadPort, Endpoint, objects, read_request};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpListener;
use std::sync::{Arc, Barrier};

const SECRET: [&str; 2] = ["--secret", "s3cret"];

/// Returns the deliveries and the summary of a run.
fn simulate(target: &str, more: &[&str]) -> (i32, Vec<Value>, Value) {
    let outcome =
        leadhook!("simulate created {} --format json", target).args(more).args(SECRET).run();
    let mut deliveries = objects(&outcome.stdout);
    let summary = deliveries.pop().unwrap_or_default();
    assert_eq!(summary["kind"], "summary", "{outcome:?}");
    (outcome.exit, deliveries, summary)
}

#[test]
fn every_lead_has_its_own_schedule_and_identical_attempts() {
    // Down for the first five requests.
    let endpoint = Endpoint::new(&[503, 503, 503, 503, 503, 200]);
    let (exit, deliveries, summary) =
        simulate(&endpoint.target(), &["--count", "3", "--seed", "7"]);
    assert_eq!((exit, deliveries.len()), (0, 8), "{summary}");
    let mut by_id: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for arrived in endpoint.arrived() {
        let id = arrived.header("x-lead-router-message-id").unwrap().to_owned();
        by_id.entry(id).or_default().push(arrived.body);
    }
    assert_eq!(by_id.len(), 3, "three messages");
    let mut bodies: Vec<_> = by_id.values().map(|bodies| bodies[0].clone()).collect();
    assert!(by_id.values().all(|all| all.iter().all(|body| *body == all[0])));
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 3, "three leads");
    for (key, expected) in [
        ("messages", json!(3)),
        ("first_attempt", json!(0)),
        ("late", json!(3)),
        ("lost", json!(0)),
        ("attempts", json!(8)),
        ("message_id", Value::Null),
        ("delay_s", json!({"p50": 1200.0, "p90": 1200.0, "p99": 1200.0, "max": 1200.0})),
    ] {
        assert_eq!(summary[key], expected, "{key}: {summary}");
    }
}

#[test]
fn a_lost_lead_is_exit_1_and_an_unreachable_endpoint_exit_4() {
    let endpoint = Endpoint::new(&[200, 406]);
    let (exit, _, summary) = simulate(&endpoint.target(), &["--count", "2"]);
    assert_eq!((exit, &summary["lost"], &summary["first_attempt"]), (1, &json!(1), &json!(1)));
    let dead_port = DeadPort::new();
    let (exit, deliveries, summary) =
        simulate(&dead_port.target(), &["--count", "2", "--attempts", "3"]);
    assert_eq!((exit, deliveries.len(), &summary["lost"]), (4, 6, &json!(2)));
    assert_eq!(summary["latency_ms"], Value::Null, "no response");
}

#[test]
fn an_endpoint_that_stops_midway_is_retried() {
    let ok = "HTTP/1.1 200 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let responses = ["", "", ok].map(str::to_owned).to_vec();
    let endpoint = Endpoint::raw(responses);
    let (exit, deliveries, summary) = simulate(&endpoint.target(), &[]);
    let outcomes: Vec<_> = deliveries.iter().map(|delivery| &delivery["outcome"]).collect();
    assert_eq!(outcomes, ["unreachable", "unreachable", "delivered"]);
    assert_eq!((exit, &summary["span_s"]), (0, &json!(1_200)));
}

#[test]
fn follow_up_events_belong_to_the_same_lead() {
    let endpoint = Endpoint::new(&[200]);
    let more = ["--count", "2", "--then", "activity_added=5m", "--seed", "7"];
    let (exit, deliveries, summary) = simulate(&endpoint.target(), &more);
    assert_eq!((exit, &summary["messages"]), (0, &json!(4)));
    let events: Vec<_> = deliveries.iter().map(|delivery| delivery["event"].clone()).collect();
    assert_eq!(events, ["created", "created", "activity_added", "activity_added"]);
    let arrived = endpoint.arrived();
    let lead = |index: usize| {
        let body: Value = serde_json::from_slice(&arrived[index].body).unwrap();
        body["id"].as_str().unwrap().to_owned()
    };
    assert_eq!((lead(0), lead(1)), (lead(2), lead(3)));
    assert_ne!(lead(0), lead(1));
    let ids: std::collections::BTreeSet<_> = arrived
        .iter()
        .map(|it| it.header("x-lead-router-message-id").unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 4, "each message has its own id");
}

#[test]
fn simultaneous_attempts_are_sent_concurrently_if_allowed() {
    // It responds only once twenty requests have arrived, so sequential sending would never end.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!(":{}", listener.local_addr().unwrap().port());
    let together = Arc::new(Barrier::new(20));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, together) = (stream.unwrap(), Arc::clone(&together));
            std::thread::spawn(move || {
                if read_request(&stream).is_some() {
                    together.wait();
                    let response =
                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                    stream.write_all(response.as_bytes()).unwrap();
                }
            });
        }
    });
    let (exit, deliveries, summary) =
        simulate(&target, &["--count", "20", "--concurrency", "20", "--then", "activity_added=5m"]);
    assert_eq!((exit, deliveries.len(), &summary["first_attempt"]), (0, 40, &json!(40)));
    // The output keeps the order of the virtual clock.
    let events: Vec<_> = deliveries.iter().map(|delivery| &delivery["event"]).collect();
    assert!(events[..20].iter().all(|event| **event == "created"), "{events:?}");
}

#[test]
fn waits_are_divided_by_the_speed() {
    let endpoint = Endpoint::new(&[503, 503, 200]);
    let begin = std::time::Instant::now();
    // 20 minutes in 100 ms.
    let (exit, _, _) = simulate(&endpoint.target(), &["--speed", "12000x"]);
    assert_eq!(exit, 0);
    assert!(begin.elapsed().as_millis() >= 100, "{:?}", begin.elapsed());
}

#[test]
fn text_output_names_the_lead_of_each_attempt_and_the_totals() {
    let endpoint = Endpoint::new(&[503, 200]);
    let shown = leadhook!("simulate created {} --count 2", endpoint.target())
        .args(SECRET)
        .run()
        .exits(0, "two leads")
        .stdout;
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines[0], "--> realgeeks created  2 at once");
    assert_eq!(lines[2], "#1    created  attempt 1  at 0 s          503 refused  next in 10 min");
    assert_eq!(lines[4], "#1    created  attempt 2  at 10 min       200 delivered");
    assert_eq!(lines[6], "2 messages in 3 attempts: 1 delivered at once, 1 late");
    assert_eq!(lines[7], "delay: p50 10 min, p90 10 min, p99 10 min, max 10 min");
}

#[test]
fn options_that_make_all_messages_equal_are_rejected() {
    let endpoint = Endpoint::new(&[200]);
    for (more, objects_printed) in [
        (&["--data", "lead.json"][..], "`--data` is one lead"),
        (&["--message-id", "a"], "`--message-id` is the id of one message"),
        (&["--merge", "-"], "`--merge -` can be read once"),
    ] {
        let run = leadhook!("simulate created {} --count 2", endpoint.target())
            .args(more)
            .args(SECRET)
            .file("lead.json", "{}");
        let outcome = run.run().exits(2, objects_printed);
        assert!(outcome.stderr.contains(objects_printed), "{outcome:?}");
    }
    assert_eq!(endpoint.arrived().len(), 0);
}
