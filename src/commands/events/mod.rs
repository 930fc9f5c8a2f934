//! `leadhook events`: what can be sent, a sample of it, its schema; payloads and packs held against
//! the rules.

mod check;
mod check_pack;
mod new;

use crate::commands::context::Context;
use crate::domain::event::EventRef;
use crate::engine::generate;
use crate::error::{Error, Exit};
use crate::output::printer::{Look, Report};
use crate::output::shown_body;
use crate::output::wrap::{columns_beside, wrap};
use crate::protocols::safe_json;
use crate::protocols::schema_bundle::bundle;
use crate::providers::pack::Pack;
use crate::providers::provider::{Shape, VariantFacts};
use clap::{Args, Subcommand};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::io;
use std::io::Write;
use std::sync::Arc;

/// Show what can be sent, and check payloads and packs
#[derive(Args, Debug)]
pub struct Events {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List every event of every provider, and with `+` its variants; `-v` says what each is
    List,
    /// Show the sample payload of an event
    Show {
        /// Event, such as `created` or `leadpro:lead.created`
        #[arg(value_name = "EVENT")]
        event: EventRef,
        /// A named variant of it
        #[arg(long, value_name = "NAME")]
        variant: Option<String>,
    },
    /// Print the JSON Schema of an event, whole
    Schema {
        /// Event, such as `created` or `leadpro:lead.created`
        #[arg(value_name = "EVENT")]
        event: EventRef,
    },
    Check(check::CheckPayload),
    New(new::New),
    CheckPack(check_pack::CheckPack),
}

/// Columns of a line.
const WIDTH: usize = 79;

/// One event of the list.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    provider: &'a str,
    event: &'a str,
    summary: &'a str,
    shape: Shape,
    #[serde(serialize_with = "names")]
    variants: &'a [VariantFacts],
}

fn names<S: Serializer>(variants: &&[VariantFacts], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(variants.iter().map(|variant| &variant.name))
}

/// Every event of the providers asked for.
#[derive(Debug, Serialize)]
struct List<'a> {
    events: Vec<Listed<'a>>,
}

/// The sample of one event.
#[derive(Debug, Serialize)]
struct Sample<'a> {
    provider: &'a str,
    event: &'a str,
    shape: Shape,
    payload: &'a Value,
    #[serde(skip)]
    provider_name: &'a str,
    #[serde(skip)]
    documentation: &'a str,
}

/// The schema of one event.
#[derive(Debug, Serialize)]
struct PrintedSchema<'a> {
    provider: &'a str,
    event: &'a str,
    schema: &'a Value,
}

impl Events {
    /// Whether it writes or checks packs.
    #[must_use]
    pub fn mends_packs(&self) -> bool {
        matches!(self.what, Some(What::New(_) | What::CheckPack(_)))
    }

    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        match self.what {
            None | Some(What::List) => list(context),
            Some(What::Show { event, variant }) => show(context, &event, variant.as_deref()),
            Some(What::Schema { event }) => print_schema(context, &event),
            Some(What::Check(command)) => command.run(context),
            Some(What::New(command)) => command.run(context),
            Some(What::CheckPack(command)) => command.run(context),
        }
    }
}

fn list(context: &mut Context<'_>) -> Result<Exit, Error> {
    let packs = context.packs.clone();
    let wanted = |pack: &&Arc<Pack>| context.provider().is_none_or(|id| id == pack.provider.id);
    let listed = packs.iter().filter(wanted).flat_map(|pack| {
        pack.provider.events.iter().map(|event| Listed {
            provider: &pack.provider.id,
            event: &event.name,
            summary: &event.summary,
            shape: event.shape,
            variants: &event.variants,
        })
    });
    let events = listed.collect();
    context.printer.report(&List { events })?;
    Ok(Exit::Yes)
}

fn show(context: &mut Context<'_>, event: &EventRef, variant: Option<&str>) -> Result<Exit, Error> {
    let packs = context.packs.clone();
    let (pack, facts) = packs.of_event(event, context.provider())?;
    generate::check_variant(facts, variant)?;
    context.printer.report(&Sample {
        provider: &pack.provider.id,
        event: &facts.name,
        shape: facts.shape,
        payload: pack.sample(facts, variant)?,
        provider_name: &pack.provider.name,
        documentation: &pack.provider.documentation,
    })?;
    if facts.shape == Shape::Guess {
        let name = &pack.provider.name;
        context.printer.note(&format!(
            "{name} names this event and shows no payload of it: what is inside `data` is a guess"
        ));
    }
    Ok(Exit::Yes)
}

fn print_schema(context: &mut Context<'_>, event: &EventRef) -> Result<Exit, Error> {
    let packs = context.packs.clone();
    let (pack, facts) = packs.of_event(event, context.provider())?;
    let whole = bundle(&format!("{}.schema.json", facts.name), &pack.documents(&facts.name)?)?;
    let (provider, event) = (&pack.provider.id, &facts.name);
    context.printer.report(&PrintedSchema { provider, event, schema: &whole })?;
    Ok(Exit::Yes)
}

impl Report for List<'_> {
    const KIND: &'static str = "events";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let width = self.events.iter().map(|event| event.event.len()).max().unwrap_or(0);
        let mut provider = "";
        for event in &self.events {
            if event.provider != provider {
                let gap = if provider.is_empty() { "" } else { "\n" };
                provider = event.provider;
                writeln!(out, "{gap}{}", theme.strong(provider))?;
            }
            let shape = match event.shape {
                Shape::Documented => String::new(),
                Shape::Guess => format!("  {}", theme.warn("(payload guessed)")),
            };
            writeln!(out, "  {:<width$}  {}{shape}", event.event, event.summary)?;
            for line in
                variant_lines(event.variants, look.verbose > 0, columns_beside(WIDTH, width + 4))
            {
                writeln!(out, "  {:<width$}  {}", "", theme.dim(&line))?;
            }
        }
        Ok(())
    }
}

/// The names of the variants; with what is other about each, where `each` is asked for.
fn variant_lines(variants: &[VariantFacts], each: bool, columns: usize) -> Vec<String> {
    if !each {
        let names: Vec<_> = variants.iter().map(|variant| variant.name.as_str()).collect();
        return wrap(&names.join(", "), columns.saturating_sub(2))
            .into_iter()
            .enumerate()
            .map(|(index, line)| if index == 0 { format!("+ {line}") } else { format!("  {line}") })
            .collect();
    }
    let lines = |VariantFacts { name, summary, .. }: &VariantFacts| {
        wrap(&format!("--variant {name}: {summary}"), columns)
    };
    variants.iter().flat_map(lines).collect()
}

impl Report for PrintedSchema<'_> {
    const KIND: &'static str = "schema";
    const IS_EXACT: bool = true;

    fn human(&self, out: &mut dyn Write, _look: Look) -> io::Result<()> {
        writeln!(out, "{}", safe_json::escape(&format!("{:#}", self.schema)))
    }
}

impl Report for Sample<'_> {
    const KIND: &'static str = "sample";
    const IS_EXACT: bool = true;

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        if look.verbose > 0 {
            let text = format!("{} {}: {}", self.provider_name, self.event, self.documentation);
            writeln!(out, "{}", look.theme.dim(&text))?;
        }
        let text = self.payload.to_string();
        shown_body::pretty(look.theme, text.as_bytes())
            .iter()
            .try_for_each(|line| writeln!(out, "{line}"))
    }
}
