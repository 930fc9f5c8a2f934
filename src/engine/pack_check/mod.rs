//! What is wrong with a pack: the rules that make it whole, and those that the built-in ones obey.
//!
//! A rule is a row. Those of `WHOLE` are held before a pack is used at all; the others are what
//! `leadhook events check-pack` adds, and what a test asks of the built-in packs.

mod conduct;
mod facts;
mod made_up;
mod schemas;
mod wire;

use crate::domain::finding::Severity;
use crate::providers::Packs;
use crate::providers::flaw::Flaw;
use crate::providers::pack::Pack;

/// One rule.
struct Rule {
    /// What it asks, for whoever reads the table.
    #[cfg_attr(not(test), expect(dead_code, reason = "the table is read by people and tests"))]
    asks: &'static str,
    /// What breaks it.
    flaws: fn(&Pack) -> Vec<Flaw>,
}

/// Without these a pack is not used.
const WHOLE: &[Rule] = &[
    Rule { asks: "the ladder can be climbed, and every file is there", flaws: Pack::structure },
    Rule { asks: "every file is JSON", flaws: schemas::not_json },
    Rule { asks: "every schema is one", flaws: schemas::no_schemas },
    Rule { asks: "every schema refers to what is in the pack", flaws: schemas::remote },
    Rule { asks: "every schema comes to an end", flaws: schemas::endless },
    Rule { asks: "every schema can be compiled", flaws: schemas::unusable },
    Rule { asks: "every sample passes its own schema", flaws: schemas::failing_samples },
    Rule { asks: "every header can be sent", flaws: wire::impossible },
    Rule { asks: "every text can be printed", flaws: wire::unprintable },
    Rule { asks: "the facts agree with each other", flaws: facts::contradictions },
];

/// What the built-in packs obey besides.
const GOOD: &[Rule] = &[
    Rule { asks: "every pointer of the facts leads somewhere", flaws: facts::lost_pointers },
    Rule { asks: "what is ordered is sent", flaws: facts::lost_events },
    Rule { asks: "every variation has a place", flaws: facts::useless_variations },
    Rule { asks: "every constraint says where it comes from", flaws: schemas::without_source },
    Rule { asks: "every file is used", flaws: facts::stray_files },
    Rule { asks: "names and numbers are reserved ones", flaws: made_up::unreserved },
    Rule {
        asks: "a varied payload passes its schema and its own signature",
        flaws: conduct::seeds,
    },
    Rule { asks: "every tamper is found out", flaws: conduct::tampers },
];

/// Why a pack cannot be used; nothing where it can.
#[must_use]
pub fn broken(pack: &Pack) -> Vec<Flaw> {
    WHOLE.iter().flat_map(|rule| (rule.flaws)(pack)).collect()
}

/// Everything that is wrong with a pack, the errors first; `others` are those that it must not be
/// taken for.
#[must_use]
pub fn flaws(pack: &Pack, others: &Packs) -> Vec<Flaw> {
    let mut flaws = broken(pack);
    // What does not even stand cannot be tried.
    if flaws.is_empty() {
        flaws.extend(GOOD.iter().flat_map(|rule| (rule.flaws)(pack)));
        flaws.extend(conduct::mistaken(pack, others));
    }
    flaws.sort_by_key(|flaw| std::cmp::Reverse(flaw.severity));
    flaws
}

/// Whether any of these flaws is more than a warning.
#[must_use]
pub fn has_errors(flaws: &[Flaw]) -> bool {
    flaws.iter().any(|flaw| flaw.severity == Severity::Error)
}

#[cfg(test)]
mod tests;
