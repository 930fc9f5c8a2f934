//! `leadhook health`: asks a listener if it is ready, for container health checks.

use crate::commands::value_parsers::positive_duration_argument;
use crate::domain::message::Message;
use crate::domain::target::Target;
use crate::domain::time::milliseconds;
use crate::error::{Error, Exit};
use crate::io::client::{Client, ConnectOptions};
use crate::io::environment::Environment;
use crate::output::printer::{Look, Printer, Report};
use crate::output::sanitize;
use clap::Args;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::time::Duration;

/// The path of a target without one.
const READINESS_PATH: &str = "/readyz";

/// The maximum number of characters of a response that are shown.
const MAX_DETAIL: usize = 200;

const EXAMPLES: &str = "\
Examples:
  leadhook health                    # the listener on port 9090
  leadhook health :9091              # the port of `listen --admin :9091`
  HEALTHCHECK CMD [\"leadhook\", \"health\"]";

/// Check that a listener is ready, for the health check of a container
///
/// Requests `/readyz`, which `leadhook listen` serves. Redirects are not followed. No configuration
/// file is read.
///
/// Exit status 0 if the response has a status from 200 to 299, 1 if it has another one or if there
/// is no response.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct HealthCheck {
    /// URL to request, or `:9091`, `9091`, `localhost:9091`; without a path, `/readyz`
    #[arg(
        id = "health_url",
        value_name = "URL",
        default_value = "http://127.0.0.1:9090/readyz",
        value_parser = Target::parse
    )]
    target: Target,

    /// Maximum time for the response
    #[arg(id = "health_timeout", long = "timeout", value_name = "TIME", default_value = "2s", value_parser = positive_duration_argument)]
    timeout: Duration,
}

/// The result of the check.
#[derive(Debug, Serialize)]
struct HealthReport {
    url: String,
    /// `true` if it is ready.
    healthy: bool,
    /// The status; `None` if there was no response.
    status: Option<u16>,
    duration_ms: u64,
    /// The first line of a response that is not a success, or the reason why there is none.
    problem: Option<String>,
}

impl HealthCheck {
    /// Requests the endpoint once, and prints the result.
    pub(super) fn run(self, env: &Environment, printer: &mut Printer) -> Result<Exit, Error> {
        let target = match self.target {
            target if target.has_path() => target,
            target => target.with_path(READINESS_PATH),
        };
        let options = ConnectOptions {
            timeout: Some(self.timeout),
            stdin: env.stdin().clone(),
            ..ConnectOptions::default()
        };
        let message = Message { target: target.path_and_query(), ..Message::get() };
        let result = Client::new(&target, &options, &message)?.send(&message);
        let report = match result {
            Ok(exchange) => {
                let status = exchange.response.status;
                let healthy = (200..300).contains(&status);
                let problem = if healthy { None } else { first_line(&exchange.response.body) };
                let duration_ms = milliseconds(exchange.took);
                HealthReport {
                    url: target.to_string(),
                    healthy,
                    status: Some(status),
                    duration_ms,
                    problem,
                }
            }
            Err(failure) => HealthReport {
                url: target.to_string(),
                healthy: false,
                status: None,
                duration_ms: milliseconds(failure.took),
                problem: Some(failure.reason),
            },
        };
        printer.report(&report)?;
        Ok(if report.healthy { Exit::Success } else { Exit::Failure })
    }
}

/// Returns the beginning of the first line of a body, if it is not blank.
fn first_line(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| line.chars().take(MAX_DETAIL).collect())
}

impl Report for HealthReport {
    const KIND: &'static str = "health";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let word = if self.healthy { theme.good("ready") } else { theme.bad("not ready") };
        let problem = self.problem.as_ref().map(|problem| sanitize::line(problem));
        let told = match (self.status, problem) {
            (Some(status), None) => format!("responded {status}"),
            (Some(status), Some(problem)) => format!("responded {status}: {problem}"),
            (None, problem) => format!("no response: {}", problem.unwrap_or_default()),
        };
        writeln!(out, "{word}: {} {told}", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_response_is_shown_up_to_a_limit() {
        assert_eq!(
            first_line(b"captures cannot be saved\nx"),
            Some("captures cannot be saved".into())
        );
        assert_eq!(first_line(b""), None);
        assert_eq!(first_line(b"\n\n"), None);
        assert_eq!(first_line("ä".repeat(500).as_bytes()).unwrap().chars().count(), MAX_DETAIL);
    }
}
