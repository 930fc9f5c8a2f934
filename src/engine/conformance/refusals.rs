//! Refusals of genuine deliveries: recognizes when all of them fail for one probable cause.
//!
//! A wrong path or a wrong secret fails every case that expects a success. After a few of them, the
//! rest would add nothing, so that the run can stop and name the cause.

use crate::domain::cause::Cause;
use crate::domain::delivery::AttemptResult;
use crate::engine::status_causes::{OTHER_SUCCESS, RequestFacts, StatusCause, concerns_signature};
use crate::providers::provider::Provider;

/// The number of genuine deliveries with the same refusal, or of timeouts in a row, that have one
/// cause.
pub const ENOUGH: usize = 3;

/// The code of the cause of several timeouts in a row.
pub const NO_RESPONSE: &str = "no-response";

/// The code of the cause of closed connections.
const CONNECTION_CLOSED: &str = "connection-closed";

/// The probable cause of one kind of refusals. Another success status than the provider's is one as
/// well: the response shows it for certain.
#[derive(Clone, Copy, Debug)]
struct RefusalCause {
    code: &'static str,
    /// The cause, after the response and the number of deliveries.
    cause: &'static str,
    fix: &'static str,
}

impl RefusalCause {
    /// Returns the cause of a refusal, if one can be named.
    fn of(result: AttemptResult, provider: &Provider) -> Option<Self> {
        match result {
            AttemptResult::Status(status) => {
                let found = StatusCause::of(status, provider)?;
                Some(Self { code: found.code, cause: found.cause, fix: found.fix })
            }
            AttemptResult::Unreachable => Some(Self {
                code: CONNECTION_CLOSED,
                cause: "the receiver fails before it responds, or does not speak HTTP on this port",
                fix: "is it the right port, and is it `http` or `https`? Look at the log of the \
                      receiver",
            }),
            AttemptResult::Timeout => None,
        }
    }

    /// Returns `true` if the receiver has accepted the delivery, with another success status.
    fn is_acceptance(&self) -> bool {
        self.code == OTHER_SUCCESS
    }
}

/// The result of one request, as far as it tells a cause.
#[derive(Clone, Copy, Debug)]
pub struct RequestResult<'r> {
    /// The result.
    pub result: AttemptResult,
    /// The response for people, such as `404 Not Found`, or the reason why there is none.
    pub response: &'r str,
    /// The target of a redirect.
    pub location: Option<&'r str>,
}

/// The refusals of one kind.
#[derive(Debug)]
struct Counted {
    probable: RefusalCause,
    /// `true` if a wrong signature can be the reason, so that the receiver is worth questioning.
    concerns_signature: bool,
    deliveries: usize,
    cases: Vec<String>,
    response: String,
    location: Option<String>,
}

/// Counts the refusals of a run.
#[derive(Debug)]
pub struct RefusalTally<'t> {
    facts: RequestFacts<'t>,
    /// `true` if a genuine delivery was accepted, even if the provider does not count its status as
    /// a success.
    has_accepted: bool,
    refusals: Vec<Counted>,
    /// The number of timeouts since the last response. It is not reset once it is [`ENOUGH`].
    timeouts: usize,
    /// The cases with those timeouts.
    timed_out: Vec<String>,
    /// The reason of the last timeout.
    timeout_reason: String,
    /// `true` once the receiver was to be questioned about signatures.
    has_asked: bool,
    /// The cause that the questions found.
    signature_cause: Option<Cause>,
}

impl<'t> RefusalTally<'t> {
    /// Creates a tally of requests with these facts.
    #[must_use]
    pub fn new(facts: RequestFacts<'t>) -> Self {
        Self {
            facts,
            has_accepted: false,
            refusals: Vec::new(),
            timeouts: 0,
            timed_out: Vec::new(),
            timeout_reason: String::new(),
            has_asked: false,
            signature_cause: None,
        }
    }

