//! A provider pack: the facts about a provider, with the sample and the schema of every event.

use crate::domain::config::is_provider_id;
use crate::providers::flaw::{Flaw, PackError};
use crate::providers::provider::{EventFacts, Provider};
use crate::providers::toml_location;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The name of the file with the facts about the provider.
pub const FACTS_FILE: &str = "provider.toml";

/// A provider with its files.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The contents of `provider.toml`.
    pub provider: Provider,
    /// The text of `provider.toml`, for the lines of its flaws.
    facts: String,
    files: BTreeMap<String, JsonFile>,
}

/// A JSON file of a pack, parsed on first use: most runs need one or two of about sixty.
#[derive(Clone, Debug)]
struct JsonFile {
    contents: String,
    parsed: OnceLock<Result<Value, String>>,
}

impl Pack {
    /// Reads a pack from its files, given as names and contents. `id` is the expected id, if there
    /// is one.
    pub fn read<'i>(
        id: impl Into<Option<&'i str>>,
        files: &[(&str, &str)],
    ) -> Result<Self, PackError> {
        let id = id.into();
        let pack = Self::parse(id, files)
            .map_err(|flaw| PackError { pack: id.unwrap_or("?").to_owned(), flaw })?;
        match pack.structural_flaws().into_iter().next() {
            Some(flaw) => Err(pack.error(flaw)),
            None => Ok(pack),
        }
    }

    /// Parses `provider.toml` and keeps the other files unparsed.
    pub fn parse(id: Option<&str>, files: &[(&str, &str)]) -> Result<Self, Flaw> {
        let (_, text) = files
            .iter()
            .find(|(name, _)| *name == FACTS_FILE)
            .ok_or_else(|| Flaw::error("missing-file", FACTS_FILE, "", "it is missing"))?;
        let provider: Provider = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            let pointer = toml_location::pointer(text, &span);
            let flaw = Flaw::error("bad-facts", FACTS_FILE, pointer, error.message().trim());
            Flaw { line: toml_location::line(text, span.start), ..flaw }
        })?;
        let bad_id =
            |message| Err(located(Flaw::error("bad-id", FACTS_FILE, "/id", message), text));
        if !is_provider_id(&provider.id) {
            return bad_id(format!(
                "`{}` is not a valid id: expected lower-case letters, digits, `-` and `_`",
                provider.id
            ));
        }
        if let Some(id) = id.filter(|id| *id != provider.id) {
            return bad_id(format!("it is `{}`, expected `{id}`", provider.id));
        }
        let files = files.iter().filter(|(name, _)| *name != FACTS_FILE);
        let files = files.map(|(name, text)| {
            ((*name).to_owned(), JsonFile { contents: (*text).to_owned(), parsed: OnceLock::new() })
        });
        Ok(Self { provider, facts: (*text).to_owned(), files: files.collect() })
    }

    /// Returns a flaw with its line, if it is in `provider.toml`.
    #[must_use]
    pub fn located(&self, flaw: Flaw) -> Flaw {
        located(flaw, &self.facts)
    }

    /// Returns the error that this flaw makes the pack unusable.
    #[must_use]
    pub fn error(&self, flaw: Flaw) -> PackError {
        PackError { pack: self.provider.id.clone(), flaw: self.located(flaw) }
    }

    /// Returns the flaws of the pack that can be found without parsing its JSON files.
    #[must_use]
    pub fn structural_flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if let Err(problem) = self.provider.retry.check() {
            flaws.push(Flaw::error(
                "impossible-schedule",
                FACTS_FILE,
                format!("/retry/{}", problem.key()),
                problem.to_string(),
            ));
        }
        for (index, event) in self.provider.events.iter().enumerate() {
            let pointer = format!("/events/{index}/name");
            if !is_event_name(&event.name) {
                let message = format!(
                    "`{}` is not a valid event name: expected letters, digits, `.`, `_` and `-`",
                    event.name
                );
                flaws.push(Flaw::error("bad-event-name", FACTS_FILE, pointer, message));
            } else if self.provider.events[..index].iter().any(|other| other.name == event.name) {
                let message = format!("`{}` is defined twice", event.name);
                flaws.push(Flaw::error("repeated-event", FACTS_FILE, pointer, message));
            }
            for (position, variant) in event.variant_names().enumerate() {
                let pointer = format!("/events/{index}/variants/{position}/name");
                if !is_event_name(variant) {
                    let message = format!("`{variant}` is not a valid variant name");
                    flaws.push(Flaw::error("bad-variant-name", FACTS_FILE, pointer, message));
                } else if event.variant_names().take(position).any(|other| other == variant) {
                    let message = format!("`{variant}` is defined twice");
                    flaws.push(Flaw::error("repeated-variant", FACTS_FILE, pointer, message));
                }
            }
        }
        if self.provider.events.is_empty() {
            flaws.push(Flaw::error("no-events", FACTS_FILE, "/events", "no events are defined"));
        }
        flaws.extend(self.fetch_flaws());
        let missing =
            self.required_files().into_iter().filter(|name| !self.files.contains_key(name));
        flaws.extend(missing.map(|name| Flaw::error("missing-file", name, "", "it is missing")));
        flaws
    }

    /// Returns the flaws of the resources that receivers fetch: events that are not of the pack.
    fn fetch_flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        for (index, facts) in self.provider.fetch.iter().enumerate() {
            for (position, name) in facts.events.iter().enumerate() {
                if self.provider.event(name).is_none() {
                    let message = format!("`{name}` is not an event of the pack");
                    let pointer = format!("/fetch/{index}/events/{position}");
                    flaws.push(Flaw::error("lost-event", FACTS_FILE, pointer, message));
                }
            }
        }
        flaws
    }

    /// Returns the names of the files that the events and the fetched resources of the pack require.
    #[must_use]
    pub fn required_files(&self) -> Vec<String> {
        let of_event = |event: &EventFacts| {
            let variants =
                event.variant_names().map(|variant| format!("{}.{variant}.json", event.name));
            let own = [format!("{}.json", event.name), format!("{}.schema.json", event.name)];
            own.into_iter().chain(variants).collect::<Vec<_>>()
        };
        let fetched = self.provider.fetch.iter().map(|facts| facts.sample.clone());
        self.provider.events.iter().flat_map(of_event).chain(fetched).collect()
    }

    /// Returns the names of its files except `provider.toml`.
    pub fn file_names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Returns the sample payload of an event, or of one of its variants.
    pub fn sample(&self, event: &EventFacts, variant: Option<&str>) -> Result<&Value, PackError> {
        match variant {
            Some(variant) => self.json(&format!("{}.{variant}.json", event.name)),
            None => self.json(&format!("{}.json", event.name)),
        }
    }

    /// Returns the schema of an event and every schema that belongs to no event, by file name.
    pub fn documents(&self, event: &str) -> Result<BTreeMap<String, Value>, PackError> {
        let stem = |name: &str| name.strip_suffix(".schema.json").map(str::to_owned);
        let wanted = |stem: &str| stem == event || self.provider.event(stem).is_none();
        let names = self.files.keys().filter(|name| stem(name).is_some_and(|stem| wanted(&stem)));
        names.map(|name| Ok((name.clone(), self.json(name)?.clone()))).collect()
    }

    /// Returns a JSON file of the pack by its name.
    pub fn json(&self, name: &str) -> Result<&Value, PackError> {
        let error = |code, message: String| PackError {
            pack: self.provider.id.clone(),
            flaw: Flaw::error(code, name, "", message),
        };
        let missing = || error("missing-file", "it is missing".to_owned());
        let file = self.files.get(name).ok_or_else(missing)?;
        let parsed = file.parsed.get_or_init(|| {
            serde_json::from_str(&file.contents).map_err(|error| error.to_string())
        });
        parsed.as_ref().map_err(|reason| error("not-json", format!("it is not JSON: {reason}")))
    }
}

