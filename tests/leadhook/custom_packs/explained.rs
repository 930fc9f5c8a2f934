//! Explanations for invalid signatures of these packs, each tested with a deliberate defect.

use crate::custom_packs::{SAMPLE, SECRET, at, judge_with, message, pack, reasons, verdict};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use leadhook::domain::message::{Headers, Message};
use leadhook::domain::secret::Secret;
use leadhook::domain::verdict::SignatureStatus;
use leadhook::engine::explain::{Candidate, Explainer, Failure, Neighbour};
use leadhook::engine::judge::Judgement;
use sha2::Sha256;

/// The explanation codes that no built-in provider can have.
pub(crate) const CODES: [&str; 8] = [
    "body-alone-signed",
    "hex-signature",
    "message-id-elsewhere",
    "other-version",
    "secret-is-base64url",
    "secret-not-decoded",
    "unpadded-signature",
    "unprefixed-signature",
];

const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const TIME: &str = "1614265330";

/// Returns the signed content of Standard Webhooks.
fn content() -> String {
    format!("{ID}.{TIME}.{SAMPLE}")
}

fn mac(key: &[u8], content: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.chain_update(content).finalize().into_bytes().to_vec()
}

/// Returns the key encoded by the secret of these packs.
fn key() -> Vec<u8> {
    STANDARD.decode(SECRET.strip_prefix("whsec_").unwrap()).unwrap()
}

/// Returns the message of a pack with another signature.
fn with(id: &str, signature: &str) -> Message {
    let pack = pack(id);
    let mut message = message(&pack, at(), None);
    pack.provider.signature.place().write(signature, &mut message);
    message
}

/// Returns the codes and the text of the explanations of a message, for a secret and a time.
fn explained(
    message: &Message,
    secret: &str,
    at: Timestamp,
) -> (SignatureStatus, Vec<&'static str>, String) {
    let verdict = verdict(&judge_with(secret, None), message, at);
    let (codes, text) = reasons(&verdict);
    (verdict.signature.status, codes, text)
}

/// Signatures with one or two defects, their codes, and a substring of the explanation.
type Faults = Vec<(String, &'static [&'static str], &'static str)>;

fn faults_of_standard_webhooks() -> Faults {
    let digest = mac(&key(), &content());
    let base64 = STANDARD.encode(&digest);
    let body_alone = STANDARD.encode(mac(&key(), SAMPLE));
    let with_time = STANDARD.encode(mac(&key(), &format!("{TIME}.{SAMPLE}")));
    vec![
        (format!("v1,{body_alone}"), &["body-alone-signed"], "sign `id.timestamp.body`"),
        (
            format!("v1,{with_time}"),
            &["timestamp-signed"],
            "this provider signs `id.timestamp.body`",
        ),
        (format!("v1,{}", hex::encode(&digest)), &["hex-signature"], "this provider uses base64"),
        (base64.clone(), &["unprefixed-signature"], "`v1,` and the digest in base64"),
        (
            hex::encode(&digest),
            &["unprefixed-signature", "hex-signature"],
            "`v1,` is put before the signature",
        ),
        (format!("v2,{base64}"), &["other-version"], "`v2,` is read as `v1,`"),
        (format!("v1a,{base64}"), &["other-version"], "`v1a,`"),
        (
            format!("v1={base64}"),
            &["prefixed-signature"],
            "this provider sends `v1,` and the digest in base64",
        ),
        (format!("v1,{}", base64.trim_end_matches('=')), &["unpadded-signature"], "44 characters"),
        (
            format!("v1,{}", URL_SAFE.encode(&digest)),
            &["base64url-signature"],
            "base64 with `+` and `/`",
        ),
        (
            format!("v1,{}", STANDARD.encode(hex::encode(&digest))),
            &["base64-of-hex"],
            "`.digest()`",
        ),
        (format!("v1,{}", &base64[..22]), &["truncated-signature"], "first 16 bytes"),
        (format!("v1,{}", &base64[..42]), &["truncated-signature"], "first 31 bytes"),
        (format!("\"v1,{base64}\""), &["quoted-signature"], "send `v1,` and the digest"),
        (format!("v1, {base64}"), &["white-space-in-signature"], "send `v1,` and the digest"),
        (format!("v1,{} v2,{base64}", "A".repeat(43) + "="), &["other-version"], "`v2,`"),
    ]
}

