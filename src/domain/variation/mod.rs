//! Variations of a payload: the rules of a pack's `[vary]`, which `--seed` applies.
//!
//! A rule is a string, which is a [`Template`], or a table with one key: `one-of`, `number`,
//! `number-of`, `time` or `listed`.

mod persona;
mod template;

pub use persona::{Country, Fact, Persona, ascii_name};
pub use template::{
    FactPlaceholder, LEAD, Label, RandomValue, Template, TemplateError, TemplatePiece,
};

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Number, Value};
use std::collections::BTreeMap;
use std::fmt;

/// The rules for the values of a payload: the variation of each pattern's matches. A pattern is a
/// JSON Pointer in which `*` stands for every item and `[field=value]` for a condition.
pub type Variations = BTreeMap<String, Variation>;

/// The largest integer that every JSON parser represents exactly, 2^53 - 1.
const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;

/// The maximum number of digits after the decimal point.
const MAX_DECIMALS: u32 = 6;

/// The replacement for a value of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Variation {
    /// A string generated from a template.
    Text(Template),
    /// One of several values.
    OneOf(Vec<Choice>),
    /// A random number in a range.
    Number(NumberRange),
    /// The value of a placeholder, as a number.
    NumberOf(TemplatePiece),
    /// A time in the format of the sample.
    Time(RelativeTime),
    /// The time at which a property was put on the market, in the format of the sample.
    ListingDate(Label),
}

/// One of the values of `one-of`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Choice {
    /// A string, with placeholders in braces.
    Text(Template),
    /// A literal number or boolean.
    Literal(Value),
}

/// An inclusive range of numbers, scaled to integers by the number of decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberRange {
    /// The minimum.
    pub min: i64,
    /// The maximum.
    pub max: i64,
    /// The number of digits after the decimal point.
    pub decimals: u32,
}

/// A time relative to the time of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RelativeTime {
    /// In the last days. Times increase in document order.
    Past,
    /// In the next weeks. Times increase in document order.
    #[serde(rename = "coming")]
    Future,
    /// Years ago.
    LongAgo,
}

impl Variation {
    /// Returns `true` if its value identifies the lead: an id, an email address or a telephone
    /// number of the lead.
    #[must_use]
    pub fn identifies_lead(&self) -> bool {
        match self {
            Self::Text(template) => template.identifies_lead(),
            Self::NumberOf(piece) => piece.identifies_lead(),
            Self::OneOf(choices) => choices
                .iter()
                .all(|choice| matches!(choice, Choice::Text(text) if text.identifies_lead())),
            Self::Number(_) | Self::Time(_) | Self::ListingDate(_) => false,
        }
    }
}

/// A rule of `[vary]` that is written as a table.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct VariationTable {
    one_of: Option<Vec<Choice>>,
    number: Option<[i64; 2]>,
    decimals: Option<u32>,
    number_of: Option<String>,
    time: Option<RelativeTime>,
    listed: Option<String>,
}

impl VariationTable {
    fn into_variation(self) -> Result<Variation, String> {
        let range = |[min, max]: [i64; 2]| NumberRange::new(min, max, self.decimals.unwrap_or(0));
        let mut variations = Vec::new();
        variations.extend(self.one_of.map(one_of));
        variations.extend(self.number.map(|bounds| range(bounds).map(Variation::Number)));
        variations.extend(self.number_of.map(|placeholder| number_of(&placeholder)));
        variations.extend(self.time.map(|when| Ok(Variation::Time(when))));
        variations.extend(self.listed.map(|name| listing_date(&name)));
        if self.decimals.is_some() && self.number.is_none() {
            return Err("`decimals` is only valid with `number`".to_owned());
        }
        match (variations.pop(), variations.is_empty()) {
            (Some(only), true) => only,
            _ => Err("expected exactly one of `one-of`, `number`, `number-of`, `time`, `listed`"
                .to_owned()),
        }
    }
}

fn one_of(choices: Vec<Choice>) -> Result<Variation, String> {
    if choices.is_empty() {
        return Err("`one-of` is empty: expected at least one value".to_owned());
    }
    Ok(Variation::OneOf(choices))
}

fn number_of(placeholder: &str) -> Result<Variation, String> {
    let piece = template::parse_placeholder(placeholder).map_err(|error| error.to_string())?;
    if piece.is_number() {
        return Ok(Variation::NumberOf(piece));
    }
    Err(format!(
        "`{placeholder}` is not a number: expected one of {}",
        template::number_placeholders()
    ))
}

fn listing_date(name: &str) -> Result<Variation, String> {
    Label::new(name).map(Variation::ListingDate).map_err(|error| error.to_string())
}

impl NumberRange {
    /// Creates the range from `min` to `max` with `decimals` digits after the decimal point.
    fn new(min: i64, max: i64, decimals: u32) -> Result<Self, String> {
        if min > max {
            return Err(format!("`{min}` is greater than `{max}`: expected the minimum first"));
        }
        if decimals > MAX_DECIMALS {
            return Err(format!("`decimals` is {decimals}, expected at most {MAX_DECIMALS}"));
        }
        let scaled = |bound: i64| {
            let scaled = bound.checked_mul(10_i64.pow(decimals))?;
            (scaled.checked_abs()? <= MAX_SAFE_INTEGER).then_some(scaled)
        };
        match (scaled(min), scaled(max)) {
            (Some(min), Some(max)) => Ok(Self { min, max, decimals }),
            _ => Err("`number` is out of range: JSON parsers represent at most 15 digits exactly"
                .to_owned()),
        }
    }
}

