//! A seed to another payload: something else in every place that the pack lets vary.

use crate::domain::provider::EventFacts;
use crate::domain::provider::Provider;
use crate::domain::variation::Chance;
use crate::domain::variation::Choice;
use crate::domain::variation::Country;
use crate::domain::variation::Piece;
use crate::domain::variation::Range;
use crate::domain::variation::Template;
use crate::domain::variation::Variation;
use crate::domain::variation::Word;
use crate::engine::dice::Dice;
use crate::engine::generate::moments::Form;
use crate::engine::generate::moments::Moments;
use crate::engine::generate::uuid;
use crate::engine::persona::Persona;
use crate::protocols::pointer;
use crate::protocols::pointer::Place;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// What varies in one payload, and what stays.
#[derive(Debug)]
pub(super) struct Rules<'p> {
    country: Country,
    vary: BTreeMap<&'p str, &'p Variation>,
    keep: &'p [String],
}

/// One place that varies, and how.
#[derive(Debug)]
pub(super) struct Varied<'p> {
    pub(super) place: Place,
    pub(super) pattern: &'p str,
    pub(super) variation: &'p Variation,
}

impl<'p> Rules<'p> {
    /// The rules of the pack, those of the event in their place, and those of the variant in theirs.
    pub(super) fn of(provider: &'p Provider, event: &'p EventFacts, variant: Option<&str>) -> Self {
        let variant = variant.and_then(|name| event.variant(name));
        let layers = [Some(&provider.vary), Some(&event.vary), variant.map(|facts| &facts.vary)];
        let rules = layers.into_iter().flatten().flatten();
        Self {
            country: provider.country,
            vary: rules.map(|(pattern, variation)| (pattern.as_str(), variation)).collect(),
            keep: variant.map_or(&[], |facts| facts.keep.as_slice()),
        }
    }

    /// Every place of `payload` that varies, in document order.
    pub(super) fn places(&self, payload: &Value) -> Vec<Varied<'p>> {
        let kept: Vec<_> =
            self.keep.iter().flat_map(|pattern| pointer::expand(pattern, payload)).collect();
        let stays =
            |place: &Place| kept.iter().any(|kept| place.position.starts_with(&kept.position));
        let mut places: Vec<_> = self
            .vary
            .iter()
            .flat_map(|(pattern, variation)| {
                pointer::expand(pattern, payload).into_iter().map(|place| Varied {
                    place,
                    pattern,
                    variation,
                })
            })
            .filter(|varied| !stays(&varied.place))
            .collect();
        places.sort_by(|a, b| a.place.cmp(&b.place));
        places
    }
}

/// Puts something else in every place that the rules name; the same for the same seed and time.
pub(super) fn vary(payload: &mut Value, rules: &Rules<'_>, seed: u64, now: Timestamp) {
    let mut maker = Maker {
        seed,
        country: rules.country,
        people: BTreeMap::new(),
        moments: Moments::new(seed, now),
    };
    for varied in rules.places(payload) {
        let Some(value) = payload.pointer_mut(&varied.place.pointer) else { continue };
        // An unset value stays, and so does what is no single value: the sample says that on purpose.
        if value.is_null() || value == "" || value.is_array() || value.is_object() {
            continue;
        }
        if let Some(made) = maker.make(&varied, value) {
            *value = made;
        }
    }
}

/// Makes the values of one payload.
struct Maker {
    seed: u64,
    country: Country,
    people: BTreeMap<String, Persona>,
    moments: Moments,
}

