//! Pack validation: the rules that make a pack usable, and those that the built-in packs obey.
//!
//! Each rule is a row of a table. The rules of `REQUIRED` are checked before a pack is used;
//! `leadhook events check-pack` adds the others, and a test applies them to the built-in packs.

mod conduct;
mod facts;
mod reserved_data;
mod schemas;
mod wire;

use crate::domain::finding::Severity;
use crate::providers::Packs;
use crate::providers::flaw::Flaw;
use crate::providers::pack::Pack;

/// One rule.
struct Rule {
    /// The requirement in words, for readers of the table.
    #[cfg_attr(not(test), expect(dead_code, reason = "the table is read by people and tests"))]
    asks: &'static str,
    /// Returns the violations.
    flaws: fn(&Pack) -> Vec<Flaw>,
}

/// The rules that a usable pack must obey.
const REQUIRED: &[Rule] = &[
    Rule {
        asks: "the retry schedule is consistent, and every file exists",
        flaws: Pack::structure,
    },
    Rule { asks: "every file is JSON", flaws: schemas::not_json },
    Rule { asks: "every schema is a JSON Schema", flaws: schemas::no_schemas },
    Rule { asks: "every reference of a schema is in the pack", flaws: schemas::remote },
    Rule { asks: "every schema has a bounded size", flaws: schemas::endless },
    Rule { asks: "every schema can be compiled", flaws: schemas::unusable },
    Rule { asks: "every sample passes its own schema", flaws: schemas::failing_samples },
    Rule { asks: "every header can be sent", flaws: wire::impossible },
    Rule { asks: "every string can be printed", flaws: wire::unprintable },
    Rule { asks: "the facts agree with each other", flaws: facts::contradictions },
];

/// The further rules that the built-in packs obey.
const RECOMMENDED: &[Rule] = &[
    Rule { asks: "every pointer of the facts matches a sample", flaws: facts::lost_pointers },
    Rule { asks: "every ordered event is defined", flaws: facts::lost_events },
    Rule { asks: "every variation matches a sample", flaws: facts::useless_variations },
    Rule { asks: "every constraint names its source", flaws: schemas::without_source },
    Rule { asks: "every file is used", flaws: facts::stray_files },
    Rule { asks: "names and numbers are reserved ones", flaws: reserved_data::unreserved },
    Rule {
        asks: "a varied payload passes its schema and its own signature",
        flaws: conduct::seeds,
    },
    Rule { asks: "every tamper is detected", flaws: conduct::tampers },
];

/// Returns the reasons why a pack cannot be used; empty if it can.
#[must_use]
pub fn broken(pack: &Pack) -> Vec<Flaw> {
    REQUIRED.iter().flat_map(|rule| (rule.flaws)(pack)).collect()
}

/// Returns every flaw of a pack, the errors first. `others` are the packs that its requests must
/// not be confused with.
#[must_use]
pub fn flaws(pack: &Pack, others: &Packs) -> Vec<Flaw> {
    let mut flaws = broken(pack);
    // The other rules use the pack, so they need a usable one.
    if flaws.is_empty() {
        flaws.extend(RECOMMENDED.iter().flat_map(|rule| (rule.flaws)(pack)));
        flaws.extend(conduct::mistaken(pack, others));
    }
    flaws.sort_by_key(|flaw| std::cmp::Reverse(flaw.severity));
    flaws
}

/// Returns `true` if any of these flaws is an error.
#[must_use]
pub fn has_errors(flaws: &[Flaw]) -> bool {
    flaws.iter().any(|flaw| flaw.severity == Severity::Error)
}

#[cfg(test)]
mod tests;
