//! Findings about a delivery that need no schema: about its event, its headers and its bytes.

use crate::domain::finding::{Finding, FindingMessage, Severity, one_of, quote_value};
use crate::domain::message::Message;
use crate::protocols::json;
use crate::protocols::json::{Ambiguity, Json, JsonError, JsonErrorKind};
use crate::protocols::schema::SchemaError;
use crate::providers::provider::Provider;

/// Returns the findings about the request around the payload.
pub(super) fn of_request(
    provider: &Provider,
    event: Option<&str>,
    message: &Message,
    body: Option<&Json>,
) -> Vec<Finding> {
    let mut findings = match event {
        // A body that is not JSON is reported as such, not also for its missing event.
        None if body.is_none() && provider.event.header.is_none() => Vec::new(),
        None => vec![missing_event(provider, body)],
        Some(name) if provider.event(name).is_none() => vec![unknown_event(provider, name)],
        Some(name) => {
            let header = provider.event.header.as_ref();
            let header = header.filter(|header| message.headers.contains(header));
            header
                .and_then(|header| event_mismatch(provider, name, body, &named_by(header)))
                .into_iter()
                .collect()
        }
    };
    let documentation = || provider.documentation.clone();
    let mut warn = |code, description, source: String| {
        findings.push(Finding::new(Severity::Warning, code, description, source).about_request());
    };
    let id_header = provider.message_id.as_ref().and_then(|facts| facts.location.header.as_ref());
    if let Some(header) = id_header.filter(|header| !message.headers.contains(header)) {
        let description = FindingMessage::has(format!("no `{header}`"), "one in each request");
        warn(
            "missing-message-id",
            description.with_consequence("repeats of it cannot be detected"),
            documentation(),
        );
    }
    for header in missing_headers(provider, event, message) {
        let description = FindingMessage::has(format!("no `{header}`"), "one in each request");
        let description = description.with_consequence("a receiver may depend on it");
        warn("missing-header", description, documentation());
    }
    for header in [provider.event.header.as_ref(), id_header].into_iter().flatten() {
        let count = message.headers.get_all(header).count();
        if count > 1 {
            let description =
                FindingMessage::has(format!("`{header}` {count} times"), "each header once");
            let description =
                description.with_consequence("receivers differ on which one they use");
            warn("repeated-header", description, "RFC 9110, section 5.3".to_owned());
        }
    }
    if message.method != "POST" {
        let method = quote_value(&message.method);
        let description =
            FindingMessage::with_found(&format!("was sent with {method}"), method, "`POST`");
        warn("not-a-post", description, documentation());
    }
    findings
}

/// Returns the required headers that a message lacks. A missing message id and a missing event have
/// findings of their own.
fn missing_headers<'p>(
    provider: &'p Provider,
    event: Option<&str>,
    message: &Message,
) -> impl Iterator<Item = &'p String> {
    let id = provider.message_id.as_ref().and_then(|facts| facts.location.header.as_ref());
    let unnamed_event = provider.event.header.as_ref().filter(|_| event.is_none());
    let required = provider.request.required_headers.iter();
    required.filter(move |header| {
        ![id, unnamed_event].contains(&Some(header)) && !message.headers.contains(header)
    })
}

/// Returns the findings about the event that a payload is validated as.
pub(super) fn of_event(provider: &Provider, event: &str, body: Option<&Json>) -> Vec<Finding> {
    if provider.event(event).is_none() {
        return vec![unknown_event(provider, event)];
    }
    // If only the body names the event, the schema reports a different one.
    let by_header = provider.event.header.is_some();
    let differs = || event_mismatch(provider, event, body, "the event it was validated against");
    by_header.then(differs).flatten().into_iter().collect()
}

fn named_by(header: &str) -> String {
    format!("the event that `{header}` names")
}

fn missing_event(provider: &Provider, body: Option<&Json>) -> Finding {
    let facts = &provider.event;
    let pointer = facts.pointer.as_deref().unwrap_or_default();
    let expected = facts.header.as_ref().map_or_else(
        || "the name of an event".to_owned(),
        |header| format!("the name of an event in `{header}`"),
    );
    let description = match body.and_then(|body| body.pointer(pointer)) {
        Some(found) if facts.pointer.is_some() => FindingMessage::is(type_name(found), expected),
        _ => FindingMessage::missing(expected),
    };
    Finding::new(Severity::Error, "missing-event", description, &provider.documentation).at(pointer)
}

