//! Pack validation: the rules that make a pack usable, and those that the built-in packs obey.
//!
//! Each rule is a row of a table. The rules of `REQUIRED` are checked before a pack is used;
//! `leadhook events check-pack` adds the others, and a test applies them to the built-in packs.

mod facts;
mod fetched;
mod generic_headers;
mod reserved_data;
mod schemas;
mod usage;
mod versions;
mod wire;

use crate::domain::finding::Severity;
use crate::providers::Packs;
use crate::providers::flaw::Flaw;
use crate::providers::pack::Pack;

/// One rule.
struct Rule {
    /// The requirement in words, for readers of the table.
    #[cfg_attr(not(test), expect(dead_code, reason = "the table is read by people and tests"))]
    requirement: &'static str,
    /// Returns the violations.
    flaws: fn(&Pack) -> Vec<Flaw>,
}

/// The rules that a usable pack must obey.
const REQUIRED: &[Rule] = &[
    Rule {
        requirement: "the retry schedule is consistent, and every file exists",
        flaws: Pack::structural_flaws,
    },
    Rule { requirement: "every file is JSON", flaws: schemas::not_json },
    Rule { requirement: "every schema is a JSON Schema", flaws: schemas::invalid_schemas },
    Rule {
        requirement: "every reference of a schema is in the pack",
        flaws: schemas::remote_references,
    },
    Rule { requirement: "every schema has a bounded size", flaws: schemas::oversized_schemas },
    Rule { requirement: "every schema can be compiled", flaws: schemas::uncompilable_schemas },
    Rule { requirement: "every sample passes its own schema", flaws: schemas::failing_samples },
    Rule { requirement: "every header can be sent", flaws: wire::invalid_http },
    Rule { requirement: "every string can be printed", flaws: wire::unprintable },
    Rule { requirement: "the facts agree with each other", flaws: facts::contradictions },
    Rule {
        requirement: "every fetched sample has a place for its id",
        flaws: fetched::unusable_tables,
    },
];

/// The further rules that the built-in packs obey.
const RECOMMENDED: &[Rule] = &[
    Rule {
        requirement: "every pointer of the facts matches a sample",
        flaws: facts::unmatched_pointers,
    },
    Rule {
        requirement: "every dated field and header is sent",
        flaws: versions::unknown_additions,
    },
    Rule {
        requirement: "an older payload passes its schema",
        flaws: versions::refused_older_payloads,
    },
    Rule { requirement: "every ordered event is defined", flaws: facts::undefined_events },
    Rule { requirement: "every variation matches a sample", flaws: facts::useless_variations },
    Rule {
        requirement: "every constraint names its source",
        flaws: schemas::constraints_without_source,
    },
    Rule { requirement: "every file is used", flaws: facts::unused_files },
    Rule {
        requirement: "every fetched resource belongs to a sample",
        flaws: fetched::doubtful_tables,
    },
    Rule {
        requirement: "names and numbers are reserved ones",
        flaws: reserved_data::unreserved_data,
    },
    Rule {
        requirement: "a varied payload passes its schema and its own signature",
        flaws: usage::failing_seeds,
    },
    Rule { requirement: "every tamper is detected", flaws: usage::undetected_tampers },
    Rule {
        requirement: "a pack that only generic headers identify must be named",
        flaws: generic_headers::not_only_if_named,
    },
];

/// Returns the reasons why a pack cannot be used, without their lines; empty if it can.
#[must_use]
pub fn blocking_flaws(pack: &Pack) -> Vec<Flaw> {
    REQUIRED.iter().flat_map(|rule| (rule.flaws)(pack)).collect()
}

/// Returns every flaw of a pack, the errors first. `others` are the packs that its requests must
/// not be confused with.
#[must_use]
pub fn flaws(pack: &Pack, others: &Packs) -> Vec<Flaw> {
    let mut flaws = blocking_flaws(pack);
    // The other rules use the pack, so they need a usable one.
    if flaws.is_empty() {
        flaws.extend(RECOMMENDED.iter().flat_map(|rule| (rule.flaws)(pack)));
        flaws.extend(usage::misdetected_requests(pack, others));
    }
    flaws.sort_by_key(|flaw| std::cmp::Reverse(flaw.severity));
    flaws.into_iter().map(|flaw| pack.located(flaw)).collect()
}

/// Returns `true` if any of these flaws is an error.
#[must_use]
pub fn has_errors(flaws: &[Flaw]) -> bool {
    flaws.iter().any(|flaw| flaw.severity == Severity::Error)
}

#[cfg(test)]
mod tests;
