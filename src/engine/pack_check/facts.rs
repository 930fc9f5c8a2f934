//! Rules about `provider.toml` and the files and events that it refers to.

use crate::domain::pointer;
use crate::engine::generate;
use crate::engine::generate::VaryProblem;
use crate::engine::pack_check::schemas;
use crate::protocols::json_style::JAVASCRIPT;
use crate::protocols::schemes::scheme::SignedForm;
use crate::providers::flaw::Flaw;
use crate::providers::pack::{FACTS_FILE, Pack};
use crate::providers::provider::{EventLocation, Provider};
use serde_json::Value;

/// Reports facts that are missing, malformed or contradict each other.
pub(super) fn contradictions(pack: &Pack) -> Vec<Flaw> {
    let provider = &pack.provider;
    let mut flaws = Vec::new();
    for (location, pointer) in pointers(provider) {
        if !pointer.starts_with('/') {
            let message =
                format!("`{pointer}` is not a JSON Pointer: expected one such as `/data/id`");
            flaws.push(Flaw::error("bad-pointer", FACTS_FILE, location, message));
        }
    }
    flaws.extend(event_location(provider));
    let locations = [
        ("/message-id/at", provider.message_id.as_ref().map(|facts| &facts.location)),
        ("/timestamp/at", provider.timestamp.as_ref().map(|facts| &facts.location)),
    ];
    for (pointer, location) in locations {
        if location.is_some_and(|it| it.header.is_none() && it.pointer.is_none()) {
            let message = "expected a header or a pointer";
            flaws.push(Flaw::error("no-place", FACTS_FILE, pointer, message));
        }
    }
    if provider.recognise.headers.is_empty() && provider.recognise.fields.is_empty() {
        let message = "expected `headers` or `members` by which its requests are detected";
        flaws.push(Flaw::error("no-marks", FACTS_FILE, "/recognise", message));
    }
    if let Err(contradiction) = provider.check() {
        let location = format!("/{}", contradiction.key.replace('.', "/"));
        flaws.push(Flaw::error("contradiction", FACTS_FILE, location, contradiction.to_string()));
    }
    let style = provider.body_style();
    if provider.signature.signed_form() == SignedForm::JsonStringify && style != JAVASCRIPT {
        let message = format!(
            "it is `{}`, expected `{}`: the signature covers the result of `JSON.stringify`",
            style.name, JAVASCRIPT.name
        );
        flaws.push(Flaw::error("contradiction", FACTS_FILE, "/json-style", message));
    }
    flaws.extend(misnamed_samples(pack));
    flaws
}

/// Reports an event that no request names, and a fixed one that is not defined.
fn event_location(provider: &Provider) -> Option<Flaw> {
    let EventLocation { location, in_path, fixed } = &provider.event;
    let is_named = location.header.is_some() || location.pointer.is_some() || *in_path;
    match fixed {
        None if !is_named => {
            let message =
                "expected `header`, `pointer`, `path` or `fixed`: the location of the event's name";
            Some(Flaw::error("no-event-place", FACTS_FILE, "/event", message))
        }
        Some(name) if provider.event(name).is_none() => {
            let message = format!("`{name}` is not an event of the pack");
            Some(Flaw::error("lost-event", FACTS_FILE, "/event/fixed", message))
        }
        Some(_) if !is_named && provider.events.len() > 1 => {
            let message = "the pack has several events, and no request names one: expected \
                           `header`, `pointer` or `path` beside `fixed`";
            Some(Flaw::error("contradiction", FACTS_FILE, "/event/fixed", message))
        }
        _ => None,
    }
}

/// Reports the samples whose body does not name their event, although only the body can name it.
fn misnamed_samples(pack: &Pack) -> Vec<Flaw> {
    let location = &pack.provider.event;
    let (None, Some(pointer), None) = (&location.header, &location.pointer, &location.fixed) else {
        return Vec::new();
    };
    let mut flaws = Vec::new();
    for (event, variant) in schemas::payloads(pack) {
        let Ok(sample) = pack.sample(event, variant) else { continue };
        if sample.pointer(pointer).and_then(Value::as_str) != Some(&event.name) {
            let file = schemas::sample_file(event, variant);
            let message = format!("expected `{}` here, the name of the event", event.name);
            flaws.push(Flaw::error("unnamed-event", file, pointer.clone(), message));
        }
    }
    flaws
}

