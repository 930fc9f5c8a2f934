//! Links and anchors of a Markdown page.

use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// An inline link or image. The text may contain code and one level of brackets.
static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(([^()\s]+)\)").unwrap());

static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"`[^`]*`").unwrap());

/// The target of a link.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    pub target: String,
}

/// The links and anchors of a page.
#[derive(Debug)]
pub struct Page {
    pub links: Vec<Link>,
    pub anchors: BTreeSet<String>,
}

impl Page {
    pub fn parse(document: &str) -> Self {
        let text = without_blocks(document);
        // Code in the text of a link is kept short, code that looks like a link disappears.
        let plain = CODE.replace_all(&text, "code");
        let links = LINK.captures_iter(&plain).map(|found| Link { target: found[1].to_owned() });
        let headings = text.lines().filter_map(|line| {
            let title = line.trim_start_matches('#');
            (title.len() < line.len() && title.starts_with(' ')).then(|| title.trim())
        });
        Self { links: links.collect(), anchors: anchors(headings) }
    }
}

/// Returns the document without its fenced blocks.
pub fn without_blocks(document: &str) -> String {
    let mut fenced = false;
    let kept = document.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    });
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// Returns the anchors of headings by the rule of mdbook: letters in lower case, digits, `_` and `-`
/// stay, a space becomes `-`, a repeated anchor gets a number.
fn anchors<'h>(headings: impl Iterator<Item = &'h str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for heading in headings {
        // The address of a link is not a part of the heading.
        let heading = heading.replace("](", "\u{0}");
        let heading: String = heading
            .split('\u{0}')
            .enumerate()
            .map(|(index, part)| match (index, part.split_once(')')) {
                (0, _) | (_, None) => part,
                (_, Some((_, after))) => after,
            })
            .collect();
        let kept = heading.trim().chars().filter_map(|c| match c {
            c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_ascii_lowercase()),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        });
        let anchor: String = kept.collect();
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let free = [anchor.clone()].into_iter().chain(numbered).find(|it| !found.contains(it));
        found.extend(free);
    }
    found
}

impl Link {
    /// Checks that the link of a file leads to a file of the project and to a heading in it.
    pub fn resolve(&self, file: &Path, page: &Page, root: &Path) -> Result<(), String> {
        if self.target.contains("://") {
            return Ok(());
        }
        let (path, anchor) = self.target.split_once('#').unwrap_or((&self.target, ""));
        if path.is_empty() {
            return page.find(anchor);
        }
        let target: PathBuf = root.join(file).parent().unwrap_or(root).join(path);
        if !target.is_file() {
            return Err("is not a file".to_owned());
        }
        if anchor.is_empty() {
            return Ok(());
        }
        Page::parse(&fs::read_to_string(target).map_err(|error| error.to_string())?).find(anchor)
    }

    /// Checks that the link of a file leads to a file below the folder: the site has no other.
    pub fn stays_below(&self, folder: &Path, file: &Path) -> Result<(), String> {
        if self.target.contains("://") {
            return Ok(());
        }
        let below = file.strip_prefix(folder).unwrap_or(file);
        let mut depth = below.components().count().saturating_sub(1);
        for part in self.target.split('#').next().unwrap_or("").split('/') {
            let parent = || depth.checked_sub(1).ok_or_else(|| "leads out of the site".to_owned());
            depth = if part == ".." { parent()? } else { depth + 1 };
        }
        Ok(())
    }
}

impl Page {
    fn find(&self, anchor: &str) -> Result<(), String> {
        let known = self.anchors.contains(anchor);
        known.then_some(()).ok_or_else(|| "leads to no heading".to_owned())
    }
}

#[test]
fn links_and_anchors_are_found_outside_of_code() {
    let page = Page::parse(
        "# The `a_b`: [x](y.md) & Co.\n## Same\n## Same\n[one](a.md#b), [`two`](#c) and ![three](d.svg)\n\
         `[no](e.md)`\n```sh\n# no heading\n[no](f.md)\n```\n#no heading\n",
    );
    let targets: Vec<_> = page.links.iter().map(|link| &*link.target).collect();
    assert_eq!(targets, ["y.md", "a.md#b", "#c", "d.svg"]);
    let anchors: Vec<_> = page.anchors.iter().map(|anchor| &**anchor).collect();
    assert_eq!(anchors, ["same", "same-1", "the-a_b-x--co"]);
}

#[test]
fn a_broken_link_is_reported() {
    let root = Path::new(crate::support::ROOT);
    let file = Path::new("docs/book/src/faq.md");
    let page = Page::parse("# Title\n");
    for (target, good) in [
        ("#title", true),
        ("#other", false),
        ("packs.md", true),
        ("packs.md#getting-started", true),
        ("packs.md#other", false),
        ("none.md", false),
        ("commands", false),
        ("../../../README.md", true),
        ("https://example.com/#any", true),
    ] {
        let link = Link { target: target.to_owned() };
        assert_eq!(link.resolve(file, &page, root).is_ok(), good, "{target}");
    }
}

#[test]
fn a_link_that_leaves_the_site_is_reported() {
    let (site, page) = (Path::new("docs/book/src"), Path::new("docs/book/src/recipes/flask.md"));
    for (target, good) in [
        ("express.md#the-mistake", true),
        ("../faq.md", true),
        ("#check-it", true),
        ("../../README.md", false),
        ("../commands/../../x.md", false),
        ("https://example.com/../..", true),
    ] {
        let link = Link { target: target.to_owned() };
        assert_eq!(link.stays_below(site, page).is_ok(), good, "{target}");
    }
}
