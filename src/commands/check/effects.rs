//! Counts the side effects of a case with the probe.

use crate::commands::check::limits::RunLimits;
use crate::commands::check::probe_stability::{NumberChange, find_change};
use crate::domain::time::format_duration;
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::probe::{Probe, ProbeContext, TIMEOUT};
use std::time::{Duration, Instant};

/// The interval between two readings of the probe while its number should grow.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The time to wait for the number to grow, unless the receiver needs more or `--settle` is given.
const USUAL_SETTLE: Duration = Duration::from_secs(1);

/// The time to wait for a number that has not changed since the start of the check, once.
const PATIENCE: Duration = Duration::from_secs(5);

/// The time for which the number must not change after the effects of earlier cases.
const STABLE_TIME: Duration = Duration::from_millis(100);

/// The observation in a case that needs a probe, if none was given.
const NO_PROBE: &str = "response accepted; add `--probe-url` to verify side effects";

/// The observation in such a case if the number of the probe changes by itself.
const PROBE_CHANGES: &str =
    "response accepted; side effects are not known: the probe's number changes by itself";

/// The observation in such a case if the number never changed, as an earlier case found.
const PROBE_STUCK: &str =
    "response accepted; side effects are not known: the probe's number never changes";

/// The observation in such a case if the probe fails, and what it returned must not be shown.
const PROBE_HIDDEN: &str = "the probe returned no number (its output is not shown: `--from`)";

/// What the number of the probe has done since the start of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberProgress {
    /// It is still the first one.
    Unchanged,
    /// Another number was read.
    Changed,
    /// It was waited for, and is still the first one: it is not read any more.
    Stuck,
}

/// Reads the probe, if there is one.
pub(super) struct EffectCounter<'r> {
    probe: Option<Probe>,
    env: &'r Environment,
    /// The id of the provider, which a command gets as a variable.
    provider: &'r str,
    /// The time to wait for the number to grow.
    settle: Duration,
    /// `true` if that time is adapted to the receiver, because `--settle` was not given.
    adapts: bool,
    /// The number before the first case.
    first: Option<u64>,
    /// What the number has done since then.
    progress: NumberProgress,
    /// `true` once the check has waited for a number that had not changed.
    has_waited: bool,
    /// The time after which an effect was late, if one was.
    lateness: Option<Duration>,
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
        settle: Option<Duration>,
    ) -> Self {
        Self {
            probe,
            env,
            provider,
            settle: settle.unwrap_or(USUAL_SETTLE),
            adapts: settle.is_none(),
            first: None,
            progress: NumberProgress::Unchanged,
            has_waited: false,
            lateness: None,
            change: None,
            hides_output: false,
        }
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
        let change = find_change(
            || read().inspect(|number| self.first = number.as_ref().ok().copied()),
            quiet,
            &is_over,
        );
        match change {
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
        match (self.change, self.progress) {
            (Some(_), _) => PROBE_CHANGES,
            (None, NumberProgress::Stuck) => PROBE_STUCK,
            (None, _) => NO_PROBE,
        }
    }

    /// Returns `true` if the number has never changed, although the check has waited for it. From
    /// then on the probe is not used.
    pub(super) fn take_stuck(&mut self) -> bool {
        let is_stuck = self.has_waited && !self.has_changed();
        if is_stuck {
            self.progress = NumberProgress::Stuck;
            self.probe = None;
        }
        is_stuck
    }

    /// Returns a note on the time that the receiver needs, once.
    pub(super) fn take_note(&mut self) -> Option<String> {
        let lateness = self.lateness.take()?;
        Some(format!(
            "the number of the probe grew {} after a response, so each case waits up to {}: \
             `--settle TIME` sets this time",
            format_duration(lateness),
            format_duration(self.settle)
        ))
    }

    /// Returns the current number, if there is a probe, or the reason why it failed.
    pub(super) fn count(&mut self, case: &str, limits: &RunLimits) -> Result<Option<u64>, String> {
        let Some(probe) = &self.probe else { return Ok(None) };
        let source = ProbeContext { case, provider: self.provider };
        let limit = limits.cut(TIMEOUT);
        match probe.count(self.env, source, limit, &|| limits.is_over()) {
            Ok(number) => {
                if self.first.is_some_and(|first| first != number) {
                    self.progress = NumberProgress::Changed;
                }
                Ok(Some(number))
            }
            Err(_) if self.hides_output => Err(PROBE_HIDDEN.to_owned()),
            Err(error) => Err(Error::from(error).message_with_causes()),
        }
    }

    /// Waits, once, until the effects of the deliveries that were accepted so far are counted, so
    /// that they are not taken for those of the next case.
    ///
    /// A receiver that works after responding has some of them left. That is known if the number
    /// is still the first one; then it has grown, and stopped growing, before this returns.
    pub(super) fn wait_for_earlier(
        &mut self,
        case: &str,
        limits: &RunLimits,
    ) -> Result<(), String> {
        if !self.adapts || self.has_waited || self.count(case, limits)?.is_none() {
            return Ok(());
        }
        let start = Instant::now();
        if !self.wait_for_change(case, limits)? {
            return Ok(());
        }
        let stable = STABLE_TIME.max(start.elapsed());
        let mut last = self.count(case, limits)?;
        let mut changed = Instant::now();
        while changed.elapsed() < stable && !limits.is_over() {
            std::thread::sleep(POLL_INTERVAL);
            let number = self.count(case, limits)?;
            if number != last {
                (last, changed) = (number, Instant::now());
            }
        }
        self.adapt(changed - start);
        Ok(())
    }

    /// Waits until the number has grown by `min`, at most for the time of `--settle`. Returns the
    /// growth.
    pub(super) fn wait_for_growth(
        &mut self,
        case: &str,
        limits: &RunLimits,
        before: u64,
        min: u64,
    ) -> Result<u64, String> {
        let start = Instant::now();
        let end = start + self.settle.min(limits.cut(self.settle));
        loop {
            let growth = self.count(case, limits)?.unwrap_or(before).saturating_sub(before);
            if growth >= min || Instant::now() >= end {
                break;
            }
            std::thread::sleep(POLL_INTERVAL);
        }
        if min > 0 && self.adapts && !self.has_changed() && !self.has_waited {
            self.wait_for_change(case, limits)?;
            if self.has_changed() {
                self.adapt(start.elapsed());
            }
        }
        // Another effect may be as late as the first one.
        if self.settle > USUAL_SETTLE && self.adapts {
            std::thread::sleep(limits.cut(self.settle));
        }
        Ok(self.count(case, limits)?.unwrap_or(before).saturating_sub(before))
    }

    /// Waits, once, until the number is another than the first one. Returns `false` if it is not.
    fn wait_for_change(&mut self, case: &str, limits: &RunLimits) -> Result<bool, String> {
        self.has_waited = true;
        let end = Instant::now() + limits.cut(PATIENCE);
        while !self.has_changed() && Instant::now() < end && !limits.is_over() {
            std::thread::sleep(POLL_INTERVAL);
            self.count(case, limits)?;
        }
        Ok(self.has_changed())
    }

    fn has_changed(&self) -> bool {
        self.progress == NumberProgress::Changed
    }

    /// Adapts the time to wait to a receiver whose effects came this late.
    fn adapt(&mut self, lateness: Duration) {
        let needed = lateness * 2;
        if needed > self.settle {
            self.settle = needed;
            self.lateness = Some(lateness);
        }
    }
}
