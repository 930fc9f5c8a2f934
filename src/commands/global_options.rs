//! The options of every command.

use crate::output::printer::{ColorWhen, Format, OutputOptions};
use clap::{ArgAction, Args};
use std::path::PathBuf;

/// The value of `--secret` if it is given without one. No argument can contain a NUL byte.
pub(crate) const NO_VALUE: &str = "\0";

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct GlobalOptions {
    /// Provider to assume: realgeeks, leadpro, realtorbot or another one
    ///
    /// Where requests are received or verified, it can be repeated: then they are those of the named
    /// providers, and of no other. `leadhook events` lists the providers.
    #[arg(short, long, value_name = "ID", global = true, action = ArgAction::Append)]
    pub provider: Vec<String>,

    /// Signing secret; without a value, from the environment, or else asked for
    ///
    /// Every user of the machine can read it in the process list: `--secret-file` is safer. The
    /// environment is LEADHOOK_REALGEEKS_SECRET (and so on), then LEADHOOK_SECRET and
    /// LEADHOOK_SECRET_FILE, then the secret that a configuration file names. Repeat it in commands
    /// that verify, to accept the old and the new secret during a rotation.
    #[arg(long, value_name = "VALUE", global = true, num_args = 0..=1, default_missing_value = NO_VALUE, action = ArgAction::Append)]
    pub secret: Vec<String>,

    /// File that contains the signing secret, `-` for standard input
    ///
    /// One final newline is removed. A pipe is read for up to 10 s: `--secret-file <(pass show acme)`. A secret file that a
    /// configuration file names has to be a regular file. A byte order mark is removed and UTF-16
    /// is decoded, each with a note.
    #[arg(long, value_name = "FILE", global = true)]
    pub secret_file: Vec<PathBuf>,

    /// Folder of a custom provider pack (can be repeated)
    #[arg(long, value_name = "DIR", global = true)]
    pub pack: Vec<PathBuf>,

    /// Configuration file to use instead of `./leadhook.toml`
    ///
    /// It must be a regular file, or `-` for standard input; `/dev/null` is an empty one. Pipes,
    /// sockets and devices are rejected, also as files of a pack.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// Profile of the configuration to use
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,

    /// Output format
    #[arg(long, value_name = "FORMAT", global = true, default_value = "human", value_enum)]
    pub format: Format,

    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", value_enum)]
    pub color: ColorWhen,

    /// Print no notes on standard error
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Print more details (can be repeated)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

impl GlobalOptions {
    /// Returns the options of the printer.
    #[must_use]
    pub fn output_options(&self) -> OutputOptions {
        OutputOptions {
            format: self.format,
            color: self.color,
            quiet: self.quiet,
            verbose: self.verbose,
        }
    }
}
