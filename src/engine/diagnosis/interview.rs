//! The interview of a receiver: bounds the number of requests, and ends when its answers change for
//! a reason other than the signature.

use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::message::Message;
use crate::domain::retry::RetryPolicy;

/// The maximum number of requests of one interview.
pub(super) const MAX_REQUESTS: usize = 130;

/// The number of requests that are kept for the confirmation of an answer.
const RESERVED: usize = 13;

/// The number of questions after which the first request is sent again.
const CHECK_INTERVAL: usize = 30;

/// The status of a receiver that limits the rate of requests.
const TOO_MANY_REQUESTS: u16 = 429;

/// The statuses that say nothing about a signature: the receiver was too slow, or is overloaded or
/// unreachable for a proxy.
const UNRELATED: [u16; 4] = [408, 502, 503, 504];

/// Sends one request and returns the result.
pub(super) type SendRequest<'s> = &'s mut dyn FnMut(&Message) -> AttemptResult;

/// Ends the interview without a claim: the receiver limits or blocks requests, stopped responding,
/// or was asked often enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoClaim;

/// The answer of a receiver to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The request was accepted.
    Accepted,
    /// The request got this status, and forgeries get another one: the receiver verified the
    /// signature, and then refused the request for a reason of its own.
    RefusedLater(u16),
    /// The signature was refused.
    Refused,
}

/// A running interview.
pub(super) struct Interview<'s> {
    send: SendRequest<'s>,
    retry: &'s RetryPolicy,
    requests: usize,
    /// The first request and its answer, which must not change.
    first: Option<(Message, AttemptResult)>,
    /// The status of the first request and of a forgery, if it is the same one.
    refusal: Option<u16>,
    /// The last status of an accepted request, if the provider does not count it as a success.
    other_success: Option<u16>,
    next_check: usize,
}

impl<'s> Interview<'s> {
    pub(super) fn new(send: SendRequest<'s>, retry: &'s RetryPolicy) -> Self {
        Self {
            send,
            retry,
            requests: 0,
            first: None,
            refusal: None,
            other_success: None,
            next_check: CHECK_INTERVAL,
        }
    }

    /// Sends the first request, a genuine one. Returns `true` if it is accepted.
    pub(super) fn begin(&mut self, genuine: &Message) -> Result<bool, NoClaim> {
        let result = self.send(genuine)?;
        self.first = Some((genuine.clone(), result));
        Ok(self.is_accepted(result))
    }

    /// Sends a forgery of the first request. Returns `true` if it is accepted.
    ///
    /// If both are refused with the same status, this is the one with which the receiver refuses
    /// signatures.
    pub(super) fn accepts_forgery(&mut self, forged: &Message) -> Result<bool, NoClaim> {
        let result = self.send(forged)?;
        let is_same = self.first.as_ref().is_some_and(|(_, first)| *first == result);
        let is_accepted = self.is_accepted(result);
        self.refusal = result.status().filter(|_| is_same && !is_accepted);
        Ok(is_accepted)
    }

    /// Returns `true` if the receiver accepts the message.
    pub(super) fn accepts(&mut self, message: &Message) -> Result<bool, NoClaim> {
        self.ask(message).map(|answer| answer == Answer::Accepted)
    }

    /// Sends a message and returns the answer to its signature.
    pub(super) fn ask(&mut self, message: &Message) -> Result<Answer, NoClaim> {
        if self.requests >= self.next_check {
            self.next_check = self.requests + CHECK_INTERVAL;
            self.require_unchanged()?;
        }
        let result = self.send(message)?;
        if self.is_accepted(result) {
            let is_counted = self.retry.outcome(&result) == Outcome::Delivered;
            self.other_success = result.status().filter(|_| !is_counted);
            return Ok(Answer::Accepted);
        }
        Ok(match (result.status(), self.refusal) {
            (Some(status), Some(refusal)) if status != refusal && !UNRELATED.contains(&status) => {
                Answer::RefusedLater(status)
            }
            _ => Answer::Refused,
        })
    }

    /// Returns the status with which the receiver refuses signatures, if it is known.
    pub(super) fn refusal(&self) -> Option<u16> {
        self.refusal
    }

    /// Returns the status with which the last request was accepted, if the provider does not count
    /// it as a success.
    pub(super) fn other_success(&self) -> Option<u16> {
        self.other_success
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

    /// Returns `true` if the receiver has accepted the signature: with any 2xx, also with one that
    /// the provider does not count as a success.
    fn is_accepted(&self, result: AttemptResult) -> bool {
        self.retry.is_acceptance(&result)
    }
}
