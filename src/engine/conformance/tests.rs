//! Tests that every case can be built for every pack, and that its requests match its description.

use super::*;
use crate::domain::conformance::CaseGroup;
use crate::domain::delivery::{AttemptResult, NextStep};
use crate::domain::message::Message;
use crate::domain::secret::{Keyring, Secret};
use crate::domain::verdict::SignatureStatus;
use crate::engine::conformance::captured::CapturedDeliveries;
use crate::engine::conformance::case::{Action, ConformanceCase, Trial};
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::conformance::payload_builder::CaseContext;
use crate::engine::generate::CapturedBody;
use crate::engine::judge::{Judge, Strictness};
use crate::providers::Packs;
use jiff::Timestamp;
use std::collections::BTreeSet;

fn secrets() -> Vec<Secret> {
    ["an-example-of-a-signing-secret-32", "another-secret-of-thirty-two-byte"]
        .map(|text| Secret::new(text).unwrap())
        .to_vec()
}

fn now() -> Timestamp {
    Timestamp::from_second(1_767_323_045).unwrap()
}

/// Returns a judge that recognises every pack, also those that a user has to name.
fn judge_of_all(packs: Packs) -> Judge {
    let named: Vec<_> = packs.iter().map(|pack| pack.provider.id.clone()).collect();
    Judge::new(packs, Keyring::for_any(secrets()), named, Strictness::default())
}

/// Calls `check` with every trial of every pack.
fn each_trial(check: impl FnMut(&Pack, &ConformanceCase, &Trial)) {
    each_trial_with(|_| None, check);
}

/// Calls `check` with every trial of every pack, built with the captured deliveries of the pack.
fn each_trial_with(
    captured: impl Fn(&Pack) -> Option<CapturedDeliveries>,
    mut check: impl FnMut(&Pack, &ConformanceCase, &Trial),
) {
    let (packs, secrets) = (Packs::builtin().unwrap(), secrets());
    for pack in packs.iter() {
        let captured = captured(pack);
        for (case, seed) in cases(pack).iter().zip(1..) {
            let Action::Trial(build) = &case.action else { continue };
            let context = CaseContext {
                pack,
                secrets: &secrets,
                path: "/hooks?a=b",
                now: now(),
                seed: seed * 100,
                captured: captured.as_ref(),
                handshake_token: secrets.first(),
            };
            let trial = build(&context)
                .unwrap_or_else(|error| panic!("{} {}: {error}", pack.provider.id, case.id));
            check(pack, case, &trial);
        }
    }
}

#[test]
fn every_provider_has_at_least_45_cases_with_unique_names() {
    for pack in Packs::builtin().unwrap().iter() {
        let all = cases(pack);
        let ids: BTreeSet<_> = all.iter().map(|case| case.id.as_str()).collect();
        assert!(all.len() >= 45, "{}: {}", pack.provider.id, all.len());
        assert_eq!(ids.len(), all.len(), "{}", pack.provider.id);
        for case in &all {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(case.id.chars().all(is_plain), "{}", case.id);
            let strings = [case.about.as_str(), case.advice, case.source];
            assert!(strings.iter().all(|text| !text.is_empty()), "{}", case.id);
        }
    }
}

#[test]
fn genuine_requests_are_signed_correctly_and_forged_ones_are_not() {
    let packs = Packs::builtin().unwrap();
    let judge = judge_of_all(packs);
    let mut forged = 0;
    each_trial(|pack, case, trial| {
        // A handshake is no delivery, and has no signature.
        let deliveries = trial.steps.iter().filter(|_| !case.id.starts_with("handshake"));
        for message in deliveries.flat_map(|step| &step.messages) {
            let judged = Judge::judge(&judge, message, now()).verdict;
            let status = judged.signature.status;
            let name = format!("{} {}", pack.provider.id, case.id);
            let is_forged = is_forged_before(case, trial, message)
                || trial.steps.iter().any(|step| step.expect == ExpectedResponse::RejectedAsForged);
            forged += usize::from(is_forged);
            if is_forged {
                assert_ne!(status, SignatureStatus::Valid, "{name}");
            } else if case.group != CaseGroup::Rejects {
                assert_eq!(status, SignatureStatus::Valid, "{name}");
                assert_eq!(judged.provider.as_deref(), Some(pack.provider.id.as_str()), "{name}");
            }
        }
    });
    assert!(forged > 30, "{forged}");
}

/// Returns `true` for the forgery that precedes the genuine message of its case.
fn is_forged_before(case: &ConformanceCase, trial: &Trial, message: &Message) -> bool {
    case.id == "forged-before" && trial.steps[0].messages.contains(message)
}

