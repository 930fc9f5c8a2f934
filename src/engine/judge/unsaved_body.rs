//! Judgements on captures whose body was not saved: nothing can be verified.

use crate::domain::capture::{BodySaved, Capture};
use crate::domain::verdict::{
    BODY_NOT_SAVED, Explanation, PayloadVerdict, SignatureVerdict, Verdict,
};
use crate::engine::judge::{Judge, Judgement};
use jiff::Timestamp;

impl Judge {
    /// Judges the request of a capture at the time `at`. If its body was not saved, or not as it
    /// arrived, the verdict names the provider and the event, and is unchecked.
    #[must_use]
    pub fn judge_capture(&self, capture: &Capture, at: Timestamp) -> Judgement {
        let judgement = self.judge(&capture.message, at);
        match explanation(capture.body_saved) {
            Some(explanation) => without_body(judgement, explanation),
            None => judgement,
        }
    }
}

/// Returns the reason why a capture cannot be verified, if its body is not the received one.
fn explanation(saved: BodySaved) -> Option<Explanation> {
    let message = match saved {
        BodySaved::Full => return None,
        BodySaved::Redacted => "not checked: the body was not saved, only a redacted one",
        BodySaved::None => "not checked: the body was not saved",
    };
    let fix = "save whole bodies: `leadhook listen --save-body full`";
    Some(Explanation::new(BODY_NOT_SAVED, message, fix))
}

/// Replaces the verdicts, which would be on the wrong bytes: the signature of a redacted request
/// was made with a throw-away secret.
fn without_body(judgement: Judgement, explanation: Explanation) -> Judgement {
    let verdict = Verdict {
        valid: false,
        signature: SignatureVerdict::unchecked(explanation),
        payload: PayloadVerdict::unchecked(Vec::new()),
        ..judgement.verdict
    };
    Judgement { verdict, ..judgement }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::{Headers, Message};
    use crate::domain::secret::{Keyring, Secret};
    use crate::domain::verdict::{SignatureStatus, is_unchecked};
    use crate::engine::judge::Strictness;
    use crate::providers::Packs;

    #[test]
    fn a_capture_without_its_body_is_unchecked_and_keeps_its_names() {
        let ring = Keyring::for_any(vec![Secret::new("s3cret").unwrap()]);
        let packs = Packs::builtin().unwrap();
        let judge = Judge::new(packs, ring, None, Strictness::default());
        let headers = Headers::from_iter([
            ("X-Lead-Router-Action", "created"),
            ("X-Lead-Router-Message-Id", "m-1"),
            ("X-Lead-Router-Signature", "00"),
        ]);
        let capture = Capture::new(None, None, Message::post("/", headers, ""));
        let at = Timestamp::UNIX_EPOCH;
        let full = judge.judge_capture(&capture, at).verdict;
        assert!(!is_unchecked(&full.signature, &full.payload), "{full:?}");
        for body_saved in [BodySaved::Redacted, BodySaved::None] {
            let capture = Capture { body_saved, ..capture.clone() };
            let verdict = judge.judge_capture(&capture, at).verdict;
            assert_eq!(verdict.signature.status, SignatureStatus::Unchecked);
            assert!(is_unchecked(&verdict.signature, &verdict.payload) && !verdict.valid);
            assert_eq!(verdict.event.as_deref(), Some("created"));
            let reason = &verdict.signature.explanations[0].message;
            assert!(reason.starts_with("not checked: the body was not saved"), "{reason}");
        }
    }
}
