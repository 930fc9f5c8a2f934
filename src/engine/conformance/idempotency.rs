//! Idempotency cases: a message has one side effect, even if it is repeated, reordered or retried.

use crate::domain::conformance::{CaseGroup, RequirementLevel};
use crate::domain::message::Message;
use crate::engine::conformance::case::{
    Action, ConformanceCase, Effect, Transport, Trial, TrialStep, step,
};
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::conformance::payload_builder::{
    CaseContext, CaseError, creating_event, later_events,
};
use crate::engine::tamper;
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;

/// A case of several deliveries and their combined side effects.
struct IdempotencyRow {
    id: &'static str,
    level: RequirementLevel,
    about: &'static str,
    advice: fn(&Pack) -> &'static str,
    source: &'static str,
    applies: fn(&Pack) -> bool,
    trial: fn(&CaseContext<'_>) -> Result<Trial, CaseError>,
}

const ALWAYS: fn(&Pack) -> bool = |_| true;

/// Returns the advice to recognise repeats, by what identifies a message of the provider. The
/// ledger applies the same rule.
const DEDUPE: fn(&Pack) -> &'static str = |pack| match &pack.provider {
    provider if provider.message_id.is_some() => {
        "Store the id of every message under a unique key, and skip a message whose id is already \
         there."
    }
    provider if !provider.message_identity.is_empty() => {
        "Store the event and the fields that identify a message under a unique key, and skip a \
         message whose key is already there."
    }
    _ => {
        "Store the event and a hash of the body of every message under a unique key, and skip a \
         message whose key is already there."
    }
};
const OUT_OF_ORDER: fn(&Pack) -> &'static str = |_| {
    "Create the lead from whichever event comes first and complete it later, or reject with a \
     status that is retried; never with the one that stops retries."
};
const DOCUMENTATION: &str = "the provider's documentation";

const ROWS: &[IdempotencyRow] = &[
    IdempotencyRow {
        id: "repeat",
        level: RequirementLevel::Must,
        about: "the same message twice, one after the other",
        advice: DEDUPE,
        source: DOCUMENTATION,
        applies: ALWAYS,
        trial: |context| {
            let message = context.minimal_builder().build()?;
            let delivery = || step(vec![message.clone()], ExpectedResponse::Accepted);
            Ok(Trial { steps: vec![delivery(), delivery()], effect: Some(Effect::ONCE) })
        },
    },
    IdempotencyRow {
        id: "repeat-at-once",
        level: RequirementLevel::Must,
        about: "the same message eight times, concurrently",
        advice: |_| {
            "Let the database decide: insert under the unique key first, and process the message \
             only if that succeeds."
        },
        source: DOCUMENTATION,
        applies: ALWAYS,
        trial: |context| {
            let message = context.minimal_builder().build()?;
            let burst = step(vec![message.clone(); 8], ExpectedResponse::NoServerError);
            let repeat = step(vec![message], ExpectedResponse::Accepted);
            Ok(Trial { steps: vec![burst, repeat], effect: Some(Effect::ONCE) })
        },
    },
    IdempotencyRow {
        id: "forged-before",
        level: RequirementLevel::Must,
        about: "a forged message, then the genuine one with the same id",
        advice: |_| {
            "Verify the signature before you store the id of a message: else a forgery, or a \
             delivery with another secret, makes the genuine one look like a repeat."
        },
        source: DOCUMENTATION,
        applies: ALWAYS,
        trial: |context| {
            let mut builder = context.minimal_builder();
            let genuine = builder.build()?;
            builder.tamper = tamper::find(&context.pack.provider.signature, "wrong-secret");
            let steps = vec![
                // What a forgery is answered with is judged by other cases.
                step(vec![builder.build()?], ExpectedResponse::Anything),
                step(vec![genuine], ExpectedResponse::Accepted),
            ];
            Ok(Trial { steps, effect: Some(Effect::ONCE) })
        },
    },
    IdempotencyRow {
        id: "same-id-other-body",
        level: RequirementLevel::Should,
        about: "a message id again, with another body",
        advice: |_| {
            "Identify a message by its id alone: report another body under a known id, and do not \
             process it."
        },
        source: DOCUMENTATION,
        applies: |pack| pack.provider.message_id.is_some(),
        trial: changed_body_trial,
    },
    IdempotencyRow {
        id: "same-identity-other-body",
        level: RequirementLevel::Should,
        about: "the fields that identify a message again, with another body",
        advice: |_| {
            "Identify a message by its event and these fields alone: report another body under \
             known values, and do not process it."
        },
        source: DOCUMENTATION,
        applies: is_identified_by_fields,
        trial: changed_body_trial,
    },
    IdempotencyRow {
        id: "other-id-same-body",
        level: RequirementLevel::Should,
        about: "two messages with the same body",
        advice: |_| "Identify messages by their id, not by their bytes: the same thing can happen twice.",
        source: DOCUMENTATION,
        applies: |pack| has_id_in_header(&pack.provider),
        trial: |context| {
            let first = context.minimal_builder();
            let mut second = first.clone();
            second.message_number = 1;
            let steps = vec![
                step(vec![first.build()?], ExpectedResponse::Accepted),
                step(vec![second.build()?], ExpectedResponse::Accepted),
            ];
            let effect = Effect { min: 2, max: 2, needs_probe: true, counts_messages: true };
            Ok(Trial { steps, effect: Some(effect) })
        },
    },
    IdempotencyRow {
        id: "update-before-create",
        level: RequirementLevel::Should,
        about: "a later event of a lead, then the event that creates it",
        advice: OUT_OF_ORDER,
        source: DOCUMENTATION,
        applies: |pack| !later_events(pack).is_empty(),
        trial: |context| out_of_order_trial(context, 0),
    },
    IdempotencyRow {
        id: "activity-before-create",
        level: RequirementLevel::Should,
        about: "another later event of a lead, then the event that creates it",
        advice: OUT_OF_ORDER,
        source: DOCUMENTATION,
        applies: |pack| later_events(pack).len() > 1,
        trial: |context| out_of_order_trial(context, 1),
    },
    IdempotencyRow {
        id: "reversed-burst",
        level: RequirementLevel::Should,
        about: "all events of a lead, in reverse order and concurrently",
        advice: OUT_OF_ORDER,
        source: DOCUMENTATION,
        applies: ALWAYS,
        trial: |context| {
            let created = context.minimal_builder().build()?;
            let mut messages = later_messages(context)?;
            messages.reverse();
            messages.push(created.clone());
            let burst = step(messages, ExpectedResponse::NoServerError);
            let repeat = step(vec![created], ExpectedResponse::Accepted);
            let effect = Effect { max: u64::MAX, ..Effect::ONCE };
            Ok(Trial { steps: vec![burst, repeat], effect: Some(effect) })
        },
    },
    IdempotencyRow {
        id: "rotation",
        level: RequirementLevel::Should,
        about: "a message signed with the old secret, and one with the new secret",
        advice: |_| "Accept both secrets during a rotation.",
        source: "RFC 4107, section 2.1",
        applies: ALWAYS,
        trial: |context| {
            if context.secrets.len() < 2 {
                return Err(CaseError::MissingInput("it needs both secrets: `--secret` twice"));
            }
            let mut builder = context.minimal_builder();
            let first = builder.build()?;
            (builder.secret_index, builder.lead_number, builder.message_number) = (1, 1, 1);
            let steps = vec![
                step(vec![first], ExpectedResponse::Accepted),
                step(vec![builder.build()?], ExpectedResponse::Accepted),
            ];
            Ok(Trial { steps, effect: None })
        },
    },
    IdempotencyRow {
        id: "retry-after-late-answer",
        level: RequirementLevel::Must,
        about: "a message whose sender hangs up before the response, and sends it again",
        advice: DEDUPE,
        source: DOCUMENTATION,
        applies: ALWAYS,
        trial: |context| {
            let message = context.minimal_builder().build()?;
            let interrupted = TrialStep {
                transport: Transport::HangUp,
                ..step(vec![message.clone()], ExpectedResponse::Anything)
            };
            let retry = step(vec![message], ExpectedResponse::Accepted);
            Ok(Trial { steps: vec![interrupted, retry], effect: Some(Effect::ONCE) })
        },
    },
];

