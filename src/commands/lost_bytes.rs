//! Restores bodies of which a file has only the JSON value, for `replay`, `convert` and the filters.

use crate::engine::explain;
use crate::engine::judge::Judge;
use crate::io::captures::CapturedRequest;
use jiff::Timestamp;

/// Replaces the body of a request by the bytes that its signature covers, if they were lost and the
/// signature shows which they were.
///
/// `now` is the time of requests whose file does not say when they were received.
pub(super) fn restore(judge: &Judge, captured: &mut CapturedRequest, now: Timestamp) {
    let found = &mut captured.found;
    if !found.bytes_were_lost {
        return;
    }
    let message = &found.capture.message;
    let at = found.capture.received_at.unwrap_or(now);
    let judgement = judge.judge(message, at);
    let restored =
        explain::restore_signed_body(judge, message, &found.alternatives, at, &judgement);
    if let Some(restored) = restored {
        found.capture.message.body = restored.bytes.into();
        found.bytes_were_lost = false;
        captured.restored_as = Some(restored.origin);
    }
}
