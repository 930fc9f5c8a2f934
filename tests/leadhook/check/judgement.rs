//! The judgement of responses: stop codes, requests that no provider sends, advice by status, and
//! messages that are known by fields of the body.

use crate::check::{SECRETS, check, ids, practice};
use crate::support::{Endpoint, objects, read_request};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::net::TcpListener;

/// Checks an endpoint that answers everything with this status, and returns the exit status and
/// the cases.
fn answered(status: u16, provider: &str, only: &str) -> (i32, Vec<Value>) {
    let endpoint = Endpoint::new(&[status]);
    let outcome = leadhook!(
        "check {} -p {} --secret {} --only {} --format json",
        endpoint.target(),
        provider,
        SECRETS[0],
        only
    )
    .run();
    let mut cases = objects(&outcome.stdout);
    cases.retain(|object| object["kind"] == "case");
    (outcome.exit, cases)
}

#[test]
fn an_undocumented_event_may_get_the_stop_code_of_the_provider() {
    for (provider, status, exit) in [
        ("realgeeks", 200, 0),
        ("realgeeks", 406, 0),
        ("realgeeks", 422, 1),
        // Realtor Bot documents no stop code.
        ("realtorbot", 406, 1),
    ] {
        let (found, cases) = answered(status, provider, "unknown-event");
        assert_eq!(found, exit, "{provider} {status}: {cases:#?}");
    }
    let (exit, cases) = answered(406, "realgeeks", "event-created");
    assert_eq!(exit, 1, "a documented event must arrive: {cases:#?}");
}

#[test]
fn a_get_has_no_consequence_at_the_provider() {
    for status in [200, 500] {
        let (exit, cases) = answered(status, "realgeeks", "get,head");
        assert_eq!((exit, ids(&cases, "fail").len()), (1, 2), "{status}");
        for case in cases {
            assert_eq!(case["would"], json!({"action": "none"}), "{case}");
            assert!(case.get("consequence").is_none_or(Value::is_null), "{case}");
        }
    }
}

#[test]
fn the_advice_depends_on_the_observed_status() {
    for (status, advice) in [
        (204, "Answer 200 to every message that you accept"),
        (302, "Answer without a redirect"),
        (404, "Is `/` the path that your app registers? "),
        (413, "Raise the limit"),
        (415, "Accept `Content-Type: application/json`"),
        (422, "Read the body as UTF-8"),
        (429, "Exempt Real Geeks from the rate limit"),
        (500, "Find the exception in the receiver's log. Read the body as UTF-8"),
    ] {
        let (_, cases) = answered(status, "realgeeks", "emoji");
        let found = cases[0]["advice"].as_str().unwrap();
        assert!(found.starts_with(advice), "{status}: {found}");
    }
}

#[test]
fn another_success_status_is_one_cause_of_all_failures() {
    let receiver = practice("realgeeks", "answers-204");
    let port = receiver.address().port();
    let (outcome, cases, summary) = check(port, "realgeeks", &[]);
    assert_eq!((outcome.exit, &summary["stopped"]), (1, &Value::Null), "{summary}");
    assert_eq!(summary["causes"].as_array().unwrap().len(), 1, "{summary}");
    let found = &summary["causes"][0];
    assert_eq!((&found["code"], &found["confirmed"]), (&json!("other-success"), &json!(true)));
    let explained: Vec<_> = found["cases"].as_array().unwrap().iter().collect();
    let failed: Vec<_> =
        cases.iter().filter(|case| case["outcome"] == "fail").map(|case| &case["id"]).collect();
    assert_eq!(explained, failed);
    assert!(!ids(&cases, "fail").contains("size-limit"));

    let args = ["--only", "accepts,rejects,timing"];
    let text = leadhook!("check :{} --secret {}", port, SECRETS[0]).args(args).run();
    let joined = text.exits(1, "text").stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "FAIL event-created and 28 more expected accepted with 200, got 204",
        "Cause: 204 No Content for 29 genuine deliveries: Real Geeks counts only 200 as a success.",
        "Fix: answer 200 to every message that you accept, and no other 2xx",
        "rejects forged or broken requests 21 of 21",
        "FAIL idle and 1 more for the same cause as above",
    ] {
        assert!(joined.contains(part), "{part:?} is not in\n{joined}");
    }
}