/// Returns a captured delivery of the event that creates a lead: its sample, with a field.
fn captured_creation(pack: &Pack) -> CapturedDeliveries {
    let event = payload_builder::creating_event(pack);
    let mut sample = pack.sample(event, None).unwrap().clone();
    sample["captured"] = "yes".into();
    let mut captured = CapturedDeliveries::default();
    let body = CapturedBody::read(&serde_json::to_vec_pretty(&sample).unwrap()).unwrap();
    assert!(captured.add(&event.name, body));
    captured
}

#[test]
fn every_genuine_request_of_a_captured_event_has_the_captured_body() {
    let packs = Packs::builtin().unwrap();
    let judge = judge_of_all(packs);
    let is_captured = |body: &[u8]| String::from_utf8_lossy(body).contains("\"captured\"");
    let mut used = 0;
    each_trial_with(
        |pack| Some(captured_creation(pack)),
        |pack, case, trial| {
            let name = format!("{} {}", pack.provider.id, case.id);
            let event = &payload_builder::creating_event(pack).name;
            let deliveries = trial.steps.iter().filter(|_| !case.id.starts_with("handshake"));
            for message in deliveries.flat_map(|step| &step.messages) {
                let judged = judge.judge(message, now()).verdict;
                let is_variant =
                    matches!(case.id.as_str(), "minimal" | "maximal" | "previous-version");
                if case.group != CaseGroup::Rejects && !is_forged_before(case, trial, message) {
                    assert_eq!(judged.signature.status, SignatureStatus::Valid, "{name}");
                    let is_event = judged.event.as_ref() == Some(event);
                    let is_renamed = case.id == "unknown-event";
                    let expected = !is_variant && (is_event || is_renamed);
                    assert_eq!(is_captured(&message.body), expected, "{name}");
                }
                used += usize::from(is_captured(&message.body));
            }
        },
    );
    assert!(used > 100, "{used}");
}

#[test]
fn repeated_messages_are_identical_and_different_ones_are_not() {
    each_trial(|pack, case, trial| {
        let all: Vec<_> = trial.steps.iter().flat_map(|step| &step.messages).collect();
        let name = format!("{} {}", pack.provider.id, case.id);
        match case.id.as_str() {
            "repeat" | "repeat-at-once" | "retry-after-late-answer" => {
                assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{name}");
            }
            "same-id-other-body" | "same-identity-other-body" => {
                assert_ne!(all[0].body, all[1].body, "{name}");
            }
            "other-id-same-body" => {
                assert_eq!(all[0].body, all[1].body, "{name}");
                assert_ne!(all[0].headers, all[1].headers, "{name}");
            }
            _ => {}
        }
    });
    // Each case has its own leads, so that cases do not interfere.
    let mut bodies = BTreeSet::new();
    each_trial(|pack, case, trial| {
        if matches!(case.id.as_str(), "repeat" | "repeat-at-once" | "retry-after-late-answer") {
            let body = trial.steps[0].messages[0].body.clone();
            assert!(bodies.insert(body), "{} {}", pack.provider.id, case.id);
        }
    });
}

#[test]
fn a_wrong_response_describes_the_reaction_of_the_provider() {
    let packs = Packs::builtin().unwrap();
    let consequence = |id: &str, expect: ExpectedResponse, status| {
        let provider = &packs.find(id).unwrap().provider;
        expect.consequence(provider, AttemptResult::Status(status))
    };
    for (id, expect, status, expected) in [
        (
            "realgeeks",
            ExpectedResponse::RejectedAsForged,
            404,
            Some("sends it 7 more times; 406 would stop it."),
        ),
        (
            "realgeeks",
            ExpectedResponse::Accepted,
            204,
            Some("7 more times, up to 8 h; then the lead is lost."),
        ),
        (
            "realgeeks",
            ExpectedResponse::Accepted,
            406,
            Some("never sends it again: the lead is lost."),
        ),
        ("realgeeks", ExpectedResponse::RejectedAsForged, 406, Some("never sends it again.")),
        ("realgeeks", ExpectedResponse::RejectedAsForged, 200, Some("can forge leads.")),
        ("realgeeks", ExpectedResponse::RejectedAsUnusable, 200, Some("it was not processed.")),
        ("realgeeks", ExpectedResponse::Accepted, 200, None),
        ("realtorbot", ExpectedResponse::RejectedAsForged, 401, Some("sends it 4 more times.")),
        // An undocumented event may be stopped.
        ("realgeeks", ExpectedResponse::AcceptedOrStopped, 200, None),
        ("realgeeks", ExpectedResponse::AcceptedOrStopped, 406, Some("never sends it again.")),
        (
            "realgeeks",
            ExpectedResponse::AcceptedOrStopped,
            422,
            Some("; 200 or 406 would stop it."),
        ),
        ("realtorbot", ExpectedResponse::AcceptedOrStopped, 422, Some("sends it 4 more times.")),
        // A stop code may do more than stop.
        (
            "calendly",
            ExpectedResponse::Accepted,
            410,
            Some("never sends it again: the lead is lost, and the subscription is deleted."),
        ),
        (
            "calendly",
            ExpectedResponse::AcceptedOrStopped,
            410,
            Some("never sends it again, and the subscription is deleted."),
        ),
        ("calendly", ExpectedResponse::AcceptedOrStopped, 422, Some("; 2xx would stop it.")),
        // A forgery is accepted with any 2xx, an unusable request is sent again.
        ("realgeeks", ExpectedResponse::RejectedAsForged, 201, Some("can forge leads.")),
        ("realgeeks", ExpectedResponse::RejectedAsUnusable, 201, Some("; 406 would stop it.")),
        // No provider sends a GET.
        ("realgeeks", ExpectedResponse::RejectedAsForeign, 200, None),
        ("realgeeks", ExpectedResponse::RejectedAsForeign, 500, None),
        ("leadpro", ExpectedResponse::Accepted, 500, Some("does not document what happens then.")),
    ] {
        let found = consequence(id, expect, status);
        match expected {
            Some(end) => assert!(found.as_deref().unwrap().ends_with(end), "{found:?}"),
            None => assert_eq!(found, None),
        }
    }
}

