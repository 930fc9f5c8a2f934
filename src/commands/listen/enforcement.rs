//! The choice between accepting a bad delivery with a warning and rejecting it.

use clap::ValueEnum;

/// The handling of a delivery that is not verified or not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Enforcement {
    /// Accept it with a warning.
    Warn,
    /// Reject it.
    Reject,
}
