//! The faults of the practice receiver, and the correct receiver as a row without one.

use crate::domain::message::{Headers, Message};
use crate::domain::time::parse_duration;
use crate::domain::verdict::SignatureStatus;
use crate::engine::receiver::handshake_fault::HandshakeFault;
use crate::protocols::json_stringify;
use crate::providers::Packs;
use crate::providers::provider::Provider;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use std::time::Duration;

/// One fault of a receiver: the behavior in which it may differ from the correct receiver.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate way to differ")]
pub struct Fault {
    /// Its name.
    pub name: &'static str,
    /// A short description.
    pub about: &'static str,
    /// Returns the bytes that are hashed for verification.
    pub(super) hashed_body: fn(&Bytes) -> Bytes,
    /// Returns the status of a rejection; a correct receiver returns the second argument.
    pub(super) rejection_status: fn(SignatureStatus, u16) -> u16,
    /// The rule by which it deduplicates.
    pub(super) deduplication: Deduplication,
    /// Returns the headers that the receiver can find.
    pub(super) visible_headers: fn(&Headers, &Packs) -> Headers,
    /// Returns `true` for requests whose signature is not verified.
    pub(super) skips_verification: fn(&Message, &Provider) -> bool,
    /// The status of an accepted delivery.
    pub(super) success_status: u16,
    /// The status for a body that is not JSON.
    pub(super) not_json_status: u16,
    /// The status for an unknown event, or `None` if unknown events are accepted.
    pub(super) unknown_event_status: Option<u16>,
    /// The status for an event that needs an existing lead, or `None` if such events are accepted.
    pub(super) later_event_status: Option<u16>,
    /// The size of a body above which it answers 413, in bytes.
    pub(super) max_body: usize,
    /// The processing time of each delivery.
    pub(super) processing_time: Duration,
    /// `true` if other deliveries have to wait meanwhile.
    pub(super) blocks: bool,
    /// The fault of its answer to a handshake.
    pub(super) handshake: HandshakeFault,
    /// `true` if it does not fetch what a delivery only names.
    pub(super) skips_fetch: bool,
    /// `true` if it accepts a request of any method.
    pub(super) accepts_any_method: bool,
    /// `true` if it verifies with the first of its secrets only.
    pub(super) has_one_secret: bool,
}

/// The rule by which a receiver detects a repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deduplication {
    /// By message id; without one, as the [ledger](crate::engine::ledger) does.
    ById,
    /// By body, regardless of the id.
    ByBody,
    /// By message id, which it stores before it verifies the signature.
    BeforeVerification,
    /// Never: it processes every repeat again.
    Never,
}

pub(super) const CORRECT_RECEIVER: Fault = Fault {
    name: "none",
    about: "behaves as the vendors document it",
    hashed_body: Bytes::clone,
    rejection_status: |_, status| status,
    deduplication: Deduplication::ById,
    visible_headers: |headers, _| headers.clone(),
    skips_verification: |_, _| false,
    success_status: 200,
    not_json_status: 400,
    unknown_event_status: None,
    later_event_status: None,
    max_body: usize::MAX,
    processing_time: Duration::ZERO,
    blocks: false,
    handshake: HandshakeFault::None,
    skips_fetch: false,
    accepts_any_method: false,
    has_one_secret: false,
};

