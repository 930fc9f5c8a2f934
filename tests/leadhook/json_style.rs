//! `json-style` of a pack: every generated body is printed as its sender prints JSON, so that a
//! receiver that hashes re-serialised JSON fails at its first delivery.

use crate::payload_generation::{Form, bytes, describe, forms};
use crate::reserialisers::programs::{JAVASCRIPT, PHP, PYTHON};
use crate::support::{Endpoint, Leadhook, ROOT, amount, skipped};
use leadhook::protocols::json::read;
use leadhook::protocols::json_print::{STYLES, matching_styles};
use leadhook::providers::Packs;
use serde_json::Value;
use std::fs;

/// The fields of Real Geeks in which a person or the vendor's site writes free text.
const FREE_TEXT: [&str; 4] = ["notes", "source_details", "description", "signature"];

/// The languages of which no re-serialisation may equal the body of a delivery.
const LANGUAGES: [&str; 3] = ["JavaScript", "Python", "PHP"];

fn has_free_text(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(name, field)| {
            FREE_TEXT.contains(&name.as_str()) && field.is_string() || has_free_text(field)
        }),
        Value::Array(items) => items.iter().any(has_free_text),
        _ => false,
    }
}

/// Returns every payload of Real Geeks that has free text.
fn free_text_forms(packs: &Packs) -> Vec<Form<'_>> {
    let forms = forms(packs).into_iter().filter(|(pack, event, variant)| {
        pack.provider.id == "realgeeks" && has_free_text(pack.sample(event, *variant).unwrap())
    });
    forms.collect()
}

/// Returns the bodies without a seed and with many.
fn bodies(packs: &Packs) -> Vec<(String, Vec<u8>)> {
    let seeds = || std::iter::once(None).chain((0..amount(20, 200)).map(Some));
    let forms = free_text_forms(packs);
    let with_seeds = forms.into_iter().flat_map(|form| seeds().map(move |seed| (form, seed)));
    with_seeds
        .map(|(form, seed)| (format!("{} {seed:?}", describe(form)), bytes(form, seed)))
        .collect()
}

#[test]
fn a_body_with_free_text_has_characters_on_which_printers_differ() {
    let packs = Packs::builtin().unwrap();
    let names: Vec<_> = free_text_forms(&packs).into_iter().map(describe).collect();
    assert!(names.len() >= 13, "{names:?}");
    for (case, body) in bodies(&packs) {
        let text = String::from_utf8(body.clone()).unwrap();
        assert!(text.contains("\\u0026") && !text.contains('&'), "{case}: {text}");
        assert!(!text.is_ascii(), "{case}: {text}");
        let found = matching_styles(&read(&body).unwrap(), &body);
        let languages: Vec<_> = found.iter().map(|style| style.language).collect();
        assert!(languages.contains(&"Go"), "{case}: {languages:?}");
        for language in LANGUAGES {
            assert!(!languages.contains(&language), "{case}: {language} prints the same");
        }
    }
}

#[test]
fn real_programs_print_other_bytes() {
    let packs = Packs::builtin().unwrap();
    let (cases, bodies): (Vec<_>, Vec<_>) = bodies(&packs).into_iter().unzip();
    let documents: Vec<_> =
        bodies.iter().map(|body| String::from_utf8(body.clone()).unwrap()).collect();
    for program in [&JAVASCRIPT, &PYTHON, &PHP] {
        if let Err(why) = program.version() {
            skipped(&format!("{}_of_samples", program.test), &why);
            continue;
        }
        let is_of_program = |style: &&_| {
            let style: &leadhook::protocols::json_print::Style = style;
            style.code.starts_with(program.styles)
        };
        let styles: Vec<_> = STYLES.iter().filter(is_of_program).collect();
        let printed = program.run(&styles, &documents);
        for (index, again) in printed.iter().enumerate() {
            let document = index % documents.len();
            let style = styles[index / documents.len()].code;
            let again = again.as_deref().unwrap_or_default();
            assert_ne!(again, bodies[document], "{}: {style}", cases[document]);
        }
    }
}

