//! Runs the console blocks of README.md and docs/packs.md.

use crate::console_blocks::check_file;
use crate::support::ROOT;
use std::fs;
use std::path::Path;

#[test]
fn the_readme_console_blocks_match_the_output() {
    assert!(check_file("README.md") > 0, "README.md has no console block");
}

#[test]
fn the_worked_examples_of_packs_work_from_end_to_end() {
    let count = check_file("docs/packs.md");
    assert!(count >= 3, "docs/packs.md has {count} console blocks");
}

#[test]
fn the_worked_examples_quote_the_packs_exactly() {
    let document = fs::read_to_string(Path::new(ROOT).join("docs/packs.md")).unwrap();
    let mut quoted = 0;
    for block in document.split("```toml ").skip(1) {
        let (file, rest) = block.split_once('\n').unwrap();
        let (text, _) = rest.split_once("```").unwrap();
        let pack_text = fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
        assert!(pack_text.contains(text), "{file} does not contain:\n{text}");
        quoted += 1;
    }
    assert_eq!(quoted, 2, "one for each pack");
}
