//! The arguments whose values are completed, and with what.

use crate::commands::completions::candidates::{CandidateSource, ValueKind};
use clap::{Arg, Command, ValueHint};
use clap_complete::engine::ArgValueCompleter;
use std::ffi::OsStr;
use std::sync::Arc;

/// The kind of the values of each argument, by its clap id: arguments of the same id have the same
/// values in every command.
///
/// Not listed are arguments with a fixed list of values, which the engine knows, and paths to
/// files, which are recognised by their type.
pub(super) const VALUE_KINDS: &[(&str, ValueKind)] = &[
    ("provider", ValueKind::Provider),
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
    ("then", ValueKind::EventAssignment),
    ("forward", ValueKind::EventAssignment),
    ("until", ValueKind::Match),
    ("report", ValueKind::Report),
    ("pack", ValueKind::Folder),
    ("folder", ValueKind::Folder),
    ("save_failures", ValueKind::Folder),
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
    let id = arg.get_id().as_str();
    let listed = VALUE_KINDS.iter().find(|(known, _)| *known == id).map(|(_, kind)| *kind);
    listed.or_else(|| match arg.get_value_hint() {
        // The hint of every argument that is parsed to a path.
        ValueHint::AnyPath | ValueHint::FilePath => Some(ValueKind::File),
        ValueHint::DirPath => Some(ValueKind::Folder),
        _ => None,
    })
}
