//! Names that a file must not have or hold.

use super::sources;
use std::path::Path;

/// How providers are called, in lower case.
const PROVIDERS: &[&str] = &[
    "realgeeks",
    "real geeks",
    "leadpro",
    "realtorbot",
    "realtor bot",
    "lead-router",
    "lead router",
];

#[test]
fn only_the_list_of_packs_knows_a_provider_by_name() {
    let mut wrong = Vec::new();
    let mut has_the_list = false;
    for (path, lines) in sources::program() {
        // An attribute holds words for people: the text of an error, of a help.
        let named = |line: &str| {
            !line.trim_start().starts_with("#[")
                && PROVIDERS.iter().any(|name| line.to_lowercase().contains(name))
        };
        let found: Vec<_> = lines.iter().filter(|(_, line)| named(line)).collect();
        if path == Path::new("providers/builtin.rs") {
            has_the_list = !found.is_empty();
        } else {
            wrong.extend(
                found
                    .iter()
                    .map(|(number, line)| format!("{}:{number}: {}", path.display(), line.trim())),
            );
        }
    }
    assert!(has_the_list, "the guard finds nothing, not even in the list");
    assert!(wrong.is_empty(), "what differs between providers is data:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_and_no_module_is_called_after_nothing() {
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
