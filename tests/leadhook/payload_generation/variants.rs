//! `--variant`: alternative payloads of an event, stored as data.

use crate::payload_generation::{bytes, describe, forms, generated, payload};
use crate::support::skipped;
use leadhook::engine::judge::compile_schema;
use leadhook::providers::Packs;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

/// Returns the limits that a schema and its references set for the field `at`.
fn limits(schema: &Value, documents: &Value, at: &str, found: &mut Vec<(String, String, u64)>) {
    for keyword in ["maxLength", "x-max-bytes"] {
        if let Some(most) = schema[keyword].as_u64() {
            found.push((at.to_owned(), keyword.to_owned(), most));
        }
    }
    if let Some(name) = schema["$ref"].as_str() {
        let (file, pointer) = name.split_once('#').unwrap();
        let file = if file.is_empty() { "definitions.schema.json" } else { file };
        limits(documents[file].pointer(pointer).unwrap(), documents, at, found);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        limits(part, documents, at, found);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        limits(field, documents, &format!("{at}/{name}"), found);
    }
}

#[test]
fn a_maximal_payload_reaches_every_documented_limit() {
    let packs = Packs::builtin().unwrap();
    let mut reached = 0;
    for form in forms(&packs).into_iter().filter(|(_, _, variant)| *variant == Some("maximal")) {
        let (pack, event, _) = form;
        let documents = serde_json::to_value(pack.documents(&event.name).unwrap()).unwrap();
        let mut found = Vec::new();
        limits(&documents[format!("{}.schema.json", event.name)], &documents, "", &mut found);
        for seed in [None, Some(7), Some(8)] {
            let payload = payload(form, seed);
            for (pointer, keyword, most) in &found {
                let value = payload.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"));
                let size = match keyword.as_str() {
                    "maxLength" => value.as_str().unwrap().chars().count(),
                    _ => value.to_string().len(),
                };
                assert_eq!(
                    size as u64,
                    *most,
                    "{} {seed:?}: {keyword} of {pointer}",
                    describe(form)
                );
                reached += 1;
            }
        }
    }
    // 13 strings and 3 sizes of the two events that have any, three times each.
    assert_eq!(reached, 2 * 3 * 16);
}