fn faults_in_github_style() -> Faults {
    let digest = mac(SECRET.as_bytes(), SAMPLE);
    let (hub, hub64) = (hex::encode(&digest), STANDARD.encode(&digest));
    let swapped = hex::encode(mac(SAMPLE.as_bytes(), SECRET));
    vec![
        (hub.clone(), &["unprefixed-signature"], "`sha256=` and the 64 hex digits"),
        (
            format!("v1={hub}"),
            &["prefixed-signature"],
            "this provider sends `sha256=` and the 64 hex digits",
        ),
        (format!("SHA256={hub}"), &["prefixed-signature"], "`SHA256=`"),
        (format!("sha256=sha256={hub}"), &["prefixed-signature"], "`sha256=` is removed"),
        (format!("sha256={hub64}"), &["base64-signature"], "this provider uses hex"),
        (hub64, &["unprefixed-signature", "base64-signature"], "this provider uses hex"),
        (format!("sha256={}", &hub[..40]), &["truncated-signature"], "first 40 hex digits"),
        (
            format!("\"sha256={hub}\""),
            &["quoted-signature"],
            "send `sha256=` and the 64 hex digits",
        ),
        (format!("sha256={swapped}"), &["swapped-key-and-body"], "order"),
    ]
}

#[test]
fn every_defect_of_a_signature_is_named_in_its_providers_terms() {
    let standard = faults_of_standard_webhooks().into_iter().map(|fault| ("standard", fault));
    let hub = faults_in_github_style().into_iter().map(|fault| ("hub", fault));
    for (id, (value, codes, says)) in standard.chain(hub) {
        let (status, found, text) = explained(&with(id, &value), SECRET, at());
        assert_eq!(found, codes, "{id} {value}\n{text}");
        assert!(text.contains(says), "{id} {value}: `{says}` is not in: {text}");
        assert!(matches!(status, SignatureStatus::Invalid | SignatureStatus::Malformed), "{value}");
    }
}

#[test]
fn every_defect_of_a_secret_is_named_and_no_secret_shown() {
    let raw = key();
    let spelled = SECRET.strip_prefix("whsec_").unwrap();
    let key_bytes = [0xfb, 0xff, 0xbe, 1, 2, 3];
    let url_safe = format!("whsec_{}", URL_SAFE.encode(key_bytes));
    for (key, at_hand, codes) in [
        (SECRET.as_bytes(), SECRET, &["secret-not-decoded"][..]),
        (spelled.as_bytes(), SECRET, &["secret-not-decoded"]),
        (b"a secret, in words", "a secret, in words", &["secret-not-decoded"]),
        (
            b"a secret, in words",
            "a secret, in words\n",
            &["secret-not-trimmed", "secret-not-decoded"],
        ),
        (&raw, &format!("{SECRET}\n"), &["secret-not-trimmed"]),
        (&raw, &format!("\"{SECRET}\""), &["secret-in-quotes"]),
        (&raw, &hex::encode(&raw), &["secret-is-hex"]),
        (&raw, &format!("whsec_{}", hex::encode(&raw)), &["secret-is-hex"]),
        (&key_bytes, &url_safe, &["secret-is-base64url"]),
    ] {
        let signature = format!("v1,{}", STANDARD.encode(mac(key, &content())));
        let (_, found, text) = explained(&with("standard", &signature), at_hand, at());
        assert_eq!(found, codes, "{at_hand:?}\n{text}");
        assert!(!text.contains(at_hand.trim()) && !text.contains(spelled), "{text}");
    }
    let (status, found, _) =
        explained(&message(&pack("standard"), at(), None), "a secret, in words", at());
    assert_eq!((status, found), (SignatureStatus::Unchecked, vec!["secret-not-base64"]));
}

