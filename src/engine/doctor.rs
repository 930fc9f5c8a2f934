//! The judgements of `leadhook doctor` that need no access to the system: the clock, variables that
//! have no effect, and the usual places of completion scripts.

use crate::domain::similar_names::similar_names;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// A time before this version was written: 1 January 2026.
const EARLIEST: Timestamp = Timestamp::constant(1_767_225_600, 0);

/// A time by which this version is out of use: 1 January 2056.
const LATEST: Timestamp = Timestamp::constant(2_713_910_400, 0);

/// The variables that name a proxy to other programs. `leadhook` ignores them.
pub const PROXY_VARIABLES: &[&str] =
    &["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The plausibility of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClockState {
    /// The time is plausible.
    Plausible,
    /// The time is before this version was written.
    TooEarly,
    /// The time is decades ahead.
    TooLate,
}

/// Judges a clock. Signatures with a timestamp are rejected if the clock is wrong.
#[must_use]
pub fn judge_clock(now: Timestamp) -> ClockState {
    if now < EARLIEST {
        ClockState::TooEarly
    } else if now > LATEST {
        ClockState::TooLate
    } else {
        ClockState::Plausible
    }
}

/// Returns the variables of `names` that begin with `prefix` and have no effect, each with a
/// suggestion if a known one is similar.
#[must_use]
pub fn unknown_variables<'n>(
    names: impl IntoIterator<Item = &'n str>,
    prefix: &str,
    known: &[String],
) -> Vec<(String, Option<String>)> {
    let names = names.into_iter().filter(|name| name.starts_with(prefix));
    let unknown = names.filter(|name| !known.iter().any(|known| known == name));
    unknown.map(|name| (name.to_owned(), similar_names(name, known))).collect()
}

/// The folders that the places of completion scripts depend on.
#[derive(Clone, Debug, Default)]
pub struct UserFolders {
    /// The home folder.
    pub home: PathBuf,
    /// `$XDG_DATA_HOME`, or its default.
    pub data: PathBuf,
    /// `$XDG_CONFIG_HOME`, or its default.
    pub config: PathBuf,
}

/// The usual places of the completions of a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletionPlaces {
    /// The files that may contain the script.
    pub scripts: Vec<PathBuf>,
    /// The file with which the shell starts, which may load the script.
    pub startup: PathBuf,
}

/// One shell: its name, the places of scripts, and its startup file. A place begins with the folder
/// that it is in: `~`, `DATA`, `CONFIG` or `/`.
struct Shell {
    name: &'static str,
    scripts: &'static [&'static str],
    startup: &'static str,
}

const SHELLS: &[Shell] = &[
    Shell {
        name: "bash",
        scripts: &[
            "DATA/bash-completion/completions/leadhook",
            "DATA/bash-completion/completions/leadhook.bash",
            "/usr/local/share/bash-completion/completions/leadhook",
            "/usr/share/bash-completion/completions/leadhook",
            "/etc/bash_completion.d/leadhook",
        ],
        startup: "~/.bashrc",
    },
    Shell {
        name: "zsh",
        scripts: &[
            "~/.zfunc/_leadhook",
            "~/.zsh/completions/_leadhook",
            "~/.oh-my-zsh/completions/_leadhook",
            "DATA/zsh/site-functions/_leadhook",
            "/usr/local/share/zsh/site-functions/_leadhook",
            "/usr/share/zsh/site-functions/_leadhook",
            "/usr/share/zsh/vendor-completions/_leadhook",
        ],
        startup: "~/.zshrc",
    },
    Shell {
        name: "fish",
        scripts: &[
            "CONFIG/fish/completions/leadhook.fish",
            "DATA/fish/vendor_completions.d/leadhook.fish",
            "/usr/local/share/fish/vendor_completions.d/leadhook.fish",
            "/usr/share/fish/vendor_completions.d/leadhook.fish",
        ],
        startup: "CONFIG/fish/config.fish",
    },
    Shell { name: "elvish", scripts: &[], startup: "CONFIG/elvish/rc.elv" },
];

/// Returns the usual places of the completions of a shell; none if the shell is not known.
#[must_use]
pub fn completion_places(shell: &str, folders: &UserFolders) -> Option<CompletionPlaces> {
    let shell = SHELLS.iter().find(|known| known.name == shell)?;
    let path = |place: &&str| -> PathBuf {
        for (name, folder) in
            [("~/", &folders.home), ("DATA/", &folders.data), ("CONFIG/", &folders.config)]
        {
            if let Some(rest) = place.strip_prefix(name) {
                return folder.join(rest);
            }
        }
        Path::new(*place).to_owned()
    };
    let scripts = shell.scripts.iter().map(path).collect();
    Some(CompletionPlaces { scripts, startup: path(&shell.startup) })
}

/// Returns `true` if a startup file has a line that loads the completions of `leadhook`.
#[must_use]
pub fn loads_completions(startup: &str) -> bool {
    startup.lines().map(str::trim_start).any(|line| {
        !line.starts_with('#')
            && line.contains("leadhook")
            && line.to_ascii_lowercase().contains("complet")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_plausible_for_thirty_years() {
        for (time, state) in [
            ("1970-01-01T00:00:00Z", ClockState::TooEarly),
            ("2025-12-31T23:59:59Z", ClockState::TooEarly),
            ("2026-01-01T00:00:00Z", ClockState::Plausible),
            ("2056-01-01T00:00:00Z", ClockState::Plausible),
            ("2056-01-01T00:00:01Z", ClockState::TooLate),
        ] {
            assert_eq!(judge_clock(time.parse().unwrap()), state, "{time}");
        }
    }

    #[test]
    fn a_misspelt_variable_is_found_with_a_suggestion() {
        let known = ["LEADHOOK_SECRET", "LEADHOOK_TARGET"].map(str::to_owned);
        let names = ["LEADHOOK_SECERT", "LEADHOOK_TARGET", "PATH", "LEADHOOK_"];
        let found = unknown_variables(names, "LEADHOOK_", &known);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(
            found[0],
            ("LEADHOOK_SECERT".to_owned(), Some("did you mean `LEADHOOK_SECRET`?".to_owned()))
        );
    }

    #[test]
    fn the_places_of_a_shell_are_in_the_folders_of_the_user() {
        let folders = UserFolders { home: "/h".into(), data: "/h/d".into(), config: "/h/c".into() };
        let places = |shell| completion_places(shell, &folders).unwrap();
        assert_eq!(places("bash").startup, PathBuf::from("/h/.bashrc"));
        let script = PathBuf::from("/h/d/bash-completion/completions/leadhook");
        assert_eq!(places("bash").scripts[0], script);
        assert_eq!(places("zsh").scripts[0], PathBuf::from("/h/.zfunc/_leadhook"));
        assert_eq!(places("fish").startup, PathBuf::from("/h/c/fish/config.fish"));
        assert!(places("elvish").scripts.is_empty());
        assert_eq!(completion_places("tcsh", &folders), None);
    }

    #[test]
    fn only_a_line_that_loads_completions_counts() {
        for (startup, loads) in [
            ("source <(leadhook completions bash)\n", true),
            ("if true; then\n  source <(COMPLETE=bash leadhook)\nfi\n", true),
            ("# source <(leadhook completions bash)\n", false),
            ("alias l=leadhook\n", false),
            ("", false),
        ] {
            assert_eq!(loads_completions(startup), loads, "{startup}");
        }
    }
}