    /// Records the results of requests that were sent together. Together they are at most one
    /// timeout: a receiver that is too slow for many requests at once does answer.
    pub fn record_exchange(&mut self, case: &str, results: &[RequestResult<'_>]) {
        let is_timeout = |result: &RequestResult<'_>| result.result == AttemptResult::Timeout;
        let Some(last) = results.last() else { return };
        if results.iter().all(is_timeout) {
            self.timeouts += 1;
            last.response.clone_into(&mut self.timeout_reason);
            push_once(&mut self.timed_out, case);
        } else if !self.is_hanging() {
            self.timeouts = 0;
            self.timed_out.clear();
        }
    }

    /// Records the result of a genuine delivery.
    pub fn record_genuine(&mut self, case: &str, is_accepted: bool, result: RequestResult<'_>) {
        self.has_accepted |= is_accepted;
        if is_accepted {
            return;
        }
        let provider = self.facts.provider;
        let Some(probable) = RefusalCause::of(result.result, provider) else { return };
        // The receiver means to accept it: other cases fail for another cause.
        self.has_accepted |= probable.is_acceptance();
        let is_same = |counted: &Counted| counted.probable.code == probable.code;
        let index = self.refusals.iter().position(is_same);
        let index = index.unwrap_or_else(|| {
            self.refusals.push(Counted {
                probable,
                concerns_signature: false,
                deliveries: 0,
                cases: Vec::new(),
                response: String::new(),
                location: None,
            });
            self.refusals.len() - 1
        });
        let Some(counted) = self.refusals.get_mut(index) else { return };
        counted.deliveries += 1;
        counted.concerns_signature |= concerns_signature(result.result, provider);
        result.response.clone_into(&mut counted.response);
        counted.location = result.location.map(str::to_owned).or(counted.location.take());
        push_once(&mut counted.cases, case);
    }

    /// Returns `true` if the receiver did not respond several times in a row.
    fn is_hanging(&self) -> bool {
        self.timeouts >= ENOUGH
    }

    /// Returns the refusals that have a cause for which every delivery fails, the most frequent
    /// first.
    fn refusals_with_cause(&self) -> Vec<&Counted> {
        let is_enough = |counted: &&Counted| counted.deliveries >= ENOUGH && !self.has_accepted;
        let mut found: Vec<_> = self.refusals.iter().filter(is_enough).collect();
        found.sort_by_key(|counted| std::cmp::Reverse(counted.deliveries));
        found
    }

    /// Returns the deliveries with another success status, if it has a cause of its own.
    ///
    /// It stops no run: what the receiver rejects, and how long it takes, is still of use.
    fn other_successes(&self) -> Option<&Counted> {
        let is_enough =
            |counted: &&Counted| counted.probable.is_acceptance() && counted.deliveries >= ENOUGH;
        self.refusals.iter().find(is_enough)
    }

    /// Returns `true` if there is a cause for which every further genuine delivery would fail.
    #[must_use]
    pub fn has_cause(&self) -> bool {
        self.is_hanging() || !self.refusals_with_cause().is_empty()
    }

    /// Returns `true` once: when a wrong signature can be the reason why genuine deliveries are
    /// refused, so that the receiver is worth questioning before the run stops.
    #[must_use]
    pub fn take_signature_question(&mut self) -> bool {
        let found = self.refusals_with_cause();
        let concerns = found.first().is_some_and(|counted| counted.concerns_signature);
        concerns && !std::mem::replace(&mut self.has_asked, true)
    }

    /// Replaces the cause of refusals that concern the signature by the one that questions found.
    pub fn explain_signature(&mut self, cause: Cause) {
        self.signature_cause = Some(cause);
    }

    /// Returns the causes that are known so far, with all their cases.
    #[must_use]
    pub fn causes(&self) -> Vec<Cause> {
        let hanging = self.is_hanging().then(|| Cause {
            code: NO_RESPONSE,
            message: format!(
                "{} for {} requests in a row: the handler never ends its response, or works too \
                 long before it",
                self.timeout_reason, self.timeouts
            ),
            fix: "respond before the work is done, and end every response; `--budget TIME` allows \
                  more time"
                .to_owned(),
            confirmed: false,
            cases: self.timed_out.clone(),
        });
        let refused = self.refusals_with_cause().into_iter().chain(self.other_successes());
        hanging.into_iter().chain(refused.map(|counted| self.cause(counted))).collect()
    }

    fn cause(&self, counted: &Counted) -> Cause {
        let Counted { probable, concerns_signature, deliveries, cases, response, location } =
            counted;
        if let (true, Some(found)) = (concerns_signature, &self.signature_cause) {
            return Cause { cases: cases.clone(), ..found.clone() };
        }
        let cause = self.facts.fill(probable.cause);
        let fix = self.facts.fill(probable.fix);
        let fix = match location {
            Some(location) => format!("{fix}: `{location}`"),
            None => fix,
        };
        Cause {
            code: probable.code,
            message: format!("{response} for {deliveries} genuine deliveries: {cause}"),
            fix,
            confirmed: probable.is_acceptance(),
            cases: cases.clone(),
        }
    }
}

/// Appends a case, unless it is the last one already.
fn push_once(cases: &mut Vec<String>, case: &str) {
    if cases.last().is_none_or(|last| last != case) {
        cases.push(case.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Packs;
    use std::sync::LazyLock;

    fn result(result: AttemptResult) -> RequestResult<'static> {
        let is_redirect = matches!(result, AttemptResult::Status(300..400));
        let location = is_redirect.then_some("/login");
        RequestResult { result, response: "response", location }
    }

    /// Records refusals with these results, one for each case.
    fn tally(results: &[AttemptResult]) -> RefusalTally<'static> {
        static PACKS: LazyLock<Packs> = LazyLock::new(|| Packs::builtin().unwrap());
        let provider = &PACKS.find("realgeeks").unwrap().provider;
        let mut tally = RefusalTally::new(RequestFacts { provider, path: "/hooks" });
        for (&attempt, number) in results.iter().zip(1..) {
            tally.record_genuine(&format!("case-{number}"), false, result(attempt));
        }
        tally
    }

    #[test]
    fn every_refusal_has_the_cause_of_its_class() {
        for (status, code) in [
            (404, "wrong-path"),
            (401, "signature-refused"),
            (403, "signature-refused"),
            (406, "bad-request"),
            (422, "bad-request"),
            (405, "method-not-allowed"),
            (415, "media-type-refused"),
            (400, "bad-request"),
            (301, "redirected"),
            (308, "redirected"),
            (500, "server-error"),
            (503, "unavailable"),
            (413, "body-too-large"),
            (429, "rate-limited"),
        ] {
            let causes = tally(&[AttemptResult::Status(status); 3]).causes();
            assert_eq!(causes.iter().map(|cause| cause.code).collect::<Vec<_>>(), [code]);
            assert_eq!(causes[0].cases, ["case-1", "case-2", "case-3"], "{status}");
            assert!(!causes[0].fix.contains('{'), "{causes:?}");
        }
        let closed = tally(&[AttemptResult::Unreachable; 3]);
        assert_eq!(closed.causes()[0].code, "connection-closed");
    }

    #[test]
    fn another_success_status_has_a_cause_and_does_not_stop() {
        let [created, refused] = [201, 401].map(AttemptResult::Status);
        let mut tally = tally(&[created, created, created, refused, refused, refused]);
        // Another event may get the right status.
        for is_other_accepted in [false, true] {
            if is_other_accepted {
                tally.record_genuine("other", true, result(AttemptResult::Status(200)));
            }
            assert!(!tally.has_cause() && !tally.take_signature_question());
            let causes = tally.causes();
            assert_eq!(causes.len(), 1, "{causes:?}");
            let Cause { code, message, fix, confirmed, cases } = &causes[0];
            assert_eq!((*code, *confirmed), (OTHER_SUCCESS, true));
            assert_eq!(cases.len(), 3);
            assert!(message.ends_with("Real Geeks counts only 200 as a success"), "{message}");
            assert!(fix.starts_with("answer 200 to every"), "{fix}");
        }
        assert!(self::tally(&[created; 2]).causes().is_empty());
    }

    #[test]
    fn questions_about_signatures_are_asked_once_and_replace_the_cause() {
        assert!(!tally(&[AttemptResult::Unreachable; 3]).take_signature_question());
        assert!(!tally(&[AttemptResult::Status(401); 2]).take_signature_question());
        assert!(!tally(&[AttemptResult::Status(404); 3]).take_signature_question());
        for status in [400, 403, 406, 422] {
            assert!(tally(&[AttemptResult::Status(status); 3]).take_signature_question());
        }
        let mut tally = tally(&[AttemptResult::Status(401); 3]);
        assert!(tally.take_signature_question() && !tally.take_signature_question());
        let found = Cause {
            code: "body-reserialised",
            message: "m".to_owned(),
            fix: "f".to_owned(),
            confirmed: true,
            cases: Vec::new(),
        };
        tally.explain_signature(found.clone());
        let cases = ["case-1", "case-2", "case-3"].map(str::to_owned).to_vec();
        assert_eq!(tally.causes(), [Cause { cases, ..found }]);
    }

    #[test]
    fn placeholders_are_replaced() {
        let fix = |status| tally(&[AttemptResult::Status(status); 3]).causes().remove(0).fix;
        assert_eq!(fix(404), "is `/hooks` the path that your app registers?");
        assert!(fix(302).ends_with("the URL to which it leads: `/login`"), "{}", fix(302));
    }

    #[test]
    fn different_refusals_or_one_accepted_delivery_have_no_cause() {
        let [not_found, failed] = [404, 500].map(AttemptResult::Status);
        assert!(!tally(&[not_found, failed, not_found]).has_cause());
        assert!(tally(&[not_found, failed, not_found, not_found]).has_cause());
        let mut accepted = tally(&[not_found; 3]);
        accepted.record_genuine("case-4", true, result(AttemptResult::Status(200)));
        assert!(!accepted.has_cause() && accepted.causes().is_empty());
    }

    #[test]
    fn only_timeouts_in_a_row_have_a_cause() {
        let [timeout, response] = [AttemptResult::Timeout, AttemptResult::Status(200)].map(result);
        let mut tally = tally(&[]);
        for (case, results) in [
            ("a", vec![timeout]),
            ("b", vec![timeout; 50]),
            ("c", vec![timeout, response]),
            ("d", vec![timeout]),
            ("d", vec![timeout]),
        ] {
            tally.record_exchange(case, &results);
            assert!(!tally.has_cause(), "{case}");
        }
        tally.record_exchange("e", &[timeout]);
        // Once it is known, a later response does not refute it.
        tally.record_exchange("f", &[response]);
        tally.record_exchange("g", &[timeout]);
        let causes = tally.causes();
        assert_eq!((causes[0].code, causes.len()), (NO_RESPONSE, 1));
        assert_eq!(causes[0].cases, ["d", "e", "g"]);
    }
}
