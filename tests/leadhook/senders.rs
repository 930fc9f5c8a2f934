//! Every built-in pack: published vectors, recognition, changed bytes, and receivers that share no
//! code with leadhook.

use crate::receivers;
use crate::support::{ForeignReceiver, Interpreter, NODE_JS, PYTHON3, events, send, skipped};
use crate::tampers;
use jiff::{SignedDuration, Timestamp};
use leadhook::domain::message::{Headers, Message};
use leadhook::domain::secret::{Keyring, Secret};
use leadhook::domain::verdict::SignatureStatus;
use leadhook::engine::compose::{RequestDraft, compose};
use leadhook::engine::generate::{self, PayloadOptions};
use leadhook::engine::judge::{Judge, Strictness};
use leadhook::engine::seeded_rng::SeededRng;
use leadhook::providers::Packs;
use leadhook::providers::pack::Pack;
use serde_json::Value;
use std::thread;

/// A secret that every scheme accepts.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The seeds of every event in the test of recognition.
const SEEDS: u64 = 1_000;

/// A signature that another program computed.
struct Vector {
    provider: &'static str,
    secret: &'static str,
    /// The time of signing, in Unix seconds.
    at: &'static str,
    body: &'static str,
    header: &'static str,
    value: &'static str,
}

/// Signatures that were computed with Python's `hmac` module, after the senders' documentation.
const VECTORS: &[Vector] = &[
    Vector {
        provider: "elevenlabs",
        secret: "wsec_demo",
        at: "1739537297",
        body: r#"{"type":"post_call_transcription","event_timestamp":1739537297,"data":{"agent_id":"agent_1","conversation_id":"conv_1","status":"done"}}"#,
        header: "ElevenLabs-Signature",
        value: "t=1739537297,v0=35c00133359b3169b092e197408d7a43babced3d93a3b394e277c5b6649fb5e8",
    },
    Vector {
        provider: "elevenlabs",
        secret: "wsec_demo",
        at: "1739537297",
        body: r#"{"type":"post_call_transcription","data":{"note":"café"}}"#,
        header: "ElevenLabs-Signature",
        value: "t=1739537297,v0=2a8bbc497724eca37c725158f3d4a6e59617817151bbd00deebd0b6f0a0dd398",
    },
    Vector {
        provider: "followupboss",
        secret: "fub-system-key",
        at: "1481555961",
        body: r#"{"eventId":"152d60c0-79da-4018-a9af-28aec8a71c94","eventCreated":"2016-12-12T15:19:21+00:00","event":"peopleCreated","resourceIds":[1234],"uri":"https://api.followupboss.com/v1/people?id=1234"}"#,
        header: "FUB-Signature",
        value: "a55b91f9b26bead08f7b2634c1136cd85e1e650346aef771c758f65f3d6e903f",
    },
    Vector {
        provider: "meta-leads",
        secret: "app-secret",
        at: "1447342027",
        body: r#"{"object":"page","entry":[{"id":"1","time":1447342027,"changes":[{"field":"leadgen","value":{"leadgen_id":"2","page_id":"1","form_id":"3","created_time":1447342026}}]}]}"#,
        header: "X-Hub-Signature-256",
        value: "sha256=f9c8a1e2f8717ec8ed68b3b333e3133eda26b221002c1e59def832074391c462",
    },
    Vector {
        provider: "calendly",
        secret: "calendly-key",
        at: "1700000000",
        body: r#"{"event":"invitee.created","payload":{"email":"jane@example.com"}}"#,
        header: "Calendly-Webhook-Signature",
        value: "t=1700000000,v1=678d9bd3ab28e06e99d0ba4bb9a72c031d3fdd5b98e70d5ce8c97e057c94bb3c",
    },
    Vector {
        provider: "callrail",
        secret: "072e77e4signing-token",
        at: "1700000000",
        body: r#"{"id":"CAL1","answered":true,"duration":"96","customer_phone_number":"+18085550142"}"#,
        header: "Signature",
        value: "NE3aoDMi6ZkwVd4anEZvcrOfOjU=",
    },
];

