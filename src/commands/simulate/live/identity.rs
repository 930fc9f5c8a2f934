//! The identity of a run: a digest by which a journal is matched with the run that resumes it.

use crate::commands::context::Context;
use crate::commands::simulate::live::message_cache::MessageCache;
use crate::domain::retry::RetryPolicy;
use crate::domain::speed::Speed;
use crate::domain::target::Target;
use crate::domain::time::Moment;
use crate::engine::simulate::arrivals::{ArrivalPattern, LeadStream};
use crate::engine::simulate::scheduled::ScheduledAttempt;
use crate::error::Error;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Returns the digest of everything that a run depends on: its endpoint, retry schedule and stream,
/// and the bytes of the messages of its first lead.
///
/// The bytes stand for the payload, the pack, the seed and the secret: a change to any of them
/// changes the digest, and the secret itself is not written to the journal.
pub(super) fn digest(
    messages: &mut MessageCache,
    context: &mut Context<'_>,
    target: &Target,
    policy: &RetryPolicy,
    stream: &LeadStream,
    speed: Speed,
) -> Result<String, Error> {
    let facts = json!({
        "provider": messages.pack.provider.id,
        "events": messages.events.iter().map(|event| &event.name).collect::<Vec<_>>(),
        "url": target.to_string(),
        "waits_s": policy.waits.iter().map(|wait| wait.0).collect::<Vec<_>>(),
        "success": policy.success.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "stop": policy.stop.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "documented": policy.documented,
        "events_per": stream.frequency.map(|frequency| frequency.to_string()),
        "is_even": stream.pattern == ArrivalPattern::Even,
        "leads": stream.leads,
        "end_us": stream.end.map(|end| end.0),
        "speed": match speed {
            Speed::Immediate => 0,
            Speed::Factor(times) => times.get(),
        },
        "seed": messages.seed,
    });
    let mut digest = Sha256::new().chain_update(facts.to_string());
    for scheduled in ScheduledAttempt::of_lead(0, Moment::default(), &stream.follow_ups) {
        digest.update(scheduled.at.0.to_le_bytes());
        let prepared = messages.get_or_create(context, target, &scheduled)?;
        let message = &prepared.message;
        for (name, value) in message.headers.iter() {
            digest.update(name);
            digest.update([0]);
            digest.update(value);
            digest.update([0]);
        }
        digest.update(&message.body);
    }
    Ok(hex::encode(digest.finalize()))
}
