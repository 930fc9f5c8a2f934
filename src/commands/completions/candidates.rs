//! The candidates for each kind of value.

use crate::commands::check::report_forms;
use crate::commands::completions::given::GivenArguments;
use crate::commands::completions::sources::CompletionSources;
use crate::domain::conformance::CaseGroup;
use crate::domain::event_ref::EventRef;
use crate::domain::speed::Speed;
use crate::engine::awaited::DeliveryMatch;
use crate::engine::receiver::FAULTS;
use crate::engine::{conformance, payload_edit, tamper};
use crate::io::tunnel::TunnelProgram;
use crate::output::sanitize;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use clap::Command;
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::sync::{Arc, OnceLock};

/// The maximum length of a candidate that may come from a file.
const MAX_NAME: usize = 200;

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    /// The id of a provider.
    Provider,
    /// A provider, or an event.
    Subject,
    /// An event, with or without its provider.
    Event,
    /// An event and `=`, in front of another value.
    EventAssignment,
    /// A variant of the event of the line.
    Variant,
    /// A deliberate defect that a delivery of the provider can have.
    Tamper,
    /// A fault of the practice receiver.
    Fault,
    /// A case of `check`, or a group of cases.
    Case,
    /// A profile of the configuration.
    Profile,
    /// The path of a field in the payload of the event.
    Field,
    /// The same with `=`, in front of the new value.
    FieldAssignment,
    /// A word of the name of a command of leadhook.
    Command,
    /// A known tunnel program.
    Tunnel,
    /// A speed of replays.
    Speed,
    /// A condition of `--until`.
    Match,
    /// The format of a report and its file.
    Report,
    /// A path to a file.
    File,
    /// A path to a folder.
    Folder,
}

/// A kind of path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathKind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// Paths that the shell has to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RequestedPaths {
    /// Their kind.
    pub(super) kind: PathKind,
    /// Their beginning, which is the end of the current word.
    pub(super) start: OsString,
}

/// A candidate with its description.
type Described = (String, String);

/// The source of the candidates of one line.
#[derive(Debug)]
pub(super) struct CandidateSource {
    sources: CompletionSources,
    /// The event of the line.
    event: Option<EventRef>,
    /// The variant of the line.
    variant: Option<String>,
    /// The subcommands of the command that the line names as an argument.
    commands: Vec<Described>,
    /// `true` if the shell lists paths itself.
    shell_lists_paths: bool,
    /// The paths that the shell has to list.
    requested: OnceLock<RequestedPaths>,
}

impl CandidateSource {
    pub(super) fn new(
        sources: CompletionSources,
        root: &Command,
        given: &GivenArguments,
        shell_lists_paths: bool,
    ) -> Self {
        Self {
            sources,
            event: given.last_str("event").and_then(|event| event.parse().ok()),
            variant: given.last_str("variant").map(str::to_owned),
            commands: named_commands(root, given),
            shell_lists_paths,
            requested: OnceLock::new(),
        }
    }

    /// Returns the paths that the shell has to list in addition to the candidates.
    pub(super) fn requested_paths(&self) -> Option<&RequestedPaths> {
        self.requested.get()
    }

    /// Returns the candidates that begin with `current`.
    pub(super) fn complete(&self, kind: ValueKind, current: &OsStr) -> Vec<CompletionCandidate> {
        match kind {
            ValueKind::File => return self.paths(PathKind::File, current),
            ValueKind::Folder => return self.paths(PathKind::Folder, current),
            _ => {}
        }
        let Some(current) = current.to_str() else { return Vec::new() };
        if kind == ValueKind::Report
            && let Some((format, path)) = current.split_once('=')
        {
            let paths = self.paths(PathKind::File, OsStr::new(path)).into_iter();
            return paths.map(|path| path.add_prefix(format!("{format}="))).collect();
        }
        let mut seen = BTreeSet::new();
        let all = self.described(kind, current).into_iter();
        let matching = all.filter(|(value, _)| value.starts_with(current) && is_plain(value));
        let unique = matching.filter(|(value, _)| seen.insert(value.clone()));
        unique.map(|(value, about)| candidate(value, &about)).collect()
    }

