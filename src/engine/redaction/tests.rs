use super::*;
use crate::domain::secret::Keyring;
use crate::domain::verdict::SignatureStatus;
use crate::engine::generate::PayloadOptions;
use crate::engine::judge::{Judge, Strictness};
use crate::protocols::schemes::scheme::Envelope;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const THROW_AWAY: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

fn now() -> Timestamp {
    "2026-01-02T03:04:05Z".parse().unwrap()
}

fn packs() -> Packs {
    Packs::builtin().unwrap()
}

/// Returns the ids of all packs, so that every one is recognised.
fn ids() -> Vec<String> {
    packs().iter().map(|pack| pack.provider.id.clone()).collect()
}

fn redactor(key: u64) -> Redactor {
    Redactor::new(packs(), key, Secret::new(THROW_AWAY).unwrap())
}

fn redact(redactor: &mut Redactor, capture: &Capture) -> RedactedRequest {
    let judge = Judge::new(packs(), Keyring::default(), ids(), Strictness::default());
    redactor.redact(capture, &judge.judge(&capture.message, now()), now())
}

fn capture(headers: &[(&str, &str)], body: &str) -> Capture {
    let message = Message::post(
        "/hooks/leads?token=abcdef",
        headers.iter().copied().collect(),
        body.to_owned(),
    );
    Capture::new(Some(now()), Some("203.0.113.9".to_owned()), message)
}

fn created(body: &str) -> Capture {
    let signature = ("X-Lead-Router-Signature", "00");
    capture(
        &[
            ("Host", "shop.test"),
            ("X-Lead-Router-Action", "created"),
            ("X-Lead-Router-Message-Id", "msg-1"),
            signature,
            ("Cookie", "sid=verysecret"),
        ],
        body,
    )
}

fn body(redacted: &RedactedRequest) -> Value {
    serde_json::from_slice(&redacted.capture.message.body).unwrap()
}

/// Returns a signed request for a payload of a pack.
fn delivery(pack: &Pack, event: &str, payload: Vec<u8>) -> Capture {
    let provider = &pack.provider;
    let secret = Secret::new(THROW_AWAY).unwrap();
    let envelope = Envelope { message_id: Some("msg-17"), at: now() };
    let signed = provider.signature.sign(&secret, &payload, &envelope).unwrap();
    let mut headers = Headers::new();
    if let Some(name) = &provider.event.header {
        headers.push(name, event);
    }
    if let Some(name) = provider.message_id.as_ref().and_then(|it| it.location.header.as_ref()) {
        headers.push(name, "msg-17");
    }
    headers.push(provider.signature.header().unwrap(), signed.value);
    let message = Message::post("/", headers, payload);
    Capture::new(Some(now()), None, message)
}

#[test]
fn every_payload_stays_valid_and_verifies_with_the_new_secret() {
    let keyring = Keyring::for_any(vec![Secret::new(THROW_AWAY).unwrap()]);
    let judge = Judge::new(packs(), keyring, ids(), Strictness::default());
    let codes = |capture: &Capture| {
        let verdict = judge.judge(&capture.message, now()).verdict;
        let findings = verdict.payload.findings.into_iter();
        (verdict.valid, findings.map(|it| (it.code, it.pointer)).collect::<BTreeSet<_>>())
    };
    for pack in packs().iter() {
        for event in &pack.provider.events {
            for variant in std::iter::once(None).chain(event.variant_names().map(Some)) {
                for seed in [None, Some(1), Some(2)] {
                    let recipe = PayloadOptions {
                        variant,
                        seed,
                        message_id: Some("msg-17"),
                        now: now(),
                        edits: &[],
                    };
                    let payload = generate::payload(pack, event, &recipe).unwrap();
                    let original = delivery(pack, &event.name, payload);
                    let redacted = redact(&mut redactor(7), &original);
                    assert!(redacted.is_documented && redacted.is_signed);
                    let (valid, after) = codes(&redacted.capture);
                    let (_, before) = codes(&original);
                    let text = String::from_utf8_lossy(&redacted.capture.message.body).into_owned();
                    assert!(valid, "{} {variant:?}: {after:?} {text}", event.name);
                    assert!(
                        after.is_subset(&before),
                        "{} {variant:?}: {after:?} {text}",
                        event.name
                    );
                }
            }
        }
    }
}

