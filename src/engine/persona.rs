//! A made-up person, whom nobody can call or write to.

use crate::engine::dice::Dice;

const FIRST_NAMES: [&str; 24] = [
    "Alana", "Bram", "Celia", "Dorian", "Edda", "Florin", "Greta", "Hakon", "Ilse", "Joss",
    "Kalea", "Lorcan", "Maren", "Nohea", "Orla", "Pavel", "Quinta", "Rufus", "Saskia", "Tobin",
    "Una", "Vidar", "Wanda", "Yannis",
];

const LAST_NAMES: [&str; 24] = [
    "Abernethy",
    "Brandvold",
    "Castellan",
    "Dunmore",
    "Eastlake",
    "Farquhar",
    "Greenhalgh",
    "Hollis",
    "Ivarsen",
    "Jessop",
    "Kealoha",
    "Lindqvist",
    "Marchetti",
    "Norwood",
    "Okonjo",
    "Penhallow",
    "Quillfeather",
    "Rasmussen",
    "Stavely",
    "Thistlewood",
    "Underhill",
    "Vasquez",
    "Winterbourne",
    "Yardley",
];

const STREETS: [&str; 12] = [
    "Alder Row",
    "Bluff Bend",
    "Cinder Lane",
    "Driftwood Way",
    "Ember Court",
    "Fern Hollow",
    "Gull Terrace",
    "Heron Walk",
    "Ivy Close",
    "Juniper Rise",
    "Kestrel Drive",
    "Larkspur Road",
];

/// One person: every place of a payload that varies speaks of the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persona {
    /// The first name.
    pub first: &'static str,
    /// The last name.
    pub last: &'static str,
    /// The two last digits of every telephone number.
    line: u64,
    /// The three last digits of a number of Ofcom's drama range.
    drama: u64,
    house: u64,
    street: &'static str,
}

impl Persona {
    /// The person that `seed` stands for.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "persona");
        Self {
            first: dice.pick(&FIRST_NAMES),
            last: dice.pick(&LAST_NAMES),
            line: dice.below(100),
            drama: dice.below(1000),
            house: 1 + dice.below(899),
            street: dice.pick(&STREETS),
        }
    }

    /// Both names.
    #[must_use]
    pub fn full(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// An address under a domain that RFC 2606 keeps for examples.
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}.{}@example.com", self.first, self.last).to_lowercase()
    }

    /// A number of the range 555-0100 to 555-0199, which is never given to anyone.
    #[must_use]
    pub fn us_phone(&self) -> String {
        format!("808-555-01{:02}", self.line)
    }

    /// The same with its country code and without signs.
    #[must_use]
    pub fn us_phone_e164(&self) -> String {
        format!("+180855501{:02}", self.line)
    }

    /// A mobile number that Ofcom keeps for drama: 07700 900000 to 900999.
    #[must_use]
    pub fn uk_phone(&self) -> String {
        format!("07700900{:03}", self.drama)
    }

    /// A house number and a street.
    #[must_use]
    pub fn street(&self) -> String {
        format!("{} {}", self.house, self.street)
    }
}
