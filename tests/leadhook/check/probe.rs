//! The probe of `leadhook check`: where its number is read, and a number that proves nothing.

use crate::check::SECRETS;
use crate::support::{Endpoint, objects, read_request};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::net::{TcpListener, TcpStream};

/// Starts a receiver that stores each message once, and returns its port. `GET` returns the stored
/// ids as a JSON array within an object, with their number in a field and in a header.
fn storing_receiver() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut ids = BTreeSet::new();
        for stream in listener.incoming() {
            let mut stream: TcpStream = stream.unwrap();
            let Some(request) = read_request(&stream) else { continue };
            if request.line.starts_with("POST ") {
                let id = request.header("x-lead-router-message-id").unwrap_or_default().to_owned();
                ids.insert(id);
            }
            let body = json!({"meta": {"total": ids.len()}, "leads": ids, "name": "x"}).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\nX-Total-Count: {}\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n",
                ids.len(),
                body.len()
            );
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    port
}

/// Returns a response with this body.
fn response(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

/// Runs these cases against a receiver that accepts everything, with the probe at another one.
fn probed(target: &Endpoint, probe: &Endpoint, more: &[&str]) -> crate::support::Outcome {
    leadhook!(
        "check {} --secret {} --probe-url {}/n --settle 0",
        target.target(),
        SECRETS[0],
        probe.target()
    )
    .args(more)
    .run()
}

#[test]
fn the_number_is_read_from_json_or_from_a_header() {
    let port = storing_receiver();
    for location in [
        ["--probe-json", "/meta/total"],
        ["--probe-json", "/leads"],
        ["--probe-header", "x-total-count"],
    ] {
        let outcome = leadhook!(
            "check :{} --secret {} --probe-url :{}/leads --only repeat,repeat-at-once --format json",
            port,
            SECRETS[0],
            port
        );
        let outcome = outcome.args(location).run();
        let cases = objects(&outcome.stdout);
        let observed: Vec<_> =
            cases.iter().filter(|it| it["kind"] == "case").map(|it| &it["observed"]).collect();
        assert_eq!(outcome.exit, 0, "{location:?}: {outcome:#?}");
        assert!(observed.iter().all(|it| **it == "1 effect"), "{location:?}: {observed:?}");
    }
}

#[test]
fn a_response_without_a_number_is_described_before_anything_is_sent() {
    let target = Endpoint::new(&[200]);
    for (body, options, found, hint) in [
        (
            r#"{"count":5}"#,
            &[][..],
            "the response is a JSON object",
            "`--probe-json /count` reads a number of it",
        ),
        (
            "[{},{}]",
            &[],
            "the response is a JSON array of 2 items",
            "`--probe-json ''` counts the items of its array",
        ),
        (
            r#"{"leads":[]}"#,
            &["--probe-json", "/lead"],
            "the response has no value at `/lead`",
            "`--probe-json /leads` counts the items of its array",
        ),
        ("<html>", &["--probe-json", "/a"], "it returned `<html>`, expected JSON", "of an API"),
        ("5", &["--probe-header", "X-Count"], "has no header `X-Count`", "`curl -i URL`"),
        ("\u{1b}[31m", &[], "expected a whole number", "before and after each case"),
    ] {
        let probe = Endpoint::raw(vec![response(body)]);
        let outcome = probed(&target, &probe, options).exits(3, body);
        assert!(outcome.stderr_line("error: ").contains(found), "{body}: {outcome:#?}");
        assert!(outcome.stderr_line("hint: ").contains(hint), "{body}: {outcome:#?}");
        assert!(!outcome.stderr.contains('\u{1b}'), "{body}: {outcome:#?}");
    }
    assert!(target.arrived().is_empty(), "nothing was sent");
}

#[test]
fn a_number_that_changes_by_itself_leaves_the_cases_that_need_it_incomplete() {
    let target = Endpoint::new(&[200]);
    let probe = Endpoint::raw(
        (7..1_000).step_by(3).map(|number: u32| response(&number.to_string())).collect(),
    );
    let run = |more: &[&str]| probed(&target, &probe, more);
    let outcome = run(&["--only", "repeat,event-created", "--format", "json"]).exits(5, "moves");
    let notes: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!(notes.len(), 1, "one note: {outcome:#?}");
    assert!(outcome.stderr.contains("changed from 7 to 10 in "), "{outcome:#?}");
    assert!(outcome.stderr.contains("while nothing was sent"), "{outcome:#?}");
    assert_eq!(probe.arrived().len(), 2, "it is not read after that");
    let cases = objects(&outcome.stdout);
    let repeat: &Value = cases.iter().find(|case| case["id"] == "repeat").unwrap();
    assert_eq!(repeat["outcome"], "incomplete", "{repeat}");
    let observed = repeat["observed"].as_str().unwrap();
    assert!(observed.ends_with("the probe's number changes by itself"), "{observed}");
    let created: &Value = cases.iter().find(|case| case["id"] == "event-created").unwrap();
    assert_eq!(created["outcome"], "pass", "its response is evidence enough: {created}");
    // Without the time to observe it, every case has its effect.
    run(&["--only", "repeat", "--probe-quiet", "0"]).exits(1, "not observed");
}

/// A probe has no more time than the rest of the check.
#[test]
fn a_probe_that_never_responds_ends_at_the_deadline() {
    let target = Endpoint::new(&[200]);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let outcome = leadhook!(
        "check {} --secret {} --probe-url :{} --deadline 200ms",
        target.target(),
        SECRETS[0],
        silent.local_addr().unwrap().port()
    )
    .run();
    let problem = outcome.stderr_line("error: ");
    assert!(problem.contains("no response within 1") && problem.contains("ms"), "{outcome:#?}");
    assert!(target.arrived().is_empty(), "{outcome:#?}");
}

/// Starts a receiver that stores each message once, and whose number shows a message only after it
/// was asked for `delay` times. It returns the number of leads, by the email address, or of messages.
fn late_receiver(delay: usize, counts_leads: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut asked, mut stored) = (0, BTreeMap::new());
        for stream in listener.incoming() {
            let mut stream: TcpStream = stream.unwrap();
            let Some(request) = read_request(&stream) else { continue };
            if request.line.starts_with("POST ") {
                let lead: Value = serde_json::from_slice(&request.body).unwrap();
                let id = request.header("x-lead-router-message-id").unwrap_or_default();
                let key = if counts_leads { lead["email"].to_string() } else { id.to_owned() };
                stored.entry(key).or_insert(asked + delay);
            } else {
                asked += 1;
            }
            let number = stored.values().filter(|visible| **visible < asked).count();
            let _ = stream.write_all(response(&number.to_string()).as_bytes());
        }
    });
    port
}