/// Returns the bytes with one digit or letter changed to another: the last but one, because the last
/// of base64 has unused bits.
fn with_one_byte_changed(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let last = bytes.iter().rposition(u8::is_ascii_alphanumeric).unwrap();
    let changed = bytes[..last].iter().rposition(u8::is_ascii_alphanumeric).unwrap();
    bytes[changed] = if bytes[changed] == b'a' { b'b' } else { b'a' };
    bytes
}

#[test]
fn every_vector_is_reproduced_and_accepted_and_a_changed_byte_is_refused() {
    for Vector { provider, secret, at, body, header, value } in VECTORS {
        let name = format!("{provider} {body}");
        let signed = leadhook!("sign body -p {} --now @{} --format json", provider, at)
            .args(["--secret-file", "secret"])
            .file("secret", secret)
            .file("body", body)
            .run()
            .exits(0, &name)
            .object();
        let headers: Vec<(String, String)> =
            serde_json::from_value(signed["headers"].clone()).unwrap();
        assert!(headers.contains(&((*header).to_owned(), (*value).to_owned())), "{name}: {signed}");
        let (genuine, changed) = (body.as_bytes().to_vec(), with_one_byte_changed(body));
        let other = String::from_utf8(with_one_byte_changed(value)).unwrap();
        for (bytes, value, exit, status) in [
            (genuine.clone(), *value, 0, "valid"),
            (changed, *value, 1, "invalid"),
            (genuine, other.as_str(), 1, "invalid"),
        ] {
            let line = format!("{header}: {value}");
            let verdict =
                leadhook!("verify --body body -p {} --no-payload --format json", provider)
                    .args(["--now", &format!("@{at}"), "-H", &line, "--secret-file", "secret"])
                    .file("secret", secret)
                    .file("body", bytes)
                    .run()
                    .exits(exit, &name)
                    .object();
            assert_eq!(verdict["signature"]["status"], status, "{name}: {verdict}");
        }
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_767_323_045).unwrap()
}

/// Returns the request that a pack sends for a seed.
fn request(pack: &Pack, event: &str, seed: u64) -> Message {
    let facts = pack.provider.event(event).unwrap();
    let id = generate::message_id(&pack.provider, &mut SeededRng::new(seed, "message-id"));
    let recipe = PayloadOptions {
        variant: None,
        seed: Some(seed),
        message_id: id.as_deref(),
        now: now(),
        edits: &[],
    };
    let draft = RequestDraft {
        event: Some(event),
        message_id: id.as_deref(),
        now: now(),
        path: "/hooks",
        body: generate::payload(pack, facts, &recipe).unwrap().into(),
        as_of: None,
        extra_headers: &[],
    };
    compose(&pack.provider, draft, Some(&Secret::new(SECRET).unwrap()), None).unwrap().message
}

fn judge(packs: &Packs, named: Vec<String>) -> Judge {
    let ring = Keyring::for_any(vec![Secret::new(SECRET).unwrap()]);
    Judge::new(packs.clone(), ring, named, Strictness::default())
}

/// Judges of requests of one pack, by the providers that the user named.
struct Recognition<'p> {
    pack: &'p Pack,
    unnamed: Judge,
    every: Judge,
    /// Every provider but that of the pack.
    others: Judge,
}

impl<'p> Recognition<'p> {
    fn new(packs: &Packs, pack: &'p Pack) -> Self {
        let all: Vec<_> = packs.iter().map(|pack| pack.provider.id.clone()).collect();
        let others = all.iter().filter(|id| **id != pack.provider.id).cloned().collect();
        let (unnamed, every) = (judge(packs, Vec::new()), judge(packs, all));
        Self { pack, unnamed, every, others: judge(packs, others) }
    }

