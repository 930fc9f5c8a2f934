//! Cases that a receiver must reject: forged, broken and unrelated requests.

use crate::domain::conformance::{CaseGroup, RequirementLevel};
use crate::domain::message::Message;
use crate::domain::verdict::Proof;
use crate::engine::conformance::case::{Action, ConformanceCase, Effect, single_request};
use crate::engine::conformance::expect::ExpectedResponse;
use crate::engine::conformance::payload_builder::PayloadBuilder;
use crate::engine::tamper;
use crate::protocols::schemes::scheme::{Impact, Tamper};
use crate::providers::pack::Pack;

/// A request that is not a usable delivery.
struct RejectsRow {
    id: &'static str,
    level: RequirementLevel,
    about: &'static str,
    advice: &'static str,
    source: &'static str,
    configure: fn(&mut PayloadBuilder<'_>),
    /// Changes the request after it is signed.
    change: fn(&Pack, &mut Message),
    expect: ExpectedResponse,
}

const SIGNED: RejectsRow = RejectsRow {
    id: "",
    level: RequirementLevel::Must,
    about: "",
    advice: "",
    source: "RFC 9110, section 15.5",
    configure: |_| {},
    change: |_, _| {},
    expect: ExpectedResponse::RejectedAsUnusable,
};

/// The case of a signature in the query, which only a provider with signatures has.
const SIGNATURE_IN_QUERY: &str = "signature-in-query";

const ROWS: &[RejectsRow] = &[
    RejectsRow {
        id: SIGNATURE_IN_QUERY,
        about: "the signature in the query instead of the header",
        advice: "Read the signature only from its header.",
        source: "the provider's documentation",
        change: |pack, message| {
            let header = pack.provider.signature.header().unwrap_or_default();
            let value = message.headers.get_str(header).unwrap_or_default().replace(' ', "%20");
            let separator = if message.target.contains('?') { '&' } else { '?' };
            message.target = format!("{}{separator}{header}={value}", message.target);
            message.headers.remove(header);
        },
        expect: ExpectedResponse::RejectedAsForged,
        ..SIGNED
    },
    RejectsRow {
        id: "not-json",
        about: "a body that is not JSON, signed",
        advice: "Answer 400 if the body cannot be parsed: an unhandled exception turns it into a \
                 500.",
        configure: |builder| {
            builder.raw_body = Some(b"first_name=Ann&email=ann@example.com".to_vec());
        },
        ..SIGNED
    },
    RejectsRow {
        id: "torn-json",
        about: "truncated JSON, signed",
        advice: "Answer 400 if the body cannot be parsed: an unhandled exception turns it into a \
                 500.",
        configure: |builder| builder.raw_body = Some(b"{\"id\":\"1\",\"first_name\":\"An".to_vec()),
        ..SIGNED
    },
    RejectsRow {
        id: "empty-body",
        about: "an empty body, signed",
        advice: "Answer 400: providers never send an empty body.",
        configure: |builder| builder.raw_body = Some(Vec::new()),
        ..SIGNED
    },
    RejectsRow {
        id: "2-mib",
        level: RequirementLevel::Should,
        about: "a body of 2 MiB",
        advice: "Limit the body size, and answer 413 above the limit.",
        source: "RFC 9110, section 15.5.14",
        configure: |builder| {
            builder.raw_body =
                Some([b"{\"x\":\"", "y".repeat(2 << 20).as_bytes(), b"\"}"].concat());
        },
        expect: ExpectedResponse::NoServerErrorOrClosed,
        ..SIGNED
    },
    RejectsRow {
        id: "byte-order-mark",
        level: RequirementLevel::Should,
        about: "a byte order mark before the JSON, signed with it",
        advice: "Accept it or answer 400; do not let the parser throw.",
        source: "RFC 8259, section 8.1",
        configure: |builder| builder.prefix = b"\xef\xbb\xbf",
        expect: ExpectedResponse::NoServerError,
        ..SIGNED
    },
    RejectsRow {
        id: "wrong-content-type",
        level: RequirementLevel::May,
        about: "a delivery with `Content-Type: text/plain`",
        advice: "Accept it or answer 415; do not let the parser throw.",
        source: "RFC 9110, section 15.5.16",
        change: |_, message| message.headers.replace("Content-Type", "text/plain"),
        expect: ExpectedResponse::NoServerError,
        ..SIGNED
    },
    RejectsRow {
        id: "get",
        level: RequirementLevel::Should,
        about: "a GET without a body",
        advice: "Answer 404 or 405 to anything except POST.",
        source: "RFC 9110, section 15.5.6",
        change: |_, message| remove_body(message, "GET"),
        expect: ExpectedResponse::RejectedAsForeign,
        ..SIGNED
    },
    RejectsRow {
        id: "head",
        level: RequirementLevel::Should,
        about: "a HEAD",
        advice: "Answer 404 or 405 to anything except POST.",
        source: "RFC 9110, section 15.5.6",
        change: |_, message| remove_body(message, "HEAD"),
        expect: ExpectedResponse::RejectedAsForeign,
        ..SIGNED
    },
];

/// Returns a case for every defect of the scheme, then one for every unusable request.
pub(super) fn cases(pack: &Pack) -> Vec<ConformanceCase> {
    let defects = tamper::for_scheme(&pack.provider.signature)
        // A receiver may accept any encoding: the digest proves the same.
        .filter(|tamper| tamper.impact != Impact::EncodingOnly)
        .map(tamper_case);
    let has_signature = pack.provider.signature.proof() == Proof::Signature;
    let rows = ROWS.iter().filter(|row| has_signature || row.id != SIGNATURE_IN_QUERY);
    defects.chain(rows.map(RejectsRow::case)).collect()
}

fn tamper_case(tamper: &'static Tamper) -> ConformanceCase {
    ConformanceCase {
        id: tamper.name.to_owned(),
        group: CaseGroup::Rejects,
        level: match tamper.impact {
            Impact::Forgery => RequirementLevel::Must,
            Impact::Harmless | Impact::EncodingOnly => RequirementLevel::Should,
            Impact::AcceptedByVendor => RequirementLevel::May,
        },
        about: tamper.about.to_owned(),
        advice: tamper.advice,
        source: tamper.source,
        action: Action::Trial(Box::new(move |context| {
            let mut builder = context.minimal_builder();
            builder.tamper = Some(tamper);
            if tamper.impact == Impact::AcceptedByVendor {
                return Ok(single_request(builder.build()?, ExpectedResponse::NoServerError));
            }
            let mut trial = single_request(builder.build()?, ExpectedResponse::RejectedAsForged);
            trial.effect = Some(Effect::NONE);
            Ok(trial)
        })),
    }
}

impl RejectsRow {
    fn case(&'static self) -> ConformanceCase {
        ConformanceCase {
            id: self.id.to_owned(),
            group: CaseGroup::Rejects,
            level: self.level,
            about: self.about.to_owned(),
            advice: self.advice,
            source: self.source,
            action: Action::Trial(Box::new(|context| {
                let mut builder = context.minimal_builder();
                (self.configure)(&mut builder);
                let mut message = builder.build()?;
                (self.change)(context.pack, &mut message);
                let mut trial = single_request(message, self.expect);
                let must_reject = matches!(
                    self.expect,
                    ExpectedResponse::RejectedAsForged
                        | ExpectedResponse::RejectedAsUnusable
                        | ExpectedResponse::RejectedAsForeign
                );
                trial.effect = must_reject.then_some(Effect::NONE);
                Ok(trial)
            })),
        }
    }
}

/// Changes the method, and removes the body.
fn remove_body(message: &mut Message, method: &str) {
    method.clone_into(&mut message.method);
    message.body.clear();
    message.headers.remove("Content-Type");
}