#[test]
fn an_undocumented_event_may_be_accepted_or_stopped() {
    let packs = Packs::builtin().unwrap();
    for (id, status, expected) in [
        ("realgeeks", 200, true),
        ("realgeeks", 406, true),
        ("realgeeks", 204, false),
        ("realgeeks", 404, false),
        ("realgeeks", 500, false),
        ("leadpro", 202, true),
        ("leadpro", 406, false),
        // The stop code deletes the subscription.
        ("calendly", 410, false),
    ] {
        let retry = &packs.find(id).unwrap().provider.retry;
        let result = AttemptResult::Status(status);
        let expect = ExpectedResponse::AcceptedOrStopped;
        assert_eq!(expect.matches(retry, result), expected, "{id} {status}");
    }
    let describe = |id| {
        let retry = &packs.find(id).unwrap().provider.retry;
        ExpectedResponse::AcceptedOrStopped.description(retry)
    };
    assert_eq!(describe("realgeeks"), "accepted with 200, or 406");
    assert_eq!(describe("realtorbot"), "accepted with 200");
    assert_eq!(describe("calendly"), "accepted with 2xx");
    let retry = &packs.find("calendly").unwrap().provider.retry;
    let expect = ExpectedResponse::RejectedAsUnusable;
    assert!(!expect.matches(retry, AttemptResult::Status(410)));
    assert!(expect.matches(retry, AttemptResult::Status(422)));
    assert_eq!(expect.description(retry), "rejected, below 500 and not with 410");
}

#[test]
fn a_request_that_no_provider_sends_has_no_next_step() {
    let packs = Packs::builtin().unwrap();
    let retry = &packs.find("realgeeks").unwrap().provider.retry;
    let result = AttemptResult::Status(500);
    assert_eq!(ExpectedResponse::RejectedAsForeign.next_step(retry, result), NextStep::None);
    let retried = ExpectedResponse::RejectedAsUnusable.next_step(retry, result);
    assert!(matches!(retried, NextStep::Retry { .. }), "{retried:?}");
    let mut seen = 0;
    each_trial(|pack, case, trial| {
        if matches!(case.id.as_str(), "get" | "head") {
            seen += 1;
            let name = &pack.provider.id;
            assert_eq!(trial.steps[0].expect, ExpectedResponse::RejectedAsForeign, "{name}");
        }
    });
    assert_eq!(seen, 2 * packs.iter().count());
}

/// Without an id, the ledger and the advice of the cases name the same identity.
#[test]
fn the_advice_against_repeats_names_what_identifies_a_message() {
    let packs = Packs::builtin().unwrap();
    let advice = |pack: &Pack| {
        cases(pack).into_iter().find(|case| case.id == "repeat").map(|case| case.advice).unwrap()
    };
    let leadpro = packs.find("leadpro").unwrap();
    assert!(advice(packs.find("realgeeks").unwrap()).starts_with("Store the id of every message"));
    assert!(advice(leadpro).starts_with("Store the event and a hash of the body"));
    let mut identified = Pack::clone(leadpro);
    identified.provider.message_identity = vec!["/data/id".to_owned()];
    assert!(advice(&identified).starts_with("Store the event and the fields that identify"));
    let has = |pack: &Pack, id: &str| cases(pack).iter().any(|case| case.id == id);
    assert!(
        has(&identified, "same-identity-other-body") && !has(leadpro, "same-identity-other-body")
    );
    // Another name would be another message.
    identified.provider.message_identity.push("/data/full_name".to_owned());
    assert!(!has(&identified, "same-identity-other-body"));
}