/// The pack of `docs/book/src/packs/hub`, with another style and a sample that shows it.
fn hub(style: Option<&str>) -> Leadhook {
    let folder = format!("{ROOT}/docs/book/src/packs/hub");
    let mut run = leadhook!("send lead.created");
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let mut text = fs::read_to_string(entry.path()).unwrap();
        if name == "provider.toml" {
            let key = style.map_or_else(String::new, |style| format!("json-style = \"{style}\"\n"));
            text = format!("{key}{text}");
        }
        run = run.file(&format!("pack/{name}"), text);
    }
    run.args(["-p", "hub", "--pack", "pack", "--secret", "s3cret"])
}

#[test]
fn a_pack_chooses_how_its_bodies_are_printed() {
    let text = r#"{"note":"Zoë & 1/2 🏡"}"#;
    for (style, expected) in [
        (None, r#"{"note":"Zoë & 1/2 🏡"}"#),
        (Some("javascript"), r#"{"note":"Zoë & 1/2 🏡"}"#),
        (Some("javascript-ascii"), r#"{"note":"Zo\u00eb & 1/2 \ud83c\udfe1"}"#),
        (Some("go"), r#"{"note":"Zoë \u0026 1/2 🏡"}"#),
        (Some("python"), r#"{"note": "Zo\u00eb & 1/2 \ud83c\udfe1"}"#),
        (Some("php"), r#"{"note":"Zo\u00eb & 1\/2 \ud83c\udfe1"}"#),
    ] {
        let case = style.unwrap_or("none");
        let dry_run = ["--dry-run", "--print", "http"];
        let merged = hub(style).args(["--merge", "-"]).args(dry_run).stdin(text);
        let body = merged.run().exits(0, case).stdout;
        let body = body.split_once("\r\n\r\n").unwrap().1;
        let inner = expected.trim_start_matches('{').trim_end_matches('}');
        assert!(body.contains(inner), "{case}: {body}");
        // Bytes of the user are never printed again.
        let given = hub(style).args(["--data", "-"]).args(dry_run).stdin(text);
        let body = given.run().exits(0, case).stdout;
        assert_eq!(body.split_once("\r\n\r\n").unwrap().1, text, "{case}");
    }
}

#[test]
fn every_command_that_generates_a_body_prints_it_as_the_sender_does() {
    let has_style = |command: &str, endpoint: &Endpoint| {
        let arrived = endpoint.arrived();
        assert!(!arrived.is_empty(), "{command}");
        for request in arrived {
            let body = String::from_utf8(request.body).unwrap();
            assert!(body.contains("\\u0026") && !body.contains('&'), "{command}: {body}");
            assert!(!body.contains("\": "), "{command}: {body}");
        }
    };
    for command in [
        "send created {} --secret s3cret",
        "send created {} --secret s3cret --seed 7 --set first_name=Zoë",
        "simulate created {} --secret s3cret",
        "simulate created {} --secret s3cret --count 3",
        "check {} --secret s3cret --only event-created,maximal,event-user-updated --lenient",
    ] {
        let endpoint = Endpoint::new(&[200]);
        let line = command.replace("{}", &endpoint.target());
        let outcome = Leadhook::new(line.split(' ')).run();
        assert!(matches!(outcome.exit, 0 | 5), "{line}: {outcome:?}");
        has_style(command, &endpoint);
    }
}

#[test]
fn the_other_packs_print_as_javascript() {
    let packs = Packs::builtin().unwrap();
    for form in forms(&packs) {
        let (pack, ..) = form;
        if pack.provider.id == "realgeeks" {
            continue;
        }
        for seed in [None, Some(7)] {
            let body = bytes(form, seed);
            let found = matching_styles(&read(&body).unwrap(), &body);
            let is_stringified = found.iter().any(|style| style.code == "javascript-stringify");
            assert!(is_stringified, "{} {seed:?}", describe(form));
        }
    }
}
