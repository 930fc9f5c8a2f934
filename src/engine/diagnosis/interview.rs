//! The interview of a receiver: bounds the number of requests, and ends when its answers change for
//! a reason other than the signature.

use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::message::Message;
use crate::domain::retry::RetryPolicy;

/// The maximum number of requests of one interview.
pub(super) const MAX_REQUESTS: usize = 130;

/// The number of requests that are kept for the confirmation of an answer.
const RESERVED: usize = 12;

/// The number of questions after which the first request is sent again.
const CHECK_INTERVAL: usize = 30;

/// The status of a receiver that limits the rate of requests.
const TOO_MANY_REQUESTS: u16 = 429;

/// Sends one request and returns the result.
pub(super) type SendRequest<'s> = &'s mut dyn FnMut(&Message) -> AttemptResult;

/// Ends the interview without a claim: the receiver limits or blocks requests, stopped responding,
/// or was asked often enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoClaim;

/// A running interview.
pub(super) struct Interview<'s> {
    send: SendRequest<'s>,
    retry: &'s RetryPolicy,
    requests: usize,
    /// The first request and its answer, which must not change.
    first: Option<(Message, AttemptResult)>,
    next_check: usize,
}

impl<'s> Interview<'s> {
    pub(super) fn new(send: SendRequest<'s>, retry: &'s RetryPolicy) -> Self {
        Self { send, retry, requests: 0, first: None, next_check: CHECK_INTERVAL }
    }

    /// Sends the first request, a genuine one. Returns `true` if it is accepted.
    pub(super) fn begin(&mut self, genuine: &Message) -> Result<bool, NoClaim> {
        let result = self.send(genuine)?;
        self.first = Some((genuine.clone(), result));
        Ok(self.is_accepted(result))
    }

    /// Returns `true` if the receiver accepts the message.
    pub(super) fn accepts(&mut self, message: &Message) -> Result<bool, NoClaim> {
        if self.requests >= self.next_check {
            self.next_check = self.requests + CHECK_INTERVAL;
            self.require_unchanged()?;
        }
        let result = self.send(message)?;
        Ok(self.is_accepted(result))
    }

    /// Returns `true` if a further question can be asked, and its answer confirmed.
    pub(super) fn has_room(&self) -> bool {
        self.requests + RESERVED < MAX_REQUESTS
    }

    /// Sends the first request again. If its answer has changed, no answer since counts: the
    /// receiver may have locked the sender out, or its secret was replaced.
    pub(super) fn require_unchanged(&mut self) -> Result<(), NoClaim> {
        let Some((message, before)) = self.first.clone() else { return Err(NoClaim) };
        let now = self.send(&message)?;
        // A receiver may answer a repeat of an accepted delivery with another success status.
        let is_same = now == before || (self.is_accepted(now) && self.is_accepted(before));
        if is_same { Ok(()) } else { Err(NoClaim) }
    }

    fn send(&mut self, message: &Message) -> Result<AttemptResult, NoClaim> {
        if self.requests >= MAX_REQUESTS {
            return Err(NoClaim);
        }
        self.requests += 1;
        match (self.send)(message) {
            AttemptResult::Status(TOO_MANY_REQUESTS)
            | AttemptResult::Timeout
            | AttemptResult::Unreachable => Err(NoClaim),
            result @ AttemptResult::Status(_) => Ok(result),
        }
    }

    fn is_accepted(&self, result: AttemptResult) -> bool {
        self.retry.outcome(&result) == Outcome::Delivered
    }
}
