//! `leadhook events`: lists events with their samples and schemas, and validates payloads and
//! packs.

mod check;
mod check_pack;
mod new;
mod output_schema;

use crate::commands::context::Context;
use crate::commands::events::output_schema::OutputKindParser;
use crate::domain::event_ref::EventRef;
use crate::engine::generate;
use crate::error::{Error, Exit};
use crate::output::printer::{Look, Report};
use crate::output::shown_body;
use crate::output::wrap::{columns_beside, join_parts, wrap};
use crate::protocols::safe_json;
use crate::protocols::schema_bundle::bundle;
use crate::providers::pack::Pack;
use crate::providers::provider::{ShapeConfidence, VariantFacts};
use clap::{Args, Subcommand};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::io;
use std::io::Write;
use std::sync::Arc;

/// Show the available events, and check payloads and packs
#[derive(Args, Debug)]
pub struct Events {
    #[command(subcommand)]
    action: Option<EventsAction>,
}

#[derive(Debug, Subcommand)]
enum EventsAction {
    /// List every event of every provider, and its variants after `+`; `-v` describes each variant
    List,
    /// Show the sample payload of an event
    Show {
        /// Event, such as `created` or `leadpro:lead.created`
        #[arg(value_name = "EVENT")]
        event: EventRef,
        /// Variant of the payload
        #[arg(long, value_name = "NAME")]
        variant: Option<String>,
    },
    /// Print the complete JSON Schema of an event, or of a kind of JSON output
    Schema {
        /// Event, such as `created` or `leadpro:lead.created`
        #[arg(value_name = "EVENT", required_unless_present = "output")]
        event: Option<EventRef>,
        /// Kind of the objects that `--format json` prints, such as `verdict`
        #[arg(long, value_name = "KIND", conflicts_with = "event", value_parser = OutputKindParser)]
        output: Option<String>,
    },
    Check(check::CheckPayload),
    New(new::New),
    CheckPack(check_pack::CheckPack),
}

/// One event of the list.
#[derive(Debug, Serialize)]
struct ListedEvent<'a> {
    provider: &'a str,
    event: &'a str,
    summary: &'a str,
    shape: ShapeConfidence,
    #[serde(serialize_with = "names")]
    variants: &'a [VariantFacts],
}

/// Serializes variants as a list of their names.
fn names<S: Serializer>(variants: &&[VariantFacts], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(variants.iter().map(|variant| &variant.name))
}

/// The events of the selected providers.
#[derive(Debug, Serialize)]
struct EventList<'a> {
    events: Vec<ListedEvent<'a>>,
}

/// The sample of one event.
#[derive(Debug, Serialize)]
struct SampleReport<'a> {
    provider: &'a str,
    event: &'a str,
    shape: ShapeConfidence,
    payload: &'a Value,
    #[serde(skip)]
    provider_name: &'a str,
    #[serde(skip)]
    documentation: &'a str,
}

/// The schema of one event.
#[derive(Debug, Serialize)]
struct SchemaReport<'a> {
    provider: &'a str,
    event: &'a str,
    schema: &'a Value,
}

impl Events {
    /// Returns `true` if the command writes or checks packs.
    #[must_use]
    pub fn tolerates_broken_packs(&self) -> bool {
        matches!(self.action, Some(EventsAction::New(_) | EventsAction::CheckPack(_)))
    }

    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        match self.action {
            None | Some(EventsAction::List) => list(context),
            Some(EventsAction::Show { event, variant }) => {
                show(context, &event, variant.as_deref())
            }
            Some(EventsAction::Schema { event: Some(event), .. }) => print_schema(context, &event),
            Some(EventsAction::Schema { event: None, output }) => {
                output_schema::print(context, &output.unwrap_or_default())
            }
            Some(EventsAction::Check(command)) => command.run(context),
            Some(EventsAction::New(command)) => command.run(context),
            Some(EventsAction::CheckPack(command)) => command.run(context),
        }
    }
}

