//! A number that tells how much a receiver has taken in: from a URL, or from a command.

use crate::domain::message::Message;
use crate::domain::target::Target;
use crate::io::client::{Client, ConnectOptions};
use crate::io::environment::Environment;
use crate::io::error::Error;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The longest that a probe may take.
const LIMIT: Duration = Duration::from_secs(10);

/// More than any number.
const MAX_OUTPUT: u64 = 64 * 1024;

/// How often it is looked whether a command has ended.
const STEP: Duration = Duration::from_millis(2);

/// Where the number comes from.
#[derive(Debug)]
#[non_exhaustive]
pub enum Probe {
    /// The body of an answer to a GET.
    Url {
        /// What is asked.
        url: String,
        /// What asks it.
        client: Box<Client>,
    },
    /// What a command prints. The shell reads the user's own words alone; what is being done is in
    /// its environment.
    Command(String),
}

impl Probe {
    /// A probe that asks a URL.
    pub fn of_url(target: &Target) -> Result<Self, Error> {
        let options = ConnectOptions { timeout: Some(LIMIT), ..ConnectOptions::default() };
        let client = Client::new(target, &options, &Message::get())?;
        Ok(Self::Url { url: target.to_string(), client: Box::new(client) })
    }

    /// The number now, while the case of that name is tried.
    pub fn count(&self, env: &Environment, case: &str, provider: &str) -> Result<u64, Error> {
        let text = match self {
            Self::Url { url, client } => {
                let exchange = client.send(&Message::get()).map_err(|failure| Error::Probe {
                    probe: url.clone(),
                    problem: failure.reason,
                })?;
                let response = exchange.response;
                if response.status != 200 {
                    let problem = format!("it answered {}", response.status);
                    return Err(Error::Probe { probe: url.clone(), problem });
                }
                response.body
            }
            Self::Command(command) => run(env, command, case, provider)
                .map_err(|problem| Error::Probe { probe: command.clone(), problem })?,
        };
        let text = String::from_utf8_lossy(&text);
        let text = text.trim();
        text.parse().map_err(|_| {
            let shown: String = text.chars().take(40).collect();
            Error::Probe {
                probe: self.name().to_owned(),
                problem: format!("it gave `{shown}`, expected a whole number"),
            }
        })
    }

    fn name(&self) -> &str {
        match self {
            Self::Url { url, .. } => url,
            Self::Command(command) => command,
        }
    }
}

/// What a command prints.
fn run(env: &Environment, command: &str, case: &str, provider: &str) -> Result<Vec<u8>, String> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .env_clear()
        .envs(env.vars())
        .env("LEADHOOK_CASE", case)
        .env("LEADHOOK_PROVIDER", provider)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    let output = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.map(|output| output.take(MAX_OUTPUT).read_to_end(&mut bytes));
        read.transpose().map(|_| bytes)
    });
    let end = Instant::now() + LIMIT;
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if Instant::now() >= end => {
                stop(&mut child);
                return Err(format!("it took more than {}", humantime::format_duration(LIMIT)));
            }
            None => std::thread::sleep(STEP),
        }
    };
    if !status.success() {
        return Err(format!("it failed: {status}"));
    }
    match reader.join() {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("its output could not be read".to_owned()),
    }
}

fn stop(child: &mut Child) {
    // It may have ended by itself just now.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_command_gets_the_variables_of_the_run_and_none_of_the_process() {
        let env = Environment::fixed(&[("COUNT", "4")], jiff::Timestamp::UNIX_EPOCH);
        // Cargo sets this variable for every test.
        let command = "echo $COUNT${CARGO_MANIFEST_DIR:+9}${LEADHOOK_CASE}".to_owned();
        assert_eq!(Probe::Command(command).count(&env, "2", "acme").unwrap(), 42);
    }
}