/// Runs cases against a receiver whose number is its own, without `--settle`.
fn adapted(port: u16, only: &str) -> crate::support::Outcome {
    leadhook!(
        "check :{} --secret {} --probe-url :{}/n --only {} --format json",
        port,
        SECRETS[0],
        port,
        only
    )
    .run()
}

/// One poll takes at least 10 ms: 130 are more than the usual second.
#[test]
fn a_receiver_that_works_after_its_response_gets_more_time() {
    let outcome = adapted(late_receiver(130, false), "event-created,repeat,other-id-same-body");
    assert_eq!(outcome.exit, 0, "{outcome:#?}");
    let notes: Vec<_> = outcome.stderr.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(notes.len(), 1, "{outcome:#?}");
    assert!(notes[0].contains("`--settle TIME` sets this time"), "{notes:?}");
}

#[test]
fn a_number_that_never_changes_fails_one_case_and_says_so() {
    let outcome = adapted(
        late_receiver(usize::MAX / 2, false),
        "event-created,repeat,rotation,reversed-burst",
    );
    let cases = objects(&outcome.stdout);
    let find = |id: &str| cases.iter().find(|case| case["id"] == id).unwrap();
    assert_eq!(outcome.exit, 1, "{outcome:#?}");
    let repeat = find("repeat");
    assert_eq!(repeat["outcome"], "fail", "{repeat}");
    assert!(repeat["observed"].as_str().unwrap().contains("never changed"), "{repeat}");
    assert!(repeat["advice"].as_str().unwrap().contains("without a cache"), "{repeat}");
    let later = find("reversed-burst");
    assert_eq!(later["outcome"], "incomplete", "{later}");
    assert!(later["observed"].as_str().unwrap().ends_with("never changes"), "{later}");
}

#[test]
fn a_number_of_leads_skips_the_case_that_needs_one_of_messages() {
    let outcome = adapted(late_receiver(0, true), "repeat,other-id-same-body");
    let cases = objects(&outcome.stdout);
    let skipped = cases.iter().find(|case| case["id"] == "other-id-same-body").unwrap();
    assert_eq!((outcome.exit, &skipped["outcome"]), (0, &"skipped".into()), "{outcome:#?}");
    assert!(skipped["observed"].as_str().unwrap().contains("a count of messages"), "{skipped}");
}
