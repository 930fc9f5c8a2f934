//! What keeps the house in order: layers, provider names, generated files, the table of exits.

use crate::support::{ROOT, leadhook};
use clap_complete::{Generator, Shell};
use leadhook::commands::completions;
use leadhook::domain::provider::Provider;
use leadhook::error::Exit;
use leadhook::providers::Packs;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each layer may use of this crate.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("protocols", &["domain", "protocols"]),
    ("providers", &["domain", "providers"]),
    ("engine", &["domain", "engine", "protocols", "providers"]),
    ("io", &["domain", "error", "io", "protocols"]),
    ("output", &["domain", "error", "io", "output", "protocols"]),
];

/// Layers that take time, chance and bytes as arguments.
const PURE: &[&str] = &["domain", "protocols", "providers", "engine"];

/// What a pure layer has no business with.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "ToSocketAddrs",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Zoned::now",
    "thread::sleep",
    "print!",
    "println!",
    "stdin(",
    "stdout(",
    "stderr(",
    "tokio",
    "reqwest",
    "Uuid::new_v4",
];

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

/// Every Rust file under `src` that is not a test, with the numbers and texts of its lines that
/// are neither comments nor tests.
fn sources() -> Vec<(PathBuf, Vec<(usize, String)>)> {
    let root = Path::new(ROOT).join("src");
    let mut found = Vec::new();
    let mut tests = BTreeSet::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let (lines, modules) = without_tests(&text);
                let home = if path.ends_with("mod.rs") || path.ends_with("lib.rs") {
                    path.with_file_name("")
                } else {
                    path.with_extension("")
                };
                tests.extend(
                    modules
                        .iter()
                        .flat_map(|module| [home.join(module), home.join(format!("{module}.rs"))]),
                );
                found.push((path, lines));
            }
        }
    }
    found.retain(|(path, _)| !tests.iter().any(|test| path.starts_with(test)));
    let relative = |path: PathBuf| path.strip_prefix(&root).unwrap().to_owned();
    found.into_iter().map(|(path, lines)| (relative(path), lines)).collect()
}

/// The lines that are compiled into the program, and the names of the modules that are not.
fn without_tests(text: &str) -> (Vec<(usize, String)>, Vec<String>) {
    let (mut kept, mut modules) = (Vec::new(), Vec::new());
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let indent = line.len() - line.trim_start().len();
        if line.trim() == "#[cfg(test)]" {
            let end = format!("{:indent$}}}", "");
            // The item ends where its brace closes, or at once.
            for (_, line) in lines.by_ref() {
                if let Some(module) =
                    line.trim().strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'))
                {
                    modules.push(module.to_owned());
                }
                if line == end
                    || line.ends_with(';') && line.len() - line.trim_start().len() == indent
                {
                    break;
                }
            }
        } else if !line.trim_start().starts_with("//") {
            kept.push((index + 1, line.to_owned()));
        }
    }
    (kept, modules)
}

/// The layer of a file: the first folder of its path, or its own name.
fn layer(path: &Path) -> String {
    let first = path.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Every module of the crate that a line names.
fn used(line: &str) -> Vec<&str> {
    let after = line.split("crate::").skip(1);
    after
        .map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
        })
        .collect()
}

#[test]
fn tests_are_told_from_the_program() {
    let text = "use a;\n// note\n#[cfg(test)]\nmod arbitrary;\nfn f() {\n    g();\n}\n\n#[cfg(test)]\nmod tests {\n    use std::fs;\n    fn h() {\n    }\n}\nuse b;\n";
    let (kept, modules) = without_tests(text);
    let kept: Vec<_> = kept.iter().map(|(number, line)| (*number, line.as_str())).collect();
    assert_eq!(
        kept,
        [(1, "use a;"), (5, "fn f() {"), (6, "    g();"), (7, "}"), (8, ""), (15, "use b;")]
    );
    assert_eq!(modules, ["arbitrary"]);
    assert_eq!(used("fn f(a: crate::io::A, b: &crate::engine::B) {"), ["io", "engine"]);
}

