//! Provider reference pages: the contents of a pack in Markdown, for authors of receivers.

mod events;
pub(super) mod markdown;
mod other_requests;
mod parts;
mod payloads;
pub mod reference;
mod request;
mod retries;
mod signature;
mod versions;

use crate::protocols::schema_outline;
use crate::providers::Packs;
use crate::providers::flaw::PackError;
use crate::providers::pack::Pack;
use crate::providers::provider::EventFacts;
use std::collections::BTreeMap;
use std::slice;

/// The confidence marks that begin the source of a fact, with their meanings.
const CONFIDENCE_MARKS: &[(&str, &str)] = &[
    ("A", "the vendor's own documentation or code"),
    ("A-", "also the vendor's own, but old or partial"),
    ("B", "a third party's transcript"),
    ("C", "inferred, because there is no source"),
];

/// Generates the complete reference page of a provider.
pub fn render(pack: &Pack) -> Result<String, PackError> {
    let provider = &pack.provider;
    let payloads = payloads::read(pack, &provider.events)?;
    let title = format!("# {}", markdown::prose(&provider.name));
    let parts = [
        request::section(provider),
        signature::section(provider),
        other_requests::handshake_section(provider),
        other_requests::fetch_section(provider),
        versions::section(provider),
        retries::section(provider),
        events::section("Events", &provider.events, &payloads),
        payloads::section(provider, &payloads),
        open_questions(&provider.questions),
    ];
    with_sources(pack, &provider.events, [title, introduction(pack)], parts)
}

/// Generates the page of one event: its request with the signature, and its payload.
pub fn render_event(pack: &Pack, event: &EventFacts) -> Result<String, PackError> {
    let provider = &pack.provider;
    let events = slice::from_ref(event);
    let payloads = payloads::read(pack, events)?;
    let title = format!("# {}: {}", markdown::prose(&provider.name), markdown::code(&event.name));
    let introduction = format!(
        "A reference of this event. {} also describes the responses, the retries and the other \
         events.",
        markdown::code(&format!("leadhook docs {}", provider.id))
    );
    let parts = [
        request::section(provider),
        signature::section(provider),
        events::section("The event", events, &payloads),
        payloads::section(provider, &payloads),
    ];
    with_sources(pack, events, [title, introduction], parts)
}

/// Generates the list of the providers that have a reference page.
#[must_use]
pub fn render_index(packs: &Packs) -> String {
    let rows: Vec<_> = packs
        .iter()
        .map(|pack| {
            let provider = &pack.provider;
            vec![
                markdown::code(&provider.id),
                markdown::prose(&provider.name),
                signature::place(provider),
                provider.events.len().to_string(),
            ]
        })
        .collect();
    let example = packs.iter().find_map(|pack| {
        let event = pack.provider.events.first()?;
        Some(format!("leadhook docs {} {}", pack.provider.id, event.name))
    });
    let example = example.map_or_else(String::new, |example| {
        format!(
            "`leadhook docs PROVIDER` prints it. {} prints the part of one event: its headers and \
             signature, and every field with its rules and their source. `leadhook events` lists \
             the events.",
            markdown::code(&example),
        )
    });
    markdown::paragraphs([
        "# Providers".to_owned(),
        "Each provider has a reference of its webhooks: headers, signature, responses and \
         retries, and every field of every event."
            .to_owned(),
        markdown::table(&["provider", "name", "signature in", "events"], &rows),
        example,
    ]) + "\n"
}

/// Joins the parts of a page, and adds the section about the sources that they use. The beginning
/// leads to that section, since the first table already names sources.
fn with_sources(
    pack: &Pack,
    events: &[EventFacts],
    beginning: [String; 2],
    parts: impl IntoIterator<Item = String>,
) -> Result<String, PackError> {
    let text = markdown::paragraphs(parts);
    let sources = sources(&text, &legend(pack, events)?);
    let guide = if sources.is_empty() { "" } else { SOURCES_GUIDE };
    let beginning = beginning.into_iter().chain([guide.to_owned()]);
    Ok(markdown::paragraphs(beginning.chain([text, sources])) + "\n")
}

const SOURCES_GUIDE: &str = "Marks such as **A** or **C**, and names in brackets, say where a fact \
                             is from: see [Sources](#sources).";

fn introduction(pack: &Pack) -> String {
    let documentation = &pack.provider.documentation;
    let link = markdown::to_url(documentation)
        .map_or_else(|| markdown::prose(documentation), |address| format!("<{address}>"));
    format!(
        "A reference of these webhooks: the requests, their signatures, and the rules by which \
         `leadhook verify` and `leadhook listen` validate payloads. The vendor's documentation: \
         {link}."
    )
}

fn open_questions(questions: &[String]) -> String {
    if questions.is_empty() {
        return String::new();
    }
    let bullets = questions.iter().map(|question| markdown::prose(question));
    markdown::paragraphs(["## Open questions".to_owned(), markdown::bullets(bullets)])
}

/// Returns the meaning of each name in brackets, from the schemas of these events.
fn legend(pack: &Pack, events: &[EventFacts]) -> Result<BTreeMap<String, String>, PackError> {
    let mut legend = BTreeMap::new();
    for event in events {
        legend.extend(schema_outline::source_names(&pack.documents(&event.name)?));
    }
    Ok(legend)
}

/// Explains the marks and the names in brackets that `text` uses.
fn sources(text: &str, legend: &BTreeMap<String, String>) -> String {
    let is_used = |mark: &str| {
        [" ", "("].iter().any(|before| {
            [" [", ": "].iter().any(|after| text.contains(&format!("{before}{mark}{after}")))
        })
    };
    let marks = CONFIDENCE_MARKS.iter().filter(|(mark, _)| is_used(mark));
    let marks = marks.map(|(mark, meaning)| format!("**{mark}**: {meaning}."));
    let used_names: Vec<_> =
        legend.iter().filter(|(name, _)| text.contains(&format!("[{name}]"))).collect();
    let names = used_names.iter().map(|(name, target)| {
        let target = markdown::to_url(target)
            .map_or_else(|| markdown::prose(target), |address| format!("<{address}>"));
        format!("**{}**: {target}", markdown::prose(name))
    });
    let bullets: Vec<_> = marks.chain(names).collect();
    if bullets.is_empty() {
        return String::new();
    }
    // These definitions turn every name in brackets on the page into a link.
    let is_plain =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let links =
        used_names.iter().filter(|(name, _)| is_plain(name)).filter_map(|(name, target)| {
            markdown::to_url(target).map(|address| format!("[{name}]: {address}"))
        });
    markdown::paragraphs([
        "## Sources".to_owned(),
        "A mark is the confidence in a fact; a name in brackets is its source.".to_owned(),
        markdown::bullets(bullets),
        links.collect::<Vec<_>>().join("\n"),
    ])
}

#[cfg(test)]
mod tests;
