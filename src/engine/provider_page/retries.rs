//! The section about responses, retries and the order of events.

use super::markdown;
use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::status::StatusPattern;
use crate::providers::provider::{OrderFacts, Provider};

/// Writes the section.
pub(super) fn section(provider: &Provider) -> String {
    let note = provider.retry.note.as_deref().map_or_else(String::new, |note| {
        let end = if note.ends_with('.') { "" } else { "." };
        format!("{}{end}", markdown::prose(note))
    });
    // A note names what the vendor leaves open, or another reading of its documentation.
    let (before, after) = if provider.retry.documented {
        (String::new(), note)
    } else {
        let notice =
            "The vendor does not document the following; it is the behavior of `leadhook`.";
        (markdown::paragraphs([note, notice.to_owned()]), String::new())
    };
    markdown::paragraphs([
        "## Responses and retries".to_owned(),
        before,
        responses(provider),
        attempts(provider),
        after,
        provider.order.as_ref().map_or_else(String::new, |order| lead_order(provider, order)),
    ])
}

fn responses(provider: &Provider) -> String {
    let codes = |patterns: &[StatusPattern]| {
        let codes: Vec<_> = patterns.iter().map(|code| markdown::code(&code.to_string())).collect();
        markdown::join_with_and(&codes)
    };
    let (policy, sources) = (&provider.retry, &provider.sources);
    let success = codes(&policy.success);
    let mut lines = vec![with_source(
        format!("{success} is a success; every other response, and no response, is a failure."),
        sources.responses.as_ref(),
    )];
    if !policy.stop.is_empty() {
        let stop = codes(&policy.stop);
        let effect =
            policy.stop_effect.as_deref().map(|it| format!(", and {}", markdown::prose(it)));
        let effect = effect.unwrap_or_default();
        lines.push(format!("{stop} is a failure after which it is not sent again{effect}."));
    }
    if !policy.retry_on.is_empty() {
        let retried = codes(&policy.retry_on);
        lines.push(format!(
            "Only {retried}, and no response, are failures after which it is sent again."
        ));
    }
    if let Some(timeout) = policy.timeout {
        lines.push(format!("A response that takes more than {timeout} counts as no response."));
    }
    let refusal = provider.receiver.rejection_status;
    let consequence = match policy.outcome(&AttemptResult::Status(refusal)) {
        Outcome::Delivered => "which is a success",
        Outcome::Stopped => "after which a message is not sent again",
        _ if policy.waits.is_empty() => "which is a failure",
        Outcome::Refused | Outcome::Timeout | Outcome::Unreachable => {
            "after which a message is sent again"
        }
    };
    lines.push(with_source(
        format!(
            "`leadhook practice`, a stand-in receiver, responds to an invalid signature with \
             `{refusal}`, {consequence}."
        ),
        sources.receiver.as_ref(),
    ));
    markdown::bullets(lines)
}

fn attempts(provider: &Provider) -> String {
    let plan = provider.retry.plan();
    let source = provider.sources.waits.as_ref();
    if plan.len() == 1 {
        return with_source("A message is sent once.".to_owned(), source);
    }
    let rows: Vec<_> = plan
        .iter()
        .map(|planned| {
            let wait = planned.wait.map_or_else(|| "-".to_owned(), |wait| wait.to_string());
            vec![planned.attempt.to_string(), wait, planned.at.to_string()]
        })
        .collect();
    markdown::paragraphs([
        with_source(format!("At most {} attempts are made.", plan.len()), source),
        markdown::table(&["attempt", "wait before it", "since the first"], &rows),
        provider.retry.jitter.map_or_else(String::new, |share| {
            format!(
                "Each wait is up to {share} longer, at random; `simulate` draws it from its seed."
            )
        }),
    ])
}

fn lead_order(provider: &Provider, order: &OrderFacts) -> String {
    let codes = |names: &[String]| {
        markdown::join_with_and(&names.iter().map(|name| markdown::code(name)).collect::<Vec<_>>())
    };
    let text = format!(
        "A lead, identified by {}, is created by {}; {} are about an existing lead, but can \
         arrive before it.",
        markdown::code(&order.lead_pointer),
        codes(&order.creating_events),
        codes(&order.later_events),
    );
    with_source(text, provider.sources.order.as_ref())
}

/// Appends the source of a sentence in brackets.
fn with_source(text: String, source: Option<&String>) -> String {
    match source {
        Some(source) => format!("{text} *({})*", markdown::prose(source).trim_end_matches('.')),
        None => text,
    }
}
