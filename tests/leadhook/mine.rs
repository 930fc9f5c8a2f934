//! `leadhook verify --mine`: what the user's own code hashed, and the fix.

use crate::support::{Outcome, hmac_hex, keys, objects};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const SECRET: &[u8] = b"s3cret";

/// A payload whose printed forms differ between the languages.
const BODY: &str = r#"{"action":"user_updated","note":"Zoë asked for a/b <soon>","price":75.5,"tags":[],"more":{"ok":true,"last":null}}"#;

/// Returns a genuine request of Real Geeks with this body.
fn request(body: &str) -> Value {
    let signature = hmac_hex(SECRET, body.as_bytes());
    json!({"headers": {"X-Lead-Router-Action": "user_updated", "X-Lead-Router-Signature": signature}, "body": body})
}

fn verify(request: &Value, digest: &str, more: &[&str]) -> Outcome {
    leadhook!("verify r.json --no-payload --format json --mine {}", digest)
        .args(if more.contains(&"--secret") { &[][..] } else { &["--secret", "s3cret"] })
        .args(more)
        .file("r.json", request.to_string())
        .run()
}

/// Returns the `mine` object of a genuine request.
fn mine(digest: &str) -> Value {
    verify(&request(BODY), digest, &[]).exits(0, digest).object()["mine"].clone()
}

/// Asserts the code, and words of the message and the fix.
fn assert_says(found: &Value, code: &str, message: &[&str], fix: &str) {
    assert_eq!(found["code"], code, "{found}");
    for part in message {
        assert!(found["message"].as_str().unwrap().contains(part), "{part}: {found}");
    }
    assert!(found["fix"].as_str().unwrap().contains(fix), "{fix}: {found}");
    assert_eq!(keys(found), ["code", "message", "fix", "tried"]);
    assert!(found["tried"].as_u64().unwrap() > 0, "{found}");
}

#[test]
fn the_library_that_printed_the_body_again_is_named_with_its_fix() {
    let python = r#"{"action": "user_updated", "note": "Zo\u00eb asked for a/b <soon>", "price": 75.5, "tags": [], "more": {"ok": true, "last": null}}"#;
    let php = r#"{"action":"user_updated","note":"Zo\u00eb asked for a\/b <soon>","price":75.5,"tags":[],"more":{"ok":true,"last":null}}"#;
    let go = r#"{"action":"user_updated","more":{"last":null,"ok":true},"note":"Zoë asked for a/b \u003csoon\u003e","price":75.5,"tags":[]}"#;
    let indented = "{\n  \"action\": \"user_updated\",\n  \"note\": \"Zoë asked for a/b <soon>\",\n  \"price\": 75.5,\n  \"tags\": [],\n  \"more\": {\n    \"ok\": true,\n    \"last\": null\n  }\n}";
    for (hashed, code, call, fix) in [
        (python, "reserialised-python", "`json.dumps(data)` (Python)", "`request.get_data()`"),
        (php, "reserialised-php", "(PHP)", "`$request->getContent()`"),
        (go, "reserialised-go", "`json.Marshal(m)` of a map (Go)", "`io.ReadAll(r.Body)`"),
        (indented, "reserialised-javascript", "`JSON.stringify(data, null, 2)`", "`express.raw("),
    ] {
        let found = mine(&hmac_hex(SECRET, hashed.as_bytes()));
        assert_says(&found, code, &["Your code hashed ", call, "of the parsed body"], fix);
    }
    // The request is what Python printed, and the code prints it as several other libraries do.
    let found = verify(&request(python), &hmac_hex(SECRET, BODY.as_bytes()), &[]).object();
    let message = [
        "`JSON.stringify(data)` (JavaScript) of the parsed body. Libraries of ",
        " print the same.",
    ];
    assert_says(&found["mine"], "reserialised-javascript", &message, "raw body: Express `");
}

