//! Tests with receivers as functions: each makes one mistake, and the questions find it.

use super::*;
use crate::domain::secret::Secret;
use crate::protocols::json;
use crate::protocols::json_print::{self, print, style};
use crate::providers::Packs;
use crate::providers::pack::Pack;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use std::collections::BTreeSet;

const SECRET: &str = "an-example-of-a-signing-secret-32";

/// A receiver: returns `true` if it accepts the signature of this body.
type Accepts = fn(signature: &str, body: &[u8]) -> bool;

fn digest(key: &[u8], content: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(content);
    mac.finalize().into_bytes().to_vec()
}

fn hex_digest(key: &str, content: &[u8]) -> String {
    hex::encode(digest(key.as_bytes(), content))
}

/// Returns `true` if the signature is that of the body as a library prints it.
fn verifies_printed(code: &str, signature: &str, body: &[u8]) -> bool {
    let Ok(json) = json::read(body) else { return false };
    hex_digest(SECRET, &print(&json, style(code).unwrap())) == signature
}

/// Returns the status for a request, given its number.
type AnswerRequest = Box<dyn FnMut(usize, &Message) -> u16>;

fn context<'c>(pack: &'c Pack, secrets: &'c [Secret]) -> CaseContext<'c> {
    let now = Timestamp::from_second(1_767_323_045).unwrap();
    CaseContext {
        pack,
        secrets,
        path: "/hooks",
        now,
        seed: 7,
        captured: None,
        handshake_token: None,
    }
}

/// Asks a receiver about the deliveries of a provider that are signed with `secret`. Returns the
/// cause and the number of requests.
fn ask_with(
    provider: &str,
    secret: &str,
    mut answer: impl FnMut(usize, &Message) -> u16,
) -> (Option<Cause>, usize) {
    let packs = Packs::builtin().unwrap();
    let pack = packs.find(provider).unwrap();
    let secrets = [Secret::new(secret).unwrap()];
    let context = context(pack, &secrets);
    let mut requests = 0;
    let mut send = |message: &Message| {
        requests += 1;
        AttemptResult::Status(answer(requests, message))
    };
    let cause = ask(&mut send, &context);
    (cause, requests)
}

/// Returns the signature of a delivery of Real Geeks.
fn signature_of(message: &Message) -> &str {
    message.headers.get_str("X-Lead-Router-Signature").unwrap_or_default()
}

/// Asks a receiver of Real Geeks, which answers an accepted signature with this status.
fn ask_realgeeks(secret: &str, status: u16, accepts: Accepts) -> Option<Cause> {
    let (cause, requests) = ask_with("realgeeks", secret, |_, message| {
        if accepts(signature_of(message), &message.body) { status } else { 403 }
    });
    assert!(requests <= interview::MAX_REQUESTS, "{requests}");
    if let Some(Cause { message, fix, .. }) = &cause {
        assert!(!message.contains(SECRET) && !fix.contains(SECRET), "{cause:?}");
    }
    cause
}

