//! Diagnosis of a receiver by questions: finds the mistake with which it verifies signatures.
//!
//! A receiver that computes another digest than the provider accepts a delivery that is signed with
//! exactly that digest. So each known mistake is a question: the body is sent as it is, with the
//! signature that a receiver with this mistake expects. Only the answers count, so that the same
//! questions work for a receiver in any language. An answer counts if a second body confirms it and
//! random signatures are refused before and after. A receiver that verifies the signature and fails
//! afterwards answers with another status than to a random signature: that counts as well.

mod comparison;
mod encodings;
mod interview;
mod question_body;
mod questions;
mod requests;

use crate::domain::cause::Cause;
use crate::domain::delivery::AttemptResult;
use crate::domain::message::Message;
use crate::engine::conformance::expect::codes;
use crate::engine::conformance::payload_builder::CaseContext;
use crate::engine::diagnosis::interview::{Answer, Interview, NoClaim};
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
    let provider = &context.pack.provider;
    let mut interview = Interview::new(send, &provider.retry);
    let found = find_cause(&mut interview, &Requests::new(context).ok()?).ok().flatten()?;
    let Some(status) = interview.other_success().filter(|_| !accepts_forgeries(found.code)) else {
        return Some(found);
    };
    let (success, name) = (codes(&provider.retry.success), &provider.name);
    let fix = format!(
        "{}; then answer {success} instead of {status}, which {name} does not count as a success",
        found.fix
    );
    Some(Cause { fix, ..found })
}

fn find_cause(
    interview: &mut Interview<'_>,
    requests: &Requests<'_>,
) -> Result<Option<Cause>, NoClaim> {
    let is_accepted = interview.begin(&requests.genuine(QuestionBody::First)?)?;
    if interview.accepts_forgery(&requests.forged(QuestionBody::First, 0)?)? {
        let confirmed = interview.accepts(&requests.forged(QuestionBody::Second, 1)?)?;
        interview.require_unchanged()?;
        return Ok(confirmed.then(not_checked));
    }
    let found = if is_accepted {
        comparison::find(interview, requests)?.map(|cause| (cause, Answer::Accepted))
    } else {
        find_mistake(interview, requests)?
    };
    let Some((cause, answer)) = found else { return Ok(None) };
    // Whatever was accepted proves nothing if by now anything is accepted, or nothing that was
    // accepted before.
    for (body, number) in [(QuestionBody::First, 2), (QuestionBody::Second, 3)] {
        let of_forgery = interview.ask(&requests.forged(body, number)?)?;
        // The answer to forgeries may vary, if this is not the evidence.
        let is_evidence = match of_forgery {
            Answer::Refused => true,
            Answer::RefusedLater(_) => answer == Answer::Accepted,
            Answer::Accepted => false,
        };
        if !is_evidence {
            return Ok(None);
        }
    }
    interview.require_unchanged()?;
    Ok(Some(cause))
}

/// Asks about every mistake that makes a receiver refuse genuine deliveries. Returns the cause and
/// the answer that proves it.
fn find_mistake(
    interview: &mut Interview<'_>,
    requests: &Requests<'_>,
) -> Result<Option<(Cause, Answer)>, NoClaim> {
    for question in questions(requests, QuestionBody::First, None)? {
        if !interview.has_room() {
            return Ok(None);
        }
        let answer = put(interview, requests, QuestionBody::First, &question)?;
        if answer == Answer::Refused {
            continue;
        }
        // A coincidence, such as a receiver that is restarted with another secret, does not
        // repeat itself with another body.
        let second = QuestionBody::Second;
        let Some(confirmed) = first_answered(interview, requests, second, &question, answer)?
        else {
            continue;
        };
        // An error may come and go: it is evidence only if it still is the answer.
        let is_later = answer != Answer::Accepted;
        if is_later && put(interview, requests, QuestionBody::First, &question)? != answer {
            return Ok(None);
        }
        let narrowed = if confirmed.is_ambiguous() {
            first_answered(interview, requests, QuestionBody::Rare, &confirmed, answer)?
        } else {
            None
        };
        let (body, found) = match narrowed {
            Some(narrowed) => (QuestionBody::Rare, narrowed),
            None => (QuestionBody::Second, confirmed),
        };
        let is_token = requests.scheme().signed_form() == SignedForm::Claims;
        let described = found.describe(&requests.genuine(body)?.body, is_token);
        let cause = described.map(|described| cause(described, answer, interview.refusal()));
        return Ok(cause.map(|cause| (cause, answer)));
    }
    Ok(None)
}

/// Puts a question about a body, and returns the answer.
///
/// Another status than that for a forgery is an answer only if the signature has the form of a
/// genuine one: a receiver may refuse a malformed one with another status.
fn put(
    interview: &mut Interview<'_>,
    requests: &Requests<'_>,
    body: QuestionBody,
    question: &Question,
) -> Result<Answer, NoClaim> {
    let answer = interview.ask(&requests.with_signature(body, &question.value)?)?;
    let is_malformed = answer != Answer::Accepted && !question.is_well_formed;
    Ok(if is_malformed { Answer::Refused } else { answer })
}

/// Returns the first question about another body that the receiver answers in the same way, of the
/// mistakes that are left.
fn first_answered(
    interview: &mut Interview<'_>,
    requests: &Requests<'_>,
    body: QuestionBody,
    wanted: &Question,
    answer: Answer,
) -> Result<Option<Question>, NoClaim> {
    for question in questions(requests, body, Some(wanted))?.into_iter().take(MAX_NARROWING) {
        if put(interview, requests, body, &question)? == answer {
            return Ok(Some(question));
        }
    }
    Ok(None)
}

/// Returns the cause with this description. If the receiver refuses the request even with the
/// signature that it expects, the cause says so.
fn cause(description: Description, answer: Answer, refusal: Option<u16>) -> Cause {
    let Description { code, message, fix } = description;
    let message = match (answer, refusal) {
        (Answer::RefusedLater(status), Some(refusal)) => format!(
            "{message} To the signature that it expects it answers {status} instead of {refusal}."
        ),
        _ => message,
    };
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
