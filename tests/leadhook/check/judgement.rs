//! The judgement of responses: stop codes, requests that no provider sends, advice by status, and
//! messages that are known by fields of the body.

use crate::check::{SECRETS, ids};
use crate::support::{Endpoint, objects};
use serde_json::{Value, json};
use std::fs;

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
        (204, "Answer 200, because "),
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