/// A mistake of a receiver, the code of its cause, and words of the message and of the fix.
struct Row {
    mistake: &'static str,
    /// The secret of the sender.
    secret: &'static str,
    accepts: Accepts,
    code: &'static str,
    named: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        mistake: "hashes JSON.stringify",
        secret: SECRET,
        accepts: |signature, body| verifies_printed("javascript-stringify", signature, body),
        code: "reserialised-javascript",
        named: &["`JSON.stringify(data)` (JavaScript)", "express.raw("],
    },
    Row {
        mistake: "hashes json.dumps",
        secret: SECRET,
        accepts: |signature, body| verifies_printed("python-dumps", signature, body),
        code: "reserialised-python",
        named: &["`json.dumps(data)` (Python)", "request.get_data()"],
    },
    Row {
        mistake: "hashes compact json.dumps",
        secret: SECRET,
        accepts: |signature, body| verifies_printed("python-dumps-compact", signature, body),
        code: "reserialised-python",
        named: &["separators=(\",\", \":\"))` (Python)", "await request.body()"],
    },
    Row {
        mistake: "hashes json_encode",
        secret: SECRET,
        accepts: |signature, body| verifies_printed("php-array", signature, body),
        code: "reserialised-php",
        named: &["`json_encode($array)` (PHP)", "php://input"],
    },
    Row {
        mistake: "hashes json.Marshal of a map",
        secret: SECRET,
        accepts: |signature, body| verifies_printed("go-marshal-map", signature, body),
        code: "reserialised-go",
        named: &["`json.Marshal(m)` of a map (Go)", "io.ReadAll(r.Body)"],
    },
    Row {
        mistake: "hashes JSON.generate",
        secret: SECRET,
        accepts: |signature, body| verifies_printed("ruby-generate", signature, body),
        code: "reserialised-ruby",
        named: &["`JSON.generate(data)` (Ruby)", "request.raw_post"],
    },
    Row {
        mistake: "hashes an indented body",
        secret: SECRET,
        accepts: |signature, body| verifies_printed("php-array-pretty", signature, body),
        code: "reserialised-php",
        named: &["JSON_PRETTY_PRINT"],
    },
    Row {
        mistake: "encodes the digest in base64",
        secret: SECRET,
        accepts: |signature, body| STANDARD.encode(digest(SECRET.as_bytes(), body)) == signature,
        code: "base64-signature",
        named: &["in base64", ".digest(\"hex\")"],
    },
    Row {
        mistake: "encodes the digest in upper case",
        secret: SECRET,
        accepts: |signature, body| hex::encode_upper(digest(SECRET.as_bytes(), body)) == signature,
        code: "uppercase-signature",
        named: &["upper-case hex"],
    },
    Row {
        mistake: "compares with a prefix",
        secret: SECRET,
        accepts: |signature, body| format!("sha256={}", hex_digest(SECRET, body)) == signature,
        code: "prefixed-signature",
        named: &["`sha256=` and the digest", "without `sha256=`"],
    },
    Row {
        mistake: "uses the secret with a trailing newline",
        secret: SECRET,
        accepts: |signature, body| hex_digest(&format!("{SECRET}\n"), body) == signature,
        code: "secret-with-newline",
        named: &["the secret ends in a newline", ".trim()"],
    },
    Row {
        mistake: "uses the secret with a trailing space",
        secret: SECRET,
        accepts: |signature, body| hex_digest(&format!("{SECRET} "), body) == signature,
        code: "secret-with-space",
        named: &["the secret ends in a space", "remove the space"],
    },
    Row {
        mistake: "uses the secret without the trailing newline of the sender's",
        secret: "an-example-of-a-signing-secret-32\n",
        accepts: |signature, body| hex_digest(SECRET, body) == signature,
        code: "secret-not-trimmed",
        named: &["whitespace", "printf %s"],
    },
    Row {
        mistake: "decodes the secret from hex",
        secret: "00112233445566778899aabbccddeeff",
        accepts: |signature, body| {
            let key = hex::decode("00112233445566778899aabbccddeeff").unwrap();
            hex::encode(digest(&key, body)) == signature
        },
        code: "secret-is-hex",
        named: &["decoded from hex", "Buffer.from"],
    },
    Row {
        mistake: "has no secret",
        secret: SECRET,
        accepts: |signature, body| hex_digest("undefined", body) == signature,
        code: "unset-secret",
        named: &["`undefined`", "its variable is missing"],
    },
    Row {
        mistake: "trims the body",
        secret: SECRET,
        accepts: |signature, body| hex_digest(SECRET, body.trim_ascii()) == signature,
        code: "final-newline-added",
        named: &["without its final newline", "hash the bytes of the body as they arrive"],
    },
    Row {
        mistake: "hashes the text of an object",
        secret: SECRET,
        accepts: |signature, _| hex_digest(SECRET, b"[object Object]") == signature,
        code: "hashed-object-text",
        named: &["[object Object]"],
    },
    Row {
        mistake: "hashes the secret and the body without an HMAC",
        secret: SECRET,
        accepts: |signature, body| {
            use sha2::Digest;
            hex::encode(Sha256::digest([SECRET.as_bytes(), body].concat())) == signature
        },
        code: "plain-hash",
        named: &["plain hash", "use HMAC"],
    },
    Row {
        mistake: "looks at no signature",
        secret: SECRET,
        accepts: |_, _| true,
        code: "signature-not-checked",
        named: &["does not check the signature", "compare it with the header"],
    },
    Row {
        mistake: "looks at the first 8 characters",
        secret: SECRET,
        accepts: |signature, body| hex_digest(SECRET, body).get(..8) == signature.get(..8),
        code: "signature-prefix-compared",
        named: &["at most 8 characters", "crypto.timingSafeEqual"],
    },
    Row {
        mistake: "looks at the first 20 characters",
        secret: SECRET,
        accepts: |signature, body| hex_digest(SECRET, body).get(..20) == signature.get(..20),
        code: "signature-prefix-compared",
        named: &["at most 32 characters"],
    },
    Row {
        mistake: "compares as many characters as it receives",
        secret: SECRET,
        accepts: |signature, body| {
            !signature.is_empty() && hex_digest(SECRET, body).starts_with(signature)
        },
        code: "signature-prefix-compared",
        named: &["as many characters of the signature as it receives"],
    },
];

