//! The book in `docs/book`: its commands, links, contents and options.
//!
//! The console blocks are spread over several tests, so that the threads of the test run share them.

mod links;

use crate::console_blocks::check_file;
use crate::support::{ROOT, skipped};
use leadhook::error::Exit;
use leadhook::output::schemas;
use links::Page;
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The folder of the pages.
const SOURCES: &str = "docs/book/src";

/// Files outside of the book whose links are checked as well.
const OUTSIDE: [&str; 5] =
    ["CONTRIBUTING.md", "README.md", "SECURITY.md", "docs/dependencies.md", "docs/glossary.md"];

/// Pages that name source files of leadhook.
const ABOUT_THE_SOURCES: [&str; 4] =
    ["CONTRIBUTING.md", "docs/book/src/architecture.md", "docs/dependencies.md", "SECURITY.md"];

/// Files that those pages name and that belong to a user.
const NOT_IN_THE_SOURCES: [&str; 1] = ["leadhook.toml"];

/// Options of other programs in the text of the book.
const FOREIGN_OPTIONS: [&str; 6] =
    ["--data-binary", "--locked", "--open", "--path", "--rm", "--root"];

/// Returns the files below a folder.
fn files_below(folder: PathBuf) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

/// Returns the pages below a folder of the book, as paths relative to the sources.
fn pages(folder: &str) -> Vec<String> {
    let sources = Path::new(ROOT).join(SOURCES);
    let files = files_below(sources.join(folder)).into_iter();
    let pages = files.filter(|path| {
        path.extension().is_some_and(|it| it == "md") && !path.ends_with("SUMMARY.md")
    });
    let mut found: Vec<_> =
        pages.map(|page| page.strip_prefix(&sources).unwrap().display().to_string()).collect();
    found.sort();
    found
}

fn read(page: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(SOURCES).join(page)).unwrap()
}

/// Runs the console blocks of the pages, and returns their number.
fn run_blocks<'p>(pages: impl IntoIterator<Item = &'p str>) -> usize {
    pages.into_iter().map(|page| check_file(&format!("{SOURCES}/{page}"))).sum()
}

/// Runs the console blocks of every second page of a folder, from the first or from the second.
fn run_half(folder: &str, half: usize) {
    let pages = pages(folder);
    assert!(run_blocks(pages.iter().skip(half).step_by(2).map(|page| &**page)) > 5);
}

#[test]
fn the_commands_of_the_guide_match_the_output() {
    let pages = pages("");
    let guide = pages.iter().map(|page| &**page);
    let guide = guide.filter(|page| !page.contains('/') && *page != "troubleshooting.md");
    assert!(run_blocks(guide) > 10);
}

#[test]
fn the_commands_for_troubleshooting_match_the_output() {
    assert!(run_blocks(["troubleshooting.md"]) > 10);
}

#[test]
fn half_of_the_command_pages_match_the_output() {
    run_half("commands", 0);
}

#[test]
fn the_other_half_of_the_command_pages_match_the_output() {
    run_half("commands", 1);
}

#[test]
fn half_of_the_recipes_match_the_output() {
    run_half("recipes", 0);
}

#[test]
fn the_other_half_of_the_recipes_match_the_output() {
    run_half("recipes", 1);
}

#[test]
fn the_text_before_a_file_names_it() {
    // The site does not show the words after the language of a block.
    let file = Regex::new(r"(?m)^```[a-z]+ (\S+\.\S+|\S+-\S+)\n").unwrap();
    let (mut count, mut unnamed) = (0, Vec::new());
    for page in pages("") {
        let text = read(&page);
        for found in file.captures_iter(&text) {
            count += 1;
            let before = text[..found.get(0).unwrap().start()].rsplit("```").next().unwrap();
            let named = ["`{}`", "]({})"].map(|form| form.replace("{}", &found[1]));
            if !named.iter().any(|name| before.contains(name)) {
                unnamed.push(format!("{page}: {}", &found[1]));
            }
        }
    }
    assert!(unnamed.is_empty(), "{unnamed:?}");
    assert!(count > 8, "only {count} files");
}

