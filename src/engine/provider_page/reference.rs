//! The reference of a provider as data: the facts of its page, without the prose.

use super::{request, signature};
use crate::domain::finding::Severity;
use crate::domain::retry::RetryRules;
use crate::domain::time::milliseconds;
use crate::protocols::schema_outline::{
    ConditionalRule, ExpectedValue, Field, Requirement, outline, source_names,
};
use crate::providers::fetch_facts::FetchFacts;
use crate::providers::flaw::PackError;
use crate::providers::handshake_facts::HandshakeFacts;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, ShapeConfidence, VariantFacts};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The reference of a provider, with all of its events or one of them.
#[derive(Debug, Serialize)]
pub struct Reference {
    provider: String,
    name: String,
    documentation: String,
    /// The headers of a request in the order in which they are sent.
    headers: Vec<Carrier>,
    /// The fields of the body that carry a fact about the delivery.
    body_fields: Vec<Carrier>,
    signature: Signature,
    /// The GET that confirms a URL, if the sender has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    handshake: Option<Handshake>,
    /// The resources that a receiver fetches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fetch: Vec<FetchedResource>,
    retries: Retries,
    events: Vec<EventReference>,
    /// Open questions that only the vendor can answer.
    questions: Vec<String>,
    /// The meaning of each name in brackets in a source.
    sources: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
struct Carrier {
    name: String,
    carries: String,
    source: Option<String>,
}

#[derive(Debug, Serialize)]
struct Signature {
    header: Option<String>,
    scheme: &'static str,
    facts: Vec<String>,
    source: Option<String>,
}

/// The query parameters of a handshake.
#[derive(Debug, Serialize)]
struct Handshake {
    mode: Option<Mode>,
    challenge: String,
    token: String,
    source: Option<String>,
}

#[derive(Debug, Serialize)]
struct Mode {
    parameter: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct FetchedResource {
    path: String,
    ids: String,
    /// The events whose deliveries name it; empty for all.
    events: Vec<String>,
    status: u16,
    source: Option<String>,
}

#[derive(Debug, Serialize)]
struct Retries {
    #[serde(flatten)]
    rules: RetryRules,
    timeout_ms: Option<u64>,
    attempts: Vec<PlannedAttempt>,
    note: Option<String>,
}

#[derive(Debug, Serialize)]
struct PlannedAttempt {
    attempt: usize,
    wait_ms: Option<u64>,
    at_ms: u64,
}

#[derive(Debug, Serialize)]
struct EventReference {
    event: String,
    summary: String,
    shape: ShapeConfidence,
    variants: Vec<Variant>,
    /// The source of the schema as a whole.
    source: Option<String>,
    /// `true` if an empty string means "unset", and is exempt from format rules.
    empty_unsets: bool,
    fields: Vec<FieldReference>,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
struct Variant {
    name: String,
    summary: String,
}

#[derive(Debug, Serialize)]
struct FieldReference {
    location: String,
    presence: &'static str,
    types: Option<Constraint>,
    constraints: Vec<Constraint>,
    sources: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Constraint {
    expected: String,
    /// The complete list of valid values, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<Value>>,
    severity: Severity,
    source: Option<String>,
}

#[derive(Debug, Serialize)]
struct Rule {
    conditions: Vec<String>,
    requirements: Vec<Consequence>,
    sources: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Consequence {
    locations: Vec<String>,
    /// The requirement on the values; null if they must be present.
    expected: Option<String>,
    severity: Severity,
}

impl Reference {
    /// Collects the reference of a provider: of all events, or of `event` alone.
    pub fn new(pack: &Pack, event: Option<&EventFacts>) -> Result<Self, PackError> {
        let provider = &pack.provider;
        let selected = event.map_or(provider.events.as_slice(), std::slice::from_ref);
        let mut sources = BTreeMap::new();
        let mut events = Vec::new();
        for facts in selected {
            let documents = pack.documents(&facts.name)?;
            sources.extend(source_names(&documents));
            let outline = outline(&format!("{}.schema.json", facts.name), &documents);
            events.push(EventReference {
                event: facts.name.clone(),
                summary: facts.summary.clone(),
                shape: facts.shape,
                variants: facts.variants.iter().map(Variant::of).collect(),
                source: outline.source,
                empty_unsets: outline.empty_unsets,
                fields: outline.fields.into_iter().map(FieldReference::new).collect(),
                rules: outline.rules.into_iter().map(Rule::new).collect(),
            });
        }
        Ok(Self {
            provider: provider.id.clone(),
            name: provider.name.clone(),
            documentation: provider.documentation.clone(),
            headers: request::headers(provider).into_iter().map(Carrier::new).collect(),
            body_fields: request::body_fields(provider).into_iter().map(Carrier::new).collect(),
            signature: Signature {
                header: provider.signature.header().map(str::to_owned),
                scheme: provider.signature.name(),
                facts: signature::facts(provider),
                source: provider.sources.signature.clone(),
            },
            handshake: provider.handshake.as_ref().map(Handshake::of),
            fetch: provider.fetch.iter().map(FetchedResource::of).collect(),
            retries: Retries::of(pack),
            events,
            questions: provider.questions.clone(),
            sources,
        })
    }
}

impl Handshake {
    fn of(facts: &HandshakeFacts) -> Self {
        let mode = facts
            .mode
            .as_ref()
            .map(|mode| Mode { parameter: mode.parameter.clone(), value: mode.value.clone() });
        Self {
            mode,
            challenge: facts.challenge.clone(),
            token: facts.token.clone(),
            source: facts.source.clone(),
        }
    }
}

impl FetchedResource {
    fn of(facts: &FetchFacts) -> Self {
        Self {
            path: facts.path.clone(),
            ids: facts.ids.clone(),
            events: facts.events.clone(),
            status: facts.status,
            source: facts.source.clone(),
        }
    }
}

impl Carrier {
    fn new(carrier: request::Carrier<'_>) -> Self {
        Self {
            name: carrier.name.to_owned(),
            carries: carrier.carries,
            source: carrier.source.map(str::to_owned),
        }
    }
}

impl Retries {
    fn of(pack: &Pack) -> Self {
        let policy = &pack.provider.retry;
        let attempts = policy.plan().into_iter().map(|planned| PlannedAttempt {
            attempt: planned.attempt,
            wait_ms: planned.wait.map(|wait| milliseconds(wait.duration())),
            at_ms: milliseconds(planned.at.duration()),
        });
        Self {
            rules: policy.rules(),
            timeout_ms: policy.timeout.map(|timeout| milliseconds(timeout.duration())),
            attempts: attempts.collect(),
            note: policy.note.clone(),
        }
    }
}

impl Variant {
    fn of(facts: &VariantFacts) -> Self {
        Self { name: facts.name.clone(), summary: facts.summary.clone() }
    }
}

impl FieldReference {
    fn new(field: Field) -> Self {
        Self {
            location: field.pointer,
            presence: field.presence.name(),
            types: field.types.map(Constraint::new),
            constraints: field.requirements.into_iter().map(Constraint::new).collect(),
            sources: field.sources,
        }
    }
}

impl Constraint {
    fn new(rule: Requirement) -> Self {
        let expected = rule.expected.to_string();
        let values = match rule.expected {
            ExpectedValue::OneOf(values) => Some(values),
            ExpectedValue::Description(_) => None,
        };
        Self { expected, values, severity: rule.severity, source: rule.source }
    }
}

impl Rule {
    fn new(rule: ConditionalRule) -> Self {
        let conditions = rule.conditions.into_iter().map(|condition| {
            let word = if condition.applies_if_true { "when" } else { "unless" };
            format!("{word} {}", condition.clauses.join(" and "))
        });
        let requirements = rule.requirements.into_iter().map(|(locations, expected, severity)| {
            let expected = expected.map(|expected| expected.to_string());
            Consequence { locations, expected, severity }
        });
        Self {
            conditions: conditions.collect(),
            requirements: requirements.collect(),
            sources: rule.sources,
        }
    }
}
