//! Template strings with placeholders: `"{street}, {city}"`, `"{agent.email}"`,
//! `"lead_{hex:8:lead}"`.

use crate::domain::variation::persona::{FACTS, Fact};
use serde::Deserialize;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// The persona that a placeholder refers to if it names none: the lead. Its ids have this label.
pub const LEAD: &str = "lead";

/// The maximum number of digits of one placeholder.
const MAX_DIGITS: usize = 64;

/// A kind of random value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RandomValue {
    /// A hyphenated, lower-case UUID.
    Uuid,
    /// This number of lower-case hex digits.
    Hex(usize),
    /// This number of decimal digits, the first of which is not 0.
    Digits(usize),
}

/// The name of a person, of a property, or of an id that several values share.
///
/// `*` in it stands for the number of the list item, counted from 1, so that every item has its own
/// persona or id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label(String);

/// A placeholder for a fact about a persona, such as `{agent.email}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactPlaceholder {
    /// The name of the persona.
    pub persona: Label,
    /// The fact itself.
    pub fact: &'static Fact,
}

/// A part of a template: a literal or a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemplatePiece {
    /// A literal string.
    Literal(String),
    /// A fact about a persona.
    Fact(FactPlaceholder),
    /// A random value: its own, or one that all placeholders with the same label share.
    Random(RandomValue, Option<Label>),
}

/// A string with placeholders in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<TemplatePiece>);

/// An error in a template.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemplateError {
    /// The placeholder is unknown.
    #[error(
        "unknown placeholder `{placeholder}`: expected one of {known}",
        known = placeholders(|_| true)
    )]
    Unknown {
        /// The placeholder, as written.
        placeholder: String,
    },
    /// The number of digits is missing or out of range.
    #[error("`{placeholder}` has no number of digits: expected 1 to {MAX_DIGITS}, as in `hex:12`")]
    Digits {
        /// The placeholder, as written.
        placeholder: String,
    },
    /// The name is not a valid one.
    #[error("`{name}` is not a valid name: expected lower-case letters, digits and `-`")]
    Label {
        /// The name, as written.
        name: String,
    },
    /// A brace has no counterpart.
    #[error(
        "unmatched `{brace}`: expected `{{placeholder}}`, or `{brace}{brace}` for a literal brace"
    )]
    Brace {
        /// The brace.
        brace: char,
    },
}

