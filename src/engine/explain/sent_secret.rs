//! Search for the cause of a wrong shared secret: other forms of it, and other places in the request.

use crate::domain::message::Message;
use crate::engine::explain::search::SearchResult;
use crate::protocols::schemes::hypothesis::{Edit, Edited, MAX_EDITS};
use crate::protocols::schemes::scheme::MacKey;
use crate::protocols::schemes::secret_format::SecretFormat;

/// Compares what the request may contain as secret with the configured secrets and their edited
/// forms, and returns the match with the fewest edits.
///
/// A match without edits is no explanation: the check has accepted it, or rejected the request for
/// another reason.
pub(super) fn search(
    format: &SecretFormat<'_>,
    keys: [&Vec<Edited<MacKey>>; 4],
    message: &Message,
    is_wanted: &dyn Fn(&str) -> bool,
) -> SearchResult {
    let readings = format.readings(message, is_wanted);
    let mut result = SearchResult::default();
    let mut best: Option<Vec<Edit>> = None;
    for key in keys.into_iter().flatten() {
        for reading in &readings {
            result.tried += 1;
            let count = reading.edits.len() + key.edits.len();
            let is_better = best.as_ref().is_none_or(|best| count < best.len());
            let is_explanation = (1..=MAX_EDITS).contains(&count) && is_better;
            if is_explanation && !key.value.is_empty() && reading.value == *key.value {
                best = Some(reading.edits.iter().chain(&key.edits).cloned().collect());
            }
        }
    }
    result.edits = best;
    result
}
