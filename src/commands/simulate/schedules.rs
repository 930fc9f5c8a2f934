//! The retry schedules to run: the provider's, with the user's changes, and those of files.

use crate::commands::connection::ConnectionArgs;
use crate::commands::simulate::options::ScheduleArgs;
use crate::domain::retry::RetryPolicy;
use crate::engine::simulate::Scenario;
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::input;
use crate::output::sanitize;
use crate::protocols::policy_file;
use crate::protocols::policy_file::NamedPolicy;
use crate::providers::provider::Provider;
use std::path::Path;
use std::time::Duration;

/// The maximum size of a policy file: enough for 100,000 attempts.
const MAX_POLICY: u64 = 1024 * 1024;

/// A retry schedule with its name.
#[derive(Clone, Debug)]
pub(super) struct NamedSchedule {
    pub(super) name: String,
    pub(super) policy: RetryPolicy,
    /// The response timeout of its sender; `None` if it waits forever.
    timeout: Option<Duration>,
}

impl NamedSchedule {
    /// Returns a scenario with the timeout of this sender.
    pub(super) fn scenario(&self, scenario: &Scenario) -> Scenario {
        Scenario { timeout: self.timeout, ..scenario.clone() }
    }
}

impl ScheduleArgs {
    /// Returns the provider's retry schedule with the user's changes.
    pub(super) fn provider_schedule(
        &self,
        provider: &Provider,
        connection: &ConnectionArgs,
    ) -> NamedSchedule {
        let mut policy = provider.retry.clone();
        if !self.schedule.is_empty() {
            policy.waits.clone_from(&self.schedule);
            policy.documented = true;
            policy.note = None;
        }
        if let Some(max) = self.attempts {
            policy.waits.truncate(usize::from(max) - 1);
            policy.note = None;
        }
        let is_changed = policy != provider.retry;
        let name =
            if is_changed { format!("{}, changed", provider.name) } else { provider.name.clone() };
        NamedSchedule { name, timeout: connection.timeout(Some(&policy)), policy }
    }

    /// Returns the provider's retry schedule, followed by those to compare it with.
    pub(super) fn all(
        &self,
        env: &Environment,
        provider: &Provider,
        connection: &ConnectionArgs,
    ) -> Result<Vec<NamedSchedule>, Error> {
        let compared = self.policy.iter().map(|path| read_schedule(env, path, connection));
        std::iter::once(Ok(self.provider_schedule(provider, connection))).chain(compared).collect()
    }
}

/// Reads a retry schedule from a policy file. Without a name in it, it is named after the file.
fn read_schedule(
    env: &Environment,
    path: &Path,
    connection: &ConnectionArgs,
) -> Result<NamedSchedule, Error> {
    let bytes = input::read(env.stdin(), "policy", path, MAX_POLICY)?;
    let text = String::from_utf8_lossy(&bytes);
    let NamedPolicy { name, policy } = policy_file::read(&text)
        .map_err(|source| Error::Policy { path: path.to_owned(), source })?;
    let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = sanitize::line(&name.unwrap_or_else(stem));
    Ok(NamedSchedule { name, timeout: connection.timeout(Some(&policy)), policy })
}
