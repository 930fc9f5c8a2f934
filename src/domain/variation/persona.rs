//! Synthetic personas, each with an address and a property, and the facts for templates.

use serde::Deserialize;

/// The country of the people and places that `--seed` generates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Country {
    /// The United States of America.
    #[default]
    Us,
    /// The United Kingdom.
    Gb,
}

/// A synthetic person with a home. All values of a payload about one person come from one persona.
#[derive(Clone, Debug)]
pub struct Persona {
    /// The country, which decides how telephone numbers and addresses are written.
    pub country: Country,
    /// The part of the country, the same for the whole payload.
    pub region: &'static str,
    /// The state in two letters, or the name of the county.
    pub state: &'static str,
    /// The area code of telephone numbers; empty if no numbers are reserved by area.
    pub area_code: &'static str,
    /// The town.
    pub town: &'static str,
    /// The zip code or the postcode.
    pub postcode: String,
    /// The house number.
    pub house: u64,
    /// The street.
    pub street: &'static str,
    /// Ten-thousandths of a degree north.
    pub latitude: i64,
    /// Ten-thousandths of a degree east.
    pub longitude: i64,
    /// The form of address, such as `Mrs`.
    pub title: &'static str,
    /// The first name.
    pub first: &'static str,
    /// The last name.
    pub last: &'static str,
    /// The domain of the email address, one that RFC 2606 reserves.
    pub domain: &'static str,
    /// The last three digits of the telephone number, of which the US uses two.
    pub line: u64,
    /// The number of bedrooms.
    pub beds: u64,
    /// The price of the property, in thousands.
    pub price: u64,
    /// The number of days that the property has been on the market.
    pub days_listed: u64,
    /// The name of an estate agency, and the label of its domain.
    pub company: (&'static str, &'static str),
}

/// A fact about a persona, and its placeholder in a template.
#[derive(Debug)]
pub struct Fact {
    /// The name of the placeholder.
    pub name: &'static str,
    /// `true` if the value is always written as a JSON number.
    pub is_number: bool,
    /// Returns the value as a string.
    pub of: fn(&Persona) -> String,
}

/// Every fact, in alphabetical order of the placeholders.
pub(super) static FACTS: [Fact; 29] = [
    text("address", Persona::address),
    number("beds", |who| who.beds.to_string()),
    text("city", |who| who.town.to_owned()),
    text("company", |who| who.company.0.to_owned()),
    text("county", |who| who.state.to_owned()),
    number("days-listed", |who| who.days_listed.to_string()),
    text("domain", |who| format!("{}.{}", who.company.1, who.domain)),
    text("email", |who| format!("{}.{}@{}", plain(who.first), plain(who.last), who.domain)),
    text("first-name", |who| who.first.to_owned()),
    text("last-name", |who| who.last.to_owned()),
    number("latitude", |who| degrees(who.latitude)),
    number("longitude", |who| degrees(who.longitude)),
    number("months-listed", |who| (who.days_listed / 30).to_string()),
    text("name", |who| format!("{} {}", who.first, who.last)),
    text("phone", |who| who.phone(["", "-555-01"], "07700900")),
    text("phone-e164", |who| who.phone(["+1", "55501"], "+447700900")),
    text("phone-spaced", |who| who.phone(["(", ") 555-01"], "07700 900")),
    text("postcode", |who| who.postcode.clone()),
    number("price", |who| (who.price * 1_000).to_string()),
    number("price-high", |who| (who.price * 1_050).to_string()),
    number("price-low", |who| (who.price * 950).to_string()),
    text("region", |who| who.region.to_owned()),
    number("rent", |who| (who.price * 4).to_string()),
    number("rent-high", |who| cents(who.price * 425)),
    number("rent-low", |who| cents(who.price * 375)),
    text("state", |who| who.state.to_owned()),
    text("street", |who| format!("{} {}", who.house, who.street)),
    text("title", |who| who.title.to_owned()),
    text("zip", |who| who.postcode.clone()),
];

const fn text(name: &'static str, of: fn(&Persona) -> String) -> Fact {
    Fact { name, is_number: false, of }
}

const fn number(name: &'static str, of: fn(&Persona) -> String) -> Fact {
    Fact { name, is_number: true, of }
}

impl Fact {
    /// Returns the fact of the placeholder `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        FACTS.iter().find(|fact| fact.name == name)
    }
}

/// Two facts are equal if their placeholders are: functions cannot be compared.
impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Fact {}

impl Persona {
    /// Formats a telephone number that is never assigned: 555-0100 to 555-0199 in any area of the
    /// United States, and 07700 900000 to 900999, which Ofcom reserves for drama.
    ///
    /// `us` has the parts before and after the area code, `gb` the part before the last digits.
    fn phone(&self, us: [&str; 2], gb: &str) -> String {
        match self.country {
            Country::Us => format!("{}{}{}{:02}", us[0], self.area_code, us[1], self.line % 100),
            Country::Gb => format!("{gb}{:03}", self.line),
        }
    }

    fn address(&self) -> String {
        let Self { house, street, town, state, .. } = self;
        match self.country {
            Country::Us => format!("{house} {street}, {town}, {state} {}", self.postcode),
            Country::Gb => format!("{house} {street}, {town}, {state}"),
        }
    }
}

/// Formats ten-thousandths of a degree as a decimal number, without rounding errors of floats.
fn degrees(ten_thousandths: i64) -> String {
    let sign = if ten_thousandths < 0 { "-" } else { "" };
    let magnitude = ten_thousandths.unsigned_abs();
    decimal(sign, magnitude / 10_000, &format!("{:04}", magnitude % 10_000))
}

/// Formats hundredths as a decimal number.
fn cents(hundredths: u64) -> String {
    decimal("", hundredths / 100, &format!("{:02}", hundredths % 100))
}

/// Formats a number as JSON serializers do: without trailing zeros.
fn decimal(sign: &str, whole: u64, decimals: &str) -> String {
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        decimals => format!("{sign}{whole}.{decimals}"),
    }
}

/// Converts a name to lower-case ASCII letters and hyphens, for an email address.
#[must_use]
pub fn plain(name: &str) -> String {
    let mut plain = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '-' => plain.push(c),
            'à' | 'á' | 'â' | 'ą' | 'ả' => plain.push('a'),
            'è' | 'é' | 'ë' => plain.push('e'),
            'í' => plain.push('i'),
            'ñ' => plain.push('n'),
            'ò' | 'ó' | 'ø' => plain.push('o'),
            'ú' => plain.push('u'),
            // Apostrophes, spaces and dots are left out, as is usual in email addresses.
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_in_alphabetical_order() {
        assert!(FACTS.is_sorted_by_key(|fact| fact.name));
    }

    #[test]
    fn decimal_numbers_are_formatted_from_integers() {
        let formatted = [214_012, -1_577_400, -9, 10_000, 0].map(degrees);
        assert_eq!(formatted, ["21.4012", "-157.74", "-0.0009", "1", "0"]);
        assert_eq!([208_750, 5, 100].map(cents), ["2087.5", "0.05", "1"]);
    }
}
