//! Checks of the machine: the version, the clock, the terminal, and completions.

use super::check_result::CheckResult;
use crate::commands::global_options::GlobalOptions;
use crate::engine::doctor::{
    ClockState, UserFolders, completion_places, judge_clock, loads_completions,
};
use crate::error::Error;
use crate::io::environment::Environment;
use crate::io::error::Error as IoError;
use crate::io::input;
use crate::output::printer::uses_colour;
use std::path::{Path, PathBuf};

/// The version.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The maximum size of a startup file that is searched.
const MAX_STARTUP_FILE: u64 = 1024 * 1024;

/// Describes the build.
pub(super) fn check_version() -> CheckResult {
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    CheckResult::ok("version", format!("leadhook {VERSION}, {build} build for {system} {machine}"))
}

/// Checks the clock.
pub(super) fn check_clock(env: &Environment) -> CheckResult {
    let hint = "set the clock of this machine";
    let Some(now) = env.try_now() else {
        return CheckResult::failed("clock", &Error::from(IoError::Clock));
    };
    // Whole seconds are enough to compare with another clock.
    let shown = now.strftime("%Y-%m-%dT%H:%M:%SZ");
    match judge_clock(now) {
        ClockState::Plausible => CheckResult::ok("clock", format!("{shown} is plausible")),
        ClockState::TooEarly => {
            let message = format!(
                "{shown} is before this version was written: signatures with a time will be rejected"
            );
            CheckResult::problem("clock", message, hint)
        }
        ClockState::TooLate => {
            let message =
                format!("{shown} is decades ahead: signatures with a time will be rejected");
            CheckResult::problem("clock", message, hint)
        }
    }
}

/// Describes standard output: its width and colours.
pub(super) fn check_terminal(env: &Environment, global: &GlobalOptions) -> CheckResult {
    let is_terminal = env.stdout_is_terminal;
    let (is_coloured, why) = uses_colour(env, global.color, is_terminal);
    let width = match env.columns() {
        Some(columns) if is_terminal => format!("{columns} columns"),
        _ if is_terminal => "a terminal of unknown width".to_owned(),
        _ => "not a terminal".to_owned(),
    };
    let colour = if is_coloured { "coloured" } else { "not coloured" };
    let why = if is_terminal || why != "it is not a terminal" {
        format!(": {why}")
    } else {
        String::new()
    };
    CheckResult::ok("terminal", format!("{width}, {colour}{why}"))
}

/// Searches the usual places for the completions of the user's shell.
pub(super) fn check_completions(env: &Environment) -> CheckResult {
    let Some(shell) = env.var("SHELL").and_then(|path| Path::new(path).file_name()?.to_str())
    else {
        return CheckResult::note("completions", "your shell is not known: SHELL is not set");
    };
    let Some(places) = completion_places(shell, &user_folders(env)) else {
        let message = format!("the places of completions for {shell} are not known");
        return CheckResult::note("completions", message);
    };
    if let Some(script) = places.scripts.iter().find(|path| path.is_file()) {
        let message = format!("installed for {shell}: {}", script.display());
        return CheckResult::ok("completions", message);
    }
    let startup = input::read_regular("startup file", &places.startup, MAX_STARTUP_FILE);
    if startup.is_ok_and(|bytes| loads_completions(&String::from_utf8_lossy(&bytes))) {
        let message = format!("loaded for {shell} by {}", places.startup.display());
        return CheckResult::ok("completions", message);
    }
    CheckResult::note("completions", format!("none were found for {shell}"))
        .with_hint(format!("`leadhook completions --help` says how to install them for {shell}"))
}

/// Returns the folders of the user, with the defaults of the XDG Base Directory Specification.
fn user_folders(env: &Environment) -> UserFolders {
    let absolute = |name: &str| env.var(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = absolute("HOME").unwrap_or_default();
    UserFolders {
        data: absolute("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share")),
        config: absolute("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config")),
        home,
    }
}