    /// Asserts that a request is recognised as that of its own provider and as no other's.
    fn assert_own(&self, event: &str, seed: u64) {
        let message = request(self.pack, event, seed);
        let own = Some(self.pack.provider.id.as_str());
        let without_name = own.filter(|_| !self.pack.provider.recognise.only_if_named);
        let name = format!("{}:{event} {seed}", self.pack.provider.id);
        let found = self.unnamed.judge(&message, now()).verdict;
        assert_eq!(found.provider.as_deref(), without_name, "{name}");
        let found = self.every.judge(&message, now()).verdict;
        assert_eq!(found.provider.as_deref(), own, "{name}");
        assert_eq!(found.event.as_deref(), Some(event), "{name}");
        assert_eq!(found.signature.status, SignatureStatus::Valid, "{name}");
        let found = self.others.judge(&message, now()).verdict;
        assert_eq!(found.provider, None, "{name}, with the others named");
        assert_eq!(found.signature.status, SignatureStatus::Unchecked, "{name}");
        // Without headers, the body may not be enough, but it is not mistaken for another's.
        let bare = Message { headers: Headers::default(), ..message };
        for judge in [&self.unnamed, &self.every] {
            let found = judge.judge(&bare, now()).verdict.provider;
            assert!(
                found.is_none() || found.as_deref() == own,
                "{name} without headers: {found:?}"
            );
        }
    }
}

#[test]
fn every_request_of_every_event_is_recognised_as_its_own_provider() {
    let packs = Packs::builtin().unwrap();
    thread::scope(|scope| {
        for pack in packs.iter() {
            let packs = &packs;
            scope.spawn(move || {
                let recognition = Recognition::new(packs, pack);
                for event in &pack.provider.events {
                    (0..SEEDS).for_each(|seed| recognition.assert_own(&event.name, seed));
                }
            });
        }
    });
}

#[test]
fn any_changed_bit_of_a_body_is_refused_by_every_pack() {
    let packs = Packs::builtin().unwrap();
    for pack in packs.iter() {
        let judge = judge(&packs, vec![pack.provider.id.clone()]);
        let genuine = request(pack, &pack.provider.events[0].name, 7);
        let step = (8 * genuine.body.len() / 500).max(1);
        for bit in (0..8 * genuine.body.len()).step_by(step) {
            let mut body = genuine.body.to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            let changed = Message { body: body.into(), ..genuine.clone() };
            let status = judge.judge(&changed, now()).verdict.signature.status;
            assert_ne!(status, SignatureStatus::Valid, "{} bit {bit}", pack.provider.id);
        }
    }
}

#[test]
fn a_payload_as_of_a_date_has_no_newer_fields() {
    let body = |more: &str| {
        let run = leadhook!("send post_call_transcription --secret s3cret --dry-run --print json");
        let capture = run.args(more.split_whitespace()).run().exits(0, more).object();
        let body: Value = serde_json::from_str(capture["body"].as_str().unwrap()).unwrap();
        ["has_audio", "has_user_audio", "has_response_audio"]
            .map(|name| body["data"].get(name).is_some())
    };
    assert_eq!(body(""), [true; 3]);
    assert_eq!(body("--as-of 2025-08-15"), [true; 3]);
    assert_eq!(body("--as-of 2025-08-14"), [false; 3]);
    assert_eq!(body("--as-of 2025-08-14 --add-json data.has_audio=true"), [true, false, false]);
    let without = leadhook!("send created --secret s3cret --dry-run --as-of 2025-01-01").run();
    let note = without.exits(0, "a pack without dates").stderr;
    assert!(note.contains("`--as-of` changes nothing"), "{note}");
    leadhook!("send created --as-of 2025-02-30").run().exits(2, "no such day");
    leadhook!("send created --as-of 2025-01-01 --data x").run().exits(2, "a body is as it is");
}

/// Returns the built-in providers without a vendor's sample in `receivers`: a new pack needs one of
/// the two.
fn senders() -> Vec<String> {
    let packs = Packs::builtin().unwrap();
    let ids = packs.iter().map(|pack| pack.provider.id.clone());
    ids.filter(|id| !receivers::has_sample(id)).collect()
}

/// Returns how old a signature of a provider may be, if it has a time.
fn tolerance(provider: &str) -> Option<SignedDuration> {
    let packs = Packs::builtin().unwrap();
    let tolerance = packs.find(provider).unwrap().provider.signature.tolerance();
    (!tolerance.is_zero()).then(|| tolerance.try_into().unwrap())
}