#[test]
fn a_candidate_and_the_signature_of_another_request_are_found() {
    let judge = judge_with(SECRET, None);
    let explained = |message: &Message, candidates: &[&str], beside: &[u8]| {
        let candidates = candidates.iter().map(|text| {
            Candidate::new(format!("line {}", text.len()), Secret::new(*text).unwrap())
        });
        let Judgement { mut verdict, pack, .. } = judge.judge(message, at());
        let failure = Failure { message, at: at(), pack: pack.as_deref(), event: None };
        let neighbours = || vec![Neighbour { source: "other".to_owned(), body: beside }];
        Explainer::new(candidates.collect()).explain(
            &judge,
            &failure,
            &neighbours,
            &mut verdict.signature,
        );
        reasons(&verdict).0
    };
    let signed =
        |key: &[u8]| with("standard", &format!("v1,{}", STANDARD.encode(mac(key, &content()))));
    let candidates = ["not base64 at all", "whsec_czNjcmV0", "whsec_AAAA"];
    assert_eq!(explained(&signed(b"s3cret"), &candidates, b""), ["candidate-secret"]);
    assert_eq!(
        explained(&signed(b"not base64 at all"), &candidates, b""),
        ["candidate-secret", "secret-not-decoded"]
    );
    let mixed_up = Message { body: "{\"type\":\"lead.created\"}".into(), ..signed(&key()) };
    assert_eq!(explained(&mixed_up, &[], SAMPLE.as_bytes()), ["signature-of-another"]);
    assert_eq!(explained(&mixed_up, &[], b"{}"), ["none-holds"]);
}

#[test]
fn an_id_and_a_time_in_renamed_headers_are_found() {
    let sent = message(&pack("standard"), at(), None);
    for (name, codes) in [
        ("svix", &["signature-elsewhere", "message-id-elsewhere"][..]),
        ("HTTP_WEBHOOK", &["renamed-header", "message-id-elsewhere"]),
    ] {
        let renamed = |known: &str| match known.strip_prefix("webhook-") {
            Some(rest) if name == "svix" => format!("svix-{rest}"),
            Some(rest) => format!("HTTP_WEBHOOK_{}", rest.to_ascii_uppercase()),
            None => known.to_owned(),
        };
        let headers: Headers =
            sent.headers.iter().map(|(known, value)| (renamed(known), value)).collect();
        let renamed = Message { headers, ..sent.clone() };
        let judge = judge_with(SECRET, Some("standard"));
        let (found, text) = reasons(&verdict(&judge, &renamed, at()));
        assert_eq!(found, codes, "{name}: {text}");
    }
}

#[test]
fn a_stale_timestamp_is_reported_only_if_the_signature_would_verify() {
    let later = at() + jiff::SignedDuration::from_mins(12);
    let sent = message(&pack("standard"), at(), None);
    let (status, found, text) = explained(&sent, SECRET, later);
    assert_eq!((status, found), (SignatureStatus::Invalid, vec!["stale-timestamp"]));
    assert!(text.starts_with("The signature is valid, but its timestamp is 12 min old"), "{text}");
    let edited = Message { body: format!("{SAMPLE}\n").into(), ..sent.clone() };
    let (_, found, _) = explained(&edited, SECRET, later);
    assert_eq!(found, ["final-newline-added", "stale-timestamp"]);
    let (_, found, text) = explained(&sent, "whsec_AAAA", later);
    assert_eq!(found, ["none-holds"]);
    assert!(text.contains("the body with its id and timestamp"), "{text}");
}