/// All faults, in the order in which they are listed.
pub const FAULTS: &[Fault] = &[
    Fault {
        name: "hash-parsed-body",
        about: "hashes the parsed and re-serialized body instead of the raw bytes",
        hashed_body: |body| {
            json_stringify::restringify(body).map_or_else(|_| body.clone(), Bytes::from)
        },
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "throws-on-short-signature",
        about: "compares buffers of different lengths, which throws: a 500",
        rejection_status: |status, documented| {
            if status == SignatureStatus::Malformed { 500 } else { documented }
        },
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "answers-500-to-forgery",
        about: "responds with 500 to an invalid signature: the provider keeps retrying",
        rejection_status: |_, _| 500,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "no-dedupe",
        about: "processes a repeat as a new message and counts it twice",
        deduplication: Deduplication::Never,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "dedupes-by-body",
        about: "treats two messages with the same body as one and loses the second",
        deduplication: Deduplication::ByBody,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "dedupes-before-verifying",
        about: "stores the id of a forged message, and takes the genuine one for a repeat",
        deduplication: Deduplication::BeforeVerification,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "answers-204",
        about: "accepts with 204, which some providers treat as a failure",
        success_status: 204,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "accepts-alg-none",
        about: "accepts an unsigned token (`\"alg\": \"none\"`)",
        skips_verification: has_alg_none,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "throws-on-bad-json",
        about: "lets the parser throw if the body is not JSON: a 500",
        not_json_status: 500,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "case-sensitive-headers",
        about: "only finds headers in the case that the provider documents",
        visible_headers: with_documented_case,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "refuses-unknown-events",
        about: "responds with 422 to unknown events",
        unknown_event_status: Some(422),
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "406-to-updates",
        about: "responds with 406 to an event of an unknown lead: it is never sent again",
        later_event_status: Some(406),
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "limits-body",
        about: "responds with 413 to a body above 100 KiB, as Express does by default",
        max_body: 100 << 10,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "quotes-challenge",
        about: "returns the challenge of a handshake as JSON, in quotes",
        handshake: HandshakeFault::QuotesChallenge,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "ignores-handshake-token",
        about: "confirms a handshake with any token",
        handshake: HandshakeFault::IgnoresToken,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "needs-no-handshake-token",
        about: "confirms a handshake without a token",
        handshake: HandshakeFault::NeedsNoToken,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "reflects-challenge",
        about: "returns any challenge of a handshake, as HTML",
        handshake: HandshakeFault::ReflectsChallenge,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "never-fetches",
        about: "does not fetch what a delivery only names by its id",
        skips_fetch: true,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "blocks",
        about: "processes a delivery for 150 ms while all others wait",
        processing_time: Duration::from_millis(150),
        blocks: true,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "accepts-any-method",
        about: "responds with a success status to a GET or HEAD as well",
        accepts_any_method: true,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "one-secret",
        about: "verifies with the first secret only, also while the secret is rotated",
        has_one_secret: true,
        ..CORRECT_RECEIVER
    },
    Fault {
        name: "slow",
        about: "responds after 8 s, or after a custom time: `slow:500ms`",
        processing_time: Duration::from_secs(8),
        ..CORRECT_RECEIVER
    },
];

/// Removes the headers whose names differ in case from the provider's documentation.
fn with_documented_case(headers: &Headers, packs: &Packs) -> Headers {
    let documented: Vec<&str> =
        packs.iter().flat_map(|pack| documented_names(&pack.provider)).collect();
    let is_visible = |name: &str| {
        let is_same_header = |known: &&str| known.eq_ignore_ascii_case(name);
        !documented.iter().any(is_same_header) || documented.contains(&name)
    };
    headers.iter().filter(|(name, _)| is_visible(name)).collect()
}

/// Returns the header names in the case that a provider documents.
fn documented_names(provider: &Provider) -> impl Iterator<Item = &str> {
    let id = provider.message_id.as_ref().and_then(|facts| facts.location.header.as_deref());
    let event = provider.event.header.as_deref();
    provider.signature.header().into_iter().chain(id).chain(event)
}

/// Returns `true` if a token declares that it is not signed.
fn has_alg_none(message: &Message, provider: &Provider) -> bool {
    let value = provider.signature.place().text(message).unwrap_or_default();
    let header = value.trim_start_matches("Bearer ").split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    header.windows(6).any(|part| part.eq_ignore_ascii_case(b"\"none\""))
}

impl Fault {
    /// Returns the fault called `name`. A fault that takes time accepts a custom time after a
    /// colon, such as `slow:500ms`.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let (name, time) = match name.split_once(':') {
            Some((name, time)) => (name, Some(parse_duration(time).ok()?)),
            None => (name, None),
        };
        let mut fault = *FAULTS.iter().find(|fault| fault.name == name)?;
        if let Some(time) = time {
            if fault.processing_time.is_zero() {
                return None;
            }
            fault.processing_time = time;
        }
        Some(fault)
    }
}