/// Reports the pointers that match nothing in any sample.
pub(super) fn unmatched_pointers(pack: &Pack) -> Vec<Flaw> {
    let samples = schemas::payloads(pack).map(|(event, variant)| pack.sample(event, variant));
    let samples: Vec<_> = samples.filter_map(Result::ok).collect();
    let is_unmatched = |pattern: &str| {
        !samples.iter().any(|sample| !pointer::find_matches(pattern, sample).is_empty())
    };
    pointers(&pack.provider)
        .into_iter()
        // If a header names the event, the body need not name it in every request.
        .filter(|(location, _)| {
            location != "/event/pointer" || pack.provider.event.header.is_none()
        })
        .filter(|(_, pattern)| is_unmatched(pattern))
        .map(|(location, pattern)| {
            let message = format!("`{pattern}` matches nothing in any sample");
            Flaw::warning("lost-pointer", FACTS_FILE, location, message)
        })
        .collect()
}

/// Reports the events in `order` that are not defined.
pub(super) fn undefined_events(pack: &Pack) -> Vec<Flaw> {
    let order = pack.provider.order.iter();
    let lists =
        order.flat_map(|order| [("first", &order.creating_events), ("then", &order.later_events)]);
    let mut flaws = Vec::new();
    for (list, names) in lists {
        for (index, name) in names.iter().enumerate() {
            if pack.provider.event(name).is_none() {
                let message = format!("`{name}` is not an event of the pack");
                flaws.push(Flaw::warning(
                    "lost-event",
                    FACTS_FILE,
                    format!("/order/{list}/{index}"),
                    message,
                ));
            }
        }
    }
    flaws
}

/// Reports the rules of `vary` and `keep` that are invalid or have no effect.
pub(super) fn useless_variations(pack: &Pack) -> Vec<Flaw> {
    let problems = generate::check_variations(pack).unwrap_or_default();
    let flaw = |problem: VaryProblem| {
        let index = pack
            .provider
            .events
            .iter()
            .position(|event| Some(&event.name) == problem.event.as_ref());
        let table = index.map_or_else(String::new, |index| format!("/events/{index}"));
        Flaw::warning("useless-variation", FACTS_FILE, format!("{table}/vary"), problem.to_string())
    };
    problems.into_iter().map(flaw).collect()
}

/// Reports the files that no event uses and no schema refers to.
pub(super) fn unused_files(pack: &Pack) -> Vec<Flaw> {
    let expected = pack.required_files();
    let is_stray = |name: &&str| {
        let is_definitions = name.ends_with(".schema.json") && is_referred_to(pack, name);
        !is_definitions && !expected.iter().any(|known| known == name)
    };
    pack.file_names()
        .filter(is_stray)
        .map(|name| Flaw::warning("stray-file", name, "", "no event uses it"))
        .collect()
}

/// Returns `true` if another schema refers to a part of this file.
fn is_referred_to(pack: &Pack, name: &str) -> bool {
    let start = format!("{name}#");
    let schemas = pack.file_names().filter(|other| other.ends_with(".schema.json"));
    let refers = |schema: &Value| {
        let locations = pointer::all_pointers(schema)
            .into_iter()
            .filter(|location| location.ends_with("/$ref"));
        let references = locations.filter_map(|location| schema.pointer(&location)?.as_str());
        references.into_iter().any(|reference| reference == name || reference.starts_with(&start))
    };
    schemas.into_iter().any(|other| other != name && pack.json(other).is_ok_and(refers))
}

/// Returns every JSON Pointer of the facts, with its own location.
fn pointers(provider: &Provider) -> Vec<(String, &str)> {
    let id = provider.message_id.as_ref().map(|facts| &facts.location);
    let time = provider.timestamp.as_ref().map(|facts| &facts.location);
    let singles = [
        ("/event/pointer", provider.event.pointer.as_deref()),
        ("/message-id/at/pointer", id.and_then(|location| location.pointer.as_deref())),
        ("/timestamp/at/pointer", time.and_then(|location| location.pointer.as_deref())),
        ("/person/email", provider.person.email.as_deref()),
        ("/person/phone", provider.person.phone.as_deref()),
        ("/order/lead", provider.order.as_ref().map(|order| order.lead_pointer.as_str())),
    ];
    let lists = [
        ("/message-identity", &provider.message_identity),
        ("/recognise/members", &provider.recognise.fields),
        ("/person/name", &provider.person.name),
    ];
    let single = |(location, pointer): (&str, Option<_>)| Some((location.to_owned(), pointer?));
    let listed = lists.into_iter().flat_map(|(location, pointers)| {
        let numbered = pointers.iter().enumerate();
        numbered.map(move |(index, pointer)| (format!("{location}/{index}"), pointer.as_str()))
    });
    singles.into_iter().filter_map(single).chain(listed).collect()
}