/// Returns a flaw with its line, if it is in `provider.toml` and has none yet.
fn located(flaw: Flaw, facts: &str) -> Flaw {
    if flaw.file != FACTS_FILE || flaw.line.is_some() {
        return flaw;
    }
    Flaw { line: toml_location::line_of_pointer(facts, &flaw.pointer), ..flaw }
}

/// Returns `true` if `text` can be the name of an event, which becomes a file name.
fn is_event_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    text.len() <= 100
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(is_allowed)
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
    fn a_complete_pack_is_read() {
        assert!(read(TOML).is_ok());
    }

    #[test]
    fn an_unknown_key_is_reported_with_its_line() {
        let error = read(&format!("colour = \"red\"\n{TOML}")).unwrap_err().to_string();
        assert!(
            error.starts_with("pack `leadpro`: `provider.toml` line 1 at `/colour`: "),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_placeholder_is_reported_with_its_line() {
        let error = read(&TOML.replace("{first-name}", "{fist-name}")).unwrap_err().to_string();
        for part in [
            "`provider.toml` line ",
            " at `/vary/~1data~1first_name`: ",
            "unknown placeholder `fist-name`",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_missing_variant_is_reported() {
        let more = "[[events.variants]]\nname = \"other\"\nsummary = \"another\"\n";
        assert_eq!(
            read(&format!("{TOML}{more}")).unwrap_err().to_string(),
            "pack `leadpro`: `lead.updated.other.json`: it is missing"
        );
    }

    #[test]
    fn a_missing_schema_is_reported() {
        let files = [("provider.toml", TOML), ("lead.created.json", "{}")];
        let error = Pack::read("leadpro", &files).unwrap_err();
        let expected = "pack `leadpro`: `lead.created.schema.json`: it is missing";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn an_impossible_schedule_is_rejected() {
        let error =
            read(&TOML.replace("success = [\"2xx\"]", "success = [\"2xx\"]\nstop = [\"204\"]"))
                .unwrap_err();
        assert_eq!(
            error.to_string(),
            "pack `leadpro`: `provider.toml` line 49 at `/retry/stop`: status 204 is in `success` and in `stop`: expected one of the two"
        );
    }
}
