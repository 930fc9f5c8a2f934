//! Layer rules: allowed dependencies of each layer, and no dependency cycles between files.

use super::dependencies::{cycles, edges};
use super::sources;
use std::fmt::Write as _;
use std::path::Path;

/// The layers that each folder and each loose file of `src` may use besides itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("main", &["cli", "io", "lib"]),
    ("lib", &["api", "cli", "domain", "engine", "error", "io", "providers"]),
    ("testing", &["api", "commands", "domain", "engine", "io", "providers"]),
    ("cli", &["commands", "domain", "error", "io", "output"]),
    ("commands", &["domain", "engine", "error", "io", "output", "protocols", "providers"]),
    ("error", &["domain", "engine", "io", "output", "protocols", "providers"]),
    ("output", &["domain", "io", "protocols"]),
    ("io", &["domain", "protocols"]),
    ("api", &["domain", "engine", "protocols", "providers"]),
    ("engine", &["domain", "protocols", "providers"]),
    ("providers", &["domain", "protocols"]),
    ("protocols", &["domain"]),
    ("domain", &[]),
];

/// Layers that take time, randomness and bytes as arguments.
const PURE: &[&str] = &["domain", "protocols", "providers", "engine", "api"];

/// Names that a pure layer must not use.
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

/// Returns the layer of a file: the first folder of its path, or its own name.
fn layer(path: &Path) -> String {
    let first = path.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn layers_only_use_lower_layers() {
    let files = sources::files();
    let mut violations = Vec::new();
    for (path, _) in &files {
        if !LAYERS.iter().any(|(name, _)| *name == layer(path)) {
            violations.push(format!(
                "{}: the layer `{}` is not in the table",
                path.display(),
                layer(path)
            ));
        }
    }
    let mut checked = 0;
    for edge in edges(files.iter().map(|(path, text)| (path.as_path(), text.as_str()))) {
        let (from, to) = (layer(&edge.from), layer(&edge.to));
        let allowed = LAYERS.iter().find(|(name, _)| *name == from).map_or(&[][..], |row| row.1);
        if from != to && !allowed.contains(&to.as_str()) {
            let (file, target) = (edge.from.display(), edge.to.display());
            violations.push(format!("{file}:{}: {} is in {target}", edge.line, edge.written));
        }
        checked += 1;
    }
    assert!(checked > 1_000, "only {checked} uses were checked");
    assert!(violations.is_empty(), "these use a higher layer:\n{}", violations.join("\n"));
}

#[test]
fn no_file_depends_on_itself_through_others() {
    let files = sources::files();
    let edges = edges(files.iter().map(|(path, text)| (path.as_path(), text.as_str())));
    let mut found = String::new();
    for (number, group) in cycles(&edges).iter().enumerate() {
        let _ = writeln!(found, "cycle {}, of {} files:", number + 1, group.len());
        let inside =
            edges.iter().filter(|edge| group.contains(&edge.from) && group.contains(&edge.to));
        for edge in inside {
            let (from, to) = (edge.from.display(), edge.to.display());
            let _ = writeln!(found, "  {from}:{} -> {to}: {}", edge.line, edge.written);
        }
    }
    assert!(edges.len() > 1_000, "only {} uses were checked", edges.len());
    assert!(found.is_empty(), "move what both sides need into a file below them\n{found}");
}

#[test]
fn pure_layers_take_time_randomness_and_bytes_as_arguments() {
    let mut violations = Vec::new();
    let mut files = 0;
    for (path, lines) in
        sources::program().into_iter().filter(|(path, _)| PURE.contains(&layer(path).as_str()))
    {
        files += 1;
        let impure = |line: &str| IMPURE.iter().any(|word| line.contains(word));
        let found = lines.iter().filter(|(_, line)| impure(line));
        violations.extend(
            found.map(|(number, line)| format!("{}:{number}: {}", path.display(), line.trim())),
        );
    }
    assert!(files > 40, "only {files} files were checked");
    assert!(violations.is_empty(), "these are not pure:\n{}", violations.join("\n"));
}
