//! Custom packs: one in GitHub's style, one for Standard Webhooks.

pub(crate) mod explained;
mod other_requests;
mod pack_keys;

use jiff::Timestamp;
use leadhook::domain::message::Message;
use leadhook::domain::secret::{Keyring, Secret};
use leadhook::domain::verdict::Verdict;
use leadhook::engine::compose::{RequestDraft, compose};
use leadhook::engine::explain::{Explainer, Failure};
use leadhook::engine::generate;
use leadhook::engine::generate::PayloadOptions;
use leadhook::engine::judge::{Judge, Judgement, Strictness};
use leadhook::engine::receiver::PracticeReceiver;
use leadhook::protocols::schemes::scheme::Tamper;
use leadhook::providers::Packs;
use leadhook::providers::pack::Pack;

/// A secret that every scheme accepts: the published example of Standard Webhooks.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const HUB: &str = include_str!("../../docs/book/src/packs/hub/provider.toml");

const STANDARD: &str = include_str!("../../docs/book/src/packs/standard/provider.toml");

/// A payload for both packs, used by the signature tests.
const SAMPLE: &str = r#"{"type":"lead.created","data":{"name":"Ada Hale","score":75}}"#;

fn read(id: &str, toml: &str) -> Pack {
    let files = [
        ("provider.toml", toml),
        ("lead.created.json", SAMPLE),
        ("lead.created.schema.json", r#"{"type":"object"}"#),
        ("ping.json", "{}"),
        ("ping.schema.json", "{}"),
    ];
    Pack::read(id, &files).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns the two packs.
pub(crate) fn packs() -> Packs {
    [read("hub", HUB), read("standard", STANDARD)].into_iter().collect()
}

/// Returns the message that a pack sends at the time `at`, with this defect.
pub(crate) fn message(pack: &Pack, at: Timestamp, tamper: Option<&Tamper>) -> Message {
    let draft = RequestDraft {
        event: Some("lead.created"),
        message_id: Some("msg_p5jXN8AQM9LWM0D4loKWxJek"),
        now: at,
        path: "/",
        body: SAMPLE.into(),
        as_of: None,
        extra_headers: &[],
    };
    compose(&pack.provider, draft, Some(&secret()), tamper).unwrap().message
}

pub(crate) fn secret() -> Secret {
    Secret::new(SECRET).unwrap()
}

/// Returns a judge with both packs and their secret.
pub(crate) fn judge() -> Judge {
    judge_with(SECRET, None)
}

/// Returns a judge with another secret, for one pack only if it is named.
fn judge_with(secret: &str, assumed: Option<&str>) -> Judge {
    let ring = Keyring::for_any(vec![Secret::new(secret).unwrap()]);
    Judge::new(packs(), ring, assumed.map(str::to_owned), Strictness::default())
}

/// Returns the verdict of `verify` on the message, with its explanation.
pub(crate) fn verdict(judge: &Judge, message: &Message, at: Timestamp) -> Verdict {
    let Judgement { mut verdict, pack, .. } = judge.judge(message, at);
    let failure = Failure { message, at, pack: pack.as_deref(), event: verdict.event.as_deref() };
    Explainer::default().explain(judge, &failure, &Vec::new, &mut verdict.signature);
    verdict
}

/// Returns the codes of the explanations, and their concatenated text.
fn reasons(verdict: &Verdict) -> (Vec<&'static str>, String) {
    let explanations = &verdict.signature.explanations;
    let texts = explanations.iter().flat_map(|it| [Some(&it.message), it.fix.as_ref()]).flatten();
    let text = texts.fold(String::new(), |text, next| text + next + "\n");
    (explanations.iter().map(|it| it.code).collect(), text)
}

fn at() -> Timestamp {
    Timestamp::from_second(1_614_265_330).unwrap()
}

fn pack(id: &str) -> Pack {
    Pack::clone(packs().find(id).unwrap())
}

#[test]
fn the_headers_follow_both_conventions() {
    let of = |id: &str| {
        let message = message(&pack(id), at(), None);
        let headers: Vec<_> = message
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
            .collect();
        headers.join("\n")
    };
    let hub = of("hub");
    assert!(hub.contains("\nX-Hub-Signature-256: sha256="), "{hub}");
    assert_eq!(
        of("standard"),
        "Content-Type: application/json\nwebhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\n\
         webhook-timestamp: 1614265330\n\
         webhook-signature: v1,//KK8/Q2bzHPx9sCSfU7J6fhqjq5yxza7EltIvGIFuQ="
    );
}

#[test]
fn sent_messages_are_recognised_and_valid_and_name_their_coverage() {
    let judge = judge();
    for (id, covers) in [("hub", &["body"][..]), ("standard", &["message-id", "timestamp", "body"])]
    {
        let verdict = verdict(&judge, &message(&pack(id), at(), None), at());
        assert!(verdict.valid, "{id}: {verdict:?}");
        assert_eq!(verdict.provider.as_deref(), Some(id));
        assert_eq!(verdict.event.as_deref(), Some("lead.created"), "{id}");
        assert_eq!(verdict.message_id.as_deref(), Some("msg_p5jXN8AQM9LWM0D4loKWxJek"), "{id}");
        assert_eq!(verdict.signature.covers, covers, "{id}");
    }
}

#[test]
fn a_unix_time_stays_a_number_if_the_sample_has_a_number() {
    let sent = |sample: &str| {
        let toml = format!(
            "timestamp = {{ at = {{ pointer = \"/sent\" }}, precision = \"unix-seconds\" }}\n{HUB}"
        );
        let files = [
            ("provider.toml", toml.as_str()),
            ("ping.json", sample),
            ("ping.schema.json", "{}"),
            ("lead.created.json", sample),
            ("lead.created.schema.json", "{}"),
        ];
        let pack = Pack::read("hub", &files).unwrap();
        let recipe =
            PayloadOptions { variant: None, seed: None, message_id: None, now: at(), edits: &[] };
        String::from_utf8(generate::payload(&pack, &pack.provider.events[0], &recipe).unwrap())
    };
    assert_eq!(sent(r#"{"sent":1}"#).unwrap(), r#"{"sent":1614265330}"#);
    assert_eq!(sent(r#"{"sent":"1"}"#).unwrap(), r#"{"sent":"1614265330"}"#);
}

#[test]
fn the_practice_receiver_accepts_both_once_and_no_stale_one() {
    for id in ["hub", "standard"] {
        let mut receiver = PracticeReceiver::new(judge(), None);
        let sent = message(&pack(id), at(), None);
        let later = at() + jiff::SignedDuration::from_mins(6);
        let mut status = |at| receiver.handle(&sent, at).response.status;
        let rejection = if id == "hub" { 200 } else { 400 };
        assert_eq!([status(at()), status(at()), status(later)], [200, 200, rejection], "{id}");
        assert_eq!(receiver.count(), 1, "{id}");
    }
}

#[test]
fn the_sender_is_recognised_by_headers_that_a_proxy_renamed() {
    let judge = judge();
    let sent = message(&pack("standard"), at(), None);
    let renamed = sent.headers.iter().map(|(name, value)| {
        (format!("HTTP_{}", name.to_ascii_uppercase().replace('-', "_")), value)
    });
    let renamed = Message { headers: renamed.collect(), ..sent.clone() };
    let verdict = verdict(&judge, &renamed, at());
    assert_eq!(verdict.provider.as_deref(), Some("standard"));
    assert_eq!(verdict.message_id.as_deref(), Some("msg_p5jXN8AQM9LWM0D4loKWxJek"));
}

#[test]
fn fields_that_contradict_the_signature_are_rejected_with_their_key() {
    let check = |from: &str, to: &str| {
        assert!(STANDARD.contains(from), "{from}");
        let facts = STANDARD.replacen(from, to, 1);
        let checked = read("standard", &facts).provider.check();
        checked.err().map(|contradiction| contradiction.to_string())
    };
    let error = |from: &str, to: &str| check(from, to).unwrap_or_else(|| panic!("{from} {to}"));
    assert_eq!(check("\"5m\"", "\"10m\""), None);
    assert_eq!(check("\"webhook-id\" }", "\"Webhook-Id\" }"), None);
    assert_eq!(
        error("at = { header = \"webhook-id\" }", "at = { header = \"x-id\" }"),
        "`message-id.at.header` is `x-id`, expected `webhook-id`: `signature.id-header` is signed, \
         and the id is sent in this header"
    );
    assert!(
        error("at = { header = \"webhook-id\" }", "at = { pointer = \"/id\" }")
            .starts_with("`message-id.at.header` is missing, expected `webhook-id`")
    );
    for (from, to, key) in [
        (
            "[message-id]\nat = { header = \"webhook-id\" }\nform = \"hex\"\nprefix = \"msg_\"",
            "",
            "`message-id.at.header`",
        ),
        (
            "[timestamp]\nat = { header = \"webhook-timestamp\" }\nprecision = \"unix-seconds\"",
            "",
            "`timestamp.at.header`",
        ),
        (
            "at = { header = \"webhook-timestamp\" }",
            "at = { header = \"x-time\" }",
            "`timestamp.at.header`",
        ),
        ("\"unix-seconds\"", "\"seconds\"", "`timestamp.precision`"),
        ("\"5m\"", "\"0s\"", "`signature.tolerance`"),
        ("header = \"webhook-signature\"", "header = \"webhook-id\"", "`signature.id-header`"),
        (
            "header = \"webhook-signature\"",
            "header = \"webhook-timestamp\"",
            "`signature.timestamp-header`",
        ),
    ] {
        let message = error(from, to);
        assert!(message.starts_with(key), "{from}: {message}");
    }
    for (prefix, is_fine) in [
        ("sha256=", true),
        ("", true),
        ("v1:", true),
        ("sha256", false),
        ("sha256 ", false),
        ("é=", false),
    ] {
        let facts = HUB.replace("prefix = \"sha256=\"", &format!("prefix = \"{prefix}\""));
        assert_eq!(read("hub", &facts).provider.check().is_ok(), is_fine, "{prefix:?}");
    }
    for pack in Packs::builtin().unwrap().iter() {
        assert_eq!(pack.provider.check(), Ok(()), "{}", pack.provider.id);
    }
}

#[test]
fn an_event_with_the_longest_name_is_listed() {
    // 95 of the 100 characters allowed in a name: wider than a line.
    let name = format!("lead.{}", "x".repeat(90));
    let dir = tempfile::tempdir().unwrap();
    let toml = HUB.replace("\"ping\"", &format!("\"{name}\""));
    for (file, content) in [
        ("provider.toml".to_owned(), toml.as_str()),
        ("lead.created.json".to_owned(), SAMPLE),
        ("lead.created.schema.json".to_owned(), "{}"),
        (format!("{name}.json"), "{}"),
        (format!("{name}.schema.json"), "{}"),
    ] {
        std::fs::write(dir.path().join(file), content).unwrap();
    }
    let pack = dir.path().display();
    for line in ["events -v", "check --list -p hub"] {
        let outcome = leadhook!("--pack {}", pack).args(line.split(' ')).in_process();
        assert!(outcome.exits(0, line).stdout.contains(&"x".repeat(90)), "{line}");
    }
}
