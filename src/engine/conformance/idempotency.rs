//! Idempotency cases: a message has one side effect, even if it is repeated, reordered or retried.

use crate::domain::conformance::{Group, Level};
use crate::domain::message::Message;
use crate::engine::conformance::case::{
    Action, ConformanceCase, Effect, Transport, Trial, TrialStep, step,
};
use crate::engine::conformance::expect::Expect;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError, later};
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;

/// A case of several deliveries and their combined side effects.
struct Row {
    id: &'static str,
    level: Level,
    about: &'static str,
    advice: &'static str,
    source: &'static str,
    applies: fn(&Pack) -> bool,
    trial: fn(&CaseContext<'_>) -> Result<Trial, CaseError>,
}

const ALWAYS: fn(&Pack) -> bool = |_| true;

const DEDUPE: &str = "Store the id of every message under a unique key, and skip a message whose \
                      id is already there.";
const OUT_OF_ORDER: &str = "Create the lead from whichever event comes first and complete it \
                            later, or reject with a status that is retried; never with the one \
                            that stops retries.";
const DOCUMENTATION: &str = "the provider's documentation";

const ROWS: &[Row] = &[
    Row {
        id: "repeat",
        level: Level::Must,
        about: "the same message twice, one after the other",
        advice: DEDUPE,
        source: DOCUMENTATION,
        applies: ALWAYS,
        trial: |context| {
            let message = context.short().message()?;
            let delivery = || step(vec![message.clone()], Expect::Accepted);
            Ok(Trial { steps: vec![delivery(), delivery()], effect: Some(Effect::ONCE) })
        },
    },
    Row {
        id: "repeat-at-once",
        level: Level::Must,
        about: "the same message eight times, concurrently",
        advice: "Let the database decide: insert under the unique key first, and process the \
                 message only if that succeeds.",
        source: DOCUMENTATION,
        applies: ALWAYS,
        trial: |context| {
            let message = context.short().message()?;
            let burst = step(vec![message.clone(); 8], Expect::Unharmed);
            let repeat = step(vec![message], Expect::Accepted);
            Ok(Trial { steps: vec![burst, repeat], effect: Some(Effect::ONCE) })
        },
    },
    Row {
        id: "same-id-other-body",
        level: Level::Should,
        about: "a message id again, with another body",
        advice: DEDUPE,
        source: DOCUMENTATION,
        applies: |pack| pack.provider.message_id.is_some(),
        trial: |context| {
            let first = context.short();
            let mut second = first.clone();
            second.name = Some("Another Name");
            let steps = vec![
                step(vec![first.message()?], Expect::Accepted),
                step(vec![second.message()?], Expect::Unharmed),
            ];
            Ok(Trial { steps, effect: Some(Effect::ONCE) })
        },
    },
    Row {
        id: "other-id-same-body",
        level: Level::Should,
        about: "two messages with the same body",
        advice: "Identify messages by their id, not by their bytes: the same thing can happen \
                 twice.",
        source: DOCUMENTATION,
        applies: |pack| has_id_in_header(&pack.provider),
        trial: |context| {
            let first = context.short();
            let mut second = first.clone();
            second.message = 1;
            let steps = vec![
                step(vec![first.message()?], Expect::Accepted),
                step(vec![second.message()?], Expect::Accepted),
            ];
            let effect = Effect { least: 2, most: 2, is_needed: true, is_of_messages: true };
            Ok(Trial { steps, effect: Some(effect) })
        },
    },
    Row {
        id: "update-before-create",
        level: Level::Should,
        about: "a later event of a lead, then the event that creates it",
        advice: OUT_OF_ORDER,
        source: DOCUMENTATION,
        applies: |pack| !later(pack).is_empty(),
        trial: |context| out_of_order(context, 0),
    },
    Row {
        id: "activity-before-create",
        level: Level::Should,
        about: "another later event of a lead, then the event that creates it",
        advice: OUT_OF_ORDER,
        source: DOCUMENTATION,
        applies: |pack| later(pack).len() > 1,
        trial: |context| out_of_order(context, 1),
    },
    Row {
        id: "reversed-burst",
        level: Level::Should,
        about: "all events of a lead, in reverse order and concurrently",
        advice: OUT_OF_ORDER,
        source: DOCUMENTATION,
        applies: ALWAYS,
        trial: |context| {
            let created = context.short().message()?;
            let mut messages = follow_ups(context)?;
            messages.reverse();
            messages.push(created.clone());
            let burst = step(messages, Expect::Unharmed);
            let repeat = step(vec![created], Expect::Accepted);
            let effect = Effect { most: u64::MAX, ..Effect::ONCE };
            Ok(Trial { steps: vec![burst, repeat], effect: Some(effect) })
        },
    },
    Row {
        id: "rotation",
        level: Level::Should,
        about: "a message signed with the old secret, and one with the new secret",
        advice: "Accept both secrets during a rotation.",
        source: "RFC 4107, section 2.1",
        applies: ALWAYS,
        trial: |context| {
            if context.secrets.len() < 2 {
                return Err(CaseError::Needs("it needs both secrets: `--secret` twice"));
            }
            let mut builder = context.short();
            let first = builder.message()?;
            (builder.secret, builder.lead, builder.message) = (1, 1, 1);
            let steps = vec![
                step(vec![first], Expect::Accepted),
                step(vec![builder.message()?], Expect::Accepted),
            ];
            Ok(Trial { steps, effect: None })
        },
    },
    Row {
        id: "retry-after-late-answer",
        level: Level::Must,
        about: "a message whose sender hangs up before the response, and sends it again",
        advice: DEDUPE,
        source: DOCUMENTATION,
        applies: ALWAYS,
        trial: |context| {
            let message = context.short().message()?;
            let interrupted = TrialStep {
                transport: Transport::HungUp,
                ..step(vec![message.clone()], Expect::Anything)
            };
            let retry = step(vec![message], Expect::Accepted);
            Ok(Trial { steps: vec![interrupted, retry], effect: Some(Effect::ONCE) })
        },
    },
];

/// Returns the cases that apply to the provider.
pub(super) fn cases(pack: &Pack) -> Vec<ConformanceCase> {
    let case = |row: &'static Row| ConformanceCase {
        id: row.id.to_owned(),
        group: Group::Idempotency,
        level: row.level,
        about: row.about.to_owned(),
        advice: row.advice,
        source: row.source,
        action: Action::Trial(Box::new(row.trial)),
    };
    ROWS.iter().filter(|row| (row.applies)(pack)).map(case).collect()
}

/// Builds a trial of the later event at `index`, then the event that creates the lead.
fn out_of_order(context: &CaseContext<'_>, index: usize) -> Result<Trial, CaseError> {
    let early = follow_ups(context)?.swap_remove(index);
    let steps = vec![
        step(vec![early], Expect::NotLost),
        step(vec![context.short().message()?], Expect::Accepted),
    ];
    Ok(Trial { steps, effect: Some(Effect { most: u64::MAX, ..Effect::ONCE }) })
}

/// Builds one message for each later event, about the first lead of the case.
fn follow_ups(context: &CaseContext<'_>) -> Result<Vec<Message>, CaseError> {
    let events = later(context.pack).into_iter().zip(1..);
    events
        .map(|(event, message)| {
            let mut builder = context.draft(event);
            builder.message = message;
            builder.message()
        })
        .collect()
}

/// Returns `true` if the message id is only in a header, so that two messages can have the same
/// body.
fn has_id_in_header(provider: &Provider) -> bool {
    provider.message_id.as_ref().is_some_and(|facts| facts.at.pointer.is_none())
}