/// Asserts that a signature that is a minute too old is refused, and one that is a minute younger than
/// the tolerance is accepted. Returns the number of those.
fn assert_limit_of_age(event: &str, url: &str, tolerance: SignedDuration) -> usize {
    let minute = SignedDuration::from_mins(1);
    #[expect(
        clippy::disallowed_methods,
        reason = "the receiver compares the timestamp with its own clock"
    )]
    let now = Timestamp::now();
    for (age, expected) in [(tolerance - minute, (0, 200)), (tolerance + minute, (1, 401))] {
        let at = (now - age).to_string();
        let (exit, delivery) = send(event, url, &["--secret", SECRET, "--now", &at]);
        let found = (exit, delivery["status"].as_i64().unwrap());
        assert_eq!(found, expected, "{event} {age:?}: {delivery}");
    }
    1
}

/// A file of receivers, one for each sender, and what it needs.
struct Receivers {
    interpreter: Interpreter,
    file: &'static str,
    needs: [&'static str; 2],
}

const NODE: Receivers =
    Receivers { interpreter: NODE_JS, file: "senders.js", needs: ["-e", "require('crypto')"] };

const PYTHON: Receivers =
    Receivers { interpreter: PYTHON3, file: "senders.py", needs: ["-c", "import hmac"] };

/// The tampers that the vendors' code accepts: it has no limit into the future.
const FUTURE: &[&str] = &["future", "milliseconds"];

impl Receivers {
    /// Asserts that the receiver called `name` accepts every event of a provider, and no forgery but
    /// these tampers.
    fn accept_only_genuine(&self, name: &str, provider: &str, known: &[&str]) {
        let test = format!("{} {name}", self.file);
        let args = [self.file, name];
        let started = ForeignReceiver::start(self.interpreter, self.needs, &args, SECRET);
        let receiver = match started {
            Ok(receiver) => receiver,
            Err(why) => return skipped(&test, &why),
        };
        let url = format!("http://{}/", receiver.address());
        let events = events(Some(provider));
        let mut accepted = events.len();
        for event in &events {
            let (exit, delivery) = send(event, &url, &["--secret", SECRET]);
            assert_eq!((exit, &delivery["status"]), (0, &200.into()), "{test} {event}: {delivery}");
        }
        for (tamper, _) in tampers::of(provider) {
            let is_accepted = known.contains(&tamper);
            let expected = if is_accepted { (0, 200) } else { (1, 401) };
            let (exit, delivery) =
                send(&events[0], &url, &["--secret", SECRET, "--tamper", tamper]);
            let found = (exit, delivery["status"].as_i64().unwrap());
            assert_eq!(found, expected, "{test} {tamper}: {delivery}");
            accepted += usize::from(is_accepted);
        }
        let (exit, delivery) = send(&events[0], &url, &["--secret", "another"]);
        assert_eq!((exit, &delivery["status"]), (1, &401.into()), "{test}: {delivery}");
        if let Some(tolerance) = tolerance(provider) {
            accepted += assert_limit_of_age(&events[0], &url, tolerance);
        }
        assert_eq!(receivers::count(&receiver), accepted, "{test}: no forgery was counted");
    }
}

#[test]
fn receivers_in_node_accept_what_is_sent_and_nothing_else() {
    for sender in senders() {
        NODE.accept_only_genuine(&sender, &sender, FUTURE);
    }
}

#[test]
fn receivers_in_python_accept_what_is_sent_and_nothing_else() {
    for sender in senders() {
        PYTHON.accept_only_genuine(&sender, &sender, FUTURE);
    }
}

#[test]
fn the_packages_of_elevenlabs_accept_what_is_sent_and_nothing_else() {
    let needs = ["-e", "require('@elevenlabs/elevenlabs-js')"];
    // Its package for Node compares a time that is not a number with the past, and finds it young.
    let known = [FUTURE, &["text-timestamp"]].concat();
    Receivers { needs, ..NODE }.accept_only_genuine("elevenlabs-sdk", "elevenlabs", &known);
    let needs = ["-c", "from elevenlabs import ElevenLabs"];
    Receivers { needs, ..PYTHON }.accept_only_genuine("elevenlabs-sdk", "elevenlabs", FUTURE);
}
