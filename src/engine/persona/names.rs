//! First and last names, combined at random, and fictitious estate agencies.

use crate::domain::variation::Country;

/// The names of a country.
pub(super) struct Names {
    pub(super) feminine: &'static [&'static str],
    pub(super) masculine: &'static [&'static str],
    pub(super) last: &'static [&'static str],
}

#[rustfmt::skip]
const US: Names = Names {
    feminine: &[
        "Alana", "Beatriz", "Chloé", "Dana", "Elena", "Fatima", "Grace", "Hana", "Inés", "Joy-Ann",
        "Kalea", "Leilani", "Mei-Ling", "Noelani", "Odalys", "Priya", "Quinn", "Renée", "Saanvi",
        "Thuy", "Uma", "Valentina", "Willa", "Ximena", "Yuki", "Zoë",
    ],
    masculine: &[
        "Andre", "Bảo", "Carlos", "D'Angelo", "Emeka", "Francisco", "Grady", "Hiroshi", "Isaiah",
        "José", "Kekoa", "Luka", "Malik", "Nikhil", "Omar", "Pavel", "Quentin", "Rubén", "Søren",
        "Tomás", "Umi", "Víctor", "Wendell", "Xavier", "Yusuf", "Zachary",
    ],
    last: &[
        "Abernethy", "Alvarado", "Begaye", "Brandvold", "Castellanos", "Chaudhuri", "De la Cruz",
        "Delacroix", "Eastlake", "Etxeberria", "Farquhar", "Fukunaga", "García-López", "Greenhalgh",
        "Hollis", "Ibarra", "Ivarsen", "Jessop", "Kahananui", "Kealoha", "Lindqvist", "Marchetti",
        "McAllister", "Muñoz", "Ngo", "Norwood", "O'Shaughnessy", "Okonjo", "Pérez", "Penhallow",
        "Quiñones", "Rasmussen", "Redhawk", "Sørensen", "St. Clair", "Takahashi", "Tran", "Underhill",
        "Van der Meer", "Vasquez", "Wójcik", "Winterbourne", "Yamashiro", "Yardley", "Zapata",
    ],
};

#[rustfmt::skip]
const GB: Names = Names {
    feminine: &[
        "Aoife", "Bronwen", "Catrin", "Diya", "Eilidh", "Ffion", "Gwenllian", "Harriet", "Imogen",
        "Jaya", "Katarzyna", "Lowri", "Mairi", "Niamh", "Orla", "Philippa", "Quinta", "Rhiannon",
        "Siân", "Tamsin", "Ursula", "Verity", "Wren", "Yetunde", "Zainab", "Zoë",
    ],
    masculine: &[
        "Alasdair", "Bram", "Callum", "Dafydd", "Emlyn", "Fergus", "Gethin", "Hamza", "Iain",
        "Jean-Luc", "Kwame", "Lorcan", "Màrtainn", "Neil", "Oisín", "Piotr", "Rhodri", "Ruaridh",
        "Séamus", "Tobias", "Uchenna", "Vihaan", "Wilfred", "Yannis", "Zbigniew", "Zubair",
    ],
    last: &[
        "Adebayo", "Ap Rhys", "Armitage", "Blackwood", "Bowen-Jones", "Brathwaite", "Castell",
        "Chaudhry", "Cholmondeley", "D'Souza", "Dąbrowski", "Dunmore", "Evanson", "Fairweather",
        "Featherstonehaugh", "Gill", "Greenhalgh", "Hartwell", "Hughes-Roberts", "Iqbal", "Jessop",
        "Kaur", "Kowalczyk", "Lockwood", "MacGregor", "Mac an Bhaird", "Marlowe", "Nic Dhòmhnaill",
        "Norbury", "O'Connell", "Okafor", "Ó Briain", "Patel-Shaw", "Penhaligon", "Quayle",
        "Rosewarne", "Sandhu", "St John", "Thistlewood", "Trevelyan", "Uddin", "Vaughan", "Wójcik",
        "Wolstenholme", "Yardley",
    ],
};

/// Fictitious estate agencies, each with a label for a host name.
pub(super) static COMPANIES: [(&str, &str); 12] = [
    ("Alder & Finch", "alder-finch"),
    ("Beacon Row Homes", "beacon-row"),
    ("Copper Gate Property", "copper-gate"),
    ("Driftwood & Daughters", "driftwood"),
    ("Elm Court Realty", "elm-court"),
    ("Fernhill Residential", "fernhill"),
    ("Gannet Bay Homes", "gannet-bay"),
    ("Hearth & Harbour", "hearth-harbour"),
    ("Ironbridge Lettings", "ironbridge"),
    ("Juniper Key Realty", "juniper-key"),
    ("Lantern Street", "lantern-street"),
    ("Merle & Sons", "merle"),
];

/// The names of a country.
pub(super) fn names(country: Country) -> Names {
    match country {
        Country::Us => US,
        Country::Gb => GB,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::variation::ascii_name;
    use std::collections::BTreeSet;

    #[test]
    fn the_names_are_many_and_distinct() {
        for Names { feminine, masculine, last } in [US, GB] {
            let first: Vec<_> = feminine.iter().chain(masculine).collect();
            let last: Vec<_> = last.iter().collect();
            for names in [first, last] {
                assert!(names.len() >= 40, "{}", names.len());
                assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
                for sign in ['-', '\''] {
                    assert!(names.iter().any(|name| name.contains(sign)) || sign == '\'');
                }
                assert!(names.iter().any(|name| !name.is_ascii()));
            }
        }
    }

    #[test]
    fn every_letter_of_a_name_has_an_ascii_form() {
        for name in [US, GB].iter().flat_map(|n| n.feminine.iter().chain(n.masculine).chain(n.last))
        {
            let letters = name.chars().filter(|c| c.is_alphabetic() || *c == '-').count();
            assert_eq!(ascii_name(name).chars().count(), letters, "{name}");
        }
        assert_eq!(ascii_name("O'Shaughnessy"), "oshaughnessy");
        assert_eq!(ascii_name("García-López"), "garcia-lopez");
    }
}
