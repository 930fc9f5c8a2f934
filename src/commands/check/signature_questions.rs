//! Questions about signatures: collects the cases that failed because of a signature, and asks the
//! receiver for the cause.

use crate::domain::cause::Cause;
use crate::domain::conformance::CaseGroup;
use crate::domain::delivery::AttemptResult;
use crate::domain::message::Message;
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::conformance::payload_builder::CaseContext;
use crate::engine::diagnosis;
use crate::engine::status_causes::concerns_signature;
use crate::providers::provider::Provider;

/// The distance of the seed of the questions from that of the run: their leads belong to no case.
const SEED_OFFSET: u64 = 500_000_000;

/// The cases that failed because of a signature, and the causes that were found for them.
#[derive(Debug, Default)]
pub(super) struct SignatureFailures {
    /// The genuine deliveries that were refused.
    refused: Vec<String>,
    /// The forged deliveries that were accepted.
    forged: Vec<String>,
    /// `true` once the questions were asked.
    is_asked: bool,
    /// The answer to the questions, if there is one.
    answer: Option<Cause>,
}

impl SignatureFailures {
    /// Notes a failed case, if its response may be about the signature.
    pub(super) fn note(
        &mut self,
        case: &str,
        expected: ExpectedResponse,
        result: AttemptResult,
        provider: &Provider,
    ) {
        let is_accepted = provider.retry.is_acceptance(&result);
        match expected {
            ExpectedResponse::Accepted
            | ExpectedResponse::AcceptedOrStopped
            | ExpectedResponse::AcceptedOrRetried
                if concerns_signature(result, provider) =>
            {
                self.refused.push(case.to_owned());
            }
            ExpectedResponse::RejectedAsForged if is_accepted => {
                self.forged.push(case.to_owned());
            }
            _ => {}
        }
    }

    /// Asks the receiver which mistake it makes with signatures, once, if cases of this group failed
    /// because of one.
    pub(super) fn ask(
        &mut self,
        group: CaseGroup,
        send: &mut dyn FnMut(&Message) -> AttemptResult,
        context: &CaseContext<'_>,
    ) {
        let failed = match group {
            CaseGroup::Accepts | CaseGroup::Timing => &self.refused,
            CaseGroup::Rejects => &self.forged,
            // A refusal may be the answer to a repeat.
            CaseGroup::Idempotency => return,
        };
        if self.is_asked || failed.is_empty() {
            return;
        }
        self.is_asked = true;
        let context = CaseContext { seed: context.seed.wrapping_add(SEED_OFFSET), ..*context };
        self.answer = diagnosis::ask(send, &context);
    }

    /// Returns the mistake, with the cases that failed because of it so far.
    pub(super) fn cause(&self) -> Option<Cause> {
        let cause = self.answer.clone()?;
        let accepts_forgeries = diagnosis::accepts_forgeries(cause.code);
        let cases = if accepts_forgeries { &self.forged } else { &self.refused };
        (!cases.is_empty()).then(|| Cause { cases: cases.clone(), ..cause })
    }
}
