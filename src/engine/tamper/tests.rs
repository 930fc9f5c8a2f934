//! Tests of the list of all defects.

use super::*;
use std::collections::BTreeSet;

#[test]
fn every_name_is_listed_once() {
    let all = all();
    let names: BTreeSet<_> = all.iter().map(|tamper| tamper.name).collect();
    assert_eq!(names.len(), all.len());
    for kind in KINDS {
        assert!(kind.tampers.iter().all(|tamper| names.contains(tamper.name)), "{}", kind.name);
    }
}

#[test]
fn the_merged_list_keeps_the_order_of_each_scheme() {
    let all: Vec<_> = all().iter().map(|tamper| tamper.name).collect();
    for kind in KINDS {
        let positions =
            kind.tampers.iter().map(|tamper| all.iter().position(|it| *it == tamper.name));
        let positions: Vec<_> = positions.collect();
        assert!(positions.is_sorted(), "{}: {positions:?}", kind.name);
    }
}

#[test]
fn a_name_has_the_same_meaning_in_every_scheme() {
    let all = all();
    for tamper in KINDS.iter().flat_map(|kind| kind.tampers) {
        let listed = all.iter().find(|other| other.name == tamper.name).unwrap();
        assert_eq!(listed.about, tamper.about, "{}", tamper.name);
    }
}
