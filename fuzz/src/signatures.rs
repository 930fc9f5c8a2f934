//! Properties of signatures: only signed messages are valid, and the explanation search ends.

use super::json::equal_values;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use leadhook::domain::message::{Headers, Message};
use leadhook::domain::secret::{Keyring, Secret};
use leadhook::domain::verdict::{Explanation, SignatureStatus};
use leadhook::engine::explain::own_digest::OwnDigest;
use leadhook::engine::explain::{Candidate, Explainer, Failure, Neighbour};
use leadhook::engine::judge::{Judge, Judgement, Strictness};
use leadhook::protocols::json::Json;
use leadhook::protocols::schemes::mac::HashFunction;
use leadhook::protocols::schemes::scheme::{Envelope, SignatureFormat, SignedForm};
use leadhook::protocols::{json, json_stringify, requests};
use leadhook::providers::Packs;
use leadhook::providers::pack::Pack;
use leadhook::providers::provider::Provider;
use serde_json::Value;
use sha1::Sha1;
use sha2::Sha256;
use std::sync::LazyLock;

/// The secret of the seeds.
const SECRET: &str = "s3cret";

/// Claims about the token, not the payload (RFC 7519, section 4.1).
const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// The maximum number of requests of one file that are verified.
const MAX_VERIFIED: usize = 4;

/// The maximum number of hypotheses in one search: 24 MiB at 256 bytes each, and the neighbours.
const MAX_TRIED: usize = 100_000;

/// The maximum number of bytes of one explanation: names from the request are truncated.
const MAX_WORDS: usize = 4 << 10;

/// The secret of the seeds for schemes that decode their key from base64.
const ENCODED_SECRET: &str = "whsec_czNjcmV0";

/// Packs with schemes and formats that no built-in pack has.
const CUSTOM_PACKS: [(&str, &str); 2] = [
    ("hub", include_str!("../../docs/book/src/packs/hub/provider.toml")),
    ("standard", include_str!("../../docs/book/src/packs/standard/provider.toml")),
];

static PACKS: LazyLock<Packs> = LazyLock::new(|| {
    let custom = CUSTOM_PACKS.map(|(id, toml)| {
        let files = [
            ("provider.toml", toml),
            ("lead.created.json", "{}"),
            ("lead.created.schema.json", "{}"),
            ("ping.json", "{}"),
            ("ping.schema.json", "{}"),
        ];
        Pack::read(id, &files).unwrap_or_else(|error| panic!("{error}"))
    });
    let builtin = Packs::builtin().unwrap_or_else(|error| panic!("{error}"));
    builtin.with(custom.into(), Vec::new())
});

/// A judge that recognises the providers, and one for each of them.
static JUDGES: LazyLock<Vec<Judge>> = LazyLock::new(|| {
    let named = PACKS.iter().map(|pack| Some(pack.provider.id.clone()));
    let judge = |assumed| {
        let mut ring = Keyring::for_any(vec![secret()]);
        for provider in PACKS.iter().map(|pack| &pack.provider) {
            ring.insert(&provider.id, secret_of(provider));
        }
        Judge::new(PACKS.clone(), ring, assumed, Strictness::default())
    };
    [None].into_iter().chain(named).map(judge).collect()
});

fn secret() -> Secret {
    Secret::new(SECRET).unwrap_or_else(|error| panic!("{error}"))
}

fn secret_of(provider: &Provider) -> Secret {
    match provider.signature.name() {
        "hmac" | "timestamped-hmac" | "jwt-hs256" => secret(),
        "standard-webhooks" => {
            Secret::new(ENCODED_SECRET).unwrap_or_else(|error| panic!("{error}"))
        }
        other => panic!("no seed is signed with `{other}`"),
    }
}

/// Verifies and explains every request of a file in any format.
pub fn verdict(bytes: &[u8]) {
    let Ok(found) = requests::read(bytes) else { return };
    let captures = found.into_iter().flatten().map(|found| found.capture).take(MAX_VERIFIED);
    let captures: Vec<_> = captures.collect();
    for capture in &captures {
        let neighbours = || {
            let bodies = captures.iter().map(|capture| &*capture.message.body);
            let named = |(index, body): (usize, _)| Neighbour { source: index.to_string(), body };
            bodies.enumerate().map(named).collect()
        };
        let at = capture.received_at.unwrap_or(Timestamp::UNIX_EPOCH);
        check_verdicts(&capture.message, at, &neighbours);
    }
}

/// Verifies the bytes as a token, then builds a signed token from them.
///
/// The input has up to three lines: the header, the claims, and the body (default: the claims).
pub fn token(bytes: &[u8]) {
    let with = |value: &[u8], body: &[u8]| {
        Message::post("/", Headers::from_iter([("Authorization", value)]), body.to_owned())
    };
    check_verdicts(&with(bytes, b"{}"), Timestamp::UNIX_EPOCH, &Vec::new);
    let mut parts = bytes.splitn(3, |&byte| byte == b'\n');
    let header = parts.next().unwrap_or_default();
    let claims = parts.next().unwrap_or_default();
    let body = parts.next().unwrap_or(claims);
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let value = |mac: &[u8]| format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac));
    let mut digest = mac(signed.as_bytes());
    check_verdicts(&with(value(&digest).as_bytes(), body), Timestamp::UNIX_EPOCH, &Vec::new);
    digest[body.len() % 32] ^= 1;
    for provider in PACKS.iter().map(|pack| &pack.provider) {
        let forged = with(value(&digest).as_bytes(), body);
        assert_ne!(status(provider, &forged), SignatureStatus::Valid, "{}", provider.id);
    }
}