/// Returns the cases that apply to the provider.
pub(super) fn cases(pack: &Pack) -> Vec<ConformanceCase> {
    let case = |row: &'static IdempotencyRow| ConformanceCase {
        id: row.id.to_owned(),
        group: CaseGroup::Idempotency,
        level: row.level,
        about: row.about.to_owned(),
        advice: (row.advice)(pack),
        source: row.source,
        action: Action::Trial(Box::new(row.trial)),
    };
    ROWS.iter().filter(|row| (row.applies)(pack)).map(case).collect()
}

/// Builds a trial of two messages with the same identity, of which the second has another name.
fn changed_body_trial(context: &CaseContext<'_>) -> Result<Trial, CaseError> {
    let first = context.minimal_builder();
    let mut second = first.clone();
    second.name = Some("Another Name");
    let steps = vec![
        step(vec![first.build()?], ExpectedResponse::Accepted),
        step(vec![second.build()?], ExpectedResponse::NoServerError),
    ];
    Ok(Trial { steps, effect: Some(Effect::ONCE) })
}

/// Builds a trial of the later event at `index`, then the event that creates the lead.
fn out_of_order_trial(context: &CaseContext<'_>, index: usize) -> Result<Trial, CaseError> {
    let early = later_messages(context)?.swap_remove(index);
    let steps = vec![
        step(vec![early], ExpectedResponse::AcceptedOrRetried),
        step(vec![context.minimal_builder().build()?], ExpectedResponse::Accepted),
    ];
    Ok(Trial { steps, effect: Some(Effect { max: u64::MAX, ..Effect::ONCE }) })
}

/// Builds one message for each later event, about the first lead of the case.
fn later_messages(context: &CaseContext<'_>) -> Result<Vec<Message>, CaseError> {
    let events = later_events(context.pack).into_iter().zip(1..);
    events
        .map(|(event, message)| {
            let mut builder = context.builder(event);
            builder.message_number = message;
            builder.build()
        })
        .collect()
}

/// Returns `true` if fields of the body identify a message for lack of an id, and the event that
/// creates a lead has them all. A name among them would make another name another message.
fn is_identified_by_fields(pack: &Pack) -> bool {
    let Provider { message_id, message_identity, person, .. } = &pack.provider;
    let event = creating_event(pack);
    let variant = event.variant("minimal").map(|_| "minimal");
    let Ok(sample) = pack.sample(event, variant) else { return false };
    message_id.is_none()
        && !message_identity.is_empty()
        && message_identity
            .iter()
            .all(|pointer| !person.name.contains(pointer) && sample.pointer(pointer).is_some())
}

/// Returns `true` if the message id is only in a header, so that two messages can have the same
/// body.
fn has_id_in_header(provider: &Provider) -> bool {
    provider.message_id.as_ref().is_some_and(|facts| facts.location.pointer.is_none())
}
