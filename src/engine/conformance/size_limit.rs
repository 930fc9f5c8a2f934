//! The case that finds the receiver's size limit: its requests, and the judgement of the result.

use crate::domain::conformance::{CaseGroup, CaseOutcome, CaseReport, RequirementLevel};
use crate::domain::delivery::AttemptResult;
use crate::domain::message::Message;
use crate::engine::conformance::advice;
use crate::engine::conformance::case::{Action, ConformanceCase};
use crate::engine::conformance::expect::{ExpectedResponse, time_consequence};
use crate::engine::conformance::payload_builder::{CaseContext, CaseError};
use crate::engine::conformance::size_defaults::{SizeDefault, defaults_of, next_default};
use crate::engine::conformance::size_search::{LARGEST, SizeLimit};
use crate::engine::status_causes::RequestFacts;
use crate::protocols::schemes::scheme::SignedForm;
use crate::providers::pack::Pack;

/// The largest body that a receiver should accept: the default of nginx, and far more than any
/// documented payload.
const EXPECTED: usize = 1 << 20;

const ADVICE: &str = "Raise the limit for the size of the body.";

/// The first refusal of the smallest refused body.
#[derive(Clone, Debug)]
pub struct SizeRefusal {
    /// The result of the request.
    pub result: AttemptResult,
    /// Its description, such as `413 in 2 ms`.
    pub observed: String,
}

/// Returns the case, unless the signed content is in a header, where large bodies do not apply.
pub(super) fn case(pack: &Pack) -> Option<ConformanceCase> {
    (pack.provider.signature.signed_form() != SignedForm::Claims).then(|| ConformanceCase {
        id: "size-limit".to_owned(),
        group: CaseGroup::Accepts,
        level: RequirementLevel::May,
        about: "the largest body that is accepted, from 64 KiB to 4 MiB".to_owned(),
        advice: ADVICE,
        source: "RFC 9110, section 15.5.14",
        action: Action::SizeLimit,
    })
}

/// Returns the genuine delivery number `number` of the case, with a body of `size` bytes.
///
/// Each one is another message about another lead: a message that arrives again could be accepted
/// without being read. If a captured body is larger than that, the sample replaces it.
pub fn message_of_size(
    context: &CaseContext<'_>,
    size: usize,
    number: u64,
) -> Result<Message, CaseError> {
    let mut builder = context.creation_builder();
    (builder.lead_number, builder.message_number) = (number, number);
    builder.extra_fields = vec![("leadhook_padding", "".into())];
    let mut unpadded = builder.build()?.body.len();
    if unpadded > size {
        builder.uses_captures = false;
        unpadded = builder.build()?.body.len();
    }
    builder.extra_fields =
        vec![("leadhook_padding", "x".repeat(size.saturating_sub(unpadded)).into())];
    builder.build()
}

/// Enters the result of the search into the report of the case.
pub fn conclude(
    limit: SizeLimit,
    refusal: Option<&SizeRefusal>,
    facts: &RequestFacts<'_>,
    report: &mut CaseReport,
) {
    let provider = facts.provider;
    report.expected = format!("accepted up to {} bytes", group_digits(EXPECTED));
    report.outcome = match limit {
        SizeLimit::AboveLargest => CaseOutcome::Pass,
        SizeLimit::Between { accepted, .. } if accepted >= EXPECTED => CaseOutcome::Pass,
        SizeLimit::Between { .. } | SizeLimit::NoneAccepted { .. } => CaseOutcome::Fail,
        SizeLimit::Unknown => CaseOutcome::Incomplete,
    };
    report.observed = describe(limit, refusal);
    if let Some(refusal) = refusal {
        report.next_step =
            Some(ExpectedResponse::Accepted.next_step(&provider.retry, refusal.result));
        report.consequence = match refusal.result {
            AttemptResult::Timeout => Some(time_consequence(provider)),
            AttemptResult::Status(_) | AttemptResult::Unreachable => {
                ExpectedResponse::Accepted.consequence(provider, refusal.result)
            }
        };
    }
    let known = named(limit);
    if let Some(known) = known.first() {
        known.source.clone_into(&mut report.source);
    }
    if report.outcome == CaseOutcome::Fail {
        report.advice = match (known.as_slice(), refusal) {
            ([], Some(refusal)) => {
                advice::for_result(ADVICE, ExpectedResponse::Accepted, facts, refusal.result)
            }
            ([], None) => ADVICE.to_owned(),
            (known, _) => {
                let setting =
                    |known: &&SizeDefault| format!("{} ({})", known.setting, known.product);
                let settings: Vec<_> = known.iter().map(setting).collect();
                format!("Raise the limit: {}.", settings.join(", or "))
            }
        };
    }
}

/// Returns the products whose default is exactly the limit.
fn named(limit: SizeLimit) -> Vec<&'static SizeDefault> {
    match limit {
        SizeLimit::Between { accepted, refused } if refused == accepted + 1 => {
            defaults_of(accepted).collect()
        }
        SizeLimit::Between { .. }
        | SizeLimit::AboveLargest
        | SizeLimit::NoneAccepted { .. }
        | SizeLimit::Unknown => Vec::new(),
    }
}

