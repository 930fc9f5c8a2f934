//! Counts the side effects of a case with the probe.

use crate::commands::check::limits::RunLimits;
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::probe::{Probe, ProbeContext};
use std::time::{Duration, Instant};

/// The interval between two readings of the probe while its number should grow.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Reads the probe, if there is one.
pub(super) struct EffectCounter<'r> {
    probe: Option<Probe>,
    env: &'r Environment,
    /// The id of the provider, which a command gets as a variable.
    provider: &'r str,
    /// The time to wait for the number to grow.
    settle: Duration,
}

impl<'r> EffectCounter<'r> {
    pub(super) fn new(
        probe: Option<Probe>,
        env: &'r Environment,
        provider: &'r str,
        settle: Duration,
    ) -> Self {
        Self { probe, env, provider, settle }
    }

    /// Reads the probe before the first case, so that one that does not work fails before anything
    /// is sent.
    pub(super) fn check(&self, limits: &RunLimits) -> Result<(), Error> {
        let Some(probe) = &self.probe else { return Ok(()) };
        let source = ProbeContext { case: "none", provider: self.provider };
        match probe.count(self.env, source, &|| limits.is_over()) {
            Err(error) if limits.signal().is_none() => Err(error.into()),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Returns the current number, if there is a probe, or the reason why it failed.
    pub(super) fn count(&self, case: &str, limits: &RunLimits) -> Result<Option<u64>, String> {
        let Some(probe) = &self.probe else { return Ok(None) };
        let source = ProbeContext { case, provider: self.provider };
        let count = probe.count(self.env, source, &|| limits.is_over());
        count.map(Some).map_err(|error| Error::from(error).message_with_causes())
    }

    /// Waits until the number has grown by `min`, at most for the time of `--settle`. Returns the
    /// growth.
    pub(super) fn wait_for_growth(
        &self,
        case: &str,
        limits: &RunLimits,
        before: u64,
        min: u64,
    ) -> Result<u64, String> {
        let end = Instant::now() + self.settle.min(limits.cut(self.settle));
        loop {
            let growth = self.count(case, limits)?.unwrap_or(before).saturating_sub(before);
            if growth >= min || Instant::now() >= end {
                return Ok(growth);
            }
            std::thread::sleep(POLL_INTERVAL);
        }
    }
}
