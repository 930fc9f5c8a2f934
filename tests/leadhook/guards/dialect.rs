//! The list of discouraged expressions: no source, test or document contains one.

use crate::support::ROOT;
use regex::{Regex, RegexBuilder};
use std::fs;
use std::path::{Path, PathBuf};

/// The list of expressions, which is the one file that is not searched.
const LIST: &str = "tests/dialect.txt";

/// The files and folders that are searched. Golden screens contain the help and the messages.
const SEARCHED: &[&str] = &[
    "src",
    "tests/leadhook",
    "tests/benches",
    "tests/screens",
    "fuzz/src",
    "docs",
    "completions",
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "action.yml",
];

/// Reads the list: on each line an expression, a tab, and what to write in its place.
fn expressions() -> Vec<(Regex, String)> {
    let text = fs::read_to_string(Path::new(ROOT).join(LIST)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rows = lines.map(|line| {
        let (expression, instead) = line.split_once('\t').unwrap_or_else(|| panic!("{line}"));
        let regex = RegexBuilder::new(expression).case_insensitive(true).build().unwrap();
        (regex, instead.to_owned())
    });
    rows.collect()
}

/// Returns every file at or below `path`.
fn files(path: PathBuf, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files(entry.unwrap().path(), found);
        }
    } else if path.is_file() {
        found.push(path);
    }
}

#[test]
fn no_file_uses_the_old_wording() {
    let expressions = expressions();
    assert!(expressions.len() > 20, "{LIST} has {} expressions only", expressions.len());
    let root = Path::new(ROOT);
    let mut found = Vec::new();
    for name in SEARCHED {
        assert!(root.join(name).exists(), "`{name}` does not exist");
        files(root.join(name), &mut found);
    }
    assert!(found.len() > 300, "only {} files were searched", found.len());
    let mut violations = Vec::new();
    for path in found {
        // A file that is not text has no words.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            for (expression, instead) in &expressions {
                if let Some(hit) = expression.find(line) {
                    let file = path.strip_prefix(root).unwrap().display();
                    let hit = hit.as_str();
                    violations.push(format!("{file}:{}: `{hit}`: write {instead}", number + 1));
                }
            }
        }
    }
    assert!(
        violations.is_empty(),
        "{} hits of {LIST}:\n{}",
        violations.len(),
        violations.join("\n")
    );
}
