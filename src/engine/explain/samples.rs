//! Sample payloads of a pack, which show the fields and the spelling that a provider uses.

use crate::providers::pack::Pack;
use serde_json::Value;

/// The maximum number of samples whose fields a body is compared with.
const MAX_SAMPLES: usize = 6;

/// Returns the sample payload of the event.
pub(super) fn sample<'p>(pack: &'p Pack, event: Option<&str>) -> Option<&'p Value> {
    pack.sample(pack.provider.event(event?)?, None).ok()
}

/// Returns the sample payloads of a pack: that of the event first, then those of the others, whose
/// fields it may share.
pub(super) fn samples<'p>(pack: &'p Pack, event: Option<&str>) -> Vec<&'p Value> {
    let others = pack.provider.events.iter().filter(|other| Some(other.name.as_str()) != event);
    let others = others.filter_map(|other| pack.sample(other, None).ok());
    sample(pack, event).into_iter().chain(others).take(MAX_SAMPLES).collect()
}
