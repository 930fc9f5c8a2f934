//! Properties of the library: signed messages verify, changed ones do not, nothing panics.

use jiff::Timestamp;
use leadhook::domain::message::{Headers, Message};
use leadhook::domain::secret::{Keyring, Secret};
use leadhook::domain::verdict::SignatureStatus;
use leadhook::engine::compose::{RequestDraft, compose};
use leadhook::engine::judge::{Judge, PayloadScope, Strictness};
use leadhook::protocols::http1;
use leadhook::protocols::schemes::Scheme;
use leadhook::protocols::schemes::scheme::{SignatureFormat, SignedForm};
use leadhook::providers::Packs;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Number, Value};
use std::sync::LazyLock;

const SECRET: &str = "s3cret";

static PACKS: LazyLock<Packs> = LazyLock::new(|| Packs::builtin().unwrap());

/// The ids of all built-in packs; a number in the tests is an index of this list.
static PROVIDERS: LazyLock<Vec<String>> =
    LazyLock::new(|| PACKS.iter().map(|pack| pack.provider.id.clone()).collect());

/// The index of the provider whose signatures are tokens.
const TOKENS: usize = 1;

/// One judge per provider, and one that recognises them; shared, because schemas are compiled once.
static JUDGES: LazyLock<Vec<Judge>> = LazyLock::new(|| {
    let ring = || Keyring::for_any(vec![Secret::new(SECRET).unwrap()]);
    let judge = |assumed: Option<&str>| {
        Judge::new(PACKS.clone(), ring(), assumed.map(str::to_owned), Strictness::default())
    };
    PROVIDERS.iter().map(|id| Some(id.as_str())).chain([None]).map(judge).collect()
});

/// Returns the message that the provider would send with this body.
fn signed(provider: &str, body: &[u8]) -> Message {
    let provider = &PACKS.find(provider).unwrap().provider;
    let event = provider.events[0].name.clone();
    let draft = RequestDraft {
        event: Some(&event),
        message_id: Some("msg-1"),
        now: Timestamp::UNIX_EPOCH,
        path: "/",
        body: body.to_vec().into(),
        as_of: None,
        extra_headers: &[],
    };
    compose(provider, draft, Some(&Secret::new(SECRET).unwrap()), None).unwrap().message
}

fn status(provider: usize, message: &Message) -> SignatureStatus {
    JUDGES[provider].judge(message, Timestamp::UNIX_EPOCH).verdict.signature.status
}

fn scheme(provider: usize) -> &'static Scheme {
    &PACKS.find(&PROVIDERS[provider]).unwrap().provider.signature
}

/// Returns the signature header.
fn signing_header(provider: usize) -> &'static str {
    scheme(provider).header().unwrap()
}

/// Generates any JSON value, with the numbers and strings that encoders print differently.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| Number::from_f64(number).map_or(Value::Null, Value::Number)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            object(inner).prop_map(Value::from)
        ]
    })
}

/// Generates an object with any field names but the registered claims of RFC 7519.
fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![any::<String>(), "[0-9]{1,12}", "[a-z]{1,8}"];
    let name = name.prop_filter("a claim", |name| {
        !["iss", "sub", "aud", "exp", "nbf", "iat", "jti"].contains(&name.as_str())
    });
    vec((name, value), 0..6).prop_map(|fields| fields.into_iter().collect())
}

/// Generates a body that is an object, compact or with white space.
fn body() -> impl Strategy<Value = Vec<u8>> {
    (object(json()), any::<bool>()).prop_map(|(fields, pretty)| {
        let value = Value::Object(fields);
        if pretty {
            serde_json::to_vec_pretty(&value).unwrap()
        } else {
            value.to_string().into_bytes()
        }
    })
}

/// Returns `bytes` with one bit flipped.
fn turned(bytes: &[u8], index: prop::sample::Index, bit: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let offset = index.index(bytes.len());
    bytes[offset] ^= 1 << bit;
    bytes
}

