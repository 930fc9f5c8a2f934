//! The choice between a warning and a refusal.

use clap::ValueEnum;

/// The handling of a delivery that is not verified or not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Stance {
    /// Accept it with a warning.
    Warn,
    /// Reject it.
    Reject,
}
