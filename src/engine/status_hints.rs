//! Hints by status: the probable cause if an endpoint refuses a genuine delivery.

use crate::domain::delivery::AttemptResult;
use crate::engine::status_causes::{RequestFacts, StatusCause, concerns_signature};

/// Returns the probable cause of a refusal and its fix, as one sentence without a full stop.
#[must_use]
pub fn status_hint(status: u16, facts: &RequestFacts<'_>, is_signed: bool) -> Option<String> {
    let result = AttemptResult::Status(status);
    if !is_signed && concerns_signature(result, facts.provider) {
        return Some("the request was not signed: does the app require a signature?".to_owned());
    }
    let StatusCause { cause, fix, .. } = StatusCause::of(status, facts.provider)?;
    Some(format!("{}: {}", facts.fill(cause), facts.fill(fix)))
}

/// Returns `true` if the receiver may not have accepted the signature of a signed request.
#[must_use]
pub fn suspects_signature(status: u16, facts: &RequestFacts<'_>, is_signed: bool) -> bool {
    is_signed && concerns_signature(AttemptResult::Status(status), facts.provider)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Packs;

    #[test]
    fn a_hint_is_a_cause_and_a_fix() {
        let packs = Packs::builtin().unwrap();
        let provider = &packs.find("realgeeks").unwrap().provider;
        let facts = RequestFacts { provider, path: "/hooks" };
        for (status, expected) in [
            (
                204,
                "Real Geeks counts only 200 as a success: answer 200 to every message that you \
                 accept, and no other 2xx",
            ),
            (
                401,
                "the receiver probably rejects the signature: is it the same secret on both sides, \
                 and is `-p realgeeks` the right provider?",
            ),
            (
                404,
                "the receiver has no handler for this path: is `/hooks` the path that your app \
                 registers?",
            ),
        ] {
            assert_eq!(status_hint(status, &facts, true).as_deref(), Some(expected));
        }
        assert_eq!(status_hint(409, &facts, true), None);
    }

    #[test]
    fn only_a_signed_request_has_a_wrong_signature() {
        let packs = Packs::builtin().unwrap();
        let provider = &packs.find("realgeeks").unwrap().provider;
        let facts = RequestFacts { provider, path: "/" };
        for status in [400, 401, 403, 422] {
            assert!(suspects_signature(status, &facts, true));
            assert!(!suspects_signature(status, &facts, false));
            let hint = status_hint(status, &facts, false).unwrap();
            assert!(hint.contains("was not signed"), "{hint}");
        }
        assert!(!suspects_signature(404, &facts, true) && !suspects_signature(500, &facts, true));
    }
}
