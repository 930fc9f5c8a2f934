//! Diagnosis of a receiver by questions: finds the mistake with which it verifies signatures.
//!
//! A receiver that computes another digest than the provider accepts a delivery that is signed with
//! exactly that digest. So each known mistake is a question: the body is sent as it is, with the
//! signature that a receiver with this mistake expects. Only the answers count, so that the same
//! questions work for a receiver in any language. An answer counts if a second body confirms it and
//! random signatures are refused before and after.

mod comparison;
mod encodings;
mod interview;
mod question_body;
mod questions;
mod requests;

use crate::domain::cause::Cause;
use crate::domain::delivery::AttemptResult;
use crate::domain::message::Message;
use crate::engine::conformance::payload_builder::CaseContext;
use crate::engine::diagnosis::interview::{Interview, NoClaim};
use crate::engine::diagnosis::question_body::QuestionBody;
use crate::engine::diagnosis::questions::{Question, questions};
use crate::engine::diagnosis::requests::Requests;
use crate::engine::explain::receiver_mistakes::Description;
use crate::protocols::schemes::scheme::SignedForm;

/// The code of a receiver that accepts any signature.
const NOT_CHECKED: &str = "signature-not-checked";

/// The maximum number of questions that tell libraries apart which print the first body alike.
const MAX_NARROWING: usize = 4;

/// Returns `true` if a cause with this code makes a receiver accept forged deliveries, `false` if it
/// makes it refuse genuine ones.
#[must_use]
pub fn accepts_forgeries(code: &str) -> bool {
    [NOT_CHECKED, comparison::PREFIX_COMPARED].contains(&code)
}

/// Asks a receiver about its signatures: returns the mistake that it makes, if it is a known one.
///
/// Sends at most 130 requests, all about their own leads. There is no claim if the receiver limits
/// the rate of requests, stops responding, or changes its answer to the same request.
pub fn ask(
    send: &mut dyn FnMut(&Message) -> AttemptResult,
    context: &CaseContext<'_>,
) -> Option<Cause> {
    let mut interview = Interview::new(send, &context.pack.provider.retry);
    find_cause(&mut interview, &Requests::new(context).ok()?).ok().flatten()
}

fn find_cause(
    interview: &mut Interview<'_>,
    requests: &Requests<'_>,
) -> Result<Option<Cause>, NoClaim> {
    let is_accepted = interview.begin(&requests.genuine(QuestionBody::First)?)?;
    if interview.accepts(&requests.forged(QuestionBody::First, 0)?)? {
        let confirmed = interview.accepts(&requests.forged(QuestionBody::Second, 1)?)?;
        interview.require_unchanged()?;
        return Ok(confirmed.then(not_checked));
    }
    let found = if is_accepted {
        comparison::find(interview, requests)?
    } else {
        find_mistake(interview, requests)?
    };
    let Some(cause) = found else { return Ok(None) };
    // Whatever was accepted proves nothing if by now anything is accepted, or nothing that was
    // accepted before.
    for (body, number) in [(QuestionBody::First, 2), (QuestionBody::Second, 3)] {
        if interview.accepts(&requests.forged(body, number)?)? {
            return Ok(None);
        }
    }
    interview.require_unchanged()?;
    Ok(Some(cause))
}

/// Asks about every mistake that makes a receiver refuse genuine deliveries.
fn find_mistake(
    interview: &mut Interview<'_>,
    requests: &Requests<'_>,
) -> Result<Option<Cause>, NoClaim> {
    for question in questions(requests, QuestionBody::First, None)? {
        if !interview.has_room() {
            return Ok(None);
        }
        let message = requests.with_signature(QuestionBody::First, &question.value)?;
        if !interview.accepts(&message)? {
            continue;
        }
        // A coincidence, such as a receiver that is restarted with another secret, does not
        // repeat itself with another body.
        let Some(confirmed) = first_accepted(interview, requests, QuestionBody::Second, &question)?
        else {
            continue;
        };
        let narrowed = if confirmed.is_ambiguous() {
            first_accepted(interview, requests, QuestionBody::Rare, &confirmed)?
        } else {
            None
        };
        let (body, found) = match narrowed {
            Some(narrowed) => (QuestionBody::Rare, narrowed),
            None => (QuestionBody::Second, confirmed),
        };
        let is_token = requests.scheme().signed_form() == SignedForm::Claims;
        let described = found.describe(&requests.genuine(body)?.body, is_token);
        return Ok(described.map(cause));
    }
    Ok(None)
}

/// Returns the first question about another body that the receiver answers in the same way, of the
/// mistakes that are left.
fn first_accepted(
    interview: &mut Interview<'_>,
    requests: &Requests<'_>,
    body: QuestionBody,
    wanted: &Question,
) -> Result<Option<Question>, NoClaim> {
    for question in questions(requests, body, Some(wanted))?.into_iter().take(MAX_NARROWING) {
        let message = requests.with_signature(body, &question.value)?;
        if interview.accepts(&message)? {
            return Ok(Some(question));
        }
    }
    Ok(None)
}

fn cause(Description { code, message, fix }: Description) -> Cause {
    Cause { code, message, fix, confirmed: true, cases: Vec::new() }
}

fn not_checked() -> Cause {
    Cause {
        code: NOT_CHECKED,
        message: "Your code does not check the signature: deliveries that are signed with random \
                  keys are accepted."
            .to_owned(),
        fix: "compute the signature over the raw body with your secret before anything else, \
              compare it with the header in constant time, and refuse the request if they differ"
            .to_owned(),
        confirmed: true,
        cases: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
