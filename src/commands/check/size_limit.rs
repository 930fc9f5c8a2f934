//! The search for the receiver's size limit: sends one genuine delivery after the other.

use crate::commands::check::observed_response::ObservedResponse;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::message::Message;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};
use crate::engine::conformance::size_limit::{SizeRefusal, conclude, message_of_size};
use crate::engine::conformance::size_search::{SizeLimit, SizeSearch};
use crate::engine::status_causes::RequestFacts;
use crate::error::Error;

/// The result of a search.
pub(super) struct SizeSearchRun {
    pub(super) report: CaseReport,
    /// The smallest refused request, if the case failed.
    pub(super) refused: Option<Message>,
    /// The response to the smallest request, if none was accepted.
    pub(super) refused_at_any_size: Option<ObservedResponse>,
    /// `true` if a request had no response in time, which ends the search.
    pub(super) has_timeout: bool,
    /// `true` if the search was interrupted before its end.
    pub(super) was_interrupted: bool,
    /// `true` if a connection was closed without a response: the receiver may have stopped.
    pub(super) was_unreachable: bool,
}

/// Sends deliveries until the limit is known, and enters it into the report.
///
/// A receiver that does not respond in time ends the search: each further request could take as
/// long.
pub(super) fn run(
    context: &CaseContext<'_>,
    mut report: CaseReport,
    is_interrupted: &dyn Fn() -> bool,
    send: &dyn Fn(&Message) -> Result<ObservedResponse, Error>,
) -> Result<SizeSearchRun, Error> {
    let provider = &context.pack.provider;
    let mut search = SizeSearch::default();
    let mut refused: Option<(Message, ObservedResponse)> = None;
    let mut was_unreachable = false;
    let mut was_interrupted = false;
    while let Some(size) = search.next_size() {
        was_interrupted = is_interrupted();
        if was_interrupted {
            break;
        }
        let number = u64::try_from(search.requests()).unwrap_or_default();
        let message = message_of_size(context, size, number).map_err(error_of_case)?;
        let response = send(&message)?;
        // Another 2xx is wrong, but not because of the size.
        let is_accepted = provider.retry.is_acceptance(&response.result);
        search.record(size, is_accepted);
        let is_timeout = response.result.is_timeout();
        if !is_accepted {
            was_unreachable |= response.is_unreachable;
            refused = Some((message, response));
        }
        if is_timeout {
            break;
        }
    }
    if was_interrupted {
        "not run: the check was interrupted".clone_into(&mut report.observed);
    } else {
        let refusal = refused.as_ref().map(|(_, response)| SizeRefusal {
            result: response.result,
            observed: response.describe(),
        });
        let facts = RequestFacts { provider, path: context.path };
        conclude(search.limit(), refusal.as_ref(), &facts, &mut report);
    }
    let has_failed = report.outcome == CaseOutcome::Fail;
    let has_timeout = refused.as_ref().is_some_and(|(_, response)| response.result.is_timeout());
    let (message, response) = refused.filter(|_| has_failed).unzip();
    let is_refused_at_any_size = matches!(search.limit(), SizeLimit::NoneAccepted { .. });
    Ok(SizeSearchRun {
        report,
        refused: message,
        refused_at_any_size: response.filter(|_| is_refused_at_any_size),
        has_timeout,
        was_interrupted,
        was_unreachable,
    })
}

/// Converts the error of a case that must be buildable.
pub(super) fn error_of_case(error: CaseError) -> Error {
    match error {
        CaseError::Generate(error) => error.into(),
        CaseError::Sign(error) => error.into(),
        CaseError::MissingInput(what) => {
            Error::Option { message: what.to_owned(), hint: String::new() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::conformance::{CaseGroup, RequirementLevel};
    use crate::domain::delivery::AttemptResult;
    use crate::domain::secret::Secret;
    use crate::providers::Packs;
    use jiff::Timestamp;
    use std::cell::Cell;
    use std::time::Duration;

    /// Searches the limit of a receiver that responds with these statuses, and is interrupted
    /// after `requests`. Returns the run and the number of requests.
    fn search(status: fn(usize) -> u16, requests: usize) -> (SizeSearchRun, usize) {
        let packs = Packs::builtin().unwrap();
        let pack = packs.find("realgeeks").unwrap();
        let secrets = [Secret::new("an-example-of-a-signing-secret-32").unwrap()];
        let now = Timestamp::UNIX_EPOCH;
        let context = CaseContext {
            pack,
            secrets: &secrets,
            path: "/",
            now,
            seed: 7,
            captured: None,
            handshake_token: None,
        };
        let count = Cell::new(0);
        let is_interrupted = || count.get() >= requests;
        let send = |message: &Message| {
            count.set(count.get() + 1);
            Ok(ObservedResponse::new(Ok(status(message.body.len())), Duration::ZERO))
        };
        let report = CaseReport::new("size-limit", CaseGroup::Accepts, RequirementLevel::May);
        (run(&context, report, &is_interrupted, &send).unwrap(), count.get())
    }

    #[test]
    fn only_a_search_without_a_result_was_interrupted() {
        let (done, requests) = search(|_| 200, 1);
        assert_eq!((done.report.outcome, requests), (CaseOutcome::Pass, 1));
        assert!(!done.was_interrupted && done.refused.is_none());
        // Another 2xx is a finding of other cases.
        let (other, requests) = search(|_| 201, 99);
        assert_eq!((other.report.outcome, requests), (CaseOutcome::Pass, 1));
        let (other, _) = search(|size| if size > 102_400 { 413 } else { 201 }, 99);
        assert!(other.report.observed.starts_with("refused above 102,400 bytes"));
        let limited = |size| if size > 102_400 { 413 } else { 200 };
        let (cut, requests) = search(limited, 2);
        assert_eq!((cut.report.outcome, requests), (CaseOutcome::Incomplete, 2));
        assert!(cut.was_interrupted && cut.refused.is_none() && cut.refused_at_any_size.is_none());
    }

    #[test]
    fn a_refusal_of_every_size_is_told_from_a_limit() {
        let (limited, _) = search(|size| if size > 102_400 { 400 } else { 200 }, 99);
        assert!(limited.refused.is_some() && limited.refused_at_any_size.is_none());
        let (refused, requests) = search(|_| 401, 99);
        let result = refused.refused_at_any_size.map(|response| response.result);
        assert_eq!((result.and_then(AttemptResult::status), requests), (Some(401), 2));
    }
}
