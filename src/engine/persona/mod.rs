//! A made-up person in a made-up house, whom nobody can call, write to or visit.

mod names;
mod places;

use crate::domain::variation::{Country, Fact};
use crate::engine::dice::Dice;
use names::Names;
use places::{Region, Town};

/// Domains that RFC 2606 keeps for examples.
const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];

/// Who and where somebody is: every place of a payload that names them speaks of the same one.
#[derive(Clone, Debug)]
pub struct Persona {
    country: Country,
    region: &'static Region,
    town: &'static Town,
    first: &'static str,
    last: &'static str,
    title: &'static str,
    domain: &'static str,
    /// The three last digits of a telephone number; two of them count where only two are reserved.
    line: u64,
    house: u64,
    street: &'static str,
    postcode: String,
    /// How far from the middle of the town, in ten-thousandths of a degree.
    off: (i64, i64),
    beds: u64,
    /// What the house is worth, in thousands.
    price: u64,
    days_listed: u64,
    company: (&'static str, &'static str),
}

impl Persona {
    /// The person, or the place, called `name` in the payload that `seed` stands for.
    ///
    /// They all live in one region, and those whose names are alike up to the first `-` in one
    /// town: `lead-near-1` is a neighbour of `lead`.
    #[must_use]
    pub fn new(seed: u64, country: Country, name: &str) -> Self {
        // One region a payload: its people and houses are those of one market.
        let region = Dice::new(seed, "region").choose(places::regions(country));
        let household = name.split('-').next().unwrap_or(name);
        let town = Dice::new(seed, &format!("town {household}")).choose(&region.towns);
        let mut dice = Dice::new(seed, &format!("person {name}"));
        let Names { feminine, masculine, last } = names::names(country);
        let (first, titles) = if dice.below(2) == 0 {
            (dice.pick(feminine), ["Mrs", "Ms", "Miss", "Dr"])
        } else {
            (dice.pick(masculine), ["Mr", "Mr", "Mr", "Dr"])
        };
        let [latitude, longitude] =
            [dice.below(400), dice.below(400)].map(|at| i64::try_from(at).unwrap_or(200) - 200);
        Self {
            country,
            region,
            town,
            first,
            last: dice.pick(last),
            title: dice.pick(&titles),
            domain: dice.pick(&DOMAINS),
            line: dice.below(1000),
            house: 1 + dice.below(899),
            street: dice.pick(places::streets(country)),
            postcode: places::postcode(country, town, &mut dice),
            off: (latitude, longitude),
            beds: 1 + dice.below(6),
            price: 180 + dice.below(1_000),
            days_listed: 4 + dice.below(350),
            company: *dice.choose(&names::COMPANIES),
        }
    }

    /// What is known of them, as a text.
    #[must_use]
    pub fn fact(&self, fact: Fact) -> String {
        match fact {
            Fact::FirstName => self.first.to_owned(),
            Fact::LastName => self.last.to_owned(),
            Fact::Name => format!("{} {}", self.first, self.last),
            Fact::Title => self.title.to_owned(),
            Fact::Email => {
                format!("{}.{}@{}", names::plain(self.first), names::plain(self.last), self.domain)
            }
            Fact::Phone | Fact::PhoneE164 | Fact::PhoneSpaced => self.phone(fact),
            Fact::Company => self.company.0.to_owned(),
            Fact::Domain => format!("{}.{}", self.company.1, self.domain),
            Fact::Address => self.address(),
            Fact::Street => format!("{} {}", self.house, self.street),
            Fact::City => self.town.name.to_owned(),
            Fact::State => self.region.state.to_owned(),
            Fact::Postcode => self.postcode.clone(),
            Fact::Region => self.region.name.to_owned(),
            Fact::Latitude => degrees(self.town.latitude + self.off.0),
            Fact::Longitude => degrees(self.town.longitude + self.off.1),
            Fact::Beds => self.beds.to_string(),
            Fact::Price => (self.price * 1_000).to_string(),
            Fact::PriceLow => (self.price * 950).to_string(),
            Fact::PriceHigh => (self.price * 1_050).to_string(),
            Fact::Rent => (self.price * 4).to_string(),
            Fact::RentLow => cents(self.price * 375),
            Fact::RentHigh => cents(self.price * 425),
            Fact::DaysListed => self.days_listed.to_string(),
            Fact::MonthsListed => (self.days_listed / 30).to_string(),
        }
    }

    /// How many days ago the house was put on the market.
    #[must_use]
    pub fn days_listed(&self) -> u64 {
        self.days_listed
    }

