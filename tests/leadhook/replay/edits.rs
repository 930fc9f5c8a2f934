//! Edits of captures before they are sent: `--set`, `--unset`, `--add` and `--merge`.

use crate::replay::{BODY, SECRET, capture, each, genuine, lines, replay, summary};
use crate::support::{Endpoint, hmac_hex, objects, token};
use serde_json::{Value, json};

/// A body in a layout that no JSON library prints.
const SPACED: &str = "{ \"event\" :\"lead.created\",\n  \"data\":{\"id\":\"L1\", \"score\":2.50,\"name\":\"Jos\\u00e9\" }}\n";

const RESIGN: [&str; 3] = ["--resign", "--secret", SECRET];

fn leadpro(body: &str) -> Value {
    capture("/in", &[("Authorization", "Bearer eyJ0.eyJ9.stale")], body)
}

#[test]
fn only_the_edited_value_changes_and_the_signature_covers_it() {
    let endpoint = Endpoint::new(&[200]);
    let edits = ["--set", "data.name=Jo", "--add-json", "data.tags=[1]", "--unset", "data.score"];
    let args = [&RESIGN[..], &edits].concat();
    replay(&[leadpro(SPACED)], &endpoint.target(), &args).exits(0, "edited");
    let arrived = endpoint.only();
    let expected = "{ \"event\" :\"lead.created\",\n  \
                    \"data\":{\"id\":\"L1\",\"name\":\"Jo\",\"tags\":[1] }}\n";
    assert_eq!(String::from_utf8(arrived.body).unwrap(), expected);
    let value = arrived.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let value = &value.unwrap().1;
    let (_, claims, is_valid) = token(SECRET.as_bytes(), value.trim_start_matches("Bearer "));
    assert!(is_valid, "{value}");
    assert_eq!(claims["data"], json!({"id": "L1", "name": "Jo", "tags": [1]}));
}

#[test]
fn edits_are_applied_in_the_order_of_the_command_line() {
    let endpoint = Endpoint::new(&[200]);
    let line = "replay c.jsonl --to {} --resign --secret s3cret --set partner_id=lost \
                --merge patch.json --add x.y=new --set-json x.z=2";
    let run = leadhook!("replay c.jsonl --resign --secret s3cret --to {}", endpoint.target());
    run.args(["--set", "partner_id=lost", "--merge", "patch.json"])
        .args(["--add", "x.y=new", "--set-json", "x.z=2"])
        .file("c.jsonl", lines(&[genuine("1")]))
        .file("patch.json", r#"{"partner_id":"002","x":{"z":1,"none":null}}"#)
        .run()
        .exits(0, line);
    let arrived = endpoint.only();
    let expected =
        BODY.replace("001", "002").replace("0ba\"}", "0ba\",\"x\":{\"z\":2,\"y\":\"new\"}}");
    assert_eq!(String::from_utf8(arrived.body.clone()).unwrap(), expected);
    let signature = hmac_hex(SECRET.as_bytes(), &arrived.body);
    assert_eq!(arrived.header("x-lead-router-signature"), Some(signature.as_str()));
    assert_eq!(arrived.header("x-lead-router-message-id"), Some("1"));
}

#[test]
fn an_event_in_the_body_is_reported_as_edited_and_the_baseline_still_matches() {
    let endpoint = Endpoint::new(&[200]);
    let args = [&RESIGN[..], &["--set", "event=lead.updated"]].concat();
    let unedited = replay(&[leadpro(SPACED)], &endpoint.target(), &RESIGN).exits(0, "unedited");
    let edited = replay(&[leadpro(SPACED)], &endpoint.target(), &args).exits(0, "edited");
    assert_eq!(each(&unedited, "event"), ["lead.created"]);
    assert_eq!(each(&edited, "event"), ["lead.updated"]);
    assert_eq!(each(&edited, "digest"), each(&unedited, "digest"), "that of the capture");
}

#[test]
fn edits_need_a_new_signature() {
    let endpoint = Endpoint::new(&[200]);
    for (args, option) in [
        (&["--set", "a=1"][..], "`--set`"),
        (&["--set-json", "a=1", "--secret", SECRET], "`--set-json`"),
        (&["--unset", "a"], "`--unset`"),
        (&["--add", "a=1"], "`--add`"),
        (&["--add-json", "a=1"], "`--add-json`"),
        (&["--merge", "caps.jsonl"], "`--merge`"),
    ] {
        let error = replay(&[genuine("1")], &endpoint.target(), args).exits(2, option);
        let error = &objects(&error.stderr)[0];
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("{option} needs `--resign`")), "{message}");
        assert!(error["hint"].as_str().unwrap().contains("`--resign`"), "{error}");
    }
    let invalid = [&RESIGN[..], &["--set", "a[=1"]].concat();
    let error = replay(&[genuine("1")], &endpoint.target(), &invalid).exits(2, "no path");
    assert_eq!(objects(&error.stderr)[0]["code"], "bad-path");
    assert!(endpoint.arrived().is_empty());
}

#[test]
fn a_capture_that_cannot_be_edited_is_left_out_with_a_hint() {
    for (args, unfit, exit, message, hint) in [
        (
            &["--set", "partner_di=x"][..],
            genuine("1"),
            2,
            "no `partner_di` in the payload",
            "did you mean `partner_id`?",
        ),
        (&["--add", "partner_id=x"], genuine("1"), 2, "is in the payload already", "`--set"),
        (
            &["--set", "partner_id=x"],
            capture("/", &[("X-Lead-Router-Action", "created")], "a=1"),
            3,
            "its body cannot be edited, because it is not JSON",
            "without the edits",
        ),
    ] {
        let endpoint = Endpoint::new(&[200]);
        let fit = capture("/", &[("X-Lead-Router-Action", "created")], r#"{"partner_di":"1"}"#);
        let fit = if exit == 3 { genuine("2") } else { fit };
        let args = [&RESIGN[..], args].concat();
        let outcome = replay(&[unfit, fit], &endpoint.target(), &args).exits(exit, message);
        let error = &objects(&outcome.stderr)[0];
        assert_eq!((&error["code"], &error["exit"]), (&json!("cannot-replay"), &json!(exit)));
        assert!(error["message"].as_str().unwrap().contains(message), "{error}");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
        assert_eq!(each(&outcome, "source"), ["caps.jsonl:2"]);
        assert_eq!(summary(&outcome)["left_out"], 1);
    }
}
