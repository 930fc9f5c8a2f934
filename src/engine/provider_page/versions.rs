//! The section about the dates since when fields and headers exist.

use super::markdown;
use crate::providers::provider::Provider;

/// Writes the section, if the pack has such dates.
pub(super) fn section(provider: &Provider) -> String {
    let rows: Vec<_> = provider
        .versions
        .iter()
        .map(|(date, additions)| {
            let names = additions.fields.iter().chain(&additions.headers);
            let names: Vec<_> = names.map(|name| markdown::code(name)).collect();
            let source = additions.source.as_deref().map_or_else(String::new, markdown::prose);
            vec![date.to_string(), markdown::join_with_and(&names), source]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    markdown::paragraphs([
        "## Versions".to_owned(),
        "These were added on a date; `leadhook send --as-of DATE` sends a request without those that \
         are newer."
            .to_owned(),
        markdown::table(&["since", "added", "source"], &rows),
    ])
}