    /// A number that is given to nobody: 555-0100 to 555-0199 in any area of the United States,
    /// and 07700 900000 to 900999, which Ofcom keeps for drama.
    fn phone(&self, form: Fact) -> String {
        let (area, us, drama) = (self.region.area_code, self.line % 100, self.line);
        match (self.country, form) {
            (Country::Us, Fact::PhoneE164) => format!("+1{area}55501{us:02}"),
            (Country::Us, Fact::PhoneSpaced) => format!("({area}) 555-01{us:02}"),
            (Country::Us, _) => format!("{area}-555-01{us:02}"),
            (Country::Gb, Fact::PhoneE164) => format!("+447700900{drama:03}"),
            (Country::Gb, Fact::PhoneSpaced) => format!("07700 900{drama:03}"),
            (Country::Gb, _) => format!("07700900{drama:03}"),
        }
    }

    fn address(&self) -> String {
        let (house, street, town) = (self.house, self.street, self.town.name);
        match self.country {
            Country::Us => {
                format!("{house} {street}, {town}, {} {}", self.region.state, self.postcode)
            }
            Country::Gb => format!("{house} {street}, {town}, {}", self.region.state),
        }
    }
}

/// Ten-thousandths of a degree as a decimal number, without a float on the way.
fn degrees(of: i64) -> String {
    let sign = if of < 0 { "-" } else { "" };
    let of = of.unsigned_abs();
    decimal(sign, of / 10_000, &format!("{:04}", of % 10_000))
}

/// Hundredths as a decimal number.
fn cents(of: u64) -> String {
    decimal("", of / 100, &format!("{:02}", of % 100))
}

/// Writes a number as JSON printers do: without zeros at its end.
fn decimal(sign: &str, whole: u64, decimals: &str) -> String {
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        decimals => format!("{sign}{whole}.{decimals}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const COUNTRIES: [Country; 2] = [Country::Us, Country::Gb];

    #[test]
    fn nobody_can_be_called_or_written_to() {
        for (country, seed) in COUNTRIES.into_iter().flat_map(|c| (0..1000).map(move |s| (c, s))) {
            let persona = Persona::new(seed, country, "lead");
            let email = persona.fact(Fact::Email);
            assert!(DOMAINS.iter().any(|domain| email.ends_with(&format!("@{domain}"))), "{email}");
            assert!(email.bytes().all(|byte| byte.is_ascii_lowercase() || b".-@".contains(&byte)));
            let phone = persona.fact(Fact::Phone);
            let e164 = persona.fact(Fact::PhoneE164);
            match country {
                Country::Us => {
                    assert!(phone.contains("-555-01") && phone.len() == 12, "{phone}");
                    assert_eq!(e164, format!("+1{}", phone.replace('-', "")));
                }
                Country::Gb => {
                    assert!(phone.starts_with("07700900") && phone.len() == 11, "{phone}");
                    assert_eq!(e164, format!("+44{}", &phone[1..]));
                }
            }
        }
    }

    #[test]
    fn the_people_of_one_payload_live_in_one_region_and_are_the_same_everywhere() {
        for seed in 0..100 {
            let of = |name, fact| Persona::new(seed, Country::Us, name).fact(fact);
            assert_eq!(of("lead", Fact::Region), of("agent", Fact::Region));
            assert_eq!(of("lead", Fact::State), of("property", Fact::State));
            assert_eq!(of("lead", Fact::City), of("lead-near-1", Fact::City));
            assert_ne!(of("lead", Fact::Address), of("lead-near-1", Fact::Address));
            assert_eq!(of("agent", Fact::Name), of("agent", Fact::Name));
        }
        let names = |name| -> BTreeSet<_> {
            (0..1000).map(|seed| Persona::new(seed, Country::Gb, name).fact(Fact::Name)).collect()
        };
        assert!(names("lead").len() > 700 && names("agent") != names("lead"));
    }

    #[test]
    fn an_address_holds_what_stands_beside_it() {
        for (country, seed) in COUNTRIES.into_iter().flat_map(|c| (0..200).map(move |s| (c, s))) {
            let persona = Persona::new(seed, country, "property");
            let address = persona.fact(Fact::Address);
            for part in [Fact::Street, Fact::City, Fact::State] {
                assert!(address.contains(&persona.fact(part)), "{address}");
            }
            assert!(address.len() <= 100, "{address}");
        }
    }

    #[test]
    fn numbers_are_made_of_whole_ones() {
        let printed = [214_012, -1_577_400, -9, 10_000, 0].map(degrees);
        assert_eq!(printed, ["21.4012", "-157.74", "-0.0009", "1", "0"]);
        assert_eq!([208_750, 5, 100].map(cents), ["2087.5", "0.05", "1"]);
    }
}
