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
use crate::providers::flaw::PackError;
use crate::providers::pack::Pack;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// What varies in one payload, and what stays.
#[derive(Debug)]
pub(super) struct Rules<'p> {
    country: Country,
    vary: BTreeMap<&'p str, &'p Variation>,
    keep: &'p [String],
}

/// One place that varies, and how.
#[derive(Debug)]
struct Varied<'p> {
    place: Place,
    pattern: &'p str,
    variation: &'p Variation,
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
    fn places(&self, payload: &Value) -> Vec<Varied<'p>> {
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
                let mut dice = self.dice(place);
                serde_json::from_str(&self.piece(piece, place.item, &mut dice)).ok()
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
        let mut dice = self.dice(place);
        template.pieces().iter().map(|piece| self.piece(piece, place.item, &mut dice)).collect()
    }

    fn piece(&mut self, piece: &Piece, item: Option<usize>, dice: &mut Dice) -> String {
        match piece {
            Piece::Plain(text) => text.clone(),
            Piece::Word(Word { of, fact }) => self.person(&of.at(item)).fact(*fact),
            Piece::Chance(chance, None) => by_chance(*chance, dice),
            Piece::Chance(chance, Some(label)) => {
                let mut shared = Dice::new(self.seed, &format!("label {}", label.at(item)));
                by_chance(*chance, &mut shared)
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

/// Why a rule of `[vary]` or `keep` is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaryProblem {
    /// The event that it belongs to; none where it is the pack's.
    pub event: Option<String>,
    /// The variant that it belongs to, if it does.
    pub variant: Option<String>,
    /// The place as the pack has it.
    pub place: String,
    /// What is wrong with it, as the end of a sentence about the place.
    pub reason: &'static str,
}

impl fmt::Display for VaryProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` in `vary` or `keep`", self.place)?;
        match (&self.event, &self.variant) {
            (Some(event), Some(variant)) => write!(f, " of `{event}`, variant `{variant}`,")?,
            (Some(event), None) => write!(f, " of `{event}`")?,
            (None, _) => {}
        }
        write!(f, " {}", self.reason)
    }
}

const NOWHERE: &str = "is in no sample: expected a place that a sample or a variant has";
const TWICE: &str = "is a place that another rule varies too: expected one rule for it";
const NO_VALUE: &str = "holds a list or an object: expected a place with a single value";
const NO_TIME: &str = "holds no time: expected RFC 3339, `YYYY-MM-DD` or `HH:MM` in the sample";

/// One payload of a pack, by event and variant.
type Sample<'p> = (&'p EventFacts, Option<&'p str>, &'p Value);

/// Every rule of the pack that varies nothing, or what it cannot vary.
pub fn check_variations(pack: &Pack) -> Result<Vec<VaryProblem>, PackError> {
    let mut samples: Vec<Sample<'_>> = Vec::new();
    for event in &pack.provider.events {
        let variants = event.variant_names().map(Some);
        for variant in std::iter::once(None).chain(variants) {
            samples.push((event, variant, pack.sample(event, variant)?));
        }
    }
    let mut problems = Vec::new();
    for sample in &samples {
        problems.extend(unfit(&pack.provider, sample));
    }
    problems.extend(nowhere(&pack.provider, &samples));
    Ok(problems)
}

/// What the rules of one payload cannot do there.
fn unfit(provider: &Provider, &(event, variant, payload): &Sample<'_>) -> Vec<VaryProblem> {
    let problem = |place: &str, reason| VaryProblem {
        event: Some(event.name.clone()),
        variant: variant.map(str::to_owned),
        place: place.to_owned(),
        reason,
    };
    let places = Rules::of(provider, event, variant).places(payload);
    let mut problems = Vec::new();
    for pair in places.windows(2) {
        if let [first, second] = pair
            && first.place.position == second.place.position
        {
            problems.push(problem(second.pattern, TWICE));
        }
    }
    for varied in &places {
        let Some(value) = payload.pointer(&varied.place.pointer) else { continue };
        let wants_time = matches!(varied.variation, Variation::Time(_) | Variation::Listed(_));
        let has_time = || value.as_str().is_some_and(|text| Form::of(text).is_some());
        if value.is_array() || value.is_object() {
            problems.push(problem(varied.pattern, NO_VALUE));
        } else if wants_time && !value.is_null() && value != "" && !has_time() {
            problems.push(problem(varied.pattern, NO_TIME));
        }
    }
    problems
}

/// The rules whose places no sample of theirs has.
fn nowhere(provider: &Provider, samples: &[Sample<'_>]) -> Vec<VaryProblem> {
    let mut problems = Vec::new();
    let mut look = |patterns: &mut dyn Iterator<Item = &String>,
                    event: Option<&str>,
                    variant: Option<&str>| {
        for pattern in patterns {
            let found = samples.iter().any(|(facts, name, payload)| {
                event.is_none_or(|event| event == facts.name)
                    && (variant.is_none() || variant == *name)
                    && !pointer::expand(pattern, payload).is_empty()
            });
            if !found {
                problems.push(VaryProblem {
                    event: event.map(str::to_owned),
                    variant: variant.map(str::to_owned),
                    place: pattern.clone(),
                    reason: NOWHERE,
                });
            }
        }
    };
    look(&mut provider.vary.keys(), None, None);
    for event in &provider.events {
        look(&mut event.vary.keys(), Some(&event.name), None);
        for variant in &event.variants {
            let patterns = variant.vary.keys().chain(&variant.keep);
            look(&mut { patterns }, Some(&event.name), Some(&variant.name));
        }
    }
    problems
}
