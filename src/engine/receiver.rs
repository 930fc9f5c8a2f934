//! The practice receiver: behaves as the vendors document it, or has one named fault.

mod handshake_fault;

use crate::domain::message::{Headers, Message, Response};
use crate::domain::secret::{Keyring, Secret};
use crate::domain::time::parse_duration;
use crate::domain::verdict::{SignatureStatus, Verdict};
use crate::engine::fetch;
use crate::engine::fetch::Resource;
use crate::engine::handshake;
use crate::engine::judge::{Judge, Judgement};
use crate::engine::ledger::{Identity, Ledger, LedgerEntry};
use crate::protocols::json_stringify;
use crate::providers::Packs;
use crate::providers::provider::Provider;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use handshake_fault::HandshakeFault;
use jiff::Timestamp;
use std::time::Duration;

/// The status for a request of an unrecognised provider.
const UNRECOGNISED_STATUS: u16 = 401;

/// One fault of a receiver: the behavior in which it may differ from the correct receiver.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Its name.
    pub name: &'static str,
    /// A short description.
    pub about: &'static str,
    /// Returns the bytes that are hashed for verification.
    hashed_body: fn(&Bytes) -> Bytes,
    /// Returns the status of a rejection; a correct receiver returns the second argument.
    rejection_status: fn(SignatureStatus, u16) -> u16,
    /// The rule by which it deduplicates.
    deduplication: Deduplication,
    /// Returns the headers that the receiver can find.
    visible_headers: fn(&Headers, &Packs) -> Headers,
    /// Returns `true` for requests whose signature is not verified.
    skips_verification: fn(&Message, &Provider) -> bool,
    /// The status of an accepted delivery.
    success_status: u16,
    /// The status for a body that is not JSON.
    not_json_status: u16,
    /// The status for an unknown event, or `None` if unknown events are accepted.
    unknown_event_status: Option<u16>,
    /// The status for an event that needs an existing lead, or `None` if such events are accepted.
    later_event_status: Option<u16>,
    /// The size of a body above which it answers 413, in bytes.
    max_body: usize,
    /// The processing time of each delivery.
    processing_time: Duration,
    /// `true` if other deliveries have to wait meanwhile.
    blocks: bool,
    /// The fault of its answer to a handshake.
    handshake: HandshakeFault,
    /// `true` if it does not fetch what a delivery only names.
    skips_fetch: bool,
}

/// The rule by which a receiver detects a repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deduplication {
    /// By message id; without one, as the [ledger](crate::engine::ledger) does.
    ById,
    /// By body, regardless of the id.
    ByBody,
    /// By message id, which it stores before it verifies the signature.
    BeforeVerification,
    /// Never: it processes every repeat again.
    Never,
}

