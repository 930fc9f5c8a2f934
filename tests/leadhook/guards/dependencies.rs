//! The dependency graph between source files, read from the paths that they write.
//!
//! A file depends on another if it names something in it: in a `use`, an expression, a type, a
//! pattern, a macro call or an attribute. A declaration (`mod child;`) and a restriction
//! (`pub(in crate::a)`) are not dependencies, and neither is anything in a test.

mod tests;

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The path of a module from the root of the crate.
type Module = Vec<String>;

/// One use of a name of another file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The file that names something.
    pub from: PathBuf,
    /// The line of the name, counted from 1.
    pub line: usize,
    /// The file that defines it, or exports it again.
    pub to: PathBuf,
    /// The path as written.
    pub written: String,
}

/// A path as a file writes it.
struct Mention {
    module: Module,
    line: usize,
    segments: Vec<String>,
}

/// The crate as the files describe it.
#[derive(Default)]
struct Tree {
    /// The file of each module.
    files: BTreeMap<Module, PathBuf>,
    /// The names that each module imports, with the paths they resolve to.
    imports: BTreeMap<Module, BTreeMap<String, Vec<String>>>,
    /// The modules that only tests have.
    tests: BTreeSet<Module>,
    mentions: Vec<Mention>,
}

/// Returns every dependency between these files: paths relative to `src`, and their text.
pub fn edges<'f>(files: impl IntoIterator<Item = (&'f Path, &'f str)>) -> BTreeSet<Edge> {
    let mut tree = Tree::default();
    for (path, text) in files {
        let module = module_of(path);
        let tokens: TokenStream =
            text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        tree.files.insert(module.clone(), path.to_owned());
        tree.read(&module, tokens);
    }
    let mut edges = BTreeSet::new();
    let is_test = |module: &Module| tree.tests.iter().any(|test| module.starts_with(test));
    for mention in tree.mentions.iter().filter(|mention| !is_test(&mention.module)) {
        let from = tree.file_of(&mention.module);
        let mut targets = BTreeSet::new();
        tree.resolve(&mention.module, &mention.segments, &mut targets, 0);
        for to in targets.into_iter().filter(|to| to != from) {
            let written = mention.segments.join("::");
            edges.insert(Edge { from: from.clone(), line: mention.line, to, written });
        }
    }
    edges
}

