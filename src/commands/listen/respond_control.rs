//! `/_leadhook/respond`: shows and changes the scripts of `--respond` while the listener runs.

use crate::commands::listen::event::ServiceEvent;
use crate::commands::listen::response_args;
use crate::commands::listen::service::WebhookService;
use crate::domain::message::{Message, Response};
use crate::domain::response_scripts::{EventScript, ResponseScripts};
use crate::error::Error;
use crate::io::environment::Environment;
use crate::output::sanitize;
use std::net::SocketAddr;

/// The path of the endpoint.
pub(super) const PATH: &str = "/_leadhook/respond";

/// The maximum number of bytes of new scripts.
const MAX_BODY: usize = 4096;

/// The access to the scripts, for those who know the token of the run.
#[derive(Debug)]
pub(super) struct RespondControl {
    token: String,
    /// The provider of `--provider`, whose events need no prefix.
    provider: Option<String>,
}

impl RespondControl {
    /// Creates the access with a token that is valid for this run only.
    pub(super) fn new(env: &Environment, provider: Option<&str>) -> Self {
        let token = format!("{:016x}{:016x}", env.random_u64(), env.random_u64());
        Self { token, provider: provider.map(str::to_owned) }
    }

    /// Returns the end of the note that shows the token.
    pub(super) fn note(&self) -> String {
        format!("`PUT {PATH}` changes `--respond`: `Authorization: Bearer {}`", self.token)
    }

    /// Responds to a request for the endpoint.
    pub(super) fn respond(
        &self,
        service: &WebhookService,
        remote: SocketAddr,
        message: &Message,
    ) -> Response {
        let is_change = match message.method.as_str() {
            "GET" | "HEAD" => false,
            "PUT" => true,
            _ => {
                let mut response = Response::text(405, "GET or PUT the scripts of `--respond`\n");
                response.headers.push("Allow", "GET, HEAD, PUT");
                return response;
            }
        };
        if !self.is_authorized(message) {
            let text = "the token is missing or wrong: the listener printed it at start\n";
            let mut response = Response::text(401, text);
            response.headers.push("WWW-Authenticate", "Bearer");
            return response;
        }
        if !is_change {
            return listing(&service.scripts());
        }
        if message.body.len() > MAX_BODY {
            return Response::text(413, "too long: at most 4096 bytes\n");
        }
        match self.parse(service, &message.body) {
            Ok(scripts) => {
                let response = listing(&scripts);
                service.announce(ServiceEvent::Warning(format!(
                    "{remote} changed `--respond` to {}",
                    describe(&scripts)
                )));
                service.set_scripts(scripts);
                response
            }
            Err(problem) => Response::text(400, format!("{}\n", sanitize::line(&problem))),
        }
    }

    /// Returns `true` if the request has the token. The time it takes does not depend on how much of
    /// it is right.
    fn is_authorized(&self, message: &Message) -> bool {
        let mut values = message.headers.get_all("Authorization");
        let (Some(value), None) = (values.next(), values.next()) else { return false };
        let expected = format!("Bearer {}", self.token).into_bytes();
        let pairs = value.iter().zip(&expected);
        value.len() == expected.len() && pairs.fold(0, |found, (a, b)| found | (a ^ b)) == 0
    }

    /// Parses new scripts, one per line, as `--respond` does.
    fn parse(&self, service: &WebhookService, body: &[u8]) -> Result<ResponseScripts, String> {
        let text = str::from_utf8(body).map_err(|_| "expected text in UTF-8".to_owned())?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let scripts: Vec<EventScript> = lines
            .map(|line| line.parse().map_err(|error| format!("{error}")))
            .collect::<Result<_, String>>()?;
        let packs = service.judge().packs();
        for event in scripts.iter().filter_map(|scripted| scripted.event.as_ref()) {
            packs.find_event(event, self.provider.as_deref()).map_err(|error| error.to_string())?;
        }
        response_args::combine(scripts).map_err(|error: Error| error.to_string())
    }
}

/// Returns the scripts in the form in which they are changed: one per line.
fn listing(scripts: &ResponseScripts) -> Response {
    let lines: Vec<_> = scripts.iter().map(ToString::to_string).collect();
    let end = if lines.is_empty() { "" } else { "\n" };
    Response::text(200, lines.join("\n") + end)
}

/// Describes scripts in one line.
fn describe(scripts: &ResponseScripts) -> String {
    let all: Vec<_> = scripts.iter().map(|scripted| format!("`{scripted}`")).collect();
    if all.is_empty() { "the default, 200".to_owned() } else { all.join(", ") }
}
