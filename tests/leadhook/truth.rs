//! The truth and the budget of explanations: a random signature gets no cause and no false fact, and
//! the number of hypotheses is bounded.

use crate::support::{amount, in_threads};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use leadhook::domain::message::Message;
use leadhook::domain::verdict::{Explanation, SignatureStatus, SignatureVerdict};
use leadhook::engine::explain::own_digest::{self, OwnDigest};
use leadhook::engine::explain::{self, Explainer, Failure};
use leadhook::engine::judge::{Judge, Judgement, PayloadScope, Strictness};
use leadhook::engine::seeded_rng::SeededRng;
use leadhook::protocols::schemes::scheme::{SignatureFormat, SignedForm};
use leadhook::protocols::{json, json_print};
use leadhook::{Event, Keyring, Pack, Packs, Secret, sample, sign};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The number of random signatures, over all providers, in the usual tests and in `just soak`.
const SIGNATURES: (u64, u64) = (500, 2_000);

/// The number of random digests of one's code.
const DIGESTS: u64 = 100;

/// The maximum length of a random body.
const MAX_BODY: usize = 1024;

/// The maximum number of hypotheses for a body below [`MAX_BODY`] and for one of 64 KiB.
const MAX_TRIED_SHORT: usize = 100_000;
const MAX_TRIED_LONG: usize = 4_000;

/// The code of an explanation that names no cause.
const UNEXPLAINED: &str = "none-holds";

/// Parts of payloads that look like traces of a fault, and are none: an escaped URL, a digest, text
/// that looks like base64 or an object, an id beyond 2^53 that ends in zeros.
const HARMLESS: [&str; 16] = [
    r#""https://example.com/?a=1&amp;b=2""#,
    r#""9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08""#,
    r#""SGVsbG8sIHdvcmxkIQ==""#,
    r#""it printed [object Object] again""#,
    r#""undefined""#,
    r#""null""#,
    r#""Zo\u00eb, 5 Caf\u00e9 %20 + \u2028""#,
    r#""naïve façade, Łódź""#,
    r#""really? why??""#,
    r#""a \"quoted\" C:\\new\\table""#,
    "9007199254740993000",
    "136.0",
    "0.1",
    "null",
    "[]",
    r#"{"deep":{"data":"{\"a\":1}"}}"#,
];

static PACKS: LazyLock<Packs> = LazyLock::new(|| Packs::builtin().unwrap());

fn now() -> Timestamp {
    Timestamp::from_second(1_767_323_045).unwrap()
}

fn secret() -> Secret {
    Secret::new("s3cret-of-the-shop").unwrap()
}

/// Returns one judge for each provider, which does not validate payloads.
fn judges() -> Vec<(Pack, Judge)> {
    let judge = |pack: &Pack| {
        let ring = Keyring::for_any(vec![secret(), Secret::new("the-previous-one").unwrap()]);
        let strictness = Strictness { strict: false, payloads: PayloadScope::None };
        Judge::new(PACKS.clone(), ring, Some(pack.provider.id.clone()), strictness)
    };
    PACKS.iter().map(|pack| (Pack::clone(pack), judge(pack))).collect()
}

/// Returns a random body: a short sample of the provider, or an object of harmless values, as a
/// random library prints it.
fn random_body(pack: &Pack, seed: u64, rng: &mut SeededRng) -> Vec<u8> {
    let event = &pack.provider.events[rng.index(pack.provider.events.len())].name;
    let body = sample(pack, &Event::new(event, now()).seed(seed)).unwrap();
    let body = match body {
        body if body.len() <= MAX_BODY / 2 && rng.number_below(2) == 0 => body,
        _ => {
            let count = 1 + rng.index(8);
            let fields: Vec<_> =
                (0..count).map(|field| format!("\"f{field}\":{}", rng.choose(&HARMLESS))).collect();
            format!("{{{}}}", fields.join(",")).into_bytes()
        }
    };
    let json = json::read(&body).unwrap();
    let style = &json_print::STYLES[rng.index(json_print::STYLES.len())];
    let printed = json_print::print(&json, style);
    if printed.len() <= MAX_BODY && pack.provider.signature.signed_form() != SignedForm::Claims {
        printed
    } else {
        body
    }
}

/// Returns the body as a request of the provider, with a random digest in place of the signature.
fn random_request(pack: &Pack, body: Vec<u8>, rng: &mut SeededRng) -> Message {
    let event = Event::new(&pack.provider.events[0].name, now());
    let mut request = sign(pack, &secret(), &event, body).unwrap();
    let scheme = &pack.provider.signature;
    let value = request.headers.get_str(scheme.header().unwrap()).unwrap().to_owned();
    let digest: [u8; 32] = rng.bytes();
    let digits = match scheme.signature_format() {
        SignatureFormat::Digest(format) => {
            (format.encoding.encode)(&digest[..format.function.digest_len()])
        }
        _ => URL_SAFE_NO_PAD.encode(digest),
    };
    let (before, _) = scheme.split_signature(&value);
    request.headers.replace(scheme.header().unwrap(), format!("{before}{digits}"));
    request
}

/// Returns the explained verdict on the signature.
fn explained(judge: &Judge, request: &Message) -> SignatureVerdict {
    let Judgement { mut verdict, pack, .. } = judge.judge(request, now());
    let (pack, event) = (pack.as_deref(), verdict.event.as_deref());
    let failure = Failure { message: request, at: now(), pack, event };
    Explainer::default().explain(judge, &failure, &Vec::new, &mut verdict.signature);
    verdict.signature
}

