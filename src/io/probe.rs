//! Side-effect probe: reads the number of processed deliveries from a URL or a command.

mod number;

pub use number::NumberLocation;

use crate::domain::message::Message;
use crate::domain::target::Target;
use crate::io::child;
use crate::io::child::{Bounds, ChildFailure};
use crate::io::client::{Client, ConnectOptions};
use crate::io::environment::Environment;
use crate::io::error::Error;
use number::{NumberProblem, plain_number};
use std::process::Command;
use std::time::Duration;

/// The maximum time of a probe.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum output of a command, longer than any number.
const MAX_OUTPUT: usize = 64 * 1024;

/// The maximum length of a response: a list of all leads of a test database.
const MAX_RESPONSE: usize = 16 * 1024 * 1024;

/// The source of the number.
#[derive(Debug)]
#[non_exhaustive]
pub enum Probe {
    /// The response to a GET request.
    Url {
        /// The URL.
        url: String,
        /// The location of the number in the response.
        location: NumberLocation,
        /// The client for the URL.
        client: Box<Client>,
    },
    /// The output of a shell command.
    ///
    /// The command line is exactly what the user gave; the case and the provider are passed in
    /// environment variables. The command is killed after the time limit, with all its child
    /// processes.
    Command(String),
}

/// The case for which a probe runs.
#[derive(Clone, Copy, Debug)]
pub struct ProbeContext<'a> {
    /// The id of the conformance case.
    pub case: &'a str,
    /// The id of the provider.
    pub provider: &'a str,
}

impl Probe {
    /// Creates a probe of a URL whose response has the number at this location.
    pub fn of_url(target: &Target, location: NumberLocation) -> Result<Self, Error> {
        let client = Client::new(target, &ConnectOptions::default(), &Message::get())?
            .with_max_body(MAX_RESPONSE);
        Ok(Self::Url { url: target.to_string(), location, client: Box::new(client) })
    }

    /// Returns the current number, or an error after `limit`. A command is killed then, and once
    /// `interrupted` returns `true`.
    pub fn count(
        &self,
        env: &Environment,
        context: ProbeContext<'_>,
        limit: Duration,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<u64, Error> {
        let number = match self {
            Self::Url { location, client, .. } => client
                .send_within(&Message::get(), Some(limit))
                .map_err(|failure| NumberProblem::new(failure.reason))
                .and_then(|exchange| location.read(&exchange.response)),
            Self::Command(command) => run(env, command, context, limit, interrupted)
                .map_err(NumberProblem::new)
                .and_then(|output| plain_number(&output)),
        };
        number.map_err(|NumberProblem { problem, hint }| Error::Probe {
            probe: self.name().to_owned(),
            problem,
            hint,
        })
    }

    fn name(&self) -> &str {
        match self {
            Self::Url { url, .. } => url,
            Self::Command(command) => command,
        }
    }
}

/// Returns the output of a command.
fn run(
    env: &Environment,
    command: &str,
    context: ProbeContext<'_>,
    limit: Duration,
    interrupted: &dyn Fn() -> bool,
) -> Result<Vec<u8>, String> {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .env_clear()
        .envs(env.vars())
        .env("LEADHOOK_CASE", context.case)
        .env("LEADHOOK_PROVIDER", context.provider);
    let bounds = Bounds { timeout: limit, output: MAX_OUTPUT };
    match child::output(&mut shell, bounds, interrupted) {
        Ok((status, bytes)) if status.success() => Ok(bytes),
        Ok((status, _)) => Err(format!("it failed: {status}")),
        Err(ChildFailure::TimedOut) => {
            Err(format!("it took more than {}", humantime::format_duration(limit)))
        }
        Err(ChildFailure::Interrupted) => Err("the check was interrupted".to_owned()),
        Err(ChildFailure::Io(error)) => Err(error.to_string()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_command_gets_the_variables_of_its_environment_only() {
        let env = Environment::fixed(&[("COUNT", "4")], jiff::Timestamp::UNIX_EPOCH);
        // Cargo sets this variable for every test.
        let command = "echo $COUNT${CARGO_MANIFEST_DIR:+9}${LEADHOOK_CASE}".to_owned();
        let context = ProbeContext { case: "2", provider: "acme" };
        assert_eq!(Probe::Command(command).count(&env, context, TIMEOUT, &|| false).unwrap(), 42);
    }
}
