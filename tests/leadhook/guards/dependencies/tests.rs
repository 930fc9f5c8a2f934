//! Small crates with and without cycles.

use super::{Edge, cycles, edges};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Returns the cycles of a crate of these files, as the names of their files.
fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let files = files.iter().map(|(path, text)| (Path::new(*path), *text));
    let names = |group: &BTreeSet<PathBuf>| {
        group.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
    };
    cycles(&edges(files)).iter().map(names).collect()
}

#[test]
fn a_cycle_is_found_in_every_spelling_of_its_paths() {
    // Each of these is `a.rs`, which has to lead to `b/c.rs`.
    let ways = [
        "use crate::b::c::C;",
        "use crate::{\n    x::X,\n    b::{\n        c::{C, D as E},\n    },\n};",
        "use crate::b::c::*;",
        "use crate::b::c::{self, C};",
        "use crate::b;\nfn f() { b::c::f() }",
        "use crate::b::c as other;\nfn f() { g(|| other::D::new()); }",
        "pub use super::b::c::C;",
        "fn f(a: &crate::b::c::C) {}",
        "fn f() -> Vec<Option<crate::b::c::C>> { vec![] }",
        "fn f() { match x { crate::b::c::C::D => {} } }",
        "fn f() { println!(\"{}\", crate::b::c::NAME); }",
        "fn f() { use crate::b::c::C; }",
        "impl crate::b::c::C for A {}",
        "#[serde(with = \"crate::b::c\")]\nstruct A;",
        "#[arg(value_parser = crate::b::c::parse)]\nstruct A;",
        "mod inner { fn f() { super::super::b::c::f(); } }",
        "#[cfg(test)]\nuse crate::x::{X, Y};\nuse crate::b::c::C;",
        "struct A { #[cfg(test)] a: u8, b: crate::b::c::C }",
        "#[cfg(test)]\nmod tests;\nuse crate::b::c::C;",
    ];
    for way in ways {
        let files = [
            ("lib.rs", "mod a; mod b; mod x;"),
            ("a.rs", way),
            ("b/mod.rs", "pub mod c;"),
            ("b/c.rs", "use crate::a::A;"),
            ("x.rs", ""),
        ];
        assert_eq!(found(&files), [["a.rs", "b/c.rs"]], "{way}");
    }
}

#[test]
fn a_parent_and_a_child_that_name_each_other_are_a_cycle() {
    let parent = "mod child;\npub struct P;\nfn f() { child::run() }";
    for child in ["use super::P;", "use crate::parent::P;", "fn f(p: super::P) {}", "use super::*;"]
    {
        let files = [("lib.rs", "mod parent;"), ("parent.rs", parent), ("parent/child.rs", child)];
        assert_eq!(found(&files), [["parent/child.rs", "parent.rs"]], "{child}");
    }
}

#[test]
fn a_re_exported_name_leads_to_both_files() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::C;"),
        ("b/mod.rs", "mod c;\npub use c::C;"),
        ("b/c.rs", "use crate::a::A;"),
    ];
    assert_eq!(found(&files), [["a.rs", "b/c.rs", "b/mod.rs"]]);
}

#[test]
fn two_cycles_are_two_groups_and_a_long_one_is_one() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d; mod e; mod f;"),
        ("a.rs", "use crate::b::B;"),
        ("b.rs", "use crate::c::C;"),
        ("c.rs", "use crate::a::A; use crate::d::D;"),
        ("d.rs", "use crate::e::E;"),
        ("e.rs", "use crate::d::D; use crate::f::F;"),
        ("f.rs", ""),
    ];
    assert_eq!(found(&files), [vec!["a.rs", "b.rs", "c.rs"], vec!["d.rs", "e.rs"]]);
}

#[test]
fn declarations_visibility_comments_and_tests_are_ignored() {
    let child = "//! See [`crate::parent::P`].\n\
        /// As `crate::parent::P` does.\n\
        pub(super) fn run() {}\n\
        pub(in crate::parent) struct S(pub(crate) u8);\n\
        #[cfg(test)]\nuse super::{P, Q};\n\
        #[test]\nfn t() { super::f(); }\n\
        #[cfg(test)]\nmod checked;\n\
        #[cfg(test)]\nmod tests { use super::super::P; }\n";
    let files = [
        ("main.rs", "fn main() { leadhook::parent::f(); }"),
        ("lib.rs", "pub mod parent;"),
        ("parent/mod.rs", "mod child;\nmod other;\nuse child::run;\npub struct P;"),
        ("parent/child.rs", child),
        ("parent/child/checked.rs", "use crate::parent::P;"),
        ("parent/other.rs", "fn f() { super::child::run() }"),
    ];
    assert_eq!(found(&files), Vec::<Vec<String>>::new());
}

#[test]
fn a_use_is_reported_with_its_line() {
    let files = [
        ("lib.rs", "mod a;\nmod b;"),
        ("a.rs", ""),
        ("b.rs", "use x;\nuse crate::{\n    a::A,\n};"),
    ];
    let files = files.iter().map(|(path, text)| (Path::new(*path), *text));
    let edge =
        Edge { from: "b.rs".into(), line: 3, to: "a.rs".into(), written: "crate::a::A".to_owned() };
    assert_eq!(edges(files), BTreeSet::from([edge]));
}