#[test]
fn documented_values_stay_and_other_strings_are_replaced() {
    let original = created(&json!({
        "id": "5ead6dd1-2cb9-4f80-80fc-5716b05c90ba",
        "created": "2024-05-06T07:08:09.123456Z",
        "role": "Buyer",
        "urgency": "My cousin Wilhelmina",
        "first_name": "Maximilian",
        "last_name": "",
        "email": "maximilian@mustermann.test",
        "phone": "+49 170 5550099",
        "notes": "Ring twice, the dog bites",
        "my_password": {"pin": 4711, "open": true, "none": null, "tags": ["hunter22"]},
        "activities": [{"type": "note", "description": "Maximilian", "property": {"latitude": 21.5}}],
    }).to_string());
    let redacted = redact(&mut redactor(7), &original);
    let body = body(&redacted);
    for (pointer, kept) in [
        ("/id", json!("5ead6dd1-2cb9-4f80-80fc-5716b05c90ba")),
        ("/created", json!("2024-05-06T07:08:09.123456Z")),
        ("/role", json!("Buyer")),
        ("/last_name", json!("")),
        ("/field-1/field-2", json!(0)),
        ("/field-1/field-3", json!(false)),
        ("/field-1/field-4", Value::Null),
        ("/activities/0/type", json!("note")),
        ("/activities/0/property/latitude", json!(21.5)),
    ] {
        assert_eq!(body.pointer(pointer), Some(&kept), "{pointer} {body}");
    }
    let text = |pointer: &str| body.pointer(pointer).unwrap().as_str().unwrap();
    assert_eq!(text("/first_name"), text("/activities/0/description"), "the same original");
    assert!(text("/email").ends_with("@example.com"));
    assert!(text("/phone").contains("555-01"), "{}", text("/phone"));
    assert!(text("/field-1/field-5/0").starts_with("Synthetic text "), "{body}");
    assert!(["Cold", "Warm", "Hot", "Contacted", "Not Contacted"].contains(&text("/urgency")));
}

#[test]
fn only_documented_headers_stay() {
    let redacted = redact(&mut redactor(7), &created("{}"));
    let Message { headers, target, .. } = &redacted.capture.message;
    let names: Vec<_> = headers.iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        ["Host", "X-Lead-Router-Action", "X-Lead-Router-Message-Id", "X-Lead-Router-Signature"]
    );
    assert_eq!((headers.get_str("host"), target.as_str()), (Some("example.com"), "/hooks/leads"));
    assert_eq!(redacted.capture.remote, None);
    assert_eq!(redacted.capture.received_at, Some(now()));
    let odd = capture(
        &[
            ("X-Lead-Router-Action", "someone@test"),
            ("X-Lead-Router-Message-Id", "John Smith, 5 High St"),
            ("X-Lead-Router-Timestamp", "yesterday"),
            ("User-Agent", "curl/8 (admin@corp.test)"),
            ("Content-Type", "application/json; boundary=Maximilian"),
        ],
        "{}",
    );
    let redacted = redact(&mut redactor(7), &odd);
    let headers = &redacted.capture.message.headers;
    assert!(!redacted.is_documented && !redacted.is_signed);
    assert_eq!(headers.get_str("X-Lead-Router-Action"), Some("redacted"));
    assert_eq!(headers.get_str("X-Lead-Router-Timestamp"), Some("redacted"));
    assert_eq!(headers.get_str("X-Lead-Router-Message-Id").map(str::len), Some(36));
    assert_eq!(headers.get_str("Content-Type"), Some("application/json"));
    assert!(!headers.contains("User-Agent"));
}

#[test]
fn a_path_keeps_plain_words_only() {
    for (target, expected) in [
        ("/hooks/lead-router?x=1", "/hooks/lead-router"),
        ("http://user@shop.test/v1/hooks#top", "/v1/hooks"),
        ("/", "/"),
        ("*", "*"),
        ("", "/"),
    ] {
        assert_eq!(redactor(7).target(target, &Originals::default()), expected, "{target}");
    }
    for target in ["/hooks/catch/123456/", "/jo%40test", "/jo@x.y", "/Zk3jd8s"] {
        let redacted = redactor(7).target(target, &Originals::default());
        let secret = target.rsplit('/').find(|part| part.len() > 3).unwrap();
        assert!(!redacted.contains(secret), "{redacted}");
    }
}

#[test]
fn a_token_is_signed_over_the_redacted_claims() {
    let packs = packs();
    let pack = packs.find("leadpro").unwrap();
    let payload = json!({"event": "lead.created", "data": {"id": 7, "full_name": "Maximilian Mustermann",
        "email": "m@mustermann.test", "phone": "07912345678", "type": "sale"}});
    let original = delivery(pack, "lead.created", payload.to_string().into_bytes());
    let redacted = redact(&mut redactor(7), &original);
    let Message { headers, .. } = &redacted.capture.message;
    let secret = [Secret::new(THROW_AWAY).unwrap()];
    let verdict = pack.provider.signature.verify(&secret, &redacted.capture.message, now());
    assert_eq!(verdict.status, SignatureStatus::Valid);
    assert_ne!(headers.get("Authorization"), original.message.headers.get("Authorization"));
    let body = body(&redacted);
    assert_eq!((&body["data"]["id"], &body["data"]["type"]), (&json!(7), &json!("sale")));
    let phone = body["data"]["phone"].as_str().unwrap().replace(' ', "");
    assert!(phone.starts_with("07700900"), "{body}");
}

