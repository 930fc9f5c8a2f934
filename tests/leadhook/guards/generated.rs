//! Generated files and tables that must match the program.

use crate::guards::sources;
use crate::support::{ROOT, leadhook};
use clap_complete::{Generator, Shell};
use leadhook::commands::completions;
use leadhook::error::Exit;
use leadhook::output::schemas;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
#[expect(clippy::disallowed_methods, reason = "`UPDATE=1` is set by the user who runs the tests")]
fn the_completions_are_up_to_date() {
    let folder = Path::new(ROOT).join("completions");
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
        let path = folder.join(shell.file_name("leadhook"));
        let script = completions::script(shell).unwrap();
        if update {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &script).unwrap();
        }
        let current = fs::read(&path).is_ok_and(|found| found == script);
        assert!(
            current,
            "{} is not current: `UPDATE=1 cargo test completions` writes it",
            path.display()
        );
    }
}

/// Returns the status that the documentation lists: SIGUSR1 has different numbers on Linux and
/// macOS.
fn listed_code(exit: Exit) -> u8 {
    if exit == Exit::UserSignal { 138 } else { exit.code() }
}

#[test]
fn the_readme_table_of_exit_codes_matches_the_program() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md"));
    let readme = readme.unwrap_or_else(|error| panic!("README.md is part of the project: {error}"));
    assert!(
        readme.lines().any(|line| line.starts_with("| 0 | success |")),
        "README.md has no row `| 0 | success |`"
    );
    let mut listed = Vec::new();
    for line in readme.lines() {
        let cells: Vec<_> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let &["", codes, name, meaning, ""] = cells.as_slice() else { continue };
        let Ok(codes) =
            codes.split(',').map(|code| code.trim().parse::<u8>()).collect::<Result<Vec<_>, _>>()
        else {
            continue;
        };
        assert!(!meaning.is_empty(), "{line}");
        listed.extend(codes.into_iter().map(|code| (code, name.to_owned())));
    }
    let known = |exit: Exit| {
        let code = listed_code(exit);
        (code, exit.name().to_owned())
    };
    assert_eq!(listed, Exit::ALL.map(known), "README.md, then the program");
}

#[test]
fn the_help_lists_every_exit_status() {
    let help = leadhook(&["--help"]).exits(0, "help").stdout.replace('\n', " ");
    let (_, exits) = help.split_once("Exit status: ").unwrap();
    let (exits, _) = exits.split_once('.').unwrap();
    let of_results = Exit::ALL.into_iter().filter(|exit| exit.code() < 128);
    let listed: Vec<_> =
        of_results.map(|exit| format!("{} {}", exit.code(), exit.name())).collect();
    assert_eq!(exits, format!("{}, 128 + N interrupted by signal N", listed.join(", ")));
}

#[test]
fn every_dependency_has_its_reason_in_the_documentation() {
    let read = |name: &str| fs::read_to_string(Path::new(ROOT).join(name)).unwrap();
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let mut tables: Vec<_> =
        ["dependencies", "dev-dependencies"].iter().map(|name| &manifest[*name]).collect();
    tables.extend(manifest["target"].as_table().unwrap().values().map(|on| &on["dependencies"]));
    let used: BTreeSet<_> =
        tables.iter().flat_map(|table| table.as_table().unwrap().keys().cloned()).collect();
    let documentation = read("docs/dependencies.md");
    let rows = documentation.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
    let explained: BTreeSet<_> = rows
        .flat_map(|cell| cell.split(','))
        .map(|name| name.trim().trim_matches('`').to_owned())
        .collect();
    assert_eq!(explained, used, "docs/dependencies.md, then Cargo.toml");
}

#[test]
fn every_kind_of_output_has_a_schema() {
    let mut printed = BTreeSet::from(["error".to_owned(), "capture".to_owned()]);
    for (_, lines) in sources::program() {
        let kind = |(_, line): (usize, String)| {
            let (_, value) = line.split_once("const KIND: &'static str = \"")?;
            value.split('"').next().map(str::to_owned)
        };
        printed.extend(lines.into_iter().filter_map(kind));
    }
    let known: BTreeSet<_> = schemas::kinds().map(str::to_owned).collect();
    assert_eq!(printed, known, "the kinds in src, then the files in fixtures/output");
}

#[test]
fn events_schema_prints_the_schema_of_each_kind() {
    for (kind, text) in schemas::SCHEMAS {
        let shown = leadhook!("events schema --output {}", kind).in_process().exits(0, kind);
        assert_eq!(&shown.stdout, text, "{kind}");
    }
    let printed = leadhook!("events schema --output delivery --format json").in_process().object();
    assert_eq!(printed["output"], "delivery");
    assert_eq!(printed["schema"]["title"], "delivery");
    let unknown = leadhook!("events schema --output verdikt").in_process().exits(2, "unknown");
    let hint = unknown.stderr_line("hint: ");
    assert!(hint.contains("did you mean `verdict`?"), "{hint}");
    leadhook!("events schema").in_process().exits(2, "neither an event nor a kind");
    leadhook!("events schema created --output error").in_process().exits(2, "both");
}
