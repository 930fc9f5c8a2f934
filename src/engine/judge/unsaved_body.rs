//! Judgements on captures whose body was not saved: nothing can be verified.

use crate::domain::capture::{BodySaved, Capture};
use crate::domain::finding::{Finding, FindingMessage, Severity};
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

    /// Judges the request of a capture at the time `known`, or else at `now`.
    ///
    /// Without a known time of arrival, the age of a signature that carries its time is not judged,
    /// and a finding says so: the request may be old although it was accepted when it arrived.
    /// Returns the time of judgement as well.
    #[must_use]
    pub fn judge_capture_of(
        &self,
        capture: &Capture,
        known: Option<Timestamp>,
        now: Timestamp,
    ) -> (Judgement, Timestamp) {
        let at = known.unwrap_or(now);
        let judgement = self.judge_capture(capture, at);
        let scheme = judgement.pack.as_ref().map(|pack| &pack.provider.signature);
        let signed_at = scheme.and_then(|scheme| scheme.signed_time(&capture.message));
        let (None, Some(signed_at)) = (known, signed_at) else { return (judgement, at) };
        let mut judgement = self.judge_capture(capture, signed_at);
        if judgement.verdict.signature.is_valid() {
            judgement.verdict.signature.findings.push(age_not_judged());
            if self.strictness.strict {
                judgement.verdict.signature.make_strict();
                judgement.verdict.valid = false;
            }
        }
        (judgement, signed_at)
    }
}

/// Returns the finding about a signature whose age is unknown.
fn age_not_judged() -> Finding {
    let message = FindingMessage::custom(
        "the age of the signature was not judged: the request does not say when it arrived; \
         `--now TIME` does",
        "a time without the time of arrival",
        "a request with `received_at`",
    );
    Finding::new(Severity::Warning, "age-not-judged", message, "the provider's documentation")
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
