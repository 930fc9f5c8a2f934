//! Counts the side effects of a case with the probe.

use crate::commands::check::limits::RunLimits;
use crate::commands::check::probe_stability::{NumberChange, find_change};
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::probe::{Probe, ProbeContext, TIMEOUT};
use std::time::{Duration, Instant};

/// The interval between two readings of the probe while its number should grow.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The observation in a case that needs a probe, if none was given.
const NO_PROBE: &str = "response accepted; add `--probe-url` to verify side effects";

/// The observation in such a case if the number of the probe changes by itself.
const PROBE_CHANGES: &str =
    "response accepted; side effects are not known: the probe's number changes by itself";

/// The observation in such a case if the probe fails, and what it returned must not be shown.
const PROBE_HIDDEN: &str = "the probe returned no number (its output is not shown: `--from`)";

/// Reads the probe, if there is one.
pub(super) struct EffectCounter<'r> {
    probe: Option<Probe>,
    env: &'r Environment,
    /// The id of the provider, which a command gets as a variable.
    provider: &'r str,
    /// The time to wait for the number to grow.
    settle: Duration,
    /// The change of the number while nothing was sent, for which the probe is not used.
    change: Option<NumberChange>,
    /// `true` if what a failed probe returned is not shown.
    hides_output: bool,
}

impl<'r> EffectCounter<'r> {
    pub(super) fn new(
        probe: Option<Probe>,
        env: &'r Environment,
        provider: &'r str,
        settle: Duration,
    ) -> Self {
        Self { probe, env, provider, settle, change: None, hides_output: false }
    }

    /// Reads the probe before the first case, so that one that does not work fails before anything
    /// is sent. One whose number changes by itself in the time `quiet` proves nothing: then the
    /// check goes on as if there was no probe.
    pub(super) fn check(&mut self, quiet: Duration, limits: &RunLimits) -> Result<(), Error> {
        let source = ProbeContext { case: "none", provider: self.provider };
        let is_over = || limits.is_over();
        let read = || {
            let limit = limits.cut(TIMEOUT);
            self.probe.as_ref().map(|probe| probe.count(self.env, source, limit, &is_over))
        };
        match find_change(read, quiet, &is_over) {
            Err(error) if limits.signal().is_none() => return Err(error.into()),
            Ok(Some(change)) => {
                self.change = Some(change);
                self.probe = None;
            }
            Ok(None) | Err(_) => {}
        }
        Ok(())
    }

    /// Hides what a failed probe returns from now on: it may contain what the receiver was sent.
    pub(super) fn hide_output(&mut self) {
        self.hides_output = true;
    }

    /// Returns the change of the number while nothing was sent, if there was one.
    pub(super) fn change(&self) -> Option<NumberChange> {
        self.change
    }

    /// Returns the reason why the effects of a response are not known, if there is no probe.
    pub(super) fn missing(&self) -> &'static str {
        if self.change.is_some() { PROBE_CHANGES } else { NO_PROBE }
    }

    /// Returns the current number, if there is a probe, or the reason why it failed.
    pub(super) fn count(&self, case: &str, limits: &RunLimits) -> Result<Option<u64>, String> {
        let Some(probe) = &self.probe else { return Ok(None) };
        let source = ProbeContext { case, provider: self.provider };
        let limit = limits.cut(TIMEOUT);
        let count = probe.count(self.env, source, limit, &|| limits.is_over());
        count.map(Some).map_err(|error| {
            if self.hides_output {
                PROBE_HIDDEN.to_owned()
            } else {
                Error::from(error).message_with_causes()
            }
        })
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
