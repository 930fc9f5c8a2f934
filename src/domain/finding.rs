//! Findings about a request or its payload: a kind, a location, a message and the source of the
//! rule that was violated. A finding about the request as a whole has no location.

use serde::Serialize;
use std::fmt;
use std::fmt::{Display, Write};

/// The maximum number of characters of a value from the request in a finding. Its sender chooses
/// its length.
const MAX_VALUE_CHARS: usize = 60;

/// The maximum number of allowed values that a message lists; more of them are summarised.
const MAX_INLINE_VALUES: usize = 7;

/// The maximum number of allowed values in `expected`; the others are omitted.
const MAX_LISTED_VALUES: usize = 100;

/// The maximum number of allowed values that a message suggests instead of a long list.
const MAX_SUGGESTIONS: usize = 3;

/// The similarity to the found value that a suggestion must exceed, from 0 to 1.
const SIMILARITY_THRESHOLD: f64 = 0.8;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// Probably an error, but sources disagree, or the vendor's own examples have it too.
    Warning,
    /// The vendor's documentation unambiguously forbids it.
    Error,
}

/// One finding about a request or its payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its severity: an error makes the payload invalid.
    pub severity: Severity,
    /// The kind of finding, in kebab case.
    pub code: String,
    /// Its location: a JSON Pointer (RFC 6901), empty for the whole body.
    pub pointer: String,
    /// The found and the expected value, as a sentence whose subject is the location: `is 3,
    /// expected a string`.
    pub message: String,
    /// The expected value.
    pub expected: String,
    /// The value that was found.
    pub found: String,
    /// The location of the violated keyword in the JSON schemas, if any: `FILE#` and a JSON
    /// Pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The document that justifies the finding: the vendor's documentation, or a standard.
    pub source: String,
    /// `true` if it is about the request, not the payload; the pointer has no meaning then.
    #[serde(skip)]
    pub concerns_request: bool,
}

/// A description of the expected value: in full for `expected`, and shortened for the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The description in full, with at most [`MAX_LISTED_VALUES`] allowed values.
    full: String,
    short: String,
}

impl<T: Into<String>> From<T> for Expected {
    fn from(text: T) -> Self {
        let full = text.into();
        Self { short: full.clone(), full }
    }
}

/// The found value, the expected value, and a sentence with both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingMessage {
    sentence: String,
    expected: String,
    found: String,
}

impl Finding {
    /// Creates a finding about the whole body; [`Self::at`] moves it to another location.
    pub fn new(
        severity: Severity,
        code: &str,
        message: FindingMessage,
        source: impl Into<String>,
    ) -> Self {
        let FindingMessage { sentence, expected, found } = message;
        Self {
            severity,
            code: code.to_owned(),
            pointer: String::new(),
            message: sentence,
            expected,
            found,
            rule: None,
            source: source.into(),
            concerns_request: false,
        }
    }

    /// Returns it with this JSON Pointer as its location.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), ..self }
    }

    /// Returns it as a finding about the request, not the payload.
    #[must_use]
    pub fn about_request(self) -> Self {
        Self { concerns_request: true, ..self }
    }

    /// Returns every string, so that it can be truncated.
    pub fn strings_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let fields = [&mut self.code, &mut self.pointer, &mut self.message, &mut self.expected];
        fields.into_iter().chain([&mut self.found, &mut self.source]).chain(self.rule.as_mut())
    }

    /// Returns the number of bytes that it takes in memory.
    #[must_use]
    pub fn size_in_memory(&self) -> usize {
        let fields = [&self.code, &self.pointer, &self.message, &self.expected, &self.found];
        let strings = fields.into_iter().chain([&self.source]).chain(self.rule.as_ref());
        size_of::<Self>() + strings.map(String::capacity).sum::<usize>()
    }

    /// Returns it with the schema keyword that it violates.
    #[must_use]
    pub fn with_rule(self, rule: Option<String>) -> Self {
        Self { rule, ..self }
    }
}

impl FindingMessage {
    /// Creates `is FOUND, expected …`.
    pub fn is(found: impl Into<String>, expected: impl Into<Expected>) -> Self {
        let found = found.into();
        Self::compose(&format!("is {found}"), found, expected.into())
    }

    /// Creates `has FOUND, expected …`.
    pub fn has(found: impl Into<String>, expected: impl Into<Expected>) -> Self {
        let found = found.into();
        Self::compose(&format!("has {found}"), found, expected.into())
    }

    /// Creates `is missing, expected …`.
    pub fn missing(expected: impl Into<Expected>) -> Self {
        Self::compose("is missing", "nothing".to_owned(), expected.into())
    }

