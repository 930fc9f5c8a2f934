//! The arguments whose values are completed, and with what.

use crate::commands::completions::candidates::{CandidateSource, ValueKind};
use clap::{Arg, Command, ValueHint};
use clap_complete::engine::ArgValueCompleter;
use std::ffi::OsStr;
use std::sync::Arc;

/// The kind of the values of an argument, by its clap id or by the name of its value, such as
/// `PATH=TEXT`. An id or a name that is listed means the same in every command.
///
/// Not listed are arguments with a fixed list of values, which the engine knows, and paths to
/// files, which are recognised by their type.
pub(super) const VALUE_KINDS: &[(&str, ValueKind)] = &[
    ("provider", ValueKind::Provider),
    ("docs_provider", ValueKind::Subject),
    ("event", ValueKind::Event),
    ("variant", ValueKind::Variant),
    ("tamper", ValueKind::Tamper),
    ("fault", ValueKind::Fault),
    ("only", ValueKind::Case),
    ("skip", ValueKind::Case),
    ("profile", ValueKind::Profile),
    ("set", ValueKind::FieldAssignment),
    ("set_json", ValueKind::FieldAssignment),
    ("unset", ValueKind::Field),
    ("EVENT=TIME", ValueKind::EventAssignment),
    ("[EVENT=]SCRIPT", ValueKind::EventAssignment),
    ("[EVENT=]URL", ValueKind::EventAssignment),
    ("COMMAND", ValueKind::Command),
    ("DIR", ValueKind::Folder),
    ("FORM=FILE", ValueKind::Report),
    ("MATCH", ValueKind::Match),
    ("PROGRAM", ValueKind::Tunnel),
    ("SPEED", ValueKind::Speed),
];

/// Adds a completer to every argument of a command and of its subcommands that has one.
pub(super) fn with_completers(command: Command, source: &Arc<CandidateSource>) -> Command {
    command
        .mut_args(|arg| with_completer(arg, source))
        .mut_subcommands(|sub| with_completers(sub, source))
}

fn with_completer(arg: Arg, source: &Arc<CandidateSource>) -> Arg {
    let Some(kind) = value_kind(&arg) else { return arg };
    let source = Arc::clone(source);
    arg.add(ArgValueCompleter::new(move |current: &OsStr| source.complete(kind, current)))
}

fn value_kind(arg: &Arg) -> Option<ValueKind> {
    let listed = VALUE_KINDS.iter().find(|(key, _)| names(key, arg)).map(|(_, kind)| *kind);
    listed.or_else(|| match arg.get_value_hint() {
        // The hint of every argument that is parsed to a path.
        ValueHint::AnyPath => Some(ValueKind::File),
        _ => None,
    })
}

/// Returns `true` if `key` is the id of an argument or the name of its value.
fn names(key: &str, arg: &Arg) -> bool {
    arg.get_id() == key || arg.get_value_names().is_some_and(|names| names.iter().any(|n| n == key))
}
