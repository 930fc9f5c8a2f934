//! The outcome of a run of `listen`: its exit status, and the evidence that is missing.

use super::Listen;
use crate::commands::listen::report::Counts;
use crate::domain::time::{Wait, format_duration};
use crate::engine::awaited::AwaitedDeliveries;
use crate::error::Exit;

impl Listen {
    /// Returns the exit status, which depends on the deliveries only with `--count` or `--until`.
    pub(super) fn exit(&self, counts: &Counts, awaited: &AwaitedDeliveries) -> Exit {
        if awaited.is_active() {
            return if awaited.is_complete() { Exit::Success } else { Exit::Incomplete };
        }
        match self.count {
            Some(count) if counts.requests < count => Exit::Incomplete,
            Some(_) if counts.invalid > 0 => Exit::Failure,
            Some(_) if counts.unchecked > 0 => Exit::Incomplete,
            Some(_) | None => Exit::Success,
        }
    }

    /// Returns the evidence that is missing, if the exit status is [`Exit::Incomplete`].
    pub(super) fn missing_evidence(
        &self,
        counts: &Counts,
        awaited: &AwaitedDeliveries,
    ) -> Option<String> {
        if self.exit(counts, awaited) != Exit::Incomplete {
            return None;
        }
        let within = self.within();
        if awaited.is_active() {
            let missing = awaited.missing().join(" and ");
            let came = match awaited.came_instead() {
                others if others.is_empty() => "nothing else came".to_owned(),
                others => format!("came instead: {}", others.join(", ")),
            };
            return Some(format!("{missing} did not come{within}; {came}"));
        }
        let count = self.count?;
        let pluralize = |count: u64| {
            if count == 1 { "1 delivery".to_owned() } else { format!("{count} deliveries") }
        };
        if counts.requests < count {
            let received = counts.requests;
            return Some(format!("expected {}, received {received}{within}", pluralize(count)));
        }
        Some(format!(
            "the signature of {} could not be verified, for example without a secret",
            pluralize(counts.unchecked)
        ))
    }

    /// Returns the time of `--timeout` as the end of a sentence.
    fn within(&self) -> String {
        match self.timeout {
            Some(limit) if limit.subsec_nanos() == 0 => format!(" in {}", Wait(limit.as_secs())),
            Some(limit) => format!(" in {}", format_duration(limit)),
            None => String::new(),
        }
    }
}
