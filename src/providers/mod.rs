//! Provider packs: the built-in ones and those of the user.

mod builtin;
pub mod fetch_facts;
pub mod flaw;
pub mod handshake_facts;
pub mod pack;
pub mod provider;
pub mod starter;
mod toml_location;
pub mod versions;

use crate::domain::event_ref::EventRef;
use crate::providers::provider::{EventFacts, Provider};
use flaw::PackError;
use pack::Pack;
use std::sync::{Arc, OnceLock};
use thiserror::Error;

/// The available packs, the built-in ones first. A clone is cheap and shares them.
#[derive(Clone, Debug)]
pub struct Packs {
    usable: Arc<[Arc<Pack>]>,
    /// Packs that were configured and cannot be used: looking one up returns the reason.
    broken: Arc<[PackError]>,
}

/// A provider or an event that cannot be found.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LookupError {
    /// No pack has this id.
    #[error("unknown provider `{id}`")]
    Provider {
        /// The id, as given.
        id: String,
        /// The available ids.
        known: Vec<String>,
    },
    /// None of the packs that were searched has this event.
    #[error("unknown event `{name}`")]
    Event {
        /// The name, as given.
        name: String,
        /// The available names.
        known: Vec<String>,
    },
    /// More than one pack has this event.
    #[error("event `{name}` is known to {count} providers", count = forms.len())]
    Ambiguous {
        /// The name, as given.
        name: String,
        /// The unambiguous names, such as `leadpro:lead.created`.
        forms: Vec<String>,
    },
    /// The pack is configured, but cannot be used.
    #[error(transparent)]
    Broken(PackError),
}

impl FromIterator<Pack> for Packs {
    fn from_iter<T: IntoIterator<Item = Pack>>(packs: T) -> Self {
        Self { usable: packs.into_iter().map(Arc::new).collect(), broken: Arc::default() }
    }
}

impl Packs {
    /// Returns the built-in packs, which are read once in a process.
    pub fn builtin() -> Result<Self, PackError> {
        // The command line is described with them before a command uses them.
        static BUILTIN: OnceLock<Result<Packs, PackError>> = OnceLock::new();
        let read = || builtin::PACKS.iter().map(|files| Pack::read(files.id, files.contents));
        BUILTIN.get_or_init(|| read().collect()).clone()
    }

    /// Returns these packs with more added.
    #[must_use]
    pub fn with(&self, more: Vec<Pack>, broken: Vec<PackError>) -> Self {
        let all = self.usable.iter().cloned().chain(more.into_iter().map(Arc::new));
        Self { usable: all.collect(), broken: broken.into() }
    }

    /// Returns the packs of these providers, or all packs if none is named.
    #[must_use]
    pub fn of(&self, named: &[String]) -> Self {
        if named.is_empty() {
            return self.clone();
        }
        let is_named = |pack: &&Arc<Pack>| named.contains(&pack.provider.id);
        let usable = self.usable.iter().filter(is_named).cloned().collect();
        Self { usable, broken: Arc::clone(&self.broken) }
    }

    /// Returns every pack.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.usable.iter()
    }

    /// Returns the reasons why configured packs cannot be used.
    #[must_use]
    pub fn broken(&self) -> &[PackError] {
        &self.broken
    }

    /// Finds the pack of one provider.
    pub fn find(&self, id: &str) -> Result<&Arc<Pack>, LookupError> {
        let found = self.iter().find(|pack| pack.provider.id == id);
        found.ok_or_else(|| match self.broken.iter().find(|error| error.pack == id) {
            Some(error) => LookupError::Broken(error.clone()),
            None => LookupError::Provider {
                id: id.to_owned(),
                known: self.iter().map(|pack| pack.provider.id.clone()).collect(),
            },
        })
    }

    /// Finds an event and its pack. `assumed` is the provider given separately, if any.
    pub fn find_event(
        &self,
        event: &EventRef,
        assumed: Option<&str>,
    ) -> Result<(&Arc<Pack>, &EventFacts), LookupError> {
        if let Some(id) = event.provider.as_deref().or(assumed) {
            let pack = self.find(id)?;
            let known = || pack.provider.events.iter().map(|event| event.name.clone()).collect();
            let facts = pack.provider.event(&event.name);
            let unknown = || LookupError::Event { name: event.name.clone(), known: known() };
            return facts.map(|facts| (pack, facts)).ok_or_else(unknown);
        }
        let candidates: Vec<_> = self
            .iter()
            .filter_map(|pack| pack.provider.event(&event.name).map(|facts| (pack, facts)))
            .collect();
        match candidates.as_slice() {
            [found] => Ok(*found),
            [] => Err(LookupError::Event { name: event.name.clone(), known: self.event_names() }),
            several => Err(LookupError::Ambiguous {
                name: event.name.clone(),
                forms: several
                    .iter()
                    .map(|(pack, _)| format!("{}:{}", pack.provider.id, event.name))
                    .collect(),
            }),
        }
    }

    /// Returns every event name in the shortest unambiguous form.
    #[must_use]
    pub fn event_names(&self) -> Vec<String> {
        let providers = || self.iter().map(|pack| &pack.provider);
        let shared =
            |name: &str| providers().filter(|provider| provider.event(name).is_some()).count() > 1;
        let short = |provider: &Provider, name: &str| {
            if shared(name) { format!("{}:{name}", provider.id) } else { name.to_owned() }
        };
        providers()
            .flat_map(|provider| {
                provider.events.iter().map(move |event| short(provider, &event.name))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packs() -> Packs {
        Packs::builtin().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn every_event_has_an_unambiguous_name() {
        let names = packs().event_names();
        assert_eq!(
            names.len(),
            packs().iter().map(|pack| pack.provider.events.len()).sum::<usize>()
        );
        for name in &names {
            assert!(packs().find_event(&name.parse().unwrap(), None).is_ok(), "{name}");
        }
    }

    #[test]
    fn an_event_name_of_one_provider_needs_no_prefix() {
        let event = "created".parse().unwrap();
        assert_eq!(packs().find_event(&event, None).unwrap().0.provider.id, "realgeeks");
    }

    #[test]
    fn an_ambiguous_event_name_is_reported_with_its_providers() {
        let Err(LookupError::Ambiguous { forms, .. }) =
            packs().find_event(&"lead.created".parse().unwrap(), None).map(|_| ())
        else {
            panic!("expected both forms");
        };
        assert_eq!(forms, ["leadpro:lead.created", "realtorbot:lead.created"]);
        for form in forms {
            assert!(packs().find_event(&form.parse().unwrap(), None).is_ok());
        }
    }

    #[test]
    fn the_provider_in_the_name_takes_precedence() {
        let event = "leadpro:lead.created".parse().unwrap();
        assert_eq!(
            packs().find_event(&event, Some("realtorbot")).unwrap().0.provider.id,
            "leadpro"
        );
    }
}
