//! The root of the command line: the global options and the command.

use crate::commands::Command;
use crate::commands::global_options::GlobalOptions;
use clap::Parser;

/// Send, sign, verify and receive real-estate lead webhooks, offline
///
/// Acts as Real Geeks, LeadPro and Realtor Bot: signs and sends their webhooks, verifies received
/// ones, listens for them, runs their retry schedules, and tests a receiver with everything that
/// they may send. No account and no internet connection are needed.
#[derive(Debug, Parser)]
#[command(name = "leadhook", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: GlobalOptions,
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}
