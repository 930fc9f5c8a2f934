//! Checks of a pack's `vary` and `keep` rules against its samples: each rule must match something.

use crate::domain::pointer;
use crate::domain::variation::Variation;
use crate::engine::generate::timestamps::TimeFormat;
use crate::engine::generate::vary::Rules;
use crate::providers::flaw::PackError;
use crate::providers::pack::Pack;
use crate::providers::provider::{EventFacts, Provider};
use serde_json::Value;
use std::fmt;

/// A rule of `[vary]` or `keep` that has no effect, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaryProblem {
    /// The event that the rule belongs to; `None` if it is the pack's.
    pub event: Option<String>,
    /// The variant that the rule belongs to, if any.
    pub variant: Option<String>,
    /// The pattern, as it is written in the pack.
    pub pattern: String,
    /// The reason, as the end of a sentence about the pattern.
    pub reason: &'static str,
}

impl fmt::Display for VaryProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` in `vary` or `keep`", self.pattern)?;
        match (&self.event, &self.variant) {
            (Some(event), Some(variant)) => write!(f, " of `{event}`, variant `{variant}`,")?,
            (Some(event), None) => write!(f, " of `{event}`")?,
            (None, _) => {}
        }
        write!(f, " {}", self.reason)
    }
}

const UNMATCHED: &str =
    "matches no sample: expected the location of a value in a sample or a variant";
const DUPLICATE_RULE: &str = "is varied by another rule too: expected one rule for each value";
const NOT_A_SCALAR: &str = "is a list or an object: expected a single value";
const NOT_A_TIME: &str = "is not a time: expected RFC 3339, `YYYY-MM-DD` or `HH:MM` in the sample";

/// One payload of a pack, by event and variant.
type Sample<'p> = (&'p EventFacts, Option<&'p str>, &'p Value);

/// Returns a problem for every rule of the pack that matches nothing, or that matches a value that
/// it cannot vary.
pub fn check_variations(pack: &Pack) -> Result<Vec<VaryProblem>, PackError> {
    let mut samples: Vec<Sample<'_>> = Vec::new();
    for event in &pack.provider.events {
        let variants = event.variant_names().map(Some);
        for variant in std::iter::once(None).chain(variants) {
            samples.push((event, variant, pack.sample(event, variant)?));
        }
    }
    let mut problems = Vec::new();
    for sample in &samples {
        problems.extend(payload_problems(&pack.provider, sample));
    }
    problems.extend(unmatched_rules(&pack.provider, &samples));
    Ok(problems)
}

/// Returns the problems of the rules that apply to one payload.
fn payload_problems(
    provider: &Provider,
    &(event, variant, payload): &Sample<'_>,
) -> Vec<VaryProblem> {
    let problem = |pattern: &str, reason| VaryProblem {
        event: Some(event.name.clone()),
        variant: variant.map(str::to_owned),
        pattern: pattern.to_owned(),
        reason,
    };
    let varied_values = Rules::for_payload(provider, event, variant).varied_values(payload);
    let mut problems = Vec::new();
    for pair in varied_values.windows(2) {
        if let [first, second] = pair
            && first.location.position == second.location.position
        {
            problems.push(problem(second.pattern, DUPLICATE_RULE));
        }
    }
    for varied in &varied_values {
        let Some(value) = payload.pointer(&varied.location.pointer) else { continue };
        let needs_time = matches!(varied.variation, Variation::Time(_) | Variation::ListingDate(_));
        let is_time = || TimeFormat::of_value(value).is_some();
        if value.is_array() || value.is_object() {
            problems.push(problem(varied.pattern, NOT_A_SCALAR));
        } else if needs_time && !value.is_null() && value != "" && !is_time() {
            problems.push(problem(varied.pattern, NOT_A_TIME));
        }
    }
    problems
}

/// Returns the rules that match nothing in any of their samples.
fn unmatched_rules(provider: &Provider, samples: &[Sample<'_>]) -> Vec<VaryProblem> {
    let mut problems = Vec::new();
    let mut check = |patterns: &mut dyn Iterator<Item = &String>,
                     event: Option<&str>,
                     variant: Option<&str>| {
        for pattern in patterns {
            let is_matched = samples.iter().any(|(facts, name, payload)| {
                event.is_none_or(|event| event == facts.name)
                    && (variant.is_none() || variant == *name)
                    && !pointer::find_matches(pattern, payload).is_empty()
            });
            if !is_matched {
                problems.push(VaryProblem {
                    event: event.map(str::to_owned),
                    variant: variant.map(str::to_owned),
                    pattern: pattern.clone(),
                    reason: UNMATCHED,
                });
            }
        }
    };
    check(&mut provider.vary.keys(), None, None);
    for event in &provider.events {
        check(&mut event.vary.keys(), Some(&event.name), None);
        for variant in &event.variants {
            let patterns = variant.vary.keys().chain(&variant.keep);
            check(&mut { patterns }, Some(&event.name), Some(&variant.name));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = r#"
id = "acme"
name = "Acme"
documentation = "none"
request = { content-type = "application/json" }
event = { pointer = "/kind" }
signature = { scheme = "hmac-sha256-hex", header = "X-Acme", over = "raw-body" }
recognise = { headers = ["X-Acme"] }
retry = { documented = false, waits = [], success = ["2xx"] }
receiver = { refuses-with = 401 }
person = { name = [] }
"#;

    const SAMPLE: &str =
        r#"{"kind": "a", "name": "Ada", "at": "2026-01-02", "list": [{"n": 1}, {"n": 2}]}"#;

    fn problems(vary: &str, event: &str) -> Vec<String> {
        let event = format!("[[events]]\nname = \"a\"\nsummary = \"\"\nshape = \"guess\"\n{event}");
        let toml = format!("{TOML}[vary]\n{vary}\n{event}");
        let files = [
            ("provider.toml", toml.as_str()),
            ("a.json", SAMPLE),
            ("a.schema.json", "{}"),
            ("a.b.json", SAMPLE),
        ];
        let pack = Pack::read("acme", &files).unwrap_or_else(|error| panic!("{error}"));
        check_variations(&pack).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_rule_that_matches_is_valid() {
        let vary = "\"/name\" = \"{name}\"\n\"/at\" = { time = \"past\" }";
        let event = "vary = { \"/name\" = \"{first-name}\", \"/list/*/n\" = { number = [1, 9] } }\n\
                     variants = [{ name = \"b\", summary = \"\", keep = [\"/list/0\"] }]";
        assert_eq!(problems(vary, event), Vec::<String>::new());
    }

    #[test]
    fn a_rule_that_varies_nothing_is_reported() {
        for (vary, event, expected) in [
            ("\"/nam\" = \"{name}\"", "", "`/nam` in `vary` or `keep` matches no sample"),
            ("\"name\" = \"{name}\"", "", "`name` in `vary` or `keep` matches no sample"),
            (
                "",
                "vary = { \"/x\" = \"{name}\" }",
                "`/x` in `vary` or `keep` of `a` matches no sample",
            ),
            (
                "",
                "variants = [{ name = \"b\", summary = \"\", keep = [\"/x\"] }]",
                "`/x` in `vary` or `keep` of `a`, variant `b`, matches no sample",
            ),
            ("\"/list\" = \"{name}\"", "", "`/list` in `vary` or `keep` of `a` is a list"),
            ("\"/name\" = { time = \"past\" }", "", "is not a time"),
            (
                "\"/list/*/n\" = { number = [1, 2] }\n\"/list/0/n\" = { number = [1, 2] }",
                "",
                "varied by another rule too",
            ),
        ] {
            let found = problems(vary, event);
            assert!(
                found.iter().any(|problem| problem.contains(expected)),
                "{expected}: {found:?}"
            );
        }
    }
}
