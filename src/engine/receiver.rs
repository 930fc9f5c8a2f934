//! The practice receiver: behaves as the vendors document it, or has one named fault.

mod faults;
mod handshake_fault;

pub use faults::{FAULTS, Fault};

use crate::domain::message::{Message, Response};
use crate::domain::secret::{Keyring, Secret};
use crate::domain::verdict::Verdict;
use crate::engine::fetch;
use crate::engine::fetch::Resource;
use crate::engine::handshake;
use crate::engine::judge::{Judge, Judgement};
use crate::engine::ledger::{Identity, Ledger, LedgerEntry};
use crate::providers::provider::Provider;
use faults::{CORRECT_RECEIVER, Deduplication};
use jiff::Timestamp;
use std::time::Duration;

/// The status for a request of an unrecognised provider.
const UNRECOGNISED_STATUS: u16 = 401;

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
                if self.fault.accepts_any_method {
                    return query_result(Response::text(self.fault.success_status, "ok\n"));
                }
                let mut response = Response::text(405, "POST a webhook here, or GET /count\n");
                response.headers.push("Allow", "POST");
                query_result(response)
            }),
        }
    }

    /// Answers the handshake of a provider; `None` if the request is none.
    fn answer_handshake(&self, message: &Message) -> Option<HandledRequest> {
        let answer = handshake::answer(&self.judge.named_packs(), &self.handshake_tokens, message)?;
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
        let mut judgement = self.judge.judge(&hashed, at);
        if let Some(pack) = judgement.pack.as_ref().filter(|_| self.fault.has_one_secret) {
            let secrets = self.judge.keyring().secrets_for(&pack.provider.id);
            let first = secrets.get(..1).unwrap_or_default();
            judgement.verdict.signature = pack.provider.signature.verify(first, &hashed, at);
        }
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
