//! The Rust files under `src`, complete or without their tests.

use crate::support::ROOT;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Returns every Rust file under `src`, by its path from there, with its text.
pub fn files() -> Vec<(PathBuf, String)> {
    let root = Path::new(ROOT).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    found
}

/// Returns every file that is not a test, with the numbers and texts of its lines that are neither
/// comments nor tests.
pub fn program() -> Vec<(PathBuf, Vec<(usize, String)>)> {
    let mut found = Vec::new();
    let mut tests = BTreeSet::new();
    for (path, text) in files() {
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
    found.retain(|(path, _)| !tests.iter().any(|test| path.starts_with(test)));
    found
}

/// The lines that are compiled into the program, and the names of the modules that are not.
fn without_tests(text: &str) -> (Vec<(usize, String)>, Vec<String>) {
    let (mut program_lines, mut modules) = (Vec::new(), Vec::new());
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
            program_lines.push((index + 1, line.to_owned()));
        }
    }
    (program_lines, modules)
}

#[test]
fn test_code_is_separated_from_the_program() {
    let text = "use a;\n// note\n#[cfg(test)]\nmod arbitrary;\nfn f() {\n    g();\n}\n\n#[cfg(test)]\nmod tests {\n    use std::fs;\n    fn h() {\n    }\n}\nuse b;\n";
    let (program_lines, modules) = without_tests(text);
    let program_lines: Vec<_> =
        program_lines.iter().map(|(number, line)| (*number, line.as_str())).collect();
    assert_eq!(
        program_lines,
        [(1, "use a;"), (5, "fn f() {"), (6, "    g();"), (7, "}"), (8, ""), (15, "use b;")]
    );
    assert_eq!(modules, ["arbitrary"]);
}
