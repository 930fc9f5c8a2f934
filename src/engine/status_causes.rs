//! Causes by status: why a receiver probably refuses a genuine delivery, and the fix.
//!
//! `send`, the cases of `check` and its early stop all look a status up here, so that the same
//! status has the same meaning everywhere.

use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::status::StatusPattern;
use crate::domain::status::StatusPattern::{Class, Exactly};
use crate::engine::conformance::expect::codes;
use crate::providers::provider::Provider;

/// The code of a 2xx that the provider does not count as a success.
pub const OTHER_SUCCESS: &str = "other-success";

/// The probable cause of a refusal with one of some statuses.
#[derive(Debug)]
pub struct StatusCause {
    /// Its stable code.
    pub code: &'static str,
    statuses: &'static [StatusPattern],
    /// The cause, as a clause. Placeholders are replaced by [`RequestFacts::fill`].
    pub cause: &'static str,
    /// The fix, as a clause or a question that can follow the cause.
    pub fix: &'static str,
    /// `true` if a wrong signature can be the cause.
    concerns_signature: bool,
}

/// The cause of a status with which receivers of a provider reject a signature.
static SIGNATURE_REFUSED: StatusCause = StatusCause {
    code: "signature-refused",
    statuses: &[Exactly(401), Exactly(403)],
    cause: "the receiver probably rejects the signature",
    fix: "is it the same secret on both sides, and is `-p {provider}` the right provider?",
    concerns_signature: true,
};

/// The cause of a status that may be about the signature or about the body.
static BAD_REQUEST: StatusCause = StatusCause {
    code: "bad-request",
    statuses: &[Exactly(400), Exactly(422)],
    cause: "the receiver rejects the signature or the body",
    fix: "is it the same secret on both sides? The receiver's log has the reason",
    concerns_signature: true,
};

/// The other causes, of which the first one that matches is used: a status precedes its class.
static OTHERS: &[StatusCause] = &[
    StatusCause {
        code: "wrong-path",
        statuses: &[Exactly(404), Exactly(410)],
        cause: "the receiver has no handler for this path",
        fix: "is `{path}` the path that your app registers?",
        concerns_signature: false,
    },
    StatusCause {
        code: "method-not-allowed",
        statuses: &[Exactly(405), Exactly(501)],
        cause: "the receiver has no handler for POST at this path",
        fix: "register the handler for POST, or is `{path}` another page of the app?",
        concerns_signature: false,
    },
    StatusCause {
        code: "body-too-large",
        statuses: &[Exactly(413)],
        cause: "the body is too large for the app, or for a proxy in front of it",
        fix: "raise the limit for the size of the body",
        concerns_signature: false,
    },
    StatusCause {
        code: "media-type-refused",
        statuses: &[Exactly(415)],
        cause: "the receiver does not accept the content type",
        fix: "accept `Content-Type: {type}`, with and without a `charset`",
        concerns_signature: false,
    },
    StatusCause {
        code: "rate-limited",
        statuses: &[Exactly(429)],
        cause: "a rate limit applies to this path",
        fix: "exempt {name} from the rate limit, because it does not slow down",
        concerns_signature: false,
    },
    StatusCause {
        code: "unavailable",
        statuses: &[Exactly(502), Exactly(503), Exactly(504)],
        cause: "the app does not run, or a proxy in front of it cannot reach it",
        fix: "look at the logs of the receiver and of the proxy",
        concerns_signature: false,
    },
    StatusCause {
        code: "server-error",
        statuses: &[Class(5)],
        cause: "the handler fails, often for a missing secret or a body that it cannot parse",
        fix: "find the exception in the receiver's log",
        concerns_signature: false,
    },
    StatusCause {
        code: "redirected",
        statuses: &[Class(3)],
        cause: "webhook senders do not follow redirects",
        fix: "answer without a redirect, or register the URL to which it leads",
        concerns_signature: false,
    },
    StatusCause {
        code: OTHER_SUCCESS,
        statuses: &[Class(2)],
        cause: "{name} counts only {success} as a success",
        fix: "answer {success} to every message that you accept, and no other 2xx",
        concerns_signature: false,
    },
];

impl StatusCause {
    /// Returns the cause of a status that is not a success of the provider, if there is a probable
    /// one.
    #[must_use]
    pub fn of(status: u16, provider: &Provider) -> Option<&'static Self> {
        if status == provider.receiver.rejection_status {
            return Some(&SIGNATURE_REFUSED);
        }
        let is_listed = |row: &&Self| row.statuses.iter().any(|pattern| pattern.matches(status));
        let listed = [&SIGNATURE_REFUSED, &BAD_REQUEST].into_iter().chain(OTHERS).find(is_listed);
        // The status that ends the retries of a provider means that the receiver does not want the
        // delivery as it is.
        listed.or_else(|| is_stop(AttemptResult::Status(status), provider).then_some(&BAD_REQUEST))
    }
}