#[test]
fn layers_only_look_down() {
    let mut looked_at = 0;
    let mut wrong = Vec::new();
    for (path, lines) in sources() {
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer(&path)) else {
            continue;
        };
        for (number, line) in lines {
            let used = used(&line);
            looked_at += used.len();
            let upwards =
                used.iter().any(|used| !allowed.contains(used)) || line.contains("super::super");
            // From the root of a layer, `super` is the crate.
            let around = path.components().count() == 2
                && path.ends_with("mod.rs")
                && line.contains("super::");
            if upwards || around {
                wrong.push(format!("{}:{number}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(looked_at > 100, "the guard looked at {looked_at} uses only");
    assert!(wrong.is_empty(), "these look up:\n{}", wrong.join("\n"));
}

#[test]
fn pure_layers_take_time_chance_and_bytes_as_arguments() {
    let mut wrong = Vec::new();
    let mut files = 0;
    for (path, lines) in
        sources().into_iter().filter(|(path, _)| PURE.contains(&layer(path).as_str()))
    {
        files += 1;
        let impure = |line: &str| IMPURE.iter().any(|word| line.contains(word));
        let found = lines.iter().filter(|(_, line)| impure(line));
        wrong.extend(
            found.map(|(number, line)| format!("{}:{number}: {}", path.display(), line.trim())),
        );
    }
    assert!(files > 40, "the guard looked at {files} files only");
    assert!(wrong.is_empty(), "these are not pure:\n{}", wrong.join("\n"));
}

#[test]
fn no_code_knows_a_provider_by_name() {
    // An attribute holds words for people: the text of an error, of a help.
    let named = |line: &str| {
        !line.trim_start().starts_with("#[")
            && PROVIDERS.iter().any(|name| line.to_lowercase().contains(name))
    };
    for pack in Packs::builtin().unwrap().iter() {
        let Provider { id, name, .. } = &pack.provider;
        assert!(named(id) && named(name), "the guard does not know `{id}`, {name}");
    }
    let mut wrong = Vec::new();
    for (path, lines) in sources() {
        let found = lines.iter().filter(|(_, line)| named(line));
        wrong.extend(
            found.map(|(number, line)| format!("{}:{number}: {}", path.display(), line.trim())),
        );
    }
    assert!(wrong.is_empty(), "what differs between providers is data:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_and_no_module_is_called_after_nothing() {
    let vague = ["utils", "util", "helpers", "helper", "common", "manager", "misc", "data", "info"];
    for (path, _) in sources() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            !vague.contains(&stem.as_str()),
            "{}: a module is called after its concept",
            path.display()
        );
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "`UPDATE=1` is for whoever runs the tests")]
fn the_completions_are_current() {
    let folder = Path::new(ROOT).join("completions");
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
        let path = folder.join(shell.file_name("leadhook"));
        let script = completions::script(shell);
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

#[test]
fn the_table_of_exits_in_the_readme_is_that_of_the_program() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md"));
    let readme = readme.unwrap_or_else(|error| panic!("README.md is part of the project: {error}"));
    assert!(
        readme.lines().any(|line| line.starts_with("| 0 | yes |")),
        "README.md has no row `| 0 | yes |`"
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
        // One row holds both signals.
        let name = if exit == Exit::Terminated {
            "interrupted".to_owned()
        } else {
            format!("{exit:?}").to_lowercase()
        };
        (exit.code(), name)
    };
    assert_eq!(listed, Exit::ALL.map(known), "README.md, then the program");
}

#[test]
fn the_help_lists_every_exit_status() {
    let help = leadhook(&["--help"]).exits(0, "help").stdout.replace('\n', " ");
    let (_, exits) = help.split_once("Exit status: ").unwrap();
    let (exits, _) = exits.split_once('.').unwrap();
    let numbers: Vec<u8> = exits
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    assert_eq!(numbers, Exit::ALL.map(Exit::code), "{exits}");
}