#[test]
fn every_page_is_in_the_summary_and_exists() {
    let summary = read("SUMMARY.md");
    let linked = Page::parse(&summary).links;
    let linked: Vec<_> = linked.iter().map(|link| link.target.clone()).collect();
    let unique: BTreeSet<_> = linked.iter().cloned().collect();
    assert_eq!(linked.len(), unique.len(), "a page is in the summary twice");
    assert_eq!(unique, pages("").into_iter().collect());
}

#[test]
fn every_link_of_the_book_leads_to_a_heading_or_a_file() {
    let book = pages("").into_iter().chain(["SUMMARY.md".to_owned()]);
    let book = book.map(|page| Path::new(SOURCES).join(page));
    let files: Vec<_> = book.chain(OUTSIDE.iter().map(PathBuf::from)).collect();
    let (mut count, mut broken) = (0, Vec::new());
    for file in &files {
        let page = Page::parse(&fs::read_to_string(Path::new(ROOT).join(file)).unwrap());
        for link in &page.links {
            count += 1;
            let root = if file.starts_with(SOURCES) { SOURCES } else { "" };
            let resolved = link.resolve(file, &page, Path::new(ROOT));
            if let Err(reason) = resolved.and_then(|()| link.stays_below(Path::new(root), file)) {
                broken.push(format!("{}: `{}` {reason}", file.display(), link.target));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(count > 300, "only {count} links were checked");
}

#[test]
fn every_source_file_that_a_page_names_exists() {
    let folders = ["src", "tests", "docs", "fixtures", "fuzz/src", "fuzz/fuzz_targets"];
    let files: Vec<_> =
        folders.iter().flat_map(|it| files_below(Path::new(ROOT).join(it))).collect();
    let known = |name: &str| {
        Path::new(ROOT).join(name).exists() || files.iter().any(|path| path.ends_with(name))
    };
    let path = Regex::new(r"`((?:[\w.-]+/)*[\w-]+\.(?:rs|py|sh|toml|md|svg)|(?:src|tests|docs|fuzz|fixtures)/[\w./-]*)`")
        .unwrap();
    let (mut count, mut missing) = (0, Vec::new());
    for page in ABOUT_THE_SOURCES {
        let text = fs::read_to_string(Path::new(ROOT).join(page)).unwrap();
        for found in path.captures_iter(&text) {
            count += 1;
            if !known(&found[1]) && !NOT_IN_THE_SOURCES.contains(&found[1].trim_start_matches("./"))
            {
                missing.push(format!("{page}: {}", &found[1]));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
    assert!(count > 80, "only {count} paths were checked");
}

#[test]
fn the_page_about_json_names_every_kind_of_output() {
    let page = read("json.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
    let listed: BTreeSet<_> =
        rows.flat_map(|cell| cell.split(',')).map(|name| name.trim().trim_matches('`')).collect();
    assert_eq!(listed, schemas::kinds().collect(), "json.md, then the files in fixtures/output");
}

#[test]
fn the_page_about_the_exit_status_lists_every_one() {
    let page = read("exit-status.md");
    for exit in Exit::ALL.into_iter().filter(|exit| *exit != Exit::UserSignal) {
        let row = format!("| {} | {} | ", exit.code(), exit.name());
        assert!(page.contains(&row), "no row `{row}`");
    }
}

/// Returns the names of the commands, as `leadhook --help` lists them.
fn commands() -> Vec<String> {
    let help = leadhook!("--help").in_process().stdout;
    let (_, listed) = help.split_once("\nCommands:\n").unwrap();
    let lines = listed.lines().take_while(|line| line.is_empty() || line.starts_with("  "));
    let names = Regex::new(r"^  ([a-z]+)(  |$)").unwrap();
    lines.filter_map(|line| Some(names.captures(line)?[1].to_owned())).collect()
}

#[test]
fn every_command_has_a_page_that_begins_with_an_example() {
    let commands = commands();
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        let page = read(&format!("commands/{command}.md"));
        assert!(page.starts_with(&format!("# {command}\n")), "{command}: the title");
        let (introduction, block) = page.split_once("```console").unwrap_or_else(|| {
            panic!("commands/{command}.md has no example");
        });
        assert!(!introduction.contains("\n## "), "{command}: the example comes after a section");
        assert!(block.contains(&format!("leadhook {command}")), "{command}: the example");
    }
}

/// Returns the long options that `--help` of a command and of its subcommands has.
fn options_of(command: &str) -> BTreeSet<String> {
    let option = Regex::new(r"--[a-z][a-z-]*").unwrap();
    let subcommands: &[&str] = match command {
        "events" => &["list", "show", "schema", "check", "new", "check-pack"],
        "config" => &["init", "show"],
        _ => &[],
    };
    let mut helps = vec![leadhook!("{} --help", command).in_process().stdout];
    helps.extend(
        subcommands
            .iter()
            .map(|subcommand| leadhook!("{} {} --help", command, subcommand).in_process().stdout),
    );
    let found = helps.iter().flat_map(|help| option.find_iter(help));
    found.map(|option| option.as_str().to_owned()).collect()
}

#[test]
fn every_option_in_the_text_of_the_book_exists() {
    let mut known: BTreeSet<_> = FOREIGN_OPTIONS.iter().map(|it| (*it).to_owned()).collect();
    known.extend(commands().iter().flat_map(|command| options_of(command)));
    known.insert("--version".to_owned());
    let span = Regex::new(r"`[^`\n]*`").unwrap();
    let option = Regex::new(r"(?:^|[\s`(\[])(--[a-z][a-z-]*)").unwrap();
    let (mut count, mut unknown) = (0, Vec::new());
    for page in pages("").iter().filter(|page| *page != "signature-does-not-match.md") {
        let text = links::without_blocks(&read(page));
        for span in span.find_iter(&text) {
            for found in option.captures_iter(span.as_str()) {
                count += 1;
                if !known.contains(&found[1]) {
                    unknown.push(format!("{page}: {}", &found[1]));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(count > 200, "only {count} options were checked");
}

#[test]
fn every_option_of_a_command_is_on_its_page() {
    // The options that all commands have are on the pages about secrets and configuration.
    let everywhere = options_of("man");
    let mut missing = Vec::new();
    for command in &commands() {
        let page = read(&format!("commands/{command}.md"));
        let linked = Page::parse(&page).links;
        // A page may refer to that of another command for options that both have.
        let referred = linked.iter().filter_map(|link| link.target.split('#').next());
        let referred = referred.filter(|it| !it.is_empty() && !it.contains('/'));
        let referred = referred.map(|name| read(&format!("commands/{name}")));
        let pages: Vec<_> = referred.chain([page.clone()]).collect();
        for option in options_of(command).difference(&everywhere) {
            let mentioned = Regex::new(&format!("{}([^a-z-]|$)", regex::escape(option))).unwrap();
            if !pages.iter().any(|page| mentioned.is_match(page)) {
                missing.push(format!("{command} {option}"));
            }
        }
    }
    assert!(missing.is_empty(), "not on the page of the command: {missing:?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the user who runs the tests names the program")]
fn mdbook_builds_the_book_with_the_anchors_of_its_links() {
    let program = std::env::var("LEADHOOK_MDBOOK").unwrap_or_else(|_| "mdbook".to_owned());
    let built = TempDir::new().unwrap();
    let output = Command::new(&program)
        .args(["build", "--dest-dir"])
        .arg(built.path())
        .arg(Path::new(ROOT).join("docs/book"))
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            return skipped("book", &format!("`{program}` does not run: {error}"));
        }
    };
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !messages.contains("WARN"), "{messages}");
    // The rule for anchors in `links` is that of mdbook.
    for page in pages("") {
        let html = built.path().join(&page).with_extension("html");
        let html = fs::read_to_string(html).unwrap();
        for anchor in Page::parse(&read(&page)).anchors {
            assert!(html.contains(&format!("id=\"{anchor}\"")), "{page}: #{anchor}");
        }
    }
}
