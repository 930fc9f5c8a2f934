//! The environment variables and the files that a command uses besides its options, and the
//! commands that are related to it.

use crate::commands::manual::short_help;
use crate::commands::option_sources::{WITHOUT_CONFIGURATION, is_configurable};
use serde::Serialize;

/// The commands that a row applies to.
#[derive(Clone, Copy, Debug)]
enum AppliesTo {
    Every,
    /// Those that read the configuration.
    Configurable,
    /// Those whose short help has `--secret`.
    Secret,
    /// Those that send or answer a handshake.
    Handshake,
    /// Those of this name.
    Named(&'static str),
}

/// A variable or a file, and its purpose.
#[derive(Debug, Serialize)]
pub struct Surrounding {
    /// The name of the variable or the path of the file.
    pub name: &'static str,
    /// Its purpose, as a sentence.
    pub summary: &'static str,
    #[serde(skip)]
    commands: AppliesTo,
}

/// Variables that are not named after an option.
const VARIABLES: &[Surrounding] = &[
    Surrounding {
        name: "LEADHOOK_<PROVIDER>_SECRET",
        summary: "The signing secret of one provider, such as `LEADHOOK_ACME_SECRET` for `acme`. \
                  It takes precedence over `LEADHOOK_SECRET`.",
        commands: AppliesTo::Secret,
    },
    Surrounding {
        name: "LEADHOOK_SECRET",
        summary: "The signing secret of every provider.",
        commands: AppliesTo::Secret,
    },
    Surrounding {
        name: "LEADHOOK_<PROVIDER>_HANDSHAKE_TOKEN",
        summary: "The token with which a provider confirms a URL, unless `--handshake-token` is \
                  given.",
        commands: AppliesTo::Handshake,
    },
    Surrounding {
        name: "GITHUB_STEP_SUMMARY",
        summary: "The file to which `--report github` appends a table.",
        commands: AppliesTo::Named("check"),
    },
    Surrounding {
        name: "NO_COLOR",
        summary: "If it is set, nothing is coloured without `--color always`.",
        commands: AppliesTo::Every,
    },
    Surrounding {
        name: "CLICOLOR_FORCE",
        summary: "If it is set and not `0`, output is coloured even if it is no terminal.",
        commands: AppliesTo::Every,
    },
    Surrounding {
        name: "COLUMNS",
        summary: "The width of the output if it is no terminal.",
        commands: AppliesTo::Every,
    },
    Surrounding {
        name: "XDG_CONFIG_HOME",
        summary: "The folder of the user's configuration, instead of `~/.config`.",
        commands: AppliesTo::Configurable,
    },
];

/// The files that a command reads without an option.
const FILES: &[Surrounding] = &[
    Surrounding {
        name: "./leadhook.toml",
        summary: "The configuration of the project: targets, timeouts, packs, and where secrets \
                  are found. It never holds a secret.",
        commands: AppliesTo::Configurable,
    },
    Surrounding {
        name: "~/.config/leadhook/leadhook.toml",
        summary: "The configuration of the user, with lower precedence. On Windows: \
                  `%APPDATA%\\leadhook\\leadhook.toml`.",
        commands: AppliesTo::Configurable,
    },
];

/// Commands, and those that a reader of their manual page may want to read about next.
const RELATED: &[(&str, &[&str])] = &[
    ("send", &["check", "sign", "simulate", "events"]),
    ("sign", &["send", "verify"]),
    ("verify", &["decode", "diff", "listen", "replay"]),
    ("decode", &["verify"]),
    ("diff", &["convert", "verify"]),
    ("convert", &["diff", "replay", "verify"]),
    ("listen", &["check", "health", "replay", "verify"]),
    ("health", &["listen"]),
    ("simulate", &["check", "send"]),
    ("check", &["practice", "replay", "send"]),
    ("replay", &["convert", "listen", "verify"]),
    ("practice", &["check", "demo"]),
    ("docs", &["events", "help", "send"]),
    ("doctor", &["config", "health", "listen"]),
    ("demo", &["check", "practice"]),
    ("completions", &["doctor", "help"]),
    ("man", &["docs", "help"]),
    ("help", &["docs", "man"]),
];

/// Returns the variables of a command that are not named after an option.
pub fn variables(command: &str) -> impl Iterator<Item = &'static Surrounding> {
    VARIABLES.iter().filter(move |row| row.commands.includes(command))
}

/// Returns the files of a command.
pub fn files(command: &str) -> impl Iterator<Item = &'static Surrounding> {
    FILES.iter().filter(move |row| row.commands.includes(command))
}

/// Returns the related commands.
#[must_use]
pub fn related(command: &str) -> &'static [&'static str] {
    RELATED.iter().find(|(name, _)| *name == command).map_or(&[], |(_, related)| related)
}

/// Returns every command that a row of these tables names. A test looks for each of them.
pub fn named_commands() -> impl Iterator<Item = &'static str> {
    let named = |row: &'static Surrounding| match row.commands {
        AppliesTo::Named(command) => Some(command),
        AppliesTo::Every | AppliesTo::Configurable | AppliesTo::Secret | AppliesTo::Handshake => {
            None
        }
    };
    let related = RELATED.iter().flat_map(|(name, others)| std::iter::once(name).chain(*others));
    let of_rows = VARIABLES.iter().chain(FILES).filter_map(named);
    of_rows.chain(related.copied()).chain(WITHOUT_CONFIGURATION.iter().copied())
}

impl AppliesTo {
    fn includes(self, command: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Configurable => is_configurable(command),
            Self::Secret => {
                short_help::of(command).is_some_and(|row| row.global.contains(&"secret"))
            }
            Self::Handshake => matches!(command, "send" | "listen" | "check" | "practice"),
            Self::Named(name) => name == command,
        }
    }
}
