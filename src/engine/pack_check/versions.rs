//! Rules about the dates since when fields and headers exist.

use crate::domain::pointer;
use crate::engine::generate;
use crate::engine::judge;
use crate::engine::pack_check::schemas;
use crate::providers::flaw::Flaw;
use crate::providers::pack::{FACTS_FILE, Pack};
use jiff::civil::Date;

/// Reports the fields that no sample has, and the headers that the pack does not send.
pub(super) fn unknown_additions(pack: &Pack) -> Vec<Flaw> {
    let samples = schemas::payloads(pack).map(|(event, variant)| pack.sample(event, variant));
    let samples: Vec<_> = samples.filter_map(Result::ok).collect();
    let provider = &pack.provider;
    let event = provider.event.header.as_deref();
    let id = provider.message_id.as_ref().and_then(|facts| facts.location.header.as_deref());
    let time = provider.timestamp.as_ref().and_then(|facts| facts.location.header.as_deref());
    let sent = [event, id, time, provider.request.user_agent.as_ref().map(|_| "User-Agent")];
    let is_sent = |name: &str| sent.iter().flatten().any(|known| known.eq_ignore_ascii_case(name));
    let mut flaws = Vec::new();
    for (date, additions) in provider.versions.iter() {
        let location = |list: &str, index: usize| format!("/versions/{date}/{list}/{index}");
        let is_in_sample = |pattern: &str| {
            samples.iter().any(|sample| !pointer::find_matches(pattern, sample).is_empty())
        };
        for (index, field) in additions.fields.iter().enumerate() {
            if !is_in_sample(field) {
                let message = format!("`{field}` matches nothing in any sample");
                flaws.push(Flaw::error(
                    "lost-pointer",
                    FACTS_FILE,
                    location("fields", index),
                    message,
                ));
            }
        }
        for (index, name) in additions.headers.iter().enumerate() {
            if !is_sent(name) {
                let message = format!(
                    "`{name}` is no header of the pack: expected that of the event, the message id, \
                     the time or `User-Agent`"
                );
                flaws.push(Flaw::error(
                    "bad-header",
                    FACTS_FILE,
                    location("headers", index),
                    message,
                ));
            }
        }
    }
    flaws
}

/// Reports the events whose older payloads their own schema refuses.
pub(super) fn refused_older_payloads(pack: &Pack) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let dates: Vec<Date> =
        pack.provider.versions.iter().filter_map(|(date, _)| date.yesterday().ok()).collect();
    for (event, variant) in schemas::payloads(pack) {
        let Ok(schema) = judge::compile_schema(pack, &event.name) else { continue };
        let Ok(sample) = pack.sample(event, variant) else { continue };
        for date in &dates {
            let mut older = sample.clone();
            generate::remove_newer_fields(&mut older, &pack.provider, *date);
            if let Some(finding) = schema.findings(&older).first() {
                let message = format!(
                    "the payload as of {date} is not valid: `{}` {}",
                    finding.pointer, finding.message
                );
                let file = schemas::sample_file(event, variant);
                flaws.push(Flaw::error("newer-required", file, finding.pointer.clone(), message));
            }
        }
    }
    flaws
}
