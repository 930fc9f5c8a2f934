//! README.md as a page: its size, its table of commands, its links and its picture. Its console
//! blocks are run elsewhere.

use crate::support::ROOT;
use leadhook::cli;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What a reader takes in before an installation; everything else belongs in the book.
const MAX_BYTES: usize = 9_000;

fn readme() -> String {
    let text = fs::read_to_string(Path::new(ROOT).join("README.md"));
    text.unwrap_or_else(|error| panic!("README.md is part of the project: {error}"))
}

/// Returns the targets of the links and pictures of a page.
fn targets(page: &str) -> Vec<&str> {
    let links = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let pictures = ["src=\"", "srcset=\""].into_iter().flat_map(|attribute| {
        page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next())
    });
    links.chain(pictures).collect()
}

/// Returns the commands that have a row in a table, with a link to a page of the same name.
fn listed_commands(page: &str) -> BTreeSet<&str> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| [`"));
    rows.filter_map(|row| {
        let (name, rest) = row.split_once("`](")?;
        rest.starts_with(&format!("docs/book/src/commands/{name}.md) |")).then_some(name)
    })
    .collect()
}

#[test]
fn the_readme_is_short() {
    let size = readme().len();
    assert!(size <= MAX_BYTES, "README.md has {size} bytes, {MAX_BYTES} at most");
}

#[test]
fn the_readme_shows_real_values() {
    for (number, line) in readme().lines().enumerate() {
        assert!(!line.contains("[..]"), "line {}: {line}", number + 1);
    }
}

#[test]
fn every_command_is_in_the_table_of_the_readme() {
    let readme = readme();
    let listed = listed_commands(&readme);
    let mut command = cli::command();
    command.build();
    let missing: Vec<_> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| command.get_name().to_owned())
        .filter(|name| !listed.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "README.md has no row for {missing:?}, only for {listed:?}");
}

#[test]
fn the_picture_is_in_the_first_screen_of_the_readme() {
    let readme = readme();
    let (before, rest) = readme.split_once("<picture>").unwrap();
    assert!(before.lines().count() < 12, "{} lines before the picture", before.lines().count());
    let (picture, _) = rest.split_once("</picture>").unwrap();
    assert!(picture.contains("media=\"(prefers-color-scheme: dark)\""), "{picture}");
    let (_, alternative) = picture.split_once("alt=\"").unwrap();
    let alternative = alternative.split('"').next().unwrap();
    for part in ["check", "verify", "JSON.stringify"] {
        assert!(alternative.contains(part), "`{part}` is not in {alternative:?}");
    }
}

#[test]
fn every_link_of_the_readme_leads_to_a_file() {
    let readme = readme();
    let targets = targets(&readme);
    assert!(targets.len() > 30, "only {targets:?} were found");
    let missing: Vec<_> = targets
        .into_iter()
        .map(|target| target.split('#').next().unwrap())
        .filter(|target| !target.is_empty() && !Path::new(ROOT).join(target).exists())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn links_pictures_and_rows_are_found() {
    let page = "[a](docs/a.md#b) <source srcset=\"dark.svg\"><img src=\"light.svg\">\n\
        | [`check`](docs/book/src/commands/check.md) | Checks |\n\
        | [`send`](docs/book/src/commands/sign.md) | Sends |\n";
    let links =
        ["docs/a.md#b", "docs/book/src/commands/check.md", "docs/book/src/commands/sign.md"];
    assert_eq!(targets(page), [links.as_slice(), &["light.svg", "dark.svg"]].concat());
    assert_eq!(listed_commands(page), BTreeSet::from(["check"]));
}
