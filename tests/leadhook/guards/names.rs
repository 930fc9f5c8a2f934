//! Forbidden names of files and in files.

use super::sources;
use leadhook::protocols::schemes::KINDS;
use leadhook::providers::Packs;
use leadhook::providers::provider::Provider;
use std::path::Path;

/// The names of the providers, in lower case.
const PROVIDERS: &[&str] = &[
    "realgeeks",
    "real geeks",
    "leadpro",
    "realtorbot",
    "realtor bot",
    "lead-router",
    "lead router",
    "elevenlabs",
    "followupboss",
    "follow up boss",
    "meta-leads",
    "meta lead ads",
    "calendly",
    "callrail",
];

#[test]
fn no_code_names_a_provider() {
    // Attributes contain messages: error and help texts.
    let named = |line: &str| {
        !line.trim_start().starts_with("#[")
            && PROVIDERS.iter().any(|name| line.to_lowercase().contains(name))
    };
    for pack in Packs::builtin().unwrap().iter() {
        let Provider { id, name, .. } = &pack.provider;
        assert!(named(id) && named(name), "the list does not contain `{id}`, {name}");
    }
    let mut violations = Vec::new();
    // The examples of the help are texts that send real events.
    let is_code = |path: &Path| !path.starts_with("commands/manual/examples");
    for (path, lines) in sources::program().into_iter().filter(|(path, _)| is_code(path)) {
        let found = lines.iter().filter(|(_, line)| named(line));
        violations.extend(
            found.map(|(number, line)| format!("{}:{number}: {}", path.display(), line.trim())),
        );
    }
    assert!(
        violations.is_empty(),
        "differences between providers belong in their packs:\n{}",
        violations.join("\n")
    );
}

#[test]
fn only_the_file_of_a_scheme_names_it() {
    let modules: Vec<_> = sources::program()
        .iter()
        .filter(|(_, lines)| lines.iter().any(|(_, line)| line.starts_with("impl SignatureScheme")))
        .map(|(path, _)| format!("schemes::{}", path.file_stem().unwrap().to_string_lossy()))
        .collect();
    assert_eq!(modules.len(), KINDS.len(), "the list does not contain every scheme: {modules:?}");
    let (mut violations, mut checked) = (Vec::new(), 0);
    for (path, lines) in sources::program() {
        // A placeholder of a secret may be the name of a scheme.
        if path.starts_with("protocols/schemes") || path.ends_with("placeholder_secrets.rs") {
            continue;
        }
        checked += 1;
        let named = |line: &str| {
            // A name of one word, such as `hmac`, means other things as well.
            let names = KINDS.iter().flat_map(|kind| kind.aliases.iter().chain([&kind.name]));
            let mut names = names.filter(|name| name.contains('-'));
            names.any(|name| line.contains(&format!("\"{name}\"")))
                || modules.iter().any(|module| line.contains(module.as_str()))
        };
        let found = lines.iter().filter(|(_, line)| named(line));
        violations.extend(
            found.map(|(number, line)| format!("{}:{number}: {}", path.display(), line.trim())),
        );
    }
    assert!(checked > 100, "only {checked} files were checked");
    assert!(
        violations.is_empty(),
        "use the methods of the scheme, not its name:\n{}",
        violations.join("\n")
    );
}

#[test]
fn no_file_or_module_has_a_meaningless_name() {
    let vague = ["utils", "util", "helpers", "helper", "common", "manager", "misc", "data", "info"];
    for (path, _) in sources::program() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            !vague.contains(&stem.as_str()),
            "{}: a module is called after its concept",
            path.display()
        );
    }
}
