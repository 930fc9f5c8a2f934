//! Answers the handshake of a provider, which is no delivery: it is neither counted nor saved.

use super::WebhookService;
use crate::commands::handshake_args::handshake_variable;
use crate::commands::listen::event::{HandshakeEvent, ServiceEvent};
use crate::domain::message::{Message, Response};
use crate::engine::handshake;
use crate::engine::handshake::HandshakeOutcome;
use std::net::SocketAddr;

impl WebhookService {
    /// Returns the response to the handshake of a provider; `None` if the request is none.
    pub(super) fn handshake_response(
        &self,
        remote: SocketAddr,
        message: &Message,
    ) -> Option<Response> {
        let packs = self.parts.judge.packs();
        let answer = handshake::answer(packs, &self.parts.handshake_tokens, message)?;
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
