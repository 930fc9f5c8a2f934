//! `leadhook replay`, over real sockets.

mod baseline;
mod bytes;
mod dry_run;
mod edits;
mod failures;
mod fidelity;
mod order;
mod signing;
mod text;
mod tokens;

use crate::support::{Arrived, Outcome, hmac_hex, objects};
use serde_json::{Value, json};

const SECRET: &str = "s3cret";

/// A valid payload.
const BODY: &str = r#"{"partner_id":"001","site_uuid":"5ead6dd1-2cb9-4f80-80fc-5716b05c90ba"}"#;

/// Returns a capture as `listen --save` writes it, without its time.
fn capture(target: &str, headers: &[(&str, &str)], body: &str) -> Value {
    let headers: Vec<_> = headers.iter().map(|(name, value)| json!([name, value])).collect();
    json!({
        "schema_version": 1,
        "kind": "capture",
        "received_at": null,
        "remote": "127.0.0.1:50000",
        "method": "POST",
        "target": target,
        "http_version": "HTTP/1.1",
        "headers": headers,
        "body": body,
    })
}

/// Returns a genuine delivery with this message id.
pub(crate) fn genuine(id: &str) -> Value {
    signed(id, SECRET)
}

/// Returns a delivery signed with any secret.
fn signed(id: &str, secret: &str) -> Value {
    let signature = hmac_hex(secret.as_bytes(), BODY.as_bytes());
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Lead-Router-Action", "integration_enabled"),
        ("X-Lead-Router-Message-Id", id),
        ("X-Lead-Router-Signature", &signature),
    ];
    capture("/hooks", &headers, BODY)
}

/// Returns a genuine delivery received at this time.
pub(crate) fn received(mut capture: Value, at: &str) -> Value {
    capture["received_at"] = at.into();
    capture
}

/// Returns captures as JSON Lines.
pub(crate) fn lines(captures: &[Value]) -> String {
    captures.iter().map(Value::to_string).collect::<Vec<_>>().join("\n") + "\n"
}

/// Replays one file of captures, `caps.jsonl`, with JSON output.
fn replay(captures: &[Value], to: &str, args: &[&str]) -> Outcome {
    leadhook!("replay caps.jsonl --to {} --format json", to)
        .args(args)
        .file("caps.jsonl", lines(captures))
        .run()
}

/// Returns the printed `delivery` objects.
fn deliveries(outcome: &Outcome) -> Vec<Value> {
    let mut objects = objects(&outcome.stdout);
    objects.retain(|object| object["kind"] == "delivery");
    objects
}

/// Returns one field of every delivery.
fn each(outcome: &Outcome, key: &str) -> Vec<Value> {
    deliveries(outcome).iter().map(|delivery| delivery[key].clone()).collect()
}

/// Returns the summary, which comes last.
#[track_caller]
fn summary(outcome: &Outcome) -> Value {
    let last = objects(&outcome.stdout).pop().unwrap_or_default();
    assert_eq!(last["kind"], "summary", "{outcome:#?}");
    last
}

/// Returns the message ids in order of arrival.
fn ids(arrived: &[Arrived]) -> Vec<&str> {
    arrived.iter().map(|request| request.header("x-lead-router-message-id").unwrap()).collect()
}
