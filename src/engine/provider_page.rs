//! Provider reference pages: the contents of a pack in Markdown, for authors of receivers.

mod events;
pub(super) mod markdown;
mod parts;
mod payloads;
mod request;
mod retries;
mod signature;

use crate::protocols::schema_outline;
use crate::providers::flaw::PackError;
use crate::providers::pack::Pack;
use std::collections::BTreeMap;

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
    let payloads = payloads::read(pack)?;
    let parts = [
        format!("# {}", markdown::prose(&provider.name)),
        introduction(pack),
        request::section(provider),
        signature::section(provider),
        retries::section(provider),
        events::section(provider, &payloads),
        payloads::section(provider, &payloads),
        open_questions(&provider.questions),
    ];
    let text = markdown::paragraphs(parts);
    let legend = legend(pack)?;
    Ok(markdown::paragraphs([text.clone(), sources(&text, &legend)]) + "\n")
}

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

/// Returns the meaning of each name in brackets, from the schemas of all events.
fn legend(pack: &Pack) -> Result<BTreeMap<String, String>, PackError> {
    let mut legend = BTreeMap::new();
    for event in &pack.provider.events {
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
        format!("**{name}**: {target}")
    });
    let bullets: Vec<_> = marks.chain(names).collect();
    if bullets.is_empty() {
        return String::new();
    }
    // These definitions turn every name in brackets on the page into a link.
    let links = used_names.iter().filter_map(|(name, target)| {
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