impl Maker {
    /// The value of one place; none where the sample has no form to follow.
    fn make(&mut self, varied: &Varied<'_>, sample: &Value) -> Option<Value> {
        let place = &varied.place;
        match varied.variation {
            Variation::Text(template) => Some(self.text(template, place).into()),
            Variation::OneOf(choices) => match self.choice(choices, varied)? {
                Choice::Text(template) => Some(self.text(template, place).into()),
                Choice::Plain(value) => Some(value.clone()),
            },
            Variation::Number(range) => number(*range, &mut self.dice(place)),
            Variation::NumberOf(piece) => {
                serde_json::from_str(&self.piece(piece, place, &mut None)).ok()
            }
            Variation::Time(when) => {
                let form = Form::of(sample.as_str()?)?;
                let mut dice = self.dice(place);
                Some(self.moments.next(*when, &form, &mut dice).into())
            }
            Variation::Listed(name) => {
                let form = Form::of(sample.as_str()?)?;
                let days = self.person(&name.at(place.item)).days_listed();
                Some(self.moments.days_ago(days, &form).into())
            }
        }
    }

    /// Each place has its own dice: varying one more place leaves all others as they were.
    fn dice(&self, place: &Place) -> Dice {
        Dice::new(self.seed, &place.pointer)
    }

    fn person(&mut self, name: &str) -> &Persona {
        let (seed, country) = (self.seed, self.country);
        self.people.entry(name.to_owned()).or_insert_with(|| Persona::new(seed, country, name))
    }

    fn choice<'c>(&self, choices: &'c [Choice], varied: &Varied<'_>) -> Option<&'c Choice> {
        let place = &varied.place;
        // The items of one list take turns, so that no two are alike while there are enough.
        let index = match (varied.pattern.strip_suffix("/*"), place.item) {
            (Some(_), Some(item)) => {
                let list = place.pointer.rsplit_once('/').map_or("", |(list, _)| list);
                Dice::new(self.seed, &format!("{list}/*")).index(choices.len()) + item
            }
            _ => self.dice(place).index(choices.len()),
        };
        choices.get(index % choices.len())
    }

    fn text(&mut self, template: &Template, place: &Place) -> String {
        let mut dice = None;
        template.pieces().iter().map(|piece| self.piece(piece, place, &mut dice)).collect()
    }

    /// `dice` are those of the place, once something asks for them: most templates never do.
    fn piece(&mut self, piece: &Piece, place: &Place, dice: &mut Option<Dice>) -> String {
        match piece {
            Piece::Plain(text) => text.clone(),
            Piece::Word(Word { of, fact }) => self.person(&of.at(place.item)).fact(*fact),
            Piece::Chance(chance, None) => {
                by_chance(*chance, dice.get_or_insert_with(|| self.dice(place)))
            }
            Piece::Chance(chance, Some(label)) => {
                let label = format!("label {}", label.at(place.item));
                by_chance(*chance, &mut Dice::new(self.seed, &label))
            }
        }
    }
}

fn by_chance(chance: Chance, dice: &mut Dice) -> String {
    let digit = |least: u64, sides: u64, dice: &mut Dice| {
        u32::try_from(least + dice.below(sides)).ok().and_then(|digit| char::from_digit(digit, 16))
    };
    match chance {
        Chance::Uuid => uuid(dice),
        Chance::Hex(count) => (0..count).filter_map(|_| digit(0, 16, dice)).collect(),
        Chance::Digits(count) => {
            let first = digit(1, 9, dice);
            first.into_iter().chain((1..count).filter_map(|_| digit(0, 10, dice))).collect()
        }
    }
}

/// A number of a range. It is made of whole numbers and read back, so that every machine prints it
/// alike.
fn number(range: Range, dice: &mut Dice) -> Option<Value> {
    let sides = range.most.abs_diff(range.least) + 1;
    let at = range.least + i64::try_from(dice.below(sides)).ok()?;
    if range.decimals == 0 {
        return Some(at.into());
    }
    let unit = 10_u64.pow(range.decimals);
    let (sign, of) = (if at < 0 { "-" } else { "" }, at.unsigned_abs());
    let width = range.decimals as usize;
    serde_json::from_str(&format!("{sign}{}.{:0width$}", of / unit, of % unit)).ok()
}