#[test]
fn a_forgery_that_gets_any_2xx_is_accepted() {
    for status in [200, 201, 202, 204] {
        let endpoint = Endpoint::new(&[status]);
        let outcome = leadhook!(
            "check {} --secret {} --only rejects --format json",
            endpoint.target(),
            SECRETS[0]
        );
        let outcome = outcome.run().exits(1, "rejects");
        let mut cases = objects(&outcome.stdout);
        let summary = cases.pop().unwrap();
        let cause = &summary["causes"][0];
        assert_eq!(cause["code"], "signature-not-checked", "{status}: {summary}");
        let failed = ids(&cases, "fail");
        for case in ["body", "missing-signature", "wrong-secret", "not-json", "get"] {
            assert!(failed.contains(case), "{status} {case}: {failed:?}");
        }
        let forged = cases.iter().find(|case| case["id"] == "wrong-secret").unwrap();
        assert_eq!(forged["consequence"], "Anyone who knows the URL can forge leads.");
        assert!(cause["cases"].as_array().unwrap().contains(&json!("wrong-secret")));
    }
    // The stop code of a provider is a rejection.
    let (exit, cases) = answered(406, "realgeeks", "rejects");
    assert_eq!(ids(&cases, "fail").len(), 0, "{exit}: {cases:#?}");
}

#[test]
fn the_advice_on_a_rejected_request_that_was_processed_is_about_the_order() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Counts every request before it looks at the body.
    std::thread::spawn(move || {
        let mut count = 0;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let Some(request) = read_request(&stream) else { continue };
            let is_message = request.line.starts_with("POST ");
            count += usize::from(is_message);
            let (status, body) =
                if is_message { (400, String::new()) } else { (200, count.to_string()) };
            let _ = write!(
                stream,
                "HTTP/1.1 {status} x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    let (outcome, cases, _) = check(port, "realgeeks", &["--only", "not-json,wrong-secret"]);
    assert_eq!((outcome.exit, cases.len()), (1, 2), "{outcome:?}");
    for case in cases {
        assert_eq!(case["observed"], "1 effect", "{case}");
        let advice = "Verify and parse the request before anything is stored or sent on.";
        assert_eq!(case["advice"], advice, "{case}");
    }
}

#[test]
fn messages_without_an_id_are_known_by_the_fields_of_the_pack() {
    let (outcome, dir) = leadhook!("events new providers/acme").run_in();
    outcome.exits(0, "new");
    let folder = dir.path().join("providers/acme");
    let file = folder.join("provider.toml");
    let toml = fs::read_to_string(&file).unwrap();
    let (before, rest) = toml.split_once("[message-id]\n").unwrap();
    let (_, after) = rest.split_once("[timestamp]\n").unwrap();
    let toml = format!("{before}[timestamp]\n{after}")
        .replace("# message-identity", "message-identity")
        .replace(", \"X-Acme-Delivery\"]", "]");
    fs::write(&file, toml).unwrap();
    let folder = folder.to_str().unwrap();
    let checked = leadhook!("events check-pack {} --strict", folder).run().exits(0, "check-pack");
    assert_eq!(checked.stdout, "acme  2 events  good\n");
    let common = ["-p", "acme", "--pack", folder, "--secret", SECRETS[0], "--format", "json"];
    for (fault, failed) in
        [("none", &[][..]), ("no-dedupe", &["repeat", "same-identity-other-body"][..])]
    {
        let fault: &[&str] = if fault == "none" { &[] } else { &["--fault", fault] };
        let running = leadhook!("practice :0").args(common).args(fault).start();
        let port = running.address().port();
        let (url, probe) = (format!(":{port}"), format!(":{port}/count"));
        let only = "repeat,same-identity-other-body,update-before-create";
        let outcome =
            leadhook!("check {} --probe-url {} --only {}", url, probe, only).args(common).run();
        let cases = objects(&outcome.stdout);
        assert_eq!(ids(&cases, "fail").into_iter().collect::<Vec<_>>(), failed, "{outcome:?}");
        let repeat = cases.iter().find(|case| case["id"] == "repeat").unwrap();
        assert!(repeat["advice"].as_str().unwrap().contains("fields that identify"), "{repeat}");
    }
}
