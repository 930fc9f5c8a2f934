//! `docs/book/src/signature-does-not-match.md`: generated from the tables of the search, up to date, and
//! complete.

use crate::support::ROOT;
use leadhook::engine::explain::{self, own_digest};
use leadhook::engine::signature_page;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Returns the committed page.
fn committed_page() -> String {
    let page = signature_page::render();
    format!(
        "<!-- Generated from the tables in src/engine/explain: change those, then run `UPDATE=1 cargo test signature_page`. -->\n\n{page}"
    )
}

#[test]
#[expect(clippy::disallowed_methods, reason = "`UPDATE=1` is set by the user who runs the tests")]
fn the_page_is_current() {
    let path = Path::new(ROOT).join("docs/book/src/signature-does-not-match.md");
    let page = committed_page();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, &page).unwrap();
    }
    let current = fs::read_to_string(&path).is_ok_and(|found| found == page);
    assert!(
        current,
        "{} is not current: `UPDATE=1 cargo test signature_page` writes it",
        path.display()
    );
}

#[test]
fn every_code_has_one_heading_with_a_fix() {
    let page = committed_page();
    let own = own_digest::texts();
    let codes: BTreeSet<_> =
        explain::texts().into_iter().chain(own).map(|text| text.code).collect();
    for code in explain::codes() {
        assert!(codes.contains(code) || page.contains(&format!("`{code}`")), "{code}");
    }
    for code in codes {
        let heading = format!("\n### `{code}`\n");
        let (_, after) = page.split_once(&heading).unwrap_or_else(|| panic!("{code}"));
        let entry = after.split("\n#").next().unwrap();
        assert!(entry.contains("\n  - Fix: "), "{code}: {entry}");
        assert!(page.contains(&format!("[`{code}`](#{code})")), "{code} is not in the contents");
    }
}

#[test]
fn every_link_leads_to_a_heading_and_no_placeholder_is_left() {
    let page = committed_page();
    let headings = page.lines().filter_map(|line| line.strip_prefix('#'));
    let anchor = |heading: &str| {
        let kept = heading.trim_start_matches('#').trim().to_lowercase();
        kept.replace(|c: char| !c.is_alphanumeric() && c != ' ' && c != '-', "").replace(' ', "-")
    };
    let anchors: BTreeSet<_> = headings.map(anchor).collect();
    let links = page.split("](#").skip(1).filter_map(|rest| rest.split_once(')'));
    let links: BTreeSet<_> = links.map(|(anchor, _)| anchor.to_owned()).collect();
    let missing: Vec<_> = links.difference(&anchors).collect();
    assert!(missing.is_empty() && links.len() > 80, "{missing:?}");
    let placeholder = regex::Regex::new(r"\{[a-z_]*\}").unwrap();
    let left: Vec<_> = placeholder.find_iter(&page).map(|found| found.as_str()).collect();
    assert!(left.is_empty(), "{left:?}");
}
