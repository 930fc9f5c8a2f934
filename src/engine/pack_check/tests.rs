//! Tests of the rules, with the built-in packs.

use super::*;
use crate::providers::Packs;

fn display(flaws: &[Flaw]) -> Vec<String> {
    flaws.iter().map(|flaw| format!("{} {flaw}", flaw.code)).collect()
}

#[test]
fn the_built_in_packs_obey_every_rule() {
    let packs = Packs::builtin().unwrap();
    for pack in packs.iter() {
        let flaws = flaws(pack, &packs);
        assert!(flaws.is_empty(), "{}:\n{}", pack.provider.id, display(&flaws).join("\n"));
    }
}

#[test]
fn every_rule_has_a_different_requirement() {
    let mut requirements: Vec<_> =
        REQUIRED.iter().chain(RECOMMENDED).map(|rule| rule.requirement).collect();
    requirements.sort_unstable();
    requirements.dedup();
    assert_eq!(requirements.len(), REQUIRED.len() + RECOMMENDED.len());
}
