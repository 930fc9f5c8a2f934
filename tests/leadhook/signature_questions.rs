//! Questions about signatures to receivers in Node and Python, which share no code with `leadhook`.

use crate::support::{ForeignReceiver, Interpreter, NODE_JS, PYTHON3, skipped};
use crate::wire::exchange;
use jiff::Timestamp;
use leadhook::domain::delivery::AttemptResult;
use leadhook::domain::message::Message;
use leadhook::domain::secret::Secret;
use leadhook::engine::conformance::payload_builder::CaseContext;
use leadhook::engine::diagnosis;
use leadhook::protocols::http1;
use leadhook::providers::Packs;

const SECRET: &str = "an-example-of-a-signing-secret-32";

/// A mistake of the receiver, the code of its cause, and words of the message.
type Row = (&'static str, Option<&'static str>, &'static str);

const IN_NODE: &[Row] = &[
    ("none", None, ""),
    ("stringify", Some("reserialised-javascript"), "`JSON.stringify(data)` (JavaScript)"),
    (
        "stringify-indented",
        Some("reserialised-javascript"),
        "`JSON.stringify(data, null, 2)` (JavaScript)",
    ),
    ("base64", Some("base64-signature"), "in base64"),
    ("secret-with-newline", Some("secret-with-newline"), "the secret ends in a newline"),
    ("object-text", Some("hashed-object-text"), "[object Object]"),
    ("stringify:201", Some("reserialised-javascript"), "`JSON.stringify(data)` (JavaScript)"),
    ("quoted:202", Some("secret-signed-with-quotes"), "the secret is in double quotes"),
    ("quoted-stringify:200", Some("reserialised-javascript"), "the secret is in double quotes"),
    ("empty-body:500", Some("empty-body"), "answers 500 instead of 403"),
    ("empty-object:400", Some("hashed-empty-object"), "answers 400 instead of 403"),
    ("object-text:500", Some("hashed-object-text"), "answers 500 instead of 403"),
];

const IN_PYTHON: &[Row] = &[
    ("none", None, ""),
    ("dumps", Some("reserialised-python"), "`json.dumps(data)` (Python)"),
    ("dumps-compact", Some("reserialised-python"), "separators=(\",\", \":\"))` (Python)"),
    ("dumps-sorted", Some("reserialised-python"), "sort_keys=True)` (Python)"),
    ("base64", Some("base64-signature"), "in base64"),
    ("secret-with-newline", Some("secret-with-newline"), "the secret ends in a newline"),
    ("bytes-text", Some("hashed-bytes-text"), "b'…'"),
];

/// Asks a receiver in another language about each of its mistakes.
fn each_mistake_is_named(interpreter: Interpreter, probe: [&str; 2], file: &str, rows: &[Row]) {
    let packs = Packs::builtin().unwrap();
    let pack = packs.find("realgeeks").unwrap();
    let secrets = [Secret::new(SECRET).unwrap()];
    let now = Timestamp::from_second(1_767_323_045).unwrap();
    let context = CaseContext {
        pack,
        secrets: &secrets,
        path: "/hooks",
        now,
        seed: 7,
        captured: None,
        handshake_token: None,
    };
    for (mistake, code, words) in rows {
        let receiver = match ForeignReceiver::start(interpreter, probe, &[file, mistake], SECRET) {
            Ok(receiver) => receiver,
            Err(why) => return skipped(file, &why),
        };
        let mut requests = 0;
        let mut send = |message: &Message| {
            requests += 1;
            let request = http1::write_request(message, "localhost").unwrap();
            exchange(receiver.address(), &request)
                .map_or(AttemptResult::Unreachable, |reply| AttemptResult::Status(reply.status))
        };
        let cause = diagnosis::ask(&mut send, &context);
        assert_eq!(cause.as_ref().map(|cause| cause.code), *code, "{mistake}: {cause:?}");
        let message = cause.map(|cause| cause.message).unwrap_or_default();
        assert!(message.contains(words), "{mistake}: {message}");
        assert!(requests <= 130, "{mistake}: {requests}");
    }
}

#[test]
fn each_mistake_of_a_receiver_in_node_is_named() {
    each_mistake_is_named(NODE_JS, ["-e", "require('crypto')"], "mistaken.js", IN_NODE);
}

#[test]
fn each_mistake_of_a_receiver_in_python_is_named() {
    each_mistake_is_named(PYTHON3, ["-c", "import hmac"], "mistaken.py", IN_PYTHON);
}