#[test]
fn a_maximal_payload_has_every_field_of_the_schema() {
    fn field_names(schema: &Value, documents: &Value) -> Vec<String> {
        let mut found: Vec<String> = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        if let Some(name) = schema["$ref"].as_str() {
            let (file, pointer) = name.split_once('#').unwrap();
            let file = if file.is_empty() { "definitions.schema.json" } else { file };
            found.extend(field_names(documents[file].pointer(pointer).unwrap(), documents));
        }
        found
    }
    let packs = Packs::builtin().unwrap();
    let mut checked = 0;
    for (event, variant, root, schema) in [
        ("created", Some("maximal"), "", "/$defs/lead"),
        ("created", Some("maximal"), "/activities/10", "/$defs/activity"),
        ("created", Some("maximal"), "/activities/10/user", "/$defs/user"),
        ("created", Some("maximal"), "/activities/3/property", "/$defs/property"),
        ("updated", Some("maximal"), "", "/$defs/lead"),
        ("user_updated", None, "", "/$defs/user"),
        ("leadpro:lead.created", Some("maximal"), "/data", "/$defs/lead"),
        ("leadpro:lead.updated", Some("maximal"), "/data", "/$defs/lead"),
    ] {
        let (pack, facts) = packs.find_event(&event.parse().unwrap(), None).unwrap();
        let documents = serde_json::to_value(pack.documents(&facts.name).unwrap()).unwrap();
        let payload = payload((pack, facts, variant), None);
        let there = payload.pointer(root).unwrap().as_object().unwrap();
        for name in
            field_names(documents["definitions.schema.json"].pointer(schema).unwrap(), &documents)
        {
            // One activity has a property, and another has the agent.
            if !(schema == "/$defs/activity" && name == "property") {
                assert!(
                    there.get(&name).is_some_and(|value| !value.is_null()),
                    "{event}: no {name}"
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 150, "{checked}");
}

#[test]
fn a_maximal_payload_has_every_type_of_activity() {
    let packs = Packs::builtin().unwrap();
    let (pack, _) = packs.find_event(&"created".parse().unwrap(), None).unwrap();
    let definitions = pack.json("definitions.schema.json").unwrap();
    let known = definitions.pointer("/$defs/activity/properties/type/enum").unwrap();
    for event in ["created", "activity_added"] {
        let payload = generated(event, Some("maximal"), None);
        let activities = payload["activities"].as_array().unwrap();
        for name in known.as_array().unwrap() {
            assert!(activities.iter().any(|activity| activity["type"] == *name), "{event}: {name}");
        }
    }
}

#[test]
fn removing_any_field_of_a_minimal_payload_is_a_finding() {
    let packs = Packs::builtin().unwrap();
    let mut removed = 0;
    for form in forms(&packs).into_iter().filter(|(_, _, variant)| *variant == Some("minimal")) {
        let (pack, event, _) = form;
        let schema = compile_schema(pack, &event.name).unwrap();
        let complete = payload(form, None);
        for inner in ["", "/data"] {
            let Some(Value::Object(fields)) = complete.pointer(inner) else { continue };
            for name in fields.keys() {
                let mut less = complete.clone();
                less.pointer_mut(inner).and_then(Value::as_object_mut).unwrap().shift_remove(name);
                // An update requires a change, which no schema can express.
                if !(event.name.contains("updated") && ["email", "name"].contains(&name.as_str())) {
                    assert!(!schema.findings(&less).is_empty(), "{}: {name}", describe(form));
                    removed += 1;
                }
            }
        }
    }
    assert!(removed > 30, "{removed}");
}

#[test]
fn a_variant_differs_from_the_sample_and_describes_how() {
    let packs = Packs::builtin().unwrap();
    for form in forms(&packs) {
        let (pack, event, Some(name)) = form else { continue };
        assert_ne!(bytes(form, None), bytes((pack, event, None), None), "{}", describe(form));
        assert_ne!(bytes(form, Some(7)), bytes(form, Some(8)), "{}", describe(form));
        assert!(event.variant(name).is_some_and(|facts| !facts.summary.is_empty()));
    }
}

#[test]
fn a_unicode_payload_has_characters_that_break_encoders() {
    for event in
        ["created", "updated", "activity_added", "leadpro:lead.created", "conversation.message"]
    {
        let text = generated(event, Some("unicode"), Some(7)).to_string();
        for sign in [
            "\u{2028}",
            "\u{2029}",
            "\u{7f}",
            "e\u{301}",
            "\u{20bb7}",
            "\u{200d}",
            "\u{202e}",
            "<",
            "/",
            "\\\\",
            "架空",
        ] {
            let is_contained = text.contains(sign);
            assert!(is_contained || sign == "架空", "{event}: {sign:?}");
        }
    }
}

/// Prints every line as `JSON.stringify` does after `JSON.parse`.
const NODE: &str = "const lines = require('fs').readFileSync(0, 'utf8').split('\\n');\
    for (const line of lines) if (line) console.log(JSON.stringify(JSON.parse(line)));";

/// The characters that Go escapes and JavaScript does not.
const ESCAPED_BY_GO: [(&str, &str); 5] = [
    ("\\u0026", "&"),
    ("\\u003c", "<"),
    ("\\u003e", ">"),
    ("\\u2028", "\u{2028}"),
    ("\\u2029", "\u{2029}"),
];

#[test]
fn every_payload_round_trips_through_node() {
    let packs = Packs::builtin().unwrap();
    let mut lines = Vec::new();
    for form in forms(&packs) {
        for seed in [None, Some(7), Some(8)] {
            lines.extend(bytes(form, seed));
            lines.push(b'\n');
        }
    }
    let mut node = Command::new("node");
    node.args(["-e", NODE]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut child) = node.spawn() else {
        return skipped("every_payload_round_trips_through_node", "`node` does not run");
    };
    let mut stdin = child.stdin.take().unwrap();
    let sent = lines.clone();
    let writer = thread::spawn(move || stdin.write_all(&sent));
    let printed = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(printed.status.success());
    let lines = String::from_utf8(lines).unwrap();
    let unescaped = |text: String, (escape, char): &(&str, &str)| text.replace(escape, char);
    let expected = ESCAPED_BY_GO.iter().fold(lines, unescaped);
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), expected);
}

#[test]
fn each_kind_of_lead_has_its_documented_questions() {
    let lead = |variant| generated("leadpro:lead.created", Some(variant), Some(7))["data"].take();
    for (variant, kind, there, absent) in [
        ("vendor", "vendor", ["address", "postcode"], ["advert_address", "office_id"]),
        ("landlord", "landlord", ["address", "postcode"], ["advert_address", "office_id"]),
        (
            "mortgage-request",
            "mortgage_request",
            ["address", "postcode"],
            ["advert_address", "office_id"],
        ),
        ("sale", "sale", ["advert_address", "property_reference"], ["address", "office_id"]),
        ("let", "let", ["advert_postcode", "property_reference"], ["address", "office_id"]),
        ("office", "sale", ["office_id", "property_reference"], ["address", "advert_address"]),
    ] {
        let lead = lead(variant);
        assert_eq!(lead["type"], kind);
        assert!(there.iter().all(|name| lead.get(name).is_some()), "{variant}: {lead}");
        assert!(absent.iter().all(|name| lead.get(name).is_none()), "{variant}: {lead}");
    }
}

#[test]
fn a_bare_id_has_no_hyphens_in_any_field() {
    let lead = generated("created", Some("bare-id"), Some(7));
    let id = lead["id"].as_str().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert!(lead["site_login_url"].as_str().unwrap().ends_with(&format!("/{id}/")));
}

#[test]
fn variants_are_listed_with_their_differences() {
    let list = leadhook!("events -v").in_process().exits(0, "events").stdout;
    for line in ["--variant potential-seller: nobody yet", "--variant unset-phone: both telephone"]
    {
        assert!(list.contains(line), "{line:?} is not in:\n{list}");
    }
    let objects = leadhook!("events --format json").in_process().object();
    let events = objects["events"].as_array().unwrap();
    let updated = events.iter().find(|event| event["event"] == "updated").unwrap();
    assert_eq!(updated["variants"], json!(["minimal", "maximal", "unset-phone", "unicode"]));
    let help = leadhook!("send --help").in_process().exits(0, "help").stdout;
    assert!(help.contains("such as `minimal`"), "{help}");
}
