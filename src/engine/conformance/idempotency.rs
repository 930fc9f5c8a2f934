//! What deliveries mean: a message has one effect, whatever happens to it on the way.

use crate::domain::conformance::{Group, Level};
use crate::domain::message::Message;
use crate::engine::conformance::case::{Action, Case, Effect, Transport, Trial, TrialStep, step};
use crate::engine::conformance::expect::Expect;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError, later};
use crate::providers::pack::Pack;
use crate::providers::provider::Provider;

/// Several deliveries, and what they come to.
struct Row {
    id: &'static str,
    level: Level,
    about: &'static str,
    advice: &'static str,
    source: &'static str,
    has: fn(&Pack) -> bool,
    trial: fn(&CaseContext<'_>) -> Result<Trial, CaseError>,
}

const ALWAYS: fn(&Pack) -> bool = |_| true;

const DEDUPE: &str = "Keep the id of every message under a unique key, and do nothing for one that \
                      is there already.";
const DISORDER: &str = "Make the lead from whatever comes first and fill it in later, or refuse with \
                        a status that is tried again; never with the one that stops.";
const PAGE: &str = "the provider's page";

const ROWS: &[Row] = &[
    Row {
        id: "repeat",
        level: Level::Must,
        about: "the same message twice, one after the other",
        advice: DEDUPE,
        source: PAGE,
        has: ALWAYS,
        trial: |workshop| {
            let message = workshop.short().message()?;
            let once = || step(vec![message.clone()], Expect::Accepted);
            Ok(Trial { steps: vec![once(), once()], effect: Some(Effect::ONCE) })
        },
    },
    Row {
        id: "repeat-at-once",
        level: Level::Must,
        about: "the same message eight times at once",
        advice: "Let the database decide: insert under the unique key first, and do the work where \
                 that succeeds.",
        source: PAGE,
        has: ALWAYS,
        trial: |workshop| {
            let message = workshop.short().message()?;
            let at_once = step(vec![message.clone(); 8], Expect::Unharmed);
            let after = step(vec![message], Expect::Accepted);
            Ok(Trial { steps: vec![at_once, after], effect: Some(Effect::ONCE) })
        },
    },
    Row {
        id: "same-id-other-body",
        level: Level::Should,
        about: "a message id again, with another body",
        advice: DEDUPE,
        source: PAGE,
        has: |pack| pack.provider.message_id.is_some(),
        trial: |workshop| {
            let first = workshop.short();
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
        advice: "Tell messages by their id, not by their bytes: the same thing can happen twice.",
        source: PAGE,
        has: |pack| id_is_outside(&pack.provider),
        trial: |workshop| {
            let first = workshop.short();
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
        about: "a later event of a lead, and then the one that makes it known",
        advice: DISORDER,
        source: PAGE,
        has: |pack| !later(pack).is_empty(),
        trial: |workshop| disorder(workshop, 0),
    },
    Row {
        id: "activity-before-create",
        level: Level::Should,
        about: "another later event of a lead, and then the one that makes it known",
        advice: DISORDER,
        source: PAGE,
        has: |pack| later(pack).len() > 1,
        trial: |workshop| disorder(workshop, 1),
    },
    Row {
        id: "reversed-burst",
        level: Level::Should,
        about: "all that there is of a lead, the last first and all at once",
        advice: DISORDER,
        source: PAGE,
        has: ALWAYS,
        trial: |workshop| {
            let created = workshop.short().message()?;
            let mut messages = follow_ups(workshop)?;
            messages.reverse();
            messages.push(created.clone());
            let burst = step(messages, Expect::Unharmed);
            let again = step(vec![created], Expect::Accepted);
            let effect = Effect { most: u64::MAX, ..Effect::ONCE };
            Ok(Trial { steps: vec![burst, again], effect: Some(effect) })
        },
    },
    Row {
        id: "rotation",
        level: Level::Should,
        about: "a message signed with the old secret, and one with the new",
        advice: "Take either of two secrets while one replaces the other.",
        source: "RFC 4107, section 2.1",
        has: ALWAYS,
        trial: |workshop| {
            if workshop.secrets.len() < 2 {
                return Err(CaseError::Wants("it wants both secrets: `--secret` twice"));
            }
            let mut draft = workshop.short();
            let first = draft.message()?;
            (draft.secret, draft.lead, draft.message) = (1, 1, 1);
            let steps = vec![
                step(vec![first], Expect::Accepted),
                step(vec![draft.message()?], Expect::Accepted),
            ];
            Ok(Trial { steps, effect: None })
        },
    },
    Row {
        id: "retry-after-late-answer",
        level: Level::Must,
        about: "a message whose sender hangs up before the answer, and sends it again",
        advice: DEDUPE,
        source: PAGE,
        has: ALWAYS,
        trial: |workshop| {
            let message = workshop.short().message()?;
            let lost = TrialStep {
                manner: Transport::HungUp,
                ..step(vec![message.clone()], Expect::Anything)
            };
            let again = step(vec![message], Expect::Accepted);
            Ok(Trial { steps: vec![lost, again], effect: Some(Effect::ONCE) })
        },
    },
];

/// Every row that the provider can have.
pub(super) fn cases(pack: &Pack) -> Vec<Case> {
    let case = |row: &'static Row| Case {
        id: row.id.to_owned(),
        group: Group::Means,
        level: row.level,
        about: row.about.to_owned(),
        advice: row.advice,
        source: row.source,
        deed: Action::Trial(Box::new(row.trial)),
    };
    ROWS.iter().filter(|row| (row.has)(pack)).map(case).collect()
}

/// A later event of a lead, then the one that makes it known.
fn disorder(workshop: &CaseContext<'_>, which: usize) -> Result<Trial, CaseError> {
    let early = follow_ups(workshop)?.swap_remove(which);
    let steps = vec![
        step(vec![early], Expect::NotLost),
        step(vec![workshop.short().message()?], Expect::Accepted),
    ];
    Ok(Trial { steps, effect: Some(Effect { most: u64::MAX, ..Effect::ONCE }) })
}

/// One message of each later event, about the first lead of the case.
fn follow_ups(workshop: &CaseContext<'_>) -> Result<Vec<Message>, CaseError> {
    let events = later(workshop.pack).into_iter().zip(1..);
    events
        .map(|(event, message)| {
            let mut draft = workshop.draft(event);
            draft.message = message;
            draft.message()
        })
        .collect()
}

/// Whether two messages can have the same body: their id stands in a header, and is not the event's.
fn id_is_outside(provider: &Provider) -> bool {
    provider.message_id.as_ref().is_some_and(|facts| facts.at.pointer.is_none())
}