    /// Returns the candidates of one kind, some of which may not begin with `current`.
    fn described(&self, kind: ValueKind, current: &str) -> Vec<Described> {
        match kind {
            ValueKind::Provider => self.providers(),
            ValueKind::Subject if current.is_empty() => self.providers(),
            ValueKind::Subject => [self.providers(), self.events(current)].concat(),
            ValueKind::Event => self.events(current),
            ValueKind::EventAssignment => assignments(self.events(current)),
            ValueKind::Variant => self.variants(),
            ValueKind::Tamper => {
                let own = self.pack().map(|pack| tamper::for_scheme(&pack.provider.signature));
                let tampers = own.map_or_else(tamper::all, Iterator::collect);
                describe(tampers.iter().map(|tamper| (tamper.name, tamper.about)))
            }
            ValueKind::Fault => describe(FAULTS.iter().map(|fault| (fault.name, fault.about))),
            ValueKind::Case => self.cases(),
            ValueKind::Profile => {
                describe(self.sources.profiles.iter().map(|name| (name.as_str(), "")))
            }
            ValueKind::Field => self.fields(),
            ValueKind::FieldAssignment => assignments(self.fields()),
            ValueKind::Command => self.commands.clone(),
            ValueKind::Tunnel => describe(TunnelProgram::names().map(|name| (name, ""))),
            ValueKind::Speed => {
                describe(Speed::NAMED.iter().map(|(name, _, about)| (*name, *about)))
            }
            ValueKind::Match => self.matches(current),
            ValueKind::Report => describe(report_forms()),
            ValueKind::File | ValueKind::Folder => Vec::new(),
        }
    }

    fn providers(&self) -> Vec<Described> {
        let providers = self.sources.packs.iter().map(|pack| &pack.provider);
        providers.map(|facts| (facts.id.clone(), facts.name.clone())).collect()
    }

    /// Returns the files or folders that begin with `current`, or requests them from the shell.
    fn paths(&self, kind: PathKind, current: &OsStr) -> Vec<CompletionCandidate> {
        // For `--id=`, the engine asks for the values of the positional argument as well.
        if current.as_encoded_bytes().starts_with(b"-") {
            return Vec::new();
        }
        if self.shell_lists_paths {
            // The engine asks for the values of one argument, rarely of two: the first counts.
            let _ = self.requested.set(RequestedPaths { kind, start: current.to_owned() });
            return Vec::new();
        }
        let completer = match kind {
            PathKind::File => PathCompleter::file(),
            PathKind::Folder => PathCompleter::dir(),
        };
        completer.current_dir(".").complete(current)
    }

    /// Returns the events in their shortest form; once a character is typed, also those with a
    /// provider.
    fn events(&self, current: &str) -> Vec<Described> {
        let packs = &self.sources.packs;
        let of_pack = |pack: &Arc<Pack>, prefix: &str| -> Vec<Described> {
            let named =
                |event: &EventFacts| (format!("{prefix}{}", event.name), event.summary.clone());
            pack.provider.events.iter().map(named).collect()
        };
        let shortest = || {
            let summaries = packs.iter().flat_map(|pack| &pack.provider.events);
            let summaries = summaries.map(|event| event.summary.clone());
            packs.event_names().into_iter().zip(summaries).collect()
        };
        let short = self.assumed_pack().map_or_else(shortest, |pack| of_pack(pack, ""));
        let with_provider = packs.iter().filter(|_| !current.is_empty());
        let with_provider =
            with_provider.flat_map(|pack| of_pack(pack, &format!("{}:", pack.provider.id)));
        short.into_iter().chain(with_provider).collect()
    }

    /// Returns the variants of the event, or else those of all events.
    fn variants(&self) -> Vec<Described> {
        let events: Vec<&EventFacts> = match self.pack_and_event() {
            Some((_, event)) => vec![event],
            None => self.candidate_packs().flat_map(|pack| &pack.provider.events).collect(),
        };
        let variants = events.into_iter().flat_map(|event| &event.variants);
        describe(variants.map(|variant| (variant.name.as_str(), variant.summary.as_str())))
    }

    /// Returns the groups and the cases of `check`, which assumes the first provider if none is
    /// named.
    fn cases(&self) -> Vec<Described> {
        let groups = CaseGroup::ALL.map(|group| (group.name(), group.title()));
        let pack = self.assumed_pack().or_else(|| self.sources.packs.iter().next());
        let cases = pack.map(|pack| conformance::cases(pack)).unwrap_or_default();
        let cases = cases.into_iter().map(|case| (case.id, case.about));
        describe(groups).into_iter().chain(cases).collect()
    }

