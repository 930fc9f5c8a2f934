//! Endpoints that reject, hang, disconnect or stop.

use crate::replay::{BODY, capture, deliveries, each, genuine, lines, replay, summary};
use crate::support::{DeadPort, Endpoint, objects, read_request};
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpListener;

fn captures(count: usize) -> Vec<Value> {
    (1..=count).map(|id| genuine(&id.to_string())).collect()
}

#[test]
fn responses_are_classified_as_the_provider_would() {
    for (statuses, exit, outcomes) in [
        (&[200][..], 0, ["delivered", "delivered"]),
        (&[200, 500], 1, ["delivered", "refused"]),
        (&[406, 200], 1, ["stopped", "delivered"]),
        // A success for most providers, but not for this one.
        (&[200, 201], 1, ["delivered", "refused"]),
    ] {
        let outcome = replay(&captures(2), &Endpoint::new(statuses).target(), &[]);
        let outcome = outcome.exits(exit, &format!("{statuses:?}"));
        assert_eq!(each(&outcome, "outcome"), outcomes, "{statuses:?}");
    }
}

#[test]
fn failures_are_grouped_by_status_and_normalised_body() {
    let response = |status: u16, body: &str| {
        let length = body.len();
        format!(
            "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
    };
    let failed = |id: u32, second: u32| {
        let error =
            format!("lead {id} of jo{id}@example.com failed at 2026-01-02T03:04:0{second}Z");
        response(
            500,
            &json!({"error": error, "trace": format!("{id:08x}-0000-4000-8000-{id:012x}")})
                .to_string(),
        )
    };
    let endpoint = Endpoint::raw(vec![
        response(404, "<h1>Not found</h1>"),
        failed(17, 1),
        response(200, "lead 17 was created"),
        failed(4, 2),
        response(422, ""),
        failed(2500, 9),
    ]);
    let run = || leadhook!("replay c.jsonl --to {}", endpoint.target());
    let outcome = run().file("c.jsonl", lines(&captures(6))).run().exits(1, "five are refused");
    let (_, failures) = outcome.stdout.split_once("failures:\n").unwrap();
    let expected = "  3 × 500 Internal Server Error, first c.jsonl:2
    {\"error\":\"lead <n> of <email> failed at <time>\",\"trace\":\"<id>\"}
  1 × 404 Not Found, c.jsonl:1
    <h<n>>Not found</h<n>>
  1 × 422 Unprocessable Entity, c.jsonl:5
";
    assert_eq!(failures, expected);

    let dead = DeadPort::new();
    let outcome = replay(&captures(3), &dead.target(), &[]).exits(4, "nothing listens");
    let group = json!({
        "status": null,
        "response": "connection refused",
        "count": 3,
        "first_source": "caps.jsonl:1",
    });
    assert_eq!(summary(&outcome)["failures"], json!([group]));
    let accepted = replay(&captures(2), &Endpoint::new(&[500]).target(), &["--expect", "500"]);
    let summary = summary(&accepted.exits(0, "as expected"));
    assert_eq!(summary.get("failures"), None, "{summary}");
}

#[test]
fn expected_statuses_replace_those_of_the_provider() {
    for (statuses, expect, exit, as_expected) in [
        (&[406][..], "406", 0, [true, true]),
        (&[201, 204], "2xx", 0, [true, true]),
        (&[200, 406], "406", 1, [false, true]),
        (&[500, 404], "404,5xx", 0, [true, true]),
    ] {
        let endpoint = Endpoint::new(statuses);
        let outcome = replay(&captures(2), &endpoint.target(), &["--expect", expect]);
        let outcome = outcome.exits(exit, expect);
        assert_eq!(each(&outcome, "expected"), as_expected, "{statuses:?} {expect}");
        let count = as_expected.iter().filter(|as_expected| **as_expected).count();
        assert_eq!(summary(&outcome)["as_expected"], count, "{statuses:?} {expect}");
    }
}

#[test]
fn any_2xx_is_a_success_for_an_unrecognised_sender() {
    let unrecognised = capture("/x", &[("X-Of-Nobody", "1")], "hello");
    let endpoint = Endpoint::new(&[204, 500]);
    let outcome =
        replay(&[unrecognised.clone(), unrecognised], &endpoint.target(), &[]).exits(1, "one");
    for (delivery, outcome) in deliveries(&outcome).iter().zip(["delivered", "refused"]) {
        assert_eq!(
            (&delivery["provider"], &delivery["event"], &delivery["outcome"], &delivery["would"]),
            (&Value::Null, &Value::Null, &json!(outcome), &json!({"action": "none"}))
        );
    }
}

#[test]
fn an_endpoint_that_stops_midway_does_not_end_the_run() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!(":{}", listener.local_addr().unwrap().port());
    let server = std::thread::spawn(move || {
        let ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let (mut first, _) = listener.accept().unwrap();
        read_request(&first).unwrap();
        first.write_all(ok).unwrap();
        let (mut last, _) = listener.accept().unwrap();
        read_request(&last).unwrap();
        // Dropped before the response: a connection in the backlog would be reset, not refused.
        drop(listener);
        last.write_all(ok).unwrap();
    });
    let outcome = replay(&captures(5), &target, &[]).exits(1, "some were delivered");
    server.join().unwrap();
    let unreachable = "unreachable";
    assert_eq!(
        each(&outcome, "outcome"),
        ["delivered", "delivered", unreachable, unreachable, unreachable]
    );
    let summary = summary(&outcome);
    assert_eq!((&summary["delivered"], &summary["unreachable"]), (&json!(2), &json!(3)));
    let has_error =
        |delivery: &Value| delivery["error"].as_str().is_some_and(|text| !text.is_empty());
    assert!(deliveries(&outcome)[2..].iter().all(has_error), "{outcome:?}");
    assert_eq!(outcome.stderr, "", "each says it of itself");
}

#[test]
fn without_any_response_the_exit_status_is_that_of_transport() {
    let dead_port = DeadPort::new();
    let outcome = replay(&captures(3), &dead_port.target(), &[]).exits(4, "nothing listens");
    assert_eq!(each(&outcome, "outcome"), ["unreachable"; 3]);
    assert_eq!(summary(&outcome)["latency_ms"], Value::Null);
    let errors = objects(&outcome.stderr);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!((&errors[0]["code"], &errors[0]["exit"]), (&json!("no-answer"), &json!(4)));
    assert!(errors[0]["hint"].as_str().unwrap().contains("--wait"), "{errors:?}");

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = silent.local_addr().unwrap().to_string();
    let outcome = replay(&captures(2), &target, &["--timeout", "100ms"]).exits(4, "no response");
    assert_eq!(each(&outcome, "outcome"), ["timeout"; 2]);
}

#[test]
fn connections_closed_after_each_response_lose_nothing() {
    // It closes without `Connection: close`, like a server after an idle timeout.
    let response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_owned();
    let endpoint = Endpoint::raw(vec![response]);
    let outcome = replay(&captures(50), &endpoint.target(), &[]).exits(0, "all delivered");
    assert_eq!(summary(&outcome)["delivered"], 50);
    assert_eq!(endpoint.arrived().len(), 50);
}

#[test]
fn no_lead_is_sent_to_a_forbidden_target() {
    for target in ["169.254.169.254", "http://[fe80::1]/", "http://u:p@example.com", "ftp://x"] {
        let outcome = replay(&captures(1), target, &[]).exits(2, target);
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn the_endpoint_is_reached_as_send_reaches_it() {
    let endpoint = Endpoint::new(&[200]);
    let port = endpoint.address().port();
    let resolve = format!("leads.example.com:{port}:127.0.0.1");
    let target = format!("http://leads.example.com:{port}");
    let args = ["--resolve", &resolve, "--wait", "10s"];
    let outcome = replay(&captures(2), &target, &args).exits(0, "under that name");
    assert_eq!(each(&outcome, "url")[0], format!("{target}/hooks"));
    let host = format!("leads.example.com:{port}");
    let arrived = endpoint.arrived();
    let mut delivered = arrived.iter().filter(|request| !request.line.is_empty());
    assert!(delivered.all(|request| request.header("host") == Some(host.as_str())), "{arrived:?}");
    let missing = ["--cacert", "nowhere.pem"];
    replay(&captures(1), "https://127.0.0.1:1", &missing).exits(3, "no certificate");
}

#[test]
fn captures_that_http_would_alter_are_skipped() {
    let endpoint = Endpoint::new(&[200]);
    let split = capture("/", &[("X-A", "1\r\nX-B: 2")], BODY);
    let mut method = capture("/", &[], BODY);
    method["method"] = "PO ST".into();
    let pathless = capture("*", &[], BODY);
    let captures = [split, method, pathless, genuine("4")];
    let outcome = leadhook!("replay c.jsonl --to {} --format json", endpoint.target())
        .file("c.jsonl", lines(&captures))
        .run()
        .exits(3, "left out");
    let errors = objects(&outcome.stderr);
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(errors.iter().all(|error| error["exit"] == 3), "{errors:?}");
    assert_eq!(endpoint.only().header("x-lead-router-message-id"), Some("4"));
    let summary = summary(&outcome);
    let counted = summary["left_out"].as_u64().unwrap() + summary["unreadable"].as_u64().unwrap();
    assert_eq!(counted, 3, "{summary}");
}
