//! What is to be said of a payload: one finding, one place, one reason.

use serde::Serialize;
use std::fmt::Display;

/// How much of a value from outside a finding repeats.
const SHOWN: usize = 60;

/// How many options are told one by one.
const LISTED: usize = 7;

/// How many are told of a longer list, and how like they are, from 0 to 1.
const TOLD: usize = 3;
const LIKE: f64 = 0.8;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Sources disagree, or the vendor's own bytes do the same.
    Warning,
    /// The vendor is sure.
    Error,
}

/// One thing to be said of a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether it makes the payload invalid.
    pub severity: Severity,
    /// What kind of thing it is, in kebab case.
    pub code: String,
    /// Where it is: a JSON Pointer (RFC 6901), empty for the whole body.
    pub pointer: String,
    /// What was found and what was expected, as the end of a sentence about the place.
    pub message: String,
    /// What belongs there.
    pub expected: String,
    /// What is there.
    pub found: String,
    /// The keyword that it breaks, where a schema has one: `FILE#` and a JSON Pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Where the rule comes from: the vendor's page, or a standard.
    pub source: String,
    /// Whether it is about the request around the payload, and the pointer says nothing.
    #[serde(skip)]
    pub around: bool,
}

/// What is said of a place: what belongs there, what is there, and both in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    message: String,
    expected: String,
    found: String,
}

impl Finding {
    /// A finding about the whole body, until it is put somewhere else.
    pub fn new(severity: Severity, code: &str, words: Words, source: impl Into<String>) -> Self {
        let Words { message, expected, found } = words;
        Self {
            severity,
            code: code.to_owned(),
            pointer: String::new(),
            message,
            expected,
            found,
            rule: None,
            source: source.into(),
            around: false,
        }
    }

    /// The same about the place with this JSON Pointer.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), ..self }
    }

    /// The same about the request around the payload.
    #[must_use]
    pub fn around(self) -> Self {
        Self { around: true, ..self }
    }

    /// The same with the keyword of the schema that it breaks.
    #[must_use]
    pub fn breaks(self, rule: Option<String>) -> Self {
        Self { rule, ..self }
    }
}

impl Words {
    /// `is …, expected …`: the place is something else.
    pub fn is(found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::sentence("is", found.into(), expected.into())
    }

    /// `has …, expected …`: the place has too much or too little of something.
    pub fn has(found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::sentence("has", found.into(), expected.into())
    }

    /// `is missing, expected …`: nothing is there.
    pub fn missing(expected: impl Into<String>) -> Self {
        let expected = expected.into();
        let message = format!("is missing, expected {expected}");
        Self { message, expected, found: "nothing".to_owned() }
    }

    /// A sentence of its own, which says both in its way.
    pub fn said(
        message: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { message: message.into(), expected: expected.into(), found: found.into() }
    }

    /// The same, with what follows from it.
    #[must_use]
    pub fn so(mut self, consequence: &str) -> Self {
        self.message.push_str(": ");
        self.message.push_str(consequence);
        self
    }

    fn sentence(verb: &str, found: String, expected: String) -> Self {
        Self { message: format!("{verb} {found}, expected {expected}"), expected, found }
    }
}

/// A value from outside as a finding repeats it: in backticks, cut where it is long.
#[must_use]
pub fn shown(value: impl Display) -> String {
    let text = value.to_string();
    let cut = text.char_indices().nth(SHOWN).map(|(end, _)| &text[..end]);
    cut.map_or_else(|| format!("`{text}`"), |cut| format!("`{cut}…`"))
}

/// What may stand in a place: every one of a few, and of many those that are like `found`.
#[must_use]
pub fn one_of<'n>(names: impl IntoIterator<Item = &'n str>, noun: &str, found: &str) -> String {
    let names: Vec<_> = names.into_iter().collect();
    let told = |names: &[&str]| names.iter().map(shown).collect::<Vec<_>>().join(", ");
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [only] => shown(only),
        few if few.len() <= LISTED => format!("one of {}", told(few)),
        many => match likest(many, found).as_slice() {
            [] => format!("one of {} {noun}", many.len()),
            near => format!("one of {} {noun}, such as {}", many.len(), told(near)),
        },
    }
}

/// The names that are most like `found`: of equal ones the first.
fn likest<'n>(names: &[&'n str], found: &str) -> Vec<&'n str> {
    // Time grows with the product of the lengths, and no name of a list is long.
    let found: String = found.chars().take(SHOWN).collect();
    let score = |name: &&'n str| (strsim::jaro_winkler(&found, name), *name);
    let mut scored: Vec<_> = names.iter().map(score).filter(|(score, _)| *score > LIKE).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(TOLD).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_what_was_found_and_what_was_expected() {
        for words in [
            Words::is("`x`", "a number"),
            Words::has("3 letters", "at most 2").so("the rest is cut off"),
        ] {
            assert!(words.message.contains(&words.found), "{words:?}");
            assert!(words.message.contains(&words.expected), "{words:?}");
        }
        let missing = Words::missing("a text");
        assert_eq!(
            (&*missing.message, &*missing.found),
            ("is missing, expected a text", "nothing")
        );
    }

    #[test]
    fn a_long_value_is_cut_between_letters() {
        assert_eq!(shown("ü"), "`ü`");
        let long = shown("ü".repeat(SHOWN + 1));
        assert_eq!(long, format!("`{}…`", "ü".repeat(SHOWN)));
    }

    #[test]
    fn of_a_long_list_only_what_is_like_it_is_told() {
        let names = ["created", "updated", "added", "gone", "lost", "won", "sold", "kept"];
        assert_eq!(one_of(names, "events", "creatd"), "one of 8 events, such as `created`");
        assert_eq!(one_of(names, "events", "xyz"), "one of 8 events");
        assert_eq!(one_of(names[..2].to_vec(), "events", "x"), "one of `created`, `updated`");
        assert_eq!(one_of(["created"], "events", "x"), "`created`");
    }
}
