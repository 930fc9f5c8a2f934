//! Real towns with their state, postcode, area code and coordinates, and fictitious streets.

use crate::domain::variation::Country;
use crate::engine::seeded_rng::SeededRng;

/// A region in which one estate agency works.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) name: &'static str,
    /// Two letters, or the name of the county.
    pub(super) state: &'static str,
    /// The area code of its telephone numbers, if numbers are reserved by area.
    pub(super) area_code: &'static str,
    pub(super) towns: [Town; 3],
}

/// A town of a region.
#[derive(Debug)]
pub(super) struct Town {
    pub(super) name: &'static str,
    /// The zip code, or the first half of the postcode.
    code: &'static str,
    /// In ten-thousandths of a degree.
    pub(super) latitude: i64,
    pub(super) longitude: i64,
}

const fn town(name: &'static str, code: &'static str, latitude: i64, longitude: i64) -> Town {
    Town { name, code, latitude, longitude }
}

const fn us(
    name: &'static str,
    state: &'static str,
    area_code: &'static str,
    towns: [Town; 3],
) -> Region {
    Region { name, state, area_code, towns }
}

const fn gb(name: &'static str, state: &'static str, towns: [Town; 3]) -> Region {
    Region { name, state, area_code: "", towns }
}

#[rustfmt::skip]
static US: [Region; 12] = [
    us("Windward Oahu", "HI", "808", [town("Kailua", "96734", 213_970, -1_577_400), town("Kaneohe", "96744", 214_180, -1_578_040), town("Laie", "96762", 216_450, -1_579_250)]),
    us("East County", "CA", "619", [town("La Mesa", "91942", 327_830, -1_170_150), town("El Cajon", "92020", 327_950, -1_169_630), town("Chula Vista", "91910", 326_400, -1_170_670)]),
    us("Central Texas", "TX", "512", [town("Round Rock", "78664", 305_080, -976_790), town("Georgetown", "78626", 306_330, -976_770), town("Kyle", "78640", 299_890, -978_770)]),
    us("Tampa Bay", "FL", "813", [town("Brandon", "33511", 279_380, -822_860), town("Plant City", "33563", 280_190, -821_130), town("Lutz", "33549", 281_510, -824_610)]),
    us("Front Range", "CO", "303", [town("Arvada", "80002", 398_030, -1_050_870), town("Littleton", "80120", 396_130, -1_050_170), town("Golden", "80401", 397_560, -1_052_210)]),
    us("The Triangle", "NC", "919", [town("Cary", "27511", 357_920, -787_810), town("Apex", "27502", 357_330, -788_500), town("Wake Forest", "27587", 359_800, -785_100)]),
    us("Eastside", "WA", "425", [town("Bellevue", "98004", 476_100, -1_222_010), town("Kirkland", "98033", 476_770, -1_222_060), town("Redmond", "98052", 476_740, -1_221_220)]),
    us("Central Ohio", "OH", "614", [town("Dublin", "43017", 400_990, -831_140), town("Westerville", "43081", 401_260, -829_290), town("Hilliard", "43026", 400_330, -831_590)]),
    us("East Valley", "AZ", "480", [town("Mesa", "85201", 334_150, -1_118_310), town("Chandler", "85225", 333_060, -1_118_410), town("Gilbert", "85234", 333_530, -1_117_890)]),
    us("MetroWest", "MA", "508", [town("Framingham", "01701", 422_790, -714_160), town("Natick", "01760", 422_830, -713_490), town("Ashland", "01721", 422_610, -714_630)]),
    us("Northwest Georgia", "GA", "770", [town("Marietta", "30060", 339_530, -845_500), town("Roswell", "30075", 340_230, -843_620), town("Woodstock", "30188", 341_010, -845_190)]),
    us("East Metro", "MN", "651", [town("Woodbury", "55125", 449_240, -929_590), town("Eagan", "55121", 448_040, -931_670), town("Stillwater", "55082", 450_560, -928_060)]),
];