    /// Creates `PREFIX, expected …`, where the prefix describes the found value.
    pub fn with_found(
        prefix: &str,
        found: impl Into<String>,
        expected: impl Into<Expected>,
    ) -> Self {
        Self::compose(prefix, found.into(), expected.into())
    }

    /// Creates a custom message, which describes both values.
    pub fn custom(
        message: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { sentence: message.into(), expected: expected.into(), found: found.into() }
    }

    /// Appends a consequence after a colon.
    #[must_use]
    pub fn with_consequence(mut self, consequence: &str) -> Self {
        self.sentence.push_str(": ");
        self.sentence.push_str(consequence);
        self
    }

    fn compose(prefix: &str, found: String, expected: Expected) -> Self {
        let Expected { full, short } = expected;
        Self { sentence: format!("{prefix}, expected {short}"), expected: full, found }
    }
}

/// Formats a value from the request: in backticks, truncated to `MAX_VALUE_CHARS`.
#[must_use]
pub fn quote_value(value: impl Display) -> String {
    let mut excerpt = PrefixWriter { text: String::new(), chars_left: MAX_VALUE_CHARS };
    match write!(excerpt, "{value}") {
        Ok(()) => format!("`{}`", excerpt.text),
        Err(_) => format!("`{}…`", excerpt.text),
    }
}

/// A writer that keeps the first characters of its input. It returns an error at the limit, so that
/// the remainder is never formatted.
struct PrefixWriter {
    text: String,
    /// The number of characters that it still accepts.
    chars_left: usize,
}

impl fmt::Write for PrefixWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            self.chars_left = self.chars_left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(c);
        }
        Ok(())
    }
}

/// Lists the allowed values, of which `noun` is the plural, such as `events`. If there are more
/// than `MAX_INLINE_VALUES`, the message contains only their number and those similar to `found`.
#[must_use]
pub fn one_of<'n>(names: impl IntoIterator<Item = &'n str>, noun: &str, found: &str) -> Expected {
    let names: Vec<_> = names.into_iter().collect();
    let quoted = |names: &[&str]| names.iter().map(quote_value).collect::<Vec<_>>().join(", ");
    let count = names.len();
    let mut full = match names.as_slice() {
        [] => "nothing".to_owned(),
        [only] => quote_value(only),
        _ => format!("one of {}", quoted(&names[..count.min(MAX_LISTED_VALUES)])),
    };
    if count <= MAX_INLINE_VALUES {
        return full.into();
    }
    if count > MAX_LISTED_VALUES {
        full.push_str(", …");
    }
    let short = match most_similar(&names, found).as_slice() {
        [] => format!("one of {count} {noun}"),
        similar => format!("one of {count} {noun}, such as {}", quoted(similar)),
    };
    Expected { full, short }
}

/// Returns the names most similar to `found`; names of equal similarity keep their order.
fn most_similar<'n>(names: &[&'n str], found: &str) -> Vec<&'n str> {
    // The cost of a comparison grows with the product of the lengths, and no listed name is long.
    let found: String = found.chars().take(MAX_VALUE_CHARS).collect();
    let score = |name: &&'n str| (strsim::jaro_winkler(&found, name), *name);
    let mut scored: Vec<_> =
        names.iter().map(score).filter(|(score, _)| *score > SIMILARITY_THRESHOLD).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(MAX_SUGGESTIONS).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_contains_the_found_and_the_expected_value() {
        for message in [
            FindingMessage::is("`x`", "a number"),
            FindingMessage::has("3 characters", "at most 2")
                .with_consequence("the rest is cut off"),
        ] {
            assert!(message.sentence.contains(&message.found), "{message:?}");
            assert!(message.sentence.contains(&message.expected), "{message:?}");
        }
        let missing = FindingMessage::missing("a string");
        assert_eq!(
            (&*missing.sentence, &*missing.found),
            ("is missing, expected a string", "nothing")
        );
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(quote_value("ü"), "`ü`");
        let long = quote_value("ü".repeat(MAX_VALUE_CHARS + 1));
        assert_eq!(long, format!("`{}…`", "ü".repeat(MAX_VALUE_CHARS)));
    }

    #[test]
    fn a_long_list_is_shortened_to_similar_names() {
        let names = ["created", "updated", "added", "gone", "lost", "won", "sold", "kept"];
        let events = one_of(names, "events", "creatd");
        assert_eq!(events.short, "one of 8 events, such as `created`");
        assert!(
            events.full.starts_with("one of `created`, `updated`, ")
                && events.full.ends_with(" `kept`")
        );
        assert_eq!(one_of(names, "events", "xyz").short, "one of 8 events");
        assert_eq!(
            one_of(names[..2].to_vec(), "events", "x"),
            "one of `created`, `updated`".into()
        );
        assert_eq!(one_of(["created"], "events", "x"), "`created`".into());
    }
}
