//! Synthetic personas, each with an address and a property, and the facts that a template can use.

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

/// A synthetic person: every value of a payload that names them is taken from here.
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
    /// The last three digits of the telephone number, or two where only two are reserved.
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
    /// The word.
    pub name: &'static str,
    /// `true` if the value is always written as a JSON number.
    pub is_number: bool,
    /// Returns the value as a string.
    pub of: fn(&Persona) -> String,
}

/// Every fact, in the order of the words.
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

/// Two facts are equal if their words are: functions cannot be compared.
impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Fact {}

impl Persona {
    /// Writes a number that is assigned to nobody: 555-0100 to 555-0199 in any area of the United
    /// States, and 07700 900000 to 900999, which Ofcom reserves for drama.
    ///
    /// `us` is the part before and after the area code, `gb` the part before the last three digits.
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

/// Writes ten-thousandths of a degree as a decimal number, without a float in between.
fn degrees(of: i64) -> String {
    let sign = if of < 0 { "-" } else { "" };
    let of = of.unsigned_abs();
    decimal(sign, of / 10_000, &format!("{:04}", of % 10_000))
}

/// Writes hundredths as a decimal number.
fn cents(of: u64) -> String {
    decimal("", of / 100, &format!("{:02}", of % 100))
}

/// Writes a number as JSON printers do: without trailing zeros.
fn decimal(sign: &str, whole: u64, decimals: &str) -> String {
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        decimals => format!("{sign}{whole}.{decimals}"),
    }
}

/// Returns a name in the characters that any email address may contain.
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
    fn the_words_are_in_order() {
        assert!(FACTS.is_sorted_by_key(|fact| fact.name));
    }

    #[test]
    fn numbers_are_made_of_whole_ones() {
        let printed = [214_012, -1_577_400, -9, 10_000, 0].map(degrees);
        assert_eq!(printed, ["21.4012", "-157.74", "-0.0009", "1", "0"]);
        assert_eq!([208_750, 5, 100].map(cents), ["2087.5", "0.05", "1"]);
    }
}