    /// Returns the paths of the fields in the payload of the event.
    fn fields(&self) -> Vec<Described> {
        let Some((pack, event)) = self.pack_and_event() else { return Vec::new() };
        let variant = self.variant.as_deref();
        let Ok(payload) = pack.sample(event, variant).or_else(|_| pack.sample(event, None)) else {
            return Vec::new();
        };
        let paths = payload_edit::known_paths(payload);
        describe(paths.iter().map(|path| (path.as_str(), "")))
    }

    fn matches(&self, current: &str) -> Vec<Described> {
        let Some(event) = current.strip_prefix(DeliveryMatch::EVENT) else {
            return describe(DeliveryMatch::FORMS.iter().copied());
        };
        let events = self.events(event).into_iter();
        events.map(|(name, about)| (format!("{}{name}", DeliveryMatch::EVENT), about)).collect()
    }

    /// Returns the pack of the assumed provider.
    fn assumed_pack(&self) -> Option<&Arc<Pack>> {
        self.sources.packs.find(self.sources.provider.as_deref()?).ok()
    }

    /// Returns the pack of the line: that of its event, or else that of the assumed provider.
    fn pack(&self) -> Option<&Arc<Pack>> {
        let named = || self.sources.packs.find(self.event.as_ref()?.provider.as_deref()?).ok();
        let of_event = self.pack_and_event().map(|(pack, _)| pack);
        of_event.or_else(named).or_else(|| self.assumed_pack())
    }

    fn pack_and_event(&self) -> Option<(&Arc<Pack>, &EventFacts)> {
        let event = self.event.as_ref()?;
        self.sources.packs.find_event(event, self.sources.provider.as_deref()).ok()
    }

    /// Returns the pack of the line, or else all.
    fn candidate_packs(&self) -> impl Iterator<Item = &Arc<Pack>> {
        let pack = self.pack();
        self.sources
            .packs
            .iter()
            .filter(move |candidate| pack.is_none_or(|pack| Arc::ptr_eq(pack, candidate)))
    }
}

/// Returns the subcommands of the command that the line names, such as `events` in `help events`.
fn named_commands(root: &Command, given: &GivenArguments) -> Vec<Described> {
    let mut words = given.all("commands").filter_map(OsStr::to_str);
    let named = words.try_fold(root, |command, word| command.find_subcommand(word));
    let commands = named.into_iter().flat_map(Command::get_subcommands);
    let visible = commands.filter(|command| !command.is_hide_set());
    let about = |command: &Command| command.get_about().map(ToString::to_string);
    let described =
        |command: &Command| (command.get_name().to_owned(), about(command).unwrap_or_default());
    visible.map(described).collect()
}

fn describe<'t>(all: impl IntoIterator<Item = (&'t str, &'t str)>) -> Vec<Described> {
    all.into_iter().map(|(value, about)| (value.to_owned(), about.to_owned())).collect()
}

/// Appends `=` to values, after which another value follows.
fn assignments(values: Vec<Described>) -> Vec<Described> {
    values.into_iter().map(|(value, about)| (value + "=", about)).collect()
}

fn candidate(value: String, about: &str) -> CompletionCandidate {
    let about = Some(sanitize::line(about)).filter(|about| !about.is_empty());
    CompletionCandidate::new(value).help(about.map(Into::into))
}

/// Returns `true` if a value can be typed without quotes in every shell. Names may come from a
/// folder that someone else wrote, and a candidate is inserted into the command line.
fn is_plain(value: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-:=/".contains(&byte);
    value.len() <= MAX_NAME && !value.starts_with('-') && value.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_a_shell_would_interpret_is_not_plain() {
        for plain in ["created", "acme:lead.created", "a_b-c", "/a/0/b=", "junit="] {
            assert!(is_plain(plain), "{plain}");
        }
        let long = "a".repeat(MAX_NAME + 1);
        for other in ["-rf", "$(x)", "`x`", "a b", "a;b", "a\nb", "\u{1b}[31m", "é", "a[0]", &long]
        {
            assert!(!is_plain(other), "{other:?}");
        }
    }
}