#[test]
fn contents_that_only_receivers_hash_are_named() {
    let bytes: Vec<_> = BODY.bytes().map(|byte| byte.to_string()).collect();
    let buffer = format!(r#"{{"type":"Buffer","data":[{}]}}"#, bytes.join(","));
    let python = format!("b'{}'", BODY.replace('ë', "\\xc3\\xab"));
    let dict = "{'action': 'user_updated', 'note': 'Zoë asked for a/b <soon>', 'price': 75.5, 'tags': [], 'more': {'ok': True, 'last': None}}";
    for (hashed, code, message) in [
        ("{}", "hashed-empty-object", "an empty JSON object"),
        ("[object Object]", "hashed-object-text", "`[object Object]`"),
        ("undefined", "hashed-no-value", "`undefined`"),
        (&buffer, "hashed-buffer-json", "`Buffer`"),
        (&python, "hashed-bytes-text", "`str(body)`"),
        (dict, "hashed-dict-text", "`str(data)`"),
        (r#"{"ok":true,"last":null}"#, "hashed-one-field", "`more`"),
        ("user_updated", "hashed-one-field", "`action`"),
        ("", "empty-body", "an empty body"),
        (&format!("{BODY}\n"), "final-newline-removed", "a newline at its end"),
    ] {
        assert_says(&mine(&hmac_hex(SECRET, hashed.as_bytes())), code, &[message], "");
    }
    let body = b"{\"action\":\"user_updated\",\"note\":\"\xff\"}";
    let decoded = String::from_utf8_lossy(body);
    let signature = format!("X-Lead-Router-Signature: {}", hmac_hex(SECRET, body));
    let digest = hmac_hex(SECRET, decoded.as_bytes());
    let found = leadhook!("verify --body b --no-payload --format json --secret s3cret")
        .args(["-H", &signature, "-H", "X-Lead-Router-Action: user_updated", "--mine", &digest])
        .file("b", body.as_slice())
        .run()
        .exits(0, "a body alone")
        .object();
    assert_says(&found["mine"], "hashed-decoded-text", &["U+FFFD"], "pass the bytes");
}

#[test]
fn another_key_and_other_content_are_named() {
    let body = BODY.as_bytes();
    let hex_key = hex::encode(SECRET);
    let unkeyed = hex::encode(Sha256::digest(body));
    for (digest, code, message, fix) in [
        (hmac_hex(hex_key.as_bytes(), body), "secret-as-hex", "with another key", "is valid"),
        (hmac_hex(b"s3cret\n", body), "secret-with-newline", "ends in a newline", "is valid"),
        (unkeyed, "unkeyed-hash", "not with an HMAC", "createHmac"),
        (hmac_hex(body, SECRET), "swapped-key-and-body", "as the key", "in order"),
    ] {
        assert_says(&mine(&digest), code, &["Your code ", message], fix);
    }
    let both = mine(&hmac_hex(b"s3cret\n", b""));
    let message = ["hashed an empty body", "in addition, the secret ends in a newline"];
    assert_says(&both, "empty-body", &message, "; use the secret");
    let text = both.to_string();
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn a_right_digest_is_compared_with_the_header() {
    let hex = hmac_hex(SECRET, BODY.as_bytes());
    let base64 = STANDARD.encode(hex::decode(&hex).unwrap());
    for (digest, code, message, fix) in [
        (hex.clone(), "same-as-signature", "character for character", "timingSafeEqual"),
        (hex.to_uppercase(), "compared-in-other-case", "upper-case hex", "lower case"),
        (format!("sha256={hex}"), "compared-with-prefix", "after `sha256=`", "without `sha256=`"),
        (base64, "compared-in-other-encoding", "base64", "`.digest(\"hex\")`"),
    ] {
        assert_says(&mine(&digest), code, &["computes the right digest", message], fix);
    }
    // The digest is right, and the signature is another one, or missing.
    let mut other = request(BODY);
    other["headers"]["X-Lead-Router-Signature"] = hmac_hex(b"other", BODY.as_bytes()).into();
    let found = verify(&other, &hex, &[]).exits(1, "another signature").object();
    assert_says(&found["mine"], "right-but-not-signature", &["another one"], "the explanation");
    other["headers"].as_object_mut().unwrap().remove("X-Lead-Router-Signature");
    let found = verify(&other, &hex, &["-p", "realgeeks"]).exits(1, "no signature").object();
    assert_says(&found["mine"], "right-without-signature", &["no signature"], "every header");
    // The code is right, and an editor added a newline to the file.
    let mut edited = request(BODY);
    edited["body"] = format!("{BODY}\n").into();
    let found = verify(&edited, &hex, &[]).exits(1, "a newline").object();
    assert_says(&found["mine"], "same-as-signature", &["is not the one that was signed"], "");
    assert_eq!(found["signature"]["explanations"][0]["code"], "final-newline-added");
    // The digest is the signature, and the configured secret gives another one.
    let found = verify(&request(BODY), &hex, &["--secret", "other"]).exits(1, "secret").object();
    let message = ["is the signature of the request", "another secret"];
    assert_says(&found["mine"], "same-as-unexplained-signature", &message, "--secret-file FILE");
}

#[test]
fn a_digest_of_code_that_verifies_tokens_is_explained() {
    let claims = r#"{"event":"lead.created","data":{"id":1}}"#;
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let signed = format!("{}.{}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(claims));
    let digest = hmac_hex(SECRET, signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(hex::decode(&digest).unwrap());
    let token = format!("{signed}.{signature}");
    let request = json!({"headers": {"Authorization": format!("Bearer {token}")}, "body": claims});
    let of_body = hmac_hex(SECRET, claims.as_bytes());
    for (own, code, message, fix) in [
        (&token, "same-as-signature", "character for character", ""),
        (&signature, "same-as-signature", "character for character", ""),
        (&digest, "compared-in-other-encoding", "has base64url, your code hex", "base64url"),
        (&of_body, "hashed-body-not-token", "first two parts", "JWT library"),
        (&hmac_hex(SECRET, b""), "empty-body", "an empty body", "JWT library"),
    ] {
        let found = verify(&request, own, &["-p", "leadpro"]).exits(0, own).object();
        assert_says(&found["mine"], code, &[message], fix);
    }
}

#[test]
fn an_unknown_digest_says_what_was_tried() {
    let found = mine(&"0f".repeat(32));
    let message = ["combinations were tried", "Either your code uses another secret"];
    assert_says(&found, "none-holds", &message, &format!("has {} bytes", BODY.len()));
    let human = leadhook!("verify r.json --secret s3cret --mine {}", "0f".repeat(32))
        .file("r.json", request(BODY).to_string())
        .run();
    assert!(human.stdout.contains("\n  your code  "), "{human:?}");
    let unchecked =
        leadhook!("verify r.json --no-payload --format json --mine {}", "0f".repeat(32))
            .file("r.json", request(BODY).to_string())
            .run()
            .exits(5, "no secret");
    assert_eq!(unchecked.object()["mine"]["code"], "no-secret");
    let unknown = verify(&json!({"headers": {}, "body": "{}"}), &"0f".repeat(32), &[]);
    assert_eq!(unknown.object()["mine"]["code"], "unknown-provider");
}

#[test]
fn the_digest_needs_exactly_one_request() {
    let (one, digest) = (request(BODY).to_string(), "0f".repeat(32));
    let run = |names: &[&str]| {
        leadhook!("verify --secret s3cret --mine {}", digest)
            .args(names)
            .file("one.json", &one)
            .file("two.jsonl", format!("{one}\n{one}\n"))
            .run()
    };
    for (names, found) in [
        (&["one.json", "one.json"][..], "found 2 files"),
        (&["two.jsonl"], "found 2 requests in `two.jsonl`"),
    ] {
        let outcome = run(names).exits(2, found);
        assert!(outcome.stderr_line("error: ").contains(found), "{outcome:?}");
        assert!(outcome.stderr_line("hint: ").contains("a file of its own"), "{outcome:?}");
    }
    // Filters choose one of several.
    for filter in [["--last", "1"], ["--id", "m-2"]] {
        let mut two = request("{}");
        two["headers"]["X-Lead-Router-Message-Id"] = "m-2".into();
        let digest = hmac_hex(SECRET, b"{}");
        let found = leadhook!("verify all.jsonl --secret s3cret --no-payload --format json")
            .args(["--mine", &digest])
            .args(filter)
            .file("all.jsonl", format!("{one}\n{two}\n"))
            .run()
            .exits(0, filter[0])
            .object();
        assert_says(&found["mine"], "same-as-signature", &[], "");
    }
    let outcome = verify(&request(BODY), "s3cret", &[]).exits(2, "not a digest");
    let message = objects(&outcome.stderr)[0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("expected a digest in hex or base64"), "{message}");
}