#[test]
fn each_mistake_of_a_receiver_is_named_with_its_fix() {
    for row in ROWS {
        let cause = ask_realgeeks(row.secret, 200, row.accepts)
            .unwrap_or_else(|| panic!("no cause: a receiver that {}", row.mistake));
        assert_eq!(cause.code, row.code, "a receiver that {}: {cause:?}", row.mistake);
        assert!(cause.confirmed && cause.cases.is_empty(), "{cause:?}");
        let shown = format!("{} {}", cause.message, cause.fix);
        for words in row.named {
            assert!(shown.contains(words), "a receiver that {}: {shown}", row.mistake);
        }
    }
}

#[test]
fn nothing_is_claimed_about_a_right_receiver_or_one_with_another_secret() {
    let rows: [(&str, Accepts); 3] = [
        ("is right", |signature, body| hex_digest(SECRET, body) == signature),
        ("has another secret", |signature, body| {
            hex_digest("another-secret-of-32-characters!!", body) == signature
        }),
        ("refuses everything", |_, _| false),
    ];
    for (receiver, accepts) in rows {
        for status in [200, 201] {
            let cause = ask_realgeeks(SECRET, status, accepts);
            assert_eq!(cause, None, "a receiver that {receiver}");
        }
    }
}

#[test]
fn every_2xx_accepts_a_signature_and_the_fix_names_the_right_one() {
    for (row, status) in ROWS.iter().zip([201, 202, 204].into_iter().cycle()) {
        let cause = ask_realgeeks(row.secret, status, row.accepts)
            .unwrap_or_else(|| panic!("no cause: a receiver that {}", row.mistake));
        assert_eq!(cause.code, row.code, "a receiver that {}: {cause:?}", row.mistake);
        let is_named = cause.fix.ends_with(&format!(
            "; then answer 200 instead of {status}, which Real Geeks does not count as a success"
        ));
        // What accepts forgeries accepts genuine deliveries, whose cases name the status.
        assert_eq!(is_named, !accepts_forgeries(row.code), "{}", cause.fix);
    }
    // LeadPro counts every 2xx.
    let (cause, _) = ask_with("leadpro", SECRET, |_, message| {
        let token = message.headers.get_str("Authorization").unwrap_or_default();
        let (signed, signature) = token.rsplit_once('.').unwrap_or_default();
        let expected = digest(format!("{SECRET}\n").as_bytes(), signed.as_bytes());
        let expected = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(expected);
        if expected == signature { 201 } else { 401 }
    });
    assert!(!cause.unwrap().fix.contains("201"));
}