/// Returns `true` if two values are equal once every number is a double. The last few bits may
/// differ, because `serde_json` does not parse them exactly.
fn same_to_javascript(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let double = |number: &Number| number.as_f64().unwrap_or_default();
            (double(left) - double(right)).abs() <= double(left).abs() * 1e-15 + f64::MIN_POSITIVE
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| same_to_javascript(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same =
                |(name, left)| right.get(name).is_some_and(|right| same_to_javascript(left, right));
            left.len() == right.len() && left.iter().all(same)
        }
        (left, right) => left == right,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_signed_message_is_valid(provider in 0..PROVIDERS.len(), body in body()) {
        let message = signed(&PROVIDERS[provider], &body);
        let text = String::from_utf8_lossy(&body).into_owned();
        prop_assert_eq!(status(provider, &message), SignatureStatus::Valid, "{}", text);
    }

    #[test]
    fn any_bytes_can_be_signed_if_the_scheme_signs_bytes(provider in 0..PROVIDERS.len(), body in vec(any::<u8>(), 0..200)) {
        prop_assume!(scheme(provider).signed_form() != SignedForm::Claims);
        let message = signed(&PROVIDERS[provider], &body);
        prop_assert_eq!(status(provider, &message), SignatureStatus::Valid);
    }

    #[test]
    fn a_body_with_a_flipped_bit_is_rejected(provider in 0..PROVIDERS.len(), body in body(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut message = signed(&PROVIDERS[provider], &body);
        message.body = turned(&message.body, at, bit).into();
        // If the scheme compares values, another encoding of the same value is the same body.
        let same_value = || {
            let parsed = |body: &[u8]| serde_json::from_slice::<Value>(body).ok();
            match (scheme(provider).signed_form(), parsed(&message.body), parsed(&body)) {
                (SignedForm::Claims, Some(turned), Some(sent)) => turned == sent,
                (SignedForm::JsonStringify, Some(turned), Some(sent)) => {
                    same_to_javascript(&turned, &sent)
                }
                _ => false,
            }
        };
        let found = status(provider, &message);
        prop_assert!(found == SignatureStatus::Invalid || same_value(), "{:?}: {}", found, String::from_utf8_lossy(&message.body));
    }

    #[test]
    fn a_signature_with_a_flipped_bit_is_rejected(provider in 0..PROVIDERS.len(), body in body(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut message = signed(&PROVIDERS[provider], &body);
        let name = signing_header(provider);
        let value = message.headers.get(name).unwrap().to_vec();
        let other = turned(&value, at, bit);
        message.headers.replace(name, other.clone());
        // Hex digits of either case are the same digest.
        let is_hex = matches!(scheme(provider).signature_format(), SignatureFormat::Digest(format) if format.encoding.is_case_insensitive);
        let same_digest = is_hex && other.eq_ignore_ascii_case(&value);
        let expected = [SignatureStatus::Invalid, SignatureStatus::Malformed];
        let found = status(provider, &message);
        prop_assert!(expected.contains(&found) || same_digest, "{:?}: {}", found, String::from_utf8_lossy(&other));
    }

    #[test]
    fn another_secret_is_rejected(provider in 0..PROVIDERS.len(), body in body(), secret in "[ -~]{1,80}") {
        prop_assume!(secret != SECRET && !secret.trim().is_empty());
        let ring = Keyring::for_any(vec![Secret::new(secret.as_str()).unwrap()]);
        let judge = Judge::new(PACKS.clone(), ring, Some(PROVIDERS[provider].clone()), Strictness { payloads: PayloadScope::None, ..Strictness::default() });
        let verdict = judge.judge(&signed(&PROVIDERS[provider], &body), Timestamp::UNIX_EPOCH).verdict;
        prop_assert_eq!(verdict.signature.status, SignatureStatus::Invalid);
    }

    #[test]
    fn a_written_request_keeps_its_body_and_headers(body in vec(any::<u8>(), 0..300), values in vec("[ -~]{0,20}", 0..5)) {
        let headers: Headers = values.iter().enumerate().map(|(index, value)| (format!("X-{index}"), value.as_bytes())).collect();
        let written = http1::write_request(&Message::post("/hooks?a=1", headers, body.clone()), "example.com:80").unwrap();
        let end = written.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        prop_assert_eq!(&written[end..], body.as_slice());
        let head = String::from_utf8(written[..end].to_vec()).unwrap();
        prop_assert!(head.starts_with("POST /hooks?a=1 HTTP/1.1\r\nHost: example.com:80\r\n"), "{}", head);
        for (index, value) in values.iter().enumerate() {
            let line = format!("\r\nX-{index}: {value}\r\n");
            prop_assert!(head.contains(&line), "{:?} is not in {:?}", line, head);
        }
        let length = format!("\r\nContent-Length: {}\r\n", body.len());
        prop_assert!(head.contains(&length), "{}", head);
    }

    #[test]
    fn nothing_panics_on_any_bytes(
        judge in 0..=PROVIDERS.len(),
        body in prop_oneof![vec(any::<u8>(), 0..300), json().prop_map(|value| value.to_string().into_bytes())],
        values in vec(vec(any::<u8>(), 0..80), 2 + PROVIDERS.len()),
        method in any::<String>(),
    ) {
        let signatures = (0..PROVIDERS.len()).map(signing_header);
        let names = signatures.chain(["X-Lead-Router-Action", "X-Lead-Router-Message-Id"]);
        let headers = names.zip(values).collect();
        let message = Message { method, ..Message::post("/", headers, body) };
        let verdict = JUDGES[judge].judge(&message, Timestamp::UNIX_EPOCH).verdict;
        prop_assert!(!verdict.valid, "{:?}", verdict);
    }

    #[test]
    fn nothing_panics_on_a_token_of_any_parts(parts in vec(prop_oneof![".{0,30}", vec(any::<u8>(), 0..60).prop_map(base64url), json().prop_map(|value| base64url(value.to_string().into_bytes()))], 0..5), bearer in any::<bool>(), body in body()) {
        let token = format!("{}{}", if bearer { "Bearer " } else { "" }, parts.join("."));
        let headers = Headers::from_iter([("Authorization", token)]);
        let found = status(TOKENS, &Message::post("/", headers, body));
        // A masked token counts as missing.
        let expected = [SignatureStatus::Malformed, SignatureStatus::Invalid, SignatureStatus::Missing];
        prop_assert!(expected.contains(&found), "{:?}", found);
    }

    #[test]
    fn nothing_panics_on_a_signature_of_any_parts(parts in vec(part(), 0..6), body in body()) {
        let value = parts.join(",");
        for provider in (0..PROVIDERS.len()).filter(|provider| *provider != TOKENS) {
            let headers = Headers::from_iter([(signing_header(provider), value.as_str())]);
            let found = status(provider, &Message::post("/", headers, body.clone()));
            let expected = [SignatureStatus::Malformed, SignatureStatus::Invalid, SignatureStatus::Missing];
            prop_assert!(expected.contains(&found), "{}: {:?} {:?}", PROVIDERS[provider], value, found);
        }
    }
}

/// Generates a part of a signature header: a time of any size, a digest of any length, or any text.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        " ?(t|v0|v1|sha256)=[+-]?[0-9]{0,40} ?",
        "(t|v0|v1|sha1|sha256)=[0-9a-fA-F]{0,70}",
        "[A-Za-z0-9+/]{0,30}={0,2}",
        ".{0,20}",
    ]
}

fn base64url(bytes: Vec<u8>) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
