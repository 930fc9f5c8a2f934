//! What completions are taken from besides the program itself: packs, profiles and the configured
//! provider.

use crate::commands::completions::given::GivenArguments;
use crate::commands::option_sources::configured_value;
use crate::commands::packs;
use crate::commands::settings::Settings;
use crate::domain::config::option_env_var;
use crate::io::environment::Environment;
use crate::providers::Packs;
use crate::providers::pack::Pack;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// The packs and names that a line can use.
#[derive(Debug)]
pub(super) struct CompletionSources {
    /// The built-in packs, and those of the line and of the configuration.
    pub(super) packs: Packs,
    /// The profiles of the configuration.
    pub(super) profiles: Vec<String>,
    /// The provider of the line, or else the configured one.
    pub(super) provider: Option<String>,
}

/// The paths and names on the line that choose the configuration.
#[derive(Debug)]
struct Selection {
    config: Option<PathBuf>,
    profile: Option<String>,
    packs: Vec<PathBuf>,
}

/// Reads the sources of a line. Those from files are left out if they take longer than the built-in
/// packs and `deadline`: a completion must not wait for a slow disk, and has nowhere to report an
/// error.
///
/// Returns `None` if the built-in packs are invalid.
pub(super) fn read(
    given: &GivenArguments,
    env: &Environment,
    deadline: Duration,
) -> Option<CompletionSources> {
    let selection = Selection::new(given, env);
    let own_env = env.clone();
    // On a busy machine, parsing alone may take longer than the deadline. It has the time in which
    // the built-in packs are parsed as well.
    let configured = in_background(move || selection.read(&own_env));
    let builtin = Packs::builtin().ok()?;
    let (settings, packs) = configured.recv_timeout(deadline).unwrap_or_default();
    let named = given.last_str("docs_provider").or_else(|| given.last_str("provider"));
    let provider = named.map(str::to_owned);
    let configured = || {
        let (value, _) = configured_value("provider", &settings, env)?;
        value.into_string().ok()
    };
    Some(CompletionSources {
        provider: provider.or_else(configured),
        profiles: settings.profiles().into_iter().map(str::to_owned).collect(),
        packs: with_own(&builtin, packs),
    })
}

/// Adds packs of which each has an id of its own.
fn with_own(builtin: &Packs, packs: Vec<Pack>) -> Packs {
    let mut added: Vec<Pack> = Vec::new();
    for pack in packs {
        let id = &pack.provider.id;
        let is_known =
            builtin.find(id).is_ok() || added.iter().any(|other| other.provider.id == *id);
        if !is_known {
            added.push(pack);
        }
    }
    builtin.with(added, Vec::new())
}

/// Starts to load, and returns a channel that receives the result; it is closed if that fails.
fn in_background<T: Send + 'static>(load: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (sender, result) = channel();
    // Not joined: it may never end, and the process ends without it.
    let _ = thread::Builder::new().spawn(move || {
        let _ = sender.send(load());
    });
    result
}

impl Selection {
    fn new(given: &GivenArguments, env: &Environment) -> Self {
        let option_or_variable = |id: &str| {
            given.last(id).or_else(|| env.var_os(&option_env_var(id))).map(OsStr::to_owned)
        };
        let packs: Vec<_> = given.all("pack").map(PathBuf::from).collect();
        let variable = env.var_os(&option_env_var("pack")).filter(|_| packs.is_empty());
        Self {
            config: option_or_variable("config").map(PathBuf::from),
            profile: option_or_variable("profile")
                .and_then(|name: OsString| name.into_string().ok()),
            packs: packs.into_iter().chain(variable.map(PathBuf::from)).collect(),
        }
    }

    /// Reads the configuration files and the packs that are valid.
    fn read(&self, env: &Environment) -> (Settings, Vec<Pack>) {
        let profile = self.profile.as_deref();
        let settings = match self.config.as_deref() {
            // Standard input belongs to the shell.
            Some(path) if path.as_os_str() == "-" => Settings::default(),
            path => Settings::read_valid(env, path, profile).0,
        };
        let packs = packs::read_usable(&self.packs, &settings);
        (settings, packs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_end_is_left_out() {
        let (never, waits) = channel::<()>();
        let result = in_background(move || waits.recv());
        assert!(result.recv_timeout(Duration::from_millis(1)).is_err());
        drop(never);
        assert_eq!(in_background(|| 7).recv_timeout(Duration::from_secs(60)), Ok(7));
    }
}
