//! Synthetic people and their homes, drawn from a seed. Their phone numbers and email domains are
//! reserved, and their streets fictitious, so that they cannot be called, written to or visited.

mod names;
mod places;

use crate::domain::variation::{Country, Persona};
use crate::engine::seeded_rng::SeededRng;
use names::Names;

/// Domains that RFC 2606 reserves for examples.
const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];

/// Returns the persona called `name` in the payload of `seed`.
///
/// All personas of one seed live in one region. Those whose names are equal up to the first `-`
/// live in one town: `lead-near-1` is a neighbour of `lead`.
#[must_use]
pub fn draw(seed: u64, country: Country, name: &str) -> Persona {
    // One region per payload, as its people and houses belong to one market.
    let region = SeededRng::new(seed, "region").choose(places::regions(country));
    let group = name.split('-').next().unwrap_or(name);
    let town = SeededRng::new(seed, &format!("town {group}")).choose(&region.towns);
    let mut rng = SeededRng::new(seed, &format!("person {name}"));
    let Names { feminine, masculine, last } = names::names(country);
    let (first, titles) = if rng.number_below(2) == 0 {
        (rng.pick(feminine), ["Mrs", "Ms", "Miss", "Dr"])
    } else {
        (rng.pick(masculine), ["Mr", "Mr", "Mr", "Dr"])
    };
    let [north, east] = [rng.number_below(400), rng.number_below(400)]
        .map(|offset| i64::try_from(offset).unwrap_or(200) - 200);
    // The order of the draws determines the result for a seed: changing it changes every payload.
    Persona {
        country,
        region: region.name,
        state: region.state,
        area_code: region.area_code,
        town: town.name,
        latitude: town.latitude + north,
        longitude: town.longitude + east,
        first_name: first,
        last_name: rng.pick(last),
        title: rng.pick(&titles),
        domain: rng.pick(&DOMAINS),
        phone_digits: rng.number_below(1000),
        house_number: 1 + rng.number_below(899),
        street: rng.pick(places::streets(country)),
        postcode: places::postcode(country, town, &mut rng),
        beds: 1 + rng.number_below(6),
        price: 180 + rng.number_below(1_000),
        days_listed: 4 + rng.number_below(350),
        company: *rng.choose(&names::COMPANIES),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::variation::Fact;
    use std::collections::BTreeSet;

    fn fact(persona: &Persona, name: &str) -> String {
        (Fact::find(name).unwrap().value)(persona)
    }

    const COUNTRIES: [Country; 2] = [Country::Us, Country::Gb];

    #[test]
    fn phone_numbers_and_email_domains_are_reserved() {
        for (country, seed) in COUNTRIES.into_iter().flat_map(|c| (0..1000).map(move |s| (c, s))) {
            let persona = draw(seed, country, "lead");
            let email = fact(&persona, "email");
            assert!(DOMAINS.iter().any(|domain| email.ends_with(&format!("@{domain}"))), "{email}");
            assert!(email.bytes().all(|byte| byte.is_ascii_lowercase() || b".-@".contains(&byte)));
            let phone = fact(&persona, "phone");
            let e164 = fact(&persona, "phone-e164");
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
    fn the_people_of_one_payload_live_in_one_region() {
        for seed in 0..100 {
            let of = |name, word| fact(&draw(seed, Country::Us, name), word);
            assert_eq!(of("lead", "region"), of("agent", "region"));
            assert_eq!(of("lead", "state"), of("property", "state"));
            assert_eq!(of("lead", "city"), of("lead-near-1", "city"));
            assert_ne!(of("lead", "address"), of("lead-near-1", "address"));
            assert_eq!(of("agent", "name"), of("agent", "name"));
        }
        let names = |name| -> BTreeSet<_> {
            (0..1000).map(|seed| fact(&draw(seed, Country::Gb, name), "name")).collect()
        };
        assert!(names("lead").len() > 700 && names("agent") != names("lead"));
    }

    #[test]
    fn an_address_contains_its_street_city_and_state() {
        for (country, seed) in COUNTRIES.into_iter().flat_map(|c| (0..200).map(move |s| (c, s))) {
            let persona = draw(seed, country, "property");
            let address = fact(&persona, "address");
            for part in ["street", "city", "state"] {
                assert!(address.contains(&fact(&persona, part)), "{address}");
            }
            assert!(address.len() <= 100, "{address}");
        }
    }
}
