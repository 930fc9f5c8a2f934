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
    pub house_number: u64,
    /// The street.
    pub street: &'static str,
    /// Ten-thousandths of a degree north.
    pub latitude: i64,
    /// Ten-thousandths of a degree east.
    pub longitude: i64,
    /// The form of address, such as `Mrs`.
    pub title: &'static str,
    /// The first name.
    pub first_name: &'static str,
    /// The last name.
    pub last_name: &'static str,
    /// The domain of the email address, one that RFC 2606 reserves.
    pub domain: &'static str,
    /// The last three digits of the telephone number, of which the US uses two.
    pub phone_digits: u64,
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
    pub value: fn(&Persona) -> String,
}

/// The facts at which a person can be reached.
const CONTACTS: [&str; 4] = ["email", "phone", "phone-e164", "phone-spaced"];

/// Every fact, in alphabetical order of the placeholders.
pub(super) static FACTS: [Fact; 29] = [
    text_fact("address", Persona::address),
    number_fact("beds", |who| who.beds.to_string()),
    text_fact("city", |who| who.town.to_owned()),
    text_fact("company", |who| who.company.0.to_owned()),
    text_fact("county", |who| who.state.to_owned()),
    number_fact("days-listed", |who| who.days_listed.to_string()),
    text_fact("domain", |who| format!("{}.{}", who.company.1, who.domain)),
    text_fact("email", |who| {
        format!("{}.{}@{}", ascii_name(who.first_name), ascii_name(who.last_name), who.domain)
    }),
    text_fact("first-name", |who| who.first_name.to_owned()),
    text_fact("last-name", |who| who.last_name.to_owned()),
    number_fact("latitude", |who| degrees(who.latitude)),
    number_fact("longitude", |who| degrees(who.longitude)),
    number_fact("months-listed", |who| (who.days_listed / 30).to_string()),
    text_fact("name", |who| format!("{} {}", who.first_name, who.last_name)),
    text_fact("phone", |who| who.phone(["", "-555-01"], "07700900")),
    text_fact("phone-e164", |who| who.phone(["+1", "55501"], "+447700900")),
    text_fact("phone-spaced", |who| who.phone(["(", ") 555-01"], "07700 900")),
    text_fact("postcode", |who| who.postcode.clone()),
    number_fact("price", |who| (who.price * 1_000).to_string()),
    number_fact("price-high", |who| (who.price * 1_050).to_string()),
    number_fact("price-low", |who| (who.price * 950).to_string()),
    text_fact("region", |who| who.region.to_owned()),
    number_fact("rent", |who| (who.price * 4).to_string()),
    number_fact("rent-high", |who| cents(who.price * 425)),
    number_fact("rent-low", |who| cents(who.price * 375)),
    text_fact("state", |who| who.state.to_owned()),
    text_fact("street", |who| format!("{} {}", who.house_number, who.street)),
    text_fact("title", |who| who.title.to_owned()),
    text_fact("zip", |who| who.postcode.clone()),
];

const fn text_fact(name: &'static str, of: fn(&Persona) -> String) -> Fact {
    Fact { name, is_number: false, value: of }
}

const fn number_fact(name: &'static str, of: fn(&Persona) -> String) -> Fact {
    Fact { name, is_number: true, value: of }
}

impl Fact {
    /// Returns the fact of the placeholder `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        FACTS.iter().find(|fact| fact.name == name)
    }

    /// Returns `true` if a person can be reached at the value: an email address or a telephone
    /// number.
    #[must_use]
    pub fn is_contact(&self) -> bool {
        CONTACTS.contains(&self.name)
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
            Country::Us => {
                format!("{}{}{}{:02}", us[0], self.area_code, us[1], self.phone_digits % 100)
            }
            Country::Gb => format!("{gb}{:03}", self.phone_digits),
        }
    }

    fn address(&self) -> String {
        let Self { house_number: house, street, town, state, .. } = self;
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
pub fn ascii_name(name: &str) -> String {
    let mut ascii = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '-' => ascii.push(c),
            'à' | 'á' | 'â' | 'ą' | 'ả' => ascii.push('a'),
            'è' | 'é' | 'ë' => ascii.push('e'),
            'í' => ascii.push('i'),
            'ñ' => ascii.push('n'),
            'ò' | 'ó' | 'ø' => ascii.push('o'),
            'ú' => ascii.push('u'),
            // Apostrophes, spaces and dots are left out, as is usual in email addresses.
            _ => {}
        }
    }
    ascii
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
