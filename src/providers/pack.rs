//! One provider pack: what is known of a sender, with the payload and the schema of every event.

use crate::domain::provider::EventFacts;
use crate::domain::provider::Provider;
use crate::domain::retry::PolicyError;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use thiserror::Error;

/// A provider with its files.
#[derive(Clone, Debug)]
pub struct Pack {
    /// What `provider.toml` says.
    pub provider: Provider,
    files: BTreeMap<String, File>,
}

/// A JSON file of a pack, parsed when it is first asked for: most runs need one or two of sixty.
#[derive(Clone, Debug)]
struct File {
    text: String,
    parsed: OnceLock<Result<Value, String>>,
}

/// Why a folder is not a pack. Every variant names the file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PackError {
    /// A file is not there.
    #[error("pack `{pack}`: `{file}` is missing")]
    Missing {
        /// The id of the pack.
        pack: String,
        /// The name of the file.
        file: String,
    },
    /// A file has not the form it should have.
    #[error("pack `{pack}`: `{file}`: {reason}")]
    Malformed {
        /// The id of the pack.
        pack: String,
        /// The name of the file.
        file: String,
        /// What is wrong, with the position if it is known.
        reason: String,
    },
    /// The ladder cannot be.
    #[error("pack `{pack}`: `provider.toml`: {source}")]
    Ladder {
        /// The id of the pack.
        pack: String,
        /// What is wrong with it.
        source: PolicyError,
    },
}

impl Pack {
    /// Reads a pack from its files, given as names and texts.
    pub fn read(id: &str, files: &[(&str, &str)]) -> Result<Self, PackError> {
        let missing =
            |file: &str| PackError::Missing { pack: id.to_owned(), file: file.to_owned() };
        let malformed = |reason| PackError::Malformed {
            pack: id.to_owned(),
            file: "provider.toml".to_owned(),
            reason,
        };
        let (_, text) = files
            .iter()
            .find(|(name, _)| *name == "provider.toml")
            .ok_or_else(|| missing("provider.toml"))?;
        let provider: Provider =
            toml::from_str(text).map_err(|error| malformed(error.to_string()))?;
        if provider.id != id {
            return Err(malformed(format!(
                "`id` is `{}`, expected `{id}`, the name of the folder",
                provider.id
            )));
        }
        provider
            .retry
            .check()
            .map_err(|source| PackError::Ladder { pack: id.to_owned(), source })?;
        let files = files.iter().filter(|(name, _)| *name != "provider.toml");
        let files = files.map(|(name, text)| {
            ((*name).to_owned(), File { text: (*text).to_owned(), parsed: OnceLock::new() })
        });
        let pack = Self { provider, files: files.collect() };
        for event in &pack.provider.events {
            let variants =
                event.variant_names().map(|variant| format!("{}.{variant}.json", event.name));
            let wanted = [format!("{}.json", event.name), format!("{}.schema.json", event.name)];
            if let Some(absent) =
                wanted.into_iter().chain(variants).find(|name| !pack.files.contains_key(name))
            {
                return Err(missing(&absent));
            }
        }
        Ok(pack)
    }

    /// The sample payload of an event, or of one of its variants.
    pub fn sample(&self, event: &EventFacts, variant: Option<&str>) -> Result<&Value, PackError> {
        match variant {
            Some(variant) => self.json(&format!("{}.{variant}.json", event.name)),
            None => self.json(&format!("{}.json", event.name)),
        }
    }

    /// The schema of an event and every schema that is no event's own, by file name.
    pub fn documents(&self, event: &str) -> Result<BTreeMap<String, Value>, PackError> {
        let stem = |name: &str| name.strip_suffix(".schema.json").map(str::to_owned);
        let wanted = |stem: &str| stem == event || self.provider.event(stem).is_none();
        let names = self.files.keys().filter(|name| stem(name).is_some_and(|stem| wanted(&stem)));
        names.map(|name| Ok((name.clone(), self.json(name)?.clone()))).collect()
    }

    /// A JSON file of the pack by its name.
    pub fn json(&self, name: &str) -> Result<&Value, PackError> {
        let pack = || self.provider.id.clone();
        let file = self
            .files
            .get(name)
            .ok_or_else(|| PackError::Missing { pack: pack(), file: name.to_owned() })?;
        let parsed = file
            .parsed
            .get_or_init(|| serde_json::from_str(&file.text).map_err(|error| error.to_string()));
        let malformed = |reason: &String| PackError::Malformed {
            pack: pack(),
            file: name.to_owned(),
            reason: reason.clone(),
        };
        parsed.as_ref().map_err(malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = include_str!("../../fixtures/leadpro/provider.toml");

    fn read(toml: &str) -> Result<Pack, PackError> {
        let whole: Provider = toml::from_str(TOML).unwrap();
        let names: Vec<_> = whole
            .events
            .iter()
            .flat_map(|event| {
                let variants = event.variant_names().map(|name| format!("{}.{name}", event.name));
                [event.name.clone(), format!("{}.schema", event.name)].into_iter().chain(variants)
            })
            .map(|stem| format!("{stem}.json"))
            .collect();
        let mut files: Vec<_> = names.iter().map(|name| (name.as_str(), "{}")).collect();
        files.push(("provider.toml", toml));
        Pack::read("leadpro", &files)
    }

    #[test]
    fn a_pack_that_is_whole_is_read() {
        assert!(read(TOML).is_ok());
    }

    #[test]
    fn an_unknown_key_is_refused_and_named() {
        let error = read(&format!("colour = \"red\"\n{TOML}")).unwrap_err().to_string();
        assert!(error.contains("provider.toml") && error.contains("colour"), "{error}");
    }

    #[test]
    fn a_word_of_vary_that_nobody_knows_is_named_with_its_line() {
        let error = read(&TOML.replace("{first-name}", "{fist-name}")).unwrap_err().to_string();
        for part in ["pack `leadpro`: `provider.toml`: ", "at line ", "unknown word `fist-name`"] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_missing_variant_is_named() {
        let more = "[[events.variants]]\nname = \"other\"\nsummary = \"another\"\n";
        assert_eq!(
            read(&format!("{TOML}{more}")).unwrap_err().to_string(),
            "pack `leadpro`: `lead.updated.other.json` is missing"
        );
    }

    #[test]
    fn a_missing_schema_is_named() {
        let error = Pack::read("leadpro", &[("provider.toml", TOML), ("lead.created.json", "{}")])
            .unwrap_err();
        assert_eq!(error.to_string(), "pack `leadpro`: `lead.created.schema.json` is missing");
    }

    #[test]
    fn an_impossible_ladder_is_refused() {
        let error =
            read(&TOML.replace("success = [\"2xx\"]", "success = [\"2xx\"]\nstop = [\"204\"]"))
                .unwrap_err();
        assert_eq!(
            error.to_string(),
            "pack `leadpro`: `provider.toml`: status 204 is both a success and a stop code"
        );
    }
}
