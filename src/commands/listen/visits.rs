//! What can be seen of a running listener by asking it: alive, ready, its figures, its health.

use crate::commands::listen::desk::Desk;
use crate::commands::listen::health::Health;
use crate::domain::message::{Headers, Message, Response};
use crate::io::client;
use crate::io::listener::{Answer, Answering, Handler, Received, Refusal};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// How long a target may take to accept a connection.
const REACH: Duration = Duration::from_secs(2);

/// Answers on the port of its own that `--admin` asks for.
#[derive(Debug)]
pub(super) struct Admin(pub(super) Arc<Desk>);

impl Handler for Admin {
    fn answer(self: Arc<Self>, received: Received) -> Answering {
        Box::pin(async move {
            let Received { message, .. } = received;
            let path = message.target.split('?').next().unwrap_or_default();
            if !matches!(message.method.as_str(), "GET" | "HEAD") {
                let mut response = Response::text(405, "webhooks go to the other port\n");
                response.headers.push("Allow", "GET, HEAD");
                return Answer::Respond(response);
            }
            let shown = self.0.shown_at(path, &message).await;
            Answer::Respond(shown.unwrap_or_else(|| Response::text(404, "nothing is shown here\n")))
        })
    }

    fn refused(&self, remote: SocketAddr, refusal: &Refusal) {
        self.0.refused(remote, refusal);
    }
}

impl Desk {
    /// Returns the response to a request for a path at which something is shown.
    pub(super) async fn shown_at(&self, path: &str, message: &Message) -> Option<Response> {
        if path == "/healthz" {
            return Some(Response::text(200, "ok\n"));
        }
        let is_shown = matches!(path, "/readyz" | "/metrics") || path.starts_with("/health/");
        if !is_shown {
            return None;
        }
        if !self.admin_hosts().allow(message) {
            return Some(Response::text(421, "not shown under this host: see `--admin-host`\n"));
        }
        match path {
            "/readyz" if self.is_ready() => Some(Response::text(200, "ok\n")),
            "/readyz" => Some(Response::text(503, "captures cannot be kept\n")),
            "/metrics" => {
                let (text, media_type) = self.metrics().text(&self.state());
                Some(shown(200, media_type, text))
            }
            path => self.health(path.strip_prefix("/health/")?).await,
        }
    }

    /// The health of what one provider sends; nothing where no pack is called so.
    async fn health(&self, id: &str) -> Option<Response> {
        let pack = self.judge().packs().find(id).ok()?;
        let at = self.now();
        let mut observed = self.observed(&pack.provider, at);
        for state in self.targets() {
            let is_up = client::is_up(&state.target, REACH).await;
            observed.reachable = Some(observed.reachable.unwrap_or(true) && is_up);
        }
        let health = Health::of(observed, at);
        let json = serde_json::to_string(&health).unwrap_or_default();
        Some(shown(health.http_status(), "application/json", json + "\n"))
    }
}

/// The host names under which the state is shown, besides `localhost` and every IP address.
///
/// A page that a browser has open can reach this machine under a name of its own (DNS rebinding). It
/// cannot do so under an address, so that only names have to be known.
#[derive(Debug, Default)]
pub(super) struct AdminHosts(Vec<String>);

impl AdminHosts {
    /// Adds names, without a port.
    pub(super) fn new(names: Vec<String>) -> Self {
        Self(names)
    }

    /// Returns `true` if the request names a known host. HTTP/1.0 has none, and no browser speaks it.
    fn allow(&self, message: &Message) -> bool {
        let mut hosts = message.headers.all("Host").peekable();
        if hosts.peek().is_none() {
            return message.http_version == "HTTP/1.0";
        }
        hosts.all(|host| str::from_utf8(host).is_ok_and(|host| self.allows(without_port(host))))
    }

    fn allows(&self, host: &str) -> bool {
        let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_address = match address {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => host.parse::<Ipv4Addr>().is_ok(),
        };
        let mut names = self.0.iter().map(String::as_str).chain(["localhost"]);
        is_address || names.any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// Returns a host without its port.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => host,
    }
}

fn shown(status: u16, media_type: &str, text: String) -> Response {
    let headers = Headers::from_iter([("Content-Type", media_type)]);
    Response { status, headers, body: text.into_bytes(), truncated: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_are_known_are_hosts_of_the_state() {
        let hosts = AdminHosts::new(vec!["leadhook".to_owned()]);
        for (host, allowed) in [
            ("127.0.0.1:9090", true),
            ("127.0.0.1", true),
            ("10.1.2.3:9090", true),
            ("[::1]:9090", true),
            ("[fd00::1]", true),
            ("localhost:9090", true),
            ("LocalHost", true),
            ("leadhook:9090", true),
            ("LEADHOOK", true),
            ("example.com", false),
            ("example.com:9090", false),
            ("leadhook.example.com", false),
            ("localhost.example.com", false),
            ("127.0.0.1.example.com", false),
            ("::1", false),
            ("[leadhook]", false),
            ("127.1", false),
            ("0x7f000001", false),
            ("", false),
        ] {
            let message =
                Message { headers: Headers::from_iter([("Host", host)]), ..Message::get() };
            assert_eq!(hosts.allow(&message), allowed, "{host}");
        }
        let two = Headers::from_iter([("Host", "localhost"), ("Host", "example.com")]);
        assert!(!hosts.allow(&Message { headers: two, ..Message::get() }));
        assert!(!hosts.allow(&Message::get()), "HTTP/1.1 must name its host");
        let old = Message { http_version: "HTTP/1.0".to_owned(), ..Message::get() };
        assert!(hosts.allow(&old));
    }
}