#[test]
fn an_unknown_request_keeps_its_structure_only() {
    let original = capture(
        &[("X-Api-Key", "k-12345678"), ("Content-Type", "application/json; charset=utf-8")],
        r#"{"name":"Maximilian","age":55,"vip":true,"":null,"list":["a@b.test",{}]}"#,
    );
    let redacted = redact(&mut redactor(7), &original);
    assert!(!redacted.is_documented && !redacted.is_signed);
    let text = String::from_utf8(redacted.capture.message.body.to_vec()).unwrap();
    let (start, rest) = text.split_once("Synthetic text ").unwrap();
    assert_eq!(start, r#"{"field-1":""#);
    assert!(rest.ends_with("\",{}]}"), "{text}");
    assert!(rest.contains(r#","field-2":0,"field-3":false,"field-4":null,"field-5":["#), "{text}");
    let headers: Vec<_> = redacted.capture.message.headers.iter().collect();
    assert_eq!(headers, [("Content-Type", b"application/json; charset=utf-8".as_slice())]);
    let form = redact(&mut redactor(7), &capture(&[], "name=Maximilian"));
    assert_eq!(form.capture.message.body, "redacted");
}

#[test]
fn a_key_repeats_the_replacements_and_another_one_changes_them() {
    let original =
        created(r#"{"first_name":"Maximilian","email":"a@b.test","notes":"hello there"}"#);
    let of = |key| redact(&mut redactor(key), &original).capture.message.body;
    assert_eq!(of(7), of(7));
    assert_ne!(of(7), of(8));
    let mut several = redactor(7);
    let first = redact(&mut several, &original).capture.message.body;
    let second = redact(&mut several, &original).capture.message.body;
    assert_eq!(first, second, "in one run");
}

#[test]
fn a_replacement_contains_no_original() {
    let mut originals = Originals::default();
    for text in ["Synthetic", "example.com", "abc", "Zoë"] {
        originals.add(text);
    }
    assert!(originals.occur_in("a Synthetic text") && !originals.occur_in("abc Zoë example.com"));
    // Every original is a part of the usual replacement.
    let text = Replacements::new(7).replace("note", Form::Text, Country::Us, None, &originals);
    assert_eq!((text.len(), originals.occur_in(&text)), (16, false));
    let short = Replacements::new(7).replace("note", Form::Text, Country::Us, Some(5), &originals);
    assert_eq!(short.len(), 5);
}

/// Returns every string of a value that the allowlist does not contain.
fn strings(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        "[A-Za-z0-9@+ .:/-]{4,30}".prop_map(Value::String),
        "\\PC{4,12}".prop_map(Value::String),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map("[a-z0-9_]{1,12}", inner, 0..5)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_other_string_of_the_original_occurs_in_the_output(
        values in proptest::collection::vec(any_value(), 26),
        key: u64,
        event in proptest::sample::select(vec!["created", "updated", "activity_added", "unknown_event"]),
    ) {
        // Documented fields with values of any kind, and undocumented ones.
        let names = [
            "id", "site_uuid", "site_domain", "partner_id", "action", "source", "site_login_url",
            "created", "role", "first_name", "last_name", "email", "phone", "address", "city",
            "state", "zip", "timeframe", "urgency", "status", "notes", "tags", "agent_name",
            "activities", "undocumented", "secret_name",
        ];
        let payload: Value =
            names.iter().zip(&values).map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let mut original = created(&payload.to_string());
        original.message.headers.replace("X-Lead-Router-Action", event);
        let redacted = redact(&mut redactor(key), &original);
        let written = String::from_utf8(redacted.capture.message.body.to_vec()).unwrap();
        let after: Value = serde_json::from_str(&written).unwrap();
        let mut found = BTreeSet::new();
        strings(&payload, &mut found);
        let id = payload["id"].as_str().filter(|id| is_id(id));
        let mut kept = BTreeSet::new();
        strings(&after, &mut kept);
        for text in found.iter().filter(|text| text.chars().count() >= 4 && Some(text.as_str()) != id) {
            prop_assert!(!kept.iter().any(|kept| kept.contains(text.as_str())), "{text:?} {written}");
        }
        for text in ["verysecret", "abcdef", "shop.test"] {
            let head = format!("{:?} {}", redacted.capture.message.headers, redacted.capture.message.target);
            prop_assert!(!head.contains(text));
        }
    }
}
