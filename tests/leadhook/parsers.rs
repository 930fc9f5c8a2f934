//! The properties of the fuzz targets, checked on arbitrary bytes and on damaged seeds.

use crate::oracles;
use crate::support::ROOT;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use std::fs;
use std::path::Path;

/// A fuzz target: its name and its property.
type Target = (&'static str, fn(&[u8]));

/// The targets that need hardly any time per input.
const FAST_TARGETS: [Target; 10] = [
    ("config", oracles::files::config),
    ("curl_command", oracles::requests::command),
    ("http_message", oracles::requests::message),
    ("json", oracles::json::read),
    ("json_print", oracles::json::print),
    ("pack", oracles::files::pack),
    ("request_texts", oracles::requests::texts),
    ("requests", oracles::requests::read),
    ("signed", oracles::signatures::signed),
    ("token", oracles::signatures::token),
];

/// The target that searches for explanations, which hashes megabytes.
const VERDICT: Target = ("verdict", oracles::signatures::verdict);

/// The target that searches under an arbitrary secret.
const EXPLAIN: Target = ("explain", oracles::signatures::explain);

/// The target that measures time. The tests check the size instead:
/// [`parsed_input_has_a_bounded_size`].
const GROWTH: &str = "growth";

/// The number of bytes of a repeated part in the tests.
const REPEATED: usize = 8 << 10;

/// Returns the sorted names of the entries of a folder of `fuzz`.
fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(Path::new(ROOT).join("fuzz").join(folder)).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Returns the seeds of a target, without those that the fuzzer added, which are named by a digest.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new("corpus").join(target);
    let folder = folder.to_str().unwrap();
    let seeds: Vec<_> = names(folder)
        .into_iter()
        .map(|name| {
            let bytes = fs::read(Path::new(ROOT).join("fuzz").join(folder).join(&name)).unwrap();
            (name, bytes)
        })
        .collect();
    assert!(seeds.len() >= 4, "{target} has {} seeds only", seeds.len());
    seeds
}

/// A kind of damage to a file.
#[derive(Clone, Debug)]
enum Damage {
    Cut(Index, Index),
    Doubled(Index, Index),
    Turned(Index, u8),
    Replaced(Index, u8),
    Joined(Index, Index),
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let at = any::<Index>;
    let byte =
        prop_oneof![any::<u8>(), prop::sample::select(b"\0\r\n '\"\\:;,{}[]0-^$`&|@=".to_vec())];
    let kind = prop_oneof![
        (at(), at()).prop_map(|(from, to)| Damage::Cut(from, to)),
        (at(), at()).prop_map(|(from, to)| Damage::Doubled(from, to)),
        (at(), 0..8_u8).prop_map(|(at, bit)| Damage::Turned(at, bit)),
        (at(), byte).prop_map(|(at, byte)| Damage::Replaced(at, byte)),
        (at(), at()).prop_map(|(seed, at)| Damage::Joined(seed, at)),
    ];
    vec(kind, 1..4)
}

impl Damage {
    /// Applies the damage to `bytes`, which may be one of the `seeds`.
    fn apply(&self, mut bytes: Vec<u8>, seeds: &[(String, Vec<u8>)]) -> Vec<u8> {
        let offset = |at: &Index, bytes: &[u8]| at.index(bytes.len() + 1);
        let between = |from: &Index, to: &Index, bytes: &[u8]| {
            let (kind, other) = (offset(from, bytes), offset(to, bytes));
            kind.min(other)..kind.max(other)
        };
        match self {
            Self::Cut(from, to) => drop(bytes.drain(between(from, to, &bytes))),
            Self::Doubled(from, to) => {
                let part = bytes[between(from, to, &bytes)].to_vec();
                let end = offset(to, &bytes);
                bytes.splice(end..end, part);
            }
            Self::Turned(at, bit) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            Self::Replaced(at, byte) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Self::Joined(seed, at) => {
                bytes.truncate(offset(at, &bytes));
                bytes.extend_from_slice(&seed.get(seeds).1);
            }
            Self::Turned(..) | Self::Replaced(..) => {}
        }
        bytes
    }
}

/// Generates a damaged seed of the target.
fn damaged(target: &str, seed: Index, damage: &[Damage]) -> Vec<u8> {
    let seeds = seeds(target);
    let intact = seed.get(&seeds).1.clone();
    damage.iter().fold(intact, |bytes, damage| damage.apply(bytes, &seeds))
}

/// Prints the name of the current seed, which a failing test shows.
#[expect(clippy::print_stdout, reason = "only a failing test shows it")]
fn print_name(seed: &str) {
    println!("{seed}");
}

#[test]
fn every_target_passes_on_the_seeds() {
    for (target, property) in FAST_TARGETS.into_iter().chain([VERDICT, EXPLAIN]) {
        for (name, bytes) in seeds(target) {
            print_name(&format!("{target}/{name}"));
            property(&bytes);
        }
    }
}

#[test]
fn every_fuzz_target_is_covered() {
    let mut covered: Vec<_> =
        FAST_TARGETS.iter().chain([&VERDICT, &EXPLAIN]).map(|(target, _)| *target).collect();
    covered.push(GROWTH);
    covered.sort_unstable();
    let files: Vec<_> = covered.iter().map(|target| format!("{target}.rs")).collect();
    assert_eq!(names("fuzz_targets"), files);
    assert_eq!(names("corpus"), covered);
}

#[test]
fn parsed_input_has_a_bounded_size() {
    for (name, seed) in seeds(GROWTH) {
        let bytes = oracles::growth::repeated(&seed, REPEATED).unwrap();
        print_name(&name);
        oracles::requests::read(&bytes);
        oracles::json::read(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_target_passes_on_any_bytes(at in any::<Index>(), bytes in vec(any::<u8>(), 0..400)) {
        let (_, property) = at.get(&FAST_TARGETS);
        property(&bytes);
    }

    #[test]
    fn every_target_passes_on_any_text(at in any::<Index>(), text in "[\\PC\r\n\t\0]{0,120}") {
        let (_, property) = at.get(&FAST_TARGETS);
        property(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_target_passes_on_damaged_seeds(at in any::<Index>(), seed in any::<Index>(), damage in damage()) {
        let (target, property) = at.get(&FAST_TARGETS);
        property(&damaged(target, seed, &damage));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_request_is_verified_and_explained(seed in any::<Index>(), damage in damage()) {
        for (target, property) in [VERDICT, EXPLAIN] {
            property(&damaged(target, seed, &damage));
        }
    }
}