/// Explains a signature and a digest of a user's code over arbitrary bytes, under an arbitrary
/// secret.
///
/// The input has three lines: the secret, the value of the signature header, and the rest, which is
/// the body. The secret is a candidate as well as the configured one.
pub fn explain(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |&byte| byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    let (own_secret, value, body) = (part(), part(), part());
    let Ok(own_secret) = Secret::new(own_secret) else { return };
    let text = String::from_utf8_lossy(value);
    for pack in PACKS.iter() {
        let provider = &pack.provider;
        let headers = [
            (provider.signature.header().unwrap_or("X-None"), value),
            ("X-Timestamp", b"1"),
            ("X-Id", value),
        ];
        let message = Message::post("/", Headers::from_iter(headers), body.to_owned());
        let judge = Judge::for_pack(pack, vec![own_secret.clone(), secret()]);
        let candidate = Candidate::new("line 1".to_owned(), own_secret.clone());
        let mut explainer = Explainer::new(vec![candidate]);
        let at = Timestamp::UNIX_EPOCH;
        let Judgement { mut verdict, .. } = judge.judge(&message, at);
        let failure = Failure { message: &message, at, pack: Some(pack), event: None };
        let status = verdict.signature.status;
        explainer.explain(&judge, &failure, &Vec::new, &mut verdict.signature);
        assert_eq!(verdict.signature.status, status, "the explanation changed the status");
        check_explanations(&verdict.signature.explanations);
        let tried = verdict.signature.tried.unwrap_or_default();
        assert!(tried <= MAX_TRIED, "{tried} tried");
        let Ok(digest) = text.parse::<OwnDigest>() else { continue };
        let found = explainer.explain_own_digest(&judge, &failure, status, &digest);
        assert!(found.tried <= MAX_TRIED, "{} tried", found.tried);
        assert!(found.message.len() + found.fix.len() <= MAX_WORDS, "{found:?}");
    }
}

/// Asserts that each explanation has a message and a length that a terminal can show.
fn check_explanations(explanations: &[Explanation]) {
    for explanation in explanations {
        let length = explanation.message.len() + explanation.fix.as_ref().map_or(0, String::len);
        assert!(!explanation.message.is_empty() && length <= MAX_WORDS, "{explanation:?}");
    }
}

/// Asserts that the bytes, signed as every provider does, verify, and do not with a flipped bit.
pub fn signed(bytes: &[u8]) {
    for provider in PACKS.iter().map(|pack| &pack.provider) {
        let envelope = Envelope { message_id: Some("1"), at: Timestamp::UNIX_EPOCH };
        let signed = provider.signature.sign(&secret_of(provider), bytes, &envelope);
        let (Ok(signed), Some(header)) = (signed, provider.signature.header()) else { continue };
        let message = |value: &str| {
            let signed_headers = provider.signature.signed_headers().into_iter();
            let header_names = signed_headers.map(|header| header.name).zip(["1", "0"]);
            let headers = header_names.chain([(header, value)]).collect();
            Message::post("/", headers, bytes.to_vec())
        };
        // Repeated claims and registered claims are rejected for other reasons.
        let is_plain = provider.signature.signed_form() != SignedForm::Claims
            || json::read(bytes).is_ok_and(|body| is_plain(&body));
        let found = status(provider, &message(&signed.value));
        assert!(!is_plain || found == SignatureStatus::Valid, "{}: {found}", provider.id);
        // The index of the first digit of a digest, or of the signature of a token.
        let at = provider.signature.split_signature(&signed.value).0.len();
        let mut other = signed.value.into_bytes();
        other[at] = if other[at] == b'0' { b'1' } else { b'0' };
        let other = String::from_utf8_lossy(&other);
        assert_ne!(status(provider, &message(&other)), SignatureStatus::Valid, "{}", provider.id);
    }
}

/// Verifies and explains a message with every judge, and checks the verdicts.
fn check_verdicts<'n>(
    message: &Message,
    at: Timestamp,
    neighbours: &dyn Fn() -> Vec<Neighbour<'n>>,
) {
    for judge in JUDGES.iter() {
        let Judgement { mut verdict, pack, .. } = judge.judge(message, at);
        let status = verdict.signature.status;
        assert!(!verdict.valid || status == SignatureStatus::Valid, "{verdict:?}");
        if status == SignatureStatus::Valid {
            let is_signed_by_secret =
                pack.as_ref().is_some_and(|pack| is_signed(&pack.provider, message));
            assert!(is_signed_by_secret, "valid without being signed: {verdict:?}");
        }
        let (pack, event) = (pack.as_deref(), verdict.event.as_deref());
        let failure = Failure { message, at, pack, event };
        Explainer::default().explain(judge, &failure, neighbours, &mut verdict.signature);
        assert_eq!(verdict.signature.status, status, "the explanation changed the status");
        let tried = verdict.signature.tried.unwrap_or_default();
        assert!(tried <= MAX_TRIED, "{tried} tried");
    }
}