const CORRECT_RECEIVER: Fault = Fault {
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

/// A webhook receiver that keeps its state in memory.
#[derive(Debug)]
pub struct PracticeReceiver {
    judge: Judge,
    fault: Fault,
    ledger: Ledger,
    count: u64,
    /// The tokens with which it answers handshakes.
    handshake_tokens: Keyring,
}

/// The result of handling one request.
#[derive(Clone, Debug)]
pub struct HandledRequest {
    /// The response.
    pub response: Response,
    /// The verdict on the request; `None` for queries such as `GET /count`.
    pub verdict: Option<Verdict>,
    /// The processing time before the response.
    pub processing_time: Duration,
    /// `true` if other deliveries have to wait meanwhile.
    pub blocks: bool,
    /// `true` if the request is a handshake: its query contains a secret.
    pub is_handshake: bool,
    /// The paths of the resources that the receiver fetches now.
    pub fetches: Vec<String>,
    /// The resources that an accepted delivery names.
    pub named: Vec<Resource>,
}

impl PracticeReceiver {
    /// Creates a receiver with a fault, or a correct one.
    #[must_use]
    pub fn new(judge: Judge, fault: Option<Fault>) -> Self {
        Self {
            judge,
            fault: fault.unwrap_or(CORRECT_RECEIVER),
            ledger: Ledger::default(),
            count: 0,
            handshake_tokens: Keyring::default(),
        }
    }

    /// Sets the tokens with which the receiver answers handshakes.
    #[must_use]
    pub fn with_handshake_tokens(self, handshake_tokens: Keyring) -> Self {
        Self { handshake_tokens, ..self }
    }

    /// Returns the number of accepted messages, not counting repeats.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the signature that the receiver computes for a message with this secret, from what
    /// its fault hashes; `None` if the provider is unknown or its scheme has no such value.
    #[must_use]
    pub fn computed_signature(
        &self,
        secret: &Secret,
        message: &Message,
        at: Timestamp,
    ) -> Option<String> {
        let hashed = Message { body: (self.fault.hashed_body)(&message.body), ..message.clone() };
        let pack = self.judge.judge(&hashed, at).pack?;
        pack.provider.signature.expected(secret, &hashed)
    }

    /// Handles one request.
    pub fn handle(&mut self, message: &Message, at: Timestamp) -> HandledRequest {
        let path = message.target.split('?').next().unwrap_or_default();
        match (message.method.as_str(), path) {
            ("GET" | "HEAD", "/count") => {
                query_result(Response::text(200, format!("{}\n", self.count)))
            }
            ("POST", _) => self.receive(message, at),
            _ => self.answer_handshake(message).unwrap_or_else(|| {
                let mut response = Response::text(405, "POST a webhook here, or GET /count\n");
                response.headers.push("Allow", "POST");
                query_result(response)
            }),
        }
    }

    /// Answers the handshake of a provider; `None` if the request is none.
    fn answer_handshake(&self, message: &Message) -> Option<HandledRequest> {
        let answer = handshake::answer(self.judge.packs(), &self.handshake_tokens, message)?;
        let response = self.fault.handshake.response(answer);
        Some(HandledRequest { is_handshake: true, ..query_result(response) })
    }

    /// Handles a delivery and adds the processing time of the fault.
    fn receive(&mut self, message: &Message, at: Timestamp) -> HandledRequest {
        let mut result = self.decide(message, at);
        (result.processing_time, result.blocks) = (self.fault.processing_time, self.fault.blocks);
        result
    }

    /// Decides on a delivery in the order of a typical receiver: size, signature, JSON, event, repeat.
    fn decide(&mut self, message: &Message, at: Timestamp) -> HandledRequest {
        if message.body.len() > self.fault.max_body {
            return query_result(Response::text(413, "the body is too large\n"));
        }
        let message = &Message {
            headers: (self.fault.visible_headers)(&message.headers, self.judge.packs()),
            ..message.clone()
        };
        let hashed = Message { body: (self.fault.hashed_body)(&message.body), ..message.clone() };
        let judgement = self.judge.judge(&hashed, at);
        let verdict = &judgement.verdict;
        let provider = judgement.pack.as_deref().map(|pack| &pack.provider);
        let is_trusted =
            provider.is_some_and(|provider| (self.fault.skips_verification)(message, provider));
        if !is_trusted && !self.judge.accepts_signature(&verdict.signature) {
            let documented =
                provider.map_or(UNRECOGNISED_STATUS, |provider| provider.receiver.rejection_status);
            let status = (self.fault.rejection_status)(verdict.signature.status, documented);
            if self.fault.deduplication == Deduplication::BeforeVerification {
                self.record(&judgement, message, at);
            }
            return delivery_result(
                Response::text(status, "invalid signature\n"),
                judgement.verdict,
            );
        }
        if verdict.payload.findings.iter().any(|finding| finding.code == "not-json") {
            return delivery_result(
                Response::text(self.fault.not_json_status, "not JSON\n"),
                judgement.verdict,
            );
        }
        if let Some(status) = provider.and_then(|provider| self.rejected_event(verdict, provider)) {
            return delivery_result(Response::text(status, "rejected\n"), judgement.verdict);
        }
        let entry = self.record(&judgement, message, at);
        let (mut fetches, mut named) = (Vec::new(), Vec::new());
        let response = if entry.attempt == 1 || self.fault.deduplication == Deduplication::Never {
            self.count += 1;
            named = fetch::resources(&judgement, message).collect();
            if !self.fault.skips_fetch {
                fetches = named.iter().map(|resource| resource.path.clone()).collect();
            }
            Response::text(self.fault.success_status, "ok\n")
        } else if entry.body_changed {
            let text = "not processed: this message arrived before with another body\n";
            Response::text(self.fault.success_status, text)
        } else {
            Response::text(self.fault.success_status, "already accepted\n")
        };
        HandledRequest { fetches, named, ..delivery_result(response, judgement.verdict) }
    }

    /// Records a delivery, and returns its entry, by the rule of this receiver.
    fn record(&mut self, judgement: &Judgement, message: &Message, at: Timestamp) -> LedgerEntry {
        let Judgement { verdict, pack, lead_id, identifying_values, .. } = judgement;
        let is_by_body = self.fault.deduplication == Deduplication::ByBody;
        let identity = Identity {
            provider: verdict.provider.as_deref(),
            event: verdict.event.as_deref(),
            message_id: verdict.message_id.as_deref().filter(|_| !is_by_body),
            identifying_values: identifying_values.as_deref().filter(|_| !is_by_body),
            lead_id: lead_id.as_deref(),
            order: pack.as_deref().and_then(|pack| pack.provider.order.as_ref()),
        };
        self.ledger.record(&identity, message, at)
    }

    /// Returns the status with which this receiver rejects the event, if it does.
    fn rejected_event(&self, verdict: &Verdict, provider: &Provider) -> Option<u16> {
        let event = verdict.event.as_deref()?;
        let is_known = provider.events.iter().any(|known| known.name == event);
        let is_later = provider
            .order
            .as_ref()
            .is_some_and(|order| order.later_events.iter().any(|it| it == event));
        match (is_known, is_later) {
            (false, _) => self.fault.unknown_event_status,
            (true, true) => self.fault.later_event_status,
            (true, false) => None,
        }
    }
}

fn query_result(response: Response) -> HandledRequest {
    HandledRequest {
        response,
        verdict: None,
        processing_time: Duration::ZERO,
        blocks: false,
        is_handshake: false,
        fetches: Vec::new(),
        named: Vec::new(),
    }
}

fn delivery_result(response: Response, verdict: Verdict) -> HandledRequest {
    HandledRequest { verdict: Some(verdict), ..query_result(response) }
}

#[cfg(test)]
mod tests;
