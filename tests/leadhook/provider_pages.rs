//! `docs/book/src/providers`: generated from the packs, up to date, and complete.

use crate::support::ROOT;
use leadhook::domain::finding::Severity;
use leadhook::engine::provider_page;
use leadhook::protocols::schema_outline::{Constraint, constraints, outline};
use leadhook::providers::Packs;
use leadhook::providers::pack::Pack;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Returns the committed page of a built-in pack.
fn committed_page(pack: &Pack) -> String {
    let id = &pack.provider.id;
    let page = provider_page::render(pack).unwrap();
    format!(
        "<!-- Generated from fixtures/{id}: change that, then run `UPDATE=1 cargo test provider_pages`. -->\n\n{page}"
    )
}

#[test]
#[expect(clippy::disallowed_methods, reason = "`UPDATE=1` is set by the user who runs the tests")]
fn the_provider_pages_are_current() {
    let folder = Path::new(ROOT).join("docs/book/src/providers");
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let packs = Packs::builtin().unwrap();
    for pack in packs.iter() {
        let path = folder.join(format!("{}.md", pack.provider.id));
        let page = committed_page(pack);
        if update {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &page).unwrap();
        }
        let current = fs::read_to_string(&path).is_ok_and(|found| found == page);
        assert!(
            current,
            "{} is not current: `UPDATE=1 cargo test provider_pages` writes it",
            path.display()
        );
    }
}

#[test]
fn every_bracketed_name_is_listed_in_the_sources() {
    let mut count = 0;
    for pack in Packs::builtin().unwrap().iter() {
        let page = committed_page(pack);
        let (text, sources) = page.split_once("## Sources").unwrap();
        let names = text.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
        // A link is followed by its address.
        let names = names.filter(|(_, after)| !after.starts_with('(')).map(|(name, _)| name);
        for name in names {
            count += 1;
            let entry = format!("- **{name}**: ");
            assert!(sources.contains(&entry), "{}: [{name}] is not listed", pack.provider.id);
        }
    }
    assert!(count > 100, "only {count} names were checked");
}

#[test]
fn a_page_has_every_fact_of_its_pack() {
    for pack in Packs::builtin().unwrap().iter() {
        let provider = &pack.provider;
        let page = committed_page(pack);
        let mut facts: Vec<&str> =
            vec![&provider.name, provider.signature.header().unwrap_or_default()];
        facts.extend(provider.request.user_agent.as_deref());
        facts.extend(provider.recognise.headers.iter().map(String::as_str));
        facts.extend(provider.recognise.fields.iter().map(String::as_str));
        for event in &provider.events {
            facts.extend([event.name.as_str(), event.summary.as_str()]);
        }
        for fact in facts {
            assert!(page.contains(fact), "{}: `{fact}` is not on its page", provider.id);
        }
        assert!(!provider.questions.is_empty(), "{}: nothing is asked", provider.id);
        let (_, questions) = page.split_once("## Open questions").unwrap();
        let listed = questions.split("## ").next().unwrap().matches("\n- ").count();
        assert_eq!(listed, provider.questions.len(), "{}", provider.id);
    }
}

/// Returns the documents with the severity of one keyword inverted.
fn with_inverted_severity(
    documents: &BTreeMap<String, Value>,
    constraint: &Constraint,
) -> BTreeMap<String, Value> {
    let mut documents = documents.clone();
    let (file, pointer) = constraint.rule.split_once('#').unwrap();
    let (parent, keyword) = pointer.rsplit_once('/').unwrap();
    let around = documents.get_mut(file).unwrap().pointer_mut(parent).unwrap();
    let all = around["x-severity"].as_str().unwrap_or("error").to_owned();
    let mut by_keyword = around["x-severity"].as_object().cloned().unwrap_or_default();
    for other in around.as_object().unwrap().keys() {
        by_keyword.entry(other).or_insert_with(|| all.clone().into());
    }
    let other = if constraint.severity == Severity::Error { "warning" } else { "error" };
    by_keyword.insert(keyword.to_owned(), other.into());
    around["x-severity"] = by_keyword.into();
    documents
}

#[test]
fn every_rule_is_listed_with_its_severity() {
    let mut rules = 0;
    for pack in Packs::builtin().unwrap().iter() {
        for event in &pack.provider.events {
            let documents = pack.documents(&event.name).unwrap();
            let file = format!("{}.schema.json", event.name);
            let described = outline(&file, &documents);
            for constraint in constraints(&documents) {
                let other = outline(&file, &with_inverted_severity(&documents, &constraint));
                assert!(described != other, "{} does not describe {}", event.name, constraint.rule);
                rules += 1;
            }
        }
    }
    assert!(rules > 500, "only {rules} rules were checked");
}

#[test]
fn every_field_of_a_payload_has_a_row() {
    let mut rows = 0;
    for pack in Packs::builtin().unwrap().iter() {
        let page = committed_page(pack);
        for event in &pack.provider.events {
            let documents = pack.documents(&event.name).unwrap();
            let outline = outline(&format!("{}.schema.json", event.name), &documents);
            for field in outline.fields.iter().filter(|field| !field.pointer.is_empty()) {
                let row = format!("\n| `{}` | ", field.pointer);
                assert!(page.contains(&row), "{}: {row}", event.name);
                rows += 1;
            }
        }
    }
    assert!(rows > 300, "only {rows} fields were checked");
}

#[test]
fn every_link_within_a_page_leads_to_a_heading() {
    let mut links = 0;
    for pack in Packs::builtin().unwrap().iter() {
        let page = committed_page(pack);
        let anchors: Vec<String> = page
            .lines()
            .filter_map(|line| line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")))
            .map(|heading| heading.to_lowercase().replace(['`', ',', '.'], "").replace(' ', "-"))
            .collect();
        for link in page.split("](#").skip(1) {
            let (anchor, _) = link.split_once(')').unwrap();
            assert!(anchors.iter().any(|known| known == anchor), "#{anchor}: {anchors:?}");
            links += 1;
        }
    }
    assert!(links > 0, "no page links to itself");
}

#[test]
fn a_custom_pack_has_a_page_too() {
    for (id, line) in [
        ("hub", "HMAC-SHA256, written as `sha256=` and 64 lower-case hex digits"),
        ("standard", "the value of `webhook-id`, that of `webhook-timestamp` and the bytes"),
    ] {
        let folder = Path::new(ROOT).join("docs/book/src/packs").join(id);
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<(String, String)> = entries
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, fs::read_to_string(&path).unwrap())
            })
            .collect();
        let files: Vec<_> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
        let pack = Pack::read(id, &files).unwrap();
        let page = provider_page::render(&pack).unwrap();
        assert!(page.starts_with(&format!("# {}\n", pack.provider.name)), "{page}");
        assert!(page.contains(line), "{page}");
        for event in &pack.provider.events {
            assert!(page.contains(&format!("`{}`", event.name)), "{}: {page}", event.name);
        }
    }
}