#[test]
fn a_body_that_is_gone_is_named_although_the_receiver_fails_afterwards() {
    for (content, code, named) in [
        ("", "empty-body", "before `express.json()`"),
        ("{}", "hashed-empty-object", "an empty JSON object"),
        ("[object Object]", "hashed-object-text", "before `express.json()`"),
        ("undefined", "hashed-no-value", "`undefined`"),
    ] {
        for (refusal, later) in [(401, 400), (400, 500), (403, 200)] {
            let (cause, requests) = ask_with("realgeeks", SECRET, |_, message| {
                let is_right = hex_digest(SECRET, content.as_bytes()) == signature_of(message);
                if is_right { later } else { refusal }
            });
            let cause = cause.unwrap_or_else(|| panic!("{content:?}: {refusal} {later}"));
            assert_eq!((cause.code, cause.confirmed), (code, true), "{cause:?}");
            assert!(format!("{} {}", cause.message, cause.fix).contains(named), "{cause:?}");
            let shown = format!("it answers {later} instead of {refusal}.");
            assert_eq!(cause.message.ends_with(&shown), later != 200, "{}", cause.message);
            assert!(requests <= interview::MAX_REQUESTS, "{requests}");
        }
    }
}

#[test]
fn another_status_proves_nothing_without_the_same_form_and_a_repetition() {
    let is_hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let is_empty_hashed = |message: &Message| hex_digest(SECRET, b"") == signature_of(message);
    let mut seen = 0;
    let rows: Vec<(&str, AnswerRequest)> = vec![
        (
            "refuses a malformed signature with another status",
            Box::new(move |_, message| {
                let signature = signature_of(message);
                if signature.len() == 64 && is_hex(signature) { 401 } else { 400 }
            }),
        ),
        (
            "throws on another length",
            Box::new(|_, message| if signature_of(message).len() == 64 { 401 } else { 500 }),
        ),
        ("fails now and then", Box::new(|number, _| if number % 7 == 6 { 500 } else { 401 })),
        ("locks the sender out", Box::new(|number, _| if number < 9 { 401 } else { 403 })),
        ("is overloaded", Box::new(|number, _| if number % 3 == 2 { 503 } else { 401 })),
        ("refuses forgeries in another way", {
            let is_genuine =
                |message: &Message| hex_digest(SECRET, &message.body) == signature_of(message);
            Box::new(move |_, message| match message {
                _ if is_genuine(message) => 422,
                _ if is_empty_hashed(message) => 400,
                _ => 401,
            })
        }),
        (
            "fails only once",
            Box::new(move |_, message| {
                seen += usize::from(is_empty_hashed(message));
                if is_empty_hashed(message) && seen < 3 { 500 } else { 401 }
            }),
        ),
    ];
    for (receiver, mut answer) in rows {
        let (cause, requests) = ask_with("realgeeks", SECRET, &mut answer);
        assert_eq!(cause, None, "a receiver that {receiver}");
        assert!(requests <= interview::MAX_REQUESTS, "{requests}");
    }
}

#[test]
fn two_common_mistakes_at_once_are_named_with_both_fixes() {
    for (style, code, key, secret_fix) in [
        ("javascript-stringify", "reserialised-javascript", format!("\"{SECRET}\""), "quotes"),
        ("python-dumps", "reserialised-python", format!("\"{SECRET}\""), "quotes"),
        ("php-array", "reserialised-php", format!("\"{SECRET}\""), "quotes"),
        ("javascript-stringify", "reserialised-javascript", format!("{SECRET}\n"), "`.trim()`"),
    ] {
        let (cause, requests) = ask_with("realgeeks", SECRET, |_, message| {
            let json = json::read(&message.body).unwrap();
            let printed = print(&json, json_print::style(style).unwrap());
            if hex_digest(&key, &printed) == signature_of(message) { 200 } else { 401 }
        });
        let cause = cause.unwrap_or_else(|| panic!("{style} {secret_fix}"));
        assert_eq!(cause.code, code, "{cause:?}");
        assert!(cause.message.contains(" The digest matches if, in addition, the secret "));
        assert!(cause.fix.contains("; ") && cause.fix.contains(secret_fix), "{}", cause.fix);
        assert!(!format!("{cause:?}").contains(SECRET), "{cause:?}");
        assert!(requests <= interview::MAX_REQUESTS, "{requests}");
    }
}

