//! Hints by status: the probable cause if an endpoint refuses a genuine delivery.

use crate::domain::status::StatusPattern;

/// A genuine request that was not accepted, as far as hints need it.
#[derive(Clone, Copy, Debug)]
pub struct RefusedRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// The media type of the body.
    pub content_type: &'a str,
    /// The size of the body.
    pub body_bytes: usize,
    /// The id of the provider.
    pub provider_id: &'a str,
    /// The name of the provider in prose.
    pub provider_name: &'a str,
    /// The statuses that the provider counts as a success.
    pub success: &'a [StatusPattern],
    /// The status with which a receiver rejects a forgery, by the documentation of the provider.
    pub rejection_status: u16,
    /// `true` if it was signed.
    pub is_signed: bool,
}

/// The hint for a status or a class of them.
struct StatusHint {
    status: StatusPattern,
    hint: fn(&RefusedRequest<'_>) -> String,
}

/// All hints; the first that matches is used, so a code precedes its class.
static HINTS: &[StatusHint] = &[
    StatusHint {
        status: StatusPattern::Class(2),
        hint: |request| {
            let success: Vec<_> =
                request.success.iter().map(|status| format!("`{status}`")).collect();
            format!("{} counts only {} as a success", request.provider_name, success.join(", "))
        },
    },
    StatusHint {
        status: StatusPattern::Class(3),
        hint: |_| {
            "few webhook senders follow a redirect: register the URL that it leads to, with its \
             scheme, host and final slash"
                .to_owned()
        },
    },
    StatusHint { status: StatusPattern::Exactly(401), hint: credentials },
    StatusHint { status: StatusPattern::Exactly(403), hint: credentials },
    StatusHint {
        status: StatusPattern::Exactly(404),
        hint: |request| {
            format!(
                "is the path right? `{} {}` is what was requested",
                request.method, request.path
            )
        },
    },
    StatusHint {
        status: StatusPattern::Exactly(405),
        hint: |request| {
            format!(
                "does this path accept {0}? `{0} {1}` is what was requested",
                request.method, request.path
            )
        },
    },
    StatusHint {
        status: StatusPattern::Exactly(413),
        hint: |request| {
            format!(
                "does the app, or a proxy in front of it, accept a body of {} bytes?",
                request.body_bytes
            )
        },
    },
    StatusHint {
        status: StatusPattern::Exactly(415),
        hint: |request| {
            format!(
                "does this path accept `Content-Type: {}`? {} sends nothing else",
                request.content_type, request.provider_name
            )
        },
    },
    StatusHint {
        status: StatusPattern::Exactly(429),
        hint: |_| "does a rate limit apply to this path?".to_owned(),
    },
    StatusHint {
        status: StatusPattern::Exactly(501),
        hint: |request| format!("does this server implement {}?", request.method),
    },
    StatusHint { status: StatusPattern::Exactly(502), hint: unavailable },
    StatusHint { status: StatusPattern::Exactly(503), hint: unavailable },
    StatusHint { status: StatusPattern::Exactly(504), hint: unavailable },
    StatusHint {
        status: StatusPattern::Class(5),
        hint: |_| {
            "the app failed: its log has the reason; a missing secret and a body that it cannot \
             parse are common ones"
                .to_owned()
        },
    },
];

/// Returns the probable cause, as a question or a sentence without a full stop.
#[must_use]
pub fn status_hint(status: u16, request: &RefusedRequest<'_>) -> Option<String> {
    if status == request.rejection_status {
        return Some(credentials(request));
    }
    let row = HINTS.iter().find(|row| row.status.matches(status));
    row.map(|row| (row.hint)(request))
}

/// Returns `true` if the receiver probably did not accept the signature.
#[must_use]
pub fn suspects_signature(status: u16, request: &RefusedRequest<'_>) -> bool {
    request.is_signed && (matches!(status, 401 | 403) || status == request.rejection_status)
}

fn credentials(request: &RefusedRequest<'_>) -> String {
    if !request.is_signed {
        return "the request was not signed: does the app require a signature?".to_owned();
    }
    format!(
        "does the app have the same secret, and is `-p {}` the right provider?",
        request.provider_id
    )
}

fn unavailable(_: &RefusedRequest<'_>) -> String {
    "is the app running? This status usually comes from a proxy in front of it".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(is_signed: bool) -> RefusedRequest<'static> {
        RefusedRequest {
            method: "POST",
            path: "/hooks",
            content_type: "application/json",
            body_bytes: 812,
            provider_id: "acme",
            provider_name: "Acme",
            success: &[StatusPattern::Exactly(200)],
            rejection_status: 400,
            is_signed,
        }
    }

    #[test]
    fn each_status_has_its_hint() {
        for (status, expected) in [
            (204, "Acme counts only `200` as a success"),
            (301, "follow a redirect"),
            (308, "follow a redirect"),
            (400, "does the app have the same secret"),
            (401, "does the app have the same secret, and is `-p acme` the right provider?"),
            (403, "the same secret"),
            (404, "is the path right? `POST /hooks` is what was requested"),
            (405, "does this path accept POST?"),
            (413, "accept a body of 812 bytes"),
            (415, "accept `Content-Type: application/json`"),
            (429, "a rate limit"),
            (500, "the app failed"),
            (501, "implement POST"),
            (502, "is the app running?"),
            (503, "is the app running?"),
            (504, "is the app running?"),
            (599, "the app failed"),
        ] {
            let hint = status_hint(status, &request(true)).unwrap_or_default();
            assert!(hint.contains(expected), "{status}: {hint}");
            assert!(!hint.ends_with('.'), "{hint}");
        }
        assert_eq!(status_hint(406, &request(true)), None);
        assert_eq!(status_hint(422, &request(true)), None);
    }

    #[test]
    fn only_a_signed_request_has_a_wrong_signature() {
        let [signed, unsigned] = [request(true), request(false)];
        for status in [400, 401, 403] {
            assert!(suspects_signature(status, &signed) && !suspects_signature(status, &unsigned));
            let hint = status_hint(status, &unsigned).unwrap();
            assert!(hint.contains("was not signed"), "{hint}");
        }
        assert!(!suspects_signature(404, &signed) && !suspects_signature(500, &signed));
    }
}
