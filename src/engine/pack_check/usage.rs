//! Rules that use a pack: generated payloads, signatures, and the detection of requests.

use crate::domain::message::Message;
use crate::domain::secret::{Keyring, Secret};
use crate::domain::verdict::SignatureStatus;
use crate::engine::compose::{RequestDraft, compose};
use crate::engine::generate::PayloadOptions;
use crate::engine::judge::{Judge, Strictness};
use crate::engine::pack_check::schemas::{payloads, sample_file};
use crate::engine::seeded_rng::SeededRng;
use crate::engine::{generate, recognise, tamper};
use crate::protocols::json;
use crate::protocols::schemes::scheme::Tamper;
use crate::providers::Packs;
use crate::providers::flaw::Flaw;
use crate::providers::pack::{FACTS_FILE, Pack};
use crate::providers::provider::EventFacts;
use jiff::Timestamp;

/// The number of payloads that are generated for each event and each variant.
const SEEDS: u64 = 100;

/// A secret that every scheme accepts: it is base64, because some schemes decode it.
const SECRET: &str = "bGVhZGhvb2stY2hlY2stcGFjay1zZWNyZXQ=";

/// An arbitrary time of sending.
const NOW: i64 = 1_767_323_045;

/// Reports the events whose generated payloads are invalid, or whose signature does not verify.
pub(super) fn failing_seeds(pack: &Pack) -> Vec<Flaw> {
    let judge = judge(pack);
    let first_problem = |event: &EventFacts, variant: Option<&str>| {
        (0..SEEDS).find_map(|seed| {
            let message = match delivery(pack, event, variant, Some(seed), None) {
                Ok(message) => message,
                Err(problem) => return Some(problem),
            };
            let verdict = judge.judge(&message, now()).verdict;
            let finding = verdict.payload.findings.first();
            match (verdict.signature.status, finding) {
                (SignatureStatus::Valid | SignatureStatus::Unsigned, None) => None,
                (SignatureStatus::Valid | SignatureStatus::Unsigned, Some(finding)) => {
                    Some(format!("with seed {seed} `{}` {}", finding.pointer, finding.message))
                }
                (status, _) => Some(format!("with seed {seed} its own signature is {status}")),
            }
        })
    };
    let flaw = |(event, variant)| {
        let message = first_problem(event, variant)?;
        Some(Flaw::error("failing-seed", sample_file(event, variant), "", message))
    };
    payloads(pack).filter_map(flaw).collect()
}

/// Reports the defects of a delivery that verification does not detect.
pub(super) fn undetected_tampers(pack: &Pack) -> Vec<Flaw> {
    let judge = judge(pack);
    let Some(event) = pack.provider.events.first() else { return Vec::new() };
    let is_accepted = |tamper: &&'static Tamper| {
        let message = delivery(pack, event, None, None, Some(tamper));
        message.is_ok_and(|message| {
            let signature = judge.judge(&message, now()).verdict.signature;
            signature.status == SignatureStatus::Valid && signature.findings.is_empty()
        })
    };
    tamper::for_scheme(&pack.provider.signature)
        .filter(is_accepted)
        .map(|tamper| {
            let message = format!("a delivery with the defect `{}` is accepted", tamper.name);
            Flaw::error("tamper-passes", FACTS_FILE, "/signature", message)
        })
        .collect()
}

/// Reports requests of the pack that are not detected as its own, and requests of other packs that
/// are detected as requests of this pack.
pub(super) fn misdetected_requests(pack: &Pack, others: &Packs) -> Vec<Flaw> {
    let id = &pack.provider.id;
    let all = match others.find(id) {
        Ok(known) if known.provider == pack.provider => others.clone(),
        Ok(_) => {
            let message = format!("there is already a pack called `{id}`");
            return vec![Flaw::error("bad-id", FACTS_FILE, "/id", message)];
        }
        Err(_) => others.with(vec![pack.clone()], Vec::new()),
    };
    all.iter().flat_map(|sender| misdetected_events(sender, pack, &all)).collect()
}

/// Reports the events of `sender` whose requests are not detected as its own. If `sender` is not
/// `pack`, only confusions with `pack` count.
fn misdetected_events(sender: &Pack, pack: &Pack, all: &Packs) -> Vec<Flaw> {
    let (own, id) = (&pack.provider.id, &sender.provider.id);
    let mut flaws = Vec::new();
    // A sender that must be named is compared with all others that are named as well.
    let named: Vec<_> = if sender.provider.is_recognised_only_if_named() {
        all.iter().map(|pack| pack.provider.id.clone()).collect()
    } else {
        Vec::new()
    };
    for event in &sender.provider.events {
        let Ok(message) = delivery(sender, event, None, None, None) else { continue };
        let body = json::read(&message.body).ok();
        let found = recognise::recognise(all, &named, &message, body.as_ref());
        let found = found.map(|found| &found.provider.id);
        // A request of another provider that is no longer detected at all counts as well: `pack`
        // matches it equally well.
        if found == Some(id) || (id != own && found.is_some_and(|found| found != own)) {
            continue;
        }
        let detected_as = found.map_or("no provider".to_owned(), |found| format!("`{found}`"));
        let message =
            format!("a request of `{id}:{}` is detected as one of {detected_as}", event.name);
        flaws.push(Flaw::error("mistaken", FACTS_FILE, "/recognise", message));
    }
    flaws
}

fn judge(pack: &Pack) -> Judge {
    let packs = Packs::from_iter([pack.clone()]);
    let keyring = Keyring::for_any(Secret::new(SECRET).into_iter().collect());
    let assumed = Some(pack.provider.id.clone());
    Judge::new(packs, keyring, assumed, Strictness::default())
}

/// Creates a signed request of an event.
fn delivery(
    pack: &Pack,
    event: &EventFacts,
    variant: Option<&str>,
    seed: Option<u64>,
    tamper: Option<&Tamper>,
) -> Result<Message, String> {
    let message_id = generate::message_id(&pack.provider, &mut SeededRng::new(0, "message-id"));
    let message_id = message_id.as_deref();
    let recipe = PayloadOptions { variant, seed, message_id, now: now(), edits: &[] };
    let body = generate::payload(pack, event, &recipe).map_err(|error| error.to_string())?;
    let secret = Secret::new(SECRET).map_err(|error| error.to_string())?;
    let draft = RequestDraft {
        event: Some(&event.name),
        message_id,
        now: now(),
        path: "/",
        body: body.into(),
        as_of: None,
        extra_headers: &[],
    };
    let composed = compose(&pack.provider, draft, Some(&secret), tamper);
    composed.map(|composed| composed.message).map_err(|error| error.to_string())
}

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap_or(Timestamp::UNIX_EPOCH)
}
