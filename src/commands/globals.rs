//! The options of every command.

use crate::output::printer::{ColorWhen, Format, OutputOptions};
use clap::{ArgAction, Args};
use std::path::PathBuf;

/// What `--secret` holds where it stands without a value: no argument can hold it.
pub(crate) const NO_VALUE: &str = "\0";

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Provider to assume: realgeeks, leadpro, realtorbot or one of your own
    #[arg(short, long, value_name = "ID", global = true)]
    pub provider: Option<String>,

    /// Signing secret; without a value it is taken from the environment or asked for (can be repeated)
    ///
    /// Every user of the machine can read it in the process list: `--secret-file` is safer. The
    /// environment is LEADHOOK_REALGEEKS_SECRET (and so on), then LEADHOOK_SECRET and
    /// LEADHOOK_SECRET_FILE, then what a configuration file names. Repeat it where a command verifies,
    /// to accept the old and the new secret during a rotation.
    #[arg(long, value_name = "VALUE", global = true, num_args = 0..=1, default_missing_value = NO_VALUE, action = ArgAction::Append)]
    pub secret: Vec<String>,

    /// File that holds the signing secret, `-` for standard input; one final line end is dropped
    ///
    /// A pipe is read for up to 10 s: `--secret-file <(pass show acme)`. A secret file that a
    /// configuration file names has to be a regular file.
    #[arg(long, value_name = "FILE", global = true)]
    pub secret_file: Vec<PathBuf>,

    /// Folder of a provider pack of your own (can be repeated)
    #[arg(long, value_name = "DIR", global = true)]
    pub pack: Vec<PathBuf>,

    /// Configuration file in place of `./leadhook.toml`
    ///
    /// It has to be a regular file, or `-` for standard input; `/dev/null` is an empty one. Pipes,
    /// sockets and devices are refused, also as files of a pack.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// Profile of the configuration to use
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,

    /// Form of the answer: text for people, or one JSON object a line
    #[arg(long, value_name = "FORMAT", global = true, default_value = "human", value_enum)]
    pub format: Format,

    /// When to colour
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", value_enum)]
    pub color: ColorWhen,

    /// Say less on standard error
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say more (can be repeated)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

impl Global {
    /// What the printer needs of them.
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
