//! `leadhook docs`: prints the reference of a provider or of one event.

use crate::commands::context::Context;
use crate::domain::event_ref::EventRef;
use crate::domain::parse_error::ParseValueError;
use crate::engine::provider_page;
use crate::engine::provider_page::reference::Reference;
use crate::error::{Error, Exit};
use crate::output::printer::{Look, Report};
use crate::output::{markdown, sanitize};
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use crate::providers::{LookupError, Packs};
use clap::Args;
use serde::Serialize;
use std::io;
use std::io::Write;

/// Print the reference of a provider: its headers, signature, retries and fields
///
/// Every field has its source. Without a provider, the providers are listed. An event selects its part of the page. The page is
/// formatted for a terminal, and Markdown if it is redirected: `leadhook docs leadpro > leadpro.md`.
#[derive(Args, Debug)]
pub struct Docs {
    /// Provider, or an event such as `created` or `leadpro:lead.created`
    #[arg(id = "docs_provider", value_name = "PROVIDER")]
    provider: Option<String>,

    /// Event of the provider, such as `lead.created`
    #[arg(value_name = "EVENT", requires = "docs_provider")]
    event: Option<EventRef>,
}

/// The subject of a page.
enum Subject<'p> {
    /// The list of the providers.
    Index,
    /// A provider.
    Provider(&'p Pack),
    /// An event of a provider.
    Event(&'p Pack, &'p EventFacts),
}

/// One provider of the list.
#[derive(Debug, Serialize)]
struct ListedProvider<'p> {
    provider: &'p str,
    name: &'p str,
    documentation: &'p str,
    header: Option<&'p str>,
    scheme: &'static str,
    events: Vec<&'p str>,
}

/// The contents of a page as data.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Contents<'p> {
    Index { providers: Vec<ListedProvider<'p>> },
    Page(Box<Reference>),
}

/// A page.
#[derive(Debug, Serialize)]
struct DocsReport<'p> {
    #[serde(flatten)]
    contents: Contents<'p>,
    #[serde(skip)]
    markdown: String,
    /// `true` if a person reads the page. A file or another program gets the Markdown.
    #[serde(skip)]
    is_on_terminal: bool,
}

impl Docs {
    /// Returns `true` if the provider of `--provider` may be used: two arguments name another one.
    pub(super) fn assumes_provider(&self) -> bool {
        let names_provider = self.provider.as_ref().is_some_and(|name| name.contains(':'));
        self.event.is_none() && !names_provider
    }

    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let packs = context.packs.clone();
        let (contents, markdown) = match self.subject(&packs, context.provider())? {
            Subject::Index => {
                let providers = packs.iter().map(|pack| ListedProvider::of(pack)).collect();
                (Contents::Index { providers }, provider_page::render_index(&packs))
            }
            Subject::Provider(pack) => (
                Contents::Page(Box::new(Reference::new(pack, None)?)),
                provider_page::render(pack)?,
            ),
            Subject::Event(pack, event) => (
                Contents::Page(Box::new(Reference::new(pack, Some(event))?)),
                provider_page::render_event(pack, event)?,
            ),
        };
        let is_on_terminal = context.env.stdout_is_terminal;
        context.printer.report(&DocsReport { contents, markdown, is_on_terminal })?;
        Ok(Exit::Success)
    }

    /// Finds the provider or the event. `assumed` is the provider of `--provider`.
    fn subject<'p>(&self, packs: &'p Packs, assumed: Option<&str>) -> Result<Subject<'p>, Error> {
        let of_event = |event: &EventRef, assumed: Option<&str>| {
            packs.find_event(event, assumed).map(|(pack, facts)| Subject::Event(pack, facts))
        };
        let Some(name) = &self.provider else {
            let provider = |id| packs.find(id).map(|pack| Subject::Provider(pack));
            return Ok(assumed.map_or(Ok(Subject::Index), provider)?);
        };
        if let Some(event) = &self.event {
            packs.find(name)?;
            if event.provider.as_ref().is_some_and(|other| other != name) {
                return Err(Error::Option {
                    message: format!("`{event}` is not an event of `{name}`"),
                    hint: format!("write `leadhook docs {event}`"),
                });
            }
            return Ok(of_event(event, Some(name))?);
        }
        if name.contains(':') {
            let event = name.parse().map_err(|error: ParseValueError| Error::Option {
                message: error.to_string(),
                hint: "`leadhook events` lists the events".to_owned(),
            })?;
            return Ok(of_event(&event, None)?);
        }
        match packs.find(name) {
            Ok(pack) => Ok(Subject::Provider(pack)),
            Err(LookupError::Provider { known, .. }) => {
                let event = EventRef { provider: None, name: name.clone() };
                of_event(&event, assumed).map_err(|error| match error {
                    LookupError::Event { known: events, .. } => Error::UnknownName {
                        what: "provider or event",
                        name: name.clone(),
                        known: known.into_iter().chain(events).collect(),
                    },
                    other => other.into(),
                })
            }
            Err(broken) => Err(broken.into()),
        }
    }
}

impl<'p> ListedProvider<'p> {
    fn of(pack: &'p Pack) -> Self {
        let provider = &pack.provider;
        Self {
            provider: &provider.id,
            name: &provider.name,
            documentation: &provider.documentation,
            header: provider.signature.header(),
            scheme: provider.signature.name(),
            events: provider.events.iter().map(|event| event.name.as_str()).collect(),
        }
    }
}

impl Report for DocsReport<'_> {
    const KIND: &'static str = "reference";
    const IS_EXACT: bool = true;

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        if self.is_on_terminal {
            markdown::write(out, look, &self.markdown)
        } else {
            out.write_all(sanitize::lines(&self.markdown).as_bytes())
        }
    }
}
