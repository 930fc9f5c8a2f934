//! Properties of configuration files and of packs with arbitrary strings.

use leadhook::domain::secret::Secret;
use leadhook::engine::compose::{RequestDraft, compose};
use leadhook::engine::generate::PayloadOptions;
use leadhook::engine::{generate, pack_check};
use leadhook::protocols::config_file;
use leadhook::providers::pack::Pack;
use leadhook::providers::starter;
use std::path::Path;

/// Asserts that a file is parsed, or rejected with an existing line number.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let lines = text.split('\n').count();
    match config_file::read(Path::new("leadhook.toml"), text) {
        Ok(file) => {
            let sections = std::iter::once(&file.top_level).chain(file.profiles.values());
            for section in sections {
                for values in std::iter::once(&section.general).chain(section.providers.values()) {
                    for (key, written) in values {
                        assert!((1..=lines).contains(&written.line), "{key}: {written:?}");
                        assert_ne!(*key, "secret");
                    }
                }
            }
        }
        Err(error) => assert!((1..=lines).contains(&error.line), "{error}"),
    }
}

/// Asserts that a pack is rejected with a location, or supports every operation.
pub fn pack(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let files = starter::files("acme");
    let files: Vec<_> = files
        .iter()
        .map(|(name, kept)| (*name, if *name == "provider.toml" { text } else { kept.as_str() }))
        .collect();
    let pack = match Pack::read(None, &files) {
        Ok(pack) => pack,
        Err(error) => return assert!(!error.flaw.file.is_empty(), "{error}"),
    };
    if !pack_check::blocking_flaws(&pack).is_empty() {
        return;
    }
    let now = jiff::Timestamp::UNIX_EPOCH;
    let secret = Secret::new("bGVhZGhvb2s=").unwrap_or_else(|error| panic!("{error}"));
    for event in &pack.provider.events {
        let recipe =
            PayloadOptions { variant: None, seed: Some(7), message_id: Some("1"), now, edits: &[] };
        let body = generate::payload(&pack, event, &recipe)
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        let draft = RequestDraft {
            event: Some(&event.name),
            message_id: Some("1"),
            now,
            path: "/",
            body: body.into(),
            as_of: None,
            extra_headers: &[],
        };
        // A body that is not an object cannot become a token; it must not panic.
        let _ = compose(&pack.provider, draft, Some(&secret), None);
    }
}