/// Returns the groups of files that depend on each other, directly or through others.
pub fn cycles(edges: &BTreeSet<Edge>) -> Vec<BTreeSet<PathBuf>> {
    let mut next: BTreeMap<&PathBuf, BTreeSet<&PathBuf>> = BTreeMap::new();
    for edge in edges {
        next.entry(&edge.from).or_default().insert(&edge.to);
    }
    let reachable = |from| {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(file) = open.pop() {
            let unseen = next.get(file).into_iter().flatten().filter(|to| seen.insert(**to));
            open.extend(unseen.copied().collect::<Vec<_>>());
        }
        seen
    };
    let reached: BTreeMap<_, _> = next.keys().map(|from| (*from, reachable(*from))).collect();
    let mut groups = BTreeSet::new();
    for (file, dependencies) in &reached {
        let mutual = dependencies.iter().filter(|other| {
            reached
                .get(*other)
                .is_some_and(|dependencies_of_other| dependencies_of_other.contains(file))
        });
        let group: BTreeSet<PathBuf> = mutual.map(|other| (*other).clone()).collect();
        if !group.is_empty() {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

/// Returns the module of a file: `a/b.rs` and `a/b/mod.rs` are `a::b`, `lib.rs` the root.
fn module_of(path: &Path) -> Module {
    let path = path.with_extension("");
    let mut module: Module = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    // The binary is a separate crate, and `leadhook::` refers to the library.
    if module == ["lib"] || module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

impl Tree {
    /// Collects the modules, imports and paths of a stream of tokens.
    fn read(&mut self, module: &Module, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == '#' => {
                    at = self.attribute(module, &tokens, at);
                    continue;
                }
                TokenTree::Ident(word) if word == "mod" => {
                    if let [TokenTree::Ident(name), TokenTree::Group(body), ..] = &tokens[at + 1..]
                    {
                        let inner = [&module[..], &[name.to_string()]].concat();
                        self.files.insert(inner.clone(), self.file_of(module).clone());
                        self.read(&inner, body.stream());
                        at += 3;
                        continue;
                    }
                }
                TokenTree::Ident(word) if word == "pub" => {
                    if let Some(TokenTree::Group(group)) = tokens.get(at + 1)
                        && is_restriction(group)
                    {
                        at += 2;
                        continue;
                    }
                }
                // Not the `use<'a>` of a type.
                TokenTree::Ident(word) if word == "use" && !is_mark(tokens.get(at + 1), '<') => {
                    let end = at + end_of(&tokens[at..], ';');
                    self.import(module, &[], &tokens[at + 1..end]);
                    at = end;
                    continue;
                }
                TokenTree::Ident(_) => {
                    let (segments, end) = path_at(&tokens, at);
                    self.mention(module, token, segments);
                    at = end;
                    continue;
                }
                TokenTree::Group(group) => self.read(module, group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }

    /// Reads an attribute, and passes over the item behind it if that is a test. Returns where to
    /// read on.
    fn attribute(&mut self, module: &Module, tokens: &[TokenTree], at: usize) -> usize {
        let is_inner = is_mark(tokens.get(at + 1), '!');
        let at = at + 1 + usize::from(is_inner);
        let Some(TokenTree::Group(group)) = tokens.get(at) else { return at };
        let text = group.stream().to_string().replace(' ', "");
        if text == "cfg(test)" || text == "test" {
            let item = &tokens[at + 1..][..item_length(&tokens[at + 1..])];
            if let [.., TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Punct(_)] = item
                && word == "mod"
            {
                self.tests.insert([&module[..], &[name.to_string()]].concat());
            }
            return at + 1 + item.len();
        }
        if !text.starts_with("doc") {
            self.read(module, group.stream());
            self.paths_in_strings(module, group.stream());
        }
        at + 1
    }

    /// Collects paths inside strings, as in `#[serde(with = "crate::domain::time")]`.
    fn paths_in_strings(&mut self, module: &Module, tokens: TokenStream) {
        for token in tokens {
            match &token {
                TokenTree::Group(group) => self.paths_in_strings(module, group.stream()),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                    let Some(Ok(inner)) = inner.map(str::parse::<TokenStream>) else { continue };
                    let inner: Vec<_> = inner.into_iter().collect();
                    let (segments, end) = path_at(&inner, 0);
                    if end == inner.len() {
                        self.mention(module, &token, segments);
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    /// Collects the paths of a `use` and the names that it brings in.
    fn import(&mut self, module: &Module, before: &[String], tree: &[TokenTree]) {
        let (more, end) = path_at(tree, 0);
        let path = [before, &more].concat();
        match &tree[end..] {
            [TokenTree::Group(group), ..] => {
                let inner: Vec<_> = group.stream().into_iter().collect();
                let branches = inner.split(|token| is_mark(Some(token), ','));
                for branch in branches.filter(|branch| !branch.is_empty()) {
                    self.import(module, &path, branch);
                }
            }
            // A glob brings in names that only the other file knows.
            [mark @ TokenTree::Punct(_), ..] => {
                self.mention(module, mark, [&path[..], &["*".to_owned()]].concat());
            }
            rest => {
                let path = match path.split_last() {
                    Some((last, before)) if last == "self" => before.to_vec(),
                    _ => path,
                };
                let name = match rest {
                    [TokenTree::Ident(_), TokenTree::Ident(name)] => name.to_string(),
                    _ => path.last().cloned().unwrap_or_default(),
                };
                if let Some(first) = tree.first() {
                    self.mention(module, first, path.clone());
                }
                self.imports.entry(module.clone()).or_default().insert(name, path);
            }
        }
    }

    fn mention(&mut self, module: &Module, token: &TokenTree, segments: Vec<String>) {
        let line = token.span().start().line;
        if segments.len() > 1 {
            self.mentions.push(Mention { module: module.clone(), line, segments });
        }
    }

    /// Returns the file of a module, which may be an inline module of another file.
    fn file_of(&self, module: &Module) -> &PathBuf {
        &self.files[module]
    }

    /// Adds the files that a path leads to: the one that defines the name, and each that exports it
    /// again on the way.
    fn resolve(
        &self,
        module: &Module,
        segments: &[String],
        targets: &mut BTreeSet<PathBuf>,
        depth: usize,
    ) {
        // An import may resolve to another import, but not to itself.
        let Some((first, rest)) = segments.split_first().filter(|_| depth < 32) else { return };
        match first.as_str() {
            "crate" | "leadhook" => return self.walk(vec![], rest, targets, depth),
            "self" => return self.walk(module.clone(), rest, targets, depth),
            "super" => {
                let parent = module[..module.len().saturating_sub(1)].to_vec();
                if rest.first().is_some_and(|next| next == "super") {
                    return self.resolve(&parent, rest, targets, depth + 1);
                }
                return self.walk(parent, rest, targets, depth);
            }
            _ => {}
        }
        let child = [&module[..], std::slice::from_ref(first)].concat();
        if let Some(import) = self.imports.get(module).and_then(|names| names.get(first))
            && import[..] != segments[..1]
        {
            let path = [import, rest].concat();
            self.resolve(module, &path, targets, depth + 1);
        } else if self.files.contains_key(&child) {
            self.walk(child, rest, targets, depth);
        }
    }

    /// Follows a path down from a module as far as there are modules.
    fn walk(
        &self,
        mut module: Module,
        mut rest: &[String],
        targets: &mut BTreeSet<PathBuf>,
        depth: usize,
    ) {
        while let Some((next, remaining)) = rest.split_first() {
            let child = [&module[..], std::slice::from_ref(next)].concat();
            if !self.files.contains_key(&child) {
                break;
            }
            (module, rest) = (child, remaining);
        }
        targets.insert(self.file_of(&module).clone());
        // A name that the module itself imports is defined elsewhere.
        if let Some(name) = rest.first()
            && self.imports.get(&module).is_some_and(|names| names.contains_key(name))
        {
            self.resolve(&module, rest, targets, depth + 1);
        }
    }
}

/// Returns the path that begins at a token, and where it ends: `a::b` of `a::b(c)`.
fn path_at(tokens: &[TokenTree], at: usize) -> (Vec<String>, usize) {
    let mut segments = Vec::new();
    let mut at = at;
    while let Some(TokenTree::Ident(word)) = tokens.get(at) {
        segments.push(word.to_string().trim_start_matches("r#").to_owned());
        at += 1;
        match tokens.get(at..at + 2) {
            Some([TokenTree::Punct(one), TokenTree::Punct(two)])
                if (one.as_char(), one.spacing(), two.as_char()) == (':', Spacing::Joint, ':') =>
            {
                at += 2;
            }
            _ => break,
        }
    }
    (segments, at)
}

/// Returns `true` for the parentheses of `pub(super)` or `pub(in crate::a)`, not of `pub (A, B)`.
fn is_restriction(group: &Group) -> bool {
    let first = group.stream().into_iter().next().map(|token| token.to_string());
    group.delimiter() == Delimiter::Parenthesis
        && first.is_some_and(|first| ["crate", "self", "super", "in"].contains(&first.as_str()))
}

/// Returns `true` if the token is this punctuation character.
fn is_mark(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == mark)
}

/// Returns the index of the first such punctuation token, or the number of tokens.
fn end_of(tokens: &[TokenTree], mark: char) -> usize {
    tokens.iter().position(|token| is_mark(Some(token), mark)).unwrap_or(tokens.len())
}

/// Words that begin an item or a statement. Anything else with an attribute ends at a comma.
const ITEMS: [&str; 12] = [
    "const",
    "enum",
    "fn",
    "impl",
    "let",
    "macro_rules",
    "mod",
    "static",
    "struct",
    "trait",
    "type",
    "use",
];

/// Returns how many tokens the item, field or variant behind an attribute takes.
fn item_length(tokens: &[TokenTree]) -> usize {
    let word = tokens.iter().find_map(|token| match token {
        TokenTree::Ident(word) => ITEMS.iter().find(|item| word == *item),
        _ => None,
    });
    let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let end = match word {
        None => end_of(tokens, ','),
        // The braces of `use a::{b, c};` and `let a = B { c };` are not a body.
        Some(&("use" | "let")) => end_of(tokens, ';'),
        Some(_) => {
            let body = tokens.iter().position(is_body).unwrap_or(tokens.len());
            end_of(tokens, ';').min(body)
        }
    };
    tokens.len().min(end + 1)
}