#[test]
fn every_question_fits_into_an_interview() {
    let packs = Packs::builtin().unwrap();
    let secrets = [Secret::new(SECRET).unwrap()];
    for (provider, header) in [
        ("realgeeks", "X-Lead-Router-Signature"),
        ("leadpro", "Authorization"),
        ("realtorbot", "X-RealtorBot-Signature"),
    ] {
        let mut asked = BTreeSet::new();
        let (cause, _) = ask_with(provider, SECRET, |_, message| {
            asked.extend(message.headers.get_str(header).map(str::to_owned));
            401
        });
        assert_eq!(cause, None);
        let context = context(packs.find(provider).unwrap(), &secrets);
        let requests = Requests::new(&context).unwrap();
        for question in questions(&requests, QuestionBody::First, None).unwrap() {
            assert!(asked.contains(&question.value), "{provider}: {question:?}");
        }
    }
}

#[test]
fn a_rate_limit_or_a_lock_out_ends_the_questions() {
    let is_stringified = |message: &Message| {
        let signature = message.headers.get_str("X-Lead-Router-Signature").unwrap_or_default();
        verifies_printed("php-array-pretty", signature, &message.body)
    };
    let (cause, requests) = ask_with("realgeeks", SECRET, |number, message| match number {
        0..=5 if is_stringified(message) => 200,
        0..=5 => 403,
        _ => 429,
    });
    assert_eq!((cause, requests), (None, 6));
    // A lock-out with the status of a refusal hides every answer.
    let (cause, _) = ask_with("realgeeks", SECRET, |number, message| {
        if number <= 5 && is_stringified(message) { 200 } else { 403 }
    });
    assert_eq!(cause, None);
    // Another status for everything: the answer to the first request has changed.
    let (cause, requests) =
        ask_with("realgeeks", SECRET, |number, _| if number <= 5 { 403 } else { 503 });
    assert_eq!(cause, None);
    assert!(requests < 40, "{requests}");
    // A receiver that begins to accept everything proves nothing.
    let (cause, _) =
        ask_with("realgeeks", SECRET, |number, _| if number <= 10 { 403 } else { 200 });
    assert_eq!(cause, None);
}

#[test]
fn the_questions_work_for_tokens_and_for_stringified_bodies() {
    let claims = |message: &Message, key: &[u8]| {
        let value = message.headers.get_str("Authorization").unwrap_or_default();
        let token = value.strip_prefix("Bearer ").unwrap_or(value);
        let (signed, signature) = token.rsplit_once('.').unwrap_or_default();
        let expected =
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest(key, signed.as_bytes()));
        (expected, signature.to_owned())
    };
    let newline = format!("{SECRET}\n");
    let (cause, _) = ask_with("leadpro", SECRET, |_, message| {
        let (expected, signature) = claims(message, newline.as_bytes());
        if expected == signature { 200 } else { 401 }
    });
    assert_eq!(cause.map(|cause| cause.code), Some("secret-with-newline"));
    let (cause, _) = ask_with("leadpro", SECRET, |_, message| {
        let (expected, signature) = claims(message, SECRET.as_bytes());
        if expected.get(..8) == signature.get(..8) { 200 } else { 401 }
    });
    assert_eq!(cause.map(|cause| cause.code), Some("signature-prefix-compared"));
    let header = "X-RealtorBot-Signature";
    for (code, expected) in
        [("javascript-stringify", None), ("python-dumps", Some("reserialised-python"))]
    {
        let (cause, _) = ask_with("realtorbot", SECRET, |_, message| {
            let signature = message.headers.get_str(header).unwrap_or_default();
            if verifies_printed(code, signature, &message.body) { 200 } else { 401 }
        });
        assert_eq!(cause.map(|cause| cause.code), expected, "{code}");
    }
}
