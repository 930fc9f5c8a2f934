//! Runs the console blocks of README.md.

use crate::console_blocks::check_file;

#[test]
fn the_readme_console_blocks_match_the_output() {
    assert!(check_file("README.md") > 0, "README.md has no console block");
}