/// Returns `true` if a wrong signature can be the reason why a genuine delivery had this result.
#[must_use]
pub fn concerns_signature(result: AttemptResult, provider: &Provider) -> bool {
    let cause = result.status().and_then(|status| StatusCause::of(status, provider));
    cause.is_some_and(|cause| cause.concerns_signature) || is_stop(result, provider)
}

fn is_stop(result: AttemptResult, provider: &Provider) -> bool {
    provider.retry.outcome(&result) == Outcome::Stopped
}

/// The facts of a request that a cause or a fix names.
#[derive(Clone, Copy, Debug)]
pub struct RequestFacts<'a> {
    /// The provider.
    pub provider: &'a Provider,
    /// Path and query.
    pub path: &'a str,
}

impl RequestFacts<'_> {
    /// Replaces the placeholders `{path}`, `{type}`, `{success}`, `{stop}`, `{refusal}`,
    /// `{provider}` and `{name}`.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        let Self { provider, path } = self;
        let mut filled = String::new();
        let mut rest = text;
        // In one pass, because a path may contain braces.
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            filled.push_str(before);
            match name {
                "path" => filled.push_str(path),
                "type" => filled.push_str(&provider.request.content_type),
                "success" => filled.push_str(&codes(&provider.retry.success)),
                "stop" => filled.push_str(&codes(&provider.retry.stop)),
                "refusal" => filled.push_str(&provider.receiver.rejection_status.to_string()),
                "provider" => filled.push_str(&provider.id),
                "name" => filled.push_str(&provider.name),
                _ => {}
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// Returns all causes.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = &'static StatusCause> {
    [&SIGNATURE_REFUSED, &BAD_REQUEST].into_iter().chain(OTHERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Packs;

    fn provider(id: &str) -> Provider {
        Packs::builtin().unwrap().find(id).unwrap().provider.clone()
    }

    #[test]
    fn each_status_has_its_cause() {
        let realgeeks = provider("realgeeks");
        let code = |status| StatusCause::of(status, &realgeeks).map(|cause| cause.code);
        for (status, expected) in [
            (204, OTHER_SUCCESS),
            (301, "redirected"),
            (308, "redirected"),
            (400, "bad-request"),
            (401, "signature-refused"),
            (403, "signature-refused"),
            (404, "wrong-path"),
            (405, "method-not-allowed"),
            // Real Geeks stops at it.
            (406, "bad-request"),
            (410, "wrong-path"),
            (413, "body-too-large"),
            (415, "media-type-refused"),
            (422, "bad-request"),
            (429, "rate-limited"),
            (500, "server-error"),
            (501, "method-not-allowed"),
            (502, "unavailable"),
            (503, "unavailable"),
            (504, "unavailable"),
            (599, "server-error"),
        ] {
            assert_eq!(code(status), Some(expected), "{status}");
        }
        assert_eq!(code(409), None);
        assert_eq!(StatusCause::of(406, &provider("leadpro")).map(|cause| cause.code), None);
    }

    #[test]
    fn one_rule_says_when_a_refusal_may_be_about_the_signature() {
        let mut provider = provider("realgeeks");
        let concerning = |provider: &Provider| {
            let concerns =
                |status: &u16| concerns_signature(AttemptResult::Status(*status), provider);
            (100..600).filter(concerns).collect::<Vec<_>>()
        };
        assert_eq!(concerning(&provider), [400, 401, 403, 406, 422]);
        provider.retry.stop = vec![Exactly(410)];
        provider.receiver.rejection_status = 409;
        assert_eq!(concerning(&provider), [400, 401, 403, 409, 410, 422]);
        for result in [AttemptResult::Timeout, AttemptResult::Unreachable] {
            assert!(!concerns_signature(result, &provider));
        }
    }

    #[test]
    fn every_placeholder_is_replaced_once() {
        let provider = provider("realgeeks");
        let facts = RequestFacts { provider: &provider, path: "/{name}" };
        assert_eq!(facts.fill("is `{path}` of {name} {"), "is `/{name}` of Real Geeks {");
        assert_eq!(facts.fill("{stop} {refusal} {provider}"), "406 403 realgeeks");
        let facts = RequestFacts { path: "/hooks", ..facts };
        for cause in all() {
            let text = facts.fill(cause.cause) + &facts.fill(cause.fix);
            assert!(!text.contains(['{', '}']) && !text.ends_with('.'), "{text}");
        }
        let fix = facts.fill(StatusCause::of(415, &provider).unwrap().fix);
        assert_eq!(fix, "accept `Content-Type: application/json`, with and without a `charset`");
    }
}
