//! What the sender makes of an answer, and when it tries again.

use super::markdown;
use crate::domain::delivery::{AttemptResult, Outcome};
use crate::domain::status::StatusPattern;
use crate::providers::provider::{OrderFacts, Provider};

pub(super) fn section(provider: &Provider) -> String {
    let note = provider.retry.note.as_deref().map_or_else(String::new, |note| {
        let end = if note.ends_with('.') { "" } else { "." };
        format!("{}{end}", markdown::prose(note))
    });
    // A note says what the vendor leaves open, or how else its page can be read.
    let (before, after) = if provider.retry.documented {
        (String::new(), note)
    } else {
        let words =
            "The vendor says nothing of what follows: it is what `leadhook` does in its place.";
        (markdown::paragraphs([note, words.to_owned()]), String::new())
    };
    markdown::paragraphs([
        "## Answers and retries".to_owned(),
        before,
        answers(provider),
        ladder(provider),
        after,
        provider.order.as_ref().map_or_else(String::new, |order| ordered(provider, order)),
    ])
}

fn answers(provider: &Provider) -> String {
    let codes = |patterns: &[StatusPattern]| {
        let codes: Vec<_> = patterns.iter().map(|code| markdown::code(&code.to_string())).collect();
        markdown::and(&codes)
    };
    let (policy, sources) = (&provider.retry, &provider.sources);
    let success = codes(&policy.success);
    let mut lines = vec![sourced(
        format!("{success} is a success, and every other answer is a failure, as is none at all."),
        sources.answers.as_ref(),
    )];
    if !policy.stop.is_empty() {
        let stop = codes(&policy.stop);
        lines.push(format!("{stop} is a failure after which it is not sent again."));
    }
    if let Some(timeout) = policy.timeout {
        lines.push(format!("An answer that takes more than {timeout} is none."));
    }
    let refusal = provider.receiver.refuses_with;
    let then = match policy.outcome(&AttemptResult::Status(refusal)) {
        Outcome::Delivered => "which is a success",
        Outcome::Stopped => "after which a message is not sent again",
        _ if policy.waits.is_empty() => "which is a failure",
        Outcome::Refused | Outcome::Timeout | Outcome::Unreachable => {
            "after which a message is sent again"
        }
    };
    lines.push(sourced(
        format!(
            "`leadhook practice`, which stands in for a receiver, answers a signature that does not \
             hold with `{refusal}`, {then}."
        ),
        sources.receiver.as_ref(),
    ));
    markdown::bullets(lines)
}

fn ladder(provider: &Provider) -> String {
    let plan = provider.retry.plan();
    let source = provider.sources.waits.as_ref();
    if plan.len() == 1 {
        return sourced("There is one attempt.".to_owned(), source);
    }
    let rows: Vec<_> = plan
        .iter()
        .map(|planned| {
            let wait = planned.wait.map_or_else(|| "-".to_owned(), |wait| wait.to_string());
            vec![planned.attempt.to_string(), wait, planned.at.to_string()]
        })
        .collect();
    markdown::paragraphs([
        sourced(format!("There are {} attempts at most.", plan.len()), source),
        markdown::table(&["attempt", "wait before it", "since the first"], &rows),
    ])
}

fn ordered(provider: &Provider, order: &OrderFacts) -> String {
    let codes = |names: &[String]| {
        markdown::and(&names.iter().map(|name| markdown::code(name)).collect::<Vec<_>>())
    };
    let text = format!(
        "A lead, told by {}, is made known by {}; {} speak of one that is known already, and can \
         arrive before.",
        markdown::code(&order.lead),
        codes(&order.first),
        codes(&order.then),
    );
    sourced(text, provider.sources.order.as_ref())
}

/// A sentence, and in brackets where it comes from.
fn sourced(text: String, source: Option<&String>) -> String {
    match source {
        Some(source) => format!("{text} *({})*", markdown::prose(source).trim_end_matches('.')),
        None => text,
    }
}