impl Label {
    /// Creates a label if `text` is a valid one.
    pub fn new(text: &str) -> Result<Self, TemplateError> {
        let is_allowed =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '*';
        if text.is_empty() || !text.chars().all(is_allowed) {
            return Err(TemplateError::Label { name: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns `true` for the lead that the payload is about.
    fn is_lead(&self) -> bool {
        self.0 == LEAD
    }

    /// Returns the name with `*` replaced by the number of the item whose index is `item`.
    #[must_use]
    pub fn for_item(&self, item: Option<usize>) -> String {
        self.0.replace('*', &item.map_or(0, |item| item + 1).to_string())
    }
}

impl TemplatePiece {
    /// Returns `true` if its value is always a valid JSON number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Fact(placeholder) => placeholder.fact.is_number,
            Self::Random(chance, _) => matches!(chance, RandomValue::Digits(1..=15)),
        }
    }

    /// Returns `true` if its value is an id of the lead, or its email address or telephone number.
    #[must_use]
    pub fn identifies_lead(&self) -> bool {
        match self {
            Self::Literal(_) | Self::Random(_, None) => false,
            Self::Fact(placeholder) => {
                placeholder.persona.is_lead() && placeholder.fact.is_contact()
            }
            Self::Random(_, Some(label)) => label.is_lead(),
        }
    }
}

impl Template {
    /// Returns `true` if it is a value that identifies the lead, with nothing but fixed text around
    /// it.
    #[must_use]
    pub fn identifies_lead(&self) -> bool {
        let is_fixed = |piece: &TemplatePiece| matches!(piece, TemplatePiece::Literal(_));
        self.0.iter().any(TemplatePiece::identifies_lead)
            && self.0.iter().all(|piece| is_fixed(piece) || piece.identifies_lead())
    }

    /// Returns its pieces, in order.
    #[must_use]
    pub fn pieces(&self) -> &[TemplatePiece] {
        &self.0
    }
}

/// Parses a placeholder, without its braces.
pub(super) fn parse_placeholder(text: &str) -> Result<TemplatePiece, TemplateError> {
    let unknown = || TemplateError::Unknown { placeholder: text.to_owned() };
    let (head, rest) = text.split_once(':').map_or((text, None), |(head, rest)| (head, Some(rest)));
    match (head, rest) {
        ("uuid", label) => {
            Ok(TemplatePiece::Random(RandomValue::Uuid, label.map(Label::new).transpose()?))
        }
        ("hex" | "digits", rest) => {
            let rest = rest.unwrap_or_default();
            let (count, label) =
                rest.split_once(':').map_or((rest, None), |(count, label)| (count, Some(label)));
            let count = count.parse().ok().filter(|count| (1..=MAX_DIGITS).contains(count));
            let count =
                count.ok_or_else(|| TemplateError::Digits { placeholder: text.to_owned() })?;
            let chance =
                if head == "hex" { RandomValue::Hex(count) } else { RandomValue::Digits(count) };
            Ok(TemplatePiece::Random(chance, label.map(Label::new).transpose()?))
        }
        (_, Some(_)) => Err(unknown()),
        (head, None) => {
            let (of, fact) = head.rsplit_once('.').unwrap_or((LEAD, head));
            let fact = Fact::find(fact).ok_or_else(unknown)?;
            Ok(TemplatePiece::Fact(FactPlaceholder { persona: Label::new(of)?, fact }))
        }
    }
}

/// Lists the placeholders of random values, and of the facts that `is_listed` accepts, for a
/// message.
fn placeholders(is_listed: impl Fn(&Fact) -> bool) -> String {
    let facts = FACTS.iter().filter(|fact| is_listed(fact)).map(|fact| format!("`{}`", fact.name));
    let random = ["`digits:5`", "`hex:12`", "`uuid`"].map(str::to_owned);
    facts.chain(random).collect::<Vec<_>>().join(", ")
}

/// Lists every placeholder whose value is a number, for a message.
pub(super) fn number_placeholders() -> String {
    placeholders(|fact| fact.is_number).replace(", `hex:12`, `uuid`", "")
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            literal.push_str(before);
            if let Some(after) = brace.strip_prefix("{{").or_else(|| brace.strip_prefix("}}")) {
                literal.extend(brace.chars().next());
                rest = after;
                continue;
            }
            let placeholder = brace.strip_prefix('{').ok_or(TemplateError::Brace { brace: '}' })?;
            let (placeholder, after) =
                placeholder.split_once('}').ok_or(TemplateError::Brace { brace: '{' })?;
            if !literal.is_empty() {
                pieces.push(TemplatePiece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(parse_placeholder(placeholder)?);
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(TemplatePiece::Literal(literal));
        }
        Ok(Self(pieces))
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<TemplatePiece>, TemplateError> {
        text.parse::<Template>().map(|template| template.0)
    }

    fn placeholder(persona: &str, fact: &str) -> TemplatePiece {
        TemplatePiece::Fact(FactPlaceholder {
            persona: Label::new(persona).unwrap(),
            fact: Fact::find(fact).unwrap(),
        })
    }

    #[test]
    fn placeholders_are_in_braces_and_the_rest_is_literal() {
        let literal = |text: &str| TemplatePiece::Literal(text.to_owned());
        assert_eq!(
            read("{street}, {agent.city} {{zip}} 100 %"),
            Ok(vec![
                placeholder("lead", "street"),
                literal(", "),
                placeholder("agent", "city"),
                literal(" {zip} 100 %"),
            ])
        );
        assert_eq!(read(""), Ok(vec![]));
        let shared = Label::new("lead").unwrap();
        assert_eq!(
            read("{uuid}{hex:12}{digits:5:lead}"),
            Ok(vec![
                TemplatePiece::Random(RandomValue::Uuid, None),
                TemplatePiece::Random(RandomValue::Hex(12), None),
                TemplatePiece::Random(RandomValue::Digits(5), Some(shared)),
            ])
        );
    }

    #[test]
    fn an_invalid_template_is_rejected() {
        let unknown = |text: &str| TemplateError::Unknown { placeholder: text.to_owned() };
        let digits = |text: &str| TemplateError::Digits { placeholder: text.to_owned() };
        let label = |name: &str| TemplateError::Label { name: name.to_owned() };
        for (text, expected) in [
            ("{x}", unknown("x")),
            ("{}", unknown("")),
            ("{city:1}", unknown("city:1")),
            ("{agent.x}", unknown("agent.x")),
            ("{.city}", label("")),
            ("{A.city}", label("A")),
            ("{a.b.city}", label("a.b")),
            ("{uuid:}", label("")),
            ("{hex}", digits("hex")),
            ("{hex:0}", digits("hex:0")),
            ("{hex:65}", digits("hex:65")),
            ("{digits:x}", digits("digits:x")),
            ("a { b", TemplateError::Brace { brace: '{' }),
            ("a } b", TemplateError::Brace { brace: '}' }),
        ] {
            assert_eq!(read(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn every_placeholder_is_parsed() {
        for Fact { name, .. } in &FACTS {
            assert_eq!(read(&format!("{{{name}}}")), Ok(vec![placeholder("lead", name)]), "{name}");
        }
    }

    #[test]
    fn a_star_is_replaced_by_the_number_of_the_item() {
        let label = Label::new("home-*").unwrap();
        assert_eq!(
            [Some(0), Some(9), None].map(|item| label.for_item(item)),
            ["home-1", "home-10", "home-0"]
        );
    }
}