/// Returns `true` if an explanation names no cause, and states no fact as certain.
fn is_harmless(explanation: &Explanation) -> bool {
    explanation.code == UNEXPLAINED || explanation.message.contains(" may ")
}

#[test]
fn random_signatures_get_no_cause_and_no_false_fact() {
    let judges = judges();
    let seeds: Vec<_> = (0..amount(SIGNATURES.0, SIGNATURES.1)).collect();
    let failures = in_threads(&seeds, |seed| {
        let (pack, judge) = &judges[usize::try_from(*seed).unwrap() % judges.len()];
        let mut rng = SeededRng::new(*seed, "random-signature");
        let body = random_body(pack, *seed, &mut rng);
        let request = random_request(pack, body, &mut rng);
        let verdict = explained(judge, &request);
        let tried = verdict.tried.unwrap_or_default();
        let is_true = verdict.status == SignatureStatus::Invalid
            && verdict.explanations.iter().all(is_harmless)
            && (1..=MAX_TRIED_SHORT).contains(&tried);
        let body = String::from_utf8_lossy(&request.body);
        (!is_true).then(|| format!("{} seed {seed}: {body}\n{verdict:?}", pack.provider.id))
    });
    assert!(failures.is_empty(), "{}: {}", failures.len(), failures[0]);
}

#[test]
fn random_digests_of_code_get_no_cause() {
    let judges = judges();
    let seeds: Vec<_> = (0..DIGESTS).collect();
    let failures = in_threads(&seeds, |seed| {
        let (pack, judge) = &judges[usize::try_from(*seed).unwrap() % judges.len()];
        let mut rng = SeededRng::new(*seed, "random-digest");
        let body = random_body(pack, *seed, &mut rng);
        let event = Event::new(&pack.provider.events[0].name, now());
        let request = sign(pack, &secret(), &event, body).unwrap();
        let digest: OwnDigest = hex::encode(rng.bytes::<32>()).parse().unwrap();
        let failure = Failure { message: &request, at: now(), pack: Some(pack), event: None };
        let found = Explainer::default().explain_own_digest(
            judge,
            &failure,
            SignatureStatus::Valid,
            &digest,
        );
        let is_true = found.code == UNEXPLAINED && (1..=MAX_TRIED_SHORT).contains(&found.tried);
        (!is_true).then(|| format!("{} seed {seed}: {found:?}", pack.provider.id))
    });
    assert!(failures.is_empty(), "{}: {}", failures.len(), failures[0]);
}

#[test]
fn the_search_of_a_long_body_is_bounded() {
    let text =
        "Zoë asked for a/b, <b>12</b> & \"more\" \n".replace('"', "\\\"").replace('\n', "\\n");
    let items: Vec<_> =
        (0..800).map(|index| format!("{{\"n\":{index},\"text\":\"{text}\"}}")).collect();
    let body = format!("{{\"items\":[{}]}}", items.join(", "));
    assert!((48 << 10..80 << 10).contains(&body.len()), "{}", body.len());
    for (pack, judge) in judges() {
        let mut rng = SeededRng::new(7, "long-body");
        let request = random_request(&pack, body.clone().into_bytes(), &mut rng);
        let verdict = explained(&judge, &request);
        let tried = verdict.tried.unwrap_or_default();
        assert!((1..=MAX_TRIED_LONG).contains(&tried), "{}: {tried}", pack.provider.id);
        assert!(verdict.explanations.iter().all(is_harmless), "{verdict:?}");
    }
}

/// Returns the sentences that claim that bytes are lost: the search only knows what it tried.
fn hopeless(text: &str) -> Option<&str> {
    let denies = ["cannot", "can not", "can't", "impossible", "never", "unable", "no way"];
    let restores = [
        "restor",
        "undo",
        "undone",
        "recover",
        "revert",
        "reconstruct",
        "brought back",
        "reversed",
    ];
    text.split(['.', ';']).find(|sentence| {
        let sentence = sentence.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        sentence.contains("impossible") || has(&denies) && has(&restores)
    })
}

#[test]
fn no_message_of_the_tables_says_that_something_is_impossible() {
    let texts: Vec<_> = explain::texts().into_iter().chain(own_digest::texts()).collect();
    let codes: BTreeSet<_> = texts.iter().map(|text| text.code).collect();
    assert!(codes.len() > 60, "{}", codes.len());
    for text in &texts {
        for message in [&text.condition, &text.evidence, &text.fix] {
            assert_eq!(hopeless(message), None, "{}", text.code);
        }
    }
    assert!(hopeless("A. The original bytes cannot be restored.").is_some());
}

#[test]
fn no_fact_says_that_something_is_impossible() {
    let judges = judges();
    let (pack, judge) = judges.iter().find(|(pack, _)| pack.provider.id == "realgeeks").unwrap();
    let bodies: [&[u8]; 9] = [
        b"",
        b"{\"a\":",
        b"\xff\xfe{\0}\0",
        b"{\"a\":\"\xe9\"}",
        "{\"a\":\"\u{fffd}\"}".as_bytes(),
        b"{\"a\":\"Caf?\"}",
        b"{\"id\":9007199254740993000}",
        b"[object Object]",
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
    ];
    for body in bodies {
        let mut rng = SeededRng::new(1, "facts");
        let mut request = random_request(pack, b"{}".to_vec(), &mut rng);
        request.body = body.to_vec().into();
        for Explanation { code, message, fix } in explained(judge, &request).explanations {
            assert_eq!(hopeless(&message), None, "{code}");
            assert_eq!(fix.as_deref().and_then(hopeless), None, "{code}");
        }
    }
}
