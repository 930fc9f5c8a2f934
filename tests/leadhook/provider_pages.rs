//! `docs/providers`: generated from the packs, held current, and fit to be read.

use crate::support::ROOT;
use leadhook::engine::provider_page;
use leadhook::providers::Packs;
use leadhook::providers::pack::Pack;
use std::fs;
use std::path::Path;

/// The page of a built-in pack as it is kept.
fn kept(pack: &Pack) -> String {
    let id = &pack.provider.id;
    let page = provider_page::page(pack).unwrap();
    format!(
        "<!-- Generated from fixtures/{id}: change that, then run `UPDATE=1 cargo test provider_pages`. -->\n\n{page}"
    )
}

#[test]
#[expect(clippy::disallowed_methods, reason = "`UPDATE=1` is for whoever runs the tests")]
fn the_provider_pages_are_current() {
    let folder = Path::new(ROOT).join("docs/providers");
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let packs = Packs::builtin().unwrap();
    for pack in packs.iter() {
        let path = folder.join(format!("{}.md", pack.provider.id));
        let page = kept(pack);
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
