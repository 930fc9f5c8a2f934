//! The request section: the headers in order, and the location of each fact.

use super::markdown;
use crate::domain::verdict::Proof;
use crate::protocols::schemes::place::SignaturePlace;
use crate::providers::provider::{
    EventLocation, IdFormat, Location, MessageIdFacts, Provider, TimestampFacts,
};
use jiff::Timestamp;

/// An example of a timestamp.
const EXAMPLE: Timestamp = Timestamp::constant(1_767_323_045, 123_456_789);

/// A fact about a delivery, and its location in the request.
struct Fact<'p> {
    location: Option<&'p Location>,
    description: String,
    source: &'p Option<String>,
    /// The sentence if the provider does not send it.
    absent: &'static str,
}

/// A header or a field of the body, its contents, and the source that documents it.
pub(super) struct Carrier<'p> {
    /// The name of the header, or the JSON Pointer of the field.
    pub(super) name: &'p str,
    /// The contents in words, with code in backticks.
    pub(super) carries: String,
    pub(super) source: Option<&'p str>,
}

impl Carrier<'_> {
    fn row(&self) -> Vec<String> {
        let source = self.source.map_or_else(String::new, markdown::prose);
        vec![markdown::code(self.name), self.carries.clone(), source]
    }
}

/// Returns the headers of a request in the order in which they are sent.
pub(super) fn headers(provider: &Provider) -> Vec<Carrier<'_>> {
    let sources = &provider.sources;
    let mut headers = vec![Carrier {
        name: "Content-Type",
        carries: markdown::code(&provider.request.content_type),
        source: sources.content_type.as_deref(),
    }];
    headers.extend(provider.request.user_agent.as_ref().map(|name| Carrier {
        name: "User-Agent",
        carries: markdown::code(name),
        source: sources.user_agent.as_deref(),
    }));
    for fact in facts(provider) {
        if let Some(name) = fact.location.and_then(|location| location.header.as_deref()) {
            headers.push(Carrier {
                name,
                carries: fact.description,
                source: fact.source.as_deref(),
            });
        }
    }
    let signature = provider.signature.header().map(|name| Carrier {
        name,
        carries: proof(provider),
        source: sources.signature.as_deref(),
    });
    headers.extend(signature);
    headers
}

/// Returns the fields of the body that carry a fact about the delivery.
pub(super) fn body_fields(provider: &Provider) -> Vec<Carrier<'_>> {
    let fields = facts(provider).into_iter().filter_map(|fact| {
        let location = fact.location?;
        let name = location.pointer.as_deref()?;
        Some(if location.header.is_some() {
            let carries = format!("{}, if the header is absent", fact.description);
            Carrier { name, carries, source: None }
        } else {
            Carrier { name, carries: fact.description, source: fact.source.as_deref() }
        })
    });
    let secret = match provider.signature.place() {
        SignaturePlace::Field(name) => Some(Carrier {
            name,
            carries: proof(provider),
            source: provider.sources.signature.as_deref(),
        }),
        SignaturePlace::Header(_) | SignaturePlace::Query(_) | SignaturePlace::Nowhere => None,
    };
    fields.chain(secret).collect()
}

/// Returns the description of what proves the sender.
fn proof(provider: &Provider) -> String {
    match provider.signature.proof() {
        Proof::SharedSecret => "the secret",
        Proof::Signature | Proof::None => "the signature",
    }
    .to_owned()
}

/// Writes the section.
pub(super) fn section(provider: &Provider) -> String {
    let mut headers = headers(provider);
    if let Some(signature) = headers.last_mut().filter(|_| provider.signature.header().is_some()) {
        signature.carries.push_str(", as below");
    }
    let headers: Vec<_> = headers.iter().map(Carrier::row).collect();
    let fields: Vec<_> = body_fields(provider).iter().map(Carrier::row).collect();
    let absent = facts(provider).into_iter().filter(|fact| fact.location.is_none());
    let absent = absent.map(|fact| {
        let source = fact.source.as_deref().map_or_else(String::new, markdown::prose);
        let separator = if source.is_empty() { "" } else { " " };
        format!("{}{separator}{source}", fact.absent)
    });
    markdown::paragraphs(
        [
            "## The request".to_owned(),
            "A `POST` to the one address registered with the vendor. Its headers, in the order in \
             which `leadhook` sends them:"
                .to_owned(),
            markdown::table(&["header", "carries", "source"], &headers),
            if fields.is_empty() { String::new() } else { "In the body:".to_owned() },
            markdown::table(&["location", "carries", "source"], &fields),
        ]
        .into_iter()
        .chain(absent)
        .chain([
            event_by_url(provider),
            identity_rule(provider),
            body_style(provider),
            detection_marks(provider),
        ]),
    )
}

