//! The choice between a warning and a refusal.

use clap::ValueEnum;

/// What to do with a delivery that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Stance {
    /// Take it and say so.
    Warn,
    /// Refuse it.
    Reject,
}