fn status(provider: &Provider, message: &Message) -> SignatureStatus {
    let secrets = [secret_of(provider)];
    provider.signature.verify(&secrets, message, Timestamp::UNIX_EPOCH).status
}

/// Returns `true` if the secret signed the message, without the program's own verification.
fn is_signed(provider: &Provider, message: &Message) -> bool {
    let values: Vec<_> = provider.signature.place().values(message);
    let [value] = values.as_slice() else { return false };
    let value = value.trim_ascii();
    match provider.signature.name() {
        "hmac" => {
            let SignatureFormat::Digest(format) = provider.signature.signature_format() else {
                return false;
            };
            let prefix = format.prefix;
            let over = provider.signature.signed_form();
            let Some(value) = value.strip_prefix(prefix.as_bytes()) else { return false };
            if over == SignedForm::Base64OfBody {
                let encoded = STANDARD.encode(&message.body);
                return hex::decode(value).is_ok_and(|given| given == mac(encoded.as_bytes()));
            }
            if format.function == HashFunction::Sha1 {
                return STANDARD.decode(value).is_ok_and(|given| given == mac_sha1(&message.body));
            }
            let is_mac_of = |body: &[u8]| hex::decode(value).is_ok_and(|given| given == mac(body));
            let restringified = json_stringify::restringify(&message.body);
            is_mac_of(&message.body)
                || over == SignedForm::JsonStringify
                    && restringified.is_ok_and(|body| is_mac_of(&body))
        }
        "jwt-hs256" => is_signed_token(value, &message.body).unwrap_or(false),
        "standard-webhooks" => {
            let header_names =
                provider.signature.signed_headers().into_iter().map(|header| header.name);
            let mut signed: Vec<u8> = Vec::new();
            for value in header_names.map(|name| message.headers.get(name).unwrap_or_default()) {
                signed.extend_from_slice(value.trim_ascii());
                signed.push(b'.');
            }
            signed.extend_from_slice(&message.body);
            let expected = format!("v1,{}", STANDARD.encode(mac(&signed)));
            value.split(|&byte| byte == b' ').any(|one| one == expected.as_bytes())
        }
        "timestamped-hmac" => {
            let SignatureFormat::Digest(format) = provider.signature.signature_format() else {
                return false;
            };
            let parts = || value.split(|&byte| byte == b',');
            let Some(time) = parts().find_map(|part| part.strip_prefix(b"t=")) else {
                return false;
            };
            let signed = [time, b".", &message.body].concat();
            let digests = parts().filter_map(|part| part.strip_prefix(format.prefix.as_bytes()));
            { digests }.any(|digest| hex::decode(digest).is_ok_and(|given| given == mac(&signed)))
        }
        other => panic!("this oracle does not support `{other}`"),
    }
}

/// Returns `true` if a token is signed with HS256 and the secret, and its claims are the body.
fn is_signed_token(value: &[u8], body: &[u8]) -> Option<bool> {
    let text = std::str::from_utf8(value).ok()?;
    let token = text.rsplit(' ').next()?;
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let header: Value = serde_json::from_slice(&decoded(header)?).ok()?;
    let is_signed = decoded(signature)? == mac(signed.as_bytes())
        && header["alg"] == "HS256"
        && header.get("crit").is_none();
    let claims = decoded(claims)?;
    let parsed = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let (Some(mut claims), Some(body)) = (parsed(&claims), parsed(body)) else {
        // It exceeds the depth of `serde_json`, or contains values that it cannot represent.
        return Some(is_signed && json::read(&claims).is_ok() && json::read(body).is_ok());
    };
    claims
        .as_object_mut()?
        .retain(|name, _| !REGISTERED.contains(&name.as_str()) || body.get(name).is_some());
    Some(is_signed && equal_values(&claims, &body))
}

fn is_plain(body: &Json) -> bool {
    let is_registered = |name: &&str| body.get(name).is_some();
    let has_duplicate = || {
        json::find_ambiguities(body)
            .iter()
            .any(|odd| matches!(odd, json::Ambiguity::DuplicateKey { .. }))
    };
    body.as_object().is_some() && !REGISTERED.iter().any(is_registered) && !has_duplicate()
}

/// Computes HMAC-SHA1 (RFC 2104) with the secret of the seeds.
fn mac_sha1(bytes: &[u8]) -> Vec<u8> {
    let Ok(keyed) = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()) else { return Vec::new() };
    keyed.chain_update(bytes).finalize().into_bytes().to_vec()
}

/// Computes HMAC-SHA256 (RFC 2104) with the secret of the seeds.
fn mac(bytes: &[u8]) -> Vec<u8> {
    let Ok(keyed) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else { return Vec::new() };
    keyed.chain_update(bytes).finalize().into_bytes().to_vec()
}
