//! The search for the receiver's size limit: sends one genuine delivery after the other.

use crate::commands::check::observed_response::ObservedResponse;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::delivery::Outcome;
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
        let is_accepted = provider.retry.outcome(&response.result) == Outcome::Delivered;
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
