//! The keys of `provider.toml`, each with a pack that has it.

use crate::support::{Endpoint, Leadhook, objects};
use leadhook::protocols::schemes::KINDS;
use leadhook::providers::starter;
use serde_json::Value;

/// A secret that every scheme accepts.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Builds a run with the starter pack of a scheme, in which `changes` of `provider.toml` were made.
fn with_pack(mut run: Leadhook, scheme: &str, changes: &[(&str, &str)]) -> Leadhook {
    let kind = KINDS.iter().find(|kind| kind.name == scheme).unwrap();
    for (name, mut text) in starter::files_of_scheme("acme", kind) {
        if name == "provider.toml" {
            for (from, to) in changes {
                assert!(text.contains(from), "{from}");
                text = text.replacen(from, to, 1);
            }
        }
        run = run.file(&format!("acme/{name}"), text);
    }
    run.args(["--pack", "acme", "-p", "acme"]).env("LEADHOOK_SECRET", SECRET)
}

#[test]
fn the_starter_pack_of_every_scheme_is_valid_sends_and_verifies() {
    for kind in KINDS {
        let (new, dir) = leadhook!("events new acme --scheme {}", kind.name).run_in();
        let printed = new.exits(0, kind.name).stdout;
        let next = printed.lines().find_map(|line| line.strip_prefix("  leadhook send ")).unwrap();
        let next = leadhook!("send --dry-run").args(next.split(' '));
        next.in_folder(dir.path()).run().exits(0, kind.name);
        let pack = dir.path().join("acme");
        let pack = pack.to_str().unwrap();
        let checked = leadhook!("events check-pack {} --strict", pack).run().exits(0, kind.name);
        assert_eq!(checked.stdout, "acme  2 events  good\n", "{}", kind.name);
        let named = ["--pack", pack, "-p", "acme"];
        let sent = leadhook!("send lead.created --dry-run --print json")
            .args(named)
            .env("LEADHOOK_SECRET", SECRET)
            .run()
            .exits(0, kind.name);
        let verified = leadhook!("verify - --format json")
            .args(named)
            .env("LEADHOOK_SECRET", SECRET)
            .stdin(sent.stdout)
            .run()
            .exits(0, kind.name);
        let expected = if kind.name == "none" { "unsigned" } else { "valid" };
        let verdict = verified.object();
        assert_eq!(verdict["signature"]["status"], expected, "{verdict:#}");
        assert_eq!(verdict["signature"]["scheme"], kind.name, "{verdict:#}");
    }
    let refused = leadhook!("events new acme --scheme md5").run().exits(2, "an unknown scheme");
    assert!(refused.stderr.contains("timestamped-hmac"), "{}", refused.stderr);
}

const VERSIONS: &str = "[versions]\n\
    \"2025-08-15\" = { fields = [\"/lead/message\"], headers = [\"X-Acme-Delivery\"] }\n\
    \n[recognise]";

#[test]
fn an_older_version_lacks_what_is_newer_at_every_attempt() {
    // The scheme signs the time, so that each attempt is composed again.
    let attempts = |more: &[&str]| {
        let endpoint = Endpoint::new(&[503, 200]);
        let run = leadhook!("simulate lead.created {}", endpoint.target()).args(more);
        with_pack(run, "timestamped-hmac", &[("[recognise]", VERSIONS)]).run().exits(0, "simulate");
        endpoint.arrived()
    };
    let arrived = attempts(&[]);
    assert_eq!(arrived.len(), 2);
    let has_message = |body: &[u8]| {
        let body: Value = serde_json::from_slice(body).unwrap();
        body["lead"].get("message").is_some()
    };
    for request in &arrived {
        assert!(request.header("x-acme-delivery").is_some() && has_message(&request.body));
    }
    for request in attempts(&["--as-of", "2025-08-14"]) {
        assert_eq!(request.header("x-acme-delivery"), None);
        assert!(!has_message(&request.body));
    }
    for request in attempts(&["--as-of", "2025-08-14", "-H", "X-Acme-Delivery: mine"]) {
        assert_eq!(request.header("x-acme-delivery"), Some("mine"));
    }
    for request in attempts(&["--as-of", "2025-08-15"]) {
        assert!(request.header("x-acme-delivery").is_some() && has_message(&request.body));
    }
}

