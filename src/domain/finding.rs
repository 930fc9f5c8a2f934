//! What is to be said of a payload: one finding, one place, one reason.

use serde::Serialize;
use std::fmt;
use std::fmt::{Display, Write};

/// How much of a value from outside a finding repeats.
const SHOWN: usize = 60;

/// How many options a sentence has room for, and how many are listed at all.
const LISTED: usize = 7;
const MOST_LISTED: usize = 100;

/// How many are told of a longer list, and how like they are, from 0 to 1.
const TOLD: usize = 3;
const LIKE: f64 = 0.8;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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

/// What belongs in a place, whole and as far as a sentence has room for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    whole: String,
    short: String,
}

impl<T: Into<String>> From<T> for Expected {
    fn from(words: T) -> Self {
        let whole = words.into();
        Self { short: whole.clone(), whole }
    }
}

/// What is said of a place: what belongs there, what is there, and both in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingMessage {
    message: String,
    expected: String,
    found: String,
}

impl Finding {
    /// A finding about the whole body, until it is put somewhere else.
    pub fn new(
        severity: Severity,
        code: &str,
        words: FindingMessage,
        source: impl Into<String>,
    ) -> Self {
        let FindingMessage { message, expected, found } = words;
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

    /// Returns every string, to be cut.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let own = [&mut self.code, &mut self.pointer, &mut self.message, &mut self.expected];
        own.into_iter().chain([&mut self.found, &mut self.source]).chain(self.rule.as_mut())
    }

    /// Returns the number of bytes that it takes in memory.
    #[must_use]
    pub fn size_in_memory(&self) -> usize {
        let own = [&self.code, &self.pointer, &self.message, &self.expected, &self.found];
        let texts = own.into_iter().chain([&self.source]).chain(self.rule.as_ref());
        size_of::<Self>() + texts.map(String::capacity).sum::<usize>()
    }

    /// The same with the keyword of the schema that it breaks.
    #[must_use]
    pub fn breaks(self, rule: Option<String>) -> Self {
        Self { rule, ..self }
    }
}

impl FindingMessage {
    /// `is …, expected …`: the place is something else.
    pub fn is(found: impl Into<String>, expected: impl Into<Expected>) -> Self {
        let found = found.into();
        Self::sentence(&format!("is {found}"), found, expected.into())
    }

    /// `has …, expected …`: the place has too much or too little of something.
    pub fn has(found: impl Into<String>, expected: impl Into<Expected>) -> Self {
        let found = found.into();
        Self::sentence(&format!("has {found}"), found, expected.into())
    }

    /// `is missing, expected …`: nothing is there.
    pub fn missing(expected: impl Into<Expected>) -> Self {
        Self::sentence("is missing", "nothing".to_owned(), expected.into())
    }

    /// A sentence of its own, which says in its way what was found: `…, expected …`.
    pub fn told(beginning: &str, found: impl Into<String>, expected: impl Into<Expected>) -> Self {
        Self::sentence(beginning, found.into(), expected.into())
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

    fn sentence(beginning: &str, found: String, expected: Expected) -> Self {
        let Expected { whole, short } = expected;
        Self { message: format!("{beginning}, expected {short}"), expected: whole, found }
    }
}

/// A value from outside as a finding repeats it: in backticks, cut where it is long.
#[must_use]
pub fn shown(value: impl Display) -> String {
    let mut beginning = Beginning { text: String::new(), left: SHOWN };
    match write!(beginning, "{value}") {
        Ok(()) => format!("`{}`", beginning.text),
        Err(_) => format!("`{}…`", beginning.text),
    }
}

/// The beginning of what is written to it. It refuses the rest, which then is not made at all.
struct Beginning {
    text: String,
    /// The number of characters that it still takes.
    left: usize,
}

impl fmt::Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(c);
        }
        Ok(())
    }
}

/// What may stand in a place; of many options, a sentence tells those that are like `found`.
#[must_use]
pub fn one_of<'n>(names: impl IntoIterator<Item = &'n str>, noun: &str, found: &str) -> Expected {
    let names: Vec<_> = names.into_iter().collect();
    let told = |names: &[&str]| names.iter().map(shown).collect::<Vec<_>>().join(", ");
    let many = names.len();
    let mut whole = match names.as_slice() {
        [] => "nothing".to_owned(),
        [only] => shown(only),
        _ => format!("one of {}", told(&names[..many.min(MOST_LISTED)])),
    };
    if many <= LISTED {
        return whole.into();
    }
    if many > MOST_LISTED {
        whole.push_str(", …");
    }
    let short = match likest(&names, found).as_slice() {
        [] => format!("one of {many} {noun}"),
        near => format!("one of {many} {noun}, such as {}", told(near)),
    };
    Expected { whole, short }
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
            FindingMessage::is("`x`", "a number"),
            FindingMessage::has("3 letters", "at most 2").so("the rest is cut off"),
        ] {
            assert!(words.message.contains(&words.found), "{words:?}");
            assert!(words.message.contains(&words.expected), "{words:?}");
        }
        let missing = FindingMessage::missing("a text");
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
        let near = one_of(names, "events", "creatd");
        assert_eq!(near.short, "one of 8 events, such as `created`");
        assert!(
            near.whole.starts_with("one of `created`, `updated`, ")
                && near.whole.ends_with(" `kept`")
        );
        assert_eq!(one_of(names, "events", "xyz").short, "one of 8 events");
        assert_eq!(
            one_of(names[..2].to_vec(), "events", "x"),
            "one of `created`, `updated`".into()
        );
        assert_eq!(one_of(["created"], "events", "x"), "`created`".into());
    }
}