/// Describes the limit: `refused above 102,400 bytes: Express' default; 413 in 2 ms`.
fn describe(limit: SizeLimit, refusal: Option<&SizeRefusal>) -> String {
    let observed = refusal.map_or_else(String::new, |refusal| format!("; {}", refusal.observed));
    match limit {
        SizeLimit::AboveLargest => {
            let next = next_default(LARGEST).map_or_else(String::new, |known| {
                let (product, bytes) = (known.possessive(), group_digits(known.bytes));
                format!("; the next known default is {product}, {bytes} bytes")
            });
            format!("accepted up to {} bytes, the most that is tried{next}", group_digits(LARGEST))
        }
        SizeLimit::NoneAccepted { smallest } => {
            format!("refused at {} bytes{observed}", group_digits(smallest))
        }
        SizeLimit::Between { accepted, refused } if refused == accepted + 1 => {
            let default = match named(limit).as_slice() {
                [] => String::new(),
                [only] => format!(": {} default", only.possessive()),
                [first, others @ ..] => {
                    let others: Vec<_> = others.iter().map(|known| known.product).collect();
                    format!(": {} default (also of {})", first.possessive(), others.join(", "))
                }
            };
            format!("refused above {} bytes{default}{observed}", group_digits(accepted))
        }
        SizeLimit::Between { accepted, refused } => format!(
            "refused from a size between {} and {} bytes on: no known default{observed}",
            group_digits(accepted),
            group_digits(refused)
        ),
        SizeLimit::Unknown => "nothing was sent".to_owned(),
    }
}

/// Formats a number with a comma between groups of three digits.
fn group_digits(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Secret;
    use crate::engine::conformance::size_search::SMALLEST;
    use crate::providers::Packs;
    use jiff::Timestamp;

    fn report() -> CaseReport {
        CaseReport::new("size-limit", CaseGroup::Accepts, RequirementLevel::May)
    }

    fn concluded(limit: SizeLimit, result: Option<AttemptResult>) -> CaseReport {
        let packs = Packs::builtin().unwrap();
        let refusal =
            result.map(|result| SizeRefusal { result, observed: "413 in 2 ms".to_owned() });
        let mut report = report();
        let provider = &packs.find("realgeeks").unwrap().provider;
        let facts = RequestFacts { provider, path: "/" };
        conclude(limit, refusal.as_ref(), &facts, &mut report);
        report
    }

    #[test]
    fn a_body_has_exactly_the_requested_size() {
        let packs = Packs::builtin().unwrap();
        let secrets = [Secret::new("an-example-of-a-signing-secret-32").unwrap()];
        for pack in packs.iter().filter(|pack| case(pack).is_some()) {
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
            for (size, number) in [(SMALLEST, 0), (102_401, 1)] {
                let message = message_of_size(&context, size, number).unwrap();
                assert_eq!(message.body.len(), size, "{}", pack.provider.id);
            }
            let [first, second] =
                [0, 1].map(|number| message_of_size(&context, SMALLEST, number).unwrap());
            assert_ne!(first.body, second.body, "{}", pack.provider.id);
        }
        assert!(case(packs.find("leadpro").unwrap()).is_none());
    }

    #[test]
    fn a_known_default_is_named_with_its_setting() {
        let limit = SizeLimit::Between { accepted: 102_400, refused: 102_401 };
        let report = concluded(limit, Some(AttemptResult::Status(413)));
        assert_eq!(
            report.observed,
            "refused above 102,400 bytes: Express' default (also of Bottle, Play); 413 in 2 ms"
        );
        assert_eq!(report.outcome, CaseOutcome::Fail);
        assert!(report.advice.contains("`express.raw()` (Express), or "), "{}", report.advice);
        assert!(report.consequence.unwrap().contains("7 more times"));
        assert!(report.source.starts_with("expressjs.com"));
    }

    #[test]
    fn other_limits_are_described() {
        let status = Some(AttemptResult::Status(413));
        for (limit, result, outcome, expected) in [
            (
                SizeLimit::Between { accepted: 1 << 20, refused: (1 << 20) + 1 },
                status,
                CaseOutcome::Pass,
                "refused above 1,048,576 bytes: nginx's default (also of Fastify, hapi, aiohttp); \
                 413 in 2 ms",
            ),
            (
                SizeLimit::Between { accepted: 500_000, refused: 501_000 },
                status,
                CaseOutcome::Fail,
                "refused from a size between 500,000 and 501,000 bytes on: no known default; \
                 413 in 2 ms",
            ),
            (
                SizeLimit::NoneAccepted { smallest: SMALLEST },
                status,
                CaseOutcome::Fail,
                "refused at 65,536 bytes; 413 in 2 ms",
            ),
            (
                SizeLimit::AboveLargest,
                None,
                CaseOutcome::Pass,
                "accepted up to 4,194,304 bytes, the most that is tried; the next known default is \
                 PHP's, 8,388,608 bytes",
            ),
            (SizeLimit::Unknown, None, CaseOutcome::Incomplete, "nothing was sent"),
        ] {
            let report = concluded(limit, result);
            assert_eq!((report.outcome, report.observed.as_str()), (outcome, expected));
        }
        let late =
            concluded(SizeLimit::NoneAccepted { smallest: LARGEST }, Some(AttemptResult::Timeout));
        assert!(late.consequence.unwrap().contains("although it was processed"));
    }
}