#[test]
fn check_sends_the_previous_version_only_if_it_differs() {
    let is_listed = |changes: &[(&str, &str)]| {
        let run = leadhook!("check --list --format json");
        let listed = with_pack(run, "hmac", changes).run().exits(0, "list").object();
        let cases = listed["cases"].as_array().unwrap();
        assert!(cases.iter().any(|case| case["id"] == "unknown-event"));
        cases.iter().any(|case| case["id"] == "previous-version")
    };
    let list = |versions: &str| {
        let tables = format!("[versions]\n{versions}\n[recognise]");
        is_listed(&[("[recognise]", &tables)])
    };
    assert!(list("\"2025-08-15\" = { fields = [\"/lead/message\"] }\n"));
    assert!(list("\"2025-08-15\" = { headers = [\"X-Acme-Delivery\"] }\n"));
    // The newest additions count, and only those of the event that is sent.
    assert!(!list("\"2025-08-15\" = { source = \"C: a test\" }\n"));
    assert!(!is_listed(&[]));
}

#[test]
fn the_path_names_the_event_and_a_fixed_one_stands_for_the_rest() {
    let changes = [("\npointer = \"/event\"", "\npath = true\nfixed = \"lead.created\"")];
    let sent = |event: &str, path: &str| {
        let endpoint = Endpoint::new(&[200]);
        let run = leadhook!("send {} {}{}", event, endpoint.target(), path);
        with_pack(run, "hmac", &changes).run().exits(0, event);
        endpoint.only().line
    };
    for (event, path, expected) in [
        ("lead.updated", "/hooks", "POST /hooks/lead.updated "),
        ("lead.updated", "/hooks/lead.created", "POST /hooks/lead.updated "),
        ("lead.created", "/hooks/lead.updated?x=1", "POST /hooks/lead.created?x=1 "),
        ("lead.created", "/hooks", "POST /hooks "),
    ] {
        let line = sent(event, path);
        assert!(line.starts_with(expected), "{event} to {path}: {line}");
    }
    for (path, event) in [
        ("/hooks", "lead.created"),
        ("/hooks/lead.updated", "lead.updated"),
        ("/x", "lead.created"),
    ] {
        let run = leadhook!("send lead.created :1{} --dry-run --print json", path);
        let mut capture = with_pack(run, "hmac", &changes).run().exits(0, path).object();
        capture["target"] = path.into();
        let run = leadhook!("verify - --format json").stdin(capture.to_string());
        let verdict = with_pack(run, "hmac", &changes).run().object();
        assert_eq!(verdict["event"], event, "{path}: {verdict:#}");
        assert_eq!(verdict["signature"]["status"], "valid", "{path}: {verdict:#}");
    }
}

#[test]
fn only_listed_statuses_are_tried_again_and_a_stop_has_its_effect() {
    let changes = [
        ("# retry-on = [\"5xx\", \"429\"] # if only these are tried again", "retry-on = [\"5xx\"]"),
        ("# jitter = \"10%\"", "jitter = \"20%\""),
        ("# stop-effect", "stop-effect"),
    ];
    let simulate = |responses: &str| {
        let run = leadhook!("simulate lead.created --format json --respond {}", responses);
        with_pack(run, "hmac", &changes).run().object()
    };
    let plan = simulate("503,503,200");
    assert_eq!(
        (&plan["outcome"], plan["attempts"].as_array().unwrap().len()),
        (&"delivered".into(), 3)
    );
    for (responses, attempts) in [("404,200", 1), ("503,429,200", 2), ("410,200", 1)] {
        let plan = simulate(responses);
        assert_eq!(plan["outcome"], "stopped", "{responses}");
        assert_eq!(plan["attempts"].as_array().unwrap().len(), attempts, "{responses}");
    }
    let rules = &plan["rules"];
    assert_eq!(rules["retry_on"], serde_json::json!(["5xx"]));
    assert_eq!(rules["stop"], serde_json::json!(["410"]));
    assert_eq!(rules["jitter_percent"], 20);
    assert_eq!(rules["stop_effect"], "the webhook is deleted");
    let endpoint = Endpoint::new(&[410]);
    let sent = with_pack(leadhook!("send lead.created {}", endpoint.target()), "hmac", &changes);
    let sent = sent.run().exits(1, "a stop code");
    assert!(sent.stdout.contains("the webhook is deleted"), "{}", sent.stdout);
    // A receiver that answers an unknown event with such a code loses its webhook.
    let run = leadhook!("check {} --only unknown-event --format json", endpoint.target());
    let checked = with_pack(run, "hmac", &changes).run();
    let case = objects(&checked.stdout).into_iter().find(|it| it["kind"] == "case").unwrap();
    assert_eq!(case["outcome"], "fail", "{case:#}");
    assert!(
        case["consequence"].as_str().unwrap().ends_with("and the webhook is deleted."),
        "{case:#}"
    );
}