#[rustfmt::skip]
static GB: [Region; 12] = [
    gb("Oxfordshire", "Oxfordshire", [town("Headington", "OX3", 517_600, -12_120), town("Abingdon", "OX14", 516_710, -12_830), town("Witney", "OX28", 517_860, -14_850)]),
    gb("Fenland", "Cambridgeshire", [town("Ely", "CB7", 523_990, 2_630), town("March", "PE15", 525_510, 880), town("St Ives", "PE27", 523_230, -760)]),
    gb("South Devon", "Devon", [town("Exeter", "EX1", 507_240, -35_160), town("Totnes", "TQ9", 504_320, -36_840), town("Tavistock", "PL19", 505_500, -41_440)]),
    gb("Wharfedale", "West Yorkshire", [town("Otley", "LS21", 539_050, -16_910), town("Ilkley", "LS29", 539_250, -18_220), town("Headingley", "LS6", 538_190, -15_800)]),
    gb("South Manchester", "Greater Manchester", [town("Altrincham", "WA14", 533_870, -23_490), town("Stockport", "SK4", 534_160, -21_790), town("Sale", "M33", 534_250, -23_240)]),
    gb("Norwich and around", "Norfolk", [town("Norwich", "NR2", 526_280, 12_830), town("Wymondham", "NR18", 525_700, 11_160), town("Diss", "IP22", 523_770, 11_080)]),
    gb("North Kent", "Kent", [town("Whitstable", "CT5", 513_610, 10_250), town("Faversham", "ME13", 513_150, 8_890), town("Canterbury", "CT1", 512_800, 10_800)]),
    gb("The Vale", "Vale of Glamorgan", [town("Penarth", "CF64", 514_390, -31_740), town("Cowbridge", "CF71", 514_610, -34_480), town("Barry", "CF62", 514_000, -32_840)]),
    gb("The Lothians", "Midlothian", [town("Dalkeith", "EH22", 558_930, -30_680), town("Penicuik", "EH26", 558_310, -32_240), town("Bonnyrigg", "EH19", 558_740, -31_050)]),
    gb("North Down", "County Down", [town("Bangor", "BT20", 546_640, -56_680), town("Holywood", "BT18", 546_380, -58_250), town("Newtownards", "BT23", 545_910, -56_930)]),
    gb("The Cotswolds", "Gloucestershire", [town("Stroud", "GL5", 517_450, -22_180), town("Tetbury", "GL8", 516_380, -21_600), town("Cheltenham", "GL50", 518_990, -20_780)]),
    gb("West Cornwall", "Cornwall", [town("Penzance", "TR18", 501_190, -55_370), town("Hayle", "TR27", 501_860, -54_190), town("Truro", "TR1", 502_630, -50_510)]),
];

/// Streets that are rare or nonexistent in the United States.
#[rustfmt::skip]
const US_STREETS: [&str; 16] = [
    "Alder Loop", "Bluff Bend", "Cinder Lane", "Driftwood Way", "Ember Court", "Fern Hollow Dr",
    "Gull Point Blvd", "Heron Walk", "Ivy Crest Ave", "Juniper Rise", "Kestrel Drive",
    "Larkspur Road", "Millrace St", "N Quarry Pl", "Otter Trail", "St. Brendan's Way",
];

/// Streets that are rare or nonexistent in the United Kingdom.
#[rustfmt::skip]
const GB_STREETS: [&str; 16] = [
    "Alder Row", "Bramble Mews", "Cinder Close", "Dovecote Lane", "Ember Terrace", "Fernhill Gardens",
    "Gorse Avenue", "Heron Walk", "Ivy Crescent", "Juniper Rise", "Kingfisher Drive",
    "Larkspur Gardens", "Merchant's Yard", "Old Rectory Road", "St Brannoc's Hill", "Thimble Lane",
];

/// Returns the regions of a country.
pub(super) fn regions(country: Country) -> &'static [Region; 12] {
    match country {
        Country::Us => &US,
        Country::Gb => &GB,
    }
}

/// Returns the streets of a country.
pub(super) fn streets(country: Country) -> &'static [&'static str] {
    match country {
        Country::Us => &US_STREETS,
        Country::Gb => &GB_STREETS,
    }
}

/// Returns the zip code of a town, or a postcode in it that is hardly ever assigned.
pub(super) fn postcode(country: Country, town: &Town, rng: &mut SeededRng) -> String {
    match country {
        Country::Us => town.code.to_owned(),
        Country::Gb => {
            let letters = rng.pick(&["XX", "XY", "XZ", "YX", "YY", "YZ", "ZX", "ZY", "ZZ"]);
            format!("{} {}{letters}", town.code, rng.number_below(10))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_towns_are_many_and_distinct() {
        for country in [Country::Us, Country::Gb] {
            let towns: Vec<_> = regions(country).iter().flat_map(|region| &region.towns).collect();
            let distinct: BTreeSet<_> = towns.iter().map(|town| (town.name, town.code)).collect();
            assert!(distinct.len() >= 30 && distinct.len() == towns.len());
        }
    }

    #[test]
    fn codes_have_the_format_of_their_country() {
        for region in &US {
            assert!(region.state.len() == 2 && region.area_code.len() == 3, "{region:?}");
            for town in &region.towns {
                assert!(town.code.len() == 5 && town.code.bytes().all(|b| b.is_ascii_digit()));
            }
        }
        let mut rng = SeededRng::new(7, "postcodes");
        for town in GB.iter().flat_map(|region| &region.towns) {
            let code = postcode(Country::Gb, town, &mut rng);
            assert!((6..=8).contains(&code.len()) && code.contains(' '), "{code}");
        }
    }

    #[test]
    fn towns_of_one_region_are_close_together() {
        for region in US.iter().chain(&GB) {
            for pair in region.towns.windows(2) {
                let distance = |at: fn(&Town) -> i64| (at(&pair[0]) - at(&pair[1])).abs();
                let near = distance(|town| town.latitude) < 7_000
                    && distance(|town| town.longitude) < 9_000;
                assert!(near, "{}", region.name);
            }
        }
    }
}
