//! The command line: global options, the list of commands, and errors in both in our words.

use crate::commands;
use crate::commands::NO_VALUE;
use crate::io::environment::Environment;
use crate::output::printer::{ColorWhen, Format, OutputOptions};
use clap::{ArgAction, Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Send, sign, verify and receive real-estate lead webhooks, offline
///
/// Stands in for Real Geeks, LeadPro and Realtor Bot: signs and sends what they send, verifies
/// what was received, listens, plays their retry ladders, and puts a receiver through everything
/// that they will do to it. Nothing needs an account or the internet.
#[derive(Debug, Parser)]
#[command(name = "leadhook", version, max_term_width = 100)]
#[command(after_help = EXITS)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// The verb.
    #[command(subcommand)]
    pub command: Command,
}

const EXITS: &str = "\
Exit status: 0 yes, 1 no, 2 usage, 3 input, 4 transport, 5 incomplete, 130 and 143 interrupted.
Try it: `leadhook demo` needs nothing.";

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
    #[arg(long, value_name = "FILE", global = true)]
    pub secret_file: Vec<PathBuf>,

    /// Folder of a provider pack of your own (can be repeated)
    #[arg(long, value_name = "DIR", global = true)]
    pub pack: Vec<PathBuf>,

    /// Configuration file in place of `./leadhook.toml`
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

/// The verbs. What each does is said once, at its options: words here would hide the longer ones.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "they are at the type that each variant holds")]
#[non_exhaustive]
pub enum Command {
    Send(commands::send::Send),
    Sign(commands::sign::Sign),
    Verify(commands::verify::Verify),
    Convert(commands::convert::Convert),
    Listen(commands::listen::Listen),
    Simulate(Box<commands::simulate::Simulate>),
    Check(Box<commands::check::Check>),
    Replay(commands::replay::Replay),
    Practice(commands::practice::Practice),
    Events(commands::events::Events),
    Config(commands::config::Config),
    Demo(commands::demo::Demo),
    Completions(commands::completions::Completions),
    Man(commands::man::Man),
}

impl Command {
    /// Whether configuration has a say in it. What prints or writes from nothing must work
    /// whatever is wrong with a file.
    #[must_use]
    pub fn is_configurable(&self) -> bool {
        match self {
            Self::Completions(_) | Self::Man(_) | Self::Demo(_) => false,
            Self::Config(config) => config.reads_files(),
            Self::Send(_)
            | Self::Sign(_)
            | Self::Verify(_)
            | Self::Convert(_)
            | Self::Listen(_)
            | Self::Simulate(_)
            | Self::Replay(_)
            | Self::Check(_)
            | Self::Practice(_)
            | Self::Events(_) => true,
        }
    }
}

impl Command {
    /// Whether a provider that is only assumed has a say in it: not where the event names its own,
    /// and not where packs and files are mended.
    #[must_use]
    pub fn assumes_provider(&self) -> bool {
        match self {
            Self::Send(send) => send.event.provider.is_none(),
            Self::Simulate(simulate) => simulate.event.provider.is_none(),
            Self::Sign(sign) => sign.event.as_ref().is_none_or(|event| event.provider.is_none()),
            Self::Events(events) => !events.mends_packs(),
            Self::Verify(_)
            | Self::Convert(_)
            | Self::Listen(_)
            | Self::Replay(_)
            | Self::Check(_)
            | Self::Practice(_) => true,
            Self::Config(_) | Self::Demo(_) | Self::Completions(_) | Self::Man(_) => false,
        }
    }

    /// Whether it is there to find out what is wrong with a pack, and must work beside one that is.
    #[must_use]
    pub fn mends(&self) -> bool {
        match self {
            Self::Config(_) => true,
            Self::Events(events) => events.mends_packs(),
            _ => false,
        }
    }
}

/// What can be known of the output options of a command line that cannot be parsed.
#[must_use]
pub fn options_before_parsing(args: &[OsString], env: &Environment) -> OutputOptions {
    let has = |option: &str, value: &str| {
        args.iter().any(|arg| *arg == *format!("{option}={value}"))
            || args.windows(2).any(|pair| pair[0] == *option && pair[1] == *value)
    };
    let typed = |option: &str| {
        args.iter().any(|arg| {
            arg.to_str().is_some_and(|arg| arg.split('=').next().is_some_and(|arg| arg == option))
        })
    };
    let json =
        has("--format", "json") || !typed("--format") && env.var("LEADHOOK_FORMAT") == Some("json");
    let format = if json { Format::Json } else { Format::Human };
    let color = match () {
        () if has("--color", "always") => ColorWhen::Always,
        () if has("--color", "never") => ColorWhen::Never,
        () => ColorWhen::Auto,
    };
    OutputOptions { format, color, quiet: false, verbose: 0 }
}

#[cfg(test)]
mod tests {
    use crate::options;

    #[test]
    fn the_command_line_is_well_formed() {
        options::command().debug_assert();
    }
}
