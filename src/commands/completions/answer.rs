//! Answers the calls of completion scripts.

use crate::commands::completions::arguments::with_completers;
use crate::commands::completions::candidates::{CandidateSource, PathKind, RequestedPaths};
use crate::commands::completions::given::GivenArguments;
use crate::commands::completions::shell_call::{ShellCall, Suggestion};
use crate::commands::completions::sources;
use crate::error::Exit;
use crate::io::environment::Environment;
use crate::output::sanitize;
use clap::Command;
use clap_complete::engine;
use clap_complete::engine::CompletionCandidate;
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The maximum time for configuration and packs. Completions without them are better than a prompt
/// that does not respond.
const DEADLINE: Duration = Duration::from_millis(50);

/// Answers the call of a completion script, and returns `None` if this run is no such call.
///
/// A call never fails, and prints nothing but its answer.
pub fn answer(root: fn() -> Command, args: &[OsString], env: &Environment) -> Option<Exit> {
    let call = ShellCall::read(args, env)?;
    let answer = complete(root(), &call, env);
    let mut out = env.stdout();
    // Without its reader, the answer is of no use to anyone.
    let _ = out.write_all(answer.as_bytes()).and_then(|()| out.flush());
    Some(Exit::Success)
}

fn complete(mut root: Command, call: &ShellCall, env: &Environment) -> String {
    if call.is_redirection {
        let paths = RequestedPaths { kind: PathKind::File, start: OsString::new() };
        return call.answer(&[], Some(&paths));
    }
    root.build();
    let given = GivenArguments::read(&root, &call.words, call.index);
    let Some(sources) = sources::read(&given, env, DEADLINE) else { return String::new() };
    let source = Arc::new(CandidateSource::new(sources, &root, &given, call.lists_paths()));
    let mut root = with_completers(root, &source);
    let found = suggestions(&mut root, call);
    call.answer(&found, source.requested_paths())
}

/// Returns what the engine suggests for the current word.
fn suggestions(root: &mut Command, call: &ShellCall) -> Vec<Suggestion> {
    let Some(words) = call.words.get(..=call.index) else { return Vec::new() };
    let mut words = words.to_vec();
    let is_option = words.last().is_some_and(|word| word.as_encoded_bytes().starts_with(b"-"));
    if let Some(word) = words.last_mut().filter(|word| *word == "-") {
        // After one hyphen, the engine suggests the short options instead of the long ones.
        word.push("-");
    }
    // It fails only if there is no such word.
    let found = engine::complete(root, words, call.index, Some(Path::new("."))).unwrap_or_default();
    let suggestions = found.iter().filter_map(suggestion);
    // The engine suggests options after the commands and values, which would bury them.
    suggestions.filter(|found| is_option || !found.value.starts_with('-')).collect()
}

/// Converts a candidate, unless it is the name of a file that no line can contain.
fn suggestion(candidate: &CompletionCandidate) -> Option<Suggestion> {
    let value = candidate.get_value().to_str()?;
    if value.chars().any(char::is_control) {
        return None;
    }
    let about = candidate.get_help().map(ToString::to_string).unwrap_or_default();
    let about = sanitize::line(about.lines().next().unwrap_or_default());
    Some(Suggestion { value: value.to_owned(), about })
}
