//! What makes one run another than the next.

use crate::commands::context::Context;
use crate::commands::simulate::live::message_cache::MessageCache;
use crate::domain::retry::RetryPolicy;
use crate::domain::speed::Speed;
use crate::domain::target::Target;
use crate::domain::time::Moment;
use crate::engine::simulate::arrivals::{Pattern, Stream};
use crate::engine::simulate::scheduled::Scheduled;
use crate::error::Error;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The digest of everything that a run depends on: where it goes, its ladder, its stream, and the
/// bytes of its first messages, in which the payload, the pack, the seed and the secret show.
pub(super) fn digest(
    letters: &mut MessageCache,
    context: &mut Context<'_>,
    target: &Target,
    policy: &RetryPolicy,
    stream: &Stream,
    speed: Speed,
) -> Result<String, Error> {
    let facts = json!({
        "provider": letters.pack.provider.id,
        "events": letters.events.iter().map(|event| &event.name).collect::<Vec<_>>(),
        "url": target.to_string(),
        "waits_s": policy.waits.iter().map(|wait| wait.0).collect::<Vec<_>>(),
        "success": policy.success.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "stop": policy.stop.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "documented": policy.documented,
        "events_per": stream.frequency.map(|frequency| frequency.to_string()),
        "is_even": stream.pattern == Pattern::Even,
        "leads": stream.leads,
        "end_us": stream.end.map(|end| end.0),
        "speed": match speed {
            Speed::AtOnce => 0,
            Speed::Times(times) => times.get(),
        },
        "seed": letters.seed,
    });
    let mut digest = Sha256::new().chain_update(facts.to_string());
    for due in Scheduled::of_lead(0, Moment::default(), &stream.follow_ups) {
        digest.update(due.at.0.to_le_bytes());
        let prepared = letters.of(context, target, &due)?;
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
