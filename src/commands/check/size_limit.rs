//! The search for the receiver's size limit: sends one genuine delivery after the other.

use crate::commands::check::observed_response::ObservedResponse;
use crate::domain::conformance::{CaseOutcome, CaseReport};
use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::message::Message;
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};
use crate::engine::conformance::size_limit::{SizeRefusal, conclude, message_of_size};
use crate::engine::conformance::size_search::SizeSearch;
use crate::error::Error;

/// The result of a search.
pub(super) struct SizeSearchRun {
    pub(super) report: CaseReport,
    /// The smallest refused request, if the case failed.
    pub(super) refused: Option<Message>,
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
    let mut refused: Option<(Message, SizeRefusal)> = None;
    let mut was_unreachable = false;
    while let Some(size) = search.next_size() {
        if is_interrupted() {
            "not run: the check was interrupted".clone_into(&mut report.observed);
            return Ok(SizeSearchRun { report, refused: None, was_unreachable });
        }
        let number = u64::try_from(search.requests()).unwrap_or_default();
        let message = message_of_size(context, size, number).map_err(error_of_case)?;
        let response = send(&message)?;
        let is_accepted = provider.retry.outcome(&response.result) == Outcome::Delivered;
        search.record(size, is_accepted);
        if !is_accepted {
            let refusal = SizeRefusal { result: response.result, observed: response.describe() };
            refused = Some((message, refusal));
            was_unreachable |= response.is_unreachable;
        }
        if response.result == AttemptResult::Timeout {
            break;
        }
    }
    conclude(search.limit(), refused.as_ref().map(|(_, refusal)| refusal), provider, &mut report);
    let refused = refused.filter(|_| report.outcome == CaseOutcome::Fail);
    Ok(SizeSearchRun { report, refused: refused.map(|(message, _)| message), was_unreachable })
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