fn facts(provider: &Provider) -> [Fact<'_>; 3] {
    let sources = &provider.sources;
    let event = &provider.event;
    let id = provider.message_id.as_ref();
    let time = provider.timestamp.as_ref();
    [
        Fact {
            location: (event.header.is_some() || event.pointer.is_some())
                .then_some(&event.location),
            description: "the name of the event".to_owned(),
            source: &sources.event,
            absent: "",
        },
        Fact {
            location: id.map(|facts| &facts.location),
            description: id.map_or_else(String::new, describe_message_id),
            source: &sources.message_id,
            absent: "No message id is sent.",
        },
        Fact {
            location: time.map(|facts| &facts.location),
            description: time.map_or_else(String::new, describe_timestamp),
            source: &sources.timestamp,
            absent: "The time of sending is not sent.",
        },
    ]
}

/// States how the event is known that neither a header nor the body names.
fn event_by_url(provider: &Provider) -> String {
    let EventLocation { location, in_path, fixed } = &provider.event;
    let is_named = location.header.is_some() || location.pointer.is_some();
    let path = "The vendor calls one URL for each event. `leadhook` takes the last segment of the \
                path for the event if it is one, and appends it where it sends.";
    let path = if *in_path { path } else { "" };
    let source = provider.sources.event.as_deref().filter(|_| !is_named).map(markdown::prose);
    let fixed = fixed
        .as_deref()
        .map(|name| format!("A request that names no event is {}.", markdown::code(name)));
    let parts = [Some(path.to_owned()), fixed, source].into_iter().flatten();
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn describe_message_id(facts: &MessageIdFacts) -> String {
    let form = match facts.format {
        IdFormat::Uuid => "a hyphenated, lower-case UUID",
        IdFormat::Hex => "24 lower-case hex digits",
    };
    let form = if facts.prefix.is_empty() {
        form.to_owned()
    } else {
        format!("{} and {form}", markdown::code(&facts.prefix))
    };
    format!("the id of the message, the same on every attempt: {form}")
}

fn describe_timestamp(facts: &TimestampFacts) -> String {
    let example = facts.precision.format(EXAMPLE);
    format!("the time of sending, in the form of {}", markdown::code(&example))
}

/// States what identifies a message, so that a repeat is known.
fn identity_rule(provider: &Provider) -> String {
    let pointers: Vec<_> =
        provider.message_identity.iter().map(|pointer| markdown::code(pointer)).collect();
    let fields = format!("its event and {}", markdown::join_with_and(&pointers));
    match (provider.message_id.is_some(), pointers.as_slice()) {
        (true, []) => {
            "A repeat is known by its id: another body under a known id is reported, and \
                       not processed."
                .to_owned()
        }
        (true, _) => format!(
            "A repeat is known by its id, or without one by {fields}: another body under a known \
             identity is reported, and not processed."
        ),
        (false, []) => "A repeat is known by its event and the bytes of its body.".to_owned(),
        (false, _) => format!(
            "A repeat is known by {fields}: another body under known values is reported, and not \
             processed."
        ),
    }
}

/// Describes how the sender prints its bodies, if the pack says so.
fn body_style(provider: &Provider) -> String {
    let Some(style) = provider.json_style else { return String::new() };
    let source = provider.sources.json_style.as_deref().map(markdown::prose);
    let source = source.map_or_else(String::new, |source| format!(" {source}"));
    format!("`leadhook` prints the body {}.{source}", style.about)
}

/// Lists the marks by which a request of the provider is detected.
fn detection_marks(provider: &Provider) -> String {
    let codes = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| markdown::code(name)).collect()
    };
    let (headers, fields) = (codes(&provider.recognise.headers), codes(&provider.recognise.fields));
    let headers = match headers.as_slice() {
        [] => None,
        [only] => Some(format!("the header {only}")),
        _ => Some(format!("the headers {}", markdown::join_with_and(&headers))),
    };
    let fields =
        (!fields.is_empty()).then(|| format!("{} in its body", markdown::join_with_and(&fields)));
    let event = "the name of its event".to_owned();
    let signature = "the form of its signature".to_owned();
    let marks: Vec<_> = headers.into_iter().chain(fields).chain([event, signature]).collect();
    format!("`leadhook` detects it from {}.", markdown::join_with_and(&marks))
}
