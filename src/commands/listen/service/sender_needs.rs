//! The other requests of senders whose deliveries need more than a response: the handshake, which is
//! no delivery, and so neither counted nor saved, and the resources that a receiver fetches.

use super::WebhookService;
use crate::commands::handshake_args::handshake_variable;
use crate::commands::listen::event::{HandshakeEvent, RecordedDelivery, ServiceEvent};
use crate::domain::message::{Message, Response};
use crate::engine::fetch;
use crate::engine::handshake;
use crate::engine::handshake::HandshakeOutcome;
use std::net::SocketAddr;

impl WebhookService {
    /// Makes what an accepted delivery names known to the server of `--fetch`, before the delivery is
    /// forwarded.
    pub(super) fn learn_resources(&self, recorded: &RecordedDelivery, message: &Message) {
        if let Some(service) = self.parts.fetch.as_ref().filter(|_| !recorded.is_rejected) {
            service.learn(fetch::resources(&recorded.judgement, message));
        }
    }

    /// Returns the response to the handshake of a provider; `None` if the request is none.
    pub(super) fn handshake_response(
        &self,
        remote: SocketAddr,
        message: &Message,
    ) -> Option<Response> {
        let packs = self.parts.judge.named_packs();
        let answer = handshake::answer(&packs, &self.parts.handshake_tokens, message)?;
        let is_unconfigured = answer.outcome == HandshakeOutcome::NotConfigured;
        let hint = is_unconfigured.then(|| {
            format!(
                "to answer it, start `listen` with `--handshake-token TEXT` or set `{}`",
                handshake_variable(&answer.provider)
            )
        });
        self.emit(ServiceEvent::Handshake(HandshakeEvent {
            received_at: self.parts.env.now(),
            remote,
            provider: answer.provider,
            outcome: answer.outcome,
            status: answer.response.status,
            hint,
        }));
        Some(answer.response)
    }
}
