//! The message id and the time of sending in a body, which every delivery has anew.

use crate::providers::provider::Provider;
use jiff::Timestamp;
use serde_json::Value;

/// Returns the message id and the time of sending with their pointers, as far as the provider has
/// them in the body and the payload contains them.
pub(super) fn sent_values<'p>(
    payload: &Value,
    provider: &'p Provider,
    message_id: Option<&str>,
    now: Timestamp,
) -> Vec<(&'p str, Value)> {
    let mut values = Vec::new();
    let id_pointer =
        provider.message_id.as_ref().and_then(|facts| facts.location.pointer.as_deref());
    if let (Some(pointer), Some(id)) = (id_pointer, message_id)
        && payload.pointer(pointer).is_some()
    {
        values.push((pointer, id.into()));
    }
    if let Some(facts) = &provider.timestamp
        && let Some(pointer) = facts.location.pointer.as_deref()
        && let Some(value) = payload.pointer(pointer)
    {
        let text = facts.precision.format(now);
        // Only Unix seconds parse as a number; the type in the payload then decides between a
        // number and a string.
        let time = match text.parse::<i64>() {
            Ok(seconds) if value.is_number() => seconds.into(),
            Ok(_) | Err(_) => with_offset_of(value, text).into(),
        };
        values.push((pointer, time));
    }
    values
}

/// Writes UTC as the sample does, `Z` or `+00:00`.
fn with_offset_of(sample: &Value, text: String) -> String {
    const OFFSET: &str = "+00:00";
    match text.strip_suffix('Z') {
        Some(time) if sample.as_str().is_some_and(|sample| sample.ends_with(OFFSET)) => {
            format!("{time}{OFFSET}")
        }
        _ => text,
    }
}
