//! `leadhook send`: the request and the meaning of the response.

mod hints;

use crate::support::{
    Arrived, Endpoint, Outcome, events, hmac_hex, keys, objects, signed_send, token,
};
use leadhook::providers::Packs;
use serde_json::{Value, json};

const SECRET: &str = "s3cret";

/// One event of each provider.
const ONE_EACH: [&str; 3] =
    ["realgeeks:created", "leadpro:lead.created", "realtorbot:appointment.scheduled"];

/// Returns the head and the body that `--dry-run --print http` shows.
fn dry_run(event: &str, more: &[&str]) -> (String, String) {
    let shown = leadhook!("send {} --secret {} --dry-run --print http", event, SECRET)
        .args(more)
        .in_process()
        .exits(0, event)
        .stdout;
    let (head, body) = shown.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[track_caller]
fn has_name_as_written(arrived: &Arrived, name: &str) {
    assert!(arrived.headers.iter().any(|(known, _)| known == name), "no `{name}`: {arrived:#?}");
}

fn check_real_geeks(event: &str, arrived: &Arrived, delivery: &Value) {
    for name in ["Action", "Message-Id", "Timestamp", "Signature"] {
        has_name_as_written(arrived, &format!("X-Lead-Router-{name}"));
    }
    assert_eq!(arrived.header("X-Lead-Router-Action"), Some(event));
    let id = arrived.header("X-Lead-Router-Message-Id").unwrap();
    assert_eq!(delivery["message_id"], id, "{event}");
    let hyphenated = uuid::Uuid::try_parse(id).map(|uuid| uuid.hyphenated().to_string());
    assert_eq!(hyphenated.as_deref(), Ok(id), "{event}");
    assert_eq!(
        arrived.header("X-Lead-Router-Timestamp"),
        Some("2026-01-02T03:04:05.000000000Z"),
        "{event}"
    );
    assert_eq!(arrived.header("User-Agent"), Some("RealGeeks-LeadRouter/1.0"), "{event}");
    let signature = hmac_hex(SECRET.as_bytes(), &arrived.body);
    assert_eq!(arrived.header("X-Lead-Router-Signature"), Some(signature.as_str()), "{event}");
}

fn check_leadpro(event: &str, arrived: &Arrived, delivery: &Value) {
    has_name_as_written(arrived, "Authorization");
    let (header, claims, ours) = token(SECRET.as_bytes(), arrived.header("Authorization").unwrap());
    assert!(ours, "{event}: {arrived:?}");
    assert_eq!(header.to_string(), r#"{"alg":"HS256","typ":"JWT"}"#, "{event}");
    let mut expected: Value = serde_json::from_slice(&arrived.body).unwrap();
    assert_eq!(expected["event"], event);
    expected["iat"] = json!(1_767_323_045);
    assert_eq!(claims, expected, "{event}: the claims are the body and `iat`");
    assert_eq!(delivery["message_id"], Value::Null, "{event}: it has none");
    assert_eq!(arrived.header("User-Agent"), None, "{event}");
}

fn check_realtor_bot(event: &str, arrived: &Arrived, delivery: &Value) {
    has_name_as_written(arrived, "x-realtorbot-signature");
    let signature = hmac_hex(SECRET.as_bytes(), &arrived.body);
    assert_eq!(arrived.header("x-realtorbot-signature"), Some(signature.as_str()), "{event}");
    let body: Value = serde_json::from_slice(&arrived.body).unwrap();
    assert_eq!(
        body.to_string().as_bytes(),
        arrived.body,
        "{event}: compact, as JSON.stringify prints it"
    );
    assert_eq!(keys(&body), ["id", "type", "timestamp", "data"], "{event}");
    assert_eq!(
        (&body["type"], &body["timestamp"]),
        (&json!(event), &json!("2026-01-02T03:04:05Z")),
        "{event}"
    );
    assert_eq!(body["id"], delivery["message_id"], "{event}");
    assert!(body["id"].as_str().is_some_and(|id| id.starts_with("evt_")), "{event}");
}

#[test]
fn every_event_arrives_as_documented() {
    for name in events(None) {
        let endpoint = Endpoint::new(&[200]);
        let sent = signed_send(&name, &endpoint.target())
            .args(["--now", "2026-01-02T03:04:05Z"])
            .run()
            .exits(0, &name)
            .object();
        assert_eq!(
            (&sent["outcome"], &sent["status"]),
            (&json!("delivered"), &json!(200)),
            "{name}"
        );
        let arrived = endpoint.only();
        assert_eq!(arrived.header("Content-Type"), Some("application/json"), "{name}");
        let (provider, event) = name.split_once(':').unwrap();
        let packs = Packs::builtin().unwrap();
        let path = packs.find(provider).unwrap().provider.path_of_event("/", event).into_owned();
        assert_eq!(arrived.line, format!("POST {path} HTTP/1.1"), "{name}");
        match provider {
            "realgeeks" => check_real_geeks(event, &arrived, &sent),
            "leadpro" => check_leadpro(event, &arrived, &sent),
            "realtorbot" => check_realtor_bot(event, &arrived, &sent),
            // Receivers that share no code with leadhook judge the other ones in `receivers`.
            _ => {}
        }
    }
}

#[test]
fn a_redirect_is_a_response_and_is_not_followed() {
    let redirect_target = Endpoint::new(&[200]);
    for status in [301, 302, 303, 307, 308] {
        let location = format!("http://{}/", redirect_target.address());
        let response = format!(
            "HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let endpoint = Endpoint::raw(vec![response]);
        let sent =
            signed_send("created", &endpoint.target()).run().exits(1, &status.to_string()).object();
        assert_eq!(
            (&sent["status"], &sent["outcome"]),
            (&json!(status), &json!("refused")),
            "{status}"
        );
        assert_eq!(endpoint.arrived().len(), 1, "{status}");
    }
    assert_eq!(redirect_target.arrived(), []);
}

#[test]
fn a_status_is_classified_as_the_provider_documents() {
    let retry = |seconds: u64| json!({"action": "retry", "wait_s": seconds});
    let (none, give_up) = (json!({"action": "none"}), json!({"action": "give-up"}));
    for (event, delivered, stopped, otherwise) in [
        ("realgeeks:created", [200].as_slice(), [406].as_slice(), retry(600)),
        ("leadpro:lead.created", &[200, 201, 204], &[], none.clone()),
        ("realtorbot:test", &[200], &[], retry(1)),
    ] {
        for status in [200, 201, 204, 302, 406, 500] {
            let case = format!("{event} {status}");
            let (outcome, would, exit) = match status {
                status if delivered.contains(&status) => ("delivered", &none, 0),
                status if stopped.contains(&status) => ("stopped", &give_up, 1),
                _ => ("refused", &otherwise, 1),
            };
            let sent = signed_send(event, &Endpoint::new(&[status]).target())
                .run()
                .exits(exit, &case)
                .object();
            assert_eq!((&sent["outcome"], &sent["would"]), (&json!(outcome), would), "{case}");
        }
    }
}

#[test]
fn expected_statuses_replace_the_providers_success_statuses() {
    for (status, expect, exit) in [
        (406, "406", 0),
        (500, "2xx,5xx", 0),
        (201, "2xx,406", 0),
        (200, "406", 1),
        (500, "2xx,406", 1),
    ] {
        let case = format!("{status} {expect}");
        let sent = signed_send("created", &Endpoint::new(&[status]).target())
            .args(["--expect", expect])
            .run()
            .exits(exit, &case)
            .object();
        assert_eq!(sent["expected"], json!(exit == 0), "{case}");
    }
    let outcome = leadhook!("send created --secret {} --expect 20", SECRET)
        .in_process()
        .exits(2, "no status");
    assert!(outcome.stderr_line("error: ").contains("`20`"), "{outcome:?}");
}

#[test]
fn the_json_output_has_exactly_the_documented_keys() {
    let documented = "schema_version kind provider event message_id url attempt at status outcome would duration_ms error";
    let documented: Vec<_> = documented.split(' ').collect();
    for status in [200, 500] {
        let endpoint = Endpoint::new(&[status]);
        let sent = signed_send("created", &endpoint.target())
            .args(["--now", "@1767323045"])
            .run()
            .object();
        let hints = (status != 200).then_some("hints");
        let documented: Vec<_> = documented.iter().copied().chain(hints).collect();
        assert_eq!(keys(&sent), documented, "{status}");
        assert_eq!(
            (&sent["schema_version"], &sent["kind"]),
            (&json!(1), &json!("delivery")),
            "{status}"
        );
        assert_eq!(sent["url"], format!("http://{}/", endpoint.address()), "{status}");
        assert_eq!(
            (&sent["attempt"], &sent["at"]),
            (&json!(1), &json!("2026-01-02T03:04:05Z")),
            "{status}"
        );
        assert_eq!(sent["error"], Value::Null, "{status}");
        assert!(sent["duration_ms"].is_u64(), "{status}");
    }
}

#[test]
fn text_output_states_the_outcome_and_the_next_attempt() {
    let endpoint = Endpoint::raw(vec![
        "HTTP/1.1 500 X\r\nContent-Length: 17\r\n\r\nno such column: x".to_owned(),
    ]);
    let target = format!("{}/hooks?a=1", endpoint.target());
    let sent = leadhook!("send created {} --secret {}", target, SECRET)
        .in_process()
        .exits(1, "500")
        .stdout;
    for part in [
        "--> realgeeks created  ",
        &format!("POST http://{}/hooks?a=1  ", endpoint.address()),
        "<-- 500 Internal Server Error in ",
        "    no such column: x",
        "not delivered: Real Geeks would try again in 10 min, 7 more times",
    ] {
        assert!(sent.contains(part), "{part:?} is not in:\n{sent}");
    }
    assert_eq!(endpoint.only().line, "POST /hooks?a=1 HTTP/1.1");
}

#[test]
fn a_dry_run_sends_nothing_and_shows_the_request_in_each_form() {
    let endpoint = Endpoint::new(&[200]);
    let host = endpoint.address().to_string();
    for event in ONE_EACH {
        let target = endpoint.target();
        let dry_run = |more: &[&str]| {
            leadhook!(
                "send {} {} --secret {} --dry-run --seed 7 --now @1767323045",
                event,
                target,
                SECRET
            )
            .args(more)
            .in_process()
            .exits(0, event)
            .stdout
        };
        let print = |form: &str| dry_run(&["--print", form]);
        let http = print("http");
        assert_eq!(http, dry_run(&[]), "{event}: http is the default");
        assert!(http.starts_with(&format!("POST / HTTP/1.1\r\nHost: {host}\r\n")), "{http}");
        let (head, body) = http.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("\r\nContent-Length: {}", body.len())), "{http}");
        let capture = print("json");
        let object: Value = serde_json::from_str(&capture).unwrap();
        assert_eq!(
            (&object["kind"], &object["body"]),
            (&json!("capture"), &json!(body)),
            "{event}"
        );
        let verdict = leadhook!("verify - --secret {} --format json", SECRET)
            .stdin(capture)
            .run()
            .exits(0, event)
            .object();
        assert_eq!(verdict["valid"], true, "{event}: {verdict}");
        let curl = print("curl");
        assert!(curl.starts_with(&format!("curl -g -X POST 'http://{host}/'")), "{curl}");
        assert!(curl.contains("--data-binary"), "{curl}");
    }
    assert_eq!(endpoint.arrived(), []);
}

#[test]
fn the_same_seed_and_time_give_the_same_bytes() {
    for event in ONE_EACH {
        let made = |more: &[&str]| dry_run(event, &[&["--now", "@1767323045"], more].concat());
        assert_eq!(made(&["--seed", "7"]), made(&["--seed", "7"]), "{event}");
        assert_ne!(made(&["--seed", "7"]).1, made(&["--seed", "8"]).1, "{event}");
        let later = dry_run(event, &["--seed", "7", "--now", "@1767400000"]);
        assert_ne!(made(&["--seed", "7"]), later, "{event}: another time");
    }
}

#[test]
fn changes_are_applied_in_the_given_order() {
    let body = |more: &[&str]| serde_json::from_str::<Value>(&dry_run("created", more).1).unwrap();
    let set = body(&[
        "--set",
        "first_name=A=B",
        "--set",
        "/last_name=C",
        "--set",
        "first_name=D",
        "--set",
        "activities[0].type=called",
    ]);
    assert_eq!((&set["first_name"], &set["last_name"]), (&json!("D"), &json!("C")));
    assert_eq!(set["activities"][0]["type"], "called");
    let unset = body(&["--unset", "email", "--add", "email=ada@example.com", "--unset", "phone"]);
    assert_eq!((&unset["email"], unset.get("phone")), (&json!("ada@example.com"), None));
    let nested = body(&[
        "--add-json",
        r#"meta={"a":[1]}"#,
        "--set-json",
        "meta.a[0]=true",
        "--add",
        "meta.b=x",
        "--add-json",
        "meta.a[1]=null",
    ]);
    assert_eq!(nested["meta"], json!({"a": [true, null], "b": "x"}));
    let outcome = leadhook!(
        "send created --secret {} --dry-run --add email=ada@example.com --unset email",
        SECRET
    )
    .in_process()
    .exits(2, "added, then removed");
    assert!(
        outcome.stderr_line("error: ").contains("`email` is in the payload already"),
        "{outcome:?}"
    );
}

#[test]
fn unsigned_needs_no_secret_and_sends_no_signature() {
    for event in ONE_EACH {
        let endpoint = Endpoint::new(&[200]);
        leadhook!("send {} {} --unsigned", event, endpoint.target()).in_process().exits(0, event);
        let arrived = endpoint.only();
        for name in ["X-Lead-Router-Signature", "Authorization", "x-realtorbot-signature"] {
            assert_eq!(arrived.header(name), None, "{event}");
        }
    }
    leadhook!("send created --unsigned --tamper body")
        .in_process()
        .exits(2, "no signature to change");
}

fn with_data(body: &[u8], args: &[&str], endpoint: &Endpoint) -> (Outcome, Arrived) {
    let outcome =
        signed_send("created", &endpoint.target()).args(args).file("body", body).stdin(body).run();
    (outcome, endpoint.only())
}

#[test]
fn the_bytes_of_a_file_are_sent_as_they_are() {
    for body in [
        b"{\"email\":\"ada@example.com\"}\n".as_slice(),
        b"{ \"a\" :\r\n1.0 }",
        b"\xff\x00\x1b not JSON",
        b"",
    ] {
        for source in ["body", "-"] {
            let case = format!("{source} {:?}", String::from_utf8_lossy(body));
            let (outcome, arrived) = with_data(body, &["--data", source], &Endpoint::new(&[200]));
            assert_eq!(arrived.body, body, "{case}");
            let signature = hmac_hex(SECRET.as_bytes(), body);
            assert_eq!(
                arrived.header("X-Lead-Router-Signature"),
                Some(signature.as_str()),
                "{case}"
            );
            let noted = outcome.exits(0, &case).stderr.contains("newline");
            assert_eq!(noted, body.ends_with(b"\n"), "{case}");
        }
    }
    leadhook!("send created --secret {} --data body --set a=b", SECRET)
        .run()
        .exits(2, "`--data` excludes changes");
}

#[test]
fn headers_of_the_user_are_sent_and_replace_those_of_the_provider() {
    let endpoint = Endpoint::new(&[200]);
    let more = ["-H", "X-Trace: a: b", "-H", "user-agent: mine/1", "--message-id", "msg-1"];
    let sent =
        signed_send("created", &endpoint.target()).args(more).run().exits(0, "headers").object();
    let arrived = endpoint.only();
    assert_eq!(
        (arrived.header("X-Trace"), arrived.header("User-Agent")),
        (Some("a: b"), Some("mine/1"))
    );
    assert_eq!(
        arrived.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("user-agent")).count(),
        1
    );
    assert_eq!(
        (arrived.header("X-Lead-Router-Message-Id"), &sent["message_id"]),
        (Some("msg-1"), &json!("msg-1"))
    );
}

#[test]
fn a_conflicting_or_splitting_header_is_rejected() {
    for (event, header) in [
        ("created", "x-lead-router-signature: 00"),
        ("leadpro:lead.created", "authorization: Bearer x"),
        ("realtorbot:test", "X-RealtorBot-Signature: 00"),
        ("created", "Content-Length: 0"),
        ("created", "A: b\r\nC: d"),
        ("created", "no colon"),
        ("created", ": no name"),
    ] {
        let endpoint = Endpoint::new(&[200]);
        let outcome =
            signed_send(event, &endpoint.target()).args(["-H", header]).run().exits(2, header);
        assert_eq!(objects(&outcome.stderr).len(), 1, "{header:?}: {outcome:?}");
        assert_eq!(endpoint.arrived(), [], "{header:?}");
    }
    let split = signed_send("created", &Endpoint::new(&[200]).target())
        .args(["--message-id", "a\r\nB: c"])
        .run();
    split.exits(2, "a message id with a newline");
}