fn list(context: &mut Context<'_>) -> Result<Exit, Error> {
    let packs = context.packs.clone();
    let is_selected =
        |pack: &&Arc<Pack>| context.provider().is_none_or(|id| id == pack.provider.id);
    let listed = packs.iter().filter(is_selected).flat_map(|pack| {
        pack.provider.events.iter().map(|event| ListedEvent {
            provider: &pack.provider.id,
            event: &event.name,
            summary: &event.summary,
            shape: event.shape,
            variants: &event.variants,
        })
    });
    let events = listed.collect();
    context.printer.report(&EventList { events })?;
    Ok(Exit::Success)
}

fn show(context: &mut Context<'_>, event: &EventRef, variant: Option<&str>) -> Result<Exit, Error> {
    let packs = context.packs.clone();
    let (pack, facts) = packs.find_event(event, context.provider())?;
    generate::check_variant(facts, variant)?;
    context.printer.report(&SampleReport {
        provider: &pack.provider.id,
        event: &facts.name,
        shape: facts.shape,
        payload: pack.sample(facts, variant)?,
        provider_name: &pack.provider.name,
        documentation: &pack.provider.documentation,
    })?;
    if facts.shape == ShapeConfidence::Guess {
        let name = &pack.provider.name;
        context.printer.note(&format!(
            "{name} documents this event without a payload: the contents of `data` are a guess"
        ));
    }
    Ok(Exit::Success)
}

fn print_schema(context: &mut Context<'_>, event: &EventRef) -> Result<Exit, Error> {
    let packs = context.packs.clone();
    let (pack, facts) = packs.find_event(event, context.provider())?;
    let schema = bundle(&format!("{}.schema.json", facts.name), &pack.documents(&facts.name)?)?;
    let (provider, event) = (&pack.provider.id, &facts.name);
    context.printer.report(&SchemaReport { provider, event, schema: &schema })?;
    Ok(Exit::Success)
}

impl Report for EventList<'_> {
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
                ShapeConfidence::Documented => String::new(),
                ShapeConfidence::Guess => theme.warn("(payload guessed)"),
            };
            let room = columns_beside(look.text_columns(), width + 4);
            let mut name = event.event;
            for line in beside(event.summary, &shape, room) {
                writeln!(out, "  {name:<width$}  {line}")?;
                name = "";
            }
            for line in variant_lines(event.variants, look.verbose > 0, room) {
                writeln!(out, "  {:<width$}  {}", "", theme.dim(&line))?;
            }
        }
        Ok(())
    }
}

/// Returns the lines of a summary, and the note after it, on a line of its own if it does not fit.
fn beside(summary: &str, note: &str, columns: usize) -> Vec<String> {
    let mut lines = wrap(summary, columns);
    if note.is_empty() {
        return lines;
    }
    let last = lines.pop().unwrap_or_default();
    let joined = join_parts(&[last, note.to_owned()], "  ", Some(columns), 0);
    lines.extend(joined.lines().map(str::to_owned));
    lines
}

/// Lists the names of the variants, or, if `is_verbose`, describes each of them.
fn variant_lines(variants: &[VariantFacts], is_verbose: bool, columns: usize) -> Vec<String> {
    if !is_verbose {
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

impl Report for SchemaReport<'_> {
    const KIND: &'static str = "schema";
    const IS_EXACT: bool = true;

    fn human(&self, out: &mut dyn Write, _look: Look) -> io::Result<()> {
        writeln!(out, "{}", safe_json::escape(&format!("{:#}", self.schema)))
    }
}

impl Report for SampleReport<'_> {
    const KIND: &'static str = "sample";
    const IS_EXACT: bool = true;

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        if look.verbose > 0 {
            let heading = format!("{} {}: {}", self.provider_name, self.event, self.documentation);
            writeln!(out, "{}", look.theme.dim(&heading))?;
        }
        let text = self.payload.to_string();
        shown_body::pretty(look.theme, text.as_bytes())
            .iter()
            .try_for_each(|line| writeln!(out, "{line}"))
    }
}
