//! The admin endpoints of a running listener: `/healthz`, `/readyz`, `/metrics`,
//! `/health/PROVIDER`, and with `--admin` `/_leadhook/respond`.

use crate::commands::listen::health::Health;
use crate::commands::listen::respond_control;
use crate::commands::listen::respond_control::RespondControl;
use crate::commands::listen::service::WebhookService;
use crate::domain::message::{Headers, Message, Response};
use crate::io::client;
use crate::io::listener::{Handler, ReceivedRequest, Refusal, Reply, ReplyFuture};
use jiff::Timestamp;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// The maximum time for a target to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The handler of the separate port that `--admin` opens.
#[derive(Debug)]
pub(super) struct AdminHandler {
    pub(super) service: Arc<WebhookService>,
    pub(super) respond_control: RespondControl,
}

impl Handler for AdminHandler {
    fn respond(self: Arc<Self>, received: ReceivedRequest) -> ReplyFuture {
        Box::pin(async move {
            let ReceivedRequest { message, remote } = received;
            let path = message.target.split('?').next().unwrap_or_default();
            if path == respond_control::PATH {
                if !self.service.admin_hosts().allow(&message) {
                    return Reply::Respond(unknown_host());
                }
                let control = &self.respond_control;
                return Reply::Respond(control.respond(&self.service, remote, &message));
            }
            if !matches!(message.method.as_str(), "GET" | "HEAD") {
                let mut response = Response::text(405, "webhooks are received on the other port\n");
                response.headers.push("Allow", "GET, HEAD");
                return Reply::Respond(response);
            }
            let response = self.service.admin_response(path, &message).await;
            Reply::Respond(response.unwrap_or_else(|| Response::text(404, "not found\n")))
        })
    }

    fn date(&self) -> Option<Timestamp> {
        self.service.date()
    }

    fn refused(&self, remote: SocketAddr, refusal: &Refusal) {
        self.service.refused(remote, refusal);
    }
}

impl WebhookService {
    /// Returns the response to a request for an admin endpoint; `None` for any other path.
    pub(super) async fn admin_response(&self, path: &str, message: &Message) -> Option<Response> {
        if path == "/healthz" {
            return Some(Response::text(200, "ok\n"));
        }
        let is_admin_path = matches!(path, "/readyz" | "/metrics") || path.starts_with("/health/");
        if !is_admin_path {
            return None;
        }
        if !self.admin_hosts().allow(message) {
            return Some(unknown_host());
        }
        match path {
            "/readyz" if self.is_ready() => Some(Response::text(200, "ok\n")),
            "/readyz" => Some(Response::text(503, "captures cannot be saved\n")),
            "/metrics" => {
                let (text, media_type) = self.metrics().encode(&self.gauge_values());
                Some(typed_response(200, media_type, text))
            }
            path => self.health_response(path.strip_prefix("/health/")?).await,
        }
    }

    /// Returns the health of the deliveries of one provider; `None` if no pack has this id.
    async fn health_response(&self, id: &str) -> Option<Response> {
        let pack = self.judge().packs().find(id).ok()?;
        let at = self.now();
        let mut observed = self.observations(&pack.provider, at);
        for state in self.targets() {
            let is_up = client::is_up(&state.target, CONNECT_TIMEOUT).await;
            observed.reachable = Some(observed.reachable.unwrap_or(true) && is_up);
        }
        let health = Health::of(observed, at);
        let json = serde_json::to_string(&health).unwrap_or_default();
        Some(typed_response(health.http_status(), "application/json", json + "\n"))
    }
}

/// Returns the response to a request under a host name that may be that of a web page.
fn unknown_host() -> Response {
    Response::text(421, "unknown host name: see `--admin-host`\n")
}

/// Creates a response with a body of the given media type.
fn typed_response(status: u16, media_type: &str, text: String) -> Response {
    let headers = Headers::from_iter([("Content-Type", media_type)]);
    Response { status, headers, body: text.into_bytes(), truncated: false }
}