fn unknown_event(provider: &Provider, name: &str) -> Finding {
    let pointer = provider.event.pointer.as_deref().unwrap_or_default();
    let known = provider.events.iter().map(|event| event.name.as_str());
    let description = FindingMessage::is(quote_value(name), one_of(known, "events", name));
    let description = description.with_consequence("its payload was not validated");
    Finding::new(Severity::Error, "unknown-event", description, &provider.documentation).at(pointer)
}

/// Returns a finding if the body names another event than `name`.
fn event_mismatch(
    provider: &Provider,
    name: &str,
    body: Option<&Json>,
    reason: &str,
) -> Option<Finding> {
    let pointer = provider.event.pointer.as_deref()?;
    let in_body = body?.pointer(pointer)?.as_str()?;
    if in_body.is_empty() || in_body == name {
        return None;
    }
    let description =
        FindingMessage::is(quote_value(in_body), format!("{}, {reason}", quote_value(name)));
    let finding =
        Finding::new(Severity::Warning, "event-differs", description, &provider.documentation);
    Some(finding.at(pointer))
}

/// Returns the type of the value that was found in place of an event name.
fn type_name(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::Text(_) => "an empty string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// Returns the findings about the bytes of the body.
pub(super) fn of_bytes(parsed: &Result<Json, JsonError>) -> Vec<Finding> {
    match parsed {
        Err(problem) => vec![not_json(problem)],
        Ok(body) => json::find_ambiguities(body).into_iter().map(oddity_finding).collect(),
    }
}

fn not_json(problem: &JsonError) -> Finding {
    let kind = &problem.kind;
    let (found, expected, section) = match kind {
        JsonErrorKind::ByteOrderMark => {
            ("a byte order mark".to_owned(), "a value".to_owned(), ", section 8.1")
        }
        JsonErrorKind::InvalidUtf8 { byte } => {
            (format!("the byte 0x{byte:02x}"), "UTF-8".to_owned(), ", section 8.1")
        }
        JsonErrorKind::Unexpected { expected, found } => {
            (found.to_string(), expected.to_string(), "")
        }
        JsonErrorKind::TooDeep => (
            "one more".to_owned(),
            format!("at most {} levels of nesting", json::MAX_DEPTH),
            ", section 9",
        ),
        JsonErrorKind::TooManyValues { limit } => {
            ("one more".to_owned(), format!("at most {limit} values"), ", section 9")
        }
    };
    let description = FindingMessage::custom(format!("is not JSON: {problem}"), found, expected);
    Finding::new(Severity::Error, "not-json", description, format!("RFC 8259{section}"))
}

fn oddity_finding(oddity: Ambiguity) -> Finding {
    let (code, pointer, description, section) = match oddity {
        Ambiguity::DuplicateKey { pointer } => {
            let description = FindingMessage::custom(
                "occurs twice, expected once: parsers differ on which one they use",
                "the name twice",
                "each name once",
            );
            ("duplicate-key", pointer, description, 4)
        }
        Ambiguity::LoneSurrogate { pointer } => {
            let description = FindingMessage::has("half a surrogate pair", "whole characters");
            ("lone-surrogate", pointer, description.with_consequence("many parsers reject it"), 8)
        }
        Ambiguity::ImpreciseNumber { pointer, literal } => {
            let description = FindingMessage::is(
                quote_value(literal),
                "a number that a double represents exactly",
            );
            ("imprecise-number", pointer, description.with_consequence("JavaScript changes it"), 6)
        }
    };
    Finding::new(Severity::Warning, code, description, format!("RFC 8259, section {section}"))
        .at(pointer)
}

/// Returns the finding that the schema of an event cannot be used.
pub(super) fn unusable_schema(problem: &SchemaError) -> Finding {
    let description = FindingMessage::custom(
        format!("was not validated: {problem}"),
        problem.reason.clone(),
        "a usable JSON Schema",
    );
    Finding::new(Severity::Error, "unusable-schema", description, format!("`{}`", problem.file))
}