impl<'de> Deserialize<'de> for Variation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct VariationVisitor;
        impl<'de> Visitor<'de> for VariationVisitor {
            type Value = Variation;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a string such as \"{first-name}\", or a table such as { number = [0, 9] }",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Variation, E> {
                text.parse().map(Variation::Text).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Variation, A::Error> {
                let table = VariationTable::deserialize(MapAccessDeserializer::new(map))?;
                table.into_variation().map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_any(VariationVisitor)
    }
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ChoiceVisitor;
        impl Visitor<'_> for ChoiceVisitor {
            type Value = Choice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, a number or a boolean")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Choice, E> {
                text.parse().map(Choice::Text).map_err(E::custom)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Choice, E> {
                Ok(Choice::Literal(value.into()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Choice, E> {
                Ok(Choice::Literal(value.into()))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Choice, E> {
                let number = Number::from_f64(value);
                let number =
                    number.ok_or_else(|| E::custom("this number cannot be represented in JSON"))?;
                Ok(Choice::Literal(number.into()))
            }
        }
        deserializer.deserialize_any(ChoiceVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Variation, String> {
        let mut table: BTreeMap<String, Variation> =
            toml::from_str(&format!("\"/a\" = {value}")).map_err(|error| error.to_string())?;
        table.remove("/a").ok_or_else(String::new)
    }

    #[test]
    fn a_rule_is_a_template_or_a_table_with_one_key() {
        assert!(matches!(read("\"{first-name}\""), Ok(Variation::Text(_))));
        assert!(matches!(
            read("{ time = \"long-ago\" }"),
            Ok(Variation::Time(RelativeTime::LongAgo))
        ));
        assert!(matches!(read("{ listed = \"property\" }"), Ok(Variation::ListingDate(_))));
        assert!(matches!(read("{ number-of = \"digits:6:office\" }"), Ok(Variation::NumberOf(_))));
        let range = NumberRange { min: -50, max: 1000, decimals: 1 };
        assert_eq!(read("{ number = [-5, 100], decimals = 1 }"), Ok(Variation::Number(range)));
        let Ok(Variation::OneOf(choices)) = read("{ one-of = [\"{city}\", 1, 2.5, true] }") else {
            panic!("expected a choice")
        };
        assert_eq!(choices[1..], [1.into(), 2.5.into(), true.into()].map(Choice::Literal));
    }

    #[test]
    fn ids_and_contact_details_of_the_lead_identify_it() {
        for (rule, expected) in [
            ("\"lead_{hex:8:lead}\"", true),
            ("{ number-of = \"digits:6:lead\" }", true),
            ("\"{email}\"", true),
            ("{ one-of = [\"{phone}\", \"{phone-spaced}\"] }", true),
            ("{ one-of = [\"{phone}\", \"none\"] }", false),
            ("\"{agent.email}\"", false),
            ("\"{uuid:site}\"", false),
            ("\"{uuid}\"", false),
            ("\"{first-name}\"", false),
            ("\"https://{agency.domain}/{uuid:lead}\"", false),
            ("{ time = \"past\" }", false),
        ] {
            assert_eq!(read(rule).unwrap().identifies_lead(), expected, "{rule}");
        }
    }

    #[test]
    fn an_invalid_rule_is_rejected_with_its_location() {
        for (written, expected) in [
            ("\"{fist-name}\"", "unknown placeholder `fist-name`: expected one of `address`, "),
            ("{ one-of = [\"{nobody}\"] }", "unknown placeholder `nobody`"),
            ("{ colour = \"red\" }", "unknown field `colour`, expected one of `one-of`, `number`"),
            ("{ time = \"soon\" }", "unknown variant `soon`, expected one of `past`, `coming`"),
            ("{}", "expected exactly one of `one-of`"),
            ("{ time = \"past\", number = [0, 1] }", "expected exactly one of `one-of`"),
            ("{ time = \"past\", decimals = 1 }", "`decimals` is only valid with `number`"),
            ("{ number = [2, 1] }", "`2` is greater than `1`"),
            ("{ number = [0, 1], decimals = 7 }", "expected at most 6"),
            ("{ number = [0, 9007199254740991], decimals = 1 }", "out of range"),
            ("{ number-of = \"city\" }", "`city` is not a number: expected one of `beds`, "),
            ("{ one-of = [] }", "`one-of` is empty"),
            ("{ one-of = [[1]] }", "expected a string, a number or a boolean"),
            ("{ one-of = [nan] }", "this number cannot be represented in JSON"),
            ("{ listed = \"A b\" }", "`A b` is not a valid name"),
            ("7", "expected a string such as \"{first-name}\""),
        ] {
            let error = read(written).unwrap_err();
            assert!(error.contains(expected), "{written}: {error}");
            assert!(error.contains("line 1, column "), "{written}: {error}");
        }
    }
}
